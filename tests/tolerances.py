"""How close results must be, stated once: (relative, absolute as a share of the largest value) by dtype."""
from __future__ import annotations

from typing import Any

import numpy as np

TOLERANCES = {"float16": (1e-2, 1e-2), "bfloat16": (2e-2, 2e-2), "float32": (1e-4, 1e-5), "float64": (1e-8, 1e-9),
              "complex64": (1e-4, 1e-5), "complex128": (1e-8, 1e-9)}


def difference(got: np.ndarray[Any, Any], expected: np.ndarray[Any, Any],
               tol: tuple[float, float] | None = None) -> str:
    """Nothing when `got` has the dtype, shape and values of `expected`, else what differs."""
    if got.dtype != expected.dtype:
        return f"dtype {got.dtype}, expected {expected.dtype}"
    if got.shape != expected.shape:
        return f"shape {got.shape}, expected {expected.shape}"
    name = expected.dtype.name
    if name not in TOLERANCES:
        same = got == expected
        return "" if np.all(same) else f"{got.tolist()}, expected {expected.tolist()}"
    rtol, atol = tol or TOLERANCES[name]
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    g, e = got.astype(wide), expected.astype(wide)
    finite = np.isfinite(e)
    scale = max(1.0, float(np.max(np.abs(e[finite])))) if finite.any() else 1.0
    close = np.isclose(g, e, rtol=rtol, atol=atol * scale, equal_nan=True)
    if np.all(close):
        return ""
    at = int(np.argmin(close.ravel()))
    return f"{int(np.size(close) - np.sum(close))} of {np.size(close)} differ, at {at}: {g.ravel()[at]}, " \
        f"expected {e.ravel()[at]}"
