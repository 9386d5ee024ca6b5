"""tf.config.optimizer."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "runtime.settings": "get_experimental_options get_jit set_experimental_options set_jit",
})
