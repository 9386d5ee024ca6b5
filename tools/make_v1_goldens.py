"""Makes the golden values of the TensorFlow 1 programs. Run it in a Python that has tensorflow:

    python tools/make_v1_goldens.py [family ...]

TensorFlow no longer shows `tf.layers` and `tf.nn.rnn_cell` where Keras 3 is installed; their code is still there, and is
put back in its place for the programs.
"""
from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import tensorflow as tf
from tests import goldens
from tests.v1 import FAMILIES
from tests.v1.programs import run

_HIDDEN = "tensorflow.python.keras."


class _With:
    """A namespace with further names."""

    def __init__(self, inner: Any, **more: Any) -> None:
        self.__dict__.update(more)
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _all_of(*modules: str) -> SimpleNamespace:
    return SimpleNamespace(**{k: v for m in modules for k, v in vars(importlib.import_module(_HIDDEN + m)).items()})


def tensorflow_1() -> Any:
    """TensorFlow 1 as it was."""
    tf.compat.v1.disable_v2_behavior()
    v1 = tf.compat.v1
    layers = _all_of(*[f"legacy_tf_layers.{m}" for m in ("core", "convolutional", "pooling")])
    return _With(v1, layers=layers, nn=_With(v1.nn, rnn_cell=_all_of("layers.legacy_rnn.rnn_cell_impl")))


def main(families: list[str]) -> None:
    v1 = tensorflow_1()
    for family in families or FAMILIES:
        store: dict[str, np.ndarray] = {}
        programs = importlib.import_module(f"tests.v1.{family}_programs").PROGRAMS
        for name, build in programs.items():
            store.update({f"{name}/{key}": value for key, value in run(v1, build).items()})
        target = goldens.FOLDER / f"v1_{family}.npz"
        np.savez_compressed(target, **store)
        print(family, len(programs), "programs", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
