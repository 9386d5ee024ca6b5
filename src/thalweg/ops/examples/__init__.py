"""Serialised examples as tensors."""
