"""tf.data: sequences of elements, read, transformed and put into batches one at a time."""
from __future__ import annotations

from .._lazy import attach

AUTOTUNE = -1
INFINITE_CARDINALITY = -1
UNKNOWN_CARDINALITY = -2

__getattr__, __dir__ = attach(__name__, {
    "data.dataset": "Dataset",
    "data.experimental": "experimental=.",
    "data.files": "FixedLengthRecordDataset TFRecordDataset TextLineDataset",
    "data.iterators": "Iterator=OwnedIterator IteratorSpec NumpyIterator",
    "data.options": "Options ThreadingOptions",
    "data.specs": "DatasetSpec",
})
