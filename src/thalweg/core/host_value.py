"""Objects of the host as values of tensors: what is behind a resource, or in a variant."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import dtypes


class HostValue:
    """What such an object has, so that it stands as the value of a scalar tensor, where arrays stand for others.

    A subclass says which dtype its tensor has: `resource` or `variant`.
    """

    __slots__ = ()
    tensor_dtype: dtypes.DType
    dtype: np.dtype[Any] = np.dtype(object)
    shape: tuple[int, ...] = ()
    ndim = 0

    @property
    def size(self) -> int:
        """How much it holds: one thing, unless it says otherwise."""
        return 1
