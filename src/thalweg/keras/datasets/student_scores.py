"""Hours of study and the scores that followed."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

_HERE = Path(__file__).with_name("student_scores.csv")


def load_data(path: str = "student_scores.csv") -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Hours and scores of 25 students, from a file in the package.

    Args:
      path: another file of the same form, where it has a directory; the name alone means the file in the package.

    Returns:
      Hours and scores, float32, shape `(25,)` each.

    Raises:
      FileNotFoundError: there is no such file.
    """
    file = Path(path) if Path(path).parent != Path() else _HERE
    table = np.loadtxt(file, delimiter=",", skiprows=1, dtype="float32", ndmin=2)
    return table[:, 0], table[:, 1]
