"""Values of variables that somebody holds while a compiled program replaces them, and threads that run programs."""
from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg import v1
from thalweg.runtime import state

HAS_JAX = importlib.util.find_spec("jax") is not None
needs_jax = pytest.mark.skipif(not HAS_JAX, reason="needs the xla extra")
SIZE = 300


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The values that were copied because somebody held them."""
    seen: list[Any] = []
    make = state._copy
    monkeypatch.setattr(state, "_copy", lambda array: seen.append(array) or make(array))
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # the test runner has threads of its own
    return seen


def counter() -> tuple[Any, Callable[[], Any]]:
    v = tf.Variable(tf.zeros([SIZE, SIZE]))

    @tf.function(jit_compile=True)
    def step() -> Any:
        v.assign_add(tf.tanh(v) * 0.0 + 1.0)
        return tf.reduce_max(v)
    step()
    return v, step


@needs_jax
def test_tensors_keep_their_values_when_the_variable_moves_on(copies: list[Any]) -> None:
    v, step = counter()
    step()
    step()
    assert not copies, "where nobody looks, the memory is taken over"
    held, read = v.value(), v.read_value()
    step()
    assert len(copies) == 1
    step()
    assert len(copies) == 1
    assert held.numpy().max() == 3 and read.numpy().max() == 3 and v.numpy().max() == 5


@needs_jax
def test_a_value_that_a_program_handed_out_is_held_too() -> None:
    v, step = counter()
    read = tf.function(lambda: v.read_value(), jit_compile=True)
    outs = []
    for _ in range(3):
        outs.append(read())
        step()
    assert [out.numpy().max() for out in outs] == [1, 2, 3]


@needs_jax
def test_second_derivatives_of_a_call_that_assigns_see_the_values_before_it() -> None:
    v = tf.Variable(tf.fill([SIZE, SIZE], 2.0))

    @tf.function(jit_compile=True)
    def f(x: Any) -> Any:
        y = tf.reduce_sum(v * x * x * x)
        v.assign_add(tf.ones([SIZE, SIZE]))
        return y
    x = tf.constant(3.0)
    for k in range(3):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = f(x)
            dx = tape.gradient(y, x)
        scale = (2.0 + k) * SIZE * SIZE
        np.testing.assert_allclose(dx, 27 * scale, rtol=1e-5)
        np.testing.assert_allclose(outer.gradient(dx, x), 18 * scale, rtol=1e-5)


@needs_jax
def test_training_copies_nothing(copies: list[Any]) -> None:
    x, y = np.ones((64, 200), np.float32), np.ones((64, 10), np.float32)
    model = tf.keras.Sequential([tf.keras.Input((200,)), tf.keras.layers.Dense(100), tf.keras.layers.BatchNormalization(),
                                 tf.keras.layers.Dense(10)])
    model.compile("adam", "mse", metrics=["mae"], jit_compile=True)
    model.fit(x, y, batch_size=8, epochs=2, verbose=0)
    assert not copies
    with v1.Graph().as_default(), v1.Session() as session:
        ws = [v1.get_variable(n, initializer=v1.ones([SIZE, SIZE])) for n in "abc"]
        loss = v1.reduce_mean(v1.square(v1.matmul(v1.matmul(ws[0], ws[1]), ws[2])))
        train = v1.train.MomentumOptimizer(1e-9, 0.9).minimize(loss)
        session.run(v1.global_variables_initializer())
        for _ in range(5):
            session.run([train, loss])
        assert "compiled for" in str(tf.explain(session)) and not copies


@pytest.fixture
def hasty() -> Iterator[None]:
    """Python changes threads very often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def together(*actions: Callable[[], Any], times: int) -> None:
    """Runs actions in threads of their own, and raises what went wrong in one of them."""
    wrong: list[BaseException] = []

    def work(action: Callable[[], Any]) -> None:
        try:
            for _ in range(times):
                action()
        except BaseException as error:
            wrong.append(error)
    threads = [threading.Thread(target=work, args=(action,)) for action in actions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if wrong:
        raise wrong[0]


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("jit_compile", [False, pytest.param(True, marks=needs_jax)])
def test_threads_lose_no_updates_of_a_function(jit_compile: bool) -> None:
    v = tf.Variable(tf.zeros([SIZE, SIZE]))
    step = tf.function(lambda: v.assign_add(tf.tanh(v) * 0.0 + 1.0), jit_compile=jit_compile)
    step()
    together(step, step, step, lambda: v.numpy().sum(), times=25)
    values = v.numpy()
    assert values.min() == values.max() == 76


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("size", [1, SIZE])
def test_threads_lose_no_updates_of_a_session(size: int) -> None:
    with v1.Graph().as_default(), v1.Session() as session:
        w = v1.get_variable("w", [size, size], initializer=v1.zeros_initializer())
        x = v1.placeholder(tf.float32, [size, size])
        out = v1.reduce_max(v1.tanh(w) @ x)
        step = v1.assign_add(w, v1.tanh(w @ x) * 0.0 + 1.0).op
        session.run(v1.global_variables_initializer())
        fed = np.ones((size, size), np.float32)
        for _ in range(3):
            session.run([step, out], {x: fed})
            session.run(step, {x: fed})
            session.run(out, {x: fed})
        together(*[lambda: session.run(step, {x: fed})] * 3, lambda: session.run(out, {x: fed}), times=50)
        values = session.run(w)
        assert values.min() == values.max() == 6 + 150


def test_programs_that_wait_for_another_thread_do_not_keep_it_from_writing() -> None:
    a, b, ready = tf.Variable(0.0), tf.Variable(0.0), threading.Event()

    @tf.function
    def waits() -> None:
        a.assign_add(tf.ensure_shape(tf.py_function(lambda: float(ready.wait(20)), [], tf.float32), []))

    @tf.function
    def comes() -> None:
        b.assign_add(1.0)

    def come() -> None:
        comes()
        ready.set()
    together(waits, come, times=1)
    assert a.numpy() == 1 and b.numpy() == 1
