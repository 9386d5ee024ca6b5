"""Cases of initializers and of `keras.random`: the very numbers that Keras draws for a seed."""
from __future__ import annotations

from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_SHAPES = [(3, 4), (4, 3), (2, 2, 3, 2), (5,)]

INITIALIZERS: list[tuple[str, dict[str, Any]]] = [
    *((name, {"seed": 7}) for name in (
        "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform", "Orthogonal",
        "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling",
    )),
    ("VarianceScaling", {"scale": 2.0, "mode": "fan_out", "distribution": "untruncated_normal", "seed": 1}),
    ("VarianceScaling", {"scale": 2.0, "mode": "fan_avg", "distribution": "uniform", "seed": 2**40}),
    ("GlorotUniform", {"seed": -3, "input_axes": [0], "output_axes": [1]}),
    ("RandomNormal", {"mean": 1.0, "stddev": 0.1, "seed": 2}),
    ("Orthogonal", {"gain": 2.0, "seed": 5}),
    ("Zeros", {}), ("Ones", {}), ("Constant", {"value": 2.5}), ("Identity", {"gain": 3.0}),
]  # fmt: skip


def _initializer(name: str, kwargs: dict[str, Any]) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        results: Results = {}
        initializer = getattr(keras.initializers, name)(**kwargs)
        for shape in _SHAPES:
            if (name == "Orthogonal" and len(shape) == 1) or (name == "Identity" and len(shape) != 2) or (
                    "input_axes" in kwargs and len(shape) == 1):
                continue
            results[f"value{shape}"] = initializer(shape)
        results["float64"] = initializer((2, 3), dtype="float64")
        results["config"] = initializer.get_config()
        return results

    return run


def _draws(keras: Any, tf: Any) -> Results:
    random = keras.random
    keras.utils.set_random_seed(5)
    return {
        "normal": random.normal((2,)), "uniform": random.uniform((2,)),
        "weights": keras.initializers.HeNormal()((2, 2)),
        "dropout": random.dropout(tf.ones([5]), 0.5), "shuffle": random.shuffle(tf.range(8)),
        "categorical": random.categorical(tf.zeros([2, 3]), 4), "randint": random.randint((4,), 0, 9),
        "randint8": random.randint((4,), 0, 9, dtype="int8"), "truncated": random.truncated_normal((3,)),
        "noise": random.dropout(tf.ones([4, 5]), 0.5, noise_shape=(None, 1), seed=3),
        "numpy": np.random.rand(2), "gamma": random.gamma((3,), 2.0), "beta": random.beta((3,), 2.0, 3.0),
        "binomial": random.binomial((3,), 5.0, 0.4),
    }  # fmt: skip


def _generator(keras: Any, tf: Any) -> Results:
    generator = keras.random.SeedGenerator(1337)
    draws = [keras.random.uniform((3,), seed=generator), keras.random.normal((3,), seed=generator)]
    weights = keras.initializers.GlorotUniform(seed=generator)
    return {"uniform": draws[0], "normal": draws[1], "first": weights((2, 2)), "second": weights((2, 2)),
            "state": generator.state.numpy()}


_MISTAKES = {
    "unknown name": lambda keras: keras.initializers.get("glorot_unifrom"),
    "not an initializer": lambda keras: keras.initializers.get(3),
    "scale": lambda keras: keras.initializers.VarianceScaling(scale=0.0),
    "seed": lambda keras: keras.initializers.RandomNormal(seed="a"),
    "orthogonal vector": lambda keras: keras.initializers.Orthogonal(seed=1)((3,)),
    "identity rank": lambda keras: keras.initializers.Identity()((2, 2, 2)),
    "array shape": lambda keras: keras.initializers.get(np.zeros((2, 3)))((3, 2)),
    "generator seed": lambda keras: keras.random.SeedGenerator("a"),
    "draw seed": lambda keras: keras.random.normal((2,), seed="a"),
    "uniform dtype": lambda keras: keras.random.uniform((2,), dtype="int32"),
    "randint dtype": lambda keras: keras.random.randint((2,), 0, 3, dtype="float32"),
    "categorical rank": lambda keras: keras.random.categorical([0.5], 2),
    "global seed": lambda keras: keras.utils.set_random_seed("a"),
}


def _error(call: Any) -> Case:
    return lambda keras, tf: {"error": error_of(lambda: call(keras)).partition("Received: logits")[0]}


CASES: dict[str, Case] = {
    **{f"{name}-{i}": _initializer(name, kwargs) for i, (name, kwargs) in enumerate(INITIALIZERS)},
    "draws after set_random_seed": _draws,
    "generator": _generator,
    **{f"mistake: {name}": _error(call) for name, call in _MISTAKES.items()},
}
