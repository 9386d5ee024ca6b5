"""Cases of layers for images: resized, cropped, distorted, with what belongs to them, and in all layouts."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of
from tests.keras.layer_results import layer_case

_RNG = np.random.RandomState(9)
_X = _RNG.uniform(0, 255, (2, 5, 6, 3)).astype("float32")
_FIRST = {"data_format": "channels_first"}
_PLANES = np.ascontiguousarray(np.transpose(_X, (0, 3, 1, 2)))

LAYERS: list[tuple[str, dict[str, Any], Any]] = [
    ("Resizing", {"height": 4, "width": 4}, _X),
    ("Resizing", {"height": 7, "width": 3, "interpolation": "nearest"}, _X),
    ("Resizing", {"height": 3, "width": 8, "interpolation": "bicubic", "antialias": True}, _X),
    ("Resizing", {"height": 4, "width": 3, "interpolation": "lanczos3"}, _X),
    ("Resizing", {"height": 4, "width": 2, "crop_to_aspect_ratio": True}, _X),
    ("Resizing", {"height": 4, "width": 2, "pad_to_aspect_ratio": True, "fill_value": 3.0}, _X),
    ("Resizing", {"height": 4, "width": 3, **_FIRST}, _PLANES),
    ("CenterCrop", {"height": 3, "width": 4}, _X),
    ("CenterCrop", {"height": 4, "width": 5}, _X),
    ("CenterCrop", {"height": 8, "width": 4}, _X),
    ("CenterCrop", {"height": 2, "width": 3, **_FIRST}, _PLANES),
    ("RandomFlip", {"seed": 3}, _X),
    ("RandomFlip", {"mode": "horizontal", "seed": 5}, _X),
    ("RandomFlip", {"mode": "vertical", "seed": 4, **_FIRST}, _PLANES),
    ("RandomRotation", {"factor": 0.2, "seed": 3}, _X),
    ("RandomRotation", {"factor": (0.1, 0.3), "fill_mode": "constant", "fill_value": 7.0, "seed": 3}, _X),
    ("RandomRotation", {"factor": 0.4, "fill_mode": "wrap", "interpolation": "nearest", "seed": 6}, _X),
    ("RandomRotation", {"factor": 0.3, "fill_mode": "nearest", "seed": 3, **_FIRST}, _PLANES),
    ("RandomZoom", {"height_factor": 0.5, "seed": 3}, _X),
    ("RandomZoom", {"height_factor": (-0.5, -0.2), "width_factor": (0.2, 0.6), "fill_mode": "constant", "seed": 3}, _X),
    ("RandomZoom", {"height_factor": 0.4, "width_factor": 0.3, "interpolation": "nearest", "seed": 3, **_FIRST}, _PLANES),
    ("RandomTranslation", {"height_factor": 0.4, "width_factor": 0.3, "seed": 3}, _X),
    ("RandomTranslation", {"height_factor": (0.2, 0.4), "width_factor": 0.5, "fill_mode": "constant", "fill_value": 2.0,
                           "interpolation": "nearest", "seed": 3}, _X),
    ("RandomContrast", {"factor": 0.4, "seed": 3}, _X),
    ("RandomContrast", {"factor": (0.2, 0.9), "value_range": (0, 200), "seed": 3}, _X),
    ("RandomBrightness", {"factor": 0.4, "seed": 3}, _X),
    ("RandomBrightness", {"factor": (0.1, 0.3), "value_range": [10, 250], "seed": 3}, _X),
]  # fmt: skip

CROPS: list[tuple[str, dict[str, Any], Any]] = [
    ("RandomCrop", {"height": 3, "width": 4, "seed": 3}, _X),
    ("RandomCrop", {"height": 4, "width": 7, "seed": 3}, _X),
    ("RandomCrop", {"height": 2, "width": 3, "seed": 8, **_FIRST}, _PLANES),
]  # fmt: skip
"""Layers that must know the sizes of images."""

_BYTES = _RNG.randint(0, 256, (2, 5, 6, 3)).astype("uint8")

MADE: dict[str, Callable[[Any], Any]] = {
    "Resizing": lambda layers: layers.Resizing(4, 4),
    "CenterCrop": lambda layers: layers.CenterCrop(3, 4),
    "RandomCrop": lambda layers: layers.RandomCrop(3, 4, seed=1),
    "RandomFlip": lambda layers: layers.RandomFlip(seed=1),
    "RandomRotation": lambda layers: layers.RandomRotation(0.2, seed=1),
    "RandomZoom": lambda layers: layers.RandomZoom(0.3, 0.2, seed=1),
    "RandomTranslation": lambda layers: layers.RandomTranslation(0.3, 0.2, seed=1),
    "RandomContrast": lambda layers: layers.RandomContrast(0.5, seed=1),
    "RandomBrightness": lambda layers: layers.RandomBrightness((0.1, 0.4), seed=1),
}


def _ways(name: str) -> Case:
    """A layer with bytes, with one image, with a dict, twice, in inference, and in a function."""

    def run(keras: Any, tf: Any) -> Results:
        layer = MADE[name](keras.layers)
        single = MADE[name](keras.layers)
        in_dict = MADE[name](keras.layers)
        results: Results = {}
        if name not in ("RandomBrightness", "RandomContrast"):
            results["bytes"] = layer(tf.constant(_BYTES))
        results["first"] = layer(tf.constant(_X))
        results["second"] = layer(tf.constant(_X))
        results["inference"] = layer(tf.constant(_X), training=False)
        results["one"] = single(tf.constant(_X[0]))
        masks = tf.constant((_BYTES[..., :1] // 64).astype("float32"))
        parts = in_dict({"images": tf.constant(_X), "labels": tf.constant([1.0, 2.0]), "segmentation_masks": masks})
        results |= {f"dict {key}": value for key, value in parts.items()}
        traced = MADE[name](keras.layers)
        results["function"] = tf.function(lambda x: traced(x, training=True))(tf.constant(_X))
        if name != "RandomBrightness":
            results["function of bytes"] = tf.function(lambda x: traced(x, training=True))(tf.constant(_BYTES))
        model = keras.Sequential([keras.Input((5, 6, 3)), MADE[name](keras.layers)])
        results["model"] = model.predict(_X, verbose=0)
        results["one shape"] = str(tuple(layer.compute_output_shape((5, 6, 3))))
        return results

    return run


ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "interpolation of resizing": lambda keras, tf: keras.layers.Resizing(2, 2, interpolation="x")(_X),
    "both aspect ratios": lambda keras, tf: keras.layers.Resizing(2, 2, crop_to_aspect_ratio=True,
                                                                  pad_to_aspect_ratio=True)(_X),
    "fill mode of resizing": lambda keras, tf: keras.layers.Resizing(2, 2, fill_mode="wrap")(_X),
    "rank": lambda keras, tf: keras.layers.RandomFlip()(_X[0, 0]),
    "factor of rotation": lambda keras, tf: keras.layers.RandomRotation(2.0),
    "factor of three": lambda keras, tf: keras.layers.RandomRotation((0.1, 0.2, 0.3)),
    "fill mode of rotation": lambda keras, tf: keras.layers.RandomRotation(0.1, fill_mode="x"),
    "interpolation of rotation": lambda keras, tf: keras.layers.RandomRotation(0.1, interpolation="bicubic"),
    "factor of zoom": lambda keras, tf: keras.layers.RandomZoom(-1.0),
    "factors of zoom": lambda keras, tf: keras.layers.RandomZoom((0.1, 1.5)),
    "kind of zoom": lambda keras, tf: keras.layers.RandomZoom("x"),
    "factor of translation": lambda keras, tf: keras.layers.RandomTranslation(0.1, 1.5),
    "factor of contrast": lambda keras, tf: keras.layers.RandomContrast(-0.5),
    "factor of brightness": lambda keras, tf: keras.layers.RandomBrightness(1.5),
    "range of brightness": lambda keras, tf: keras.layers.RandomBrightness(0.5, value_range=3),
    "boxes without format": lambda keras, tf: keras.layers.RandomContrast(0.5)(
        {"images": _X, "bounding_boxes": {"boxes": np.zeros((2, 1, 4)), "labels": np.zeros((2, 1))}}),
    "shape to crop": lambda keras, tf: keras.layers.CenterCrop(2, 2).compute_output_shape((2, 2)),
    "smart resize": lambda keras, tf: keras.preprocessing.image.smart_resize(_X, (2,)),
    "rank of smart resize": lambda keras, tf: keras.preprocessing.image.smart_resize(_X[0, 0], (2, 2)),
}


def _errors(keras: Any, tf: Any) -> Results:
    """The first lines: below them Keras lists the arguments of the call."""
    return {name: error_of(lambda function=function: function(keras, tf)).partition("\n\n")[0]
            for name, function in ERRORS.items()}


def _smart(keras: Any, tf: Any) -> Results:
    resize = keras.preprocessing.image.smart_resize
    return {"wide": resize(_X, (3, 5)), "tall": resize(_X[0], (4, 2), interpolation="nearest"),
            "tensor": resize(tf.constant(_X), (9, 2)), "planes": resize(_PLANES, (2, 3), data_format="channels_first"),
            "bytes": resize(_BYTES, (2, 3))}


CASES: dict[str, Case] = {
    **{f"{i} {name}": layer_case(name, kwargs, x, "data_format" not in kwargs,
                                 **({"training": True} if "Random" in name else {}))
       for i, (name, kwargs, x) in enumerate(LAYERS)},
    **{f"crop {i}": layer_case(name, kwargs, x, unknown=False, training=True) for i, (name, kwargs, x) in enumerate(CROPS)},
    **{f"{name} in all ways": _ways(name) for name in MADE},
    "errors": _errors, "smart resize": _smart,
}
