"""tf.types."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {"types_experimental": "experimental=."})
