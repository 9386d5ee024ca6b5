"""Tests of TensorFlow 1's names."""
FAMILIES = ("layers", "losses", "rnn")
"""The files of programs that are compared with TensorFlow, see `programs.py`."""
