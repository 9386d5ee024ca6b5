"""What both columns of vocabularies do: look words up in a table."""
from __future__ import annotations

import abc
from typing import Any

import thalweg as tf

from .checks import check_compatible, check_string_or_integer
from .keyed import KeyedColumn
from .sparse_inputs import to_sparse


class VocabularyColumn(KeyedColumn):
    """A categorical column whose ids are the places of its values in a vocabulary."""

    num_oov_buckets: int
    default_value: int

    @abc.abstractmethod
    def _contents(self, key_dtype: Any) -> Any:
        """The initializer of the table."""

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        sp = to_sparse(transformation_cache.get(self.key, state_manager))
        check_compatible(self.dtype, sp.dtype, self.key)
        check_string_or_integer(sp.dtype, f"column_name: {self.key} input_tensor")
        if sp.dtype.is_integer:
            sp = sp.with_values(tf.cast(sp.values, tf.int64))
        return self._table(tf.int64 if sp.dtype.is_integer else self.dtype, state_manager).lookup(sp)

    def _table(self, key_dtype: Any, state_manager: Any) -> Any:
        name = f"{self.key}_lookup"
        if state_manager is not None and state_manager.has_resource(self, name):
            return state_manager.get_resource(self, name)
        with tf.init_scope(), tf.name_scope(name):
            contents = self._contents(key_dtype)
            table = (tf.lookup.StaticVocabularyTable(contents, self.num_oov_buckets) if self.num_oov_buckets else
                     tf.lookup.StaticHashTable(contents, self.default_value))
        if state_manager is not None:
            state_manager.add_resource(self, name, table)
        return table


def check_outside(num_oov_buckets: Any, given_default: bool, key: Any) -> None:
    """Raises a ValueError for a default beside buckets for unknown words, or for less than no buckets."""
    if num_oov_buckets:
        if given_default:
            raise ValueError(f"Can't specify both num_oov_buckets and default_value in {key}.")
        if num_oov_buckets < 0:
            raise ValueError(f"Invalid num_oov_buckets {num_oov_buckets} in {key}.")
