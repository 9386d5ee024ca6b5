"""Sparse tensors that sessions are fed."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core.convert import convert_to_tensor
from ..core.dtypes import int64
from ..core.shape import TensorShape
from ..core.tensor import Tensor
from ..ops.sparse.tensor import SparseTensor
from .framework import placeholder, placeholder_with_default


def sparse_placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> SparseTensor:
    """A sparse tensor that a session is fed: with a SparseTensorValue, or a tuple of its three arrays.

    Args:
      dtype: of the elements.
      shape: of the whole tensor, as far as it is known; or a tensor with it.
      name: of the placeholders.

    Raises:
      RuntimeError: outside a graph.
    """
    def named(part: str) -> str | None:
        return None if name is None else f"{name}/{part}"
    rank: Any = None
    known: Any = None
    if isinstance(shape, Tensor):
        rank = shape.shape.with_rank(1)[0]
        whole: Any = shape
    else:
        sizes = None if shape is None else [None if d is None or int(d) < 0 else int(d) for d in shape]
        known = TensorShape(sizes)
        rank = known.rank
        if rank is None:
            whole = placeholder(int64, [None], named("shape"))
        else:
            sizes = [-1 if d is None else d for d in known.as_list()]
            default = convert_to_tensor(np.array(sizes, np.int64), name=named("shape_default"))
            whole = placeholder_with_default(default, [rank], named("shape"))
    values = placeholder(dtype, [None], named("values"))
    indices = placeholder(int64, [None, rank], named("indices"))
    out = SparseTensor(indices, values, whole)
    if known is not None:
        out.set_shape(known)
    return out
