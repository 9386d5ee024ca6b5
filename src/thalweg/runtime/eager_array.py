"""The contents of a TensorArray in eager code: a Python list of tensors."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.shape import TensorShape
from ..core.tensor import EagerTensor


class EagerArray:
    """A list of tensors; elements that were never written are None. Arguments as those of `TensorArray`."""

    def __init__(self, dtype: dtypes.DType, size: int, dynamic_size: bool, clear_after_read: bool, infer_shape: bool,
                 element_shape: TensorShape) -> None:
        self.dtype = dtype
        self.dynamic_size = dynamic_size
        self.clear_after_read = clear_after_read
        self.infer_shape = infer_shape
        self.element_shape = element_shape
        self.items: list[Any] = [None] * size
        self._cleared: set[int] = set()

    def _zero(self) -> Any:
        return EagerTensor(np.zeros(_known(self.element_shape), self.dtype.np))

    def read(self, index: int) -> Any:
        """One element; see `TensorArray.read`."""
        if index < 0:
            raise errors.OutOfRangeError(None, None, f"Reading from negative indices (index {index}) is not allowed.")
        if index >= len(self.items):
            raise errors.OutOfRangeError(None, None, f"Tried to read from index {index} but array size is: {len(self.items)} ")
        item = self.items[index]
        if item is None:
            if index in self._cleared:
                raise errors.InvalidArgumentError(
                    None, None, f"Could not read index {index} twice because it was cleared after a previous read (perhaps "
                    "try setting clear_after_read = false?)")
            item = self._zero()
        if self.clear_after_read:
            self.items[index] = None
            self._cleared.add(index)
        return item

    def write(self, index: int, value: Any) -> None:
        """Writes one element; see `TensorArray.write`."""
        if index < 0:
            raise errors.OutOfRangeError(None, None, f"Writing to negative indices (index {index}) is not allowed.")
        size = len(self.items)
        if index >= size:
            if not self.dynamic_size:
                raise errors.OutOfRangeError(
                    None, None, f"Tried to write to index {index} but array is not resizeable and size is: {size} ")
            self.items.extend([None] * (index - size + 1))
        if value.dtype != self.dtype:
            raise errors.InvalidArgumentError(
                None, None, f"TensorArray dtype is {self.dtype.name} but Op is trying to write dtype {value.dtype.name} ")
        if not self.element_shape.is_compatible_with(value.shape):
            raise ValueError(f"Incompatible shape for value ({value.shape}), expected ({self.element_shape})")
        if self.infer_shape:
            self.element_shape = self.element_shape.merge_with(value.shape)
        self.items[index] = value
        self._cleared.discard(index)

    def stack(self) -> Any:
        """All elements along a new first axis."""
        if not self.items:
            shape = self.element_shape.as_list() if self.element_shape.rank is not None else []
            return EagerTensor(np.zeros([0, *(d or 0 for d in shape)], self.dtype.np))
        return apply(get_op("Pack"), self._filled(self.items), {"axis": 0}, "packed")

    def _filled(self, items: Sequence[Any]) -> list[Any]:
        return [self._zero() if item is None else item for item in items]

    def gather(self, indices: Sequence[int]) -> Any:
        """Some elements along a new first axis."""
        return apply(get_op("Pack"), self._filled([self.items[i] for i in indices]), {"axis": 0}, "packed")

    def concat(self) -> Any:
        """All elements along their first axis."""
        items = self._filled(self.items)
        if not items:
            return EagerTensor(np.zeros([0, *_known(self.element_shape[1:])], self.dtype.np))
        if any(item.shape.rank == 0 for item in items):
            raise errors.InvalidArgumentError(None, None, "Concat saw a scalar shape at index 0 but requires at least vectors.")
        return apply(get_op("ConcatV2"), (*items, 0), name="concat")

    def unstack(self, value: Any) -> None:
        """Takes the slices of a tensor as elements."""
        if value.shape.rank == 0:
            raise ValueError("Argument `axis` = 0 not in range [0, 0)")
        parts = list(apply(get_op("Unpack"), (value,), {"num": value.shape[0], "axis": 0})) if value.shape[0] else []
        if len(parts) > len(self.items) and not self.dynamic_size:
            raise ValueError(f"Cannot unstack {len(parts)} tensors into a TensorArray of static size {len(self.items)} ")
        self.items[:] = [None] * max(len(parts), len(self.items) if not self.dynamic_size else 0)
        for i, part in enumerate(parts):
            self.write(i, part)

    def scatter(self, indices: Sequence[int], value: Any) -> None:
        """Writes the slices of a tensor at some indices."""
        parts = apply(get_op("Unpack"), (value,), {"num": value.shape[0], "axis": 0}) if value.shape[0] else ()
        for index, part in zip(indices, parts, strict=True):
            self.write(index, part)

    def split(self, value: Any, lengths: Sequence[int]) -> None:
        """Takes consecutive parts of a tensor as elements."""
        total = sum(lengths)
        rows = value.shape[0] if value.shape.rank else None
        if rows is None or total != rows:
            raise errors.InvalidArgumentError(
                None, None, f"Expected sum of lengths to be equal to values.shape[0], but sum of lengths is {total} and "
                f"value's shape is: {value.shape.as_list()} ")
        if len(lengths) != len(self.items):
            if not self.dynamic_size:
                raise errors.InvalidArgumentError(
                    None, None, f"TensorArray's size is not equal to the size of lengths ({len(self.items)} vs. "
                    f"{len(lengths)}), and the TensorArray is not marked as dynamically resizeable.")
            self.items[:] = [None] * len(lengths)
        sizes = convert_to_tensor(np.asarray(lengths, np.int64))
        infer, self.infer_shape = self.infer_shape, False
        for i, part in enumerate(apply(get_op("SplitV"), (value, sizes, 0), {"num_split": len(lengths)})):
            self.write(i, part)
        self.infer_shape = infer


def _known(shape: TensorShape) -> list[int]:
    if not shape.is_fully_defined():
        raise ValueError(f"Cannot convert a partially known TensorShape {shape} to a Tensor.")
    return [d or 0 for d in shape.as_list()]
