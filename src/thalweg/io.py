"""tf.io: files, and tensors as strings."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "formats.graph_def": "write_graph",
    "formats.records": "TFRecordOptions TFRecordWriter",
    "io_gfile": "gfile=.",
    "ops.examples.features": "FixedLenFeature FixedLenSequenceFeature RaggedFeature SparseFeature VarLenFeature",
    "ops.examples.parsing": "decode_json_example parse_example parse_sequence_example parse_single_example "
        "parse_single_sequence_example",
    "ops.files.csv": "decode_csv",
    "ops.files.decoding": "decode_base64 decode_compressed decode_raw encode_base64",
    "ops.files.reading": "matching_files read_file write_file",
    "ops.image.files": "decode_and_crop_jpeg decode_bmp decode_gif decode_image decode_jpeg decode_png decode_webp "
        "encode_jpeg encode_png extract_jpeg_shape is_jpeg",
    "ops.files.tensors": "parse_tensor serialize_tensor",
    "ops.sparse.serial": "deserialize_many_sparse serialize_many_sparse serialize_sparse",
})
