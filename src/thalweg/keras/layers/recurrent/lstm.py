"""`LSTM` and its cell."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import activations, initializers
from ...types import Shape, Tensor
from ..input_spec import InputSpec
from .cell import CONSTRAINTS, INITIALIZERS, REGULARIZERS, RecurrentCell, of_cell, projections, zero_state
from .fused import checked_choice, in_place_of, whole_sequence_usable
from .rnn import OwnCellRNN
from .steps import Walk


class LSTMCell(RecurrentCell):
    """One step of a long short-term memory.

    Args:
      units: size of the output and of both states.
      activation: of the candidate and of the output, a function or its name.
      recurrent_activation: of the gates.
      use_bias: whether there is a bias.
      kernel_initializer: of the kernel, shape `(input size, 4 * units)`: input, forget, candidate, output.
      recurrent_initializer: of the recurrent kernel, shape `(units, 4 * units)`.
      bias_initializer: of the bias, shape `(4 * units,)`.
      unit_forget_bias: whether the bias of the forget gate begins with ones.
      kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties.
      kernel_constraint, recurrent_constraint, bias_constraint: projections after a step of training.
      dropout: the part of the inputs that is dropped in training.
      recurrent_dropout: the part of the state that is dropped in training.
      seed: seed of what is dropped.

    Raises:
      ValueError: `units` is not positive, or a name is unknown.
    """

    _config_names = ("units", "activation", "recurrent_activation", "use_bias", "unit_forget_bias", *INITIALIZERS,
                     *REGULARIZERS, *CONSTRAINTS, "dropout", "recurrent_dropout", "seed")

    def __init__(self, units: int, activation: Any = "tanh", recurrent_activation: Any = "sigmoid",
                 use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
                 recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros",
                 unit_forget_bias: bool = True, kernel_regularizer: Any = None, recurrent_regularizer: Any = None,
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
        super().__init__(units, activation, use_bias, settings, dropout, recurrent_dropout, seed, 4, **kwargs)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias
        self.state_size = [units, units]

    def _first_bias(self, _: Shape, *args: Any, **kwargs: Any) -> Tensor:
        units = self.units
        ones = initializers.get("ones")((units,), *args, **kwargs)
        return tf.concat([self.bias_initializer((units,), *args, **kwargs), ones,
                          self.bias_initializer((units * 2,), *args, **kwargs)], 0)

    def build(self, input_shape: Shape) -> None:
        self._build_weights(input_shape, (4 * self.units,), self._first_bias if self.unit_forget_bias else None)

    def get_initial_state(self, batch_size: Any = None) -> list[Tensor]:
        return [zero_state(batch_size, size, self.compute_dtype) for size in self.state_size]

    def call(self, inputs: Tensor, states: Any, training: Any = False) -> tuple[Tensor, list[Tensor]]:
        h, c = states[0], states[1]
        xs = self.dropped(inputs, training)
        if self.implementation == 1:
            given = projections(xs, tf.split(self.kernel, 4, axis=1),
                                None if self.bias is None else tf.split(self.bias, 4))
            own = projections(self.dropped_state(h, training), tf.split(self.recurrent_kernel, 4, axis=1), None)
            i, f, g, o = (a + b for a, b in zip(given, own, strict=True))
        else:
            z = tf.matmul(xs[0], self.kernel) + tf.matmul(h, self.recurrent_kernel)
            i, f, g, o = tf.split(z if self.bias is None else z + self.bias, 4, axis=1)
        gate, activation = self.recurrent_activation, self.activation
        c = gate(f) * c + gate(i) * activation(g)
        h = gate(o) * activation(c)
        return h, [h, c]


class LSTM(OwnCellRNN):
    """A long short-term memory (Hochreiter and Schmidhuber, 1997) over sequences of shape `(batch, steps, features)`.

    Args:
      units, activation, recurrent_activation, use_bias, unit_forget_bias, seed: see `LSTMCell`.
      kernel_initializer, recurrent_initializer, bias_initializer: see `LSTMCell`.
      kernel_regularizer, recurrent_regularizer, bias_regularizer: see `LSTMCell`.
      kernel_constraint, recurrent_constraint, bias_constraint: see `LSTMCell`.
      activity_regularizer: penalty on the output.
      dropout, recurrent_dropout: see `LSTMCell`; the same positions are dropped at every step.
      return_sequences, return_state, go_backwards, stateful, unroll: see `RNN`.
      use_cudnn: True, False or "auto"; with False the layer goes step by step.

    Raises:
      ValueError: `units` is not positive, or a name is unknown.
    """

    recurrent_activation, unit_forget_bias = of_cell("recurrent_activation"), of_cell("unit_forget_bias")
    _config_names = ("units", "activation", "recurrent_activation", "use_bias", *INITIALIZERS, "unit_forget_bias",
                     *REGULARIZERS, "activity_regularizer", *CONSTRAINTS, "dropout", "recurrent_dropout", "seed")

    def __init__(self, units: int, activation: Any = "tanh", recurrent_activation: Any = "sigmoid",
                 use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
                 recurrent_initializer: Any = "orthogonal", bias_initializer: Any = "zeros",
                 unit_forget_bias: bool = True, kernel_regularizer: Any = None, recurrent_regularizer: Any = None,
                 bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
                 recurrent_constraint: Any = None, bias_constraint: Any = None, dropout: float = 0.0,
                 recurrent_dropout: float = 0.0, seed: Any = None, return_sequences: bool = False,
                 return_state: bool = False, go_backwards: bool = False, stateful: bool = False, unroll: bool = False,
                 use_cudnn: Any = "auto", **kwargs: Any) -> None:
        cell = LSTMCell(
            units, activation=activation, recurrent_activation=recurrent_activation, use_bias=use_bias,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, unit_forget_bias=unit_forget_bias,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint, dropout=dropout,
            recurrent_dropout=recurrent_dropout, seed=seed, dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True), implementation=kwargs.pop("implementation", 2), name="lstm_cell",
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
            weights = [tf.convert_to_tensor(w) for w in (cell.kernel, cell.recurrent_kernel)]
            bias = tf.zeros([4 * cell.units], x.dtype) if cell.bias is None else tf.convert_to_tensor(cell.bias)
            return tf.raw_ops.LSTMSequence(x=x, kernel=weights[0], recurrent_kernel=weights[1], bias=bias,
                                           h=states[0], c=states[1], masks=masks, **attrs)[:3]

        return in_place_of(self, run, sequences, mask, training, own_start)
