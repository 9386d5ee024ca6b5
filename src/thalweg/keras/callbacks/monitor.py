"""What the callbacks that watch one result have in common."""
from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from ..utils.warn import warn
from .callback import Callback


class MonitorCallback(Callback):
    """Watches one of the results of each epoch for improvement.

    Args:
      monitor: the name of the result, such as `"val_loss"`.
      mode: `"min"` where less is better, `"max"` where more is, `"auto"` to tell by the name.
      baseline: the value to improve on; the first one for None.
      min_delta: the least change that counts as an improvement.
    """

    def __init__(self, monitor: str = "val_loss", mode: str = "auto", baseline: float | None = None,
                 min_delta: float = 0) -> None:
        super().__init__()
        if mode not in ("auto", "min", "max"):
            warn(f"{type(self).__name__} mode '{mode}' is unknown, fallback to auto mode.")
            mode = "auto"
        self.monitor = monitor
        self.mode = mode
        self.best = baseline
        self.min_delta = abs(min_delta)
        self.monitor_op: Callable[[Any, Any], Any] | None = None

    def _set_monitor_op(self) -> None:
        """Finds out which way improvement goes, once the metrics of the model are known.

        Raises:
          ValueError: that cannot be told.
        """
        if self.mode == "auto":
            self.monitor_op = self._direction()
        else:
            self.monitor_op = operator.lt if self.mode == "min" else operator.gt
        if self.monitor_op is None:
            raise ValueError(f"{type(self).__name__} callback received monitor={self.monitor}, but Keras isn't able to "
                             "automatically determine whether that metric should be maximized or minimized. Pass "
                             "`mode='max'` in order to monitor based on the highest metric value, or pass `mode='min'` "
                             "in order to use the lowest value.")
        if self.monitor_op is operator.lt:
            self.min_delta *= -1

    def _direction(self) -> Callable[[Any, Any], Any] | None:
        name = self.monitor.removeprefix("val_")
        found = operator.lt if name == "loss" else None
        for metric in getattr(self.model, "metrics", ()):
            for part in getattr(metric, "metrics", None) or (metric,):
                if part.name == name and getattr(part, "_direction", None) is not None:
                    found = operator.gt if part._direction == "up" else operator.lt
        return found

    def _is_improvement(self, value: Any, reference: Any) -> bool:
        assert self.monitor_op is not None
        return reference is None or bool(self.monitor_op(value - self.min_delta, reference))
