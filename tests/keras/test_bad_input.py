"""What users are told when data, arguments or names are wrong."""
from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.keras.training_cases import CLASSES, X, Y, net

import thalweg as tf
from thalweg.keras import layers


def ready(loss: Any = "mse", **kwargs: Any) -> Any:
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(1)
    model = net(tf.keras)
    model.compile("sgd", loss, **kwargs)
    return model


CASES: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "other lengths": (
        lambda: ready().fit(X, Y[:40]), ValueError,
        "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.'x' sizes: 50\n"
        "'y' sizes: 40\n"),
    "weights of another length": (lambda: ready().fit(X, Y, sample_weight=np.ones(3)), ValueError, "'sample_weight' sizes"),
    "empty": (lambda: ready().fit(X[:0], Y[:0]), ValueError, "Expected data of at least one sample. Received: `x` with 0"),
    "empty to measure": (lambda: ready().evaluate(X[:0], Y[:0]), ValueError, "at least one sample"),
    "empty to predict": (lambda: ready().predict(X[:0]), ValueError, "at least one sample"),
    "empty generator": (lambda: ready().fit(iter(())), ValueError, "must yield at least one batch"),
    "nothing": (lambda: ready().fit(), ValueError, "Expected data to train, evaluate or predict on. Received: x=None"),
    "no labels": (lambda: ready().fit(X), ValueError, "The loss needs labels, but `y` is None"),
    "numbers in lists": (lambda: ready().fit([1, 2, 3], [1, 2, 3]), ValueError,
                         r"Unrecognized data type: x=\[1, 2, 3\] \(of type <class 'list'>\)"),
    "a text": (lambda: ready().fit("data.csv", Y), ValueError, "Unrecognized data type: x=data.csv"),
    "objects": (lambda: ready().fit(np.array([[1, "a"]], object), Y[:1]), ValueError,
                "Expected numbers or strings, but the data hold Python objects"),
    "a scalar": (lambda: ready().predict(np.float32(3)), ValueError, "at least one axis"),
    "labels beside a generator": (lambda: ready().fit(iter([(X, Y)]), Y), ValueError,
                                  "When providing `x` as a generator, `y` should not be passed"),
    "class weights beside a generator": (lambda: ready().fit(iter([(X, Y)]), class_weight={0: 1.0}), ValueError,
                                         "`class_weight` is not supported for Python generator inputs"),
    "a batch of four": (lambda: ready().fit(iter([(X, Y, Y, Y)])), ValueError, "Data is expected to be in format `x`"),
    "both weights": (lambda: ready().fit(X, Y, sample_weight=np.ones(50), class_weight={0: 1.0}), ValueError,
                     "You cannot `class_weight` and `sample_weight` at the same time"),
    "both weights on a batch": (lambda: ready().train_on_batch(X, Y, np.ones(50), {0: 1.0}), ValueError,
                                "`sample_weight` and `class_weight` cannot be specified at the same time"),
    "batch size": (lambda: ready().fit(X, Y, batch_size=-1), ValueError, "`batch_size` must be a positive integer"),
    "too few to split": (lambda: ready().fit(X[:1], Y[:1], validation_split=0.5), ValueError, "not sufficient to split"),
    "how often to measure": (lambda: ready().fit(X, Y, validation_data=(X, Y), validation_freq="a", verbose=0),
                             ValueError, "Expected `validation_freq` to be a list or int"),
    "wrong width": (lambda: ready().fit(X[:, :5], Y), ValueError,
                    "expected axis -1 of input shape to have value 6, but received input with shape"),
    "wrong width to predict": (lambda: ready().predict(X[:, :5]), ValueError, "expected axis -1 of input shape"),
    "unknown optimizer": (lambda: net(tf.keras).compile("adamm", "mse"), ValueError,
                          "Could not interpret optimizer identifier: adamm"),
    "unknown loss": (lambda: ready("msee").fit(X, Y), ValueError, "Could not interpret loss identifier: msee"),
    "unknown metric": (lambda: ready(metrics=["maee"]).fit(X, Y), ValueError,
                       "Could not interpret metric identifier: maee"),
    "unknown activation": (lambda: layers.Dense(2, activation="reluu"), ValueError,
                           "Could not interpret activation function identifier: reluu"),
    "metrics no list": (lambda: ready(metrics="mae"), ValueError, "Expected `metrics` argument to be a list, tuple, or dict"),
    "loss weights no list": (lambda: ready(loss_weights="a"), ValueError, "Expected `loss_weights` argument to be a float"),
    "metrics by unknown name": (lambda: ready(metrics=[["mae"], ["mae"]], loss_weights=[1.0, 2.0]).fit(X, Y), ValueError,
                                "`loss_weights` must match the number of losses"),
    "steps": (lambda: ready(steps_per_execution=0), ValueError, "`steps_per_execution` must be a positive integer"),
    "no loss": (lambda: ready(None).fit(X, Y), ValueError, "No loss to compute. Provide a `loss` argument"),
    "not compiled": (lambda: net(tf.keras).fit(X, Y), ValueError, r"You must call `compile\(\)` before using the model."),
    "measured uncompiled": (lambda: net(tf.keras).evaluate(X, Y), ValueError, r"You must call `compile\(\)`"),
    "batch uncompiled": (lambda: net(tf.keras).train_on_batch(X, Y), ValueError, r"You must call `compile\(\)`"),
    "not built": (lambda: tf.keras.Sequential([layers.Dense(2)], name="s").count_params(), ValueError,
                  "You tried to call `count_params` on layer 's', but the layer isn't built"),
    "an argument that is not there": (lambda: ready().fit(X, Y, foo=1), TypeError, "unexpected keyword argument 'foo'"),
    "class numbers": (lambda: tf.keras.utils.to_categorical([0, 5], 3), ValueError, r"must lie in \[0, 3\)"),
    "order of a norm": (lambda: tf.keras.utils.normalize(X, order=0), ValueError, "`order` must be an int >= 1"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed", "ignore:Your input ran out of data")
def test_error(case: str) -> None:
    function, error, text = CASES[case]
    with pytest.raises(error, match=text):
        function()


@pytest.mark.parametrize("name, wanted", [("adamm", "adam"), ("rmspropp", "rmsprop")])
def test_a_misspelt_optimizer_is_recognized(name: str, wanted: str) -> None:
    with pytest.raises(ValueError) as caught:
        net(tf.keras).compile(name, "mse")
    assert caught.value.__notes__ == [f"Did you mean '{wanted}'?"]


def test_lists_of_numbers_come_with_advice() -> None:
    with pytest.raises(ValueError) as caught:
        ready().fit(X, Y.tolist())
    assert caught.value.__notes__ == ["Lists of numbers are not arrays: wrap them in `np.array(...)`."]


def test_labels_out_of_range() -> None:
    model = net(tf.keras, 3, "softmax")
    model.compile("sgd", "sparse_categorical_crossentropy")
    labels = CLASSES.copy()
    labels[7] = 5
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"label value of 5 which is outside the valid range of \[0, 3\)"):
        model.fit(X, labels, verbose=0)


def test_nan_in_the_data_is_said_once() -> None:
    x = X.copy()
    x[3, 2] = np.nan
    with pytest.warns(UserWarning, match="The loss is NaN after epoch 1: `x` contains NaN values.") as caught:
        history = ready().fit(x, Y, epochs=4, verbose=0)
    assert len(caught) == 1
    assert caught[0].filename == __file__, "the warning points at the user's line"
    assert all(np.isnan(loss) for loss in history.history["loss"])


def test_nan_from_elsewhere_is_told_apart() -> None:
    with pytest.warns(UserWarning, match="the learning rate may be too high or the loss undefined"):
        ready(lambda y, p: tf.math.log(-tf.abs(p) - 1.0)).fit(X, Y, verbose=0)


def test_good_data_bring_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ready(metrics=["mae"]).fit(X, Y, verbose=0, validation_split=0.2)


def test_a_mistake_leaves_the_model_usable() -> None:
    model = ready()
    for bad in (lambda: model.fit(X[:, :5], Y), lambda: model.fit(X, Y[:3]), lambda: model.predict(X[:0])):
        with pytest.raises(ValueError):
            bad()
    assert np.isfinite(model.fit(X, Y, verbose=0).history["loss"][0])
    assert model.predict(X, verbose=0).shape == (50, 1)


def test_without_network() -> None:
    (x, y), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
    assert (x.shape, y.shape, x_test.shape, y_test.shape) == ((60000, 28, 28), (60000,), (10000, 28, 28), (10000,))
    assert x.dtype == y.dtype == np.uint8 and int(y.max()) == 9
    hours, scores = tf.keras.datasets.student_scores.load_data()
    assert hours.shape == scores.shape == (25,) and (hours[0], scores[0]) == (2.5, 21.0)
    with pytest.raises(FileNotFoundError):
        tf.keras.datasets.mnist.load_data("/nowhere/mnist.npz")
