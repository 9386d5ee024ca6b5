"""Ragged tensors: tensors with dimensions whose slices differ in length.

A ragged tensor is a tensor of values and, for each ragged dimension, a *row partition* that says which values belong to
which row. Every operation here is composed of operations on these tensors; none knows more than that.
"""
from . import types as types  # whoever comes to a ragged tensor finds its operators installed
