"""Devices: what hardware there is, what programs may see of it, and into which logical devices it is divided.

The host is CPU:0. Further CPU devices are virtual ones of JAX's; GPUs and TPUs are those that JAX finds. Nothing here
imports JAX before somebody uses a device other than the host, or asks for the hardware of a machine that has some.
"""
from __future__ import annotations

import glob
import importlib.util
import os
from collections.abc import Sequence
from typing import Any, NamedTuple

_CPU_MEMORY = "Setting memory limit on CPU virtual devices is currently not supported"


class PhysicalDevice(NamedTuple):
    """A piece of hardware."""

    name: str
    device_type: str


class LogicalDevice(NamedTuple):
    """What a program sees of the hardware."""

    name: str
    device_type: str


class LogicalDeviceConfiguration(NamedTuple):
    """One of the parts that a physical device is divided into.

    Attributes:
      memory_limit: in megabytes, of a GPU.
      experimental_priority: accepted, without effect.
      experimental_device_ordinal: accepted, without effect.
    """

    memory_limit: float | None = None
    experimental_priority: int | None = None
    experimental_device_ordinal: int | None = None


class _State:
    visible: dict[str, list[PhysicalDevice]] = {}
    parts: dict[PhysicalDevice, list[LogicalDeviceConfiguration]] = {}
    growth: dict[PhysicalDevice, bool] = {}
    jax_devices: dict[PhysicalDevice, list[Any]] | None = None
    initialized = False
    physical: list[PhysicalDevice] | None = None


_CPU = PhysicalDevice("/physical_device:CPU:0", "CPU")


def _has(*packages: str) -> bool:
    return any(importlib.util.find_spec(p) is not None for p in packages)


def _accelerators() -> list[PhysicalDevice]:
    """The GPUs and TPUs that JAX could use, found without starting JAX."""
    count = len(glob.glob("/dev/nvidia[0-9]*")) if is_built_with_cuda() else 0
    count += len(glob.glob("/dev/dri/renderD*")) if is_built_with_rocm() else 0
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    if allowed is not None:
        count = min(count, len([d for d in allowed.split(",") if d.strip() and d.strip() != "-1"]))
    if os.environ.get("JAX_PLATFORMS", "") == "cpu":
        return []
    found = [PhysicalDevice(f"/physical_device:GPU:{i}", "GPU") for i in range(count)]
    if _has("libtpu") and glob.glob("/dev/accel*"):
        found += [PhysicalDevice(f"/physical_device:TPU:{i}", "TPU") for i in range(len(glob.glob("/dev/accel*")))]
    return found


def list_physical_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The hardware, or that of one type: "CPU", "GPU", "TPU"."""
    if _State.physical is None:
        _State.physical = [_CPU, *_accelerators()]
    return [d for d in _State.physical if device_type in (None, d.device_type)]


def get_visible_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The hardware that programs may see."""
    return [d for d in list_physical_devices(device_type) if d in _State.visible.get(d.device_type, [d])]


def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """Sets the hardware of a type, or of all types, that programs may see.

    Raises:
      ValueError: something that is no device of this machine, or of another type.
      RuntimeError: devices are in use already, and this would change which.
    """
    chosen = list(devices) if isinstance(devices, (list, tuple)) and not isinstance(devices, PhysicalDevice) else [devices]
    for d in chosen:
        if d not in list_physical_devices():
            raise ValueError(f"Unrecognized device: {d!r}")
        if device_type is not None and d.device_type != device_type:
            raise ValueError(f"Unrecognized device: {d!r}")
    kinds = [device_type] if device_type is not None else sorted({d.device_type for d in list_physical_devices()})
    wanted = {kind: [d for d in chosen if d.device_type == kind] for kind in kinds}
    if _State.initialized and any(get_visible_devices(kind) != held for kind, held in wanted.items()):
        raise RuntimeError("Visible devices cannot be modified after being initialized")
    _State.visible.update(wanted)


def get_logical_device_configuration(device: PhysicalDevice) -> list[LogicalDeviceConfiguration] | None:
    """The parts that a physical device is divided into, or None if nobody said.

    Raises:
      ValueError: no device of this machine.
    """
    _known(device)
    return _State.parts.get(device)


def set_logical_device_configuration(device: PhysicalDevice, logical_devices: Sequence[LogicalDeviceConfiguration]) -> None:
    """Divides a physical device into logical ones, which programs use as if each were a device of its own.

    The parts of the CPU need the `xla` extra. The parts of a GPU share its memory: a limit is remembered, not enforced.

    Raises:
      ValueError: no device of this machine, or a memory limit for the CPU.
      RuntimeError: devices are in use already, and this would change them; or there is no JAX.
    """
    _known(device)
    parts = list(logical_devices)
    if _State.growth.get(device):
        raise ValueError("Cannot set virtual devices when memory growth is enabled")
    if device.device_type == "CPU" and any(p.memory_limit is not None for p in parts):
        raise ValueError(_CPU_MEMORY)
    if _State.parts.get(device) == parts:
        return
    if _State.initialized:
        raise RuntimeError("Virtual devices cannot be modified after being initialized")
    if device.device_type == "CPU" and len(parts) > 1 and not _has("jax"):
        raise RuntimeError("Virtual CPU devices are JAX's: install thalweg[xla]")
    _State.parts[device] = parts


def _known(device: Any) -> None:
    if device not in list_physical_devices():
        raise ValueError(f"Unrecognized device: {device!r}")


def set_memory_growth(device: PhysicalDevice, enable: bool) -> None:
    """Sets whether a GPU's memory is taken as it is needed, or most of it at the start.

    Raises:
      ValueError: a device that is no GPU, or that is divided into logical ones.
      RuntimeError: devices are in use already, and this would change how.
    """
    _known(device)
    if device in _State.parts:
        raise ValueError("Cannot set memory growth on device when virtual devices configured")
    if device.device_type != "GPU":
        raise ValueError("Cannot set memory growth on non-GPU and non-Pluggable devices")
    if _State.growth.get(device, False) == bool(enable):
        return
    if _State.initialized:
        raise RuntimeError("Physical devices cannot be modified after being initialized")
    _State.growth[device] = bool(enable)


def get_memory_growth(device: PhysicalDevice) -> bool:
    """Whether a GPU's memory is taken as it is needed.

    Raises:
      ValueError: no device of this machine.
      KeyError: a device that is no GPU.
    """
    _known(device)
    if device.device_type != "GPU":
        raise KeyError(device)
    return _State.growth.get(device, False)


def logical_devices() -> list[tuple[LogicalDevice, PhysicalDevice, int]]:
    """The logical devices, each with its hardware and its number among the parts of that; fixed from here on."""
    _State.initialized = True
    if any(d is not _CPU for d in get_visible_devices()):
        start_jax()  # which finds out whether they can be used
    found: list[tuple[LogicalDevice, PhysicalDevice, int]] = []
    for physical in get_visible_devices():
        kind = physical.device_type
        for part in range(len(_State.parts.get(physical) or [None])):
            index = sum(1 for device, _, _ in found if device.device_type == kind)
            found.append((LogicalDevice(f"/device:{kind}:{index}", kind), physical, part))
    return found


def list_logical_devices(device_type: str | None = None) -> list[LogicalDevice]:
    """What programs see of the hardware, or what they see of one type."""
    return [d for d, _, _ in logical_devices() if device_type in (None, d.device_type)]


def start_jax() -> Any:
    """JAX, started with the devices that were asked for.

    Raises:
      RuntimeError: somebody else has started JAX with fewer virtual CPU devices.
    """
    import jax
    if _State.jax_devices is not None:
        return jax
    _State.initialized = True
    parts = len(_State.parts.get(_CPU) or [None])
    if parts > 1:
        try:
            jax.config.update("jax_num_cpu_devices", parts)
        except RuntimeError:
            if len(jax.devices("cpu")) < parts:
                raise RuntimeError(f"JAX was started with fewer CPU devices than the {parts} that were asked for") from None
    if any(_State.growth.values()):
        os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    _State.jax_devices = {_CPU: jax.devices("cpu")[:parts]}
    for physical in list_physical_devices()[1:]:
        number = int(physical.name.rpartition(":")[2])
        try:
            held = jax.devices(physical.device_type.lower())
        except RuntimeError:  # there, but JAX cannot use it: no driver, or another process has it
            held = []
        if number < len(held):
            _State.jax_devices[physical] = [held[number]] * len(_State.parts.get(physical) or [None])
        elif _State.physical is not None:
            _State.physical.remove(physical)
    return jax


def jax_device(physical: PhysicalDevice, part: int) -> Any:
    """The JAX device of a part of the hardware."""
    start_jax()
    assert _State.jax_devices is not None
    return _State.jax_devices[physical][part]


def get_device_details(device: PhysicalDevice) -> dict[str, Any]:
    """What is known of a GPU: its name and compute capability. Nothing of other devices.

    Raises:
      ValueError: no device of this machine.
    """
    _known(device)
    if device.device_type != "GPU":
        return {}
    held = jax_device(device, 0)
    details: dict[str, Any] = {"device_name": held.device_kind}
    capability = getattr(held, "compute_capability", None)
    if capability is not None:
        major, _, minor = str(capability).partition(".")
        details["compute_capability"] = (int(major), int(minor or 0))
    return details


def get_memory_info(device: str) -> dict[str, int]:
    """The memory in use on a device, now and at most, in bytes; zeros for the host, where nobody counts.

    Raises:
      ValueError: no device that matches.
    """
    statistics = _matching(device).memory_stats() or {}
    return {"current": int(statistics.get("bytes_in_use", 0)), "peak": int(statistics.get("peak_bytes_in_use", 0))}


def get_memory_usage(device: str) -> int:
    """The memory in use on a device, in bytes.

    Raises:
      ValueError: no device that matches.
    """
    return get_memory_info(device)["current"]


def reset_memory_stats(device: str) -> None:
    """Would start the peak of `get_memory_info` anew; XLA offers no way, so the peak stays that of the process.

    Raises:
      ValueError: no device that matches.
    """
    _matching(device)


class _Uncounted:
    """A host without JAX."""

    def memory_stats(self) -> None:
        return None


def _matching(device: str) -> Any:
    from ..core.device_spec import DeviceSpec
    spec = DeviceSpec.from_string(device)
    name = f"/device:{spec.device_type}:{spec.device_index or 0}"
    for logical, physical, part in logical_devices():
        if logical.name == name:
            return jax_device(physical, part) if _has("jax") else _Uncounted()
    raise ValueError(f"No matching devices found for '{device}'")


def gpu_device_name() -> str:
    """The name of the first GPU that programs see, or nothing."""
    return next((d.name for d in list_logical_devices("GPU")), "")


def is_gpu_available(cuda_only: bool = False, min_cuda_compute_capability: tuple[int, int] | None = None) -> bool:
    """Whether programs see a GPU.

    Args:
      cuda_only: accepted, without effect.
      min_cuda_compute_capability: the least that it must have, such as `(7, 0)`.
    """
    found = get_visible_devices("GPU")
    if min_cuda_compute_capability is None:
        return bool(found)
    return any(get_device_details(d).get("compute_capability", (0, 0)) >= tuple(min_cuda_compute_capability) for d in found)


def is_built_with_cuda() -> bool:
    """Whether JAX's plugin for CUDA is installed."""
    return _has("jax_cuda12_plugin", "jax_cuda13_plugin")


def is_built_with_rocm() -> bool:
    """Whether JAX's plugin for ROCm is installed."""
    return _has("jax_rocm7_plugin", "jax_rocm60_plugin")


def is_built_with_gpu_support() -> bool:
    """Whether one of JAX's plugins for GPUs is installed."""
    return is_built_with_cuda() or is_built_with_rocm()


def is_built_with_xla() -> bool:
    """Whether JAX, and XLA with it, is installed."""
    return _has("jax")
