"""What operators share that are described by numbers of rows and columns rather than by tensors of elements."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from . import tools
from .base import LinearOperator


def size_argument(value: Any, name: str, check: bool) -> Any:
    """A number of rows or columns: an int where it is known, else a tensor.

    Raises:
      TypeError: no integer, or a variable.
      ValueError: no scalar, or negative.
    """
    if isinstance(value, (tf.Variable, tf.Module)):
        raise TypeError(f"Argument {name} cannot be reference type. Found: {type(value)}.")
    tensor = tf.convert_to_tensor(value)
    if not tensor.dtype.is_integer:
        raise TypeError(f"Argument {name} must be integer type.  Found: {tensor!s}")
    known = tf.get_static_value(tensor)
    if known is None:
        if not check:
            return tensor
        with tf.control_dependencies([tools.require(tensor >= 0, f"Argument {name} must be non-negative.", tensor)]):
            return tf.identity(tensor)
    if np.ndim(known):
        raise ValueError(f"Argument {name} must be a 0-D Tensor.  Found: {known}")
    if known < 0:
        raise ValueError(f"Argument {name} must be non-negative.  Found: {known}")
    return int(known)


def batch_argument(value: Any, check: bool) -> Any:
    """The shape of a batch: None, a list of ints where it is known, else a tensor.

    Raises:
      TypeError: no integers, or a variable.
      ValueError: no vector, or a negative size.
    """
    if value is None:
        return None
    if isinstance(value, (tf.Variable, tf.Module)):
        raise TypeError(f"Argument batch_shape cannot be reference type. Found: {type(value)}.")
    tensor = tf.constant([], tf.int32) if isinstance(value, (list, tuple)) and not value else tf.convert_to_tensor(value)
    if not tensor.dtype.is_integer:
        raise TypeError(f"Argument batch_shape must be integer type.  Found: {tensor!s}")
    known = tf.get_static_value(tensor)
    if known is None:
        if not check:
            return tensor
        condition = tools.require(tensor >= 0, "Argument batch_shape must be non-negative.", tensor)
        with tf.control_dependencies([condition]):
            return tf.identity(tensor)
    if np.ndim(known) != 1:
        raise ValueError(f"Argument batch_shape must be a 1-D Tensor.  Found: {known}")
    if np.any(np.asarray(known) < 0):
        raise ValueError(f"Argument batch_shape must be non-negative.  Found:{known}")
    return np.asarray(known).tolist()


class SizedOperator(LinearOperator):
    """Operators with a number of rows and a number of columns; a subclass sets `_num_rows`, `_num_columns`, `_given_batch`."""

    _num_rows: Any
    _num_columns: Any
    _given_batch: Any
    _assert_proper_shapes: bool

    def _shape(self) -> Any:
        sizes = [n if isinstance(n, int) else None for n in (self._num_rows, self._num_columns)]
        if self._given_batch is None:
            return tf.TensorShape(sizes)
        if isinstance(self._given_batch, list):
            return tf.TensorShape([*self._given_batch, *sizes])
        rank = self._given_batch.shape.as_list()[0] if self._given_batch.shape.rank else None
        return tf.TensorShape(None) if rank is None else tf.TensorShape([None] * rank + sizes)

    def _shape_tensor(self) -> Any:
        return tools.joined([] if self._given_batch is None else self._given_batch, [self._num_rows, self._num_columns])

    def _diagonal_shape(self) -> Any:
        rows, columns = self._rows(), self._size()
        if isinstance(rows, int) and isinstance(columns, int):
            return tools.joined(self._batch(), [min(rows, columns)])
        return tools.joined(self._batch(), [tf.minimum(rows, columns)])

    def _with_batch(self, x: Any) -> Any:
        """A matrix broadcast to the batch of the operator."""
        batch = self._given_batch
        if batch is None:
            return x
        shape = tools.shape_of(x)
        if isinstance(batch, list) and isinstance(shape, list) and tools.broadcast_shapes([shape[:-2], batch]) == shape[:-2]:
            return x
        return tf.broadcast_to(x, tools.joined(tools.broadcast_shapes([shape[:-2], batch]), shape[-2:]))

    def _checked(self, x: Any) -> Any:
        """A matrix; it is checked that it fits, if the operator was asked to."""
        if not self._assert_proper_shapes:
            return x
        check = tools.require(tf.equal(tf.shape(x)[-2], self.domain_dimension_tensor()), "Dimensions are not compatible.  "
                              "shape[-2] of argument to be the same as this operator", tf.shape(x))
        with tf.control_dependencies([check] if check is not None else []):
            return tf.identity(x)

    def _split_parameters(self) -> tuple[dict[str, Any], dict[str, Any]]:
        tensors, others = super()._split_parameters()
        for name, value in list(others.items()):
            if name in ("num_rows", "num_columns", "batch_shape"):
                own = {"num_rows": self._num_rows, "num_columns": self._num_columns, "batch_shape": self._given_batch}[name]
                if value is not None and tf.is_tensor(own):
                    tensors[name] = others.pop(name)
                else:
                    others[name] = None if value is None else own
        return tensors, others

    @property
    def num_rows(self) -> Any:
        """The number of rows."""
        return self._num_rows

    @property
    def num_columns(self) -> Any:
        """The number of columns."""
        return self._num_columns

    def _sliced(self, slices: tuple[Any, ...], batch: Any) -> Any:
        _, others = self._split_parameters()
        return type(self)(**{**others, "num_rows": self._num_rows, **self._sliced_batch(slices, batch)})

    def _sliced_batch(self, slices: tuple[Any, ...], batch: Any) -> dict[str, Any]:
        part = tf.zeros(batch)[slices]
        return {"batch_shape": tools.shape_of(part)}
