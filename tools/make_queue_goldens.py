"""Makes the golden values of TensorFlow 1's input pipelines. Run it in a Python that has tensorflow:

    python tools/make_queue_goldens.py
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
from tests.v1.queue_cases import CASES, run


def main() -> None:
    tf.compat.v1.disable_v2_behavior()
    store = {f"{name}/{i}/{k}": goldens.encode(x) for name, build in CASES.items()
             for i, fetched in enumerate(run(tf.compat.v1, build)) for k, x in enumerate(fetched)}
    target = goldens.FOLDER / "v1_queues.npz"
    np.savez_compressed(target, **store)
    print(len(store), "values", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
