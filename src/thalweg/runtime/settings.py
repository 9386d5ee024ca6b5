"""Settings of TensorFlow's engine that have no counterpart here: they are checked, kept and given back.

Threads belong to NumPy's BLAS and to XLA, which read their own environment variables when they start; graphs are pruned
and folded always; operations run one after the other and give the same results every time.
"""
from __future__ import annotations

from typing import Any

_POLICIES = ("silent", "silent_for_int32", "warn", "explicit")
_OPTIONS = ("layout_optimizer", "constant_folding", "shape_optimization", "remapping", "arithmetic_optimization",
            "dependency_optimization", "loop_optimization", "function_optimization", "debug_stripper",
            "disable_model_pruning", "scoped_allocator_optimization", "pin_to_host_optimization", "implementation_selector",
            "auto_mixed_precision", "disable_meta_optimizer", "auto_mixed_precision_onednn_bfloat16",
            "auto_mixed_precision_mkl", "auto_mixed_precision_cpu", "min_graph_nodes", "auto_parallel")


class _Held:
    inter_threads = 0
    intra_threads = 0
    jit = ""
    options: dict[str, Any] = {"disable_model_pruning": False, "disable_meta_optimizer": False}
    policy = "silent"
    synchronous = True
    tensor_float_32 = True
    log_placement = False
    traceback_filtering = True


def get_inter_op_parallelism_threads() -> int:
    """The threads for independent operations that were asked for; 0 leaves it to the engine."""
    return _Held.inter_threads


def set_inter_op_parallelism_threads(num_threads: int) -> None:
    """Asks for a number of threads for independent operations."""
    _Held.inter_threads = int(num_threads)


def get_intra_op_parallelism_threads() -> int:
    """The threads within one operation that were asked for; 0 leaves it to the engine."""
    return _Held.intra_threads


def set_intra_op_parallelism_threads(num_threads: int) -> None:
    """Asks for a number of threads within one operation."""
    _Held.intra_threads = int(num_threads)


def get_jit() -> str:
    """"autoclustering" if `set_jit` asked for it, else nothing."""
    return _Held.jit


def set_jit(enabled: bool | str) -> None:
    """Asks for the compilation of what functions contain, which is what happens anyway where it pays."""
    if enabled not in (True, False, "autoclustering"):
        return
    _Held.jit = "autoclustering" if enabled else ""


def get_experimental_options() -> dict[str, Any]:
    """The options that were set for graph optimisation."""
    return dict(_Held.options)


def set_experimental_options(options: dict[str, Any]) -> None:
    """Sets options for graph optimisation; unknown ones are passed over."""
    known = {name: options[name] for name in _OPTIONS if options.get(name) is not None}
    _Held.options = {**known, **{k: v for k, v in _Held.options.items() if k not in known}}


def get_device_policy() -> str:
    """What happens to inputs on another device than their operation."""
    return _Held.policy


def set_device_policy(device_policy: str | None) -> None:
    """Sets what happens to inputs on another device than their operation; they are always brought there.

    Raises:
      ValueError: no such policy.
    """
    if device_policy not in (None, *_POLICIES):
        raise ValueError(f"Invalid argument `device_policy`: {device_policy!r}. Please refer to https://www.tensorflow.org/"
                         "api_docs/python/tf/config/experimental/set_device_policy for valid `device_policy` arguments.")
    _Held.policy = device_policy or "silent"


def get_synchronous_execution() -> bool:
    """Whether eager operations are finished when their call returns, by what was asked for."""
    return _Held.synchronous


def set_synchronous_execution(enable: bool | None) -> None:
    """Asks for operations that are finished when their call returns, as they always are on the host."""
    _Held.synchronous = enable is None or bool(enable)


def tensor_float_32_execution_enabled() -> bool:
    """Whether accelerators may round float32 factors to 19 bits."""
    return _Held.tensor_float_32


def enable_tensor_float_32_execution(enabled: bool) -> None:
    """Sets whether accelerators may round float32 factors to 19 bits."""
    _Held.tensor_float_32 = bool(enabled)


def enable_mlir_bridge() -> None:
    """Accepted, without effect."""


def disable_mlir_bridge() -> None:
    """Accepted, without effect."""


def get_log_device_placement() -> bool:
    """Whether `set_log_device_placement` asked for messages."""
    return _Held.log_placement


def set_log_device_placement(enabled: bool) -> None:
    """Asks for messages on where operations run; a tensor's `device` and `tf.explain` tell it here."""
    _Held.log_placement = bool(enabled)


def is_traceback_filtering_enabled() -> bool:
    """Whether `disable_traceback_filtering` has not been called."""
    return _Held.traceback_filtering


def enable_traceback_filtering() -> None:
    """Takes back `disable_traceback_filtering`; tracebacks show every frame either way."""
    _Held.traceback_filtering = True


def disable_traceback_filtering() -> None:
    """Asks for every frame in tracebacks, which they show anyway."""
    _Held.traceback_filtering = False
