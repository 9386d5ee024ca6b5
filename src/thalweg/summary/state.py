"""Where a thread's summaries go, at which step, and whether they are recorded."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..ops.common import constant_value


class _State(threading.local):
    writer: Any = None
    """The default writer."""
    step: Any = None
    """The default step."""
    condition: Any = None
    """What `record_if` was given, innermost first."""


state = _State()


def get_step() -> Any:
    """The thread's default step, or None."""
    return state.step


def set_step(step: Any) -> None:
    """Sets the thread's default step.

    A function that is traced keeps the step of that time, unless it is a variable.

    Args:
      step: a number or an int64 tensor or variable; None for no default.
    """
    state.step = step


@contextmanager
def record_if(condition: Any) -> Iterator[None]:
    """Records the summaries inside only under a condition.

    Args:
      condition: a boolean, a boolean tensor, or a function that returns one of them, called for every summary.
    """
    previous, state.condition = state.condition, condition
    try:
        yield
    finally:
        state.condition = previous


def condition() -> Any:
    """Whether summaries are recorded here: a boolean, or a boolean tensor whose value is not known yet."""
    if state.writer is None:
        return False
    found = state.condition
    found = True if found is None else found() if callable(found) else found
    if isinstance(found, bool):
        return found
    tensor = convert_to_tensor(found, dtypes.bool)
    known = constant_value(tensor)
    return tensor if known is None else bool(known)


def should_record_summaries() -> Any:
    """Whether summaries are recorded here, a boolean scalar: False where there is no default writer."""
    return convert_to_tensor(condition(), dtypes.bool)


def checked_step(step: Any) -> Any:
    """A step as an int64 tensor.

    Raises:
      ValueError: it has several elements, or another dtype. TypeError: it is no whole number.
    """
    found = convert_to_tensor(step, dtypes.int64)
    if found.shape.num_elements() != 1:
        raise ValueError(f"Argument `step` must be a scalar. Received step with shape {found.shape}.")
    return found


def present_step(step: Any) -> Any:
    """A step, or the thread's default.

    Raises:
      ValueError: there is neither.
    """
    step = state.step if step is None else step
    if step is None:
        raise ValueError("No step set. Please specify one either through the `step` argument or through "
                         "tf.summary.experimental.set_step()")
    return step
