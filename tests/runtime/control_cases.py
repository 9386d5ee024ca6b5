"""Programs with control flow, written for any module with TensorFlow's API.

Each case makes its function for a module: `make(tf) -> (function, variables)`. The goldens hold what the function returns,
the gradient of a weighted sum of that for each input and variable, the gradient of the gradients' squares (`second`), and
what the variables hold afterwards.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Case:
    name: str
    make: Callable[[Any], tuple[Callable[..., Any], list[Any]]]
    inputs: list[np.ndarray[Any, Any]]
    second: bool = True
    """Whether second derivatives are compared."""
    compiles: bool = True
    """Whether XLA can compile it together with its gradient."""


def _values(seed: int, *shape: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(seed).uniform(-1.2, 1.2, shape).astype(np.float32)


def _plain(f: Callable[..., Any]) -> Callable[[Any], tuple[Callable[..., Any], list[Any]]]:
    """A case without variables: `f(tf, *inputs)`."""
    return lambda tf: (lambda *xs: f(tf, *xs), [])


def _case(name: str, f: Callable[..., Any], *inputs: Any, second: bool = True, compiles: bool = True) -> Case:
    arrays = [np.asarray(x, np.float32) if isinstance(x, float) else np.asarray(x) for x in inputs]
    return Case(name, _plain(f), arrays, second, compiles)


A32, B32 = _values(1, 3), _values(2, 2, 3)
ROWS, SQUARE = _values(3, 4, 3), _values(4, 3, 3)


def _nested(tf: Any, a: Any, x: Any) -> Any:
    def body(i: Any, x: Any) -> Any:
        x = tf.cond(tf.reduce_sum(x) > 0.5, lambda: tf.sin(x) * a, lambda: x * x + a)
        return i + 1, tf.while_loop(lambda j, y: j < 2, lambda j, y: (j + 1, tf.tanh(y) * a + x), [0, x])[1]
    return tf.while_loop(lambda i, x: i < 3, body, [0, x])[1]


def _rnn(tf: Any, xs: Any, w: Any) -> Any:
    out = tf.TensorArray(tf.float32, size=4, element_shape=[3])
    inputs = tf.TensorArray(tf.float32, size=4).unstack(xs)

    def body(i: Any, h: Any, out: Any) -> Any:
        h = tf.tanh(inputs.read(i) + tf.linalg.matvec(w, h))
        return i + 1, h, out.write(i, h)
    _, h, out = tf.while_loop(lambda i, h, out: i < 4, body, (0, tf.zeros([3]), out), maximum_iterations=4)
    return out.stack(), h


def _fibonacci(tf: Any, a: Any) -> Any:
    array = tf.TensorArray(tf.float32, size=6, clear_after_read=False, element_shape=[3])
    array = array.write(0, a).write(1, a * a)

    def body(i: Any, array: Any) -> Any:
        return i + 1, array.write(i, array.read(i - 1) * a + array.read(i - 2))
    _, array = tf.while_loop(lambda i, _: i < 6, body, (2, array), maximum_iterations=6)
    return array.gather([1, 3, 5]), array.concat()


def _scattered(tf: Any, x: Any) -> Any:
    array = tf.TensorArray(tf.float32, size=5, element_shape=[3])
    return array.scatter([4, 0, 2, 1], x).write(3, x[0] * 2).stack()


def _split(tf: Any, x: Any) -> Any:
    array = tf.TensorArray(tf.float32, size=2, element_shape=[2, 3]).split(x * x, [2, 2])
    return array.read(1) * array.read(0)


def _growing(tf: Any, x: Any) -> Any:
    shapes = [tf.TensorShape([]), tf.TensorShape([None])]
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.concat([y, y[:2] * y[-1]], 0)), [0, x],
                         shape_invariants=shapes)[1]


def _collatz(tf: Any, n: Any) -> Any:
    def step(n: Any, count: Any) -> Any:
        return tf.cond(tf.equal(n % 2, 0), lambda: n // 2, lambda: 3 * n + 1), count + 1
    return tf.while_loop(lambda n, _: n > 1, step, [n, 0])[1]


def _dicts(tf: Any, a: Any, x: Any) -> Any:
    r = tf.cond(tf.reduce_sum(x) > 0, lambda: {"u": x * a, "v": (x, [a])}, lambda: {"u": x, "v": (x * x, [a * 3])})
    state = tf.while_loop(lambda s: s["i"] < 2, lambda s: [{"i": s["i"] + 1, "y": s["y"] * a + s["z"], "z": s["z"]}],
                          [{"i": 0, "y": r["u"], "z": r["v"][0]}])[0]
    return state["y"], r["v"][1][0]


def _reads(tf: Any) -> Any:
    w = tf.Variable(SQUARE[0], name="w")
    b = tf.Variable(0.25, name="b")

    def f(x: Any) -> Any:
        y = tf.cond(tf.reduce_sum(x) > 100, lambda: x, lambda: x * w)
        return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.tanh(y * w + b)), [0, y])[1]
    return f, [w, b]


def _writes(tf: Any) -> Any:
    v = tf.Variable([1.0, 2.0, 3.0])
    n = tf.Variable(0)

    def f(x: Any) -> Any:
        before = v * 1.0

        def yes() -> Any:
            n.assign_add(1)
            v.assign_add(x)
            return v * x

        def no() -> Any:
            n.assign_add(10)
            return x * x
        y = tf.cond(tf.reduce_sum(x) > -100, yes, no)
        z = tf.cond(tf.reduce_sum(x) > 100, yes, no)
        return before + y * z + v
    return f, [v, n]


def _counting(tf: Any) -> Any:
    total = tf.Variable([0.0, 0.0, 0.0])
    steps = tf.Variable(0)

    def f(x: Any) -> Any:
        def body(i: Any, y: Any) -> Any:
            total.assign_add(y)
            tf.cond(tf.equal(i % 2, 0), lambda: steps.assign_add(1), lambda: steps.assign_sub(5))
            return i + 1, y * 0.5 + total
        return tf.while_loop(lambda i, y: i < 4, body, [0, x])[1]
    return f, [total, steps]


def _embedding(tf: Any) -> Any:
    table = tf.Variable(ROWS)

    def f(x: Any) -> Any:
        return tf.while_loop(lambda i, y: i < 4, lambda i, y: (i + 1, y * tf.nn.embedding_lookup(table, [i, 3 - i])),
                             [0, tf.stack([x, x])])[1]
    return f, [table]


def _squared_inside(tf: Any, x: Any) -> Any:
    """A tape inside a loop's body."""
    def body(i: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(y)
            z = tf.reduce_sum(y * y * y)
        return i + 1, y - 0.1 * tape.gradient(z, y)
    return tf.while_loop(lambda i, y: i < 3, body, [0, x])[1]


def _function_inside(tf: Any) -> Any:
    w = tf.Variable(0.5)

    @tf.function
    def step(y: Any) -> Any:
        return tf.sin(y) * w

    def f(x: Any) -> Any:
        return tf.while_loop(lambda i, y: i < 3,
                             lambda i, y: (i + 1, tf.cond(i > 0, lambda: step(y), lambda: y * y)), [0, x])[1]
    return f, [w]


def _scan_pairs(tf: Any, x: Any, w: Any) -> Any:
    def step(state: Any, row: Any) -> Any:
        h, c = state
        c = tf.sigmoid(row) * c + tf.linalg.matvec(w, h)
        return tf.tanh(c), c
    return tf.scan(step, x, initializer=(x[0] * 0.1, x[1]))


def _int_rows(tf: Any, x: Any) -> Any:
    return tf.map_fn(lambda r: (tf.argmax(r), tf.reduce_max(r) * r), x, fn_output_signature=(tf.int64, tf.float32))


def _zero_trips(tf: Any, a: Any, x: Any) -> Any:
    return tf.while_loop(lambda i, y: i < 0, lambda i, y: (i + 1, y * a), [0, x])[1] * a


def _two_lists(tf: Any, x: Any) -> Any:
    """A TensorArray inside a branch and one through a loop in a loop."""
    def inner(i: Any, y: Any) -> Any:
        array = tf.TensorArray(tf.float32, size=2, element_shape=[3])
        _, array, _ = tf.while_loop(lambda j, *_: j < 2, lambda j, array, z: (j + 1, array.write(j, z * y), z * z),
                                    (0, array, y), maximum_iterations=2)
        return i + 1, tf.reduce_sum(array.stack(), 0)
    y = tf.while_loop(lambda i, y: i < 2, inner, (0, x), maximum_iterations=2)[1]
    return tf.cond(y[0] > 1e6, lambda: y, lambda: tf.TensorArray(tf.float32, 3, element_shape=[]).unstack(y).stack() * x)


CASES = [
    _case("cond true", lambda tf, a, b: tf.cond(a > 0, lambda: b * 2 + a, lambda: b - 1), 0.5, A32),
    _case("cond false", lambda tf, a, b: tf.cond(a > 0, lambda: b * 2, lambda: tf.exp(b) * a * a), -0.5, A32),
    _case("cond without a gradient", lambda tf, a, b: tf.cond(a > 0, lambda: b * 0 + 1, lambda: tf.sign(b)), -0.5, A32),
    _case("cond of constants", lambda tf, a: tf.cond(a > 0, lambda: tf.constant([1.0, 2.0]), lambda: tf.constant([3.0, 4.0])),
          0.5, second=False),
    _case("cond integer", lambda tf, n: tf.cond(n > 3, lambda: n * 2, lambda: n - 1), np.int32(5), second=False),
    _case("nested cond", lambda tf, a, b: tf.cond(a > 0, lambda: tf.cond(b[0] > 5, lambda: b, lambda: b * a),
                                                  lambda: b + a), 0.5, A32),
    _case("matrices in branches", lambda tf, a, b: tf.cond(tf.reduce_sum(a) > 50, lambda: b, lambda: b @ a @ a), SQUARE, B32),
    _case("case first", lambda tf, a, b: tf.case([(a > 0, lambda: b * a), (a < 10, lambda: b)], default=lambda: -b), 0.5, A32),
    _case("case second", lambda tf, a, b: tf.case([(a > 1, lambda: b), (a < 10, lambda: b * b * a)], default=lambda: -b),
          0.5, A32),
    _case("case default", lambda tf, a, b: tf.case([(a > 1, lambda: b), (a > 2, lambda: b)], default=lambda: -b * a),
          0.5, A32),
    *[_case(f"switch_case {i}", lambda tf, i, b: tf.switch_case(i, [lambda: b, lambda: b * b, lambda: tf.sin(b)]),
            np.int32(i), A32) for i in (0, 1, 2, -1, 7)],
    _case("switch_case default", lambda tf, i, b: tf.switch_case(i, {1: lambda: b, 0: lambda: b * b},
                                                               default=lambda: tf.sin(b)), np.int32(4), A32),
    _case("while", lambda tf, a, x: tf.while_loop(lambda i, x: i < 4, lambda i, x: (i + 1, x * a), [0, x])[1], 1.1, A32),
    _case("while never", _zero_trips, 1.1, A32),
    _case("while on values", lambda tf, a, x: tf.while_loop(
        lambda x: tf.reduce_sum(x * x) < 40.0, lambda x: [x * a * 1.3], [x], maximum_iterations=20)[0], 1.1, A32),
    _case("while stopped", lambda tf, a, x: tf.while_loop(
        lambda x: tf.reduce_sum(x * x) < 1e30, lambda x: [x * a], [x], maximum_iterations=3)[0], 1.1, A32),
    _case("while without a bound", lambda tf, a, x: tf.while_loop(
        lambda x: tf.reduce_sum(x * x) < 40.0, lambda x: [x * a * 1.3], [x])[0], 1.1, A32, compiles=False),
    _case("while with a limit from a shape", lambda tf, a, x: tf.while_loop(
        lambda i, y: i < tf.shape(x)[0], lambda i, y: (i + 1, y * a + x[i]), [0, x])[1], 1.1, A32),
    _case("while in steps", lambda tf, a, x: tf.while_loop(
        lambda i, y: i > 0.5, lambda i, y: (i * 0.5, tf.sin(y) * a), [8.0, x])[1], 1.1, A32),
    _case("matrix power", lambda tf, w, x: tf.while_loop(lambda i, y: i < 4, lambda i, y: (i + 1, tf.tanh(y @ w)), [0, x])[1],
          SQUARE, B32),
    _case("nested", _nested, 0.9, A32),
    _case("nests", _dicts, 1.1, A32),
    _case("growing", _growing, A32, compiles=False),
    _case("collatz", _collatz, np.int32(27), second=False),
    _case("map_fn", lambda tf, x: tf.map_fn(lambda r: tf.reduce_sum(r * r) * r, x), ROWS),
    _case("map_fn of pairs", lambda tf, x, y: tf.map_fn(lambda p: p[0] * tf.reduce_sum(p[1]), (x, y),
                                                        fn_output_signature=tf.float32), ROWS, SQUARE[[0, 1, 2, 0]]),
    _case("map_fn with a captured matrix", lambda tf, x, w: tf.map_fn(lambda r: tf.tanh(tf.linalg.matvec(w, r)), x),
          ROWS, SQUARE),
    _case("map_fn in map_fn", lambda tf, x: tf.map_fn(lambda r: tf.map_fn(lambda v: v * v * r[0], r), x), ROWS),
    _case("map_fn to integers", _int_rows, ROWS),
    _case("vectorized_map", lambda tf, x: tf.vectorized_map(lambda r: r * tf.reduce_sum(r), x), ROWS, second=False),
    _case("scan", lambda tf, x: tf.scan(lambda h, r: h * 0.5 + r * r, x), ROWS),
    _case("scan reversed", lambda tf, x: tf.scan(lambda h, r: h * r + 1.0, x, reverse=True), ROWS),
    _case("scan from a start", lambda tf, x, w: tf.scan(lambda h, r: tf.tanh(tf.linalg.matvec(w, h) + r), x,
                                                        initializer=x[0] * 0.1), ROWS, SQUARE),
    _case("scan of pairs", _scan_pairs, ROWS, SQUARE),
    _case("foldl", lambda tf, x: tf.foldl(lambda h, r: h * r + r, x), ROWS),
    _case("foldr", lambda tf, x: tf.foldr(lambda h, r: h * 0.5 + r * r, x, initializer=x[0]), ROWS),
    _case("TensorArray recurrent", _rnn, ROWS, SQUARE * 0.3),
    _case("TensorArray through itself", _fibonacci, A32),
    _case("TensorArray scattered", _scattered, ROWS),
    _case("TensorArray split", _split, ROWS),
    _case("TensorArrays nested", _two_lists, A32),
    _case("tape in a body", _squared_inside, A32),
    _case("recompute_grad", lambda tf, x: tf.recompute_grad(lambda y: tf.sin(y) * y)(x), A32),
    _case("grad_pass_through", lambda tf, x: tf.grad_pass_through(tf.floor)(x * 3) * x, A32),
    _case("recompute_grad in a loop", lambda tf, x: tf.while_loop(
        lambda i, y: i < 3, lambda i, y: (i + 1, tf.recompute_grad(lambda z: tf.sin(z) * x)(y)), [0, x])[1], A32, second=False),
    _case("custom_gradient in a loop", lambda tf, x: tf.while_loop(
        lambda i, y: i < 3, lambda i, y: (i + 1, tf.custom_gradient(lambda z: (z * z, lambda g: g * 3.0 * x))(y)),
        [0, x])[1], A32, second=False),
    _case("py_function", lambda tf, x: tf.py_function(lambda y: tf.sin(y) * y, [x * x], tf.float32), A32, second=False,
          compiles=False),
    _case("py_function in a loop", lambda tf, a, x: tf.while_loop(
        lambda i, y: i < 3, lambda i, y: (i + 1, tf.ensure_shape(tf.py_function(lambda z: tf.sin(z) * 2.0, [y * a], tf.float32),
                                                                 [3])), [0, x])[1], 1.1, A32, second=False, compiles=False),
    _case("numpy_function", lambda tf, x: x * tf.ensure_shape(tf.numpy_function(lambda y: y * 2, [x], tf.float32), [3]), A32,
          second=False, compiles=False),
    Case("variables read", _reads, [A32]),
    Case("variables written in branches", _writes, [A32], second=False),
    Case("variables written in a loop", _counting, [A32], second=False),
    Case("embedding in a loop", _embedding, [A32], second=False),
    Case("function in a loop", _function_inside, [A32]),
]


def flatten(result: Any) -> list[Any]:
    """The tensors of a result, in order."""
    if isinstance(result, dict):
        return [t for key in sorted(result) for t in flatten(result[key])]
    if isinstance(result, (list, tuple)):
        return [t for part in result for t in flatten(part)]
    return [result]


def loss_of(tf: Any, outputs: list[Any]) -> Any:
    """A weighted sum of the floating outputs."""
    total = tf.constant(0.0)
    for out in outputs:
        if out.dtype.is_floating:
            flat = tf.reshape(out, [-1])
            total += tf.reduce_sum(flat * tf.cos(1.0 + tf.cast(tf.range(tf.size(flat)), tf.float32)))
    return total


def run(tf: Any, case: Case, mode: str) -> dict[str, np.ndarray[Any, Any]]:
    """Outputs, gradients and variables of a case.

    Args:
      mode: "eager"; "function" and "xla" for a function that is differentiated from outside; "inside" and "xla inside"
        where the function differentiates itself.
    """
    compiled = mode.startswith("xla")

    def traced(g: Callable[..., Any]) -> Callable[..., Any]:
        return g if mode == "eager" else tf.function(g, jit_compile=compiled, autograph=False)
    f, variables = case.make(tf)
    trainable = [v for v in variables if v.dtype.is_floating]
    xs = [tf.constant(a) for a in case.inputs]
    floats = [i for i, x in enumerate(xs) if x.dtype.is_floating]
    if mode.endswith("inside"):
        def whole(*xs: Any) -> Any:
            sources = [xs[i] for i in floats]
            with tf.GradientTape() as tape:
                tape.watch(sources)
                outputs = flatten(f(*xs))
                loss = loss_of(tf, outputs)
            found = tape.gradient(loss, [*sources, *trainable], unconnected_gradients="zero")
            return outputs, [tf.convert_to_tensor(g) for g in found]
        outputs, gradients = traced(whole)(*xs)
    else:
        g = traced(f)
        sources = [xs[i] for i in floats]
        with tf.GradientTape() as tape:
            tape.watch(sources)
            outputs = flatten(g(*xs))
            loss = loss_of(tf, outputs)
        gradients = [tf.convert_to_tensor(d) for d in
                     tape.gradient(loss, [*sources, *trainable], unconnected_gradients="zero")]
    made = {f"out/{i}": np.asarray(t) for i, t in enumerate(outputs)}
    made |= {f"grad/{i}": np.asarray(t) for i, t in enumerate(gradients)}
    made |= {f"variable/{i}": v.numpy() for i, v in enumerate(variables)}
    return made


def second(tf: Any, case: Case, mode: str) -> dict[str, np.ndarray[Any, Any]]:
    """The gradient of the sum of the squares of the gradients."""
    f, variables = case.make(tf)
    g = f if mode == "eager" else tf.function(f, jit_compile=mode == "xla", autograph=False)
    sources = [tf.constant(a) for a in case.inputs if a.dtype == np.float32]
    position = iter(sources)
    xs = [next(position) if a.dtype == np.float32 else tf.constant(a) for a in case.inputs]
    wanted = [*sources, *(v for v in variables if v.dtype.is_floating)]
    with tf.GradientTape() as outer:
        outer.watch(sources)
        with tf.GradientTape() as inner:
            inner.watch(sources)
            loss = loss_of(tf, flatten(g(*xs)))
        first = inner.gradient(loss, wanted, unconnected_gradients="zero")
        total = tf.add_n([tf.reduce_sum(tf.convert_to_tensor(d) ** 2) for d in first])
    found = outer.gradient(total, wanted, unconnected_gradients="zero")
    return {f"second/{i}": np.asarray(tf.convert_to_tensor(d)) for i, d in enumerate(found)}
