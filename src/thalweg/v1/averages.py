"""Moving averages of variables and tensors."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from ..core.variable import Variable as BaseVariable
from .building import in_default_graph
from .collections import GraphKeys, global_variables, home, moving_average_variables, trainable_variables
from .framework import name_scope
from .initializers import ZEROS
from .scopes import variable_scope
from .variables import new_variable


class ExponentialMovingAverage:
    """Averages that move a share `1 - decay` of the way to the present value at every step.

    Args:
      decay: how much of the average stays.
      num_updates: a count of steps; while it is small, `(1 + n) / (10 + n)` is the decay if that is less.
      zero_debias: whether averages of tensors, which start at zero, are corrected for it (Kingma and Ba 2015).
      name: of the operations, and of the averages: `variable/name`.
    """

    def __init__(self, decay: Any, num_updates: Any = None, zero_debias: bool = False,
                 name: str = "ExponentialMovingAverage") -> None:
        self._decay = decay
        self._num_updates = num_updates
        self._zero_debias = zero_debias
        self._name = name
        self._averages: dict[int, tuple[Any, Any]] = {}

    @property
    def name(self) -> str:
        """The name of this object."""
        return self._name

    def apply(self, var_list: Sequence[Any] | None = None) -> Any:
        """An operation that moves the averages; in eager code it moves them.

        Args:
          var_list: variables, or in a graph tensors; the trainable variables unless told otherwise.

        Raises:
          TypeError: not of a floating dtype, or a tensor in eager code.
        """
        chosen = trainable_variables() if var_list is None else list(var_list)
        with in_default_graph() as g:
            fresh = []
            for v in chosen:
                variable = isinstance(v, BaseVariable)
                if g is None and not variable:
                    raise TypeError("tf.train.ExponentialMovingAverage does not support non-Variable tensors when eager "
                                    "execution is enabled.")
                if not v.dtype.is_floating:
                    raise TypeError(f"The variables must be half, float, or double: {v.name}")
                if id(v) not in self._averages:
                    self._averages[id(v)] = (v, self._new(v, g))
                    if not variable and self._zero_debias:
                        fresh.append(id(v))
            with name_scope(self._name) as scope:
                decay = tf.convert_to_tensor(self._decay, tf.float32, name="decay")
                if self._num_updates is not None:
                    n = tf.cast(self._num_updates, tf.float32, name="num_updates")
                    decay = tf.minimum(decay, (1.0 + n) / (10.0 + n))
                moved = [_follow(self.average(v), v, decay, id(v) in fresh) for v in chosen]
                if g is None:
                    return None
            with g.name_scope(None):
                return tf.group(*moved, name=scope.rstrip("/"))

    def _new(self, v: Any, g: Any) -> Any:
        with tf.control_dependencies(None), variable_scope(None, f"{_name_of(v)}/{self._name}") as opened:
            if not isinstance(v, BaseVariable):
                return new_variable(lambda: ZEROS(v.shape.as_list(), v.dtype), False, name=opened.name + "/")
            start = v.value() if g is None or not hasattr(v, "initial_value") else v.initial_value
            if g is not None:
                home().add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, v)
            return new_variable(start, False, name=opened.name + "/")

    def average(self, var: Any) -> Any:
        """The variable that holds the average of another, or None."""
        found = self._averages.get(id(var))
        return None if found is None else found[1]

    def average_name(self, var: Any) -> str:
        """The name of the average of a variable, also where there is none yet."""
        found = self.average(var)
        if found is not None:
            return _name_of(found)
        return str(home().unique_name(f"{_name_of(var)}/{self._name}", mark_as_used=False))

    def variables_to_restore(self, moving_avg_variables: Sequence[Any] | None = None) -> dict[str, Any]:
        """The names to load variables by, so that each gets its average: others are loaded by their own."""
        averaged = list(moving_avg_variables) if moving_avg_variables is not None else \
            [*trainable_variables(), *moving_average_variables()]
        found = {self.average_name(v): v for v in averaged}
        names = {v.name for v in averaged}
        for v in global_variables():
            if v.name not in names and _name_of(v) not in found:
                found[_name_of(v)] = v
        return found


def _name_of(v: Any) -> str:
    return str(v.name).partition(":")[0]


def _follow(average: Any, value: Any, decay: Any, debias: bool) -> Any:
    with name_scope("AssignMovingAvg"):
        rate = tf.cast(1.0 - decay, average.dtype)
        value = tf.convert_to_tensor(value)
        if not debias:
            return average.assign_sub((tf.identity(average) - value) * rate)
        # The sum of all shares so far is less than one: dividing by it makes up for the start at zero.
        with tf.control_dependencies(None), variable_scope(_name_of(average)):
            name = _name_of(average)
            biased = new_variable(lambda: ZEROS(average.shape.as_list(), average.dtype), False, name=f"{name}/biased/")
            count = new_variable(lambda: ZEROS([], average.dtype), False, name=f"{name}/local_step/")
        held = biased.assign_sub((tf.identity(biased) - value) * rate)
        steps = count.assign_add(tf.ones([], average.dtype))
        return average.assign(tf.convert_to_tensor(held) / (1 - tf.pow(1.0 - rate, tf.convert_to_tensor(steps))))
