"""`tf.nn` of TensorFlow 1: the functions whose arguments it named or meant differently."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.batch_norm": "fused_batch_norm",
    "ops.dropping": "dropout=dropout_v1",
    "ops.losses": "log_softmax=log_softmax_v1 softmax=softmax_v1 softmax_cross_entropy_with_logits_v2 "
        "softmax_cross_entropy_with_logits=softmax_cross_entropy_with_logits_v1 "
        "sparse_softmax_cross_entropy_with_logits=sparse_softmax_cross_entropy_with_logits_v1 "
        "weighted_cross_entropy_with_logits=weighted_cross_entropy_with_logits_v1",
    "ops.normalization": "batch_norm_with_global_normalization=batch_norm_with_global_normalization_v1 "
        "moments=moments_v1 sufficient_statistics=sufficient_statistics_v1 weighted_moments=weighted_moments_v1",
})
