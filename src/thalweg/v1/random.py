"""`tf.random` of TensorFlow 1, where it has other names."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.random": "multinomial",
    "ops.random_functions": "stateless_multinomial=stateless_categorical",
    "ops.random_state": "get_seed=get_seed_or_none",
    "v1.framework": "set_random_seed",
})
