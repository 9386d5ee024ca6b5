"""tf.sets: the rows of tensors as sets."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.sparse.sets": "difference intersection size union",
})
