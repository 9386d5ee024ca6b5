"""tf.strings: operations on strings."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.string_format": "format",
    "ops.text.elements": "length lower strip substr upper",
    "ops.text.hash_ops": "to_hash_bucket to_hash_bucket_fast to_hash_bucket_strong",
    "ops.text.joining": "join reduce_join unsorted_segment_join",
    "ops.text.numbers": "as_string to_number",
    "ops.text.parts": "bytes_split ngrams split unicode_decode unicode_decode_with_offsets unicode_encode unicode_split "
        "unicode_split_with_offsets",
    "ops.text.regex": "regex_full_match regex_replace",
    "ops.text.unicode": "unicode_script unicode_transcode",
})
