"""tf.data.experimental: older names of methods, options, and what has no other name."""
from __future__ import annotations

from .._lazy import attach

AUTOTUNE = -1
INFINITE_CARDINALITY = -1
UNKNOWN_CARDINALITY = -2

__getattr__, __dir__ = attach(__name__, {
    "data.grouping": "Reducer",
    "data.iterators": "Optional",
    "data.older": "Counter RandomDataset assert_cardinality at bucket_by_sequence_length cardinality "
        "choose_from_datasets copy_to_device dense_to_ragged_batch dense_to_sparse_batch enable_debug_mode "
        "enumerate_dataset from_list from_variant get_next_as_optional get_single_element get_structure "
        "group_by_reducer group_by_window ignore_errors map_and_batch parallel_interleave prefetch_to_device "
        "rejection_resample sample_from_datasets scan shuffle_and_repeat take_while to_variant unbatch unique",
    "data.options": "AutotuneOptions DistributeOptions OptimizationOptions ThreadingOptions",
    "data.policies": "SHARD_HINT AutoShardPolicy AutotuneAlgorithm ExternalStatePolicy",
})
