"""Outputs of a model in a flat list, and what belongs to each of them."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import thalweg as tf


def is_nested(x: Any) -> bool:
    """Whether `x` is a container of tensors."""
    return isinstance(x, (list, tuple, dict))


def is_flat(x: Any) -> bool:
    """Whether `x` is a container of tensors, none of which is a container."""
    return is_nested(x) and not any(is_nested(part) for part in (x.values() if isinstance(x, dict) else x))


def names_of(y_pred: Any, output_names: Sequence[str] | None) -> list[str | None]:
    """A name for each output, in the order in which outputs are flattened; None where there is none."""
    count = len(tf.nest.flatten(y_pred))
    if is_flat(y_pred) and isinstance(y_pred, dict):
        return sorted(y_pred)
    if output_names and len(output_names) == count:
        return list(output_names)
    return [None] * count


def labels_of(y_true: Any, y_pred: Any, names: Sequence[str | None], given: Sequence[bool]) -> list[Any]:
    """The labels for each output, None for an output without.

    Args:
      y_true: labels in the structure of the outputs, or by name, or in a list for the outputs that have losses.
      y_pred: the outputs.
      names: their names.
      given: which of them have losses.

    Raises:
      ValueError: the structures differ.
    """
    count = len(names)
    if isinstance(y_true, dict):
        if isinstance(y_pred, dict) and is_flat(y_pred):
            return [y_true.get(key) for key in sorted(y_pred)]
        needed = {name for name, wanted in zip(names, given, strict=True) if wanted}
        if set(y_true) in (needed, set(names)):
            return [y_true.get(name) for name in names]
    flat: list[Any] = tf.nest.flatten(y_true)
    if len(flat) == count:
        return flat
    if len(flat) == sum(given):
        rest = iter(flat)
        return [next(rest) if wanted else None for wanted in given]
    raise ValueError("y_true and y_pred have different structures.\n"
                     f"y_true: {tf.nest.map_structure(lambda _: '*', y_true)}\n"
                     f"y_pred: {tf.nest.map_structure(lambda _: '*', y_pred)}\n")


def weights_of(sample_weight: Any, count: int) -> list[Any]:
    """The sample weights for each output: their own, or the same for all."""
    flat = tf.nest.flatten(sample_weight)
    return flat if len(flat) == count else [flat[0]] * count
