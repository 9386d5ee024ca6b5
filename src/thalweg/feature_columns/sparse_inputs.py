"""Features as sparse tensors, and the lengths of sequences in them."""
from __future__ import annotations

from typing import Any

import thalweg as tf


def is_sparse(x: Any) -> bool:
    """Whether it is a sparse tensor."""
    return isinstance(x, tf.SparseTensor)


def tensor_or_sparse(x: Any) -> Any:
    """A value as a tensor, or as a sparse one if it is one."""
    return tf.compat.v1.convert_to_tensor_or_sparse_tensor(x)


def to_sparse(x: Any, ignored: Any = None) -> Any:
    """The elements of a tensor other than `ignored` as a sparse tensor; a sparse tensor as it is.

    Unless told otherwise, empty strings, integers -1 and floating-point zeros are missing values.
    """
    x = tensor_or_sparse(x)
    if is_sparse(x):
        return x
    with tf.name_scope("to_sparse_input"):
        if ignored is None:
            ignored = "" if x.dtype == tf.string else -1 if x.dtype.is_integer else 0
        indices = tf.where(tf.not_equal(x, tf.cast(ignored, x.dtype)), name="indices")
        return tf.SparseTensor(indices, tf.gather_nd(x, indices, name="values"),
                               tf.shape(x, tf.int64, name="dense_shape"))


def sequence_length(sp: Any, num_elements: int = 1) -> Any:
    """How many steps each row of a sparse tensor has, int64: up to its last element, of which a step has `num_elements`."""
    with tf.name_scope("sequence_length"):
        rows, columns = sp.indices[:, 0], sp.indices[:, 1]
        lengths = tf.math.segment_max(columns + 1, rows)
        lengths = tf.cast(tf.math.ceil(lengths / num_elements), tf.int64)
        # Rows behind the last one with elements have no segment.
        missing = tf.cast(sp.dense_shape[0], tf.int32) - tf.shape(lengths)[0]
        return tf.concat([lengths, tf.zeros(missing[None], tf.int64)], 0)
