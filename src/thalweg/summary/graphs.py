"""Graphs in event files: one that is given, or those of the functions that run between `trace_on` and `trace_export`."""
from __future__ import annotations

import logging
import threading
from typing import Any, NamedTuple

from ..core.context import executing_eagerly
from ..core.dispatch import apply
from ..core.graph import Graph
from ..formats.event_proto import SummaryMetadata
from ..formats.graph_def import drawn
from ..formats.graph_proto import GraphDef
from ..formats.run_metadata import RunMetadata
from ..ops.creation import constant
from ..ops.summary_files import write_graph_summary
from ..runtime import concrete
from .state import checked_step, condition, state
from .writing import summary_scope, write

_log = logging.getLogger("thalweg")
_lock = threading.Lock()


class _Trace(NamedTuple):
    """What `trace_on` was asked for."""

    graph: bool
    profiler: bool


_present: _Trace | None = None


def graph(graph_data: Any) -> Any:
    """Writes a graph to the default writer.

    Args:
      graph_data: a `Graph` or a `GraphDef`.

    Returns:
      A boolean scalar: whether there is a default writer, and summaries are recorded.

    Raises:
      ValueError: inside a graph; something else than a graph, where there is a writer.
    """
    if not executing_eagerly():
        raise ValueError("graph() cannot be invoked inside a graph context.")
    if state.writer is None or not condition():
        return constant(False)
    if not isinstance(graph_data, (Graph, GraphDef)):
        raise ValueError(f"Argument 'graph_data' is not tf.Graph or tf.compat.v1.GraphDef. Received graph_data={graph_data} "
                         f"of type {type(graph_data).__name__}.")
    data = drawn(graph_data) if isinstance(graph_data, Graph) else graph_data
    apply(write_graph_summary, (state.writer._resource, checked_step(0), data.SerializeToString()))
    return constant(True)


def trace_on(graph: bool = True, profiler: bool = False, profiler_outdir: Any = None) -> None:
    """From here on, notes the graphs of the functions that run.

    Args:
      graph: whether graphs are noted.
      profiler: whether times are wanted; there is no profiler here, so graphs alone are noted.
      profiler_outdir: accepted, without effect.
    """
    global _present
    if not executing_eagerly():
        _log.warning("Must enable trace in eager mode.")
        return
    with _lock:
        if _present is not None:
            _log.warning("Trace already enabled")
            return
        if profiler:
            _log.warning("There is no profiler: only graphs are traced.")
        _present = _Trace(graph, profiler)
        concrete.noted = []


def _recorded() -> RunMetadata:
    found = RunMetadata()
    for traced in dict.fromkeys(concrete.noted or ()):
        message = drawn(traced)
        found.partition_graphs.append(message)
        found.function_graphs.add(partition_graphs=[message], pre_optimization_graph=message, post_optimization_graph=message)
    return found


def trace_export(name: str, step: Any = None, profiler_outdir: Any = None) -> None:
    """Writes what was noted since `trace_on` to the default writer, if there is one, and notes no more.

    Args:
      name: the tag, behind the name scopes outside.
      step: an int64 scalar; the default step where it is None.
      profiler_outdir: accepted, without effect.

    Raises:
      ValueError: `trace_on` was not called; there is a writer, but no step.
    """
    if step is not None:
        checked_step(step)
    if not executing_eagerly():
        _log.warning("Can only export trace while executing eagerly.")
        return
    if _present is None:
        raise ValueError("Must enable trace before export through tf.summary.trace_on.")
    kind = "graph_run_metadata_graph" if _present.graph and not _present.profiler else "graph_run_metadata"
    metadata = SummaryMetadata(plugin_data={"plugin_name": kind, "content": b"1"})
    with summary_scope(name, f"{kind}_summary") as (tag, _):
        write(tag, _recorded().SerializeToString(), step, metadata)
    trace_off()


def trace_off() -> None:
    """Notes no more graphs, and forgets those that were noted."""
    global _present
    with _lock:
        _present = concrete.noted = None
