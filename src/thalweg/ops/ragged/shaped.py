"""Public functions that take or give the shapes of ragged tensors."""
from __future__ import annotations

from typing import Any

from ...core import dtypes
from .. import arrays as dense
from .. import creation
from ..casting import cast
from .broadcasting import broadcast_pair, with_partitions
from .dynamic_shape import DynamicRaggedShape
from .tensor import RaggedTensor
from .values import as_ragged_or_tensor, is_ragged


def shape(input: Any, out_type: Any = None, name: str | None = None) -> DynamicRaggedShape:
    """`tf.shape` of a ragged tensor."""
    return DynamicRaggedShape.from_tensor(input, dtypes.int32 if out_type is None else out_type)  # type: ignore[no-any-return]


def _marker(shape: DynamicRaggedShape) -> Any:
    """Something of a shape, to see how it stretches."""
    return shape._add_row_partitions(creation.zeros(shape.inner_shape, dtypes.bool))


def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> DynamicRaggedShape:
    """The shape that two shapes stretch to.

    Raises:
      TypeError: something that is no DynamicRaggedShape.
      InvalidArgumentError: they do not fit.
    """
    for given in (shape_x, shape_y):
        if not isinstance(given, DynamicRaggedShape):
            raise TypeError("shapes must be DynamicRaggedShape")
    from ..comparison import logical_or
    from .elementwise import on_pair
    x, y = _marker(shape_x), _marker(shape_y)
    joined = on_pair(logical_or, x, y) if is_ragged(x) or is_ragged(y) else logical_or(x, y)
    return DynamicRaggedShape.from_tensor(joined, shape_x.dtype)  # type: ignore[no-any-return]


def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Any:
    """`tf.broadcast_to` a ragged shape.

    Raises:
      TypeError: the shape is no DynamicRaggedShape.
      InvalidArgumentError: the input does not stretch to it.
    """
    if not isinstance(shape, DynamicRaggedShape):
        raise TypeError("shape must be a DynamicRaggedShape")
    x = as_ragged_or_tensor(input)
    if not shape.num_row_partitions and not isinstance(x, RaggedTensor):
        return dense.broadcast_to(x, cast(shape.inner_shape, dtypes.int32))
    target = _marker(shape)
    partitions, values, _ = broadcast_pair(x, target)
    inner = cast(shape.inner_shape, dtypes.int32)
    return with_partitions(dense.broadcast_to(values, inner), partitions)


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Any:
    """`tf.reshape` to a ragged shape, or of a ragged tensor, whose values it takes in their order."""
    x = as_ragged_or_tensor(tensor)
    if not isinstance(shape, DynamicRaggedShape):
        return dense.reshape(x.flat_values if isinstance(x, RaggedTensor) else x, shape)
    flat = dense.reshape(x.flat_values if isinstance(x, RaggedTensor) else x, shape.inner_shape)
    return shape._add_row_partitions(flat)


def zeros(shape: Any, dtype: Any = dtypes.float32, name: str | None = None, layout: Any = None) -> Any:
    """`tf.zeros` of a ragged shape."""
    return shape._add_row_partitions(creation.zeros(shape.inner_shape, dtype, name))


def ones(shape: Any, dtype: Any = dtypes.float32, name: str | None = None, layout: Any = None) -> Any:
    """`tf.ones` of a ragged shape."""
    return shape._add_row_partitions(creation.ones(shape.inner_shape, dtype, name))


def fill(dims: Any, value: Any, name: str | None = None, layout: Any = None) -> Any:
    """`tf.fill` of a ragged shape."""
    return dims._add_row_partitions(creation.fill(dims.inner_shape, value, name))

