"""Cases of metrics: two batches, with and without weights, the state and its names, the config; and every mistake."""
from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_rng = np.random.RandomState(1)
_Z = _rng.randn(6, 4).astype("float32")
_P = np.exp(_Z)
_P /= _P.sum(-1, keepdims=True)
_R = _rng.randn(6, 4).astype("float32")
_B = (_rng.rand(6, 4) > 0.5).astype("float32")
_U = _rng.rand(6, 4).astype("float32")
_CLASSES = np.array([0, 1, 2, 3, 1, 2])
_GUESSES = np.array([0, 1, 1, 3, 0, 2])
_ONE_HOT = np.eye(4, dtype="float32")[_CLASSES]
_MANY = (_rng.rand(30) > 0.5).astype("float32")
_TENTHS = _rng.randint(0, 11, 30).astype("float32") / 10
_Z3 = _rng.randn(2, 3, 5).astype("float32")
_CLASSES3 = _rng.randint(0, 5, (2, 3))
_MAP, _MAP2 = _rng.randint(0, 3, (4, 5)), _rng.randint(0, 3, (4, 5))
_LABEL_WEIGHTS = [0.1, 0.2, 0.3, 0.4]

Row = tuple[str, dict[str, Any], Any, Any]

METRICS: list[Row] = [
    ("MeanSquaredError", {}, _R, _Z),
    ("MeanSquaredError", {"dtype": "float64", "name": "m"}, _R, _Z),
    ("RootMeanSquaredError", {}, _R, _Z),
    ("MeanAbsoluteError", {}, _R, _Z),
    ("MeanAbsolutePercentageError", {}, _R, _Z),
    ("MeanSquaredLogarithmicError", {}, abs(_R), abs(_Z)),
    ("LogCoshError", {}, _R, _Z),
    ("Poisson", {}, abs(_R), abs(_Z)),
    ("CosineSimilarity", {}, _R, _Z),
    ("Hinge", {}, _B, _Z),
    ("SquaredHinge", {}, _B, _Z),
    ("CategoricalHinge", {}, _ONE_HOT, _Z),
    ("KLDivergence", {}, _ONE_HOT, _P),
    ("BinaryCrossentropy", {}, _B, _P),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, _B, _Z),
    ("CategoricalCrossentropy", {}, _ONE_HOT, _P),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, _ONE_HOT, _Z),
    ("SparseCategoricalCrossentropy", {}, _CLASSES, _P),
    ("SparseCategoricalCrossentropy", {"from_logits": True, "ignore_class": 1}, _CLASSES, _Z),
    ("Accuracy", {}, _CLASSES, _GUESSES),
    ("Accuracy", {}, _CLASSES[:, None], _GUESSES),
    ("BinaryAccuracy", {}, _B, _U),
    ("BinaryAccuracy", {"threshold": 0.3}, _MANY, _TENTHS),
    ("CategoricalAccuracy", {}, _ONE_HOT, _P),
    ("SparseCategoricalAccuracy", {}, _CLASSES, _P),
    ("SparseCategoricalAccuracy", {}, _CLASSES[:, None].astype("uint8"), _P),
    ("SparseCategoricalAccuracy", {}, _CLASSES.astype("float32") + 0.5 * (_CLASSES == 1), _P),
    ("SparseCategoricalAccuracy", {}, _CLASSES3, _Z3),
    ("TopKCategoricalAccuracy", {"k": 2}, _ONE_HOT, _P),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, _CLASSES, _P),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, _CLASSES3, _Z3),
    ("SparseTopKCategoricalAccuracy", {"k": 2, "from_sorted_ids": True}, _CLASSES, np.argsort(-_P)),
    ("PearsonCorrelation", {}, _R, _Z),
    ("ConcordanceCorrelation", {}, _R, _Z),
    ("MeanIoU", {"num_classes": 3}, _MAP, _MAP2),
    ("IoU", {"num_classes": 3, "target_class_ids": [0, 2]}, _MAP, _MAP2),
    ("MeanIoU", {"num_classes": 3, "ignore_class": 1, "dtype": "float32"}, _MAP, _MAP2),
    ("BinaryIoU", {}, _B, _U),
    ("OneHotIoU", {"num_classes": 4, "target_class_ids": [1]}, _ONE_HOT, _P),
    ("OneHotMeanIoU", {"num_classes": 4}, _ONE_HOT, _P),
]

COLUMNS: list[Row] = [
    ("R2Score", {}, _R, _Z),
    ("R2Score", {"class_aggregation": None, "num_regressors": 2}, _R, _Z),
    ("R2Score", {"class_aggregation": "variance_weighted_average"}, _R, _Z),
    ("F1Score", {}, _ONE_HOT, _P),
    ("F1Score", {"average": "micro"}, _ONE_HOT, _P),
    ("F1Score", {"average": "macro"}, _ONE_HOT, _P),
    ("FBetaScore", {"beta": 2.0, "average": "weighted", "threshold": 0.3}, _B, _P),
]
"""Metrics that take one weight a sample only."""

for _name in ("TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives", "Precision", "Recall"):
    METRICS += [
        (_name, {}, _MANY, _TENTHS),
        (_name, {"thresholds": [0.2, 0.5, 0.7]}, _MANY, _TENTHS),
        (_name, {"thresholds": [0.0, 0.25, 0.5, 0.75, 1.0]}, _MANY, _TENTHS),
        (_name, {"thresholds": [0.0, 0.5, 1.0]}, _B, _U),
    ]
for _name in ("Precision", "Recall"):
    METRICS += [(_name, {"top_k": 2}, _B, _U), (_name, {"class_id": 1}, _B, _U),
                (_name, {"top_k": 2, "class_id": 1}, _B, _U)]
for _name, _argument in (("SensitivityAtSpecificity", "specificity"), ("SpecificityAtSensitivity", "sensitivity"),
                         ("PrecisionAtRecall", "recall"), ("RecallAtPrecision", "precision")):
    METRICS += [(_name, {_argument: 0.4, "num_thresholds": 1}, _MANY, _TENTHS),
                (_name, {_argument: 0.9, "num_thresholds": 11}, _MANY, _TENTHS),
                (_name, {_argument: 0.3, "class_id": 2, "num_thresholds": 7}, _B, _U)]
for _curve in ("ROC", "PR", "PRGAIN"):
    for _method in ("interpolation", "minoring", "majoring"):
        _kwargs = {"curve": _curve, "summation_method": _method, "num_thresholds": 11}
        METRICS += [
            ("AUC", _kwargs, _MANY, _TENTHS),
            ("AUC", {**_kwargs, "thresholds": [0.2, 0.35, 0.8]}, _MANY, _TENTHS),
            ("AUC", {**_kwargs, "multi_label": True}, _B, _U),
        ]
METRICS += [
    ("AUC", {"multi_label": True, "label_weights": _LABEL_WEIGHTS, "thresholds": [0.3, 0.4]}, _B, _U),
    ("AUC", {"label_weights": _LABEL_WEIGHTS, "num_thresholds": 5}, _B, _U),
    ("AUC", {"from_logits": True, "num_thresholds": 5}, _B, _Z),
    ("AUC", {"multi_label": True, "num_labels": 4, "num_thresholds": 5}, _B, _U),
]


def _metric(row: Row, per_element: bool) -> Case:
    name, kwargs, y_true, y_pred = row
    kwargs = {"name": "metric", **kwargs}
    rng = np.random.RandomState(2)
    weights = [None, rng.rand(len(y_true)).astype("float32")]
    if per_element and np.ndim(y_true) > 1 and not name.endswith("IoU"):
        weights.append(rng.rand(*np.shape(y_true)).astype("float32"))

    def run(keras: Any, tf: Any) -> Results:
        results: Results = {}
        for i, weight in enumerate(weights):
            metric = getattr(keras.metrics, name)(**kwargs)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    metric.update_state(y_true, y_pred, sample_weight=weight)
                except tf.errors.InvalidArgumentError:
                    # A weight for every element, where the metric has one value a sample.
                    results[f"value{i}"] = "InvalidArgumentError"
                    continue
                metric.update_state(y_true[::-1], y_pred, sample_weight=weight)
                results[f"value{i}"] = np.array(metric.result())
            results[f"state{i}"] = np.concatenate([v.numpy().ravel().astype("float64") for v in metric.variables])
            results[f"paths{i}"] = [v.path for v in metric.variables]
            metric.reset_state()
            results[f"reset{i}"] = np.array([v.numpy().any() for v in metric.variables])
        config = metric.get_config()
        config.pop("label_weights", None)
        results["config"] = config
        results["direction"] = getattr(metric, "_direction", None)
        return results

    return run


def _aggregate(name: str, value: Any, weight: Any) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        metric = getattr(keras.metrics, name)()
        return {"value": metric(value, sample_weight=weight), "again": metric(value)}

    return run


def _function(name: str, y_true: Any, y_pred: Any) -> Case:
    return lambda keras, tf: {"value": getattr(keras.metrics, name)(y_true, y_pred)}


_AGGREGATES = [(name, value, weight) for name in ("Mean", "Sum")
               for value, weight in ((3.0, None), (3.0, 2.0), ([1.0, 2.0], None), ([1.0, 2.0], [0.5, 0.2]),
                                     ([[1.0, 2.0], [3.0, 5.0]], [0.5, 0.2]), ([[1.0, 2.0], [3.0, 5.0]], None))]

_FUNCTIONS = [
    ("binary_accuracy", _B, _U), ("categorical_accuracy", _ONE_HOT, _P),
    ("sparse_categorical_accuracy", _CLASSES, _P), ("top_k_categorical_accuracy", _ONE_HOT, _P),
    ("sparse_top_k_categorical_accuracy", _CLASSES, _P), ("pearson_correlation", _R, _Z),
    ("concordance_correlation", _R, _Z),
]  # fmt: skip

_MISTAKES = {
    "unknown name": lambda metrics: metrics.get("mseee"),
    "threshold": lambda metrics: metrics.Precision(thresholds=2.0),
    "curve": lambda metrics: metrics.AUC(curve="x"),
    "no thresholds": lambda metrics: metrics.AUC(num_thresholds=1),
    "summation": lambda metrics: metrics.AUC(summation_method="x"),
    "labels": lambda metrics: metrics.AUC(num_labels=2),
    "label rank": lambda metrics: metrics.AUC(multi_label=True)(np.ones(1), np.ones(1)),
    "average": lambda metrics: metrics.F1Score(average="x"),
    "beta type": lambda metrics: metrics.FBetaScore(beta=1),
    "beta": lambda metrics: metrics.FBetaScore(beta=-1.0),
    "threshold type": lambda metrics: metrics.FBetaScore(threshold=1),
    "threshold range": lambda metrics: metrics.FBetaScore(threshold=2.0),
    "score rank": lambda metrics: metrics.F1Score()([1.0], [2.0]),
    "aggregation": lambda metrics: metrics.R2Score("x"),
    "regressors": lambda metrics: metrics.R2Score(num_regressors=-1),
    "r2 rank": lambda metrics: metrics.R2Score()([[[1.0]]], [[[2.0]]]),
    "target class": lambda metrics: metrics.IoU(2, [3]),
    "recall": lambda metrics: metrics.PrecisionAtRecall(3),
    "number of thresholds": lambda metrics: metrics.PrecisionAtRecall(0.3, num_thresholds=0),
    "class of a vector": lambda metrics: metrics.Precision(class_id=1)([1.0], [1.0]),
}


def _error(call: Any) -> Case:
    return lambda keras, tf: {"error": error_of(lambda: call(keras.metrics))}


CASES: dict[str, Case] = {
    **{f"{row[0]}-{i}": _metric(row, True) for i, row in enumerate(METRICS)},
    **{f"{row[0]}-{i}": _metric(row, False) for i, row in enumerate(COLUMNS)},
    **{f"{name} of numbers {i}": _aggregate(name, *rest) for i, (name, *rest) in enumerate(_AGGREGATES)},
    **{name: _function(name, y_true, y_pred) for name, y_true, y_pred in _FUNCTIONS},
    **{f"mistake: {name}": _error(call) for name, call in _MISTAKES.items()},
}
