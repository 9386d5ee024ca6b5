"""Samples of strings taken apart: splitting, n-grams, characters, with ragged and sparse results."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import A, Make, S, sample


def M(*rows: Any) -> Make:
    """A matrix of strings."""
    made = np.empty((len(rows), len(rows[0])), object)
    for i, row in enumerate(rows):
        made[i] = [v.encode() if isinstance(v, str) else v for v in row]
    return lambda rng: made


def _rows(tf: Any, x: Any, *lengths: int) -> Any:
    return tf.RaggedTensor.from_row_lengths(x, lengths)


_LINES = S("a b", "", " c  d e ", "f")
_TEXT = S("aä€", "", b"\xffz\xf0\x9f\x98\x80")
_MATRIX = M(["a b", "c"], ["", "d e f"])
_ENCODINGS = ("UTF-8", "UTF-16-BE")

SAMPLES = [
    *(sample("StringSplitV2", lambda tf, x, s=s, m=m: tf.strings.split(x, s, m), x)
      for x in (_LINES, _MATRIX, S()) for s, m in ((None, -1), (" ", -1), ("", 1))),
    sample("StringSplitV2", lambda tf, x: tf.strings.split(x[0]), _LINES),
    sample("StringSplitV2", lambda tf, x: tf.strings.split(_rows(tf, x, 1, 3)), _LINES),
    *(sample("StringSplitV2", lambda tf, x, r=r: tf.compat.v1.strings.split(x, " ", result_type=r), x)
      for x in (_LINES, _MATRIX) for r in ("SparseTensor", "RaggedTensor")),
    *(sample("StringSplit", lambda tf, x, r=r, d=d: tf.compat.v1.string_split(x, d, result_type=r), _LINES)
      for d in (" ", "", "b ") for r in ("SparseTensor", "RaggedTensor")),
    sample("StringSplit", lambda tf, x: tf.compat.v1.string_split(x, skip_empty=False), _LINES),
    *(sample("StringSplit", lambda tf, x: tf.strings.bytes_split(x), x) for x in (_TEXT, _MATRIX, S())),
    sample("StringSplit", lambda tf, x: [tf.strings.bytes_split(x[0]), tf.strings.bytes_split(_rows(tf, x, 2, 1))], _TEXT),
    *(sample("StringNGrams", lambda tf, x, w=w, o=o: tf.strings.ngrams(x, w, **o), S(*"abcd")) for w, o in (
        (2, {}), ([1, 3], {"separator": "|"}), (3, {"pad_values": "#"}), (4, {"pad_values": ("<", ">"), "padding_width": 1}),
        (5, {"preserve_short_sequences": True}))),
    sample("StringNGrams", lambda tf, x: tf.strings.ngrams(x, 2), _MATRIX),
    sample("StringNGrams", lambda tf, x: tf.strings.ngrams(_rows(tf, x, 1, 0, 3), 2, pad_values="_"), S(*"abcd")),
    sample("StringNGrams", lambda tf, x: tf.strings.ngrams(_rows(tf, _rows(tf, x, 1, 3), 2, 0), 2), S(*"abcd")),
    *(sample("UnicodeDecode", lambda tf, x, o=o: tf.strings.unicode_decode(x, "UTF-8", **o), x)
      for x in (_TEXT, _MATRIX, S()) for o in ({}, {"errors": "ignore"})),
    sample("UnicodeDecode", lambda tf, x: tf.strings.unicode_decode(x[0], "UTF-8"), _TEXT),
    sample("UnicodeDecode", lambda tf, x: tf.strings.unicode_decode(_rows(tf, x, 1, 2), "UTF-8"), _TEXT),
    *(sample("UnicodeDecodeWithOffsets", lambda tf, x: tf.strings.unicode_decode_with_offsets(x, "UTF-8"), x)
      for x in (_TEXT, _MATRIX)),
    sample("UnicodeDecodeWithOffsets", lambda tf, x: tf.strings.unicode_split_with_offsets(x, "UTF-8"), _TEXT),
    *(sample("UnicodeEncode", lambda tf, x, e=e: tf.strings.unicode_split(x, e), x) for e in _ENCODINGS for x in (
        _TEXT, _MATRIX)),
    sample("UnicodeEncode", lambda tf, x: tf.strings.unicode_split(x[0], "UTF-8"), _TEXT),
    *(sample("UnicodeEncode", lambda tf, x, e=e: tf.strings.unicode_encode(x, e), x)
      for e in ("UTF-8", "UTF-16-BE", "UTF-32-BE") for x in (A([97, 228]), A([[97, 228], [0x1F600, -1]]),
                                                             A([[[97, 98], [99, 100]]]), A([], "int32"))),
    sample("UnicodeEncode", lambda tf, x: [tf.strings.unicode_encode(_rows(tf, x, 1, 0, 3), "UTF-8"),
                                           tf.strings.unicode_encode(_rows(tf, _rows(tf, x, 1, 3), 2, 0), "UTF-8")],
           A([97, 98, 228, 0x20AC])),
    sample("StringLower", lambda tf, x: [tf.strings.lower(_rows(tf, x, 1, 2)), tf.strings.length(_rows(tf, x, 1, 2)),
                                         tf.strings.regex_replace(_rows(tf, x, 1, 2), "[a-m]", "-")], S("Hello", "", "X")),
    sample("StringJoin", lambda tf, x: tf.strings.join([_rows(tf, x, 1, 2), "!", _rows(tf, x, 1, 2)], "."), S("a", "", "b")),
    sample("ReduceJoin", lambda tf, x: tf.strings.reduce_join(_rows(tf, x, 1, 0, 2), 1, separator="-"), S("a", "b", "c")),
    *(sample("StringNGrams", lambda tf, x: tf.strings.ngrams(x, 2), A(np.empty(s, object))) for s in ((0, 2), (2, 0, 3))),
]
