"""Sparse tensors as strings: each of the three parts as the bytes of a TensorProto."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ...formats.message import DecodeError
from ...formats.tensor_proto import TensorProto, array_of, serialized, shape_proto
from ..common import shape_text
from ..layout import bad
from .places import sparse_reshape_
from .rows import check_parts, check_rows
from .tensor import SparseTensor
from .values import INT64, as_sparse


def _text(array: Any, dtype: dtypes.DType) -> bytes:
    """The bytes of a TensorProto; those of strings hold all lengths before the strings."""
    if dtype is not dtypes.string:
        return serialized(array, dtype)
    strings = array.reshape(-1).tolist()
    content = b"".join([*[_length(len(x)) for x in strings], *strings])
    return TensorProto(dtype=dtype.as_datatype_enum, tensor_shape=shape_proto(array.shape),
                       tensor_content=content).SerializeToString()


def _length(size: int) -> bytes:
    """A number in groups of seven bits, the lowest first; all but the last group have the eighth bit set."""
    out = bytearray()
    while size > 127:
        out.append(size & 127 | 128)
        size >>= 7
    return bytes([*out, size])


def _strings(content: bytes, count: int) -> list[bytes]:
    """The strings that `_text` put behind their lengths."""
    sizes, at = [], 0
    for _ in range(count):
        size = shift = 0
        while content[at] > 127:
            size |= (content[at] & 127) << shift
            shift, at = shift + 7, at + 1
        sizes.append(size | content[at] << shift)
        at += 1
    ends = (np.cumsum(sizes) + at).tolist()
    return [content[end - size:end] for size, end in zip(sizes, ends, strict=True)]


def _array(proto: Any, dtype: dtypes.DType) -> Any:
    if dtype is not dtypes.string or not proto.tensor_content:
        return array_of(proto)
    shape = [d.size for d in proto.tensor_shape.dim]
    out = np.empty(int(np.prod(shape, dtype=np.int64)), object)
    out[:] = _strings(proto.tensor_content, len(out))
    return out.reshape(shape)


def _dtype(values: Any) -> dtypes.DType:
    return dtypes.from_numpy(values.dtype)


@op("SerializeSparse", "sparse_indices: int64, sparse_values: T, sparse_shape: int64 -> serialized_sparse: out_type",
    attrs="T: type; out_type: {string, variant} = string", host=True, infer=lambda op: TensorShape([3]))
def serialize_sparse_(xp: Any, indices: Any, values: Any, shape: Any, out_type: Any = dtypes.string) -> Any:
    check_parts(indices, values, shape)
    out = np.empty(3, object)
    out[:] = [_text(indices, INT64), _text(values, _dtype(values)), _text(shape, INT64)]
    return out


@op("SerializeManySparse", "sparse_indices: int64, sparse_values: T, sparse_shape: int64 -> serialized_sparse: out_type",
    attrs="T: type; out_type: {string, variant} = string", host=True, dynamic=True, infer=lambda op: TensorShape([None, 3]))
def serialize_many_sparse_(xp: Any, indices: Any, values: Any, shape: Any, out_type: Any = dtypes.string) -> Any:
    check_parts(indices, values, shape)
    if len(shape) < 2:
        raise bad(f"Rank of input SparseTensor should be > 1, but saw rank: {len(shape)}")
    check_rows(indices, shape)
    rows = int(shape[0])
    ends = np.searchsorted(indices[:, 0], np.arange(rows + 1))
    tail, dtype = _text(shape[1:], INT64), _dtype(values)
    out = np.empty((rows, 3), object)
    for i in range(rows):  # a row is three strings
        part = slice(ends[i], ends[i + 1])
        out[i] = [_text(indices[part, 1:], INT64), _text(values[part], dtype), tail]
    return out


def _parsed(text: Any) -> tuple[Any, dtypes.DType]:
    try:
        proto = TensorProto.FromString(text)
        dtype = dtypes.as_dtype(proto.dtype)
        return _array(proto, dtype), dtype
    except (DecodeError, IndexError, TypeError, ValueError):
        raise bad("Could not parse serialized_sparse as TensorProto") from None


def _stacked(rows: Any, dtype: dtypes.DType) -> tuple[Any, Any, Any]:
    """Serialized sparse tensors stacked along a new first dimension; the largest sizes are those of the whole."""
    places: list[Any] = []
    elements: list[Any] = []
    shapes: list[Any] = []
    for i, row in enumerate(rows):
        (indices, i_type), (values, found), (shape, s_type) = map(_parsed, row)
        if i_type is not INT64 or s_type is not INT64:
            raise bad(f"Expected serialized_sparse[{i}, 0] and [{i}, 2] to hold int64 tensors")
        if found is not dtype:
            raise bad(f"Requested SparseTensor of type {dtypes.type_name(dtype)} but SparseTensor[{i}].values.dtype() == "
                      f"{dtypes.type_name(found)}")
        check_parts(indices, values, shape)
        if shapes and len(shape) != len(shapes[0]):
            raise bad(f"Inconsistent rank across SparseTensors: rank prior to SparseTensor[{i}] was: {len(shapes[0])} but "
                      f"rank of SparseTensor[{i}] is: {len(shape)}")
        places.append(np.column_stack((np.full(len(indices), i, np.int64), indices)))
        elements.append(values)
        shapes.append(shape)
    if not shapes:
        raise bad("Must have at least 1 serialized SparseTensor, but input matrix has 0 rows")
    whole = np.array([len(shapes), *np.max(shapes, axis=0)], np.int64)
    return np.concatenate(places), np.concatenate(elements), whole


def _unknown(op: Any) -> Any:
    return [(unknown_shape(2), INT64), (unknown_shape(1), op.attrs["dtype"]), (unknown_shape(1), INT64)]


@op("DeserializeManySparse", "serialized_sparse: string -> sparse_indices: int64, sparse_values: dtype, sparse_shape: int64",
    attrs="dtype: type", host=True, dynamic=True, infer=_unknown)
def deserialize_many_sparse_(xp: Any, text: Any, dtype: dtypes.DType = dtypes.float32) -> Any:
    if text.ndim != 2:
        raise bad(f"Serialized sparse should be a matrix but received shape {shape_text(text.shape)}")
    if text.shape[1] != 3:
        raise bad(f"Serialize sparse should have 3 columns but received shape {shape_text(text.shape)}")
    return _stacked(text, dtype)


@op("DeserializeSparse", "serialized_sparse: Tserialized -> sparse_indices: int64, sparse_values: dtype, sparse_shape: int64",
    attrs="dtype: type; Tserialized: {string, variant} = string", host=True, dynamic=True, infer=_unknown)
def deserialize_sparse_(xp: Any, text: Any, dtype: dtypes.DType = dtypes.float32) -> Any:
    if not text.ndim or text.shape[-1] != 3:
        raise bad(f"Serialized sparse should have 3 as the last dimension {shape_text(text.shape)}")
    indices, values, shape = _stacked(text.reshape(-1, 3), dtype)
    batch = text.shape[:-1]
    if not batch:
        return indices[:, 1:], values, shape[1:]
    indices, shape = sparse_reshape_.kernel(xp, indices, shape, np.array([*batch, *shape[1:]], np.int64))
    return indices, values, shape


for _entry in (serialize_sparse_, serialize_many_sparse_, deserialize_many_sparse_, deserialize_sparse_):
    _entry.not_differentiable()


def serialize_sparse(sp_input: Any, out_type: Any = dtypes.string, name: str | None = None) -> Any:
    """A sparse tensor as a vector of three strings: its indices, values and shape as the bytes of `TensorProto`s.

    Args:
      sp_input: the sparse tensor.
      out_type: tf.string.
      name: of the operation.

    Raises:
      TypeError: `sp_input` is no sparse tensor, or another `out_type`.
    """
    return _serialized(serialize_sparse_, sp_input, out_type, name)


def serialize_many_sparse(sp_input: Any, out_type: Any = dtypes.string, name: str | None = None) -> Any:
    """The rows of a sparse tensor along its first dimension, each as three strings, see `serialize_sparse`.

    Returns:
      Strings of shape `[n, 3]`.

    Raises:
      InvalidArgumentError: a rank below 2.
    """
    return _serialized(serialize_many_sparse_, sp_input, out_type, name)


def _serialized(entry: Any, sp_input: Any, out_type: Any, name: str | None) -> Any:
    sp = as_sparse(sp_input)
    if dtypes.as_dtype(out_type) is not dtypes.string:
        raise TypeError(f"Sparse tensors are serialized as strings, not as {dtypes.as_dtype(out_type).name}.")
    return apply(entry, (sp.indices, sp.values, sp.dense_shape), {"out_type": dtypes.string}, name)


def serialize_sparse_v1(sp_input: Any, name: str | None = None, out_type: Any = dtypes.string) -> Any:
    """`tf.io.serialize_sparse` with TensorFlow 1's order of arguments."""
    return serialize_sparse(sp_input, out_type, name)


def serialize_many_sparse_v1(sp_input: Any, name: str | None = None, out_type: Any = dtypes.string) -> Any:
    """`tf.io.serialize_many_sparse` with TensorFlow 1's order of arguments."""
    return serialize_many_sparse(sp_input, out_type, name)


def deserialize_many_sparse(serialized_sparse: Any, dtype: Any, rank: int | None = None,
                            name: str | None = None) -> SparseTensor:
    """Serialized sparse tensors stacked along a new first dimension.

    Args:
      serialized_sparse: strings of shape `[n, 3]`, as of `serialize_sparse` and `serialize_many_sparse`.
      dtype: of the elements.
      rank: of the result, where it is known.
      name: of the operation.

    Raises:
      InvalidArgumentError: another dtype, different ranks, or strings that hold no sparse tensors.
    """
    from ...core.convert import convert_to_tensor
    indices, values, shape = apply(deserialize_many_sparse_, (convert_to_tensor(serialized_sparse, dtypes.string),),
                                   {"dtype": dtypes.as_dtype(dtype)}, name)
    indices.set_shape([None, rank])
    shape.set_shape([rank])
    return SparseTensor(indices, values, shape)
