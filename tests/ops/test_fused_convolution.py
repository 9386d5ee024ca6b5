"""Fused convolutions: several images, which TensorFlow gets wrong, and what they refuse."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf

_GIVEN: dict[str, Any] = {"paddings": [[0, 0], [1, 2], [2, 0], [0, 0]], "mode": "REFLECT", "strides": [1, 1, 1, 1],
                          "padding": "VALID"}


def test_every_image_of_a_batch_is_convolved() -> None:
    rng = np.random.default_rng(0)
    x, w = (tf.constant(rng.standard_normal(s), tf.float32) for s in ((2, 5, 6, 3), (3, 2, 3, 4)))
    got = tf.raw_ops.FusedPadConv2D(input=x, filter=w, **_GIVEN)
    expected = tf.nn.conv2d(tf.pad(x, _GIVEN["paddings"], "REFLECT"), w, 1, "VALID")
    np.testing.assert_allclose(got.numpy(), expected.numpy(), rtol=1e-5, atol=1e-5)
    resized = tf.raw_ops.FusedResizeAndPadConv2D(input=x, size=[7, 4], filter=w, **_GIVEN)
    larger = tf.compat.v1.image.resize_bilinear(x, [7, 4])
    expected = tf.nn.conv2d(tf.pad(larger, _GIVEN["paddings"], "REFLECT"), w, 1, "VALID")
    np.testing.assert_allclose(resized.numpy(), expected.numpy(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("given, message", [
    ({"paddings": [[0, 0], [5, 0], [0, 0], [0, 0]]}, "must be less than the dimension size: 5, 0 not less than 5"),
    ({"paddings": [[0, 0], [6, 0], [0, 0], [0, 0]], "mode": "SYMMETRIC"}, "no greater than the dimension size"),
    ({"paddings": [[0, 0], [1, 0], [0, 0]]}, r"must be the rank of inputs: 4 \[3,2\] \[1,5,6,3\]"),
    ({"paddings": [[1, 1], [1, 0], [0, 0], [0, 0]]}, "not batches"),
    ({"paddings": [[0, 0], [1, 0], [0, 0], [1, 1]]}, "not channels"),
    ({"filter": tf.zeros([3, 2, 2, 4])}, "the same depth: 3 vs 2"),
    ({"input": tf.zeros([0, 5, 6, 3])}, "Input tensor can't be"),
    ({"filter": tf.zeros([3, 2, 3, 0])}, "Output tensor can't be empty")])
def test_what_does_not_fit(given: dict[str, Any], message: str) -> None:
    inputs = {"input": tf.zeros([1, 5, 6, 3]), "filter": tf.zeros([3, 2, 3, 4]), **_GIVEN, **given}
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        tf.raw_ops.FusedPadConv2D(**inputs)
