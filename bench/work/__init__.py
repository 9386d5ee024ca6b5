"""What the benchmarks do: one small function a row and library, run in a process of its own.

    PYTHON bench/work ROW PEER      runs it once and prints a JSON object, quantity -> value

A row is a key of `rows.ROWS`; its functions are registered with `@row(key, *peers)`. Libraries with the same interface
share a function, which receives the imported module. To add a row: name it, its quantities and its peers in `ROWS`, and
write the functions. Each measures for some seconds and returns its minimum; the driver repeats whole processes on top.
"""

from __future__ import annotations

import importlib
import time

from . import by_hand, eager, eager_conv, graphs, keras_models, torch_models
from .rows import ROWS, WORK, Bound, Quantity, Result, Row
from .timing import STARTED, resident

__all__ = ["ROWS", "STARTED", "WORK", "Bound", "Quantity", "Result", "Row", "main"]

MODULES = {"keras-jax": "keras"}
FAMILIES = (by_hand, eager, eager_conv, graphs, keras_models, torch_models)
"""The modules that register work."""


def main(key: str, peer: str) -> Result:
    """Does one row's work in this process."""
    start = time.perf_counter()
    module = importlib.import_module(MODULES.get(peer, peer))
    seconds = time.perf_counter() - start
    if key == "import":
        return {"seconds": seconds, "resident": resident()}
    return WORK[key, peer](module)
