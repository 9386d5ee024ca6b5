"""Writes down what programs with monitored sessions do. Run it in a Python that has tensorflow:

    python tools/make_monitored_goldens.py
"""
from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import tensorflow.compat.v1 as tf
from tests import goldens
from tests.v1 import monitored_hook_programs, monitored_session_programs
from tests.v1.monitored_programs import PROGRAMS

assert monitored_hook_programs and monitored_session_programs  # they fill PROGRAMS


def main() -> None:
    tf.disable_v2_behavior()
    store: dict[str, np.ndarray] = {}
    for name, program in PROGRAMS.items():
        with tempfile.TemporaryDirectory() as folder, tf.Graph().as_default():
            store[name] = np.array(program(tf, Path(folder)), str)
    np.savez_compressed(goldens.FOLDER / "v1_monitored.npz", **store)
    print(len(store), "programs", sum(map(len, store.values())), "lines")


if __name__ == "__main__":
    main()
