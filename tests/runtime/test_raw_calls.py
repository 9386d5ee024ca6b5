"""Control flow and calls of functions through `tf.raw_ops`, with the results that TensorFlow has."""
from __future__ import annotations

from typing import Any

import pytest

import thalweg as tf

R = tf.raw_ops
_NUMBER = tf.TensorSpec([], tf.float32)
TYPES = [tf.float32, tf.float32]


def _concrete(f: Any, count: int = 2) -> Any:
    return tf.function(f).get_concrete_function(*[_NUMBER] * count)


ADD = _concrete(lambda x, y: (x + y, x * y))
TAKE = _concrete(lambda x, y: (x - y, x / y))
LESS = _concrete(lambda x, y: x < y)
COUNT = _concrete(lambda x, y: (x + 1, y))


def _values(made: Any) -> list[float]:
    assert isinstance(made, list)
    return [t.numpy().item() for t in made]


@pytest.mark.parametrize("name", ["If", "StatelessIf"])
@pytest.mark.parametrize(("cond", "expected"), [
    (True, [10, 16]), (0.0, [6, 4]), (2, [10, 16]), ("", [6, 4]), ("no", [10, 16]), ([], [6, 4]), ([0.0], [10, 16])])
def test_if(name: str, cond: Any, expected: list[float]) -> None:
    call = getattr(R, name)
    assert _values(call(cond=cond, input=[8.0, 2.0], Tout=TYPES, then_branch=ADD, else_branch=TAKE)) == expected
    traced = tf.function(lambda c: call(cond=c, input=[8.0, 2.0], Tout=TYPES, then_branch=ADD, else_branch=TAKE))
    assert _values(traced(tf.constant(cond))) == expected


@pytest.mark.parametrize("name", ["Case", "StatelessCase"])
@pytest.mark.parametrize(("index", "expected"), [(0, [10, 16]), (1, [6, 4]), (2, [6, 4]), (-1, [6, 4])])
def test_case(name: str, index: int, expected: list[float]) -> None:
    call = getattr(R, name)
    assert _values(call(branch_index=index, input=[8.0, 2.0], Tout=TYPES, branches=[ADD, TAKE])) == expected
    traced = tf.function(lambda i: call(branch_index=i, input=[8.0, 2.0], Tout=TYPES, branches=[ADD, TAKE]))
    assert _values(traced(tf.constant(index))) == expected


@pytest.mark.parametrize("name", ["While", "StatelessWhile"])
@pytest.mark.parametrize("jit", [False, True])
def test_while(name: str, jit: bool) -> None:
    call = getattr(R, name)
    assert _values(call(input=[3.0, 7.0], cond=LESS, body=COUNT)) == [7, 7]
    traced = tf.function(lambda x: call(input=[x, 7.0], cond=LESS, body=COUNT), jit_compile=jit)
    assert _values(traced(tf.constant(2.5))) == [7.5, 7]
    assert _values(traced(tf.constant(9.0))) == [9, 7]


@pytest.mark.parametrize("name", ["PartitionedCall", "StatefulPartitionedCall"])
def test_call(name: str) -> None:
    call = getattr(R, name)
    assert _values(call(args=[8.0, 2.0], Tout=TYPES, f=ADD)) == [10, 16]
    assert _values(call(args=[8.0, 2.0], Tout=TYPES[:1], f=ADD)) == [10]
    assert _values(tf.function(lambda x: call(args=[x, 2.0], Tout=TYPES, f=ADD))(tf.constant(8.0))) == [10, 16]
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected to be a float tensor but is a int32 tensor"):
        call(args=[8.0, 2], Tout=TYPES, f=ADD)


def test_gradients_in_functions() -> None:
    @tf.function
    def slope(x: Any, c: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = R.StatelessIf(cond=c, input=[x, 3.0], Tout=TYPES, then_branch=ADD, else_branch=TAKE)[1]
            y = R.StatelessWhile(input=[y, 100.0], cond=LESS, body=_concrete(lambda a, b: (a * a, b)))[0]
        return tape.gradient(y, x)
    assert slope(tf.constant(4.0), tf.constant(True)).numpy() == 3 * 2 * 12
    assert slope(tf.constant(6.0), tf.constant(False)).numpy() == pytest.approx(8 * 2.0**7 / 3)


def test_names() -> None:
    assert {"If", "While", "PartitionedCall", "MatMul"} <= set(dir(R))
    with pytest.raises(AttributeError, match="no attribute 'Unless'"):
        _ = R.Unless
