"""Earlier forms of the entries that parse: ParseExample, ParseSequenceExample, ParseSingleSequenceExample.

What they do is what the entries of today do; they take keys one by one, or as attributes.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.opdef import op
from ...core.shape import TensorShape
from ..common import shape_text
from ..layout import bad
from ..text.values import array_of
from .columns import keys_of
from .entries import flat_shapes, parse
from .sequences import flat_sequence_shapes, parse_sequence_example_v2

_NO_KEYS = np.empty(0, object)


def _key(x: Any) -> bytes:
    return keys_of(x)[0]


def _keys(names: Sequence[Any]) -> np.ndarray[Any, Any]:
    """Keys as the entries of today take them."""
    out = np.empty(len(names), object)
    out[:] = [n.encode() if isinstance(n, str) else n for n in names]
    return out


def _example_shapes(call: Any) -> list[Any]:
    serialized, attrs = call.inputs[0].shape, call.attrs
    if serialized.rank not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {serialized.rank}")
    before = 2 + attrs["Nsparse"] + attrs["Ndense"]
    return flat_shapes(serialized if serialized.rank == 1 else TensorShape([None]), [x.dtype for x in call.inputs[before:]],
                       attrs.get("sparse_types"), (), (), attrs.get("dense_shapes"))


@op("ParseExample", "serialized: string, names: string, sparse_keys: Nsparse * string, dense_keys: Ndense * string, "
    "dense_defaults: Tdense -> sparse_indices: Nsparse * int64, sparse_values: sparse_types, sparse_shapes: Nsparse * int64, "
    "dense_values: Tdense",
    attrs="Nsparse: int; Ndense: int; sparse_types: list(type); Tdense: list(type); dense_shapes: list(shape)", host=True,
    dynamic=True, infer=_example_shapes)
def parse_example(xp: Any, serialized: Any, names: Any, *more: Any, Nsparse: int = 0, Ndense: int = 0, sparse_types: Any = (),
                  dense_shapes: Any = ()) -> Any:
    if np.ndim(serialized) != 1:
        raise bad(f"Expected serialized to be a vector, got shape: {shape_text(np.shape(serialized))}")
    keys = [_key(k) for k in more[:Nsparse + Ndense]]
    return parse(serialized, names, keys[:Nsparse], keys[Nsparse:], [], more[Nsparse + Ndense:], sparse_types, dense_shapes,
                 (), ())


_SEQUENCE_OUTPUTS = ("context_sparse_indices: Ncontext_sparse * int64, context_sparse_values: context_sparse_types, "
                     "context_sparse_shapes: Ncontext_sparse * int64, context_dense_values: Tcontext_dense, "
                     "feature_list_sparse_indices: Nfeature_list_sparse * int64, "
                     "feature_list_sparse_values: feature_list_sparse_types, "
                     "feature_list_sparse_shapes: Nfeature_list_sparse * int64, "
                     "feature_list_dense_values: feature_list_dense_types")
_SEQUENCE_ATTRS = ("Ncontext_sparse: int = 0; Ncontext_dense: int = 0; Nfeature_list_sparse: int = 0; "
                   "Nfeature_list_dense: int = 0; context_sparse_types: list(type) = []; Tcontext_dense: list(type) = []; "
                   "feature_list_dense_types: list(type) = []; context_dense_shapes: list(shape) = []; "
                   "feature_list_sparse_types: list(type) = []; feature_list_dense_shapes: list(shape) = []")


def _sequences(serialized: Any, names: Any, sparse: Any, dense: Any, sparse_lists: Any, dense_lists: Any, missing: Any,
               defaults: Sequence[Any], types: dict[str, Any]) -> tuple[Any, ...]:
    """What ParseSequenceExampleV2 makes of sequences without ragged features."""
    may_miss = np.array([k in missing for k in dense_lists.tolist()], bool)
    found: tuple[Any, ...] = parse_sequence_example_v2.kernel(
        np, serialized, names, sparse, dense, _NO_KEYS, sparse_lists, dense_lists, _NO_KEYS, may_miss, *defaults, **types)
    return found


def _sequence_shapes(call: Any) -> list[Any]:
    return flat_sequence_shapes(call.inputs[0].shape, [x.dtype for x in call.inputs[2:]], call.attrs)


@op("ParseSequenceExample", "serialized: string, debug_name: string, context_dense_defaults: Tcontext_dense -> "
    f"{_SEQUENCE_OUTPUTS}, feature_list_dense_lengths: Nfeature_list_dense * int64",
    attrs="feature_list_dense_missing_assumed_empty: list(string); context_sparse_keys: list(string); "
    "context_dense_keys: list(string); feature_list_sparse_keys: list(string); feature_list_dense_keys: list(string); "
    f"{_SEQUENCE_ATTRS}", host=True, dynamic=True, infer=_sequence_shapes)
def parse_sequence_example(
        xp: Any, serialized: Any, debug_name: Any, *defaults: Any, feature_list_dense_missing_assumed_empty: Any = (),
        context_sparse_keys: Any = (), context_dense_keys: Any = (), feature_list_sparse_keys: Any = (),
        feature_list_dense_keys: Any = (), Nfeature_list_dense: int = 0, context_sparse_types: Any = (),
        feature_list_dense_types: Any = (), context_dense_shapes: Any = (), feature_list_sparse_types: Any = (),
        feature_list_dense_shapes: Any = ()) -> Any:
    return _sequences(
        serialized, debug_name, _keys(context_sparse_keys), _keys(context_dense_keys), _keys(feature_list_sparse_keys),
        _keys(feature_list_dense_keys), _keys(feature_list_dense_missing_assumed_empty).tolist(), defaults,
        {"context_sparse_types": context_sparse_types, "context_dense_shapes": context_dense_shapes,
         "feature_list_dense_types": feature_list_dense_types, "feature_list_sparse_types": feature_list_sparse_types,
         "feature_list_dense_shapes": feature_list_dense_shapes})


_COUNTS = ("Ncontext_sparse", "Ncontext_dense", "Nfeature_list_sparse", "Nfeature_list_dense")


def _single_shapes(call: Any) -> list[Any]:
    serialized, attrs = call.inputs[0].shape, call.attrs
    if serialized.rank not in (None, 0):
        raise ValueError(f"Shape must be rank 0 but is rank {serialized.rank}")
    before = 2 + sum(attrs.get(n, 0) for n in _COUNTS)
    found = flat_sequence_shapes(TensorShape([]), [x.dtype for x in call.inputs[before:-1]], attrs)
    return found[:len(found) - attrs.get("Nfeature_list_dense", 0)]


@op("ParseSingleSequenceExample", "serialized: string, feature_list_dense_missing_assumed_empty: string, "
    "context_sparse_keys: Ncontext_sparse * string, context_dense_keys: Ncontext_dense * string, "
    "feature_list_sparse_keys: Nfeature_list_sparse * string, feature_list_dense_keys: Nfeature_list_dense * string, "
    f"context_dense_defaults: Tcontext_dense, debug_name: string -> {_SEQUENCE_OUTPUTS}", attrs=_SEQUENCE_ATTRS, host=True,
    dynamic=True, infer=_single_shapes)
def parse_single_sequence_example(
        xp: Any, serialized: Any, feature_list_dense_missing_assumed_empty: Any, *more: Any, Ncontext_sparse: int = 0,
        Ncontext_dense: int = 0, Nfeature_list_sparse: int = 0, Nfeature_list_dense: int = 0, **types: Any) -> Any:
    for what, x in (("serialized", serialized), ("debug_name", more[-1])):
        if np.ndim(x):
            raise bad(f"Expected {what} to be a scalar, got shape: {shape_text(np.shape(x))}")
    keys: list[Any] = []
    at = 0
    for count in (Ncontext_sparse, Ncontext_dense, Nfeature_list_sparse, Nfeature_list_dense):
        keys.append(_keys([_key(k) for k in more[at:at + count]]))
        at += count
    defaults, dense = more[at:-1], types.get("context_dense_shapes", ())
    if len(defaults) != len(dense):
        raise bad("There must be as many defaults as shapes of dense features")
    missing = keys_of(feature_list_dense_missing_assumed_empty)
    found = _sequences(serialized, array_of(more[-1]), keys[0], keys[1], keys[2], keys[3], missing, defaults,
                       {k: v for k, v in types.items() if k != "Tcontext_dense"})
    return found[:len(found) - Nfeature_list_dense]


for _entry in (parse_example, parse_sequence_example, parse_single_sequence_example):
    _entry.not_differentiable()

