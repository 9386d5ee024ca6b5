"""What control flow refuses, and the order of its effects."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import thalweg as tf

c = tf.constant
T = c(True)


def in_graph(f: Callable[..., Any], *args: Any) -> Any:
    return tf.function(f, autograph=False)(*args)


@pytest.mark.parametrize(("f", "kind", "text"), [
    (lambda: tf.cond(c([True, False]), lambda: 1, lambda: 2), ValueError, "truth value of an array with more than one"),
    (lambda: tf.cond(T, 1, lambda: 2), TypeError, "'true_fn' must be callable."),
    (lambda: tf.cond(T, lambda: 2, 3), TypeError, "'false_fn' must be callable."),
    (lambda: tf.cond(T, lambda: 2), TypeError, r"cond\(\): 'false_fn' argument required"),
    (lambda: tf.case(3), TypeError, "'pred_fn_pairs' must be a list, tuple, or dict. Received: <class 'int'>"),
    (lambda: tf.case([3]), TypeError, "Each entry in 'pred_fn_pairs' must be a 2-tuple. Received 3."),
    (lambda: tf.case([(True, lambda: 1)]), TypeError, "pred must be a Tensor, got: True"),
    (lambda: tf.case([(T, lambda: 1)], default=3), TypeError, "'false_fn' must be callable."),
    (lambda: tf.switch_case(1, [lambda: 1]), TypeError, "'branch_index' must be a Tensor, got <class 'int'>"),
    (lambda: tf.switch_case(c(1.0), [lambda: 1]), TypeError, "'branch_index' must be an integer Tensor"),
    (lambda: tf.switch_case(c(1), []), ValueError, "Must provide at least one item in 'branch_fns'"),
    (lambda: tf.switch_case(c(1), {0: lambda: 1, 2: lambda: 1}), ValueError,
     r"branch indices \(keys\) must form contiguous range of \[0 to 2\) but found {0,2}"),
    (lambda: tf.while_loop(1, lambda i: i, [0]), TypeError, "'cond' must be callable."),
    (lambda: tf.while_loop(lambda i: i, 1, [0]), TypeError, "'body' must be callable."),
    (lambda: tf.map_fn(lambda x: x, c(1)), ValueError, r"Elements in elems must be 1\+ dimensional Tensors, not scalars"),
    (lambda: tf.map_fn(lambda x: x[0], (c([1, 2]), c([1, 2, 3]))), ValueError, "Dimensions 2 and 3 are not compatible"),
    (lambda: tf.map_fn(lambda x: (x, x), c([1, 2])), ValueError, "don't have the same nested structure"),
    (lambda: tf.map_fn(lambda x: c(1.0), c([1, 2])), tf.errors.InvalidArgumentError, "dtype|data types"),
])
@pytest.mark.parametrize("where", ["eager", "graph"])
def test_arguments_are_checked(f: Callable[[], Any], kind: Any, text: str, where: str) -> None:
    if where == "graph" and "truth value" in text:
        kind, text = ValueError, "must be a scalar"
    with pytest.raises(kind, match=text):
        f() if where == "eager" else in_graph(f)


@pytest.mark.parametrize(("f", "kind", "text"), [
    (lambda: tf.cond(True, lambda: 1, lambda: 2), TypeError, "pred must not be a Python bool"),
    (lambda: tf.cond(None, lambda: 1, lambda: 2), ValueError, "None"),
    (lambda: tf.cond(T, lambda: {"a": c(1)}, lambda: {"b": c(2)}), TypeError,
     "true_fn and false_fn arguments to tf.cond must have the same number, type, and overall structure of return values"),
    (lambda: tf.cond(T, lambda: c(1.0), lambda: c(2)), TypeError, "have different types"),
    (lambda: tf.cond(T, lambda: None, lambda: c(2)), ValueError, "Lengths of branch outputs of cond must match"),
    (lambda: tf.while_loop(lambda i: i < 3.0, lambda i: c(1), [c(0.0)]), TypeError,
     "enters the loop with type <dtype: 'float32'> but has type <dtype: 'int32'> after 1 iteration"),
    (lambda: tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, tf.concat([x, x], 0)), [0, c([1.0])]), ValueError,
     r"enters the loop with shape \(1,\), but has shape \(2,\) after one iteration"),
    (lambda: tf.while_loop(lambda i, j: i < 3, lambda i, j: i + 1, [0, 1]), ValueError, "same nested structure"),
    (lambda: tf.while_loop(lambda i, n: i < 3, lambda i, n: (i + 1, n), [0, None]), ValueError, "None values not supported."),
])
def test_graphs_are_stricter(f: Callable[[], Any], kind: Any, text: str) -> None:
    with pytest.raises(kind, match=text):
        in_graph(f)


def test_no_predicate_holds() -> None:
    def f(x: Any) -> Any:
        return tf.case([(x > 2, lambda: x), (x > 1, lambda: -x)])
    assert float(f(c(3.0))) == 3.0
    assert float(in_graph(f, c(1.5))) == -1.5
    with pytest.raises(tf.errors.InvalidArgumentError, match="None of conditions evaluated as True:'\nFalse, False"):
        f(c(0.0))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"None of conditions evaluated as True:\] \[0 0\]"):
        in_graph(f, c(0.0))


def test_several_predicates_hold() -> None:
    def f(x: Any) -> Any:
        return tf.case([(x > 2, lambda: x), (x > 1, lambda: -x)], default=lambda: x * 0, exclusive=True)
    assert float(in_graph(f, c(1.5))) == -1.5
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"exclusive=True: more than 1 conditions \(\?, \?\) evaluated"):
        f(c(3.0))
    with pytest.raises(tf.errors.InvalidArgumentError, match="exclusive=True: more than 1 conditions"):
        in_graph(f, c(3.0))


def test_assert() -> None:
    with pytest.raises(tf.errors.InvalidArgumentError) as error:
        tf.Assert(c(False), ["bad", c([1, 2, 3, 4, 5])])
    assert error.value.message == ("Expected 'tf.Tensor(False, shape=(), dtype=bool)' to be true. Summarized data: b'bad'\n"
                                   "1, 2, 3, ...")
    assert tf.Assert(c(True), ["good"]) is None

    def f(x: Any) -> Any:
        tf.Assert(tf.reduce_all(x > 0), ["not positive:", x], summarize=2)
        return x * 2
    g = tf.function(f)
    for _ in range(3):  # also when this kind of call comes again
        assert g(c([1.0, 2.0])).numpy().tolist() == [2.0, 4.0]
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"assertion failed: \[not positive:\] \[-1 2...\]") as error:
            g(c([-1.0, 2.0, 3.0]))
        assert error.value.op.type == "Assert"


def test_an_error_in_a_body_names_its_node() -> None:
    @tf.function
    def f(x: Any) -> Any:
        return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y + tf.gather(x, i, name="picked")), [0, x])[1]
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices = 2 is not in \[0, 2\)") as error:
        f(c([1.0, 2.0]))
    assert error.value.op.name == "while/picked"


def test_printing_happens_in_order_and_only_where_control_comes(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x: Any) -> Any:
        tf.print("start", x)

        def body(i: Any, y: Any) -> Any:
            tf.print("step", i, tf.reduce_sum(y))
            tf.cond(tf.equal(i, 1), lambda: tf.print("one"), lambda: tf.print("other"))
            return i + 1, y * 2
        y = tf.while_loop(lambda i, _: i < 3, body, [0, x])[1]
        tf.print("end", y, sep="|", end="!\n")
        return y
    expected = "start [1 2]\nstep 0 3\nother\nstep 1 6\none\nstep 2 12\nother\nend|[8 16]!\n"
    g = tf.function(f, autograph=False)
    for call in (f, g, g, g):
        call(c([1.0, 2.0]))
        assert capsys.readouterr().err == expected


@pytest.mark.parametrize(("values", "options", "text"), [
    ((1, 2.5, "x", 3), {}, "1 2.5 x 3\n"),
    ((np.arange(10),), {"tensors": True}, "[0 1 2 ... 7 8 9]\n"),
    ((np.arange(10),), {"tensors": True, "summarize": -1}, "[0 1 2 3 4 5 6 7 8 9]\n"),
    ((np.arange(16).reshape(2, 8),), {"tensors": True, "summarize": 1}, "[[0 ... 7]\n [8 ... 15]]\n"),
    ((np.array([1, 1e-8, 1e20, np.nan, np.inf, 3.14159265], np.float32),), {"tensors": True, "summarize": 9},
     "[1 1e-08 1e+20 nan inf 3.14159274]\n"),
    ((np.float32(123456.7), np.float64(1 / 3), np.float16(0.1)), {"tensors": True},
     "123456.703 0.33333333333333331 0.0999755859\n"),
    ((b"abc",), {"tensors": True}, "abc\n"),
    ((b"a", b"b\n"), {"tensors": True}, '"a" "b\\n"\n'),
    ((True, [True, False]), {"tensors": True}, "1 [1 0]\n"),
    ((), {"sep": ","}, "\n"),
    ((None, int, [], (1,)), {}, "None <class 'int'> [] (1,)\n"),
])
def test_print_formats_as_tensorflow(values: Any, options: dict[str, Any], text: str,
                                     capsys: pytest.CaptureFixture[str]) -> None:
    options = dict(options)
    shown = [c(v) for v in values] if options.pop("tensors", False) else values
    tf.print(*shown, **options)
    assert capsys.readouterr().err == text


def test_print_of_nests_and_streams(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    import sys
    tf.print({"b": [c(2), c([3, 4])], "a": c(1), "s": ("t", c("u"))}, output_stream=sys.stdout)
    assert capsys.readouterr().out == "{'a': 1, 'b': [2, [3 4]], 's': ('t', \"u\")}\n"
    target = tmp_path / "log.txt"
    tf.print("line", c(1), output_stream=f"file://{target}")
    tf.print("again", output_stream=f"file://{target}")
    assert target.read_text() == "line 1\nagain\n"
    with pytest.raises(ValueError, match="Unrecognized keyword arguments for tf.print"):
        tf.print("x", foo=1)
    with pytest.raises(ValueError, match="Unsupported output stream, logging level, or file.3"):
        tf.print("x", output_stream=3)


def test_python_errors_inside_graphs() -> None:
    def divided(x: Any) -> Any:
        return x / (0 * int(x.shape[0]) or int("a"))
    with pytest.raises(tf.errors.InvalidArgumentError, match="ValueError: invalid literal for int"):
        tf.py_function(divided, [c([1.0])], tf.float32)
    with pytest.raises(tf.errors.InvalidArgumentError, match="ValueError: invalid literal for int"):
        in_graph(lambda: tf.py_function(divided, [c([1.0])], tf.float32))
    with pytest.raises(tf.errors.UnknownError, match="ZeroDivisionError"):
        in_graph(lambda: tf.py_function(lambda x: 1 / 0, [c([1.0])], tf.float32))
    with pytest.raises(tf.errors.InvalidArgumentError, match="returns 0 values, but expects to see 1 values"):
        in_graph(lambda: tf.py_function(lambda x: None, [c([1.0])], tf.float32))
    with pytest.raises(tf.errors.InvalidArgumentError, match="0-th value returned by pyfunc_.* is double, but expects float"):
        in_graph(lambda: tf.numpy_function(lambda x: x.astype("float64"), [c([1.0])], tf.float32))


def test_python_functions_of_strings_and_lists() -> None:
    def f(x: Any) -> Any:
        a, b = tf.py_function(lambda s: (s + b"!", 1), [x], [tf.string, tf.int32])
        return a, tf.numpy_function(lambda s: s + b"?", [x], tf.string), b
    for run in (f, tf.function(f)):
        a, b, _ = run(c(b"x"))
        assert (a.numpy(), b.numpy()) == (b"x!", b"x?")


def test_an_array_of_tensors_is_checked() -> None:
    def array(*args: Any, **options: Any) -> Any:
        return tf.TensorArray(tf.float32, *args, **options)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Could not read index 0 twice because it was cleared"):
        (lambda a: (a.read(0), a.read(0)))(array(2).write(0, 1.0))
    with pytest.raises(tf.errors.OutOfRangeError, match="Tried to write to index 2 but array is not resizeable and size is: 2"):
        array(2).write(2, 1.0)
    with pytest.raises(tf.errors.OutOfRangeError, match="Tried to read from index 2 but array size is: 2"):
        array(2).read(2)
    with pytest.raises(tf.errors.InvalidArgumentError, match="TensorArray dtype is float32 but Op is trying to write dtype"):
        array(2).write(0, c(1))
    with pytest.raises(ValueError, match=r"Incompatible shape for value \(\(2,\)\), expected \(\(1,\)\)"):
        array(2).write(0, [1.0]).write(1, [1.0, 2.0])
    with pytest.raises(ValueError, match="Cannot unstack 3 tensors into a TensorArray of static size 2"):
        array(2).unstack([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="Size must be declared"):
        array()
    with pytest.raises(tf.errors.InvalidArgumentError, match="Trying to modify element 2 in a list with 2 elements"):
        in_graph(lambda: array(2).write(2, 1.0).stack())
    with pytest.raises(ValueError, match=r"Inconsistent shapes: saw \(2,\) but expected \(1,\)"):
        in_graph(lambda: array(2).write(0, [1.0]).write(1, [1.0, 2.0]).stack())


@pytest.mark.parametrize("where", ["eager", "graph"])
def test_arrays_of_tensors(where: str) -> None:
    def f() -> Any:
        grown = tf.TensorArray(tf.float32, 0, dynamic_size=True).write(3, 1.0)
        ragged = tf.TensorArray(tf.float32, 2, infer_shape=False).write(0, [1.0]).write(1, [1.0, 2.0])
        words = tf.TensorArray(tf.string, 2).unstack(["a", "b"])
        zeros = tf.TensorArray(tf.float32, 2, element_shape=[2]).stack()
        return (grown.stack(), grown.size(), ragged.concat(), words.stack(), zeros,
                tf.TensorArray(tf.float32, 2).split([1.0, 2.0, 3.0], [1, 2]).read(1))
    made = [t.numpy().tolist() for t in (f() if where == "eager" else in_graph(f))]
    assert made == [[0.0, 0.0, 0.0, 1.0], 4, [1.0, 1.0, 2.0], [b"a", b"b"], [[0.0, 0.0]] * 2, [2.0, 3.0]]


def test_an_empty_array_of_tensors_has_no_shape() -> None:
    """Eager arrays stack to shape [0] all the same."""
    assert tf.TensorArray(tf.int32, 0).stack().shape == [0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="stack elements of an empty list with non-fully-defined"):
        in_graph(lambda: (tf.TensorArray(tf.int32, 0).stack(),))


def test_control_flow_in_sessions() -> None:
    v1 = tf.compat.v1
    with tf.Graph().as_default():
        p, n = v1.placeholder(tf.float32, [None]), v1.placeholder(tf.int32, [])
        v = v1.get_variable("v", initializer=[1.0, 2.0])
        y = tf.while_loop(lambda i, x: i < n, lambda i, x: (i + 1, x * v), [0, p])[1]
        z = tf.cond(tf.reduce_sum(y) > 10, lambda: y * v, lambda: y - v)
        slopes = tf.gradients(z, [p, v])

        def add() -> Any:
            with tf.control_dependencies([v.assign_add([1.0, 1.0])]):
                return tf.identity(v)
        added = tf.cond(n > 2, add, lambda: tf.identity(v))
        mapped = tf.map_fn(lambda q: q * v[0], p)
        checked = tf.Assert(n > 1, [n])
        with v1.Session() as s:
            s.run(v1.global_variables_initializer())
            for _ in range(3):
                a, b, g = s.run([y, z, slopes], {p: [1.0, 2.0], n: 3})
                assert a.tolist() == [1.0, 16.0] and b.tolist() == [1.0, 32.0]
                assert [x.tolist() for x in g] == [[1.0, 16.0], [4.0, 64.0]]
            assert s.run(y, {p: [1.0, 2.0], n: 0}).tolist() == [1.0, 2.0]
            assert s.run(added, {n: 1}).tolist() == [1.0, 2.0] == s.run(v).tolist()
            assert s.run(added, {n: 3}).tolist() == [2.0, 3.0] == s.run(v).tolist()
            assert s.run(mapped, {p: [1.0, 2.0, 3.0]}).tolist() == [2.0, 4.0, 6.0]
            assert s.run(tf.group(v.assign([5.0, 5.0]), tf.no_op())) is None
            assert s.run(v).tolist() == [5.0, 5.0]
            assert [x.tolist() for x in s.run(tf.tuple([p, y]), {p: [1.0, 1.0], n: 1})] == [[1.0, 1.0], [5.0, 5.0]]
            s.run(checked, {n: 2})
            with pytest.raises(tf.errors.InvalidArgumentError, match=r"assertion failed: \[1\]"):
                s.run(checked, {n: 1})


def test_a_loop_that_no_bound_is_known_for_stays_interpreted() -> None:
    @tf.function
    def f(a: Any, x: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.while_loop(lambda x: tf.reduce_sum(x * x) < 40.0, lambda x: [tf.sin(x) * a * 5.0], [x])[0]
            wide = tf.reduce_sum(tf.tanh(tf.ones([300, 300]) * x[0]))
        return y + wide * 0, tape.gradient(y, x)
    results = [[t.numpy() for t in f(c(1.3), c([1.0, 2.0, 0.5]))] for _ in range(3)]
    for later in results[1:]:
        for a, b in zip(results[0], later, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5)


def test_random_numbers_differ_in_each_iteration() -> None:
    @tf.function
    def f(x: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.map_fn(lambda r: r * tf.random.uniform([2]), x)
        return y, tape.gradient(y, x)
    for _ in range(3):
        y, dx = f(tf.ones([3, 2]))
        assert len(np.unique(y)) == 6
        np.testing.assert_allclose(y, dx)  # the gradient does not draw again


def test_groups_and_dependencies_in_eager_code() -> None:
    seen = []
    with tf.control_dependencies([lambda: seen.append(1), c(1)]):
        seen.append(2)
    assert seen == [1, 2]
    assert tf.group(c(1)) is None
    assert tf.tuple([c(1), None])[1] is None
    with pytest.raises(ValueError, match="Unknown keyword arguments"):
        tf.group(c(1), other=1)


def test_the_arguments_of_tensorflow_1() -> None:
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as s:
        x = c([1.0, 2.0])
        p = v1.placeholder(tf.bool, [])
        assert s.run(v1.cond(p, fn1=lambda: x, fn2=lambda: -x), {p: False}).tolist() == [-1.0, -2.0]
        with pytest.raises(TypeError, match=r"cond\(\): 'true_fn' and 'fn1' may not be set simultaneously."):
            v1.cond(p, lambda: x, lambda: x, fn1=lambda: x)
        assert s.run(v1.while_loop(lambda i: i < 3, lambda i: i + 1, [0])) == 3
        assert s.run(v1.while_loop(lambda i: i < 3, lambda i: (i + 1,), (0,))) == 3
        assert s.run(v1.while_loop(lambda i: i < 3, lambda i: i + 1, [0], return_same_structure=True)) == [3]
        assert s.run(v1.py_func(lambda a: a * 2, [x], tf.float32)).tolist() == [2.0, 4.0]
        assert [t.tolist() for t in s.run(v1.tuple([x, x], "both"))] == [[1.0, 2.0]] * 2
