"""Several tensors as the value of one tensor: optional values, and elements that data sets keep packed."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.host_value import HostValue
from ..core.opdef import op
from ..core.shape import TensorShape, as_shape
from .common import shape_text
from .layout import bad

_VARIANT = [(TensorShape([]), dtypes.variant)]
_OUTPUTS = "output_types: list(type); output_shapes: list(shape)"


class Held(HostValue):
    """The value of a scalar variant: the arrays of several tensors, or nothing."""

    tensor_dtype = dtypes.variant

    def __init__(self, arrays: Sequence[Any] | None) -> None:
        self.arrays = None if arrays is None else tuple(np.asarray(a) for a in arrays)


def _held(x: Any) -> Held:
    found: Any = np.asarray(x, object)[()] if isinstance(x, np.ndarray) else x
    return found  # type: ignore[no-any-return]


def _outputs(call: Any) -> list[Any]:
    return [(as_shape(s), dtypes.as_dtype(t))
            for t, s in zip(call.attrs["output_types"], call.attrs["output_shapes"], strict=True)]


@op("OptionalFromValue", "components: Toutput_types -> optional: variant", attrs="Toutput_types: list(type)",
    infer=lambda op: _VARIANT, host=True)
def optional_from_value(xp: Any, *components: Any) -> Any:
    return Held(components)


@op("OptionalNone", " -> optional: variant", infer=lambda op: _VARIANT, host=True)
def optional_none(xp: Any) -> Any:
    return Held(None)


@op("OptionalHasValue", "optional: variant -> has_value: bool", infer=lambda op: TensorShape([]), host=True)
def optional_has_value(xp: Any, optional: Any) -> Any:
    return np.asarray(_held(optional).arrays is not None)


@op("OptionalGetValue", "optional: variant -> components: output_types", attrs=_OUTPUTS, infer=_outputs, host=True)
def optional_get_value(xp: Any, optional: Any, output_types: Any = (), output_shapes: Any = ()) -> Any:
    found = _held(optional).arrays
    if found is None:
        raise bad("The given optional does not have a value.")
    if len(found) != len(output_types):
        raise bad(f"The given optional has {len(found)} components, expected {len(output_types)}")
    for i, (a, dtype, shape) in enumerate(zip(found, output_types, output_shapes, strict=True)):
        have, want = dtypes.from_numpy(a.dtype), dtypes.as_dtype(dtype)
        if have != want:
            raise bad(f"The given optional does not match the expected type for component {i}. Expected: "
                      f"{dtypes.type_name(want)}. Actual: {dtypes.type_name(have)}.")
        if not as_shape(shape).is_compatible_with(a.shape):
            sizes = ",".join("?" if d is None else str(d) for d in as_shape(shape).as_list())
            raise bad(f"The given optional does not match the expected shape for component {i}. Expected: [{sizes}]. Actual: "
                      f"{shape_text(a.shape)}.")
    return found


@op("CompressElement", "components: input_types -> compressed: variant", attrs="input_types: list(type)",
    infer=lambda op: _VARIANT, host=True)
def compress_element(xp: Any, *components: Any) -> Any:
    """Memory of this process needs no compression: the arrays are kept as they are."""
    return Held(components)


@op("UncompressElement", "compressed: variant -> components: output_types", attrs=_OUTPUTS, infer=_outputs, host=True)
def uncompress_element(xp: Any, compressed: Any, output_types: Any = (), output_shapes: Any = ()) -> Any:
    found = _held(compressed).arrays or ()
    if len(found) != len(output_types):
        raise errors.FailedPreconditionError(f"Expected {len(output_types)} outputs from uncompress, but got {len(found)}")
    for a, dtype in zip(found, output_types, strict=True):
        have, want = dtypes.from_numpy(a.dtype), dtypes.as_dtype(dtype)
        if have != want:
            raise errors.FailedPreconditionError(f"Expected a tensor of type {dtypes.type_name(want)} but got a tensor of type "
                                                 f"{dtypes.type_name(have)}")
    return found


for _entry in (optional_from_value, optional_none, optional_has_value, optional_get_value, compress_element,
               uncompress_element):
    _entry.not_differentiable()
