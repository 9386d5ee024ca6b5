"""What columns on sequences and columns on other features say when they are used for each other."""
from __future__ import annotations

from typing import Any

from .sequence_categorical import SequenceCategoricalColumn


def check_no_sequence(column: Any, kind: str) -> None:
    """Raises a ValueError if a column is asked for a tensor without steps and stands on sequences."""
    inner = column.categorical_column
    if isinstance(inner, SequenceCategoricalColumn):
        raise ValueError(f"In {kind}: {column.name}. categorical_column must not be of type _SequenceCategoricalColumn. "
                         "Suggested fix A: If you wish to use DenseFeatures, use a non-sequence categorical_column_with_*. "
                         "Suggested fix B: If you wish to create sequence input, use SequenceFeatures instead of "
                         f"DenseFeatures. Given (type {type(inner)}): {inner}")


def check_sequence(column: Any, kind: str) -> None:
    """Raises a ValueError if a column is asked for sequences and stands on a feature without steps."""
    inner = column.categorical_column
    if not isinstance(inner, SequenceCategoricalColumn):
        raise ValueError(f"In {kind}: {column.name}. categorical_column must be of type SequenceCategoricalColumn to use "
                         "SequenceFeatures. Suggested fix: Use one of sequence_categorical_column_with_*. Given (type "
                         f"{type(inner)}): {inner}")
