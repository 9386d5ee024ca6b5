"""Changing the element type of tensors."""
from __future__ import annotations

import logging
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import Typed, apply
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import op
from ..core.shape import TensorShape
from ..core.tensor import EagerTensor, Tensor
from ..core.variable import BaseResourceVariable
from .common import unchanged

_BITS = ("bfloat16, half, float, double, int64, int32, uint8, uint16, uint32, uint64, int8, int16, complex64, complex128, "
         "qint8, quint8, qint16, quint16, qint32")


@op("Cast", "x: SrcT -> y: DstT", attrs="SrcT: type; DstT: type; Truncate: bool = false", infer=unchanged)
def cast_(xp: Any, x: Any, DstT: Any, SrcT: Any = None, Truncate: bool = False) -> Any:
    source = x.dtype
    if source.kind == "O" or DstT.np.kind == "O":
        raise errors.UnimplementedError(
            None, None, f"Cast {dtypes.type_name(dtypes.from_numpy(source))} to {dtypes.type_name(DstT)} is not supported")
    if source.kind == "c" and not DstT.is_complex:
        x = x.real
    if Truncate and DstT.is_floating and x.dtype.itemsize > DstT.size:
        x = _cut(xp, x, DstT)
    out = x.astype(DstT.np) if xp is np or not DstT.is_integer else _as_c(xp, x, DstT)
    return Typed(out, DstT) if DstT.is_quantized else out


def _as_c(xp: Any, x: Any, target: dtypes.DType) -> Any:
    """A cast to integers under XLA that does with values beyond their range what the processor does."""
    if x.dtype.kind in "biu" or target in (dtypes.uint32, dtypes.uint64):
        return x.astype(target.np)
    first = np.dtype(np.int64 if target is dtypes.int64 else np.int32)
    bound = 2.0 ** (8 * first.itemsize - 1)
    inside = (x >= -bound) & (x < bound)
    return xp.where(inside, x, 0).astype(first).astype(target.np) | xp.where(inside, 0, -bound).astype(first).astype(target.np)


_MANTISSA = {dtypes.float64: 52, dtypes.float32: 23, dtypes.float16: 10, dtypes.bfloat16: 7}


def _cut(xp: Any, x: Any, target: dtypes.DType) -> Any:
    """The floats `x` with those bits of the mantissa cleared that the narrower type has no place for."""
    bits = np.dtype(f"u{x.dtype.itemsize}")
    lost = _MANTISSA[dtypes.from_numpy(x.dtype)] - _MANTISSA[target]
    return (x.view(bits) & bits.type((1 << 8 * x.dtype.itemsize) - (1 << lost))).view(x.dtype)


@cast_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    source = op.inputs[0].dtype
    smooth = all(t.is_floating or t.is_complex for t in (source, dy.dtype))
    return cast(dy, source) if smooth else None


def _bitcast_shape(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[0].shape
    old, new = op.inputs[0].dtype.size, op.attrs["type"].size
    if shape.rank is None or old == new:
        return shape
    if old > new:
        return shape.concatenate([old // new])
    if shape.rank == 0 or shape[-1] not in (None, new // old):
        last = shape[-1] if shape.rank else 0
        raise ValueError(f"Cannot bitcast from {new // old} to 1 due to shape. {last} does not match {new // old}")
    return shape[:-1]


@op("Bitcast", "input: T -> output: type", attrs=f"T: {{{_BITS}}}; type: {{{_BITS}}}", infer=_bitcast_shape)
def bitcast_(xp: Any, x: Any, type: Any, T: Any = None) -> Any:
    old, new = x.dtype.itemsize, type.np.itemsize
    shape = x.shape
    if old < new:
        if not shape or shape[-1] * old != new:
            raise errors.InvalidArgumentError(f"Cannot bitcast from {new // old} to {shape[-1] if shape else 1}")
        out = x.view(type.np).reshape(shape[:-1]) if xp is np else x.reshape(shape).view(type.np).reshape(shape[:-1])
    elif old > new:
        out = xp.reshape(x, (*shape, 1)).view(type.np).reshape((*shape, old // new))
    else:
        out = x.view(type.np)
    return Typed(out, type) if type.is_quantized else out


def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """`x` with another element type: floats are truncated towards zero on the way to integers, complex numbers lose their
    imaginary part on the way to real ones.

    Args:
      x: a tensor, variable, IndexedSlices or SparseTensor, or what converts to a tensor.
      dtype: the type of the result.

    Raises:
      UnimplementedError: to or from strings.
    """
    target = dtype if type(dtype) is dtypes.DType else dtypes.as_dtype(dtype)
    target = target.base_dtype
    if type(x) is not EagerTensor:
        if isinstance(x, IndexedSlices):
            return IndexedSlices(cast(x.values, target), x.indices, x.dense_shape)
        if hasattr(x, "dense_shape") and hasattr(x, "indices"):
            return type(x)(x.indices, cast(x.values, target), x.dense_shape)
        if isinstance(x, (Tensor, BaseResourceVariable)) and x.dtype == target:
            return x
        x = convert_to_tensor(x)
    source = x.dtype
    if source is target:
        return x
    if source.is_complex and target.is_floating:
        logging.getLogger("thalweg").warning(
            "Casting %s to %s discards the imaginary part, which may not be what you intended.", source.name, target.name)
    return apply(cast_, (x,), {"DstT": target}, name)


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Any:
    """`cast` of `value` brought into the range of `dtype` first, so that nothing overflows."""
    from .arithmetic import maximum, minimum
    from .complex_numbers import complex as complex_
    from .complex_numbers import imag, real
    target = dtypes.as_dtype(dtype).base_dtype
    value = convert_to_tensor(value)
    source = value.dtype
    if source.is_complex:
        if target.is_complex:
            parts = target.real_dtype
            if source.size <= target.size:
                return cast(value, target, name)
            return complex_(saturate_cast(real(value), parts), saturate_cast(imag(value), parts), name)
        value = real(value)
        source = value.dtype
    if target.is_complex:
        return cast(saturate_cast(value, target.real_dtype), target, name)
    low, high = _common_range(source, target)
    if float(source.min) < low:
        value = maximum(value, convert_to_tensor(low, source))
    if float(source.max) > high:
        value = minimum(value, convert_to_tensor(high, source))
    return cast(value, target, name)


def _common_range(source: dtypes.DType, target: dtypes.DType) -> tuple[Any, Any]:
    """The smallest and the largest value of `source` that `target` holds, as Python numbers."""
    if source.is_integer:
        return max(int(source.min), int(target.min)), min(int(source.max), int(target.max))
    low, high = max(float(source.min), float(target.min)), min(float(source.max), float(target.max))
    if target.is_integer:
        edge = np.asarray(high).astype(source.np)
        if float(edge) > int(target.max):  # rounded up, to a value that the target does not hold
            high = float(np.nextafter(edge, np.zeros((), source.np)))
    return low, high


def bitcast(input: Any, type: Any, name: str | None = None) -> Any:
    """The same memory as elements of another type; a type of another size adds or removes a last dimension.

    Raises:
      InvalidArgumentError: the last dimension does not hold exactly one element of a larger type, or a type that
        has no plain bits.
    """
    target = dtypes.as_dtype(type).base_dtype
    input = convert_to_tensor(input)
    if dtypes.type_name(target) not in _BITS.split(", "):
        raise errors.InvalidArgumentError(
            f"Value for attr 'type' of {dtypes.type_name(target)} is not in the list of allowed values: {_BITS}\n\t; "
            f"NodeDef: {{{{node Bitcast}}}}; {bitcast_.describe()} [Op:Bitcast] name: {name or ''}")
    return apply(bitcast_, (input,), {"type": target}, name)


def _named_cast(dtype: str) -> Any:
    def convert(x: Any, name: str = "") -> Any:
        return cast(x, dtype, name or None)
    convert.__doc__ = f"`cast` to {dtype}."
    return convert


to_float = _named_cast("float32")
to_double = _named_cast("float64")
to_int32 = _named_cast("int32")
to_int64 = _named_cast("int64")
to_bfloat16 = _named_cast("bfloat16")
to_complex64 = _named_cast("complex64")
to_complex128 = _named_cast("complex128")
