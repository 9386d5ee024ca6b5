"""Small data sets that come with the package."""
from __future__ import annotations

from ..._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "keras.datasets.mnist": "mnist=.",
    "keras.datasets.student_scores": "student_scores=.",
})
