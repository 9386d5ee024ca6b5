"""The switches between the behaviour of TensorFlow 1 and TensorFlow 2."""
from __future__ import annotations

from typing import Any

from ..core.graph import DEFAULTS
from ..core.shape import set_v2_behavior
from ..ops.operators import set_tensor_equality
from .building import build_eagerly


class _Asked:
    """What a program asked for that makes no difference here."""

    resource_variables = False
    control_flow_v2 = False


def enable_eager_execution(config: Any = None, device_policy: Any = None, execution_mode: Any = None) -> None:
    """From here on operations run at once.

    Args:
      config, device_policy, execution_mode: accepted, without effect.

    Raises:
      ValueError: there are operations in the default graph already, or the call is inside of one.
    """
    if DEFAULTS.stack or (DEFAULTS.root is not None and DEFAULTS.root.get_operations()):
        raise ValueError("tf.enable_eager_execution must be called at program startup.")
    build_eagerly(True)


def disable_eager_execution() -> None:
    """From here on operations become nodes of the default graph, as they do in the beginning."""
    build_eagerly(False)


def enable_v2_behavior() -> None:
    """TensorFlow 2's behaviour: operations run at once, tensors compare element by element, sizes are numbers."""
    enable_eager_execution()
    enable_v2_settings()


def enable_v2_settings() -> None:
    """What else belongs to TensorFlow 2's behaviour."""
    enable_tensor_equality()
    enable_v2_tensorshape()
    enable_resource_variables()
    enable_control_flow_v2()


def disable_v2_behavior() -> None:
    """TensorFlow 1's behaviour, as it is in the beginning."""
    disable_eager_execution()
    disable_v2_settings()


def disable_v2_settings() -> None:
    """What else belongs to TensorFlow 1's behaviour."""
    disable_tensor_equality()
    disable_v2_tensorshape()
    disable_resource_variables()
    disable_control_flow_v2()


def enable_tensor_equality() -> None:
    """`==` of eager tensors and variables compares elements, and they cannot be keys."""
    set_tensor_equality(True)


def disable_tensor_equality() -> None:
    """`==` of tensors and variables asks whether they are the same object, and they can be keys."""
    set_tensor_equality(False)


def enable_v2_tensorshape() -> None:
    """Indexing a shape gives a number or None."""
    set_v2_behavior(True)


def disable_v2_tensorshape() -> None:
    """Indexing a shape gives a `Dimension`."""
    set_v2_behavior(False)


def enable_resource_variables() -> None:
    """Asks for resource variables, which all variables are."""
    _Asked.resource_variables = True


def disable_resource_variables() -> None:
    """No longer asks for resource variables; all variables still are."""
    _Asked.resource_variables = False


def resource_variables_enabled() -> bool:
    """Whether `enable_resource_variables` was called last."""
    return _Asked.resource_variables


def enable_control_flow_v2() -> None:
    """Asks for branches and loops as functions, which they always are."""
    _Asked.control_flow_v2 = True


def disable_control_flow_v2() -> None:
    """No longer asks for branches and loops as functions; they still are."""
    _Asked.control_flow_v2 = False


def control_flow_v2_enabled() -> bool:
    """Whether `enable_control_flow_v2` was called last."""
    return _Asked.control_flow_v2
