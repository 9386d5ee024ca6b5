"""Batches as users write them: `x`, `(x,)`, `(x, y)` or `(x, y, sample_weight)`."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...config import floatx


def unpack_x_y_sample_weight(data: Any) -> tuple[Any, Any, Any]:
    """`x`, `y` and `sample_weight` of a batch, None where one is missing.

    Raises:
      ValueError: a tuple of more than three.
    """
    if isinstance(data, list):
        data = tuple(data)
    if not isinstance(data, tuple):
        return data, None, None
    if not 1 <= len(data) <= 3:
        raise ValueError("Data is expected to be in format `x`, `(x,)`, `(x, y)`, or `(x, y, sample_weight)`, found: "
                         f"{data}")
    x, y, sample_weight = (*data, None, None)[:3]
    return x, y, sample_weight


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """A batch of what is there: `x`, `(x, y)` or `(x, y, sample_weight)`."""
    if y is None:
        return (x,) if isinstance(x, (tuple, list)) else x
    return (x, y) if sample_weight is None else (x, y, sample_weight)


def class_weight_to_sample_weights(y: Any, class_weight: Mapping[int, float]) -> np.ndarray[Any, Any]:
    """A weight for each label, 1 for a class that is not mentioned.

    Args:
      y: labels, class numbers in one column or one-hot rows.
      class_weight: weights by class number.
    """
    labels = np.asarray(y)
    if labels.ndim > 1:
        labels = np.squeeze(labels, -1) if labels.shape[-1] == 1 else np.argmax(labels, -1)
    classes, positions = np.unique(np.round(labels).astype("int32"), return_inverse=True)
    weights = np.array([class_weight.get(int(c), 1.0) for c in classes], floatx())
    return weights[positions.reshape(labels.shape)]
