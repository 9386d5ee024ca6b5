"""`GRU` and its cell."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import activations
from ...types import Shape, Tensor
from ..input_spec import InputSpec
from .cell import CONSTRAINTS, INITIALIZERS, REGULARIZERS, RecurrentCell, first_state, of_cell, projections
from .fused import checked_choice, in_place_of, whole_sequence_usable
from .rnn import OwnCellRNN
from .steps import Walk


class GRUCell(RecurrentCell):
    """One step of a gated recurrent unit.

    Args:
      units: size of the output, which is the state.
      activation: of the candidate, a function or its name.
      recurrent_activation: of the gates.
      use_bias: whether there is a bias.
      kernel_initializer: of the kernel, shape `(input size, 3 * units)`: update, reset, candidate.
      recurrent_initializer: of the recurrent kernel, shape `(units, 3 * units)`.
      bias_initializer: of the bias, shape `(2, 3 * units)`, or `(3 * units,)` without `reset_after`.
      kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties.
      kernel_constraint, recurrent_constraint, bias_constraint: projections after a step of training.
      dropout: the part of the inputs that is dropped in training.
      recurrent_dropout: the part of the state that is dropped in training.
      reset_after: whether the reset gate is applied after the product with the state.
      seed: seed of what is dropped.

    Raises:
      ValueError: `units` is not positive, or a name is unknown.
    """

    _config_names = ("units", "activation", "recurrent_activation", "use_bias", *INITIALIZERS, *REGULARIZERS,
                     *CONSTRAINTS, "dropout", "recurrent_dropout", "reset_after", "seed")

    def __init__(self, units: int, activation: Any = "tanh", recurrent_activation: Any = "sigmoid",
                 use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
                 recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros",
                 kernel_regularizer: Any = None, recurrent_regularizer: Any = None, bias_regularizer: Any = None,
                 kernel_constraint: Any = None, recurrent_constraint: Any = None, bias_constraint: Any = None,
                 dropout: float = 0.0, recurrent_dropout: float = 0.0, reset_after: bool = True, seed: Any = None,
                 **kwargs: Any) -> None:
        settings = {
            "kernel_initializer": kernel_initializer, "recurrent_initializer": recurrent_initializer,
            "bias_initializer": bias_initializer, "kernel_regularizer": kernel_regularizer,
            "recurrent_regularizer": recurrent_regularizer, "bias_regularizer": bias_regularizer,
            "kernel_constraint": kernel_constraint, "recurrent_constraint": recurrent_constraint,
            "bias_constraint": bias_constraint,
        }  # fmt: skip
        super().__init__(units, activation, use_bias, settings, dropout, recurrent_dropout, seed, 3, **kwargs)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.reset_after = reset_after

    def build(self, input_shape: Shape) -> None:
        width = 3 * self.units
        self._build_weights(input_shape, (2, width) if self.reset_after else (width,))

    def biases(self) -> tuple[Any, Any]:
        """The biases beside the inputs and beside the state, either None."""
        if self.bias is None:
            return None, None
        if not self.reset_after:
            return tf.convert_to_tensor(self.bias), None
        one, other = tf.unstack(tf.convert_to_tensor(self.bias))
        return one, other

    def call(self, inputs: Tensor, states: Any, training: Any = False) -> tuple[Tensor, Any]:
        h, units, after = first_state(states), self.units, self.reset_after
        bias, own_bias = self.biases()
        xs = self.dropped(inputs, training)
        hs = self.dropped_state(h, training)
        weights = tf.convert_to_tensor(self.recurrent_kernel)
        if self.implementation == 1:
            x_z, x_r, x_h = projections(xs, tf.split(self.kernel, 3, axis=1),
                                        None if bias is None else tf.split(bias, 3))
            own = projections(hs[:2 + after], tf.split(weights, 3, axis=1)[:2 + after],
                              None if own_bias is None else tf.split(own_bias, 3))
        else:
            x = tf.matmul(xs[0], self.kernel)
            x_z, x_r, x_h = tf.split(x if bias is None else x + bias, 3, axis=1)
            product = tf.matmul(h, weights if after else weights[:, :2 * units])
            own = tf.split(product if own_bias is None else product + own_bias, 2 + after, axis=1)
        z = self.recurrent_activation(x_z + own[0])
        r = self.recurrent_activation(x_r + own[1])
        inside = r * own[2] if after else tf.matmul(r * hs[2], weights[:, 2 * units:])
        h = z * h + (1 - z) * self.activation(x_h + inside)
        return h, [h] if tf.nest.is_nested(states) else h


class GRU(OwnCellRNN):
    """A gated recurrent unit (Cho et al., 2014) over sequences of shape `(batch, steps, features)`.

    Args:
      units, activation, recurrent_activation, use_bias, reset_after, seed: see `GRUCell`.
      kernel_initializer, recurrent_initializer, bias_initializer: see `GRUCell`.
      kernel_regularizer, recurrent_regularizer, bias_regularizer: see `GRUCell`.
      kernel_constraint, recurrent_constraint, bias_constraint: see `GRUCell`.
      activity_regularizer: penalty on the output.
      dropout, recurrent_dropout: see `GRUCell`; the same positions are dropped at every step.
      return_sequences, return_state, go_backwards, stateful, unroll: see `RNN`.
      use_cudnn: True, False or "auto"; with False the layer goes step by step.

    Raises:
      ValueError: `units` is not positive, or a name is unknown.
    """

    recurrent_activation, reset_after = of_cell("recurrent_activation"), of_cell("reset_after")
    _config_names = ("units", "activation", "recurrent_activation", "use_bias", *INITIALIZERS, *REGULARIZERS,
                     "activity_regularizer", *CONSTRAINTS, "dropout", "recurrent_dropout", "reset_after", "seed")

    def __init__(self, units: int, activation: Any = "tanh", recurrent_activation: Any = "sigmoid",
                 use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
                 recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros",
                 kernel_regularizer: Any = None, recurrent_regularizer: Any = None, bias_regularizer: Any = None,
                 activity_regularizer: Any = None, kernel_constraint: Any = None, recurrent_constraint: Any = None,
                 bias_constraint: Any = None, dropout: float = 0.0, recurrent_dropout: float = 0.0, seed: Any = None,
                 return_sequences: bool = False, return_state: bool = False, go_backwards: bool = False,
                 stateful: bool = False, unroll: bool = False, reset_after: bool = True, use_cudnn: Any = "auto",
                 **kwargs: Any) -> None:
        cell = GRUCell(
            units, activation=activation, recurrent_activation=recurrent_activation, use_bias=use_bias,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint, dropout=dropout, recurrent_dropout=recurrent_dropout,
            reset_after=reset_after, seed=seed, dtype=kwargs.get("dtype"), trainable=kwargs.get("trainable", True),
            implementation=kwargs.pop("implementation", 2), name="gru_cell",
        )  # fmt: skip
        super().__init__(
            cell, return_sequences=return_sequences, return_state=return_state, go_backwards=go_backwards,
            stateful=stateful, unroll=unroll, activity_regularizer=activity_regularizer, **kwargs,
        )  # fmt: skip
        self.input_spec = InputSpec(ndim=3)
        self.use_cudnn = checked_choice(use_cudnn)

    def walk(self, sequences: Tensor, states: list[Any], mask: Any, training: Any, own_start: bool) -> Walk:
        if not whole_sequence_usable(self, sequences, training):
            return super().walk(sequences, states, mask, training, own_start)

        def run(x: Tensor, masks: list[Tensor], **attrs: Any) -> Any:
            cell = self.cell
            bias, own_bias = (tf.zeros([3 * cell.units], x.dtype) if b is None else b for b in cell.biases())
            return tf.raw_ops.GRUSequence(
                x=x, kernel=tf.convert_to_tensor(cell.kernel),
                recurrent_kernel=tf.convert_to_tensor(cell.recurrent_kernel), bias=bias, h=states[0],
                recurrent_bias=own_bias, masks=masks, reset_after=self.reset_after, **attrs,
            )[:2]  # fmt: skip

        return in_place_of(self, run, sequences, mask, training, own_start)
