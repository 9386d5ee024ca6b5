"""Checks of values in programs that are compiled by default: the errors of interpreted ones, and state as it was."""
from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg import v1

HAS_JAX = importlib.util.find_spec("jax") is not None
pytestmark = pytest.mark.skipif(not HAS_JAX, reason="needs the xla extra")

N = 20_000
keras = tf.keras


def ints(*values: Any) -> Any:
    return tf.constant(np.array(values, np.int32).reshape(np.shape(values[0]) if len(values) == 1 else -1))


def heavy(x: Any) -> Any:
    """Enough work for compiling to pay."""
    for _ in range(12):
        x = tf.sin(x) * tf.exp(-x)
    return x


def message(error: BaseException) -> str:
    """The text without the lines of the program, which differ between two functions."""
    return str(error).partition("\n\nOriginal stack trace")[0]


def void(operation: Any) -> None:
    """Forgets an operation, which a function cannot return."""


def compiled(f: Any) -> bool:
    return "compiled for" in str(tf.explain(f))


def fails_alike(body: Callable[..., Any], good: Any, bad: Any,
                kind: type[Exception] = tf.errors.InvalidArgumentError) -> str:
    """Runs a function of a variable and an argument interpreted and compiled; both fail alike on bad input.

    Returns:
      The message.
    """
    texts = []
    for policy in (False, None):
        v = tf.Variable(tf.range(N, dtype=tf.float32) / N)

        @tf.function(jit_compile=policy)
        def step(x: Any, v: Any = v) -> Any:
            out = body(x)
            v.assign_add(heavy(v) + 1.0)
            return out
        for _ in range(4):
            step(good)
        assert compiled(step) == (policy is None)
        assert policy is False or "interpreted" not in str(tf.explain(step)), "the checks do not split the program"
        before = v.numpy()
        with pytest.raises(kind) as caught:
            step(bad)
        texts.append(message(caught.value))
        np.testing.assert_array_equal(v.numpy(), before)
        expected = v + heavy(v) + 1.0
        step(good)
        np.testing.assert_allclose(v.numpy(), expected, rtol=1e-5)
    assert texts[0] == texts[1]
    return texts[0]


table = np.arange(12, dtype=np.float32).reshape(4, 3)
CASES: dict[str, tuple[Callable[[Any], Any], Any, Any, str]] = {
    "gather": (lambda i: tf.gather(table, i), [0, 3], [0, 4], "indices[1] = 4 is not in [0, 4)"),
    "gather negative": (lambda i: tf.gather(table, i), [0, 3], [-1, 3], "indices[0] = -1 is not in [0, 4)"),
    "gather axis": (lambda i: tf.gather(table, i, axis=1), [0, 2], [0, 3], "indices[1] = 3 is not in [0, 3)"),
    "gather batch": (lambda i: tf.gather(table, i, batch_dims=1), [[0], [2], [1], [0]], [[0], [2], [1], [3]],
                     "indices[3,0] = 3 is not in [0, 3)"),
    "gather_nd": (lambda i: tf.gather_nd(table, i), [[0, 2]], [[0, 3]], "does not index into param shape [4,3]"),
    "embedding": (lambda i: tf.nn.embedding_lookup(table, i), [0, 3], [0, 9], "indices[1] = 9 is not in [0, 4)"),
    "scatter_nd": (lambda i: tf.scatter_nd(i, [1.0], [4]), [[3]], [[4]], "indices[0] = [4] does not index into shape [4]"),
    "scatter update": (lambda i: tf.tensor_scatter_nd_update(table[0], i, [1.0]), [[2]], [[3]], "does not index into shape"),
    "scatter add": (lambda i: tf.tensor_scatter_nd_add(table[0], i, [1.0]), [[2]], [[-1]], "does not index into shape"),
    "labels": (lambda i: tf.nn.sparse_softmax_cross_entropy_with_logits(i, table), [0, 1, 2, 0], [0, 1, 3, 0],
               "Received a label value of 3 which is outside the valid range of [0, 3)"),
    "segments": (lambda i: tf.math.unsorted_segment_sum(table, i, 2), [0, 1, 1, -1], [0, 1, 2, 0], "is out of range [0, 2)"),
    "segment max": (lambda i: tf.math.unsorted_segment_max(table, i, 2), [0, 1, 1, -1], [0, 1, 2, 0], "is out of range [0, 2)"),
    "sparse segments": (lambda i: tf.sparse.segment_sum(table, i, tf.constant([0, 0]), num_segments=1), [0, 3], [0, 4],
                        "out of range [0, 4)"),
    "segments in order": (lambda i: tf.sparse.segment_mean(table, tf.constant([0, 1]), i, num_segments=2), [0, 1], [1, 0],
                          "segment ids are not increasing"),
    "division": (lambda i: 7 // i, [1, 2], [1, 0], "Integer division by zero"),
    "remainder": (lambda i: 7 % i, [1, 2], [0, 2], "Integer division by zero"),
    "truncated division": (lambda i: tf.truncatediv(7, i), [1, 2], [0, 2], "Integer division by zero"),
    "power": (lambda i: tf.pow(2, i), [1, 2], [1, -1], "Integers to negative integer powers are not allowed"),
    "bincount": (lambda i: tf.raw_ops.DenseBincount(input=i, size=5, weights=tf.zeros([0])), [1, 2], [1, -2], "non-negative"),
    "histogram": (lambda i: tf.histogram_fixed_width([1.0, 2.0], tf.cast(i, tf.float32), 4), [0, 2], [2, 0], "value_range"),
    "slice": (lambda i: tf.slice(table, i, [2, 2]), [2, 1], [3, 1], "Expected size[0] in [0, 1], but got 2"),
    "row": (lambda i: tf.constant(table)[i[0]], [-4, 0], [4, 0], "slice index 4 of dimension 0 out of bounds."),
    "column": (lambda i: tf.constant(table)[..., i[0]], [2, 0], [3, 0], "slice index 3 of dimension 1 out of bounds."),
    "reverse": (lambda i: tf.reverse_sequence(table, i, seq_axis=1), [0, 1, 2, 3], [0, 1, 2, 4], "> input.dims(1)"),
    "permutation": (lambda i: tf.math.invert_permutation(i), [2, 0, 1], [2, 2, 1], "2 is duplicated in the input."),
    "unravel": (lambda i: tf.unravel_index(i, [2, 3]), [5, 0], [6, 0], "index is out of bound"),
    "inverse": (lambda i: tf.linalg.inv(tf.cast(i, tf.float32)), [[1, 0], [0, 1]], [[1, 0], [0, 0]],
                "Input is not invertible."),
    "solve": (lambda i: tf.linalg.solve(tf.cast(i, tf.float32), [[1.0], [1.0]]), [[1, 0], [0, 1]], [[0, 0], [0, 1]],
              "Input matrix is not invertible."),
    "sparse product": (lambda i: tf.sparse.sparse_dense_matmul(tf.SparseTensor(tf.cast(i, tf.int64), [1.0], [2, 4]), table),
                       [[1, 3]], [[1, 4]], "out of bounds"),
    "range": (lambda i: tf.random.stateless_uniform([3], [1, 2], i[0], i[1], tf.int32), [0, 2], [2, 2],
              "Need minval < maxval, got 2 >= 2"),
    "assertion": (lambda i: void(tf.debugging.assert_positive(i, "must be positive")), [1, 2], [1, 0], "must be positive"),
    "assertion of a sum": (lambda i: void(tf.debugging.Assert(tf.reduce_sum(tf.cast(i, tf.float32)) < 9.0, ["sum", i])),
                           [1, 2], [1, 20], "assertion failed: [sum] [1 20]"),
    "numbers": (lambda i: tf.debugging.check_numerics(tf.math.log(tf.cast(i, tf.float32)), "logs"), [1, 2], [0, 2],
                "logs : Tensor had Inf values"),
}


@pytest.mark.parametrize("name", CASES)
def test_errors_of_operations(name: str) -> None:
    body, good, bad, text = CASES[name]
    assert text in fails_alike(body, tf.constant(good), tf.constant(bad))


def test_rows_of_variables() -> None:
    rows = tf.Variable(table)
    assert "is not in [0, 4)" in fails_alike(lambda i: tf.gather(rows, i), ints([1]), ints([4]))
    other = tf.Variable(table)

    def update(i: Any) -> Any:
        other.scatter_nd_update(i, [[0.0, 0.0, 0.0]])
        return other.read_value()
    assert "does not index into shape" in fails_alike(update, tf.constant([[1]]), tf.constant([[4]]))
    np.testing.assert_array_equal(other.numpy()[[0, 2, 3]], table[[0, 2, 3]])


@pytest.mark.parametrize("kind", ["update", "add", "div"])
def test_updates_of_rows_leave_the_variable_alone(kind: str) -> None:
    texts = []
    for policy in (False, None):
        v = tf.Variable(tf.ones([N, 2]))

        @tf.function(jit_compile=policy)
        def step(i: Any, by: Any, v: Any = v) -> Any:
            slices = tf.IndexedSlices(by[None, :], i)
            getattr(v, f"scatter_{kind}")(slices)
            return heavy(v)
        for _ in range(3):
            step(ints([7]), tf.constant([2.0, 2.0]))
        before = v.numpy()
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            step(ints([N]), tf.constant([2.0, 2.0]))
        texts.append(message(caught.value))
        np.testing.assert_array_equal(v.numpy(), before)
    assert texts[0] == texts[1] and f"indices[0] = {N} is not in [0, {N})" in texts[0]


# Control flow.


def test_in_a_branch() -> None:
    """Only the branch that is taken counts."""
    def body(i: Any) -> Any:
        return tf.cond(i[0] > 5, lambda: tf.gather(table, i - 10), lambda: table[:1] + tf.cast(i[0], tf.float32))
    assert "indices[0] = 90 is not in [0, 4)" in fails_alike(body, ints([12]), ints([100]))
    assert fails_alike(body, ints([1]), ints([9]))
    known = tf.function(lambda i: heavy(tf.zeros([N])) + tf.cond(i > 5, lambda: tf.gather(table[0], 7), lambda: 1.0))
    for _ in range(3):
        assert known(tf.constant(1)).numpy()[0] == 1.0
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices = 7 is not in \[0, 3\)"):
        known(tf.constant(6))


def test_in_a_loop() -> None:
    def body(i: Any) -> Any:
        return tf.while_loop(lambda k, y: k < i[0], lambda k, y: (k + 1, y + tf.gather(table, k)), (0, tf.zeros([3])))[1]
    assert "indices = 4 is not in [0, 4)" in fails_alike(body, ints([4]), ints([5]))


def test_in_a_loop_that_would_not_end() -> None:
    """What the loop computes after a failed check does not matter, so it stops."""
    def body(i: Any) -> Any:
        return tf.while_loop(lambda k: k != 3, lambda k: (tf.gather([1, 2, 3, 4], k) + i[0],), (tf.constant(0),))[0]
    assert "is not in [0, 4)" in fails_alike(body, ints([0]), ints([40]))


def test_in_the_condition_of_a_loop() -> None:
    def body(i: Any) -> Any:
        return tf.while_loop(lambda k: tf.gather([0, 1, 2, 3, 9], k) < 9, lambda k: (k + i[0],), (tf.constant(0),))[0]
    assert "indices = 6 is not in [0, 5)" in fails_alike(body, ints([2]), ints([3]))


def test_in_a_branch_within_a_loop_with_random_numbers() -> None:
    def body(i: Any) -> Any:
        def step(k: Any, y: Any) -> Any:
            y = y + tf.random.uniform([])
            return k + 1, tf.cond(k == 2, lambda: y + tf.gather([1.0, 2.0], i[0]), lambda: y)
        return tf.while_loop(lambda k, y: k < 4, step, (0, 0.0))[1]
    assert "indices = 2 is not in [0, 2)" in fails_alike(body, ints([1]), ints([2]))


def test_in_map_fn_and_arrays() -> None:
    assert "is not in [0, 4)" in fails_alike(
        lambda i: tf.map_fn(lambda k: tf.gather(table, k), i, fn_output_signature=tf.float32), ints([1, 2]), ints([1, 4]))

    def body(i: Any) -> Any:
        array = tf.TensorArray(tf.float32, 3, element_shape=[])
        array = array.unstack([1.0, 2.0, 3.0])
        return array.read(i[0])
    fails_alike(body, ints([2]), ints([3]), tf.errors.OpError)


# Programs.


def test_assertion_of_what_was_computed() -> None:
    """The state is given back although the program has taken over its memory."""
    v = tf.Variable(tf.ones([N]))

    @tf.function
    def step(limit: Any) -> Any:
        v.assign_add(heavy(v) * 0.0 + 1.0)
        tf.debugging.assert_less(tf.reduce_max(v), limit, message="grew")
        return v.read_value()
    for i in range(4):
        assert step(tf.constant(100.0)).numpy()[0] == 2.0 + i
    held = v.read_value()
    with pytest.raises(tf.errors.InvalidArgumentError, match="grew"):
        step(tf.constant(3.0))
    assert compiled(step)
    assert v.numpy().max() == v.numpy().min() == 5.0
    assert held.numpy()[0] == 5.0
    assert step(tf.constant(100.0)).numpy()[0] == 6.0


def test_what_failed_draws_the_same_again() -> None:
    def numbers(fail: bool) -> Any:
        tf.random.set_seed(3)

        @tf.function
        def draw(i: Any) -> Any:
            x = tf.random.uniform([N])
            return heavy(x)[:3] + x[:3] + tf.gather(table[0], i)
        out = [draw(ints([0, 0, 0])).numpy() for _ in range(3)]
        if fail:
            with pytest.raises(tf.errors.InvalidArgumentError):
                draw(ints([0, 0, 3]))
        return [*out, draw(ints([0, 0, 0])).numpy()]
    np.testing.assert_allclose(numbers(True), numbers(False), rtol=1e-6)


def test_two_stretches(capsys: pytest.CaptureFixture[str]) -> None:
    v = tf.Variable(tf.ones([N]))

    @tf.function
    def step(i: Any) -> Any:
        y = heavy(v)
        tf.print("on the way")
        v.assign_add(y * 0.0 + 1.0)
        return heavy(v)[0] * 0.0 + tf.gather(table[0], i)
    for _ in range(4):
        assert step(tf.constant(2)).numpy() == 2.0
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices = 3 is not in \[0, 3\)"):
        step(tf.constant(3))
    assert compiled(step) and v.numpy().max() == 5.0
    assert step(tf.constant(1)).numpy() == 1.0 and v.numpy().max() == 6.0


def test_sessions() -> None:
    graph = v1.Graph()
    with graph.as_default():
        i = v1.placeholder(tf.int32, [1])
        a, b = (v1.get_variable(name, initializer=v1.ones([N])) for name in "ab")
        picked = v1.gather(table[0], i)
        both = v1.group(v1.assign_add(a, heavy(a) * 0.0 + 1.0), v1.assign_add(b, a * 0.0 + v1.reduce_sum(picked)))
        initialize = v1.global_variables_initializer()
    with v1.Session(graph=graph) as session:
        session.run(initialize)
        for _ in range(4):
            session.run(both, {i: [2]})
        before = session.run([a, b])
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[0\] = 3 is not in \[0, 3\)"):
            session.run(both, {i: [3]})
        np.testing.assert_array_equal(session.run([a, b]), before)
        session.run(both, {i: [0]})
        assert session.run(a)[0] == before[0][0] + 1


def test_gradients() -> None:
    w = tf.Variable(tf.ones([N]))
    step = tf.function(lambda i: tf.reduce_sum(heavy(w)) * 0.0 + tf.gather(w, i))
    for i in (1, 2, 3, N):
        with tf.GradientTape() as tape:
            if i == N:
                with pytest.raises(tf.errors.InvalidArgumentError, match="is not in"):
                    step(tf.constant(i))
                return
            y = step(tf.constant(i))
        assert tf.convert_to_tensor(tape.gradient(y, w)).numpy()[i] == 1.0


def test_insisting_passes_checks_over() -> None:
    """`jit_compile=True` has no checks, as in TensorFlow's XLA."""
    @tf.function(jit_compile=True)
    def f(i: Any) -> Any:
        tf.debugging.assert_less(i, 2)
        return tf.math.unsorted_segment_sum([1.0], i, 2)
    assert f(ints([1])).numpy().tolist() == [0.0, 1.0]
    assert f(ints([5])).numpy().tolist() == [0.0, 0.0]


def test_errors_of_shapes_come_after_failed_checks() -> None:
    """A kernel that refuses shapes while the program is compiled is not the first to fail."""
    @tf.function(input_signature=[tf.TensorSpec([None])] * 2)
    def f(a: Any, b: Any) -> Any:
        tf.debugging.assert_equal(tf.size(a), tf.size(b), message="sizes differ")
        return heavy(a * b)
    for _ in range(3):
        f(tf.ones([N]), tf.ones([N]))
    for _ in range(3):
        with pytest.raises(tf.errors.InvalidArgumentError, match="sizes differ"):
            f(tf.ones([N]), tf.ones([N - 1]))


@pytest.mark.parametrize("index", [0, 2])
def test_fit_with_a_bad_label(index: int) -> None:
    """The batches before it were trained on."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(5 * 64, 50)).astype(np.float32)
    y = rng.integers(0, 10, 5 * 64)
    y[64 * index + 5] = 10

    def model() -> Any:
        keras.utils.set_random_seed(1)
        m = keras.Sequential([keras.layers.Input((50,)), keras.layers.Dense(200, "relu"), keras.layers.Dense(10)])
        m.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        return m
    m, expected = model(), model()
    with pytest.raises(tf.errors.InvalidArgumentError, match="label value of 10 which is outside the valid range"):
        m.fit(x, y, batch_size=64, shuffle=False, verbose=0)
    if index:
        expected.fit(x[:64 * index], y[:64 * index], batch_size=64, shuffle=False, verbose=0)
    for a, b in zip(m.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
    y[64 * index + 5] = 0
    m.fit(x, y, batch_size=64, shuffle=False, verbose=0)
