"""Layers that models begin with, and dense ones."""
