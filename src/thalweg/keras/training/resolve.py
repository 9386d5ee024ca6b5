"""Losses and metrics from what `compile` is given."""
from __future__ import annotations

from typing import Any

from .. import losses, metrics
from ..naming import to_snake_case
from ..types import Tensor


def kind_of_labels(y_true: Tensor, y_pred: Tensor) -> str:
    """`"binary"`, `"sparse_categorical"` or `"categorical"`, by the shapes of labels and predictions."""
    true_shape, pred_shape = tuple(y_true.shape), tuple(y_pred.shape)
    classes = pred_shape[-1] if pred_shape else None
    if classes == 1:
        return "binary"
    last = true_shape[-1] if true_shape else None
    if len(true_shape) < len(pred_shape) or (last == 1 and classes is not None and classes > 1):
        return "sparse_categorical"
    return "categorical"


_ACCURACIES = {"binary": "BinaryAccuracy", "sparse_categorical": "SparseCategoricalAccuracy",
               "categorical": "CategoricalAccuracy"}


def get_metric(identifier: Any, y_true: Tensor, y_pred: Tensor) -> Any:
    """The metric for a name, a function, a class or a metric; `"accuracy"` by the shapes of labels and predictions.

    Raises:
      ValueError: None, or an unknown name.
    """
    if identifier is None:
        raise ValueError("Expected metric, received `None`")
    if str(identifier).lower() in ("accuracy", "acc"):
        metric = getattr(metrics, _ACCURACIES[kind_of_labels(y_true, y_pred)])(name=str(identifier))
    else:
        metric = metrics.get(identifier)
    name = identifier if isinstance(identifier, str) else get_object_name(metric)
    if not isinstance(metric, metrics.Metric):
        metric = metrics.MeanMetricWrapper(metric, name=name)
    metric.name = name
    return metric


def get_object_name(obj: object) -> str:
    """The name of an object: its `name`, or that of the function or class."""
    if hasattr(obj, "name"):
        return str(obj.name)
    return to_snake_case(getattr(obj, "__name__", type(obj).__name__))


def get_loss(identifier: Any, y_true: Tensor, y_pred: Tensor) -> Any:
    """The loss for a name, a function, a class or a loss; `"crossentropy"` by the shapes of labels and predictions.

    Raises:
      ValueError: an unknown name.
    """
    if identifier is None:
        return None
    if str(identifier).lower() in ("crossentropy", "ce"):
        loss = getattr(losses, f"{kind_of_labels(y_true, y_pred)}_crossentropy")
    else:
        loss = losses.get(identifier)
    if isinstance(loss, losses.Loss):
        return loss
    name = identifier if isinstance(identifier, str) else get_object_name(loss)
    return losses.LossFunctionWrapper(loss, name=name)
