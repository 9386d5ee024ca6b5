"""Operators on symbolic tensors: `inputs * 2 + other`, `inputs[:, 0]` and the like."""
from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

import thalweg as tf

from ..config import floatx
from .keras_tensor import KerasTensor, any_symbolic
from .operation import Operation


def _dtype_of(x: Any) -> Any:
    """The name of the dtype of a tensor or array; None for a Python value, which adapts to what it is used with."""
    dtype = getattr(x, "dtype", None)
    return dtype if dtype is None or isinstance(dtype, str) else dtype.name


def result_dtype(x1: Any, x2: Any) -> Any:
    """The dtype in which two values meet: the wider of two floats or of two integers, a float before an integer."""
    a, b = _dtype_of(x1), _dtype_of(x2)
    if a is None or b is None:
        other = x2 if a is None else x1
        value, held = (x1, b) if a is None else (x2, a)
        if held is None:
            return tf.convert_to_tensor(other).dtype.name
        is_float = not isinstance(value, (bool, int)) and np.asarray(value).dtype.kind == "f"
        return floatx() if is_float and "float" not in held and "complex" not in held else held
    if a == b:
        return a
    first, second = tf.as_dtype(a), tf.as_dtype(b)
    if first.is_floating != second.is_floating:
        return a if first.is_floating else b
    if {a, b} == {"bfloat16", "float16"}:
        return "float32"
    if first.is_floating:
        return a if first.size >= second.size else b
    return np.promote_types(first.as_numpy_dtype, second.as_numpy_dtype).name


class _Binary(Operation):
    """An operator of two operands, at least one of which is a tensor."""

    function: Callable[..., Any]
    to_float = False

    def call(self, x1: Any, x2: Any) -> Any:
        dtype = result_dtype(x1, x2)
        if self.to_float and "float" not in dtype:
            dtype = floatx()
        operands = [tf.cast(x, dtype) if _dtype_of(x) != dtype else x for x in (x1, x2)]
        return type(self).function(*operands)


class _Unary(Operation):
    """An operator of one operand."""

    function: Callable[..., Any]

    def call(self, x: Any) -> Any:
        return type(self).function(x)


def _make(base: type[Operation], name: str, function: Callable[..., Any], **attributes: Any) -> type[Operation]:
    return type(name, (base,), {"function": staticmethod(function), "__module__": __name__, **attributes})


Add = _make(_Binary, "Add", operator.add)
Subtract = _make(_Binary, "Subtract", operator.sub)
Multiply = _make(_Binary, "Multiply", operator.mul)
TrueDivide = _make(_Binary, "TrueDivide", operator.truediv, to_float=True)
FloorDivide = _make(_Binary, "FloorDivide", operator.floordiv)
Mod = _make(_Binary, "Mod", operator.mod)
Power = _make(_Binary, "Power", operator.pow)
Matmul = _make(_Binary, "Matmul", operator.matmul)
Less = _make(_Binary, "Less", operator.lt)
LessEqual = _make(_Binary, "LessEqual", operator.le)
Greater = _make(_Binary, "Greater", operator.gt)
GreaterEqual = _make(_Binary, "GreaterEqual", operator.ge)
NotEqual = _make(_Binary, "NotEqual", lambda a, b: tf.not_equal(a, b))
LogicalAnd = _make(_Binary, "LogicalAnd", operator.and_)
LogicalOr = _make(_Binary, "LogicalOr", operator.or_)
LogicalXor = _make(_Binary, "LogicalXor", operator.xor)
Negative = _make(_Unary, "Negative", operator.neg)
Absolute = _make(_Unary, "Absolute", operator.abs)
LogicalNot = _make(_Unary, "LogicalNot", operator.invert)


class GetItem(Operation):
    """`x[key]`."""

    def call(self, x: Any, key: Any) -> Any:
        return x[key]

    def compute_output_spec(self, x: Any, key: Any) -> Any:
        shapes = []
        for size in (100_003, 100_019):
            stand_in = np.broadcast_to(np.zeros(()), [size if n is None else n for n in x.shape])
            shapes.append(stand_in[key].shape)
        return KerasTensor(tuple(a if a == b else None for a, b in zip(*shapes, strict=True)), dtype=x.dtype)


class Cast(Operation):
    """A tensor in another dtype."""

    def __init__(self, dtype: str) -> None:
        super().__init__()
        self.dtype = dtype

    def call(self, x: Any) -> Any:
        return tf.cast(x, self.dtype)

    def compute_output_spec(self, x: Any) -> Any:
        return KerasTensor(x.shape, dtype=self.dtype)


class Reshape(Operation):
    """A tensor in another shape."""

    def __init__(self, newshape: Any) -> None:
        super().__init__()
        self.newshape = newshape

    def call(self, x: Any) -> Any:
        return tf.reshape(x, [-1 if size is None else size for size in self.newshape])


def cast(x: Any, dtype: str) -> Any:
    """`x`, symbolic or not, in another dtype."""
    return Cast(dtype)(x)


def reshape(x: Any, newshape: Any) -> Any:
    """`x`, symbolic or not, in another shape; a size may be -1."""
    return Reshape((newshape,) if isinstance(newshape, int) else tuple(newshape))(x)


def _install() -> None:
    def forward(operation: type[Operation]) -> Callable[[Any, Any], Any]:
        return lambda self, other: operation()(self, other)

    def reflected(operation: type[Operation]) -> Callable[[Any, Any], Any]:
        return lambda self, other: operation()(other, self)

    def unary(operation: type[Operation]) -> Callable[[Any], Any]:
        return lambda self: operation()(self)

    both = {"add": Add, "sub": Subtract, "mul": Multiply, "truediv": TrueDivide, "floordiv": FloorDivide, "mod": Mod,
            "pow": Power, "matmul": Matmul, "and": LogicalAnd, "or": LogicalOr, "xor": LogicalXor}
    for name, operation in both.items():
        setattr(KerasTensor, f"__{name}__", forward(operation))
        setattr(KerasTensor, f"__r{name}__", reflected(operation))
    for name, operation in {"lt": Less, "le": LessEqual, "gt": Greater, "ge": GreaterEqual, "ne": NotEqual}.items():
        setattr(KerasTensor, f"__{name}__", forward(operation))
    for name, operation in {"neg": Negative, "abs": Absolute, "invert": LogicalNot}.items():
        setattr(KerasTensor, f"__{name}__", unary(operation))
    setattr(KerasTensor, "__getitem__", lambda self, key: GetItem()(self, key))  # noqa: B010


_install()

__all__ = [
    "Absolute", "Add", "Cast", "FloorDivide", "GetItem", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd",
    "LogicalNot", "LogicalOr", "LogicalXor", "Matmul", "Mod", "Multiply", "Negative", "NotEqual", "Power", "Reshape",
    "Subtract", "TrueDivide", "any_symbolic", "cast", "reshape", "result_dtype",
]  # fmt: skip
