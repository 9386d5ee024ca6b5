"""CRC-32C (Castagnoli), the checksum of checkpoints and records.

The value of a long run of bytes is computed for many rows of it at once; since the code is linear, the rows' values are
then joined by what each would become if the bytes behind it were zeros.
"""
from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

_POLYNOMIAL = 0x82F63B78
_ALL = 0xFFFFFFFF
_MASK_DELTA = 0xA282EAD8
_SHORT = 512
"""Up to this many bytes a plain loop is quicker."""


@lru_cache(1)
def _table() -> Any:
    """What each value of a byte does to an empty register."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, table >> 1 ^ np.uint32(_POLYNOMIAL), table >> 1).astype(np.uint32)
    return table


@lru_cache(1)
def _plain_table() -> tuple[int, ...]:
    return tuple(_table().tolist())


@lru_cache(1)
def _pair_table() -> Any:
    """What each value of two bytes does to an empty register."""
    table = _table()
    first, second = np.arange(65536, dtype=np.uint32) & 0xFF, np.arange(65536, dtype=np.uint32) >> 8
    register = table[first] ^ second  # the second byte meets what the first one left
    return register >> 8 ^ table[register & 0xFF]


def _loop(data: bytes | memoryview, register: int) -> int:
    table = _plain_table()
    for byte in data:
        register = register >> 8 ^ table[(register ^ byte) & 0xFF]
    return register


def _through(matrix: tuple[int, ...], register: int) -> int:
    """A linear map, given by where it sends each bit."""
    out = 0
    for bit, column in enumerate(matrix):
        if register >> bit & 1:
            out ^= column
    return out


@lru_cache(64)
def _zeros(power: int) -> tuple[int, ...]:
    """The map of a register through `2 ** power` zero bytes."""
    if power == 0:
        return tuple(_loop(b"\0", 1 << bit) for bit in range(32))
    half = _zeros(power - 1)
    return tuple(_through(half, column) for column in half)


def _past_zeros(register: int, count: int) -> int:
    power = 0
    while count:
        if count & 1:
            register = _through(_zeros(power), register)
        count >>= 1
        power += 1
    return register


def crc32c(data: bytes | memoryview, before: int = 0) -> int:
    """The checksum of bytes.

    Args:
      data: the bytes.
      before: the checksum of the bytes in front of these.
    """
    view = memoryview(data).cast("B")
    register = before ^ _ALL
    if len(view) <= _SHORT:
        return _loop(view, register) ^ _ALL
    # Rows side by side: a step takes two bytes of each row, so there are about as many steps as rows.
    width = min(4096, max(64, int(len(view) ** 0.5) & ~1))
    rows = len(view) // width
    grid = np.frombuffer(view[:rows * width], "<u2").reshape(rows, width // 2)
    table = _pair_table()
    states = np.zeros(rows, np.uint32)
    for column in np.ascontiguousarray(grid.T):
        states = states >> 16 ^ table[(states ^ column) & 0xFFFF]
    # Neighbours are joined until one row is left; the rows from the end on keep their lengths equal.
    register = _past_zeros(register, rows * width) ^ _joined(states, width)
    return _loop(view[rows * width:], register) ^ _ALL


def _joined(states: Any, width: int) -> int:
    """The register after all rows, each of `width` bytes, from those of the single rows."""
    while len(states) > 1:
        if len(states) % 2:
            states = np.concatenate([np.zeros(1, np.uint32), states])  # zeros in front change nothing
        left, right = states[0::2], states[1::2]
        columns = [_past_zeros(1 << bit, width) for bit in range(32)]
        moved = np.zeros_like(left)
        for bit, column in enumerate(columns):
            moved ^= np.where(left >> np.uint32(bit) & np.uint32(1), np.uint32(column), np.uint32(0))
        states = moved ^ right
        width *= 2
    return int(states[0])


def masked(value: int) -> int:
    """A checksum as it is stored beside data, changed so that the checksum of a file that holds checksums stays useful."""
    return ((value >> 15 | value << 17) + _MASK_DELTA) & _ALL


def unmasked(value: int) -> int:
    """The checksum behind its stored form."""
    turned = value - _MASK_DELTA & _ALL
    return (turned >> 17 | turned << 15) & _ALL
