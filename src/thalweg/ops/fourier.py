"""Discrete Fourier transforms: of complex signals, of real ones, and back to real ones."""
from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape, unknown_shape
from .common import graph_name, shape_text, static_shape, static_value
from .creation import ints
from .dynamic import joined, shape_tensor

_COMPLEX = "Tcomplex: {complex64, complex128} = complex64"
_REAL = "Treal: {float, double} = float"
_WHOLE = {dtypes.float32: dtypes.complex64, dtypes.float64: dtypes.complex128}


# Transforms of arrays over some axes.


def _cropped(x: Any, lengths: list[int], axes: list[int]) -> Any:
    """The first elements along the axes."""
    keep = [slice(None)] * x.ndim
    for n, a in zip(lengths, axes, strict=True):
        keep[a] = slice(0, n)
    return x[tuple(keep)]


def _along(xp: Any, x: Any, axes: list[int], inverse: bool) -> Any:
    for a in axes:
        x = xp.fft.ifft(x, axis=a) if inverse else xp.fft.fft(x, axis=a)
    return x


def _from_real(xp: Any, x: Any, lengths: list[int], axes: list[int], dtype: Any) -> Any:
    x = _cropped(x, lengths, axes)
    shape = list(x.shape)
    shape[axes[-1]] = lengths[-1] // 2 + 1 if lengths[-1] else 0
    if 0 in shape or 0 in x.shape:
        return xp.zeros(shape, dtype)
    return _along(xp, xp.fft.rfft(x, axis=axes[-1]), axes[:-1], False).astype(dtype)


def _to_real(xp: Any, x: Any, lengths: list[int], axes: list[int], dtype: Any) -> Any:
    x = _cropped(x, [*lengths[:-1], lengths[-1] // 2 + 1], axes)
    shape = list(x.shape)
    shape[axes[-1]] = lengths[-1]
    if 0 in shape or 0 in x.shape:
        return xp.zeros(shape, dtype)
    return xp.fft.irfft(_along(xp, x, axes[:-1], True), lengths[-1], axis=axes[-1]).astype(dtype)


def _check_rank(x: Any, rank: int) -> None:
    if x.ndim < rank:
        raise errors.InvalidArgumentError(f"Input must have rank of at least {rank} but got: {shape_text(x.shape)}")


def _check_lengths(x: Any, lengths: list[int], axes: list[int], least: list[int]) -> None:
    if len(lengths) != len(axes):
        raise errors.InvalidArgumentError(f"fft_length must have shape [{len(axes)}]")
    for i, n in enumerate(lengths):
        if n < 0:
            raise errors.InvalidArgumentError(f"fft_length[{i}] must >= 0, but got: {n}")
    for n, a in zip(least, axes, strict=True):
        if x.shape[a] < n:
            raise errors.InvalidArgumentError(
                f"Input dimension {a % x.ndim} must have length of at least {n} but got: {x.shape[a]}")


def _axes(x: Any, axes: Any) -> list[int]:
    found = ints(axes)
    for a in found:
        if not -x.ndim <= a < x.ndim:
            raise errors.InvalidArgumentError(f"axes {a} is out of range for an input of rank {x.ndim}")
    return found


# Shape rules.


def _ranked(shape: TensorShape, rank: int) -> TensorShape:
    if shape.rank is not None and shape.rank < rank:
        raise ValueError(f"Shape must be at least rank {rank} but is rank {shape.rank}")
    return shape


def _resized(op: Any, axes: list[int] | None, half: bool) -> TensorShape:
    """The shape of the input with other sizes along the axes."""
    shape = op.inputs[0].shape
    if shape.rank is None or axes is None:
        return unknown_shape(shape.rank)
    dims, lengths = shape.as_list(), op.inputs[1].value
    found: list[Any] = [None] * len(axes) if lengths is None else ints(lengths)
    if len(found) != len(axes):
        raise ValueError(f"Dimension must be {len(axes)} but is {len(found)}")
    for n, a in zip(found, axes, strict=True):
        dims[a] = n
    if half and dims[axes[-1]]:
        dims[axes[-1]] = dims[axes[-1]] // 2 + 1
    return TensorShape(dims)


def _resized_to(rank: int, half: bool) -> Any:
    def rule(op: Any) -> TensorShape:
        _ranked(op.inputs[0].shape, rank)
        return _resized(op, list(range(-rank, 0)), half)
    return rule


def _resized_along(half: bool) -> Any:
    def rule(op: Any) -> TensorShape:
        value = op.inputs[2].value
        return _resized(op, None if value is None else ints(value), half)
    return rule


# What gradients need: sizes that may be tensors, weights of frequencies, padding at the end.


def _sizes(x: Any, axes: list[int]) -> list[Any]:
    """The sizes along the axes: ints where they are known, else tensors."""
    known = x.shape.as_list() if x.shape.rank is not None else None
    found = []
    for a in axes:
        size = None if known is None else known[a]
        found.append(shape_tensor(x)[a] if size is None else size)
    return found


def _lengths_of(op: Any, count: int) -> list[Any]:
    value = static_value(op.inputs[1])
    return ints(value) if value is not None else [op.inputs[1][i] for i in range(count)]


def _number(value: Any, dtype: dtypes.DType) -> Any:
    from .casting import cast
    return cast(value, dtype) if hasattr(value, "dtype") else convert_to_tensor(value, dtype)


def _product(values: list[Any], dtype: dtypes.DType) -> Any:
    return _number(prod(values), dtype)


def _frequency_weights(n: Any, inner: float, axis: int, rank: int | None, dtype: dtypes.DType) -> Any:
    """A column of weights along an axis: 1 for the frequencies that occur once in a real signal of length `n`, else
    `inner`."""
    from .arrays import reshape
    from .casting import cast
    from .comparison import select
    from .ranges import range as range_op
    behind = -axis - 1 if axis < 0 else (rank or 0) - axis - 1
    if isinstance(n, int):
        k = np.arange(n // 2 + 1)
        weights = np.where((k == 0) | (2 * k == n), 1.0, inner)
        return convert_to_tensor(weights.reshape(-1, *[1] * behind), dtype)
    places = range_op(n // 2 + 1)
    once = (places == 0) | (2 * places == n)
    values = select(once, cast(1.0, dtype), cast(inner, dtype))
    return reshape(values, [-1, *[1] * behind])


def _grown(x: Any, like: Any, axes: list[int]) -> Any:
    """Zeros behind `x`, so that it has the sizes of `like` along the axes."""
    from .arrays import pad
    from .ranges import range as range_op
    known, wanted = static_shape(x), static_shape(like)
    if known is not None and known == wanted:
        return x
    if known is not None and wanted is not None:
        return pad(x, [[0, b - a] for a, b in zip(known, wanted, strict=True)])
    missing = shape_tensor(like) - shape_tensor(x)
    from .arrays import stack
    return pad(x, stack([range_op(0, missing.shape[0] or shape_tensor(missing)[0]) * 0, missing], 1))


def _real_part_gradient(op: Any, dy: Any, axes: list[int], back: Any) -> Any:
    """The gradient of a transform of a real signal: the transform back, frequencies that stand for two counting half."""
    lengths = _lengths_of(op, len(axes))
    x = op.inputs[0]
    weights = _frequency_weights(lengths[-1], 0.5, axes[-1], dy.shape.rank, dy.dtype)
    return _grown(back(dy * weights, lengths) * _product(lengths, x.dtype), x, axes)


def _to_real_gradient(op: Any, dy: Any, axes: list[int], forth: Any) -> Any:
    """The gradient of a transform to a real signal: the forward transform, inner frequencies counting twice."""
    lengths = _lengths_of(op, len(axes))
    x = op.inputs[0]
    weights = _frequency_weights(lengths[-1], 2.0, axes[-1], dy.shape.rank, x.dtype)
    return _grown(forth(dy, lengths) * (weights / _product(lengths, x.dtype)), x, axes)


# The entries.


def _vector(lengths: list[Any]) -> Any:
    return lengths if all(isinstance(n, int) for n in lengths) else joined(*[[n] for n in lengths])


def _complex_entry(type: str, rank: int, inverse: bool) -> OpDef:
    axes = list(range(-rank, 0))

    @op(type, "input: Tcomplex -> output: Tcomplex", attrs=_COMPLEX, infer=lambda op: _ranked(op.inputs[0].shape, rank))
    def entry(xp: Any, x: Any, Tcomplex: Any = None) -> Any:
        _check_rank(x, rank)
        return _along(xp, x, axes, inverse) if x.size else xp.zeros(x.shape, x.dtype)

    @entry.vjp(0)
    def _(op: Any, dy: Any) -> Any:
        size = _product(_sizes(dy, axes), dy.dtype)
        if inverse:
            return apply(_COMPLEX_ENTRIES[rank, False], (dy,)) / size
        return apply(_COMPLEX_ENTRIES[rank, True], (dy,)) * size
    return entry


_COMPLEX_ENTRIES = {(rank, inverse): _complex_entry(f"{'I' * inverse}FFT{'' if rank == 1 else f'{rank}D'}", rank, inverse)
                    for rank in (1, 2, 3) for inverse in (False, True)}


def _real_entry(type: str, rank: int) -> OpDef:
    axes = list(range(-rank, 0))

    @op(type, "input: Treal, fft_length: int32 static -> output: Tcomplex", attrs=f"{_REAL}; {_COMPLEX}",
        infer=_resized_to(rank, True))
    def entry(xp: Any, x: Any, fft_length: Any, Tcomplex: dtypes.DType = dtypes.complex64) -> Any:
        _check_rank(x, rank)
        lengths = ints(fft_length)
        _check_lengths(x, lengths, axes, lengths)
        return _from_real(xp, x, lengths, axes, Tcomplex.np)

    @entry.vjp(0)
    def _(op: Any, dy: Any) -> Any:
        def back(values: Any, lengths: list[Any]) -> Any:
            return apply(_INVERSE_REAL[rank], (values, _vector(lengths)), {"Treal": op.inputs[0].dtype})
        return _real_part_gradient(op, dy, axes, back)
    return entry


def _inverse_real_entry(type: str, rank: int) -> OpDef:
    axes = list(range(-rank, 0))

    @op(type, "input: Tcomplex, fft_length: int32 static -> output: Treal", attrs=f"{_REAL}; {_COMPLEX}",
        infer=_resized_to(rank, False))
    def entry(xp: Any, x: Any, fft_length: Any, Treal: dtypes.DType = dtypes.float32) -> Any:
        _check_rank(x, rank)
        lengths = ints(fft_length)
        _check_lengths(x, lengths, axes, [*lengths[:-1], lengths[-1] // 2 + 1 if lengths[-1:] != [0] else 0])
        return _to_real(xp, x, lengths, axes, Treal.np)

    @entry.vjp(0)
    def _(op: Any, dy: Any) -> Any:
        def forth(values: Any, lengths: list[Any]) -> Any:
            return apply(_REAL_ENTRIES[rank], (values, _vector(lengths)), {"Tcomplex": op.inputs[0].dtype})
        return _to_real_gradient(op, dy, axes, forth)
    return entry


_REAL_ENTRIES = {rank: _real_entry(f"RFFT{'' if rank == 1 else f'{rank}D'}", rank) for rank in (1, 2, 3)}
_INVERSE_REAL = {rank: _inverse_real_entry(f"IRFFT{'' if rank == 1 else f'{rank}D'}", rank) for rank in (1, 2, 3)}


# Over any axes.

_ND = "fft_length: int32 static, axes: int32 static"


def _axes_of(op: Any) -> list[int]:
    return ints(static_value(op.inputs[2]))


def _complex_nd(type: str, inverse: bool) -> OpDef:
    @op(type, f"input: Tcomplex, {_ND} -> output: Tcomplex", attrs=_COMPLEX, infer=_resized_along(False))
    def entry(xp: Any, x: Any, fft_length: Any, axes: Any, Tcomplex: Any = None) -> Any:
        lengths, along = ints(fft_length), _axes(x, axes)
        _check_lengths(x, lengths, along, lengths)
        x = _cropped(x, lengths, along)
        return _along(xp, x, along, inverse) if x.size else xp.zeros(x.shape, x.dtype)

    @entry.vjp(0)
    def _(op: Any, dy: Any) -> Any:
        axes = _axes_of(op)
        size = _product(_lengths_of(op, len(axes)), dy.dtype)
        moved = apply(_COMPLEX_ND[not inverse], (dy, op.inputs[1], op.inputs[2]))
        return _grown(moved / size if inverse else moved * size, op.inputs[0], axes)
    return entry


_COMPLEX_ND = {inverse: _complex_nd(f"{'I' * inverse}FFTND", inverse) for inverse in (False, True)}


@op("RFFTND", f"input: Treal, {_ND} -> output: Tcomplex", attrs=f"{_REAL}; {_COMPLEX}", infer=_resized_along(True))
def rfft_nd(xp: Any, x: Any, fft_length: Any, axes: Any, Tcomplex: dtypes.DType = dtypes.complex64) -> Any:
    lengths, along = ints(fft_length), _axes(x, axes)
    _check_lengths(x, lengths, along, lengths)
    return _from_real(xp, x, lengths, along, Tcomplex.np)


@rfft_nd.vjp(0)
def _(op: Any, dy: Any) -> Any:
    def back(values: Any, lengths: list[Any]) -> Any:
        return apply(irfft_nd, (values, _vector(lengths), op.inputs[2]), {"Treal": op.inputs[0].dtype})
    return _real_part_gradient(op, dy, _axes_of(op), back)


@op("IRFFTND", f"input: Tcomplex, {_ND} -> output: Treal", attrs=f"{_REAL}; {_COMPLEX}", infer=_resized_along(False))
def irfft_nd(xp: Any, x: Any, fft_length: Any, axes: Any, Treal: dtypes.DType = dtypes.float32) -> Any:
    lengths, along = ints(fft_length), _axes(x, axes)
    _check_lengths(x, lengths, along, [*lengths[:-1], lengths[-1] // 2 + 1 if lengths[-1:] != [0] else 0])
    return _to_real(xp, x, lengths, along, Treal.np)


@irfft_nd.vjp(0)
def _(op: Any, dy: Any) -> Any:
    def forth(values: Any, lengths: list[Any]) -> Any:
        return apply(rfft_nd, (values, _vector(lengths), op.inputs[2]), {"Tcomplex": op.inputs[0].dtype})
    return _to_real_gradient(op, dy, _axes_of(op), forth)


# What the public functions in `fourier_calls` stand on.


def complex_transform(x: Any, rank: int, inverse: bool, name: str | None) -> Any:
    """Transforms the last `rank` axes of a complex tensor."""
    x = convert_to_tensor(x, dtype_hint=dtypes.complex64)
    return apply(_COMPLEX_ENTRIES[rank, inverse], (x,), name=name)


def real_transform(x: Any, rank: int, lengths: Any, name: str) -> Any:
    """Transforms the last `rank` axes of a real tensor that has at least these lengths."""
    return apply(_REAL_ENTRIES[rank], (x, lengths), {"Tcomplex": _WHOLE[x.dtype]}, graph_name(None, name))


def inverse_real_transform(x: Any, rank: int, lengths: Any, name: str) -> Any:
    """Transforms the last `rank` axes of a complex tensor to a real one of these lengths."""
    return apply(_INVERSE_REAL[rank], (x, lengths), {"Treal": x.dtype.real_dtype}, graph_name(None, name))


def complex_transform_nd(x: Any, lengths: Any, axes: list[int], inverse: bool, name: str) -> Any:
    """Transforms a complex tensor along some axes."""
    return apply(_COMPLEX_ND[inverse], (x, lengths, axes), {}, graph_name(None, name))


def real_transform_nd(x: Any, lengths: Any, axes: list[int], name: str) -> Any:
    """Transforms a real tensor along some axes, the last of which is halved."""
    return apply(rfft_nd, (x, lengths, axes), {"Tcomplex": _WHOLE[x.dtype]}, graph_name(None, name))


def inverse_real_transform_nd(x: Any, lengths: Any, axes: list[int], name: str) -> Any:
    """Transforms a complex tensor along some axes to a real one of these lengths."""
    return apply(irfft_nd, (x, lengths, axes), {"Treal": x.dtype.real_dtype}, graph_name(None, name))
