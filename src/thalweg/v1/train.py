"""Optimizers of TensorFlow 1: `minimize` builds the operation that a session runs for a step."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import thalweg as tf

from ..core import dtypes
from ..core.backprop import dense
from ..core.convert import convert_to_tensor
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import get_op
from ..core.variable import update
from .building import in_default_graph
from .collections import GraphKeys, graph, trainable_variables
from .framework import gradients
from .initializers import Zeros
from .scopes import get_variable
from .variables import Variable

Pair = tuple[Any, Any]


class Optimizer:
    """The base of the optimizers.

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
        self._slots: dict[str, dict[int, Any]] = {}
        self._tensors: dict[tuple[int, str, str], Any] = {}

    def get_name(self) -> str:
        """The name of this optimizer."""
        return self._name

    def minimize(self, loss: Any, global_step: Any = None, var_list: Any = None, gate_gradients: int = GATE_OP,
                 aggregation_method: Any = None, colocate_gradients_with_ops: bool = False, name: str | None = None,
                 grad_loss: Any = None) -> Any:
        """An operation that takes one step down the gradient of `loss`.

        Args:
          global_step: a variable to count steps in.
          var_list: the variables to move; the trainable ones unless told otherwise.

        Raises:
          ValueError: the loss depends on none of the variables.
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
        """The gradient of `loss` for each variable, beside the variable.

        Raises:
          ValueError: there are no variables.
        """
        with in_default_graph():
            if callable(loss):
                loss = loss()
            chosen = list(tf.nest.flatten(var_list)) if var_list is not None else trainable_variables()
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
            with g.control_dependencies(None):
                self._create_slots([v for _, v in moved])
            with g.name_scope(name or self._name) as scope:
                self._prepare()
                steps = []
                for gradient, v in moved:
                    with g.name_scope(f"update_{v.op.name}"):
                        if not isinstance(gradient, IndexedSlices):
                            gradient = convert_to_tensor(gradient, v.dtype)
                        steps.append(self._apply(gradient, v))
                with g.control_dependencies(steps):
                    steps += self._finish()
                if global_step is not None:
                    with g.control_dependencies(steps):
                        steps = [update(get_op("AssignAddVariableOp"), (global_step,),
                                        (convert_to_tensor(1, global_step.dtype),))]
            with g.control_dependencies(steps), g.name_scope(None):
                train = g.apply(get_op("NoOp"), (), {}, scope)
            g.add_to_collection(GraphKeys.TRAIN_OP, train)
            return train

    def get_slot(self, var: Any, name: str) -> Any:
        """A variable that this optimizer keeps for another, or None."""
        return self._slots.get(name, {}).get(id(var))

    def get_slot_names(self) -> list[str]:
        """The names of the slots."""
        return sorted(self._slots)

    def variables(self) -> list[Any]:
        """Every variable that this optimizer keeps."""
        return [v for slot in self._slots.values() for v in slot.values()]

    def _slot(self, var: Any, slot: str, name: str, value: float = 0.0) -> Any:
        held = self._slots.setdefault(slot, {})
        if id(var) not in held:
            shape = var.shape.as_list()
            with graph().name_scope(None):
                held[id(var)] = Variable(lambda: tf.fill(shape, convert_to_tensor(value, var.dtype)), False,
                                         name=f"{var.op.name}/{name}")
        return held[id(var)]

    def _constant(self, value: Any, name: str, dtype: dtypes.DType) -> Any:
        """A hyperparameter as a tensor, made once a graph."""
        if callable(value):
            value = value()
        key = (id(graph()), name, dtype.name)
        if key not in self._tensors:
            made = convert_to_tensor(value, dtype, name=name) if not hasattr(value, "dtype") else value
            self._tensors[key] = made if made.dtype == dtype else tf.cast(made, dtype)
        return self._tensors[key]

    def _create_slots(self, variables: Sequence[Any]) -> None:
        """Makes the slots for variables."""

    def _prepare(self) -> None:
        """Makes what all updates share."""
        self._tensors.clear()

    def _finish(self) -> list[Any]:
        """Operations to run after all variables moved."""
        return []

    def _apply(self, gradient: Any, var: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not say how it moves a variable")


class GradientDescentOptimizer(Optimizer):
    """Plain gradient descent: `var -= learning_rate * gradient`."""

    def __init__(self, learning_rate: Any, use_locking: bool = False, name: str = "GradientDescent") -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate

    def _apply(self, gradient: Any, var: Any) -> Any:
        rate = self._constant(self._learning_rate, "learning_rate", var.dtype)
        if isinstance(gradient, IndexedSlices):
            return update(get_op("ResourceScatterSub"), (var,), (gradient.indices, gradient.values * rate))
        return update(get_op("ResourceApplyGradientDescent"), (var,), (rate, gradient))


class MomentumOptimizer(Optimizer):
    """Gradient descent with momentum, or Nesterov's (Sutskever et al. 2013)."""

    def __init__(self, learning_rate: Any, momentum: Any, use_locking: bool = False, name: str = "Momentum",
                 use_nesterov: bool = False) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._momentum = momentum
        self._use_nesterov = use_nesterov

    def _create_slots(self, variables: Sequence[Any]) -> None:
        for v in variables:
            self._slot(v, "momentum", self._name)

    def _apply(self, gradient: Any, var: Any) -> Any:
        rate = self._constant(self._learning_rate, "learning_rate", var.dtype)
        momentum = self._constant(self._momentum, "momentum", var.dtype)
        return update(get_op("ResourceApplyMomentum"), (var, self.get_slot(var, "momentum")),
                      (rate, dense(gradient), momentum), {"use_nesterov": self._use_nesterov})


class AdagradOptimizer(Optimizer):
    """Adagrad (Duchi et al. 2011)."""

    def __init__(self, learning_rate: Any, initial_accumulator_value: float = 0.1, use_locking: bool = False,
                 name: str = "Adagrad") -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(f"initial_accumulator_value must be positive: {initial_accumulator_value}")
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial = initial_accumulator_value

    def _create_slots(self, variables: Sequence[Any]) -> None:
        for v in variables:
            self._slot(v, "accumulator", self._name, self._initial)

    def _apply(self, gradient: Any, var: Any) -> Any:
        rate = self._constant(self._learning_rate, "learning_rate", var.dtype)
        return update(get_op("ResourceApplyAdagrad"), (var, self.get_slot(var, "accumulator")), (rate, dense(gradient)))


class RMSPropOptimizer(Optimizer):
    """RMSProp (Tieleman and Hinton 2012)."""

    def __init__(self, learning_rate: Any, decay: float = 0.9, momentum: float = 0.0, epsilon: float = 1e-10,
                 use_locking: bool = False, centered: bool = False, name: str = "RMSProp") -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._settings = {"decay": decay, "momentum": momentum, "epsilon": epsilon}
        self._centered = centered

    def _create_slots(self, variables: Sequence[Any]) -> None:
        for v in variables:
            self._slot(v, "rms", self._name, 1.0)
            if self._centered:
                self._slot(v, "mg", f"{self._name}_1")
            self._slot(v, "momentum", f"{self._name}_{2 if self._centered else 1}")

    def _apply(self, gradient: Any, var: Any) -> Any:
        values = [self._constant(self._learning_rate, "learning_rate", var.dtype),
                  *[self._constant(value, name, var.dtype) for name, value in self._settings.items()]]
        names = ["mg", "rms", "momentum"] if self._centered else ["rms", "momentum"]
        kind = "ResourceApplyCenteredRMSProp" if self._centered else "ResourceApplyRMSProp"
        return update(get_op(kind), (var, *[self.get_slot(var, n) for n in names]), (*values, dense(gradient)))


class AdamOptimizer(Optimizer):
    """Adam (Kingma and Ba 2015)."""

    def __init__(self, learning_rate: Any = 0.001, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8,
                 use_locking: bool = False, name: str = "Adam") -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._settings = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        self._powers: dict[int, tuple[Any, Any]] = {}

    def _create_slots(self, variables: Sequence[Any]) -> None:
        g = graph()
        if id(g) not in self._powers:
            with g.name_scope(None):
                self._powers[id(g)] = (Variable(self._settings["beta1"], False, name="beta1_power"),
                                       Variable(self._settings["beta2"], False, name="beta2_power"))
        for v in variables:
            self._slot(v, "m", self._name)
            self._slot(v, "v", f"{self._name}_1")

    def variables(self) -> list[Any]:
        return [*[v for pair in self._powers.values() for v in pair], *super().variables()]

    def _apply(self, gradient: Any, var: Any) -> Any:
        powers = [tf.cast(p, var.dtype) for p in self._powers[id(graph())]]
        rate = self._constant(self._learning_rate, "learning_rate", var.dtype)
        values = [self._constant(value, name, var.dtype) for name, value in self._settings.items()]
        return update(get_op("ResourceApplyAdam"), (var, self.get_slot(var, "m"), self.get_slot(var, "v")),
                      (*powers, rate, *values, dense(gradient)), {"use_nesterov": False})

    def _finish(self) -> list[Any]:
        names = ("beta1", "beta2")
        return [update(get_op("AssignVariableOp"), (power,), (power * self._constant(self._settings[n], n, power.dtype),))
                for power, n in zip(self._powers[id(graph())], names, strict=True)]


def create_global_step(graph: Any = None) -> Any:
    """The variable that counts steps, made in the graph.

    Raises:
      ValueError: there is one already.
    """
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with in_default_graph():
        return get_variable("global_step", [], dtypes.int64, Zeros(), trainable=False,
                            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP])


def get_global_step(graph: Any = None) -> Any:
    """The variable that counts steps, or None."""
    with in_default_graph() as g:
        found = (graph or g).get_collection(GraphKeys.GLOBAL_STEP)
    return found[0] if found else None


def get_or_create_global_step(graph: Any = None) -> Any:
    """The variable that counts steps, made if there is none."""
    found = get_global_step(graph)
    return found if found is not None else create_global_step(graph)


def exponential_decay(learning_rate: Any, global_step: Any, decay_steps: Any, decay_rate: Any, staircase: bool = False,
                      name: str | None = None) -> Any:
    """`learning_rate * decay_rate ** (global_step / decay_steps)`; with `staircase` the exponent is rounded down."""
    with in_default_graph() as g, g.name_scope(name or "ExponentialDecay"):
        rate = convert_to_tensor(learning_rate)
        exponent = tf.cast(global_step, rate.dtype) / tf.cast(decay_steps, rate.dtype)
        if staircase:
            exponent = tf.floor(exponent)
        return rate * tf.cast(decay_rate, rate.dtype) ** exponent


