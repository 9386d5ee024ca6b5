"""Columns as plain values: what `get_config` gives and `from_config` takes."""
from __future__ import annotations

import importlib
import types
from typing import Any

import thalweg as tf

_HOMES = {
    "BucketizedColumn": "bucketized", "CrossedColumn": "crossed", "EmbeddingColumn": "embedding",
    "HashedCategoricalColumn": "hashed", "IdentityCategoricalColumn": "identity", "IndicatorColumn": "indicator",
    "NumericColumn": "numeric", "SequenceCategoricalColumn": "sequence_categorical",
    "SequenceNumericColumn": "sequence_numeric", "SharedEmbeddingColumn": "shared_embeddings",
    "VocabularyFileCategoricalColumn": "vocabulary_file", "VocabularyListCategoricalColumn": "vocabulary_list",
    "WeightedCategoricalColumn": "weighted",
}
"""In which module the class of a column is."""


def saved(value: Any) -> Any:
    """An argument of a column as a plain value."""
    if hasattr(value, "transform_feature"):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    if isinstance(value, tf.DType):
        return value.name
    if isinstance(value, tuple):
        return tuple(saved(x) for x in value)
    return _saved_object(value) if callable(value) else value


def _saved_object(value: Any) -> Any:
    if hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    if hasattr(value, "__name__"):
        return value.__name__
    raise ValueError("Cannot serialize", value)


def restored(field: str, value: Any, custom_objects: Any = None, columns_by_name: Any = None) -> Any:
    """The argument that `saved` made plain."""
    if field in ("categorical_column", "source_column"):
        return column_from(value, custom_objects, columns_by_name)
    if field == "keys":
        return tuple(column_from(x, custom_objects, columns_by_name) for x in value)
    if field == "dtype":
        return tf.as_dtype(value)
    if field in ("initializer", "normalizer_fn"):
        return _object_from(value, custom_objects or {})
    return tuple(value) if isinstance(value, list) else value


def column_from(config: Any, custom_objects: Any = None, columns_by_name: Any = None) -> Any:
    """The column of a configuration with its class, or one in `columns_by_name` of that class and name; keys as they are.

    Raises:
      ValueError: something else, or an unknown class.
    """
    if isinstance(config, str):
        return config
    if not isinstance(config, dict) or "class_name" not in config or "config" not in config:
        raise ValueError(f"Improper config format: {config}")
    kind = _class_of(config["class_name"], custom_objects or {})
    made = kind.from_config(config["config"], custom_objects=custom_objects, columns_by_name=columns_by_name)
    return made if columns_by_name is None else columns_by_name.setdefault(f"{kind.__name__}:{made.name}", made)


def _class_of(name: str, custom_objects: dict[str, Any]) -> Any:
    if name in custom_objects:
        return custom_objects[name]
    if name not in _HOMES:
        raise ValueError(f"Unknown feature_column_v2: {name}")
    return getattr(importlib.import_module(f"{__package__}.{_HOMES[name]}"), name)


def _object_from(value: Any, custom_objects: dict[str, Any]) -> Any:
    """An initializer or a function."""
    if value is None or isinstance(value, types.FunctionType):
        return value
    name, config = (value["class_name"], value["config"]) if isinstance(value, dict) else (value, {})
    if not isinstance(name, str):
        raise ValueError(f"Could not interpret serialized object: {value}")
    found = custom_objects.get(name)
    if found is None:
        from ..v1 import initializers
        found = getattr(initializers, name, None)
        if not isinstance(found, type):
            raise ValueError(f"Unknown object: {name}")
    if not isinstance(found, type):
        return found
    return found.from_config(config) if hasattr(found, "from_config") else found(**config)
