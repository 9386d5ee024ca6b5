"""`tensorflow.examples.tutorials` of TensorFlow 1."""
from __future__ import annotations

from . import mnist as mnist
