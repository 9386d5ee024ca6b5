"""`make_parse_example_spec`: what a parser has to be told to read the features of columns."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .base import CategoricalColumn, DenseColumn, FeatureColumn


def make_parse_example_spec(feature_columns: Iterable[Any]) -> dict[str, Any]:
    """For each key of the columns' features what `tf.io.parse_example` has to be told.

    Raises:
      ValueError: something else than columns, or columns that want one feature in different ways.
    """
    spec: dict[str, Any] = {}
    for column in feature_columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError(f"All feature_columns must be FeatureColumn instances. Given: {column}")
        _add(spec, column.parse_example_spec)
    return spec


def make_parse_example_spec_v1(feature_columns: Iterable[Any]) -> dict[str, Any]:
    """`make_parse_example_spec` for the columns that TensorFlow 1's layers take."""
    spec: dict[str, Any] = {}
    for column in feature_columns:
        if not isinstance(column, (DenseColumn, CategoricalColumn)):
            raise ValueError(f"All feature_columns must be _FeatureColumn instances. Given: {column}")
        _add(spec, column._parse_example_spec)
    return spec


def _add(spec: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if key in spec and spec[key] != value:
            raise ValueError(f"feature_columns contain different parse_spec for key {key}. Given {value} and {spec[key]}")
    spec.update(more)
