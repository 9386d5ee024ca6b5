"""Samples of operations on strings: elements, joining, numbers, hashes, regular expressions, characters."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import A, B, D, F, H, I, Make, S, sample


def M(*rows: Any) -> Make:
    """A matrix of strings."""
    made = np.empty((len(rows), len(rows[0]) if rows else 0), object)
    for i, row in enumerate(rows):
        made[i] = [v.encode() if isinstance(v, str) else v for v in row]
    return lambda rng: made


_WORDS = S("Hello", "", "  two words \n", "straße ÄÖ", b"\xff\xc3x", "ΑΣ Σ")
_ODD = S(b"a\xffb\xe2\x82z", "ä€😀", "", b"\x01\t\x7f")
_LONG = S(*("abcdefghij" * n for n in range(30)), *("x" * n for n in range(1, 70)), *([f"key{i:03d}" for i in range(12)]))
_PATTERNS = [("l+", "L"), ("x*", "-"), (r"(\w)(\w)", r"\2\1"), (r"\s|[[:upper:]]", "_"), (r"(?i)h|\pL", "."), (r"[^a-z]", ""),
             (r"(?U)l+", "1"), (r"\p{Greek}", r"<\0>"), (r"$|^", "|"), (r"(?m)^\s*", ">"), (r"\bw", "W"), (r"\x{e4}|ß", "?"),
             (r"o{1,2}", r"\\"), (r"\Qw\E", "v"), (r".", "."), (r"(?s).", "."), (r"(h)|(l)", r"\2\3")]
_NUMBERS = S("1", " 2.5", "-3e2 ", "inf", "-Infinity", "1e400", "0x1F", "+.5", "1.00000005960464477539062499", "nan")


SAMPLES = [
    *(sample("StringLower StringUpper", lambda tf, x, e=e: [tf.strings.lower(x, e), tf.strings.upper(x, e)], _WORDS)
      for e in ("", "utf-8")),
    sample("StringLower", lambda tf, x: tf.strings.lower(x), S()),
    sample("StringStrip", lambda tf, x: tf.strings.strip(x), _WORDS),
    sample("StringStrip", lambda tf, x: tf.strings.strip(x[2]), _WORDS),
    *(sample("StringLength", lambda tf, x, u=u: tf.strings.length(x, u), x)
      for u in ("BYTE", "UTF8_CHAR") for x in (_WORDS, S(), M(["a", "ä"], ["", "€"]))),
    *(sample("Substr", lambda tf, x, u=u: tf.strings.substr(x, -1, 5, unit=u), S("ab", "äöü", "€")) for u in (
        "BYTE", "UTF8_CHAR")),
    sample("Substr", lambda tf, x, p, n: tf.strings.substr(x, p, n), S("hello", "world", "strings"), A([0, -2, 5]),
           A([2, 100, -1])),
    sample("Substr", lambda tf, x, p, n: tf.strings.substr(x, p, n), M(["hello"], ["world"]), A([1, 2, 3]),
           A([1, 2, 0])),
    sample("Substr", lambda tf, x, p, n: tf.strings.substr(x, p, n), S("hello", "world"), A([1, 2], "int64"),
           A([1, 2], "int64")),
    sample("Substr", lambda tf, x: tf.strings.substr(x, [[0], [1]], [[1], [2]]), S("abc", "def")),
    sample("Substr", lambda tf, x: tf.compat.v1.substr(x, 0, 2), S()),
    sample("StringJoin", lambda tf, x, y: tf.strings.join([x, "-", y], "+"), M(["a", "b"], ["c", ""]),
           M(["d", "e"], ["f", "g"])),
    sample("StringJoin", lambda tf, x: tf.strings.join([x[0], "b"]), S("a")),
    sample("StringJoin", lambda tf, x: tf.strings.join([x, x]), S()),
    *(sample("ReduceJoin", lambda tf, x, a=a, k=k: tf.strings.reduce_join(x, a, k, ","), M(["a", "b", "c"], ["d", "", "f"]))
      for a in (None, 0, -1, [0, 1], [1, 0], []) for k in (False, True)),
    sample("ReduceJoin", lambda tf, x: tf.strings.reduce_join(x, 0), M()),
    sample("ReduceJoin", lambda tf, x: tf.strings.reduce_join(tf.reshape(x, [2, 2, 2]), [2, 0], separator="."),
           S(*"abcdefgh")),
    sample("ReduceJoin", lambda tf, x: tf.compat.v1.reduce_join(x, reduction_indices=1, keep_dims=True), M(["a", "b"])),
    sample("UnsortedSegmentJoin", lambda tf, x, i: tf.strings.unsorted_segment_join(x, i, 4, ":"), S(*"abcde"),
           A([0, 2, 0, 3, 2])),
    sample("UnsortedSegmentJoin", lambda tf, x, i: tf.strings.unsorted_segment_join(x, i, 2), M(["a", "b"], ["c", "d"]),
           A([1, 1])),
    sample("UnsortedSegmentJoin", lambda tf, x, i: tf.strings.unsorted_segment_join(x, i, 2), M(["a", "b"], ["c", "d"]),
           A([[1, 0], [1, 1]])),
    *(sample("AsString", lambda tf, x, o=o: tf.strings.as_string(x, **o), A([1.5, -2.25, 3e20, np.inf, -np.inf, np.nan, 0.1]),
             grad=False)
      for o in ({}, {"precision": 2}, {"scientific": True}, {"shortest": True}, {"width": 12}, {"width": 12, "fill": "0"},
                {"width": 12, "fill": "-", "precision": 0}, {"fill": "+", "width": 9}, {"fill": " ", "shortest": True})),
    *(sample("AsString", lambda tf, x: tf.strings.as_string(x), x, grad=False) for x in (
        F(2, 3), D(3), H(3), I(-9, 9, 4), I(0, 255, 4, dtype="uint8"), I(-2**62, 2**62, 3, dtype="int64"), B(4), _WORDS,
        A([1 + 2j, -3.5j], "complex64"), A([1 + 2j], "complex128"), A(7), F(0))),
    sample("AsString", lambda tf, x: tf.strings.as_string(tf.cast(x, tf.bfloat16), precision=3), F(4), grad=False),
    *(sample("AsString", lambda tf, x, f=f: tf.as_string(x, width=6, fill=f), A([1, -23, 456789012]))
      for f in ("", "0", "-", "+")),
    sample("AsString", lambda tf, x: tf.as_string(x, width=6, fill="-"), S("a", "bcd")),
    *(sample("StringToNumber", lambda tf, x, d=d: tf.strings.to_number(x, getattr(tf, d)), _NUMBERS, grad=False)
      for d in ("float32", "float64")),
    *(sample("StringToNumber", lambda tf, x, d=d: tf.strings.to_number(x, getattr(tf, d)), S("1", " 23 ", "+4"))
      for d in ("int32", "int64", "uint32", "uint64")),
    sample("StringToNumber", lambda tf, x: tf.compat.v1.string_to_number(x, tf.int64), S("-9223372036854775808")),
    sample("StringToNumber", lambda tf, x: tf.strings.to_number(x), S(), grad=False),
    sample("StringToHashBucket", lambda tf, x: tf.strings.to_hash_bucket(x, 2**62), _LONG),
    sample("StringToHashBucketFast", lambda tf, x: tf.strings.to_hash_bucket_fast(x, 2**62), _LONG),
    sample("StringToHashBucketStrong", lambda tf, x: tf.strings.to_hash_bucket_strong(x, 2**62, [123456789123, -5]), _LONG),
    *(sample("StringToHashBucketFast", lambda tf, x: tf.strings.to_hash_bucket_fast(x, 10), x)
      for x in (_WORDS, S(), M(["a", "b"]))),
    sample("StringToHashBucket", lambda tf, x: tf.compat.v1.string_to_hash_bucket(x, 3), _WORDS),
    *(sample("Fingerprint", lambda tf, x: tf.fingerprint(x), x, grad=False) for x in (
        _WORDS, M(["a", "b"], ["c", ""]), F(3, 2), A(np.arange(60), "int64"), I(0, 255, 2, 40, dtype="uint8"), F(2, 0), B(3))),
    *(sample("StaticRegexReplace", lambda tf, x, p=p, r=r: tf.strings.regex_replace(x, p, r), _WORDS) for p, r in _PATTERNS),
    *(sample("StaticRegexReplace", lambda tf, x, p=p, r=r: tf.strings.regex_replace(x, p, r, replace_global=False), _WORDS)
      for p, r in _PATTERNS[:3]),
    sample("RegexReplace", lambda tf, x, p: tf.strings.regex_replace(x, p[0], p[1]), _WORDS, S("l|o", r"<\0>")),
    *(sample("StaticRegexFullMatch", lambda tf, x, p=p: tf.strings.regex_full_match(x, p), _WORDS) for p in (
        "H.*", r"\s*\w+ \w+\s*", "", r"\C*x", "[[:alpha:]]*", r"(?s).*")),
    sample("RegexFullMatch", lambda tf, x, p: tf.strings.regex_full_match(x, p[0]), M(["ab", "b"], ["", "aab"]), S("a*b")),
    *(sample("StringSplit", lambda tf, x, d=d, s=s: tf.raw_ops.StringSplit(input=x, delimiter=d, skip_empty=s),
             S("a b", " c, d ", "", "e")) for d in (" ", "", " ,") for s in (True, False)),
    *(sample("StringSplitV2", lambda tf, x, d=d, m=m: tf.raw_ops.StringSplitV2(input=x, sep=d, maxsplit=m),
             S("a b", " c  d ", "", "\te\n", "<><>f")) for d in ("", " ", "<>") for m in (-1, 0, 1)),
    sample("StringSplitV2", lambda tf, x: tf.raw_ops.StringSplitV2(input=x, sep=""), S()),
    *(sample("StringNGrams", lambda tf, x, s, w=w, p=p, k=k: tf.raw_ops.StringNGrams(
        data=x, data_splits=s, separator="|", ngram_widths=w, left_pad="<", right_pad=">", pad_width=p,
        preserve_short_sequences=k), S(*"abcdef"), A([0, 3, 3, 4, 6], d))
      for w, p, k, d in (([2], 0, False, "int64"), ([1, 3], 1, True, "int32"), ([3], -1, False, "int64"),
                         ([4], 0, True, "int64"))),
    sample("StringNGrams", lambda tf, x, s: tf.raw_ops.StringNGrams(
        data=x, data_splits=s, separator="|", ngram_widths=[2], left_pad="<", right_pad=">", pad_width=5,
        preserve_short_sequences=False), S(), A([0, 0], "int64")),
    *(sample("UnicodeDecode", lambda tf, x, o=o: tf.raw_ops.UnicodeDecode(input=x, input_encoding="UTF-8", **o), _ODD)
      for o in ({}, {"errors": "ignore"}, {"replacement_char": 63}, {"replace_control_characters": True})),
    *(sample("UnicodeDecodeWithOffsets", lambda tf, x, e=e: tf.raw_ops.UnicodeDecodeWithOffsets(
        input=x, input_encoding=e), _ODD) for e in (
        "UTF-8", "UTF-16-BE", "UTF-16-LE", "ISO-8859-1", "US-ASCII", "UTF-16")),
    sample("UnicodeDecodeWithOffsets", lambda tf, x: tf.raw_ops.UnicodeDecodeWithOffsets(input=x, input_encoding="UTF-8"), S()),
    *(sample("UnicodeEncode", lambda tf, v, s, e=e, w=w: tf.raw_ops.UnicodeEncode(
        input_values=v, input_splits=s, output_encoding=e, errors=w), A([97, 228, 0x1F600, 0xD800, -1, 0x110000]),
        A([0, 2, 2, 6])) for e in ("UTF-8", "UTF-16-BE", "UTF-32-BE") for w in ("replace", "ignore")),
    sample("UnicodeEncode", lambda tf, v, s: tf.raw_ops.UnicodeEncode(input_values=v, input_splits=s, output_encoding="UTF-8"),
           I(97, 120, 5), A([0, 5], "int64")),
    *(sample("UnicodeTranscode", lambda tf, x, a=a, b=b: tf.strings.unicode_transcode(x, a, b), _ODD) for a, b in (
        ("UTF-8", "UTF-8"), ("UTF-8", "UTF-16-BE"), ("ISO-8859-1", "UTF-8"), ("UTF-16-BE", "UTF-32-BE"))),
    *(sample("UnicodeTranscode", lambda tf, x, o=o: tf.strings.unicode_transcode(x, "UTF-8", "UTF-8", **o), _ODD) for o in (
        {"errors": "ignore"}, {"replacement_char": 42, "replace_control_characters": True})),
    sample("UnicodeScript", lambda tf, x: tf.strings.unicode_script(x), A([[97, 0x3B1, 0x6F22], [-1, 0x110000, 0x301]])),
    sample("UnicodeScript", lambda tf, x: tf.strings.unicode_script(x), I(0, 0x20000, 400)),
    *(sample("Fingerprint", lambda tf, x, s=s: tf.raw_ops.Fingerprint(data=tf.reshape(x, s), method="farmhash64"),
             S("a", "", "bcd", "e")) for s in ([4, 1], [1, 4], [4, 1, 1])),
    sample("StringNGrams", lambda tf, x, s: tf.raw_ops.StringNGrams(
        data=x, data_splits=s, separator="|", ngram_widths=[2], left_pad="<", right_pad=">", pad_width=0,
        preserve_short_sequences=True), S("a", "b"), A([], "int64")),
]
