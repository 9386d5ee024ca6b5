"""`StackedRNNCells`: several cells as one."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import thalweg as tf

from ... import registry
from ...types import Config, Shape, Tensor
from ..layer import Layer
from .cell import RecurrentCell, zero_state


class StackedRNNCells(Layer):
    """Cells of which each takes the output of the one before it.

    Args:
      cells: the cells, the lowest first.

    Raises:
      ValueError: something else is among them.
    """

    def __init__(self, cells: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for cell in cells:
            if not hasattr(cell, "call"):
                raise ValueError(f"All cells must have a `call` method. Received cell without a `call` method: {cell}")
            if not hasattr(cell, "state_size"):
                raise ValueError("All cells must have a `state_size` attribute. Received cell without a `state_size`: "
                                 f"{cell}")
        self.cells = list(cells)

    @property
    def state_size(self) -> list[Any]:
        """The state sizes of the cells."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self) -> int:
        """The size of the output of the last cell."""
        return _output_size(self.cells[-1])

    @property
    def drops(self) -> bool:
        """Whether a cell drops inputs or states in training."""
        return any(isinstance(c, RecurrentCell) and (c.dropout > 0 or c.recurrent_dropout > 0) for c in self.cells)

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """The states of the cells at the start."""
        states: list[Any] = []
        for cell in self.cells:
            own = getattr(cell, "get_initial_state", None)
            if own is not None:
                states.append(own(batch_size=batch_size))
            elif isinstance(cell.state_size, int):
                states.append(zero_state(batch_size, cell.state_size, self.compute_dtype))
            else:
                states.append([zero_state(batch_size, size, self.compute_dtype) for size in cell.state_size])
        return states

    def call(self, inputs: Tensor, states: Any, training: Any = False, **kwargs: Any) -> tuple[Tensor, Any]:
        after: list[Any] = []
        for cell, state in zip(self.cells, states, strict=False):
            nested = tf.nest.is_nested(state)
            own = dict(kwargs)
            if isinstance(cell, Layer) and cell._call_has_training_arg:
                own["training"] = training
            function = cell if callable(cell) else cell.call
            inputs, new = function(inputs, list(state) if nested else [state], **own)
            after.append(new[0] if not nested and len(new) == 1 else new)
        return inputs, after[0] if len(after) == 1 else after

    def build(self, input_shape: Shape) -> None:
        for cell in self.cells:
            if isinstance(cell, Layer) and not cell.built:
                cell.build(input_shape)
                cell.built = True
            input_shape = (input_shape[0], _output_size(cell))

    def get_config(self) -> Config:
        return {**super().get_config(), "cells": [registry.serialize_keras_object(cell) for cell in self.cells]}

    @classmethod
    def from_config(cls, config: Config, custom_objects: Mapping[str, Any] | None = None) -> StackedRNNCells:
        """The cells that `get_config` described."""
        config = dict(config)
        cells = [registry.deserialize_keras_object(c, custom_objects=custom_objects) for c in config.pop("cells")]
        return cls(cells, **config)


def _output_size(cell: Any) -> int:
    size = getattr(cell, "output_size", None)
    if size is None:
        size = cell.state_size
    return size if isinstance(size, int) else size[0]
