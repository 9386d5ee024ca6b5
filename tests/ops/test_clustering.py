"""What the operations on clusters of points refuse."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf

X = np.ones((4, 2), np.float32)
NEAREST = {"points": X, "centers": X[:2], "k": 1}
CHAIN = {"distances": X[0], "seed": 1}
SPREAD = {"points": X, "num_to_sample": 2, "seed": 1, "num_retries_per_sample": 0}


@pytest.mark.parametrize(("name", "given", "words"), [
    ("NearestNeighbors", NEAREST | {"centers": X[:, :1]}, "Expected point_dimensions == center_dimensions: 2 vs 1."),
    ("NearestNeighbors", NEAREST | {"points": X[:0]}, r"Expected points.rows\(\) > 0."),
    ("NearestNeighbors", NEAREST | {"points": X[0]}, "Input points should be a matrix."),
    ("NearestNeighbors", NEAREST | {"centers": X[0]}, "Input centers should be a matrix."),
    ("NearestNeighbors", NEAREST | {"k": [1]}, "Input k should be a scalar."),
    ("KMC2ChainInitialization", CHAIN | {"distances": X}, "Input distances should be a vector."),
    ("KMC2ChainInitialization", CHAIN | {"distances": X[0, :0]}, r"Expected distances_tensor.size\(\) > 0."),
    ("KMC2ChainInitialization", CHAIN | {"seed": [1]}, "Input seed should be a scalar."),
    ("KmeansPlusPlusInitialization", SPREAD | {"points": X[0]}, "Input points should be a matrix."),
    ("KmeansPlusPlusInitialization", SPREAD | {"points": X[:0]}, r"Expected points.rows\(\) > 0."),
    ("KmeansPlusPlusInitialization", SPREAD | {"num_to_sample": 5}, r"Expected num_to_sample <= points.rows\(\). 5 vs 4."),
    ("KmeansPlusPlusInitialization", SPREAD | {"num_to_sample": 0}, "Expected num_to_sample > 0."),
    ("KmeansPlusPlusInitialization", SPREAD | {"seed": [1]}, "Input seed should be a scalar."),
])
def test_refusal(name: str, given: dict[str, Any], words: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        getattr(tf.raw_ops, name)(**given)
