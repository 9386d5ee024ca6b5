"""The operations of lookup tables. A table is the value of its handle; in a session a node keeps its own."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from ...core import dtypes, errors
from ...core.context import ctx
from ...core.opdef import OpDef, op
from ...core.shape import TensorShape, as_shape, unknown_shape
from ...formats import local_files
from ..common import shape_text
from ..layout import bad
from ..random_state import place
from ..text.numbers import parser
from ..text.values import array_of, one
from .contents import DenseTable, MutableTable, StaticTable, Table

_COMBINATIONS = {
    "HashTableV2": "string: string int64 int32 float double bool; int64: string int64 int32 float double; "
        "int32: string int32 float double",
    "MutableHashTableV2": "string: int64 int32 float double bool; int64: variant string int64 int32 float double; "
        "int32: int32 float double",
    "MutableHashTableOfTensorsV2": "string: int64 int32 float double bool; int64: string int64 int32 float double; "
        "int32: int32 float double",
    "MutableDenseHashTableV2": "string: resource int64 int32 float double bool; int64: variant int64 int32 float double bool; "
        "int32: int32 float double",
}
"""For each op the dtypes of values that go with a dtype of keys."""

_SHARING = 'container: string = ""; shared_name: string = ""; use_node_name_sharing: bool = false'
_TYPES = "key_dtype: type; value_dtype: type"
_HANDLE = [(TensorShape([]), dtypes.resource)]


def _check_types(op_type: str, key_dtype: dtypes.DType, value_dtype: dtypes.DType) -> None:
    key, value = dtypes.type_name(key_dtype), dtypes.type_name(value_dtype)
    allowed = dict(part.split(":") for part in _COMBINATIONS[op_type].split("; "))
    if value not in allowed.get(key, "").split():
        raise errors.NotFoundError(f"Could not find device for node: {{{{node {op_type}}}}} = {op_type}[key_dtype="
                                   f"DT_{key.upper()}, value_dtype=DT_{value.upper()}]: no kernel takes these types.")


def _table(x: Any) -> Any:
    """The table that a handle stands for."""
    return x if isinstance(x, Table) else np.asarray(x, object)[()]


# Making tables.


_SHARED: WeakValueDictionary[Any, Table] = WeakValueDictionary()
"""The tables outside sessions that have a shared name, for as long as anything holds them."""


def _kept(make: Callable[[], Table], shared: Any) -> Table:
    """The table that a node keeps in the session that runs, or that has its shared name; else a new one."""
    held: Any = ctx.resources
    if held is None:
        if shared is None:
            return make()
        held = _SHARED
    key = shared or place()[1]
    table: Table | None = held.get(key)
    if table is None:
        held[key] = table = make()
    return table


def _dtype_of(keys: Any) -> dtypes.DType:
    """The dtype of keys among the inputs of an op that makes tables."""
    return dtypes.from_numpy(array_of(keys[0]).dtype)


def _creation(type: str, attrs: str, make: Callable[..., Table], inputs: str = "") -> OpDef:
    """The entry that makes tables of one kind, under the names of its attributes."""
    @op(f"{type}V2", f"{inputs} -> table_handle: resource", attrs=f"{_SHARING}; {_TYPES}{attrs}",
        infer=lambda op: _HANDLE, host=True, stateful=True)
    def entry(xp: Any, *given: Any, container: str = "", shared_name: str = "", use_node_name_sharing: bool = False,
              key_dtype: Any = None, value_dtype: Any = None, **more: Any) -> Any:
        key_dtype = key_dtype or _dtype_of(given)
        _check_types(f"{type}V2", key_dtype, value_dtype)
        table = _kept(lambda: make(*given, key_dtype=key_dtype, value_dtype=value_dtype, **more),
                      (container, shared_name) if shared_name else None)
        if (table.key_dtype, table.value_dtype) != (key_dtype, value_dtype):
            mine, asked = ((dtypes.type_name(a), dtypes.type_name(b)) for a, b in (
                (table.key_dtype, table.value_dtype), (key_dtype, value_dtype)))
            raise bad(f"Conflicting key/value dtypes {asked[0]}->{asked[1]} with {mine[0]}-{mine[1]} for table {shared_name}")
        return table
    _anonymous(type, attrs, make, inputs)
    return entry.not_differentiable()


def _anonymous(type: str, attrs: str, make: Callable[..., Table], inputs: str) -> None:
    """The entry that makes tables which no other node can name: a new one in every run."""
    @op(f"Anonymous{type}", f"{inputs} -> table_handle: resource",
        attrs=f"{_TYPES}{attrs}", infer=lambda op: _HANDLE, host=True, stateful=True)
    def entry(xp: Any, *given: Any, key_dtype: Any = None, value_dtype: Any = None, **more: Any) -> Any:
        key_dtype = key_dtype or _dtype_of(given)
        _check_types(f"{type}V2", key_dtype, value_dtype)
        return make(*given, key_dtype=key_dtype, value_dtype=value_dtype, **more)
    entry.not_differentiable()


def _static(key_dtype: Any, value_dtype: Any) -> Table:
    return StaticTable(key_dtype, value_dtype)


def _mutable(key_dtype: Any, value_dtype: Any) -> Table:
    return MutableTable(key_dtype, value_dtype)


def _of_tensors(key_dtype: Any, value_dtype: Any, value_shape: Any = ()) -> Table:
    return MutableTable(key_dtype, value_dtype, tuple(as_shape(value_shape).as_list()))  # type: ignore[arg-type]


def _dense(empty_key: Any, deleted_key: Any, key_dtype: Any, value_dtype: Any, value_shape: Any = (),
           initial_num_buckets: int = 131072, max_load_factor: float = 0.8) -> Table:
    return DenseTable(key_dtype, value_dtype, tuple(as_shape(value_shape).as_list()),  # type: ignore[arg-type]
                      empty_key, deleted_key, initial_num_buckets, max_load_factor)


hash_table = _creation("HashTable", "", _static)
mutable_hash_table = _creation("MutableHashTable", "", _mutable)
mutable_hash_table_of_tensors = _creation("MutableHashTableOfTensors", "; value_shape: shape = []", _of_tensors)
mutable_dense_hash_table = _creation(
    "MutableDenseHashTable", "; value_shape: shape = []; initial_num_buckets: int = 131072; max_load_factor: float = 0.8",
    _dense, "empty_key: key_dtype, deleted_key: key_dtype")


# Using them.


def _value_shape(default: TensorShape, keys: TensorShape) -> TensorShape:
    """The shape of values found, if the default is one value; the tables know better what it is."""
    return keys if default.rank == 0 else unknown_shape()


@op("LookupTableFindV2", "table_handle: resource, keys: Tin, default_value: Tout -> values: Tout",
    attrs="Tin: type; Tout: type",
    infer=lambda op: [(_value_shape(op.inputs[2].shape, op.inputs[1].shape), op.inputs[2].dtype)], host=True, stateful=True)
def table_find(xp: Any, handle: Any, keys: Any, default: Any) -> Any:
    return _table(handle).find(keys, default)


@op("LookupTableInsertV2", "table_handle: resource, keys: Tin, values: Tout -> ", attrs="Tin: type; Tout: type",
    infer=lambda op: [], host=True, stateful=True)
def table_insert(xp: Any, handle: Any, keys: Any, values: Any) -> Any:
    _table(handle).put(keys, values)
    return ()


@op("LookupTableRemoveV2", "table_handle: resource, keys: Tin -> ", attrs="Tin: type", infer=lambda op: [], host=True,
    stateful=True)
def table_remove(xp: Any, handle: Any, keys: Any) -> Any:
    _table(handle).remove(keys)
    return ()


@op("LookupTableSizeV2", "table_handle: resource -> size: int64", infer=lambda op: TensorShape([]), host=True, stateful=True)
def table_size(xp: Any, handle: Any) -> Any:
    return np.array(_table(handle).count(), np.int64)


@op("LookupTableExportV2", "table_handle: resource -> keys: Tkeys, values: Tvalues", attrs="Tkeys: type; Tvalues: type",
    infer=lambda op: [(unknown_shape(), op.attrs["Tkeys"]), (unknown_shape(), op.attrs["Tvalues"])], host=True,
    stateful=True, dynamic=True)
def table_export(xp: Any, handle: Any, Tkeys: Any = None, Tvalues: Any = None) -> Any:
    return _table(handle).export()


@op("LookupTableImportV2", "table_handle: resource, keys: Tin, values: Tout -> ", attrs="Tin: type; Tout: type",
    infer=lambda op: [], host=True, stateful=True)
def table_import(xp: Any, handle: Any, keys: Any, values: Any) -> Any:
    _table(handle).load(keys, values)
    return ()


table_import.not_differentiable()


@op("InitializeTableV2", "table_handle: resource, keys: Tkey, values: Tval -> ", attrs="Tkey: type; Tval: type",
    infer=lambda op: [], host=True, stateful=True)
def initialize_table(xp: Any, handle: Any, keys: Any, values: Any) -> Any:
    table, keys, values = _table(handle), array_of(keys), array_of(values)
    if keys.ndim != 1:
        raise bad(f"Keys must be a vector, but received shape{shape_text(keys.shape)}")
    if keys.size != values.size:
        raise bad(f"Keys and values must have the same size {keys.size} vs {values.size}")
    if not keys.size:
        raise bad("keys and values cannot be empty tensors.")
    table.load(keys, values)
    return ()


initialize_table.not_differentiable()


@op("InitializeTableFromTextFileV2", "table_handle: resource, filename: string -> ",
    attrs='key_index: int; value_index: int; vocab_size: int = -1; delimiter: string = "\\t"; offset: int = 0',
    infer=lambda op: [], host=True, stateful=True)
def initialize_from_text_file(xp: Any, handle: Any, filename: Any, key_index: int = 0, value_index: int = 0,
                              vocab_size: int = -1, delimiter: str = "\t", offset: int = 0) -> Any:
    table = _table(handle)
    if table.initialized:
        return ()
    path = local_files.text(one(filename).decode())
    lines = _lines_of(path, vocab_size)
    width = max(key_index, value_index) + 1
    between = delimiter.encode()
    rows = [line.split(between) for line in lines] if width > 0 else []
    for number, row in enumerate(rows):
        if len(row) < width:
            raise bad(f"Invalid number of columns in {path} line {number} ({_text(lines[number])}) : expected at least {width} "
                      f"got {len(row)}")
    keys, values = (_column(table, dtype, index, lines, rows, offset) for dtype, index in (
        (table.key_dtype, key_index), (table.value_dtype, value_index)))
    table.fill(keys, values)
    return ()


def _text(s: bytes) -> str:
    return s.decode("utf-8", "replace")


def _lines_of(path: str, vocab_size: int) -> list[bytes]:
    """The lines of a vocabulary, as many as told.

    Raises:
      InvalidArgumentError: an empty line, or fewer than told.
    """
    raw = local_files.read(path)
    lines = raw.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    lines = [line.removesuffix(b"\r") for line in lines]
    if vocab_size >= 0:
        if len(lines) < vocab_size:
            raise bad(f"Invalid vocab_size in {path}: expected {vocab_size} but got {len(lines)}")
        lines = lines[:vocab_size]
    for i, line in enumerate(lines):
        if not line:
            position = sum(map(len, raw.split(b"\n")[:i + 1])) + i + 1
            raise bad(f"Invalid content in {path}: empty line found at position {position}.")
    return lines


def _column(table: Table, dtype: dtypes.DType, index: int, lines: list[bytes], rows: list[list[bytes]], offset: int
            ) -> list[Any]:
    """The keys or values that lines have: -1 for their number, -2 for the whole of them, else a part."""
    if index == -1:
        return list(range(offset, offset + len(lines)))
    texts = lines if index == -2 else [row[index] for row in rows]
    if dtype is dtypes.string:
        return texts
    read = parser(dtype.np)
    out = []
    for number, text in enumerate(texts):
        try:
            out.append(read(text))
        except errors.InvalidArgumentError:
            raise bad(f"Field {_text(text)} in line {number} is not a valid {dtypes.type_name(dtype)}.") from None
    return np.array(out, dtype.np).tolist()  # type: ignore[no-any-return]


for _entry in (table_find, table_insert, table_remove, table_size, table_export, initialize_from_text_file):
    _entry.not_differentiable()
