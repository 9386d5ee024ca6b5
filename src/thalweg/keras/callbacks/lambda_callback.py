"""`LambdaCallback`: functions as a callback."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .callback import Callback


class LambdaCallback(Callback):
    """Calls functions in the place of the methods of a callback, with the same arguments.

    Args:
      on_epoch_begin: function of `epoch` and `logs`.
      on_epoch_end: function of `epoch` and `logs`.
      on_train_begin: function of `logs`.
      on_train_end: function of `logs`.
      on_train_batch_begin: function of `batch` and `logs`.
      on_train_batch_end: function of `batch` and `logs`.
      **kwargs: functions for other methods, by their names.
    """

    def __init__(self, on_epoch_begin: Callable[..., Any] | None = None, on_epoch_end: Callable[..., Any] | None = None,
                 on_train_begin: Callable[..., Any] | None = None, on_train_end: Callable[..., Any] | None = None,
                 on_train_batch_begin: Callable[..., Any] | None = None,
                 on_train_batch_end: Callable[..., Any] | None = None, **kwargs: Callable[..., Any]) -> None:
        super().__init__()
        functions = {
            "on_epoch_begin": on_epoch_begin, "on_epoch_end": on_epoch_end, "on_train_begin": on_train_begin,
            "on_train_end": on_train_end, "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end, **kwargs,
        }  # fmt: skip
        self.__dict__.update({name: function for name, function in functions.items() if function is not None})
