"""The counter-based random number generator Philox 4x32-10, and the draws that need a fixed number of its words.

Philox turns a 64-bit key and a 128-bit counter into a *block* of four 32-bit words; block `i` of a stream comes from
the counter plus `i`, so any part of a stream can be computed at any time and in any order (Salmon, Moraes, Dror and
Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).

Every function takes `xp` (`numpy`, or `jax.numpy` with traced keys and counters) and gives the same bits with either.
A key is an array of one uint64 and a counter an array of two, least significant first; where 64-bit types do not exist
they may be given as two and four uint32 words instead. The order in which words become numbers is TensorFlow's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import ml_dtypes
import numpy as np

Array = Any
Shape = Sequence[int]

_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10
_LOW = 0xFFFFFFFF
_FACTORS = np.array(_MULTIPLIERS, np.uint64).reshape(2, 1)
_KEY_STEPS = np.multiply.outer(np.arange(_ROUNDS, dtype=np.uint64), np.array(_WEYL, np.uint64)).reshape(_ROUNDS, 2, 1)
_SCRAMBLE_KEY = 0x02461E293EC8F720

_CHUNK = 8192  # blocks computed at a time: the intermediate arrays stay in the processor's cache
_FEW = 10  # up to so many blocks plain integers beat arrays

TRUNCATED_BLOCKS = 64  # blocks that the truncated normal reserves for each of its outputs


# ---- blocks ----------------------------------------------------------------------------------------------------------


def block(key: int, counter: int) -> tuple[int, int, int, int]:
    """Returns the four words of one block; `key` has 64 bits and `counter` 128, as Python integers."""
    key0, key1 = key & _LOW, key >> 32 & _LOW
    a, b, c, d = counter & _LOW, counter >> 32 & _LOW, counter >> 64 & _LOW, counter >> 96 & _LOW
    mul0, mul1 = _MULTIPLIERS
    for _ in range(_ROUNDS):
        p, q = a * mul0, c * mul1
        a, b, c, d = q >> 32 ^ b ^ key0, q & _LOW, p >> 32 ^ d ^ key1, p & _LOW
        key0, key1 = key0 + _WEYL[0] & _LOW, key1 + _WEYL[1] & _LOW
    return a, b, c, d


def scramble_seed(seed0: int, seed1: int) -> tuple[int, int]:
    """Returns the key and the counter (integers) that a stateless op derives from its two seeds."""
    mask = (1 << 64) - 1
    a, b, c, d = block(_SCRAMBLE_KEY, (seed0 & mask) | (seed1 & mask) << 64)
    return a | b << 32, c << 64 | d << 96


def scramble(xp: ModuleType, seed: Array) -> tuple[Array, Array]:
    """Returns the key (uint64, `[1]`) and counter (uint64, `[2]`) that a stateless op derives from its seed `[2]`."""
    if xp is np:
        key, counter = scramble_seed(int(seed[0]), int(seed[1]))
        return np.array([key], np.uint64), _counter_array(counter)
    words = blocks_at(xp, xp.asarray([_SCRAMBLE_KEY], np.uint64), seed.astype(np.uint64), xp.zeros(1, np.uint32))[0]
    zeros = xp.zeros(2, np.uint32)
    return words[:2].view(np.uint64), xp.concatenate([zeros, words[2:]]).view(np.uint64)


def blocks(xp: ModuleType, key: Array, counter: Array, count: int) -> Array:
    """Returns the first `count` blocks of a stream as uint32 `[count, 4]`."""
    if xp is not np:
        return blocks_at(xp, key, counter, xp.arange(count, dtype=np.uint32))
    start, wide_key = _counter_int(counter), _key_int(key)
    if count <= _FEW:
        return np.array([block(wide_key, start + i) for i in range(count)], np.uint32).reshape(count, 4)
    out = np.empty((count, 4), np.uint32)
    for first in range(0, count, _CHUNK):
        stop = min(first + _CHUNK, count)
        _rounds(wide_key, start, np.arange(first, stop, dtype=np.uint64), out[first:stop])
    return out


def blocks_at(xp: ModuleType, key: Array, counter: Array, index: Array, stride: int = 1, run: int = 1) -> Array:
    """Returns `run` blocks from block number `index * stride` of a stream on, for each index, as uint32 `[n * run, 4]`.

    `index` is an unsigned array `[n]` (uint32 under `jax.numpy`); `stride` is a power of two and at least `run`.
    """
    shift = stride.bit_length() - 1
    if xp is np:
        out = np.empty((len(index) * run, 4), np.uint32)
        start, wide_key = _counter_int(counter), _key_int(key)
        offset = np.add.outer(index.astype(np.uint64) << np.uint64(shift), np.arange(run, dtype=np.uint64)).reshape(-1)
        for first in range(0, len(offset), _CHUNK):
            _rounds(wide_key, start, offset[first : first + _CHUNK], out[first : first + _CHUNK])
        return out
    low = ((index << shift)[:, None] | xp.arange(run, dtype=np.uint32)).reshape(-1)
    high = xp.repeat(index >> (32 - shift), run) if shift else xp.zeros_like(low)
    multiply = _multiply if key.dtype == np.uint32 else _multiply_wide
    return xp.stack(_words_at(_words_of(key), _words_of(counter), low, high, multiply), axis=-1)


def words(xp: ModuleType, key: Array, counter: Array, count: int) -> Array:
    """Returns the first words of a stream, `count` of them rounded up to whole blocks, as a flat uint32 array."""
    return blocks(xp, key, counter, -(-count // 4)).reshape(-1)


def skipped(counter: Array, delta: int) -> Array:
    """Returns a counter (NumPy, uint64 `[2]`) moved on by `delta` blocks."""
    return _counter_array(_counter_int(counter) + delta)


def _rounds(key: int, counter: int, offset: Array, out: Array) -> None:
    """Writes the blocks of `counter + offset` (uint64 `[n]`) to `out`, with 64-bit products of 32-bit words."""
    mask, half = np.uint64(_LOW), np.uint64(32)
    low = offset + np.uint64(counter & (1 << 64) - 1)
    high = (low < offset) + np.uint64(counter >> 64 & (1 << 64) - 1)
    even, odd = np.stack([low & mask, high & mask]), np.stack([low >> half, high >> half])
    keys = (np.array([[key & _LOW], [key >> 32]], np.uint64) + _KEY_STEPS) & mask
    for i in range(_ROUNDS):
        product = (even * _FACTORS)[::-1]
        even = product >> half
        even ^= odd
        even ^= keys[i]
        odd = np.bitwise_and(product, mask, out=product)
    out[:, ::2], out[:, 1::2] = even.T, odd.T


def _words_at(key: Array, counter: Array, low: Array, high: Array, multiply: Any) -> tuple[Array, ...]:
    """Returns the four words of the blocks of `counter` plus a 64-bit offset, by arithmetic on uint32 arrays."""
    a = counter[:1] + low
    carry = (a < low).astype(np.uint32)
    b = counter[1:2] + high
    over = b < high
    b = b + carry
    carry = (over | ((carry == 1) & (b == 0))).astype(np.uint32)
    c = counter[2:3] + carry
    d = counter[3:] + ((carry == 1) & (c == 0)).astype(np.uint32)
    key0, key1 = key[:1], key[1:]
    for _ in range(_ROUNDS):
        low_a, high_a = multiply(a, _MULTIPLIERS[0])
        low_c, high_c = multiply(c, _MULTIPLIERS[1])
        a, b, c, d = high_c ^ b ^ key0, low_c, high_a ^ d ^ key1, low_a
        key0, key1 = key0 + np.uint32(_WEYL[0]), key1 + np.uint32(_WEYL[1])
    return a, b, c, d


def _multiply_wide(a: Array, b: int) -> tuple[Array, Array]:
    """Returns the low and the high word of a 32-bit product."""
    product = a.astype(np.uint64) * np.uint64(b)
    return product.astype(np.uint32), (product >> np.uint64(32)).astype(np.uint32)


def _multiply(a: Array, b: int) -> tuple[Array, Array]:
    """Returns the low and the high word of a 32-bit product, without 64-bit types: by 16-bit limbs."""
    b_low, b_high = np.uint32(b & 0xFFFF), np.uint32(b >> 16)
    a_low, a_high = a & np.uint32(0xFFFF), a >> 16
    cross = a_high * b_low + (a_low * b_low >> 16)
    middle = a_low * b_high + (cross & np.uint32(0xFFFF))
    return a * np.uint32(b), a_high * b_high + (cross >> 16) + (middle >> 16)


def _words_of(x: Array) -> Array:
    return x if x.dtype == np.uint32 else x.view(np.uint32)


def _key_int(key: Array) -> int:
    return int(key[0]) if key.dtype != np.uint32 else int(key[0]) | int(key[1]) << 32


def _counter_int(counter: Array) -> int:
    bits = 32 if counter.dtype == np.uint32 else 64
    return sum(int(word) << bits * i for i, word in enumerate(counter[: 128 // bits]))


def _counter_array(counter: int) -> Array:
    mask = (1 << 64) - 1
    return np.array([counter & mask, counter >> 64 & mask], np.uint64)


# ---- words to numbers ------------------------------------------------------------------------------------------------


def unit_floats(xp: ModuleType, bits: Array) -> Array:
    """Returns one float32 in `[0, 1)` for each uint32 of `bits`: its low 23 bits are the fraction."""
    return ((bits & np.uint32(0x7FFFFF)) | np.uint32(0x3F800000)).view(np.float32) - np.float32(1)


def unit_doubles(xp: ModuleType, bits: Array) -> Array:
    """Returns one float64 in `[0, 1)` for each two words: 20 bits of the first and the whole second one."""
    pairs = bits.reshape(-1, 2)
    upper = (pairs[:, :1] & np.uint32(0xFFFFF)) | np.uint32(0x3FF00000)
    return xp.concatenate([pairs[:, 1:], upper], axis=1).view(np.float64).reshape(-1) - 1.0


def _unit_halves(xp: ModuleType, bits: Array, fraction: int, exponent: int, dtype: Any) -> Array:
    raw = (bits & np.uint32((1 << fraction) - 1)) | np.uint32(exponent << fraction)
    return raw.astype(np.uint16).view(dtype) - dtype(1)


def uniform(xp: ModuleType, key: Array, counter: Array, shape: Shape, dtype: Any) -> Array:
    """Returns floats in `[0, 1)` of `shape`; `dtype` is float16, bfloat16, float32 or float64."""
    size, dtype = math.prod(shape), np.dtype(dtype)
    if dtype == np.float64:
        values = unit_doubles(xp, words(xp, key, counter, 2 * size))
    else:
        bits = words(xp, key, counter, size)
        if dtype == np.float32:
            values = unit_floats(xp, bits)
        elif dtype == np.float16:
            values = _unit_halves(xp, bits, 10, 15, np.float16)
        else:
            values = _unit_halves(xp, bits, 7, 127, ml_dtypes.bfloat16)
    return values[:size].reshape(shape)


def full_int(xp: ModuleType, key: Array, counter: Array, shape: Shape, dtype: Any) -> Array:
    """Returns integers over the whole range of `dtype`: int32, uint32, int64 or uint64."""
    size, dtype = math.prod(shape), np.dtype(dtype)
    values = words(xp, key, counter, size * dtype.itemsize // 4)
    if dtype.itemsize == 8:
        values = values.reshape(-1, 2).view(dtype)
    return values.reshape(-1)[:size].view(dtype).reshape(shape)


def uniform_int(xp: ModuleType, key: Array, counter: Array, shape: Shape, low: Array, high: Array, dtype: Any) -> Array:
    """Returns integers in `[low, high)` (scalars of `dtype`, `low < high`): a full-range draw modulo the width."""
    dtype = np.dtype(dtype)
    unsigned = np.dtype(f"uint{8 * dtype.itemsize}")
    start = xp.asarray(low, dtype).astype(unsigned).reshape(1)
    width = xp.asarray(high, dtype).astype(unsigned).reshape(1) - start
    draw = full_int(xp, key, counter, shape, unsigned)
    return (draw.reshape(-1) % width + start).astype(dtype).reshape(shape)


def normal_floats(xp: ModuleType, bits: Array) -> Array:
    """Returns as many float32 standard normals as there are words, two from each two (Box and Muller, 1958).

    With NumPy the elementary functions are computed in float64 and rounded, which gives the C library's float32 values
    but for one in a hundred that differ in the last bit.
    """
    wide = np.float64 if xp is np else np.float32
    pairs = bits.reshape(-1, 2)
    logs = xp.log(xp.maximum(unit_floats(xp, pairs[:, 0]), np.float32(1e-7)).astype(wide)).astype(np.float32)
    radius = xp.sqrt(np.float32(-2) * logs)
    angle = (unit_floats(xp, pairs[:, 1]) * np.float64(2 * math.pi)).astype(np.float32).astype(wide)
    values = [f(angle).astype(np.float32) * radius for f in (xp.sin, xp.cos)]
    return xp.stack(values, axis=-1).reshape(-1)


def normal_doubles(xp: ModuleType, bits: Array) -> Array:
    """Returns two float64 standard normals from each four words."""
    pairs = unit_doubles(xp, bits).reshape(-1, 2)
    radius = xp.sqrt(-2.0 * xp.log(xp.maximum(pairs[:, 0], 1e-7)))
    angle = 2 * math.pi * pairs[:, 1]
    return xp.stack([xp.sin(angle) * radius, xp.cos(angle) * radius], axis=-1).reshape(-1)


def normal(xp: ModuleType, key: Array, counter: Array, shape: Shape, dtype: Any) -> Array:
    """Returns standard normals of `shape`; half types are rounded from float32."""
    size, dtype = math.prod(shape), np.dtype(dtype)
    if dtype == np.float64:
        values = normal_doubles(xp, words(xp, key, counter, 2 * size))
    else:
        values = normal_floats(xp, words(xp, key, counter, size)).astype(dtype)
    return values[:size].reshape(shape)


def truncated_normal(xp: ModuleType, key: Array, counter: Array, shape: Shape, dtype: Any) -> Array:
    """Returns standard normals of `shape` of which those beyond two standard deviations were drawn again.

    The outputs of a *group*, as many as one block yields, share a stretch of the stream: the group takes the first
    normals of its stretch that are small enough.
    """
    size, dtype = math.prod(shape), np.dtype(dtype)
    make, per_block = (normal_doubles, 2) if dtype == np.float64 else (normal_floats, 4)
    count, stride = -(-size // per_block), per_block * TRUNCATED_BLOCKS
    # one block mostly suffices; four do so but for one group in 10**14
    tries = 1 if xp is np else 4
    values = _first_small(xp, make, key, counter, xp.arange(count, dtype=np.uint32), stride, tries, per_block)
    if xp is np:
        index = np.arange(count, dtype=np.uint64)
        while len(unfilled := np.flatnonzero(np.isnan(values[index, -1]))):
            index, tries = index[unfilled], tries * 4
            values[index] = _first_small(xp, make, key, counter, index, stride, tries, per_block)
    return values.reshape(-1)[:size].astype(dtype, copy=False).reshape(shape)


def _first_small(
    xp: ModuleType, make: Any, key: Array, counter: Array, index: Array, stride: int, tries: int, per_block: int
) -> Array:
    """Returns the first `per_block` small normals of each group, among those of its `tries` first blocks.

    The result is `[n, per_block]`. With NumPy, a group that has too few of them ends with a NaN.
    """
    bits = blocks_at(xp, key, counter, index, stride, tries)
    drawn = make(xp, bits.reshape(-1)).reshape(-1, tries * per_block)
    good = abs(drawn) < 2
    if tries > 1:
        rank = xp.cumsum(good, axis=1, dtype=np.int32)
        first = [xp.where(good & (rank == i + 1), drawn, 0).sum(axis=1) for i in range(per_block)]
        drawn, good = xp.stack(first, axis=1), rank[:, -1:] >= per_block
    if xp is np:
        drawn[~good.all(axis=1), -1] = np.nan
    return drawn

