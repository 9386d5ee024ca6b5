"""Names of devices: `/job:localhost/replica:0/task:0/device:GPU:0`, in part or in full."""
from __future__ import annotations

from typing import Any

_FIELDS = ("job", "replica", "task", "device_type", "device_index")
_TYPES = ("CPU", "GPU", "TPU", "CUSTOM", "EPU")


class DeviceSpec:
    """What is said about a device: any of its parts may be missing. Specs do not change.

    Args:
      job: name of the job.
      replica: number of the replica.
      task: number of the task.
      device_type: such as "CPU" or "GPU".
      device_index: number of the device among those of its type.
    """

    __slots__ = ("_device_index", "_device_type", "_job", "_replica", "_task")

    def __init__(self, job: str | None = None, replica: int | None = None, task: int | None = None,
                 device_type: str | None = None, device_index: int | None = None) -> None:
        self._job = None if job is None else str(job)
        self._replica = None if replica is None else int(replica)
        self._task = None if task is None else int(task)
        kind = None if device_type is None else str(device_type)
        self._device_type = kind.upper() if kind is not None and kind.upper() in _TYPES else kind
        self._device_index = None if device_index is None else int(device_index)

    @property
    def job(self) -> str | None:
        """Name of the job, or None."""
        return self._job

    @property
    def replica(self) -> int | None:
        """Number of the replica, or None."""
        return self._replica

    @property
    def task(self) -> int | None:
        """Number of the task, or None."""
        return self._task

    @property
    def device_type(self) -> str | None:
        """The kind of device, or None."""
        return self._device_type

    @property
    def device_index(self) -> int | None:
        """The number among the devices of its type, or None."""
        return self._device_index

    def _parts(self) -> dict[str, Any]:
        return {name: getattr(self, f"_{name}") for name in _FIELDS}

    @classmethod
    def from_string(cls, spec: str) -> DeviceSpec:
        """Reads a name such as "/job:ps/task:1/device:GPU:0", "gpu:0" or "".

        Raises:
          ValueError: no device name.
        """
        return cls(**_parse(spec))

    def parse_from_string(self, spec: str) -> DeviceSpec:
        """The spec that `spec` names; see `from_string`."""
        return type(self).from_string(spec)

    def make_merged_spec(self, dev: DeviceSpec) -> DeviceSpec:
        """This spec, with the parts that `dev` names in place of its own."""
        return type(self)(**{**self._parts(), **{k: v for k, v in dev._parts().items() if v is not None}})

    def replace(self, **kwargs: Any) -> DeviceSpec:
        """This spec with some parts replaced."""
        return type(self)(**{**self._parts(), **kwargs})

    def to_string(self) -> str:
        """The name, in TensorFlow's form; parts that are missing are left out."""
        text = "".join(f"/{name}:{value}" for name, value in
                       (("job", self._job), ("replica", self._replica), ("task", self._task)) if value is not None)
        if self._device_type is not None:
            text += f"/device:{self._device_type}:{'*' if self._device_index is None else self._device_index}"
        return text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeviceSpec) and self.to_string() == other.to_string()

    def __hash__(self) -> int:
        return hash(self.to_string())

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self._parts().items())
        return f"<DeviceSpec({shown})>"


class DeviceSpecV1(DeviceSpec):
    """TensorFlow 1's spec, whose parts can be set."""

    __slots__ = ()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _FIELDS:
            name, value = f"_{name}", getattr(DeviceSpec(**{name: value}), name)
        object.__setattr__(self, name, value)

    def _set(self, parts: dict[str, Any]) -> None:
        for name, value in parts.items():
            setattr(self, f"_{name}", value)

    def parse_from_string(self, spec: str) -> DeviceSpecV1:
        """Takes the parts that `spec` names; returns itself."""
        self._set(DeviceSpec.from_string(spec)._parts())
        return self

    def merge_from(self, dev: DeviceSpec) -> None:
        """Takes over the parts that `dev` names."""
        self._set({k: v for k, v in dev._parts().items() if v is not None})


def _parse(spec: str) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for part in spec.split("/"):
        words = part.split(":")
        key, count = words[0], len(words)
        kind = None
        if key in ("job", "replica", "task") and count == 2:
            if words[1]:
                parts[key] = words[1] if key == "job" else int(words[1])
        elif key.upper() in _TYPES and count in (1, 2):
            kind, index = key, words[1] if count == 2 else "*"
        elif key == "device" and count == 3:
            kind, index = words[1], words[2]
        elif key:
            raise ValueError(f"Unknown attribute '{key}' is encountered while parsing the device spec: '{spec}'.")
        if kind is not None:
            if "device_type" in parts:
                raise ValueError(f"Multiple device types are not allowed while parsing the device spec: {spec}.")
            parts["device_type"] = kind
            parts["device_index"] = None if index == "*" else int(index)
    return parts


def merged(outer: str, inner: str) -> str:
    """The name of a device that `inner` asks for inside a scope that asks for `outer`.

    Raises:
      ValueError: no device name.
    """
    spec = DeviceSpec.from_string(inner)
    return (DeviceSpec.from_string(outer).make_merged_spec(spec) if outer else spec).to_string()
