"""Maps from tensors to tensors as values in graphs. A changed map is a new one."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.dispatch import Typed
from ..core.host_value import HostValue
from ..core.opdef import op
from ..core.shape import TensorShape, unknown_shape
from .layout import bad
from .string_format import array_text

_HANDLE = [(TensorShape([]), dtypes.variant)]


class HostMap(HostValue):
    """An immutable map of arrays.

    Args:
      items: for each key's dtype, shape and contents the key and the value, as arrays.
    """

    __slots__ = ("items",)
    tensor_dtype = dtypes.variant

    def __init__(self, items: dict[Any, tuple[Any, Any]]) -> None:
        self.items = items

    @property
    def size(self) -> int:
        return len(self.items)


def _entry(key: Any) -> Any:
    return key.dtype, key.shape, tuple(key.reshape(-1)) if key.dtype.kind == "O" else key.tobytes()


def _map(handle: Any) -> HostMap:
    if not isinstance(handle, HostMap):
        raise bad("Input handle is not a map. Saw: 'Variant<type: tensorflow::TensorList value: TensorList>'")
    return handle


def _found(handle: Any, key: Any, verb: str) -> tuple[Any, Any]:
    found = _map(handle).items.get(_entry(key))
    if found is None:
        raise bad(f'Trying to {verb}. Could not find key "{array_text(key, 3)}".')
    return found


def _as(value: Any, dtype: Any) -> Any:
    """A value, which must be of this dtype."""
    wanted, mine = dtypes.as_dtype(dtype), dtypes.from_numpy(value.dtype)
    if wanted.np != value.dtype:
        raise bad(f"Type mismatch: actual {dtypes.type_name(mine)} vs. expect {dtypes.type_name(wanted)}")
    return value if wanted == mine else Typed(value, wanted)


_KEYED = "input_handle: variant, key: key_dtype"
_TYPES = "key_dtype: type; value_dtype: type"


@op("EmptyTensorMap", " -> handle: variant", infer=lambda call: _HANDLE, host=True)
def empty(xp: Any) -> Any:
    return HostMap({})


@op("TensorMapSize", "input_handle: variant -> size: int32", infer=lambda call: [(TensorShape([]), dtypes.int32)], host=True)
def size(xp: Any, handle: Any) -> Any:
    return np.array(_map(handle).size, np.int32)


@op("TensorMapInsert", f"{_KEYED}, value: value_dtype -> output_handle: variant", attrs=_TYPES, infer=lambda call: _HANDLE,
    host=True)
def insert(xp: Any, handle: Any, key: Any, value: Any) -> Any:
    return HostMap(_map(handle).items | {_entry(key): (key, value)})


@op("TensorMapErase", f"{_KEYED} -> output_handle: variant", attrs=_TYPES, infer=lambda call: _HANDLE, host=True)
def erase(xp: Any, handle: Any, key: Any, value_dtype: Any = None) -> Any:
    _found(handle, key, "erase non-existent item")
    return HostMap({k: v for k, v in handle.items.items() if k != _entry(key)})


@op("TensorMapHasKey", f"{_KEYED} -> has_key: bool", attrs="key_dtype: type",
    infer=lambda call: [(TensorShape([]), dtypes.bool)], host=True)
def has_key(xp: Any, handle: Any, key: Any) -> Any:
    return np.array(_entry(key) in _map(handle).items)


@op("TensorMapLookup", f"{_KEYED} -> value: value_dtype", attrs=_TYPES,
    infer=lambda call: [(unknown_shape(), dtypes.as_dtype(call.attrs["value_dtype"]))], host=True, dynamic=True)
def lookup(xp: Any, handle: Any, key: Any, value_dtype: Any = None) -> Any:
    return _as(_found(handle, key, "lookup non-existent key")[1], value_dtype)


@op("TensorMapStackKeys", "input_handle: variant -> keys: key_dtype", attrs="key_dtype: type",
    infer=lambda call: [(unknown_shape(), dtypes.as_dtype(call.attrs["key_dtype"]))], host=True, dynamic=True)
def stack_keys(xp: Any, handle: Any, key_dtype: Any = None) -> Any:
    """All keys, in the order in which they came; TensorFlow has them in none."""
    keys = [key for key, _ in _map(handle).items.values()]
    if not keys:
        raise bad("TensorMapStackKeys cannot be called on empty map.")
    if any(key.shape != keys[0].shape for key in keys):
        raise bad("Keys must all have the same shape.")
    if any(key.dtype != dtypes.as_dtype(key_dtype).np for key in keys):
        raise bad("Key does not match requested dtype.")
    return np.stack(keys)
