"""Indexing against NumPy's, slices of variables, and what the indices may be."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thalweg as tf


@st.composite
def keys(draw: Any) -> tuple[np.ndarray, tuple[Any, ...]]:
    """An array and a basic index into it."""
    shape = draw(st.lists(st.integers(1, 4), max_size=3))
    end = st.none() | st.integers(-6, 6)
    parts: list[Any] = []
    for n in shape[:draw(st.integers(0, len(shape)))]:
        part = draw(st.integers(-n, n - 1) | st.builds(slice, end, end, st.none() | st.sampled_from([1, 2, -1, -2, 3])))
        parts.append(part)
    if len(parts) == len(shape) and draw(st.booleans()):
        parts.insert(draw(st.integers(0, len(parts))), Ellipsis)
    if draw(st.booleans()):
        parts.insert(draw(st.integers(0, len(parts))), None)
    return np.arange(np.prod(shape, dtype=int), dtype=np.float32).reshape(shape), tuple(parts)


@given(keys())
def test_index_and_gradient(case: tuple[np.ndarray, tuple[Any, ...]]) -> None:
    array, key = case
    x = tf.constant(array)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x[key]
        loss = tf.reduce_sum(y * y)
    assert np.array_equal(y.numpy(), array[key])
    expected = np.zeros_like(array)
    expected[key] = 2 * array[key]
    assert np.array_equal(tape.gradient(loss, x).numpy(), expected)


@given(keys())
def test_index_in_a_function(case: tuple[np.ndarray, tuple[Any, ...]]) -> None:
    array, key = case
    f = tf.function(lambda x: x[key])
    out = f(tf.constant(array))
    assert np.array_equal(out.numpy(), array[key])
    known = f.get_concrete_function(tf.TensorSpec(array.shape, tf.float32)).structured_outputs.shape
    assert known == array[key].shape
    partial = f.get_concrete_function(tf.TensorSpec([None] * array.ndim, tf.float32)).structured_outputs.shape
    assert partial.is_compatible_with(array[key].shape)


@given(keys(), st.floats(-4, 4, width=32))
def test_assignment_to_a_slice(case: tuple[np.ndarray, tuple[Any, ...]], value: float) -> None:
    array, key = case
    v = tf.Variable(array)
    held = v.value()
    v[key].assign(value)
    expected = array.copy()
    expected[key] = value
    assert np.array_equal(v.numpy(), expected)
    assert np.array_equal(held.numpy(), array)


def test_the_gradient_of_a_slice_of_a_variable() -> None:
    v = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        loss = v[1] * v[2] + tf.reduce_sum(v[:2])
    assert tape.gradient(loss, v).numpy().tolist() == [1.0, 4.0, 2.0]


@pytest.mark.parametrize("index", ["a", 1.5, np.float32(1), np.array([0, 1]), slice(0, 1.5)])
def test_indices_of_other_types(index: Any) -> None:
    with pytest.raises(TypeError, match="Only integers, slices"):
        tf.constant([1, 2, 3])[index]


@pytest.mark.parametrize(("key", "message"), [
    (3, "slice index 3 of dimension 0 out of bounds."), (-4, "slice index -1 of dimension 0 out of bounds."),
    ((0, 0), "Index out of range using input dim 1; input has only 1 dims"),
    ((..., ...), "Multiple ellipses in slice spec not allowed"), (slice(None, None, 0), "strides[0] must be non-zero")])
def test_indices_out_of_range(key: Any, message: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        tf.constant([1, 2, 3])[key]
    assert str(caught.value).endswith(f"{message} [Op:StridedSlice] name: strided_slice/")


def test_a_scalar_mask() -> None:
    with pytest.raises(ValueError, match="mask cannot be scalar"):
        tf.constant([1, 2, 3])[True]
