"""`SimpleRNN` and its cell."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Shape, Tensor
from ..input_spec import InputSpec
from .cell import CONSTRAINTS, INITIALIZERS, REGULARIZERS, RecurrentCell, first_state
from .rnn import OwnCellRNN


class SimpleRNNCell(RecurrentCell):
    """One step of `activation(inputs @ kernel + bias + state @ recurrent_kernel)`, which is output and state.

    Args:
      units: size of the output.
      activation: a function, or its name.
      use_bias: whether there is a bias.
      kernel_initializer: of the kernel, shape `(input size, units)`.
      recurrent_initializer: of the recurrent kernel, shape `(units, units)`.
      bias_initializer: of the bias, shape `(units,)`.
      kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties.
      kernel_constraint, recurrent_constraint, bias_constraint: projections after a step of training.
      dropout: the part of the inputs that is dropped in training.
      recurrent_dropout: the part of the state that is dropped in training.
      seed: seed of what is dropped.

    Raises:
      ValueError: `units` is not positive, or a name is unknown.
    """

    _config_names = ("units", "activation", "use_bias", *INITIALIZERS, *REGULARIZERS, *CONSTRAINTS, "dropout",
                     "recurrent_dropout", "seed")

    def __init__(self, units: int, activation: Any = "tanh", use_bias: bool = True,
                 kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal",
                 bias_initializer: Any = "zeros", kernel_regularizer: Any = None, recurrent_regularizer: Any = None,
                 bias_regularizer: Any = None, kernel_constraint: Any = None, recurrent_constraint: Any = None,
                 bias_constraint: Any = None, dropout: float = 0.0, recurrent_dropout: float = 0.0, seed: Any = None,
                 **kwargs: Any) -> None:
        settings = {
            "kernel_initializer": kernel_initializer, "recurrent_initializer": recurrent_initializer,
            "bias_initializer": bias_initializer, "kernel_regularizer": kernel_regularizer,
            "recurrent_regularizer": recurrent_regularizer, "bias_regularizer": bias_regularizer,
            "kernel_constraint": kernel_constraint, "recurrent_constraint": recurrent_constraint,
            "bias_constraint": bias_constraint,
        }  # fmt: skip
        super().__init__(units, activation, use_bias, settings, dropout, recurrent_dropout, seed, 1, **kwargs)

    def build(self, input_shape: Shape) -> None:
        self._build_weights(input_shape, (self.units,))

    def call(self, sequence: Tensor, states: Any, training: Any = False) -> tuple[Tensor, Any]:
        h = first_state(states)
        mask, own_mask = self.get_dropout_mask(sequence), self.get_recurrent_dropout_mask(h)
        if training and mask is not None:
            sequence = sequence * mask
        if training and own_mask is not None:
            h = h * own_mask
        given = tf.matmul(sequence, self.kernel)
        if self.bias is not None:
            given = tf.nn.bias_add(given, self.bias)
        output = self.activation(given + tf.matmul(h, self.recurrent_kernel))
        return output, [output] if tf.nest.is_nested(states) else output


class SimpleRNN(OwnCellRNN):
    """A recurrent layer whose output is its state, over sequences of shape `(batch, steps, features)`.

    Args:
      units, activation, use_bias, dropout, recurrent_dropout, seed: see `SimpleRNNCell`.
      kernel_initializer, recurrent_initializer, bias_initializer: see `SimpleRNNCell`.
      kernel_regularizer, recurrent_regularizer, bias_regularizer: see `SimpleRNNCell`.
      kernel_constraint, recurrent_constraint, bias_constraint: see `SimpleRNNCell`.
      activity_regularizer: accepted, without effect, as in Keras.
      return_sequences, return_state, go_backwards, stateful, unroll: see `RNN`.

    Raises:
      ValueError: `units` is not positive, or a name is unknown.
    """

    _config_names = ("units", "activation", "use_bias", *INITIALIZERS, *REGULARIZERS, "activity_regularizer",
                     *CONSTRAINTS, "dropout", "recurrent_dropout")

    def __init__(self, units: int, activation: Any = "tanh", use_bias: bool = True,
                 kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal",
                 bias_initializer: Any = "zeros", kernel_regularizer: Any = None, recurrent_regularizer: Any = None,
                 bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
                 recurrent_constraint: Any = None, bias_constraint: Any = None, dropout: float = 0.0,
                 recurrent_dropout: float = 0.0, return_sequences: bool = False, return_state: bool = False,
                 go_backwards: bool = False, stateful: bool = False, unroll: bool = False, seed: Any = None,
                 **kwargs: Any) -> None:
        cell = SimpleRNNCell(
            units, activation=activation, use_bias=use_bias, kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint, dropout=dropout,
            recurrent_dropout=recurrent_dropout, seed=seed, dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True), name="simple_rnn_cell",
        )  # fmt: skip
        super().__init__(
            cell, return_sequences=return_sequences, return_state=return_state, go_backwards=go_backwards,
            stateful=stateful, unroll=unroll, **kwargs,
        )  # fmt: skip
        self.input_spec = [InputSpec(ndim=3)]
