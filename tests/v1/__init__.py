"""Tests of TensorFlow 1's names."""
FAMILIES = ("columns", "layers", "losses", "metrics", "rnn", "sampling", "train")
"""The files of programs that are compared with TensorFlow, see `programs.py`."""
