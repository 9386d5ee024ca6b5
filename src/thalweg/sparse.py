"""tf.sparse: sparse tensors and what can be done with them."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.sparse.tensor": "SparseTensor",
    "ops.sparse.counts": "bincount=sparse_bincount",
    "ops.sparse.cross": "cross cross_hashed",
    "ops.sparse.making": "eye from_dense to_dense to_indicator",
    "ops.sparse.maths": "add maximum minimum reduce_max reduce_sum sampled_addmm softmax sparse_dense_matmul",
    "ops.sparse.parts": "concat fill_empty_rows map_values mask retain slice split",
    "ops.sparse.shapes": "expand_dims reorder reset_shape reshape transpose",
    "ops.sparse_segment": "segment_mean=sparse_segment_mean segment_sqrt_n=sparse_segment_sqrt_n "
        "segment_sum=sparse_segment_sum",
})
