"""`tensorflow.examples.tutorials.mnist` of TensorFlow 1."""
from __future__ import annotations

from . import input_data as input_data
