"""Python values as messages: arguments and results of functions, described by specs."""
from __future__ import annotations

import collections
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.indexed_slices_spec import IndexedSlicesSpec
from ..core.shape import TensorShape
from ..core.tensor_spec import TensorSpec
from ..core.type_spec import TypeSpec
from ..formats.tensor_proto import array_of, make_tensor_proto, shape_proto
from ..ops.ragged.spec import RaggedTensorSpec
from ..ops.sparse.tensor import SparseTensorSpec
from .protos import (
    DictValue,
    NamedTupleValue,
    NoneValue,
    PairValue,
    StructuredValue,
    TensorSpecProto,
    TypeSpecProto,
    Values,
)

_SPECS: dict[int, Any] = {1: SparseTensorSpec, 2: IndexedSlicesSpec, 3: RaggedTensorSpec}


def shape_of(message: Any) -> TensorShape:
    """The shape that a message holds."""
    return TensorShape(None) if message.unknown_rank else TensorShape([None if d.size < 0 else d.size for d in message.dim])


def decoded(message: Any) -> Any:
    """The value that a message describes.

    Raises:
      ValueError: a kind of value that is not known here.
    """
    kind = message.WhichOneof("kind")
    if kind in (None, "none_value"):
        return None
    value = getattr(message, kind)
    if kind == "int64_value":
        return (value >> 1) ^ -(value & 1)
    if kind in ("float64_value", "string_value", "bool_value"):
        return value
    if kind == "tensor_shape_value":
        return shape_of(value)
    if kind == "tensor_dtype_value":
        return dtypes.as_dtype(value)
    if kind in ("tensor_spec_value", "bounded_tensor_spec_value"):
        return TensorSpec(shape_of(value.shape), dtypes.as_dtype(value.dtype), value.name or None)
    if kind == "type_spec_value":
        return _spec(value)
    if kind == "list_value":
        return [decoded(v) for v in value.values]
    if kind == "tuple_value":
        return tuple([decoded(v) for v in value.values])
    if kind == "dict_value":
        return {key: decoded(v) for key, v in value.fields.items()}
    if kind == "named_tuple_value":
        named: Any = collections.namedtuple
        made = named(value.name, [p.key for p in value.values])
        return made(*[decoded(p.value) for p in value.values])
    return array_of(value)


def _spec(message: Any) -> Any:
    made = _SPECS.get(message.type_spec_class)
    if made is None:
        raise ValueError(f"The type '{message.type_spec_class_name}' has not been registered.")
    return made._deserialize(decoded(message.type_state))


def encoded(value: Any) -> StructuredValue:
    """The message that describes a value.

    Raises:
      ValueError: a value that has none.
    """
    if value is None:
        return StructuredValue(none_value=NoneValue())
    if isinstance(value, (bool, np.bool_)):
        return StructuredValue(bool_value=bool(value))
    if isinstance(value, (int, np.integer)):
        number = int(value)
        return StructuredValue(int64_value=number << 1 if number >= 0 else (-number << 1) - 1)
    if isinstance(value, (float, np.floating)):
        return StructuredValue(float64_value=float(value))
    if isinstance(value, str):
        return StructuredValue(string_value=value)
    if isinstance(value, TensorSpec):
        return StructuredValue(tensor_spec_value=TensorSpecProto(
            name=value.name or "", shape=shape_proto(value.shape), dtype=value.dtype.as_datatype_enum))
    if isinstance(value, TensorShape):
        return StructuredValue(tensor_shape_value=shape_proto(value))
    if isinstance(value, dtypes.DType):
        return StructuredValue(tensor_dtype_value=value.as_datatype_enum)
    if isinstance(value, TypeSpec):
        return StructuredValue(type_spec_value=_spec_message(value))
    if isinstance(value, np.ndarray):
        return StructuredValue(numpy_value=make_tensor_proto(value))
    if isinstance(value, dict):
        out = StructuredValue(dict_value=DictValue())
        for key, item in value.items():
            out.dict_value.fields.put(str(key), encoded(item))
        return out
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        pairs = [PairValue(key=key, value=encoded(item)) for key, item in zip(value._fields, value, strict=True)]
        return StructuredValue(named_tuple_value=NamedTupleValue(name=type(value).__name__, values=pairs))
    if isinstance(value, (list, tuple)):
        items = Values(values=[encoded(item) for item in value])
        return StructuredValue(list_value=items) if isinstance(value, list) else StructuredValue(tuple_value=items)
    raise ValueError(f"No encoder for object {value} of type {type(value)}.")


def _spec_message(spec: Any) -> TypeSpecProto:
    for number, kind in _SPECS.items():
        if type(spec) is kind:
            return TypeSpecProto(type_spec_class=number, type_state=encoded(spec._serialize()),
                                 type_spec_class_name=type(spec).__name__, num_flat_components=len(spec.flatten()))
    raise ValueError(f"No encoder for object {spec} of type {type(spec)}.")
