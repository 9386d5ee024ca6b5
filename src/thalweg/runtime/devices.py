"""Devices: what there is, what programs may see, and where `tf.device` asks to run.

Everything runs on the CPU of this process. Explicit placement elsewhere is accepted under soft placement and runs on
the CPU, and is TensorFlow's error without it.
"""
from __future__ import annotations

import re
from types import TracebackType
from typing import Any, NamedTuple

from ..core import errors
from ..core.context import ctx

_PART = re.compile(r"(?:job|replica|task|device|cpu|gpu|tpu)(?::.*)?$", re.IGNORECASE)
_TARGET = re.compile(r"/?(?:.*/)?(?:device:)?(cpu|gpu|tpu):?(\d+|\*)?$", re.IGNORECASE)


class PhysicalDevice(NamedTuple):
    """A piece of hardware."""

    name: str
    device_type: str


class LogicalDevice(NamedTuple):
    """What a program sees of the hardware."""

    name: str
    device_type: str


class LogicalDeviceConfiguration:
    """The options of a logical device; kept as they are given."""

    def __init__(self, memory_limit: float | None = None, experimental_priority: int | None = None,
                 experimental_device_ordinal: int = 0) -> None:
        self.memory_limit = memory_limit
        self.experimental_priority = experimental_priority
        self.experimental_device_ordinal = experimental_device_ordinal


_CPU = PhysicalDevice("/physical_device:CPU:0", "CPU")


class _State:
    soft_placement = True
    visible: list[PhysicalDevice] = [_CPU]


def list_physical_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The hardware, or that of one type."""
    return [d for d in (_CPU,) if device_type in (None, d.device_type)]


def list_logical_devices(device_type: str | None = None) -> list[LogicalDevice]:
    """What programs see of the hardware, or what they see of one type."""
    seen = [LogicalDevice("/device:CPU:0", "CPU")] if _CPU in _State.visible else []
    return [d for d in seen if device_type in (None, d.device_type)]


def get_visible_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The hardware that programs may see."""
    return [d for d in _State.visible if device_type in (None, d.device_type)]


def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """Sets the hardware of a type, or of all types, that programs may see.

    Raises:
      ValueError: something that is no device of this machine.
    """
    chosen = list(devices) if isinstance(devices, (list, tuple)) and not isinstance(devices, PhysicalDevice) else [devices]
    for d in chosen:
        if d not in list_physical_devices(device_type):
            raise ValueError(f"Unrecognized device: {d!r}")
    kept = [d for d in _State.visible if device_type is not None and d.device_type != device_type]
    _State.visible = kept + chosen


def get_soft_device_placement() -> bool:
    """Whether operations run elsewhere when the device that was asked for is not there."""
    return _State.soft_placement


def set_soft_device_placement(enabled: bool) -> None:
    """Sets whether operations may run elsewhere when the device that was asked for is not there."""
    _State.soft_placement = bool(enabled)


def set_memory_growth(device: PhysicalDevice, enable: bool) -> None:
    """Sets how a GPU's memory is taken.

    Raises:
      ValueError: a device that is no GPU.
    """
    if device.device_type != "GPU":
        raise ValueError("Cannot set memory growth on non-GPU and non-Pluggable devices")


def parse(name: str) -> tuple[str, int]:
    """The type and number of the device that a name asks for: ("CPU", 0) where it asks for none.

    Raises:
      ValueError: no device name.
    """
    for part in name.strip("/").split("/"):
        if part and not _PART.match(part):
            raise ValueError(f"Unknown attribute '{part}' is encountered while parsing the device spec: '{name}'.")
    found = _TARGET.match(name)
    if found is None:
        return "CPU", 0
    number = found.group(2)
    return found.group(1).upper(), int(number) if number and number.isdigit() else 0


class device:
    """Asks for a device for what is computed inside, in graphs and outside.

    Args:
      device_name: such as "/GPU:0"; None asks for nothing.

    Raises:
      ValueError: no device name.
      InvalidArgumentError: the device is not there and soft placement is off.
    """

    def __init__(self, device_name: str | None) -> None:
        if device_name is not None and not isinstance(device_name, str):
            raise ValueError(f"Expecting a string device name. Got {type(device_name)}({device_name})")
        self._name = device_name
        kind, _ = parse(device_name) if device_name else ("CPU", 0)
        if kind != "CPU" and not _State.soft_placement and ctx.graph is None:
            raise errors.InvalidArgumentError(
                f"Could not satisfy device specification '/job:localhost/replica:0/task:0/device:{kind}:0'. "
                "enable_soft_placement=0. Supported device types [CPU]. All available devices "
                "[/job:localhost/replica:0/task:0/device:CPU:0].")
        self._scopes: list[Any] = []

    def __enter__(self) -> None:
        scope = ctx.graph.device(self._name) if ctx.graph is not None else None
        self._scopes.append(scope)
        if scope is not None:
            scope.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        scope = self._scopes.pop()
        if scope is not None:
            scope.__exit__(kind, error, trace)


