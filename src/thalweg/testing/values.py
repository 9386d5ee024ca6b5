"""Values as test cases compare them."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

import thalweg as tf
from thalweg.compat import v1


def evaluated(tensor: Any) -> Any:
    """What a tensor, or what is made of tensors, is outside TensorFlow."""
    if tensor is None:
        return None
    if isinstance(tensor, tf.IndexedSlices):
        return v1.convert_to_tensor(tensor).numpy()
    if isinstance(tensor, tf.SparseTensor):
        return v1.SparseTensorValue(tensor.indices.numpy(), tensor.values.numpy(), tensor.dense_shape.numpy())
    if isinstance(tensor, tf.RaggedTensor):
        return v1.ragged.RaggedTensorValue(evaluated(tensor.values), tensor.row_splits.numpy())
    if not hasattr(tensor, "numpy"):
        raise ValueError(f"Unsupported type '{type(tensor).__name__}'.")
    return tensor.numpy()


def nested(value: Any) -> bool:
    """Whether a list has others, or arrays, in it."""
    return any(isinstance(v, (list, tuple, Mapping, tf.RaggedTensor, np.ndarray)) or tf.is_tensor(v) for v in value)


def holds_tensors(value: Any) -> bool:
    """Whether a list has tensors in it, however deep."""
    return isinstance(value, (list, tuple)) and any(
        tf.is_tensor(v) or isinstance(v, tf.Variable) or holds_tensors(v) for v in value)


def as_bytes(array: Any) -> Any:
    """An array of text as one of bytes."""
    flat = [x.encode() if isinstance(x, str) else x for x in array.ravel().tolist()]
    return np.array(flat).reshape(array.shape)


def found(pattern: str, error: Any, text: str) -> bool:
    """Whether a pattern is in the text of an error or in the name of the node that it comes from."""
    op = getattr(error, "op", None)
    while op is not None:
        text += f"\nCaused by: {op.name}"
        op = getattr(op, "_original_op", None)
    return re.search(pattern, text) is not None
