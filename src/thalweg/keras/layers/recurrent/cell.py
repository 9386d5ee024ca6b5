"""What the recurrent cells have in common: their weights' settings, their state, and masks of dropped inputs."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import activations, constraints, initializers, random, regularizers
from ...types import Config, Shape, Tensor
from ..layer import Layer

INITIALIZERS = ("kernel_initializer", "recurrent_initializer", "bias_initializer")
REGULARIZERS = ("kernel_regularizer", "recurrent_regularizer", "bias_regularizer")
CONSTRAINTS = ("kernel_constraint", "recurrent_constraint", "bias_constraint")

_MODULES = {"activation": activations, "initializer": initializers, "regularizer": regularizers,
            "constraint": constraints}
"""What is written by which module, by the last word of its name."""


def of_cell(name: str) -> Any:
    """A property of a layer that is one of its cell."""
    return property(lambda self: getattr(self.cell, name))


def described(layer: Any) -> Config:
    """The part of the config of a cell or its layer that its `_config_names` tell, in their order."""
    config: Config = {}
    for name in layer._config_names:
        module = _MODULES.get(name.rpartition("_")[2])
        value = getattr(layer, name)
        config[name] = value if module is None else module.serialize(value)
    return config


def zero_state(batch_size: Any, size: int, dtype: Any) -> Tensor:
    """A state of zeros for a batch."""
    return tf.zeros([batch_size, size], dtype)


class RecurrentCell(Layer):
    """One step of a recurrent layer.

    Args:
      units: size of the output.
      activation: a function, or its name.
      use_bias: whether there is a bias.
      settings: initializers, regularizers and constraints of the weights by name.
      dropout: the part of the inputs that is dropped in training.
      recurrent_dropout: the part of the state that is dropped in training.
      seed: seed of what is dropped.
      gates: how many matrices lie side by side in each weight.
      implementation: 1 for a product a gate, each with inputs dropped by themselves; 2 for one product.

    Raises:
      ValueError: `units` is not positive.
    """

    kernel: Any
    recurrent_kernel: Any
    bias: Any
    bias_initializer: Any
    state_size: Any
    _config_names: tuple[str, ...] = ()
    """What `get_config` tells beyond a layer's own, in Keras's order."""

    def __init__(self, units: int, activation: Any, use_bias: bool, settings: dict[str, Any], dropout: float,
                 recurrent_dropout: float, seed: Any, gates: int, implementation: int = 2, **kwargs: Any) -> None:
        if units <= 0:
            raise ValueError("Received an invalid value for argument `units`, expected a positive integer, "
                             f"got {units}.")
        super().__init__(**kwargs)
        self.seed = seed
        if gates == 1:  # Seeds are drawn in the order of Keras, whose simple cell draws its own before its weights'.
            self.seed_generator = random.SeedGenerator(seed)
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        for name, value in settings.items():
            setattr(self, name, _MODULES[name.rpartition("_")[2]].get(value))
        self.dropout = min(1.0, max(0.0, dropout))
        self.recurrent_dropout = min(1.0, max(0.0, recurrent_dropout))
        self.implementation = implementation if gates == 1 or not self.recurrent_dropout else 1
        self.dropout_mask_count = gates if self.implementation == 1 and gates > 1 else None
        if gates > 1:
            self.seed_generator = random.SeedGenerator(seed)
        self._gates = gates
        self.state_size = units
        self.output_size = units
        self._dropout_mask: Any = None
        self._recurrent_dropout_mask: Any = None

    def _weight(self, name: str, shape: Shape, initializer: Any = None) -> Any:
        setting = name.removesuffix("_kernel")
        return self.add_weight(
            shape=shape, name=name, initializer=initializer or getattr(self, f"{setting}_initializer"),
            regularizer=getattr(self, f"{setting}_regularizer"), constraint=getattr(self, f"{setting}_constraint"),
        )  # fmt: skip

    def _build_weights(self, input_shape: Shape, bias_shape: Shape, bias_initializer: Any = None) -> None:
        width = self.units * self._gates
        self.kernel = self._weight("kernel", (input_shape[-1], width))
        self.recurrent_kernel = self._weight("recurrent_kernel", (self.units, width))
        self.bias = self._weight("bias", bias_shape, bias_initializer) if self.use_bias else None

    def get_initial_state(self, batch_size: Any = None) -> list[Tensor]:
        """Zeros for a batch."""
        return [zero_state(batch_size, self.state_size, self.compute_dtype)]

    # Dropping: one mask serves all steps of a sequence.

    def _drawn(self, like: Tensor, rate: float) -> Any:
        ones = tf.ones_like(like)
        if self.dropout_mask_count is None:
            return random.dropout(ones, rate, seed=self.seed_generator)
        return [random.dropout(ones, rate, seed=self.seed_generator) for _ in range(self.dropout_mask_count)]

    def get_dropout_mask(self, step_input: Tensor) -> Any:
        """The factors of the inputs of a step, drawn at the first call after a reset; None without dropout."""
        if self._dropout_mask is None and self.dropout > 0:
            self._dropout_mask = self._drawn(step_input, self.dropout)
        return self._dropout_mask

    def get_recurrent_dropout_mask(self, step_input: Tensor) -> Any:
        """The factors of the state, drawn at the first call after a reset; None without dropout."""
        if self._recurrent_dropout_mask is None and self.recurrent_dropout > 0:
            self._recurrent_dropout_mask = self._drawn(step_input, self.recurrent_dropout)
        return self._recurrent_dropout_mask

    def reset_dropout_mask(self) -> None:
        """Forgets the factors of the inputs."""
        self._dropout_mask = None

    def reset_recurrent_dropout_mask(self) -> None:
        """Forgets the factors of the state."""
        self._recurrent_dropout_mask = None

    def dropped(self, inputs: Tensor, training: Any) -> list[Tensor]:
        """The inputs of a step for each gate."""
        if not training or not 0.0 < self.dropout < 1.0:
            return [inputs] * self._gates
        masks = self.get_dropout_mask(inputs)
        return [inputs * mask for mask in masks] if self.dropout_mask_count else [inputs * masks] * self._gates

    def dropped_state(self, state: Tensor, training: Any) -> list[Tensor]:
        """The state before a step for each gate."""
        if not training or not 0.0 < self.recurrent_dropout < 1.0:
            return [state] * self._gates
        return [state * mask for mask in self.get_recurrent_dropout_mask(state)]

    def get_config(self) -> Config:
        return {**super().get_config(), **described(self)}


def first_state(states: Any) -> Tensor:
    """The only state, alone or in a list."""
    return states[0] if tf.nest.is_nested(states) else states


def projections(inputs: list[Tensor], weights: list[Tensor], biases: list[Tensor] | None) -> list[Tensor]:
    """A product a gate."""
    products = [tf.matmul(x, w) for x, w in zip(inputs, weights, strict=True)]
    return products if biases is None else [p + b for p, b in zip(products, biases, strict=True)]
