"""What the layers that combine inputs element by element have in common."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...types import Shape, Tensor
from ..layer import Layer


def broadcast(first: Shape, second: Shape) -> tuple[int | None, ...]:
    """The shape in which two shapes meet.

    Raises:
      ValueError: they do not broadcast.
    """
    longer, shorter = (first, second) if len(first) >= len(second) else (second, first)
    sizes = list(longer[: len(longer) - len(shorter)])
    for a, b in zip(longer[len(longer) - len(shorter):], shorter, strict=True):
        if a is None or b is None:
            sizes.append(None)
        elif a == 1 or b == 1 or a == b:
            sizes.append(b if a == 1 else a)
        else:
            raise ValueError(f"Inputs have incompatible shapes. Received shapes {tuple(longer)} and {tuple(shorter)}")
    return tuple(sizes)


class Merge(Layer):
    """Combines a list of inputs; inputs of fewer axes get axes of size 1 after the batch."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Checks the shapes.

        Raises:
          ValueError: not a list of inputs, or shapes that do not go together.
        """
        if not input_shape or not isinstance(input_shape[0], (tuple, list)):
            raise ValueError("A merge layer should be called on a list of inputs. Received: "
                             f"input_shape={input_shape} (not a list of shapes)")
        if len({shape[0] for shape in input_shape if shape} - {None}) > 1:
            raise ValueError("Cannot merge tensors with different batch sizes. Received tensors with shapes "
                             f"{input_shape}")
        self.compute_output_shape(input_shape)

    def call(self, inputs: Any) -> Tensor:
        if not isinstance(inputs, (list, tuple)):
            raise ValueError("A merge layer should be called on a list of inputs. Received: "
                             f"inputs={inputs} (not a list of tensors)")
        ranks = [len(x.shape) for x in inputs]
        if len(set(ranks)) > 1:
            inputs = [_widened(x, max(ranks) - rank) for x, rank in zip(inputs, ranks, strict=True)]
        return self.combine(list(inputs))

    def combine(self, inputs: list[Tensor]) -> Tensor:
        """The inputs, all of one rank, combined; subclasses say how."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape: Any) -> Shape:
        shape = tuple(input_shape[0])[1:]
        for other in input_shape[1:]:
            shape = broadcast(shape, tuple(other)[1:])
        batches = {s[0] for s in input_shape} - {None}
        return (batches.pop() if len(batches) == 1 else None, *shape)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        if previous_mask is None or any(m is None for m in previous_mask):
            return None
        mask = previous_mask[0]
        for other in previous_mask[1:]:
            mask = tf.logical_or(mask, other)
        return mask


def _widened(x: Tensor, count: int) -> Tensor:
    for _ in range(count):
        x = tf.expand_dims(x, 1)
    return x
