"""Makes the goldens of graphs in files. Run it in a Python that has tensorflow:

    python tools/make_graph_goldens.py
"""
from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import tensorflow as tf
from tests import goldens
from tests.formats import graph_cases


def main() -> None:
    with tf.Graph().as_default() as graph:
        graph_cases.build(tf)
    with tempfile.TemporaryDirectory() as folder:
        text = Path(tf.io.write_graph(graph, folder, "graph.pbtxt")).read_bytes()
    message = graph.as_graph_def().SerializeToString(deterministic=True)
    store = {"message": np.frombuffer(message, np.uint8), "text": np.frombuffer(text, np.uint8)}
    for i, value in enumerate(graph_cases.run(tf, graph.as_graph_def())):
        store[f"out/{i}"] = goldens.encode(np.asarray(value))
    np.savez_compressed(goldens.FOLDER / "graph_def.npz", **store)


if __name__ == "__main__":
    main()
