"""Makes the golden values of the Keras tests. Run it in a Python that has tensorflow:

    python tools/make_keras_goldens.py [family ...]

The families are those of `tests/keras/golden.py`; without a name all are made.
"""
from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ["COLUMNS"] = "200"  # Keras cuts summaries at the width of the terminal.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import keras
import tensorflow as tf
from tests.keras import golden

PARTS = ("activations", "initializers", "losses", "metrics", "optimizers")
"""Families of parts of Keras, which have some functions that `tf.keras` does not have."""

_OTHERS = ("random", "utils", "Variable")


def main(families: list[str]) -> None:
    parts: Any = SimpleNamespace(**{name: getattr(keras, name) for name in (*PARTS, *_OTHERS)})
    for family in families or golden.FAMILIES:
        results = {}
        for name, case in golden.cases(family).items():
            tf.keras.backend.clear_session()
            results[name] = case(parts if family in PARTS else tf.keras, tf)
        golden.save(family, results)
        print(family, len(results), (golden.FOLDER / f"keras_{family}.npz").stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
