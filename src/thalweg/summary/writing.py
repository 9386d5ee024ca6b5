"""Writing summaries of any kind."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.scopes import name_scope
from ..ops.creation import constant
from ..ops.summary_files import write_raw_proto_summary, write_summary
from ..runtime.branches import cond
from ..runtime.queries import get_current_name_scope
from .state import checked_step, condition, present_step, state

COLLECTION = "_SUMMARY_V2"
"""The collection of a graph that has what its summaries return."""

_NOT_IN_SCOPES = re.compile(r"[^-_/.A-Za-z0-9]")


@contextmanager
def summary_scope(name: str | None, default_name: str = "summary", values: Any = None) -> Iterator[tuple[str, str]]:
    """A name scope for a kind of summary of one's own. `with` gives the tag and the scope.

    The tag is `name` behind the scopes outside, as it is; the scope has only the characters that names may have, and
    in a graph it is unique.

    Args:
      name: of the summary.
      default_name: instead, where it is None or empty.
      values: accepted, without effect.
    """
    name = name or default_name
    outer = get_current_name_scope()
    with name_scope(_NOT_IN_SCOPES.sub("", name) or default_name) as scope:
        yield f"{outer}/{name}" if outer else name, scope


def write(tag: Any, tensor: Any, step: Any = None, metadata: Any = None, name: str | None = None) -> Any:
    """Writes a tensor to the default writer.

    Args:
      tag: under which name.
      tensor: what to write, or a function that returns it, which is called only if the summary is recorded.
      step: an int64 scalar; the default step where it is None.
      metadata: a `SummaryMetadata` message, or one as bytes.
      name: of the operation.

    Returns:
      A boolean scalar: whether there is a default writer, and the summary is to be recorded.

    Raises:
      ValueError: there is a writer, but no step.
    """
    about = b"" if metadata is None else metadata.SerializeToString() if hasattr(metadata, "SerializeToString") else metadata

    def record(scope: str | None) -> Any:
        when = checked_step(present_step(step))
        value = convert_to_tensor(tensor() if callable(tensor) else tensor)
        return apply(write_summary, (state.writer._resource, when, value, tag, about), name=scope)
    return _recorded(record, step, name or "write_summary")


def write_raw_pb(tensor: Any, step: Any = None, name: str | None = None) -> Any:
    """Writes `Summary` messages to the default writer.

    Args:
      tensor: strings, each a message as bytes; they become one event.
      step: an int64 scalar; the default step where it is None.
      name: of the operation.

    Returns:
      A boolean scalar: whether there is a default writer, and the summary is to be recorded.

    Raises:
      ValueError: there is a writer, but no step. DataLossError: a string is no message.
    """
    if state.writer is not None:
        present_step(step)

    def record(scope: str | None) -> Any:
        when = checked_step(present_step(step))
        return apply(write_raw_proto_summary, (state.writer._resource, when, convert_to_tensor(tensor)), name=scope)
    return _recorded(record, step, name or "write_raw_pb")


def _recorded(record: Callable[[str | None], Any], step: Any, name: str) -> Any:
    """Writes by `record`, now or when the graph runs, if there is a writer and the condition holds."""
    if step is not None:
        checked_step(step)
    with name_scope(name) if ctx.graph is not None else nullcontext() as scope:
        if state.writer is None:
            return constant(False)

        def recording() -> Any:
            done = record(scope)
            with nullcontext() if ctx.graph is None else ctx.graph.control_dependencies([done]):
                return constant(True)
        wanted = condition()
        result = cond(wanted, recording, lambda: constant(False)) if not isinstance(wanted, bool) else \
            recording() if wanted else constant(False)
        if ctx.graph is not None:
            ctx.graph.add_to_collection(COLLECTION, result)
        return result
