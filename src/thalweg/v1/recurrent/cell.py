"""What recurrent cells are: functions from an input and a state to an output and the next state."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...ops.common import constant_value
from ..collections import trainable_variables
from ..framework import name_scope
from ..layers.base import Layer
from ..scopes import get_variable_scope, variable_scope
from .shapes import zero_state


def assert_like_rnncell(name: str, cell: Any) -> None:
    """Checks that something can be used as a cell.

    Raises:
      TypeError: it lacks a size or a start, or cannot be called.
    """
    missing = [text for text, there in (
        ("'output_size' property is missing", hasattr(cell, "output_size")),
        ("'state_size' property is missing", hasattr(cell, "state_size")),
        ("either 'zero_state' or 'get_initial_state' method is required",
         hasattr(cell, "get_initial_state") or hasattr(cell, "zero_state")),
        ("is not callable", callable(cell))) if not there]
    if missing:
        raise TypeError(f"The argument {name!r} ({cell}) is not an RNNCell: {', '.join(missing)}.")


def check_dtype(dtype: Any) -> None:
    """Raises ValueError for dtypes that cells do not compute in."""
    if dtype is not None and not (tf.as_dtype(dtype).is_floating or tf.as_dtype(dtype).is_complex):
        raise ValueError(f"RNN cell only supports floating point inputs, but saw dtype: {tf.as_dtype(dtype)}")


class RNNCell(Layer):
    """The base of the cells. A subclass has `state_size` and `output_size`, and a method `call(inputs, state)`.

    `output, state = cell(inputs, state)` is one step for a batch. Sizes are ints, shapes, or nests of them; states have
    the structure of `state_size`.

    Args:
      trainable, name, dtype: as `Layer`.
      _reuse: whether the variables exist already.
    """

    def __init__(self, trainable: bool = True, name: Any = None, dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)
        self._outer: Any = None

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:  # type: ignore[override]
        """One step.

        Args:
          inputs: `[batch, depth]`, or a nest of such tensors.
          state: in the structure of `state_size`.
          scope: the variable scope, or its name.

        Returns:
          The output, and the state after the step.
        """
        if scope is not None:
            with variable_scope(scope, custom_getter=self._noted) as opened:
                return super().__call__(inputs, state, scope=opened)
        if self._outer is None:
            self._outer = variable_scope(get_variable_scope(), custom_getter=self._noted)
        with self._outer:
            return super().__call__(inputs, state)

    def _noted(self, getter: Any, *args: Any, **kwargs: Any) -> Any:
        """Keeps the variables that `call` gets by itself among the cell's."""
        made = getter(*args, **kwargs)
        trained = made.trainable if not hasattr(made, "initializer") else any(made is v for v in trainable_variables())
        held = self._trainable_weights if trained else self._non_trainable_weights
        if all(made is not v for v in held):
            held.append(made)
        return made

    @property
    def state_size(self) -> Any:
        """The size of the state."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Any:
        """The size of the output."""
        raise NotImplementedError("Abstract method")

    def build(self, input_shape: Any) -> None:
        """Makes the variables; a cell may as well get them when it is called."""

    def get_initial_state(self, inputs: Any = None, batch_size: Any = None, dtype: Any = None) -> Any:
        """Zeros for the batch size and dtype of `inputs`, or those given.

        Raises:
          ValueError: neither is given, or both and they differ.
        """
        if inputs is not None:
            inputs = tf.convert_to_tensor(inputs)
            if batch_size is not None:
                known = constant_value(batch_size) if hasattr(batch_size, "dtype") else batch_size
                if inputs.shape[0] != known:
                    raise ValueError("batch size from input tensor is different from the input param. Input tensor batch: "
                                     f"{inputs.shape[0]}, batch_size: {batch_size}")
            if dtype is not None and inputs.dtype != dtype:
                raise ValueError("dtype from input tensor is different from the input param. Input tensor dtype: "
                                 f"{inputs.dtype}, dtype: {dtype}")
            batch_size = inputs.shape[0] if inputs.shape[0] is not None else tf.shape(inputs)[0]
            dtype = inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError("batch_size and dtype cannot be None while constructing initial state: "
                             f"batch_size={batch_size}, dtype={dtype}")
        return self.zero_state(batch_size, dtype)

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros `[batch_size, size]` in the structure of `state_size`."""
        with name_scope(type(self).__name__ + "ZeroState"):
            return zero_state(self.state_size, batch_size, dtype)


class LayerRNNCell(RNNCell):
    """A cell whose variables are made in `build`, in the scope of a layer."""

    def __call__(self, inputs: Any, state: Any, scope: Any = None, *args: Any,  # type: ignore[override]
                 **kwargs: Any) -> Any:
        """One step, see `RNNCell`."""
        return Layer.__call__(self, inputs, state, *args, scope=scope, **kwargs)

    def _depth(self, input_shape: Any) -> int:
        depth = tf.TensorShape(input_shape)[-1]
        if depth is None:
            raise ValueError(f"Expected inputs.shape[-1] to be known, saw shape: {input_shape}")
        check_dtype(self.dtype)
        return int(depth)

    def _check(self, inputs: Any, state: Any) -> None:
        for x in tf.nest.flatten([inputs, state]):
            check_dtype(x.dtype)
        if inputs.shape.rank not in (None, 2):
            raise ValueError(f"Input 0 of layer {self.name} is incompatible with the layer: expected ndim=2, found ndim="
                             f"{inputs.shape.rank}. Full shape received: {tuple(inputs.shape.as_list())}")
