"""Cases of layers that attend, and of `EinsumDense`, which they are made of."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of
from tests.keras.layer_results import layer_case

_RNG = np.random.RandomState(31)
_ROWS = _RNG.uniform(-2, 2, (3, 4)).astype("float32")
_QUERY = _RNG.uniform(-1, 1, (2, 3, 4)).astype("float32")
_VALUE = _RNG.uniform(-1, 1, (2, 5, 4)).astype("float32")
_KEY = _RNG.uniform(-1, 1, (2, 5, 4)).astype("float32")
_IMAGE = _RNG.uniform(-1, 1, (2, 3, 2, 4)).astype("float32")
_QUERY_MASK = np.array([[1, 1, 0], [1, 0, 1]], bool)
_VALUE_MASK = np.array([[1, 1, 0, 1, 0], [0, 1, 1, 1, 1]], bool)
_ALLOWED = _RNG.rand(2, 3, 5) > 0.5

DENSE: list[tuple[str, dict[str, Any], Any]] = [
    ("EinsumDense", {"equation": "ab,bc->ac", "output_shape": 3}, _ROWS),
    ("EinsumDense", {"equation": "ab,bc->ac", "output_shape": 3, "bias_axes": "c", "activation": "relu"}, _ROWS),
    ("EinsumDense", {"equation": "abc,cd->abd", "output_shape": (None, 2), "bias_axes": "d",
                     "kernel_regularizer": "l2", "bias_initializer": "ones"}, _QUERY),
    ("EinsumDense", {"equation": "...x,xy->...y", "output_shape": 2, "bias_axes": "y"}, _QUERY),
    ("EinsumDense", {"equation": "abc,cde->abde", "output_shape": (3, 2, 3), "bias_axes": "de",
                     "kernel_initializer": "he_normal"}, _QUERY),
    ("EinsumDense", {"equation": "ab...,bc->ac...", "output_shape": 5, "bias_axes": "c"}, _QUERY),
    ("EinsumDense", {"equation": "abc,bc->ab", "output_shape": (3,), "bias_axes": "b", "kernel_initializer": "ones",
                     "activity_regularizer": "l1"}, _QUERY),
]  # fmt: skip

HEADS: list[tuple[dict[str, Any], list[Any], dict[str, Any]]] = [
    ({"num_heads": 2, "key_dim": 3}, [_QUERY, _VALUE], {}),
    ({"num_heads": 2, "key_dim": 3, "value_dim": 2, "use_bias": False}, [_QUERY, _VALUE, _KEY], {}),
    ({"num_heads": 2, "key_dim": 2}, [_QUERY, _QUERY], {"use_causal_mask": True}),
    ({"num_heads": 1, "key_dim": 2, "output_shape": (3,)}, [_QUERY, _VALUE], {"attention_mask": _ALLOWED}),
    ({"num_heads": 2, "key_dim": 2, "dropout": 0.3, "seed": 5}, [_QUERY, _VALUE], {"training": True}),
    ({"num_heads": 2, "key_dim": 2, "sliding_window": 2}, [_QUERY, _VALUE], {"return_attention_scores": True}),
    ({"num_heads": 2, "key_dim": 2, "use_gate": True, "kernel_regularizer": "l2", "bias_initializer": "ones"},
     [_QUERY, _VALUE], {}),
    ({"num_heads": 2, "key_dim": 2, "attention_axes": (1, 2)}, [_IMAGE, _IMAGE], {}),
    ({"num_heads": 2, "key_dim": 2, "attention_axes": -2}, [_IMAGE, _IMAGE], {}),
    ({"num_heads": 2, "key_dim": 2}, [_QUERY, _VALUE], {"query_mask": _QUERY_MASK, "value_mask": _VALUE_MASK}),
    ({"num_heads": 2, "key_dim": 2, "dropout": 0.3, "seed": 5}, [_QUERY, _VALUE],
     {"key_mask": _VALUE_MASK, "use_causal_mask": True, "return_attention_scores": True}),
    ({"num_heads": 2, "key_dim": 2, "dtype": "float64"}, [_QUERY, _VALUE], {"attention_mask": _ALLOWED}),
]  # fmt: skip

PLAIN: list[tuple[str, dict[str, Any], list[Any], dict[str, Any]]] = [
    ("Attention", {}, [_QUERY, _VALUE], {}),
    ("Attention", {"use_scale": True}, [_QUERY, _VALUE, _KEY], {"return_attention_scores": True}),
    ("Attention", {"score_mode": "concat"}, [_QUERY, _VALUE], {"use_causal_mask": True}),
    ("Attention", {"score_mode": "concat", "use_scale": True}, [_QUERY, _VALUE], {}),
    ("Attention", {"dropout": 0.4, "seed": 3}, [_QUERY, _VALUE], {"training": True}),
    ("AdditiveAttention", {}, [_QUERY, _VALUE], {}),
    ("AdditiveAttention", {"use_scale": False, "dtype": "float64"}, [_QUERY, _VALUE], {"return_attention_scores": True}),
]  # fmt: skip


def _heads(kwargs: dict[str, Any], arrays: list[Any], call: dict[str, Any]) -> Case:
    """A case of `MultiHeadAttention`, whose inputs are arguments of their own."""

    def run(keras: Any, tf: Any) -> Results:
        keras.utils.set_random_seed(13)
        layer = keras.layers.MultiHeadAttention(**kwargs)
        inputs = [tf.constant(array) for array in arrays]
        options = {name: tf.constant(value) if isinstance(value, np.ndarray) else value for name, value in call.items()}
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = tf.nest.flatten(layer(*inputs, **options))
            total = sum(tf.reduce_sum(tf.sin(3.0 * tf.cast(y, tf.float32))) for y in outputs)
        results: Results = {f"y{i}": y for i, y in enumerate(outputs)}
        gradients = tape.gradient(total, [*inputs, *layer.trainable_weights])
        results |= {f"gradient{i}": gradient for i, gradient in enumerate(gradients)}
        results |= {f"weight{i}": weight for i, weight in enumerate(layer.get_weights())}
        symbols = [keras.Input((*[None] * (a.ndim - 2), a.shape[-1])) for a in arrays]
        flags = {name: value for name, value in call.items() if not isinstance(value, np.ndarray)}
        wild = keras.layers.MultiHeadAttention(**kwargs)(*symbols, **flags)
        return {**results, "config": layer.get_config(), "paths": [w.path for w in layer.weights],
                "losses": np.array([float(v) for v in layer.losses]),
                "shapes": str([tuple(y.shape) for y in tf.nest.flatten(wild)])}

    return run


def _masks(keras: Any, tf: Any) -> Results:
    """Masks that are given, and masks that an embedding makes."""
    keras.utils.set_random_seed(7)
    layer = keras.layers.Attention()
    inputs, mask = [tf.constant(_QUERY), tf.constant(_VALUE)], [tf.constant(_QUERY_MASK), tf.constant(_VALUE_MASK)]
    results: Results = {"given": layer(inputs, mask=mask), "of values": layer(inputs, mask=[None, mask[1]]),
                        "causal": layer(inputs, mask=mask, use_causal_mask=True)}
    embedding = keras.layers.Embedding(5, 4, mask_zero=True)
    words, others = embedding(tf.constant([[1, 2, 0], [3, 0, 0]])), embedding(tf.constant([[4, 0, 2, 1], [1, 1, 0, 0]]))
    heads = keras.layers.MultiHeadAttention(2, 3)
    results |= {"attention": layer([words, others]), "heads": heads(words, others),
                "heads of one": heads(words, words, use_causal_mask=True)}
    return results


def _block(keras: Any, tf: Any) -> Results:
    """A transformer's block in a model, trained for two steps."""
    keras.utils.set_random_seed(8)
    x = keras.Input((6,), dtype="int32")
    h = keras.layers.Embedding(7, 4)(x)
    h = keras.layers.LayerNormalization()(h + keras.layers.MultiHeadAttention(2, 2)(h, h, use_causal_mask=True))
    h = keras.layers.LayerNormalization()(h + keras.layers.Dense(4, activation="gelu")(h))
    model = keras.Model(x, keras.layers.Dense(7)(h))
    model.compile(keras.optimizers.SGD(0.5), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    ids = np.arange(24).reshape(4, 6) % 7
    history = model.fit(ids[:, :], (ids * 3) % 7, batch_size=4, epochs=2, shuffle=False, verbose=0)
    return {"loss": np.array(history.history["loss"], "float32"), "after": model(tf.constant(ids[:2], "int32")),
            "weights": [w.path for w in model.weights]}


ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "equation": lambda keras, tf: keras.layers.EinsumDense("ab->c", 3)(_ROWS),
    "two ellipses": lambda keras, tf: keras.layers.EinsumDense("...ab...,bc->...ac...", 3)(_ROWS),
    "letter of the output": lambda keras, tf: keras.layers.EinsumDense("ab,bc->ad", 3)(_ROWS),
    "letter of the kernel": lambda keras, tf: keras.layers.EinsumDense("ab,bd->a", ())(_ROWS),
    "shared size": lambda keras, tf: keras.layers.EinsumDense("abc,cd->abd", (5, 2))(_QUERY),
    "letter of the bias": lambda keras, tf: keras.layers.EinsumDense("ab,bc->ac", 3, bias_axes="d")(_ROWS),
    "not built": lambda keras, tf: keras.layers.EinsumDense("ab,bc->ac", 3).kernel,
    "heads": lambda keras, tf: keras.layers.MultiHeadAttention(0, 2),
    "key size": lambda keras, tf: keras.layers.MultiHeadAttention(2, 1.5),
    "value size": lambda keras, tf: keras.layers.MultiHeadAttention(2, 2, value_dim=-1),
    "output shape": lambda keras, tf: keras.layers.MultiHeadAttention(2, 2, output_shape=1.5),
    "axes": lambda keras, tf: keras.layers.MultiHeadAttention(2, 2, attention_axes="x"),
    "window": lambda keras, tf: keras.layers.MultiHeadAttention(2, 2, sliding_window=0),
    "flash and dropout": lambda keras, tf: keras.layers.MultiHeadAttention(2, 2, dropout=0.1, flash_attention=True),
    "flash": lambda keras, tf: keras.layers.MultiHeadAttention(2, 2, flash_attention=True, name="m")(
        _QUERY, _VALUE),
    "keys and values": lambda keras, tf: keras.layers.MultiHeadAttention(2, 2).compute_output_shape(
        (2, 3, 4), (2, 5, 4), (2, 6, 4)),
    "mode": lambda keras, tf: keras.layers.Attention(score_mode="x"),
}


def _errors(keras: Any, tf: Any) -> Results:
    return {name: error_of(lambda function=function: function(keras, tf)).partition("\n")[0]
            for name, function in ERRORS.items()}


def _calls(keras: Any, tf: Any) -> Results:
    """Calls with something else, of which the messages show the tensors."""
    layer, query = keras.layers.Attention(), tf.constant(_QUERY)
    calls: dict[str, Callable[[], Any]] = {
        "one": lambda: layer([query]), "no list": lambda: layer(query),
        "mask": lambda: layer([query, query], mask=tf.constant(_QUERY_MASK)),
        "masks": lambda: layer([query, query], mask=[tf.constant(_QUERY_MASK)]),
    }
    return {name: error_of(call).partition(" Received")[0] for name, call in calls.items()}


CASES: dict[str, Case] = {}
for _i, (_name, _kwargs, _x) in enumerate(DENSE):
    CASES[f"{_i} {_name}"] = layer_case(_name, _kwargs, _x, unknown="..." not in _kwargs["equation"] and
                                        None in np.atleast_1d(_kwargs["output_shape"]))
for _i, (_name, _kwargs, _arrays, _call) in enumerate(PLAIN):
    CASES[f"{_i} {_name}"] = layer_case(_name, _kwargs, _arrays, **_call)
for _i, (_kwargs, _arrays, _call) in enumerate(HEADS):
    CASES[f"{_i} MultiHeadAttention"] = _heads(_kwargs, _arrays, _call)
CASES |= {"masks": _masks, "block": _block, "errors": _errors, "calls": _calls}
