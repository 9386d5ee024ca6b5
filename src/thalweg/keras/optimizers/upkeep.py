"""What happens to variables beside the step itself: weight decay and moving averages."""
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import thalweg as tf

from ..types import Tensor


class Upkeep:
    """Weight decay and moving averages, as the arguments of an optimizer ask for them."""

    weight_decay: float | None
    use_ema: bool
    ema_momentum: float
    ema_overwrite_frequency: int | None
    iterations: Any
    learning_rate: Any
    _trainable_variables: list[Any]
    _averages: list[Any]
    _excluded: set[int]
    _excluded_pattern: re.Pattern[str] | None

    def exclude_from_weight_decay(self, var_list: Sequence[Any] | None = None,
                                  var_names: Sequence[str] | None = None) -> None:
        """Leaves variables out of weight decay: those listed, and those whose name contains one of the names."""
        self._excluded = {id(variable) for variable in var_list or ()}
        self._excluded_pattern = re.compile("|".join(set(var_names))) if var_names else None

    def _use_weight_decay(self, variable: Any) -> bool:
        pattern = self._excluded_pattern
        return id(variable) not in self._excluded and (pattern is None or pattern.search(variable.name) is None)

    def _apply_weight_decay(self, variables: Sequence[Any]) -> None:
        if self.weight_decay is None:
            return
        for variable in variables:
            if self._use_weight_decay(variable):
                rate = tf.cast(self.learning_rate, variable.dtype)
                variable.assign_sub(variable * (rate * self.weight_decay), read_value=False)

    def _update_averages(self) -> None:
        for variable, average in zip(self._trainable_variables, self._averages, strict=True):
            if average is not None:
                momentum = self.ema_momentum * tf.cast(tf.not_equal(self.iterations, 0), variable.dtype)
                average.assign(momentum * average + (1 - momentum) * variable)
        if self.ema_overwrite_frequency:
            due = tf.equal((self.iterations + 1) % self.ema_overwrite_frequency, 0)
            when(due, lambda: self._use_averages(self._trainable_variables), lambda: None)

    def _use_averages(self, trainable_variables: Sequence[Any]) -> None:
        if len(trainable_variables) != len(self._averages):
            raise ValueError(
                f"The length of model variables ({len(trainable_variables)}) to override does not match the length of "
                f"model variables stored in the optimizer ({len(self._averages)}). Please check if the optimizer was "
                "called on your model.")
        for variable, average in zip(trainable_variables, self._averages, strict=True):
            if average is not None:
                variable.assign(average)

    def finalize_variable_values(self, var_list: Sequence[Any]) -> None:
        """Sets the variables to their averages, where there are any: what `fit` does in the end."""
        if self.use_ema:
            self._use_averages(var_list)


def when(condition: Tensor, then: Callable[[], None], otherwise: Callable[[], None]) -> None:
    """Runs one of two functions: at once for a value, as a branch of a graph for a symbol."""
    if tf.executing_eagerly():
        (then if bool(condition) else otherwise)()
    else:
        tf.cond(condition, then, otherwise)
