"""What went wrong in a call, told with the arguments of that call."""
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import thalweg as tf

_enabled = True


def enable_traceback_filtering() -> None:
    """Lets errors name the layer and the arguments that they came from."""
    global _enabled
    _enabled = True


def disable_traceback_filtering() -> None:
    """Lets errors pass as they were raised."""
    global _enabled
    _enabled = False


def is_traceback_filtering_enabled() -> bool:
    """Whether errors name the layer and the arguments that they came from."""
    return _enabled


def reporting_arguments(error: Any, owner: Any, function: Callable[..., Any], args: tuple[Any, ...],
                        kwargs: dict[str, Any]) -> Any:
    """An error like `error` that also names the class of `owner` and the arguments that `function` was called with.

    An error that does so already, or a call that does not fit the function, is returned as it is.
    """
    if not _enabled or getattr(error, "_keras_call_info_injected", False):
        return error
    signature = inspect.signature(function)
    try:
        given = signature.bind(*args, **kwargs).arguments
    except TypeError:
        return error
    lines = []
    for parameter in signature.parameters.values():
        value = parameter.default
        if parameter.name in given:
            value = tf.nest.map_structure(_described, given[parameter.name])
        lines.append(f"  • {parameter.name}={value}")
    if not lines:
        return error
    is_op_error = isinstance(error, tf.errors.OpError)
    text = error.message if is_op_error else error.args[0] if error.args else ""
    name = f"{type(owner).__name__}.call()"
    arguments = "\n".join(lines)
    message = (f"Exception encountered when calling {name}.\n\n\x1b[1m{text}\x1b[0m\n\nArguments received by {name}:\n"
               f"{arguments}")
    try:
        told: Any = type(error)(error.node_def, error.op, message) if is_op_error else type(error)(message)
    except TypeError:
        told = RuntimeError(message)
    told._keras_call_info_injected = True
    return told.with_traceback(error.__traceback__)


def _described(value: Any) -> str:
    if tf.is_tensor(value):
        return f"tf.Tensor(shape={value.shape}, dtype={value.dtype.name})"
    return repr(value)
