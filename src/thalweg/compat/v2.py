"""tf.compat.v2: the present interface."""
from __future__ import annotations

from typing import Any

import thalweg as _tf


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(_tf, name)


def __dir__() -> list[str]:
    return dir(_tf)
