"""Makes the golden values of the programs with control flow. Run it in a Python that has tensorflow:

    python tools/make_control_goldens.py
"""
from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import tensorflow as tf
from tests import goldens
from tests.runtime.control_cases import CASES, Case, run, second


def compare(case: Case, mode: str, made: dict[str, np.ndarray]) -> None:
    """Tells where TensorFlow's graphs and its eager code differ."""
    try:
        found = run(tf, case, mode)
    except Exception as error:
        print("fails as a graph:", case.name, mode, type(error).__name__, str(error)[:100].replace("\n", " "))
        return
    for key, value in found.items():
        if not np.allclose(value, made[key], rtol=1e-3, atol=1e-4):
            print("differs:", case.name, mode, key, value, made[key])


def main() -> None:
    store: dict[str, np.ndarray] = {}
    for case in CASES:
        try:
            made = run(tf, case, "eager")
            for mode in ("function", "inside"):
                compare(case, mode, made)
            if case.second:
                made |= second(tf, case, "eager")
        except Exception as error:
            print("FAILED", case.name, type(error).__name__, str(error)[:300])
            continue
        store |= {f"{case.name}/{key}": value for key, value in made.items()}
    target = goldens.FOLDER / "control_flow.npz"
    np.savez_compressed(target, **store)
    print(len(CASES), "programs", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
