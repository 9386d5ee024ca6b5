"""tf.train: examples and their parts."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "formats.example": "BytesList Example Feature FeatureList FeatureLists Features FloatList Int64List SequenceExample",
})
