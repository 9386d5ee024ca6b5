"""Images read along straight lines that are moved, turned or stretched."""
from __future__ import annotations

from math import pi
from typing import Any

import thalweg as tf

from ...types import Tensor


def warped(images: Tensor, transforms: Tensor, interpolation: str, fill_mode: str, fill_value: float,
           data_format: str) -> Tensor:
    """Images under affine transformations.

    Args:
      images: shape `[batch, height, width, channels]`, or with the channels second.
      transforms: `[batch or 1, 8]`, rows `a0, a1, a2, b0, b1, b2, 0, 0`; the pixel at `x, y` of the result is read at
        `a0 x + a1 y + a2, b0 x + b1 y + b2`.
      interpolation: `"nearest"` or `"bilinear"`.
      fill_mode: `"reflect"`, `"wrap"`, `"constant"` or `"nearest"`.
      fill_value: what lies outside for `"constant"`.
      data_format: the layout.
    """
    first = data_format == "channels_first"
    x = tf.transpose(images, [0, 2, 3, 1]) if first else images
    size = tf.shape(x)[1:3] if None in x.shape[1:3] else list(x.shape[1:3])
    y = tf.raw_ops.ImageProjectiveTransformV3(
        images=x, transforms=tf.cast(transforms, tf.float32), output_shape=size, fill_value=fill_value,
        interpolation=interpolation.upper(), fill_mode=fill_mode.upper())
    y = tf.ensure_shape(y, x.shape)
    return tf.transpose(y, [0, 3, 1, 2]) if first else y


def rows_of(*entries: Any) -> Tensor:
    """Transformations from their first six entries: columns of shape `[batch, 1]`, or numbers."""
    like = next(entry for entry in entries if tf.is_tensor(entry))
    columns = [entry if tf.is_tensor(entry) else tf.fill(tf.shape(like), tf.cast(entry, like.dtype))
               for entry in (*entries, 0.0, 0.0)]
    return tf.concat(columns, 1)


def turned(angle: Tensor, height: Any, width: Any) -> Tensor:
    """Rotations about the middle of images, from angles in degrees, shape `[batch]`."""
    angle = angle[:, None] * tf.constant(pi / 180.0, angle.dtype)
    across = 0.5 * (tf.cast(width, angle.dtype) - 1)
    down = 0.5 * (tf.cast(height, angle.dtype) - 1)
    cos, sin = tf.cos(angle), tf.sin(angle)
    return rows_of(cos, -sin, across - across * cos + down * sin, sin, cos, down - across * sin - down * cos)
