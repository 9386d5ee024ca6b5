"""tf.experimental.dlpack: tensors to and from other libraries, by the DLPack protocol."""
from __future__ import annotations

from typing import Any

import numpy as np

from .core.convert import convert_to_tensor


def to_dlpack(tf_tensor: Any) -> Any:
    """A DLPack capsule with a copy of a tensor's value."""
    return convert_to_tensor(tf_tensor).__dlpack__()


class _Capsule:
    """A bare capsule as an object of the protocol, which is what NumPy takes."""

    def __init__(self, capsule: Any) -> None:
        self._capsule = capsule

    def __dlpack__(self, **_: Any) -> Any:
        return self._capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0


def from_dlpack(dlcapsule: Any) -> Any:
    """A tensor with a copy of what a capsule, or an object of the protocol, holds."""
    source = dlcapsule if hasattr(dlcapsule, "__dlpack__") else _Capsule(dlcapsule)
    return convert_to_tensor(np.array(np.from_dlpack(source)))
