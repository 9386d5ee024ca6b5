"""One step of training, evaluation or prediction. All state is in variables, so that a step can be traced."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import thalweg as tf

from ..layers.context import unknown_batch
from ..utils.warn import warn
from .compiling import Compiled
from .data.packing import class_weight_to_sample_weights, unpack_x_y_sample_weight
from .data.sources import source_of
from .logs import pythonify_logs


def batch_size_of(x: Any) -> Any:
    """The size of the first axis: a number, or a scalar tensor where only the running program knows it."""
    first = next(part for part in tf.nest.flatten(x) if part is not None)
    size = first.shape[0]
    return tf.shape(first)[0] if size is None else size


class Steps(Compiled):
    """The part of `Model` that takes a batch."""

    def train_step(self, data: Any) -> dict[str, Any]:
        """Learns from a batch; subclasses may do it in their own way.

        Args:
          data: `x`, `(x, y)` or `(x, y, sample_weight)`.

        Returns:
          The results of all metrics so far.
        """
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True) if self._call_has_training_arg else self(x)
            loss = self._compute_loss(x, y, y_pred, sample_weight, True)
            scaled = loss if self.optimizer is None else self.optimizer.scale_loss(loss)
        weights = self.trainable_weights
        if weights:
            self.optimizer.apply_gradients(zip(tape.gradient(scaled, weights), weights, strict=True))
        else:
            warn("The model does not have any trainable weights.")
        self._loss_tracker.update_state(loss, sample_weight=batch_size_of(x))
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def test_step(self, data: Any) -> dict[str, Any]:
        """Measures a batch; subclasses may do it in their own way.

        Args:
          data: `x`, `(x, y)` or `(x, y, sample_weight)`.

        Returns:
          The results of all metrics so far.
        """
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self(x, training=False) if self._call_has_training_arg else self(x)
        loss = self._compute_loss(x, y, y_pred, sample_weight, False)
        self._loss_tracker.update_state(loss, sample_weight=batch_size_of(x))
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def predict_step(self, data: Any) -> Any:
        """What the model returns for a batch; subclasses may do it in their own way.

        Args:
          data: `x`, `(x, y)` or `(x, y, sample_weight)`.
        """
        x, _, _ = unpack_x_y_sample_weight(data)
        return self(x, training=False) if self._call_has_training_arg else self(x)

    def _make_function(self, step: Callable[[Any], Any]) -> Callable[[Iterator[Any]], Any]:
        inner = step
        if not self.run_eagerly:
            inner = tf.function(step, jit_compile=self._jit_compile)

        def function(batches: Iterator[Any]) -> Any:
            outputs = None
            for batch in batches:
                if self.built:
                    outputs = inner(batch)
                else:
                    with self._building_on(batch):
                        outputs = inner(batch)
            return outputs

        function.__wrapped__ = inner  # type: ignore[attr-defined]  # for `tf.explain` and `inspect`
        return function

    def _building_on(self, batch: Any) -> Any:
        """Weights made on this batch are made for batches of any size."""
        x, _, _ = unpack_x_y_sample_weight(batch)
        shapes = [part.shape for part in tf.nest.flatten(x) if part is not None]
        return unknown_batch(shapes[0][0]) if shapes and len(shapes[0]) else nullcontext()

    def __getstate__(self) -> dict[str, Any]:
        # These three belong to this very model; a copy makes its own.
        return {**self.__dict__, "train_function": None, "test_function": None, "predict_function": None}

    def make_train_function(self, force: bool = False) -> Any:
        """Makes `train_function`, which takes batches one after another and returns the results after the last."""
        if self.train_function is None or force:
            object.__setattr__(self, "train_function", self._make_function(self.train_step))
        return self.train_function

    def make_test_function(self, force: bool = False) -> Any:
        """Makes `test_function`, which takes batches one after another and returns the results after the last."""
        if self.test_function is None or force:
            object.__setattr__(self, "test_function", self._make_function(self.test_step))
        return self.test_function

    def make_predict_function(self, force: bool = False) -> Any:
        """Makes `predict_function`, which takes a batch and returns what the model does."""
        if self.predict_function is None or force:
            object.__setattr__(self, "predict_function", self._make_function(self.predict_step))
        return self.predict_function

    def train_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None,
                       return_dict: bool = False) -> Any:
        """Learns from one batch.

        Args:
          x: the input: an array, or a list or dict of arrays.
          y: the labels.
          sample_weight: weights of the samples.
          class_weight: weights by class number.
          return_dict: whether the results come as a dict.

        Returns:
          The loss, or a list of the loss and the metrics, or a dict.

        Raises:
          ValueError: not compiled; both kinds of weights; arrays of different lengths.
        """
        self._assert_compiled()
        if class_weight is not None:
            if sample_weight is not None:
                raise ValueError("Arguments `sample_weight` and `class_weight` cannot be specified at the same time. "
                                 f"Received: sample_weight={sample_weight}, class_weight={class_weight}")
            sample_weight = class_weight_to_sample_weights(y, class_weight)
        return self._on_batch(self.make_train_function(), x, y, sample_weight, return_dict)

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False) -> Any:
        """Measures one batch.

        Args:
          x: the input: an array, or a list or dict of arrays.
          y: the labels.
          sample_weight: weights of the samples.
          return_dict: whether the results come as a dict.

        Returns:
          The loss, or a list of the loss and the metrics, or a dict.

        Raises:
          ValueError: not compiled; arrays of different lengths.
        """
        self._assert_compiled()
        return self._on_batch(self.make_test_function(), x, y, sample_weight, return_dict)

    def _on_batch(self, function: Callable[[Iterator[Any]], Any], x: Any, y: Any, sample_weight: Any,
                  return_dict: bool) -> Any:
        self.reset_metrics()
        logs = pythonify_logs(function(source_of(x, y, sample_weight, steps=1).epoch()))
        return logs if return_dict else self._in_order(logs)

    def predict_on_batch(self, x: Any) -> Any:
        """What the model returns for one batch, as NumPy arrays."""
        outputs = self.make_predict_function()(source_of(x, steps=1).epoch())
        return tf.nest.map_structure(lambda t: t.numpy(), outputs)
