"""tf.experimental."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "api_dispatch": "dispatch_for_api dispatch_for_binary_elementwise_apis dispatch_for_binary_elementwise_assert_apis "
        "dispatch_for_unary_elementwise_apis unregister_dispatch_for",
    "core.dtypes": "float4_e2m1fn float8_e4m3b11fnuz float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz int2 int4 "
        "uint2 uint4",
    "core.extension_type": "BatchableExtensionType ExtensionType ExtensionTypeBatchEncoder ExtensionTypeSpec",
    "data.iterators": "Optional",
    "dlpack": "dlpack=.",
    "experimental_extension_type": "extension_type=.",
    "experimental_numpy": "numpy=.",
    "ops.ragged.dynamic_shape": "DynamicRaggedShape",
    "ops.ragged.partition": "RowPartition",
})
