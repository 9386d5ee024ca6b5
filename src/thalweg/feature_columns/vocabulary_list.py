"""`categorical_column_with_vocabulary_list`: places in a list as ids."""
from __future__ import annotations

import collections
from typing import Any

import numpy as np

import thalweg as tf

from .checks import check_key, check_string_or_integer
from .vocabularies import VocabularyColumn, check_outside


class VocabularyListCategoricalColumn(VocabularyColumn, collections.namedtuple("VocabularyListCategoricalColumn", (
        "key", "vocabulary_list", "dtype", "default_value", "num_oov_buckets"))):
    """See `categorical_column_with_vocabulary_list`."""

    @property
    def num_buckets(self) -> int:
        return len(self.vocabulary_list) + int(self.num_oov_buckets)

    def _contents(self, key_dtype: Any) -> Any:
        words = tf.constant(list(self.vocabulary_list), key_dtype)
        return tf.lookup.KeyValueTensorInitializer(words, tf.range(len(self.vocabulary_list), dtype=tf.int64))


def categorical_column_with_vocabulary_list(key: Any, vocabulary_list: Any, dtype: Any = None, default_value: Any = -1,
                                            num_oov_buckets: Any = 0) -> VocabularyListCategoricalColumn:
    """A column whose ids are the places of its values in a list.

    Args:
      key: of the feature; empty strings, or -1, are missing values.
      vocabulary_list: the known values, strings or integers.
      dtype: of the feature; that of the list unless told otherwise.
      default_value: the id of unknown values; -1 leaves them out.
      num_oov_buckets: into how many ids behind the list unknown values are hashed instead.

    Raises:
      ValueError: no values, or one twice; values or a dtype of another kind; a default beside buckets; a key that is no
        string.
    """
    if vocabulary_list is None or len(vocabulary_list) < 1:
        raise ValueError(f"vocabulary_list {vocabulary_list} must be non-empty, column_name: {key}")
    if len(set(vocabulary_list)) != len(vocabulary_list):
        raise ValueError(f"Duplicate keys in vocabulary_list {vocabulary_list}, column_name: {key}")
    found = tf.as_dtype(np.array(vocabulary_list).dtype)
    check_outside(num_oov_buckets, default_value != -1, key)
    check_string_or_integer(found, f"column_name: {key} vocabulary")
    if dtype is None:
        dtype = found
    elif dtype.is_integer != found.is_integer:
        raise ValueError(f"dtype {dtype} and vocabulary dtype {found} do not match, column_name: {key}")
    check_string_or_integer(dtype, f"column_name: {key}")
    check_key(key)
    return VocabularyListCategoricalColumn(key, tuple(vocabulary_list), dtype, default_value, num_oov_buckets)
