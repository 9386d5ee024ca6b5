"""tf.ragged: constants, ranges, and functions of ragged tensors."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.ragged.crosses": "cross cross_hashed",
    "ops.ragged.elementwise": "map_flat_values",
    "ops.ragged.joining": "stack stack_dynamic_partitions",
    "ops.ragged.masking": "boolean_mask",
    "ops.ragged.segment_ids": "row_splits_to_segment_ids segment_ids_to_row_splits",
    "ops.ragged.ranges": "range",
    "ops.ragged.values": "constant",
})
