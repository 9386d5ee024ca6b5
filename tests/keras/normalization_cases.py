"""Cases of layers that normalize each example."""
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
    "other channels": lambda keras, tf: _again(keras),
}


def _again(keras: Any) -> Any:
    layer = keras.layers.GroupNormalization(groups=2, name="g")
    layer(_ROWS)
    return layer(_ROWS[:, :2])


def _errors(keras: Any, tf: Any) -> Results:
    return {name: error_of(lambda function=function: function(keras, tf)) for name, function in ERRORS.items()}


CASES: dict[str, Case] = {
    f"{i} {name}": layer_case(name, kwargs, x, unknown=kwargs.get("axis", -1) == -1)
    for i, (name, kwargs, x) in enumerate(LAYERS)
}
CASES["errors"] = _errors
