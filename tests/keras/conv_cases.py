"""Cases of layers that convolve, pool and normalize batches: outputs, gradients, weights, configs, errors."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_RNG = np.random.RandomState(5)
_LINE = _RNG.uniform(-2, 2, (2, 7, 3)).astype("float32")
_IMAGE = _RNG.uniform(-2, 2, (2, 7, 6, 3)).astype("float32")
_VOLUME = _RNG.uniform(-2, 2, (2, 4, 5, 3, 2)).astype("float32")
_ROWS = _RNG.uniform(-2, 2, (5, 4)).astype("float32")
_DEEP = _RNG.uniform(-2, 2, (1, 5, 5, 4)).astype("float32")

LAYERS: list[tuple[str, dict[str, Any], Any]] = [
    ("Conv1D", {"filters": 4, "kernel_size": 3}, _LINE),
    ("Conv1D", {"filters": 4, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}, _LINE),
    ("Conv1D", {"filters": 4, "kernel_size": 2, "strides": 2, "padding": "same", "use_bias": False}, _LINE),
    ("Conv2D", {"filters": 4, "kernel_size": 3}, _IMAGE),
    ("Conv2D", {"filters": 4, "kernel_size": (3, 2), "strides": (2, 1), "padding": "SAME", "activation": "relu"}, _IMAGE),
    ("Conv2D", {"filters": 2, "kernel_size": 3, "dilation_rate": 2, "kernel_regularizer": "l2",
                "bias_initializer": "ones", "activity_regularizer": "l1"}, _IMAGE),
    ("Conv2D", {"filters": 6, "kernel_size": 3, "groups": 2, "kernel_constraint": "max_norm"}, _DEEP),
    ("Conv2D", {"filters": 2, "kernel_size": 1, "kernel_initializer": "he_normal"}, _IMAGE),
    ("Conv3D", {"filters": 3, "kernel_size": 2}, _VOLUME),
    ("Conv3D", {"filters": 3, "kernel_size": 2, "strides": 2, "padding": "same"}, _VOLUME),
    ("Conv1DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2}, _LINE),
    ("Conv1DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 1}, _LINE),
    ("Conv2DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"}, _IMAGE),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 2, "strides": 3, "activation": "tanh"}, _IMAGE),
    ("Conv3DTranspose", {"filters": 2, "kernel_size": 2, "strides": 2}, _VOLUME),
    ("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2}, _LINE),
    ("DepthwiseConv2D", {"kernel_size": 3, "padding": "same"}, _IMAGE),
    ("DepthwiseConv2D", {"kernel_size": 3, "strides": 2, "depth_multiplier": 2, "activation": "relu"}, _IMAGE),
    ("DepthwiseConv2D", {"kernel_size": 2, "strides": 2, "dilation_rate": 2, "padding": "same"}, _IMAGE),
    ("DepthwiseConv2D", {"kernel_size": 2, "dilation_rate": 2}, _IMAGE),
    ("SeparableConv1D", {"filters": 4, "kernel_size": 3, "depth_multiplier": 2}, _LINE),
    ("SeparableConv2D", {"filters": 4, "kernel_size": 3, "padding": "same", "use_bias": False}, _IMAGE),
    ("SeparableConv2D", {"filters": 4, "kernel_size": 3, "strides": 2, "depthwise_regularizer": "l2"}, _IMAGE),
    ("MaxPooling1D", {}, _LINE),
    ("MaxPooling1D", {"pool_size": 2, "strides": 1, "padding": "same"}, _LINE),
    ("MaxPooling2D", {}, _IMAGE),
    ("MaxPooling2D", {"pool_size": (3, 2), "strides": 2, "padding": "same"}, _IMAGE),
    ("MaxPooling2D", {"data_format": "channels_first"}, _DEEP),
    ("MaxPooling3D", {"pool_size": 2, "strides": 1}, _VOLUME),
    ("AveragePooling1D", {"pool_size": 3}, _LINE),
    ("AveragePooling2D", {"pool_size": 2, "padding": "same"}, _IMAGE),
    ("AveragePooling2D", {"pool_size": 2, "strides": (1, 2), "data_format": "channels_first"}, _DEEP),
    ("AveragePooling3D", {"pool_size": 2}, _VOLUME),
    ("GlobalMaxPooling1D", {}, _LINE),
    ("GlobalMaxPooling2D", {"keepdims": True}, _IMAGE),
    ("GlobalMaxPooling3D", {"data_format": "channels_first"}, _VOLUME),
    ("GlobalAveragePooling1D", {"keepdims": True}, _LINE),
    ("GlobalAveragePooling2D", {}, _IMAGE),
    ("GlobalAveragePooling3D", {"data_format": "channels_first", "keepdims": True}, _VOLUME),
    ("BatchNormalization", {}, _IMAGE),
    ("BatchNormalization", {"momentum": 0.5, "epsilon": 0.1}, _ROWS),
    ("BatchNormalization", {"axis": 1, "beta_initializer": "ones"}, _IMAGE),
    ("BatchNormalization", {"center": False}, _LINE),
    ("BatchNormalization", {"scale": False, "beta_regularizer": "l2"}, _VOLUME),
    ("BatchNormalization", {"dtype": "float64"}, _ROWS),
    ("BatchNormalization", {"dtype": "mixed_float16"}, _ROWS),
    ("BatchNormalization", {"trainable": False}, _ROWS),
    ("BatchNormalization", {"renorm": True, "renorm_clipping": {"rmax": 3.0, "rmin": 0.3, "dmax": 2.0}}, _ROWS),
    ("BatchNormalization", {"renorm": True, "scale": False, "center": False}, _IMAGE),
]  # fmt: skip


def _layer(name: str, kwargs: dict[str, Any], x: Any) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        keras.utils.set_random_seed(11)
        layer = getattr(keras.layers, name)(**kwargs)
        training = {"training": True} if name == "BatchNormalization" else {}
        inputs = tf.constant(x)
        if training:
            layer(inputs * 0.5 + 1.0, **training)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            y = layer(inputs, **training)
            weights = tf.cos(tf.reshape(tf.cast(tf.range(tf.size(y)), tf.float32), tf.shape(y)))
            total = tf.reduce_sum(tf.cast(y, tf.float32) * weights)
        gradients = tape.gradient(total, [inputs, *layer.trainable_weights])
        symbolic = getattr(keras.layers, name)(**kwargs)(keras.Input(x.shape[1:]))
        free = "Conv" in name or "Global" in name or "Batch" in name
        wild = getattr(keras.layers, name)(**kwargs)(keras.Input((*[None] * (x.ndim - 2), x.shape[-1]))) if free and \
            kwargs.get("data_format") is None and kwargs.get("axis", -1) == -1 else symbolic
        results: Results = {"y": y, "config": layer.get_config(), "names": [w.name for w in layer.weights],
                            "paths": [w.path for w in layer.weights], "losses": np.array([float(v) for v in layer.losses]),
                            "shape": str(tuple(layer.compute_output_shape((None, *x.shape[1:])))),
                            "symbolic": str(tuple(symbolic.shape)), "wild": str(tuple(wild.shape)),
                            "dtype": str(symbolic.dtype), "later": layer(inputs)}
        for i, gradient in enumerate(gradients):
            results[f"gradient{i}"] = gradient
        for i, weight in enumerate(layer.get_weights()):
            results[f"weight{i}"] = weight
        return results

    return run


def _masked(keras: Any, tf: Any) -> Results:
    """Layers that know of masks."""
    mask = np.array([[1, 1, 1, 0, 0, 1, 0], [0, 1, 1, 1, 1, 1, 1]], bool)
    norm = keras.layers.BatchNormalization()
    y = norm(tf.constant(_LINE), training=True, mask=tf.constant(mask))
    pool = keras.layers.GlobalAveragePooling1D()
    return {"y": y, "mean": norm.moving_mean.numpy(), "variance": norm.moving_variance.numpy(),
            "pooled": pool(tf.constant(_LINE), mask=tf.constant(mask))}


def _network(keras: Any, tf: Any) -> Results:
    """A small network with unknown batch, called eagerly and in a traced function."""
    keras.utils.set_random_seed(3)
    x = keras.Input((7, 6, 3))
    y = keras.layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    y = keras.layers.BatchNormalization()(y)
    y = keras.layers.MaxPooling2D()(y)
    y = keras.layers.Conv2DTranspose(2, 3, strides=2)(y)
    y = keras.layers.DepthwiseConv2D(3)(y)
    y = keras.layers.GlobalAveragePooling2D()(y)
    model = keras.Model(x, y)
    first = model(tf.constant(_IMAGE), training=True)
    traced = tf.function(lambda v: model(v, training=True))
    second = traced(tf.constant(_IMAGE))
    return {"first": first, "second": second, "third": model(tf.constant(_IMAGE)),
            "weights": [w.path for w in model.weights], "statistics": model.layers[2].moving_variance.numpy()}


ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "filters": lambda keras, tf: keras.layers.Conv2D(0, 3),
    "groups": lambda keras, tf: keras.layers.Conv2D(2, 3, groups=0),
    "groups do not divide filters": lambda keras, tf: keras.layers.Conv2D(3, 3, groups=2),
    "groups do not divide channels": lambda keras, tf: keras.layers.Conv2D(4, 3, groups=2)(_IMAGE),
    "kernel size": lambda keras, tf: keras.layers.Conv2D(2, (3, 3, 3)),
    "kernel size 0": lambda keras, tf: keras.layers.Conv2D(2, 0),
    "kernel size a float": lambda keras, tf: keras.layers.Conv2D(2, 2.5),
    "strides": lambda keras, tf: keras.layers.Conv2D(2, 3, strides=(1, -1)),
    "strides and dilation": lambda keras, tf: keras.layers.Conv2D(2, 3, strides=2, dilation_rate=2),
    "causal": lambda keras, tf: str(keras.layers.Conv1D(2, 3, padding="causal").padding),
    "data format": lambda keras, tf: keras.layers.Conv2D(2, 3, data_format="channels_middle"),
    "too small": lambda keras, tf: keras.layers.Conv2D(2, 9)(_IMAGE),
    "too small later": lambda keras, tf: _later(keras, tf),
    "rank": lambda keras, tf: keras.layers.Conv2D(2, 3, name="c")(_LINE),
    "kernel not built": lambda keras, tf: keras.layers.Conv2D(2, 3).kernel,
    "transposed filters": lambda keras, tf: keras.layers.Conv2DTranspose(-1, 3),
    "output padding": lambda keras, tf: keras.layers.Conv2DTranspose(2, 3, strides=2, output_padding=2),
    "transposed dilation": lambda keras, tf: keras.layers.Conv2DTranspose(2, 3, strides=2, dilation_rate=2),
    "depth multiplier": lambda keras, tf: keras.layers.DepthwiseConv2D(3, depth_multiplier=0),
    "separable filters": lambda keras, tf: keras.layers.SeparableConv2D(0, 3),
    "pool size": lambda keras, tf: keras.layers.MaxPooling2D(0),
    "pool size as text": lambda keras, tf: keras.layers.MaxPooling2D("ab"),
    "pool too small": lambda keras, tf: keras.layers.MaxPooling2D(9)(keras.Input((4, 4, 1))),
    "pool padding": lambda keras, tf: keras.layers.MaxPooling2D(2, padding="full")(keras.Input((4, 4, 1))),
    "pool rank": lambda keras, tf: keras.layers.MaxPooling2D(2, name="p")(_LINE),
    "renorm keys": lambda keras, tf: keras.layers.BatchNormalization(renorm=True, renorm_clipping={"r": 1}),
    "mask rank": lambda keras, tf: keras.layers.BatchNormalization()(tf.constant(_LINE), mask=tf.constant([True])),
    "axis": lambda keras, tf: keras.layers.BatchNormalization(axis=5).compute_output_shape((2, 3)),
}


def _later(keras: Any, tf: Any) -> Any:
    layer = keras.layers.Conv2D(2, 3)
    layer(_IMAGE)
    return layer(_IMAGE[:, :2])


def _errors(keras: Any, tf: Any) -> Results:
    return {name: error_of(lambda function=function: function(keras, tf)) for name, function in ERRORS.items()}


CASES: dict[str, Case] = {f"{i} {name}": _layer(name, kwargs, x) for i, (name, kwargs, x) in enumerate(LAYERS)}
CASES |= {"masks": _masked, "network": _network, "errors": _errors}
