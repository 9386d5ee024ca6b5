"""`tf.random.experimental`."""
from __future__ import annotations

from .._lazy import attach as _attach

__getattr__, __dir__ = _attach(__name__, {
    "ops.random_functions": "Algorithm index_shuffle stateless_fold_in=fold_in stateless_shuffle stateless_split=split",
    "ops.generator": "Generator create_rng_state get_global_generator set_global_generator",
})
