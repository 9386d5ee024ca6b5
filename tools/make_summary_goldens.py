"""Makes the golden event files. Run it in a Python that has tensorflow and tensorboard:

    python tools/make_summary_goldens.py
"""
from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import tensorflow as tf
from tests import goldens
from tests.summary.summary_cases import CASES, KERAS, V1_CASES, run, trained


def main() -> None:
    store = {}
    for name in (*CASES, *V1_CASES):
        with TemporaryDirectory() as folder:
            for i, event in enumerate(run(tf, name, Path(folder))):
                store[f"{name}/{i}"] = goldens.encode(np.array([event], object))
            if name == "words":
                file, = Path(folder).iterdir()
                store["whole"] = np.frombuffer(file.read_bytes(), np.uint8)
    for k, options in enumerate(KERAS):
        with TemporaryDirectory() as folder:
            lines, numbers, _ = trained(tf, Path(folder), options)
        store[f"keras {k}/lines"] = np.array(lines)
        store[f"keras {k}/numbers"] = np.array(list(numbers.values()))
    target = goldens.FOLDER / "event_files.npz"
    np.savez_compressed(target, **store)
    print(len(store), "values", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
