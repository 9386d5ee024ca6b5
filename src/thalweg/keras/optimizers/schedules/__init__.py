"""Learning rates that change from step to step."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import lookup
from .base import LearningRateSchedule
from .cosine import CosineDecay, CosineDecayRestarts
from .decays import ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay

ALL_OBJECTS_DICT: dict[str, Any] = {
    cls.__name__: cls
    for cls in (
        LearningRateSchedule, CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay,
        PiecewiseConstantDecay, PolynomialDecay,
    )
}  # fmt: skip


def serialize(learning_rate_schedule: Any) -> Any:
    """The config of a schedule."""
    from ... import registry

    return registry.serialize_keras_object(learning_rate_schedule)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The schedule that a config describes."""
    return lookup.deserialize(config, ALL_OBJECTS_DICT, custom_objects)


__all__ = [
    "CosineDecay", "CosineDecayRestarts", "ExponentialDecay", "InverseTimeDecay", "LearningRateSchedule",
    "PiecewiseConstantDecay", "PolynomialDecay", "deserialize", "serialize",
]  # fmt: skip
