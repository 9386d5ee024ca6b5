"""Programs that are built before they run: traced functions, graphs and sessions."""

from __future__ import annotations

import importlib
import time
from typing import Any

from .eager import RATE, points
from .rows import Result, row
from .timing import fastest

NODES = 2000


@row("function", "thalweg", "tensorflow")
def _(tf: Any) -> Result:
    x, y = (tf.constant(values) for values in points())
    a, b = tf.Variable(0.0), tf.Variable(0.0)

    @tf.function  # type: ignore[untyped-decorator]
    def step() -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((a + b * x - y) ** 2)
        da, db = tape.gradient(loss, [a, b])
        a.assign_sub(RATE * da)
        b.assign_sub(RATE * db)

    return {"time": fastest(step) * 1e6}


@row("function", "keras-jax")
def _(keras: Any) -> Result:
    """Plain JAX, which comes along with it: `jax.jit` of the step."""
    jax = importlib.import_module("jax")
    x, y = (jax.numpy.array(values) for values in points())

    def loss(weights: Any) -> Any:
        a, b = weights
        return ((a + b * x - y) ** 2).mean()

    @jax.jit  # type: ignore[untyped-decorator]
    def update(weights: Any) -> Any:
        return [w - RATE * g for w, g in zip(weights, jax.grad(loss)(weights), strict=True)]

    weights = [jax.numpy.zeros(()), jax.numpy.zeros(())]

    def step() -> None:
        nonlocal weights
        weights = update(weights)
        weights[0].block_until_ready()

    return {"time": fastest(step) * 1e6}


def _v1(module: Any) -> Any:
    return importlib.import_module(f"{module.__name__}.compat.v1")


@row("session", "thalweg", "tensorflow")
def _(module: Any) -> Result:
    tf = _v1(module)
    with tf.Graph().as_default(), tf.Session() as session:
        a = tf.placeholder(tf.float32, [2])
        out, fed = tf.tanh(a + 1.0), [1.0, 2.0]
        fetch = fastest(lambda: session.run(out, {a: fed}))
    with tf.Graph().as_default(), tf.Session() as session:
        w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
        train = tf.train.GradientDescentOptimizer(0.01).minimize(w * w - 10.0 * w + 25.0)
        session.run(tf.global_variables_initializer())
        step = fastest(lambda: session.run(train))
    return {"fetch": fetch * 1e6, "train": step * 1e6}


@row("graph", "thalweg", "tensorflow")
def _(module: Any) -> Result:
    tf = _v1(module)

    def build() -> None:
        with tf.Graph().as_default() as graph:
            x = start = tf.placeholder(tf.float32, [None, 8])
            while len(graph.get_operations()) < NODES:
                for _ in range(100):
                    x = tf.tanh(x + start)

    best = float("inf")
    for _ in range(3):
        begin = time.perf_counter()
        build()
        best = min(best, time.perf_counter() - begin)
    return {"seconds": best}
