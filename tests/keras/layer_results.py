"""What the golden values of one layer hold: output, gradients, weights, shapes, config."""
from __future__ import annotations

from typing import Any

import numpy as np
from tests.keras.golden import Case, Results


def layer_case(name: str, kwargs: dict[str, Any], x: Any, unknown: bool = True, **call: Any) -> Case:
    """A case of one layer.

    Args:
      name: the class.
      kwargs: arguments of the constructor.
      x: the input, or a list of inputs.
      unknown: whether the layer takes inputs of which only the rank and the last size are known.
      call: further arguments of the call; arrays become tensors.
    """
    several = isinstance(x, list)
    arrays = x if several else [x]

    def run(keras: Any, tf: Any) -> Results:
        keras.utils.set_random_seed(11)
        layer = getattr(keras.layers, name)(**kwargs)
        inputs = [tf.constant(array) for array in arrays]
        options = {key: tf.constant(value) if isinstance(value, np.ndarray) else value for key, value in call.items()}
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = tf.nest.flatten(layer(inputs if several else inputs[0], **options))
            total = sum(tf.reduce_sum(tf.cast(y, tf.float32) * tf.cos(tf.reshape(tf.cast(tf.range(tf.size(y)), tf.float32),
                                                                                 tf.shape(y)))) for y in outputs)
        sources = [i for i in inputs if i.dtype.is_floating]
        gradients = tape.gradient(total, [*sources, *layer.trainable_weights])
        results: Results = {f"y{i}": y for i, y in enumerate(outputs)}
        results |= {f"gradient{i}": gradient for i, gradient in enumerate(gradients)}
        results |= {f"weight{i}": weight for i, weight in enumerate(layer.get_weights())}
        results |= {"config": layer.get_config(), "paths": [w.path for w in layer.weights],
                    "losses": np.array([float(v) for v in layer.losses])}
        plain = {key: value for key, value in call.items() if not isinstance(value, np.ndarray)}
        results["symbolic"] = _symbolic(keras, name, kwargs, [a.shape[1:] for a in arrays], several, plain)
        if unknown:
            shapes = [(*[None] * (a.ndim - 2), a.shape[-1]) for a in arrays]
            results["wild"] = _symbolic(keras, name, kwargs, shapes, several, plain)
        twin = getattr(keras.layers, name).from_config(layer.get_config())
        results["again"] = twin.get_config() == layer.get_config()
        return results

    return run


def _symbolic(keras: Any, name: str, kwargs: dict[str, Any], shapes: list[Any], several: bool, call: dict[str, Any]) -> str:
    inputs = [keras.Input(shape) for shape in shapes]
    found = getattr(keras.layers, name)(**kwargs)(inputs if several else inputs[0], **call)
    return str([(tuple(y.shape), str(y.dtype)) for y in (found if isinstance(found, (list, tuple)) else [found])])
