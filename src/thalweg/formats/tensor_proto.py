"""Tensors as messages: TensorFlow's `TensorProto`, from arrays and back."""
from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import to_array
from ..core.shape import as_shape
from .message import Field, Message

TYPE_NAMES = {0: "DT_INVALID"}
TYPE_NAMES.update({d.as_datatype_enum: f"DT_{dtypes.type_name(d).upper()}" for d in map(dtypes.DType, range(1, 24))})


class ShapeDim(Message):
    """One dimension: its size, -1 where it is not known, and a name."""

    FIELDS = (Field(1, "size", "int64"), Field(2, "name", "string"))


class TensorShapeProto(Message):
    """A shape: its dimensions, or that not even their number is known."""

    FIELDS = (Field(2, "dim", "message", True, lambda: ShapeDim), Field(3, "unknown_rank", "bool"))


class TensorProto(Message):
    """The dtype, shape and elements of a tensor."""

    FIELDS = (
        Field(1, "dtype", "enum", enum=TYPE_NAMES), Field(2, "tensor_shape", "message", message=lambda: TensorShapeProto),
        Field(3, "version_number", "int32"), Field(4, "tensor_content", "bytes"), Field(5, "float_val", "float", True),
        Field(6, "double_val", "double", True), Field(7, "int_val", "int32", True), Field(8, "string_val", "bytes", True),
        Field(9, "scomplex_val", "float", True), Field(10, "int64_val", "int64", True), Field(11, "bool_val", "bool", True),
        Field(12, "dcomplex_val", "double", True), Field(13, "half_val", "int32", True),
        Field(16, "uint32_val", "uint32", True), Field(17, "uint64_val", "uint64", True))


def shape_proto(shape: Any) -> TensorShapeProto:
    """A shape as a message."""
    known = as_shape(shape)
    if known.rank is None:
        return TensorShapeProto(unknown_rank=True)
    return TensorShapeProto(dim=[ShapeDim(size=-1 if d is None else d) for d in known.as_list()])


def _field_of(dtype: dtypes.DType) -> str:
    """The field that holds the elements of a dtype one by one."""
    if dtype is dtypes.string:
        return "string_val"
    if dtype.is_complex:
        return "scomplex_val" if dtype is dtypes.complex64 else "dcomplex_val"
    if dtype.is_floating:
        return {"float32": "float_val", "float64": "double_val"}.get(dtype.name, "half_val")
    return {"bool": "bool_val", "int64": "int64_val", "uint32": "uint32_val", "uint64": "uint64_val"}.get(dtype.name, "int_val")


def _elements(array: np.ndarray[Any, Any], dtype: dtypes.DType) -> list[Any]:
    """The elements as that field holds them."""
    flat = array.reshape(-1)
    if dtype.is_complex:
        return flat.view(dtype.real_dtype.np).tolist()
    if _field_of(dtype) == "half_val":
        return flat.view(np.uint16 if dtype.size == 2 else np.uint8).tolist()
    return flat.tolist()


def serialized(array: np.ndarray[Any, Any], dtype: dtypes.DType) -> bytes:
    """A tensor as bytes, in the way of `tf.io.serialize_tensor`: all elements behind each other."""
    proto = TensorProto(dtype=dtype.as_datatype_enum, tensor_shape=shape_proto(array.shape))
    if dtype is dtypes.string:
        proto.string_val.extend(array.reshape(-1).tolist())
    else:
        proto.tensor_content = np.ascontiguousarray(array).tobytes()
    return proto.SerializeToString()


def array_of(proto: Any) -> np.ndarray[Any, Any]:
    """The array that a message holds. Where it has too few elements, the last one is repeated.

    Raises:
      ValueError: the elements do not fit the shape.
      TypeError: a dtype without elements.
    """
    dtype = dtypes.as_dtype(proto.dtype).base_dtype
    shape = [d.size for d in proto.tensor_shape.dim]
    count = prod(shape)
    if not dtype.is_numpy_compatible:
        raise TypeError(f"Unsupported tensor type: {proto.dtype}. See "
                        "https://www.tensorflow.org/api_docs/python/tf/dtypes for supported TF dtypes.")
    if proto.tensor_content:
        return np.frombuffer(proto.tensor_content, dtype.np).reshape(shape).copy()
    values = getattr(proto, _field_of(dtype))
    if dtype is dtypes.string:
        flat = np.empty(len(values), object)
        flat[:] = list(values)
    elif _field_of(dtype) == "half_val":
        flat = np.array(values, np.uint16 if dtype.size == 2 else np.uint8).view(dtype.np)
    elif dtype.is_complex:
        flat = np.array(values, dtype.real_dtype.np).view(dtype.np)
    else:
        flat = np.array(values, np.int64 if dtype.np.kind == "i" else dtype.np).astype(dtype.np)
    if not len(flat):
        return _empty_or_zero(shape, dtype)
    if len(flat) < count:
        flat = np.concatenate([flat, np.repeat(flat[-1:], count - len(flat))])
    return flat.reshape(shape)


def _empty_or_zero(shape: Any, dtype: dtypes.DType) -> np.ndarray[Any, Any]:
    made = np.zeros(shape, dtype.np)
    if dtype is dtypes.string:
        made.fill(b"")
    return made


# The public functions.


def make_tensor_proto(values: Any, dtype: Any = None, shape: Any = None, verify_shape: bool = False,
                      allow_broadcast: bool = False) -> TensorProto:
    """A value as a `TensorProto`.

    Args:
      values: a number, text, list or array.
      dtype: of the elements, the usual one where missing.
      shape: a larger one than that of `values` repeats the last element where the message is read.
      verify_shape: whether `values` must have that shape.
      allow_broadcast: whether a single value may stand for the whole shape, under `verify_shape`.

    Raises:
      TypeError: the shape is another, under `verify_shape`; values without a dtype.
      ValueError: more values than the shape has room for.
    """
    if isinstance(values, TensorProto):
        return values
    wanted = None if dtype is None else dtypes.as_dtype(dtype).base_dtype
    if values is None:
        raise ValueError("None values not supported.")
    array = to_array(values, wanted)
    found = wanted or dtypes.from_numpy(array.dtype)
    if shape is None:
        sizes: tuple[int, ...] = array.shape
        whole = array.size > 1
    else:
        sizes = tuple(int(d) for d in _dims(shape))
        whole = array.size > 1 and array.size == prod(sizes)
        single = allow_broadcast and array.shape in ((1,), ())
        if (verify_shape or allow_broadcast) and not single and array.shape != sizes:
            raise TypeError(f"Expected Tensor's shape: {sizes}, but got {array.shape}.")
    proto = TensorProto(dtype=found.as_datatype_enum, tensor_shape=shape_proto(sizes))
    if whole and found is not dtypes.string:
        proto.tensor_content = np.ascontiguousarray(array).tobytes()
        return proto
    if array.size > prod(sizes):
        raise ValueError(f"Too many elements provided. Needed at most {prod(sizes)}, but received {array.size}")
    getattr(proto, _field_of(found)).extend(_elements(array, found))
    return proto


def _dims(shape: Any) -> Iterable[int]:
    return as_shape(shape).as_list()  # type: ignore[return-value]


def make_ndarray(tensor: Any) -> np.ndarray[Any, Any]:
    """The array that a `TensorProto` holds.

    Raises:
      TypeError: a dtype without elements.
    """
    return array_of(tensor)
