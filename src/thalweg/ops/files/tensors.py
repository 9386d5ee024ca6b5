"""Whole tensors as strings: `tf.io.serialize_tensor` and back."""
from __future__ import annotations

import base64
from typing import Any

from ...core import dtypes, errors
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import Typed, apply
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ...formats.message import DecodeError
from ...formats.tensor_proto import TensorProto, serialized
from ...formats.tensor_proto import array_of as array_in
from ..common import shape_text
from ..layout import bad
from ..text.values import array_of, as_strings, name_for, one, scalar


@op("SerializeTensor", "tensor: T -> serialized: string", attrs="T: type", infer=lambda op: TensorShape([]), host=True)
def serialize_tensor_(xp: Any, tensor: Any) -> Any:
    array = array_of(tensor)
    return scalar(serialized(array, dtypes.from_numpy(array.dtype)))


@op("ParseTensor", "serialized: string -> output: out_type", attrs="out_type: type",
    infer=lambda op: [(unknown_shape(), op.attrs["out_type"])], dynamic=True, host=True)
def parse_tensor_(xp: Any, text: Any, out_type: dtypes.DType = dtypes.float32) -> Any:
    text = array_of(text)
    if text.ndim:
        raise bad(f"Expected `serialized` to be a scalar, got shape: {shape_text(text.shape)}")
    raw = one(text)
    try:
        proto = TensorProto.FromString(raw)
    except DecodeError:
        shown = base64.b64encode(raw).decode()
        raise bad(f"Could not parse `serialized` as TensorProto, base64: {shown}") from None
    try:
        array = array_in(proto)
    except (TypeError, ValueError):
        raise bad(f"Cannot parse tensor from proto: {proto}") from None
    found = dtypes.as_dtype(proto.dtype)
    if found is not out_type:
        raise bad(f"Type mismatch between parsed tensor ({dtypes.type_name(found)}) and dtype ({dtypes.type_name(out_type)})")
    return Typed(array, found) if found.is_quantized else array


serialize_tensor_.not_differentiable()
parse_tensor_.not_differentiable()


def serialize_tensor(tensor: Any, name: str | None = None) -> Any:
    """A tensor as a string scalar: the bytes of a `TensorProto`.

    Raises:
      NotFoundError: a quantized tensor, a variant, a resource.
    """
    x = convert_to_tensor(tensor)
    if ctx.graph is None and (x.dtype.is_quantized or not x.dtype.is_numpy_compatible):
        raise errors.NotFoundError(f"Could not find device for node: {{{{node SerializeTensor}}}} = SerializeTensor[T="
                                   f"DT_{dtypes.type_name(x.dtype).upper()}] [Op:SerializeTensor]")
    return apply(serialize_tensor_, (x,), {}, name_for(name, tensor))


def parse_tensor(serialized: Any, out_type: Any, name: str | None = None) -> Any:
    """The tensor that `serialize_tensor` made a string of.

    Args:
      out_type: its dtype.

    Raises:
      InvalidArgumentError: other bytes, or a tensor of another dtype.
    """
    return apply(parse_tensor_, (as_strings(serialized),), {"out_type": dtypes.as_dtype(out_type)},
                 name_for(name, serialized))


