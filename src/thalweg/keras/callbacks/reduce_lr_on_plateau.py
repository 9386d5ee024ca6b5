"""`ReduceLROnPlateau`: a lower learning rate when a result no longer improves."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..utils.io import print_msg
from ..utils.warn import warn
from .callback import Logs
from .monitor import MonitorCallback


class ReduceLROnPlateau(MonitorCallback):
    """Lowers the learning rate when a result has not improved for some epochs.

    Args:
      monitor: the name of the result.
      factor: what the learning rate is multiplied by, below 1.
      patience: how many epochs without improvement are borne.
      verbose: 1 to say so.
      mode: `"min"`, `"max"` or `"auto"`.
      min_delta: the least change that counts as an improvement.
      cooldown: epochs to wait after the rate was lowered.
      min_lr: the lowest learning rate.

    Raises:
      ValueError: the factor is 1 or more.
    """

    def __init__(self, monitor: str = "val_loss", factor: float = 0.1, patience: int = 10, verbose: int = 0,
                 mode: str = "auto", min_delta: float = 1e-4, cooldown: int = 0, min_lr: float = 0.0,
                 **kwargs: Any) -> None:
        super().__init__(monitor, mode, min_delta=min_delta)
        if factor >= 1.0:
            raise ValueError(f"ReduceLROnPlateau does not support a factor >= 1.0. Received factor={factor}")
        self.factor = factor
        self.min_lr = min_lr
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self.cooldown_counter = 0
        self.wait = 0

    def on_train_begin(self, logs: Logs = None) -> None:
        self.best = None
        self.cooldown_counter = 0
        self.wait = 0

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if self.monitor_op is None:
            self._set_monitor_op()
        logs = {} if logs is None else logs
        logs["learning_rate"] = _rate_of(self.model.optimizer)
        current = logs.get(self.monitor)
        if current is None:
            warn(f"Learning rate reduction is conditioned on metric `{self.monitor}` which is not available. "
                          f"Available metrics are: {','.join(logs)}.")
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self._is_improvement(current, self.best):
            self.best = current
            self.wait = 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience and self._reduce(epoch):
                self.cooldown_counter = self.cooldown
                self.wait = 0

    def _reduce(self, epoch: int) -> bool:
        optimizer = self.model.optimizer
        before = _rate_of(optimizer)
        if before <= np.float32(self.min_lr):
            return False
        rate = max(before * self.factor, self.min_lr)
        optimizer.learning_rate = rate
        if self.verbose > 0:
            print_msg(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {rate}.")
        return True

    def in_cooldown(self) -> bool:
        """Whether the learning rate was lowered a short while ago."""
        return self.cooldown_counter > 0


def _rate_of(optimizer: Any) -> float:
    return float(np.asarray(optimizer.learning_rate))
