"""Makes the goldens of `tf.experimental.numpy`. Run it in a Python that has tensorflow:

    python tools/make_numpy_goldens.py
"""
from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from tests.numpy_api import cases, modes  # noqa: E402 - found through the path above


def main() -> None:
    if len(sys.argv) > 1:
        import tensorflow as tf
        Path(sys.argv[2]).write_text(json.dumps(modes.run(tf, sys.argv[1])))
        return
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        # The switch is global and cannot be turned back, so each mode has a process of its own.
        for mode in cases.MODES:
            file = Path(folder, mode)
            subprocess.run([sys.executable, __file__, mode, str(file)], check=True)
            results[mode] = json.loads(file.read_text())
    modes.save(results)
    print(modes.GOLDEN, modes.GOLDEN.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
