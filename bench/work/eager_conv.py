"""Convolution and pooling without a compiled program: forward, and forward with gradients, at the shapes of the CNN row."""

from __future__ import annotations

from functools import partial
from typing import Any

from .rows import Result, row
from .timing import fastest

BATCH = 64
CONVOLUTIONS = {"conv28": ((28, 28, 1), (3, 3, 1, 32)), "conv13": ((13, 13, 32), (3, 3, 32, 64))}
POOLING = (26, 26, 32)


@row("eager_conv", "thalweg", "tensorflow")
def _(tf: Any) -> Result:
    found: Result = {}
    for name, (image, kernel) in CONVOLUTIONS.items():
        x = tf.random.stateless_normal([BATCH, *image], (1, 2))
        w = tf.random.stateless_normal(kernel, (3, 4))
        found[name] = fastest(partial(_convolution, tf, x, w)) * 1e3
        found[f"{name}_gradients"] = fastest(partial(_gradients, tf, _convolution, x, w)) * 1e3
    x = tf.random.stateless_normal([BATCH, *POOLING], (1, 2))
    for name, function in (("pool", _pooling), ("average", _averaging)):
        found[name] = fastest(partial(function, tf, x)) * 1e3
        found[f"{name}_gradient"] = fastest(partial(_gradients, tf, function, x)) * 1e3
    return found


def _convolution(tf: Any, x: Any, w: Any) -> Any:
    return tf.nn.conv2d(x, w, 1, "VALID")


def _pooling(tf: Any, x: Any) -> Any:
    return tf.nn.max_pool2d(x, 2, 2, "VALID")


def _averaging(tf: Any, x: Any) -> Any:
    return tf.nn.avg_pool2d(x, 2, 2, "VALID")


def _gradients(tf: Any, function: Any, *arguments: Any) -> Any:
    """The gradients of what the function gives, by all of its arguments."""
    with tf.GradientTape() as tape:
        tape.watch(arguments)
        out = function(tf, *arguments)
    return tape.gradient(out, arguments)
