"""tf.audio."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.wav": "decode_wav encode_wav",
})
