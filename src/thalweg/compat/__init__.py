"""tf.compat: the older and the present interface under one roof, and text conversions."""
from __future__ import annotations

from thalweg._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "compat.v1": "v1=.",
    "compat.v2": "v2=.",
    "compat.forward": "forward_compatibility_horizon forward_compatible",
    "compat.text": "as_bytes as_str as_str_any as_text bytes_or_text_types complex_types integral_types real_types "
        "path_to_str dimension_at_index dimension_value",
})
