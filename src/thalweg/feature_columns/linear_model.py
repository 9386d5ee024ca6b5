"""`linear_model` of TensorFlow 1: a weighted sum of everything that columns have to say."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..v1.building import builds
from ..v1.collections import GraphKeys, get_collection
from ..v1.framework import name_scope
from ..v1.initializers import Zeros
from ..v1.scopes import get_variable, variable_scope
from .base import CategoricalColumn
from .cache import FeatureTransformationCache
from .layers import check_one_batch, collections_of, columns_of, flattened
from .shared_embeddings import SharedEmbeddingColumn, refuse_layers
from .states import StateManager


@builds
def linear_model(features: Any, feature_columns: Any, units: int = 1, sparse_combiner: str = "sum",
                 weight_collections: Any = None, trainable: bool = True, cols_to_vars: dict[Any, Any] | None = None) -> Any:
    """A linear model: a weight for each number and each id, and a bias. The weights begin with zeros.

    Args:
      features: for each key a tensor or sparse tensor, `[batch, ...]`.
      feature_columns: dense and categorical columns.
      units: how many sums there are.
      sparse_combiner: how the weights of several ids of a categorical column are combined: "sum", "mean" or "sqrtn".
      weight_collections: collections that the variables join, beside the graph's own.
      trainable: False keeps all variables from being trained.
      cols_to_vars: gets for each column the list of its variables, and for "bias" that of the bias.

    Returns:
      float32 `[batch, units]`.

    Raises:
      ValueError: other columns, none, or two of one name; a feature is missing; batches of different sizes.
    """
    columns = columns_of(feature_columns)
    for column in columns:
        if isinstance(column, SharedEmbeddingColumn):
            refuse_layers()
    columns.sort(key=lambda column: str(column.name))
    name = _unused("linear_model")
    named = sorted(((_unused(column._var_scope_name), column) for column in columns), key=lambda pair: pair[0])
    states = StateManager(collections_of(weight_collections), trainable)
    cache = FeatureTransformationCache(features)
    sums = []
    with name_scope(name), variable_scope(name):
        for scope, column in named:
            with variable_scope(scope) as inner:
                sums.append(_weighted_sum(column, cache, states, units, sparse_combiner))
                if cols_to_vars is not None:
                    cols_to_vars[column] = get_collection(GraphKeys.GLOBAL_VARIABLES, inner.name)
        check_one_batch(sums, [column for _, column in named])
        total = tf.add_n(sums, name="weighted_sum_no_bias")
        bias = _weights("bias_weights", [units], states)
        if cols_to_vars is not None:
            cols_to_vars["bias"] = [bias]
        return tf.nn.bias_add(total, bias, name="weighted_sum")


def _unused(label: str) -> str:
    """The name that a scope of this label gets here."""
    with variable_scope(None, default_name=label) as scope:
        return str(scope.name).rpartition("/")[2]


def _weights(name: str, shape: list[Any], states: StateManager) -> Any:
    return get_variable(name, shape, initializer=Zeros(), trainable=states.trainable, collections=states.collections)


def _weighted_sum(column: Any, cache: Any, states: StateManager, units: int, combiner: str) -> Any:
    if not isinstance(column, CategoricalColumn):
        weights = _weights("weights", [column.variable_shape.num_elements(), units], states)
        column.create_state(states)
        return tf.matmul(flattened(column.get_dense_tensor(cache, states), column), weights, name="weighted_sum")
    weights = _weights("weights", [column.num_buckets, units], states)
    ids, scale = (x if x is None else tf.sparse.reshape(x, [tf.shape(x)[0], -1])
                  for x in column.get_sparse_tensors(cache, states))
    return tf.nn.safe_embedding_lookup_sparse(weights, ids, scale, combiner=combiner, name="weighted_sum")
