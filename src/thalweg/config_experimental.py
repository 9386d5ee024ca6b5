"""tf.config.experimental."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "runtime.devices": "get_visible_devices list_logical_devices list_physical_devices set_memory_growth "
        "set_visible_devices VirtualDeviceConfiguration=LogicalDeviceConfiguration",
})
