"""tf.experimental.extension_type."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "core.extension_type": "as_dict",
})
