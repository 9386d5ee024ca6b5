"""tf.lookup: tables from keys to values."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "lookup_experimental": "experimental=.",
    "ops.lookup.initializers": "KeyValueTensorInitializer TextFileIndex TextFileInitializer",
    "ops.lookup.tables": "StaticHashTable StaticVocabularyTable",
})
