"""Splitting strings into parts, and joining neighbouring parts to n-grams."""
from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ..common import shape_text
from ..layout import bad
from .values import Strings, array_of, one, packed

StringSplitParts = namedtuple("StringSplitParts", ["indices", "values", "shape"])


def _split_shape(op: Any) -> Any:
    return [(TensorShape([None, 2]), dtypes.int64), (unknown_shape(1), dtypes.string), (TensorShape([2]), dtypes.int64)]


def _sparse(rows: Sequence[Sequence[bytes]]) -> tuple[Any, Strings, Any]:
    """Rows of different lengths as the parts of a sparse matrix."""
    lengths = np.array([len(row) for row in rows], np.int64)
    row_of = np.repeat(np.arange(len(rows), dtype=np.int64), lengths)
    starts = np.cumsum(lengths) - lengths
    column = np.arange(len(row_of), dtype=np.int64) - np.repeat(starts, lengths)
    shape = np.array([len(rows), lengths.max() if len(rows) else 0], np.int64)
    values = [part for row in rows for part in row]
    return np.stack([row_of, column], 1), packed(values, (len(values),)), shape


def _vector(x: Any) -> Any:
    x = array_of(x)
    if x.ndim != 1:
        raise bad(f"input must be a vector, got shape: {shape_text(x.shape)}")
    return x.tolist()


def _delimiter(x: Any, what: str) -> bytes:
    x = array_of(x)
    if x.ndim:
        raise bad(f"{what} must be a scalar, got shape: {shape_text(x.shape)}")
    return one(x)


@op("StringSplit", "input: string, delimiter: string -> indices: int64, values: string, shape: int64",
    attrs="skip_empty: bool = true", infer=_split_shape, dynamic=True, host=True)
def string_split(xp: Any, x: Any, delimiter: Any, skip_empty: bool = True) -> Any:
    """Every byte of the delimiter separates; an empty delimiter separates all bytes."""
    separators = _delimiter(delimiter, "delimiter")
    return _sparse([_split_at_any(s, separators, skip_empty) for s in _vector(x)])


def _split_at_any(s: bytes, separators: bytes, skip_empty: bool) -> list[bytes]:
    if not separators or not s:
        return [s[i:i + 1] for i in range(len(s))]
    last = separators[-1:]
    if len(separators) > 1:
        s = s.translate(bytes.maketrans(separators, last * len(separators)))
    parts = s.split(last)
    return [p for p in parts if p] if skip_empty else parts


@op("StringSplitV2", "input: string, sep: string -> indices: int64, values: string, shape: int64",
    attrs="maxsplit: int = -1", infer=_split_shape, dynamic=True, host=True)
def string_split_v2(xp: Any, x: Any, sep: Any, maxsplit: int = -1) -> Any:
    """The separator separates as a whole; an empty one stands for runs of white space."""
    strings = _vector(x)
    separator = _delimiter(sep, "sep")
    if separator:
        return _sparse([s.split(separator, maxsplit) for s in strings])
    return _sparse([s.split() if maxsplit < 0 else _split_at_space(s, maxsplit) for s in strings])


def _split_at_space(s: bytes, maxsplit: int) -> list[bytes]:
    """Split at white space at most so often. The rest keeps the white space at its end, and counts if it is empty."""
    if not maxsplit:
        return [s]
    rest = s.lstrip()
    parts: list[bytes] = []
    while rest:
        parts.append(rest.split(None, 1)[0])
        rest = rest[len(parts[-1]):].lstrip()
        if len(parts) == maxsplit:
            return [*parts, rest]
    return parts


# N-grams.


def _ngrams_shape(op: Any) -> Any:
    return [(unknown_shape(1), dtypes.string), (op.inputs[1].shape, op.inputs[1].dtype)]


@op("StringNGrams", "data: string, data_splits: Tsplits -> ngrams: string, ngrams_splits: Tsplits",
    attrs="separator: string; ngram_widths: list(int); left_pad: string; right_pad: string; pad_width: int; "
    "preserve_short_sequences: bool; Tsplits: {int32, int64} = int64", infer=_ngrams_shape, dynamic=True, host=True)
def string_ngrams(xp: Any, data: Any, data_splits: Any, separator: Any = " ", ngram_widths: Any = (), left_pad: Any = "",
                  right_pad: Any = "", pad_width: int = 0, preserve_short_sequences: bool = False) -> Any:
    if any(w <= 0 for w in ngram_widths):
        raise bad("ngram_widths must contain positive values")
    _check_splits(data_splits, len(data))
    between, left, right = (v if isinstance(v, bytes) else v.encode() for v in (separator, left_pad, right_pad))
    values = data.tolist()
    if not values:
        return packed([], (0,)), np.zeros_like(data_splits)
    splits = data_splits.tolist()
    if not splits:  # one n-gram for each string, in no row
        return packed([b""] * len(values), (len(values),)), data_splits
    out: list[bytes] = []
    ends = [0] * len(splits)
    for i, (start, end) in enumerate(zip(splits[:-1], splits[1:], strict=True)):
        made = 0
        row = values[start:end]
        for width in ngram_widths:
            grams = _grams(row, width, pad_width, between, left, right)
            made += len(grams)
            out += grams
        if preserve_short_sequences and not made and row:
            pad = max(pad_width, 0)
            out.append(between.join([left] * pad + row + [right] * pad))
        ends[i + 1] = len(out)
    return packed(out, (len(out),)), np.array(ends, data_splits.dtype)


def _grams(row: list[bytes], width: int, pad_width: int, between: bytes, left: bytes, right: bytes) -> list[bytes]:
    """The n-grams of one width; padding is one narrower than they are, or as told."""
    pad = width - 1 if pad_width < 0 else min(pad_width, width - 1)
    padded = [left] * pad + row + [right] * pad
    return [between.join(padded[i:i + width]) for i in range(len(padded) - width + 1)]


def _check_splits(splits: Any, size: int) -> None:
    if not len(splits):
        return
    if splits[0] != 0:
        raise bad(f"First split value must be 0, got {splits[0]}")
    previous = 0
    for split in splits[1:].tolist():
        if not previous <= split <= size:
            raise bad(f"Invalid split value {split}, must be in [{previous}, {size}]")
        previous = split
    if previous != size:
        raise bad(f"Last split value must be data size. Expected {size}, got {previous}")


for _entry in (string_split, string_split_v2, string_ngrams):
    _entry.not_differentiable()
