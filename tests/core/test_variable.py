"""Variables: creation, reading, assignment, and what a failed assignment leaves behind."""
from __future__ import annotations

import copy

import numpy as np
import pytest

import thalweg as tf


def test_text() -> None:
    assert repr(tf.Variable([1.0, 2.0])) == \
        "<tf.Variable 'Variable:0' shape=(2,) dtype=float32, numpy=array([1., 2.], dtype=float32)>"
    assert str(tf.Variable(3, dtype=tf.int64, name="step")) == "<tf.Variable 'step:0' shape=() dtype=int64, numpy=3>"


def test_the_second_positional_argument_is_trainable() -> None:
    v = tf.Variable([1.0], np.float32)
    assert v.trainable is np.float32
    assert v.dtype == tf.float32
    with tf.GradientTape() as tape:
        y = v * 2.0
    assert tape.gradient(y, v).numpy().tolist() == [2.0]


def test_assignments() -> None:
    v = tf.Variable([1.0, 2.0], name="v")
    assert repr(v.assign([3.0, 4.0])) == \
        "<tf.Variable 'UnreadVariable' shape=(2,) dtype=float32, numpy=array([3., 4.], dtype=float32)>"
    v.assign_add([1.0, 1.0])
    v.assign_sub([0.5, 0.5])
    assert v.numpy().tolist() == [3.5, 4.5]
    assert v.assign_add([1.0, 1.0], read_value=False) is None
    assert v.assign(v + 1.0).assign_sub([1.0, 1.0]).numpy().tolist() == [4.5, 5.5]


def test_what_was_read_before_an_assignment_keeps_its_value() -> None:
    v = tf.Variable([1.0, 2.0])
    before, view, array = v.read_value(), tf.reshape(v, [2, 1]), np.asarray(v.read_value())
    copy_of_text = v.numpy()
    v.assign_add([10.0, 10.0])
    v.assign_sub([1.0, 1.0])
    for kept in (before.numpy(), view.numpy().ravel(), array, copy_of_text):
        assert kept.tolist() == [1.0, 2.0]
    assert v.numpy().tolist() == [10.0, 11.0]


def test_an_initial_tensor_is_not_shared() -> None:
    t = tf.constant([1.0, 2.0])
    v, w = tf.Variable(t), tf.Variable(t)
    v.assign_add([1.0, 1.0])
    assert t.numpy().tolist() == [1.0, 2.0]
    assert w.numpy().tolist() == [1.0, 2.0]
    x = np.array([1.0, 2.0], np.float32)
    u = tf.Variable(x)
    u.assign_add([1.0, 1.0])
    assert x.tolist() == [1.0, 2.0]


def test_updates_in_place_do_not_allocate() -> None:
    v = tf.Variable(np.zeros(1000, np.float32))
    v.assign_add(np.ones(1000, np.float32))
    address = v._tensor._value.ctypes.data
    v.assign_add(np.ones(1000, np.float32))
    assert v._tensor._value.ctypes.data == address
    held = v.read_value()
    v.assign_add(np.ones(1000, np.float32))
    assert v._tensor._value.ctypes.data != address
    assert held.numpy()[0] == 2.0 and v.numpy()[0] == 3.0


def test_scatter_updates() -> None:
    v = tf.Variable([1.0, 2.0, 3.0, 4.0])
    v.scatter_add(tf.IndexedSlices([10.0, 10.0], [1, 1]))
    assert v.numpy().tolist() == [1.0, 22.0, 3.0, 4.0]
    v.scatter_sub(tf.IndexedSlices([2.0], [1]))
    v.scatter_update(tf.IndexedSlices([7.0], [0]))
    v.scatter_mul(tf.IndexedSlices([2.0], [3]))
    v.scatter_max(tf.IndexedSlices([5.0], [2]))
    v.scatter_min(tf.IndexedSlices([5.0], [2]))
    v.scatter_div(tf.IndexedSlices([4.0], [3]))
    assert v.numpy().tolist() == [7.0, 20.0, 5.0, 2.0]
    v.scatter_nd_update([[0], [3]], [0.0, 1.0])
    v.scatter_nd_add([[0]], [5.0])
    v.scatter_nd_sub([[3]], [5.0])
    assert v.numpy().tolist() == [5.0, 20.0, 5.0, -4.0]
    m = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    m.batch_scatter_update(tf.IndexedSlices([[9.0], [8.0]], [[1], [0]]))
    assert m.numpy().tolist() == [[1.0, 9.0], [8.0, 4.0]]


def test_slices_assign() -> None:
    v = tf.Variable([1.0, 2.0, 3.0, 4.0])
    v[1:3].assign([20.0, 30.0])
    v[0].assign(10.0)
    v[::3].assign(v[::3] + 1.0)
    assert v.numpy().tolist() == [11.0, 20.0, 30.0, 5.0]
    assert v[1].numpy() == 20.0


def test_a_wider_static_shape() -> None:
    v = tf.Variable(tf.zeros([2]), shape=tf.TensorShape([None]))
    v.assign([1.0, 2.0, 3.0])
    assert v.shape == tf.TensorShape([None])
    assert v.numpy().tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match="not compatible with the explicitly supplied"):
        tf.Variable([1.0, 2.0], shape=[3])


def test_equality_is_by_element_and_hashing_by_reference() -> None:
    v = tf.Variable([1.0, 2.0])
    assert (v == [1.0, 0.0]).numpy().tolist() == [True, False]
    with pytest.raises(TypeError, match=r"Variable is unhashable. Instead, use variable.ref\(\) as the key"):
        hash(v)
    assert v.ref() in {v.ref()}
    assert v.ref().deref() is v


def test_copies_are_variables_of_their_own() -> None:
    v = tf.Variable([1.0], name="v")
    w = copy.deepcopy(v)
    w.assign([5.0])
    assert v.numpy().tolist() == [1.0] and w.name == "v:0"


@pytest.mark.parametrize(("act", "error", "text"), [
    (lambda v: v.assign([1.0, 2.0, 3.0]), ValueError,
     r"Cannot assign value to variable ' v:0': Shape mismatch.The variable shape \(2,\), and the assigned value shape "
     r"\(3,\) are incompatible."),
    (lambda v: v.assign(tf.constant([1, 2])), ValueError, "Tensor conversion requested dtype float32 for Tensor with dtype"),
    (lambda v: v.assign_add([1.0, 2.0, 3.0]), tf.errors.InvalidArgumentError,
     r"Cannot update variable with shape \[2\] using a Tensor with shape \[3\], shapes must be equal."),
    (lambda v: v.scatter_add(tf.IndexedSlices([1.0], [7])), tf.errors.InvalidArgumentError, r"indices\[0\] = 7 is not in"),
    (lambda v: v.assign([1, 2, 3], 4, 5, 6, 7), TypeError, r"assign\(\) takes from 2 to 5 positional arguments"),
])
def test_a_failed_assignment_changes_nothing(act: object, error: type[Exception], text: str) -> None:
    v = tf.Variable([1.0, 2.0], name="v")
    with pytest.raises(error, match=text):
        act(v)  # type: ignore[operator]
    assert v.numpy().tolist() == [1.0, 2.0]


def test_bad_creation() -> None:
    with pytest.raises(ValueError, match="The `initial_value` arg to `tf.Variable` must be specified"):
        tf.Variable()
    with pytest.raises(TypeError, match="Cannot convert"):
        tf.Variable([1.5, 2], dtype=tf.int32)
    with pytest.raises(ValueError, match="initial_value: Tensor conversion requested dtype float32"):
        tf.Variable(tf.constant([1, 2]), dtype=tf.float32)


def test_item_assignment_is_not_there() -> None:
    v = tf.Variable([1.0, 2.0])
    with pytest.raises(TypeError, match="does not support item assignment"):
        v[0] = 3.0  # type: ignore[index]


def test_conversions() -> None:
    v = tf.Variable(2.0)
    assert float(v) == 2.0 and int(v) == 2 and bool(v)
    assert np.asarray(v).dtype == np.float32
    assert isinstance(v, tf.Variable) and not isinstance(v, tf.Tensor) and tf.is_tensor(v)
    assert v.initialized_value().numpy() == 2.0
    with pytest.raises(ValueError, match="Incompatible type conversion requested"):
        tf.convert_to_tensor(v, tf.int32)
