"""Handwritten digits: 28 by 28 pixels in grey, and what they mean."""
from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

Images: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]

_HERE = Path(__file__).with_name("mnist.npz")


def load_data(path: str = "mnist.npz") -> tuple[tuple[Images, Images], tuple[Images, Images]]:
    """The digits, from a file in the package.

    Args:
      path: another file of the same form, where it has a directory; the name alone means the file in the package.

    Returns:
      `(x_train, y_train), (x_test, y_test)`: 60,000 and 10,000 images of uint8, shape `(n, 28, 28)`, and their
      digits, uint8, shape `(n,)`.

    Raises:
      FileNotFoundError: there is no such file.
    """
    file = Path(path) if Path(path).parent != Path() else _HERE
    with np.load(file, allow_pickle=False) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
