"""tf.function: tracing, retracing, captures, variables, gradients, compilation."""
from __future__ import annotations

import importlib.util
import logging

import numpy as np
import pytest

import thalweg as tf

ENGINES = [False, *([True] if importlib.util.find_spec("jax") else [])]


def test_one_trace_for_each_kind_of_arguments() -> None:
    traces = []

    @tf.function
    def f(x: tf.Tensor, k: int = 2, *, flag: bool = True) -> tf.Tensor:
        traces.append(k)
        return x * k if flag else x
    assert f(tf.constant(1.0)).numpy() == 2.0 and f(tf.constant(2.0)).numpy() == 4.0
    assert len(traces) == 1
    f(tf.constant([1.0]))
    f(tf.constant([1.0, 2.0]))
    assert len(traces) == 3
    f(np.float32(1.0))
    assert len(traces) == 3, "arrays are tensors"
    f(tf.constant(1.0), k=3)
    f(tf.constant(1.0), 3)
    assert len(traces) == 4, "Python values are told apart by value"
    f(tf.constant(1.0), flag=False)
    assert len(traces) == 5


def test_arguments_keep_their_places_whatever_they_are_called() -> None:
    f = tf.function(lambda z, a, m: z * 100.0 + a * 10.0 + m)
    for _ in range(2):
        assert f(tf.constant(1.0), tf.constant(2.0), tf.constant(3.0)).numpy() == 123.0
    c = f.get_concrete_function(*[tf.TensorSpec([])] * 3)
    assert c(tf.constant(1.0), tf.constant(2.0), tf.constant(3.0)).numpy() == 123.0


def test_results_keep_their_structure() -> None:
    out = tf.function(lambda x: {"a": x, "b": [x + 1.0, None, 3]})(tf.constant(1.0))
    assert out["a"].numpy() == 1.0 and out["b"][0].numpy() == 2.0 and out["b"][1] is None and out["b"][2].numpy() == 3


def test_input_signature() -> None:
    traces = []

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
    def f(x: tf.Tensor) -> tf.Tensor:
        traces.append(x.shape.as_list())
        return x + 1.0
    assert f([1.0, 2.0]).numpy().tolist() == [2.0, 3.0] and f(tf.constant([3.0])).numpy().tolist() == [4.0]
    assert traces == [[None]]
    with pytest.raises(TypeError, match=r"Can not cast TensorSpec\(shape=\(2,\), dtype=tf.int32, name=None\) to TensorSpec"):
        f(tf.constant([1, 2]))
    with pytest.raises(TypeError, match="missing a required argument: 'x'"):
        f()
    with pytest.raises(TypeError, match="input_signature missing type constraint for y"):
        tf.function(lambda x, y: x, input_signature=[tf.TensorSpec([])])
    with pytest.raises(TypeError, match="must be either a tuple or a list"):
        tf.function(lambda x: x, input_signature=3)
    with pytest.raises(TypeError, match="3 is not a callable object"):
        tf.function(3)


def test_reduce_retracing_widens_shapes() -> None:
    f = tf.function(lambda x: x + 1.0, reduce_retracing=True)
    for n in range(1, 6):
        assert f(tf.ones([n])).shape == (n,)
    assert f.experimental_get_tracing_count() == 2


def test_excessive_retracing_warns(caplog: pytest.LogCaptureFixture) -> None:
    f = tf.function(lambda x: x)
    with caplog.at_level(logging.WARNING, "thalweg"):
        for n in range(8):
            f(n)
    assert "triggered tf.function retracing" in caplog.text


def test_concrete_functions() -> None:
    c = tf.function(lambda x, k=3: {"a": x * k}).get_concrete_function(tf.TensorSpec([None], tf.float32))
    assert c(tf.constant([1.0, 2.0]))["a"].numpy().tolist() == [3.0, 6.0]
    assert c.structured_outputs["a"].shape.as_list() == [None] and c.inputs[0].name == "x:0"
    assert c.output_dtypes == {"a": tf.float32}
    with pytest.raises(TypeError, match="too many positional arguments|got an unexpected"):
        c(tf.constant([1.0]), 1, 2)
    with pytest.raises(tf.errors.InvalidArgumentError, match="was expected to be a float tensor but is a int32 tensor"):
        c(tf.constant([1]))


def test_variables_are_created_by_the_first_call_only() -> None:
    class Counter(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.v = None

        @tf.function
        def __call__(self, x: tf.Tensor) -> tf.Tensor:
            if self.v is None:
                self.v = tf.Variable(tf.ones([2]) * x)
            return self.v.assign_add([1.0, 1.0]) * 1.0
    m = Counter()
    assert m(tf.constant(2.0)).numpy().tolist() == [3.0, 3.0]
    assert m(tf.constant(5.0)).numpy().tolist() == [4.0, 4.0]
    assert len(m.variables) == 1 and m.v.numpy().tolist() == [4.0, 4.0]

    @tf.function
    def again() -> tf.Tensor:
        return tf.Variable(1.0).read_value()
    with pytest.raises(ValueError, match="only supports singleton tf.Variables"):
        again()


@pytest.mark.parametrize("engine", ENGINES)
def test_effects_in_program_order(engine: bool) -> None:
    v = tf.Variable(1.0)

    @tf.function(jit_compile=engine)
    def f(x: tf.Tensor) -> tuple[tf.Tensor, ...]:
        before = v.read_value()
        v.assign_add(x)
        middle = v * 10.0
        v.assign(v * 2.0)
        return before, middle, v.read_value()
    assert [t.numpy() for t in f(tf.constant(2.0))] == [1.0, 30.0, 6.0]
    assert [t.numpy() for t in f(tf.constant(1.0))] == [6.0, 70.0, 14.0]
    assert v.numpy() == 14.0


@pytest.mark.parametrize("engine", ENGINES)
def test_gradients_from_outside_inside_and_of_second_order(engine: bool) -> None:
    w = tf.Variable([2.0, 3.0])
    big = tf.constant(np.full(100, 0.5, np.float32))

    @tf.function(jit_compile=engine)
    def f(x: tf.Tensor) -> tf.Tensor:
        return tf.reduce_sum(w * x**3) + tf.reduce_sum(big)
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        gx, gw = tape.gradient(y, [x, w])
    assert y.numpy() == 76.0 and gx.numpy().tolist() == [6.0, 36.0] and gw.numpy().tolist() == [1.0, 8.0]
    assert outer.gradient(gx, x).numpy().tolist() == [12.0, 36.0]

    @tf.function(jit_compile=engine)
    def inside(x: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return tape.gradient(y, x)
    assert inside(x).numpy().tolist() == [6.0, 36.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_functions_call_functions(engine: bool) -> None:
    v = tf.Variable(3.0)
    inner = tf.function(lambda x: x * v)
    outer = tf.function(lambda x: inner(x) + inner(x * 2.0), jit_compile=engine)
    x = tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = outer(x)
    assert y.numpy() == 18.0
    assert [g.numpy() for g in tape.gradient(y, [x, v])] == [9.0, 6.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_sparse_gradients_cross_the_border(engine: bool) -> None:
    table = tf.Variable(np.arange(6, dtype=np.float32).reshape(3, 2))
    f = tf.function(lambda i: tf.reduce_sum(tf.gather(table, i) ** 2), jit_compile=engine)
    with tf.GradientTape() as tape:
        y = f(tf.constant([0, 0, 1]))
    g = tf.convert_to_tensor(tape.gradient(y, table))
    assert g.numpy().tolist() == [[0.0, 4.0], [4.0, 6.0], [0.0, 0.0]]


def test_a_leaked_tensor_is_named_with_its_line() -> None:
    leaked = []
    tf.function(lambda x: leaked.append(x * 2.0))(tf.constant(1.0))
    with pytest.raises(TypeError, match="is out of scope and cannot be used here") as e:
        leaked[0] + 1.0
    assert __file__ in str(e.value)


def test_only_tensors_are_returned() -> None:
    with pytest.raises(TypeError, match="Python functions must return zero or more Tensors"):
        tf.function(lambda x: object())(tf.constant(1.0))


def test_methods_are_bound_to_their_object() -> None:
    class A:
        def __init__(self, k: float) -> None:
            self.k = k

        @tf.function
        def times(self, x: tf.Tensor) -> tf.Tensor:
            return x * self.k
    assert [A(k).times(tf.constant(2.0)).numpy() for k in (2.0, 5.0)] == [4.0, 10.0]


def test_init_scope_lifts_out() -> None:
    made = []

    @tf.function
    def f(x: tf.Tensor) -> tf.Tensor:
        with tf.init_scope():
            made.append(tf.constant(5.0).numpy())
        return x
    f(tf.constant(1.0))
    assert made == [5.0]


@pytest.mark.skipif(True not in ENGINES, reason="needs the xla extra")
def test_what_cannot_be_compiled_is_refused_or_interpreted() -> None:
    def distinct(x: tf.Tensor) -> tf.Tensor:
        few = tf.unique(tf.cast(tf.tanh(x) * 10.0, tf.int32))[0]
        return tf.reduce_sum(few) + tf.cast(tf.reduce_sum(tf.exp(x) * 0.0), tf.int32)
    x = tf.constant(np.linspace(-1, 1, 20000).astype(np.float32))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Detected unsupported operations when trying to compile") as e:
        tf.function(distinct, jit_compile=True)(x)
    assert "Unique" in str(e.value) and __file__ in str(e.value)
    f = tf.function(distinct)
    assert len({int(f(x)) for _ in range(4)}) == 1
    text = str(tf.explain(f))
    assert "compiled:" in text and "the shape of Unique's result depends on values" in text


@pytest.mark.skipif(True not in ENGINES, reason="needs the xla extra")
def test_compiled_from_the_second_run_of_a_signature() -> None:
    f = tf.function(lambda x: tf.reduce_sum(tf.tanh(x @ x)))
    x = tf.constant(np.random.default_rng(0).random((100, 100), np.float32))
    assert "no kind of arguments came twice" in str(tf.explain(f)) or f(x) is not None
    once = f(x).numpy()
    twice = f(x).numpy()
    assert once == pytest.approx(twice, rel=1e-6)
    assert "compiled for 1 kinds" in str(tf.explain(f))


@pytest.mark.skipif(True not in ENGINES, reason="needs the xla extra")
def test_auto_compiles_the_first_kind_of_arguments_at_once() -> None:
    square = np.ones([300, 300], np.float32)
    f = tf.function(lambda x: tf.reduce_sum(tf.matmul(x, x)), jit_compile="auto")
    f(square)
    assert "compiled for 1 kinds" in str(tf.explain(f))
    f(square[:299, :299])
    assert "no kind of arguments came twice" in str(tf.explain(f))
    f(square[:299, :299])
    assert str(tf.explain(f)).count("compiled for 1 kinds") == 2
    small = tf.function(lambda x: x + 1.0, jit_compile="auto")
    small(tf.constant(1.0))
    assert "too little work" in str(tf.explain(small))
    written = tf.function(lambda x: tf.strings.format("{}", tf.reduce_sum(tf.matmul(x, x))), jit_compile="auto")
    assert written(square) == b"2.7e+07"


@pytest.mark.skipif(True not in ENGINES, reason="needs the xla extra")
def test_64_bit_types_without_touching_the_users_jax() -> None:
    import jax
    f = tf.function(lambda x: x * 2, jit_compile=True)
    assert f(tf.constant(2**40)).numpy() == 2**41
    assert f(tf.constant(1.5, tf.float64)).dtype == tf.float64
    assert not jax.config.jax_enable_x64
    assert jax.numpy.ones(3).dtype == np.float32


def test_run_functions_eagerly() -> None:
    tf.config.run_functions_eagerly(True)
    try:
        assert tf.function(lambda x: x.numpy())(tf.constant(1.0)) == 1.0
    finally:
        tf.config.run_functions_eagerly(False)


@pytest.mark.parametrize("size", [1, 1000])
def test_a_watched_tensor_from_outside_gets_its_gradient(size: int) -> None:
    outside = tf.constant(np.full(size, 2.0, np.float32))
    f = tf.function(lambda x: tf.reduce_sum(x * outside * outside))
    with tf.GradientTape() as tape:
        tape.watch(outside)
        y = f(tf.constant(3.0))
    assert tape.gradient(y, outside).numpy()[0] == 12.0


@pytest.mark.skipif(True not in ENGINES, reason="needs the xla extra")
def test_a_product_of_large_matrices_is_summed_right() -> None:
    f = tf.function(lambda x: tf.reduce_sum(tf.matmul(tf.ones([400, 400]) * x[0], tf.ones([400, 400]))), jit_compile=True)
    assert f(tf.constant([1.0, 2.0])).numpy() == pytest.approx(400.0**3, rel=1e-6)


@pytest.mark.parametrize("jit_compile", [True, False, None])
def test_results_are_arguments_again(jit_compile: bool | None) -> None:
    f = tf.function(lambda x: x * 2.0, jit_compile=jit_compile)
    x = tf.constant([1.0, 2.0])
    for _ in range(4):
        x = f(x)
    np.testing.assert_array_equal(x, [16.0, 32.0])
    np.testing.assert_array_equal(f(x=x), [32.0, 64.0])


def test_an_input_signature_goes_on_through_further_arguments() -> None:
    @tf.function(input_signature=[tf.TensorSpec(None), tf.TensorSpec([None])])
    def f(first: tf.Tensor, *others: tf.Tensor) -> tf.Tensor:
        return first + others[0]
    np.testing.assert_array_equal(f(1.0, [1.0, 2.0]), [2.0, 3.0])
    np.testing.assert_array_equal(f(tf.constant(1.0), tf.constant([3.0])), [4.0])
    with pytest.raises(TypeError):
        f(1.0, [[1.0]])
