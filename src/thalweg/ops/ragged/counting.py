"""Counting integers in ragged tensors."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply


def bincount(arr: Any, weights: Any = None, minlength: Any = None, maxlength: Any = None, dtype: Any = dtypes.int32,
             name: str | None = None, axis: Any = None, binary_output: bool = False) -> Any:
    """`tf.math.bincount` of the values of a ragged tensor; weights have the same rows."""
    from ..casting import cast
    from ..counting import bincount as dense
    from ..sparse.counts import check_arguments, output_size, ragged_bincount
    axis = check_arguments(weights, axis, binary_output)
    if weights is not None and not isinstance(weights, type(arr)):
        raise ValueError("`weights` must be a RaggedTensor if `values` is a RaggedTensor. Received argument "
                         f"weights={weights} of type: {type(weights).__name__}.")
    if not arr.dtype.is_integer:
        arr = cast(arr, dtypes.int32)
    flat = arr.flat_values
    parts = None if weights is None else weights.flat_values
    if axis == 0:
        return dense(flat, parts, minlength, maxlength, dtype, name, 0, binary_output)
    elements = convert_to_tensor(np.zeros(0, dtypes.as_dtype(dtype).np) if parts is None else parts)
    inputs = (cast(arr.row_splits, dtypes.int64), flat, output_size(flat, minlength, maxlength), elements)
    return apply(ragged_bincount, inputs, {"binary_output": bool(binary_output)}, name)
