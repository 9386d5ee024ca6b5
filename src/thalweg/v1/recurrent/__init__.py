"""Recurrent networks of TensorFlow 1: cells, and functions that walk along sequences with one."""
