"""The switch that makes tensors themselves follow NumPy: operators that promote, NumPy's methods, NumPy's indexing.

Nothing of it is there before the switch is thrown, so tensors pay nothing for it.
"""
from __future__ import annotations

import functools
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

import thalweg as tf

from ..core.context import ctx
from ..core.tensor import EagerTensor
from . import arithmetic, elementwise, indexing, linear_algebra, reductions, shapes
from .promotion import Settings, result_type

_Operator = Callable[[Any, Any], Any]

_BINARY = ("add", "sub", "mul", "truediv", "div", "floordiv", "mod", "pow", "matmul", "and", "or", "xor")
_COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne")
_MODES = ("off", "legacy")
_PROMOTED = (tf.Tensor, np.ndarray, np.generic, numbers.Number, list, tuple)
"""What an operator promotes. Anything else (a variable, a ragged tensor) stands beside a tensor as it did before."""

_strict: dict[tuple[type, str], _Operator] = {}
"""The operators as they were before the switch."""


def _stays(x: Any, y: Any) -> bool:
    """Whether both have the same dtype, or `y` is a Python number that takes that of `x`."""
    if isinstance(y, tf.Tensor):
        same: bool = x.dtype == y.dtype
        return same
    kind = type(y)
    if kind is float:
        return bool(x.dtype.is_floating or x.dtype.is_complex) and not Settings.prefer_float32
    return kind is int and bool(x.dtype.is_floating or x.dtype.is_complex)


def _promoted(x: Any, dtype: Any) -> Any:
    return tf.cast(x, dtype) if isinstance(x, tf.Tensor) else tf.convert_to_tensor(x, dtype)


def _promoting(strict: _Operator) -> _Operator:
    """An operator whose two sides meet in the dtype that NumPy promotes them to."""
    @functools.wraps(strict)
    def operator(x: Any, y: Any) -> Any:
        if _stays(x, y) or not isinstance(y, _PROMOTED):
            return strict(x, y)
        try:
            dtype = result_type(x, y)
            left, right = _promoted(x, dtype), _promoted(y, dtype)
        except (TypeError, ValueError):
            return strict(x, y)
        return getattr(type(left), strict.__name__)(left, right) if type(left) is not type(x) else strict(left, right)
    return operator


def _equality(strict: _Operator) -> _Operator:
    """`==` or `!=`: in a TensorFlow 1 graph these compare the objects, so nothing may be converted before."""
    promoting = _promoting(strict)

    @functools.wraps(strict)
    def operator(x: Any, y: Any) -> Any:
        if ctx.graph is not None and not getattr(ctx.graph, "building_function", True):
            return strict(x, y)
        return promoting(x, y)
    return operator


def _matmul(x: Any, y: Any) -> Any:
    return linear_algebra.matmul(x, y)


def _of_variable(name: str) -> _Operator:
    def operator(self: Any, other: Any) -> Any:
        value = self.value()
        return getattr(type(value), name)(value, other)
    return operator


def _remember() -> None:
    if _strict:
        return
    names = [f"__{n}__" for n in (*_BINARY, *(f"r{n}" for n in _BINARY), *_COMPARISONS)]
    for kind in (tf.Tensor, EagerTensor, tf.Variable):
        for name in names:
            if name in vars(kind):
                _strict[kind, name] = vars(kind)[name]


def _install_operators(promoting: bool) -> None:
    """Operators that promote, or the ones that were there before."""
    for (kind, name), strict in _strict.items():
        if not promoting:
            setattr(kind, name, strict)
        elif kind is tf.Variable:
            # Equality of variables does not promote.
            if name not in ("__eq__", "__ne__"):
                setattr(kind, name, _of_variable(name))
        elif name in ("__eq__", "__ne__"):
            setattr(kind, name, _equality(strict))
        elif name == "__matmul__":
            setattr(kind, name, _matmul)
        elif name == "__rmatmul__":
            setattr(kind, name, lambda x, y: _matmul(y, x))
        else:
            setattr(kind, name, _promoting(strict))


def _reshape(self: Any, *newshape: Any, order: str = "C") -> Any:
    """The elements in another shape: numbers, or one list of them."""
    shape = newshape[0] if len(newshape) == 1 and not isinstance(newshape[0], int) else newshape
    return shapes.reshape(self, shape, order)


def _tolist(self: Any) -> Any:
    """The value as nested lists.

    Raises:
      ValueError: a tensor of a graph.
    """
    if not isinstance(self, EagerTensor):
        raise ValueError("Symbolic Tensors do not support the tolist API.")
    return self.numpy().tolist()


def _size(self: Any) -> int | None:
    """The number of elements; None where the graph does not know it."""
    return np.prod(self.shape.as_list()) if self.shape.is_fully_defined() else None


def _install_methods() -> None:
    members: dict[str, Any] = {
        "T": property(shapes.transpose), "ndim": property(lambda self: self.shape.rank), "size": property(_size),
        "data": property(lambda self: self), "tolist": _tolist, "reshape": _reshape, "astype": tf.cast,
        "transpose": shapes.transpose, "flatten": shapes.flatten, "ravel": shapes.ravel, "clip": arithmetic.clip,
        "max": reductions.amax, "mean": reductions.mean, "min": reductions.amin, "__round__": elementwise.around,
        "__pos__": lambda self: self, "__getitem__": indexing.getitem}
    for name, member in members.items():
        setattr(tf.Tensor, name, member)


def experimental_enable_numpy_behavior(prefer_float32: bool = False, dtype_conversion_mode: str = "legacy") -> None:
    """Makes tensors follow NumPy from here on, in the whole process.

    Tensors get NumPy's methods (`T`, `astype`, `reshape`, `ravel`, `clip`, `max`, ...), indexing takes arrays and masks
    among numbers and slices, and operators promote their two sides instead of refusing different dtypes.

    Args:
      prefer_float32: whether Python's floats count as float32 instead of float64.
      dtype_conversion_mode: "legacy" promotes as NumPy does; "off" leaves the operators strict. TensorFlow's modes "safe"
        and "all" (weak tensors) are not there.

    Raises:
      ValueError: another mode.
    """
    if dtype_conversion_mode not in _MODES:
        if dtype_conversion_mode in ("safe", "all"):
            raise ValueError(f"The promotion mode {dtype_conversion_mode!r}, with weak tensors, is not supported. Use "
                             "'legacy' or 'off'.")
        raise ValueError(f"The provided promotion mode {dtype_conversion_mode} does not exist. Make sure the provided "
                         "dtype conversion mode is one of the followings: 'off' or 'legacy'.")
    _remember()
    _install_operators(dtype_conversion_mode == "legacy")
    _install_methods()
    Settings.prefer_float32 = bool(prefer_float32)
