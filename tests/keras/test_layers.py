"""Layers: what they promise beyond the golden values."""
from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg.keras import layers

X = np.linspace(-1, 1, 12, dtype="float32").reshape(2, 6)


def test_every_way_to_import_gives_the_same_class() -> None:
    import thalweg.keras.layers
    from thalweg.keras.layers import Dense

    assert Dense is layers.Dense is tf.keras.layers.Dense is thalweg.keras.layers.Dense
    assert tf.keras.layers.Layer is tf.keras.Layer
    assert "Dense" in dir(tf.keras.layers)
    with pytest.raises(AttributeError, match="has no attribute 'Dens'"):
        tf.keras.layers.Dens  # noqa: B018


def test_importing_keras_loads_no_layer() -> None:
    code = ("import sys, thalweg; thalweg.keras.Layer; "
            "print([m for m in sys.modules if m.startswith('thalweg.keras.layers.core') or 'keras.metrics' in m])")
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


def test_attributes_are_tracked_in_containers() -> None:
    class Holder(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.parts: Any = [layers.Dense(1), layers.Dense(2)]
            self.by_name = {"a": layers.Dense(3)}
            self.pair = (layers.Dense(4), 5)
            self.scale = tf.Variable(2.0)
            self.fixed = tf.Variable(3.0, trainable=False)

    holder = Holder()
    assert [layer.units for layer in holder._layers] == [1, 2, 3, 4]
    holder.parts.append(layers.Dense(6))
    holder.by_name["b"] = layers.Dense(7)
    assert [layer.units for layer in holder._layers] == [1, 2, 3, 4, 6, 7]
    removed = holder.parts.pop(0)
    del holder.by_name["a"]
    assert [layer.units for layer in holder._layers] == [2, 4, 6, 7]
    assert removed.units == 1 and holder.parts[0].units == 2
    assert [float(v) for v in holder.trainable_weights] == [2.0]
    assert [float(v) for v in holder.weights] == [2.0, 3.0]
    assert tf.nest.flatten({"x": [1, 2]}) == [1, 2] and isinstance(holder.parts, list)


def test_a_shared_layer_counts_once() -> None:
    class Twice(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.a = layers.Dense(2)
            self.b = [self.a]

        def call(self, inputs: Any) -> Any:
            return self.a(inputs)

    layer = Twice()
    layer(X)
    assert len(layer.weights) == 2


def test_freezing_reaches_layers_inside_and_thaws_again() -> None:
    model = tf.keras.Sequential([tf.keras.Input((6,)), layers.Dense(2), layers.Dense(1)])
    model.trainable = False
    assert model.trainable_weights == [] and len(model.non_trainable_weights) == 4
    assert not model.layers[0].trainable and not model.weights[0].trainable
    model.layers[0].trainable = True
    assert model.trainable_weights == []
    model.trainable = True
    assert len(model.trainable_weights) == 4


def test_mixed_precision_computes_in_the_small_type_and_keeps_the_great_one() -> None:
    class Own(layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.w = self.add_weight(shape=(input_shape[-1], 2), name="w")

        def call(self, inputs: Any) -> Any:
            return tf.matmul(inputs, self.w) + tf.reduce_sum(self.w)

    for layer in (layers.Dense(2, dtype="mixed_bfloat16"), Own(dtype="mixed_bfloat16")):
        with tf.GradientTape() as tape:
            y = layer(X)
            loss = tf.reduce_sum(tf.cast(y, tf.float32))
        gradients = tape.gradient(loss, layer.trainable_weights)
        assert y.dtype == tf.bfloat16
        assert [w.dtype for w in layer.weights] == [tf.float32] * len(layer.weights)
        assert [g.dtype for g in gradients] == [tf.float32] * len(gradients)
        assert layer.weights[0].numpy().dtype == np.float32


def test_global_dtype_policy() -> None:
    from thalweg.keras import dtype_policies

    dtype_policies.set_dtype_policy("mixed_bfloat16")
    try:
        layer = layers.Dense(2)
        assert (layer.compute_dtype, layer.variable_dtype) == ("bfloat16", "float32")
    finally:
        dtype_policies.set_dtype_policy(None)
    assert layers.Dense(2).compute_dtype == "float32"


def test_integer_inputs_are_cast() -> None:
    layer = layers.Dense(2)
    ints = np.arange(6, dtype="uint8").reshape(1, 6)
    np.testing.assert_allclose(layer(ints), layer(ints.astype("float32")))


def test_a_layer_without_shape_rule_is_tried_and_left_as_it_was() -> None:
    class Counting(layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.count = self.add_weight(name="count", trainable=False, initializer="zeros")

        def call(self, inputs: Any) -> Any:
            self.count.assign_add(1.0)
            self.add_loss(tf.reduce_sum(inputs))
            return tf.concat([inputs, inputs[:, :1]], 1)

    layer = Counting()
    assert layer(tf.keras.Input((4,))).shape == (None, 5)
    assert layer(tf.keras.Input((None, 3), batch_size=7)).shape == (7, None, 3)
    assert float(layer.count) == 0.0 and layer.losses == []


@pytest.mark.filterwarnings("ignore:Layer 'sum'")
def test_masks_reach_the_layers_that_follow() -> None:
    class Sum(layers.Layer):
        def call(self, inputs: Any, mask: Any = None) -> Any:
            return tf.reduce_sum(inputs * tf.cast(mask, tf.float32)[..., None], axis=1)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return (input_shape[0], input_shape[2])

    x = np.ones((2, 3, 4), "float32")
    x[0, 1:] = 0.0
    model = tf.keras.Sequential([tf.keras.Input((3, 4)), layers.Masking(), layers.Dense(4, kernel_initializer="ones"),
                                 Sum()])
    np.testing.assert_allclose(model(x)[:, 0], [4.0, 12.0])
    np.testing.assert_allclose(model.predict(x, verbose=0)[:, 0], [4.0, 12.0])


def test_a_subclass_that_forgets_its_parent_is_told() -> None:
    class Lazy(layers.Layer):
        def __init__(self) -> None:
            self.d = layers.Dense(1)

    with pytest.raises(RuntimeError, match="forgot to call `super"):
        Lazy()(X)
    with pytest.raises(RuntimeError, match="forgot to call `super"):
        Lazy().add_weight(shape=(1,))


def test_a_failing_call_leaves_nothing_behind() -> None:
    class Failing(layers.Layer):
        def call(self, inputs: Any, training: Any = None) -> Any:
            raise KeyError("gone")

    class Probe(layers.Layer):
        def call(self, inputs: Any, training: Any = None) -> Any:
            self.seen = training
            return inputs

    with pytest.raises(KeyError, match="Exception encountered when calling Failing.call"):
        Failing()(X, training=True)
    probe = Probe()
    probe(X)
    assert probe.seen is None


def test_errors_of_operations_keep_their_class() -> None:
    class Bad(layers.Layer):
        def call(self, inputs: Any) -> Any:
            return tf.matmul(inputs, tf.zeros([5, 5]))

    with pytest.raises(tf.errors.InvalidArgumentError, match=r"when calling Bad.call\(\).*\n\n.*Matrix size"):
        Bad()(X)


def test_lambda_and_config() -> None:
    layer = layers.Lambda(tf.square, arguments={})
    np.testing.assert_allclose(layer(X), X**2)
    assert layers.Lambda(lambda x: x[:, :2], output_shape=(2,))(tf.keras.Input((6,))).shape == (None, 2)
    dense = layers.Dense(3, activation="relu", kernel_regularizer="l2", name="d")
    again = layers.deserialize(layers.serialize(dense))
    assert again.get_config() == dense.get_config()


def test_weights_of_a_call_are_named_after_the_layers_around() -> None:
    class Inner(layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.d = layers.Dense(1, name="d")
            self.d.build(input_shape)

        def call(self, inputs: Any) -> Any:
            return self.d(inputs)

    class Outer(layers.Layer):
        def __init__(self) -> None:
            super().__init__(name="outer")
            self.inner = Inner(name="inner")

        def call(self, inputs: Any) -> Any:
            return self.inner(inputs)

    outer = Outer()
    outer(X)
    assert outer.weights[0].path == "outer/inner/d/kernel"
    assert outer.inner.d.path == "outer/inner/d"
