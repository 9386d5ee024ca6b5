"""Cases of losses: every loss with every reduction and with weights, its gradient, its config; and every mistake."""
from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_rng = np.random.RandomState(0)
_P = _rng.rand(6, 4).astype("float32")
_P /= _P.sum(-1, keepdims=True)
_Z = _rng.randn(6, 4).astype("float32")
_R = _rng.randn(6, 4).astype("float32")
_B = (_rng.rand(6, 4) > 0.5).astype("float32")
_CLASSES = np.array([0, 1, 2, 3, 1, 2])
_ONE_HOT = np.eye(4, dtype="float32")[_CLASSES]
_UNIT = _Z / np.linalg.norm(_Z, axis=-1, keepdims=True)
_ALPHAS = [0.1, 0.2, 0.3, 0.4]
_W = _rng.rand(6).astype("float32")
_W2 = _rng.rand(6, 1).astype("float32")

LOSSES: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("MeanSquaredError", {}, _R, _Z),
    ("MeanSquaredError", {"name": "m", "dtype": "float64"}, _R, _Z),
    ("MeanSquaredError", {}, _R[:, 0], _Z[:, :1]),
    ("MeanAbsoluteError", {}, _R, _Z),
    ("MeanAbsolutePercentageError", {}, _R, _Z),
    ("MeanSquaredLogarithmicError", {}, abs(_R), abs(_Z)),
    ("Huber", {"delta": 0.7}, _R, _Z),
    ("LogCosh", {}, _R, _Z),
    ("Poisson", {}, abs(_R), abs(_Z)),
    ("CosineSimilarity", {}, _R, _Z),
    ("CosineSimilarity", {"axis": 0}, _R, _Z),
    ("Hinge", {}, _B, _Z),
    ("SquaredHinge", {}, _B, _Z),
    ("SquaredHinge", {}, np.sign(_R), _Z),
    ("CategoricalHinge", {}, _ONE_HOT, _Z),
    ("KLDivergence", {}, _ONE_HOT, _P),
    ("BinaryCrossentropy", {}, _B, _P),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, _B, _Z),
    ("CategoricalCrossentropy", {}, _ONE_HOT, _P),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, _ONE_HOT, _Z),
    ("CategoricalCrossentropy", {"from_logits": True, "axis": 0}, _ONE_HOT, _Z),
    ("SparseCategoricalCrossentropy", {}, _CLASSES, _P),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, _CLASSES.astype("uint8"), _Z),
    ("SparseCategoricalCrossentropy", {"from_logits": True, "ignore_class": 1}, _CLASSES[:, None], _Z),
    ("SparseCategoricalCrossentropy", {"ignore_class": -1}, np.array([0, -1, 2, 3, -1, 1]), _P),
    ("BinaryFocalCrossentropy", {"apply_class_balancing": True}, _B, _P),
    ("BinaryFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, _B, _Z),
    ("CategoricalFocalCrossentropy", {}, _ONE_HOT, _P),
    ("CategoricalFocalCrossentropy", {"from_logits": True, "alpha": _ALPHAS}, _ONE_HOT, _Z),
    ("Dice", {}, _B, _P),
    ("Dice", {"axis": 1}, _B, _P),
    ("Tversky", {"alpha": 0.3}, _B, _P),
    ("Circle", {}, _CLASSES, _UNIT),
    ("CategoricalGeneralizedCrossEntropy", {}, _CLASSES, _P),
]

FUNCTIONS = [
    ("mean_squared_error", _R, _Z), ("mean_absolute_error", _R, _Z), ("mean_absolute_percentage_error", _R, _Z),
    ("mean_squared_logarithmic_error", abs(_R), abs(_Z)), ("huber", _R, _Z), ("log_cosh", _R, _Z),
    ("poisson", abs(_R), abs(_Z)), ("cosine_similarity", _R, _Z), ("hinge", _B, _Z), ("squared_hinge", _B, _Z),
    ("categorical_hinge", _ONE_HOT, _Z), ("kl_divergence", _ONE_HOT, _P), ("binary_crossentropy", _B, _P),
    ("categorical_crossentropy", _ONE_HOT, _P), ("sparse_categorical_crossentropy", _CLASSES, _P),
    ("binary_focal_crossentropy", _B, _P), ("categorical_focal_crossentropy", _ONE_HOT, _P), ("dice", _B, _P),
    ("tversky", _B, _P), ("circle", _CLASSES, _UNIT),
]  # fmt: skip

_SETTINGS: list[tuple[str | None, Any, str | None]] = [
    ("sum_over_batch_size", None, None), ("sum", None, None), (None, None, None), ("mean", _W, None),
    ("mean_with_sample_weight", _W2, None), ("none", _W, None), ("sum_over_batch_size", None, "softmax"),
    ("sum_over_batch_size", _W2, "sigmoid"),
]  # fmt: skip


def _loss(name: str, kwargs: dict[str, Any], y_true: Any, y_pred: Any) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        results: Results = {}
        for i, (reduction, weight, activation) in enumerate(_SETTINGS):
            x = tf.constant(y_pred)
            with warnings.catch_warnings(), tf.GradientTape() as tape:
                warnings.simplefilter("ignore")
                tape.watch(x)
                y = x if activation is None else getattr(keras.activations, activation)(x)
                loss = getattr(keras.losses, name)(reduction=reduction, **kwargs)
                try:
                    value = loss(y_true, y, sample_weight=weight)
                except tf.errors.InvalidArgumentError:
                    # Weights that do not fit, as there are fewer values than samples.
                    results[f"value{i}"] = "InvalidArgumentError"
                    continue
            results[f"value{i}"] = value
            results[f"gradient{i}"] = tape.gradient(value, x)
        loss = getattr(keras.losses, name)(**kwargs)
        results["config"] = loss.get_config()
        results["again"] = type(loss).from_config(loss.get_config()).get_config()
        results["dtype"] = loss.dtype
        return results

    return run


def _function(name: str, y_true: Any, y_pred: Any) -> Case:
    return lambda keras, tf: {"value": getattr(keras.losses, name)(tf.constant(y_true), tf.constant(y_pred))}


def _error(call: Any) -> Case:
    return lambda keras, tf: {"error": error_of(lambda: call(keras.losses, tf))}


_MISTAKES = {
    "unknown name": lambda losses, tf: losses.get("msee"),
    "not a loss": lambda losses, tf: losses.get(3),
    "categorical shapes": lambda losses, tf: losses.categorical_crossentropy(tf.zeros([2, 3]), tf.zeros([2, 4])),
    "categorical ranks": lambda losses, tf: losses.categorical_crossentropy(tf.zeros([2]), tf.zeros([2, 4])),
    "categorical scalar": lambda losses, tf: losses.CategoricalCrossentropy()(tf.zeros([2, 3]), tf.zeros([2, 4])),
    "boolean axis": lambda losses, tf: losses.categorical_crossentropy(tf.zeros([2, 3]), tf.zeros([2, 3]), axis=True),
    "binary shapes": lambda losses, tf: losses.binary_crossentropy(tf.zeros([2, 3]), tf.zeros([2, 4])),
    "binary ranks": lambda losses, tf: losses.binary_crossentropy(tf.zeros([2]), tf.zeros([2, 4])),
    "sparse batch": lambda losses, tf: losses.sparse_categorical_crossentropy(tf.zeros([3]), tf.zeros([2, 4])),
    "sparse ranks": lambda losses, tf: losses.sparse_categorical_crossentropy(tf.zeros([2, 3]), tf.zeros([2, 4])),
    "sparse axis": lambda losses, tf: losses.sparse_categorical_crossentropy(tf.zeros([2]), tf.zeros([2, 4]), axis=0),
    "q": lambda losses, tf: losses.CategoricalGeneralizedCrossEntropy(q=2.0),
}

CASES: dict[str, Case] = {
    **{f"{name}-{i}": _loss(name, kwargs, y_true, y_pred) for i, (name, kwargs, y_true, y_pred) in enumerate(LOSSES)},
    **{name: _function(name, y_true, y_pred) for name, y_true, y_pred in FUNCTIONS},
    **{f"mistake: {name}": _error(call) for name, call in _MISTAKES.items()},
}
