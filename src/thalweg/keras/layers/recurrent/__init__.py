"""Layers that walk along sequences."""
