"""tf.test: test cases, and what a program asks about the machine before it tests on it."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "runtime.devices": "gpu_device_name is_built_with_cuda is_built_with_gpu_support is_built_with_rocm is_built_with_xla "
        "is_gpu_available",
    "testing.case": "TestCase",
    "testing.functions": "assert_equal_graph_def compute_gradient is_cpu_target_available main",
})
