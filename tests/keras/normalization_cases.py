"""Cases of layers that normalize each example, or data by their statistics."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of
from tests.keras.layer_results import layer_case

_RNG = np.random.RandomState(21)
_ROWS = _RNG.uniform(-2, 2, (3, 4)).astype("float32")
_LINE = _RNG.uniform(-2, 2, (2, 3, 4)).astype("float32")
_IMAGE = _RNG.uniform(-2, 2, (2, 3, 2, 6)).astype("float32")
_FLAT = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]], "float32")

LAYERS: list[tuple[str, dict[str, Any], Any]] = [
    ("LayerNormalization", {}, _ROWS),
    ("LayerNormalization", {"epsilon": 0.1, "center": False, "gamma_regularizer": "l2"}, _LINE),
    ("LayerNormalization", {"axis": [1, 2], "beta_initializer": "ones", "gamma_constraint": "non_neg"}, _IMAGE),
    ("LayerNormalization", {"axis": 1, "scale": False}, _LINE),
    ("LayerNormalization", {}, _FLAT),
    ("LayerNormalization", {"dtype": "float64"}, _ROWS.astype("float64")),
    ("LayerNormalization", {"dtype": "mixed_float16"}, _ROWS),
    ("GroupNormalization", {"groups": 2}, _LINE),
    ("GroupNormalization", {"groups": 3, "epsilon": 0.1, "beta_initializer": "ones"}, _IMAGE),
    ("GroupNormalization", {"groups": -1, "scale": False}, _IMAGE),
    ("GroupNormalization", {"groups": 1, "center": False}, _ROWS),
    ("GroupNormalization", {"groups": 3, "axis": 1}, _IMAGE),
    ("GroupNormalization", {"groups": 2, "dtype": "mixed_float16"}, _LINE),
    ("RMSNormalization", {}, _ROWS),
    ("RMSNormalization", {"axis": [1, 2], "epsilon": 0.1}, _LINE),
    ("UnitNormalization", {}, _ROWS),
    ("UnitNormalization", {"axis": [1, 2]}, _LINE),
    ("UnitNormalization", {"axis": 1}, _FLAT + 1.0),
    ("Normalization", {"mean": 3.0, "variance": 4.0}, _ROWS),
    ("Normalization", {"mean": [1.0, 2.0, 3.0, 0.0], "variance": [1.0, 4.0, 0.0, 9.0], "invert": True}, _LINE),
    ("Normalization", {"axis": (1, 2), "mean": [1.0, 2.0, 3.0, 0.0], "variance": [1.0, 4.0, 0.25, 9.0]}, _LINE),
    ("Normalization", {"axis": None, "mean": 3.0, "variance": 4.0, "dtype": "float64"}, _ROWS),
    ("Normalization", {}, _ROWS),
]  # fmt: skip

ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "axis of a layer": lambda keras, tf: keras.layers.LayerNormalization(axis="x"),
    "axis too great": lambda keras, tf: keras.layers.LayerNormalization(axis=3).compute_output_shape((2, 3)),
    "groups 0": lambda keras, tf: keras.layers.GroupNormalization(groups=0),
    "groups no integer": lambda keras, tf: keras.layers.GroupNormalization(groups=1.5),
    "too many groups": lambda keras, tf: keras.layers.GroupNormalization(groups=8)(_ROWS),
    "groups do not divide": lambda keras, tf: keras.layers.GroupNormalization(groups=3)(_ROWS),
    "unknown channels": lambda keras, tf: keras.layers.GroupNormalization(groups=3)(keras.Input((None,))),
    "axis of unit": lambda keras, tf: keras.layers.UnitNormalization(axis=1.5),
    "axis of unit too great": lambda keras, tf: keras.layers.UnitNormalization(axis=2).compute_output_shape((2, 3)),
    "axis of rms too great": lambda keras, tf: keras.layers.RMSNormalization(axis=2).compute_output_shape((2, 3)),
    "mean alone": lambda keras, tf: keras.layers.Normalization(mean=1.0),
    "two shapes": lambda keras, tf: keras.layers.Normalization(mean=[1.0], variance=[1.0, 2.0]),
    "mean of too many axes": lambda keras, tf: keras.layers.Normalization(mean=[[1.0]], variance=[[1.0]]),
    "axis of data": lambda keras, tf: keras.layers.Normalization(axis=3).build((2, 3)),
    "unknown size": lambda keras, tf: keras.layers.Normalization().build((2, None)),
    "no data": lambda keras, tf: keras.layers.Normalization().adapt([]),
    "numbers": lambda keras, tf: keras.layers.Normalization().adapt([1.0, 2.0]),
    "no iterable": lambda keras, tf: keras.layers.Normalization().adapt(3),
    "data of another shape": lambda keras, tf: _adapted(keras, _ROWS).adapt(_ROWS[:, :2]),
    "batches of two shapes": lambda keras, tf: keras.layers.Normalization().adapt([_ROWS, _ROWS[:, :2]]),
    "other channels": lambda keras, tf: _again(keras),
}


def _again(keras: Any) -> Any:
    layer = keras.layers.GroupNormalization(groups=2, name="g")
    layer(_ROWS)
    return layer(_ROWS[:, :2])


def _adapted(keras: Any, data: Any, **kwargs: Any) -> Any:
    layer = keras.layers.Normalization(**kwargs)
    layer.adapt(data)
    return layer


def _adapting(keras: Any, tf: Any) -> Results:
    """Statistics taken from data of all kinds."""
    results: Results = {}
    for name, data, kwargs in (
        ("array", _ROWS, {}), ("tensor", tf.constant(_LINE), {}), ("axes", _IMAGE, {"axis": (1, -1)}),
        ("everything", _IMAGE, {"axis": None}), ("integers", np.arange(12).reshape(4, 3), {}),
        ("batches", [_ROWS[:2], _ROWS[2:]], {}), ("labelled", ((row[None], 1) for row in _ROWS), {}),
        ("wide", _ROWS.astype("float64") + 1e4, {"dtype": "float64"}),
    ):
        layer = _adapted(keras, data, **kwargs)
        results |= {f"{name} weight{i}": weight for i, weight in enumerate(layer.get_weights())}
        results[f"{name} config"] = layer.get_config()
        results[f"{name} built for"] = str(tuple(layer.get_build_config()["input_shape"]))
        results[f"{name} paths"] = [weight.path.partition("/")[2] for weight in layer.weights]
        if isinstance(data, np.ndarray):
            results |= {f"{name} y": layer(data), f"{name} mean": layer.mean, f"{name} variance": layer.variance}
    layer = _adapted(keras, _ROWS)
    model = keras.Sequential([keras.Input((4,)), layer, keras.layers.Dense(1, kernel_initializer="ones")])
    results["model"] = model(tf.constant(_ROWS))
    layer.adapt(_ROWS * 2.0)
    results["again"] = model(tf.constant(_ROWS))
    twin = keras.layers.Normalization()
    twin.build((None, 4))
    twin.set_weights(layer.get_weights())
    results["weights"] = [weight.dtype.name for weight in twin.get_weights()]
    return results


def _errors(keras: Any, tf: Any) -> Results:
    return {name: error_of(lambda function=function: function(keras, tf)) for name, function in ERRORS.items()}


CASES: dict[str, Case] = {
    f"{i} {name}": layer_case(name, kwargs, x, unknown=kwargs.get("axis", -1) == -1)
    for i, (name, kwargs, x) in enumerate(LAYERS)
}
CASES |= {"adapting": _adapting, "errors": _errors}
