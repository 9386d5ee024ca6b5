"""Cases of the functions that `keras.backend` had before Keras 3: values, gradients, variables, errors."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_RNG = np.random.RandomState(12)
_X = _RNG.uniform(-2, 2, (3, 4)).astype("float32")
_Y = _RNG.uniform(-2, 2, (3, 4)).astype("float32")
_CUBE = _RNG.uniform(-2, 2, (2, 3, 4)).astype("float32")
_IMAGES = _RNG.uniform(-2, 2, (1, 2, 3, 2)).astype("float32")

CALLS: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
    **{name: (lambda k, tf, x, y, name=name: getattr(k, name)(x)) for name in (
        "abs", "all", "any", "argmax", "argmin", "batch_flatten", "cos", "cumsum", "cumprod", "elu", "exp", "expand_dims",
        "flatten", "hard_sigmoid", "l2_normalize", "max", "mean", "min", "ones_like", "prod", "relu", "round", "shape",
        "sigmoid", "sign", "sin", "softmax", "softplus", "softsign", "sqrt", "square", "std", "stop_gradient", "sum",
        "tanh", "to_dense",
        "transpose", "var", "zeros_like")},
    **{name: (lambda k, tf, x, y, name=name: getattr(k, name)(x, y)) for name in (
        "equal", "greater", "greater_equal", "less", "less_equal", "maximum", "minimum", "not_equal")},
    **{f"{name} of rows": (lambda k, tf, x, y, name=name: getattr(k, name)(x, axis=1, keepdims=True)) for name in (
        "all", "any", "max", "mean", "min", "prod", "std", "sum", "var")},
    "arange": lambda k, tf, x, y: k.arange(2, 9, 3, dtype="float32"),
    "arange below": lambda k, tf, x, y: k.arange(-3),
    "batch_normalization": lambda k, tf, x, y: k.batch_normalization(x, y[0], k.square(y[1]), y[2], x[0], epsilon=0.1),
    "cast": lambda k, tf, x, y: k.cast(x, "int32"),
    "cast_to_floatx": lambda k, tf, x, y: k.cast_to_floatx(np.array([1, 2])),
    "clip": lambda k, tf, x, y: k.clip(x, -0.5, None),
    "clip above": lambda k, tf, x, y: k.clip(x, 1.0, -1.0),
    "concatenate": lambda k, tf, x, y: k.concatenate([x, y]),
    "constant": lambda k, tf, x, y: k.constant(3, shape=(2,)),
    "count_params": lambda k, tf, x, y: np.array(k.count_params(x)),
    "dot": lambda k, tf, x, y: k.dot(x, k.transpose(y)),
    "dot of a cube": lambda k, tf, x, y: k.dot(tf.constant(_CUBE), k.transpose(y)),
    "dot of cubes": lambda k, tf, x, y: k.dot(x, tf.constant(np.transpose(_CUBE, (0, 2, 1)))),
    "elu of 2": lambda k, tf, x, y: k.elu(x, 2.0),
    "foldl": lambda k, tf, x, y: k.foldl(lambda a, b: a * 0.5 + b, x),
    "foldr": lambda k, tf, x, y: k.foldr(lambda a, b: a * 0.5 + b, x),
    "gather": lambda k, tf, x, y: k.gather(x, [2, 0]),
    "in_top_k": lambda k, tf, x, y: k.in_top_k(x, [1, 3, 0], 2),
    "map_fn": lambda k, tf, x, y: k.map_fn(lambda row: row * 2.0, x),
    "mean of booleans": lambda k, tf, x, y: k.mean(x > 0),
    "one_hot": lambda k, tf, x, y: k.one_hot([1, 0], 3),
    "permute_dimensions": lambda k, tf, x, y: k.permute_dimensions(x, (1, 0)),
    "pow": lambda k, tf, x, y: k.pow(x, 2),
    "relu with bounds": lambda k, tf, x, y: k.relu(x, alpha=0.1, max_value=1.0, threshold=0.3),
    "repeat": lambda k, tf, x, y: k.repeat(x, 2),
    "repeat_elements": lambda k, tf, x, y: k.repeat_elements(x, 3, 1),
    "reshape": lambda k, tf, x, y: k.reshape(x, (2, -1)),
    "reverse": lambda k, tf, x, y: k.reverse(x, 1),
    "spatial_2d_padding": lambda k, tf, x, y: k.spatial_2d_padding(tf.constant(_IMAGES), ((1, 2), (0, 1))),
    "spatial_2d_padding of planes": lambda k, tf, x, y: k.spatial_2d_padding(
        tf.constant(_IMAGES), data_format="channels_first"),
    "spatial_3d_padding": lambda k, tf, x, y: k.spatial_3d_padding(tf.constant(_IMAGES[..., None])),
    "squeeze": lambda k, tf, x, y: k.squeeze(x[:1], 0),
    "stack": lambda k, tf, x, y: k.stack([x, y], axis=1),
    "switch": lambda k, tf, x, y: k.switch(tf.constant(1.0), lambda: x, lambda: y),
    "switch of elements": lambda k, tf, x, y: k.switch(x > 0, x, y),
    "temporal_padding": lambda k, tf, x, y: k.temporal_padding(tf.constant(_CUBE), (2, 1)),
    "tile": lambda k, tf, x, y: k.tile(x, (1, 2)),
    "random_normal": lambda k, tf, x, y: k.random_normal((3,), seed=4),
    "random_uniform": lambda k, tf, x, y: k.random_uniform((3,), seed=4),
    "truncated_normal": lambda k, tf, x, y: k.truncated_normal((3,), stddev=2.0, seed=4),
    "dropout": lambda k, tf, x, y: k.dropout(x, 0.5, seed=4),
}


def _called(name: str) -> Case:
    """A function, eagerly and traced, and its gradients."""

    def run(keras: Any, tf: Any) -> Results:
        x, y = tf.constant(_X), tf.constant(_Y)
        tf.random.set_seed(7)
        with tf.GradientTape() as tape:
            tape.watch([x, y])
            found = CALLS[name](keras.backend, tf, x, y)
            floating = tf.is_tensor(found) and found.dtype.is_floating
            total = tf.reduce_sum(tf.sin(found)) if floating else 0.0
        gradients = tape.gradient(total, [x, y]) if floating else []
        results: Results = {"y": found}
        for i, gradient in enumerate(gradients):
            results[f"gradient{i}"] = None if gradient is None else tf.convert_to_tensor(gradient)
        if not any(word in name for word in ("random", "normal", "dropout", "count", "floatx")):
            results["traced"] = tf.function(lambda x, y: CALLS[name](keras.backend, tf, x, y))(x, y)
        return results

    return run


def _variables(keras: Any, tf: Any) -> Results:
    k = keras.backend
    v = k.variable([1.0, 2.0], name="v")
    results: Results = {"name": v.name, "dtype": k.dtype(v), "rank": np.array(k.ndim(v)), "shape": np.array(k.int_shape(v))}
    k.set_value(v, [3, 4])
    results["set"] = k.get_value(v)
    k.update(v, [5.0, 6.0])
    k.update_add(v, [1.0, 2.0])
    k.update_sub(v, [0.5, 0.0])
    results["updated"] = k.eval(v)
    k.moving_average_update(v, [0.0, 0.0], 0.75)
    results["average"] = v.numpy()
    k.batch_set_value([(v, [1, 1])])
    results["all"] = k.batch_get_value([v])[0]
    results |= {"eye": k.eye(2).numpy(), "ones": k.ones((2, 1), "int32").numpy(), "zeros": k.zeros((1, 2)).numpy(),
                "no elements": k.zeros((0, 2)), "sparse": str(k.is_sparse(tf.sparse.from_dense([[1.0]]))),
                "dense": k.to_dense(tf.sparse.from_dense([[1.0, 0.0]])),
                "product": k.dot(tf.sparse.from_dense(_X), tf.constant(_Y.T))}
    with tf.Graph().as_default():
        x = tf.constant([1.0, 2.0])
        (slope,) = k.gradients(k.sum(k.square(x)), [x])
        results["gradients"] = tf.compat.v1.Session().run(slope)
    return results


ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "rank of softmax": lambda keras, tf: keras.backend.softmax(tf.constant(1.0)),
    "rank of repeat": lambda keras, tf: keras.backend.repeat(tf.constant([1.0]), 2),
    "no such name": lambda keras, tf: type(keras.backend.foo),
}


def _errors(keras: Any, tf: Any) -> Results:
    return {name: error_of(lambda function=function: function(keras, tf)).partition("module")[0]
            for name, function in ERRORS.items()}


CASES: dict[str, Case] = {**{name: _called(name) for name in CALLS}, "variables": _variables, "errors": _errors}
