"""Moving averages as TensorFlow 2 has them: those of TensorFlow 1, run at once outside graphs."""
from __future__ import annotations

from ..v1.averages import ExponentialMovingAverage as _InGraphs
from .v1 import _adapted_class

ExponentialMovingAverage = _adapted_class(_InGraphs)
