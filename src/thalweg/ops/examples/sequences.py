"""The entry that parses sequences of features: ParseSequenceExampleV2."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ...formats.example_reading import Feature, sequence
from ...formats.message import DecodeError
from ..layout import bad
from ..text.values import array_of
from .columns import as_shapes, as_types, feature_in, joined, keys_of, lists_of, shape_text, sparse, splits_of

_INPUTS = 9
"""The inputs before the defaults."""


def _shapes(call: Any) -> list[Any]:
    return flat_sequence_shapes(call.inputs[0].shape, [x.dtype for x in call.inputs[_INPUTS:]], call.attrs)


def flat_sequence_shapes(serialized: TensorShape, dense: list[dtypes.DType], attrs: dict[str, Any]) -> list[Any]:
    """Shape and dtype of each output of ParseSequenceExampleV2, given the dtypes of the dense features.

    Raises:
      ValueError: neither one sequence nor a vector of them.
    """
    if serialized.rank is not None and serialized.rank > 1:
        raise ValueError(f"Shape must be at most rank 1 but is rank {serialized.rank}")
    rank = serialized.rank
    splits = TensorShape(None) if rank is None else TensorShape([]) if rank == 0 else \
        TensorShape([None if serialized[0] is None else serialized[0] + 1])

    def thin(types: Any, more: int) -> list[Any]:
        width = None if rank is None else rank + more
        kinds = as_types(types)
        return [*[(TensorShape([None, width]), dtypes.int64)] * len(kinds), *[(unknown_shape(1), t) for t in kinds],
                *[(TensorShape([width]), dtypes.int64)] * len(kinds)]

    def under(shape: TensorShape) -> TensorShape:
        return serialized.concatenate(shape) if rank is not None else TensorShape(None)
    steps = as_types(attrs.get("feature_list_dense_types"))
    return [
        *thin(attrs.get("context_sparse_types"), 1),
        *[(under(s), t) for s, t in zip(as_shapes(attrs.get("context_dense_shapes")), dense, strict=True)],
        *[(unknown_shape(1), t) for t in as_types(attrs.get("context_ragged_value_types"))],
        *[(splits, t) for t in as_types(attrs.get("context_ragged_split_types"))],
        *thin(attrs.get("feature_list_sparse_types"), 2),
        *[(under(TensorShape([None]).concatenate(s)), t)
          for s, t in zip(as_shapes(attrs.get("feature_list_dense_shapes")), steps, strict=True)],
        *[(serialized, dtypes.int64)] * len(steps),
        *[(unknown_shape(1), t) for t in as_types(attrs.get("feature_list_ragged_value_types"))],
        *[(splits, t) for t in as_types(attrs.get("feature_list_ragged_split_types"))],
        *[(unknown_shape(1), t) for t in as_types(attrs.get("feature_list_ragged_split_types"))]]


class _Sequences:
    """Parsed sequences, and the arrays that are made of them."""

    def __init__(self, serialized: Any, names: Any, wanted: set[bytes], wanted_lists: set[bytes]) -> None:
        if serialized.ndim > 1:
            raise bad(f"Expected serialized to be a scalar or vector, got shape: {shape_text(TensorShape(serialized.shape))}")
        if names.size and names.shape != serialized.shape:
            raise bad(f"Expected names have the same shape as serialized: name.shape={list(names.shape)}, "
                      f"serialized.shape={list(serialized.shape)}")
        self.batch = serialized.ndim == 1
        self.names = [n.decode() for n in names.reshape(-1).tolist()] or ["<unknown>"] * serialized.size
        self.contexts: list[dict[bytes, Feature]] = []
        self.lists: list[dict[bytes, list[Feature]]] = []
        for i, data in enumerate(serialized.reshape(-1).tolist()):
            try:
                context, lists = sequence(data, wanted, wanted_lists)
            except DecodeError:
                raise bad(f"Invalid protocol message input, example id: {self.names[i]}") from None
            self.contexts.append(context)
            self.lists.append(lists)

    def context(self, key: bytes, dtype: dtypes.DType) -> list[Any]:
        """The values of a feature of each sequence."""
        def wrong(i: int, kind: int) -> Exception:
            return bad(f"Name: {self.names[i]}, Context feature: {key.decode()}.  Data types don't match. Expected type: "
                       f"{dtypes.type_name(dtype)}")
        return lists_of([feature_in(c, key) for c in self.contexts], dtype, wrong)

    def dense(self, key: bytes, default: Any, shape: TensorShape) -> Any:
        """A feature of the same shape in every sequence."""
        default = array_of(default)
        dtype = dtypes.from_numpy(default.dtype)
        count = shape.num_elements() or 0
        spare = default.reshape(-1).tolist()
        rows = [values if len(values) else spare for values in self.context(key, dtype)]
        for row in rows or [spare]:  # no sequences must not lack a default either
            if len(row) != count:
                raise bad(f"Inconsistent max number of elements for feature {key.decode()}: expected {count}, but found "
                          f"{len(row)}")
        out = joined(rows, dtype).reshape(len(rows), *shape.as_list())
        return out if self.batch else out.reshape(shape.as_list())

    def steps(self, key: bytes, dtype: dtypes.DType) -> list[list[Any]]:
        """The values of each step of each sequence."""
        out = []
        for n, lists in enumerate(self.lists):
            def wrong(i: int, kind: int, n: int = n) -> Exception:
                return bad(f"Name: {self.names[n]}, Feature list: {key.decode()}, Index: {i}.  Data types don't match. "
                           f"Expected type: {dtypes.type_name(dtype)}")
            out.append(lists_of(lists.get(key, []), dtype, wrong))
        return out

    def thin_steps(self, key: bytes, dtype: dtypes.DType) -> tuple[Any, Any, Any]:
        """Indices, values and shape of the sparse tensor of a feature of the steps."""
        rows = self.steps(key, dtype)
        flat = [values for steps in rows for values in steps]
        indices, values, shape = sparse(flat, dtype, True)
        longest = max([len(steps) for steps in rows], default=0)
        if not self.batch:
            return indices, values, np.array([longest, shape[1]], np.int64)
        counts = np.array([len(steps) for steps in rows], np.int64)
        owner = np.repeat(np.arange(len(rows)), counts)
        first = np.cumsum(counts) - counts
        place = indices[:, 0]
        where = np.stack([owner[place], place - first[owner[place]], indices[:, 1]], 1)
        return where, values, np.array([len(rows), longest, shape[1]], np.int64)

    def dense_steps(self, key: bytes, dtype: dtypes.DType, shape: TensorShape, may_miss: bool) -> tuple[Any, Any]:
        """A feature of the same shape in every step, filled up with zeros where there are fewer; the numbers of steps."""
        if not may_miss:
            for i, lists in enumerate(self.lists):
                if key not in lists:
                    raise bad(f"Name: {self.names[i]}, Feature list '{key.decode()}' is required but could not be found.  "
                              "Did you mean to include it in feature_list_dense_missing_assumed_empty or "
                              "feature_list_dense_defaults?")
        rows = self.steps(key, dtype)
        count = shape.num_elements() or 0
        for i, steps in enumerate(rows):
            for k, values in enumerate(steps):
                if len(values) != count:
                    raise bad(f"Name: {self.names[i]}, Key: {key.decode()}, Index: {k}.  Number of values != expected.  "
                              f"values size: {len(values)} but output shape: {shape_text(shape)}")
        lengths = np.array([len(steps) for steps in rows], np.int64)
        out = np.empty((len(rows), lengths.max(initial=0), *shape.as_list()), dtype.np)
        out[:] = b"" if dtype is dtypes.string else 0
        for row, steps in zip(out, rows, strict=True):
            row[:len(steps)] = joined(steps, dtype).reshape(len(steps), *shape.as_list())
        return (out, lengths) if self.batch else (out[0], lengths.reshape(()))

    def ragged_steps(self, key: bytes, dtype: dtypes.DType, kind: dtypes.DType) -> tuple[Any, Any, Any]:
        """Values, where the sequences are cut off, and where their steps are."""
        rows = self.steps(key, dtype)
        outer = splits_of([len(steps) for steps in rows], kind) if self.batch else np.zeros((), kind.np)
        flat = [values for steps in rows for values in steps]
        return joined(flat, dtype), outer, splits_of([len(v) for v in flat], kind)


@op("ParseSequenceExampleV2", "serialized: string, debug_name: string, context_sparse_keys: string, "
    "context_dense_keys: string, context_ragged_keys: string, feature_list_sparse_keys: string, "
    "feature_list_dense_keys: string, feature_list_ragged_keys: string, feature_list_dense_missing_assumed_empty: bool, "
    "context_dense_defaults: Tcontext_dense -> context_sparse_indices: Ncontext_sparse * int64, "
    "context_sparse_values: context_sparse_types, context_sparse_shapes: Ncontext_sparse * int64, "
    "context_dense_values: Tcontext_dense, context_ragged_values: context_ragged_value_types, "
    "context_ragged_row_splits: context_ragged_split_types, feature_list_sparse_indices: Nfeature_list_sparse * int64, "
    "feature_list_sparse_values: feature_list_sparse_types, feature_list_sparse_shapes: Nfeature_list_sparse * int64, "
    "feature_list_dense_values: feature_list_dense_types, feature_list_dense_lengths: Nfeature_list_dense * int64, "
    "feature_list_ragged_values: feature_list_ragged_value_types, "
    "feature_list_ragged_outer_splits: feature_list_ragged_split_types, "
    "feature_list_ragged_inner_splits: feature_list_ragged_split_types",
    attrs="Ncontext_sparse: int = 0; Tcontext_dense: list(type) = []; context_sparse_types: list(type) = []; "
    "context_ragged_value_types: list(type) = []; context_ragged_split_types: list(type) = []; "
    "context_dense_shapes: list(shape) = []; Nfeature_list_sparse: int = 0; Nfeature_list_dense: int = 0; "
    "feature_list_dense_types: list(type) = []; feature_list_sparse_types: list(type) = []; "
    "feature_list_ragged_value_types: list(type) = []; feature_list_ragged_split_types: list(type) = []; "
    "feature_list_dense_shapes: list(shape) = []", host=True, dynamic=True, infer=_shapes)
def parse_sequence_example_v2(
        xp: Any, serialized: Any, debug_name: Any, context_sparse_keys: Any, context_dense_keys: Any, context_ragged_keys: Any,
        feature_list_sparse_keys: Any, feature_list_dense_keys: Any, feature_list_ragged_keys: Any,
        feature_list_dense_missing_assumed_empty: Any, *defaults: Any, Ncontext_sparse: int = 0, context_sparse_types: Any = (),
        context_ragged_value_types: Any = (), context_ragged_split_types: Any = (), context_dense_shapes: Any = (),
        Nfeature_list_sparse: int = 0, Nfeature_list_dense: int = 0, feature_list_dense_types: Any = (),
        feature_list_sparse_types: Any = (), feature_list_ragged_value_types: Any = (),
        feature_list_ragged_split_types: Any = (), feature_list_dense_shapes: Any = ()) -> Any:
    thin, dense, ragged = keys_of(context_sparse_keys), keys_of(context_dense_keys), keys_of(context_ragged_keys)
    thin_l, dense_l, ragged_l = (keys_of(feature_list_sparse_keys), keys_of(feature_list_dense_keys),
                                 keys_of(feature_list_ragged_keys))
    found = _Sequences(array_of(serialized), array_of(debug_name), {*thin, *dense, *ragged}, {*thin_l, *dense_l, *ragged_l})
    sparse_out = [sparse(found.context(k, t), t, found.batch)
                  for k, t in zip(thin, as_types(context_sparse_types), strict=True)]
    values, splits = [], []
    kinds = as_types(context_ragged_split_types)
    for key, dtype, kind in zip(ragged, as_types(context_ragged_value_types), kinds, strict=True):
        rows = found.context(key, dtype)
        values.append(joined(rows, dtype))
        splits.append(splits_of([len(r) for r in rows], kind) if found.batch else np.zeros((), kind.np))
    fixed = [found.dense(k, d, s) for k, d, s in zip(dense, defaults, as_shapes(context_dense_shapes), strict=True)]
    steps = [found.thin_steps(k, t) for k, t in zip(thin_l, as_types(feature_list_sparse_types), strict=True)]
    missing = np.asarray(feature_list_dense_missing_assumed_empty).reshape(-1).tolist()
    fixed_steps = [found.dense_steps(k, t, s, m) for k, t, s, m in zip(
        dense_l, as_types(feature_list_dense_types), as_shapes(feature_list_dense_shapes), missing, strict=True)]
    ragged_steps = [found.ragged_steps(k, t, s) for k, t, s in zip(
        ragged_l, as_types(feature_list_ragged_value_types), as_types(feature_list_ragged_split_types), strict=True)]
    return (*(x[0] for x in sparse_out), *(x[1] for x in sparse_out), *(x[2] for x in sparse_out), *fixed, *values, *splits,
            *(x[0] for x in steps), *(x[1] for x in steps), *(x[2] for x in steps),
            *(x[0] for x in fixed_steps), *(x[1] for x in fixed_steps),
            *(x[0] for x in ragged_steps), *(x[1] for x in ragged_steps), *(x[2] for x in ragged_steps))


parse_sequence_example_v2.not_differentiable()
