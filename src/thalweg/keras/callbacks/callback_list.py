"""`CallbackList`: calls several callbacks, and converts results to numbers only for those that look at them."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import thalweg as tf

from ..training.logs import pythonify_logs
from .callback import Callback, Logs, is_overridden
from .history import History
from .progbar_logger import ProgbarLogger


class CallbackList(Callback):
    """Callbacks that are called one after another.

    Args:
      callbacks: one, or several.
      add_history: whether to add a `History` where there is none.
      add_progbar: whether to add a `ProgbarLogger` where there is none.
      model: the model that they belong to.
      params: `verbose`, `epochs` and `steps`.

    Raises:
      TypeError: something that is no callback.
    """

    def __init__(self, callbacks: Callback | Iterable[Callback] | None = None, add_history: bool = False,
                 add_progbar: bool = False, model: Any = None, **params: Any) -> None:
        super().__init__()
        self.callbacks: list[Any] = [] if callbacks is None else tf.nest.flatten(callbacks)
        for callback in self.callbacks:
            if not hasattr(callback, "set_model"):
                raise TypeError("Expected `callbacks` to be objects of `keras.callbacks.Callback`. Received: "
                                f"{callback!r} (of type {type(callback)})")
        self._history = self._find(History)
        if self._history is None and add_history:
            self._history = History()
            self.callbacks.append(self._history)
        if add_progbar and self._find(ProgbarLogger) is None:
            self.callbacks.append(ProgbarLogger())
        if model is not None:
            self.set_model(model)
        if params:
            self.set_params(params)
        self._listeners = {name: self._overriding(name) for name in _BATCH_METHODS}

    def _find(self, kind: type) -> Any:
        return next((callback for callback in reversed(self.callbacks) if isinstance(callback, kind)), None)

    def _overriding(self, name: str) -> list[Any]:
        """The callbacks that listen to something that happens at each batch."""
        return [
            callback
            for callback in self.callbacks
            if is_overridden(getattr(callback, name, None))
            or (name in _TRAIN_METHODS and is_overridden(getattr(callback, _TRAIN_METHODS[name], None)))
        ]

    def append(self, callback: Any) -> None:
        """Adds a callback."""
        self.callbacks.append(callback)
        self._listeners = {name: self._overriding(name) for name in _BATCH_METHODS}

    def set_params(self, params: dict[str, Any]) -> None:
        self.params = params
        for callback in self.callbacks:
            callback.set_params(params)

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        if self._history is not None:
            object.__setattr__(model, "history", self._history)
        for callback in self.callbacks:
            callback.set_model(model)

    def _at_batch(self, name: str, batch: int, logs: Any) -> None:
        listeners = self._listeners[name]
        if not listeners:
            return
        plain: dict[str, Any] | None = None
        for callback in listeners:
            if isinstance(callback, ProgbarLogger):
                # The bar looks at the results only when it is drawn.
                getattr(callback, name)(batch, logs)
                continue
            if plain is None:
                plain = pythonify_logs(logs)
            getattr(callback, name)(batch, logs=plain)

    def on_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self._at_batch("on_batch_begin", batch, logs)

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._at_batch("on_batch_end", batch, logs)

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self._at_batch("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._at_batch("on_train_batch_end", batch, logs)

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self._at_batch("on_test_batch_begin", batch, logs)

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._at_batch("on_test_batch_end", batch, logs)

    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self._at_batch("on_predict_batch_begin", batch, logs)

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._at_batch("on_predict_batch_end", batch, logs)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        plain = pythonify_logs(logs)
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch, plain)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        plain = pythonify_logs(logs)
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, plain)

    def on_train_begin(self, logs: Logs = None) -> None:
        plain = pythonify_logs(logs)
        for callback in self.callbacks:
            callback.on_train_begin(plain)

    def on_train_end(self, logs: Logs = None) -> None:
        plain = pythonify_logs(logs)
        for callback in self.callbacks:
            callback.on_train_end(plain)

    def on_test_begin(self, logs: Logs = None) -> None:
        plain = pythonify_logs(logs)
        for callback in self.callbacks:
            callback.on_test_begin(plain)

    def on_test_end(self, logs: Logs = None) -> None:
        plain = pythonify_logs(logs)
        for callback in self.callbacks:
            callback.on_test_end(plain)

    def on_predict_begin(self, logs: Logs = None) -> None:
        plain = pythonify_logs(logs)
        for callback in self.callbacks:
            callback.on_predict_begin(plain)

    def on_predict_end(self, logs: Logs = None) -> None:
        plain = pythonify_logs(logs)
        for callback in self.callbacks:
            callback.on_predict_end(plain)


_TRAIN_METHODS = {"on_train_batch_begin": "on_batch_begin", "on_train_batch_end": "on_batch_end"}
_BATCH_METHODS = (
    "on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end", "on_test_batch_begin",
    "on_test_batch_end", "on_predict_batch_begin", "on_predict_batch_end",
)  # fmt: skip
