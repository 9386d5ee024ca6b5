"""Crosses of features: every combination of what several tensors hold in the same row."""
from __future__ import annotations

import functools
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ...core.tensor import Tensor
from ..common import shape_text
from ..layout import bad
from .tensor import SparseTensor

INT64 = dtypes.int64
HASH_KEY = 0xDECAFCAFFE
_MUL = 0xC6A4A7935BD1E995
_LARGEST = 2**63 - 1


def column(rows: Any, values: Any, count: int) -> tuple[Any, Any, Any]:
    """The values of one feature: where each row's begin, how many there are, and all of them.

    They are taken in turn: behind one whose row comes too late no more are found.
    """
    late = np.flatnonzero(np.diff(rows, prepend=0) < 0)
    rows = rows[:late[0]] if len(late) else rows
    sizes = np.bincount(rows, minlength=count)
    return np.cumsum(sizes) - sizes, sizes, values


def _columns(parts: tuple[Any, ...], sparse: int) -> tuple[list[tuple[Any, Any, Any]], int]:
    """The features of the flat inputs: `sparse` indices, values and shapes, and the dense tensors after them."""
    n = sparse
    indices, values, shapes, dense = parts[:n], parts[n:2 * n], parts[2 * n:3 * n], parts[3 * n:]
    for i in range(n):
        if indices[i].ndim != 2 or indices[i].shape[1] != 2:
            raise bad(f"Input indices should be a matrix of two columns but received shape {shape_text(indices[i].shape)} "
                      f"at position {i}")
        if len(values[i]) != len(indices[i]):
            raise bad(f"Expected size of values to be {len(indices[i])} got {len(values[i])} at position {i}")
        if len(shapes[i]) != 2:
            raise bad(f"Input shapes should be vectors of length 2 but received {shape_text(shapes[i])} at position {i}")
    for i, x in enumerate(dense):
        if x.ndim != 2:
            raise bad(f"Dense inputs should be a matrix but received shape {shape_text(x.shape)} at position {i}")
    count = int(shapes[0][0]) if n else len(dense[0]) if dense else 0
    for kind, sizes in (("sparse", [int(s[0]) for s in shapes]), ("dense", [len(x) for x in dense])):
        for i, size in enumerate(sizes):
            if size != count:
                raise bad(f"Expected batch size {count} got {size} at {kind} tensor {i}")
    columns = [column(indices[i][:, 0], values[i], count) for i in range(n)]
    columns += [column(np.repeat(np.arange(count), x.shape[1]), x.reshape(-1), count) for x in dense]
    return columns, count


def combined(columns: list[tuple[Any, Any, Any]], count: int) -> tuple[Any, Any, list[Any]]:
    """The indices and shape of the cross, and the values of each feature in it; the last feature changes fastest."""
    totals = np.prod([sizes for _, sizes, _ in columns], axis=0) if columns else np.zeros(count, np.int64)
    rows = np.repeat(np.arange(count), totals)
    places = np.arange(len(rows)) - np.repeat(np.cumsum(totals) - totals, totals)
    rest, chosen = places, []
    for starts, sizes, values in reversed(columns):
        width = sizes[rows]
        chosen.append(values[starts[rows] + rest % width])
        rest = rest // width
    shape = np.array([count, int(totals.max(initial=0))], np.int64)
    return np.column_stack((rows, places)).astype(np.int64), shape, chosen[::-1]


def joined(chosen: list[Any], separator: bytes) -> Any:
    texts = [x.tolist() if x.dtype.kind == "O" else [b"%d" % v for v in x.tolist()] for x in chosen]
    out = np.empty(len(texts[0]) if texts else 0, object)
    out[:] = [separator.join(row) for row in zip(*texts, strict=True)]
    return out


def hashed(chosen: list[Any], buckets: int, key: int | None, print_of: Any = None) -> Any:
    """Fingerprints of the values one after another, in buckets if there are any.

    Args:
      chosen: the values of each feature.
      buckets: how many buckets there are, at most 0 for none.
      key: what to start with; by default the fingerprint of the first feature.
      print_of: the hash function of strings.
    """
    from ..text.hashing import farm_hash, hash_all
    prints = [hash_all(print_of or farm_hash, x.tolist()) if x.dtype.kind == "O" else x.astype(np.int64).view(np.uint64)
              for x in chosen]
    if key is not None:
        prints.insert(0, np.full(len(chosen[0]) if chosen else 0, np.uint64(key & 0xFFFFFFFFFFFFFFFF)))
    out = functools.reduce(_mixed, prints) if prints else np.empty(0, np.uint64)
    return (out % np.uint64(buckets if buckets > 0 else _LARGEST)).astype(np.int64)


def _mixed(first: Any, second: Any) -> Any:
    """One fingerprint of two."""
    mul, shift = np.uint64(_MUL), np.uint64(47)
    mixed = second * mul
    out = ((first ^ mul) ^ ((mixed ^ (mixed >> shift)) * mul)) * mul
    out = (out ^ (out >> shift)) * mul
    return out ^ (out >> shift)


def _cross_shapes(dtype: Any) -> Any:
    return lambda op: [(TensorShape([None, 2]), INT64), (unknown_shape(1), dtype(op)), (TensorShape([2]), INT64)]


@op("SparseCross", "inputs: types -> output_indices: int64, output_values: out_type, output_shape: int64",
    attrs="N: int; hashed_output: bool; num_buckets: int; hash_key: int; types: list(type); out_type: {int64, string}; "
    "internal_type: {int64, string}", host=True, dynamic=True, infer=_cross_shapes(lambda op: op.attrs["out_type"]))
def sparse_cross_(xp: Any, *parts: Any, N: int = 0, hashed_output: bool = False, num_buckets: int = 0,
                  hash_key: int = HASH_KEY, out_type: Any = dtypes.string, internal_type: Any = dtypes.string) -> Any:
    indices, shape, chosen = combined(*_columns(parts, N))
    return indices, hashed(chosen, num_buckets, hash_key) if hashed_output else joined(chosen, b"_X_"), shape


@op("SparseCrossV2", "inputs: types -> output_indices: int64, output_values: string, output_shape: int64",
    attrs="N: int; sep: string; types: list(type)", host=True, dynamic=True, infer=_cross_shapes(lambda op: dtypes.string))
def sparse_cross_v2(xp: Any, *parts: Any, N: int = 0, sep: bytes = b"_X_") -> Any:
    indices, shape, chosen = combined(*_columns(parts, N))
    return indices, joined(chosen, sep), shape


@op("SparseCrossHashed", "indices: N * int64, values: sparse_types, shapes: N * int64, dense_inputs: dense_types, "
    "num_buckets: int64, strong_hash: bool, salt: int64 -> output_indices: int64, output_values: int64, output_shape: int64",
    attrs="N: int; sparse_types: list(type); dense_types: list(type)", host=True, dynamic=True,
    infer=_cross_shapes(lambda op: INT64))
def sparse_cross_hashed_(xp: Any, *parts: Any, N: int = 0, sparse_types: Any = (), dense_types: Any = ()) -> Any:
    from ..text.hashing import sip_hash
    *features, buckets, strong, salt = parts
    if np.size(salt) != 2:
        raise bad(f'Input "salt" must have length 2 but has length {np.size(salt)}')
    for what, arrays in (("sparse_types", features[N:2 * N]), ("dense_types", features[3 * N:])):
        for a in arrays:
            if a.dtype.kind != "O" and a.dtype != np.int64:
                raise bad(f"Value for attr '{what}' of {dtypes.type_name(dtypes.from_numpy(a.dtype))} is not in the list of "
                          "allowed values: int64, string")
    indices, shape, chosen = combined(*_columns(tuple(features), N))
    print_of = sip_hash(*(int(k) & 0xFFFFFFFFFFFFFFFF for k in salt)) if strong else None
    return indices, hashed(chosen, int(buckets), None, print_of), shape


sparse_cross_hashed_.not_differentiable()
sparse_cross_.not_differentiable()
sparse_cross_v2.not_differentiable()


def _prepared(inputs: Any, what: str) -> tuple[list[Any], int]:
    """The flat inputs: of the sparse tensors first the indices, then values and shapes; then the dense ones."""
    from ..casting import cast
    if not isinstance(inputs, (list, tuple)):
        raise TypeError("Inputs must be a list")
    if not all(isinstance(x, (SparseTensor, Tensor)) for x in inputs):
        raise TypeError(what)

    def plain(x: Any) -> Any:
        return x if x.dtype is dtypes.string else cast(x, INT64)
    sparse = [x for x in inputs if isinstance(x, SparseTensor)]
    dense = [plain(x) for x in inputs if not isinstance(x, SparseTensor)]
    return [*[x.indices for x in sparse], *[plain(x.values) for x in sparse], *[x.dense_shape for x in sparse], *dense], \
        len(sparse)


def cross(inputs: Any, name: str | None = None, separator: Any = None) -> SparseTensor:
    """The cross of features as strings: for each row every combination of the values that the inputs hold there.

    Args:
      inputs: a list of matrices, sparse or dense; values that are no strings are taken as integers. In the result the
        sparse ones come first.
      name: of the operation.
      separator: between the values, "_X_" if missing.

    Raises:
      TypeError: no list, or something else in it.
      InvalidArgumentError: inputs that are no matrices, or of different numbers of rows.
    """
    parts, count = _prepared(inputs, "All inputs must be Tensor or SparseTensor.")
    sep = "_X_" if separator is None else separator
    sep = sep.numpy() if hasattr(sep, "numpy") else sep
    return SparseTensor(*apply(sparse_cross_v2, parts, {"N": count, "sep": sep.encode() if isinstance(sep, str) else sep},
                               name))


def cross_hashed(inputs: Any, num_buckets: int = 0, hash_key: int | None = None, name: str | None = None) -> SparseTensor:
    """The cross of features as int64 numbers: FarmHash fingerprints of the combinations, see `cross`.

    Args:
      inputs: a list of matrices, sparse or dense.
      num_buckets: take the fingerprints modulo this number; 0 for all of int64.
      hash_key: where the hashing starts.
      name: of the operation.

    Raises:
      TypeError: no list, or something else in it.
    """
    parts, count = _prepared(inputs, "All inputs must be SparseTensors")
    text = any(convert_to_tensor(x).dtype is dtypes.string for x in parts)
    attrs = {"N": count, "hashed_output": True, "num_buckets": num_buckets,
             "hash_key": HASH_KEY if hash_key is None else hash_key,
             "out_type": INT64, "internal_type": dtypes.string if text else INT64}
    return SparseTensor(*apply(sparse_cross_, parts, attrs, name))
