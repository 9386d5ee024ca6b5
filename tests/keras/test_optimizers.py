"""Optimizers: what they promise beyond the golden values."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.keras import golden
from tests.keras.optimizer_cases import CASES

import thalweg as tf
from thalweg.keras import optimizers
from thalweg.keras.optimizers import fused
from thalweg.keras.variable import Variable

GOLDENS = golden.load("optimizers")


@pytest.mark.parametrize("case", [case for case in CASES if case.startswith(("SGD", "RMSprop", "Adam"))])
def test_fused_ops_as_keras(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large variables are moved by one op; those of the goldens are small, so the bound is lowered.

    The op takes 0.999 in float32, and 1 minus that is 1.3e-5 off 0.001.
    """
    monkeypatch.setattr(fused, "_SMALL", -1)
    golden.check(CASES[case](tf.keras, tf), GOLDENS[case], rtol=3e-5, atol=3e-6)


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam"])
def test_float64_variables_move_exactly(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = []
    for bound in (-1, 100):
        monkeypatch.setattr(fused, "_SMALL", bound)
        variable = tf.Variable(np.linspace(-1.0, 1.0, 5))
        optimizer = getattr(optimizers, name)(0.1, **({} if name == "Adam" else {"momentum": 0.9}))
        for step in range(3):
            optimizer.apply([tf.constant(np.linspace(0.5, 1.0, 5) + step)], [variable])
        moved.append(variable.numpy())
    np.testing.assert_allclose(moved[0], moved[1], rtol=1e-12)


def test_unknown_name_says_what_it_resembles() -> None:
    with pytest.raises(ValueError) as caught:
        optimizers.get("adamm")
    assert str(caught.value) == "Could not interpret optimizer identifier: adamm"
    assert caught.value.__notes__ == ["Did you mean 'adam'?"]


def test_unknown_argument_says_what_it_resembles() -> None:
    with pytest.raises(ValueError, match="not recognized") as caught:
        optimizers.SGD(0.1, clip_norm=1.0)
    assert caught.value.__notes__ == ["Did you mean 'clipnorm' instead of 'clip_norm'?"]


@pytest.mark.parametrize("name", ["rmsprop", "RMSprop", "SGD", "adamw", "ftrl"])
def test_names_in_any_case(name: str) -> None:
    assert type(optimizers.get(name)).__name__.lower() == name.lower()


def test_configs_and_optimizers() -> None:
    assert optimizers.get(None) is None
    made = optimizers.Adam(optimizers.schedules.CosineDecay(0.1, 10), name="a")
    assert optimizers.get(made) is made
    again = optimizers.get(optimizers.serialize(made))
    assert again.get_config() == made.get_config()
    assert isinstance(again._learning_rate, optimizers.schedules.CosineDecay)
    outer = optimizers.LossScaleOptimizer(made, name="o")
    assert optimizers.get(optimizers.serialize(outer)).get_config() == outer.get_config()
    assert optimizers.get({"class_name": "Adam", "config": {"lr": 0.5}}).learning_rate.numpy() == 0.5


def test_the_older_name_of_the_rate() -> None:
    optimizer = optimizers.SGD(lr=0.5)
    assert float(optimizer.lr) == 0.5
    optimizer.lr = 0.25
    assert float(optimizer.learning_rate) == 0.25
    with pytest.warns(UserWarning, match="Argument `decay` is no longer supported"):
        optimizers.SGD(0.1, decay=0.1)


def test_minimize_a_function_and_a_tensor() -> None:
    x = tf.Variable(3.0)
    optimizer = optimizers.SGD(0.1)
    optimizer.minimize(lambda: x * x, [x])
    np.testing.assert_allclose(x.numpy(), 2.4, rtol=1e-6)
    optimizer.minimize(lambda: x * x, lambda: [x])
    with tf.GradientTape() as tape:
        loss = x * x
    count = optimizer.minimize(loss, [x], tape=tape)
    np.testing.assert_allclose(x.numpy(), 3 * 0.8**3, rtol=1e-6)
    assert int(count) == 3
    with pytest.raises(ValueError, match="`tape` is required when a `Tensor` loss is passed"):
        optimizer.minimize(loss, [x])


def test_minimize_scales_the_loss() -> None:
    x = tf.Variable(3.0)
    optimizers.SGD(0.1, loss_scale_factor=1024.0).minimize(lambda: x * x, [x])
    np.testing.assert_allclose(x.numpy(), 2.4, rtol=1e-6)


def test_missing_gradients_warn() -> None:
    a, b = tf.Variable(1.0, name="a"), tf.Variable(1.0, name="b")
    with pytest.warns(UserWarning, match=r"Gradients do not exist for variables \['b:0'\] when minimizing the loss"):
        optimizers.SGD(0.1).apply([tf.constant(1.0), None], [a, b])


def test_unknown_variable() -> None:
    optimizer = optimizers.SGD(0.1)
    optimizer.apply([tf.constant(1.0)], [tf.Variable(1.0)])
    with pytest.raises(ValueError, match="Unknown variable: .*can only be called for the variables it was originally"):
        optimizer.apply([tf.constant(1.0)], [tf.Variable(2.0)])
    with pytest.raises(ValueError, match="Received a list of 2 gradients, but the optimizer is tracking 1 trainable"):
        optimizer.apply([tf.constant(1.0), tf.constant(1.0)])


def test_the_rate_may_become_a_schedule() -> None:
    optimizer = optimizers.SGD(0.1)
    optimizer.learning_rate = optimizers.schedules.ExponentialDecay(0.5, 1, 0.5)
    assert [v.name for v in optimizer.variables] == ["iteration"]
    x = tf.Variable(0.0)
    for _ in range(2):
        optimizer.apply([tf.constant(1.0)], [x])
    np.testing.assert_allclose(x.numpy(), -0.75)
    assert float(optimizers.SGD(lambda: 0.125).learning_rate) == 0.125


def test_an_optimizer_of_ones_own() -> None:
    class Signs(optimizers.Optimizer):
        def build(self, variables: Any) -> None:
            super().build(variables)
            self.counts = [self.add_variable_from_reference(v, name="count") for v in variables]

        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            self.assign_sub(variable, tf.sign(gradient) * learning_rate)
            self.assign_add(self.counts[self._get_variable_index(variable)], tf.ones_like(gradient))

    optimizer = Signs(learning_rate=0.5, name="signs")
    x = Variable([1.0, 2.0], name="x")
    optimizer.apply([tf.constant([3.0, -4.0])], [x])
    np.testing.assert_array_equal(x.numpy(), [0.5, 2.5])
    assert [v.path for v in optimizer.variables] == ["signs/iteration", "signs/learning_rate", "signs/x_count"]
    with pytest.raises(NotImplementedError, match="must define `update_step"):
        optimizers.Optimizer(0.1).apply([tf.constant(1.0)], [tf.Variable(1.0)])


def test_an_optimizer_must_call_its_base() -> None:
    class Careless(optimizers.Optimizer):
        def __init__(self) -> None:
            self.momentum = 1.0

    with pytest.raises(RuntimeError, match="In optimizer 'Careless', you forgot to call"):
        Careless()


def test_state_is_saved_and_loaded() -> None:
    x, y = (Variable([1.0, 2.0], name="x") for _ in range(2))
    first, second = optimizers.Adam(0.1), optimizers.Adam(0.2)
    first.apply([tf.constant([1.0, -1.0])], [x])
    second.build([y])
    y.assign(x)
    store: dict[str, Any] = {}
    first.save_own_variables(store)
    second.load_own_variables(store)
    for optimizer, variable in ((first, x), (second, y)):
        optimizer.apply([tf.constant([1.0, 1.0])], [variable])
    np.testing.assert_array_equal(x.numpy(), y.numpy())
    second.set_weights([v.numpy() for v in first.variables])
    with pytest.raises(ValueError, match="not compatible with provided weight shape"):
        second.set_weights([np.zeros(3)])
    with pytest.warns(UserWarning, match="Skipping variable loading for optimizer"):
        optimizers.Adam(0.1).load_own_variables(store)


def test_averages_at_the_end() -> None:
    x = Variable(1.0, name="x")
    optimizer = optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5)
    for _ in range(2):
        optimizer.apply([tf.constant(1.0)], [x])
    optimizer.finalize_variable_values([x])
    np.testing.assert_allclose(x.numpy(), 0.5 * 0.0 + 0.5 * -1.0)
    with pytest.raises(ValueError, match="The length of model variables"):
        optimizer.finalize_variable_values([x, x])


def _moved_by_both(name: str, **kwargs: Any) -> None:
    """Asserts that five steps taken one by one and in a traced function end at the same place."""
    x, y = tf.Variable([3.0, 1.0]), tf.Variable([3.0, 1.0])
    eager, traced = (getattr(optimizers, name)(0.1, **kwargs) for _ in range(2))

    def step(optimizer: Any, variable: Any) -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(variable * variable)
        optimizer.apply_gradients([(tape.gradient(loss, variable), variable)])

    compiled = tf.function(lambda: step(traced, y))
    for _ in range(5):
        step(eager, x)
        compiled()
    np.testing.assert_allclose(y.numpy(), x.numpy(), rtol=1e-5)
    assert int(traced.iterations) == int(eager.iterations)


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adagrad", "Adam", "AdamW", "Adadelta", "Adamax", "Nadam", "Ftrl",
                                  "Lion", "Lamb", "Adafactor"])
def test_steps_inside_a_function(name: str) -> None:
    _moved_by_both(name, clipnorm=0.5)


def test_conditional_steps_inside_a_function() -> None:
    _moved_by_both("Adam", use_ema=True, ema_overwrite_frequency=2, gradient_accumulation_steps=2)


@given(st.sampled_from(["SGD", "RMSprop", "Adam", "Adagrad", "Nadam", "Lamb"]), st.floats(-3, 3), st.floats(0.1, 2))
@settings(deadline=None, max_examples=20)
def test_small_steps_go_downhill(name: str, start: float, steepness: float) -> None:
    x = tf.Variable(start)
    optimizer = getattr(optimizers, name)(0.01)
    for _ in range(3):
        optimizer.minimize(lambda: steepness * (x - 4.0) ** 2, [x])
    assert start < x.numpy() < 4.0
