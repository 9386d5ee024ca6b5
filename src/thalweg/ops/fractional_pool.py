"""Pooling over windows whose sizes vary at random: `tf.nn.fractional_max_pool`, `fractional_avg_pool`."""
from __future__ import annotations

import os
from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape
from .common import shape_of
from .creation import ints
from .layout import bad
from .windows import check_list, shape_in, with_rank

Array = np.ndarray[Any, Any]

_ATTRS = "pooling_ratio: list(float); pseudo_random: bool = false; overlapping: bool = false; " \
    "deterministic: bool = false; seed: int = 0; seed2: int = 0; T: {float, double, int32, int64}"
_OUTPUTS = "output: T, row_pooling_sequence: int64, col_pooling_sequence: int64"
_SEQUENCES = "row_pooling_sequence: int64, col_pooling_sequence: int64"


class _Stream:
    """Random numbers from the start of the stream of two seeds."""

    def __init__(self, seed: int, seed2: int) -> None:
        from .philox import skipped
        self.key = np.array([seed & (2**64 - 1)], np.uint64)
        self.counter = np.array([0, seed2 & (2**64 - 1)], np.uint64)
        self._skipped = skipped

    def advance(self, words: int) -> Array:
        """The present place; the next one is after as many whole blocks of four words."""
        here: Array = self.counter
        self.counter = self._skipped(here, -(-words // 4))
        return here

    def order(self, size: int) -> Array:
        """A random order of `size` things."""
        from .philox_draws import permutation
        order: Array = permutation(self.key, self.advance(size), size)
        return order

    def fraction(self) -> float:
        """A number in [0, 1)."""
        from .philox import unit_doubles, words
        return float(unit_doubles(np, words(np, self.key, self.advance(2), 2)[:2])[0])


def _sequence(size: int, count: int, pseudo_random: bool, stream: _Stream) -> Array:
    """Where `count` windows over `size` elements begin, and the end: sizes differ by at most one."""
    short = size // count
    if pseudo_random:
        ratio = size / count
        limit = min((short + 2) / ratio - 1, (size + 1 - short) / ratio - (count - 1))
        offset = stream.fraction() * limit
        inner = [ceil(ratio * (i + offset)) for i in range(1, count)]
        return np.array([1, *inner, size + 1], np.int64) - 1
    sizes = np.full(count, short, np.int64)
    sizes[:size % count] += 1
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[stream.order(count)])])


def _sequences(x: Any, ratio: Sequence[float], pseudo_random: bool, deterministic: bool, seed: int, seed2: int,
               word: str) -> tuple[Array, Array]:
    if x.ndim != 4:
        raise bad("tensor_in must be 4-dimensional")
    for axis, (n, r) in enumerate(zip(x.shape, ratio, strict=True)):
        if r < 1:
            raise bad(f"pooling_ratio cannot be smaller than 1, got: {r:g}")
        if n < r:
            raise bad(f"Pooling ratio is higher than input dimension size for dimension {axis}. Input dim size: {n} "
                      f"pooling ratio: {r:g}")
    if ratio[0] != 1 or ratio[3] != 1:
        raise errors.UnimplementedError(
            None, None, f"Fractional {word} pooling is not yet supported on the batch nor channel dimension.")
    if not deterministic and (seed or seed2):
        raise bad("Both seed and seed2 should be 0 if deterministic is false.")
    if not seed and not seed2:
        seed, seed2 = np.frombuffer(os.urandom(16), np.uint64).tolist()
    stream = _Stream(int(seed), int(seed2))
    rows, columns = (_sequence(x.shape[i], int(x.shape[i] / ratio[i]), pseudo_random, stream) for i in (1, 2))
    return rows, columns


def _combine(x: Array, starts: Array, axis: int, overlapping: bool, combine: Any) -> Array:
    """Combines the elements of windows along one dimension."""
    out: Array = combine.reduceat(x, starts[:-1], axis)
    if overlapping:
        inside = starts[1:] < x.shape[axis]
        window = (slice(None),) * axis + (np.flatnonzero(inside),)
        out[window] = combine(out[window], np.take(x, starts[1:][inside], axis))
    return out


def _lengths(starts: Array, size: int, overlapping: bool) -> Array:
    lengths: Array = np.minimum(starts[1:] + int(overlapping), size) - starts[:-1]
    return lengths


def _infer(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    x = with_rank(op.inputs[0].shape, 4)
    ratio = op.attrs["pooling_ratio"]
    for r in ratio:
        if r < 1:
            raise ValueError(f"pooling_ratio cannot be smaller than 1, got: {r:g}")
    out = [None if n is None else int(n / r) for n, r in zip(x, ratio, strict=True)]
    ends = [(TensorShape([None if n is None else n + 1]), dtypes.int64) for n in out[1:3]]
    return [(TensorShape(out), op.inputs[0].dtype), *ends]


@op("FractionalMaxPool", f"value: T -> {_OUTPUTS}", attrs=_ATTRS, infer=_infer, stateful=True, host=True)
def fractional_max_pool_(xp: Any, x: Any, pooling_ratio: Any, pseudo_random: bool = False, overlapping: bool = False,
                         deterministic: bool = False, seed: int = 0, seed2: int = 0) -> Any:
    rows, columns = _sequences(x, pooling_ratio, pseudo_random, deterministic, seed, seed2, "max")
    y = _combine(_combine(x, rows, 1, overlapping, np.maximum), columns, 2, overlapping, np.maximum)
    return y, rows, columns


@op("FractionalAvgPool", f"value: T -> {_OUTPUTS}", attrs=_ATTRS, infer=_infer, stateful=True, host=True)
def fractional_avg_pool_(xp: Any, x: Any, pooling_ratio: Any, pseudo_random: bool = False, overlapping: bool = False,
                         deterministic: bool = False, seed: int = 0, seed2: int = 0) -> Any:
    rows, columns = _sequences(x, pooling_ratio, pseudo_random, deterministic, seed, seed2, "average")
    total = _combine(_combine(x, rows, 1, overlapping, np.add), columns, 2, overlapping, np.add)
    counts = np.multiply.outer(_lengths(rows, x.shape[1], overlapping), _lengths(columns, x.shape[2], overlapping))
    divide = np.divide if x.dtype.kind == "f" else np.floor_divide
    return divide(total, counts[..., None].astype(x.dtype)), rows, columns


@op("FractionalMaxPoolGrad", f"orig_input: T, orig_output: T, out_backprop: T, {_SEQUENCES} -> output: T",
    attrs="overlapping: bool = false; T: {float, double, int32, int64}", infer=lambda op: op.inputs[0].shape, host=True)
def fractional_max_pool_grad(xp: Any, x: Any, y: Any, dy: Any, rows: Any, columns: Any, overlapping: bool = False) -> Any:
    """All of a window's gradient goes to the first of its largest elements."""
    heights, widths = _lengths(rows, x.shape[1], overlapping), _lengths(columns, x.shape[2], overlapping)
    dx, rest = np.zeros_like(x), dy.copy()
    images = np.arange(len(x))
    for i in range(int(heights.max(initial=0))):
        for j in range(int(widths.max(initial=0))):
            windows = np.ix_(images, np.flatnonzero(heights > i), np.flatnonzero(widths > j))
            elements = np.ix_(images, rows[:-1][heights > i] + i, columns[:-1][widths > j] + j)
            given = np.where(x[elements] == y[windows], rest[windows], 0)
            dx[elements] += given
            rest[windows] = np.where(given != 0, 0, rest[windows])
    return dx


@op("FractionalAvgPoolGrad", f"orig_input_tensor_shape: int64 static, out_backprop: T, {_SEQUENCES} -> output: T",
    attrs="overlapping: bool = false; T: {float, double, int32, int64}", infer=lambda op: shape_in(op.inputs[0], 4), host=True)
def fractional_avg_pool_grad(xp: Any, shape: Any, dy: Any, rows: Any, columns: Any, overlapping: bool = False) -> Any:
    sizes = ints(shape)
    dx = dy
    for axis, starts in ((1, rows), (2, columns)):
        lengths = _lengths(starts, sizes[axis], overlapping)
        share = dx / lengths.reshape(-1, *[1] * (3 - axis)).astype(dy.dtype)
        dx = np.repeat(share, np.diff(starts), axis)
        if overlapping:
            inside = starts[1:] < sizes[axis]
            dx[(slice(None),) * axis + (starts[1:][inside],)] += np.compress(inside, share, axis)
    return dx.astype(dy.dtype, copy=False)


@fractional_max_pool_.gradient
def _(op: Any, dy: Any, _rows: Any, _columns: Any) -> Any:
    attrs = {"overlapping": op.attrs.get("overlapping", False)}
    return apply(fractional_max_pool_grad, (op.inputs[0], op.outputs[0], dy, op.outputs[1], op.outputs[2]), attrs)


@fractional_avg_pool_.gradient
def _(op: Any, dy: Any, _rows: Any, _columns: Any) -> Any:
    from .casting import cast
    shape = shape_of(op.inputs[0])
    if not isinstance(shape, tuple):
        shape = cast(shape, dtypes.int64)
    attrs = {"overlapping": op.attrs.get("overlapping", False)}
    return apply(fractional_avg_pool_grad, (shape, dy, op.outputs[1], op.outputs[2]), attrs)


def _apply(entry: Any, value: Any, ratio: Any, pseudo_random: bool, overlapping: bool, seed: int,
           name: str | None) -> tuple[Any, Any, Any]:
    from .random_state import get_seed
    attrs = {"pooling_ratio": ratio, "pseudo_random": pseudo_random, "overlapping": overlapping}
    if seed:
        first, second = get_seed(seed)
        attrs.update(deterministic=True, seed=first, seed2=second)
    parts: tuple[Any, Any, Any] = apply(entry, (convert_to_tensor(value),), attrs, name)
    return parts


def fractional_max_pool(value: Any, pooling_ratio: Any, pseudo_random: bool = False, overlapping: bool = False,
                        seed: int = 0, name: str | None = None) -> tuple[Any, Any, Any]:
    """The largest elements of windows whose sizes vary at random, so that an image shrinks by any factor.

    Args:
      value: tensor of shape `[batch, height, width, channels]`.
      pooling_ratio: how many times smaller the result is: one number, two, or four.
      pseudo_random: whether sizes follow a random phase, instead of a random order.
      overlapping: whether neighbouring windows share their border.
      seed: for repeatable windows, unless 0.

    Returns:
      `(output, rows, columns)`; the last two say where the windows begin.

    Raises:
      ValueError: a ratio below one.
    """
    given = list(pooling_ratio) if isinstance(pooling_ratio, (list, tuple)) else [pooling_ratio] * 2
    ratio = [float(r) for r in (given if isinstance(pooling_ratio, (list, tuple)) else [1.0, *given, 1.0])]
    if any(r < 1.0 for r in ratio):
        raise ValueError(f"`pooling_ratio` elements should be >= 1.0. Received: pooling_ratio={pooling_ratio}")
    if ratio[0] != 1.0 or ratio[-1] != 1.0:
        raise ValueError("`pooling_ratio` should have first and last elements with value 1.0. Received: pooling_ratio="
                         f"{pooling_ratio}")
    return _apply(fractional_max_pool_, value, ratio, pseudo_random, overlapping, seed, name)


def fractional_avg_pool(value: Any, pooling_ratio: Sequence[float], pseudo_random: bool = False,
                        overlapping: bool = False, seed: int = 0, name: str | None = None) -> tuple[Any, Any, Any]:
    """The means of windows whose sizes vary at random, so that an image shrinks by any factor.

    Args:
      value: tensor of shape `[batch, height, width, channels]`.
      pooling_ratio: how many times smaller the result is: four numbers.
      pseudo_random: whether sizes follow a random phase, instead of a random order.
      overlapping: whether neighbouring windows share their border.
      seed: for repeatable windows, unless 0.

    Returns:
      `(output, rows, columns)`; the last two say where the windows begin.

    Raises:
      TypeError: `pooling_ratio` is no list.
      InvalidArgumentError: a ratio below one.
    """
    check_list(fractional_avg_pool_, "pooling_ratio", "fractional_avg_pool", pooling_ratio, 4)
    return _apply(fractional_avg_pool_, value, [float(r) for r in pooling_ratio], pseudo_random, overlapping, seed, name)
