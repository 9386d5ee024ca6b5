"""Makes the golden values of the tests of layers, models and training. Run it in a Python that has tensorflow:

    python tools/make_model_goldens.py [family ...]
"""
from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ["COLUMNS"] = "200"  # Keras cuts summaries at the width of the terminal.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tensorflow as tf
from tests.keras import golden

FAMILIES = {"conv": "conv_cases", "layers": "layer_cases", "models": "model_cases", "recurrent": "recurrent_cases",
            "training": "training_cases"}


def main(families: list[str]) -> None:
    for family in families or FAMILIES:
        results = {}
        for name, case in importlib.import_module(f"tests.keras.{FAMILIES[family]}").CASES.items():
            tf.keras.backend.clear_session()
            results[name] = case(tf.keras, tf)
        golden.save(family, results)
        print(family, len(results), (golden.FOLDER / f"keras_{family}.npz").stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
