"""Axes of ragged tensors: which one is meant, dtypes that agree, dimensions merged."""
from __future__ import annotations

from typing import Any

from ...core import dtypes
from ..arrays import concat, reshape
from ..creation import shape as shape_op
from ..gathering import gather
from .partition import RowPartition
from .tensor import RaggedTensor
from .values import RaggedTensorValue, as_ragged_or_tensor


def positive_axis(axis: Any, ndims: int | None, axis_name: str = "axis", ndims_name: str = "ndims") -> int:
    """An axis counted from the front.

    Raises:
      TypeError: no int.
      ValueError: out of bounds, or negative where the rank is not known.
    """
    if not isinstance(axis, int):
        raise TypeError(f"{axis_name} must be an int; got {type(axis).__name__}")
    if ndims is not None:
        if 0 <= axis < ndims:
            return axis
        if -ndims <= axis < 0:
            return axis + ndims
        raise ValueError(f"{axis_name}={axis} out of bounds: expected {-ndims}<={axis_name}<{ndims}")
    if axis < 0:
        raise ValueError(f"{axis_name}={axis} may only be negative if {ndims_name} is statically known.")
    return axis


def match_row_splits_dtypes(*tensors: Any, return_dtype: bool = False) -> Any:
    """The tensors, whose splits must be of one dtype; with `return_dtype` that dtype (int64 if none is ragged) before them.

    Raises:
      ValueError: splits of different dtypes.
    """
    found = {t._row_partition.dtype for t in tensors if isinstance(t, RaggedTensor)}
    if len(found) > 1:
        raise ValueError("Input RaggedTensors have mismatched row_splits dtypes; use RaggedTensor.with_row_splits_dtype() to "
                         "convert them to compatible dtypes.")
    return (found.pop() if found else dtypes.int64, tensors) if return_dtype else tensors


def ragged_values(*values: Any, dtype: Any = None) -> list[Any]:
    """Values as tensors and ragged tensors; Python values take the dtype of a tensor among them."""
    if dtype is None:
        dtype = next((v.dtype for v in values if hasattr(v, "dtype") and not isinstance(v, RaggedTensorValue)
                      and isinstance(v.dtype, dtypes.DType)), None)
    return [as_ragged_or_tensor(v, None if hasattr(v, "dtype") else dtype) for v in values]


def merge_dims(value: Any, outer_axis: int, inner_axis: int) -> Any:
    """A tensor or ragged tensor whose dimensions from `outer_axis` to `inner_axis` are one."""
    if outer_axis == inner_axis:
        return value
    if not isinstance(value, RaggedTensor):
        dims = value.shape.as_list() if value.shape.rank is not None else None
        if dims is not None and None not in dims[outer_axis:inner_axis + 1]:
            size = 1
            for d in dims[outer_axis:inner_axis + 1]:
                size *= d
        else:
            size = -1
        if dims is not None and None not in [*dims[:outer_axis], *dims[inner_axis + 1:]]:
            return reshape(value, [*dims[:outer_axis], size, *dims[inner_axis + 1:]])
        shape = shape_op(value)
        return reshape(value, concat([shape[:outer_axis], [size], shape[inner_axis + 1:]], 0))
    if outer_axis > 1:
        return value.with_values(merge_dims(value.values, outer_axis - 1, inner_axis - 1))
    if outer_axis == 1:
        # The rows' elements are rows themselves; what they hold together is one row.
        values = value.values
        splits = value.row_splits
        if isinstance(values, RaggedTensor):
            flatter = RaggedTensor.from_row_splits(values.values, gather(values.row_splits, splits), validate=False)
            return merge_dims(flatter, 1, inner_axis - 1)
        sizes = shape_op(values, value._row_partition.dtype)
        from ..reductions import reduce_prod
        splits = splits * reduce_prod(sizes[1:inner_axis])
        return RaggedTensor._from_row_partition(merge_dims(values, 0, inner_axis - 1),
                                                RowPartition.from_row_splits(splits, validate=False), validate=False)
    # outer_axis is 0: the rows of the values, without the outer partition.
    return merge_dims(value.values, 0, inner_axis - 1)
