"""What Keras remembers about a tensor: its mask, and the logits that an activation made it from.

Tensors hold no attributes of others, so the notes lie in a table that forgets a tensor when it is freed.
"""
from __future__ import annotations

import weakref
from typing import Any

from .types import Tensor

_masks: dict[int, tuple[weakref.ref[Any], Tensor]] = {}
_logits: dict[int, tuple[weakref.ref[Any], Tensor]] = {}


def _set(table: dict[int, tuple[weakref.ref[Any], Tensor]], tensor: Tensor, value: Tensor) -> None:
    key = id(tensor)

    def forget(reference: weakref.ref[Any]) -> None:
        found = table.get(key)
        if found is not None and found[0] is reference:
            del table[key]

    table[key] = (weakref.ref(tensor, forget), value)


def set_mask(tensor: Tensor, mask: Tensor | None) -> None:
    """Attaches a mask to a tensor; None takes it away."""
    if mask is None:
        _masks.pop(id(tensor), None)
    else:
        _set(_masks, tensor, mask)


def get_mask(tensor: Tensor) -> Tensor | None:
    """The mask of a tensor, or None."""
    found = _masks.get(id(tensor))
    return found[1] if found is not None and found[0]() is tensor else None


def set_logits(tensor: Tensor, logits: Tensor) -> None:
    """Notes that `tensor` is the softmax or the sigmoid of `logits`."""
    _set(_logits, tensor, logits)


def get_logits(tensor: Tensor) -> Tensor | None:
    """The logits that a tensor was made from by `activations.softmax` or `activations.sigmoid`, or None."""
    found = _logits.get(id(tensor))
    return found[1] if found is not None and found[0]() is tensor else None
