"""`Callback`: the base class."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Logs = Mapping[str, Any] | None
"""Results by name, or None."""


def does_nothing(method: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a method that need not be called."""
    method._does_nothing = True  # type: ignore[attr-defined]
    return method


def is_overridden(method: Callable[..., Any] | None) -> bool:
    """Whether a method of a callback does something."""
    return method is not None and not getattr(method, "_does_nothing", False)


class Callback:
    """Base class of callbacks: subclasses define the methods that they need.

    Attributes:
      params: `verbose`, `epochs` and `steps`.
      model: the model that is trained, measured or asked.
    """

    def __init__(self) -> None:
        self.params: dict[str, Any] | None = None
        self._model: Any = None

    @property
    def model(self) -> Any:
        """The model."""
        return self._model

    def set_params(self, params: dict[str, Any]) -> None:
        """Takes the parameters of the run."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Takes the model."""
        self._model = model

    @does_nothing
    def on_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """The same as `on_train_batch_begin`."""

    @does_nothing
    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """The same as `on_train_batch_end`."""

    @does_nothing
    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Before each epoch of `fit`."""

    @does_nothing
    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """After each epoch of `fit`; `logs` holds its results."""

    @does_nothing
    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Before each batch of `fit`."""
        self.on_batch_begin(batch, logs=logs)

    @does_nothing
    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """After each batch of `fit`; `logs` holds the results of the epoch so far."""
        self.on_batch_end(batch, logs=logs)

    @does_nothing
    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Before each batch of `evaluate`, and of the validation in `fit`."""

    @does_nothing
    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """After each batch of `evaluate`; `logs` holds the results so far."""

    @does_nothing
    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Before each batch of `predict`."""

    @does_nothing
    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        """After each batch of `predict`; `logs["outputs"]` is what the model returned."""

    @does_nothing
    def on_train_begin(self, logs: Logs = None) -> None:
        """Before `fit`."""

    @does_nothing
    def on_train_end(self, logs: Logs = None) -> None:
        """After `fit`; `logs` holds the results of the last epoch."""

    @does_nothing
    def on_test_begin(self, logs: Logs = None) -> None:
        """Before `evaluate`, and before the validation in `fit`."""

    @does_nothing
    def on_test_end(self, logs: Logs = None) -> None:
        """After `evaluate`; `logs` holds the results."""

    @does_nothing
    def on_predict_begin(self, logs: Logs = None) -> None:
        """Before `predict`."""

    @does_nothing
    def on_predict_end(self, logs: Logs = None) -> None:
        """After `predict`."""
