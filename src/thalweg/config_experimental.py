"""tf.config.experimental."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.random_state": "enable_op_determinism",
    "runtime.devices": "get_device_details get_memory_growth get_memory_info get_memory_usage get_visible_devices "
        "get_virtual_device_configuration=get_logical_device_configuration list_logical_devices list_physical_devices "
        "reset_memory_stats set_memory_growth set_virtual_device_configuration=set_logical_device_configuration "
        "set_visible_devices VirtualDeviceConfiguration=LogicalDeviceConfiguration",
    "runtime.settings": "disable_mlir_bridge enable_mlir_bridge enable_tensor_float_32_execution get_device_policy "
        "get_synchronous_execution set_device_policy set_synchronous_execution tensor_float_32_execution_enabled",
})
