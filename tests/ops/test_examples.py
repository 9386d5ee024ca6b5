"""Parsing of examples: what must fail, and how results look in graphs."""
from __future__ import annotations

from typing import Any

import pytest
from tests.samples.examples import example, sequence

import thalweg as tf

io = tf.io
A = example(i=[1, 2], f=[1.5, 2.5], s=[b"x"], at=[3, 1])
P = sequence({"c": [7]}, {"t": [[1], [2]], "v": [[1, 2], []]})


@pytest.mark.parametrize(("call", "words"), [
    (lambda: io.parse_example([A], {"i": io.FixedLenFeature([3], tf.int64)}),
     r"Name: <unknown>, Key: i, Index: 0.  Number of int64 values != expected.  Values size: 2 but output shape: \[3\]"),
    (lambda: io.parse_example([A], {"i": io.FixedLenFeature([2], tf.float32)}, ["n"]),
     "Name: n, Key: i, Index: 0.  Data types don't match. Data type: int64 but expected type: float"),
    (lambda: io.parse_example([A], {"q": io.FixedLenFeature([2], tf.float32)}),
     r"Name: <unknown>, Feature: q \(data type: float\) is required but could not be found."),
    (lambda: io.parse_single_example(b"", {"a": io.FixedLenFeature([], tf.int64)}),
     r"^(\S* )?Feature: a \(data type: int64\) is required but could not be found. \[Op:ParseExampleV2\]"),
    (lambda: io.parse_example([A], {"i": io.FixedLenSequenceFeature([3], tf.int64, True)}),
     r"not a multiple of stride length. Saw 2 values but output shape is: \[\?,3\]"),
    (lambda: io.parse_example([A], {"f": io.VarLenFeature(tf.int64)}), "Expected type: int64, Actual type: float"),
    (lambda: io.parse_example([A], {"f": io.RaggedFeature(tf.int64)}), "Expected type: int64, Actual type: float"),
    (lambda: io.parse_example([A], {"i": io.VarLenFeature(tf.int32)}), "attr 'sparse_types' of int32 is not in the list"),
    (lambda: io.parse_example([A], {"i": io.FixedLenFeature([2], tf.int32)}), "attr 'Tdense' of int32 is not in the list"),
    (lambda: io.parse_example([A[:-3]], {"i": io.VarLenFeature(tf.int64)}), "Could not parse example input, value: "),
    (lambda: io.parse_example([b"\x0a\x0c\x0a\x0a\x0a\x01f\x12\x05\x12\x03\x0a\x01a"], {"f": io.VarLenFeature(tf.float32)}),
     "Could not parse example input, value: "),
    (lambda: io.parse_example([[A]], {"i": io.VarLenFeature(tf.int64)}), r"to be a scalar or vector, got shape: \[1,1\]"),
    (lambda: io.parse_example([A, A], {"i": io.VarLenFeature(tf.int64)}, ["n"]), "Expected names have the same shape"),
    (lambda: io.parse_sequence_example([P], {"c": io.FixedLenFeature([2], tf.int64)}),
     "Inconsistent max number of elements for feature c: expected 2, but found 1"),
    (lambda: io.parse_sequence_example(tf.constant([], tf.string), {"c": io.FixedLenFeature([], tf.int64)}),
     "Inconsistent max number of elements for feature c: expected 1, but found 0"),
    (lambda: io.parse_sequence_example([P], {"c": io.FixedLenFeature([], tf.float32)}), "Context feature: c.  Data types"),
    (lambda: io.parse_sequence_example([P], {}, {"q": io.FixedLenSequenceFeature([], tf.int64)}), "Feature list 'q' is requ"),
    (lambda: io.parse_sequence_example([P], {}, {"v": io.FixedLenSequenceFeature([], tf.int64)}),
     r"Key: v, Index: 0.  Number of values != expected.  values size: 2 but output shape: \[\]"),
    (lambda: io.parse_sequence_example([P], {}, {"v": io.VarLenFeature(tf.float32)}), "Feature list: v, Index: 0.  Data types"),
    (lambda: io.parse_sequence_example([b"\x0a\xff"], {"c": io.VarLenFeature(tf.int64)}), "Invalid protocol message input"),
    (lambda: io.decode_json_example("{x"), "Error while parsing JSON"),
    (lambda: io.decode_json_example('{"foo": 1}'), "Error while parsing JSON: .*foo"),
    (lambda: io.decode_json_example('{"features": {"feature": {"a": {"int64List": {"value": [1.5]}}}}}'), "parsing JSON")])
def test_what_the_operations_refuse(call: Any, words: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        call()


@pytest.mark.parametrize(("call", "kind", "words"), [
    (lambda: io.parse_example([A], {}), ValueError, "Argument `features` cannot be None or falsy. Got {}"),
    (lambda: io.parse_example([A], {"i": 3}), ValueError, "Unsupported int 3 for key 'i'"),
    (lambda: io.parse_example([A], {"i": io.FixedLenFeature(None, tf.int64)}), ValueError, "Missing shape for feature i."),
    (lambda: io.parse_example([A], {"i": io.FixedLenFeature([None], tf.int64)}), ValueError, "First dimension of shape for"),
    (lambda: io.parse_example([A], {"i": io.VarLenFeature(None)}), ValueError, "Missing type for feature i."),
    (lambda: io.parse_example([A], {"i": io.FixedLenSequenceFeature([], tf.int64)}), ValueError, "requires allow_missing"),
    (lambda: io.parse_example([A], {"i": io.FixedLenFeature([2], tf.int64), "x": io.SparseFeature("at", "i", tf.int64, 9)}),
     ValueError, "Dense and sparse keys must not intersect"),
    (lambda: io.parse_example([A], {"i": io.VarLenFeature(tf.float32), "x": io.SparseFeature("at", "i", tf.int64, 9)}),
     ValueError, "Conflicting type <dtype: 'float32'> vs <dtype: 'int64'> for feature i"),
    (lambda: io.parse_single_example([A], {"i": io.VarLenFeature(tf.int64)}), ValueError, "Input serialized must be a scalar"),
    (lambda: io.parse_single_sequence_example(P), ValueError, "at least one should have values"),
    (lambda: io.parse_sequence_example([P], {"c": io.FixedLenSequenceFeature([], tf.int64)}), ValueError, "Unsupported Fixed"),
    (lambda: io.RaggedFeature(tf.int32), ValueError, "must be int64, float32, or bytes; got tf.int32"),
    (lambda: io.RaggedFeature(tf.int64, partitions=[3]), TypeError, "cannot be cast to any of the partition types"),
    (lambda: io.RaggedFeature(tf.int64, row_splits_dtype=tf.float32), ValueError, "must be int32 or int64")])
def test_features_that_do_not_fit(call: Any, kind: Any, words: str) -> None:
    with pytest.raises(kind, match=words):
        call()


def test_features_as_text() -> None:
    assert repr(io.FixedLenFeature([], tf.int64)) == "FixedLenFeature(shape=[], dtype=tf.int64, default_value=None)"
    assert repr(io.RaggedFeature(tf.int64, "v", [io.RaggedFeature.RowSplits("k")])) == (
        "RaggedFeature(dtype=tf.int64, value_key='v', partitions=(RowSplits(key='k'),), row_splits_dtype=tf.int32, "
        "validate=False)")


SPEC = {"i": io.FixedLenFeature([2], tf.int64), "v": io.VarLenFeature(tf.int64),
        "s": io.FixedLenSequenceFeature([2], tf.int64, True)}


def test_shapes_in_graphs() -> None:
    with tf.Graph().as_default():
        some = tf.compat.v1.placeholder(tf.string, [None])
        found = io.parse_example(some, {**SPEC, "r": io.RaggedFeature(tf.int64)})
        assert found["i"].name == "ParseExample/ParseExampleV2:3"
        assert [found[k].shape.as_list() for k in "ivsr"] == [[None, 2], [None, None], [None, None, 2], [None, None]]
        one = io.parse_single_example(tf.compat.v1.placeholder(tf.string), SPEC)
        assert one["i"].name == "ParseSingleExample/ParseExample/ParseExampleV2:3"
        assert [one[k].shape.as_list() for k in "ivs"] == [[2], [None], [None, 2]]
        any_rank = io.parse_example(tf.compat.v1.placeholder(tf.string), SPEC)
        assert any_rank["i"].shape.rank is None
        with pytest.raises(ValueError, match="serialized must have statically-known rank to parse ragged features."):
            io.parse_example(tf.compat.v1.placeholder(tf.string), {"r": io.RaggedFeature(tf.int64)})
        with pytest.raises(ValueError, match="Shape must be at most rank 1 but is rank 2"):
            io.parse_example(tf.compat.v1.placeholder(tf.string, [None, None]), SPEC)
        with pytest.raises(TypeError, match="'dense_defaults' has DataType int32 not in list of allowed values"):
            io.parse_example(some, {"i": io.FixedLenFeature([], tf.int32)})
        context, steps, lengths = io.parse_sequence_example(some, {"c": io.FixedLenFeature([], tf.int64)}, {
            "t": io.FixedLenSequenceFeature([2], tf.int64), "v": io.VarLenFeature(tf.int64)})
        assert context["c"].shape.as_list() == [None] and steps["t"].shape.as_list() == [None, None, 2]
        assert steps["v"].shape.rank == 3 and lengths["t"].shape.as_list() == [None]


def test_in_a_session_and_in_a_function() -> None:
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        one = tf.compat.v1.placeholder(tf.string, [])
        found = tf.compat.v1.parse_single_example(one, {
            "i": io.FixedLenFeature([2], tf.int64), "s": io.VarLenFeature(tf.string)})
        result = session.run(found, {one: A})
        assert result["i"].tolist() == [1, 2] and result["s"].values.tolist() == [b"x"]

    @tf.function
    def parse(serialized: Any) -> Any:
        parsed = io.parse_example(serialized, {"f": io.FixedLenFeature([2], tf.float32)})
        return tf.reduce_sum(parsed["f"], 1)
    for _ in range(3):
        assert parse(tf.constant([A, A])).numpy().tolist() == [4.0, 4.0]


def test_lists_of_keys_of_different_lengths_in_graphs_and_their_messages() -> None:
    with tf.Graph().as_default() as graph:
        x = tf.compat.v1.placeholder(tf.string, [None], "x")
        found = tf.raw_ops.ParseExample(
            serialized=x, names=[], sparse_keys=["a", "b", "c"], dense_keys=["d"], dense_defaults=[tf.constant([7], tf.int64)],
            sparse_types=[tf.string] * 3, dense_shapes=[[1]])
        assert [t.shape.as_list() for t in found[-2:]] == [[2], [None, 1]]
        name = found[-1].name
    message = graph.as_graph_def()
    with tf.Graph().as_default() as again:
        tf.import_graph_def(message, name="")
        with tf.compat.v1.Session() as session:
            assert session.run(name, {"x:0": [b"", b""]}).tolist() == [[7], [7]]
    assert again.get_operation_by_name("ParseExample").get_attr("Nsparse") == 3


def test_what_earlier_forms_refuse() -> None:
    arguments = {"names": tf.constant([], tf.string), "sparse_keys": [], "dense_keys": ["d"], "sparse_types": [],
                 "dense_defaults": [tf.constant([], tf.int64)], "dense_shapes": [[1]]}
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"Expected serialized to be a vector, got shape: \[\]"):
        tf.raw_ops.ParseExample(serialized=b"", **arguments)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Feature: d .*is required"):
        tf.raw_ops.ParseExample(serialized=[b""], **arguments)
    with tf.Graph().as_default(), pytest.raises(ValueError, match="Shape must be rank 1 but is rank 0"):
        tf.raw_ops.ParseExample(serialized=tf.constant(b""), **arguments)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"Expected debug_name to be a scalar, got shape: \[1\]"):
        tf.raw_ops.ParseSingleSequenceExample(
            serialized=b"", feature_list_dense_missing_assumed_empty=[], context_sparse_keys=[], context_dense_keys=[],
            feature_list_sparse_keys=[], feature_list_dense_keys=[], context_dense_defaults=[], debug_name=["a"])
