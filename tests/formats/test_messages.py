"""Messages in the wire format, and tensors as messages. The bytes here are TensorFlow's."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg.formats.message import DecodeError, Field, Message
from thalweg.formats.tensor_proto import TensorProto, TensorShapeProto


@pytest.mark.parametrize(("arguments", "data"), [
    (([1, 2, 3],), b'\x08\x03\x12\x04\x12\x02\x08\x03"\x0c\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00'),
    (([1],), b"\x08\x03\x12\x04\x12\x02\x08\x01:\x01\x01"),
    ((7,), b"\x08\x03\x12\x00:\x01\x07"),
    ((["a", "b"],), b"\x08\x07\x12\x04\x12\x02\x08\x02B\x01aB\x01b"),
    (([1, 2], "float16"), b'\x08\x13\x12\x04\x12\x02\x08\x02"\x04\x00<\x00@'),
    (([1.5], "bfloat16"), b"\x08\x0e\x12\x04\x12\x02\x08\x01j\x02\xc0\x7f"),
    (([True],), b"\x08\n\x12\x04\x12\x02\x08\x01Z\x01\x01"),
    (([1j],), b"\x08\x12\x12\x04\x12\x02\x08\x01b\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0?"),
    (([1], "int64"), b"\x08\t\x12\x04\x12\x02\x08\x01R\x01\x01"),
    ((3.5, None, [3]), b"\x08\x01\x12\x04\x12\x02\x08\x03*\x04\x00\x00`@")])
def test_tensors_as_messages(arguments: Any, data: bytes) -> None:
    proto = tf.make_tensor_proto(*arguments)
    assert proto.SerializeToString() == data
    assert TensorProto.FromString(data) == proto
    array = tf.make_ndarray(proto)
    expected = tf.constant(arguments[0], *arguments[1:]).numpy()
    assert array.dtype == expected.dtype and np.array_equal(array, expected)


def test_text() -> None:
    assert str(tf.make_tensor_proto([1, 2])) == (
        'dtype: DT_INT32\ntensor_shape {\n  dim {\n    size: 2\n  }\n}\n'
        'tensor_content: "\\001\\000\\000\\000\\002\\000\\000\\000"\n')
    assert str(tf.make_tensor_proto([0.1], shape=[1])).endswith("float_val: 0.1\n")


def test_too_few_and_too_many_values() -> None:
    assert tf.make_ndarray(tf.make_tensor_proto([1, 2], shape=[4])).tolist() == [1, 2, 2, 2]
    with pytest.raises(ValueError, match="Too many elements provided. Needed at most 1, but received 2"):
        tf.make_tensor_proto([1, 2], shape=[1])
    with pytest.raises(TypeError, match=r"Expected Tensor's shape: \(3,\), but got \(2,\)."):
        tf.make_tensor_proto([1, 2], shape=[3], verify_shape=True)


def test_fields() -> None:
    shape = TensorShapeProto()
    shape.dim.add(size=3)
    shape.dim.add(size=-1, name="x")
    proto = TensorProto(dtype=1, tensor_shape=shape)
    assert proto.HasField("tensor_shape") and not proto.HasField("tensor_content")
    assert proto.WhichOneof(["tensor_content", "dtype"]) == "dtype"
    other = TensorProto()
    other.CopyFrom(proto)
    assert other == proto and [d.size for d in other.tensor_shape.dim] == [3, -1] and other.tensor_shape.dim[1].name == "x"
    with pytest.raises(AttributeError, match='has no "size" field'):
        proto.size = 3
    with pytest.raises(ValueError, match='has no "size" field'):
        TensorProto(size=3)


class Everything(Message):
    """Fields of every kind."""

    FIELDS = (Field(1, "i", "int32"), Field(2, "l", "int64", True), Field(3, "u", "uint64"), Field(4, "b", "bool"),
              Field(5, "f", "float", True), Field(6, "d", "double"), Field(7, "s", "string", True), Field(8, "x", "fixed32"),
              Field(9, "m", "message", True, lambda: Everything))


def test_every_kind_goes_both_ways() -> None:
    made = Everything(i=-5, l=[1, -1, 2**62], u=2**64 - 1, b=True, f=[0.5, -2.0], d=1e300, s=["ä", ""], x=7)
    made.m.add(i=1)
    made.m.add()
    assert Everything.FromString(made.SerializeToString()) == made
    one_by_one = b"\x10\x05\x10\x06"  # a repeated number need not be packed
    assert Everything.FromString(one_by_one).l == [5, 6]
    unknown = b"\xa2\x06\x03abc\xa8\x06\x07"
    assert Everything.FromString(unknown + b"\x08\x03").i == 3


@pytest.mark.parametrize("data", [b"\x08", b"\x08\xff", b"\x3a\x05ab", b"\x00\x01", b"\x0b", b"\x0a\x01a", b"\x31\x00",
                                  b"\x3a\x01\xff", b"\x2a\x03abc"])
def test_bytes_that_are_no_message(data: bytes) -> None:
    with pytest.raises(DecodeError):
        Everything.FromString(data)


def test_random_bytes_do_no_harm() -> None:
    rng = np.random.default_rng(0)
    whole = tf.make_tensor_proto(np.arange(12.0).reshape(3, 4)).SerializeToString()
    for _ in range(500):
        data = bytearray(whole)
        for place in rng.integers(0, len(data), 3):
            data[place] = rng.integers(256)
        try:
            TensorProto.FromString(bytes(data[:rng.integers(len(data))]))
        except DecodeError:
            pass


@pytest.mark.parametrize(("call", "words"), [
    (lambda: tf.io.parse_tensor("garbage", tf.float32), "Could not parse `serialized` as TensorProto, base64: Z2FyYmFnZQ=="),
    (lambda: tf.io.parse_tensor("", tf.float32), "Cannot parse tensor from proto"),
    (lambda: tf.io.parse_tensor(["a"], tf.float32), r"Expected `serialized` to be a scalar, got shape: \[1\]"),
    (lambda: tf.io.parse_tensor(tf.io.serialize_tensor([1]), tf.float32),
     r"Type mismatch between parsed tensor \(int32\) and dtype \(float\)")])
def test_errors_of_parse_tensor(call: Any, words: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        call()
