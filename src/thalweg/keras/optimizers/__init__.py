"""Optimizers, and finding them by name."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import lookup
from ..types import Config
from . import schedules
from .adadelta import Adadelta
from .adafactor import Adafactor
from .adagrad import Adagrad
from .adam import Adam, AdamW
from .adamax import Adamax
from .base import Optimizer
from .ftrl import Ftrl
from .lamb import Lamb
from .lion import Lion
from .loss_scale import LossScaleOptimizer
from .nadam import Nadam
from .rmsprop import RMSprop
from .sgd import SGD

ALL_OBJECTS_DICT: dict[str, type[Optimizer]] = {
    cls.__name__.lower(): cls
    for cls in (
        Optimizer, Adam, SGD, RMSprop, Adadelta, AdamW, Adagrad, Adamax, Adafactor, Nadam, Ftrl, Lion, Lamb,
        LossScaleOptimizer,
    )
}  # fmt: skip


def get(identifier: Any) -> Any:
    """The optimizer for a name in any case, a config, or an optimizer, which is returned itself; None for None.

    Raises:
      ValueError: for anything else, with a note naming the optimizer that a misspelt name resembles.
    """
    if identifier is None:
        return None
    found = identifier
    if isinstance(identifier, Mapping):
        found = deserialize(dict(identifier))
    elif isinstance(identifier, str):
        found = deserialize({"class_name": identifier, "config": {}}) if _known(identifier) else None
    if isinstance(found, Optimizer):
        return found
    raise lookup.unknown("optimizer", identifier, ALL_OBJECTS_DICT)


def _known(name: str) -> bool:
    return name.lower() in ALL_OBJECTS_DICT or lookup.by_name(name, ALL_OBJECTS_DICT) is not None


def serialize(optimizer: Optimizer) -> Any:
    """The config of an optimizer."""
    from .. import registry

    return registry.serialize_keras_object(optimizer)


def deserialize(config: Config, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The optimizer that a config describes."""
    name = config["class_name"]
    if name.lower() in ALL_OBJECTS_DICT:
        config = {**config, "class_name": name.lower()}
    return lookup.deserialize(config, ALL_OBJECTS_DICT, custom_objects)


__all__ = [
    "SGD", "Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lamb", "Lion", "LossScaleOptimizer",
    "Nadam", "Optimizer", "RMSprop", "deserialize", "get", "schedules", "serialize",
]  # fmt: skip
