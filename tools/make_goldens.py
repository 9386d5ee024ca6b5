"""Makes the golden values of the op samples. Run it in a Python that has tensorflow:

    python tools/make_goldens.py [family ...]
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
from tests.samples import all_samples, run


def main(families: list[str]) -> None:
    made: dict[str, dict[str, np.ndarray]] = {}
    for s in all_samples():
        if (families and s.family not in families) or not s.compare:
            continue
        store = made.setdefault(s.family, {})
        arrays = s.arrays()
        tf.random.set_seed(None)  # each sample draws from the start of its stream, as every test does
        try:
            outputs, gradients = run(tf, s, arrays)
        except Exception as error:
            print("FAILED", s.id, type(error).__name__, str(error)[:200])
            continue
        store[f"{s.index}/crc"] = np.array(goldens.fingerprint(arrays), np.uint32)
        for k, out in enumerate(outputs):
            store[f"{s.index}/out/{k}"] = goldens.encode(out)
        store[f"{s.index}/none"] = np.array([g is None for g in gradients], bool)
        for k, g in enumerate(gradients):
            if g is not None:
                store[f"{s.index}/grad/{k}"] = goldens.encode(g)
    for family, store in made.items():
        target = goldens.FOLDER / f"{family}.npz"
        partial = target.with_suffix(".tmp.npz")
        np.savez_compressed(partial, **store)
        partial.replace(target)
        print(family, sum(key.endswith("/crc") for key in store), "samples", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
