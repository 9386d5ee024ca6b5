"""`tf.lookup` of TensorFlow 1: tables of the graph that is being built, or of the default graph."""
from __future__ import annotations

from typing import Any

from ..ops.lookup import mutable, tables
from .building import builds


@builds
def StaticHashTable(initializer: Any, default_value: Any, name: str | None = None,
                    experimental_is_anonymous: bool = False) -> Any:
    """A `tf.lookup.StaticHashTable` of the graph; `tf.tables_initializer` fills it."""
    return tables.StaticHashTable(initializer, default_value, name, experimental_is_anonymous)


@builds
def StaticVocabularyTable(initializer: Any, num_oov_buckets: int, lookup_key_dtype: Any = None, name: str | None = None,
                          experimental_is_anonymous: bool = False) -> Any:
    """A `tf.lookup.StaticVocabularyTable` of the graph; `tf.tables_initializer` fills it."""
    return tables.StaticVocabularyTable(initializer, num_oov_buckets, lookup_key_dtype, name, experimental_is_anonymous)


@builds
def MutableHashTable(*args: Any, **kwargs: Any) -> Any:
    """A `tf.lookup.experimental.MutableHashTable` of the graph."""
    return mutable.MutableHashTable(*args, **kwargs)


@builds
def DenseHashTable(*args: Any, **kwargs: Any) -> Any:
    """A `tf.lookup.experimental.DenseHashTable` of the graph."""
    return mutable.DenseHashTable(*args, **kwargs)


class _Experimental:
    """Tables whose contents change."""

    MutableHashTable = staticmethod(MutableHashTable)
    DenseHashTable = staticmethod(DenseHashTable)


experimental = _Experimental()
