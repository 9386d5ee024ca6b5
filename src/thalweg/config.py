"""tf.config: devices, and how functions run."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "config_experimental": "experimental=.",
    "config_optimizer": "optimizer=.",
    "config_threading": "threading=.",
    "runtime.devices": "LogicalDevice LogicalDeviceConfiguration PhysicalDevice get_logical_device_configuration "
        "get_visible_devices list_logical_devices list_physical_devices set_logical_device_configuration "
        "set_visible_devices",
    "runtime.function": "functions_run_eagerly run_functions_eagerly "
        "experimental_functions_run_eagerly=functions_run_eagerly experimental_run_functions_eagerly=run_functions_eagerly",
    "runtime.placement": "get_soft_device_placement set_soft_device_placement",
})
