"""Wrappers around Keras cells: `tf.nn.RNNCellDropoutWrapper`, `RNNCellResidualWrapper`, `RNNCellDeviceWrapper`."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from .cell import assert_like_rnncell
from .shapes import zero_state
from .wrapping import Dropout, residual


class _CellWrapper(tf.Module):  # type: ignore[misc]
    """A cell that changes what another one does. It is called with inputs and states, or walked with `tf.keras.layers.RNN`.

    Args:
      cell: a Keras cell.
      name: of the wrapper.

    Raises:
      TypeError: no cell.
    """

    def __init__(self, cell: Any, name: str | None = None) -> None:
        super().__init__(name)
        assert_like_rnncell("cell", cell)
        self.cell = cell
        self.built = False

    @property
    def wrapped_cell(self) -> Any:
        """The cell inside."""
        return self.cell

    @property
    def state_size(self) -> Any:
        """That of the cell inside."""
        return self.cell.state_size

    @property
    def output_size(self) -> Any:
        """That of the cell inside."""
        return self.cell.output_size

    def build(self, inputs_shape: Any) -> None:
        """Makes the weights of the cell inside."""
        if not self.cell.built:
            self.cell.build(inputs_shape)
            self.cell.built = True
        self.built = True

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros in the structure of `state_size`."""
        return zero_state(self.state_size, batch_size, dtype)

    def get_initial_state(self, inputs: Any = None, batch_size: Any = None, dtype: Any = None) -> Any:
        """Zeros for the batch size and dtype of `inputs`, or those given.

        Raises:
          ValueError: neither is given.
        """
        if inputs is not None:
            batch_size, dtype = tf.shape(inputs)[0], inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError("batch_size and dtype cannot be None while constructing initial state: "
                             f"batch_size={batch_size}, dtype={dtype}")
        return self.zero_state(batch_size, dtype)

    def __call__(self, inputs: Any, state: Any, **kwargs: Any) -> Any:
        """One step."""
        inputs = tf.convert_to_tensor(inputs)
        if not self.built:
            self.build(tuple(inputs.shape.as_list()))
        return self.call(inputs, state, **kwargs)

    def call(self, inputs: Any, state: Any, **kwargs: Any) -> Any:
        """One step, with the weights made."""
        return self.cell.call(inputs, state, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that this was made with, the cell as its own configuration."""
        return {"cell": {"class_name": type(self.cell).__name__, "config": self.cell.get_config()}}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """A wrapper from what `get_config` gave."""
        settings = dict(config)
        described = settings.pop("cell")
        kinds = {**vars(tf.keras.layers), **(custom_objects or {})}
        kind = kinds.get(described["class_name"]) or getattr(tf.keras.layers, described["class_name"])
        return cls(kind.from_config(described["config"]), **settings)


class DropoutWrapper(_CellWrapper):
    """A cell with dropout on its inputs, outputs and states.

    Args:
      cell: a Keras cell; not LSTMCell, which has dropout of its own.
      input_keep_prob, output_keep_prob, state_keep_prob: the share that is kept, a number or a tensor.
      variational_recurrent: whether all steps share their draws.
      input_size: the sizes of the inputs, needed for shared draws of inputs.
      dtype: of the shared draws.
      seed: of all draws.
      dropout_state_filter_visitor: which states dropout touches; all unless told otherwise.
      name: of the wrapper.

    Raises:
      TypeError: no cell, or a filter that cannot be called.
      ValueError: an LSTMCell, shared draws without a dtype or input size, or a share outside [0, 1].
    """

    def __init__(self, cell: Any, input_keep_prob: Any = 1.0, output_keep_prob: Any = 1.0, state_keep_prob: Any = 1.0,
                 variational_recurrent: bool = False, input_size: Any = None, dtype: Any = None, seed: int | None = None,
                 dropout_state_filter_visitor: Callable[..., Any] | None = None, name: str | None = None) -> None:
        super().__init__(cell, name)
        if isinstance(cell, tf.keras.layers.LSTMCell):
            raise ValueError("keras LSTM cell does not work with DropoutWrapper. Please use LSTMCell(dropout=x, "
                             "recurrent_dropout=y) instead.")
        self._dropout = Dropout(cell, input_keep_prob, output_keep_prob, state_keep_prob, variational_recurrent, input_size,
                                dtype, seed, dropout_state_filter_visitor)
        self._settings = {"input_keep_prob": self._dropout.inputs, "output_keep_prob": self._dropout.outputs,
                          "state_keep_prob": self._dropout.states, "variational_recurrent": variational_recurrent,
                          "input_size": input_size, "seed": seed}

    def call(self, inputs: Any, state: Any, **kwargs: Any) -> Any:
        """One step, with the weights made."""
        return self._dropout.step(self.cell.call, inputs, state, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that this was made with, the cell as its own configuration."""
        return {**super().get_config(), **self._settings}


class ResidualWrapper(_CellWrapper):
    """A cell whose inputs are added to its outputs (Wu et al. 2016).

    Args:
      cell: a Keras cell.
      residual_fn: a function of inputs and outputs that replaces the sum.
      name: of the wrapper.
    """

    def __init__(self, cell: Any, residual_fn: Callable[..., Any] | None = None, name: str | None = None) -> None:
        super().__init__(cell, name)
        self._residual_fn = residual_fn

    def call(self, inputs: Any, state: Any, **kwargs: Any) -> Any:
        """One step, with the weights made."""
        outputs, after = self.cell.call(inputs, state, **kwargs)
        return (self._residual_fn or residual)(inputs, outputs), after


class DeviceWrapper(_CellWrapper):
    """A cell that asks for a device.

    Args:
      cell: a Keras cell.
      device: its name.
      name: of the wrapper.
    """

    def __init__(self, cell: Any, device: Any, name: str | None = None) -> None:
        super().__init__(cell, name)
        self._device = device

    def call(self, inputs: Any, state: Any, **kwargs: Any) -> Any:
        """One step, with the weights made."""
        with tf.device(self._device):
            return self.cell.call(inputs, state, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that this was made with, the cell as its own configuration."""
        return {**super().get_config(), "device": self._device}
