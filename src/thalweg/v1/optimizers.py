"""Optimizers of TensorFlow 1, with slots named as TensorFlow names them."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from ..core import dtypes
from ..core.backprop import dense
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import get_op
from ..core.variable import update
from .optimizer import Optimizer


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
                self._slot(v, "mg", self._name)
            self._slot(v, "momentum", self._name)

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

    def _create_slots(self, variables: Sequence[Any]) -> None:
        self._powers()
        for v in variables:
            self._slot(v, "m", self._name)
            self._slot(v, "v", self._name)

    def _powers(self) -> list[Any]:
        return [self._shared_variable(f"{n}_power", self._settings[n]) for n in ("beta1", "beta2")]

    def _apply(self, gradient: Any, var: Any) -> Any:
        powers = [tf.cast(p, var.dtype) for p in self._powers()]
        rate = self._constant(self._learning_rate, "learning_rate", var.dtype)
        values = [self._constant(value, name, var.dtype) for name, value in self._settings.items()]
        return update(get_op("ResourceApplyAdam"), (var, self.get_slot(var, "m"), self.get_slot(var, "v")),
                      (*powers, rate, *values, dense(gradient)), {"use_nesterov": False})

    def _finish(self) -> list[Any]:
        return [update(get_op("AssignVariableOp"), (power,), (power * self._constant(self._settings[n], n, power.dtype),))
                for power, n in zip(self._powers(), ("beta1", "beta2"), strict=True)]


class AdadeltaOptimizer(Optimizer):
    """Adadelta (Zeiler 2012)."""

    def __init__(self, learning_rate: Any = 0.001, rho: float = 0.95, epsilon: float = 1e-8, use_locking: bool = False,
                 name: str = "Adadelta") -> None:
        super().__init__(use_locking, name)
        self._settings = {"lr": learning_rate, "rho": rho, "epsilon": epsilon}

    def _create_slots(self, variables: Sequence[Any]) -> None:
        for v in variables:
            self._slot(v, "accum", self._name)
            self._slot(v, "accum_update", self._name)

    def _apply(self, gradient: Any, var: Any) -> Any:
        values = [self._constant(value, name, var.dtype) for name, value in self._settings.items()]
        return update(get_op("ResourceApplyAdadelta"), (var, self.get_slot(var, "accum"), self.get_slot(var, "accum_update")),
                      (*values, dense(gradient)))


class FtrlOptimizer(Optimizer):
    """Follow the regularized leader (McMahan et al. 2013).

    Args:
      learning_rate: the size of a step.
      learning_rate_power: at most 0; 0 keeps the rate fixed.
      initial_accumulator_value: what the sums of squares start with.
      l1_regularization_strength, l2_regularization_strength: of the weights.
      use_locking, name: as `Optimizer`.
      accum_name, linear_name: of the slots; `name` unless told otherwise.
      l2_shrinkage_regularization_strength: of the weights, in the gradient alone.
      beta: a smoothing term of the rate.

    Raises:
      ValueError: a strength below 0, or a power above.
    """

    def __init__(self, learning_rate: Any, learning_rate_power: float = -0.5, initial_accumulator_value: float = 0.1,
                 l1_regularization_strength: float = 0.0, l2_regularization_strength: float = 0.0, use_locking: bool = False,
                 name: str = "Ftrl", accum_name: str | None = None, linear_name: str | None = None,
                 l2_shrinkage_regularization_strength: float = 0.0, beta: float | None = None) -> None:
        super().__init__(use_locking, name)
        for label, value in (("initial_accumulator_value", initial_accumulator_value),
                             ("l1_regularization_strength", l1_regularization_strength),
                             ("l2_regularization_strength", l2_regularization_strength),
                             ("l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength)):
            if value < 0.0:
                raise ValueError(f"{label} {value:f} needs to be positive or zero")
        if learning_rate_power > 0.0:
            raise ValueError(f"learning_rate_power {learning_rate_power:f} needs to be negative or zero")
        self._learning_rate, self._power = learning_rate, learning_rate_power
        self._initial = initial_accumulator_value
        self._l1, self._l2, self._shrinkage = (l1_regularization_strength, l2_regularization_strength,
                                               l2_shrinkage_regularization_strength)
        self._slot_names = (accum_name or name, linear_name or name)
        self._beta = 0.0 if beta is None else beta

    def _create_slots(self, variables: Sequence[Any]) -> None:
        for v in variables:
            self._slot(v, "accum", self._slot_names[0], self._initial)
            self._slot(v, "linear", self._slot_names[1])

    def _apply(self, gradient: Any, var: Any) -> Any:
        rate = self._constant(self._learning_rate, "learning_rate", var.dtype)
        l1 = self._constant(self._l1, "l1_regularization_strength", var.dtype)
        power = self._constant(self._power, "learning_rate_power", var.dtype)
        l2 = self._constant(self._l2, "l2_regularization_strength", var.dtype)
        if self._beta:
            l2 = l2 + self._beta / (2.0 * tf.maximum(rate, 1e-36))
        slots = (var, self.get_slot(var, "accum"), self.get_slot(var, "linear"))
        if self._shrinkage <= 0.0:
            return update(get_op("ResourceApplyFtrl"), slots, (dense(gradient), rate, l1, l2, power))
        shrinkage = self._constant(self._shrinkage, "l2_shrinkage_regularization_strength", var.dtype)
        return update(get_op("ResourceApplyFtrlV2"), slots, (dense(gradient), rate, l1, l2, shrinkage, power))


class ProximalGradientDescentOptimizer(Optimizer):
    """Gradient descent that pulls small weights to zero (Duchi and Singer 2009)."""

    def __init__(self, learning_rate: Any, l1_regularization_strength: float = 0.0, l2_regularization_strength: float = 0.0,
                 use_locking: bool = False, name: str = "ProximalGradientDescent") -> None:
        super().__init__(use_locking, name)
        self._settings = {"learning_rate": learning_rate, "l1_regularization_strength": l1_regularization_strength,
                          "l2_regularization_strength": l2_regularization_strength}

    def _apply(self, gradient: Any, var: Any) -> Any:
        values = [self._constant(value, name, var.dtype) for name, value in self._settings.items()]
        return update(get_op("ResourceApplyProximalGradientDescent"), (var,), (*values, dense(gradient)))


class ProximalAdagradOptimizer(Optimizer):
    """Adagrad that pulls small weights to zero (Duchi and Singer 2009)."""

    def __init__(self, learning_rate: Any, initial_accumulator_value: float = 0.1, l1_regularization_strength: float = 0.0,
                 l2_regularization_strength: float = 0.0, use_locking: bool = False, name: str = "ProximalAdagrad") -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(f"initial_accumulator_value must be positive: {initial_accumulator_value}")
        super().__init__(use_locking, name)
        self._initial = initial_accumulator_value
        self._settings = {"learning_rate": learning_rate, "l1_regularization_strength": l1_regularization_strength,
                          "l2_regularization_strength": l2_regularization_strength}

    def _create_slots(self, variables: Sequence[Any]) -> None:
        for v in variables:
            self._slot(v, "accumulator", self._name, self._initial)

    def _apply(self, gradient: Any, var: Any) -> Any:
        values = [self._constant(value, name, var.dtype) for name, value in self._settings.items()]
        return update(get_op("ResourceApplyProximalAdagrad"), (var, self.get_slot(var, "accumulator")),
                      (*values, dense(gradient)))


class AdagradDAOptimizer(Optimizer):
    """Adagrad with dual averaging (Duchi et al. 2011): weights start at zero and follow from all gradients so far.

    Args:
      learning_rate: the size of a step.
      global_step: the variable that counts steps, which `minimize` is given, too.
      initial_gradient_squared_accumulator_value: what the sums of squares start with.
      l1_regularization_strength, l2_regularization_strength: of the weights.
      use_locking, name: as `Optimizer`.

    Raises:
      ValueError: sums that start at 0 or below.
    """

    def __init__(self, learning_rate: Any, global_step: Any, initial_gradient_squared_accumulator_value: float = 0.1,
                 l1_regularization_strength: float = 0.0, l2_regularization_strength: float = 0.0, use_locking: bool = False,
                 name: str = "AdagradDA") -> None:
        if initial_gradient_squared_accumulator_value <= 0.0:
            raise ValueError("initial_gradient_squared_accumulator_value must be positive: "
                             f"{initial_gradient_squared_accumulator_value}")
        super().__init__(use_locking, name)
        self._global_step = global_step
        self._initial = initial_gradient_squared_accumulator_value
        self._settings = {"learning_rate": learning_rate, "l1_regularization_strength": l1_regularization_strength,
                          "l2_regularization_strength": l2_regularization_strength}

    def _create_slots(self, variables: Sequence[Any]) -> None:
        for v in variables:
            self._slot(v, "gradient_accumulator", self._name)
            self._slot(v, "gradient_squared_accumulator", self._name, self._initial)

    def _apply(self, gradient: Any, var: Any) -> Any:
        values = [self._constant(value, name, var.dtype) for name, value in self._settings.items()]
        count = tf.cast(tf.identity(self._global_step), dtypes.int64) + 1
        slots = [self.get_slot(var, f"gradient_{n}accumulator") for n in ("", "squared_")]
        return update(get_op("ResourceApplyAdagradDA"), (var, *slots), (dense(gradient), *values, count))
