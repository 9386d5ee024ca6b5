"""Clocks and scales."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

STARTED = "BENCH_STARTED"
"""The environment variable in which the driver says when it started this process, as `time.time()`."""


def fastest(call: Callable[[], object], seconds: float = 1.0, warm: int = 20) -> float:
    """The least time of one call, over batches long enough for the clock."""
    for _ in range(warm):
        call()
    number = 1
    while True:
        start = time.perf_counter()
        for _ in range(number):
            call()
        passed = time.perf_counter() - start
        if passed > 0.01:
            break
        number *= 2
    best, end = passed / number, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(number):
            call()
        best = min(best, (time.perf_counter() - start) / number)
    return best


def least_epoch(epoch: Callable[[], object], epochs: int, steps: int) -> float:
    """Milliseconds a step in the fastest epoch."""
    best = float("inf")
    for _ in range(epochs):
        start = time.perf_counter()
        epoch()
        best = min(best, time.perf_counter() - start)
    return best / steps * 1e3


def since_start() -> float:
    """Seconds since the driver started this process.

    Raises:
      KeyError: it was not the driver that started it.
    """
    return time.time() - float(os.environ[STARTED])


def resident() -> float:
    """Resident memory of this process in MB: now on Linux, its peak elsewhere."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
