"""`Dot`: the products of two inputs, example by example."""
from __future__ import annotations

from string import ascii_lowercase
from typing import Any

import thalweg as tf

from ...config import epsilon
from ...types import Config, Shape, Tensor
from .base import Merge


class Dot(Merge):
    """Sums the products of two inputs along one axis of each; the other axes follow each other in the output.

    Args:
      axes: the axis, or one of each input; not the batch.
      normalize: whether the inputs are divided by their lengths along these axes first: the cosine of the angle.

    Raises:
      TypeError: `axes` is no integer, list or tuple.
      ValueError: `axes` are not two integers, or the sizes differ along them.
    """

    def __init__(self, axes: Any, normalize: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(axes, int):
            if not isinstance(axes, (list, tuple)):
                raise TypeError(f"Invalid type for argument `axes`: it should be a list or an int. Received: axes={axes}")
            if len(axes) != 2:
                raise ValueError("Invalid format for argument `axes`: it should contain two elements. Received: "
                                 f"axes={axes}")
            if not all(isinstance(axis, int) for axis in axes):
                raise ValueError("Invalid format for argument `axes`: list elements should be integers. Received: "
                                 f"axes={axes}")
        self.axes = axes
        self.normalize = normalize

    def _axes(self, ranks: Any) -> list[int]:
        axes = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        return [axis % rank if axis < 0 else axis for axis, rank in zip(axes, ranks, strict=True)]

    def build(self, input_shape: Any) -> None:
        if len(input_shape) != 2 or not isinstance(input_shape[0], (tuple, list)):
            raise ValueError(f"A `Dot` layer should be called on a list of 2 inputs. Received: input_shape={input_shape}")
        one, other = input_shape
        i, j = self._axes((len(one), len(other)))
        if one[i] != other[j]:
            raise ValueError(f"Incompatible input shapes: axis values {one[i]} (at axis {i}) != {other[j]} (at axis {j}). "
                             f"Full input shapes: {one}, {other}")

    def call(self, inputs: Any) -> Tensor:
        if len(inputs) != 2:
            raise ValueError(f"A `Dot` layer should be called on exactly 2 inputs. Received: inputs={inputs}")
        x, y = inputs
        i, j = self._axes((len(x.shape), len(y.shape)))
        if 0 in (i, j):
            raise ValueError("Cannot perform batch_dot over axis 0. If your inputs are not batched, add a dummy batch "
                             "dimension to your inputs using keras.ops.expand_dims(x, 0)")
        if self.normalize:
            x, y = _unit(x, i), _unit(y, j)
        one = ascii_lowercase[:len(x.shape)]
        other = ascii_lowercase[len(one):len(one) + len(y.shape)]
        other = one[0] + other[1:j] + one[i] + other[j + 1:]
        rest = one.replace(one[i], "") + other[1:].replace(one[i], "")
        found = tf.einsum(f"{one},{other}->{rest}", x, y)
        return tf.expand_dims(found, -1) if len(rest) == 1 else found

    def compute_output_shape(self, input_shape: Any) -> Shape:
        if not isinstance(input_shape, (tuple, list)) or len(input_shape) != 2:
            raise ValueError(f"A `Dot` layer should be called on a list of 2 inputs. Received: input_shape={input_shape}")
        one, other = list(input_shape[0]), list(input_shape[1])
        i, j = self._axes((len(one), len(other)))
        del one[i], other[j]
        shape = (*one, *other[1:])
        return shape if len(shape) > 1 else (*shape, 1)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """None: the products of masked steps are not told apart."""
        return None

    def get_config(self) -> Config:
        return {**super().get_config(), "axes": self.axes, "normalize": self.normalize}


def _unit(x: Tensor, axis: int) -> Tensor:
    """`x` with length one along an axis."""
    inverse = tf.math.rsqrt(tf.reduce_sum(tf.square(x), axis, keepdims=True))
    return x * tf.minimum(inverse, 1.0 / epsilon())
