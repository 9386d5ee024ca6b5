"""What all optimizers have in common: their variables, their learning rate, and a step over a list of variables."""
from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypedDict

import thalweg as tf

from .. import config, lookup, naming
from ..types import Config, Tensor, TensorLike
from ..variable import Variable
from . import gradients
from .schedules.base import LearningRateSchedule
from .slots import Slots
from .upkeep import Upkeep, when


class Common(TypedDict, total=False):
    """The arguments that every optimizer takes, explained at `Optimizer`."""

    weight_decay: float | None
    clipnorm: float | None
    clipvalue: float | None
    global_clipnorm: float | None
    use_ema: bool
    ema_momentum: float
    ema_overwrite_frequency: int | None
    loss_scale_factor: float | None
    gradient_accumulation_steps: int | None
    name: str | None


class Optimizer(Slots, Upkeep):
    """Moves variables against the gradients of a loss. Subclasses define `update_step`, and `build` for their slots.

    Args:
      learning_rate: a float, a `LearningRateSchedule`, or a function without arguments that returns a float.
      weight_decay: how much of itself every variable loses in a step, times the learning rate.
      clipnorm: the largest norm of one variable's gradient.
      clipvalue: the largest absolute value of an element of a gradient.
      global_clipnorm: the largest norm of all gradients together.
      use_ema: whether to keep an exponential moving average of the variables.
      ema_momentum: how slowly that average moves, between 0 and 1.
      ema_overwrite_frequency: after how many steps the variables are set to their averages; None for never.
      loss_scale_factor: what the loss was multiplied by, and gradients are divided by.
      gradient_accumulation_steps: over how many calls gradients are averaged before a step.
      name: of the optimizer; from the class where None.
      lr: the older name of `learning_rate`.

    Raises:
      ValueError: an argument is none of these, or there are two kinds of gradients.
    """

    def __init__(self, learning_rate: Any, weight_decay: float | None = None, clipnorm: float | None = None,
                 clipvalue: float | None = None, global_clipnorm: float | None = None, use_ema: bool = False,
                 ema_momentum: float = 0.99, ema_overwrite_frequency: int | None = None,
                 loss_scale_factor: float | None = None, gradient_accumulation_steps: int | None = None,
                 name: str | None = None, **kwargs: Any) -> None:
        object.__setattr__(self, "_variables", [])
        learning_rate = kwargs.pop("lr", learning_rate)
        if kwargs.pop("decay", None) is not None:
            warnings.warn("Argument `decay` is no longer supported and will be ignored.", stacklevel=3)
        if kwargs:
            raise _unknown_arguments(kwargs)
        if gradient_accumulation_steps and not gradient_accumulation_steps >= 2:
            raise ValueError("`gradient_accumulation_steps` must be an integer >= 2. Received: "
                             f"gradient_accumulation_steps={gradient_accumulation_steps}")
        if use_ema:
            _check_ema(ema_momentum, ema_overwrite_frequency)
        if sum(bound is not None for bound in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise ValueError("Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: "
                             f"clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}")
        self.name = naming.auto_name(type(self).__name__) if name is None else name
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.use_ema = use_ema
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.loss_scale_factor = loss_scale_factor
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.built = False
        self._trainable_variables: list[Any] = []
        self._indices: dict[int, int] = {}
        self._excluded: set[int] = set()
        self._excluded_pattern: re.Pattern[str] | None = None
        self._scalars: dict[Any, Any] = {}
        with naming.name_scope(self.name, caller=self):
            self._iterations = Variable(0, dtype="int64", trainable=False, aggregation="only_first_replica",
                                        name="iteration")
            if not isinstance(learning_rate, LearningRateSchedule) and not callable(learning_rate):
                if not isinstance(learning_rate, float):
                    raise ValueError(
                        "Argument `learning_rate` should be float, or an instance of LearningRateSchedule, or a "
                        "callable (that takes in the current iteration value and returns the corresponding learning "
                        f"rate value). Received instead: learning_rate={learning_rate}")
                learning_rate = Variable(learning_rate, dtype=config.floatx(), trainable=False,
                                         aggregation="only_first_replica", name="learning_rate")
            self._learning_rate = learning_rate

    @property
    def iterations(self) -> Any:
        """How many steps were taken."""
        steps = self.gradient_accumulation_steps
        return tf.math.floordiv(self._iterations, steps) if steps else self._iterations

    def build(self, variables: Sequence[Any]) -> None:
        """Makes the slots for these variables, the ones that the optimizer will move."""
        if self.use_ema:
            self._averages = self.add_optimizer_variables(variables, "average")
        self._indices.update((id(variable), i) for i, variable in enumerate(variables))
        if self.gradient_accumulation_steps:
            self._accumulated = [self.add_variable_from_reference(variable, "gradient_accumulator")
                                 for variable in variables]
        self._trainable_variables = list(variables)
        self.built = True

    def _get_variable_index(self, variable: Any) -> int:
        return self._indices[id(variable)]

    @property
    def learning_rate(self) -> Any:
        """The learning rate: a variable, or the schedule's value for the present step."""
        rate = self._learning_rate
        if isinstance(rate, LearningRateSchedule):
            return rate(self._iterations)
        if isinstance(rate, Variable):
            return rate
        return rate() if callable(rate) else rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: Any) -> None:
        previous = self._learning_rate
        if isinstance(learning_rate, LearningRateSchedule) or (
                callable(learning_rate) and not tf.is_tensor(learning_rate)):
            self._learning_rate = learning_rate
            self._variables[:] = [variable for variable in self._variables if variable is not previous]
            return
        if isinstance(previous, LearningRateSchedule):
            raise TypeError(
                "This optimizer was created with a `LearningRateSchedule` object as its `learning_rate` constructor "
                "argument, hence its learning rate is not settable. If you need the learning rate to be settable, you "
                "should instantiate the optimizer with a float `learning_rate` argument.")
        previous.assign(learning_rate)

    @property
    def lr(self) -> Any:
        """The older name of `learning_rate`."""
        return self.learning_rate

    @lr.setter
    def lr(self, learning_rate: Any) -> None:
        self.learning_rate = learning_rate

    def minimize(self, loss: Any, var_list: Any, tape: Any = None) -> Any:
        """Takes one step on a loss.

        Args:
          loss: a function without arguments that returns the loss, or a tensor that `tape` recorded.
          var_list: the variables to move, or a function that returns them.
          tape: a `GradientTape`.

        Raises:
          ValueError: a tensor without a tape, or no variable has a gradient.
        """
        return self.apply_gradients(self.compute_gradients(loss, var_list, tape))

    def compute_gradients(self, loss: Any, var_list: Any, tape: Any = None) -> list[tuple[Any, Any]]:
        """The gradients of a loss, paired with their variables; the arguments are those of `minimize`."""
        if not callable(loss) and tape is None:
            raise ValueError("`tape` is required when a `Tensor` loss is passed. "
                             f"Received: loss={loss}, tape={tape}.")
        tape = tf.GradientTape() if tape is None else tape
        if callable(loss):
            with tape:
                if not callable(var_list):
                    tape.watch(var_list)
                value = self.scale_loss(loss())
        else:
            value = loss
            if self.loss_scale_factor is not None:
                with tape:
                    value = self.scale_loss(loss)
        variables = list(var_list() if callable(var_list) else var_list)
        return list(zip(tape.gradient(value, variables), variables, strict=True))

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Any]]) -> Any:
        """Takes one step; returns the variable that counts them.

        Args:
          grads_and_vars: pairs of a gradient (or None) and its variable.

        Raises:
          ValueError: no variable has a gradient, or one is unknown to the optimizer.
        """
        pairs = list(grads_and_vars)
        self.apply([pair[0] for pair in pairs], [pair[1] for pair in pairs])
        return self._iterations

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None) -> None:
        """Takes one step.

        Args:
          grads: a gradient, or None, for every variable.
          trainable_variables: the variables; those that the optimizer was built with where None.

        Raises:
          ValueError: as for `apply_gradients`, or the lists differ in length.
        """
        if len(grads) == 0:
            return
        if trainable_variables is None:
            trainable_variables = self._variables_for(grads)
        else:
            trainable_variables = list(trainable_variables)
            if not self.built:
                with naming.name_scope(self.name, caller=self):
                    self.build(trainable_variables)
                self.built = True
            for variable in trainable_variables:
                if id(variable) not in self._indices:
                    raise ValueError(
                        f"Unknown variable: {variable}. This optimizer can only be called for the variables it was "
                        "originally built with. When working with a new set of variables, you should recreate a new "
                        "optimizer instance.")
        grads, trainable_variables = _with_gradients(list(grads), list(trainable_variables))
        grads, trainable_variables = self._overwrite_directly(grads, trainable_variables)
        if grads:
            scale = self.loss_scale_factor
            if scale is not None:
                grads = [gradients.mapped(lambda values: values / scale, gradient) for gradient in grads]
            self._step(grads, trainable_variables)
            for variable in trainable_variables:
                if variable.constraint is not None:
                    variable.assign(variable.constraint(variable))
        self._iterations.assign_add(1, read_value=False)

    def _variables_for(self, grads: Sequence[Any]) -> list[Any]:
        if not self.built:
            raise ValueError("When passing `grads` without `variables`, the optimizer must already be built on a list "
                             "of variables. Call `optimizer.build(trainable_variables)` first. ")
        if len(grads) != len(self._indices):
            raise ValueError(
                "When passing `grads` as a list of gradient tensors, the gradients must match `optimizer.variables` "
                f"one-to-on. Received a list of {len(grads)} gradients, but the optimizer is tracking "
                f"{len(self._trainable_variables)} trainable variables.")
        return self._trainable_variables

    def _overwrite_directly(self, grads: list[Any], variables: list[Any]) -> tuple[list[Any], list[Any]]:
        """Assigns gradients to the variables that ask for it, and returns the other pairs."""
        kept = []
        for gradient, variable in zip(grads, variables, strict=True):
            if getattr(variable, "overwrite_with_gradient", False):
                variable.assign(gradient)
            else:
                kept.append((gradient, variable))
        return [pair[0] for pair in kept], [pair[1] for pair in kept]

    def _step(self, grads: list[Any], variables: list[Any]) -> None:
        steps = self.gradient_accumulation_steps
        if steps:
            slots = [self._accumulated[self._get_variable_index(variable)] for variable in variables]
            totals = [slot + gradients.dense(gradient) for slot, gradient in zip(slots, grads, strict=True)]

            def update() -> None:
                self._update([total / steps for total in totals], variables)
                for slot in self._accumulated:
                    slot.assign(tf.zeros(slot.shape, slot.dtype))

            def gather() -> None:
                for slot, total in zip(slots, totals, strict=True):
                    slot.assign(total)

            when(tf.equal((self._iterations + 1) % steps, 0), update, gather)
        else:
            self._update(grads, variables)
        if self.use_ema:
            self._update_averages()

    def _update(self, grads: list[Any], variables: list[Any]) -> None:
        if self.clipnorm or self.global_clipnorm or self.clipvalue:
            grads = gradients.clipped(grads, self.clipnorm, self.global_clipnorm, self.clipvalue)
        self._apply_weight_decay(variables)
        rate = tf.convert_to_tensor(self.learning_rate)
        self._scalars.clear()
        self._backend_update_step(grads, variables, rate)
        self._scalars.clear()

    def _backend_update_step(self, grads: Sequence[Any], trainable_variables: Sequence[Any],
                             learning_rate: Tensor) -> None:
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            self.update_step(gradient, variable, learning_rate)

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        """Moves one variable."""
        raise NotImplementedError(f"Optimizer '{type(self).__name__}' must define "
                                  "`update_step(gradient, variable, learning_rate)`.")

    def _once(self, key: Any, compute: Callable[[], Any]) -> Any:
        """What `compute` returns, computed once a step for every key: factors that variables share."""
        found = self._scalars.get(key)
        if found is None:
            found = self._scalars[key] = compute()
        return found

    def assign(self, variable: Any, value: TensorLike) -> None:
        """Sets a variable; for `update_step`."""
        variable.assign(tf.cast(value, variable.dtype))

    def assign_add(self, variable: Any, value: TensorLike) -> None:
        """Adds to a variable; for `update_step`."""
        variable.assign_add(tf.cast(value, variable.dtype))

    def assign_sub(self, variable: Any, value: TensorLike) -> None:
        """Subtracts from a variable; for `update_step`."""
        variable.assign_sub(tf.cast(value, variable.dtype))

    def scale_loss(self, loss: Tensor) -> Tensor:
        """The loss times `loss_scale_factor`."""
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    def get_config(self) -> Config:
        """The arguments of the constructor."""
        rate = self._learning_rate
        if isinstance(rate, Variable):
            rate = float(rate.numpy())
        else:
            from .. import registry

            rate = registry.serialize_keras_object(rate)
        return {
            "name": self.name, "learning_rate": rate, "weight_decay": self.weight_decay, "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm, "clipvalue": self.clipvalue, "use_ema": self.use_ema,
            "ema_momentum": self.ema_momentum, "ema_overwrite_frequency": self.ema_overwrite_frequency,
            "loss_scale_factor": self.loss_scale_factor,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
        }  # fmt: skip

    @classmethod
    def from_config(cls, config: Config, custom_objects: Any = None) -> Optimizer:
        """The optimizer that `get_config` described, without its state."""
        config = dict(config)
        rate = config.get("learning_rate")
        if isinstance(rate, dict):
            from . import schedules

            config["learning_rate"] = schedules.deserialize(rate, custom_objects)
        return cls(**config)


def _unknown_arguments(kwargs: Config) -> ValueError:
    error = ValueError(f"Argument(s) not recognized: {kwargs}")
    for name in kwargs:
        nearest = lookup.suggestion(name, ("learning_rate", *Common.__annotations__))
        if nearest is not None:
            error.add_note(f"Did you mean '{nearest}' instead of '{name}'?")
    return error


def _check_ema(momentum: float, frequency: int | None) -> None:
    if momentum > 1 or momentum < 0:
        raise ValueError(f"`ema_momentum` must be in the range [0, 1]. Received: ema_momentum={momentum}")
    if frequency and (not isinstance(frequency, int) or frequency < 1):
        raise ValueError("`ema_overwrite_frequency` must be an integer >= 1 or None. Received: "
                         f"ema_overwrite_frequency={frequency}")


def _with_gradients(grads: list[Any], variables: list[Any]) -> tuple[list[Any], list[Any]]:
    """The pairs with a gradient; a warning names the other variables.

    Raises:
      ValueError: there is no gradient at all.
    """
    if all(gradient is not None for gradient in grads):
        return grads, variables
    kept = [(gradient, variable) for gradient, variable in zip(grads, variables, strict=True) if gradient is not None]
    if not kept:
        raise ValueError("No gradients provided for any variable.")
    missing = [getattr(variable, "path", variable.name) for gradient, variable in zip(grads, variables, strict=True)
               if gradient is None]
    warnings.warn(f"Gradients do not exist for variables {missing} when minimizing the loss. If using "
                  "`model.compile()`, did you forget to provide a `loss` argument?", stacklevel=4)
    return [pair[0] for pair in kept], [pair[1] for pair in kept]
