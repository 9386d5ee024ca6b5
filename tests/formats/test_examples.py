"""Examples as messages. The bytes and texts here are TensorFlow's."""
from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg.formats.message import DecodeError
from thalweg.formats.text import ParseError, parse


def _example() -> Any:
    made = tf.train.Example()
    made.features.feature["a"].int64_list.value.append(3)
    made.features.feature["b"].float_list.value.extend([1, 2])
    made.features.feature["c"].bytes_list.value.append(b"\xff\"\n'a")
    made.features.feature["z"]  # looked at, and so it is there
    return made


BYTES = (b'\n6\n\n\n\x01a\x12\x05\x1a\x03\n\x01\x03\n\x11\n\x01b\x12\x0c\x12\n\n\x08\x00\x00\x80?\x00\x00\x00@\n\x0e\n\x01c'
         b'\x12\t\n\x07\n\x05\xff"\n\'a\n\x05\n\x01z\x12\x00')


def test_bytes_and_back() -> None:
    made = _example()
    assert made.SerializeToString() == made.SerializeToString(deterministic=True) == BYTES and made.ByteSize() == 56
    again = tf.train.Example.FromString(BYTES)
    assert again == made and sorted(again.features.feature) == ["a", "b", "c", "z"] and len(again.features.feature) == 4
    assert again.features.feature["c"].bytes_list.value == [b"\xff\"\n'a"]
    assert [again.features.feature[k].WhichOneof("kind") for k in "abcz"] == ["int64_list", "float_list", "bytes_list", None]
    assert "q" not in again.features.feature and again.features.feature.get("q") is None
    again.features.feature["a"].int64_list.value[0] = 4
    assert again != made
    other = tf.train.Example()
    assert other.ParseFromString(BYTES) == 56 and other == made
    assert copy.deepcopy(made) == made and pickle.loads(pickle.dumps(made)) == made


def test_constructors_and_text() -> None:
    made = tf.train.Example(features=tf.train.Features(feature={
        "T": tf.train.Feature(int64_list=tf.train.Int64List(value=[1, 2])),
        "Tidx": tf.train.Feature(float_list={"value": [0.1, 1 / 3, 123456789, 1e10, 1e7, -0.0]}),
        "key": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"ab"]))}))
    assert str(made) == repr(made) == (
        'features {\n  feature {\n    key: "key"\n    value {\n      bytes_list {\n        value: "ab"\n      }\n    }\n  }\n'
        '  feature {\n    key: "T"\n    value {\n      int64_list {\n        value: 1\n        value: 2\n      }\n    }\n  }\n'
        '  feature {\n    key: "Tidx"\n    value {\n      float_list {\n        value: 0.1\n        value: 0.333333343\n'
        '        value: 123456792\n        value: 1e+10\n        value: 1e+07\n        value: -0\n      }\n    }\n  }\n}\n')
    assert parse(str(made), tf.train.Example()) == made
    sequence = tf.train.SequenceExample(feature_lists=tf.train.FeatureLists(feature_list={
        "t": tf.train.FeatureList(feature=[tf.train.Feature(int64_list=tf.train.Int64List(value=np.arange(3)))])}))
    assert tf.train.SequenceExample.FromString(sequence.SerializeToString()) == sequence
    assert sequence.feature_lists.feature_list["t"].feature[0].int64_list.value == [0, 1, 2]
    assert tf.train.FloatList(value=[0.1]).value == [0.10000000149011612]
    assert tf.train.FloatList(value=np.array([0.1])).value == [0.10000000149011612]


def test_one_kind_at_a_time() -> None:
    feature = tf.train.Feature(int64_list=tf.train.Int64List(value=[1]))
    feature.float_list.value.append(2)
    assert feature.WhichOneof("kind") == "float_list" and not feature.HasField("int64_list")
    assert str(feature) == "float_list {\n  value: 2\n}\n"
    feature.bytes_list.SetInParent()
    assert str(feature) == "bytes_list {\n}\n" and feature.HasField("kind")
    assert tf.train.Feature.FromString(feature.SerializeToString()).WhichOneof("kind") == "bytes_list"
    feature.ClearField("kind")
    assert feature.WhichOneof("kind") is None and feature.SerializeToString() == b""


def test_what_is_given_is_copied() -> None:
    feature = tf.train.Feature(int64_list=tf.train.Int64List(value=[1]))
    made = tf.train.Features(feature={"a": feature})
    feature.int64_list.value.append(2)
    assert made.feature["a"].int64_list.value == [1]


def _assign(target: Any, name: str, value: Any) -> None:
    setattr(target, name, value)


@pytest.mark.parametrize(("call", "kind", "words"), [
    (lambda: tf.train.BytesList(value=["abc"]), TypeError, "expected bytes, str found"),
    (lambda: tf.train.BytesList(value=b"abc"), TypeError, "expected bytes, int found"),
    (lambda: tf.train.Int64List(value=["a"]), TypeError, "'str' object cannot be interpreted as an integer"),
    (lambda: tf.train.Int64List(value=[2.0]), TypeError, "'float' object cannot be interpreted as an integer"),
    (lambda: tf.train.Int64List(value=[True]), TypeError, "Expected an int, got a boolean"),
    (lambda: tf.train.Int64List(value=3), TypeError, "must assign iterable"),
    (lambda: tf.train.Int64List(value=[2**63]), ValueError, "Value out of range: 9223372036854775808"),
    (lambda: tf.train.FloatList(value=["a"]), TypeError, "must be real number, not str"),
    (lambda: tf.train.FloatList(value=np.ones((2, 2))), TypeError, "has type ndarray, but expected one of: float"),
    (lambda: tf.train.Feature(int64_list=[1]), TypeError, "must be dict or instance of same class"),
    (lambda: tf.train.Feature(foo=1), ValueError, 'Protocol message Feature has no "foo" field.'),
    (lambda: tf.train.Feature().foo, AttributeError, "foo"),
    (lambda: tf.train.Features(feature={"a": 1}), TypeError, "instance of same class"),
    (lambda: _assign(tf.train.Example(), "features", tf.train.Features()), AttributeError, "Assignment not allowed to message"),
    (lambda: _assign(tf.train.Int64List(), "value", [1]), AttributeError, "Assignment not allowed to map, or repeated field"),
    (lambda: tf.train.Features().feature.update(a=1), ValueError, "Message objects may not be assigned"),
    (lambda: tf.train.Features().feature.__setitem__("a", tf.train.Feature()), ValueError, "Message objects may not be"),
    (lambda: tf.train.Features().HasField("feature"), ValueError, "does not have presence"),
    (lambda: tf.train.Feature().WhichOneof("x"), ValueError, 'has no "x" field'),
    (lambda: hash(tf.train.Example()), TypeError, "unhashable"),
    (lambda: tf.train.Example.FromString(b"garbage"), DecodeError, "Error parsing message with type 'tensorflow.Example'"),
    (lambda: tf.train.Example.FromString(BYTES[:-1]), DecodeError, "Error parsing"),
    (lambda: parse("features { feature { key: 3 } }", tf.train.Example()), ParseError, "Expected string"),
    (lambda: parse("features { x: 3 }", tf.train.Example()), ParseError, 'no field named "x"'),
    (lambda: parse("features {", tf.train.Example()), ParseError, "Expected '}'")])
def test_errors(call: Any, kind: Any, words: str) -> None:
    with pytest.raises(kind, match=words):
        call()


def test_many_numbers() -> None:
    values = [0, 1, -1, 2**62, -2**63, 127, 128, 2**63 - 1] * 20
    made = tf.train.Int64List(value=values)
    assert tf.train.Int64List.FromString(made.SerializeToString()).value == values
    read = tf.io.parse_example([tf.train.Example(features={"feature": {"a": {"int64_list": {"value": values}}}})
                                .SerializeToString()], {"a": tf.io.FixedLenFeature([160], tf.int64)})["a"]
    assert read.numpy().tolist() == [values]
