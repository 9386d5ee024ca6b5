"""What is known before a graph runs: shapes, ranks and conditions, decided at once where they can be."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf


def shape_of(x: tf.Tensor) -> Any:
    """The shape as a list of ints where it is known, else as a tensor."""
    return x.shape.as_list() if x.shape.is_fully_defined() else tf.shape(x)


def rank_of(x: tf.Tensor) -> Any:
    """The rank as an int where it is known, else as a tensor."""
    return tf.rank(x) if x.shape.rank is None else x.shape.rank


def dim_of(x: tf.Tensor, axis: Any) -> Any:
    """The size of an axis as an int where it is known, else as a tensor."""
    known = x.shape[axis] if x.shape.rank is not None and isinstance(axis, int) else None
    return tf.shape(x)[axis] if known is None else known


def when(condition: Any, then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """One of two values. Only a condition that is a tensor of a graph makes a `tf.cond`."""
    known = tf.get_static_value(condition) if isinstance(condition, tf.Tensor) else condition
    if known is None:
        return tf.cond(condition, then, otherwise)
    return then() if known else otherwise()


def positive_axis(axis: Any, rank: Any) -> Any:
    """An axis counted from the front."""
    if isinstance(axis, tf.Tensor):
        return tf.where(axis < 0, axis + rank, axis)
    return axis + rank if axis < 0 else axis


def common_shape(tensors: list[tf.Tensor]) -> Any:
    """The shape that tensors broadcast to."""
    if all(x.shape.is_fully_defined() for x in tensors):
        shape = tensors[0].shape
        for x in tensors[1:]:
            shape = tf.broadcast_static_shape(shape, x.shape)
        return shape.as_list()
    shape = tf.shape(tensors[0])
    for x in tensors[1:]:
        shape = tf.broadcast_dynamic_shape(shape, tf.shape(x))
    return shape


def broadcast(*tensors: tf.Tensor) -> list[Any]:
    """Tensors broadcast against each other."""
    if len(tensors) <= 1:
        return list(tensors)
    shape = common_shape(list(tensors))
    out = [tf.broadcast_to(x, shape) for x in tensors]
    if not isinstance(shape, list):
        static = tensors[0].shape
        for x in tensors[1:]:
            static = tf.broadcast_static_shape(static, x.shape)
        for x in out:
            x.set_shape(static)
    return out
