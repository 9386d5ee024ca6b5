"""Which columns can share their embeddings."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .base import CategoricalColumn
from .sequence_categorical import SequenceCategoricalColumn
from .weighted import WeightedCategoricalColumn


def check_graph() -> None:
    """Raises a RuntimeError outside graphs."""
    if tf.executing_eagerly():
        raise RuntimeError("shared_embedding_columns are not supported when eager execution is enabled.")


def check_alike(columns: Any, word: str) -> list[Any]:
    """The columns in the order of their names.

    Raises:
      ValueError: columns that are not categorical, not all of one kind, or have different numbers of ids.
    """
    ordered = sorted(columns, key=lambda column: column.name)
    first = ordered[0]
    buckets = first.num_buckets
    if not isinstance(first, CategoricalColumn):
        raise ValueError(f"All categorical_columns must be subclasses of {word}. Given: {first}, of type: {type(first)}")
    first = _innermost(first)
    for column in map(_innermost, ordered[1:]):
        if not isinstance(column, type(first)):
            raise ValueError("To use shared_embedding_column, all categorical_columns must have the same type, or be "
                             "weighted_categorical_column or sequence column of the same type. Given column: "
                             f"{first} of type: {type(first)} does not match given column: {column} of type: {type(column)}")
        if column.num_buckets != buckets:
            raise ValueError("To use shared_embedding_column, all categorical_columns must have the same number of buckets. "
                             f"Given column: {first} with buckets: {buckets} does  not match column: {column} with buckets: "
                             f"{column.num_buckets}")
    return ordered


def _innermost(column: Any) -> Any:
    while isinstance(column, (WeightedCategoricalColumn, SequenceCategoricalColumn)):
        column = column.categorical_column
    return column


def shared_name(given: str | None, ordered: list[Any]) -> str:
    """The name of what columns share."""
    return given or "_".join(column.name for column in ordered) + "_shared_embedding"
