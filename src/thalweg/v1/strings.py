"""`tf.strings` of TensorFlow 1: the functions whose arguments it named or ordered differently."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.text.elements": "length=length_v1 substr=substr_v1",
    "ops.text.hash_ops": "to_hash_bucket=to_hash_bucket_v1",
    "ops.text.joining": "reduce_join=reduce_join_v1",
    "ops.text.numbers": "to_number=to_number_v1",
    "ops.text.parts": "split=split_v1",
})
