"""Rows without elements get one."""
from __future__ import annotations

from typing import Any

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from .kernels import fill_rows, fill_rows_grad


def ragged_fill_empty_rows(value_rowids: Any, values: Any, nrows: Any, default_value: Any,
                           name: str | None = None) -> tuple[Any, Any, Any, Any]:
    """Puts a value into every row that has none.

    Args:
      value_rowids: int64, the row of each value.
      values: a vector.
      nrows: int64, the number of rows.
      default_value: what goes into empty rows.

    Returns:
      The row ids and values of the result, whether each row was empty, and where each given value is now.

    Raises:
      InvalidArgumentError: a row id that is no row.
    """
    values = convert_to_tensor(values)
    return apply(fill_rows, (convert_to_tensor(value_rowids, dtypes.int64), values,  # type: ignore[no-any-return]
                             convert_to_tensor(nrows, dtypes.int64), convert_to_tensor(default_value, values.dtype)),
                 name=name)


def ragged_fill_empty_rows_grad(reverse_index_map: Any, grad_values: Any, name: str | None = None) -> tuple[Any, Any]:
    """The gradient of `ragged_fill_empty_rows` for its values and for its default value."""
    return apply(fill_rows_grad, (convert_to_tensor(reverse_index_map, dtypes.int64),  # type: ignore[no-any-return]
                                  convert_to_tensor(grad_values)), name=name)
