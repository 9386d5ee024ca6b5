"""`shared_embeddings`: columns with one matrix of learned vectors."""
from __future__ import annotations

import collections
import weakref
from typing import Any

import thalweg as tf

from ..v1.collections import graph
from ..v1.scopes import get_variable
from .base import DenseColumn, OverCategorical, SequenceDenseColumn
from .embedding import checked_initializer, load_weights, vectors
from .sequences import check_no_sequence, check_sequence
from .sharing import check_alike, check_graph, shared_name
from .sparse_inputs import sequence_length


class SharedEmbeddingColumnCreator(tf.Module):  # type: ignore[misc]
    """Makes the columns, and has the matrix that they share: one in every graph."""

    def __init__(self, dimension: Any, initializer: Any, ckpt_to_load_from: Any, tensor_name_in_ckpt: Any, num_buckets: Any,
                 trainable: bool, name: str = "shared_embedding_column_creator",
                 use_safe_embedding_lookup: bool = True) -> None:
        self._dimension = dimension
        self._initializer = initializer
        self._checkpoint = ckpt_to_load_from, tensor_name_in_ckpt
        self._num_buckets = num_buckets
        self._trainable = trainable
        self._shared_name = name
        self._use_safe_embedding_lookup = use_safe_embedding_lookup
        self._weights: Any = weakref.WeakKeyDictionary()

    def __call__(self, categorical_column: Any, combiner: str, max_norm: Any) -> SharedEmbeddingColumn:
        return SharedEmbeddingColumn(categorical_column, self, combiner, max_norm, self._use_safe_embedding_lookup)

    @property
    def embedding_weights(self) -> Any:
        """The matrix, made in the graph that is open if it has none yet."""
        here = graph()
        if here not in self._weights:
            self._weights[here] = get_variable(self._shared_name, (self._num_buckets, self._dimension), tf.float32,
                                               self._initializer, trainable=self._trainable)
            load_weights(self._weights[here], *self._checkpoint)
        return self._weights[here]

    @property
    def dimension(self) -> Any:
        """The length of the vectors."""
        return self._dimension


class SharedEmbeddingColumn(OverCategorical, DenseColumn, SequenceDenseColumn, collections.namedtuple("SharedEmbeddingColumn", (
        "categorical_column", "shared_embedding_column_creator", "combiner", "max_norm", "use_safe_embedding_lookup"))):
    """See `shared_embeddings`."""

    def __new__(cls, categorical_column: Any, shared_embedding_column_creator: Any, combiner: Any, max_norm: Any,
                use_safe_embedding_lookup: Any = True) -> SharedEmbeddingColumn:
        return super().__new__(cls, categorical_column, shared_embedding_column_creator, combiner, max_norm,
                               use_safe_embedding_lookup)

    @property
    def name(self) -> str:
        return f"{self.categorical_column.name}_shared_embedding"

    @property
    def _parse_example_spec(self) -> dict[str, Any]:
        refuse_layers()
        return {}

    @property
    def variable_shape(self) -> Any:
        return tf.TensorShape([self.shared_embedding_column_creator.dimension])

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        return transformation_cache.get(self.categorical_column, state_manager)

    def _vectors(self, pair: Any) -> Any:
        with tf.name_scope(self.name):
            return vectors(self, self.shared_embedding_column_creator.embedding_weights, pair)

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        check_no_sequence(self, "embedding_column")
        return self._vectors(self.categorical_column.get_sparse_tensors(transformation_cache, state_manager))

    def get_sequence_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        check_sequence(self, "embedding_column")
        pair = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager)
        return self.TensorSequenceLengthPair(self._vectors(pair), sequence_length(pair.id_tensor))

    def get_config(self) -> dict[str, Any]:
        """Raises a NotImplementedError: the matrix belongs to several columns."""
        raise NotImplementedError("Columns that share their vectors have no configuration of their own.")


def refuse_layers() -> None:
    """Says that TensorFlow 1's layers do not take these columns."""
    raise ValueError("SharedEmbeddingColumns are not supported in `linear_model` or `input_layer`. Please use `DenseFeatures` "
                     "or `LinearModel` instead.")


def shared_embeddings(categorical_columns: Any, dimension: Any, combiner: str = "mean", initializer: Any = None,
                      shared_embedding_collection_name: str | None = None, ckpt_to_load_from: str | None = None,
                      tensor_name_in_ckpt: str | None = None, max_norm: Any = None, trainable: bool = True,
                      use_safe_embedding_lookup: bool = True) -> list[SharedEmbeddingColumn]:
    """Columns like those of `embedding_column`, see there, whose vectors are in one matrix.

    Args:
      categorical_columns: columns of one kind with equally many ids; weights and sequences may make a difference.
      shared_embedding_collection_name: the name of the matrix; made from the names of the columns unless told otherwise.

    Returns:
      A column for each categorical one.

    Raises:
      RuntimeError: outside graphs.
      ValueError: columns that cannot share vectors, and as `embedding_column`.
    """
    check_graph()
    initializer = checked_initializer(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt)
    ordered = check_alike(categorical_columns, "CategoricalColumn")
    creator = SharedEmbeddingColumnCreator(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt,
                                           ordered[0].num_buckets, trainable,
                                           shared_name(shared_embedding_collection_name, ordered), use_safe_embedding_lookup)
    return [creator(column, combiner, max_norm) for column in categorical_columns]
