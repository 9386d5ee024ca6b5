"""Counting: occurrences of integers, histograms, confusion matrices."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape, unknown_shape
from .arithmetic import maximum, minimum
from .common import shape_text, static_shape
from .elementwise import cast, floor
from .requirements import require

_WEIGHTS = "T: {int32, int64, float, double}"


def _bins(xp: Any, values: Any, size: int, weights: Any, binary: bool) -> Any:
    """Counts of 0, 1, ... size-1 in a vector; larger values are left out."""
    dtype = weights.dtype
    if xp is not np:
        places = xp.where(values < size, values, size)
        out = xp.zeros(size, dtype)
        return out.at[places].set(1, mode="drop") if binary else out.at[places].add(
            weights if weights.size else 1, mode="drop")
    inside = values < size
    if not inside.all():
        values = values[inside]
        weights = weights[inside] if weights.size else weights
    counts = np.bincount(values, weights if weights.size else None, size)[:size]
    return ((counts > 0) if binary else counts).astype(dtype)


def _check_counts(xp: Any, values: Any, size: Any, weights: Any) -> Any:
    if np.ndim(size) and np.size(size) != 1:
        raise errors.InvalidArgumentError(f"Shape must be rank 0 but is rank {np.ndim(size)}")
    size = int(np.asarray(size).reshape(()))
    if size < 0:
        raise errors.InvalidArgumentError(f"size ({size}) must be non-negative")
    if weights.size and weights.shape != values.shape:
        raise errors.InvalidArgumentError(
            "`weights` must be the same shape as `arr` or a length-0 `Tensor`, in which case it acts as all weights "
            f"equal to 1. Received {shape_text(weights.shape)}")
    if xp is np and values.size and int(values.min()) < 0:
        raise errors.InvalidArgumentError("Input arr must be non-negative!")
    require(xp, values >= 0)
    return size


def _bincount_shape(op: Any) -> TensorShape:
    size = op.inputs[1].value
    shape = op.inputs[0].shape
    count = None if size is None else int(np.asarray(size).reshape(()))
    if op.type == "Bincount":
        return TensorShape([count])
    if shape.rank is None:
        return unknown_shape()
    if shape.rank > 2:
        raise ValueError(f"Shape must be at most rank 2 but is rank {shape.rank}")
    return TensorShape([*shape.as_list()[:-1], count])


@op("DenseBincount", "input: Tidx, size: Tidx static, weights: T -> output: T",
    attrs=f"Tidx: {{int32, int64}}; {_WEIGHTS}; binary_output: bool = false", infer=_bincount_shape)
def dense_bincount(xp: Any, values: Any, size: Any, weights: Any, binary_output: bool = False) -> Any:
    if values.ndim > 2:
        raise errors.InvalidArgumentError(f"Shape must be at most rank 2 but is rank {values.ndim}")
    size = _check_counts(xp, values, size, weights)
    if values.ndim < 2:
        return _bins(xp, values.reshape(-1), size, weights.reshape(-1), binary_output)
    # Each row counts in bins of its own.
    rows = len(values)
    shifted = xp.where(values < size, values + xp.arange(rows, dtype=values.dtype)[:, None] * size, rows * size)
    return _bins(xp, shifted.reshape(-1), rows * size, weights.reshape(-1), binary_output).reshape(rows, size)


@op("Bincount", "arr: int32, size: int32 static, weights: T -> bins: T", attrs=_WEIGHTS, infer=_bincount_shape)
def bincount_(xp: Any, values: Any, size: Any, weights: Any) -> Any:
    size = _check_counts(xp, values, size, weights)
    return _bins(xp, values.reshape(-1), size, weights.reshape(-1), False)


dense_bincount.not_differentiable()
bincount_.not_differentiable()


@op("HistogramFixedWidth", "values: T, value_range: T, nbins: int32 static -> out: dtype",
    attrs="T: {int32, int64, float, double}; dtype: {int32, int64} = int32",
    infer=lambda op: [(TensorShape([None if op.inputs[2].value is None else int(op.inputs[2].value)]),
                       dtypes.as_dtype(op.attrs.get("dtype", dtypes.int32)))])
def histogram_fixed_width_(xp: Any, values: Any, value_range: Any, nbins: Any, dtype: Any = dtypes.int32) -> Any:
    def bad(message: str) -> errors.InvalidArgumentError:
        return errors.InvalidArgumentError(f"{message} [Op:HistogramFixedWidth]")
    nbins = int(nbins)
    if value_range.shape != (2,):
        raise bad("value_range should be a vector of 2 elements.")
    if nbins <= 0:
        raise bad(f"nbins should be a positive number, but got '{nbins}'")
    low, high = value_range[0], value_range[1]
    if xp is np:
        if not low < high:
            raise bad(f"value_range should satisfy value_range[0] < value_range[1], but got '[{low:g}, {high:g}]'")
        if values.dtype.kind == "f" and np.isnan(values).any():
            raise bad("Histogram values must not contain NaN")
    require(xp, low < high)
    if values.dtype.kind == "f":
        require(xp, ~xp.isnan(values))
    wide = np.float64 if xp is np else xp.float32
    step = (wide(high) - wide(low)) / nbins
    places = xp.minimum((xp.maximum(values, low) - low).astype(wide) / step, nbins - 1).astype(np.int32).reshape(-1)
    out = dtypes.as_dtype(dtype).np
    return _bins(xp, places, nbins, np.zeros(0, out), False)


histogram_fixed_width_.not_differentiable()


def bincount(arr: Any, weights: Any = None, minlength: Any = None, maxlength: Any = None, dtype: Any = dtypes.int32,
             name: str | None = None, axis: Any = None, binary_output: bool = False) -> Any:
    """How often 0, 1, 2, ... occur.

    Args:
      arr: non-negative integers.
      weights: what each occurrence counts, of the shape of `arr`, instead of 1.
      minlength: the least length of the result.
      maxlength: the greatest; values from there on are not counted.
      dtype: of the counts, if there are no weights.
      name: of the node.
      axis: 0 or None to count all together, -1 to count every row of a matrix.
      binary_output: give 1 where a value occurs at all.

    Raises:
      ValueError: another axis, or both weights and `binary_output`.
      InvalidArgumentError: a negative value, or weights of another shape.
    """
    if weights is not None and binary_output:
        raise ValueError("Arguments `binary_output` and `weights` are mutually exclusive. Please specify only one.")
    arr = convert_to_tensor(arr)
    if not arr.dtype.is_integer:
        arr = cast(arr, dtypes.int32)
    elif arr.dtype not in (dtypes.int32, dtypes.int64):
        arr = cast(arr, dtypes.int32)
    if axis not in (None, 0, -1):
        raise ValueError(f"Unsupported value for argument axis={axis}. Only 0 and -1 are currently supported.")
    size = _bincount_size(arr, minlength, maxlength)
    weights = convert_to_tensor(np.zeros(0, dtypes.as_dtype(dtype).np) if weights is None else weights)
    if axis != -1:
        from .arrays import reshape
        arr = reshape(arr, (-1,))
        weights = reshape(weights, (-1,))
    return apply(dense_bincount, (arr, size, weights), {"binary_output": bool(binary_output)}, name)


def _bincount_size(arr: Any, minlength: Any, maxlength: Any) -> Any:
    from .creation import size as size_of
    from .reductions import reduce_max
    known = static_shape(arr)
    if known is not None and ctx.graph is None and hasattr(arr, "_value"):
        size: Any = int(arr._value.max()) + 1 if arr._value.size else 0
        if all(type(n) is int or n is None for n in (minlength, maxlength)):
            size = size if minlength is None else max(size, minlength)
            size = size if maxlength is None else min(size, maxlength)
            return convert_to_tensor(size, arr.dtype)
        size = convert_to_tensor(size, arr.dtype)
    else:
        size = cast(size_of(arr) > 0, arr.dtype) * (reduce_max(arr) + 1)
    if minlength is not None:
        size = maximum(cast(convert_to_tensor(minlength), arr.dtype), size)
    if maxlength is not None:
        size = minimum(cast(convert_to_tensor(maxlength), arr.dtype), size)
    return size


def bincount_v1(arr: Any, weights: Any = None, minlength: Any = None, maxlength: Any = None,
                dtype: Any = dtypes.int32) -> Any:
    """`bincount` with TensorFlow 1's arguments."""
    return bincount(arr, weights, minlength, maxlength, dtype)


def histogram_fixed_width(values: Any, value_range: Any, nbins: Any = 100, dtype: Any = dtypes.int32,
                          name: str | None = None) -> Any:
    """How many values fall into each of `nbins` equal parts of a range; those outside count at its ends.

    Raises:
      InvalidArgumentError: an empty range, NaN, or no bins.
    """
    values = convert_to_tensor(values)
    value_range = convert_to_tensor(value_range, None if hasattr(value_range, "dtype") else values.dtype)
    nbins = nbins if type(nbins) is int else convert_to_tensor(nbins)
    return apply(histogram_fixed_width_, (values, value_range, nbins), {"dtype": dtypes.as_dtype(dtype)}, name)


def histogram_fixed_width_bins(values: Any, value_range: Any, nbins: Any = 100, dtype: Any = dtypes.int32,
                               name: str | None = None) -> Any:
    """The bin of each value, see `histogram_fixed_width`.

    Raises:
      TypeError: `nbins` is no integer.
      InvalidArgumentError: no bins.
    """
    values, value_range = convert_to_tensor(values), convert_to_tensor(value_range)
    if isinstance(nbins, float):
        raise TypeError(f"nbins must be an integer, got {nbins}")
    if isinstance(nbins, (int, np.integer)) and nbins <= 0:
        shown = convert_to_tensor(int(nbins), dtypes.int32)
        raise errors.InvalidArgumentError(
            "Expected 'tf.Tensor(False, shape=(), dtype=bool)' to be true. Summarized data: "
            f"b'nbins {shown!s} must > 0'")
    nbins = convert_to_tensor(nbins, dtypes.int32)
    low, high = value_range[0], value_range[1]
    scaled = (values - low) / (high - low)
    bins = floor(cast(nbins, values.dtype) * scaled)
    last = cast(nbins - 1, bins.dtype)
    return cast(maximum(minimum(bins, last), convert_to_tensor(0, bins.dtype)), dtypes.as_dtype(dtype))


def confusion_matrix(labels: Any, predictions: Any, num_classes: Any = None, weights: Any = None,
                     dtype: Any = dtypes.int32, name: str | None = None) -> Any:
    """How often each label (row) was predicted as each class (column).

    Args:
      labels: a vector of classes.
      predictions: a vector of classes.
      num_classes: how many there are, if not one more than the largest.
      weights: what each pair counts, instead of 1.
      dtype: of the result.
      name: of the node.

    Raises:
      InvalidArgumentError: a negative class, or one that is too large.
    """
    from .reductions import reduce_max
    from .scattering import scatter_nd
    labels, predictions = _squeezed(convert_to_tensor(labels), convert_to_tensor(predictions))
    labels, predictions = cast(labels, dtypes.int64), cast(predictions, dtypes.int64)
    for values, word in ((labels, "labels"), (predictions, "predictions")):
        _check_classes(values, word)
    if num_classes is None:
        count = maximum(reduce_max(predictions), reduce_max(labels)) + 1
    else:
        count = cast(convert_to_tensor(num_classes), dtypes.int64)
        for values, word in ((labels, "labels"), (predictions, "predictions")):
            _check_bound(values, count, word)
    from .arrays import stack
    from .creation import ones_like
    values = ones_like(predictions, dtype) if weights is None else cast(convert_to_tensor(weights), dtype)
    return scatter_nd(stack([labels, predictions], axis=1), values, stack([count, count]))


def _squeezed(labels: Any, predictions: Any) -> tuple[Any, Any]:
    """Without a last axis of size 1 that only one of them has."""
    from .arrays import squeeze
    a, b = labels.shape.rank, predictions.shape.rank
    if a is not None and b is not None:
        if b - a == 1 and predictions.shape.as_list()[-1] in (1, None):
            predictions = squeeze(predictions, [-1])
        elif a - b == 1 and labels.shape.as_list()[-1] in (1, None):
            labels = squeeze(labels, [-1])
    return labels, predictions


def _check_classes(values: Any, word: str) -> None:
    if not hasattr(values, "_value") or not (values._value < 0).any():
        return
    shown = [str(v) for v in values._value.reshape(-1).tolist()]
    raise errors.InvalidArgumentError(
        f"`{word}` contains negative values.  \nCondition x >= 0 did not hold element-wise:\nx (shape={values.shape} "
        f"dtype={values.dtype.name}) = \n{shown}")


def _check_bound(values: Any, count: Any, word: str) -> None:
    if not hasattr(values, "_value") or not hasattr(count, "_value") or not (values._value >= count._value).any():
        return
    shown = values._value.reshape(-1)[:3]
    raise errors.InvalidArgumentError(
        f"`{word}` out of bound\nCondition x < y did not hold.\nFirst {len(shown)} elements of x:\n{shown}\n"
        f"First 1 elements of y:\n{count._value.reshape(-1)}")


def confusion_matrix_v1(labels: Any, predictions: Any, num_classes: Any = None, dtype: Any = dtypes.int32,
                        name: str | None = None, weights: Any = None) -> Any:
    """`confusion_matrix` with TensorFlow 1's order of arguments."""
    return confusion_matrix(labels, predictions, num_classes, weights, dtype, name)
