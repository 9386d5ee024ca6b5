"""Sobol's sequence: points that fill a cube evenly."""
from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape
from .common import static_value

_BITS = 31
MOST_DIMENSIONS = 1111
"""For so many dimensions the table has initial direction numbers."""


@cache
def _directions() -> Any:
    """The direction numbers, shape `[dimensions, 31]`, by the initial ones of Joe and Kuo ("Constructing Sobol sequences
    with better two-dimensional projections", 2008) and the recurrence that a primitive polynomial gives each dimension."""
    with np.load(Path(__file__).with_name("sobol_directions.npz")) as table:
        polynomials, initial = table["polynomials"].astype(np.int64), table["initial"].astype(np.uint32)
    out = np.zeros((MOST_DIMENSIONS, _BITS), np.uint32)
    out[0] = np.uint32(1) << np.arange(31, 31 - _BITS, -1, dtype=np.uint32)
    degrees = np.floor(np.log2(polynomials)).astype(int)
    for s in range(1, int(degrees.max()) + 1):
        of_degree = np.flatnonzero(degrees == s)
        v = np.zeros((len(of_degree), _BITS), np.uint32)
        v[:, :s] = initial[of_degree, :s] << np.arange(31, 31 - s, -1, dtype=np.uint32)
        for k in range(s, _BITS):
            v[:, k] = v[:, k - s] ^ (v[:, k - s] >> np.uint32(s))
            for j in range(1, s):
                v[:, k] ^= np.where(polynomials[of_degree] >> (s - j) & 1, v[:, k - j], np.uint32(0))
        out[of_degree + 1] = v
    return out


def _shape(op: Any) -> Any:
    dim, count, _ = (None if x.value is None else int(x.value) for x in op.inputs)
    return [(TensorShape([count, dim]), dtypes.as_dtype(op.attrs.get("dtype", dtypes.float32)))]


@op("SobolSample", "dim: int32 static, num_results: int32 static, skip: int32 static -> samples: dtype",
    attrs="dtype: {float, double} = float", infer=_shape)
def sobol_sample_(xp: Any, dim: Any, num_results: Any, skip: Any, dtype: dtypes.DType = dtypes.float32) -> Any:
    count, results, first = int(dim), int(num_results), int(skip)
    for value, word, least in ((count, "dim", 1), (results, "num_results", 1)):
        if value < least:
            raise errors.InvalidArgumentError(f"{word} must be at least one")
    if count > MOST_DIMENSIONS:
        raise errors.InvalidArgumentError(f"dim must be at most {MOST_DIMENSIONS}")
    if first < 0:
        raise errors.InvalidArgumentError("skip must be non-negative")
    if results + first >= 2**31 - 1:
        raise errors.InvalidArgumentError("num_results+skip must be less than 2147483647")
    # Points in the order of Gray's code differ from one another by one direction number.
    index = np.arange(first + 1, first + 1 + results, dtype=np.int64)
    gray = index ^ (index >> 1)
    points = np.zeros((results, count), np.uint32)
    directions = _directions()[:count]
    for k in range(int(gray.max()).bit_length()):
        points ^= np.where((gray >> k & 1)[:, None] == 1, directions[:, k], np.uint32(0))
    return xp.asarray((points * 2.0**-32).astype(dtype.np))


sobol_sample_.not_differentiable()


def sobol_sample(dim: Any, num_results: Any, skip: Any = 0, dtype: Any = dtypes.float32, name: str | None = None) -> Any:
    """Points of Sobol's sequence, without the first, which is zero.

    Args:
      dim: how many dimensions, up to 1111.
      num_results: how many points.
      skip: how many to leave out before.
      dtype: float32 or float64.
      name: of the node.

    Returns:
      Shape `[num_results, dim]`, values in [0, 1).

    Raises:
      InvalidArgumentError: no dimensions or points, or too many.
    """
    def number(value: Any) -> Any:
        tensor = convert_to_tensor(value, dtypes.int32)
        known = static_value(tensor)
        return tensor if known is None else int(known)
    return apply(sobol_sample_, (number(dim), number(num_results), number(skip)), {"dtype": dtypes.as_dtype(dtype)}, name)
