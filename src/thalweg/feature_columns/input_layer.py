"""`input_layer` of TensorFlow 1: the tensors of dense columns side by side."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..v1.building import builds
from ..v1.collections import GraphKeys, get_collection
from ..v1.scopes import variable_scope
from .base import DenseColumn
from .cache import FeatureTransformationCache
from .layers import check_one_batch, collections_of, columns_of, flattened
from .shared_embeddings import SharedEmbeddingColumn, refuse_layers
from .states import StateManager


@builds
def input_layer(features: Any, feature_columns: Any, weight_collections: Any = None, trainable: bool = True,
                cols_to_vars: dict[Any, Any] | None = None, cols_to_output_tensors: dict[Any, Any] | None = None) -> Any:
    """The input of a model: a matrix with a row for each example.

    Args:
      features: for each key a tensor or sparse tensor, `[batch, ...]`.
      feature_columns: dense columns. They come in the order of their names.
      weight_collections: collections that the variables join, beside the graph's own.
      trainable: False keeps all variables from being trained.
      cols_to_vars: gets for each column the list of its variables.
      cols_to_output_tensors: gets for each column its part of the result.

    Returns:
      float32 `[batch, numbers]`.

    Raises:
      ValueError: other columns, none, or two of one name; a feature is missing; batches of different sizes.
    """
    columns = columns_of(feature_columns)
    for column in columns:
        if not isinstance(column, DenseColumn):
            raise ValueError("Items of feature_columns must be a _DenseColumn. You can wrap a categorical column with an "
                             f"embedding_column or indicator_column. Given: {column}")
        if isinstance(column, SharedEmbeddingColumn):
            refuse_layers()
    columns.sort(key=lambda column: str(column.name))
    states = StateManager(collections_of(weight_collections), trainable)
    cache = FeatureTransformationCache(features)
    found = []
    with variable_scope(None, default_name="input_layer"):
        for column in columns:
            with variable_scope(None, default_name=column._var_scope_name) as scope:
                column.create_state(states)
                output = flattened(column.get_dense_tensor(cache, states), column)
                found.append(output)
                if cols_to_vars is not None:
                    cols_to_vars[column] = get_collection(GraphKeys.GLOBAL_VARIABLES, scope.name)
                if cols_to_output_tensors is not None:
                    cols_to_output_tensors[column] = output
        check_one_batch(found, columns)
        return tf.concat(found, 1)
