"""The three ways to run a function: as it is, traced and interpreted, traced and compiled."""
from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import thalweg as tf

ENGINES = ["eager", "function", *(["xla"] if importlib.util.find_spec("jax") else [])]


def prepared(f: Callable[..., Any], engine: str) -> Callable[..., Any]:
    """The function as `engine` runs it."""
    return f if engine == "eager" else tf.function(f, jit_compile=engine == "xla")
