"""Bytes that other programs read and write: messages, files."""
