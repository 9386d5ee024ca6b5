"""What public functions do with sparse tensors: for most it is nothing, as in TensorFlow."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core import dtypes

ON_VALUES = frozenset(("Abs", "ComplexAbs", "Neg", "Asinh", "Sin", "Tan", "Atan", "Asin", "Atanh", "Sign", "Square", "Sqrt",
                       "Erf", "Tanh", "BesselI0e", "BesselI1e"))
"""The operations that leave zero zero, and so apply to the elements alone."""


def _shape(input: Any, out_type: Any = None, name: str | None = None) -> Any:
    from ..casting import cast
    return cast(input.dense_shape, dtypes.int32 if out_type is None else out_type)


def _size(input: Any, out_type: Any = None, name: str | None = None) -> Any:
    from ..casting import cast
    from ..reductions import reduce_prod
    return reduce_prod(cast(input.dense_shape, dtypes.int32 if out_type is None else out_type), 0)


def _rank(input: Any, name: str | None = None) -> Any:
    from ..creation import size
    known = input.shape.rank
    if known is None:
        return size(input.dense_shape)
    from ...core.convert import convert_to_tensor
    return convert_to_tensor(known, dtypes.int32)


def _stop_gradient(input: Any, name: str | None = None) -> Any:
    from ...core import nest
    from ..creation import stop_gradient
    return nest.map_structure(stop_gradient, input, expand_composites=True)


def _bincount(*args: Any, **kwargs: Any) -> Any:
    from .counts import bincount
    return bincount(*args, **kwargs)


def _abs(x: Any, name: str | None = None) -> Any:
    from ..elementwise import abs
    return x.with_values(abs(x.values, name))


FORMS: dict[str, Callable[..., Any]] = {
    "ops.creation.shape": _shape,
    "ops.elementwise.abs": _abs,
    "ops.creation.size": _size,
    "ops.creation.rank": _rank,
    "ops.creation.stop_gradient": _stop_gradient,
    "ops.counting.bincount": _bincount,
}
