"""Layers that attend: weighted means of values, by how well queries and keys agree."""
