"""What a graph knows of a shape that a tensor holds as its value."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import errors
from .convert import convert_to_tensor
from .shape import TensorShape, unknown_shape
from .symbol import SymbolicTensor


def shape_in(tensor: Any) -> TensorShape:
    """The shape that a vector of integers describes: known in full, for some dimensions, or by its rank.

    Negative sizes are unknown dimensions.

    Raises:
      TypeError: a value that is no vector.
    """
    t = convert_to_tensor(tensor)
    value = t.constant_value() if isinstance(t, SymbolicTensor) else np.asarray(t._value)
    if value is not None:
        if value.ndim != 1:
            raise TypeError(f"'numpy.{value.dtype}' object is not iterable")
        return TensorShape([None if d < 0 else int(d) for d in value])
    found = from_node(t)
    known = t.shape.with_rank(1)[0]
    return found if found is not None else unknown_shape(known)


def from_node(t: Any) -> TensorShape | None:
    """What follows from the operation that makes the shape, where not all of its inputs are known."""
    node = t.op
    if node.type == "Shape":
        return node.inputs[0].shape  # type: ignore[no-any-return]
    if node.type in ("Cast", "Identity"):
        return shape_in(node.inputs[0])
    if node.type == "Pack" and all(x.shape.rank == 0 for x in node.inputs):
        known = [x.constant_value() for x in node.inputs]
        return TensorShape([None if v is None or v < 0 else int(v) for v in known])
    if node.type == "ConcatV2":
        shape = TensorShape([])
        for part in node.inputs[:-1]:
            shape = shape.concatenate(shape_in(part))
        return shape
    if node.type == "StridedSlice":
        sizes = _sliced(node)
        return TensorShape(sizes) if isinstance(sizes, list) else None
    return None


def _sliced(node: Any) -> Any:
    """The sizes that a slice of a vector of sizes holds, a list or a single one; unknown ones are None."""
    source, *places = node.inputs
    known = [place.constant_value() for place in places]
    if source.shape.rank != 1 or source.shape[0] is None or any(place is None for place in known):
        return None
    try:
        chosen = node.op.kernel(np, np.arange(source.shape[0]), *known, **node.attrs)
    except errors.OpError:
        return None  # it fails when it runs, where the message names the node
    sizes = shape_in(source).as_list()
    if np.ndim(chosen) > 1:
        return None
    return sizes[int(chosen)] if np.ndim(chosen) == 0 else [sizes[i] for i in chosen]


def single(node: Any, index: int) -> int | None:
    """The size that an output of a node takes from a vector of sizes, if it is known."""
    source = node.inputs[0]
    if source.shape.rank != 1 or source.shape[0] is None or not source.dtype.is_integer:
        return None
    found = _sliced(node) if node.type == "StridedSlice" else shape_in(source)[index]
    return None if isinstance(found, list) else found
