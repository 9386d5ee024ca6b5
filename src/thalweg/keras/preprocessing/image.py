"""Helpers for images. Names are loaded when they are first used."""
from __future__ import annotations

from ..._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "keras.layers.images.resizing": "smart_resize",
    "keras.utils.images": "array_to_img img_to_array load_img save_img",
})
