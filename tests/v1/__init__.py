"""Tests of TensorFlow 1's names."""
FAMILIES = ("losses",)
"""The files of programs that are compared with TensorFlow, see `programs.py`."""
