"""What hooks and scaffolds share: the graph they extend, the count of steps, and the writers of folders."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from ...core.graph import Graph
from ..building import eagerly
from ..collections import graph
from ..file_writer import FileWriter, FileWriterCache
from ..global_step import get_global_step

_STEP_READ = "global_step_read_op_cache"


@contextmanager
def building() -> Iterator[Graph]:
    """Makes the operations inside nodes of the default graph, which stays of the version of TensorFlow that it is."""
    found = graph()
    with nullcontext() if found.first_version else eagerly(), found.as_default():
        yield found


def step_read(user: str) -> Any:
    """The count of steps as it is when a run begins, before the run counts on.

    Raises:
      RuntimeError: nobody made the variable.
    """
    with building() as found:
        held = found.get_collection(_STEP_READ)
        if held:
            return held[0]
        variable = get_global_step(found)
        if variable is None:
            raise RuntimeError(f"Global step should be created to use {user}.")
        with found.name_scope(f"{variable.op.name}/"):
            read = found.as_graph_element(variable) + 0  # the first node that reads it, so it is read before any update
        found.add_to_collection(_STEP_READ, read)
        return read


def writer_of(folder: Any) -> FileWriter:
    """The writer of events in a folder."""
    with building():
        return FileWriterCache.get(folder)
