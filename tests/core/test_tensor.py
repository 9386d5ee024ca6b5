"""Tensors: conversion, printing, Python's protocols, operators, slicing, immutability."""
from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import thalweg as tf


@pytest.mark.parametrize(("value", "dtype", "shape"), [
    (5, tf.int32, ()), (2**40, tf.int64, ()), (3.5, tf.float32, ()), (True, tf.bool, ()), (1 + 2j, tf.complex128, ()),
    ("hello", tf.string, ()), (b"\xff", tf.string, ()), ([1, 2], tf.int32, (2,)), ([1, 2.5], tf.float32, (2,)),
    ([], tf.float32, (0,)), ([[], []], tf.float32, (2, 0)), (range(3), tf.int32, (3,)), ([["a"], ["b"]], tf.string, (2, 1)),
    (np.float64(1.0), tf.float64, ()), ([np.float64(1.0)], tf.float64, (1,)), ([np.int64(1), 2], tf.int32, (2,)),
    (np.array([1, 2]), tf.int64, (2,)), (np.array(["a", "bc"]), tf.string, (2,)), ([1, True], tf.int32, (2,)),
    ((1.0, (2.0,))[1], tf.float32, (1,)),
])
def test_default_dtypes(value: object, dtype: tf.DType, shape: tuple[int, ...]) -> None:
    t = tf.constant(value)
    assert t.dtype == dtype
    assert t.shape == shape


@pytest.mark.parametrize(("value", "dtype", "error", "text"), [
    ([[1, 2], [3]], None, ValueError, "Can't convert non-rectangular Python sequence to Tensor."),
    ([1.0, "a"], None, ValueError, "Can't convert Python sequence with mixed types to Tensor."),
    ([True, 1.5], None, ValueError, "mixed types"),
    ([[1, 2], [3, None]], None, ValueError, "mixed types"),
    (None, None, ValueError, r"Attempt to convert a value \(None\) with an unsupported type"),
    (object(), None, ValueError, "with an unsupported type"),
    ({}, None, ValueError, "with an unsupported type"),
    (2**70, None, ValueError, "out-of-range integer"),
    ("a", tf.int32, TypeError, "Cannot convert 'a' to EagerTensor of dtype int32"),
    (1.5, tf.int32, TypeError, "Cannot convert 1.5 to EagerTensor of dtype int32"),
    ([1, 2], tf.bool, TypeError, "Cannot convert"),
])
def test_what_does_not_convert(value: object, dtype: tf.DType | None, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        tf.convert_to_tensor(value, dtype)


def test_conversion_between_dtypes() -> None:
    assert tf.constant(np.array([1.5, 2.5]), tf.int32).numpy().tolist() == [1, 2]
    assert tf.constant(300, tf.uint8).numpy() == 44
    assert tf.convert_to_tensor(True, tf.float32).numpy() == 1.0
    assert tf.convert_to_tensor(3, dtype_hint=tf.float32).dtype == tf.float32
    assert tf.convert_to_tensor(3.5, dtype_hint=tf.int32).dtype == tf.float32
    with pytest.raises(ValueError, match="Tensor conversion requested dtype int32 for Tensor with dtype float32"):
        tf.convert_to_tensor(tf.constant([1.5]), tf.int32)


def test_a_list_with_tensors_inside_keeps_the_gradient() -> None:
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.convert_to_tensor([[x * x, 1.0], [3.0, x]]))
    assert float(tape.gradient(y, x)) == 5.0


def test_pandas_by_protocol() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"hours": [2.5, 5.1], "scores": [21, 47]})
    assert tf.cast(frame["hours"], tf.float32).numpy().tolist() == [2.5, np.float32(5.1)]
    assert tf.constant(frame["scores"]).dtype == tf.int64
    assert tf.constant(frame).shape == (2, 2)


def test_a_registered_conversion_is_used() -> None:
    class Celsius:
        degrees = 21.0

    tf.register_tensor_conversion_function(Celsius, lambda v, dtype, name, as_ref: tf.constant(v.degrees, dtype))
    assert (tf.constant(1.0) + Celsius()).numpy() == 22.0
    with pytest.raises(TypeError, match="must be a type"):
        tf.register_tensor_conversion_function("x", lambda *_: None)  # type: ignore[arg-type]


def test_text() -> None:
    t = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    assert str(t) == "tf.Tensor(\n[[1. 2.]\n [3. 4.]], shape=(2, 2), dtype=float32)"
    assert repr(t) == "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[1., 2.],\n       [3., 4.]], dtype=float32)>"
    assert repr(tf.constant(5)) == "<tf.Tensor: shape=(), dtype=int32, numpy=5>"
    assert repr(tf.constant("hé")) == "<tf.Tensor: shape=(), dtype=string, numpy=b'h\\xc3\\xa9'>"
    assert f"{tf.constant(3.5):.2f}" == "3.50"


def test_python_protocols() -> None:
    t = tf.constant([1, 2, 3])
    assert len(t) == 3 and [int(x) for x in t] == [1, 2, 3] and t.ndim == 1
    assert int(tf.constant(7)) == 7 and float(tf.constant(2.5)) == 2.5 and bool(tf.constant([True]))
    assert [10, 20, 30][tf.constant(1)] == 20
    assert t.device == "/job:localhost/replica:0/task:0/device:CPU:0"
    assert copy.deepcopy(t) is t and pickle.loads(pickle.dumps(t)).numpy().tolist() == [1, 2, 3]


@pytest.mark.parametrize(("act", "error", "text"), [
    (lambda: bool(tf.constant([True, False])), ValueError, "The truth value of an array with more than one element"),
    (lambda: int(tf.constant([1, 2])), TypeError, "only 0-dimensional arrays can be converted to Python scalars"),
    (lambda: len(tf.constant(3)), TypeError, r"Scalar tensor has no `len\(\)`"),
    (lambda: list(tf.constant(3)), TypeError, "Cannot iterate over a scalar tensor."),
    (lambda: hash(tf.constant(3)), TypeError, r"Tensor is unhashable. Instead, use tensor.ref\(\) as the key."),
    (lambda: tf.constant([1]).name, AttributeError, "Tensor.name is undefined when eager execution is enabled."),
    (lambda: tf.constant([1]).reshape, AttributeError, "experimental_enable_numpy_behavior"),
    (lambda: tf.constant([1]).foo, AttributeError, "has no attribute 'foo'"),
])
def test_protocol_errors(act: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        act()  # type: ignore[operator]


def test_tensors_are_immutable_and_copy_out() -> None:
    source = np.array([1.0, 2.0], np.float32)
    t = tf.constant(source)
    source[0] = 9.0
    assert t.numpy().tolist() == [1.0, 2.0]
    out = t.numpy()
    out[0] = 9.0
    assert t.numpy().tolist() == [1.0, 2.0]
    assert not np.asarray(t).flags.writeable
    with pytest.raises(TypeError, match="does not support item assignment"):
        t[0] = 5.0  # type: ignore[index]


def test_dlpack_both_ways() -> None:
    t = tf.constant([[1.0, 2.0]])
    assert np.from_dlpack(t).tolist() == [[1.0, 2.0]]
    assert tf.experimental.dlpack.from_dlpack(tf.experimental.dlpack.to_dlpack(t)).numpy().tolist() == [[1.0, 2.0]]


def test_comparison_with_the_incomparable() -> None:
    a, b = tf.constant([1, 2]), tf.constant([1, 2, 3])
    assert bool(a == b) is False and bool(a != b) is True
    assert (a == None) is False and (a != None) is True  # noqa: E711
    assert (a == tf.constant([1, 0])).numpy().tolist() == [True, False]


@pytest.mark.parametrize(("act", "text"), [
    (lambda: tf.constant(1) + tf.constant(1.0),
     r"cannot compute AddV2 as input #1\(zero-based\) was expected to be a int32 tensor but is a float tensor \[Op:AddV2\]"),
    (lambda: tf.constant(1) + 1.5, "cannot compute AddV2 as input #1"),
    (lambda: tf.constant([1.0, 2.0]) + tf.constant([1.0, 2.0, 3.0]), r"Incompatible shapes: \[2\] vs. \[3\] \[Op:AddV2\]"),
    (lambda: tf.constant([True]) + tf.constant([True]), "Value for attr 'T' of bool is not in the list of allowed values"),
    (lambda: tf.constant(5) // 0, "Integer division by zero"),
    (lambda: tf.constant(2) ** -1, "Integers to negative integer powers are not allowed"),
    (lambda: tf.constant([1, 2])[5], "slice index 5 of dimension 0 out of bounds"),
    (lambda: tf.constant([1, 2])[0, 0], "Index out of range using input dim 1; input has only 1 dims"),
])
def test_operator_errors_name_the_op_and_what_is_wrong(act: object, text: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=text):
        act()  # type: ignore[operator]


def test_python_numbers_take_the_dtype_of_the_tensor_beside_them() -> None:
    half = tf.constant([1.0], tf.float16)
    assert (half * 2).dtype == tf.float16 and (3.5 - half).dtype == tf.float16
    assert (tf.constant(1, tf.uint8) + 300).numpy() == 45
    with pytest.raises(TypeError, match=r"Cannot convert 2.0 to EagerTensor of dtype int32"):
        2.0 * tf.constant(1)


_INDEX = st.one_of(st.integers(-3, 2), st.slices(3), st.just(Ellipsis), st.none())


@given(hnp.arrays(np.float32, (3, 3, 3), elements=st.integers(0, 9).map(float)), st.lists(_INDEX, min_size=1, max_size=4))
def test_slicing_is_numpy_slicing(array: np.ndarray, index: list[object]) -> None:
    if sum(i is Ellipsis for i in index) > 1 or sum(i is not None and i is not Ellipsis for i in index) > 3:
        return
    expected = array[tuple(index)]
    assert np.array_equal(tf.constant(array)[tuple(index)].numpy(), expected)


@given(hnp.arrays(np.float32, hnp.array_shapes(max_dims=2, max_side=4), elements=st.floats(-10, 10, width=32)),
       st.floats(-10, 10, width=32))
def test_arithmetic_is_numpy_arithmetic(array: np.ndarray, number: float) -> None:
    t, n = tf.constant(array), np.float32(number)
    for ours, theirs in [(t + number, array + n), (number - t, n - array), (t * number, array * n), (-t, -array),
                         (abs(t), abs(array)), (t > number, array > n), (t <= number, array <= n)]:
        assert np.array_equal(ours.numpy(), theirs)


def test_floating_point_accidents_are_silent(recwarn: pytest.WarningsRecorder) -> None:
    assert np.isinf((tf.constant(1.0) / 0.0).numpy())
    assert np.isnan(tf.sqrt(tf.constant(-1.0)).numpy())
    assert np.isinf((tf.constant(3e38) * 10.0).numpy())
    assert not recwarn.list
    with np.errstate(all="raise"):
        assert np.isinf((tf.constant(1.0) / 0.0).numpy())


def test_integers_that_no_signed_type_holds() -> None:
    np.testing.assert_array_equal(tf.constant([1, 2**64 - 1], tf.uint64), np.array([1, 2**64 - 1], np.uint64))
    for values, dtype in (([2**63, 1], None), ([2**64], tf.uint64)):
        with pytest.raises(ValueError, match="out-of-range integer"):
            tf.constant(values, dtype)
    with pytest.raises(ValueError, match="mixed types"):
        tf.constant([1, 2j], tf.complex64)


def test_raw_ops_name_their_results() -> None:
    found = tf.raw_ops.TopKV2(input=[1.0, 3.0, 2.0], k=2)
    np.testing.assert_array_equal(found.indices, [1, 2])
    assert type(found).__name__ == "TopKV2"
    assert type(tf.raw_ops.Unpack(value=[1, 2], num=2)) is list
