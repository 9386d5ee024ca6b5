"""Samples of bytes and files: raw values, base64, compression, comma-separated values, serialised tensors."""
from __future__ import annotations

import gzip
import os
import tempfile
import zlib
from typing import Any

from . import BF, A, B, C, D, F, H, I, S, sample

_BYTES = S(bytes(range(16)), bytes(range(100, 116)))
_TYPES = ("uint8", "int8", "int16", "uint16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64",
          "complex128")
_LINES = S('1,2.5,"a,b"', '-4,,"say ""hi"""', "7,1e3,", '8,-0.5," \n"')


def _written(tf: Any, contents: Any) -> Any:
    """What is read of a file that was written just before."""
    folder = os.path.join(tempfile.gettempdir(), f"thalweg-samples-{os.getpid()}")
    path = os.path.join(folder, "deep", "file.bin")
    with tf.control_dependencies([tf.io.write_file(path, contents)]):
        read = tf.io.read_file(path)
    with tf.control_dependencies([read]):
        found = tf.io.matching_files(os.path.join(folder, "*", "f?l[a-j].bin"))
    return read, tf.strings.regex_replace(found, ".*/", "")


SAMPLES = [
    *(sample("DecodeRaw", lambda tf, x, t=t, e=e: tf.io.decode_raw(x, getattr(tf, t), little_endian=e), _BYTES, grad=False)
      for t in _TYPES for e in (True, False)),
    sample("DecodeRaw", lambda tf, x: tf.io.decode_raw(x, tf.bool), S(b"\x00\x01\x01")),
    sample("DecodeRaw", lambda tf, x: tf.io.decode_raw(x, tf.int32), S()),
    sample("DecodeRaw", lambda tf, x: tf.compat.v1.decode_raw(x[0], tf.uint8), S("abc")),
    *(sample("DecodePaddedRaw", lambda tf, x, t=t, e=e: tf.io.decode_raw(x, getattr(tf, t), e, fixed_length=8),
             S("abcdefghijkl", "abc", ""), grad=False)
      for t in ("uint8", "uint16", "float32", "int64") for e in (True, False)),
    *(sample("EncodeBase64", lambda tf, x, p=p: tf.io.encode_base64(x, p), S("", "a", "ab", "abc", b"\xff\xfe\xfb", "a?>"))
      for p in (False, True)),
    sample("DecodeBase64", lambda tf, x: tf.io.decode_base64(x), S("", "YQ", "YQ==", "YWI", "YWJj", "-_8")),
    *(sample("DecodeCompressed", lambda tf, x, t=t: tf.io.decode_compressed(x, t), x) for x, t in (
        (S(zlib.compress(b"hello" * 10), zlib.compress(b"")), "ZLIB"), (S(gzip.compress(b"hello" * 10, mtime=0)), "GZIP"),
        (S("raw"), ""))),
    sample("DecodeCSV", lambda tf, x: tf.io.decode_csv(x, [[0], [9.5], ["none"]]), _LINES, grad=False),
    sample("DecodeCSV", lambda tf, x: tf.io.decode_csv(x, [tf.constant([], tf.int64), tf.constant([2.0], tf.float64)],
                                                       select_cols=[0, 1]), _LINES, grad=False),
    sample("DecodeCSV", lambda tf, x: tf.io.decode_csv(x, [[1], [2], ["c"]], field_delim="|", na_value="NA"),
           S("NA|5|x y", "3||")),
    sample("DecodeCSV", lambda tf, x: tf.io.decode_csv(x[0], [["a"], ["b"]], use_quote_delim=False), S('"x,"y')),
    sample("DecodeCSV", lambda tf, x: tf.io.decode_csv(x, [["a"], ["b"]]), S()),
    *(sample("SerializeTensor ParseTensor", lambda tf, x: [tf.io.serialize_tensor(x), tf.io.parse_tensor(
        tf.io.serialize_tensor(x), x.dtype)], x, grad=False) for x in (
        F(2, 3), D(3), H(2), BF(2), I(-5, 5, 4), I(0, 99, 4, dtype="uint8"), I(-9, 9, 3, dtype="int8"),
        I(0, 2**60, 3, dtype="uint64"), I(-2**60, 2**60, 3, dtype="int64"), C(2), A([1j], "complex128"), B(3), S("a", "", "bc"),
        F(0, 2), A(1.5), S())),
    *(sample("ParseTensor", lambda tf, x, t=t: tf.io.parse_tensor(x[0], getattr(tf, t)), S(x), grad=False) for x, t in (
        (b"\x08\x03\x12\x08\x12\x02\x08\x02\x12\x02\x08\x02\x3a\x01\x07", "int32"),
        (b"\x08\x01\x12\x04\x12\x02\x08\x03*\x08\x00\x00`@\x00\x00\x80?", "float32"),
        (b"\x08\x0e\x12\x04\x12\x02\x08\x01j\x02\xc0\x7f", "bfloat16"),
        (b"\x08\x12\x12\x04\x12\x02\x08\x01b\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0?", "complex128"))),
    sample("WriteFile ReadFile MatchingFiles", lambda tf, x: _written(tf, x[0]), S(b"some\x00bytes\n")),
]
