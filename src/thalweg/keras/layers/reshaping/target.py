"""The shape that a reshape ends in."""
from __future__ import annotations

from math import prod
from typing import Any

from ...types import Shape


def check_target(target: tuple[Any, ...], argument: str) -> None:
    """Raises `ValueError` for sizes below -1, or more than one -1."""
    for size in target:
        if isinstance(size, int) and size < -1:
            raise ValueError(f"Each dimension in `{argument}` must be a non-negative integer, or `-1` for a single "
                             f"unknown dimension. Received: {argument}={target}.")
    if target.count(-1) > 1:
        raise ValueError(f"There must be at most one unknown dimension (-1) in `{argument}`. Received: "
                         f"{argument}={target}.")


def resolved(shape: Shape, target: tuple[Any, ...], argument: str) -> tuple[int | None, ...]:
    """`target` with the size that its -1 stands for, None where that is unknown.

    Raises:
      ValueError: the numbers of elements differ.
    """
    check_target(target, argument)
    if None in shape or None in target:
        return tuple(None if size == -1 else size for size in target)
    total = prod(shape)
    if -1 not in target:
        if total != prod(target):
            raise ValueError(f"The total size of the tensor must be unchanged. Received: input_shape={shape}, "
                             f"{argument}={target}")
        return target
    known = prod(size for size in target if size != -1)
    if known == 0 or total % known:
        raise ValueError("The total size of the tensor must be unchanged, however, the input size cannot by divided by "
                         f"the specified dimensions in {argument}. Received: input_shape={shape}, {argument}={target}")
    return tuple(total // known if size == -1 else size for size in target)
