"""Loss scaling for float16."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from .. import naming
from ..initializers import Constant
from ..types import Config, Tensor
from . import gradients
from .base import Optimizer
from .upkeep import when


class LossScaleOptimizer(Optimizer):
    """Another optimizer, with the loss scaled up so that float16 gradients do not vanish (Micikevicius et al., 2018).

    The scale doubles after `dynamic_growth_steps` steps in a row with finite gradients. It is halved, and the step
    left out, when a gradient is not finite.

    Args:
      inner_optimizer: what moves the variables.
      initial_scale: the first scale.
      dynamic_growth_steps: how many good steps it takes to double it.
      name: of the optimizer.

    Raises:
      ValueError: an argument that belongs to the inner optimizer.
    """

    def __init__(self, inner_optimizer: Optimizer, initial_scale: float = 2.0**15, dynamic_growth_steps: int = 2000,
                 name: str | None = None, **kwargs: Any) -> None:
        if not kwargs.pop("dynamic", True):
            raise ValueError("LossScaleOptimizer no longer supports `dynamic=False`. Instead, simply set "
                             "`loss_scale_factor` directly on the `inner_optimizer`.")
        defaults = {"use_ema": False, "ema_momentum": 0.99}
        for argument in ("weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "use_ema", "ema_momentum",
                         "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps"):
            if kwargs.pop(argument, defaults.get(argument)) != defaults.get(argument):
                raise ValueError(f"LossScaleOptimizer does not support `{argument}`. Instead, set `{argument}` on the "
                                 "`inner_optimizer`.")
        if kwargs:
            raise ValueError(f"LossScaleOptimizer does not support arguments: `{'`, `'.join(kwargs)}`.")
        super().__init__(learning_rate=0.0, name=name)
        self.inner_optimizer = inner_optimizer
        self.initial_scale = initial_scale
        self.dynamic_growth_steps = dynamic_growth_steps
        inner_optimizer.loss_scale_factor = None

    def build(self, variables: Sequence[Any]) -> None:
        if self.built:
            return
        self.step_counter = self.add_variable((), dtype="int64", name="step_counter")
        self.dynamic_scale = self.add_variable((), Constant(self.initial_scale), dtype="float32", name="dynamic_scale")
        self.inner_optimizer.build(variables)
        super().build(variables)

    @property
    def variables(self) -> list[Any]:
        """The state, then that of the inner optimizer."""
        return self._variables + self.inner_optimizer.variables

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None) -> None:
        if not self.built:
            with naming.name_scope(self.name, caller=self):
                self.build(list(trainable_variables or ()))
        grads = [None if gradient is None else gradients.dense(gradient) for gradient in grads]
        finite = tf.reduce_all([tf.reduce_all(tf.math.is_finite(gradient)) for gradient in grads
                                if gradient is not None])

        def move() -> None:
            scale = tf.convert_to_tensor(self.dynamic_scale)
            self.inner_optimizer.apply([None if gradient is None else gradient / tf.cast(scale, gradient.dtype)
                                        for gradient in grads], trainable_variables)
            grow = tf.equal(self.step_counter, self.dynamic_growth_steps - 1)
            self.dynamic_scale.assign(tf.where(grow, scale * 2.0, scale))
            self.step_counter.assign(tf.where(grow, tf.zeros((), tf.int64), self.step_counter + 1))

        def shrink() -> None:
            self.step_counter.assign(0)
            self.dynamic_scale.assign(self.dynamic_scale * 0.5)

        when(finite, move, shrink)

    @property
    def learning_rate(self) -> Any:
        """The learning rate of the inner optimizer."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: Any) -> None:
        self.inner_optimizer.learning_rate = learning_rate

    @property
    def iterations(self) -> Any:
        """How many steps the inner optimizer took."""
        return self.inner_optimizer.iterations

    def scale_loss(self, loss: Tensor) -> Tensor:
        """The loss times the present scale."""
        scale = self.dynamic_scale if self.built else self.initial_scale
        return loss * tf.cast(scale, loss.dtype)

    def finalize_variable_values(self, var_list: Sequence[Any]) -> None:
        self.inner_optimizer.finalize_variable_values(var_list)

    def get_config(self) -> Config:
        from .. import registry

        return {
            "name": self.name, "inner_optimizer": registry.serialize_keras_object(self.inner_optimizer),
            "initial_scale": self.initial_scale, "dynamic_growth_steps": self.dynamic_growth_steps,
        }  # fmt: skip

    @classmethod
    def from_config(cls, config: Config, custom_objects: Any = None) -> Optimizer:
        from . import deserialize

        config = dict(config)
        return cls(deserialize(config.pop("inner_optimizer"), custom_objects), **config)
