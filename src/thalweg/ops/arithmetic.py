"""Arithmetic of two tensors, element by element, with broadcasting."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.tensor import EagerTensor, Tensor
from .common import (
    FLOATS,
    binary,
    broadcast,
    conj,
    graph_name,
    incompatible,
    match,
    product,
    reduce_to,
    same_dtype,
    same_dtypes,
)
from .requirements import require

_ALL = f"{FLOATS}, uint8, int8, uint16, int16, int32, int64, complex64, complex128, uint32, uint64"
_MUL = f"{FLOATS}, uint8, int8, uint16, int16, int32, uint32, uint64, int64, complex64, complex128"
_ADD = f"{FLOATS}, uint8, uint16, uint32, uint64, int8, int16, int32, int64, complex64, complex128"
_ORDERED = f"{FLOATS}, int8, uint8, int16, uint16, int32, uint32, int64, uint64"
_MOD = f"int8, int16, int32, int64, uint8, uint16, uint32, uint64, {FLOATS}"


@op("AddV2", "x: T, y: T -> z: T", attrs=f"T: {{{_ADD}}}", infer=broadcast, explain=incompatible)
def add_v2(xp: Any, x: Any, y: Any) -> Any:
    return xp.add(x, y)


@add_v2.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(dy, op.inputs[0], op.inputs[1])


@add_v2.vjp(1)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(dy, op.inputs[1], op.inputs[0])


@op("Add", "x: T, y: T -> z: T", attrs=f"T: {{{_ADD}, string}}", infer=broadcast, explain=incompatible)
def add_v1(xp: Any, x: Any, y: Any) -> Any:
    return xp.add(x, y)


add_v1.vjps = add_v2.vjps


@op("Sub", "x: T, y: T -> z: T", attrs=f"T: {{{_ALL}}}", infer=broadcast, explain=incompatible)
def sub(xp: Any, x: Any, y: Any) -> Any:
    return xp.subtract(x, y)


@sub.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(dy, op.inputs[0], op.inputs[1])


@sub.vjp(1)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(-dy, op.inputs[1], op.inputs[0])


@op("Mul", "x: T, y: T -> z: T", attrs=f"T: {{{_MUL}}}", infer=broadcast, explain=incompatible)
def mul(xp: Any, x: Any, y: Any) -> Any:
    return xp.multiply(x, y)


@mul.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    return reduce_to(product(dy, conj(y)), x, y)


@mul.vjp(1)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    return reduce_to(product(dy, conj(x)), y, x)


def _divide_integers(xp: Any, divide: Any, x: Any, y: Any) -> Any:
    """Integer division; by zero it is an error, and under `jit_compile=True` whatever XLA gives."""
    if xp is np and not y.all():
        raise errors.InvalidArgumentError("Integer division by zero")
    require(xp, y != 0)
    return divide(x, y)


def _truncate(xp: Any, x: Any, y: Any) -> Any:
    """Integer division rounded towards zero."""
    if x.dtype.kind == "u":
        return xp.floor_divide(x, y)
    quotient = xp.floor_divide(x, y)
    inexact = xp.multiply(quotient, y) != x
    return (quotient + (inexact & ((x < 0) != (y < 0)))).astype(x.dtype)


@op("RealDiv", "x: T, y: T -> z: T", attrs=f"T: {{{_MUL}}}", infer=broadcast, explain=incompatible)
def real_div(xp: Any, x: Any, y: Any) -> Any:
    if x.dtype.kind in "iu":
        return _divide_integers(xp, lambda a, b: _truncate(xp, a, b), x, y)
    return xp.divide(x, y)


@real_div.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    return reduce_to(binary(real_div, dy, conj(y)), x, y)


@real_div.vjp(1)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    y_ = conj(y)
    return reduce_to(dy * (((-conj(x)) / y_) / y_), y, x)


@op("Div", "x: T, y: T -> z: T", attrs=f"T: {{{_MUL}}}", infer=broadcast, explain=incompatible)
def div(xp: Any, x: Any, y: Any) -> Any:
    return real_div.kernel(xp, x, y)


div.vjps = real_div.vjps


@op("FloorDiv", "x: T, y: T -> z: T", attrs=f"T: {{{_MUL}}}", infer=broadcast, explain=incompatible)
def floor_div(xp: Any, x: Any, y: Any) -> Any:
    if x.dtype.kind in "iu":
        return _divide_integers(xp, xp.floor_divide, x, y)
    return xp.floor(xp.divide(x, y))


floor_div.not_differentiable()


@op("FloorMod", "x: T, y: T -> z: T", attrs=f"T: {{{_MOD}}}", infer=broadcast, explain=incompatible)
def floor_mod(xp: Any, x: Any, y: Any) -> Any:
    if x.dtype.kind in "iu":
        return _divide_integers(xp, xp.mod, x, y)
    # As TensorFlow: the remainder of the truncated division, moved to the sign of y.
    rest = xp.fmod(x, y)
    return xp.where((rest != 0) & ((rest < 0) != (y < 0)), rest + y, rest)


@floor_mod.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(dy, op.inputs[0], op.inputs[1])


@floor_mod.vjp(1)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    return reduce_to(dy * -binary(floor_div, x, y), y, x)


@op("TruncateDiv", "x: T, y: T -> z: T", attrs=f"T: {{{_MUL}}}", infer=broadcast, explain=incompatible)
def truncate_div(xp: Any, x: Any, y: Any) -> Any:
    if x.dtype.kind in "iu":
        return _divide_integers(xp, lambda a, b: _truncate(xp, a, b), x, y)
    return xp.trunc(xp.divide(x, y))


truncate_div.not_differentiable()


@op("TruncateMod", "x: T, y: T -> z: T", attrs=f"T: {{int32, int64, {FLOATS}}}", infer=broadcast, explain=incompatible)
def truncate_mod(xp: Any, x: Any, y: Any) -> Any:
    if x.dtype.kind in "iu":
        return _divide_integers(xp, xp.fmod, x, y)
    return xp.fmod(x, y)


@truncate_mod.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(dy, op.inputs[0], op.inputs[1])


@truncate_mod.vjp(1)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    return reduce_to(dy * -binary(truncate_div, x, y), y, x)


def power(x: Any, y: Any) -> Any:
    """NumPy's power, several times as fast for the most frequent exponents."""
    if not y.shape:
        exponent = y.item()
        if exponent == 2:
            return np.square(x)
        if exponent == 3:
            return x * x * x
        if exponent == 0.5 and x.dtype.kind == "f":
            return np.sqrt(x)
    return np.power(x, y)


@op("Pow", "x: T, y: T -> z: T",
    attrs="T: {bfloat16, float, half, double, int8, int16, int32, int64, complex64, complex128}", infer=broadcast,
    explain=incompatible)
def pow_(xp: Any, x: Any, y: Any) -> Any:
    if xp is np:
        if y.dtype.kind == "i" and (y < 0).any():
            raise errors.InvalidArgumentError("Integers to negative integer powers are not allowed")
        return power(x, y)
    if y.dtype.kind == "i":
        require(xp, y >= 0)
    return xp.power(x, y)


@pow_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    if type(y) is EagerTensor and not y._value.shape and y._value == 2:
        return reduce_to(product(product(dy, y), conj(x)), x, y)
    y_ = conj(y)
    return reduce_to(dy * y_ * binary(pow_, conj(x), y_ - 1), x, y)


@pow_.vjp(1)
def _(op: Any, dy: Any) -> Any:
    from .comparison import not_equal, select
    from .elementwise import log
    x, y = op.inputs
    zero = apply_zeros(x)
    positive = not_equal(x, zero) if x.dtype.is_complex else x > 0
    logarithm = select(positive, log(select(positive, x, zero + 1)), zero)
    return reduce_to(dy * conj(op.outputs[0]) * conj(logarithm), y, x)


@op("Maximum", "x: T, y: T -> z: T", attrs=f"T: {{{_ORDERED}}}", infer=broadcast, explain=incompatible)
def maximum_(xp: Any, x: Any, y: Any) -> Any:
    return xp.maximum(x, y)


@op("Minimum", "x: T, y: T -> z: T", attrs=f"T: {{{_ORDERED}}}", infer=broadcast, explain=incompatible)
def minimum_(xp: Any, x: Any, y: Any) -> Any:
    return xp.minimum(x, y)


def _chosen(op: Any, dy: Any, index: int, first_wins: Any) -> Any:
    """The gradient of a choice between two inputs: `dy` where this one was chosen, the first on a tie."""
    from .comparison import select
    zero = dy * 0 if dy.dtype.is_integer else apply_zeros(dy)
    x, y = op.inputs
    first = first_wins(x, y)
    picked = select(first, dy, zero) if index == 0 else select(first, zero, dy)
    return reduce_to(picked, op.inputs[index], op.inputs[1 - index])


def apply_zeros(x: Any) -> Any:
    """Zeros of a tensor's shape and dtype."""
    from .creation import zeros_like_v2
    return apply(zeros_like_v2, (x,))


maximum_.vjp(0)(lambda op, dy: _chosen(op, dy, 0, lambda x, y: x >= y))
maximum_.vjp(1)(lambda op, dy: _chosen(op, dy, 1, lambda x, y: x >= y))
minimum_.vjp(0)(lambda op, dy: _chosen(op, dy, 0, lambda x, y: x <= y))
minimum_.vjp(1)(lambda op, dy: _chosen(op, dy, 1, lambda x, y: x <= y))


@op("SquaredDifference", "x: T, y: T -> z: T", attrs=f"T: {{{FLOATS}, int32, int64, complex64, complex128}}",
    infer=broadcast, explain=incompatible)
def squared_difference_(xp: Any, x: Any, y: Any) -> Any:
    d = xp.subtract(x, y)
    return xp.multiply(d, xp.conj(d)) if d.dtype.kind == "c" else xp.multiply(d, d)


@squared_difference_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    return reduce_to(dy * 2 * (x - y), x, y)


@squared_difference_.vjp(1)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    return reduce_to(dy * -2 * (x - y), y, x)


@op("DivNoNan", "x: T, y: T -> z: T", attrs="T: {half, float, bfloat16, double, complex64, complex128}",
    infer=broadcast, explain=incompatible)
def div_no_nan(xp: Any, x: Any, y: Any) -> Any:
    return xp.where(y == 0, xp.zeros((), x.dtype), xp.divide(x, y))


@div_no_nan.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    return reduce_to(binary(div_no_nan, dy, conj(y)), x, y)


@div_no_nan.vjp(1)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    y_ = conj(y)
    return reduce_to(dy * binary(div_no_nan, binary(div_no_nan, -conj(x), y_), y_), y, x)


@op("MulNoNan", "x: T, y: T -> z: T", attrs=f"T: {{{FLOATS}, complex64, complex128}}", infer=broadcast,
    explain=incompatible)
def mul_no_nan(xp: Any, x: Any, y: Any) -> Any:
    return xp.where(y == 0, xp.zeros((), x.dtype), xp.multiply(x, y))


@mul_no_nan.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    return reduce_to(binary(mul_no_nan, dy, y), x, y)


@mul_no_nan.vjp(1)
def _(op: Any, dy: Any) -> Any:
    x, y = op.inputs
    return reduce_to(binary(mul_no_nan, x, dy), y, x)


def _add_n_shape(op: Any) -> Any:
    shape = op.inputs[0].shape
    for other in op.inputs[1:]:
        shape = shape.merge_with(other.shape)
    return shape


@op("AddN", "inputs: N * T -> sum: T",
    attrs="N: int; T: {float, double, int32, uint8, int16, int8, complex64, int64, qint8, quint8, qint32, bfloat16, qint16, "
    "quint16, uint16, complex128, half, uint32, uint64, variant}", infer=_add_n_shape)
def add_n_(xp: Any, *inputs: Any) -> Any:
    for i, other in enumerate(inputs):
        if other.shape != inputs[0].shape:
            raise errors.InvalidArgumentError(
                f"Inputs to operation AddN of type AddN must have the same size and shape.  Input 0: "
                f"{_dims(inputs[0])} != input {i}: {_dims(other)}")
    total = inputs[0]
    for other in inputs[1:]:
        total = xp.add(total, other)
    return total


def _dims(x: Any) -> str:
    return "[" + ",".join(map(str, x.shape)) + "]"


@add_n_.gradient
def _(op: Any, dy: Any) -> Any:
    return [dy] * len(op.inputs)


# The public functions.


def add(x: Any, y: Any, name: str | None = None) -> Any:
    """`x + y`, element by element with broadcasting. Strings are concatenated."""
    if not isinstance(x, Tensor) and not isinstance(y, Tensor):
        x = convert_to_tensor(x)
    if ctx.graph is not None:
        text = (x if isinstance(x, Tensor) else y).dtype == dtypes.string
        return binary(add_v1 if text else add_v2, x, y, name or "Add")
    if isinstance(x, Tensor) and type(y) is float and not x.dtype.is_floating and not x.dtype.is_complex:
        y = convert_to_tensor(y)  # a mismatch, which the op itself reports
    x, y = _as_pair(x, y)
    return binary(add_v1 if x.dtype == dtypes.string else add_v2, x, y, name)


def _as_pair(x: Any, y: Any) -> tuple[Any, Any]:
    """The arguments of an addition, where a value that does not fit the other's dtype keeps its own."""
    try:
        return same_dtype(x, y)
    except TypeError:
        return convert_to_tensor(x), convert_to_tensor(y)


def subtract(x: Any, y: Any, name: str | None = None) -> Any:
    """`x - y`, element by element with broadcasting."""
    return binary(sub, x, y, graph_name(name, "Sub"))


def multiply(x: Any, y: Any, name: str | None = None) -> Any:
    """`x * y`, element by element with broadcasting."""
    return binary(mul, x, y, graph_name(name, "Mul"))


_TRUE_DIVISION = {dtypes.int8: dtypes.float32, dtypes.uint8: dtypes.float32, dtypes.int16: dtypes.float32,
                  dtypes.uint16: dtypes.float32, dtypes.int32: dtypes.float64, dtypes.uint32: dtypes.float64,
                  dtypes.int64: dtypes.float64, dtypes.uint64: dtypes.float64}


def truediv(x: Any, y: Any, name: str | None = None) -> Any:
    """`x / y` as in Python 3: integers become float32 (up to 16 bits) or float64 first.

    Raises:
      TypeError: the dtypes differ.
    """
    if isinstance(x, Tensor) and not isinstance(y, Tensor):
        y = convert_to_tensor(y, dtype_hint=x.dtype)
    x, y = same_dtype(x, y)
    if x.dtype != y.dtype:
        raise TypeError(f"`x` and `y` must have the same dtype, got {x.dtype!r} != {y.dtype!r}.")
    wide = _TRUE_DIVISION.get(x.dtype)
    if wide is not None:
        from .elementwise import cast
        x, y = cast(x, wide), cast(y, wide)
    return binary(real_div, x, y, name)


def divide(x: Any, y: Any, name: str | None = None) -> Any:
    """`x / y` as in Python 3, see `truediv`."""
    return x / y if name is None and (isinstance(x, Tensor) or isinstance(y, Tensor)) else truediv(x, y, name)


def floordiv(x: Any, y: Any, name: str | None = None) -> Any:
    """`x // y`, rounded down.

    Raises:
      InvalidArgumentError: an integer division by zero.
    """
    return binary(floor_div, x, y, name)


def floormod(x: Any, y: Any, name: str | None = None) -> Any:
    """`x % y` with the sign of `y`."""
    return binary(floor_mod, x, y, graph_name(name, "FloorMod"))


def truncatediv(x: Any, y: Any, name: str | None = None) -> Any:
    """`x / y` rounded towards zero."""
    return binary(truncate_div, x, y, name)


def truncatemod(x: Any, y: Any, name: str | None = None) -> Any:
    """The remainder of `truncatediv`, with the sign of `x`."""
    return binary(truncate_mod, x, y, name)


def pow(x: Any, y: Any, name: str | None = None) -> Any:
    """`x ** y`.

    Raises:
      InvalidArgumentError: an integer to a negative power.
    """
    return binary(pow_, x, y, graph_name(name, "Pow"))


def maximum(x: Any, y: Any, name: str | None = None) -> Any:
    """The larger of `x` and `y`; NaN where either is."""
    return binary(maximum_, x, y, name)


def minimum(x: Any, y: Any, name: str | None = None) -> Any:
    """The smaller of `x` and `y`; NaN where either is."""
    return binary(minimum_, x, y, name)


def squared_difference(x: Any, y: Any, name: str | None = None) -> Any:
    """`(x - y)²`, for complex values with the conjugate."""
    return binary(squared_difference_, x, y, name)


def divide_no_nan(x: Any, y: Any, name: str | None = None) -> Any:
    """`x / y`, and 0 where `y` is 0."""
    if not isinstance(x, Tensor) and not isinstance(y, Tensor) and isinstance(x, int) and isinstance(y, int):
        x = float(x)
    return binary(div_no_nan, x, y, name)


def multiply_no_nan(x: Any, y: Any, name: str | None = None) -> Any:
    """`x * y`, and 0 where `y` is 0, even if `x` is infinite or NaN."""
    return binary(mul_no_nan, x, y, name)


def add_n(inputs: Any, name: str | None = None) -> Any:
    """The sum of a list of tensors of one shape and dtype.

    Raises:
      ValueError: no list, or an empty one.
      InvalidArgumentError: the shapes differ.
    """
    from ..core.backprop import add as add_gradients
    from ..core.indexed_slices import IndexedSlices
    if not isinstance(inputs, (list, tuple)) and not hasattr(inputs, "__iter__"):
        raise ValueError("Inputs must be an iterable of at least one Tensor/IndexedSlices with the same dtype and shape.")
    values = list(inputs)
    if not values:
        raise ValueError("Inputs must be an iterable of at least one Tensor/IndexedSlices with the same dtype and shape.")
    if any(isinstance(v, IndexedSlices) for v in values):
        total = values[0]
        for v in values[1:]:
            total = add_gradients(total, v)
        return convert_to_tensor(total)
    values = same_dtypes(values)
    if len(values) == 1 and ctx.graph is None:
        return values[0]
    return apply(add_n_, values, name=name)


def accumulate_n(inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None) -> Any:
    """The sum of a list of tensors of one shape and dtype, as `add_n`."""
    return add_n([match(v, dtypes.as_dtype(tensor_dtype)) for v in inputs] if tensor_dtype else inputs, name)
