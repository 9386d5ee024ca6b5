"""`RNN`: walks along sequences with a cell."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import thalweg as tf

from ... import registry
from ...naming import name_scope
from ...types import Config, Shape, Tensor
from ...variable import Variable
from .. import tracking
from ..layer import Layer
from .cell import RecurrentCell, described, of_cell, zero_state
from .stacked import StackedRNNCells
from .steps import Walk, walk


class RNN(Layer):
    """Walks along the second axis of its input, shape `(batch, steps, ...)`, with a cell, or several on each other.

    Args:
      cell: has a method `call(inputs, states)`, which returns an output and the new states, and `state_size`, an
        integer or a list of them; or a list of such cells.
      return_sequences: whether the outputs of all steps are returned instead of that of the last.
      return_state: whether the states after the last step are returned as well.
      go_backwards: whether to begin at the end; the outputs are in the order of the walk.
      stateful: whether a batch goes on with the states at the end of the batch before.
      unroll: whether a traced function gets the operations of all steps, instead of a loop.
      zero_output_for_mask: whether the output of a masked step is zero, instead of the one before it.

    Raises:
      ValueError: the cell is none.
    """

    states: Any

    def __init__(self, cell: Any, return_sequences: bool = False, return_state: bool = False,
                 go_backwards: bool = False, stateful: bool = False, unroll: bool = False,
                 zero_output_for_mask: bool = False, **kwargs: Any) -> None:
        if isinstance(cell, (list, tuple)):
            cell = StackedRNNCells(cell)
        if not hasattr(cell, "call"):
            raise ValueError(f"Argument `cell` should have a `call` method. Received: cell={cell}")
        if not hasattr(cell, "state_size"):
            raise ValueError("The RNN cell should have a `state_size` attribute (single integer or list of integers, "
                             f"one integer per RNN state). Received: cell={cell}")
        super().__init__(**kwargs)
        self.zero_output_for_mask = zero_output_for_mask
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.supports_masking = True
        self.input_spec = None
        self.states = None
        self._expected_batch_size: int | None = None
        size = cell.state_size
        if size is None:
            raise ValueError("state_size must be specified as property on the RNN cell.")
        if not isinstance(size, (list, tuple, int)):
            raise ValueError("state_size must be an integer, or a list/tuple of integers (one for each state tensor).")
        self.single_state = isinstance(size, int)
        self.state_size = [size] if isinstance(size, int) else list(size)

    # Shapes and weights

    def compute_output_shape(self, sequences_shape: Shape, initial_state_shape: Any = None) -> Shape:
        batch, steps = sequences_shape[:2]
        size = getattr(self.cell, "output_size", None)
        size = self.state_size[0] if size is None else size
        if not isinstance(size, int):
            raise ValueError("output_size must be an integer.")
        shape = (batch, steps, size) if self.return_sequences else (batch, size)
        if not self.return_state:
            return shape
        return (shape, *((batch, s) if isinstance(s, int) else [(batch, part) for part in s] for s in self.state_size))

    def compute_mask(self, _: Any, mask: Any) -> Any:
        own = tf.nest.flatten(mask)[0] if self.return_sequences else None
        return [own, *(None for _ in self.state_size)] if self.return_state else own

    def build(self, sequences_shape: Shape, initial_state_shape: Any = None) -> None:
        batch = sequences_shape[0]
        if isinstance(self.cell, Layer) and not self.cell.built:
            self.cell.build((batch, *sequences_shape[2:]))
            self.cell.built = True
        if not self.stateful:
            return
        if self.states is not None:
            self.reset_state()
            return
        if batch is None:
            raise ValueError("When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch "
                             f"size: sequence.shape={sequences_shape}")
        with tracking.untracked(), name_scope(self.name, caller=self):
            self.states = tf.nest.map_structure(
                lambda value: Variable(value, trainable=False, dtype=self.variable_dtype, name="rnn_state"),
                self.get_initial_state(batch))
        self._expected_batch_size = batch

    # States

    def get_initial_state(self, batch_size: Any) -> list[Any]:
        """The states at the start: the cell's own, or zeros."""
        own = getattr(self.cell, "get_initial_state", None)
        if own is None:
            return [zero_state(batch_size, size, self.cell.compute_dtype) for size in self.state_size]
        states = own(batch_size=batch_size)
        return list(states) if tf.nest.is_nested(states) else [states]

    def reset_state(self) -> None:
        """Sets the states that are kept between batches to zero."""
        for variable in tf.nest.flatten(self.states):
            if variable is not None:
                variable.assign(tf.zeros_like(variable))

    def reset_states(self) -> None:
        """The same as `reset_state`."""
        self.reset_state()

    def _start(self, sequences: Tensor, initial_state: Any) -> list[Any]:
        """The states before the first step, in the dtype of the cell."""
        batch = sequences.shape[0]
        expected = self._expected_batch_size
        if self.stateful and None not in (expected, batch) and batch != expected:
            raise ValueError("If an RNN is stateful, the batch size of the input sequences must be the same as the "
                             f"batch size of the initial state. \n- Expected batch size: {expected}\n"
                             f"- Received batch size: {batch}")
        if initial_state is None:
            initial_state = self.states if self.stateful else \
                self.get_initial_state(tf.shape(sequences)[0] if batch is None else batch)
        if not tf.nest.is_nested(initial_state):
            initial_state = [initial_state]
        dtype = getattr(self.cell, "compute_dtype", self.compute_dtype)
        states: list[Any] = tf.nest.map_structure(lambda s: tf.cast(tf.convert_to_tensor(s), dtype), list(initial_state))
        return states

    # Calls

    def walk(self, sequences: Tensor, states: list[Any], mask: Any, training: Any, own_start: bool) -> Walk:
        """Goes along the sequences.

        Args:
          sequences: shape `(batch, steps, ...)`.
          states: the states before the first step.
          mask: which steps count, or None.
          training: the training flag.
          own_start: whether the states are those that the cell starts with.
        """
        cell = self.cell
        kwargs = {"training": training} if isinstance(cell, Layer) and cell._call_has_training_arg else {}
        function = cell if callable(cell) else cell.call

        def step(inputs: Tensor, states: Any) -> tuple[Tensor, Any]:
            output, after = function(inputs, states, **kwargs)
            return output, list(after) if tf.nest.is_nested(after) else [after]

        return walk(step, sequences, states, mask, self.go_backwards, self.unroll, self.zero_output_for_mask,
                    self.return_sequences)

    def call(self, sequences: Tensor, initial_state: Any = None, mask: Any = None, training: Any = False) -> Any:
        if self.unroll and sequences.shape[1] is None:
            raise ValueError("Cannot unroll a RNN if the time dimension is undefined. \n- If using a Sequential model, "
                             "specify the time dimension by passing an `Input()` as your first layer.\n- If using the "
                             "functional API, specify the time dimension by passing a `shape` or `batch_shape` "
                             "argument to your `Input()`.")
        states = self._start(sequences, initial_state)
        if tf.nest.is_nested(mask):
            mask = tf.nest.flatten(mask)[0]
        _draw(self.cell, sequences, states)
        try:
            found = self.walk(sequences, states, mask, training, initial_state is None and not self.stateful)
        finally:
            _forget(self.cell)
        dtype = self.compute_dtype
        states = tf.nest.map_structure(lambda s: tf.cast(s, dtype), found.states)
        if self.stateful:
            for variable, state in zip(tf.nest.flatten(self.states), tf.nest.flatten(states), strict=True):
                variable.assign(tf.cast(state, variable.dtype))
        output = tf.cast(found.outputs if self.return_sequences else found.last, dtype)
        return (output, *states) if self.return_state else output

    # Configuration

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
            "go_backwards": self.go_backwards,
            "stateful": self.stateful,
            "unroll": self.unroll,
            "zero_output_for_mask": self.zero_output_for_mask,
            "cell": registry.serialize_keras_object(self.cell),
        }

    @classmethod
    def from_config(cls, config: Config, custom_objects: Mapping[str, Any] | None = None) -> RNN:
        """The layer that `get_config` described."""
        config = dict(config)
        cell = registry.deserialize_keras_object(config.pop("cell"), custom_objects=custom_objects)
        return cls(cell, **config)


class OwnCellRNN(RNN):
    """A recurrent layer that makes its cell itself, so that its config has the cell's settings."""

    _config_names: tuple[str, ...] = ()
    """What `get_config` tells of the cell, in Keras's order."""

    units, activation, use_bias = of_cell("units"), of_cell("activation"), of_cell("use_bias")
    kernel_initializer, kernel_regularizer = of_cell("kernel_initializer"), of_cell("kernel_regularizer")
    recurrent_initializer, recurrent_regularizer = of_cell("recurrent_initializer"), of_cell("recurrent_regularizer")
    bias_initializer, bias_regularizer = of_cell("bias_initializer"), of_cell("bias_regularizer")
    kernel_constraint, recurrent_constraint = of_cell("kernel_constraint"), of_cell("recurrent_constraint")
    bias_constraint, seed = of_cell("bias_constraint"), of_cell("seed")
    dropout, recurrent_dropout = of_cell("dropout"), of_cell("recurrent_dropout")

    def get_config(self) -> Config:
        config = super().get_config()
        del config["cell"]
        return {**config, **described(self)}

    @classmethod
    def from_config(cls, config: Config, custom_objects: Mapping[str, Any] | None = None) -> Any:
        return cls(**config)


def _draw(cell: Any, sequences: Tensor, states: list[Any]) -> None:
    """Lets cells draw what they drop, before the first step."""
    if isinstance(cell, RecurrentCell):
        if cell.dropout > 0:
            cell.get_dropout_mask(sequences[:, 0])
        if cell.recurrent_dropout > 0:
            cell.get_recurrent_dropout_mask(tf.nest.flatten(states)[0])
    elif isinstance(cell, StackedRNNCells) and cell.drops:
        inputs = sequences[:, 0]
        for part, state in zip(cell.cells, states, strict=True):
            state = list(state) if tf.nest.is_nested(state) else [state]
            if isinstance(part, RecurrentCell):
                part.get_dropout_mask(inputs)
                part.get_recurrent_dropout_mask(state[0])
            inputs, _ = part(inputs, state) if callable(part) else part.call(inputs, state)


def _forget(cell: Any) -> None:
    """Lets cells forget what they drop."""
    for part in cell.cells if isinstance(cell, StackedRNNCells) else [cell]:
        if isinstance(part, RecurrentCell):
            part.reset_dropout_mask()
            part.reset_recurrent_dropout_mask()
