"""Draws that take a variable number of words of a Philox stream, which NumPy alone makes, categories and permutations.

Every output of a rejection method has a stretch of the stream to itself, so that the outputs can be computed together:
the methods run in lockstep on all outputs that have not accepted yet. Words are used in TensorFlow's order.
"""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

import numpy as np

from .philox import Array, blocks_at, normal_doubles, unit_doubles, words

RESERVED = 256  # blocks between the stretches of two outputs


class _Streams:
    """One stretch of a stream for each *lane*; the lanes move on independently."""

    def __init__(self, key: Array, counter: Array, starts: Array) -> None:
        self._key, self._counter = key, counter
        self._next = starts.astype(np.uint64)

    def blocks(self, lanes: Array) -> Array:
        """Takes the next block of each of `lanes`: uint32 `[len(lanes), 4]`."""
        index = self._next[lanes]
        self._next[lanes] = index + np.uint64(1)
        return blocks_at(np, self._key, self._counter, index)


class _Source:
    """Numbers of one kind from streams: two to a block, of which the second is used first."""

    def __init__(self, streams: _Streams, make: Any, lanes: int) -> None:
        self._streams, self._make = streams, make
        self._values = np.empty((lanes, 2))
        self._left = np.zeros(lanes, np.int8)

    def next(self, lanes: Array) -> Array:
        """Returns the next number of each of `lanes` (float64)."""
        empty = lanes[self._left[lanes] == 0]
        if len(empty):
            self._values[empty] = self._make(np, self._streams.blocks(empty).reshape(-1)).reshape(-1, 2)
            self._left[empty] = 2
        self._left[lanes] -= 1
        return self._values[lanes, self._left[lanes]]


def _lanes(parameter: Array, count: int) -> Array:
    """Returns one parameter (float64) for each lane: all `count` samples of the first one come first."""
    return np.repeat(parameter.reshape(-1).astype(np.float64), count)


def _arranged(values: Array, parameter: Array, count: int, dtype: Any) -> Array:
    """Returns the lanes' values as `[count, len(parameter)]`, converted as C does."""
    return values.reshape(parameter.size, count).T.astype(dtype)


def gamma(key: Array, counter: Array, count: int, alpha: Array) -> Array:
    """Returns `count` gamma variates for each of the flat `alpha`, as `[count, len(alpha)]` of its dtype.

    Method: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000); shapes below one
    are raised by one and the result is multiplied with a power of a uniform.
    """
    shape = _lanes(alpha, count)
    streams = _Streams(key, counter, np.arange(len(shape)) * RESERVED)
    uniforms = _Source(streams, unit_doubles, len(shape))
    normals = _Source(streams, normal_doubles, len(shape))
    out = np.zeros(len(shape))
    exponential = shape == 1
    unit = np.flatnonzero(exponential)
    if len(unit):
        out[unit] = -np.log1p(-uniforms.next(unit))
    small = shape < 1
    d = shape + np.where(small, 2.0 / 3, -1.0 / 3)
    c = 1.0 / 3 / np.sqrt(d)
    active = np.flatnonzero(~exponential)
    while len(active):
        x = normals.next(active)
        v = 1 + c[active] * x
        tried = v > 0
        lanes, x, v = active[tried], x[tried], v[tried] ** 3
        u = uniforms.next(lanes)
        x2 = x * x
        accepted = (u < 1 - 0.0331 * x2 * x2) | (np.log(u) < 0.5 * x2 + d[lanes] * (1 - v + np.log(v)))
        done = lanes[accepted]
        out[done] = d[done] * v[accepted]
        raised = done[small[done]]
        if len(raised):
            out[raised] *= uniforms.next(raised) ** (1 / shape[raised])
        active = np.setdiff1d(active, done, assume_unique=True)
    return _arranged(out, alpha, count, alpha.dtype)


def poisson(key: Array, counter: Array, count: int, rate: Array, dtype: Any) -> Array:
    """Returns `count` Poisson variates for each of the flat `rate`, as `[count, len(rate)]` of `dtype`.

    Methods: products of uniforms for rates below ten (Knuth, "The art of computer programming", volume 2), transformed
    rejection above (Hormann, "The transformed rejection method for generating Poisson random variables", 1993).
    """
    mean = _lanes(rate, count)
    uniforms = _Source(_Streams(key, counter, np.arange(len(mean)) * RESERVED), unit_doubles, len(mean))
    dtype = np.dtype(dtype)
    largest = float(np.finfo(dtype).max) if dtype.kind == "f" else float(np.iinfo(dtype).max)
    out = np.zeros(len(mean))
    active = np.flatnonzero(mean < 10)
    limit, product = np.exp(-mean), np.ones(len(mean))
    while len(active):
        product[active] *= uniforms.next(active)
        active = active[product[active] > limit[active]]
        out[active] += 1
    out[mean == np.inf] = np.inf if dtype.kind == "f" else 0
    active = np.flatnonzero((mean >= 10) & np.isfinite(mean))
    b = 0.931 + 2.53 * np.sqrt(np.abs(mean))
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    while len(active):
        u, v = uniforms.next(active) - 0.5, uniforms.next(active)
        aa, bb, mu = a[active], b[active], mean[active]
        us = 0.5 - np.abs(u)
        k = np.floor((2 * aa / us + bb) * u + mu + 0.43)
        inside = (us >= 0.07) & (v <= 0.9277 - 3.6224 / (bb - 2))
        outside = (k < 0) | ((us < 0.013) & (v > us))
        left = np.log(v * inverse_alpha[active] / (aa / (us * us) + bb))
        accepted = (k <= largest) & (inside | (~outside & (left <= k * np.log(mu) - mu - _log_factorial(k))))
        out[active[accepted]] = k[accepted]
        active = active[~accepted]
    return _arranged(out, rate, count, dtype)


_LOG_FACTORIALS = np.array([math.lgamma(k + 1) for k in range(16)])


def _log_factorial(k: Array) -> Array:
    """Returns `log(k!)` for whole numbers (float64): a table, then Stirling's series."""
    x = np.maximum(k, 15.0) + 1
    r = 1 / (x * x)
    series = (x - 0.5) * np.log(x) - x + 0.5 * math.log(2 * math.pi)
    series += (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r / 1680))) / x
    return np.where(k < 16, _LOG_FACTORIALS[np.clip(k, 0, 15).astype(np.int64)], series)


def binomial(key: Array, counter: Array, count: int, counts: Array, probs: Array, dtype: Any) -> Array:
    """Returns `count` binomial variates for each pair of the flat `counts` and `probs`, as `[count, pairs]` of `dtype`.

    Methods: sums of geometric variates where the mean is below ten, else transformed rejection (Hormann, "The
    generation of binomial random variates", 1993). For probabilities above one half, the failures are counted.
    """
    kind = probs.dtype.type
    flipped = probs > kind(0.5)
    q = np.where(flipped, kind(1) - probs, probs)
    many = np.repeat(counts * q >= kind(10), count)
    n, p, flip, prob = _lanes(counts, count), _lanes(q, count), np.repeat(flipped, count), _lanes(probs, count)
    lane = np.arange(len(n))
    # TensorFlow reserves a shorter stretch where it sums
    streams = _Streams(key, counter, lane * np.where(many, RESERVED, 42))
    uniforms = _Source(streams, unit_doubles, len(n))
    out = np.zeros(len(n))
    drawn = (n > 0) & (n < np.inf) & (prob > 0) & (prob < 1)
    active = np.flatnonzero(drawn & ~many)
    total = np.zeros(len(n))
    while len(active):
        total[active] += np.ceil(np.log(uniforms.next(active)) / np.log1p(-p[active]))
        active = active[total[active] <= n[active]]
        out[active] += 1
    active = np.flatnonzero(drawn & many)
    if len(active):
        _reject_binomial(uniforms, out, active, n, p)
    out = np.where(drawn & flip, n - out, out)
    out = np.where((n > 0) & ((prob >= 1) | ((n == np.inf) & (prob > 0))), n, out)
    out = np.where((n > 0) & np.isnan(prob), np.nan, out)
    return _arranged(out, counts, count, dtype)


def _reject_binomial(uniforms: _Source, out: Array, active: Array, n: Array, p: Array) -> None:
    deviation = np.sqrt(n * p * (1 - p))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * p
    alpha = (2.83 + 5.1 / b) * deviation
    r = p / (1 - p)
    m = np.floor((n + 1) * p)
    while len(active):
        u, v = uniforms.next(active) - 0.5, uniforms.next(active)
        aa, bb, rr, mm, nn = a[active], b[active], r[active], m[active], n[active]
        us = 0.5 - np.abs(u)
        k = np.floor((2 * aa / us + bb) * u + nn * p[active] + 0.5)
        inside = (us >= 0.07) & (v <= 0.92 - 4.2 / bb)
        bound = (
            (mm + 0.5) * np.log((mm + 1) / (rr * (nn - mm + 1)))
            + (nn + 1) * np.log((nn - mm + 1) / (nn - k + 1))
            + (k + 0.5) * np.log(rr * (nn - k + 1) / (k + 1))
            + _stirling_tail(mm)
            + _stirling_tail(nn - mm)
            - _stirling_tail(k)
            - _stirling_tail(nn - k)
        )
        left = np.log(v * alpha[active] / (aa / (us * us) + bb))
        accepted = inside | ((k >= 0) & (k <= nn) & (left <= bound))
        out[active[accepted]] = k[accepted]
        active = active[~accepted]


def _tail(k: int) -> float:
    """The error of Stirling's formula for `log(k!)`, in its shifted form."""
    return math.lgamma(k + 1) - ((k + 0.5) * math.log(k + 1) - (k + 1) + 0.5 * math.log(2 * math.pi))


_TAILS = np.array([_tail(k) for k in range(10)])


def _stirling_tail(k: Array) -> Array:
    square = (np.maximum(k, 0) + 1) ** 2
    series = (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (np.maximum(k, 0) + 1)
    return np.where(k <= 9, _TAILS[np.clip(k, 0, 9).astype(np.int64)], series)


def categorical(xp: ModuleType, key: Array, counter: Array, logits: Array, count: int, dtype: Any) -> Array:
    """Returns `count` classes for each row of unnormalised log probabilities `[batch, classes]`, as `[batch, count]`.

    Each is the inverse of the cumulative sum at a uniform (float64). Classes whose logit is not finite never come up.
    """
    batch, classes = logits.shape
    wide = logits.astype(np.float64)
    finite = xp.isfinite(wide)
    largest = xp.where(finite, wide, -np.inf).max(axis=1, keepdims=True)
    cumulative = xp.cumsum(xp.where(finite, xp.exp(wide - largest), 0.0), axis=1)
    drawn = unit_doubles(xp, words(xp, key, counter, 2 * batch * count))[: batch * count].reshape(batch, count)
    drawn = drawn * cumulative[:, -1:]
    if xp is not np:
        return (cumulative[:, None, :] <= drawn[:, :, None]).sum(axis=2, dtype=dtype)
    if batch <= classes:
        found = [np.searchsorted(cumulative[i], drawn[i], side="right") for i in range(batch)]
        return np.array(found, dtype).reshape(batch, count)
    out = np.zeros((batch, count), dtype)
    for i in range(classes):
        out += cumulative[:, i : i + 1] <= drawn
    return out


def permutation(key: Array, counter: Array, size: int) -> Array:
    """Returns a random order of `size` things (int64), by the shuffle of Fisher and Yates from the front."""
    order = list(range(size))
    if size > 1:
        offsets = words(np, key, counter, size - 1)[: size - 1] % np.arange(size, 1, -1, dtype=np.uint32)
        for i, offset in enumerate(offsets.tolist()):
            j = i + offset
            order[i], order[j] = order[j], order[i]
    return np.array(order, np.int64)


def traced_permutation(key: Array, counter: Array, size: int) -> Array:
    """`permutation` in a compiled program, for traced keys and counters."""
    from jax import lax
    from jax import numpy as xp
    order = xp.arange(size, dtype=np.int64)
    if size < 2:
        return order
    offsets = words(xp, key, counter, size - 1)[: size - 1] % np.arange(size, 1, -1, dtype=np.uint32)

    def swap(i: Any, order: Any) -> Any:
        j = i + offsets[i].astype(np.int64)
        return order.at[xp.stack([i, j])].set(order[xp.stack([j, i])])
    return lax.fori_loop(np.int64(0), np.int64(size - 1), swap, order)


def index_shuffle(index: Array, seed: tuple[int, int, int], largest: int, rounds: int) -> Array:
    """Returns the places of `index` (uint64 `[n]`) in a pseudorandom permutation of 0 ... `largest`.

    A block cipher of the Simon family (Beaulieu et al., 2013) of the smallest suitable even width permutes a range that
    covers the indices; results outside are encrypted again until they fall inside (Black and Rogaway, 2002).
    """
    if largest == 0:
        return np.zeros_like(index)
    width = math.ceil(math.log2(largest))
    half = max(width + width % 2, 16) // 2
    keys = _round_keys(seed, half, rounds)
    out = index.astype(np.uint64)
    active = np.arange(len(out))
    while len(active):
        out[active] = _encrypt(out[active], keys, half)
        active = active[out[active] > np.uint64(largest)]
    return out


def _rotate(x: Any, by: int, width: int) -> Any:
    """Rotates words of `width` bits to the left; `x` is an integer or a uint64 array."""
    if isinstance(x, int):
        return (x << by | x >> (width - by)) & (1 << width) - 1
    return (x << np.uint64(by) | x >> np.uint64(width - by)) & np.uint64((1 << width) - 1)


def _round_keys(seed: tuple[int, int, int], width: int, rounds: int) -> list[int]:
    mask = (1 << width) - 1
    sequence = 0x7369F885192C0EF5 & mask
    keys = [k & mask for k in seed]
    for i in range(3, rounds):
        mixed = _rotate(keys[i - 1], width - 3, width) ^ _rotate(keys[i - 1], width - 4, width)
        keys.append((0xFFFFFFFC & mask) ^ (sequence & 1) ^ keys[i - 3] ^ mixed)
        sequence >>= 1
    return keys


def _encrypt(value: Array, keys: list[int], width: int) -> Array:
    mask = np.uint64((1 << width) - 1)
    left, right = value >> np.uint64(width) & mask, value & mask
    for key in keys:
        mixed = _rotate(right, 1, width) & _rotate(right, 8, width) ^ _rotate(right, 2, width)
        left, right = right, left ^ mixed ^ np.uint64(key)
    return left << np.uint64(width) | right
