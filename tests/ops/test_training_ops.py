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


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_blocks, "BLOCK", 8)
    monkeypatch.setattr(training_blocks, "_scratch", training_blocks._Scratch())


def _arguments(type: str) -> tuple[int, list[Any]]:
    """How many variables a step has, and its other inputs; the gradient as None."""
    inputs = get_op(type).signature.inputs
    scalars = {"alpha": 0.1, "lr": 0.1, "momentum": 0.9, "rho": 0.9, "epsilon": 1e-3, "beta1": 0.9, "beta2": 0.99,
               "beta1_power": 0.81, "beta2_power": 0.97, "l1": 0.3, "l2": 0.2, "l2_shrinkage": 0.1, "lr_power": -0.5,
               "global_step": 4}
    count = sum(a.type == "resource" for a in inputs)
    return count, [scalars.get(a.name) for a in inputs[count:]]


def _arrays(count: int, shape: tuple[int, ...], order: str) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    # The second one is small, because a mean gradient's square must not exceed the mean square.
    return [np.array((rng.uniform(0.5, 2.0, shape) * (0.1 if i == 1 else 1)).astype(np.float32), order=order)
            for i in range(count + 1)]


def test_every_step_has_a_sample() -> None:
    assert {op for s in samples.SAMPLES for op in s.ops} == set(STEPS)


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
