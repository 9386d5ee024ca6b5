"""The geometry of sliding windows, which convolution and pooling share: sizes, paddings, shape rules, error texts."""
from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple, NoReturn

from ..core import errors
from ..core.context import ctx
from ..core.opdef import OpDef
from ..core.shape import TensorShape, unknown_shape

Dims = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]


class Geometry(NamedTuple):
    """Where the windows of one call lie, by spatial dimension."""

    sizes: Dims
    """Of the input."""
    kernel: Dims
    strides: Dims
    dilations: Dims
    outs: Dims
    """How many windows there are."""
    pads: Pads
    """What is added before and after the input; `after` is as much as the windows reach, and may be negative."""

    @property
    def padded(self) -> bool:
        """Whether any window reaches beyond the input."""
        return any(lo > 0 or hi > 0 for lo, hi in self.pads)

    @property
    def pointwise(self) -> bool:
        """Whether each window is one element."""
        return prod(self.kernel) == 1 and not self.padded

    @property
    def disjoint(self) -> bool:
        """Whether no element is in two windows."""
        return all(s >= (k - 1) * d + 1 for k, s, d in zip(self.kernel, self.strides, self.dilations, strict=True))

    def at(self, position: Dims) -> tuple[slice, ...]:
        """The elements of the padded input that all windows have at one kernel position, as spatial slices."""
        return tuple([slice(p * d, p * d + (o - 1) * s + 1, s) for p, d, o, s in
                      zip(position, self.dilations, self.outs, self.strides, strict=True)])


@lru_cache(maxsize=2048)
def geometry(sizes: Dims, kernel: Dims, strides: Dims, dilations: Dims, padding: str, explicit: Pads) -> Geometry:
    """The windows over an input.

    Args:
      sizes: of the input, by spatial dimension, as are all that follow.
      kernel: sizes of a window.
      strides: distances between windows.
      dilations: distances between the elements of a window.
      padding: `"VALID"`, `"SAME"` or `"EXPLICIT"`.
      explicit: the paddings for `"EXPLICIT"`.

    Raises:
      InvalidArgumentError: a window is larger than the input by more than its stride, as TensorFlow's kernels say it.
    """
    outs, pads = [], []
    for i, (n, k, s, d) in enumerate(zip(sizes, kernel, strides, dilations, strict=True)):
        reach = (k - 1) * d + 1
        if padding == "SAME":
            out = -(-n // s)
            total = max((out - 1) * s + reach - n, 0)
            lo = total // 2
        else:
            lo, hi = explicit[i] if padding == "EXPLICIT" else (0, 0)
            out = int((n + lo + hi - reach + s) / s)
            if out < 0:
                raise errors.InvalidArgumentError(
                    f"Computed output size would be negative: {out} [input_size: {n}, effective_filter_size: {reach}, "
                    f"stride: {s}]")
        outs.append(out)
        pads.append((lo, (out - 1) * s + reach - n - lo if out else 0))
    return Geometry(sizes, kernel, strides, dilations, tuple(outs), tuple(pads))


class Layout(NamedTuple):
    """Where a data format has its dimensions."""

    batch: int
    channel: int
    spatial: Dims
    to_last: Dims | None
    """The permutation that puts channels last; None where they are there."""
    from_last: Dims | None


@lru_cache(maxsize=32)
def layout(data_format: str) -> Layout:
    """The place of the dimensions in a data format such as `"NHWC"`."""
    rank = len(data_format)
    if data_format[1] == "C":
        spatial = tuple(range(2, rank))
        return Layout(0, 1, spatial, (0, *spatial, 1), (0, rank - 1, *range(1, rank - 1)))
    return Layout(0, rank - 1, tuple(range(1, rank - 1)), None, None)


def pick(values: Sequence[int], where: Layout) -> Dims:
    """The spatial entries of an attribute that has one entry a dimension."""
    return tuple([int(values[i]) for i in where.spatial])


def explicit_pads(explicit: Sequence[int], where: Layout) -> Pads:
    """The spatial pairs of `explicit_paddings`."""
    return tuple([(int(explicit[2 * i]), int(explicit[2 * i + 1])) for i in where.spatial]) if explicit else ()


def channels_last(x: Any, where: Layout) -> Any:
    """An array with its channels last: a view."""
    return x if where.to_last is None else x.transpose(where.to_last)


def channels_back(x: Any, where: Layout) -> Any:
    """The opposite of `channels_last`."""
    return x if where.from_last is None else x.transpose(where.from_last)


# Arguments of the public functions.


def spread(values: Any, rank: int, data_format: str, name: str) -> list[int]:
    """An attribute with one entry a dimension, from one number, one a spatial dimension, or all.

    Raises:
      ValueError: another number of values.
    """
    given = list(values) if hasattr(values, "__len__") or isinstance(values, TensorShape) else [values]
    count = len(given)
    if count == rank + 2:
        return [int(v) for v in given]
    if count not in (1, rank):
        raise ValueError(f"{name} should be of length 1, {rank} or {rank + 2}. Received: {name}={values} of length "
                         f"{count}")
    inner = [int(v) for v in (given * rank if count == 1 else given)]
    return [1, 1, *inner] if data_format.startswith("NC") else [1, *inner, 1]


def padding_of(padding: Any, rank: int = 2) -> tuple[str, list[int]]:
    """A padding argument as the attributes `padding` and `explicit_paddings`.

    Raises:
      ValueError: a list that is not one pair a dimension, or the word EXPLICIT.
    """
    if isinstance(padding, str):
        if padding == "EXPLICIT":
            raise ValueError("'EXPLICIT' is not a valid value for `padding`. To use explicit padding, `padding` must be "
                             "a list.")
        return padding, []
    if not isinstance(padding, (list, tuple)):
        return padding, []
    for i, pair in enumerate(padding):
        if not isinstance(pair, (list, tuple)):
            raise ValueError("When `padding` is a list, each element of `padding` must be a list/tuple of size 2. "
                             f"Received: padding={padding} with element at index {i} of type {type(pair)}")
        if len(pair) != 2:
            raise ValueError("When `padding` is a list, each element of `padding` must be a list/tuple of size 2. "
                             f"Received: padding={padding} with element at index {i} of size {len(pair)}")
    if len(padding) != rank + 2:
        raise ValueError(f"When padding is a list, it must be of size {rank + 2}. Received: padding={padding} of size "
                         f"{len(padding)}")
    flat = [int(v) for pair in padding for v in pair]
    return ("EXPLICIT", flat) if any(flat) else ("VALID", [])


def check_list(op: OpDef, name: str, function: str, values: Any, minimum: int) -> list[int]:
    """An attribute that is a list of ints.

    Raises:
      TypeError: no list.
      InvalidArgumentError, ValueError: in eager code and in a graph, for fewer values than the op demands.
    """
    if not isinstance(values, (list, tuple)):
        raise TypeError(f"Expected list for '{name}' argument to '{function}' Op, not {values}.")
    if len(values) < minimum:
        if ctx.graph is not None:
            raise ValueError(f"Attr '{name}' of '{op.type}' Op passed list of length {len(values)} less than minimum "
                             f"{minimum}.")
        raise errors.InvalidArgumentError(
            f"Length for attr '{name}' of {len(values)} must be at least minimum {minimum}\n\t; NodeDef: "
            f"{{{{node {op.type}}}}}; {op.describe()} [Op:{op.type}] name: ")
    return [int(v) for v in values]


_BY_TYPE: dict[str, tuple[set[str], set[str]]] = {}


def check_channels_last(data_format: str) -> None:
    """Checks the data format of functions that know only one.

    Raises:
      ValueError: it is not `"NHWC"`.
    """
    if data_format != "NHWC":
        raise ValueError(f"`data_format` values other  than 'NHWC' are not supported. Received: data_format={data_format}")


def check_words(op: OpDef, padding: Any, data_format: Any) -> None:
    """Checks the attributes that are words against the op's signature.

    Raises:
      InvalidArgumentError, ValueError: in eager code and in a graph, for a word that the op does not know.
      TypeError: no word.
    """
    known = _BY_TYPE.get(op.type)
    if known is None:
        allowed = [op.signature.attr(a) for a in ("padding", "data_format")]
        sets = [{w.strip("'\"") for w in a.allowed} if a is not None else set() for a in allowed]
        known = _BY_TYPE[op.type] = (sets[0], sets[1])
    for name, value, words in (("padding", padding, known[0]), ("data_format", data_format, known[1])):
        if not isinstance(value, str):
            raise TypeError(f"Expected string for argument '{name}' not {value!r}.")
        if words and value not in words:
            _unknown_word(op, name, value)


def _unknown_word(op: OpDef, name: str, value: str) -> NoReturn:
    attr = op.signature.attr(name)
    assert attr is not None
    known = ", ".join(attr.allowed)
    if ctx.graph is not None:
        raise ValueError(f"Attr '{name}' of '{op.type}' Op passed string '{value}' not in: {known}.")
    raise errors.InvalidArgumentError(
        f"Value for attr '{name}' of \"{value}\" is not in the list of allowed values: {known}\n\t; NodeDef: "
        f"{{{{node {op.type}}}}}; {op.describe()} [Op:{op.type}] name: ")


# Shape rules.


def with_rank(shape: TensorShape, rank: int) -> list[int | None]:
    """The sizes of a shape that must have this rank.

    Raises:
      ValueError: it has another.
    """
    if shape.rank is None:
        return [None] * rank
    if shape.rank != rank:
        raise ValueError(f"Shape must be rank {rank} but is rank {shape.rank}")
    return shape.as_list()


def window_shape(sizes: Sequence[int | None], kernel: Sequence[int | None], strides: Sequence[int],
                 dilations: Sequence[int], padding: str, explicit: Pads) -> list[int | None]:
    """How many windows there are by spatial dimension, as far as it is known.

    Raises:
      ValueError: a stride or dilation that is not positive, a window that does not fit.
    """
    for s in strides:
        if s <= 0:
            raise ValueError(f"Stride must be > 0, but got {s}")
    for d in dilations:
        if d < 1:
            raise ValueError(f"Dilation rate must be >= 1, but got {d}")
    out: list[int | None] = []
    for i, (n, k, s, d) in enumerate(zip(sizes, kernel, strides, dilations, strict=True)):
        if n is None or (k is None and padding != "SAME"):
            out.append(None)
        elif padding == "SAME" or k is None:
            out.append(-(-n // s))
        else:
            whole = n + sum(explicit[i]) if padding == "EXPLICIT" else n
            reach = (k - 1) * d + 1
            if whole < reach:
                raise ValueError(f"Negative dimension size caused by subtracting {reach} from {whole}")
            out.append((whole - reach) // s + 1)
    return out


def arranged(batch: int | None, spatial: Sequence[int | None], channels: int | None, where: Layout) -> TensorShape:
    """A shape in a data format."""
    return TensorShape([batch, channels, *spatial] if where.channel == 1 else [batch, *spatial, channels])


def equal(a: int | None, b: int | None) -> int | None:
    """A size that is known twice.

    Raises:
      ValueError: the two differ.
    """
    if a is not None and b is not None and a != b:
        raise ValueError(f"Dimensions must be equal, but are {a} and {b}")
    return a if a is not None else b


def shape_in(x: Any, rank: int) -> TensorShape:
    """For a shape rule: the shape that an input holds as its value."""
    from .creation import known_shape
    found = known_shape(x)
    return found if found.rank == rank else unknown_shape(rank)
