"""Layers that compute in another dtype than they keep their weights in, under the names of `tf.keras.mixed_precision`."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "keras.dtype_policies": "DTypePolicy Policy=DTypePolicy dtype_policy global_policy=dtype_policy set_dtype_policy "
        "set_global_policy=set_dtype_policy",
    "keras.optimizers": "LossScaleOptimizer",
})
