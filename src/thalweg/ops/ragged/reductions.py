"""Reductions of ragged tensors: dimension by dimension, rows by segments of their values."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.tensor import Tensor
from .. import reductions as dense
from .. import segment
from ..arithmetic import maximum
from ..arrays import expand_dims as expand_tensor
from ..casting import cast
from ..common import constant_value
from ..creation import ones_like
from ..elementwise import sqrt, square
from ..gathering import gather, unsorted_segment_sum
from .arrays import expand_dims
from .axes import positive_axis
from .partition import RowPartition
from .tensor import RaggedTensor
from .values import as_ragged_or_tensor

Function = Callable[..., Any]


def _axes(axis: Any) -> Any:
    """An axis argument as None, an int or a list of ints.

    Raises:
      ValueError: a tensor whose value is not known.
    """
    if isinstance(axis, Tensor):
        axis = constant_value(axis)
        if axis is None:
            raise ValueError("axis must be known at graph construction time.")
    if isinstance(axis, (np.ndarray, np.generic)):
        axis = axis.tolist()
    return axis


def segments(function: Function, data: Any, ids: Any, count: Any) -> Any:
    """The rows of `data` with the same id put together by an unsorted segment function, element by element."""
    if not isinstance(data, RaggedTensor):
        return function(data, ids, count)
    partition = data._row_partition
    lengths = maximum(segment.unsorted_segment_max(partition.row_lengths(), ids, count), 0)
    result = RowPartition.from_row_lengths(lengths, validate=False)
    starts = gather(gather(result.row_starts(), ids), partition.value_rowids())
    values = segments(function, data.values, starts + partition.offsets_in_rows(), result.nvals())
    return RaggedTensor._from_row_partition(values, result, validate=False)


def aggregate(reduce: Function, by_segment: Function, x: Any, axis: Any, keepdims: Any = False) -> Any:
    """A reduction of a ragged tensor.

    Args:
      reduce: the reduction of tensors.
      by_segment: the unsorted segment function that does the same.
      axis: None for all axes, an int, or a list of ints.

    Raises:
      ValueError: an axis out of bounds, or a tensor whose value is not known.
    """
    if not isinstance(x, RaggedTensor):
        return reduce(x, axis, keepdims=keepdims)
    axis = _axes(axis)
    if axis is None:
        result = reduce(x.flat_values, None, keepdims=keepdims)
        for _ in range(len(x.shape[1:]) if keepdims and x.shape.rank is not None else 0):
            if result.shape.rank == x.shape.rank:
                break
            result = expand_tensor(result, 0)
        return result
    if isinstance(axis, (list, tuple)):
        if not axis:
            return x
        found = sorted(positive_axis(a, x.shape.rank, f"axis[{i}]", "rank(input_tensor)") for i, a in enumerate(axis))
        for a in reversed(found):
            x = aggregate(reduce, by_segment, x, a, keepdims)
        return x
    axis = positive_axis(axis, x.shape.rank, ndims_name="rank(input_tensor)")
    partition = x._row_partition
    if axis > 1:
        return x.with_values(aggregate(reduce, by_segment, x.values, axis - 1, keepdims))
    if axis == 0:
        ids: Any = partition.offsets_in_rows()
        count = maximum(dense.reduce_max(partition.row_lengths()), 0)
    else:
        ids, count = partition.value_rowids(), partition.nrows()
    result = segments(by_segment, x.values, ids, count)
    return (expand_dims(result, axis) if isinstance(result, RaggedTensor) else expand_tensor(result, axis)) \
        if keepdims else result


def _values(x: Any) -> Any:
    return as_ragged_or_tensor(x)


def reduce_sum(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """`tf.reduce_sum` of a ragged tensor."""
    return aggregate(dense.reduce_sum, unsorted_segment_sum, _values(input_tensor), axis, keepdims or False)


def reduce_prod(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """`tf.reduce_prod` of a ragged tensor."""
    return aggregate(dense.reduce_prod, segment.unsorted_segment_prod, _values(input_tensor), axis, keepdims or False)


def reduce_min(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """`tf.reduce_min` of a ragged tensor; the largest number for rows without elements."""
    return aggregate(dense.reduce_min, segment.unsorted_segment_min, _values(input_tensor), axis, keepdims or False)


def reduce_max(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """`tf.reduce_max` of a ragged tensor; the smallest number for rows without elements."""
    return aggregate(dense.reduce_max, segment.unsorted_segment_max, _values(input_tensor), axis, keepdims or False)


def reduce_mean(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """`tf.reduce_mean` of a ragged tensor; NaN for rows without elements."""
    x = _values(input_tensor)
    total = reduce_sum(x, axis, keepdims)
    count = reduce_sum(x.with_flat_values(ones_like(x.flat_values)), axis, keepdims)
    if isinstance(total, RaggedTensor):
        return total.with_flat_values(total.flat_values / count.flat_values)
    return total / count


def reduce_variance(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """`tf.math.reduce_variance` of a ragged tensor: the mean of squares less the square of the mean, at least 0.

    Raises:
      TypeError: integers.
    """
    x = _values(input_tensor)
    if x.dtype.is_integer:
        raise TypeError("Input must be either real or complex. Received integer type {x.dtype}.")
    of_squares = reduce_mean(x.with_flat_values(square(x.flat_values)), axis, keepdims)
    mean = reduce_mean(x, axis, keepdims)
    if isinstance(mean, RaggedTensor):
        return mean.with_flat_values(maximum(of_squares.flat_values - square(mean.flat_values), 0))
    return maximum(of_squares - square(mean), 0)


def reduce_std(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """`tf.math.reduce_std` of a ragged tensor.

    Raises:
      TypeError: integers.
    """
    result = reduce_variance(input_tensor, axis, keepdims)
    return result.with_flat_values(sqrt(result.flat_values)) if isinstance(result, RaggedTensor) else sqrt(result)


def _logical(function: Function, x: Any, axis: Any, keepdims: Any) -> Any:
    x = _values(x)
    counted = function(x.with_flat_values(cast(x.flat_values, dtypes.int32)), axis, keepdims)
    if isinstance(counted, RaggedTensor):
        return counted.with_flat_values(cast(counted.flat_values, dtypes.bool))
    return cast(counted, dtypes.bool)


def reduce_all(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """`tf.reduce_all` of a ragged tensor."""
    return _logical(reduce_prod, input_tensor, axis, keepdims)


def reduce_any(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """`tf.reduce_any` of a ragged tensor."""
    return _logical(reduce_sum, input_tensor, axis, keepdims)


def reduce_logsumexp(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None) -> Any:
    """`tf.reduce_logsumexp` of a ragged tensor; minus infinity for rows without elements."""
    from ..comparison import select
    from ..creation import stop_gradient, zeros_like
    from ..elementwise import exp, is_finite, log
    x = _values(input_tensor)
    largest = reduce_max(x, axis, True)
    flat = largest.flat_values if isinstance(largest, RaggedTensor) else largest
    flat = stop_gradient(select(is_finite(flat), flat, zeros_like(flat)))
    largest = largest.with_flat_values(flat) if isinstance(largest, RaggedTensor) else flat
    total = log(reduce_sum(exp(x - largest), axis, True)) + largest
    if keepdims:
        return total
    if axis is None or not isinstance(total, RaggedTensor):
        return dense.reduce_sum(total, _axes(axis))
    return reduce_sum(total, axis)


def moments(x: Any, axes: Any, shift: Any = None, keepdims: bool = False, name: str | None = None) -> tuple[Any, Any]:
    """`tf.nn.moments` of a ragged tensor: means and variances."""
    x = _values(x)
    mean = reduce_mean(x, axes, True)
    apart = x - mean
    variance = reduce_mean(apart.with_flat_values(square(apart.flat_values)), axes, keepdims)
    return reduce_mean(x, axes, keepdims), variance


def reduce_join(inputs: Any, axis: Any = None, keepdims: bool = False, separator: str = "", name: str | None = None) -> Any:
    """`tf.strings.reduce_join` of a ragged tensor."""
    from ..text import joining as text

    def reduce(x: Any, axis: Any, keepdims: Any = False) -> Any:
        return text.reduce_join(x, axis, keepdims, separator)

    def by_segment(x: Any, ids: Any, count: Any) -> Any:
        return text.unsorted_segment_join(x, ids, count, separator)
    return aggregate(reduce, by_segment, _values(inputs), axis, keepdims or False)


def reduce_join_v1(inputs: Any, axis: Any = None, keep_dims: Any = None, separator: str = "", name: str | None = None,
                   reduction_indices: Any = None, keepdims: Any = None) -> Any:
    """TensorFlow 1's `strings.reduce_join` of a ragged tensor."""
    axis = reduction_indices if axis is None else axis
    return reduce_join(inputs, axis, bool(keepdims if keep_dims is None else keep_dims), separator, name)


def v1_form(function: Any) -> Function:
    """The form of a reduction under TensorFlow 1's argument names."""
    def form(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None,
             reduction_indices: Any = None, keep_dims: Any = None) -> Any:
        return function(input_tensor, reduction_indices if axis is None else axis,
                        bool(keep_dims if keepdims is None else keepdims), name)
    return form


def _segment_form(function: Function) -> Function:
    def form(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
        return by_ids(function, data, segment_ids, num_segments)
    return form


def by_ids(function: Function, data: Any, segment_ids: Any, num_segments: Any) -> Any:
    """An unsorted segment function of ragged rows; with ragged ids, of the elements of these rows.

    Raises:
      ValueError: ragged ids for a tensor without as many ragged dimensions.
    """
    data = as_ragged_or_tensor(data)
    ids = as_ragged_or_tensor(segment_ids)
    if isinstance(ids, RaggedTensor):
        if not isinstance(data, RaggedTensor):
            raise ValueError("If segment_ids is ragged, then data must be ragged.")
        partition = data._row_partition.merge(ids._row_partition)
        return by_ids(function, RaggedTensor(data.values, partition, internal=True).values, ids.values, num_segments)
    if not isinstance(ids, Tensor):
        ids = convert_to_tensor(ids)
    return segments(function, data, ids, num_segments)


def _mean_by(data: Any, ids: Any, count: Any, root: bool) -> Any:
    data = as_ragged_or_tensor(data)
    total = by_ids(unsorted_segment_sum, data, ids, count)
    ones = by_ids(unsorted_segment_sum, data.with_flat_values(ones_like(data.flat_values)), ids, count)
    if not isinstance(total, RaggedTensor):
        return total / (sqrt(ones) if root else ones)
    return total.with_flat_values(total.flat_values / (sqrt(ones.flat_values) if root else ones.flat_values))


segment_sum = _segment_form(unsorted_segment_sum)
segment_prod = _segment_form(segment.unsorted_segment_prod)
segment_min = _segment_form(segment.unsorted_segment_min)
segment_max = _segment_form(segment.unsorted_segment_max)


def segment_mean(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """`tf.math.unsorted_segment_mean` of ragged rows."""
    return _mean_by(data, segment_ids, num_segments, False)


def segment_sqrt_n(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
    """`tf.math.unsorted_segment_sqrt_n` of ragged rows."""
    return _mean_by(data, segment_ids, num_segments, True)
