"""What the categorical columns of one feature have in common."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .base import CategoricalColumn


class KeyedColumn(CategoricalColumn):
    """A categorical column of the feature `key`, whose transformation is the sparse tensor of ids."""

    key: str
    dtype: Any

    @property
    def name(self) -> str:
        return str(self.key)

    @property
    def parents(self) -> list[Any]:
        return [self.key]

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        return {self.key: tf.io.VarLenFeature(self.dtype)}

    def get_sparse_tensors(self, transformation_cache: Any, state_manager: Any) -> Any:
        return self.IdWeightPair(transformation_cache.get(self, state_manager), None)
