"""`tf.metrics` of TensorFlow 1: each gives the value so far, and an operation that counts another batch.

What is counted lies in local variables, which `tf.local_variables_initializer()` sets to zero.
"""
from __future__ import annotations

from ..._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "v1.metrics.confusion": "false_negatives false_positives mean_iou mean_per_class_accuracy precision recall "
        "true_negatives true_positives",
    "v1.metrics.means": "accuracy mean mean_absolute_error mean_cosine_distance mean_relative_error mean_squared_error "
        "mean_tensor percentage_below root_mean_squared_error",
    "v1.metrics.ranking": "average_precision_at_k precision_at_k precision_at_top_k recall_at_k recall_at_top_k "
        "sparse_average_precision_at_k sparse_precision_at_k",
    "v1.metrics.thresholds": "auc false_negatives_at_thresholds false_positives_at_thresholds precision_at_thresholds "
        "recall_at_thresholds sensitivity_at_specificity specificity_at_sensitivity true_negatives_at_thresholds "
        "true_positives_at_thresholds",
})
