"""Sessions: feeds, fetches, state, and what a failed run leaves behind."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as v1


@pytest.fixture(autouse=True)
def graph() -> object:
    with tf.Graph().as_default() as g:
        yield g


def test_fetches_keep_their_structure() -> None:
    a, b = tf.constant(2.0, name="a"), tf.constant([1, 2])
    out = v1.Session().run({"k": [a, (b, a.op)], "s": "a:0"})
    assert out["k"][0] == 2.0 and isinstance(out["k"][0], np.float32)
    assert out["k"][1][0].tolist() == [1, 2] and out["k"][1][1] is None and out["s"] == 2.0


def test_feeds() -> None:
    x = v1.placeholder(tf.float32, [None, 2], name="x")
    y = x * 2.0
    s = v1.Session()
    assert s.run(y, {x: [[1, 2]]}).tolist() == [[2.0, 4.0]]
    assert s.run(y, {"x:0": np.ones((3, 2))}).shape == (3, 2)
    assert s.run(y, {y: [[7.0, 7.0]]}).tolist() == [[7.0, 7.0]], "any tensor can be fed"
    z = v1.placeholder_with_default(5.0, [])
    assert s.run(z) == 5.0 and s.run(z, {z: 6.0}) == 6.0


@pytest.mark.parametrize(("act", "error", "text"), [
    (lambda s, x: s.run(x), tf.errors.InvalidArgumentError,
     r"You must feed a value for placeholder tensor 'x' with dtype float and shape \[2\]"),
    (lambda s, x: s.run(x * 2, {x: [1.0, 2.0, 3.0]}), ValueError,
     r"Cannot feed value of shape \(3,\) for Tensor x:0, which has shape \(2,\)"),
    (lambda s, x: s.run(x, {"foo:0": 1}), TypeError, "Cannot interpret feed_dict key as Tensor: The name 'foo:0' refers to a"),
    (lambda s, x: s.run(x, {3: 1}), TypeError, "Cannot interpret feed_dict key as Tensor: Can not convert a int"),
    (lambda s, x: s.run(x, {x: x}), TypeError, "The value of a feed cannot be a tf.Tensor object"),
    (lambda s, x: s.run(3), TypeError, 'Argument `fetch` = 3 has invalid type "int"'),
    (lambda s, x: s.run([x, None]), TypeError, "Argument `fetch` = None has invalid type"),
    (lambda s, x: s.run("nope:0"), ValueError, "The operation, 'nope', does not exist in the graph"),
])
def test_bad_runs(act: object, error: type[Exception], text: str) -> None:
    x = v1.placeholder(tf.float32, [2], name="x")
    with pytest.raises(error, match=text):
        act(v1.Session(), x)  # type: ignore[operator]


def test_a_fetch_from_another_graph() -> None:
    tf.constant(0.0)
    with tf.Graph().as_default():
        other = tf.constant(1.0)
    with pytest.raises(ValueError, match="is not an element of this graph"):
        v1.Session().run(other)


def test_closed_and_empty_sessions() -> None:
    s = v1.Session()
    with pytest.raises(RuntimeError, match="The Session graph is empty"):
        s.run([])
    x = tf.constant(1.0)
    s.close()
    with pytest.raises(RuntimeError, match="Attempted to use a closed Session"):
        s.run(x)


def test_variables_have_a_value_in_each_session() -> None:
    v = v1.Variable([1.0, 2.0], name="v")
    up = v.assign_add([1.0, 1.0])
    first, second = v1.Session(), v1.Session()
    for s in (first, second):
        s.run(v1.global_variables_initializer())
    assert first.run(up).tolist() == [2.0, 3.0]
    assert first.run(v).tolist() == [2.0, 3.0] and second.run(v).tolist() == [1.0, 2.0]
    v.load([7.0, 8.0], first)
    assert first.run(v + 1.0).tolist() == [8.0, 9.0]


def test_a_read_before_initialization_names_the_variable_and_the_node() -> None:
    v = v1.Variable([1.0], name="weights")
    with pytest.raises(tf.errors.FailedPreconditionError, match="Could not find variable weights"):
        v1.Session().run(v * 2.0)
    assert v1.Session().run(v1.report_uninitialized_variables()).tolist() == [b"weights"]


def test_effects_happen_in_program_order() -> None:
    v = v1.Variable(1.0)
    before = v.read_value()
    doubled = v.assign(v * 2.0)
    after = v.read_value()
    with tf.control_dependencies([doubled]):
        waits = tf.identity(v)
    s = v1.Session()
    s.run(v1.global_variables_initializer())
    assert s.run([before, doubled, after, waits]) == [1.0, 2.0, 2.0, 2.0]


def test_a_failed_run_changes_no_variable() -> None:
    v = v1.Variable([1.0, 2.0])
    x = v1.placeholder(tf.float32)
    with tf.control_dependencies([v.assign_add([1.0, 1.0])]):
        y = tf.reshape(x, [3], name="shaped")
    s = v1.Session()
    s.run(v1.global_variables_initializer())
    text = r"Input to reshape is a tensor with 2 values.*\n.*node shaped"
    with pytest.raises(tf.errors.InvalidArgumentError, match=text) as e:
        s.run(y, {x: [1.0, 2.0]})
    assert e.value.op.name == "shaped" and __file__ in str(e.value)
    assert s.run(v).tolist() == [1.0, 2.0]


def test_default_sessions() -> None:
    x = tf.constant(3.0)
    with pytest.raises(ValueError, match="No default session is registered"):
        x.eval()
    with v1.Session() as s:
        assert x.eval() == 3.0 and (x * 2.0).eval() == 6.0 and v1.get_default_session() is s
    s = v1.InteractiveSession()
    assert x.eval() == 3.0
    s.close()


def test_make_callable() -> None:
    x, y = v1.placeholder(tf.float32), v1.placeholder(tf.float32)
    add = v1.Session().make_callable(x + y, [x, y])
    assert add(1.0, 2.0) == 3.0
    with pytest.raises(TypeError, match="takes 2 values"):
        add(1.0)


def test_threads_share_one_session() -> None:
    v = v1.Variable(0.0)
    x = v1.placeholder(tf.float32, [None])
    total = tf.reduce_sum(x) + v
    s = v1.Session()
    s.run(v1.global_variables_initializer())
    with ThreadPoolExecutor(4) as pool:
        out = list(pool.map(lambda n: s.run(total, {x: np.ones(n)}), range(1, 30)))
    assert out == [float(n) for n in range(1, 30)]


@pytest.mark.parametrize("compiled", [False, True])
def test_gradients(compiled: bool) -> None:
    x = v1.placeholder(tf.float32, [2])
    w = v1.Variable([3.0, 4.0])
    loss = tf.reduce_sum(w * w * x)
    gx, gw, gy = tf.gradients(loss, [x, w, tf.constant(1.0)])
    assert gy is None
    s = v1.Session()
    s.run(v1.global_variables_initializer())
    for _ in range(3 if compiled else 1):
        assert s.run([gx, gw], {x: [1.0, 2.0]})[1].tolist() == [6.0, 16.0]
    (h,) = tf.hessians(tf.reduce_sum(w * w * w), [w])
    assert s.run(h).tolist() == [[18.0, 0.0], [0.0, 24.0]]


def test_what_is_fed_becomes_an_array_first_and_then_of_the_tensors_dtype() -> None:
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.int32)
        y = tf.identity(x)
        assert session.run(y, {x: [2**32 + 5, 1]}).tolist() == [5, 1] and session.run(y, {x: [1.7]}).tolist() == [1]
        with pytest.raises(ValueError, match=r"invalid literal for int\(\) with base 10: np.str_\('a'\)"):
            session.run(y, {x: ["a", "b"]})
