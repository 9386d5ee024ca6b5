"""Averages of losses over the batches of all replicas."""
from __future__ import annotations

from typing import Any

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from .arithmetic import divide_no_nan
from .common import shape_of, static_shape
from .elementwise import cast
from .reductions import reduce_sum


def compute_average_loss(per_example_loss: Any, sample_weight: Any = None, global_batch_size: Any = None) -> Any:
    """The sum of the losses of examples over the number of examples in the batch of all replicas.

    Args:
      per_example_loss: a tensor with at least one axis.
      sample_weight: factors that broadcast with it.
      global_batch_size: the divisor, if not the size of the first axis.

    Raises:
      ValueError: the loss is a scalar.
      TypeError: the size is no integer.
      InvalidArgumentError: the size is negative.
    """
    loss = convert_to_tensor(per_example_loss)
    dtype = loss.dtype
    if loss.shape.rank == 0:
        raise ValueError("Invalid value passed for `per_example_loss`. Expected a tensor with at least rank 1. "
                         f"Received per_example_loss={per_example_loss} with rank 0")
    if sample_weight is not None:
        loss = cast(cast(loss, dtypes.float32) * cast(convert_to_tensor(sample_weight), dtypes.float32), dtype)
    if global_batch_size is None:
        known = static_shape(loss)
        size = convert_to_tensor(known[0] if known is not None else shape_of(loss)[0])
    else:
        size = convert_to_tensor(global_batch_size)
        size.shape.assert_has_rank(0)
        if not size.dtype.is_integer:
            raise TypeError('global_batch_size must be an integer..  Expected "x" to be integer type.  Found: tensor '
                            f"of dtype {size.dtype}")
        if hasattr(size, "_value") and size._value < 0:
            raise errors.InvalidArgumentError(
                "global_batch_size must be non-negative..  \nCondition x >= 0 did not hold element-wise:\n"
                f"x (shape=() dtype={size.dtype.name}) = \n{size._value}")
    return _over(reduce_sum(loss), size)


def _over(total: Any, count: Any) -> Any:
    wide = total.dtype if total.dtype.is_floating else dtypes.float64
    return divide_no_nan(cast(total, wide), cast(count, wide))


def scale_regularization_loss(regularization_loss: Any) -> Any:
    """The sum of a regularization loss over the number of replicas, of which there is one."""
    return reduce_sum(convert_to_tensor(regularization_loss)) / 1
