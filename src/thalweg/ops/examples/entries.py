"""The entries that parse examples: ParseExampleV2, ParseSingleExample, DecodeJSONExample."""
from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ...formats.example_reading import NOTHING, Feature, example
from ...formats.message import DecodeError
from ..common import unchanged
from ..layout import bad
from ..text.values import array_of, each
from .columns import (
    KINDS,
    NAMES,
    as_shapes,
    as_types,
    feature_in,
    filled,
    joined,
    keys_of,
    lists_of,
    required,
    shape_text,
    sparse,
    splits_of,
)
from .json_form import example_of_json


def flat_shapes(serialized: TensorShape, dense: list[dtypes.DType], sparse_types: Any, ragged_types: Any, split_types: Any,
             dense_shapes: Any) -> list[Any]:
    """Shape and dtype of each output of ParseExampleV2."""
    rank = serialized.rank
    width = None if rank is None else rank + 1
    sparse_types = as_types(sparse_types)
    splits = None if rank is None else [0] if rank == 0 else [None if serialized[0] is None else serialized[0] + 1]
    out: list[Any] = [(TensorShape([None, width]), dtypes.int64)] * len(sparse_types)
    out += [(unknown_shape(1), t) for t in sparse_types]
    out += [(TensorShape([width]), dtypes.int64)] * len(sparse_types)
    out += [(serialized.concatenate(shape) if rank is not None else TensorShape(None), t)
            for shape, t in zip(as_shapes(dense_shapes), dense, strict=True)]
    out += [(unknown_shape(1), t) for t in as_types(ragged_types)]
    out += [(TensorShape(splits if splits is not None else [None]), t) for t in as_types(split_types)]
    return out


def _parsed_shapes(call: Any) -> list[Any]:
    serialized = call.inputs[0].shape
    if serialized.rank is not None and serialized.rank > 1:
        raise ValueError(f"Shape must be at most rank 1 but is rank {serialized.rank}")
    attrs = call.attrs
    return flat_shapes(serialized, [x.dtype for x in call.inputs[5:]], attrs.get("sparse_types"),
                    attrs.get("ragged_value_types"), attrs.get("ragged_split_types"), attrs.get("dense_shapes"))


def _dense(features: list[Feature], key: bytes, default: Any, shape: TensorShape, dtype: dtypes.DType, batch: bool,
           prefix: Any) -> Any:
    """One feature that every example has with the same shape, or with a first dimension of any length."""
    wanted = KINDS[dtype]
    default = array_of(default)
    variable = shape.rank != 0 and shape[0] is None
    rows = []
    for i, (kind, values) in enumerate(features):
        if kind == NOTHING:
            if not variable and not default.size:
                raise required(key, dtype, prefix(i))
            rows.append(() if variable else default.reshape(-1))
            continue
        place = f"{prefix(i)}Key: {key.decode()}{f', Index: {i}' if batch else ''}.  "
        if kind != wanted:
            raise bad(f"{place}Data types don't match. Data type: {NAMES[kind]} but expected type: {NAMES[wanted]}")
        if variable:
            stride = prod(d or 0 for d in shape.as_list()[1:])
            if not stride or len(values) % stride:
                raise bad(f"{place}Number of {NAMES[wanted]} values is not a multiple of stride length. Saw {len(values)} "
                          f"values but output shape is: {shape_text(shape)}")
        elif len(values) != shape.num_elements():
            raise bad(f"{place}Number of {NAMES[wanted]} values != expected.  Values size: {len(values)} but output shape: "
                      f"{shape_text(shape)}")
        rows.append(values)
    if variable:
        out = filled(rows, default, shape, dtype)
    else:
        out = joined(rows, dtype).reshape(len(rows), *shape.as_list())
    return out if batch else out[0] if out.ndim > 1 or dtype is not dtypes.string else np.reshape(out, ())


def parse(serialized: Any, names: Any, sparse_keys: list[bytes], dense_keys: list[bytes], ragged_keys: list[bytes],
          defaults: Any, sparse_types: Any, dense_shapes: Any, ragged_types: Any, split_types: Any) -> tuple[Any, ...]:
    """The features of serialised examples as the flat outputs of ParseExampleV2."""
    serialized, names = array_of(serialized), array_of(names)
    if serialized.ndim > 1:
        raise bad(f"Expected serialized to be a scalar or vector, got shape: {shape_text(TensorShape(serialized.shape))}")
    if names.size and names.shape != serialized.shape:
        raise bad(f"Expected names have the same shape as serialized: name.shape={list(names.shape)}, "
                  f"serialized.shape={list(serialized.shape)}")
    batch = serialized.ndim == 1
    labels = names.reshape(-1).tolist()

    def prefix(i: int) -> str:
        if not batch:
            return ""
        return f"Name: {labels[i].decode() if labels else '<unknown>'}, "
    wanted = {*sparse_keys, *dense_keys, *ragged_keys}
    read = []
    for data in serialized.reshape(-1).tolist():
        try:
            read.append(example(data, wanted))
        except DecodeError:
            raise bad(f"Could not parse example input, value: '{data.decode('utf-8', 'replace')}'") from None

    def lists(key: bytes, dtype: dtypes.DType) -> list[Any]:
        def wrong(i: int, kind: int) -> Exception:
            place = f"{prefix(i)}Key: {key.decode()}{f', Index: {i}' if batch else ''}.  "
            return bad(f"{place}Data types don't match. Expected type: {NAMES[KINDS[dtype]]}, Actual type: {NAMES[kind]}")
        return lists_of([feature_in(r, key) for r in read], dtype, wrong)
    dense = [_dense([feature_in(r, key) for r in read], key, default, shape, _dtype_of(default), batch, prefix)
             for key, default, shape in zip(dense_keys, defaults, as_shapes(dense_shapes), strict=True)]
    thin = [sparse(lists(k, t), t, batch) for k, t in zip(sparse_keys, as_types(sparse_types), strict=True)]
    values, splits = [], []
    for key, dtype, kind in zip(ragged_keys, as_types(ragged_types), as_types(split_types), strict=True):
        rows = lists(key, dtype)
        values.append(joined(rows, dtype))
        splits.append(splits_of([len(r) for r in rows], kind) if batch else np.zeros(0, kind.np))
    return (*(x[0] for x in thin), *(x[1] for x in thin), *(x[2] for x in thin), *dense, *values, *splits)


def _dtype_of(default: Any) -> dtypes.DType:
    return dtypes.from_numpy(array_of(default).dtype)


@op("ParseExampleV2", "serialized: string, names: string, sparse_keys: string, dense_keys: string, ragged_keys: string, "
    "dense_defaults: Tdense -> sparse_indices: num_sparse * int64, sparse_values: sparse_types, "
    "sparse_shapes: num_sparse * int64, dense_values: Tdense, ragged_values: ragged_value_types, "
    "ragged_row_splits: ragged_split_types",
    attrs="Tdense: list(type); num_sparse: int; sparse_types: list(type); ragged_value_types: list(type); "
    "ragged_split_types: list(type); dense_shapes: list(shape)", host=True, dynamic=True, infer=_parsed_shapes)
def parse_example_v2(xp: Any, serialized: Any, names: Any, sparse_keys: Any, dense_keys: Any, ragged_keys: Any,
                     *dense_defaults: Any, num_sparse: int = 0, sparse_types: Any = (), ragged_value_types: Any = (),
                     ragged_split_types: Any = (), dense_shapes: Any = ()) -> Any:
    return parse(serialized, names, keys_of(sparse_keys), keys_of(dense_keys), keys_of(ragged_keys), dense_defaults,
                 sparse_types, dense_shapes, ragged_value_types, ragged_split_types)


def _single_shapes(call: Any) -> list[Any]:
    attrs = call.attrs
    return flat_shapes(TensorShape([]), [x.dtype for x in call.inputs[1:]], attrs.get("sparse_types"), (), (),
                    attrs.get("dense_shapes"))


@op("ParseSingleExample", "serialized: string, dense_defaults: Tdense -> sparse_indices: num_sparse * int64, "
    "sparse_values: sparse_types, sparse_shapes: num_sparse * int64, dense_values: Tdense",
    attrs="num_sparse: int; sparse_keys: list(string); dense_keys: list(string); sparse_types: list(type); "
    "Tdense: list(type); dense_shapes: list(shape)", host=True, dynamic=True, infer=_single_shapes)
def parse_single_example(xp: Any, serialized: Any, *dense_defaults: Any, num_sparse: int = 0, sparse_keys: Any = (),
                         dense_keys: Any = (), sparse_types: Any = (), dense_shapes: Any = ()) -> Any:
    keys = [[k.encode() if isinstance(k, str) else k for k in names] for names in (sparse_keys, dense_keys)]
    return parse(serialized, np.empty(0, object), keys[0], keys[1], [], dense_defaults, sparse_types, dense_shapes, (), ())


@op("DecodeJSONExample", "json_examples: string -> binary_examples: string", host=True, infer=unchanged)
def decode_json(xp: Any, json_examples: Any) -> Any:
    return each(example_of_json, json_examples)


for _entry in (parse_example_v2, parse_single_example, decode_json):
    _entry.not_differentiable()
