"""Cells on top of each other."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf

from ..framework import name_scope
from ..layers.base import Layer
from ..scopes import variable_scope
from .cell import RNNCell


class MultiRNNCell(RNNCell):
    """Cells of which each takes the output of the one before, with variables in scopes `cell_0`, `cell_1`, ...

    Args:
      cells: from the input to the output.
      state_is_tuple: whether the state is a tuple of the cells' states, else all of them in one tensor.

    Raises:
      ValueError: no cells, or states that are tuples while `state_is_tuple` is False.
      TypeError: no list of cells.
    """

    def __init__(self, cells: Sequence[Any], state_is_tuple: bool = True) -> None:
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not tf.nest.is_nested(cells):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        self._cells = list(cells)
        self._state_is_tuple = state_is_tuple
        if not state_is_tuple and any(tf.nest.is_nested(c.state_size) for c in cells):
            raise ValueError("Some cells return tuples of states, but the flag state_is_tuple is not set.  State sizes are: "
                             f"{[c.state_size for c in cells]}")

    @property
    def state_size(self) -> Any:
        """The cells' sizes in a tuple, or their sum."""
        sizes = tuple(c.state_size for c in self._cells)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        """The size of the last cell's output."""
        return self._cells[-1].output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros for each cell."""
        if not self._state_is_tuple:
            return super().zero_state(batch_size, dtype)
        with name_scope(type(self).__name__ + "ZeroState"):
            return tuple(c.zero_state(batch_size, dtype) for c in self._cells)

    @property
    def trainable_weights(self) -> list[Any]:
        """The variables of all cells that training moves."""
        layers = [c for c in self._cells if isinstance(c, Layer)]
        return [v for c in layers for v in c.trainable_weights] if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The other variables of all cells."""
        layers = [c for c in self._cells if isinstance(c, Layer)]
        frozen = [] if self.trainable else [v for c in layers for v in c.trainable_weights]
        return [*frozen, *[v for c in layers for v in c.non_trainable_weights]]

    def call(self, inputs: Any, state: Any) -> Any:
        """One step through all cells.

        Raises:
          ValueError: the state is no tuple, or one of another length.
        """
        if self._state_is_tuple:
            if not tf.nest.is_nested(state) or len(state) != len(self._cells):
                raise ValueError(f"Expected state to be a tuple of length {len(self.state_size)}, but received: {state}")
            states = state
        else:
            states = tf.split(state, [c.state_size for c in self._cells], axis=1)
        after = []
        for i, (cell, before) in enumerate(zip(self._cells, states, strict=True)):
            with variable_scope(f"cell_{i}"):
                inputs, new = cell(inputs, before)
            after.append(new)
        return inputs, tuple(after) if self._state_is_tuple else tf.concat(after, 1)
