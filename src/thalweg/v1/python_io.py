"""`tf.python_io` of TensorFlow 1: files of records."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "formats.records": "TFRecordCompressionType TFRecordOptions TFRecordWriter tf_record_iterator",
})
