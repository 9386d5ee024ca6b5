"""The bits of integers."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core.opdef import op
from .common import binary, broadcast, incompatible, unary, unchanged

_INTEGERS = "T: {int8, int16, int32, int64, uint8, uint16, uint32, uint64}"


@op("BitwiseAnd", "x: T, y: T -> z: T", attrs=_INTEGERS, infer=broadcast, explain=incompatible)
def and_(xp: Any, x: Any, y: Any) -> Any:
    return xp.bitwise_and(x, y)


@op("BitwiseOr", "x: T, y: T -> z: T", attrs=_INTEGERS, infer=broadcast, explain=incompatible)
def or_(xp: Any, x: Any, y: Any) -> Any:
    return xp.bitwise_or(x, y)


@op("BitwiseXor", "x: T, y: T -> z: T", attrs=_INTEGERS, infer=broadcast, explain=incompatible)
def xor(xp: Any, x: Any, y: Any) -> Any:
    return xp.bitwise_xor(x, y)


def _distance(xp: Any, x: Any, y: Any) -> Any:
    """How far to shift: beyond the width of the type as far as it goes, a negative distance not at all."""
    return xp.clip(y, 0, 8 * x.dtype.itemsize - 1).astype(y.dtype)


@op("LeftShift", "x: T, y: T -> z: T", attrs=_INTEGERS, infer=broadcast, explain=incompatible)
def left_shift_(xp: Any, x: Any, y: Any) -> Any:
    return xp.left_shift(x, _distance(xp, x, y))


@op("RightShift", "x: T, y: T -> z: T", attrs=_INTEGERS, infer=broadcast, explain=incompatible)
def right_shift_(xp: Any, x: Any, y: Any) -> Any:
    return xp.right_shift(x, _distance(xp, x, y))


@op("Invert", "x: T -> y: T", attrs=_INTEGERS, infer=unchanged)
def invert_(xp: Any, x: Any) -> Any:
    return xp.invert(x)


@op("PopulationCount", "x: T -> y: uint8", attrs=_INTEGERS, infer=unchanged)
def population_count_(xp: Any, x: Any) -> Any:
    return xp.bitwise_count(x.astype(np.dtype(f"u{x.dtype.itemsize}"))).astype(np.uint8)


for _entry in (and_, or_, xor, left_shift_, right_shift_, invert_, population_count_):
    _entry.not_differentiable()


def bitwise_and(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits that are set in both integers."""
    return binary(and_, x, y, name)


def bitwise_or(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits that are set in at least one of two integers."""
    return binary(or_, x, y, name)


def bitwise_xor(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits that are set in exactly one of two integers."""
    return binary(xor, x, y, name)


def left_shift(x: Any, y: Any, name: str | None = None) -> Any:
    """`x << y`; `y` is brought into the range from 0 to the width of the type less one."""
    return binary(left_shift_, x, y, name)


def right_shift(x: Any, y: Any, name: str | None = None) -> Any:
    """`x >> y`, which keeps the sign; `y` is brought into the range from 0 to the width of the type less one."""
    return binary(right_shift_, x, y, name)


def invert(x: Any, name: str | None = None) -> Any:
    """Every bit the other way."""
    return unary(invert_, x, name)


def population_count(x: Any, name: str | None = None) -> Any:
    """How many bits of each integer are set, as uint8."""
    return unary(population_count_, x, name)
