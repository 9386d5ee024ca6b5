"""Models: what they promise beyond the golden values."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.keras import golden
from tests.keras.model_cases import branched, small

import thalweg as tf
from thalweg.keras import layers

GOLDENS = golden.load("models")
X = np.linspace(-1, 1, 12, dtype="float32").reshape(2, 6)


@pytest.mark.parametrize("name", GOLDENS["errors"])
def test_errors_as_keras(name: str) -> None:
    from tests.keras.model_cases import ERRORS

    assert golden.error_of(lambda: ERRORS[name](tf.keras, tf)) == GOLDENS["errors"][name]


def test_json_gives_the_same_model() -> None:
    for model in (small(tf.keras), branched(tf.keras)):
        again = tf.keras.models.model_from_json(model.to_json())
        assert again.to_json() == model.to_json()
        assert [w.shape for w in again.weights] == [w.shape for w in model.weights]


def test_layers_as_attributes_of_a_stack_stay_out_of_it() -> None:
    model = small(tf.keras)
    model.other = layers.Dense(9)
    assert [layer.units for layer in model.layers] == [4, 2]
    assert model(X).shape == (2, 2)


def test_unused_inputs_are_allowed() -> None:
    a, b = tf.keras.Input((6,), name="a"), tf.keras.Input((1,), name="b")
    model = tf.keras.Model([a, b], layers.Dense(2)(a))
    assert model([X, X[:, :1]]).shape == (2, 2)


def test_a_missing_last_axis_of_size_one_is_added() -> None:
    model = tf.keras.Sequential([tf.keras.Input((1,)), layers.Dense(2)])
    assert model(np.zeros(3, "float32")).shape == (3, 2)
    assert model.predict(np.zeros(3), verbose=0).shape == (3, 2)


def test_building_a_subclassed_model_by_shape() -> None:
    class Net(tf.keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.d = layers.Dense(3)

        def call(self, inputs: Any) -> Any:
            return self.d(inputs)

    model = Net()
    model.build((None, 6))
    assert model.built and model.d.kernel.shape == (6, 3)
    assert model.summary() is None


def test_a_model_called_with_symbolic_tensors_is_a_layer() -> None:
    inner = branched(tf.keras)
    a, b = tf.keras.Input((4,)), tf.keras.Input((3, 5))
    outer = tf.keras.Model([a, b], inner([a, b])[1])
    x = [np.ones((2, 4), "float32"), np.ones((2, 3, 5), "float32")]
    np.testing.assert_allclose(outer(x), inner(x)[1])
    assert len(outer.weights) == len(inner.weights)


def test_gradients_flow_through_a_functional_model() -> None:
    model = branched(tf.keras)
    x = [tf.ones((2, 4)), tf.ones((2, 3, 5))]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(x)[1] ** 2)
    gradients = tape.gradient(loss, model.trainable_weights)
    assert all(g is not None and g.shape == w.shape for g, w in zip(gradients, model.trainable_weights, strict=True))


def test_custom_objects_by_scope_and_registration() -> None:
    utils = tf.keras.utils

    class Halve(layers.Layer):
        def call(self, inputs: Any) -> Any:
            return inputs / 2.0

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

    model = tf.keras.Sequential([tf.keras.Input((6,)), Halve(name="h")])
    text = model.to_json()
    with pytest.raises(TypeError, match="Could not locate class 'Halve'"):
        tf.keras.models.model_from_json(text)
    with utils.custom_object_scope({"Halve": Halve}):
        assert isinstance(tf.keras.models.model_from_json(text).layers[0], Halve)
    assert isinstance(tf.keras.models.model_from_json(text, {"Halve": Halve}).layers[0], Halve)
    registered = utils.register_keras_serializable("tests")(Halve)
    try:
        assert utils.get_registered_name(registered) == "tests>Halve"
        again = tf.keras.models.model_from_json(model.to_json())
        assert isinstance(again.layers[0], Halve)
    finally:
        utils.get_custom_objects().clear()


def test_code_in_a_config_is_not_run() -> None:
    with pytest.raises(ValueError, match="Python lambda"):
        tf.keras.utils.deserialize_keras_object({"class_name": "__lambda__", "config": {"value": "x"}})
    with pytest.raises(TypeError, match="Could not locate class 'Popen'"):
        tf.keras.utils.deserialize_keras_object({"module": "subprocess", "class_name": "Popen", "config": {}})


def test_settings_under_their_public_names() -> None:
    config = tf.keras.config
    assert config.floatx() == "float32" and config.backend() == tf.keras.backend.backend() == "tensorflow"
    assert config.dtype_policy().name == "float32"
    assert config.is_traceback_filtering_enabled() and config.is_interactive_logging_enabled()
    config.disable_traceback_filtering()
    try:
        with pytest.raises(ValueError) as caught:
            small(tf.keras)(np.zeros((2, 5), "float32"))
    finally:
        config.enable_traceback_filtering()
    assert str(caught.value).startswith("Input 0 with name 'None' of layer")
    tf.keras.config.set_dtype_policy("float64")
    assert layers.Dense(1).dtype == "float64"
    tf.keras.backend.clear_session()
    assert layers.Dense(1).dtype == "float32"
