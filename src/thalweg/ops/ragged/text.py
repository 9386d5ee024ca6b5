"""Ragged tensors as text in the middle of a program."""
from __future__ import annotations

from typing import Any

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ..arrays import concat
from ..comparison import select
from ..string_format import format as format_tensors
from ..text.joining import reduce_join as join_tensor
from ..text.numbers import as_string
from ..text.regex import regex_replace
from .joining import concat as concat_ragged
from .reductions import reduce_join
from .tensor import RaggedTensor


def ragged_text(x: RaggedTensor, summarize: int = -1) -> Any:
    """The rows in brackets, as a string; of what has more than `2 * summarize` parts only the first and last are shown."""
    flat = x.flat_values
    if flat.dtype == dtypes.string:
        words = join_tensor([_like(flat, "'"), regex_replace(flat, r"(['\\])", r"\\\1"), _like(flat, "'")], 0)
    else:
        words = as_string(flat)
    rows = _rows(x.with_flat_values(words), summarize)
    whole = RaggedTensor.from_row_splits(rows, concat([[0], [x.nrows(dtypes.int32)]], 0), validate=False)
    return _rows(whole, summarize)[0]


def _like(x: Any, text: str) -> Any:
    from ..creation import fill
    from ..creation import shape as shape_op
    return fill(shape_op(x), text)


def _rows(x: Any, summarize: int) -> Any:
    """One string for each element of the first dimension."""
    if not isinstance(x, RaggedTensor):
        if x.shape.rank == 1:
            return x
        x = RaggedTensor.from_tensor(x)
    rows = x.with_values(_rows(x.values, summarize))
    joined = reduce_join(rows, -1, separator=", ")
    if summarize >= 0:
        dots = RaggedTensor.from_row_lengths(_like(joined, "..."), 0 * rows.row_lengths() + 1, validate=False)
        short = concat_ragged([rows[:, :summarize], dots, rows[:, -summarize:]], 1) if summarize else dots
        joined = select(rows.row_lengths() <= 2 * summarize, joined, reduce_join(short, -1, separator=", "))
    return join_tensor([_like(joined, "["), joined, _like(joined, "]")], 0)


def format(template: str, inputs: Any, placeholder: str = "{}", summarize: int = 3, name: str | None = None) -> Any:
    """`tf.strings.format` with ragged tensors among the inputs.

    Raises:
      ValueError: another number of inputs than of placeholders.
    """
    if isinstance(inputs, RaggedTensor):
        inputs = [inputs]
    pieces = template.split(placeholder)
    if len(pieces) != len(inputs) + 1:
        raise ValueError(f"num placeholders in template and num inputs must match: {len(pieces) - 1} vs {len(inputs)}")
    texts: list[Any] = [convert_to_tensor(pieces[0])]
    for x, piece in zip(inputs, pieces[1:], strict=True):
        shown = ragged_text(x, summarize) if isinstance(x, RaggedTensor) else format_tensors("{}", x, "{}", summarize)
        texts += [shown, convert_to_tensor(piece)]
    return join_tensor(texts, 0)
