"""Cells around cells: `DropoutWrapper`, `ResidualWrapper`, `DeviceWrapper`."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from ..building import in_default_graph
from ..framework import name_scope
from ..layers.base import Layer
from .cell import RNNCell, assert_like_rnncell
from .wrapping import Dropout, residual


class _Wrapper(RNNCell):
    """A cell that changes what another cell does."""

    def __init__(self, cell: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        assert_like_rnncell("cell", cell)
        self.cell = cell

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

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """That of the cell inside."""
        with name_scope(type(self).__name__ + "ZeroState"):
            return self.cell.zero_state(batch_size, dtype)

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:  # type: ignore[override]
        """One step."""
        with in_default_graph():
            return self._step(inputs, state, scope)

    def _step(self, inputs: Any, state: Any, scope: Any) -> Any:
        return self.cell(inputs, state, scope=scope)

    @property
    def trainable_weights(self) -> list[Any]:
        """Those of the cell inside."""
        return self.cell.trainable_weights if isinstance(self.cell, Layer) else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        """Those of the cell inside."""
        return self.cell.non_trainable_weights if isinstance(self.cell, Layer) else []


class DropoutWrapper(_Wrapper):
    """A cell with dropout on its inputs, outputs and states.

    Args:
      cell: the cell.
      input_keep_prob, output_keep_prob, state_keep_prob: the share that is kept, a number or a tensor.
      variational_recurrent: whether all steps share their draws.
      input_size: the sizes of the inputs, needed for shared draws of inputs.
      dtype: of the shared draws.
      seed: of all draws.
      dropout_state_filter_visitor: which states dropout touches; all but the memory of an LSTM unless told otherwise.

    Raises:
      TypeError: no cell, or a filter that cannot be called.
      ValueError: shared draws without a dtype or input size, or a share outside [0, 1].
    """

    def __init__(self, cell: Any, input_keep_prob: Any = 1.0, output_keep_prob: Any = 1.0, state_keep_prob: Any = 1.0,
                 variational_recurrent: bool = False, input_size: Any = None, dtype: Any = None, seed: int | None = None,
                 dropout_state_filter_visitor: Callable[..., Any] | None = None, **kwargs: Any) -> None:
        super().__init__(cell, dtype=dtype, **kwargs)
        with name_scope("DropoutWrapperInit"):
            self._dropout = Dropout(cell, input_keep_prob, output_keep_prob, state_keep_prob, variational_recurrent,
                                    input_size, dtype, seed, dropout_state_filter_visitor)

    def _step(self, inputs: Any, state: Any, scope: Any) -> Any:
        return self._dropout.step(self.cell, inputs, state, scope=scope)


class ResidualWrapper(_Wrapper):
    """A cell whose inputs are added to its outputs (Wu et al. 2016).

    Args:
      cell: the cell.
      residual_fn: a function of inputs and outputs that replaces the sum.
    """

    def __init__(self, cell: Any, residual_fn: Callable[..., Any] | None = None, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn

    def _step(self, inputs: Any, state: Any, scope: Any) -> Any:
        outputs, after = self.cell(inputs, state, scope=scope)
        return (self._residual_fn or residual)(inputs, outputs), after


class DeviceWrapper(_Wrapper):
    """A cell that asks for a device.

    Args:
      cell: the cell.
      device: its name.
    """

    def __init__(self, cell: Any, device: Any, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._device = device

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """That of the cell inside, on the device."""
        with in_default_graph(), tf.device(self._device):
            return super().zero_state(batch_size, dtype)

    def _step(self, inputs: Any, state: Any, scope: Any) -> Any:
        with tf.device(self._device):
            return self.cell(inputs, state, scope=scope)
