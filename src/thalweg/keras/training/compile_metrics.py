"""`CompileMetrics`: the metrics given to `compile`, updated together."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from ..metrics import Metric
from .resolve import get_metric
from .structure import is_flat, is_nested, labels_of, names_of, weights_of


class CompileMetrics(Metric):
    """All metrics of a model.

    Args:
      metrics: a list for a single output; a list with an entry, or a list of them, for each output; a dict of these.
      weighted_metrics: the same, for metrics that sample weights apply to.
      output_names: the names of the outputs, where the model knows them.

    Raises:
      ValueError: an argument of a wrong type, or one that does not fit the outputs.
    """

    def __init__(self, metrics: Any, weighted_metrics: Any, name: str = "compile_metrics",
                 output_names: Sequence[str] | None = None) -> None:
        super().__init__(name=name)
        for argument, given in (("metrics", metrics), ("weighted_metrics", weighted_metrics)):
            if given and not isinstance(given, (list, tuple, dict)):
                raise ValueError(f"Expected `{argument}` argument to be a list, tuple, or dict. Received instead: "
                                 f"{argument}={given} of type {type(given)}")
        self._given = {"metrics": metrics, "weighted_metrics": weighted_metrics}
        self._output_names = output_names
        self.built = False
        self._names: list[str | None] = []
        self._measured: list[bool] = []
        self._flat: list[list[Any]] = []
        self._flat_weighted: list[list[Any]] = []

    @property
    def metrics(self) -> list[Any]:
        """The metrics, those of `weighted_metrics` last."""
        return [metric for group in (self._flat, self._flat_weighted) for each in group for metric in each]

    @property
    def variables(self) -> list[Any]:
        return [v for metric in self.metrics for v in metric.variables]

    def build(self, y_true: Any, y_pred: Any) -> None:
        """Finds the metrics for the outputs."""
        self._names = names_of(y_pred, self._output_names)
        groups = [self._per_output(given, y_pred, argument) for argument, given in self._given.items()]
        self._measured = [any(each) for each in zip(*groups, strict=True)]
        labels = labels_of(y_true, y_pred, self._names, self._measured)
        outputs = tf.nest.flatten(y_pred)
        self._flat, self._flat_weighted = (
            [[get_metric(one, labels[i], outputs[i]) for one in each] for i, each in enumerate(group)]
            for group in groups
        )
        self.built = True

    def _per_output(self, given: Any, y_pred: Any, argument: str) -> list[list[Any]]:
        count = len(self._names)
        if not given:
            return [[] for _ in range(count)]
        if count == 1:
            return [tf.nest.flatten(given)]
        if is_flat(y_pred):
            if isinstance(given, (list, tuple)) and len(given) == count:
                return [_listed(one) for one in given]
            if isinstance(given, dict) and set(given) <= set(self._names):
                return [_listed(given.get(name)) for name in self._names]
        shape = tf.nest.map_structure(lambda _: "X", y_pred)
        either = (f"and either be a dict or a list matching the output names of the functional model "
                  f"{list(self._output_names)} or match" if self._output_names else "and match")
        raise ValueError(f"Invalid `{argument}`. `{argument}` should contain metrics objects {either} the output "
                         f"structure of the model: {shape}.\nReceived: {argument}={given}")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Updates every metric with a batch."""
        if not self.built:
            self.build(y_true, y_pred)
        if not is_nested(y_pred) and not is_nested(y_true):
            for metric in self._flat[0]:
                metric.update_state(y_true, y_pred)
            for metric in self._flat_weighted[0]:
                metric.update_state(y_true, y_pred, sample_weight)
            return
        outputs = tf.nest.flatten(y_pred)
        labels = labels_of(y_true, y_pred, self._names, self._measured)
        weights = [None] * len(outputs) if sample_weight is None else weights_of(sample_weight, len(outputs))
        for i, output in enumerate(outputs):
            for metric in self._flat[i]:
                metric.update_state(labels[i], output)
            for metric in self._flat_weighted[i]:
                metric.update_state(labels[i], output, weights[i])

    def reset_state(self) -> None:
        for metric in self.metrics:
            metric.reset_state()

    def result(self) -> dict[str, Any]:
        """The results of all metrics, by their names with those of their outputs.

        Raises:
          ValueError: there was no batch yet.
        """
        if not self.built:
            raise ValueError("Cannot get result() since the metric has not yet been built.")
        results: dict[str, Any] = {}
        counts: dict[str, int] = {}
        several = len(self._names) > 1
        for weighted, group in ((False, self._flat), (True, self._flat_weighted)):
            for output, each in zip(self._names, group, strict=True):
                prefix = f"{output}_" if several and output else ""
                for metric in each:
                    results[_unused(f"{prefix}{metric.name}", f"{prefix}weighted_{metric.name}", weighted, counts)] = (
                        metric.result()
                    )
        return results


def _listed(given: Any) -> list[Any]:
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple)) else [given]


def _unused(name: str, weighted_name: str, weighted: bool, counts: dict[str, int]) -> str:
    """A name that no result has yet."""
    if name in counts and weighted:
        name = weighted_name
    index = counts.get(name, 0)
    counts[name] = index + 1
    return f"{name}_{index}" if index else name
