"""Hash functions of strings: FarmHash's 64-bit fingerprint, MurmurHash64A and SipHash-2-4.

Strings of one length take the same steps, so that each function is written once for Python integers (one string) and
for arrays of uint64 (many strings of one length).

Sources: G. Pike, FarmHash (farmhashna, 2014); A. Appleby, MurmurHash2 (2008); J.-P. Aumasson and D. J. Bernstein,
SipHash: a fast short-input PRF (2012).
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

_MASK = 0xFFFFFFFFFFFFFFFF
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F
_MANY = 8
"""From this many strings of one length on, arrays are faster than integers."""

Word = Any
"""A Python integer below 2**64, or an array of uint64."""
Fetch = Callable[[int, int], Word]
"""`fetch(offset, size)`: that many bytes as a little-endian number."""


def hash_all(function: Callable[[Fetch, int], Word], strings: Sequence[bytes]) -> np.ndarray[Any, Any]:
    """The uint64 hashes of strings, by a function of one length."""
    out = np.empty(len(strings), np.uint64)
    by_length: dict[int, list[int]] = {}
    for i, s in enumerate(strings):
        by_length.setdefault(len(s), []).append(i)
    for size, places in by_length.items():
        if len(places) < _MANY or not size:
            for i in places:
                out[i] = function(_fetch_one(strings[i]), size)
        else:
            rows = np.frombuffer(b"".join([strings[i] for i in places]), np.uint8).reshape(len(places), size)
            out[places] = function(_fetch_many(rows), size)
    return out


def _fetch_one(s: bytes) -> Fetch:
    return lambda offset, size: int.from_bytes(s[offset:offset + size], "little")


def _fetch_many(rows: np.ndarray[Any, Any]) -> Fetch:
    def fetch(offset: int, size: int) -> Word:
        whole = np.zeros((len(rows), 8), np.uint8)
        whole[:, :size] = rows[:, offset:offset + size]
        return whole.view("<u8")[:, 0].astype(np.uint64)
    return fetch


def _rotate(v: Word, count: int) -> Word:
    """To the right."""
    return (v >> count) | ((v << (64 - count)) & _MASK)


def _left(v: Word, count: int) -> Word:
    return _rotate(v, 64 - count)


def _mix(v: Word) -> Word:
    return v ^ (v >> 47)


def _hash_16(u: Word, v: Word, mul: Word) -> Word:
    a = _mix(((u ^ v) * mul) & _MASK)
    b = _mix(((v ^ a) * mul) & _MASK)
    return (b * mul) & _MASK


def farm_hash(fetch: Fetch, size: int) -> Word:
    """FarmHash's fingerprint of strings of one length."""
    if size <= 16:
        return _farm_16(fetch, size)
    if size <= 32:
        return _farm_32(fetch, size)
    if size <= 64:
        return _farm_64(fetch, size)
    return _farm_long(fetch, size)


def _farm_16(fetch: Fetch, size: int) -> Word:
    mul = (_K2 + size * 2) & _MASK
    if size >= 8:
        a = (fetch(0, 8) + _K2) & _MASK
        b = fetch(size - 8, 8)
        c = (_rotate(b, 37) * mul + a) & _MASK
        d = ((_rotate(a, 25) + b) * mul) & _MASK
        return _hash_16(c, d, mul)
    if size >= 4:
        return _hash_16(size + (fetch(0, 4) << 3), fetch(size - 4, 4), mul)
    if size:
        y = fetch(0, 1) + (fetch(size >> 1, 1) << 8)
        z = size + (fetch(size - 1, 1) << 2)
        return (_mix(((y * _K2) & _MASK) ^ ((z * _K0) & _MASK)) * _K2) & _MASK
    return _K2


def _farm_32(fetch: Fetch, size: int) -> Word:
    mul = (_K2 + size * 2) & _MASK
    a = (fetch(0, 8) * _K1) & _MASK
    b = fetch(8, 8)
    c = (fetch(size - 8, 8) * mul) & _MASK
    d = (fetch(size - 16, 8) * _K2) & _MASK
    return _hash_16((_rotate((a + b) & _MASK, 43) + _rotate(c, 30) + d) & _MASK,
                    (a + _rotate((b + _K2) & _MASK, 18) + c) & _MASK, mul)


def _farm_64(fetch: Fetch, size: int) -> Word:
    mul = (_K2 + size * 2) & _MASK
    a = (fetch(0, 8) * _K2) & _MASK
    b = fetch(8, 8)
    c = (fetch(size - 8, 8) * mul) & _MASK
    d = (fetch(size - 16, 8) * _K2) & _MASK
    y = (_rotate((a + b) & _MASK, 43) + _rotate(c, 30) + d) & _MASK
    z = _hash_16(y, (a + _rotate((b + _K2) & _MASK, 18) + c) & _MASK, mul)
    e = (fetch(16, 8) * mul) & _MASK
    f = fetch(24, 8)
    g = ((y + fetch(size - 32, 8)) * mul) & _MASK
    h = ((z + fetch(size - 24, 8)) * mul) & _MASK
    return _hash_16((_rotate((e + f) & _MASK, 43) + _rotate(g, 30) + h) & _MASK,
                    (e + _rotate((f + a) & _MASK, 18) + g) & _MASK, mul)


def _weak(fetch: Fetch, offset: int, a: Word, b: Word) -> tuple[Word, Word]:
    """32 bytes and two seeds as two words."""
    w, x, y, z = (fetch(offset + 8 * i, 8) for i in range(4))
    a = (a + w) & _MASK
    b = _rotate((b + a + z) & _MASK, 21)
    c = a
    a = (a + x + y) & _MASK
    b = (b + _rotate(a, 44)) & _MASK
    return (a + z) & _MASK, (b + c) & _MASK


def _farm_long(fetch: Fetch, size: int) -> Word:
    """56 bytes of state, mixed with 64 bytes at a time."""
    seed = 81
    x: Word = (seed * _K2) & _MASK
    y: Word = (seed * _K1 + 113) & _MASK
    z: Word = (_mix((y * _K2 + 113) & _MASK) * _K2) & _MASK
    v: tuple[Word, Word] = (0, 0)
    w: tuple[Word, Word] = (0, 0)
    x = (x + fetch(0, 8)) & _MASK
    end = (size - 1) // 64 * 64
    for at in range(0, end, 64):
        x = (_rotate((x + y + v[0] + fetch(at + 8, 8)) & _MASK, 37) * _K1) & _MASK
        y = (_rotate((y + v[1] + fetch(at + 48, 8)) & _MASK, 42) * _K1) & _MASK
        x = x ^ w[1]
        y = (y + v[0] + fetch(at + 40, 8)) & _MASK
        z = (_rotate((z + w[0]) & _MASK, 33) * _K1) & _MASK
        v = _weak(fetch, at, (v[1] * _K1) & _MASK, (x + w[0]) & _MASK)
        w = _weak(fetch, at + 32, (z + w[1]) & _MASK, (y + fetch(at + 16, 8)) & _MASK)
        z, x = x, z
    mul = (_K1 + ((z & 0xFF) << 1)) & _MASK
    at = size - 64
    w = ((w[0] + ((size - 1) & 63)) & _MASK, w[1])
    v = ((v[0] + w[0]) & _MASK, v[1])
    w = ((w[0] + v[0]) & _MASK, w[1])
    x = (_rotate((x + y + v[0] + fetch(at + 8, 8)) & _MASK, 37) * mul) & _MASK
    y = (_rotate((y + v[1] + fetch(at + 48, 8)) & _MASK, 42) * mul) & _MASK
    x = x ^ ((w[1] * 9) & _MASK)
    y = (y + v[0] * 9 + fetch(at + 40, 8)) & _MASK
    z = (_rotate((z + w[0]) & _MASK, 33) * mul) & _MASK
    v = _weak(fetch, at, (v[1] * mul) & _MASK, (x + w[0]) & _MASK)
    w = _weak(fetch, at + 32, (z + w[1]) & _MASK, (y + fetch(at + 16, 8)) & _MASK)
    z, x = x, z
    return _hash_16((_hash_16(v[0], w[0], mul) + _mix(y) * _K0 + z) & _MASK,
                    (_hash_16(v[1], w[1], mul) + x) & _MASK, mul)


def murmur_hash(fetch: Fetch, size: int) -> Word:
    """MurmurHash64A of strings of one length, with the seed that TensorFlow gives it."""
    m = 0xC6A4A7935BD1E995
    h: Word = 0xDECAFCAFFE ^ ((size * m) & _MASK)
    whole = size // 8 * 8
    for at in range(0, whole, 8):
        k = (fetch(at, 8) * m) & _MASK
        k = ((k ^ (k >> 47)) * m) & _MASK
        h = ((h ^ k) * m) & _MASK
    if size > whole:
        h = ((h ^ fetch(whole, size - whole)) * m) & _MASK
    h = ((h ^ (h >> 47)) * m) & _MASK
    return h ^ (h >> 47)


def sip_hash(k0: int, k1: int) -> Callable[[Fetch, int], Word]:
    """SipHash-2-4 with a key of two words."""
    return partial(_sip_hash, k0 & _MASK, k1 & _MASK)


def _sip_hash(k0: int, k1: int, fetch: Fetch, size: int) -> Word:
    state: Sequence[Word] = (0x736F6D6570736575 ^ k0, 0x646F72616E646F6D ^ k1, 0x6C7967656E657261 ^ k0,
                             0x7465646279746573 ^ k1)
    whole = size // 8 * 8
    for at in range(0, whole + 8, 8):
        word = fetch(at, 8) if at < whole else (fetch(at, size - at) if size > at else 0) | ((size & 0xFF) << 56)
        v0, v1, v2, v3 = state
        v0, v1, v2, v3 = _sip_round(*_sip_round(v0, v1, v2, v3 ^ word))
        state = (v0 ^ word, v1, v2, v3)
    v0, v1, v2, v3 = state
    state = (v0, v1, v2 ^ 0xFF, v3)
    for _ in range(4):
        state = _sip_round(*state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _sip_round(v0: Word, v1: Word, v2: Word, v3: Word) -> tuple[Word, Word, Word, Word]:
    v0 = (v0 + v1) & _MASK
    v1 = _left(v1, 13) ^ v0
    v0 = _left(v0, 32)
    v2 = (v2 + v3) & _MASK
    v3 = _left(v3, 16) ^ v2
    v0 = (v0 + v3) & _MASK
    v3 = _left(v3, 21) ^ v0
    v2 = (v2 + v1) & _MASK
    v1 = _left(v1, 17) ^ v2
    return v0, v1, _left(v2, 32), v3
