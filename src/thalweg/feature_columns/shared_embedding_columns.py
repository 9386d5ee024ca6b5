"""`shared_embedding_columns` of TensorFlow 1: columns that find the matrix that they share in a collection of the graph."""
from __future__ import annotations

import collections
from typing import Any

import thalweg as tf

from ..v1.building import builds
from ..v1.collections import add_to_collection, get_collection
from .base import DenseColumn, OverCategorical
from .embedding import checked_initializer, load_weights, vectors
from .sequences import check_no_sequence
from .sharing import check_alike, check_graph, shared_name


class _SharedEmbeddingColumn(OverCategorical, DenseColumn, collections.namedtuple("_SharedEmbeddingColumn", (
        "categorical_column", "dimension", "combiner", "initializer", "shared_embedding_collection_name", "ckpt_to_load_from",
        "tensor_name_in_ckpt", "max_norm", "trainable", "use_safe_embedding_lookup"))):

    @property
    def name(self) -> str:
        return f"{self.categorical_column.name}_shared_embedding"

    @property
    def _var_scope_name(self) -> str:
        return str(self.shared_embedding_collection_name)

    @property
    def variable_shape(self) -> Any:
        return tf.TensorShape([self.dimension])

    def transform_feature(self, transformation_cache: Any, state_manager: Any) -> Any:
        return transformation_cache.get(self.categorical_column, state_manager)

    def create_state(self, state_manager: Any) -> None:
        """Makes the matrix, unless a column before has put it into the collection."""
        shape = (self.categorical_column.num_buckets, self.dimension)
        collection = self.shared_embedding_collection_name
        fixes = ("Suggested fix A: Choose a unique name for this collection. Suggested fix B: Do not add any variables to this "
                 "collection. The feature_column library already adds a variable under the hood.")
        found = get_collection(collection)
        if len(found) > 1:
            raise ValueError(f"Collection {found} can only contain one variable. {fixes}")
        if found and found[0].shape != shape:
            raise ValueError(f"Shared embedding collection {collection} contains variable {found[0].name} of unexpected shape "
                             f"{found[0].shape}. Expected shape is {shape}. {fixes}")
        if not found:
            made = state_manager.create_variable(self, "embedding_weights", shape, tf.float32, self.trainable, True,
                                                 self.initializer)
            add_to_collection(collection, made)
            load_weights(made, self.ckpt_to_load_from, self.tensor_name_in_ckpt)

    def get_dense_tensor(self, transformation_cache: Any, state_manager: Any) -> Any:
        check_no_sequence(self, "embedding_column")
        with tf.name_scope(self.name):
            pair = self.categorical_column.get_sparse_tensors(transformation_cache, state_manager)
            return vectors(self, get_collection(self.shared_embedding_collection_name)[0], pair)


@builds
def shared_embedding_columns(categorical_columns: Any, dimension: Any, combiner: str = "mean", initializer: Any = None,
                             shared_embedding_collection_name: str | None = None, ckpt_to_load_from: str | None = None,
                             tensor_name_in_ckpt: str | None = None, max_norm: Any = None, trainable: bool = True,
                             use_safe_embedding_lookup: bool = True) -> list[Any]:
    """Columns like those of `embedding_column`, see there, whose vectors are in one matrix.

    Args:
      categorical_columns: columns of one kind with equally many ids; weights and sequences may make a difference.
      shared_embedding_collection_name: the collection of the graph that the matrix is found in, and its variable scope;
        made from the names of the columns unless told otherwise.

    Returns:
      A column for each categorical one.

    Raises:
      RuntimeError: outside graphs.
      ValueError: columns that cannot share vectors, and as `embedding_column`.
    """
    check_graph()
    initializer = checked_initializer(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt)
    name = shared_name(shared_embedding_collection_name, check_alike(categorical_columns, "_CategoricalColumn"))
    return [_SharedEmbeddingColumn(column, dimension, combiner, initializer, name, ckpt_to_load_from, tensor_name_in_ckpt,
                                   max_norm, trainable, use_safe_embedding_lookup) for column in categorical_columns]
