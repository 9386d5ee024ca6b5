"""What the C library does with memory that arrays give back.

An eager step makes and drops arrays of a few megabytes. Left to itself, the GNU C library returns each of them to the
system, and the next one is made of new pages, which costs more than the arithmetic: a convolution with its gradients
takes three times as long. So the process keeps what was freed, up to a limit.
"""
from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping

# From <malloc.h>.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3

KEPT = 128 << 20
"""Bytes at the end of the heap that are kept for the next arrays."""
LARGE = 32 << 20
"""An array of so many bytes is mapped by itself and returned when it is dropped: the most that the library takes here."""


def keep(environment: Mapping[str, str] = os.environ) -> bool:
    """Keeps freed memory for later arrays; for the whole process.

    Returns whether it did: not where the C library is another one, nor where the environment already says how memory
    is to be handled (`MALLOC_TRIM_THRESHOLD_`, `MALLOC_MMAP_THRESHOLD_`, `GLIBC_TUNABLES`).
    """
    chosen = any(name.startswith("MALLOC_") for name in environment) or "glibc.malloc" in environment.get("GLIBC_TUNABLES", "")
    if chosen or os.name != "posix":
        return False
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):
        return False
    return bool(library.mallopt(_MMAP_THRESHOLD, LARGE)) and bool(library.mallopt(_TRIM_THRESHOLD, KEPT))
