"""Functions that make several strings or characters of one: results with rows of different lengths.

A scalar gives a vector; anything else a ragged tensor with one axis more.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.scopes import name_scope
from ..creation import shape as shape_op
from ..creation import size
from .splitting import string_ngrams, string_split, string_split_v2
from .unicode import unicode_decode_, unicode_decode_with_offsets_, unicode_encode_
from .values import as_strings, check_word, name_for


def _ragged_class() -> Any:
    from ..ragged.tensor import RaggedTensor
    return RaggedTensor


def _rank(x: Any, words: str) -> int:
    if x.shape.rank is None:
        raise ValueError(words)
    return int(x.shape.rank)


def _strings_or_ragged(input: Any) -> Any:
    return input if hasattr(input, "flat_values") else as_strings(input)


def _each_row(x: Any, of_vector: Callable[[Any], Any], words: str) -> Any:
    """A function that gives a vector of strings one ragged row each, for strings of any shape; `x` is no scalar."""
    if hasattr(x, "flat_values"):
        flat = x.flat_values
        return x.with_flat_values(of_vector(flat) if _rank(flat, words) == 1 else _each_row(flat, of_vector, words))
    rank = _rank(x, words)
    if rank == 1:
        return of_vector(x)
    whole = _ragged_class().from_tensor(x, ragged_rank=rank - 1)
    return whole.with_flat_values(of_vector(whole.flat_values))


def _one(x: Any) -> Any:
    """A scalar as a vector of one."""
    from ..arrays import stack
    return stack([x])


# Splitting.


def split(input: Any, sep: Any = None, maxsplit: int = -1, name: str | None = None) -> Any:
    """The parts of strings between separators.

    Args:
      input: strings of any shape.
      sep: the separator, which separates as a whole; white space, of any length, where missing.
      maxsplit: how often to split at most; -1 for as often as possible.

    Returns:
      A vector for a scalar; else a ragged tensor with one axis more. Strings of unknown rank count as a vector.
    """
    x = _strings_or_ragged(input)
    words = "Rank of `input` must be statically known."

    def of_vector(v: Any) -> Any:
        indices, values, _ = _split(v, sep, maxsplit, name_for(None, input))
        return _ragged_class().from_value_rowids(values, indices[:, 0], nrows=shape_op(v, dtypes.int64)[0], validate=False)
    with name_scope(name or "StringSplit"):
        if hasattr(x, "flat_values") or x.shape.rank not in (0, None):
            return _each_row(x, of_vector, words)
        return of_vector(x) if x.shape.rank is None else _split(_one(x), sep, maxsplit, None)[1]


def _split(x: Any, sep: Any, maxsplit: int, name: str | None) -> Any:
    separator = as_strings("" if sep is None else sep)
    return apply(string_split_v2, (x, separator), {"maxsplit": int(maxsplit)}, name)


def _sparse(parts: Any) -> Any:
    from ..sparse.tensor import SparseTensor
    return SparseTensor(*parts)


def _check_result_type(result_type: str) -> None:
    if result_type not in ("SparseTensor", "RaggedTensor"):
        raise ValueError("result_type must be 'RaggedTensor' or 'SparseTensor'.")


def split_v1(input: Any = None, sep: Any = None, maxsplit: int = -1, result_type: str = "SparseTensor", source: Any = None,
             name: str | None = None) -> Any:
    """`split` as TensorFlow 1 had it: a sparse tensor unless told otherwise.

    Args:
      result_type: "SparseTensor" or "RaggedTensor".
      source: an older name of `input`.

    Raises:
      ValueError: another type of result; not even the rank of `input` is known.
    """
    _check_result_type(result_type)
    x = _strings_or_ragged(source if input is None else input)
    if not hasattr(x, "flat_values"):
        if x.shape.rank == 0:
            x = _one(x)
        if result_type == "SparseTensor" and x.shape.rank == 1:
            return _sparse(_split(x, sep, maxsplit, name))
    found = split(x, sep, maxsplit, name)
    return found.to_sparse() if result_type == "SparseTensor" else found


def string_split_v1(source: Any, sep: Any = None, skip_empty: bool = True, delimiter: Any = None,
                    result_type: str = "SparseTensor", name: str | None = None) -> Any:
    """The parts of a vector of strings between separators, each byte of which separates.

    Args:
      sep: the bytes that separate, a blank where missing; all bytes stand alone where it is empty.
      skip_empty: whether to leave empty parts out.
      delimiter: an older name of `sep`.
      result_type: "SparseTensor" or "RaggedTensor".

    Raises:
      ValueError: another type of result. InvalidArgumentError: `source` is not a vector.
    """
    _check_result_type(result_type)
    given = delimiter if sep is None else sep
    x = as_strings(source)
    with name_scope(name or "StringSplit"):
        parts = apply(string_split, (x, as_strings(" " if given is None else given)), {"skip_empty": bool(skip_empty)},
                      name_for(None, source))
    if result_type == "SparseTensor":
        return _sparse(parts)
    return _ragged_class().from_value_rowids(parts[1], parts[0][:, 0], nrows=parts[2][0], validate=False)


def bytes_split(input: Any, name: str | None = None) -> Any:
    """The bytes of strings, each a string.

    Returns:
      A vector for a scalar; else a ragged tensor with one axis more.

    Raises:
      ValueError: not even the rank of `input` is known.
    """
    x = _strings_or_ragged(input)
    words = "input must have a statically-known rank."

    def of_vector(v: Any) -> Any:
        parts = apply(string_split, (v, as_strings("")), {"skip_empty": False}, name_for(None, input))
        return _ragged_class().from_value_rowids(parts[1], parts[0][:, 0], nrows=parts[2][0], validate=False)
    with name_scope(name or "StringsByteSplit"):
        if not hasattr(x, "flat_values") and _rank(x, words) == 0:
            return of_vector(_one(x)).values
        return _each_row(x, of_vector, words)


# N-grams.


def ngrams(data: Any, ngram_width: Any, separator: str = " ", pad_values: Any = None, padding_width: int | None = None,
           preserve_short_sequences: bool = False, name: str | None = None) -> Any:
    """Neighbouring strings of each row joined.

    Args:
      data: strings, rows along the last axis; a tensor or ragged tensor.
      ngram_width: how many are joined, or a list of several numbers.
      separator: what stands between them.
      pad_values: what stands before and behind each row, a string or two.
      padding_width: how often; one less than `ngram_width` unless told otherwise, and never more.
      preserve_short_sequences: whether a row that is too short gives itself as a whole.

    Returns:
      As `data`, with the n-grams along the last axis.

    Raises:
      TypeError: padding that is not text.
      ValueError: a width below one; a padding width without padding; a scalar, or not even the rank of `data` is known.
    """
    pads = _pads(pad_values)
    if padding_width is not None and padding_width < 1:
        raise ValueError("padding_width must be greater than 0.")
    if padding_width is not None and pad_values is None:
        raise ValueError("pad_values must be provided if padding_width is set.")
    widths = list(ngram_width) if isinstance(ngram_width, (list, tuple)) else [ngram_width]
    if any(w < 1 for w in widths):
        raise ValueError(f"All ngram_widths must be greater than 0. Got {ngram_width}")
    x = _strings_or_ragged(data)
    width = 0 if pad_values is None else -1 if padding_width is None else padding_width
    attrs = {"separator": separator, "ngram_widths": widths, "left_pad": pads[0], "right_pad": pads[1], "pad_width": width,
             "preserve_short_sequences": bool(preserve_short_sequences)}

    def rows(ragged: Any) -> Any:
        if ragged.ragged_rank > 1:
            return ragged.with_values(rows(ragged.values))
        found, splits = apply(string_ngrams, (ragged.flat_values, ragged.row_splits), attrs, name)
        return _ragged_class().from_row_splits(found, splits, validate=False)
    if hasattr(x, "flat_values"):
        return rows(x)
    rank = _rank(x, "Rank of data must be known.")
    if not rank:
        raise ValueError("Data must have rank>0")
    if rank == 1:
        return rows(_ragged_class().from_row_starts(x, [0], validate=False))[0]
    from ..arithmetic import maximum
    from ..arrays import concat, reshape
    from ..casting import cast
    from ..creation import size
    from ..reductions import reduce_prod
    found = rows(_ragged_class().from_tensor(x, ragged_rank=rank - 1)).flat_values
    lead = shape_op(x)[:-1]
    count = reduce_prod(lead)
    per_row = size(found) // maximum(count, 1)
    if rank == 2:  # as wide as one n-gram where there are no rows
        per_row = maximum(per_row, cast(count < 1, per_row.dtype))
    return reshape(found, concat([lead, [per_row]], 0))


def _pads(pad_values: Any) -> tuple[Any, Any]:
    if pad_values is None:
        return "", ""
    pair = tuple(pad_values) if isinstance(pad_values, (list, tuple)) else (pad_values, pad_values)
    if not all(isinstance(p, (str, bytes)) for p in pair[:2]):
        raise TypeError("pad_values must be a string, tuple of strings, or None.")
    return pair[0], pair[1]


# Characters.


def _decode(op: Any, input: Any, input_encoding: str, errors: str, replacement_char: int, replace_control_characters: bool,
            name: str | None, convert: Callable[[Any], Any] = lambda codes: codes) -> Any:
    """The code points of strings, and where they start if `op` tells, as tensors or ragged tensors."""
    x = _strings_or_ragged(input)
    attrs = {"input_encoding": input_encoding, "errors": check_word(op, "errors", errors),
             "replacement_char": int(replacement_char), "replace_control_characters": bool(replace_control_characters),
             "Tsplits": dtypes.int64}
    words = "Rank of `input` must be statically known."
    flat = x.flat_values if hasattr(x, "flat_values") else x
    if hasattr(x, "flat_values") or _rank(x, words) > 1:
        whole = x if hasattr(x, "flat_values") else _ragged_class().from_tensor(x, ragged_rank=_rank(x, words) - 1)
        flat = whole.flat_values
        if _rank(flat, words) > 1:
            flat = _ragged_class().from_tensor(flat, ragged_rank=_rank(flat, words) - 1)
            whole, flat = whole.with_flat_values(flat), flat.flat_values
    splits, codes, *starts = apply(op, (flat,), attrs, name_for(name, input))
    parts = [convert(codes), *starts]
    if not hasattr(x, "flat_values") and _rank(x, words) == 0:
        return parts
    made = [_ragged_class().from_row_splits(part, splits, validate=False) for part in parts]
    return made if flat is x else [whole.with_flat_values(m) for m in made]


def unicode_decode(input: Any, input_encoding: str, errors: str = "replace", replacement_char: int = 65533,
                   replace_control_characters: bool = False, name: str | None = None) -> Any:
    """The code points of strings, int32.

    Args:
      input: strings of any shape.
      input_encoding: any that Python knows.
      errors: what to do about bytes that are no character: "strict" raises, "replace" gives `replacement_char`,
        "ignore" leaves them out.
      replace_control_characters: whether control characters (below 32) count as errors.

    Returns:
      A vector for a scalar; else a ragged tensor with one axis more.

    Raises:
      InvalidArgumentError: an encoding or a word that is not known; with "strict", bytes that are no character.
      ValueError: not even the rank of `input` is known.
    """
    return _decode(unicode_decode_, input, input_encoding, errors, replacement_char, replace_control_characters, name)[0]


def unicode_decode_with_offsets(input: Any, input_encoding: str, errors: str = "replace", replacement_char: int = 65533,
                                replace_control_characters: bool = False, name: str | None = None) -> tuple[Any, Any]:
    """`unicode_decode`, and the int64 places in the strings where the characters start.

    Raises:
      InvalidArgumentError, ValueError: as `unicode_decode`.
    """
    codes, starts = _decode(unicode_decode_with_offsets_, input, input_encoding, errors, replacement_char,
                            replace_control_characters, name)
    return codes, starts


def _as_characters(encoding: str, errors: str, replacement_char: int) -> Callable[[Any], Any]:
    """The function that makes a string of each code point in a vector."""
    def convert(codes: Any) -> Any:
        from ..ranges import range as range_op
        attrs = {"errors": errors, "output_encoding": check_word(unicode_encode_, "output_encoding", encoding),
                 "replacement_char": int(replacement_char), "Tsplits": dtypes.int32}
        return apply(unicode_encode_, (codes, range_op(size(codes) + 1)), attrs)
    return convert


def unicode_split(input: Any, input_encoding: str, errors: str = "replace", replacement_char: int = 65533,
                  name: str | None = None) -> Any:
    """The characters of strings, each a string in the same encoding: "UTF-8", "UTF-16-BE" or "UTF-32-BE".

    Arguments, result and errors are otherwise those of `unicode_decode`.
    """
    return _decode(unicode_decode_, input, input_encoding, errors, replacement_char, False, name,
                   _as_characters(input_encoding, errors, replacement_char))[0]


def unicode_split_with_offsets(input: Any, input_encoding: str, errors: str = "replace", replacement_char: int = 65533,
                               name: str | None = None) -> tuple[Any, Any]:
    """`unicode_split`, and the int64 places in the strings where the characters start."""
    parts, starts = _decode(unicode_decode_with_offsets_, input, input_encoding, errors, replacement_char, False, name,
                            _as_characters(input_encoding, errors, replacement_char))
    return parts, starts


def unicode_encode(input: Any, output_encoding: str, errors: str = "replace", replacement_char: int = 65533,
                   name: str | None = None) -> Any:
    """The strings that code points along the last axis are the characters of.

    Args:
      input: int32 code points; a tensor or ragged tensor.
      output_encoding: "UTF-8", "UTF-16-BE" or "UTF-32-BE".
      errors: what to do about numbers that are no character: "strict" raises, "replace" takes `replacement_char`,
        "ignore" leaves them out.

    Returns:
      The shape of `input` without its last axis.

    Raises:
      ValueError: a scalar, or not even the rank of `input` is known.
      InvalidArgumentError: another encoding; with "strict", numbers that are no character.
    """
    attrs = {"errors": check_word(unicode_encode_, "errors", errors),
             "output_encoding": check_word(unicode_encode_, "output_encoding", output_encoding),
             "replacement_char": int(replacement_char)}
    x = input if hasattr(input, "flat_values") else convert_to_tensor(input)
    rank = _rank(x, "Rank of input_tensor must be statically known.")
    if not rank:
        raise ValueError("input_tensor's rank must be at least 1.")
    with name_scope(name or "UnicodeEncode"):
        return _encode(x, rank, attrs, name_for(None, input))


def _encode(x: Any, rank: int, attrs: dict[str, Any], name: str | None) -> Any:
    from ..arrays import reshape
    if hasattr(x, "flat_values"):
        inner = x.values
        if hasattr(inner, "flat_values") or inner.shape.rank > 1:
            return x.with_values(_encode(inner, rank - 1, attrs, name))
        return apply(unicode_encode_, (inner, x.row_splits), {**attrs, "Tsplits": x.row_splits.dtype}, name)
    if rank == 1:
        splits = convert_to_tensor([0, size(x, dtypes.int64)], dtypes.int64)
        return reshape(apply(unicode_encode_, (x, splits), {**attrs, "Tsplits": dtypes.int64}, name), [])
    if rank == 2:
        return _encode(_ragged_class().from_tensor(x), rank, attrs, name)
    lead = shape_op(x)
    rows = _encode(reshape(x, [-1, lead[-1]]), 2, attrs, name)
    return reshape(rows, lead[:-1])
