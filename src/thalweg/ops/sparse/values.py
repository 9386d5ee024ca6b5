"""Arguments of the functions on sparse tensors."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes, nest
from ...core.convert import convert_to_tensor
from .tensor import SparseTensor, SparseTensorValue

INT64 = dtypes.int64


def as_sparse(x: Any) -> SparseTensor:
    """A SparseTensor, or the one that a SparseTensorValue describes.

    Raises:
      TypeError: something else.
    """
    if isinstance(x, SparseTensor):
        return x
    if isinstance(x, SparseTensorValue):
        return SparseTensor.from_value(x)
    raise TypeError("Input must be a SparseTensor.")


def as_sparse_list(values: Any) -> list[SparseTensor]:
    """The sparse tensors of a list or tuple."""
    if not isinstance(values, (list, tuple)):
        raise TypeError("Inputs must be a list or tuple.")
    return [as_sparse(v) for v in values]


def int64_vector(value: Any, name: str | None = None) -> Any:
    """A shape or the like as an int64 tensor.

    Raises:
      TypeError: a value that is no list of integers.
    """
    from ..casting import cast
    if isinstance(value, (list, tuple)) and not nest.flatten(value):
        return convert_to_tensor(np.zeros(np.shape(value), np.int64))
    return cast(convert_to_tensor(value, name=name), INT64)
