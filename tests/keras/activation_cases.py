"""Cases of activations: every one with its arguments, and its gradient."""
from __future__ import annotations

from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_X = np.linspace(-4.4, 7.3, 40, dtype="float32").reshape(4, 10)

ACTIVATIONS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in (
        "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish",
        "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid",
        "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax",
        "squareplus", "swish", "tanh", "tanh_shrink",
    )),
    ("relu", {"negative_slope": 0.1}),
    ("relu", {"negative_slope": 0.1, "max_value": 3.0}),
    ("relu", {"threshold": 1.0}),
    ("relu", {"max_value": 6, "threshold": 0.5, "negative_slope": 0.2}),
    ("relu", {"max_value": 6}),
    ("leaky_relu", {"negative_slope": 0.3}),
    ("elu", {"alpha": 0.5}),
    ("celu", {"alpha": 0.5}),
    ("gelu", {"approximate": True}),
    ("softmax", {"axis": 0}),
    ("softmax", {"axis": None}),
    ("log_softmax", {"axis": 0}),
    ("glu", {"axis": 0}),
    ("squareplus", {"b": 2}),
    ("hard_shrink", {"threshold": 2.0}),
    ("threshold", {"threshold": 0.3, "default_value": -1.0}),
]  # fmt: skip


def _activation(name: str, kwargs: dict[str, Any]) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        x = tf.constant(_X)
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = getattr(keras.activations, name)(x, **kwargs)
        return {"value": value, "gradient": tape.gradient(value, x)}

    return run


CASES: dict[str, Case] = {
    **{f"{name}-{i}": _activation(name, kwargs) for i, (name, kwargs) in enumerate(ACTIVATIONS)},
    "mistake: unknown name": lambda keras, tf: {"error": error_of(lambda: keras.activations.get("reluu"))},
    "mistake: not callable": lambda keras, tf: {"error": error_of(lambda: keras.activations.get(3))},
    "mistake: odd axis": lambda keras, tf: {"error": error_of(lambda: keras.activations.glu(tf.zeros([2, 3])))},
    "names": lambda keras, tf: {"names": [keras.activations.serialize(keras.activations.get(name)) for name in
                                          ("relu", "swish", "hard_silu", None, "softmax")]},
}
