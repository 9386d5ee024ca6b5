"""Choosing between two arrays by a mask, without a branch for every element."""
from __future__ import annotations

from typing import Any

import numpy as np

_FEW = 4096
_BITS = {2: np.dtype(np.int16), 4: np.dtype(np.int32), 8: np.dtype(np.int64)}


def _spread(mask: Any, *arrays: Any) -> Any:
    """The mask as integers with all bits set or none, as wide as the arrays' elements; None where that does not pay."""
    if mask.size < _FEW:
        return None
    for a in arrays:
        if a.shape != mask.shape or not a.flags.c_contiguous or a.dtype.kind not in "fiuV":
            return None
    bits = _BITS.get(arrays[0].dtype.itemsize)
    if bits is None or not mask.flags.c_contiguous:
        return None
    wide = mask.view(np.int8).astype(bits)
    return np.negative(wide, out=wide)


def choose(xp: Any, mask: Any, a: Any, b: Any) -> Any:
    """`where(mask, a, b)`. NumPy's own takes ten times as long where the mask looks random to the processor."""
    wide = _spread(mask, a, b) if xp is np else None
    if wide is None:
        return xp.where(mask, a, b)
    p, q = a.view(wide.dtype), b.view(wide.dtype)
    wide &= p ^ q
    wide ^= q
    return wide.view(a.dtype)


def keep(xp: Any, mask: Any, a: Any) -> Any:
    """`where(mask, a, 0)`."""
    wide = _spread(mask, a) if xp is np else None
    if wide is None:
        return xp.where(mask, a, 0)
    wide &= a.view(wide.dtype)
    return wide.view(a.dtype)
