"""Cases of `keras.ops`: values and gradients, of floats and integers, and shapes of symbolic tensors."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results

_RNG = np.random.RandomState(15)
_X = _RNG.uniform(-0.9, 0.9, (3, 4)).astype("float32")
_N = _RNG.randint(1, 5, (3, 4)).astype("int32")

_UNARY = ("abs", "absolute", "arccos", "cos", "exp", "relu", "round", "sigmoid", "sign", "sin", "square", "tanh", "argmax",
          "argmin", "cumsum", "logsumexp", "max", "mean", "min", "prod", "sum", "ones_like", "zeros_like", "ravel", "softmax",
          "transpose")

CALLS: dict[str, Callable[[Any, Any], Any]] = {
    **{name: (lambda ops, x, name=name: getattr(ops, name)(x)) for name in _UNARY},
    **{f"{name} of rows": (lambda ops, x, name=name: getattr(ops, name)(x, axis=1)) for name in (
        "argmax", "argmin", "cumsum", "logsumexp", "max", "mean", "min", "prod", "sum", "expand_dims", "softmax")},
    **{name: (lambda ops, x, name=name: getattr(ops, name)(x, ops.transpose(ops.reshape(x, (4, 3))))) for name in (
        "add", "divide", "maximum", "minimum", "multiply", "subtract")},
    "sqrt": lambda ops, x: ops.sqrt(ops.square(x) + 1), "log": lambda ops, x: ops.log(ops.square(x) + 1),
    "cast": lambda ops, x: ops.cast(x, "float16"), "clip": lambda ops, x: ops.clip(x, 0, 2),
    "concatenate": lambda ops, x: ops.concatenate([x, x], axis=1), "matmul": lambda ops, x: ops.matmul(x, ops.transpose(x)),
    "stack": lambda ops, x: ops.stack([x, x]), "take": lambda ops, x: ops.take(x, [1, 0], axis=1),
    "where": lambda ops, x: ops.where(x > 1, x, 0 * x), "squeeze": lambda ops, x: ops.squeeze(ops.expand_dims(x, 0)),
}


def _called(name: str) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        takes_integers = not name.startswith(("softmax", "sigmoid", "logsumexp"))
        results: Results = {"integers": CALLS[name](keras.ops, tf.constant(_N))} if takes_integers else {}
        x = tf.constant(_X)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = CALLS[name](keras.ops, x)
            total = tf.reduce_sum(tf.sin(tf.cast(y, tf.float32)))
        slope = tape.gradient(total, x)
        symbolic = CALLS[name](keras.ops, keras.Input((4,), batch_size=3))
        return {**results, "y": y, "gradient": None if slope is None else tf.convert_to_tensor(slope),
                "symbolic": f"{tuple(symbolic.shape)} {symbolic.dtype}"}

    return run


CASES: dict[str, Case] = {name: _called(name) for name in CALLS}
