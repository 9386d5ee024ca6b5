"""Samples of serialised examples as tensors."""
from __future__ import annotations

import struct
from typing import Any

from . import S, sample


def _field(number: int, body: bytes) -> bytes:
    return bytes([number << 3 | 2, *_varint(len(body))]) + body


def _varint(value: int) -> list[int]:
    value &= (1 << 64) - 1
    out = []
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return [*out, value]


def _feature(values: Any) -> bytes:
    """A feature by the kind of its values; packed."""
    if values and isinstance(values[0], bytes):
        return _field(1, b"".join(_field(1, v) for v in values))
    if values and isinstance(values[0], float):
        return _field(2, _field(1, struct.pack(f"<{len(values)}f", *values)))
    return _field(3, _field(1, bytes(b for v in values for b in _varint(v)))) if values is not None else b""


def _features(features: dict[str, Any]) -> bytes:
    return b"".join(_field(1, _field(1, name.encode()) + _field(2, _feature(v))) for name, v in features.items())


def example(**features: Any) -> bytes:
    """A serialised example."""
    return _field(1, _features(features))


def sequence(context: dict[str, Any], lists: dict[str, list[Any]]) -> bytes:
    """A serialised sequence."""
    steps = b"".join(_field(1, _field(1, name.encode()) + _field(2, b"".join(_field(1, _feature(v)) for v in values)))
                     for name, values in lists.items())
    return _field(1, _features(context)) + _field(2, steps)


_A = example(i=[1, -2], f=[1.5, float("nan")], s=[b"x", b""], n=None, at=[3, 1], long=list(range(-40, 40)), cut=[0, 1, 2],
             rows=[1, 1], starts=[0, 1], ids=[0, 1], limits=[1, 2])
_B = example(i=[3, 2**62], f=[float("inf")], s=[b"\xff"], at=[0, 0], cut=[0, 1], rows=[1], starts=[0], ids=[0], limits=[1])
_ONE_BY_ONE = _field(1, _field(1, _field(1, b"i") + _field(2, _field(3, b"\x08\x05\x08\x07"))))
_TWICE = example(i=[9, 9]) + example(i=[5, 6])
_P = sequence({"c": [7], "v": [1, 2], "w": [b"a"]}, {"t": [[1], [2]], "v": [[1, 2], [], [3]], "f": [[0.5, 1.5], [2.5, 3.5]]})
_Q = sequence({"c": [8]}, {"t": [[5]], "v": [[9]], "f": []})


def _fixed(tf: Any) -> Any:
    return {"i": tf.io.FixedLenFeature([2], tf.int64), "s": tf.io.VarLenFeature(tf.string),
            "f": tf.io.FixedLenSequenceFeature([], tf.float32, True, -1),
            "gone": tf.io.FixedLenFeature([1, 2], tf.string, [["a", "b"]]),
            "n": tf.io.VarLenFeature(tf.int64), "long": tf.io.VarLenFeature(tf.int64)}


def _ragged(tf: Any, kind: str, key: str) -> Any:
    part = getattr(tf.io.RaggedFeature, kind)
    return {"r": tf.io.RaggedFeature(tf.float32, "f", [part(key)]), "s": tf.io.RaggedFeature(tf.string),
            "n": tf.io.RaggedFeature(tf.int64, row_splits_dtype=tf.int64)}


def _sparse(tf: Any) -> Any:
    return {"x": tf.io.SparseFeature("at", "i", tf.int64, 9),
            "y": tf.io.SparseFeature(["at", "i"], "i", tf.int64, [9, 8], True)}


def _context(tf: Any) -> Any:
    return {"c": tf.io.FixedLenFeature([], tf.int64), "d": tf.io.FixedLenFeature([2], tf.float32, [1.0, 2.0]),
            "v": tf.io.VarLenFeature(tf.int64), "w": tf.io.RaggedFeature(tf.string)}


def _steps(tf: Any) -> Any:
    return {"t": tf.io.FixedLenSequenceFeature([], tf.int64), "f": tf.io.FixedLenSequenceFeature([2], tf.float32),
            "v": tf.io.VarLenFeature(tf.int64), "gone": tf.io.FixedLenSequenceFeature([3], tf.string, True),
            "none": tf.io.RaggedFeature(tf.float32)}


def _earlier(tf: Any, x: Any, sparse: Any = ("s", "gone"), dense: Any = ("i",)) -> Any:
    return tf.raw_ops.ParseExample(
        serialized=x, names=tf.constant([], tf.string), sparse_keys=[tf.constant(k) for k in sparse],
        dense_keys=[tf.constant(k) for k in dense], dense_defaults=[tf.constant([], tf.int64)] * len(dense),
        sparse_types=[tf.string] * len(sparse), dense_shapes=[[2]] * len(dense))


_SEQUENCE_TYPES = {"context_dense_shapes": [[]], "feature_list_dense_shapes": [[], [3]]}


def _earlier_sequences(tf: Any, x: Any) -> Any:
    return tf.raw_ops.ParseSequenceExample(
        serialized=x, debug_name=tf.constant([], tf.string), context_dense_defaults=[tf.constant([], tf.int64)],
        feature_list_dense_missing_assumed_empty=["gone"], context_sparse_keys=["v"], context_dense_keys=["c"],
        feature_list_sparse_keys=["v"], feature_list_dense_keys=["t", "gone"], Ncontext_sparse=1, Ncontext_dense=1,
        Nfeature_list_sparse=1, Nfeature_list_dense=2, context_sparse_types=[tf.int64], feature_list_sparse_types=[tf.int64],
        feature_list_dense_types=[tf.int64, tf.string], **_SEQUENCE_TYPES)


def _earlier_sequence(tf: Any, x: Any) -> Any:
    def keys(*names: str) -> Any:
        return [tf.constant(n) for n in names]
    return tf.raw_ops.ParseSingleSequenceExample(
        serialized=x[0], debug_name=tf.constant("n"), context_dense_defaults=[tf.constant(3, tf.int64)],
        feature_list_dense_missing_assumed_empty=tf.constant(["gone"]), context_sparse_keys=keys("v", "nothing"),
        context_dense_keys=keys("none"), feature_list_sparse_keys=keys("v"), feature_list_dense_keys=keys("t", "gone"),
        context_sparse_types=[tf.int64] * 2, feature_list_sparse_types=[tf.int64],
        feature_list_dense_types=[tf.int64, tf.string], **_SEQUENCE_TYPES)


SAMPLES = [
    *(sample("ParseExampleV2", lambda tf, x: tf.io.parse_example(x, _fixed(tf)), x, grad=False)
      for x in (S(_A, _B), S(_B), S(_TWICE, _ONE_BY_ONE), S())),
    sample("ParseExampleV2", lambda tf, x: tf.io.parse_single_example(x[0], _fixed(tf)), S(_A), grad=False),
    sample("ParseExampleV2", lambda tf, x: tf.compat.v1.parse_example(x, _fixed(tf), "n", ["a", "b"]), S(_A, _B), grad=False),
    *(sample("ParseExampleV2", lambda tf, x, k=k, n=n: tf.io.parse_example(x, _ragged(tf, k, n)), S(_A, _B), grad=False)
      for k, n in (("RowSplits", "cut"), ("RowLengths", "rows"), ("RowStarts", "starts"), ("RowLimits", "limits"),
                   ("ValueRowIds", "ids"), ("UniformRowLength", 1))),
    *(sample("ParseExampleV2", lambda tf, x, k=k, n=n: tf.io.parse_single_example(x[0], _ragged(tf, k, n)), S(_A), grad=False)
      for k, n in (("RowSplits", "cut"), ("RowLengths", "rows"), ("RowStarts", "starts"), ("RowLimits", "limits"),
                   ("ValueRowIds", "ids"), ("UniformRowLength", 2))),
    sample("ParseExampleV2", lambda tf, x: tf.io.parse_example(x, {"n": tf.io.RaggedFeature(tf.string)}), S(_A, b"")),
    sample("ParseExampleV2", lambda tf, x: tf.io.parse_example(x, _sparse(tf)), S(_A)),
    sample("ParseExampleV2", lambda tf, x: tf.io.parse_single_example(x[0], _sparse(tf)), S(_A)),
    *(sample("ParseSequenceExampleV2", lambda tf, x: tf.io.parse_sequence_example(x, _context(tf), _steps(tf)), x, grad=False)
      for x in (S(_P, _Q), S(_P))),
    sample("ParseSequenceExampleV2", lambda tf, x: tf.io.parse_single_sequence_example(x[0], _context(tf), _steps(tf)), S(_P),
           grad=False),
    sample("ParseSequenceExampleV2", lambda tf, x: tf.io.parse_sequence_example(
        x, {"v": tf.io.RaggedFeature(tf.int64)}, {"v": tf.io.RaggedFeature(tf.int64), "f": tf.io.RaggedFeature(tf.float32)}),
        S(_P, _Q), grad=False),
    sample("ParseSequenceExampleV2", lambda tf, x: tf.io.parse_single_sequence_example(
        x[0], None, {"v": tf.io.RaggedFeature(tf.int64)}), S(_P)),
    sample("ParseSingleExample", lambda tf, x: tf.raw_ops.ParseSingleExample(
        serialized=x[0], dense_defaults=[tf.constant([], tf.int64)], num_sparse=1, sparse_keys=["s"], dense_keys=["i"],
        sparse_types=[tf.string], dense_shapes=[[2]]), S(_A)),
    sample("DecodeJSONExample", lambda tf, x: tf.io.parse_example(tf.io.decode_json_example(x), {
        "a": tf.io.VarLenFeature(tf.int64), "b": tf.io.VarLenFeature(tf.float32), "c": tf.io.VarLenFeature(tf.string)}), S(
        '{"features": {"feature": {"a": {"int64List": {"value": ["1", -2]}}, "b": {"float_list": {"value": [1.5, "NaN"]}}}}}',
        '{"features": {"feature": {"c": {"bytesList": {"value": ["YWI=", ""]}}}}}', "{}"), grad=False),
    sample("DecodeJSONExample", lambda tf, x: tf.io.decode_json_example(x), S()),
    *(sample("ParseExampleV2", lambda tf, x, k=k, n=n: tf.io.parse_example(x, _ragged(tf, k, n)), S(), grad=False)
      for k, n in (("RowSplits", "cut"), ("ValueRowIds", "ids"))),
    *(sample("ParseExample", _earlier, x) for x in (S(_A, _B), S())),
    sample("ParseExample", lambda tf, x: _earlier(tf, x, (), ("i", "at")), S(_A)),
    *(sample("ParseSequenceExample", _earlier_sequences, x) for x in (S(_P, _Q), S(_P))),
    sample("ParseSequenceExample", lambda tf, x: _earlier_sequences(tf, x[0]), S(_P)),
    sample("ParseSingleSequenceExample", _earlier_sequence, S(_P)),
]
