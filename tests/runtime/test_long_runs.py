"""Programs that run for long, or are large: memory, changing shapes, size of graphs, what is imported for one run."""
from __future__ import annotations

import gc
import importlib.util
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg import v1

HAS_JAX = importlib.util.find_spec("jax") is not None
needs_jax = pytest.mark.skipif(not HAS_JAX, reason="needs the xla extra")


def network(dropout: float = 0.0) -> tuple[Callable[[], Any], list[Any]]:
    """A training step of a small network with momentum."""
    rng = np.random.default_rng(0)
    x = tf.constant(rng.random((16, 4), np.float32))
    y = tf.constant(rng.random((16, 1), np.float32))
    weights = [tf.Variable(rng.random(s, np.float32)) for s in ((4, 8), (8,), (8, 1), (1,))]
    slots = [tf.Variable(tf.zeros(w.shape)) for w in weights]

    def step() -> Any:
        with tf.GradientTape() as tape:
            hidden = tf.nn.dropout(tf.nn.relu(tf.matmul(x, weights[0]) + weights[1]), dropout)
            loss = tf.reduce_mean(tf.square(tf.matmul(hidden, weights[2]) + weights[3] - y))
        for w, slot, g in zip(weights, slots, tape.gradient(loss, weights), strict=True):
            slot.assign(0.9 * slot + g)
            w.assign_sub(0.01 * slot)
        return loss
    return step, weights


def growth(step: Callable[[], Any], steps: int, warm: int = 300) -> tuple[int, int]:
    """The objects and bytes that Python holds more after `steps` steps."""
    for _ in range(warm):
        step()
    gc.collect()
    objects = len(gc.get_objects())
    tracemalloc.start()
    try:
        step()
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(steps):
            step()
        gc.collect()
        return len(gc.get_objects()) - objects, tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("jit_compile", [False, pytest.param(True, marks=needs_jax)])
def test_ten_thousand_traced_steps_leave_nothing_behind(jit_compile: bool) -> None:
    step, weights = network(dropout=0.1 if jit_compile else 0.0)
    traced = tf.function(step, jit_compile=jit_compile)
    first = float(traced())
    objects, size = growth(traced, 10_000)
    assert objects < 200 and size < 200_000
    assert float(traced()) < first and all(np.isfinite(w.numpy()).all() for w in weights)
    if jit_compile:
        import jax
        arrays = len(jax.live_arrays())
        for _ in range(100):
            traced()
        assert len(jax.live_arrays()) <= arrays + 2, "arrays on the device are given back"


def test_eager_steps_leave_nothing_behind() -> None:
    step, _ = network()
    objects, size = growth(step, 1000, warm=20)
    assert objects < 200 and size < 200_000


def test_ten_thousand_steps_of_a_session_leave_nothing_behind() -> None:
    with v1.Graph().as_default() as graph, v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 3])
        w = v1.get_variable("w", [3, 1], initializer=v1.ones_initializer())
        noise = v1.random_normal([1])
        loss = v1.reduce_mean(v1.square(v1.matmul(x, w) - 1.0 + 1e-3 * noise))
        train = v1.train.GradientDescentOptimizer(0.01).minimize(loss)
        session.run(v1.global_variables_initializer())
        nodes, fed = len(graph.get_operations()), np.ones((4, 3), np.float32)
        objects, size = growth(lambda: session.run([train, loss], {x: fed}), 10_000)
        assert len(graph.get_operations()) == nodes
    assert objects < 200 and size < 200_000


@needs_jax
def test_a_program_whose_shapes_keep_changing_stays_interpreted() -> None:
    from thalweg.runtime.engine import MAX_SIGNATURES

    @tf.function(input_signature=[tf.TensorSpec([None, 300])])
    def f(x: Any) -> Any:
        return tf.reduce_sum(tf.tanh(x) * tf.sigmoid(x))
    rng = np.random.default_rng(0)
    for n in range(200, 200 + MAX_SIGNATURES + 6):
        x = rng.random((n, 300), np.float32)
        for _ in range(3):
            expected = (np.tanh(x) / (1 + np.exp(-x))).sum(dtype=np.float64)
            np.testing.assert_allclose(f(tf.constant(x)), expected, rtol=1e-4)
    assert f"compiled for {MAX_SIGNATURES} kinds of arguments" in str(tf.explain(f))


@needs_jax
def test_a_shape_that_comes_once_is_not_compiled() -> None:
    @tf.function(input_signature=[tf.TensorSpec([None, 300])])
    def f(x: Any) -> Any:
        return tf.reduce_sum(tf.tanh(x))
    for n in range(300, 330):
        f(tf.ones([n, 300]))
    assert "interpreted: no kind of arguments came twice so far" in str(tf.explain(f))


def calls_of(action: Callable[[], Any]) -> tuple[Any, int]:
    """The result of an action, and how many calls of Python functions it took."""
    count = 0

    def watch(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"
    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        result = action()
    finally:
        sys.setprofile(before)
    return result, count


def test_work_on_a_graph_grows_with_its_nodes_and_no_faster() -> None:
    """The time of a large graph, told by calls, which do not depend on the machine."""
    counts = []
    for nodes in (500, 2000):
        with v1.Graph().as_default() as graph, v1.Session() as session:
            start = v1.placeholder(tf.float64, [None, 2])

            def build(nodes: int = nodes, start: Any = start) -> Any:
                x = start
                for _ in range(nodes // 2):
                    x = v1.sin(x + start)
                return x
            x, built = calls_of(build)
            assert len(graph.get_operations()) == nodes + 1
            (gradient,), differentiated = calls_of(lambda x=x, start=start: v1.gradients(x, start))
            fed = np.array([[0.1, 0.2]])
            (value, slope), ran = calls_of(lambda: session.run([x, gradient], {start: fed}))  # noqa: B023
        expected, derivative = fed, np.ones_like(fed)
        for _ in range(nodes // 2):
            derivative = np.cos(expected + fed) * (derivative + 1)
            expected = np.sin(expected + fed)
        np.testing.assert_allclose(value, expected)
        np.testing.assert_allclose(slope, derivative)
        assert built < 200 * nodes
        counts.append((built, differentiated, ran))
    for small, large in zip(*counts, strict=True):
        assert large < 4.4 * small


ONE_SHOT = """
import sys
import numpy as np
import thalweg as tf
from thalweg import v1

v, x = tf.Variable([[1.0, 2.0]]), tf.constant(np.ones((2, 300), np.float32))

@tf.function
def step():
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.tanh(tf.matmul(v, x)) + tf.random.normal([300]))
    v.assign_sub(tape.gradient(loss, v))
    return tf.while_loop(lambda i: i < 3, lambda i: [i + 1], [0])

print(step(), v)
with v1.Graph().as_default(), v1.Session() as session:
    w = v1.get_variable("w", [])
    train = v1.train.GradientDescentOptimizer(0.1).minimize(w * w)
    session.run(v1.global_variables_initializer())
    session.run(train)
    print(session.run(w))
print(tf.explain(step))
loaded = sorted({m.partition(".")[0] for m in sys.modules} & {"jax", "jaxlib", "scipy", "pandas", "matplotlib"})
assert not loaded, loaded
"""


def test_a_program_that_runs_once_imports_no_compiler() -> None:
    done = subprocess.run([sys.executable, "-c", ONE_SHOT], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
