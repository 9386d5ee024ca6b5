"""`tensorflow.examples` of TensorFlow 1."""
from __future__ import annotations

from . import tutorials as tutorials
