"""`tf.sparse` of TensorFlow 1: the functions whose arguments it named or ordered differently."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.sparse.maths": "matmul=sparse_dense_matmul",
    "ops.sparse.v1": "add concat merge reduce_max reduce_max_sparse reduce_sum reduce_sum_sparse split",
    "ops.sparse_segment": "segment_mean=sparse_segment_mean_v1 segment_sqrt_n=sparse_segment_sqrt_n_v1 "
        "segment_sum=sparse_segment_sum_v1",
    "v1.sparse_tensors": "placeholder=sparse_placeholder",
})
