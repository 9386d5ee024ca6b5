"""Makes the golden elements of data sets. Run it in a Python that has tensorflow:

    python tools/make_data_goldens.py
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
from tests.data.data_cases import CASES, described


def main() -> None:
    store: dict[str, np.ndarray] = {}
    for case in CASES:
        try:
            store[case.name] = goldens.encode(np.array(described(tf, case).encode(), object))
        except Exception as error:
            print("FAILED", case.name, type(error).__name__, str(error)[:300])
    target = goldens.FOLDER / "data.npz"
    np.savez_compressed(target, **store)
    print(len(store), "data sets", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
