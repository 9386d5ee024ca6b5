"""The public reductions, and what is composed of them: variances, norms, counts."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import _QUIET as QUIET
from ..core.dispatch import _learn as learn
from ..core.dispatch import _reset_quiet as reset_quiet
from ..core.dispatch import _set_quiet as set_quiet
from ..core.dispatch import apply, fail, record
from ..core.opdef import OpDef, get_op
from ..core.scopes import scoped
from ..core.tensor import EagerTensor, Tensor
from .common import static_shape
from .reduce import all_, any_, arg_max, arg_min, euclidean_norm, max_, mean_, min_, prod_, sum_

_DROP: dict[str, Any] = {"keep_dims": False}
_KEEP: dict[str, Any] = {"keep_dims": True}
_EVERY = tuple([tuple(range(n)) for n in range(33)])


def reduce(op: OpDef, x: Any, axis: Any, keepdims: Any, name: str | None) -> Any:
    """Applies a reduction; `axis` is None for all axes, an int, a list of ints, or a tensor of them."""
    if type(x) is not EagerTensor:
        x = convert_to_tensor(x)
    if axis is None:
        if type(x) is not EagerTensor and x.shape.rank is None and not keepdims:
            total = apply(op, (x, every_axis(x)), _DROP, name)
            total.set_shape(())
            return total
        axis = _EVERY[x._value.ndim] if type(x) is EagerTensor else every_axis(x)
    elif type(axis) is not int:
        axis = axis_input(axis)
    if type(x) is not EagerTensor or ctx.elsewhere is not None or isinstance(axis, Tensor):
        return apply(op, (x, axis), _KEEP if keepdims else _DROP, name)
    # What `apply` does, without its loops over inputs and attributes: reductions of small arrays are many.
    value = x._value
    if (value.dtype, None) not in op.known:
        learn(op, (x, axis), (value.dtype, None), name)
    token = set_quiet(QUIET)
    try:
        out = op.kernel(np, value, axis, bool(keepdims))
    except Exception as error:
        fail(op, (value, axis), _KEEP if keepdims else _DROP, name, error)
    finally:
        reset_quiet(token)
    result = EagerTensor(out if isinstance(out, np.ndarray) else np.asarray(out))
    if ctx.tapes and op.differentiable:
        record(op, (x, axis), _KEEP if keepdims else _DROP, (result,))
    return result


def every_axis(x: Any) -> Any:
    """All axes of a tensor."""
    rank = x.shape.rank
    if rank is not None:
        return _EVERY[rank]
    number = apply(get_op("Rank"), (x,))
    return apply(get_op("Range"), (convert_to_tensor(0), number, convert_to_tensor(1)))


def axis_input(axis: Any) -> Any:
    """An `axis` argument as a static input: an int, a tuple of ints, or a tensor.

    Raises:
      TypeError: it holds something else than integers.
    """
    if isinstance(axis, Tensor):
        return axis
    if isinstance(axis, (list, tuple, range)):
        if all(type(a) is int for a in axis):
            return tuple(axis)
        if not any(isinstance(a, Tensor) for a in axis) and all(isinstance(a, (int, np.integer)) for a in axis):
            return tuple(map(int, axis))
    elif isinstance(axis, (bool, np.integer)) or type(axis).__name__ == "Dimension":
        return int(axis)
    if isinstance(axis, str):
        return convert_to_tensor(axis)
    axis = convert_to_tensor(axis, None if hasattr(axis, "dtype") else dtypes.int32)
    return axis._value if type(axis) is EagerTensor and ctx.elsewhere is None and axis.dtype.is_integer else axis


def reduce_sum(input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None) -> Any:
    """The sum over some axes.

    Args:
      input_tensor: numbers of any shape.
      axis: an axis, a list of axes, or None for all.
      keepdims: keep the axes, with size 1.
      name: of the node.

    Raises:
      InvalidArgumentError: an axis that the tensor does not have, or an axis twice.
    """
    return reduce(sum_, input_tensor, axis, keepdims, name)


def reduce_mean(input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None) -> Any:
    """The mean over some axes, in the dtype of the input: that of integers is rounded towards zero."""
    return reduce(mean_, input_tensor, axis, keepdims, name)


def reduce_max(input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None) -> Any:
    """The largest element over some axes; equal ones share the gradient."""
    return reduce(max_, input_tensor, axis, keepdims, name)


def reduce_min(input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None) -> Any:
    """The smallest element over some axes; equal ones share the gradient."""
    return reduce(min_, input_tensor, axis, keepdims, name)


def reduce_prod(input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None) -> Any:
    """The product over some axes."""
    return reduce(prod_, input_tensor, axis, keepdims, name)


def _booleans(x: Any) -> Any:
    return x if isinstance(x, Tensor) else convert_to_tensor(x, None if hasattr(x, "dtype") else dtypes.bool)


def reduce_all(input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None) -> Any:
    """Whether all booleans over some axes are true."""
    return reduce(all_, _booleans(input_tensor), axis, keepdims, name)


def reduce_any(input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None) -> Any:
    """Whether a boolean over some axes is true."""
    return reduce(any_, _booleans(input_tensor), axis, keepdims, name)


def reduce_euclidean_norm(input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None) -> Any:
    """The root of the sum of squares over some axes, in the dtype of the input."""
    return reduce(euclidean_norm, input_tensor, axis, bool(keepdims), name)


@scoped("reduce_variance")
def reduce_variance(input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None) -> Any:
    """The mean of the squared distances from the mean, over some axes; real for complex input.

    Raises:
      TypeError: the input holds integers.
    """
    x = convert_to_tensor(input_tensor)
    mean = reduce(mean_, x, axis, True, None)
    if mean.dtype.is_integer:
        raise TypeError(f"Input must be either real or complex. Received integer type {mean.dtype}.")
    apart = x - mean
    if apart.dtype.is_complex:
        real = {"Tout": apart.dtype.real_dtype}
        squares = apply(get_op("Real"), (apart * apply(get_op("Conj"), (apart,)),), real)
    else:
        squares = apply(get_op("Square"), (apart,))
    return reduce(mean_, squares, axis, keepdims, name)


@scoped("reduce_std")
def reduce_std(input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None) -> Any:
    """The root of `reduce_variance`."""
    return apply(get_op("Sqrt"), (reduce_variance(input_tensor, axis, keepdims),), name=name)


@scoped("ReduceLogSumExp")
def reduce_logsumexp(input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None) -> Any:
    """`log(sum(exp(x)))` over some axes, without overflow."""
    x = convert_to_tensor(input_tensor)
    top = reduce(max_, x, axis, True, None)
    finite = apply(get_op("IsFinite"), (top,))
    top = apply(get_op("StopGradient"), (apply(get_op("SelectV2"), (finite, top, apply(get_op("ZerosLike"), (top,)))),))
    total = reduce(sum_, apply(get_op("Exp"), (x - top,)), axis, keepdims, None)
    total = apply(get_op("Log"), (total,))
    if not keepdims:
        known = static_shape(total)
        shape = known if known is not None else apply(get_op("Shape"), (total,), {"out_type": dtypes.int32})
        top = apply(get_op("Reshape"), (top, shape))
    return apply(get_op("AddV2"), (total, top), name=name)


def count_nonzero(input: Any, axis: Any = None, keepdims: Any = None, dtype: Any = dtypes.int64,
                  name: str | None = None) -> Any:
    """How many elements over some axes are not zero (or not the empty string)."""
    x = convert_to_tensor(input)
    if x.dtype is dtypes.bool:
        nonzero = x
    else:
        empty = convert_to_tensor("" if x.dtype is dtypes.string else 0, x.dtype)
        nonzero = apply(get_op("NotEqual"), (x, empty), {"incompatible_shape_error": True})
    counts = apply(get_op("Cast"), (nonzero,), {"DstT": dtypes.int64})
    total = reduce(sum_, counts, axis, keepdims, None)
    out = dtypes.as_dtype(dtype)
    return total if out is dtypes.int64 else apply(get_op("Cast"), (total,), {"DstT": out}, name)


@scoped("zero_fraction")
def zero_fraction(value: Any, name: str | None = None) -> Any:
    """The fraction of the elements that are zero, as float32; NaN for an empty tensor."""
    x = convert_to_tensor(value)
    size = apply(get_op("Size"), (x,), {"out_type": dtypes.int64})
    zeros = apply(get_op("Cast"), (size - count_nonzero(x),), {"DstT": dtypes.float32})
    return zeros / apply(get_op("Cast"), (size,), {"DstT": dtypes.float32})


def _dimension(axis: Any) -> Any:
    if axis is None:
        return 0
    if type(axis) is int:
        return axis
    if isinstance(axis, (list, tuple)) or (isinstance(axis, float)):
        raise TypeError("axis must be int or Tensor with integer datatype")
    return axis_input(axis)


def _position(op: OpDef, x: Any, axis: Any, output_type: Any, name: str | None) -> Any:
    x = convert_to_tensor(x)
    out = dtypes.as_dtype(output_type)
    if out is not dtypes.int64:
        op._bind({}, op.signature.outputs[0], out, 0, name)
    return apply(op, (x, _dimension(axis)), {"output_type": out}, name)


def argmax(input: Any, axis: Any = None, output_type: Any = dtypes.int64, name: str | None = None) -> Any:
    """The index of the largest element along an axis (0 if None); the first of equal ones.

    Raises:
      InvalidArgumentError: an axis that the tensor does not have, or an empty one.
    """
    return _position(arg_max, input, axis, output_type, name)


def argmin(input: Any, axis: Any = None, output_type: Any = dtypes.int64, name: str | None = None) -> Any:
    """The index of the smallest element along an axis (0 if None); the first of equal ones.

    Raises:
      InvalidArgumentError: an axis that the tensor does not have, or an empty one.
    """
    return _position(arg_min, input, axis, output_type, name)


# TensorFlow 1's signatures.


def _one(new: Any, old: Any, new_name: str, old_name: str) -> Any:
    """The value of an argument that has two names.

    Raises:
      ValueError: both are given.
    """
    if old is None:
        return new
    if new is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'.")
    return old


def _v1(function: Any) -> Any:
    def reduction(input_tensor: Any, axis: Any = None, keepdims: Any = None, name: str | None = None,
                  reduction_indices: Any = None, keep_dims: Any = None) -> Any:
        axis = _one(axis, reduction_indices, "axis", "reduction_indices")
        keepdims = _one(keepdims, keep_dims, "keepdims", "keep_dims")
        return function(input_tensor, axis, bool(keepdims), name)
    reduction.__name__ = reduction.__qualname__ = function.__name__
    first = (function.__doc__ or "").split("\n")[0]
    reduction.__doc__ = f"{first} `reduction_indices` and `keep_dims` are older names of arguments."
    return reduction


reduce_sum_v1 = _v1(reduce_sum)
reduce_mean_v1 = _v1(reduce_mean)
reduce_max_v1 = _v1(reduce_max)
reduce_min_v1 = _v1(reduce_min)
reduce_prod_v1 = _v1(reduce_prod)
reduce_all_v1 = _v1(reduce_all)
reduce_any_v1 = _v1(reduce_any)
reduce_logsumexp_v1 = _v1(reduce_logsumexp)


def count_nonzero_v1(input_tensor: Any = None, axis: Any = None, keepdims: Any = None, dtype: Any = dtypes.int64,
                     name: str | None = None, reduction_indices: Any = None, keep_dims: Any = None,
                     input: Any = None) -> Any:
    """`count_nonzero` with TensorFlow 1's names of arguments."""
    return count_nonzero(_one(input_tensor, input, "input", "input_tensor"),
                         _one(axis, reduction_indices, "axis", "reduction_indices"),
                         _one(keepdims, keep_dims, "keepdims", "keep_dims"), dtype, name)


def argmax_v1(input: Any, axis: Any = None, name: str | None = None, dimension: Any = None,
              output_type: Any = dtypes.int64) -> Any:
    """`argmax` with TensorFlow 1's order of arguments."""
    return argmax(input, _one(axis, dimension, "axis", "dimension"), output_type, name)


def argmin_v1(input: Any, axis: Any = None, name: str | None = None, dimension: Any = None,
              output_type: Any = dtypes.int64) -> Any:
    """`argmin` with TensorFlow 1's order of arguments."""
    return argmin(input, _one(axis, dimension, "axis", "dimension"), output_type, name)
