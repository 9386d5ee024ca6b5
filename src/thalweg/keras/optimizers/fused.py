"""Whole updates as one op each: TensorFlow's ResourceApply* ops, which read and write every array once.

Where the ops are not to be had, and for gradients by rows, optimizers write the same formulas in single operations.
"""
from __future__ import annotations

from functools import cache
from typing import Any

import thalweg as tf


@cache
def _op(name: str) -> Any:
    return getattr(getattr(tf, "raw_ops", None), name, None)


def usable(name: str, variable: Any, gradient: Any) -> bool:
    """Whether the op can move this variable along this gradient."""
    return _op(name) is not None and hasattr(variable, "handle") and not isinstance(gradient, tf.IndexedSlices)


def apply(name: str, variables: dict[str, Any], **inputs: Any) -> None:
    """Runs an op on variables and other inputs, both by the names of the op's arguments."""
    _op(name)(**{argument: variable.handle for argument, variable in variables.items()}, **inputs)
