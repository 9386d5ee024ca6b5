"""Cases of layers that change the sizes of images and their kin, or drop whole channels."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of
from tests.keras.layer_results import layer_case

_RNG = np.random.RandomState(22)
_LINE = _RNG.uniform(-2, 2, (2, 4, 2)).astype("float32")
_IMAGE = _RNG.uniform(-2, 2, (2, 3, 4, 2)).astype("float32")
_VOLUME = _RNG.uniform(-2, 2, (1, 3, 3, 4, 2)).astype("float32")
_FIRST = {"data_format": "channels_first"}

LAYERS: list[tuple[str, dict[str, Any], Any]] = [
    ("ZeroPadding1D", {}, _LINE),
    ("ZeroPadding1D", {"padding": (0, 2)}, _LINE),
    ("ZeroPadding1D", {"padding": 1, **_FIRST}, _LINE),
    ("ZeroPadding2D", {}, _IMAGE),
    ("ZeroPadding2D", {"padding": ((0, 1), (2, 0))}, _IMAGE),
    ("ZeroPadding2D", {"padding": (2, 1), **_FIRST}, _IMAGE),
    ("ZeroPadding3D", {"padding": ((0, 1), (1, 0), (2, 1))}, _VOLUME),
    ("Cropping1D", {}, _LINE),
    ("Cropping1D", {"cropping": (0, 2)}, _LINE),
    ("Cropping2D", {}, _IMAGE),
    ("Cropping2D", {"cropping": ((1, 0), (0, 2))}, _IMAGE),
    ("Cropping2D", {"cropping": ((0, 1), (0, 0)), **_FIRST}, _IMAGE),
    ("Cropping3D", {}, _VOLUME),
    ("UpSampling1D", {"size": 3}, _LINE),
    ("UpSampling2D", {}, _IMAGE),
    ("UpSampling2D", {"size": (1, 3), **_FIRST}, _IMAGE),
    ("UpSampling2D", {"size": 2, "interpolation": "bilinear"}, _IMAGE),
    ("UpSampling2D", {"size": (2, 1), "interpolation": "bilinear", **_FIRST}, _IMAGE),
    ("UpSampling3D", {"size": (1, 2, 2)}, _VOLUME),
    ("SpatialDropout1D", {"rate": 0.4, "seed": 3}, _LINE),
    ("SpatialDropout2D", {"rate": 0.4, "seed": 5}, _IMAGE),
    ("SpatialDropout2D", {"rate": 0.4, "seed": 5, **_FIRST}, _IMAGE),
    ("SpatialDropout3D", {"rate": 0.4, "seed": 5}, _VOLUME),
]  # fmt: skip

ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "padding of a sequence": lambda keras, tf: keras.layers.ZeroPadding1D((1, 2, 3)),
    "padding negative": lambda keras, tf: keras.layers.ZeroPadding1D(-1),
    "padding of three": lambda keras, tf: keras.layers.ZeroPadding2D((1, 2, 3)),
    "padding inside": lambda keras, tf: keras.layers.ZeroPadding2D(((1, 2), (1, -2))),
    "padding of a volume": lambda keras, tf: keras.layers.ZeroPadding3D((1, 2)),
    "cropping negative": lambda keras, tf: keras.layers.Cropping2D(-1),
    "cropping too much": lambda keras, tf: keras.layers.Cropping2D(2)(_IMAGE),
    "cropping too much of a sequence": lambda keras, tf: keras.layers.Cropping1D(2)(_LINE),
    "cropping too much, shape": lambda keras, tf: keras.layers.Cropping2D(2).compute_output_shape((1, 4, 4, 1)),
    "cropping a sequence, shape": lambda keras, tf: keras.layers.Cropping1D(2).compute_output_shape((1, 4, 4)),
    "size 0": lambda keras, tf: keras.layers.UpSampling2D(0),
    "size no integer": lambda keras, tf: keras.layers.UpSampling1D(1.5),
    "size negative": lambda keras, tf: keras.layers.UpSampling1D(-1),
    "data format": lambda keras, tf: keras.layers.UpSampling2D(2, data_format="x"),
    "rank": lambda keras, tf: keras.layers.ZeroPadding2D(name="z")(_LINE),
    "rate": lambda keras, tf: keras.layers.SpatialDropout2D(1.5),
}


def _errors(keras: Any, tf: Any) -> Results:
    return {name: error_of(lambda function=function: function(keras, tf)) for name, function in ERRORS.items()}


def _kind(keras: Any, tf: Any) -> Results:
    """Errors of which the class and the beginning agree."""
    return {name: error_of(call).partition(", ")[0] for name, call in {
        "padding of no kind": lambda: keras.layers.ZeroPadding2D(1.5),
        "cropping of no kind": lambda: keras.layers.Cropping3D(1.5),
    }.items()}


CASES: dict[str, Case] = {
    f"{i} {name}": layer_case(name, kwargs, x, unknown="data_format" not in kwargs,
                              **({"training": True} if "Dropout" in name else {}))
    for i, (name, kwargs, x) in enumerate(LAYERS)
}
CASES |= {"errors": _errors, "errors in part": _kind}
