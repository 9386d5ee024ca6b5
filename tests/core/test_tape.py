"""GradientTape: what is recorded, what a gradient is, and that nothing outlives the tape."""
from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

import thalweg as tf


def test_gradient_of_a_variable_that_was_read() -> None:
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    assert float(tape.gradient(y, x)) == 6.0


def test_a_constant_is_recorded_only_when_watched() -> None:
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    assert tape.gradient(y, x) is None
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    assert float(tape.gradient(y, x)) == 6.0


def test_a_variable_that_is_not_trainable_is_not_watched_by_itself() -> None:
    x = tf.Variable(3.0, trainable=False)
    with tf.GradientTape() as tape:
        y = x * x
    assert tape.gradient(y, x) is None
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    assert float(tape.gradient(y, x)) == 6.0


def test_watch_accessed_variables_can_be_turned_off() -> None:
    a, b = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(a)
        y = a * b
    assert [None if g is None else float(g) for g in tape.gradient(y, [a, b])] == [3.0, None]


def test_sources_keep_their_structure_and_unconnected_ones_are_none_or_zero() -> None:
    a, b, c = tf.Variable([1.0, 2.0]), tf.Variable(3.0), tf.Variable([[5.0]])
    with tf.GradientTape(persistent=True) as tape:
        y = tf.reduce_sum(a) * b
    found = tape.gradient(y, {"a": a, "rest": (b, c)})
    assert found["a"].numpy().tolist() == [3.0, 3.0]
    assert float(found["rest"][0]) == 3.0
    assert found["rest"][1] is None
    zeros = tape.gradient(y, c, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    assert zeros.numpy().tolist() == [[0.0]]


def test_several_targets_add_up_and_output_gradients_scale_them() -> None:
    x = tf.constant(2.0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y, z = x * x, x * 3.0
    assert float(tape.gradient([y, z], x)) == 7.0
    assert float(tape.gradient(y, x, output_gradients=tf.constant(10.0))) == 40.0


def test_a_second_gradient_needs_a_persistent_tape() -> None:
    x = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = x * 2.0
    tape.gradient(y, x)
    with pytest.raises(RuntimeError, match="A non-persistent GradientTape can only be used to compute one set of"):
        tape.gradient(y, x)


def test_nested_tapes_give_second_derivatives() -> None:
    x = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = x * x * x
        first = inner.gradient(y, x)
    assert float(first) == 27.0
    assert float(outer.gradient(first, x)) == 18.0


def test_stop_recording_and_reset() -> None:
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        with tape.stop_recording():
            z = x * x
        y = z * x
    assert tape.gradient(y, x).numpy().tolist() == [1.0, 4.0]
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
        tape.reset()
        tape.watch(x)
        y = y + x
    assert tape.gradient(y, x).numpy().tolist() == [1.0, 1.0]


def test_watched_variables_in_order_of_reading() -> None:
    a, b = tf.Variable(1.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        _ = b * a * b
    assert [v.ref() for v in tape.watched_variables()] == [b.ref(), a.ref()]


def test_a_variable_assigned_between_reads_collects_both() -> None:
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x * x
        x.assign(5.0)
        y = y + x * 3.0
    assert float(tape.gradient(y, x)) == 2 * 2.0 + 3.0


def test_gradient_with_respect_to_something_in_between() -> None:
    x = tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
        z = y * y
    gx, gy = tape.gradient(z, [x, y])
    assert (float(gx), float(gy)) == (32.0, 8.0)


def test_jacobian_and_batch_jacobian() -> None:
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * x
    full = tape.jacobian(y, x)
    assert full.shape == (2, 2, 2, 2)
    expected = np.zeros((2, 2, 2, 2), np.float32)
    for i, j in np.ndindex(2, 2):
        expected[i, j, i, j] = 2 * x.numpy()[i, j]
    assert np.array_equal(full.numpy(), expected)
    rows = tape.batch_jacobian(y, x)
    assert rows.numpy().tolist() == [[[2.0, 0.0], [0.0, 4.0]], [[6.0, 0.0], [0.0, 8.0]]]
    with pytest.raises(ValueError, match="Need first dimension of target shape"):
        tape.batch_jacobian(tf.reduce_sum(y), x)


def test_an_operation_without_a_gradient_is_named() -> None:
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.unique(x)[0]
    with pytest.raises(LookupError, match="gradient registry has no entry for: Unique"):
        tape.gradient(y, x)


def test_integers_carry_no_gradient() -> None:
    x = tf.constant([1.7, 2.2])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.cast(tf.cast(x, tf.int32), tf.float32)
    assert tape.gradient(y, x) is None


@pytest.mark.parametrize("bad", [3, "x", None])
def test_only_tensors_are_watched(bad: object) -> None:
    with tf.GradientTape() as tape, pytest.raises(ValueError, match="not tf.Tensor or tf.Variable"):
        tape.watch(bad)


def test_sources_must_be_tensors() -> None:
    x = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = x * 2.0
    with pytest.raises(TypeError, match="sources"):
        tape.gradient(y, [1.0])


def test_reentering_an_active_tape_is_an_error() -> None:
    tape = tf.GradientTape()
    with tape, pytest.raises(ValueError, match="still recording"):
        tape.__enter__()


def test_custom_gradient() -> None:
    @tf.custom_gradient
    def clipped(x: tf.Tensor) -> tuple[tf.Tensor, object]:
        return x * x, lambda dy: dy * 100.0
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = clipped(x) * 3.0
    assert float(y) == 12.0
    assert float(tape.gradient(y, x)) == 300.0


def test_custom_gradient_of_the_identity_passes_only_what_it_says() -> None:
    @tf.custom_gradient
    def reverse(x: tf.Tensor) -> tuple[tf.Tensor, object]:
        return x, lambda dy: -dy
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = reverse(x) * 3.0
    assert float(tape.gradient(y, x)) == -3.0


def test_custom_gradient_with_variables() -> None:
    w = tf.Variable(5.0)

    @tf.custom_gradient
    def f(x: tf.Tensor) -> tuple[tf.Tensor, object]:
        def grad(dy: tf.Tensor, variables: list[tf.Variable]) -> tuple[tf.Tensor, list[tf.Tensor]]:
            assert len(variables) == 1 and variables[0] is w
            return dy * w, [dy * x * 10.0]
        return x * w, grad
    x = tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    gx, gw = tape.gradient(y, [x, w])
    assert (float(gx), float(gw)) == (5.0, 20.0)


def test_custom_gradient_of_second_order() -> None:
    @tf.custom_gradient
    def cube(x: tf.Tensor) -> tuple[tf.Tensor, object]:
        return x * x * x, lambda dy: dy * 3.0 * x * x
    x = tf.Variable(2.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = cube(x)
        first = inner.gradient(y, x)
    assert float(outer.gradient(first, x)) == 12.0


def test_stop_gradient() -> None:
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = tf.stop_gradient(x) * x
    assert float(tape.gradient(y, x)) == 3.0


def test_gather_has_a_sparse_gradient() -> None:
    table = tf.Variable(np.arange(8, dtype=np.float32).reshape(4, 2))
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.gather(table, [1, 1, 3]) * 2.0)
    g = tape.gradient(y, table)
    assert isinstance(g, tf.IndexedSlices)
    assert tf.convert_to_tensor(g).numpy().tolist() == [[0, 0], [4, 4], [0, 0], [2, 2]]


def test_the_tape_frees_what_it_recorded() -> None:
    x = tf.Variable(np.ones(1000, np.float32))
    with tf.GradientTape() as tape:
        middle = x * 2.0
        y = tf.reduce_sum(middle * middle)
    seen = weakref.ref(middle)
    del middle
    gc.collect()
    assert seen() is not None, "the tape holds what the gradient needs"
    tape.gradient(y, x)
    del y
    gc.collect()
    assert seen() is None, "after the gradient nobody does"


def test_a_persistent_tape_frees_when_it_dies() -> None:
    x = tf.Variable(np.ones(1000, np.float32))
    with tf.GradientTape(persistent=True) as tape:
        middle = x * 2.0
        y = tf.reduce_sum(middle * middle)
    seen = weakref.ref(middle)
    tape.gradient(y, x)
    del middle, y
    gc.collect()
    assert seen() is not None
    del tape
    gc.collect()
    assert seen() is None


def test_tapes_in_threads_do_not_see_each_other() -> None:
    from concurrent.futures import ThreadPoolExecutor

    def work(value: float) -> float:
        x = tf.Variable(value)
        with tf.GradientTape() as tape:
            y = x * x
            for _ in range(50):
                y = y + x
        return float(tape.gradient(y, x))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(8))) == [2.0 * v + 50 for v in range(8)]
