"""`tf.io` of TensorFlow 1: the functions whose arguments it named or ordered differently."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "formats.records": "TFRecordCompressionType tf_record_iterator",
    "ops.examples.parsing": "parse_example=parse_example_v1 parse_single_example=parse_single_example_v1",
    "ops.files.csv": "decode_csv=decode_csv_v1",
    "ops.sparse.serial": "serialize_many_sparse=serialize_many_sparse_v1 serialize_sparse=serialize_sparse_v1",
    "ops.files.decoding": "decode_raw=decode_raw_v1",
})
