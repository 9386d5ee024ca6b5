"""tf.lookup.experimental: tables whose contents change."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.lookup.mutable": "DenseHashTable MutableHashTable",
})
