"""The objects of the checkpoint tests, written so that TensorFlow and we make the same ones."""
from __future__ import annotations

from typing import Any

import numpy as np


def objects(tf: Any, factor: float) -> dict[str, Any]:
    """Objects of every kind that a checkpoint follows, with values that depend on a number."""
    module = tf.Module()
    module.w = tf.Variable(factor * np.arange(6.0).reshape(2, 3), name="w")
    module.half = tf.Variable(tf.cast([factor, 2.5], tf.bfloat16))
    module.text = tf.Variable([b"x\0", b"", b"y" * int(factor)])
    module.parts = [tf.Module(), tf.Variable(int(factor))]
    module.parts[0].pair = (tf.Variable(factor > 2), tf.Variable(np.full([0, 3], factor)))
    module.named = {"a.b/c": tf.Variable(1j * factor)}
    table = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, -1)
    table.insert(["a", "b"], [int(factor), 7])
    layers = tf.keras.layers
    model = tf.keras.Sequential([tf.keras.Input((3, 4)), layers.LSTM(2), layers.BatchNormalization(), layers.Dense(2)])
    inputs = tf.keras.Input((4,))
    functional = tf.keras.Model(inputs, layers.Dense(2)(layers.Dense(3)(inputs) * 2.0))
    optimizer = tf.keras.optimizers.Adam(0.1)
    optimizer.build(model.trainable_variables)
    for i, variable in enumerate([*model.weights, *functional.weights, *optimizer.variables]):
        variable.assign(np.full(variable.shape, factor * (i + 1)))
    return {"module": module, "table": table, "model": model, "functional": functional, "optimizer": optimizer,
            "generator": tf.random.Generator.from_seed(int(factor))}


def values(tf: Any, made: dict[str, Any]) -> list[Any]:
    """The values of such objects."""
    module = made["module"]
    variables = [*module.variables, *made["model"].weights, *made["functional"].weights, *made["optimizer"].variables,
                 made["generator"].state]
    arrays = [tf.cast(v, tf.float32).numpy() if v.dtype == tf.bfloat16 else tf.convert_to_tensor(v).numpy() for v in variables]
    return [*arrays, made["table"].lookup(tf.constant(["a", "b"])).numpy()]


def graph(V: Any) -> list[Any]:
    """The variables of a TensorFlow 1 program."""
    with V.variable_scope("layer"):
        kernel = V.get_variable("kernel", [2, 100], initializer=V.constant_initializer(np.arange(200.0)))
    bias = V.get_variable("bias", [2], V.int64, initializer=V.constant_initializer([3, -4]))
    return [kernel, bias]
