"""Whole updates as one op each: TensorFlow's ResourceApply* ops, which read and write every array once.

Small variables are moved as fast by the single operations of the formula, which optimizers write out beside, since
gradients by rows need them anyway.
"""
from __future__ import annotations

from functools import lru_cache
from typing import Any

import thalweg as tf

from ..types import Tensor

_SMALL = 1 << 14
"""Up to this many elements single operations are as fast."""


def usable(variable: Any, gradient: Any) -> bool:
    """Whether a fused op is the way to move this variable along this gradient."""
    if isinstance(gradient, tf.IndexedSlices):
        return False
    return not tf.executing_eagerly() or (variable.shape.num_elements() or 0) > _SMALL


def apply(name: str, variables: dict[str, Any], dtype: Any, **inputs: Any) -> None:
    """Runs an op.

    Args:
      name: the type of the op.
      variables: the variables, by the names of the op's arguments.
      dtype: of the variables.
      **inputs: the other arguments: tensors, numbers, booleans.
    """
    for argument, value in inputs.items():
        if type(value) is float:
            inputs[argument] = _number(value, dtype) if tf.executing_eagerly() else tf.constant(value, dtype)
    getattr(tf.raw_ops, name)(**variables, **inputs)


@lru_cache(maxsize=256)
def _number(value: float, dtype: Any) -> Tensor:
    return tf.constant(value, dtype)
