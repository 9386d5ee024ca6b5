"""Assertions: what they say in eager code, in functions and in sessions."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as tf1

X, Y = tf.constant([1, 2, 3]), tf.constant([1, 5, 3])
FLOATS, OTHERS = tf.constant([1.0, 2.0]), tf.constant([1.0, 2.5])
d = tf.debugging


@pytest.mark.parametrize(("name", "symbol", "holds"), [
    ("equal", "==", (X, X)), ("none_equal", "!=", (X, X + 1)), ("less", "<", (X, X + 1)), ("less_equal", "<=", (X, Y)),
    ("greater", ">", (X + 1, X)), ("greater_equal", ">=", (Y, X))])
def test_comparisons(name: str, symbol: str, holds: tuple[Any, Any]) -> None:
    check = getattr(d, f"assert_{name}")
    assert check(*holds) is None
    a, b = tf.constant([1, 2, 3, 4]), tf.constant([1, 5, 0, 4])
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        check(a, b, message="why", summarize=2)
    held = {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[symbol].numpy()
    where = np.argwhere(~held)[:2]
    assert str(caught.value) == (
        f"why\nCondition x {symbol} y did not hold.\nIndices of first {len(where)} different values:\n{where}\n"
        f"Corresponding x values:\n{a.numpy()[where[:, 0]]}\nCorresponding y values:\n{b.numpy()[where[:, 0]]}\n"
        "First 2 elements of x:\n[1 2]\nFirst 2 elements of y:\n[1 5]")
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected to be a int32 tensor but is a float tensor"):
        check([1, 2], [1.0, 2.0])


def test_comparisons_that_broadcast_show_elements_only() -> None:
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        d.assert_equal(tf.range(20), 3)
    assert str(caught.value) == "Condition x == y did not hold.\nFirst 3 elements of x:\n[0 1 2]\nFirst 1 elements of y:\n[3]"
    nan = tf.constant([1.0, np.nan])
    assert d.assert_equal(nan, nan) is None


@pytest.mark.parametrize(("name", "symbol", "good"), [
    ("negative", "<", [-1]), ("positive", ">", [1]), ("non_negative", ">=", [0, 1]), ("non_positive", "<=", [0, -1])])
def test_signs(name: str, symbol: str, good: list[int]) -> None:
    check = getattr(d, f"assert_{name}")
    assert check(good) is None
    assert check(tf.constant([], tf.float32)) is None
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        check(tf.constant([1, 0, -1, 7]), message="why")
    assert str(caught.value) == (f"why.  \nCondition x {symbol} 0 did not hold element-wise:\nx (shape=(4,) dtype=int32) = \n"
                                 "['1', '0', '-1', '...']")


def test_near() -> None:
    assert d.assert_near(FLOATS, FLOATS + 1e-7) is None
    assert d.assert_near(FLOATS, OTHERS, rtol=1.0, atol=1.0) is None
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"x and y not equal to tolerance rtol = tf.Tensor\(1.1920929e-06"):
        d.assert_near(FLOATS, OTHERS)
    with pytest.raises(ValueError, match="not inexact"):
        d.assert_near(X, Y)


@pytest.mark.parametrize(("call", "error", "text"), [
    (lambda: d.assert_rank(FLOATS, 2), ValueError, "Tensor  must have rank 2.  Received rank 1, shape (2,)"),
    (lambda: d.assert_rank(FLOATS, 2, message="m"), ValueError, "m.  Tensor  must have rank 2.  Received rank 1, shape (2,)"),
    (lambda: d.assert_rank(FLOATS, [1, 2]), ValueError, "Rank must be a scalar."),
    (lambda: d.assert_rank(FLOATS, 1.5), TypeError, "tensor must be of type tf.int32; got tf.float32"),
    (lambda: d.assert_rank_at_least(FLOATS, 2), ValueError, "Tensor  must have rank at least 2.  Received rank 1, shape (2,)"),
    (lambda: d.assert_rank_in(FLOATS, (0, 2)), ValueError, "Tensor  must have rank in (0, 2).  Received rank 1, shape (2,)"),
    (lambda: d.assert_scalar(FLOATS, message="m"), ValueError, "m.  Expected scalar shape, saw shape: (2,)."),
    (lambda: d.assert_type(FLOATS, tf.int32, message="m"), TypeError, "m.  tensor must be of type tf.int32; got tf.float32"),
    (lambda: d.assert_integer(FLOATS), TypeError,
     "Expected \"x\" to be integer type.  Found: tensor of dtype <dtype: 'float32'>"),
    (lambda: d.assert_same_float_dtype([FLOATS], tf.float64), ValueError,
     "tf.Tensor([1. 2.], shape=(2,), dtype=float32), type=<dtype: 'float32'>, must be of the same type (<dtype: 'float64'>)."),
    (lambda: d.assert_proper_iterable("abc"), TypeError,
     "Expected argument \"values\" to be a \"proper\" iterable.  Found: <class 'str'>"),
    (lambda: d.assert_proper_iterable(3), TypeError, "Expected argument \"values\" to be iterable.  Found: <class 'int'>"),
    (lambda: d.assert_shapes([(X, ("N",)), (FLOATS, ("N",))]), ValueError,
     "Specified by tensor shape=(3,) dtype=int32 dimension 0.  Tensor shape=(2,) dtype=float32 dimension 0 must have size 3.  "
     "Received size 2, shape (2,)"),
    (lambda: d.assert_shapes([(tf.ones([2, 3]), ("N", 2))], message="m"), ValueError,
     "m.  Specified explicitly.  Tensor shape=(2, 3) dtype=float32 dimension 1 must have size 2.  Received size 3, "
     "shape (2, 3)"),
    (lambda: d.assert_shapes([(tf.ones([2, 3]), 5)]), ValueError,
     "Tensor shape=(2, 3) dtype=float32.  Specified shape must be an iterable.  An iterable has the attribute `__iter__` or "
     "`__getitem__`.  Received specified shape: 5"),
    (lambda: d.assert_shapes([(tf.ones([3]), ("N", "*"))]), ValueError,
     "Tensor shape=(3,) dtype=float32 specified shape index 1.  Symbol `...` or `*` for a variable number of unspecified "
     "dimensions is only allowed as the first entry"),
    (lambda: d.assert_shapes([(tf.ones([3, 4]), "*N"), (tf.ones([5]), "N")]), ValueError,
     "Specified by tensor shape=(3, 4) dtype=float32 dimension -1.  Tensor shape=(5,) dtype=float32 dimension 0 must have size "
     "4.  Received size 5, shape (5,)"),
    (lambda: d.assert_shapes([(tf.ones([3]), ())]), ValueError,
     "Specified explicitly.  Tensor shape=(3,) dtype=float32 dimension 0 must have size 1.  Received size 3, shape (3,)"),
])
def test_what_is_known_is_checked_at_once(call: Callable[[], Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == text


def test_what_holds_says_nothing() -> None:
    assert d.assert_rank(FLOATS, 1) is None
    assert d.assert_rank_at_least(FLOATS, 1) is None
    assert d.assert_rank_in(FLOATS, (0, 1)) is None
    assert d.assert_scalar(3.0) is None
    assert d.assert_type(FLOATS, tf.float32) is None
    assert d.assert_integer(X) is None
    assert d.assert_same_float_dtype([FLOATS, None, OTHERS]) is tf.float32
    assert d.assert_same_float_dtype() is tf.float32
    assert d.assert_proper_iterable([1]) is None
    assert d.assert_shapes([(tf.ones([2, 3]), ("N", "D")), (tf.ones([3, 2]), ("D", "N")), (tf.ones([]), ("one",)),
                            (tf.ones([4, 2, 3]), ("...", 3)), (tf.ones([2, 3]), (None, 3))]) is None
    assert [d.is_numeric_tensor(v) for v in (FLOATS, tf.constant("a"), 3, np.ones(2))] == [True, False, False, False]


@pytest.mark.parametrize("jit_compile", [None, False])
def test_functions_check_when_they_run(jit_compile: bool | None) -> None:
    @tf.function(jit_compile=jit_compile, input_signature=[tf.TensorSpec(None), tf.TensorSpec(None)])
    def f(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
        d.assert_shapes([(a, ("N", "D")), (b, ("D",))], message="shapes")
        d.assert_less(a, 10.0, message="large")
        d.assert_positive(b)
        return tf.reduce_sum(a * b)
    for _ in range(3):
        assert f(tf.ones([2, 3]), tf.ones([3])).numpy() == 6.0
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[shapes.  \] \[Specified by tensor a:0 dimension 1\]"):
            f(tf.ones([2, 3]), tf.ones([2]))
        with pytest.raises(tf.errors.InvalidArgumentError,
                           match=r"assertion failed: \[large\] \[Condition x < y did not hold element-wise:\] \[x \(a:0\)"):
            f(tf.fill([2, 3], 10.0), tf.ones([3]))
        with pytest.raises(tf.errors.InvalidArgumentError, match="Condition x > 0 did not hold element-wise"):
            f(tf.ones([2, 3]), -tf.ones([3]))


def test_functions_that_are_compiled_whole_pass_over_checks() -> None:
    @tf.function(jit_compile=True)
    def f(a: tf.Tensor) -> tf.Tensor:
        d.assert_positive(a)
        return d.check_numerics(tf.math.log(a), "log") + 1.0
    assert np.isnan(f(tf.constant(-1.0)).numpy())


def test_graphs() -> None:
    with tf1.Graph().as_default(), tf1.Session() as session:
        p = tf1.placeholder(tf1.float32, [None], name="p")
        check = tf1.assert_equal(p, [1.0, 2.0], data=["expected", p], message="M")
        assert (check.type, check.name) == ("Assert", "assert_equal/Assert")
        assert session.run(check, {p: [1.0, 2.0]}) is None
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"assertion failed: \[M\] \[expected\] \[1 3\]"):
            session.run(check, {p: [1.0, 3.0]})
        assert tf1.assert_rank(p, 1).type == "NoOp"
        assert tf1.assert_type(p, tf1.float32).type == tf1.assert_integer(tf1.constant(1)).type == "NoOp"
        assert tf1.assert_scalar(tf1.constant(1)).shape == []
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"x == y did not hold element-wise:\nx \(Const_\d:0\) = \n1"):
            tf1.assert_equal(tf1.constant(1), tf1.constant(2))


class TestNumerics:
    def test_one_tensor(self) -> None:
        np.testing.assert_array_equal(d.check_numerics(FLOATS, "m"), FLOATS)
        for value, found in ((np.nan, "NaN"), (np.inf, "Inf"), ([np.inf, np.nan], "Inf and NaN")):
            with pytest.raises(tf.errors.InvalidArgumentError, match=rf"m : Tensor had {found} values \[Op:CheckNumerics\]"):
                d.check_numerics(tf.constant(value), "m")
        with pytest.raises(tf.errors.InvalidArgumentError, match="Value for attr 'T' of int32 is not in the list"):
            d.check_numerics(X, "m")

    def test_its_gradient_is_checked(self) -> None:
        x = tf.constant(0.0)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.sqrt(d.check_numerics(x, "root"))
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"values detected in gradient. root : Tensor had Inf"):
            tape.gradient(y, x)

    def test_a_whole_graph(self) -> None:
        with tf1.Graph().as_default(), tf1.Session() as session:
            p = tf1.placeholder(tf1.float32, [None])
            bad = tf1.verify_tensor_all_finite(tf1.log(p), "bad")
            checks = tf1.add_check_numerics_ops()
            assert session.run(checks, {p: [1.0]}) is None
            with pytest.raises(tf.errors.InvalidArgumentError, match="bad : Tensor had Inf values"):
                session.run(bad, {p: [0.0]})
            with pytest.raises(tf.errors.InvalidArgumentError, match="Tensor had Inf values"):
                session.run(checks, {p: [0.0]})

    @pytest.mark.parametrize("jit_compile", [None, False])
    def test_everything(self, jit_compile: bool | None) -> None:
        v = tf.Variable(2.0)

        @tf.function(jit_compile=jit_compile)
        def step(x: tf.Tensor) -> tf.Tensor:
            v.assign_add(1.0)
            return tf.math.log(x) * v
        d.enable_check_numerics()
        try:
            with pytest.raises(tf.errors.InvalidArgumentError) as caught:
                FLOATS / 0.0
            assert 'in output 0 of eagerly-executing op "RealDiv" (# of outputs: 1)' in str(caught.value)
            assert "# of +Inf elements: 2" in str(caught.value) and "1: tf.Tensor(0.0, shape=()" in str(caught.value)
            assert tf.constant(np.nan).shape == []
            assert FLOATS[0] + 1.0 == 2.0
            for _ in range(3):
                before = v.numpy()
                step(tf.constant(1.0))
                with pytest.raises(tf.errors.InvalidArgumentError) as caught:
                    step(tf.constant(-1.0))
                assert 'in output 0 of graph op "Log"' in str(caught.value)
                assert "test_assertions.py" in str(caught.value) and "in step" in str(caught.value)
                assert v.numpy() == before + 1.0
        finally:
            d.disable_check_numerics()
        assert np.isnan(tf.math.log(-1.0).numpy())
