"""`fit`, `evaluate` and `predict`: the loops over epochs and batches."""
from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

import thalweg as tf

from ..callbacks.callback_list import CallbackList
from ..utils.warn import warn
from .data.arrays import can_slice, train_validation_split
from .data.epochs import Epochs
from .data.packing import unpack_x_y_sample_weight
from .data.sources import source_of, warn_if_not_shuffled
from .interrupt import Uninterrupted
from .logs import pythonify_logs
from .steps import Steps

_NO_BATCHES = ("When passing a Python generator to a Keras model, the generator must yield at least one batch. "
               "Received an empty generator.")


def _grouped(epochs: Iterable[tuple[int, Any]], size: int) -> Iterator[tuple[int, int, list[Any]]]:
    """Batches in groups: the numbers of the first and the last, and the batches."""
    group: list[Any] = []
    first = 0
    for step, batch in epochs:
        if not group:
            first = step
        group.append(batch)
        if len(group) == size:
            yield first, first + size - 1, group
            group = []
    if group:
        yield first, first + size - 1, group


class Trainer(Steps):
    """The part of `Model` that goes through data."""

    history: Any
    stop_evaluating: bool
    stop_predicting: bool
    _initial_epoch: int | None

    def fit(self, x: Any = None, y: Any = None, batch_size: int | None = None, epochs: int = 1,
            verbose: int | str = "auto", callbacks: Any = None, validation_split: float = 0.0,
            validation_data: Any = None, shuffle: bool | str = True, class_weight: Any = None,
            sample_weight: Any = None, initial_epoch: int = 0, steps_per_epoch: int | None = None,
            validation_steps: int | None = None, validation_batch_size: int | None = None,
            validation_freq: int | list[int] = 1) -> Any:
        """Trains the model for some epochs.

        Args:
          x: the input: an array, tensor or data frame, or a list or dict of them; or a generator, data set or
            `PyDataset` of batches `(x, y)` or `(x, y, sample_weight)`.
          y: the labels, in the same forms.
          batch_size: samples in a batch; 32 for None.
          epochs: the number of the epoch to stop before, counted from 0.
          verbose: 0 for silence, 1 for a progress bar, 2 for a line an epoch, `"auto"` for 1.
          callbacks: objects to call along the way.
          validation_split: the last part of the data, in [0, 1), to measure after each epoch instead of training on it.
          validation_data: data to measure after each epoch: `(x, y)`, `(x, y, sample_weight)` or batches.
          shuffle: whether samples are taken in random order; `"batch"` for random order within each batch.
          class_weight: weights by class number.
          sample_weight: weights of the samples.
          initial_epoch: the number of the first epoch.
          steps_per_epoch: batches in an epoch; None for all.
          validation_steps: batches to measure; None for all.
          validation_batch_size: samples in a batch to measure; `batch_size` for None.
          validation_freq: measure after every so many epochs, or after the epochs in a list, counted from 1.

        Returns:
          The `History`: its attribute `history` holds the results of each epoch in a list by name.

        Raises:
          ValueError: not compiled; data that are empty, of different lengths or of an unknown kind.
          KeyboardInterrupt: Ctrl-C was pressed; the weights are those after the last whole step.
        """
        self._assert_compiled()
        if validation_split and validation_data is None:
            (x, y, sample_weight), validation_data = train_validation_split((x, y, sample_weight), validation_split)
        warn_if_not_shuffled(x, shuffle)
        source = source_of(x, y, sample_weight, batch_size, steps_per_epoch, shuffle, class_weight)
        train = Epochs(source, steps_per_epoch)
        validation = None
        if validation_data is not None:
            part = unpack_x_y_sample_weight(validation_data)
            validation = Epochs(source_of(*part, validation_batch_size or batch_size, validation_steps),
                                validation_steps)
        if not isinstance(callbacks, CallbackList):
            callbacks = CallbackList(callbacks, add_history=True, add_progbar=verbose != 0, verbose=verbose,
                                     epochs=epochs, steps=train.num_batches, model=self)
        self.stop_training = False
        self.make_train_function()
        warned = False
        epoch_logs: dict[str, Any] | None = None
        callbacks.on_train_begin()
        with Uninterrupted() as guard:
            for epoch in range(self._initial_epoch or initial_epoch, epochs):
                self.reset_metrics()
                callbacks.on_epoch_begin(epoch)
                logs = self._train_epoch(train, callbacks, guard)
                if train.exhausted and epoch_logs is None:
                    raise ValueError(_NO_BATCHES)
                if train.exhausted:
                    self.stop_training = True
                    break
                epoch_logs = pythonify_logs(self._latest(logs))
                if validation is not None and _is_due(epoch, validation_freq):
                    measured = self._test_epoch(validation, callbacks)
                    epoch_logs.update({f"val_{name}": value for name, value in measured.items()})
                callbacks.on_epoch_end(epoch, epoch_logs)
                if not warned and _is_nan(epoch_logs.get("loss")):
                    warned = True
                    _warn_of_nan(epoch, x, y)
                if self.stop_training:
                    break
        finalize = getattr(self.optimizer, "finalize_variable_values", None)
        if finalize is not None and epochs > 0:
            finalize(self.trainable_weights)
        callbacks.on_train_end(logs=epoch_logs)
        return self.history

    def _train_epoch(self, batches: Epochs, callbacks: CallbackList, guard: Uninterrupted) -> Any:
        logs: Any = {}
        for first, last, group in _grouped(batches, self.steps_per_execution):
            callbacks.on_train_batch_begin(first)
            logs = guard.run(self.train_function, group)
            callbacks.on_train_batch_end(last, logs)
            if self.stop_training:
                break
        return logs

    def evaluate(self, x: Any = None, y: Any = None, batch_size: int | None = None, verbose: int | str = "auto",
                 sample_weight: Any = None, steps: int | None = None, callbacks: Any = None,
                 return_dict: bool = False) -> Any:
        """Measures the loss and the metrics.

        Args:
          x: the input, in the forms that `fit` takes.
          y: the labels.
          batch_size: samples in a batch; 32 for None.
          verbose: 0 for silence, 1 for a progress bar, 2 for a line, `"auto"` for 1.
          sample_weight: weights of the samples.
          steps: batches to measure; None for all.
          callbacks: objects to call along the way.
          return_dict: whether the results come as a dict.

        Returns:
          The loss, or a list of the loss and the metrics, or a dict.

        Raises:
          ValueError: not compiled; data that are empty, of different lengths or of an unknown kind.
        """
        self._assert_compiled()
        batches = Epochs(source_of(x, y, sample_weight, batch_size, steps), steps)
        if not isinstance(callbacks, CallbackList):
            callbacks = CallbackList(callbacks, add_progbar=verbose != 0, verbose=verbose, epochs=1,
                                     steps=batches.num_batches, model=self)
        logs = self._test_epoch(batches, callbacks)
        return logs if return_dict else self._in_order(logs)

    def _test_epoch(self, batches: Epochs, callbacks: CallbackList) -> dict[str, Any]:
        function = self.make_test_function()
        object.__setattr__(self, "stop_evaluating", False)
        callbacks.on_test_begin()
        self.reset_metrics()
        logs: Any = {}
        for first, last, group in _grouped(batches, self.steps_per_execution):
            callbacks.on_test_batch_begin(first)
            logs = function(iter(group))
            callbacks.on_test_batch_end(last, logs)
            if self.stop_evaluating:
                break
        if batches.exhausted:
            raise ValueError(_NO_BATCHES)
        results = pythonify_logs(self._latest(logs))
        callbacks.on_test_end(results)
        return results

    def predict(self, x: Any, batch_size: int | None = None, verbose: int | str = "auto", steps: int | None = None,
                callbacks: Any = None) -> Any:
        """What the model returns for all samples.

        Args:
          x: the input, in the forms that `fit` takes.
          batch_size: samples in a batch; 32 for None.
          verbose: 0 for silence, 1 for a progress bar, 2 for a line, `"auto"` for 1.
          steps: batches to predict; None for all.
          callbacks: objects to call along the way.

        Returns:
          A NumPy array, or a structure of them.

        Raises:
          ValueError: data that are empty or of an unknown kind.
        """
        batches = Epochs(source_of(x, batch_size=batch_size, steps=steps), steps)
        if not isinstance(callbacks, CallbackList):
            callbacks = CallbackList(callbacks, add_progbar=verbose != 0, verbose=verbose, epochs=1,
                                     steps=batches.num_batches, model=self)
        function = self.make_predict_function()
        object.__setattr__(self, "stop_predicting", False)
        callbacks.on_predict_begin()
        parts: list[list[np.ndarray[Any, Any]]] = []
        structure = None
        for first, last, group in _grouped(batches, self.steps_per_execution):
            callbacks.on_predict_batch_begin(first)
            structure = _together([function(iter((batch,))) for batch in group])
            arrays = [t.numpy() for t in tf.nest.flatten(structure)]
            parts = parts or [[] for _ in arrays]
            for part, array in zip(parts, arrays, strict=True):
                part.append(array)
            callbacks.on_predict_batch_end(last, {"outputs": structure})
            if self.stop_predicting:
                break
        callbacks.on_predict_end()
        if not parts:
            raise ValueError(f"Expected data of at least one batch to predict on. Received: x={x}")
        joined = [part[0] if len(part) == 1 else _joined(part) for part in parts]
        return tf.nest.pack_sequence_as(structure, joined)


def _together(structures: list[Any]) -> Any:
    """The outputs for several batches as those for one."""
    if len(structures) == 1:
        return structures[0]
    return tf.nest.map_structure(lambda *parts: tf.concat(parts, 0) if parts[0].shape.rank else tf.stack(parts), *structures)


def _joined(arrays: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    return np.concatenate(arrays) if arrays[0].ndim else np.stack(arrays)


def _is_due(epoch: int, frequency: Any) -> bool:
    if isinstance(frequency, int):
        return (epoch + 1) % frequency == 0
    if isinstance(frequency, list):
        return epoch + 1 in frequency
    raise ValueError("Expected `validation_freq` to be a list or int. Received: "
                     f"validation_freq={frequency} of the type {type(frequency)}.")


def _is_nan(loss: Any) -> bool:
    return isinstance(loss, float) and math.isnan(loss)


def _warn_of_nan(epoch: int, x: Any, y: Any) -> None:
    """Says that the loss is no number, and whether the data are the cause."""
    guilty = [
        name
        for name, data in (("x", x), ("y", y))
        if can_slice(data)
        and any(np.isnan(array).any() for array in map(np.asarray, tf.nest.flatten(data)) if array.dtype.kind == "f")
    ]
    reason = (f"{' and '.join(f'`{name}`' for name in guilty)} contains NaN values" if guilty
              else "the data contain no NaN, so the learning rate may be too high or the loss undefined")
    warn(f"The loss is NaN after epoch {epoch + 1}: {reason}.")
