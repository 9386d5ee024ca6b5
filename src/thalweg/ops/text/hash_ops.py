"""Strings as numbers of buckets, and fingerprints of any tensor's rows."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import OpDef, op
from ...core.shape import TensorShape
from ...core.tensor import Tensor
from ..common import unchanged
from ..layout import bad
from .hashing import farm_hash, hash_all, murmur_hash, sip_hash
from .values import array_of, as_strings, check_minimum, flat_values_too, name_for, one


def _buckets(function: Callable[..., Any], x: Any, count: int) -> Any:
    x = array_of(x)
    hashes = hash_all(function, x.reshape(-1).tolist())
    return (hashes % np.uint64(count)).astype(np.int64).reshape(x.shape)


def _bucket_op(type: str, argument: str, function: Callable[..., Any]) -> OpDef:
    @op(type, f"{argument}: string -> output: int64", attrs="num_buckets: int", infer=unchanged, host=True)
    def entry(xp: Any, x: Any, num_buckets: int = 1) -> Any:
        return _buckets(function, x, num_buckets)
    return entry.not_differentiable()


string_to_hash_bucket = _bucket_op("StringToHashBucket", "string_tensor", murmur_hash)
string_to_hash_bucket_fast = _bucket_op("StringToHashBucketFast", "input", farm_hash)


@op("StringToHashBucketStrong", "input: string -> output: int64", attrs="num_buckets: int; key: list(int)",
    infer=unchanged, host=True)
def string_to_hash_bucket_strong(xp: Any, x: Any, num_buckets: int = 1, key: Any = ()) -> Any:
    if len(key) != 2:
        raise bad("Key must have 2 elements")
    return _buckets(sip_hash(*key), x, num_buckets)


def _fingerprint_shape(op: Any) -> TensorShape:
    data = op.inputs[0].shape
    if data.rank == 0:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    rows = None if data.rank is None else data[0]
    return TensorShape([rows, 8])


@op("Fingerprint", "data: T, method: string -> fingerprint: uint8", attrs="T: type", infer=_fingerprint_shape, host=True)
def fingerprint_(xp: Any, data: Any, method: Any) -> Any:
    data = array_of(data)
    if not data.ndim:
        raise bad("`data` should have at least one dimension: []")
    word = one(method)
    if word != b"farmhash64":
        raise bad(f"Unsupported fingerprint method: {word.decode('utf-8', 'replace')}")
    if data.dtype.kind == "O":
        cells = hash_all(farm_hash, data.reshape(-1).tolist())
        if data.size == len(data):  # one string a row
            return cells.astype("<u8").view(np.uint8).reshape(len(data), 8)
        data = cells.astype("<u8").reshape(data.shape)
    data = np.ascontiguousarray(data)
    width = data.dtype.itemsize * int(np.prod(data.shape[1:]))
    raw = data.tobytes()
    rows = [raw[i * width:(i + 1) * width] for i in range(len(data))]
    return hash_all(farm_hash, rows).astype("<u8").view(np.uint8).reshape(len(data), 8)


for _entry in (string_to_hash_bucket_strong, fingerprint_):
    _entry.not_differentiable()


# The public functions.


@flat_values_too
def to_hash_bucket(input: Any, num_buckets: int, name: str | None = None) -> Any:
    """An int64 number in `[0, num_buckets)` for each string, by an old hash function.

    Raises:
      InvalidArgumentError: fewer than one bucket (in a graph ValueError).
    """
    attrs = {"num_buckets": check_minimum(string_to_hash_bucket, "num_buckets", num_buckets, 1)}
    return apply(string_to_hash_bucket, (as_strings(input),), attrs, name_for(name, input))


def to_hash_bucket_v1(string_tensor: Any = None, num_buckets: Any = None, name: str | None = None,
                      input: Any = None) -> Any:
    """`to_hash_bucket` with TensorFlow 1's names of arguments."""
    return to_hash_bucket(string_tensor if input is None else input, num_buckets, name)


@flat_values_too
def to_hash_bucket_fast(input: Any, num_buckets: int, name: str | None = None) -> Any:
    """An int64 number in `[0, num_buckets)` for each string, by a fast hash function (FarmHash's fingerprint).

    Raises:
      InvalidArgumentError: fewer than one bucket (in a graph ValueError).
    """
    attrs = {"num_buckets": check_minimum(string_to_hash_bucket_fast, "num_buckets", num_buckets, 1)}
    return apply(string_to_hash_bucket_fast, (as_strings(input),), attrs, name_for(name, input))


@flat_values_too
def to_hash_bucket_strong(input: Any, num_buckets: int, key: Any, name: str | None = None) -> Any:
    """An int64 number in `[0, num_buckets)` for each string, by a hash function with a key (SipHash), so that nobody
    who does not know the key can choose strings that fall into one bucket.

    Args:
      key: a list of two integers.

    Raises:
      InvalidArgumentError: fewer than one bucket (in a graph ValueError), another number of integers.
    """
    if not isinstance(key, (list, tuple)):
        raise TypeError(f"Expected list for 'key' argument to 'string_to_hash_bucket_strong' Op, not {key!r}.")
    attrs = {"num_buckets": check_minimum(string_to_hash_bucket_strong, "num_buckets", num_buckets, 1),
             "key": [int(k) for k in key]}
    return apply(string_to_hash_bucket_strong, (as_strings(input),), attrs, name_for(name, input))


def fingerprint(data: Any, method: Any = "farmhash64", name: str | None = None) -> Any:
    """Eight bytes (uint8, shape `[n, 8]`) for each of the `n` rows of a tensor, which tell rows apart.

    Args:
      method: "farmhash64".

    Raises:
      InvalidArgumentError: another method, or a scalar.
    """
    word = method if isinstance(method, Tensor) else as_strings(method)
    return apply(fingerprint_, (convert_to_tensor(data), word), {}, name_for(name, method) if ctx.graph is None else name)


