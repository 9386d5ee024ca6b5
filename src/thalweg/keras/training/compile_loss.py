"""`CompileLoss`: the loss of a model, from the losses of its outputs."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import thalweg as tf

from .. import metrics
from ..config import floatx
from ..types import Tensor
from .resolve import get_loss
from .structure import is_nested, labels_of, names_of, weights_of


class _Part(NamedTuple):
    output: int
    loss: Any
    weight: float | None
    name: str


class CompileLoss:
    """The weighted sum of the losses of all outputs.

    Args:
      loss: one loss, or a list or dict of them for the outputs; names, functions or `Loss` objects, None for none.
      loss_weights: a factor, or a list or dict of them.
      output_names: the names of the outputs, where the model knows them.

    Raises:
      ValueError: `loss_weights` has a wrong type; losses are given for outputs that do not exist.
      KeyError: a loss is given for an output that the model does not have.
    """

    def __init__(self, loss: Any, loss_weights: Any = None, output_names: Sequence[str] | None = None) -> None:
        if loss_weights and not isinstance(loss_weights, (list, tuple, dict, float, int)):
            raise ValueError("Expected `loss_weights` argument to be a float (single output case) or a list, tuple, or "
                             f"dict (multiple output case). Received instead: loss_weights={loss_weights} of type "
                             f"{type(loss_weights)}")
        self.name = "compile_loss"
        self._loss = loss
        self._loss_weights = loss_weights
        self._output_names = output_names
        self.built = False
        self._parts: list[_Part] = []
        self._names: list[str | None] = []
        self._given: list[bool] = []
        self._trackers: list[Any] = []

    @property
    def metrics(self) -> list[Any]:
        """The mean of the loss of every output, where there are several."""
        return self._trackers

    @property
    def variables(self) -> list[Any]:
        """The state of `metrics`."""
        return [v for metric in self._trackers for v in metric.variables]

    def build(self, y_true: Any, y_pred: Any) -> None:
        """Finds the losses for the outputs."""
        self._names = names_of(y_pred, self._output_names)
        chosen = self._per_output(self._loss, y_pred, "loss")
        weights = self._weights(chosen)
        self._given = [any(one is not None for one in losses) for losses in chosen]
        labels = labels_of(y_true, y_pred, self._names, self._given)
        outputs = tf.nest.flatten(y_pred)
        for index, losses in enumerate(chosen):
            for number, one in enumerate(losses):
                if one is None:
                    continue
                resolved = get_loss(one, labels[index], outputs[index])
                self._parts.append(_Part(index, resolved, weights[index][number], self._names[index] or resolved.name))
        if len(self._parts) > 1:
            self._trackers = [metrics.Mean(name=f"{part.name}_loss") for part in self._parts]
        self.built = True

    def _per_output(self, config: Any, y_pred: Any, argument: str) -> list[list[Any]]:
        """What is given for each output, as a list."""
        count = len(self._names)
        if not is_nested(config):
            return [[config] for _ in range(count)]
        if isinstance(config, dict):
            known = set(self._names)
            if not isinstance(y_pred, dict) and self._output_names and set(config) != known:
                raise ValueError(f"Expected keys {list(self._names)} in loss dict, but found "
                                 f"loss.keys()={list(config)}")
            for key in config:
                if key not in known:
                    raise KeyError(f"The path: {(key,)} in the `{argument}` argument, can't be found in either the "
                                   "model's "
                                   "output (`y_pred`) or in the labels (`y_true`).")
            return [_listed(config.get(name)) for name in self._names]
        if is_nested(y_pred) and len(config) == count:
            return [_listed(one) for one in config]
        if not is_nested(y_pred) or count == 1:
            return [list(config)]
        flat = tf.nest.flatten(config)
        if len(flat) == count:
            return [[one] for one in flat]
        raise ValueError(f"Expected one loss for each of the {count} outputs. Received: {argument}={config}")

    def _weights(self, chosen: list[list[Any]]) -> list[list[float | None]]:
        given = self._loss_weights
        if given is None:
            return [[None] * len(losses) for losses in chosen]
        if isinstance(given, dict):
            return [[given.get(name)] * len(losses) for name, losses in zip(self._names, chosen, strict=True)]
        flat = tf.nest.flatten(given)
        total = sum(len(losses) for losses in chosen)
        if not is_nested(given):
            return [[given] * len(losses) for losses in chosen]
        if len(flat) != total:
            raise ValueError(f"`loss_weights` must match the number of losses, got {total} losses and {len(flat)} "
                             "weights.")
        rest = iter(flat)
        return [[next(rest) for _ in losses] for losses in chosen]

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor | None:
        """The loss of a batch; None where no output has one.

        Raises:
          ValueError: there are no labels, or they do not fit the outputs.
        """
        if y_true is None:
            raise ValueError("None values not supported. The loss needs labels, but `y` is None.")
        if not self.built:
            self.build(y_true, y_pred)
        if len(self._parts) == 1 and not is_nested(y_pred) and not is_nested(y_true):
            return self._value(self._parts[0], y_true, y_pred, sample_weight)
        outputs = tf.nest.flatten(y_pred)
        labels = labels_of(y_true, y_pred, self._names, self._given)
        weights = [None] * len(outputs) if sample_weight is None else weights_of(sample_weight, len(outputs))
        total = None
        for number, part in enumerate(self._parts):
            tracker = self._trackers[number] if self._trackers else None
            i = part.output
            value = self._value(part, labels[i], outputs[i], weights[i], tracker)
            total = value if total is None else total + value
        return total

    def _value(self, part: _Part, y_true: Any, y_pred: Any, sample_weight: Any, tracker: Any = None) -> Tensor:
        value = part.loss(y_true, y_pred, sample_weight[0] if is_nested(sample_weight) else sample_weight)
        if value.dtype.name != floatx():
            value = tf.cast(value, floatx())
        if tracker is not None:
            tracker.update_state(value)
        return value if part.weight is None else value * part.weight


def _listed(config: Any) -> list[Any]:
    return list(config) if isinstance(config, (list, tuple)) else [config]
