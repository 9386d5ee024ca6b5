"""Programs in TensorFlow 1's way that are compared with what TensorFlow makes of them.

A program is a function of `tf` that builds a graph and says what to fetch, to feed and to run. The lists are in the
`*_programs.py` files beside this one. `tools/make_v1_goldens.py` runs them in TensorFlow.
"""
from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass
class Program:
    """What a graph is for."""

    fetches: Any
    """Tensors in any structure: fetched at the start, and again after the steps."""
    feeds: dict[Any, Any] = field(default_factory=dict)
    step: Any = None
    """What is run `steps` times between the two fetches."""
    steps: int = 2


Build = Callable[[Any], Program]


def drawn(name: str, shape: Any, kind: str = "float32") -> np.ndarray[Any, Any]:
    """Values that depend on nothing but a name."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return np.asarray(rng.standard_normal(shape) * 0.4, kind)


def run(tf: Any, build: Build) -> dict[str, np.ndarray[Any, Any]]:
    """Builds a program in a new graph and runs it with trainable variables whose values follow from their names.

    Returns:
      The names, shapes and dtypes of the variables, the names of the fetches, the sizes of the usual collections, the
      fetched values before and after the steps, and the values of the global variables at the end.
    """
    tf.reset_default_graph()
    program = build(tf)
    fetches = tf.nest.flatten(program.fetches)
    found: dict[str, np.ndarray[Any, Any]] = {"names": np.array([t.name for t in fetches], str)}
    for group in ("global", "trainable", "local"):
        variables = getattr(tf, f"{group}_variables")()
        found[group] = np.array([f"{v.name} {v.shape.as_list()} {v.dtype.base_dtype.name}" for v in variables], str)
    found["collections"] = np.array([len(tf.get_collection(key)) for key in ("losses", "regularization_losses",
                                                                              "update_ops")])
    found["shapes"] = np.array([str(t.shape.as_list() if t.shape.rank is not None else None) for t in fetches], str)
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer(), tf.tables_initializer()])
        for v in tf.trainable_variables():
            v.load(drawn(v.name, v.shape.as_list(), v.dtype.base_dtype.name), session)
        _keep(found, "before", session.run(fetches, program.feeds))
        if program.step is not None:
            for _ in range(program.steps):
                session.run(program.step, program.feeds)
            _keep(found, "after", session.run(fetches, program.feeds))
            _keep(found, "variable", session.run(list(tf.global_variables())))
    return found


def _keep(found: dict[str, np.ndarray[Any, Any]], label: str, values: Any) -> None:
    for i, value in enumerate(values):
        found[f"{label}/{i}"] = np.asarray(value)
