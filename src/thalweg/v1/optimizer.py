"""The base of TensorFlow 1's optimizers: `minimize` builds the operation that a session runs for a step."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import thalweg as tf

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import get_op
from ..core.variable import update
from .building import in_default_graph
from .collections import GraphKeys, home, trainable_variables
from .framework import gradients, name_scope
from .initializers import Constant
from .scopes import variable_scope
from .variables import new_variable

Pair = tuple[Any, Any]


class Optimizer:
    """The base of the optimizers.

    In eager code `minimize` takes a function of no arguments and moves the variables at once.

    Args:
      use_locking: accepted; updates never interleave here.
      name: of the operations, and of the slots' variables.

    Raises:
      ValueError: no name.
    """

    GATE_NONE = 0
    GATE_OP = 1
    GATE_GRAPH = 2

    def __init__(self, use_locking: bool, name: str) -> None:
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._name = name
        self._use_locking = use_locking
        self._slots: dict[str, dict[int, Any]] = {}
        self._shared: dict[tuple[int, str], Any] = {}
        self._held: list[Any] = []
        """The variables that have slots: their ids stay theirs as long as this optimizer lives."""
        self._tensors: dict[tuple[str, str], Any] = {}

    def get_name(self) -> str:
        """The name of this optimizer."""
        return self._name

    def minimize(self, loss: Any, global_step: Any = None, var_list: Any = None, gate_gradients: int = GATE_OP,
                 aggregation_method: Any = None, colocate_gradients_with_ops: bool = False, name: str | None = None,
                 grad_loss: Any = None) -> Any:
        """An operation that takes one step down the gradient of `loss`.

        Args:
          loss: a tensor; in eager code a function that computes it.
          global_step: a variable to count steps in.
          var_list: the variables to move; the trainable ones unless told otherwise, in eager code those that the loss reads.
          gate_gradients, aggregation_method, colocate_gradients_with_ops: accepted, without effect.
          name: of the operation.
          grad_loss: the gradient that comes to the loss; ones unless told otherwise.

        Raises:
          ValueError: the loss depends on none of the variables.
          RuntimeError: in eager code, a loss that is no function.
        """
        pairs = self.compute_gradients(loss, var_list, gate_gradients, aggregation_method, colocate_gradients_with_ops,
                                       grad_loss)
        if not any(g is not None for g, _ in pairs):
            raise ValueError("No gradients provided for any variable, check your graph for ops that do not support "
                             f"gradients, between variables {[str(v) for _, v in pairs]} and loss {loss}.")
        return self.apply_gradients(pairs, global_step, name)

    def compute_gradients(self, loss: Any, var_list: Any = None, gate_gradients: int = GATE_OP,
                          aggregation_method: Any = None, colocate_gradients_with_ops: bool = False,
                          grad_loss: Any = None) -> list[Pair]:
        """The gradient of `loss` for each variable, beside the variable; arguments as `minimize`.

        Raises:
          ValueError: there are no variables.
          RuntimeError: in eager code, a loss that is no function.
        """
        with in_default_graph() as g:
            chosen = None if var_list is None else list(tf.nest.flatten(var_list))
            if callable(loss):
                with tf.GradientTape() as tape:
                    if chosen is not None:
                        tape.watch(chosen)
                    value = loss()
                    chosen = list(tape.watched_variables()) if chosen is None else chosen
                return list(zip(tape.gradient(value, chosen, grad_loss), chosen, strict=True))
            if g is None:
                raise RuntimeError("`loss` passed to Optimizer.compute_gradients should be a function when eager execution "
                                   "is enabled.")
            chosen = trainable_variables() if chosen is None else chosen
            if not chosen:
                raise ValueError("No variables to optimize.")
            found = gradients(loss, chosen, grad_loss)
        return list(zip(found, chosen, strict=True))

    def apply_gradients(self, grads_and_vars: Iterable[Pair], global_step: Any = None, name: str | None = None) -> Any:
        """An operation that moves each variable along its gradient.

        Raises:
          ValueError: no pairs, or no gradient in any of them.
        """
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError("No variables provided.")
        moved = [(g, v) for g, v in pairs if g is not None]
        if not moved:
            raise ValueError(f"No gradients provided for any variable: {[str(v) for _, v in pairs]}.")
        with in_default_graph() as g:
            with tf.control_dependencies(None):
                self._create_slots([v for _, v in moved])
            with name_scope(name or self._name) as scope:
                self._tensors.clear()
                self._prepare()
                steps = [self._step(gradient, v) for gradient, v in moved]
                with tf.control_dependencies(_nodes(steps)):
                    steps += self._finish()
                if global_step is not None:
                    with tf.control_dependencies(_nodes(steps)):
                        steps = [update(get_op("AssignAddVariableOp"), (global_step,),
                                        (convert_to_tensor(1, global_step.dtype),))]
            if g is None:
                return None
            with g.control_dependencies(_nodes(steps)), g.name_scope(None):
                train = g.apply(get_op("NoOp"), (), {}, scope)
            if not g.building_function:
                g.add_to_collection(GraphKeys.TRAIN_OP, train)
            return train

    def _step(self, gradient: Any, var: Any) -> Any:
        with name_scope(f"update_{_name_of(var)}"):
            if not isinstance(gradient, IndexedSlices):
                gradient = convert_to_tensor(gradient, var.dtype)
            step = self._apply(gradient, var)
            if var.constraint is None:
                return step
            with tf.control_dependencies(_nodes([step])):
                return var.assign(var.constraint(var), read_value=False)

    def get_slot(self, var: Any, name: str) -> Any:
        """A variable that this optimizer keeps for another, or None."""
        return self._slots.get(name, {}).get(id(var))

    def get_slot_names(self) -> list[str]:
        """The names of the slots."""
        return sorted(self._slots)

    def _trackable_children(self) -> dict[str, Any]:
        """What a checkpoint follows from here: the variables that are not kept for others."""
        return {name: variable for (_, name), variable in self._shared.items()}

    def _slot_variables(self) -> list[tuple[Any, str, Any]]:
        """What a checkpoint keeps beside variables: the variable, the name of the slot, what is kept for it."""
        by_id = {id(variable): variable for variable in self._held}
        return [(by_id[key], slot, kept) for slot, held in self._slots.items() for key, kept in held.items()]

    def variables(self) -> list[Any]:
        """Every variable that this optimizer keeps."""
        return [*self._shared.values(), *[v for slot in self._slots.values() for v in slot.values()]]

    def _slot(self, var: Any, slot: str, name: str, value: float = 0.0) -> Any:
        """The slot of a variable, made full of `value`."""
        return self._slot_of(var, slot, name, lambda: Constant(value)(var.shape.as_list(), var.dtype))

    def _slot_of(self, var: Any, slot: str, name: str, start: Any) -> Any:
        held = self._slots.setdefault(slot, {})
        if id(var) not in held:
            with variable_scope(None, f"{_name_of(var)}/{name}") as opened:
                # The slash keeps the name as it is: the scope has taken it already.
                held[id(var)] = new_variable(start, False, name=opened.name + "/", dtype=var.dtype)
            self._held.append(var)
            self._announce()
        return held[id(var)]

    def _announce(self) -> None:
        """A checkpoint that was restored before may have a value for what is new."""
        for more in self.__dict__.get("_deferred_restorations", ()):
            more()

    def _shared_variable(self, name: str, value: Any) -> Any:
        """A variable that this optimizer keeps once a graph."""
        key = (_home_id(), name)
        if key not in self._shared:
            self._shared[key] = new_variable(value, False, name=name)
            self._announce()
        return self._shared[key]

    def _constant(self, value: Any, name: str, dtype: dtypes.DType) -> Any:
        """A hyperparameter as a tensor, made once a step."""
        if callable(value):
            value = value()
        key = (name, dtype.name)
        if key not in self._tensors:
            made = convert_to_tensor(value, dtype, name=name) if not hasattr(value, "dtype") else value
            self._tensors[key] = made if made.dtype == dtype else tf.cast(made, dtype)
        return self._tensors[key]

    def _create_slots(self, variables: Sequence[Any]) -> None:
        """Makes the slots for variables."""

    def _prepare(self) -> None:
        """Makes what all updates share."""

    def _finish(self) -> list[Any]:
        """Operations to run after all variables moved."""
        return []

    def _apply(self, gradient: Any, var: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not say how it moves a variable")


def _nodes(steps: Sequence[Any]) -> list[Any]:
    return [step for step in steps if step is not None]


def _name_of(var: Any) -> str:
    return str(var.name).partition(":")[0]


def _home_id() -> int:
    """What tells graphs apart; all eager code, and the functions that it calls, are one place."""
    with in_default_graph() as g:
        return 0 if g is None or home().building_function else id(home())
