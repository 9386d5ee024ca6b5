"""Helpers that prepare images, sequences and texts. Names are loaded when they are first used."""
from __future__ import annotations

from ..._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "keras.preprocessing.image": "image=.",
    "keras.preprocessing.sequence": "sequence=.",
    "keras.preprocessing.text": "text=.",
})
