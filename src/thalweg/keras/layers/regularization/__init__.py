"""Layers that disturb their input during training, or penalize it."""
