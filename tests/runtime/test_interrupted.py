"""Ctrl-C and memory that runs out: the variables are as before the failed step, or as after it, and all can go on."""
from __future__ import annotations

import importlib.util
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg import v1
from thalweg.runtime import interrupts

HAS_JAX = importlib.util.find_spec("jax") is not None
needs_jax = pytest.mark.skipif(not HAS_JAX, reason="needs the xla extra")
HUGE = 1 << 30
"""An array of so many rows and columns is larger than any address space."""


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    """Python's own handler of Ctrl-C: a process in the background has none."""
    outside = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    left = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, outside)
    assert left is signal.default_int_handler, "the handler is put back"


def press() -> None:
    signal.raise_signal(signal.SIGINT)


class Pair:
    """Two variables that every step counts up together, the second one after something that may fail."""

    def __init__(self, shape: Any = ()) -> None:
        self.a, self.b = tf.Variable(tf.zeros(shape)), tf.Variable(tf.zeros(shape))

    def values(self) -> tuple[float, float]:
        return float(self.a.numpy().max()), float(self.b.numpy().max())


def pressing(x: Any, wanted: list[bool]) -> Any:
    """A Python function in a program that presses Ctrl-C once."""
    if wanted and wanted.pop():
        press()
    return x


def test_an_interpreted_loop_is_interrupted() -> None:
    pair, wanted = Pair(), []

    @tf.function
    def step() -> Any:
        pair.a.assign_add(1.0)

        def body(i: Any, x: Any) -> Any:
            x = tf.py_function(lambda i, x: pressing(x, wanted if i == 2 else []), [i, x], tf.float32)
            pair.b.assign_add(0.25)
            return i + 1, tf.ensure_shape(x, [])
        return tf.while_loop(lambda i, x: i < 4, body, [0, 1.0])[1]
    for count in range(1, 4):
        assert step().numpy() == 1.0 and pair.values() == (count, count)
        wanted.append(True)
        with pytest.raises(KeyboardInterrupt):
            step()
        assert pair.values() == (count, count) and tf.executing_eagerly()
    step()
    assert pair.values() == (4, 4)


def test_a_session_is_interrupted() -> None:
    wanted: list[bool] = []
    with v1.Graph().as_default(), v1.Session() as session:
        w = v1.get_variable("w", [2], initializer=v1.zeros_initializer())
        first = v1.assign_add(w, [1.0, 1.0])
        with v1.control_dependencies([first]):
            seen = v1.py_func(lambda: pressing(np.float32(1), wanted), [], tf.float32)
        with v1.control_dependencies([seen]):
            second = v1.assign_add(w, [1.0, 1.0])
        session.run(v1.global_variables_initializer())
        for count in (2, 4):
            session.run(second)
            wanted.append(True)
            with pytest.raises(KeyboardInterrupt):
                session.run(second)
            assert session.run(w).tolist() == [count, count]


def test_tracing_is_interrupted() -> None:
    wanted, pair = [True], Pair()

    @tf.function
    def f(x: Any) -> Any:
        with tf.name_scope("inside"), tf.GradientTape() as tape:
            pair.a.assign_add(x)
            pressing(x, wanted)
            return tape.gradient(pair.a * x, pair.a)
    with pytest.raises(KeyboardInterrupt):
        f(tf.constant(2.0))
    assert tf.executing_eagerly() and pair.values()[0] == 0
    with tf.name_scope("outside") as scope:
        assert scope == "outside/"
    assert f(tf.constant(2.0)).numpy() == 2.0 and pair.values()[0] == 2


def test_eager_loops_are_interrupted() -> None:
    pair, wanted = Pair(), [True]

    def body(i: Any) -> Any:
        pair.a.assign_add(1.0)
        tf.py_function(lambda: pressing(tf.constant(0.0), wanted if i == 2 else []), [], tf.float32)
        return [i + 1]
    with pytest.raises(KeyboardInterrupt):
        tf.while_loop(lambda i: i < 5, body, [0])
    assert pair.values()[0] == 3, "each assignment is a step of its own"
    assert tf.while_loop(lambda i: i < 5, body, [0])[0].numpy() == 5


@needs_jax
def test_a_compiled_loop_is_interrupted_by_a_timer() -> None:
    pair = Pair((200, 200))

    @tf.function(jit_compile=True)
    def step() -> Any:
        def body(i: Any, x: Any) -> Any:
            return i + 1, tf.tanh(tf.matmul(x, x) * 0.001)
        x = tf.while_loop(lambda i, x: i < 100, body, [0, pair.a + 0.0])[1]
        pair.a.assign_add(tf.ones_like(x) + 0.0 * x)
        pair.b.assign_add(tf.ones_like(x) + 0.0 * x)
    step()
    for delay in (0.0, 0.005, 0.02):
        timer = threading.Timer(delay, press)
        with pytest.raises(KeyboardInterrupt):
            timer.start()
            for _ in range(10_000):
                step()
                pair.a.numpy()
            time.sleep(5)
        timer.join()
        a, b = pair.values()
        assert a == b and a >= 1, "both variables are as after the same step"
        step()
        assert pair.values() == (a + 1, a + 1)


@needs_jax
@pytest.mark.parametrize("kind", ["function", "session"])
def test_ctrl_c_while_a_compiled_program_returns_waits_for_the_variables(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program has taken over the memory of the old values: only its results hold the variables' values."""
    from thalweg.runtime import xla
    wanted: list[bool] = []
    make = xla.Compiled.__init__

    def watched(self: Any, *args: Any) -> None:
        make(self, *args)
        jit = self._traced

        class Pressing:
            trace = jit.trace

            def __call__(self, *values: Any) -> Any:
                return pressing(jit(*values), wanted)
        self._traced = Pressing()
    monkeypatch.setattr(xla.Compiled, "__init__", watched)
    if kind == "function":
        pair = Pair((300, 300))

        @tf.function
        def step() -> None:
            pair.a.assign_add(tf.ones([300, 300]))
            pair.b.assign_add(tf.tanh(pair.a) * 0.0 + 1.0)
        values = pair.values
    else:
        graph = v1.Graph()
        with graph.as_default():
            ones = v1.ones([300, 300])
            a, b = (v1.get_variable(name, initializer=0.0 * ones) for name in "ab")
            first = v1.assign_add(a, ones)
            with v1.control_dependencies([first]):
                both = v1.group(first, v1.assign_add(b, v1.tanh(a) * 0.0 + 1.0))
            initialize = v1.global_variables_initializer()
        session = v1.Session(graph=graph)
        session.run(initialize)

        def step() -> None:
            session.run(both)

        def values() -> tuple[float, float]:
            return tuple(float(x.max()) for x in session.run([a, b]))
    for _ in range(3):
        step()
    assert values() == (3, 3)
    wanted.append(True)
    with pytest.raises(KeyboardInterrupt):
        step()
    assert not wanted and values() == (4, 4)
    step()
    assert values() == (5, 5)


def test_held_signals_go_to_the_handler_that_was_there() -> None:
    seen = []
    signal.signal(signal.SIGINT, lambda number, frame: seen.append(number))
    interrupts.hold()
    interrupts.hold()
    press()
    assert seen == []
    interrupts.release()
    assert seen == [signal.SIGINT]
    interrupts.release()
    press()
    assert seen == [signal.SIGINT] * 2
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    interrupts.hold()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    interrupts.release()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    worker = threading.Thread(target=interrupts.hold)
    worker.start()
    worker.join()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("eager", [False, True])
def test_fit_is_interrupted_between_steps(eager: bool) -> None:
    wanted: list[bool] = []

    class Pressing(tf.keras.layers.Layer):
        def call(self, x: Any) -> Any:
            y = tf.py_function(lambda x: pressing(x, wanted), [x], tf.float32)
            return tf.ensure_shape(y, x.shape) + 0.0 * x
    model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(3), Pressing(), tf.keras.layers.Dense(1)])
    model.compile("adam", "mse", run_eagerly=eager)
    x, y = np.ones((8, 2), np.float32), np.zeros((8, 1), np.float32)
    model.fit(x, y, batch_size=4, verbose=0)
    assert int(model.optimizer.iterations) == 2
    before = [w.copy() for w in model.get_weights()]
    wanted.append(True)
    with pytest.raises(KeyboardInterrupt):
        model.fit(x, y, batch_size=4, verbose=0)
    assert int(model.optimizer.iterations) == 3, "the step that was running has been completed"
    after = model.get_weights()
    assert all((a != b).any() for a, b in zip(after, before, strict=True) if b.any())
    model.fit(x, y, batch_size=4, verbose=0)
    assert int(model.optimizer.iterations) == 5


# ---- memory ----------------------------------------------------------------------------------------------------------

OOM = r"OOM when allocating tensor with shape\[1073741824,1073741824\] and type float on .*CPU:0 by allocator cpu"


def test_eager_operations_without_memory() -> None:
    v = tf.Variable([1.0, 2.0])
    with pytest.raises(tf.errors.ResourceExhaustedError, match=OOM + r" \[Op:Fill\]"):
        tf.fill([HUGE, HUGE], 1.0)
    with pytest.raises(tf.errors.ResourceExhaustedError, match=r"shape\[.*\] and type float .*\[Op:Tile\]"):
        v.assign(tf.tile(v, [1 << 59]))
    with pytest.raises(tf.errors.ResourceExhaustedError), tf.GradientTape() as tape:
        tape.gradient(tf.reduce_sum(tf.tile(v, [1 << 59])), v)
    assert v.numpy().tolist() == [1, 2] and (v + 1.0).numpy().tolist() == [2, 3]


def test_an_error_without_a_shape_still_says_what_it_is() -> None:
    from thalweg.core.memory import shortage
    assert shortage(MemoryError()) == "OOM when allocating memory"
    assert shortage(MemoryError("no room")) == "OOM when allocating memory: no room"


@pytest.mark.parametrize("jit_compile", [False, None])
def test_an_interpreted_program_without_memory(jit_compile: bool | None) -> None:
    pair = Pair((2,))

    @tf.function(jit_compile=jit_compile)
    def step(n: Any) -> None:
        pair.a.assign_add(tf.ones(2))
        wide = tf.fill([n, n], pair.a[0], name="wide")
        pair.b.assign_add(tf.ones(2) + 0.0 * wide[0, 0])
    step(tf.constant(3))
    for _ in range(3):
        with pytest.raises(tf.errors.ResourceExhaustedError, match=OOM + r"\s+\[\[{{node wide}}\]\]") as caught:
            step(tf.constant(HUGE))
        assert caught.value.op.name == "wide" and pair.values() == (1, 1)
    step(tf.constant(3))
    assert pair.values() == (2, 2)


def test_a_session_without_memory() -> None:
    with v1.Graph().as_default(), v1.Session() as session:
        n = v1.placeholder(tf.int32, [])
        w = v1.get_variable("w", [], initializer=v1.zeros_initializer())
        with v1.control_dependencies([v1.assign_add(w, 1.0)]):
            out = v1.reduce_sum(v1.fill([n, n], 1.0, name="wide"))
        session.run(v1.global_variables_initializer())
        assert session.run(out, {n: 2}) == 4
        with pytest.raises(tf.errors.ResourceExhaustedError, match=OOM):
            session.run(out, {n: HUGE})
        assert session.run(w) == 1


@needs_jax
def test_a_compiled_program_that_cannot_fit_is_refused_before_it_touches_variables() -> None:
    pair = Pair((2,))

    @tf.function(jit_compile=True)
    def step(x: Any) -> Any:
        pair.a.assign_add(tf.ones(2))
        wide = tf.tanh(tf.fill([HUGE, HUGE], x))
        pair.b.assign_add(tf.ones(2))
        return tf.matmul(wide, wide)
    for _ in range(2):
        with pytest.raises(tf.errors.ResourceExhaustedError, match=r"(?s)OOM.*shape\[1073741824,1073741824\].*type float"):
            step(tf.constant(1.0))
        assert pair.values() == (0, 0)
    pair.a.assign_add([1.0, 1.0])
    assert pair.values() == (1, 0)


class _Poisoned:
    """A device array of a program that failed after its call had returned."""

    shape, dtype, ndim = (2,), np.dtype(np.float32), 1

    def block_until_ready(self) -> None:
        raise RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 4611686018427387904 bytes.")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("reading it would end the process")


def test_a_result_that_never_came_to_be_is_not_read() -> None:
    from thalweg.core.tensor import DeviceTensor
    with pytest.raises(tf.errors.ResourceExhaustedError, match="Out of memory allocating 4611686018427387904 bytes"):
        DeviceTensor(_Poisoned()).numpy()
