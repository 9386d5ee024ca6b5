"""Layers that resize, crop and distort images, most of them in training alone."""
