"""Programs with `tf.metrics`: fetched before and after two batches."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .programs import Build, Program

_RNG = np.random.default_rng(4)
_P = _RNG.uniform(0, 1, (6, 3)).astype(np.float32)
_Y = _RNG.integers(0, 2, (6, 3)).astype(np.float32)
_W = _RNG.uniform(0.5, 2, (6, 1)).astype(np.float32)
_C, _D = _RNG.integers(0, 4, 6), _RNG.integers(0, 4, 6)
_T = [0.2, 0.5, 0.8]


def _metric(call: Callable[..., tuple[Any, Any]]) -> Build:
    """Without weights, with some, and by another name in collections, on placeholders."""
    def build(tf: Any) -> Program:
        p, y = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 3])
        a, step_a = call(tf.metrics, y, p)
        b, step_b = call(tf.metrics, y, p, weights=tf.constant(_W))
        c, step_c = call(tf.metrics, y, p, weights=0.5, name="own", metrics_collections=["values"],
                         updates_collections=["updates", "update_ops"])
        assert tf.get_collection("values") == [c] and tf.get_collection("updates") == [step_c]
        fetched = [tf.identity(t, name=t.op.name.replace("/", "_")) for t in (a, b, c)]
        return Program(fetched, {p: _P, y: _Y}, [step_a, step_b, step_c])
    return build


def _classes(call: Callable[..., tuple[Any, Any]]) -> Build:
    def build(tf: Any) -> Program:
        y, p, w = tf.constant(_C), tf.constant(_D), tf.constant(_W[:, 0])
        a, step_a = call(tf.metrics, y, p)
        b, step_b = call(tf.metrics, y, p, weights=w)
        return Program([tf.identity(t, name="value") for t in (a, b)], {}, [step_a, step_b])
    return build


def updates(tf: Any) -> Program:
    """What the update operations give."""
    y, p = tf.constant(_Y), tf.constant(_P)
    _, a = tf.metrics.mean(p)
    _, b = tf.metrics.accuracy(y, p > 0.5)
    _, c = tf.metrics.auc(y, p, num_thresholds=20)
    _, d = tf.metrics.precision(y, p > 0.5)
    _, e = tf.metrics.mean_iou(tf.constant(_C), tf.constant(_D), 4)
    _, f = tf.metrics.recall_at_thresholds(y, p, _T)
    return Program([tf.identity(t, name="update") for t in (a, b, c, d, e, f)])


def ranking(tf: Any) -> Program:
    m = tf.metrics
    p = tf.constant(np.random.default_rng(5).uniform(0, 1, (4, 6)).astype(np.float32))
    one, many = tf.constant([1, 5, 0, 2], tf.int64), tf.constant([[1, 2], [5, 5], [0, 9], [-1, 4]], tf.int64)
    w = tf.constant([1.0, 0.5, 2.0, 0.0])
    pairs = [m.recall_at_k(one, p, 2), m.recall_at_k(many, p, 3), m.recall_at_k(many, p, 3, class_id=5),
             m.recall_at_k(many, p, 3, weights=w), m.precision_at_k(one, p, 2), m.precision_at_k(many, p, 3),
             m.precision_at_k(many, p, 3, class_id=2), m.sparse_precision_at_k(many, p, 1, weights=w),
             m.average_precision_at_k(many, p, 3), m.sparse_average_precision_at_k(one, p, 2),
             m.average_precision_at_k(many, p, 4, weights=w),
             m.recall_at_top_k(many, tf.constant([[1, 1], [5, 2], [3, 0], [4, 1]]), k=2),
             m.precision_at_top_k(many, tf.constant([[1, 1], [5, 2], [3, 0], [4, 1]]), name="top")]
    return Program([tf.identity(v, name=v.op.name.replace("/", "_")) for v, _ in pairs], {}, [u for _, u in pairs])


def boolean_labels(tf: Any) -> Program:
    m = tf.metrics
    y, p = tf.constant(_C > 1), tf.constant(_D > 1)
    pairs = [f(y, p) for f in (m.true_positives, m.false_positives, m.accuracy, m.recall)]
    pairs += [m.accuracy(tf.constant(_C[:, None]), tf.constant(_D)), m.mean_tensor(tf.constant(_P), tf.constant(_W)),
              m.mean_relative_error(tf.constant(_Y), tf.constant(_P), tf.constant(_Y + np.float32(0.0))),
              m.percentage_below(tf.constant(_P), 0.5)]
    return Program([tf.identity(v, name="value") for v, _ in pairs], {}, [u for _, u in pairs])


_SIMPLE: dict[str, Callable[..., tuple[Any, Any]]] = {
    **{name: lambda m, y, p, _n=name, **kw: getattr(m, _n)(y, p, **kw) for name in (
        "mean_absolute_error", "mean_squared_error", "root_mean_squared_error", "auc")},
    **{name: lambda m, y, p, _n=name, **kw: getattr(m, _n)(y, p > 0.5, **kw) for name in (
        "true_positives", "false_positives", "true_negatives", "false_negatives", "precision", "recall")},
    **{name: lambda m, y, p, _n=name, **kw: getattr(m, _n)(y, p, _T, **kw) for name in (
        "true_positives_at_thresholds", "false_positives_at_thresholds", "true_negatives_at_thresholds",
        "false_negatives_at_thresholds", "precision_at_thresholds", "recall_at_thresholds")},
    "mean": lambda m, y, p, **kw: m.mean(p, **kw),
    "accuracy": lambda m, y, p, **kw: m.accuracy(y > 0.5, p > 0.5, **kw),
    "mean_cosine_distance": lambda m, y, p, **kw: m.mean_cosine_distance(y, p, 1, **kw),
    "sensitivity_at_specificity": lambda m, y, p, **kw: m.sensitivity_at_specificity(y, p, 0.4, **kw),
    "specificity_at_sensitivity": lambda m, y, p, **kw: m.specificity_at_sensitivity(y, p, 0.4, **kw),
    "auc_pr": lambda m, y, p, **kw: m.auc(y, p, curve="PR", summation_method="careful_interpolation", **kw),
    "auc_pr_minoring": lambda m, y, p, **kw: m.auc(y, p, curve="PR", summation_method="minoring", num_thresholds=30, **kw),
    "auc_majoring": lambda m, y, p, **kw: m.auc(y, p, summation_method="majoring", thresholds=[0.3, 0.6, 0.1], **kw),
}
_OF_CLASSES: dict[str, Callable[..., tuple[Any, Any]]] = {
    "mean_iou": lambda m, y, p, **kw: m.mean_iou(y, p, 5, **kw),
    "mean_per_class_accuracy": lambda m, y, p, **kw: m.mean_per_class_accuracy(y, p, 5, **kw),
}
PROGRAMS: dict[str, Build] = {**{name: _metric(call) for name, call in _SIMPLE.items()},
                              **{name: _classes(call) for name, call in _OF_CLASSES.items()},
                              "updates": updates, "ranking": ranking, "boolean_labels": boolean_labels}
