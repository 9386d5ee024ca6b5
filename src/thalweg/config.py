"""tf.config: devices, and how functions run."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "runtime.function": "run_functions_eagerly functions_run_eagerly",
})
