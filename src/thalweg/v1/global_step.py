"""The variable that counts training steps."""
from __future__ import annotations

from typing import Any

from ..core import dtypes
from .building import in_default_graph
from .collections import GraphKeys, home
from .initializers import Zeros
from .scopes import get_variable


def create_global_step(graph: Any = None) -> Any:
    """The variable that counts steps, made in the graph.

    Raises:
      ValueError: there is one already.
    """
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with in_default_graph():
        return get_variable("global_step", [], dtypes.int64, Zeros(), trainable=False,
                            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP])


def get_global_step(graph: Any = None) -> Any:
    """The variable that counts steps, or None."""
    with in_default_graph():
        found = (graph or home()).get_collection(GraphKeys.GLOBAL_STEP)
    return found[0] if found else None


def get_or_create_global_step(graph: Any = None) -> Any:
    """The variable that counts steps, made if there is none."""
    found = get_global_step(graph)
    return found if found is not None else create_global_step(graph)


def global_step(sess: Any, global_step_tensor: Any) -> int:
    """The count in a session, as a Python number."""
    return int(sess.run(global_step_tensor))


def assert_global_step(global_step_tensor: Any) -> None:
    """Checks that something can count steps.

    Raises:
      TypeError: it is not of an integer dtype, or not a scalar.
    """
    kind = global_step_tensor.dtype
    if not kind.is_integer:
        raise TypeError(f'Existing "global_step" does not have integer type: {kind}')
    shape = global_step_tensor.shape
    if shape.rank not in (0, None) and shape.is_fully_defined():
        raise TypeError(f'Existing "global_step" is not scalar: {shape}')
