"""`Input`: where a functional model begins."""
from __future__ import annotations

from typing import Any

from ...config import standardize_dtype
from ...symbolic.keras_tensor import KerasTensor, standardize_shape
from ...symbolic.node import Node
from ...types import Config, Shape
from ...utils.warn import warn
from ..layer import Layer


class InputLayer(Layer):
    """The layer that an `Input` comes from.

    Args:
      shape: sizes without the batch.
      batch_size: size of the batch, None for any.
      dtype: name of a dtype; `floatx` for None.
      sparse: whether the input is sparse.
      ragged: whether the input is ragged.
      batch_shape: sizes with the batch, in place of `shape`.
      input_tensor: an existing symbolic tensor to stand for the input.
      optional: whether the input may be None.
      name: unique name.

    Raises:
      ValueError: no shape, or two that contradict each other.
    """

    def __init__(self, shape: Shape | None = None, batch_size: int | None = None, dtype: Any = None,
                 sparse: bool | None = None, ragged: bool | None = None, batch_shape: Shape | None = None,
                 input_tensor: KerasTensor | None = None, optional: bool = False, name: str | None = None,
                 **kwargs: Any) -> None:
        super().__init__(name=name)
        if "input_shape" in kwargs:
            warn("Argument `input_shape` is deprecated. Use `shape` instead.")
            shape = kwargs.pop("input_shape")
        batch_shape = kwargs.pop("batch_input_shape", batch_shape)
        if kwargs:
            raise ValueError(f"Unrecognized keyword arguments passed to InputLayer: {kwargs}")
        if input_tensor is not None:
            _check_tensor(input_tensor, shape, batch_size, dtype, sparse, batch_shape)
            batch_shape, dtype, sparse = input_tensor.shape, input_tensor.dtype, input_tensor.sparse
        else:
            batch_shape = _batch_shape(shape, batch_size, batch_shape)
        self._batch_shape = standardize_shape(batch_shape)
        self._input_dtype = standardize_dtype(dtype)
        self.sparse = bool(sparse)
        self.ragged = bool(ragged)
        self.optional = optional
        if input_tensor is None:
            input_tensor = KerasTensor(self._batch_shape, self._input_dtype, self.sparse, self.ragged, name=name)
        self._input_tensor = input_tensor
        Node(self, (), {}, input_tensor)
        self.built = True

    def call(self) -> None:
        """Nothing: an input has a value already."""

    @property
    def batch_shape(self) -> tuple[int | None, ...]:
        """The sizes of the input, with the batch."""
        return self._batch_shape

    @property
    def dtype(self) -> str:
        """The dtype of the input."""
        return self._input_dtype

    def get_config(self) -> Config:
        return {"batch_shape": self.batch_shape, "dtype": self.dtype, "sparse": self.sparse, "ragged": self.ragged,
                "name": self.name, "optional": self.optional}


def _batch_shape(shape: Any, batch_size: int | None, batch_shape: Any) -> Any:
    if shape is not None and batch_shape is not None:
        raise ValueError("You cannot pass both `shape` and `batch_shape` at the same time.")
    if batch_size is not None and batch_shape is not None:
        raise ValueError("You cannot pass both `batch_size` and `batch_shape` at the same time.")
    if shape is None and batch_shape is None:
        raise ValueError("You must pass a `shape` argument.")
    return batch_shape if shape is None else (batch_size, *standardize_shape(shape))


def _check_tensor(tensor: Any, shape: Any, batch_size: int | None, dtype: Any, sparse: bool | None,
                  batch_shape: Any) -> None:
    if not isinstance(tensor, KerasTensor):
        raise ValueError("Argument `input_tensor` must be a KerasTensor. Received invalid type: "
                         f"input_tensor={tensor} (of type {type(tensor)})")
    agrees = {
        "batch_size": batch_size is None or (len(tensor.shape) > 0 and tensor.shape[0] == batch_size),
        "shape": shape is None or tuple(shape) == tensor.shape[1:],
        "batch_shape": batch_shape is None or tuple(batch_shape) == tensor.shape,
        "dtype": dtype is None or tensor.dtype == standardize_dtype(dtype),
        "sparse": sparse is None or tensor.sparse == sparse,
    }
    for argument, fits in agrees.items():
        if not fits:
            raise ValueError("When providing the `input_tensor` argument, you cannot provide an incompatible "
                             f"`{argument}` argument.")


def Input(shape: Shape | None = None, batch_size: int | None = None, dtype: Any = None, sparse: bool | None = None,
          ragged: bool | None = None, batch_shape: Shape | None = None, name: str | None = None,
          tensor: KerasTensor | None = None, optional: bool = False) -> KerasTensor:
    """A symbolic tensor that a functional model begins with.

    Args:
      shape: sizes without the batch, None for any size.
      batch_size: size of the batch, None for any.
      dtype: name of a dtype; `floatx` for None.
      sparse: whether the input is sparse.
      ragged: whether the input is ragged.
      batch_shape: sizes with the batch, in place of `shape`.
      name: unique name.
      tensor: an existing symbolic tensor to stand for the input.
      optional: whether the input may be None.

    Raises:
      ValueError: no shape, or two that contradict each other.
    """
    layer = InputLayer(shape=shape, batch_size=batch_size, dtype=dtype, sparse=sparse, ragged=ragged,
                       batch_shape=batch_shape, input_tensor=tensor, optional=optional, name=name)
    return layer._input_tensor
