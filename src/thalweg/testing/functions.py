"""Functions for tests: gradients by differences, graphs compared."""
from __future__ import annotations

import unittest
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import thalweg as tf
from thalweg.compat import v1


def main(argv: Any = None) -> None:
    """Runs the test cases of the program that is running, as `unittest.main`."""
    unittest.main(argv=argv)


def is_cpu_target_available(target: str) -> bool:
    """Whether kernels for a kind of processor could be compiled, here and elsewhere: all of TensorFlow's kinds.

    Raises:
      AssertionError: no such kind.
    """
    if target not in ("aarch64", "arm", "power", "s390x", "x86"):
        raise AssertionError(f"Unknown CPU target: {target}")
    return True


def compute_gradient(f: Callable[..., Any], x: Sequence[Any], delta: float | None = None) -> tuple[Any, Any]:
    """The derivatives of a function by the tape, and by central differences.

    Args:
      f: a function of the tensors in `x`.
      x: a list or tuple of floating-point tensors.
      delta: half the step of the differences; 1/1024 unless told otherwise.

    Returns:
      Two tuples of matrices, one for each tensor: `[size of f, size of the tensor]`.

    Raises:
      ValueError: `x` is no list.
      TypeError: an argument is no floating-point tensor.
    """
    if not isinstance(x, (list, tuple)):
        raise ValueError(f"`x` must be a list or tuple of values convertible to a Tensor (arguments to `f`), not a {type(x)}")
    delta = 1 / 1024 if delta is None else delta
    inputs = [tf.convert_to_tensor(value) for value in x]
    for value in inputs:
        if not value.dtype.is_floating:
            raise TypeError(f"compute_gradient differentiates by floating-point tensors, not by {value.dtype.name}")
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(inputs)
        y = tf.reshape(f(*inputs), [-1])
        rows = tf.unstack(y)
    exact, differences = [], []
    for i, value in enumerate(inputs):
        matrix = np.zeros((len(rows), int(tf.size(value))), value.dtype.as_numpy_dtype)
        for row, out in enumerate(rows):
            slope = tape.gradient(out, value)
            if slope is not None:
                matrix[row] = tf.convert_to_tensor(slope).numpy().ravel()
        exact.append(matrix)
        numeric = np.zeros_like(matrix)
        for place in range(numeric.shape[1]):
            sides = []
            for step in (delta, -delta):
                moved = value.numpy().copy()
                moved.reshape(-1)[place] += step
                sides.append(np.asarray(f(*inputs[:i], tf.constant(moved), *inputs[i + 1:])).ravel())
            numeric[:, place] = (sides[0] - sides[1]) / (2 * delta)
        differences.append(numeric)
    return tuple(exact), tuple(differences)


def assert_equal_graph_def(expected: Any, actual: Any) -> None:
    """Two graphs have the same nodes, in whatever order.

    Raises:
      TypeError: no `GraphDef`.
      AssertionError: they differ.
    """
    for name, graph in (("expected", expected), ("actual", actual)):
        if not isinstance(graph, v1.GraphDef):
            raise TypeError(f"Expected tf.GraphDef for {name}, got {type(graph).__name__}")
    wanted, found = ({node.name: node for node in graph.node} for graph in (expected, actual))
    for name in wanted:
        if name not in found:
            raise AssertionError(f"Graph def is missing node named '{name}'")
        if str(wanted[name]) != str(found[name]):
            raise AssertionError(f"Node named '{name}' does not match expected:\n{found[name]}\nexpected:\n{wanted[name]}")
    for name in found:
        if name not in wanted:
            raise AssertionError(f"Graph def has unexpected node named '{name}'")
