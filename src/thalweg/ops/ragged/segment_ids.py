"""Row splits as row ids, and the other way round."""
from __future__ import annotations

from typing import Any

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.scopes import name_scope
from ..casting import cast
from .partition import RowPartition


def row_splits_to_segment_ids(splits: Any, name: str | None = None, out_type: Any = None) -> Any:
    """The row of each value, for splits: `[0, 3, 3, 5]` gives `[0, 0, 0, 2, 2]`.

    Args:
      splits: a sorted vector that begins with 0.
      out_type: the dtype of the result, that of `splits` unless given.

    Raises:
      ValueError: an empty list, or a dtype that is no index.
    """
    with name_scope(name or "RaggedSplitsToSegmentIds"):
        given = convert_to_tensor(splits, dtype_hint=dtypes.int64)
        if given.dtype not in (dtypes.int32, dtypes.int64):
            raise ValueError("splits must have dtype int32 or int64")
        given.shape.assert_has_rank(1)
        if given.shape[0] == 0:
            raise ValueError("Invalid row_splits: []")
        wanted = given.dtype if out_type is None else dtypes.as_dtype(out_type)
        return cast(RowPartition.from_row_splits(given, validate=False).value_rowids(), wanted)


def segment_ids_to_row_splits(segment_ids: Any, num_segments: Any = None, out_type: Any = None,
                              name: str | None = None) -> Any:
    """The splits for the rows of values: `[0, 0, 0, 2, 2]` gives `[0, 3, 3, 5]`.

    Args:
      segment_ids: a sorted vector.
      num_segments: the number of rows, one more than the last id unless given.
      out_type: the dtype of the result, that of `segment_ids` unless given.

    Raises:
      TypeError: ids that are no integers.
    """
    with name_scope(name or "SegmentIdsToRaggedSplits"):
        ids = convert_to_tensor(segment_ids, dtype_hint=dtypes.int64)
        if ids.dtype not in (dtypes.int32, dtypes.int64):
            raise TypeError(f"Argument `tensor` (name: segment_ids) must be of type integer. Received `tensor` = {ids} of "
                            f"dtype: {ids.dtype!r}")
        ids.shape.assert_has_rank(1)
        splits = RowPartition.from_value_rowids(ids, num_segments, validate=False).row_splits()
        wanted = ids.dtype if out_type is None else dtypes.as_dtype(out_type)
        return cast(splits, wanted)
