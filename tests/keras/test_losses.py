"""Losses: what they promise beyond the golden values."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg.keras import activations, losses, tags


def test_unknown_name_says_what_it_resembles() -> None:
    with pytest.raises(ValueError) as caught:
        losses.get("msee")
    assert str(caught.value) == "Could not interpret loss identifier: msee"
    assert caught.value.__notes__ == ["Did you mean 'mse'?"]


@pytest.mark.parametrize("name", ["mse", "MSE", "mean_squared_error", "kld", "logcosh", "bce"])
def test_names_of_functions(name: str) -> None:
    assert losses.get(name) is getattr(losses, name)


def test_classes_configs_and_callables() -> None:
    assert losses.get(None) is None
    assert isinstance(losses.get("MeanSquaredError"), losses.MeanSquaredError)
    assert isinstance(losses.get(losses.Huber), losses.Huber)
    made = losses.BinaryCrossentropy(from_logits=True, name="b")
    assert losses.get(losses.serialize(made)).get_config() == made.get_config()
    assert losses.get(abs) is abs


def test_reduction_must_exist() -> None:
    with pytest.raises(ValueError, match="Expected one of .* Received: reduction=foo"):
        losses.MeanSquaredError(reduction="foo")


def test_a_subclass_may_redefine_call() -> None:
    class Doubled(losses.MeanSquaredError):
        def call(self, y_true: Any, y_pred: Any) -> Any:
            return 2.0 * super().call(y_true, y_pred)

    y_true, y_pred = tf.constant([[1.0, 2.0]]), tf.constant([[2.0, 4.0]])
    assert float(Doubled()(y_true, y_pred)) == 5.0


def test_a_function_becomes_a_loss() -> None:
    loss = losses.LossFunctionWrapper(losses.huber, name="h", delta=2.0)
    y_true, y_pred = tf.constant([[0.0, 0.0]]), tf.constant([[1.0, 5.0]])
    np.testing.assert_allclose(float(loss(y_true, y_pred)), float(losses.Huber(2.0)(y_true, y_pred)))
    again = losses.LossFunctionWrapper.from_config(loss.get_config())
    np.testing.assert_allclose(float(again(y_true, y_pred)), float(loss(y_true, y_pred)))


@pytest.mark.parametrize("reduction, expected", [("sum_over_batch_size", 2.0), ("mean_with_sample_weight", 2.0),
                                                 ("sum", 4.0)])
def test_masked_values_do_not_count(reduction: str, expected: float) -> None:
    y_pred = tf.constant([[1.0], [3.0], [1.0]])
    tags.set_mask(y_pred, tf.constant([True, False, True]))
    y_true = tf.constant([[0.0], [0.0], [1.0 + 3.0**0.5]])
    np.testing.assert_allclose(float(losses.MeanSquaredError(reduction=reduction)(y_true, y_pred)), expected, rtol=1e-6)


def test_integer_inputs_are_not_floored() -> None:
    assert float(losses.mean_squared_error([[1, 2]], [[1, 3]])[0]) == 0.5


def test_an_empty_batch_has_no_values() -> None:
    assert losses.MeanSquaredError()(tf.zeros([0, 3]), tf.zeros([0, 3])).shape == (0,)


def test_saturated_probabilities_have_exact_losses() -> None:
    logits = tf.constant([[200.0, 0.0]])
    loss = losses.SparseCategoricalCrossentropy()(tf.constant([1]), activations.softmax(logits))
    assert float(loss) == 200.0


def test_logits_from_an_activation_warn() -> None:
    with pytest.warns(UserWarning, match="but the `output` argument was produced by a Softmax activation"):
        losses.SparseCategoricalCrossentropy(from_logits=True)(tf.constant([1]), activations.softmax(tf.zeros([1, 3])))


def test_one_class_warns() -> None:
    with pytest.warns(SyntaxWarning, match="Consider using 'binary_crossentropy' if you only have 2 classes."):
        losses.categorical_crossentropy(tf.ones([2, 1]), tf.ones([2, 1]))


@pytest.mark.parametrize("label", [-1, 3])
def test_labels_out_of_range(label: int) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match="outside the valid range"):
        losses.SparseCategoricalCrossentropy(from_logits=True)(tf.constant([label, 0]), tf.zeros([2, 3]))


def test_labels_of_another_shape() -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"Incompatible shapes: \[4,3\] vs. \[4,2\]"):
        losses.MeanSquaredError()(tf.zeros([4, 3]), tf.zeros([4, 2]))


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 2**31 - 1))
@settings(deadline=None)
def test_one_mean_is_the_mean_of_means(rows: int, columns: int, seed: int) -> None:
    rng = np.random.RandomState(seed)
    y_true, y_pred = (tf.constant(rng.randn(rows, columns), tf.float32) for _ in range(2))
    for cls in (losses.MeanSquaredError, losses.MeanAbsoluteError, losses.Huber, losses.LogCosh):
        means = cls(reduction=None)(y_true, y_pred).numpy()
        np.testing.assert_allclose(float(cls()(y_true, y_pred)), means.mean(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["MeanSquaredError", "BinaryCrossentropy", "SparseCategoricalCrossentropy",
                                  "CategoricalCrossentropy", "Hinge", "Dice"])
@pytest.mark.parametrize("weighted", [False, True])
def test_inside_a_function_of_unknown_batch_size(name: str, weighted: bool) -> None:
    rng = np.random.RandomState(0)
    y_pred = tf.nn.softmax(tf.constant(rng.randn(6, 3), tf.float32))
    y_true = tf.constant(rng.randint(0, 3, 6)) if "Sparse" in name else tf.one_hot(rng.randint(0, 3, 6), 3)
    weights = tf.constant(rng.rand(*(() if name == "Dice" else (6,))), tf.float32) if weighted else None
    loss = getattr(losses, name)()
    specs = [tf.TensorSpec([None, *x.shape[1:]], x.dtype) for x in (y_true, y_pred)]
    traced = tf.function(lambda a, b: loss(a, b, weights), input_signature=specs)
    np.testing.assert_allclose(traced(y_true, y_pred).numpy(), loss(y_true, y_pred, weights).numpy(), rtol=1e-6)


def test_inside_a_function_the_softmax_is_found() -> None:
    traced = tf.function(lambda a, b: losses.SparseCategoricalCrossentropy()(a, tf.nn.softmax(b)))
    assert float(traced(tf.constant([1]), tf.constant([[200.0, 0.0]]))) == 200.0
