"""Sparse tensors as objects, their operators, what is refused, and TensorFlow 1's functions."""
from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as v1

PLACES = [[0, 0], [0, 2], [2, 1]]


def sp(indices: Any = PLACES, values: Any = (1.0, 2.0, 3.0), shape: Any = (3, 4)) -> Any:
    return tf.SparseTensor(indices, list(values), list(shape))


def parts(s: Any) -> tuple[Any, Any, Any]:
    return s.indices.numpy().tolist(), s.values.numpy().tolist(), s.dense_shape.numpy().tolist()


def test_a_sparse_tensor_says_what_it_holds() -> None:
    s = sp()
    assert tf.is_tensor(s)
    assert (s.dtype, s.indices.dtype, s.dense_shape.dtype) == (tf.float32, tf.int64, tf.int64)
    assert s.shape == s.get_shape() == tf.TensorShape([3, 4])
    assert repr(s) == str(s) == (
        "SparseTensor(indices=tf.Tensor(\n[[0 0]\n [0 2]\n [2 1]], shape=(3, 2), dtype=int64), values=tf.Tensor([1. 2. 3.], "
        "shape=(3,), dtype=float32), dense_shape=tf.Tensor([3 4], shape=(2,), dtype=int64))")
    assert {s: 1}[s] == 1
    same = s
    assert s == same
    assert s != sp()
    for name in ("name", "device", "numpy"):
        assert not hasattr(s, name)
    for use in (len, lambda s: s[0], lambda s: s + s, lambda s: -s, lambda s: 2.0 * s):
        with pytest.raises(TypeError):
            use(s)


def test_a_shape_is_merged_with_what_is_known() -> None:
    s = sp()
    s.set_shape([None, 4])
    assert s.shape.as_list() == [3, 4]
    with pytest.raises(ValueError, match="not compatible"):
        s.set_shape([1, 4])


@pytest.mark.parametrize(("arguments", "error", "message"), [
    ((PLACES, [1.0, 2.0], [3, 4]), ValueError, "Dimensions 3 and 2 are not compatible"),
    (([[0, 0, 0]], [1.0], [3, 4]), ValueError, "Dimensions 3 and 2 are not compatible"),
    (([0, 1], [1.0, 2.0], [3]), ValueError, r"Shape \(2,\) must have rank 2"),
    (([[0]], 1.0, [3]), ValueError, r"Shape \(\) must have rank 1"),
    (([[0.5]], [1.0], [3]), TypeError, "Cannot convert"),
    ((np.zeros((1, 1), np.int32), [1.0], [3]), None, ""),
])
def test_the_parts_must_fit(arguments: Any, error: Any, message: str) -> None:
    if error is None:
        tf.SparseTensor(*arguments)
        return
    with pytest.raises(error, match=message):
        tf.SparseTensor(*arguments)


def test_tensors_of_another_dtype_are_no_indices() -> None:
    with pytest.raises(ValueError, match="indices: Tensor conversion requested dtype int64 for Tensor with dtype int32"):
        tf.SparseTensor(tf.zeros([0, 2], tf.int32), [], [3, 4])


def test_values_and_other_forms() -> None:
    s = sp()
    assert parts(s.with_values([5, 6, 7])) == (PLACES, [5, 6, 7], [3, 4])
    with pytest.raises(ValueError, match="not compatible"):
        s.with_values([1.0])
    value = v1.SparseTensorValue([[0]], [1], [3])
    assert repr(value) == "SparseTensorValue(indices=[[0]], values=[1], dense_shape=[3])"
    assert parts(tf.SparseTensor.from_value(value)) == ([[0]], [1], [3])
    assert tf.SparseTensorSpec.from_value(s) == tf.SparseTensorSpec([3, 4])
    for wrong in (3, (1, 2, 3)):
        with pytest.raises(TypeError, match="is neither a SparseTensor nor SparseTensorValue"):
            tf.SparseTensor.from_value(wrong)
    with pytest.raises(RuntimeError, match="Sparse dtype mismatch. Requested: int32,  Actual: float32"):
        v1.convert_to_tensor_or_sparse_tensor(s, tf.int32)
    with pytest.raises(ValueError, match="unsupported type"):
        tf.convert_to_tensor(s)


def test_operators() -> None:
    s = sp()
    dense = tf.constant([[1.0], [2.0], [4.0]])
    assert parts(s * dense)[1] == [1.0, 2.0, 12.0]
    assert parts(dense * s)[1] == [1.0, 2.0, 12.0]
    assert parts(s / dense)[1] == [1.0, 2.0, 0.75]
    assert parts(sp(values=[3, 5, 7]) / 2)[1] == [1.5, 2.5, 3.5]
    for use in (lambda: s * s, lambda: s / s, lambda: s * tf.ones([3, 4], tf.float64)):
        with pytest.raises(ValueError, match="unsupported type|requested dtype"):
            use()


@pytest.mark.parametrize("name", ["exp", "sigmoid", "reduce_sum", "transpose", "zeros_like", "where", "Variable"])
def test_functions_of_dense_tensors_refuse_sparse_ones(name: str) -> None:
    with pytest.raises(ValueError, match="unsupported type"):
        getattr(tf, name)(sp())


P = np.array([[0, 0], [1, 1]])


def fill_grad(places: Any, dy: Any) -> Any:
    return tf.raw_ops.SparseFillEmptyRowsGrad(reverse_index_map=tf.constant(places, tf.int64), grad_values=dy)


def slice_grad(indices: Any, dy: Any = (1.0, 2.0)) -> Any:
    return tf.raw_ops.SparseSliceGrad(backprop_val_grad=tf.constant(dy), input_indices=tf.constant(indices, tf.int64),
                                      input_start=tf.zeros(len(indices[0]), tf.int64), output_indices=P)


def counts(indices: Any, shape: Any = (2, 3)) -> Any:
    return tf.raw_ops.SparseCountSparseOutput(indices=tf.constant(indices, tf.int64), values=[1], weights=[1.0],
                                              dense_shape=tf.constant(shape, tf.int64), binary_output=False)


def ragged_counts(splits: Any, weights: Any = ()) -> Any:
    return tf.raw_ops.RaggedCountSparseOutput(splits=tf.constant(splits, tf.int64), values=[1, 2], binary_output=False,
                                              weights=tf.constant(weights, tf.float32))


WRONG: list[tuple[Any, type[Exception], str]] = [
    (lambda: tf.sparse.to_dense(tf.zeros([2])), TypeError, "Input must be a SparseTensor."),
    (lambda: tf.sparse.to_dense(sp([[2, 1], [0, 0]], [1.0, 2.0])), tf.errors.InvalidArgumentError,
     r"indices\[1\] = \[0,0\] is out of order. Many sparse ops require sorted indices"),
    (lambda: tf.sparse.to_dense(sp([[0, 1], [0, 1]], [1.0, 2.0])), tf.errors.InvalidArgumentError,
     r"indices\[1\] = \[0,1\] is repeated \[Op:SparseToDense\]"),
    (lambda: tf.sparse.to_dense(sp([[5, 1]], [1.0])), tf.errors.InvalidArgumentError,
     r"indices\[0\] = \[5,1\] is out of bounds: need 0 <= index < \[3,4\]"),
    (lambda: tf.sparse.to_dense(sp([[5, 1]], [1.0]), validate_indices=False), tf.errors.InvalidArgumentError,
     r"Indices are not valid \(out of bounds\).  Shape: \[3,4\]"),
    (lambda: tf.sparse.to_dense(sp(), [1.0]), tf.errors.InvalidArgumentError, "default_value should be a scalar"),
    (lambda: tf.sparse.from_dense(5), tf.errors.InvalidArgumentError, "WhereOp : Unhandled input dimensions: 0"),
    (lambda: tf.sparse.add(tf.ones([2]), tf.ones([2])), TypeError, "At least one input should be SparseTensor"),
    (lambda: tf.sparse.add(sp(), sp(shape=[3, 5])), tf.errors.InvalidArgumentError,
     "Operands' shapes do not match: got 4 and 5 for dimension 1"),
    (lambda: tf.sparse.add(sp(), tf.ones([3])), tf.errors.InvalidArgumentError,
     "Two operands have different ranks; received: 2 and 1"),
    (lambda: tf.sparse.concat(0, sp()), TypeError, "Inputs must be a list or tuple"),
    (lambda: tf.sparse.concat(2, [sp(), sp()]), tf.errors.InvalidArgumentError,
     r"Concat dimension must be in range \[-2, 2\), got 2"),
    (lambda: tf.sparse.concat(0, [sp(), sp(shape=[3, 5])]), tf.errors.InvalidArgumentError,
     "Input shapes must match: expected 4 for dimension 1 but got 5 at position 1"),
    (lambda: tf.sparse.reshape(sp(), [5, 5]), tf.errors.InvalidArgumentError,
     "12 dense values, but the requested shape has 25"),
    (lambda: tf.sparse.reshape(sp(), [-1, -1]), tf.errors.InvalidArgumentError, "only one output dimension may be -1"),
    (lambda: tf.sparse.reshape(sp(), [-1, 5]), tf.errors.InvalidArgumentError, "requires a multiple of 5"),
    (lambda: tf.sparse.slice(sp(), [0], [1]), tf.errors.InvalidArgumentError, "Expected start to be a vector of length 2"),
    (lambda: tf.sparse.split(sp(), 5, 0), tf.errors.InvalidArgumentError, r"between 1 and the splitting dimension size \(3\)"),
    (lambda: tf.sparse.split(sp(), 2), ValueError, "axis is required"),
    (lambda: tf.sparse.expand_dims(sp(), [0]), TypeError, "axis must be an integer value in range"),
    (lambda: tf.sparse.expand_dims(sp(), 3), tf.errors.InvalidArgumentError, r"Expected size\[1\] in \[0, 2\], but got 3"),
    (lambda: tf.sparse.transpose(sp(), [0]), ValueError, "Dimensions 1 and 2 are not compatible"),
    (lambda: tf.sparse.reset_shape(sp(), [2, 2]), ValueError, "Requested new_shape should have dimension sizes >="),
    (lambda: tf.sparse.retain(sp(), [True]), ValueError, "Dimensions 3 and 1 are not compatible"),
    (lambda: tf.sparse.fill_empty_rows(sp(), [1.0]), tf.errors.InvalidArgumentError, "default_value must be a scalar"),
    (lambda: tf.sparse.map_values(tf.add, 1, 2), ValueError, "No SparseTensor in argument list of map_values"),
    (lambda: tf.sparse.map_values(tf.add, sp(), sp([[0, 0], [1, 1], [2, 1]])), tf.errors.InvalidArgumentError,
     "Mismatched indices!"),
    (lambda: tf.sparse.reduce_sum(sp(), 2), tf.errors.InvalidArgumentError,
     "Invalid reduction dimension 2, for input with 2 dimensions"),
    (lambda: tf.sparse.softmax(sp([[0]], [1.0], [3])), tf.errors.InvalidArgumentError, "Input should have rank >= 2"),
    (lambda: tf.sparse.sparse_dense_matmul(sp(), tf.ones([3, 2])), tf.errors.InvalidArgumentError,
     "Cannot multiply A and B because inner dimension does not match: 4 vs. 3."),
    (lambda: tf.sparse.sparse_dense_matmul(sp([[5, 1]], [1.0]), tf.ones([4, 2])), tf.errors.InvalidArgumentError,
     r"m \(5\) from index\[0,0\] out of bounds \(>=3\)"),
    (lambda: sp() / 0.0, tf.errors.InvalidArgumentError, "input dense tensor contains zero"),
    (lambda: sp() * tf.ones([3]), tf.errors.InvalidArgumentError, r"broadcasts dense to sparse only; got incompatible shapes"),
    (lambda: tf.sets.size([1]), TypeError, "Expected `SparseTensor`"),
    (lambda: tf.sets.union([[1]], [[2.0]]), TypeError, "Types don't match"),
    (lambda: tf.sets.union([[1.0]], [[2.0]]), TypeError, "'a' has invalid dtype"),
    (lambda: tf.sets.union([1], [2]), tf.errors.InvalidArgumentError, r"Shape \[1\] has rank 1 < 2"),
    (lambda: tf.sets.union([[1, 2]], [[1], [2]]), tf.errors.InvalidArgumentError, r"Mismatched shapes \[1\] vs \[2\]"),
    (lambda: tf.edit_distance(3, sp()), TypeError, "Hypothesis must be a SparseTensor."),
    (lambda: tf.edit_distance(sp(), sp([[0]], [1.0], [3])), tf.errors.InvalidArgumentError, "must have rank at least 2"),
    (lambda: tf.edit_distance(sp(shape=[0, 4]), sp(shape=[0, 4])), tf.errors.InvalidArgumentError,
     r"Got output shape \[0\] which has 0 elements"),
    (lambda: tf.sparse.maximum(sp([[5, 1]], [1.0]), sp()), tf.errors.InvalidArgumentError,
     r"Sparse index tuple indices\[0, :\] = \[5, 1\] is out of bounds"),
    (lambda: tf.sparse.split(sp([[5, 1]], [1.0]), 2, 0), tf.errors.InvalidArgumentError, r"\[5, 1\] is out of bounds"),
    (lambda: fill_grad([0, 3], [1.0, 2.0]), tf.errors.InvalidArgumentError, r"Elements in reverse index must be in \[0, 2\)"),
    (lambda: fill_grad([-1], [1.0, 2.0]), tf.errors.InvalidArgumentError, r"must be in \[0, 2\) but got -1"),
    (lambda: fill_grad([[0]], [1.0]), tf.errors.InvalidArgumentError, r"reverse_index_map must be a vector, saw: \[1,1\]"),
    (lambda: slice_grad([[0, 1]]), tf.errors.InvalidArgumentError, "# rows of output_indices should be not greater than of"),
    (lambda: slice_grad([[0, 1], [1, 1], [2, 2]], [1.0]), tf.errors.InvalidArgumentError, r"\(#nnz of sum\): got 1 and 2"),
    (lambda: slice_grad([[0], [1]]), tf.errors.InvalidArgumentError, "should have the same ndims: got: 1 and 2"),
    (lambda: tf.raw_ops.SparseAddGrad(backprop_val_grad=[1.0], a_indices=P, b_indices=P, sum_indices=P),
     tf.errors.InvalidArgumentError, r"\(#nnz of sum\): got 1 and 2"),
    (lambda: tf.sparse.bincount(tf.zeros([0, 3], tf.int32), axis=-1), tf.errors.InvalidArgumentError,
     "Shapes dimension cannot be 0."),
    (lambda: counts([[5, 0]]), tf.errors.InvalidArgumentError, r"dimension 0 has value 5 which is not in \[0, 2\)"),
    (lambda: counts([[0]]), tf.errors.InvalidArgumentError, "Number of dimensions must match second dimension of indices"),
    (lambda: counts([[0, 0], [0, 1]]), tf.errors.InvalidArgumentError, "Number of values must match first dimension of"),
    (lambda: counts([[0, 0]], shape=(0, 3)), tf.errors.InvalidArgumentError, r"which is not in \[0, 0\)"),
    (lambda: ragged_counts([0]), tf.errors.InvalidArgumentError, "Must provide at least 2 elements for the splits argument"),
    (lambda: ragged_counts([1, 2]), tf.errors.InvalidArgumentError, "Splits must start with 0, not with 1"),
    (lambda: ragged_counts([0, 3]), tf.errors.InvalidArgumentError, "must end with the number of values, got 3 instead of 2"),
    (lambda: ragged_counts([0, 2], [1.0]), tf.errors.InvalidArgumentError, "Weights and values must have the same shape"),
    (lambda: tf.sparse.bincount([1], axis=1), ValueError, "Only 0 and -1 are currently supported"),
    (lambda: tf.sparse.bincount([-1]), tf.errors.InvalidArgumentError, "Input values must all be non-negative"),
    (lambda: tf.sparse.bincount([1, 1], weights=[1.0, 2.0], binary_output=True), ValueError, "mutually exclusive"),
    (lambda: tf.math.bincount(sp(values=[1, 2, 3]), weights=[1.0, 2.0, 3.0]), ValueError, "must be a SparseTensor if"),
    (lambda: tf.sparse.cross(3), TypeError, "Inputs must be a list"),
    (lambda: tf.sparse.cross([[["a"]]]), TypeError, "All inputs must be Tensor or SparseTensor."),
    (lambda: tf.nn.embedding_lookup_sparse(tf.ones([4, 2]), 3, None), TypeError, "sp_ids must be SparseTensor"),
    (lambda: tf.nn.embedding_lookup_sparse(tf.ones([4, 2]), sp(values=[1, 2, 3]), None, "max"), ValueError,
     "combiner must be one of 'mean', 'sqrtn' or 'sum'"),
    (lambda: tf.nn.safe_embedding_lookup_sparse([], sp(values=[1, 2, 3])), ValueError, "Missing embedding_weights"),
    (lambda: tf.io.serialize_many_sparse(sp([[0]], [1.0], [3])), tf.errors.InvalidArgumentError,
     "should be > 1, but saw rank: 1"),
    (lambda: tf.io.deserialize_many_sparse([tf.io.serialize_sparse(sp())], tf.int32), tf.errors.InvalidArgumentError,
     r"Requested SparseTensor of type int32 but SparseTensor\[0\].values.dtype\(\) == float"),
    (lambda: tf.io.deserialize_many_sparse([["a", "b", "c"]], tf.int32), tf.errors.InvalidArgumentError, "Could not parse"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG)
def test_what_is_wrong_is_said(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_gradients_that_tensorflow_lacks_are_refused() -> None:
    s = sp()
    with tf.GradientTape() as tape:
        tape.watch(s.values)
        out = tf.sparse.maximum(s, s).values
    with pytest.raises(tf.errors.UnimplementedError, match="Gradient for SparseSparseMaximum is not implemented"):
        tape.gradient(out, s.values)


def test_a_mask_drops_slices() -> None:
    slices = tf.IndexedSlices(tf.constant([[1.0], [2.0], [3.0]]), tf.constant([4, 1, 2]))
    masked = tf.sparse.mask(slices, [1])
    assert masked.indices.numpy().tolist() == [4, 2]
    assert masked.values.numpy().tolist() == [[1.0], [3.0]]


def test_embeddings_have_sparse_gradients() -> None:
    table = tf.Variable(tf.reshape(tf.range(8.0), [4, 2]))
    ids = sp([[0, 0], [0, 1], [1, 0]], [1, 3, 1], [2, 2])
    for weights in (None, sp([[0, 0], [0, 1], [1, 0]], [1.0, 3.0, 2.0], [2, 2])):
        with tf.GradientTape() as tape:
            out = tf.nn.embedding_lookup_sparse(table, ids, weights)
        gradient = tape.gradient(out, table)
        assert isinstance(gradient, tf.IndexedSlices)
        scale = 0.5 if weights is None else 0.25
        rows = [[0.0] * 2, [1 + scale] * 2, [0.0] * 2, [1 - scale] * 2]
        assert tf.convert_to_tensor(gradient).numpy().tolist() == rows


def test_tables_that_hold_a_matrix_in_turn() -> None:
    tables = [tf.constant([[0.0], [2.0], [4.0]]), tf.constant([[1.0], [3.0]])]
    ids = sp([[0, 0], [1, 0], [2, 0]], [3, 4, 0], [3, 1])
    assert tf.compat.v1.nn.embedding_lookup_sparse(tables, ids, None).numpy().tolist() == [[3.0], [4.0], [0.0]]
    assert tf.nn.embedding_lookup_sparse(tables, ids, None).numpy().tolist() == [[1.0], [3.0], [0.0]]


# TensorFlow 1.


def test_forms_of_tensorflow_1() -> None:
    a, b = sp(), sp([[0, 0], [1, 1], [2, 1]], [10.0, 20.0, -3.0])
    assert parts(tf.compat.v1.sparse_add(a, b, thresh=0.5)) == ([[0, 0], [0, 2], [1, 1]], [11.0, 2.0, 20.0], [3, 4])
    assert parts(tf.compat.v1.sparse_concat(concat_dim=1, axis=None, sp_inputs=[a, b]))[2] == [3, 8]
    wide = sp([[0, 0]], [1.0], [3, 5])
    assert parts(tf.compat.v1.sparse.concat(0, [a, wide], expand_nonconcat_dim=True))[2] == [6, 5]
    assert [parts(s)[2] for s in tf.compat.v1.sparse_split(sp_input=a, num_split=2, axis=1)] == [[3, 2], [3, 2]]
    with pytest.raises(ValueError, match="Keyword arguments are required for this function"):
        tf.compat.v1.sparse_split(2, a)
    assert tf.compat.v1.sparse_reduce_sum(a, reduction_axes=1, keep_dims=True).numpy().tolist() == [[3.0], [0.0], [3.0]]
    assert parts(tf.compat.v1.sparse_reduce_max_sparse(a, 1, keepdims=True)) == ([[0, 0], [2, 0]], [2.0, 3.0], [3, 1])
    with pytest.raises(ValueError, match="Cannot specify both 'reduction_axes' and 'axis'"):
        tf.compat.v1.sparse_reduce_sum(a, 1, reduction_axes=1)
    assert tf.compat.v1.sparse.matmul(a, tf.ones([4, 1])).numpy().tolist() == [[3.0], [0.0], [3.0]]
    assert tf.compat.v1.sparse_tensor_to_dense(a).numpy().tolist() == tf.sparse.to_dense(a).numpy().tolist()


def test_ids_and_values_are_merged() -> None:
    places = [[0, 0], [0, 1], [1, 0]]
    ids, values = sp(places, [1, 0, 2], [2, 2]), sp(places, [10.0, 20.0, 30.0], [2, 2])
    assert parts(tf.compat.v1.sparse_merge(ids, values, 5)) == ([[0, 0], [0, 1], [1, 2]], [20.0, 10.0, 30.0], [2, 5])
    assert parts(tf.compat.v1.sparse_merge(ids, values, 5, already_sorted=True))[0] == [[0, 1], [0, 0], [1, 2]]
    assert parts(tf.compat.v1.sparse_merge([ids, ids], values, [5, 6]))[2] == [2, 5, 6]
    with pytest.raises(TypeError, match="vocab_size has to be a Tensor or Python int"):
        tf.compat.v1.sparse_merge(ids, values, [5])
    with pytest.raises(ValueError, match="equal lengths"):
        tf.compat.v1.sparse_merge([ids], values, [5, 6])


def test_placeholders_and_sessions() -> None:
    with v1.Graph().as_default():
        fed = v1.sparse_placeholder(tf.float32, shape=[3, None], name="q")
        assert [t.name for t in (fed.indices, fed.values, fed.dense_shape)] == ["q/indices:0", "q/values:0", "q/shape:0"]
        assert fed.shape.as_list() == [3, None]
        double, dense = fed * 2.0, tf.sparse.to_dense(fed)
        value = v1.SparseTensorValue(np.array([[0, 0], [2, 1]]), np.array([1, 2], np.float32), np.array([3, 4]))
        with v1.Session() as session:
            got, rows = session.run([double, dense], {fed: value})
            assert isinstance(got, v1.SparseTensorValue)
            assert got.values.tolist() == [2.0, 4.0]
            assert rows.shape == (3, 4)
            assert session.run({"a": fed}, {fed: tuple(value)})["a"].values.tolist() == [1.0, 2.0]
            assert session.make_callable(double, [fed])(value).values.tolist() == [2.0, 4.0]
            assert double.eval({fed: value}).values.tolist() == [2.0, 4.0]
            with pytest.raises(tf.errors.InvalidArgumentError, match="You must feed a value for placeholder"):
                session.run(double)
            with pytest.raises(TypeError):
                session.run(double, {fed: 3})


def test_a_placeholder_of_a_known_shape_need_not_be_fed_it() -> None:
    with v1.Graph().as_default():
        fed = v1.sparse_placeholder(tf.float32, shape=[2, 2])
        out = tf.sparse.reduce_sum(fed, 1)
        with v1.Session() as session:
            assert session.run(out, {fed.indices: [[1, 0]], fed.values: [3.0]}).tolist() == [0.0, 3.0]


# Specs.


def test_specs_of_sparse_tensors() -> None:
    spec = tf.SparseTensorSpec([3, None])
    assert repr(spec) == "SparseTensorSpec(TensorShape([3, None]), tf.float32)"
    assert spec.value_type is tf.SparseTensor
    assert pickle.loads(pickle.dumps(spec)) == spec
    assert spec.is_compatible_with(sp())
    assert not spec.is_compatible_with(sp(values=[1, 2, 3]))
    assert tf.type_spec_from_value(sp()).is_subtype_of(spec)
    assert spec.most_specific_compatible_type(tf.SparseTensorSpec([4, 5])) == tf.SparseTensorSpec([None, None])
    assert tf.nest.flatten(spec, expand_composites=True) == [
        tf.TensorSpec([None, 2], tf.int64), tf.TensorSpec([None]), tf.TensorSpec([2], tf.int64)]
    with pytest.raises(ValueError, match="No TypeSpec is compatible with both"):
        spec.most_specific_compatible_type(tf.IndexedSlicesSpec())
