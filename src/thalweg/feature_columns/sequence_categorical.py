"""`sequence_categorical_column_with_*`: sequences of ids."""
from __future__ import annotations

import collections
from typing import Any

import thalweg as tf

from .base import CategoricalColumn, OverCategorical
from .hashed import categorical_column_with_hash_bucket
from .identity import categorical_column_with_identity
from .vocabulary_file import categorical_column_with_vocabulary_file
from .vocabulary_list import categorical_column_with_vocabulary_list


class SequenceCategoricalColumn(OverCategorical, CategoricalColumn, collections.namedtuple("SequenceCategoricalColumn", (
        "categorical_column",))):
    """A categorical column whose second dimension is that of steps."""

    @property
    def name(self) -> str:
        return str(self.categorical_column.name)

    @property
    def num_buckets(self) -> Any:
        return self.categorical_column.num_buckets

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        return self.categorical_column.transform_feature(transformation_cache, state_manager)

    def get_sparse_tensors(self, transformation_cache: Any, state_manager: Any) -> Any:
        """The ids, `[batch, steps, n]`."""
        pair = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager)
        shape = tf.shape(pair.id_tensor)
        shape = [shape[0], shape[1], tf.reduce_prod(shape[2:])]
        weights = None if pair.weight_tensor is None else tf.sparse.reshape(pair.weight_tensor, shape)
        return self.IdWeightPair(tf.sparse.reshape(pair.id_tensor, shape), weights)


def sequence_categorical_column_with_identity(key: Any, num_buckets: Any, default_value: Any = None
                                              ) -> SequenceCategoricalColumn:
    """Sequences of ids, see `categorical_column_with_identity`."""
    return SequenceCategoricalColumn(categorical_column_with_identity(key, num_buckets, default_value))


def sequence_categorical_column_with_hash_bucket(key: Any, hash_bucket_size: Any, dtype: Any = tf.string
                                                 ) -> SequenceCategoricalColumn:
    """Sequences of hashes, see `categorical_column_with_hash_bucket`."""
    return SequenceCategoricalColumn(categorical_column_with_hash_bucket(key, hash_bucket_size, dtype))


def sequence_categorical_column_with_vocabulary_file(key: Any, vocabulary_file: Any, vocabulary_size: Any = None,
                                                     num_oov_buckets: Any = 0, default_value: Any = None,
                                                     dtype: Any = tf.string) -> SequenceCategoricalColumn:
    """Sequences of the numbers of lines, see `categorical_column_with_vocabulary_file`."""
    return SequenceCategoricalColumn(categorical_column_with_vocabulary_file(
        key, vocabulary_file, vocabulary_size, dtype, default_value, num_oov_buckets))


def sequence_categorical_column_with_vocabulary_list(key: Any, vocabulary_list: Any, dtype: Any = None,
                                                     default_value: Any = -1, num_oov_buckets: Any = 0
                                                     ) -> SequenceCategoricalColumn:
    """Sequences of places in a list, see `categorical_column_with_vocabulary_list`."""
    return SequenceCategoricalColumn(categorical_column_with_vocabulary_list(
        key, vocabulary_list, dtype, default_value, num_oov_buckets))
