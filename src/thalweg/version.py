"""tf.version: the TensorFlow whose behaviour this is. The package's own version is in its metadata."""
from __future__ import annotations

VERSION = "2.21.0"
GIT_VERSION = "thalweg"
COMPILER_VERSION = "none: Python, NumPy and XLA"
GRAPH_DEF_VERSION = 2474
"""The version that graphs are written with (TensorFlow 2.21's)."""
GRAPH_DEF_VERSION_MIN_CONSUMER = 0
GRAPH_DEF_VERSION_MIN_PRODUCER = 0
