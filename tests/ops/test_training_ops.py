"""The block-wise in-place forms of the optimizer steps against their formulas."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.samples import training_ops as samples

import thalweg as tf
from thalweg.core.opdef import all_ops, get_op
from thalweg.core.variable import update
from thalweg.ops import training_blocks

STEPS = sorted(type for type in all_ops() if type.startswith("ResourceApply"))
SPARSE_STEPS = sorted(type for type in all_ops() if type.startswith("ResourceSparseApply"))


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_blocks, "BLOCK", 8)
    monkeypatch.setattr(training_blocks, "_scratch", training_blocks._Scratch())


def _arguments(type: str) -> tuple[int, list[Any]]:
    """How many variables a step has, and its other inputs; the gradient as None."""
    inputs = get_op(type).signature.inputs
    scalars = {"alpha": 0.1, "lr": 0.1, "momentum": 0.9, "rho": 0.9, "epsilon": 1e-3, "beta1": 0.9, "beta2": 0.99,
               "beta1_power": 0.81, "beta2_power": 0.97, "l1": 0.3, "l2": 0.2, "l2_shrinkage": 0.1, "lr_power": -0.5,
               "global_step": 4, "sign_decay": 0.7, "logbase": 1.5, "beta": 0.8}
    count = sum(a.type == "resource" for a in inputs)
    return count, [scalars.get(a.name) for a in inputs[count:]]


def _arrays(count: int, shape: tuple[int, ...], order: str) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    # The second one is small, because a mean gradient's square must not exceed the mean square.
    return [np.array((rng.uniform(0.5, 2.0, shape) * (0.1 if i == 1 else 1)).astype(np.float32), order=order)
            for i in range(count + 1)]


def test_every_step_has_a_sample() -> None:
    assert {op for s in samples.SAMPLES for op in s.ops} == set(STEPS) | set(SPARSE_STEPS)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(7, 5), (3, 20), (29,), ()])
@pytest.mark.parametrize("type", STEPS)
@pytest.mark.usefixtures("small_blocks")
def test_blocks_give_what_the_formula_gives(type: str, shape: tuple[int, ...], order: str) -> None:
    count, others = _arguments(type)
    *values, grad = _arrays(count, shape, order)
    inputs = [tf.constant(grad) if x is None else x for x in others]
    expected = get_op(type).kernel(np, *values, *[grad if x is None else x for x in others])
    variables = [tf.Variable(x) for x in values]
    for v, x in zip(variables, values, strict=True):
        v._tensor._value = np.array(x, order=order)
    update(get_op(type), tuple(variables), tuple(inputs))
    for v, e in zip(variables, expected if isinstance(expected, tuple) else (expected,), strict=True):
        np.testing.assert_allclose(v.numpy(), e, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("type", STEPS)
def test_shapes_must_agree_and_nothing_changes(type: str) -> None:
    count, others = _arguments(type)
    *values, _ = _arrays(count, (3,), "C")
    variables = [tf.Variable(x) for x in values]
    inputs = [tf.constant([1.0, 2.0]) if x is None else x for x in others]
    with pytest.raises(tf.errors.InvalidArgumentError, match="do not have the same shape"):
        update(get_op(type), tuple(variables), tuple(inputs))
    assert all(np.array_equal(v.numpy(), x) for v, x in zip(variables, values, strict=True))


def test_a_tensor_read_before_a_step_keeps_its_value() -> None:
    from thalweg.ops.training_ops import apply_adam
    v, m, s = tf.Variable([1.0, 2.0]), tf.Variable([0.0, 0.0]), tf.Variable([0.0, 0.0])
    before = v.value()
    apply_adam(v, m, s, 0.9, 0.99, 0.1, 0.9, 0.99, 1e-7, tf.constant([1.0, -1.0]))
    assert before.numpy().tolist() == [1.0, 2.0]
    np.testing.assert_allclose(v.numpy(), [0.9, 2.1], rtol=1e-5)


def _sparse_inputs(type: str, indices: Any, grad: Any) -> tuple[Any, ...]:
    _, others = _arguments(type)
    kinds = [a.name for a in get_op(type).signature.inputs if a.type != "resource"]
    given = {"grad": tf.constant(grad), "indices": tf.constant(indices)}
    return tuple(given.get(name, x) for name, x in zip(kinds, others, strict=True))


@pytest.mark.parametrize("type", SPARSE_STEPS)
def test_rows_named_more_than_once_step_one_after_the_other(type: str) -> None:
    count, _ = _arguments(type)
    *values, _ = _arrays(count, (6, 2), "C")
    indices = np.array([5, 1, 5, 0, 5, 1], np.int32)
    grad = np.random.default_rng(1).standard_normal((6, 2)).astype(np.float32)
    together, alone = ([tf.Variable(x) for x in values] for _ in range(2))
    update(get_op(type), tuple(together), _sparse_inputs(type, indices, grad))
    for k in range(6):
        update(get_op(type), tuple(alone), _sparse_inputs(type, indices[k:k + 1], grad[k:k + 1]))
    for a, b, x in zip(together, alone, values, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5, atol=1e-6)
        assert np.array_equal(a.numpy()[2:5], x[2:5])
    assert not np.array_equal(together[0].numpy(), values[0])


@pytest.mark.parametrize("indices, grad, message", [
    ([1, 6], (2, 2), "Index 6 at offset 1 in indices is out of range"), ([-1, 0], (2, 2), "Index -1 at offset 0"),
    ([[1]], (1, 2), "indices must be one-dimensional"), ([1, 2], (3, 2), "same size as indices in the first dimension"),
    ([1], (1, 3), "var and grad must match in dimension 1")])
@pytest.mark.parametrize("type", SPARSE_STEPS)
def test_rows_must_fit_and_nothing_changes(type: str, indices: Any, grad: Any, message: str) -> None:
    count, _ = _arguments(type)
    *values, _ = _arrays(count, (6, 2), "C")
    variables = [tf.Variable(x) for x in values]
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        update(get_op(type), tuple(variables), _sparse_inputs(type, np.array(indices, np.int32), np.ones(grad, np.float32)))
    assert all(np.array_equal(v.numpy(), x) for v, x in zip(variables, values, strict=True))


def test_adagrad_refuses_empty_rows() -> None:
    v, a = tf.Variable(tf.ones([3, 0])), tf.Variable(tf.ones([3, 0]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Inner dimension should be greater than zero."):
        tf.raw_ops.ResourceSparseApplyAdagrad(var=v, accum=a, lr=0.5, grad=tf.ones([1, 0]), indices=[0])


def test_a_sparse_step_in_a_compiled_function() -> None:
    found = []
    for jit in (True, False):
        v, a = tf.Variable(tf.ones([5, 2])), tf.Variable(tf.ones([5, 2]))

        @tf.function(jit_compile=jit)
        def f(grad: Any, indices: Any, v: Any = v, a: Any = a) -> None:
            tf.raw_ops.ResourceSparseApplyMomentum(var=v, accum=a, lr=0.5, grad=grad, indices=indices, momentum=0.9)
        f(tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), tf.constant([4, 0, 4]))
        found.append((v.numpy(), a.numpy()))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6)
    np.testing.assert_allclose(found[0][0][4], [1 - 0.5 * (1.9 + 6.71), 1 - 0.5 * (2.9 + 8.61)], rtol=1e-6)
