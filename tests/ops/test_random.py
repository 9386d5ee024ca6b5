"""What the random ops promise: TensorFlow's own numbers for TensorFlow's own seeds, and good ones for any."""
from __future__ import annotations

import importlib.util
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import goldens
from tests.samples import Sample, all_samples, run

import thalweg as tf
from thalweg.ops import philox, philox_draws, random_state

FAMILIES = ("generator", "random", "random_stateless")
SAMPLES = [s for s in all_samples() if s.family in FAMILIES and s.compare]
GOLDENS = {family: goldens.load(family) for family in FAMILIES}
# These go through logarithms, sines and powers; everything else is exact.
ROUNDED = {"RandomStandardNormal", "TruncatedNormal", "StatelessRandomNormalV2", "StatelessTruncatedNormalV2",
           "StatelessRandomNormal", "StatelessTruncatedNormal", "RandomGamma", "StatelessRandomGammaV2",
           "StatelessRandomGammaV3", "RandomGammaGrad", "StatelessParameterizedTruncatedNormal"}
SEEDS = st.integers(-2**63, 2**63 - 1)
FLOATS = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16, "float32": np.float32, "float64": np.float64}
unhurried = settings(deadline=None, max_examples=60)
HAS_JAX = importlib.util.find_spec("jax") is not None


def key_of(seed: Any) -> tuple[Any, Any]:
    return philox.scramble(np, np.array(seed, np.int64))


@pytest.mark.parametrize("s", SAMPLES, ids=lambda s: s.id)
def test_draws_are_those_of_tensorflow(s: Sample) -> None:
    expected = {k: v for k, v in GOLDENS[s.family].items() if k.startswith(f"{s.index}/")}
    outputs, _ = run(tf, s, s.arrays())
    for k, out in enumerate(outputs):
        golden = expected[f"{s.index}/out/{k}"]
        assert out.dtype == golden.dtype and out.shape == golden.shape
        if not ROUNDED & set(s.ops) or golden.dtype.kind not in "fV":
            assert out.tobytes() == golden.tobytes() or np.array_equal(out, golden), f"output {k}"
        else:
            tolerance = 2e-3 if golden.dtype.itemsize == 2 else 2e-6 if golden.dtype == np.float32 else 1e-11
            wide, exact = out.astype(np.float64), golden.astype(np.float64)
            assert np.allclose(wide, exact, tolerance, tolerance / 4), f"output {k}"


# ---- the generator ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "counter", "words"), [
    ("00000000 00000000", "00000000 00000000 00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff", "ffffffff ffffffff ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("a4093822 299f31d0", "243f6a88 85a308d3 13198a2e 03707344", "d16cfe09 94fdcceb 5001e420 24126ea1"),
])
def test_blocks_are_those_published_with_the_algorithm(key: str, counter: str, words: str) -> None:
    k, c, expected = (np.array([int(w, 16) for w in text.split()], np.uint32) for text in (key, counter, words))
    assert philox.blocks(np, k, c, 1)[0].tolist() == expected.tolist()
    assert philox.blocks(np, k.view(np.uint64), c.view(np.uint64), 50)[0].tolist() == expected.tolist()
    assert philox.blocks_at(np, k, c, np.zeros(3, np.uint32))[2].tolist() == expected.tolist()


@unhurried
@given(st.integers(0, 2**64 - 1), st.integers(0, 2**128 - 1), st.integers(0, 2**40), st.integers(1, 40))
def test_block_i_is_that_of_the_counter_plus_i(key: int, counter: int, skip: int, count: int) -> None:
    k, c = np.array([key], np.uint64), np.array([counter & 2**64 - 1, counter >> 64], np.uint64)
    expected = [philox.block(key, counter + i) for i in range(count)]
    assert philox.blocks(np, k, c, count).tolist() == [list(b) for b in expected]
    assert philox.skipped(c, skip).tolist() == [counter + skip & 2**64 - 1, counter + skip >> 64 & 2**64 - 1]
    index = np.array([0, skip], np.uint64)
    run = philox.blocks_at(np, k, c, index, 64, 2).tolist()
    assert run == [list(philox.block(key, counter + 64 * i + j)) for i in (0, skip) for j in (0, 1)]


@pytest.mark.parametrize("start", [2**32 - 2, 2**64 - 2, 2**96 - 2, 2**128 - 2])
def test_counters_carry(start: int) -> None:
    counter = np.array([start & 2**64 - 1, start >> 64], np.uint64)
    got = philox.blocks(np, np.array([7], np.uint64), counter, 20)
    assert got[5].tolist() == list(philox.block(7, start + 5))


@unhurried
@given(SEEDS, SEEDS, st.sampled_from(sorted(FLOATS)), st.integers(1, 60), st.integers(0, 60))
def test_a_shorter_draw_is_the_beginning_of_a_longer_one(a: int, b: int, name: str, size: int, more: int) -> None:
    key, counter = key_of([a, b])
    for draw in (philox.uniform, philox.normal, philox.truncated_normal):
        short = draw(np, key, counter, [size], FLOATS[name])
        long = draw(np, key, counter, [size + more], FLOATS[name])
        assert short.tobytes() == long[:size].tobytes()


@pytest.mark.skipif(not HAS_JAX, reason="needs the xla extra")
@pytest.mark.parametrize(("wide", "draws"), [
    (False, {philox.uniform: ["float32"], philox.normal: ["float32"]}),
    (True, {philox.uniform: sorted(FLOATS), philox.normal: ["float32", "float64"],
            philox.truncated_normal: ["float32"]}),
])
def test_the_same_numbers_come_from_both_engines(wide: bool, draws: dict[Any, list[str]]) -> None:
    """With 64-bit types and without them; the counter carries on the way."""
    import jax
    import jax.numpy as jnp
    key, counter = key_of([-1, 2**62])
    counter = philox.skipped(counter, 2**32 - 20)

    def everything(xp: Any, k: Any, c: Any) -> list[Any]:
        floats = [draw(xp, k, c, [3, 67], FLOATS[name]) for draw, names in draws.items() for name in names]
        integers = ["int32", "uint32", "int64", "uint64"][:None if wide else 2]
        return floats + [draw for name in integers for draw in (
            philox.full_int(xp, k, c, [9], name), philox.uniform_int(xp, k, c, [9], 3, 99, name))]
    with jax.enable_x64(wide):
        k, c = (jnp.asarray(v if wide else v.view(np.uint32)) for v in (key, counter))
        theirs = jax.jit(lambda k, c: everything(jnp, k, c))(k, c)
    for got, ours in zip(theirs, everything(np, key, counter), strict=True):
        assert got.dtype == ours.dtype
        if ours.dtype.kind in "iu":
            assert np.array_equal(got, ours)
        assert np.allclose(np.asarray(got, np.float64), ours.astype(np.float64), 2e-6, 2e-6)


# ---- seeds and counters ----------------------------------------------------------------------------------------------


def test_without_a_seed_every_draw_differs() -> None:
    tf.random.set_seed(None)
    a, b = (tf.random.uniform([4]).numpy() for _ in range(2))
    assert not np.array_equal(a, b)
    assert not np.array_equal(tf.random.shuffle(tf.range(99)), tf.random.shuffle(tf.range(99)))


def test_an_op_seed_alone_gives_a_sequence_that_set_seed_starts_again() -> None:
    tf.random.set_seed(None)
    first = [tf.random.normal([3], seed=4).numpy() for _ in range(3)]
    assert not np.array_equal(first[0], first[1])
    tf.random.set_seed(None)
    assert np.array_equal(first, [tf.random.normal([3], seed=4).numpy() for _ in range(3)])


def test_ops_of_one_type_share_a_counter_and_others_do_not() -> None:
    def after(*calls: Any) -> Any:
        tf.random.set_seed(1)
        for call in calls:
            call()
        return tf.random.uniform([2], seed=3).numpy()
    alone = after()
    assert not np.array_equal(alone, after(lambda: tf.random.uniform([5], -1.0, 1.0, seed=3)))
    for call in (lambda: tf.random.uniform([2], seed=4), lambda: tf.random.uniform([2], dtype=tf.float64, seed=3),
                 lambda: tf.random.normal([2], seed=3), lambda: tf.random.uniform([2]),
                 lambda: tf.random.uniform(np.array([2]), seed=3)):
        assert np.array_equal(alone, after(call))


def test_eager_counters_do_not_grow_without_op_seeds() -> None:
    tf.random.set_seed(1)
    for _ in range(10):
        tf.random.uniform([2])
    assert not random_state._eager_counters


def test_nodes_keep_counters_of_their_own() -> None:
    session, function = random_state.Counters(), random_state.Counters(restart=True)
    tf.random.set_seed(1)
    draw = lambda: tf.random.uniform([3], seed=5).numpy()
    inner = random_state.placed(draw, "inner")
    calls = [random_state.placed(draw, "a"), random_state.placed(draw, "b"), random_state.placed(draw, "a"),
             random_state.placed(inner, "call")]
    with random_state.counting(session):
        draws = [call() for call in calls]
    assert np.array_equal(draws[0], draws[1]) and not np.array_equal(draws[0], draws[2])
    assert session == {("a",): 2 * 3 * 256, ("b",): 3 * 256, ("call", "inner"): 3 * 256}
    with random_state.counting(function):
        assert np.array_equal(calls[0](), draws[0])
    eager = [draw() for _ in range(2)]
    assert np.array_equal(eager[0], draws[0]) and np.array_equal(eager[1], draws[2])
    assert function and session
    tf.random.set_seed(2)
    assert not function and session


def test_stateful_draws_follow_from_their_seeds() -> None:
    tf.random.set_seed(1)
    drawn = tf.random.uniform([5], 0, 9, dtype=tf.int32, seed=5).numpy()
    key, counter = np.array([1], np.uint64), np.array([0, 5], np.uint64)
    assert np.array_equal(philox.uniform_int(np, key, counter, [5], 0, 9, np.int32), drawn)
    table = random_state.Counters()
    with random_state.counting(table):
        random_state.placed(lambda: random_state.reserve("op", 1, 5, 5 * 256), "node")()
    assert table == {("node",): 5 * 256}


def test_the_global_generator_is_one_until_it_is_replaced() -> None:
    g = tf.random.get_global_generator()
    assert tf.random.get_global_generator() is g
    tf.random.set_global_generator(tf.random.Generator.from_seed(1))
    expected = tf.random.Generator.from_seed(1).uniform([3])
    assert np.array_equal(tf.random.get_global_generator().uniform([3]), expected)


def test_a_generator_may_use_a_variable_of_the_user() -> None:
    v = tf.Variable(tf.constant([0, 0, 5], tf.int64))
    g = tf.random.Generator.from_state(v, tf.random.Algorithm.PHILOX)
    assert g.state is v and g.algorithm == 1
    g.skip(2)
    assert v.numpy().tolist() == [512, 0, 5]


# ---- distributions ---------------------------------------------------------------------------------------------------


@unhurried
@given(SEEDS, SEEDS, st.lists(st.integers(0, 5), max_size=3), st.sampled_from(sorted(FLOATS)))
def test_uniforms_have_their_shape_dtype_and_bounds(a: int, b: int, shape: list[int], name: str) -> None:
    seed = tf.constant([a, b], tf.int64)
    x = tf.random.stateless_uniform(shape, seed, dtype=name)
    assert x.dtype == name and x.shape.as_list() == shape
    assert np.all((x.numpy() >= 0) & (x.numpy() < 1))
    y = tf.random.stateless_truncated_normal(shape, seed, dtype=name).numpy()
    assert y.shape == tuple(shape) and np.all(np.abs(y.astype(np.float64)) <= 2)


@unhurried
@given(SEEDS, SEEDS, st.data())
def test_integers_stay_within_their_bounds(a: int, b: int, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["int32", "int64"]))
    bits = 31 if name == "int32" else 63
    low = data.draw(st.integers(-2**bits, 2**bits - 2))
    high = data.draw(st.integers(low + 1, 2**bits - 1))
    seed = tf.constant([a, b], tf.int64)
    x = tf.random.stateless_uniform([20], seed, low, high, dtype=name)
    assert x.dtype == name and np.all((x.numpy() >= low) & (x.numpy() < high))


@unhurried
@given(SEEDS, SEEDS, st.integers(0, 40))
def test_shuffles_keep_the_elements(a: int, b: int, size: int) -> None:
    seed = tf.constant([a, b], tf.int64)
    rows = np.arange(2 * size).reshape(size, 2)
    shuffled = tf.random.experimental.stateless_shuffle(rows, seed).numpy()
    assert np.array_equal(shuffled[np.argsort(shuffled[:, 0])], rows)
    if size:
        places = tf.random.experimental.index_shuffle(tf.range(size), tf.constant([a, b], tf.int64), size - 1)
        assert sorted(places.numpy().tolist()) == list(range(size))


COUNT = 20000


@pytest.mark.parametrize(("draw", "mean", "variance"), [
    (lambda s: tf.random.stateless_uniform([COUNT], s), 1 / 2, 1 / 12),
    (lambda s: tf.random.stateless_uniform([COUNT], s, 0, 7, dtype=tf.int32), 3, 4),
    (lambda s: tf.random.stateless_normal([COUNT], s), 0, 1),
    (lambda s: tf.random.stateless_normal([COUNT], s, dtype=tf.float64), 0, 1),
    (lambda s: tf.random.stateless_truncated_normal([COUNT], s), 0, 0.7737),
    (lambda s: tf.random.stateless_gamma([COUNT], s, 0.3), 0.3, 0.3),
    (lambda s: tf.random.stateless_gamma([COUNT], s, 1.0, 2.0), 0.5, 0.25),
    (lambda s: tf.random.stateless_gamma([COUNT], s, 9.0), 9, 9),
    (lambda s: tf.random.stateless_poisson([COUNT], s, 2.5), 2.5, 2.5),
    (lambda s: tf.random.stateless_poisson([COUNT], s, 40.0), 40, 40),
    (lambda s: tf.random.stateless_binomial([COUNT], s, 10.0, 0.3), 3, 2.1),
    (lambda s: tf.random.stateless_binomial([COUNT], s, 400.0, 0.8), 320, 64),
    (lambda s: tf.random.stateless_categorical(tf.math.log([[0.2, 0.5, 0.3]]), COUNT, s), 1.1, 0.49),
    (lambda s: tf.random.stateless_parameterized_truncated_normal([COUNT], s, minvals=1.0, maxvals=np.inf),
     1.5251, 0.1991),
])
def test_means_and_variances(draw: Any, mean: float, variance: float) -> None:
    for seed in ([3, 4], [2**31 - 1, -1]):
        x = draw(seed).numpy().astype(np.float64)
        assert x.mean() == pytest.approx(mean, abs=5 * (variance / COUNT) ** 0.5)
        assert x.var() == pytest.approx(variance, rel=0.08)


def test_categories_without_probability_never_come_up() -> None:
    logits = np.array([[-np.inf, 0.0, np.nan, 0.7, -np.inf]])
    drawn = philox_draws.categorical(np, *key_of([1, 2]), logits, 5000, np.int64)
    assert set(drawn[0].tolist()) == {1, 3}


# ---- what is refused -------------------------------------------------------------------------------------------------


INVALID, VALUE = tf.errors.InvalidArgumentError, ValueError


@pytest.mark.parametrize(("call", "error", "text"), [
    (lambda r: r.uniform([3], dtype=tf.int32), VALUE, "Must specify maxval for integer dtype tf.int32"),
    (lambda r: r.uniform([3], dtype=tf.int8), VALUE, "Argument `dtype` got invalid value <dtype: 'int8'>"),
    (lambda r: r.uniform([3], 5, 5, dtype=tf.int32), INVALID, "Need minval < maxval, got 5 >= 5 .Op:RandomUniformInt"),
    (lambda r: r.uniform([3], 1, [3, 4], dtype=tf.int32), INVALID, r"maxval must be 0-D, got shape \[2\]"),
    (lambda r: r.uniform([-1]), INVALID, "Dimension -1 must be >= 0"),
    (lambda r: r.uniform([[2]]), INVALID, r"shape must be a vector of \{int32,int64\}, got shape \[1,1\]"),
    (lambda r: r.normal([3], dtype=tf.int32), TypeError, "Cannot convert 0.0 to EagerTensor of dtype int32"),
    (lambda r: r.poisson([2], [1.0], tf.bool), INVALID, "Value for attr 'dtype' of bool is not in the list"),
    (lambda r: r.categorical([1.0, 2.0], 3), INVALID, r"logits should be a matrix, got shape \[2\]"),
    (lambda r: r.categorical([[1.0]], -3), INVALID, "num_samples should be non-negative, got -3"),
    (lambda r: r.categorical([[1.0]], 3, tf.float32), VALUE, "Accepted dtypes are"),
    (lambda r: r.stateless_uniform([3], [1, 2, 3]), INVALID, r"seed must have shape \[2\], not \[3\]"),
    (lambda r: r.stateless_uniform([3], [1.0, 2]), INVALID, "Value for attr 'Tseed' of float is not in the list"),
    (lambda r: r.stateless_uniform([3], [1, 2], dtype=tf.int32), VALUE, "must be both None or not None"),
    (lambda r: r.stateless_uniform([3], [1, 2], 1, 2, dtype=tf.uint32), VALUE, "don't use unsigned integers"),
    (lambda r: r.stateless_uniform([3], [1, 2], alg="foo"), VALUE, "Argument `alg` got unsupported value foo"),
    (lambda r: r.stateless_uniform([3], [1, 2], alg=7), VALUE, "Supported values are 1 for the Philox"),
    (lambda r: r.stateless_uniform([3], [1, 2], alg="threefry"), INVALID, "counter must be a vector with length"),
    (lambda r: r.stateless_gamma([2, 3], [1, 2], [1.0, 2.0]), INVALID, "Shape passed in must end with"),
    (lambda r: r.stateless_binomial([2], [1, 2], [1.0, 2.0], [0.1] * 3), INVALID, "compatible batch dimensions"),
    (lambda r: r.experimental.index_shuffle(5, [5, 9], 3), INVALID, "max_index must be >= index, but 3 < 5"),
    (lambda r: r.Generator(), AssertionError, "^$"),
    (lambda r: r.Generator.from_state([1, 2], "philox"), VALUE, r"Shapes \(2,\) and \[3\] are incompatible"),
    (lambda r: r.Generator.from_key_counter(3, [1, 2], None), TypeError, "Can't convert argument `alg`"),
    (lambda r: r.Generator.from_seed(1, "threefry").uniform([2]), tf.errors.UnimplementedError, "ThreeFry"),
    (lambda r: r.Generator.from_seed(1).uniform([2], dtype=tf.int32), VALUE, "minval and maxval must be both `None`"),
])
def test_errors_are_those_of_tensorflow(call: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        call(tf.random)
