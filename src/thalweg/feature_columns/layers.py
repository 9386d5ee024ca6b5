"""What `input_layer` and `linear_model` have in common."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import thalweg as tf

from ..v1.collections import GraphKeys
from .base import CategoricalColumn, DenseColumn
from .checks import check_distinct


def columns_of(feature_columns: Any) -> list[Any]:
    """A column, or several, as a list.

    Raises:
      ValueError: something else, no columns, or two of one name.
    """
    if isinstance(feature_columns, (DenseColumn, CategoricalColumn)):
        feature_columns = [feature_columns]
    if isinstance(feature_columns, Iterator):
        feature_columns = list(feature_columns)
    if isinstance(feature_columns, Mapping):
        raise ValueError("Expected feature_columns to be iterable, found dict.")
    for column in feature_columns:
        if not isinstance(column, (DenseColumn, CategoricalColumn)):
            raise ValueError(f"Items of feature_columns must be a _FeatureColumn. Given (type {type(column)}): {column}.")
    if not feature_columns:
        raise ValueError("feature_columns must not be empty.")
    check_distinct(feature_columns)
    return list(feature_columns)


def collections_of(weight_collections: Any) -> list[Any]:
    """The collections that weights join."""
    always = (GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES)
    given = list(weight_collections or [])
    return given + [key for key in always if key not in given]


def flattened(x: Any, column: Any) -> Any:
    """The tensor of a column as a matrix: `[batch, numbers]`."""
    return tf.reshape(x, [tf.shape(x)[0], column.variable_shape.num_elements()])


def check_one_batch(tensors: list[Any], columns: list[Any]) -> None:
    """Raises a ValueError if two tensors are known to be of different batches."""
    known = [(x.shape[0], column) for x, column in zip(tensors, columns, strict=True) if x.shape[0] is not None]
    for size, column in known[1:]:
        if size != known[0][0]:
            raise ValueError("Batch size (first dimension) of each feature must be same. Batch size of columns "
                             f"({known[0][1].name}, {column.name}): ({known[0][0]}, {size})")
