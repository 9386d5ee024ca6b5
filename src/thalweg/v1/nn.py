"""`tf.nn` functions whose arguments TensorFlow 1 named or meant differently."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .building import in_default_graph


def _labelled(function: str, labels: Any, logits: Any) -> None:
    if labels is None or logits is None:
        raise ValueError(f"Both `labels` and `logits` must be provided, by name, for {function}.")


def softmax_cross_entropy_with_logits(_sentinel: Any = None, labels: Any = None, logits: Any = None, dim: int = -1,
                                      name: str | None = None, axis: int | None = None) -> Any:
    """Cross-entropy of softmax(logits) against label distributions; labels carry no gradient.

    Raises:
      ValueError: labels or logits are missing or not given by name.
    """
    if _sentinel is not None:
        raise ValueError("Only call `softmax_cross_entropy_with_logits` with named arguments (labels=..., logits=..., ...)")
    _labelled("softmax_cross_entropy_with_logits", labels, logits)
    with in_default_graph():
        return tf.nn.softmax_cross_entropy_with_logits(tf.stop_gradient(labels), logits, dim if axis is None else axis, name)


def softmax_cross_entropy_with_logits_v2(labels: Any, logits: Any, axis: int | None = None, name: str | None = None,
                                         dim: int | None = None) -> Any:
    """Cross-entropy of softmax(logits) against label distributions."""
    with in_default_graph():
        return tf.nn.softmax_cross_entropy_with_logits(labels, logits, axis if axis is not None else
                                                       dim if dim is not None else -1, name)


def sparse_softmax_cross_entropy_with_logits(_sentinel: Any = None, labels: Any = None, logits: Any = None,
                                             name: str | None = None) -> Any:
    """Cross-entropy of softmax(logits) against class numbers.

    Raises:
      ValueError: labels or logits are missing or not given by name.
    """
    if _sentinel is not None:
        raise ValueError("Only call `sparse_softmax_cross_entropy_with_logits` with named arguments (labels=..., "
                         "logits=..., ...)")
    _labelled("sparse_softmax_cross_entropy_with_logits", labels, logits)
    with in_default_graph():
        return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits, name)


def sigmoid_cross_entropy_with_logits(_sentinel: Any = None, labels: Any = None, logits: Any = None,
                                      name: str | None = None) -> Any:
    """Cross-entropy of sigmoid(logits) against labels in [0, 1].

    Raises:
      ValueError: labels or logits are missing or not given by name.
    """
    if _sentinel is not None:
        raise ValueError("Only call `sigmoid_cross_entropy_with_logits` with named arguments (labels=..., logits=..., ...)")
    _labelled("sigmoid_cross_entropy_with_logits", labels, logits)
    with in_default_graph():
        return tf.nn.sigmoid_cross_entropy_with_logits(labels, logits, name)


def softmax(logits: Any, axis: int | None = None, name: str | None = None, dim: int | None = None) -> Any:
    """Softmax along an axis; `dim` is the older name of `axis`."""
    with in_default_graph():
        return tf.nn.softmax(logits, axis if axis is not None else dim, name)


def log_softmax(logits: Any, axis: int | None = None, name: str | None = None, dim: int | None = None) -> Any:
    """Logarithm of softmax along an axis; `dim` is the older name of `axis`."""
    with in_default_graph():
        return tf.nn.log_softmax(logits, axis if axis is not None else dim, name)


def dropout(x: Any, keep_prob: Any = None, noise_shape: Any = None, seed: int | None = None, name: str | None = None,
            rate: Any = None) -> Any:
    """Drops elements with probability `rate`, or keeps them with `keep_prob`, and scales the rest up.

    Raises:
      ValueError: both or neither of `rate` and `keep_prob`.
    """
    if (rate is None) == (keep_prob is None):
        raise ValueError("Only one of `rate` and `keep_prob` can be given, and one of them must be.")
    with in_default_graph():
        return tf.nn.dropout(x, 1.0 - keep_prob if rate is None else rate, noise_shape, seed, name)
