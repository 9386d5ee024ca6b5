"""Makes the golden values of the Keras tests. Run it in a Python that has tensorflow:

    python tools/make_keras_goldens.py [family ...]
"""
from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import keras
import tensorflow as tf
from tests.keras import golden

FAMILIES = ("activations", "initializers", "losses", "metrics", "optimizers")


def main(families: list[str]) -> None:
    # `keras` in place of `tf.keras`, whose losses and metrics lack some of the functions.
    namespace = SimpleNamespace(**{name: getattr(keras, name) for name in (*FAMILIES, "random", "utils", "Variable")})
    for family in families or FAMILIES:
        cases = importlib.import_module(f"tests.keras.{family[:-1] if family != 'losses' else 'loss'}_cases").CASES
        results = {}
        for name, case in cases.items():
            keras.backend.clear_session()
            results[name] = case(namespace, tf)
        golden.save(family, results)
        print(family, len(results), (golden.FOLDER / f"keras_{family}.npz").stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
