"""Metrics: what they promise beyond the golden values."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg.keras import metrics, tags


def test_unknown_name_says_what_it_resembles() -> None:
    with pytest.raises(ValueError) as caught:
        metrics.get("mseee")
    assert str(caught.value) == "Could not interpret metric identifier: mseee"
    assert caught.value.__notes__ == ["Did you mean 'mse'?"]


def test_names_give_metrics() -> None:
    assert metrics.get(None) is None
    assert isinstance(metrics.get("mse"), metrics.MeanSquaredError)
    assert isinstance(metrics.get("sparse_categorical_accuracy"), metrics.SparseCategoricalAccuracy)
    assert isinstance(metrics.get("AUC"), metrics.AUC)
    assert isinstance(metrics.get(metrics.Recall), metrics.Recall)
    assert metrics.get(abs) is abs
    made = metrics.BinaryAccuracy(threshold=0.2, name="b")
    assert metrics.get(metrics.serialize(made)).get_config() == made.get_config()


def test_a_metric_of_ones_own() -> None:
    class Largest(metrics.Metric):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.largest = self.add_weight(name="largest", initializer="zeros")
            self.mean = metrics.Mean(name="inner")

        def update_state(self, values: Any) -> None:
            self.largest.assign(tf.maximum(self.largest, tf.reduce_max(values)))
            self.mean.update_state(values)

        def result(self) -> Any:
            return {"largest": tf.convert_to_tensor(self.largest), "mean": self.mean.result()}

    metric = Largest(name="l")
    metric.update_state([1.0, 3.0])
    found = metric([2.0, 2.0])
    assert (float(found["largest"]), float(found["mean"])) == (3.0, 2.0)
    assert [v.path for v in metric.variables] == ["l/largest", "inner/total", "inner/count"]
    metric.reset_state()
    assert [float(v) for v in metric.variables] == [0.0, 0.0, 0.0]
    assert repr(metric) == "<Largest name=l>"


def test_a_metric_must_call_its_base() -> None:
    class Careless(metrics.Metric):
        def __init__(self) -> None:
            pass

    with pytest.raises(RuntimeError, match="You forgot to call `super"):
        Careless()(1.0)


@pytest.mark.parametrize("method", ["update_state", "result"])
def test_methods_to_define(method: str) -> None:
    with pytest.raises(NotImplementedError, match=f"Metric 'Metric' must define `{method}`"):
        getattr(metrics.Metric(name="m"), method)()


def test_a_function_becomes_a_metric() -> None:
    metric = metrics.MeanMetricWrapper(metrics.binary_accuracy, name="b", threshold=0.9)
    assert float(metric([[1.0], [0.0]], [[0.8], [0.8]])) == 0.5
    again = metrics.MeanMetricWrapper.from_config(metric.get_config())
    assert float(again([[1.0], [0.0]], [[0.8], [0.8]])) == 0.5


def test_masked_samples_do_not_count() -> None:
    y_pred = tf.constant([[1.0], [3.0], [1.0]])
    tags.set_mask(y_pred, tf.constant([True, False, True]))
    assert float(metrics.MeanAbsoluteError()(tf.zeros([3, 1]), y_pred)) == 1.0


def test_an_unused_mean_is_zero() -> None:
    assert float(metrics.Mean().result()) == 0.0


def test_float_weights_of_an_integer_matrix_warn() -> None:
    with pytest.warns(UserWarning, match="You are passing weight as `float`, but dtype is `int`"):
        metrics.MeanIoU(2)(np.array([0, 1]), np.array([0, 1]), sample_weight=np.array([0.5, 1.0]))


@pytest.mark.parametrize("regressors, message", [(9, "More independent predictors"), (3, "Division by zero")])
def test_too_many_regressors_warn(regressors: int, message: str) -> None:
    metric = metrics.R2Score(num_regressors=regressors)
    metric.update_state([[1.0], [2.0], [4.0], [3.0]], [[1.0], [2.5], [3.0], [3.0]])
    with pytest.warns(UserWarning, match=message):
        metric.result()


@given(st.lists(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=5), min_size=1, max_size=4))
@settings(deadline=None)
def test_a_mean_does_not_depend_on_batches(batches: list[list[float]]) -> None:
    metric = metrics.Mean(dtype="float64")
    for batch in batches:
        metric.update_state(batch)
    everything = np.array([value for batch in batches for value in batch])
    np.testing.assert_allclose(float(metric.result()), everything.mean(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ["MeanSquaredError", "SparseCategoricalAccuracy", "CategoricalAccuracy", "AUC",
                                  "BinaryAccuracy", "Precision", "F1Score", "RootMeanSquaredError"])
def test_inside_a_function_of_unknown_batch_size(name: str) -> None:
    rng = np.random.RandomState(0)
    y_pred = tf.nn.softmax(tf.constant(rng.randn(6, 3), tf.float32))
    y_true = tf.constant(rng.randint(0, 3, 6)) if "Sparse" in name else tf.one_hot(rng.randint(0, 3, 6), 3)
    eager, traced = getattr(metrics, name)(), getattr(metrics, name)()
    specs = [tf.TensorSpec([None, *x.shape[1:]], x.dtype) for x in (y_true, y_pred)]
    update = tf.function(lambda a, b: traced.update_state(a, b), input_signature=specs)
    for rows in (6, 4):
        eager.update_state(y_true[:rows], y_pred[:rows])
        update(y_true[:rows], y_pred[:rows])
    np.testing.assert_allclose(traced.result().numpy(), eager.result().numpy(), rtol=1e-6)
    np.testing.assert_allclose(tf.function(traced.result)().numpy(), eager.result().numpy(), rtol=1e-6)
