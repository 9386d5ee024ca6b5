"""Checkpoints of objects: what is saved, how it is found again, and which files there are."""
