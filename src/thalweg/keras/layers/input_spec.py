"""`InputSpec`: what a layer demands of the shape and dtype of its input."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import thalweg as tf

from ..config import standardize_dtype
from ..symbolic.keras_tensor import standardize_shape
from ..types import Config


class InputSpec:
    """The rank, shape and dtype that an input of a layer must have.

    Args:
      dtype: name of a dtype, or None for any.
      shape: sizes with the batch, None for any size.
      ndim: number of dimensions.
      max_ndim: greatest number of dimensions.
      min_ndim: smallest number of dimensions.
      axes: sizes of certain axes, `{-1: 4}`.
      allow_last_axis_squeeze: whether a last axis of size 1 may be missing or surplus.
      name: the key of the input in a dict.
      optional: whether the input may be None.

    Raises:
      TypeError: `axes` is no dict with integer keys.
      ValueError: an axis lies beyond the number of dimensions.
    """

    def __init__(self, dtype: Any = None, shape: Any = None, ndim: int | None = None, max_ndim: int | None = None,
                 min_ndim: int | None = None, axes: Mapping[Any, int | None] | None = None,
                 allow_last_axis_squeeze: bool = False, name: str | None = None, optional: bool = False) -> None:
        self.dtype = None if dtype is None else standardize_dtype(dtype)
        self.shape = None if shape is None else standardize_shape(shape)
        self.ndim = ndim if self.shape is None else len(self.shape)
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.name = name
        self.optional = optional
        self.allow_last_axis_squeeze = allow_last_axis_squeeze
        try:
            self.axes = {int(k): (axes or {})[k] for k in axes or {}}
        except (ValueError, TypeError):
            raise TypeError(f"Argument `axes` must be a dict with integer keys. Received: axes={axes}") from None
        if self.axes and (self.ndim is not None or self.max_ndim is not None):
            greatest = (self.ndim or self.max_ndim or 0) - 1
            if max(self.axes) > greatest:
                raise ValueError(f"Axis {max(self.axes)} is greater than the maximum allowed value: {greatest}")

    def __repr__(self) -> str:
        names = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        return f"InputSpec({', '.join(f'{n}={getattr(self, n)}' for n in names if getattr(self, n))})"

    def get_config(self) -> Config:
        return {"dtype": self.dtype, "shape": self.shape, "ndim": self.ndim, "max_ndim": self.max_ndim,
                "min_ndim": self.min_ndim, "axes": self.axes, "optional": self.optional}

    @classmethod
    def from_config(cls, config: Config) -> InputSpec:
        return cls(**config)


def assert_input_compatibility(input_spec: Any, inputs: Any, layer_name: str) -> None:
    """Checks a layer's inputs against its specification.

    Raises:
      ValueError: a wrong number of inputs, or one of a wrong shape or dtype.
    """
    if not input_spec:
        return
    specs = tf.nest.flatten(input_spec)
    if isinstance(inputs, dict):
        inputs = _by_name(specs, inputs)
    given = tf.nest.flatten(inputs)
    if len(given) != len(specs):
        names = [spec.name for spec in specs if spec is not None]
        if len(names) == len(specs) and all(names):
            keys = ", ".join(f"'{n}': ..." for n in names)
            raise ValueError(f'Layer "{layer_name}" expects {len(specs)} named input(s) with keys {names}, but it '
                             f"received {len(given)} input tensors. Pass inputs as a dict, e.g. `layer({{{keys}}})`.")
        raise ValueError(f'Layer "{layer_name}" expects {len(specs)} input(s), but it received {len(given)} input '
                         f"tensors. Inputs received: {given}")
    for index, (x, spec) in enumerate(zip(given, specs, strict=True)):
        if spec is not None and not (x is None and spec.optional):
            _check(x, spec, index, layer_name)


def _by_name(specs: list[InputSpec], inputs: dict[str, Any]) -> Any:
    names = [spec.name for spec in specs if spec is not None]
    if len(names) != len(specs) or not all(names):
        return inputs
    for name in names:
        if name not in inputs:
            raise ValueError(f'Missing data for input "{name}". You passed a data dictionary with keys '
                             f"{list(inputs.keys())}. Expected the following keys: {names}")
    return [inputs[name] for name in names if name is not None]


def _check(x: Any, spec: InputSpec, index: int, layer_name: str) -> None:
    if not hasattr(x, "shape"):
        raise ValueError(f"Inputs to a layer should be tensors. Got '{x}' (of type {type(x)}) as input for layer "
                         f"'{layer_name}'.")
    shape = standardize_shape(x.shape)
    ndim = len(shape)

    def complain(text: str) -> ValueError:
        return ValueError(f"Input {index} with name '{spec.name}' of layer '{layer_name}' is incompatible with the "
                          f"layer: {text}")

    if spec.ndim is not None and not spec.allow_last_axis_squeeze and ndim != spec.ndim:
        raise complain(f"expected ndim={spec.ndim}, found ndim={ndim}. Full shape received: {shape}")
    if spec.max_ndim is not None and ndim > spec.max_ndim:
        raise complain(f"expected max_ndim={spec.max_ndim}, found ndim={ndim}")
    if spec.min_ndim is not None and ndim < spec.min_ndim:
        raise complain(f"expected min_ndim={spec.min_ndim}, found ndim={ndim}. Full shape received: {shape}")
    if spec.dtype is not None and standardize_dtype(x.dtype) != spec.dtype:
        raise complain(f"expected dtype={spec.dtype}, found dtype={standardize_dtype(x.dtype)}")
    for axis, size in spec.axes.items():
        if size is not None and shape[axis] not in (size, None):
            raise complain(f"expected axis {axis} of input shape to have value {size}, but received input with shape "
                           f"{shape}")
    if spec.shape is not None:
        wanted = spec.shape
        if spec.allow_last_axis_squeeze:
            shape = shape[:-1] if shape and shape[-1] == 1 else shape
            wanted = wanted[:-1] if wanted and wanted[-1] == 1 else wanted
        for a, b in zip(wanted, shape, strict=False):
            if a is not None and b is not None and a != b:
                raise complain(f"expected shape={spec.shape}, found shape={shape}")
