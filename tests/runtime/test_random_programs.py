"""Stateful random ops in programs: the same numbers from either engine, a stream that goes on, nothing lost on failure."""
from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg import v1

HAS_JAX = importlib.util.find_spec("jax") is not None
needs_jax = pytest.mark.skipif(not HAS_JAX, reason="needs the xla extra")


def runs(body: Any, jit_compile: bool | None, *args: Any, count: int = 3) -> list[Any]:
    """The results of some runs of a new function under one seed."""
    tf.random.set_seed(5)
    f = tf.function(body, jit_compile=jit_compile)
    return [[t.numpy() for t in tf.nest.flatten(f(*args))] for _ in range(count)]


def assert_same(a: Any, b: Any) -> None:
    for one, other in zip(tf.nest.flatten(a), tf.nest.flatten(b), strict=True):
        exact = one.dtype.kind in "iub"
        tol = 0 if exact else 1e-2 if one.dtype.itemsize == 2 else 3e-6 if one.dtype == np.float32 else 1e-12
        np.testing.assert_allclose(one.astype(np.float64), other.astype(np.float64), tol, tol)


DRAWS = {
    **{f"{f}_{t}": (lambda f=f, t=t: getattr(tf.random, f)([3, 5], dtype=t, seed=3))
       for f in ("uniform", "normal", "truncated_normal") for t in ("float16", "bfloat16", "float32", "float64")},
    "int32": lambda: tf.random.uniform([7], -3, 12, tf.int32),
    "int64": lambda: tf.random.uniform([2, 3], 5, 2**40, tf.int64, seed=1),
    "shuffle": lambda: tf.random.shuffle(tf.reshape(tf.range(34), [17, 2]), seed=2),
    "shuffle of one": lambda: tf.random.shuffle([[5, 6]]),
    "shuffle of nothing": lambda: tf.random.shuffle(tf.zeros([0, 3])),
    "categorical": lambda: tf.random.categorical(tf.math.log([[0.1, 0.3, 0.6], [1.0, 0.0, 2.0]]), 9, seed=1),
    "categorical32": lambda: tf.random.categorical([[0.5, float("nan"), -1.0]] * 5, 3, tf.int32),
    "empty": lambda: tf.random.uniform([0, 3]),
    "scalar": lambda: tf.random.normal([]),
    "empty range, nothing drawn": lambda: tf.random.uniform([0], 3, 3, tf.int32),
    "two streams": lambda: (tf.random.uniform([3]), tf.random.uniform([3]), tf.random.normal([2], seed=9)),
}


@needs_jax
@pytest.mark.parametrize("name", DRAWS)
def test_both_engines_draw_the_same_numbers(name: str) -> None:
    body = DRAWS[name]
    interpreted = runs(body, False)
    assert_same(runs(body, True), interpreted)
    if interpreted[0][0].size > 2:
        assert interpreted[0][0].tolist() != interpreted[1][0].tolist()


@pytest.mark.parametrize("jit_compile", [False, pytest.param(True, marks=needs_jax)])
def test_a_function_draws_the_numbers_of_tensorflow(jit_compile: bool) -> None:
    """What tf.function gives in TensorFlow 2.21."""
    tf.random.set_seed(7)

    @tf.function(jit_compile=jit_compile)
    def f() -> Any:
        return (tf.random.shuffle(tf.range(6), seed=2), tf.random.categorical(tf.zeros([1, 5]), 4, seed=9),
                tf.random.uniform([2], 0, 100, tf.int32, seed=4), tf.random.normal([300, 300], seed=1)[0, :2])
    runs = [[t.numpy().tolist() for t in f()] for _ in range(2)]
    assert runs[0][:3] == [[1, 2, 4, 3, 5, 0], [[1, 3, 3, 4]], [25, 81]]
    assert runs[1][:3] == [[1, 0, 5, 3, 2, 4], [[2, 4, 4, 4]], [27, 46]]
    np.testing.assert_allclose(runs[0][3], [-0.5408053994178772, 1.1220329999923706], rtol=1e-6)
    np.testing.assert_allclose(runs[1][3], [-0.5355395078659058, 1.7782177925109863], rtol=1e-6)


def test_counters_of_128_bits_carry() -> None:
    from thalweg.ops.random_state import Counters, Site
    table, site = Counters(), Site((1,), 7, 2**63 + 5)
    table[(1,)] = 2**64 - 2
    row = table.rows((site,))[0].tolist()
    assert row == [7, 2**64 - 2, 2**63 + 5]
    table.keep((site,), np.array([[7, 1, 2**63 + 6]], np.uint64))
    key, counter = table.take((1,), 7, 2**63 + 5, 4)
    assert key.tolist() == [7] and counter.tolist() == [1, 2**63 + 6] and table[(1,)] == 2**64 + 5


@needs_jax
def test_compiled_counters_of_128_bits_carry() -> None:
    import jax
    import jax.numpy as jnp

    from thalweg.ops.random_state import Site
    from thalweg.runtime.streams import TracedStreams

    def moved(rows: Any) -> Any:
        streams = TracedStreams([Site((1,), 0, 1), Site((2,), 0, 1)], rows)
        first = streams.take((1,), 0, 1, 5)
        return streams.take((1,), 0, 1, 1)[1], first[1], streams.rows()
    start = np.array([[9, 2**64 - 3, 4], [8, 1, 2]], np.uint64)
    with jax.enable_x64(True):
        second, first, rows = jax.jit(moved)(jnp.asarray(start))
    assert first.tolist() == [2**64 - 3, 4] and second.tolist() == [2, 5]
    assert rows.tolist() == [[9, 3, 5], [8, 1, 2]]


@needs_jax
def test_a_stream_goes_on_when_the_engine_changes() -> None:
    """Another shape is interpreted at its first run, in the middle of compiled ones."""
    def draw(x: Any) -> Any:
        return tf.random.uniform(tf.shape(x)) + 0.0 * x
    signature = [tf.TensorSpec([None])]
    out = []
    for jit_compile in (False, None):
        tf.random.set_seed(1)
        f = tf.function(draw, input_signature=signature, jit_compile=jit_compile)
        out.append([f(tf.zeros(n)).numpy() for n in (50000, 50000, 50000, 3, 50000, 50000, 3, 3, 50000)])
    assert "compiled for" in str(tf.explain(f))
    assert_same(out[0], out[1])


@needs_jax
def test_set_seed_starts_compiled_functions_again() -> None:
    @tf.function(jit_compile=True)
    def f() -> Any:
        return tf.random.normal([4], seed=2)
    tf.random.set_seed(3)
    first = [f().numpy().tolist() for _ in range(2)]
    tf.random.set_seed(3)
    assert [f().numpy().tolist() for _ in range(2)] == first and first[0] != first[1]


@needs_jax
def test_without_seeds_numbers_differ_from_run_to_run_and_function_to_function() -> None:
    tf.random.set_seed(None)
    made = [tf.function(lambda: tf.random.uniform([4]), jit_compile=jit) for jit in (True, True, False)]
    rows = [tuple(f().numpy().tolist()) for f in made for _ in range(3)]
    assert len(set(rows)) == 9


def cond_draws(x: Any) -> Any:
    return tf.cond(x[0] > 0, lambda: tf.random.uniform([2]), lambda: tf.random.normal([2]) + tf.random.uniform([2]))


def loop_draws(x: Any) -> Any:
    i, total = tf.while_loop(lambda i, t: i < 4, lambda i, t: (i + 1, t * 0.5 + tf.random.uniform([2])), [0, x])
    return total, tf.random.uniform([2]), i


def open_loop_draws(x: Any) -> Any:
    def body(i: Any, t: Any) -> Any:
        return i + 1, t + tf.random.uniform([2])
    return tf.while_loop(lambda i, t: tf.reduce_sum(t) < 6.0, body, [0, tf.abs(x)])


def condition_draws(x: Any) -> Any:
    return tf.while_loop(lambda i: tf.random.uniform([]) < 0.7, lambda i: [i + 1], [0])


def nested_draws(x: Any) -> Any:
    def body(i: Any, t: Any) -> Any:
        t = tf.cond(i % 2 == 0, lambda: t + tf.random.normal([2]), lambda: t)
        inner = tf.while_loop(lambda j, s: j < i, lambda j, s: (j + 1, s + tf.random.uniform([2])), [0, t])
        return i + 1, inner[1]
    return tf.while_loop(lambda i, t: i < 3, body, [0, x])


def mapped_draws(x: Any) -> Any:
    return tf.map_fn(lambda r: r * tf.random.uniform([]), x)


@needs_jax
@pytest.mark.parametrize("body", [cond_draws, loop_draws, open_loop_draws, condition_draws, nested_draws, mapped_draws],
                         ids=lambda f: f.__name__)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_control_flow_draws_the_same_in_both_engines(body: Any, sign: float) -> None:
    x = tf.constant([sign, 0.5])
    interpreted = runs(body, False, x, count=4)
    assert_same(runs(body, True, x, count=4), interpreted)
    assert len({str(r) for r in interpreted}) > 1


@needs_jax
def test_gradients_do_not_draw_again() -> None:
    def step(x: Any) -> Any:
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = tf.nn.dropout(x * x, 0.5)
            dx = tape.gradient(y, x)
        return y, dx, outer.gradient(dx, x)
    x = tf.constant(np.linspace(1, 2, 64, dtype=np.float32))
    for jit_compile in (False, True):
        f = tf.function(step, jit_compile=jit_compile)
        for _ in range(3):
            y, dx, ddx = f(x)
            kept = y.numpy() > 0
            assert 8 < kept.sum() < 56
            np.testing.assert_allclose(dx, np.where(kept, 4 * x.numpy(), 0))
            np.testing.assert_allclose(ddx, np.where(kept, 4.0, 0))


@pytest.mark.parametrize("seed", [None, 4])
@pytest.mark.parametrize("jit_compile", [False, *([True] if HAS_JAX else [])])
def test_gradients_of_gradients_through_a_call_draw_the_same_again(seed: int | None, jit_compile: bool) -> None:
    tf.random.set_seed(seed)
    f = tf.function(lambda x: tf.nn.dropout(x * x * x, 0.5), jit_compile=jit_compile)
    x = tf.constant(np.linspace(1, 2, 64, dtype=np.float32))
    for _ in range(3):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = f(x)
            dx = tape.gradient(y, x)
        kept = y.numpy() > 0
        np.testing.assert_allclose(dx, np.where(kept, 6 * x.numpy() ** 2, 0), rtol=1e-5)
        np.testing.assert_allclose(outer.gradient(dx, x), np.where(kept, 12 * x.numpy(), 0), rtol=1e-5)


@needs_jax
def test_a_training_step_with_dropout_is_one_compiled_program() -> None:
    x = tf.constant(np.random.default_rng(0).random((64, 100), np.float32))

    def train(jit_compile: bool | None) -> tuple[Any, Any]:
        tf.random.set_seed(2)
        w = tf.Variable(tf.ones([100, 50]) * 0.01)

        @tf.function(jit_compile=jit_compile)
        def step() -> Any:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(tf.nn.dropout(x @ w, 0.3) - 1.0))
            w.assign_sub(0.1 * tape.gradient(loss, w))
            return loss
        return [step().numpy() for _ in range(5)] + [w.numpy()], step
    (interpreted, _), (compiled, step) = train(False), train(None)
    text = str(tf.explain(step))
    assert "compiled for 1 kinds of arguments" in text and "interpreted:" not in text
    for a, b in zip(interpreted, compiled, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4)
    assert len(set(map(float, compiled[:5]))) == 5


@needs_jax
def test_a_session_draws_the_same_whether_it_compiles_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    from thalweg.runtime import engine

    def draws(available: bool) -> Any:
        monkeypatch.setattr(engine, "xla_available", lambda: available)
        with v1.Graph().as_default(), v1.Session() as s:
            v1.set_random_seed(4)
            wide = v1.random_normal([200, 200])
            total = v1.reduce_sum(v1.matmul(wide, v1.random_uniform([200, 200])), 0)
            few = wide[0, :3]
            out = [s.run(total) for _ in range(3)] + [s.run(few), s.run(total), s.run([total, few])]
            return out, str(tf.explain(s))
    (interpreted, text), (compiled, explained) = draws(False), draws(True)
    assert "compiled for" in explained and "compiled for" not in text
    for a, b in zip(tf.nest.flatten(interpreted), tf.nest.flatten(compiled), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-4)


@needs_jax
def test_a_failed_run_draws_nothing_compiled() -> None:
    """An error that shows up in a later, interpreted stretch comes after the compiled draw; one in tracing does not."""
    @tf.function(jit_compile=True)
    def f(x: Any) -> Any:
        return tf.random.uniform([3], seed=8) + x
    tf.random.set_seed(6)
    f(tf.zeros(3))
    second = f(tf.zeros(3)).numpy().tolist()
    tf.random.set_seed(6)
    f(tf.zeros(3))
    with pytest.raises((tf.errors.InvalidArgumentError, ValueError)):
        f(tf.zeros(2))
    assert f(tf.zeros(3)).numpy().tolist() == second


@needs_jax
def test_bounds_that_only_the_running_program_knows_are_checked() -> None:
    @tf.function
    def f(high: Any) -> Any:
        draw = tf.random.uniform([4], 0, high, tf.int32)
        return draw, tf.reduce_sum(tf.tanh(tf.ones([300, 300]) * tf.cast(high, tf.float32)))
    for _ in range(3):
        assert (f(tf.constant(5))[0].numpy() < 5).all()
    assert "RandomUniformInt" in str(tf.explain(f))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Need minval < maxval, got 0 >= 0"):
        f(tf.constant(0))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Need minval < maxval, got 3 >= 3"):
        tf.function(lambda: tf.random.uniform([4], 3, 3, tf.int32), jit_compile=True)()
