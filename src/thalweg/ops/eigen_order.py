"""The order in which the QR algorithm finds the eigenvalues of a real matrix.

LAPACK balances a matrix first and so finds them in another order than TensorFlow, which does not; the values agree.
"""
from __future__ import annotations

from math import copysign, sqrt
from typing import Any

import numpy as np

LARGEST = 64
"""Larger matrices keep LAPACK's order: the steps below are taken in Python."""


def in_order(a: Any, values: Any, vectors: Any = None) -> tuple[Any, Any]:
    """Eigenvalues, and their vectors, in TensorFlow's order: that of the QR algorithm, or by size if `a` is complex."""
    n = a.shape[-1]
    if a.dtype.kind == "c":
        order = np.argsort(np.abs(values), -1, kind="stable")
    elif 2 < n <= LARGEST and np.isfinite(a).all():
        flat, found = a.reshape(-1, n, n), values.reshape(-1, n)
        order = np.stack([_match(_qr_order(m), v) for m, v in zip(flat, found, strict=True)]).reshape(values.shape) \
            if len(flat) else np.zeros(values.shape, int)
    else:
        return values, vectors
    values = np.take_along_axis(values, order, -1)
    return values, None if vectors is None else np.take_along_axis(vectors, order[..., None, :], -1)


def _match(wanted: list[complex], values: Any) -> Any:
    """Which of the values is nearest to each wanted one, every value once."""
    left = list(range(len(values)))
    order = []
    for w in wanted:
        best = min(left, key=lambda i: abs(values[i] - w))
        left.remove(best)
        order.append(best)
    return np.array(order)


def _reflector(x: Any) -> tuple[Any, float]:
    """The Householder vector `v` and factor `t` with which `x - t v (v x)` is a multiple of the first unit vector."""
    v = np.array(x)
    length = float(np.linalg.norm(v))
    if length == 0.0 or not v[1:].any():
        return v, 0.0
    v[0] += copysign(length, v[0])
    return v, 2.0 / float(v @ v)


def _reflect_rows(m: Any, v: Any, t: float) -> None:
    m -= t * v[:, None] * (v @ m)


def _reflect_columns(m: Any, v: Any, t: float) -> None:
    m -= t * (m @ v)[:, None] * v


def _hessenberg(a: Any) -> Any:
    h = a / max(float(np.abs(a).max()), 1e-30)
    for k in range(len(h) - 2):
        v, t = _reflector(h[k + 1:, k])
        if t:
            _reflect_rows(h[k + 1:, k:], v, t)
            _reflect_columns(h[:, k + 1:], v, t)
        h[k + 2:, k] = 0.0
    return h


def _qr_order(a: Any) -> list[complex]:
    """The eigenvalues of a real matrix by Francis' double steps, from the top of its Schur form to the bottom."""
    scale = max(float(np.abs(a).max()), 1e-30)
    h = _hessenberg(a)
    n = len(h)
    found: list[complex] = [0j] * n
    high, steps, offset = n - 1, 0, 0.0
    while high >= 0:
        low = _split(h, high)
        if low == high:
            found[high] = complex(h[high, high] + offset)
            high, steps = high - 1, 0
        elif low == high - 1:
            found[low], found[high] = _pair(h, low, offset)
            high, steps = high - 2, 0
        else:
            steps += 1
            if steps > 40 * n:
                break
            offset = _double_step(h, low, high, steps, offset)
    return [scale * f for f in found]


def _split(h: Any, high: int) -> int:
    """The first row of the last block that does not fall apart."""
    while high > 0:
        size = abs(h[high - 1, high - 1]) + abs(h[high, high])
        if abs(h[high, high - 1]) <= np.finfo(h.dtype).eps * (size or 1.0):
            break
        high -= 1
    return high


def _pair(h: Any, low: int, offset: float) -> tuple[complex, complex]:
    """The two eigenvalues of a block of size 2."""
    a, d = h[low, low] + offset, h[low + 1, low + 1] + offset
    p = 0.5 * (a - d)
    q = p * p + h[low + 1, low] * h[low, low + 1]
    z = sqrt(abs(q))
    if q < 0:
        return complex(d + p, z), complex(d + p, -z)
    # The rotation that makes the block triangular puts the eigenvalue farther from d first.
    far = p + copysign(z, p)
    return complex(d + far), complex(d - h[low + 1, low] * h[low, low + 1] / far if far else d)


def _double_step(h: Any, low: int, high: int, steps: int, offset: float) -> float:
    """One implicit double shift step on the rows `low` to `high`; returns what was taken off the diagonal so far."""
    x, y = float(h[high, high]), float(h[high - 1, high - 1])
    w = float(h[high, high - 1] * h[high - 1, high])
    if steps in (10, 30):
        # An unusual shift where the usual one does not converge.
        offset += x
        h[np.arange(high + 1), np.arange(high + 1)] -= x
        s = abs(h[high, high - 1]) + abs(h[high - 1, high - 2])
        x = y = 0.75 * s
        w = -0.4375 * s * s
    for m in range(high - 2, low - 1, -1):
        r, s = x - h[m, m], y - h[m, m]
        v = np.array([(r * s - w) / h[m + 1, m] + h[m, m + 1], h[m + 1, m + 1] - h[m, m] - r - s, h[m + 2, m + 1]], h.dtype)
        if m == low:
            break
        left = h[m, m - 1] * (abs(v[1]) + abs(v[2]))
        right = v[0] * (abs(h[m - 1, m - 1]) + abs(h[m, m]) + abs(h[m + 1, m + 1]))
        if abs(left) < np.finfo(h.dtype).eps * abs(right):
            break
    for k in range(m, high):
        size = min(3, high - k + 1)
        if k > m:
            v = h[k:k + size, k - 1].copy()
        u, t = _reflector(v[:size])
        if not t:
            continue
        _reflect_rows(h[k:k + size, max(k - 1, 0):], u, t)
        _reflect_columns(h[:min(high, k + 3) + 1, k:k + size], u, t)
        if k > m:
            h[k + 1:k + size, k - 1] = 0.0
    for k in range(m + 2, high + 1):
        h[k, k - 2] = 0.0
        if k > m + 2:
            h[k, k - 3] = 0.0
    return offset
