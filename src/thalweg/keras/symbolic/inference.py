"""The shapes and dtypes that a function returns, learnt by running it on small stand-ins."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import thalweg as tf

from .keras_tensor import KerasTensor

# Two trials differ in every unknown size; what differs between their outputs is unknown too. The first axis is
# mostly the batch, which may be small; an unknown size elsewhere must bear windows and strides.
_TRIALS = ((2, 83), (3, 89))


def output_spec(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], owner: Any = None) -> Any:
    """Symbolic tensors of the shapes and dtypes that `function` returns for arguments with symbolic tensors in them.

    Args:
      function: what to call; it is called once, or twice where a size is unknown.
      args: its positional arguments.
      kwargs: its keyword arguments.
      owner: the layer whose state the calls must leave as it was.
    """
    unknown = any(None in x.shape for x in tf.nest.flatten((args, kwargs)) if isinstance(x, KerasTensor))
    first = _trial(function, args, kwargs, _TRIALS[0], owner)
    if not unknown:
        return tf.nest.map_structure(_spec, first)
    return tf.nest.map_structure(_spec, first, _trial(function, args, kwargs, _TRIALS[1], owner))


def _trial(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], sizes: tuple[int, int],
           owner: Any) -> Any:
    def stand_in(x: Any) -> Any:
        if not isinstance(x, KerasTensor):
            return x
        shape = [size if size is not None else sizes[axis > 0] for axis, size in enumerate(x.shape)]
        if x.dtype == "string":
            return tf.fill(shape, "")
        dtype = tf.as_dtype(x.dtype)
        return tf.ones(shape, dtype) if dtype.is_floating else tf.zeros(shape, dtype)

    from ..layers.context import unknown_batch

    open_batch = any(x.shape[:1] == (None,) for x in tf.nest.flatten((args, kwargs)) if isinstance(x, KerasTensor))
    with tf.init_scope():  # A function that is being traced must not take over what the trial does.
        before = [(v, tf.convert_to_tensor(v)) for v in getattr(owner, "variables", ())]
    try:
        with tf.init_scope(), unknown_batch(sizes[0] if open_batch else None):
            return function(*tf.nest.map_structure(stand_in, args), **tf.nest.map_structure(stand_in, kwargs))
    finally:
        with tf.init_scope():
            for variable, value in before:
                if tf.convert_to_tensor(variable) is not value:
                    variable.assign(value)
        if owner is not None and hasattr(owner, "_clear_losses"):
            owner._clear_losses()


def _spec(first: Any, second: Any = None) -> Any:
    if not tf.is_tensor(first) and not isinstance(first, np.ndarray):
        return first
    shape = tuple(first.shape)
    if second is not None:
        shape = tuple(a if a == b else None for a, b in zip(shape, tuple(second.shape), strict=True))
    return KerasTensor(shape, dtype=first.dtype.name)
