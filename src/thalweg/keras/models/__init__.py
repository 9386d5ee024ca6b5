"""Models: layers grouped into something that can be trained."""
from __future__ import annotations

from ..._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "keras.models.functional": "Functional",
    "keras.models.json": "model_from_json",
    "keras.models.model": "Model",
    "keras.models.sequential": "Sequential",
})
