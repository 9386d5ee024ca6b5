"""`tf.test`: what its test case accepts and refuses, which is what TensorFlow's does, in its words."""
from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf

v1 = tf.compat.v1
NAN = float("nan")


class Case(tf.test.TestCase):  # type: ignore[misc]
    __test__ = False

    def runTest(self) -> None:
        """Nothing."""


case = Case()


def _c(value: Any) -> Any:
    return tf.constant(value)


def _rows(rows: list[list[float]]) -> Any:
    return tf.ragged.constant(rows)


@pytest.mark.parametrize("check", [
    lambda: case.assertAllClose([1.0, 2.0], _c([1.0, 2.0000001])),
    lambda: case.assertAllClose({"a": [1.0], "b": (2.0, _c(3.0))}, {"a": [1.0], "b": (2.0, _c(3.0))}),
    lambda: case.assertAllClose([NAN, np.inf], _c([NAN, np.inf])),
    lambda: case.assertAllClose([np.ones(2), [np.ones(3)]], [_c([1.0, 1.0]), [_c([1.0, 1.0, 1.0])]]),
    lambda: case.assertAllClose(_rows([[1.0], [2.0, 3.0]]), [[1.0], [2.0, 3.0]]),
    lambda: case.assertAllCloseAccordingToType(tf.constant([1.0], tf.float16), tf.constant([1.0005], tf.float16)),
    lambda: case.assertAllEqual([1.0, NAN], _c([1.0, NAN])),
    lambda: case.assertAllEqual(["a", "b"], _c(["a", "b"])),
    lambda: case.assertAllEqual(tf.Variable([1, 2]), [1, 2]),
    lambda: case.assertNotAllClose([1.0], [2.0]), lambda: case.assertNotAllEqual([1.0], [2.0]),
    lambda: case.assertAllGreaterEqual([1, 2], 1), lambda: case.assertAllLessEqual(_c([1, 2]), 2),
    lambda: case.assertAllInRange(_c([1.0, 2.0]), 1.0, 2.0), lambda: case.assertAllInSet([1, 2], [1, 2, 3]),
    lambda: case.assertNear(1.0, 1.05, 0.1), lambda: case.assertArrayNear([1.0], [1.05], 0.1),
    lambda: case.assertDTypeEqual(_c([1.0]), np.float32), lambda: case.assertShapeEqual(np.ones([2]), _c([1.0, 2.0])),
    lambda: case.assertDeviceEqual("/cpu:0", "/device:CPU:0"), lambda: case.assertSameElements([1, 2], [2, 1, 1]),
    lambda: case.assertBetween(2, 1, 3), lambda: case.assertLen([1], 1), lambda: case.assertNotEmpty([1]),
    lambda: case.assertStartsWith("abc", "ab"), lambda: case.assertEndsWith("abc", "bc"),
])
def test_accepted(check: Callable[[], None]) -> None:
    check()


@pytest.mark.parametrize("check, message", [
    (lambda: case.assertAllClose([1.0, 2.0], _c([1.0, 2.1]), msg="hello"),
     r"Mismatched value: a is different from b. hello\nnot close where = \(array\(\[1\]\),\)\nnot close lhs = \[2.\]"),
    (lambda: case.assertAllClose({"a": [1.0], "b": (np.ones(2), 3.0)}, {"a": [1.0], "b": (np.ones(2), 3.5)}),
     r"Mismatched value: a\[b\]\[1\] is different from b\[b\]\[1\]"),
    (lambda: case.assertAllClose({"a": 1.0}, {"b": 1.0}), "mismatched keys: a has keys"),
    (lambda: case.assertAllClose([1.0], [1.0, 2.0]), r"Shape mismatch: expected \(1,\), got \(2,\) with contents \[1. 2.\]."),
    (lambda: case.assertAllClose([1.0, NAN], [1.0, 2.0]), "not close where"),
    (lambda: case.assertAllCloseAccordingToType(_c([1.0]), _c([1.0005])), "not close dif"),
    (lambda: case.assertAllEqual([1, 2], _c([1, 3]), msg="my"), r"my\nnot equal where = \(array\(\[1\]\),\)\nnot equal lhs"),
    (lambda: case.assertAllEqual([1, 2], _c([[1, 3]])), r"Shape mismatch: expected \(2,\), got \(1, 2\). Contents"),
    (lambda: case.assertAllEqual("a", _c("b")), "not equal lhs"),
    (lambda: case.assertAllEqual(_rows([[1.0]]), _rows([[2.0]])), "Lists differ"),
    (lambda: case.assertNotAllClose([1.0], [1.0]), "The two values are close at all elements."),
    (lambda: case.assertNotAllEqual([1.0], [1.0]), "The two values are equal at all elements."),
    (lambda: case.assertAllGreater([1, 2], 1), "not greater than 1"),
    (lambda: case.assertAllLess([1, 2], 2), "not less than 2"),
    (lambda: case.assertAllInRange([1.0, 2.0, 5.0], 1.0, 2.0),
     r"1 of the 3 element\(s\) are outside the range \[1.0, 2.0\]. Subscript\(s\) and value\(s\) .*\n  \[2\] : 5.0"),
    (lambda: case.assertAllInRange([1.0, 2.0], 1.0, 2.0, open_upper_bound=True), r"outside the range \[1.0, 2.0\)"),
    (lambda: case.assertAllInRange(["a"], 1.0, 2.0), "does not have an ordered numeric type, instead it has type: <U1"),
    (lambda: case.assertAllInSet([1, 5], [1, 2]), r"1 unique element\(s\) are not in the set \[1, 2\]: \[5\]"),
    (lambda: case.assertNear(1.0, 2.0, 0.1, "m"), r"1.000000 != 2.000000 \+/- 0.100000 \(difference: 1\) \(m\)"),
    (lambda: case.assertNDArrayNear(np.ones(2), np.zeros(2), 0.1), "is not true"),
    (lambda: case.assertDTypeEqual(_c([1.0]), np.int32), "float32"),
    (lambda: case.assertShapeEqual(np.ones([2]), _c([1.0])), "Arrays are not equal"),
    (lambda: case.assertDeviceEqual("/cpu:0", "/cpu:1"), "Devices /device:CPU:0 and /device:CPU:1 are not equal"),
    (lambda: case.assertLen([1, 2], 3), r"\[1, 2\] has length of 2, expected 3."),
    (lambda: case.assertEmpty([1]), r"\[1\] has length of 1."),
    (lambda: case.assertBetween(3, 1, 2), "unexpectedly not between"),
    (lambda: case.assertStartsWith("abc", "b"), "'abc' does not start with 'b'"),
    (lambda: case.assertItemsEqual([1], [2]), "Element counts were not equal"),
    (lambda: case.assertProtoEquals("a: 1", "a: 2"), "a: 2"),
])
def test_refused(check: Callable[[], None], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check()


def test_errors_of_operations() -> None:
    with case.assertRaisesOpError("Input to reshape is a tensor"):
        tf.reshape(_c([1.0]), [2])
    with case.assertRaisesWithPredicateMatch(tf.errors.InvalidArgumentError, lambda error: error.op is None):
        tf.reshape(_c([1.0]), [2])
    with pytest.raises(AssertionError, match="Exception of type .*InvalidArgumentError"), case.assertRaisesOpError("other"):
        tf.reshape(_c([1.0]), [2])
    with pytest.raises(AssertionError, match="OpError not raised"), case.assertRaisesOpError("anything"):
        pass
    with pytest.raises(KeyError), case.assertRaisesOpError("x"):
        raise KeyError("x")


def test_values_in_eager_code() -> None:
    found = case.evaluate({"a": _c(1), "b": [_c([1.0]), None], "v": tf.Variable(3.0)})
    assert type(found["a"]) is np.int32 and found["b"][1] is None and found["v"] == 3.0
    assert case.evaluate(_rows([[1.0], [2.0, 3.0]])).to_list() == [[1.0], [2.0, 3.0]]
    assert case.evaluate(tf.sparse.from_dense([[1, 0]])).dense_shape.tolist() == [1, 2]
    with pytest.raises(ValueError, match="Unsupported type 'int'."):
        case.evaluate([1])
    with case.session() as session, pytest.raises(AttributeError, match="while eager execution is enabled"):
        session.run(_c(1))


def test_graphs() -> None:
    one = Case()
    one.setUp()
    with tf.Graph().as_default():
        v = v1.get_variable("v", initializer=2.0)
        with one.session() as session:
            session.run(v.initializer)
            assert one.evaluate(v) == 2.0 and session.run(v * 2) == 4.0
        with one.cached_session():
            one.evaluate(v.assign(5.0))
        assert one.evaluate(v) == 5.0
        one.assertAllClose(v, 5.0)
        with one.assertRaisesOpError("Input to reshape"):
            one.evaluate(tf.reshape(v1.placeholder_with_default([1.0], [None]), [2]))
    with tf.Graph().as_default() as other, pytest.raises(ValueError, match="different than the one"), one.cached_session(other):
        pass
    one.tearDown()


def test_each_test_starts_alike() -> None:
    draws = []
    for _ in range(2):
        test = Case()
        test.setUp()
        draws.append((float(tf.random.uniform([])), float(np.random.rand())))
        directory = test.get_temp_dir()
        assert directory == test.get_temp_dir()
        test.tearDown()
        test.doCleanups()
    assert draws[0] == draws[1]


def test_gradients_by_differences() -> None:
    exact, differences = tf.test.compute_gradient(lambda x, y: tf.reduce_sum(x * y), [_c([1.0, 2.0]), _c([3.0, 4.0])])
    for found in (exact, differences):
        np.testing.assert_allclose(found[0], [[3.0, 4.0]], rtol=1e-4)
        np.testing.assert_allclose(found[1], [[1.0, 2.0]], rtol=1e-4)
    wrong = tf.custom_gradient(lambda x: (x * x, lambda dy: dy))
    exact, differences = tf.test.compute_gradient(wrong, [_c([1.0, 2.0])])
    np.testing.assert_allclose(exact[0], np.eye(2))
    np.testing.assert_allclose(differences[0], np.diag([2.0, 4.0]), rtol=1e-4)
    with pytest.raises(ValueError, match="`x` must be a list or tuple"):
        tf.test.compute_gradient(lambda x: x, _c([1.0]))
    with pytest.raises(TypeError, match="not by int32"):
        tf.test.compute_gradient(lambda x: x, [_c([1])])


def test_graphs_are_compared() -> None:
    def graph(*values: float) -> Any:
        made = tf.Graph()
        with made.as_default():
            for value in values:
                tf.constant(value)
        return made.as_graph_def()
    tf.test.assert_equal_graph_def(graph(1.0), graph(1.0))
    for other, message in ((graph(2.0), "Node named 'Const' does not match"),
                           (graph(1.0, 1.0), "unexpected node named 'Const_1'"),
                           (graph(), "missing node named 'Const'")):
        with pytest.raises(AssertionError, match=message):
            tf.test.assert_equal_graph_def(graph(1.0), other)
    with pytest.raises(TypeError, match="Expected tf.GraphDef for expected, got int"):
        tf.test.assert_equal_graph_def(1, graph())


def test_kinds_of_processors() -> None:
    assert tf.test.is_cpu_target_available("x86")
    with pytest.raises(AssertionError, match="Unknown CPU target: zz"):
        tf.test.is_cpu_target_available("zz")


def test_as_a_program(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("""
import thalweg as tf

class Squares(tf.test.TestCase):
    def test_right(self):
        self.assertAllClose(tf.square([1.0, 2.0]), [1.0, 4.0])
    def test_wrong(self):
        self.assertAllEqual(tf.square([1, 2]), [1, 3])

tf.test.main()
""")
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "Ran 3 tests" in done.stderr and "FAILED (failures=1, skipped=1)" in done.stderr
