"""tf.bitwise: bits of integers."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.bitwise": "bitwise_and bitwise_or bitwise_xor invert left_shift right_shift",
})
