"""Embeddings of ragged ids, each row's combined into one."""
from __future__ import annotations

from typing import Any

from ..sparse import lookup as sparse
from .tensor import RaggedTensor
from .values import as_ragged_or_tensor


def _sparse(x: Any) -> Any:
    """Ragged ids or weights as a sparse tensor."""
    if x is None:
        return None
    x = as_ragged_or_tensor(x)
    return x.to_sparse() if isinstance(x, RaggedTensor) else x


def safe_embedding_lookup_sparse(embedding_weights: Any, sparse_ids: Any, sparse_weights: Any = None, *args: Any,
                                 **kwargs: Any) -> Any:
    """`tf.nn.safe_embedding_lookup_sparse` of ragged ids."""
    return sparse.safe_embedding_lookup_sparse(embedding_weights, _sparse(sparse_ids), _sparse(sparse_weights), *args, **kwargs)


def safe_embedding_lookup_sparse_v1(embedding_weights: Any, sparse_ids: Any, sparse_weights: Any = None, *args: Any,
                                    **kwargs: Any) -> Any:
    """TensorFlow 1's `nn.safe_embedding_lookup_sparse` of ragged ids."""
    return sparse.safe_embedding_lookup_sparse_v1(embedding_weights, _sparse(sparse_ids), _sparse(sparse_weights), *args,
                                                  **kwargs)
