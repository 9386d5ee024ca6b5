"""`Identity`: returns its input."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...symbolic.keras_tensor import KerasTensor
from ..elementwise import Elementwise


class Identity(Elementwise):
    """Returns its input, which may be a structure of tensors."""

    def call(self, inputs: Any) -> Any:
        return inputs

    def compute_output_spec(self, inputs: Any) -> Any:
        return tf.nest.map_structure(lambda x: KerasTensor(x.shape, x.dtype, x.sparse), inputs)
