"""`FileWriter` of TensorFlow 1: writes what sessions return into an event file."""
from __future__ import annotations

import threading
import time
import warnings
from typing import Any, ClassVar

from ..core import dtypes
from ..core.context import executing_eagerly
from ..core.dispatch import apply
from ..core.graph import Graph
from ..formats.event_file import EventFile
from ..formats.event_proto import Event, Summary, TaggedRunMetadata
from ..formats.graph_def import drawn
from ..formats.graph_proto import GraphDef
from ..formats.local_files import text
from ..formats.message import Message
from ..ops.creation import constant
from ..ops.summary_files import import_event
from ..summary.writers import create_file_writer
from .building import builds
from .collections import graph
from .framework import placeholder_with_default


class _InFile:
    """Writes events into a file of its own."""

    def __init__(self, folder: str, most: int, seconds: float, suffix: str | None) -> None:
        self._arguments = (folder, suffix or "", most, seconds)
        self._file: EventFile | None = EventFile(*self._arguments)

    def reopen(self) -> None:
        if self._file is None:
            self._file = EventFile(*self._arguments)

    def add(self, event: Any) -> None:
        if self._file is not None:
            self._file.add(event.SerializeToString())

    def flush(self) -> None:
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class _InSession:
    """Writes events through the operations of a writer in a session's graph."""

    def __init__(self, session: Any, folder: str, most: int, seconds: float, suffix: str | None) -> None:
        self._session, self._open = session, True
        with session.graph.as_default(), session.graph.name_scope("filewriter"):
            writer: Any = create_file_writer(folder, most, int(seconds * 1000), suffix)
            self._event = placeholder_with_default(constant("unused", dtypes.string), [])
            self._add = apply(import_event, (writer._resource, self._event))
            self._init, self._flush, self._close = writer.init(), writer.flush(), writer.close()
        session.run(self._init)

    def reopen(self) -> None:
        if not self._open:
            self._open = True
            self._session.run(self._init)

    def add(self, event: Any) -> None:
        if self._open:
            self._session.run(self._add, {self._event: event.SerializeToString()})

    def flush(self) -> None:
        if self._open:
            self._session.run(self._flush)

    def close(self) -> None:
        if self._open:
            self._session.run(self._close)
            self._open = False


class FileWriter:
    """Writes summaries and other events into a new file in a folder.

    A context manager, which closes the writer at its end.

    Args:
      logdir: the folder, which is made where it is missing.
      graph: a `Graph` to write.
      max_queue: how many events wait at most before they are written.
      flush_secs: how many seconds they wait at most, as far as further ones come.
      graph_def: a `GraphDef` to write.
      filename_suffix: of the file's name.
      session: if given, operations in its graph write the file.

    Raises:
      RuntimeError: in eager code. OpError: the system does not let the file be written.
    """

    @builds
    def __init__(self, logdir: Any, graph: Any = None, max_queue: int = 10, flush_secs: float = 120, graph_def: Any = None,
                 filename_suffix: str | None = None, session: Any = None) -> None:
        if executing_eagerly():
            raise RuntimeError("v1.summary.FileWriter is not compatible with eager execution. Use "
                               "`tf.summary.create_file_writer`,or a `with v1.Graph().as_default():` context")
        self._logdir, self._closed = logdir, False
        arguments = (text(logdir), max_queue, flush_secs, filename_suffix)
        self._events: Any = _InFile(*arguments) if session is None else _InSession(session, *arguments)
        self._seen: set[str] = set()
        self._run_tags: set[str] = set()
        if graph is not None or graph_def is not None:
            self.add_graph(graph, graph_def=graph_def)

    def get_logdir(self) -> Any:
        """The folder."""
        return self._logdir

    def add_summary(self, summary: Any, global_step: Any = None) -> None:
        """Adds a summary. Of what is said about a tag, only the first is written.

        Args:
          summary: a `Summary` message, or one as bytes.
          global_step: a number.

        Raises:
          DecodeError: the bytes are no message.
        """
        found = Summary.FromString(summary) if isinstance(summary, bytes) else summary
        for value in found.value:
            if value.tag in self._seen:
                value.ClearField("metadata")
            self._seen.add(value.tag)
        self._add(global_step, summary=found)

    def add_session_log(self, session_log: Any, global_step: Any = None) -> None:
        """Adds a `SessionLog` message.

        Args:
          session_log: the message.
          global_step: a number.
        """
        self._add(global_step, session_log=session_log)

    def add_graph(self, graph: Any, global_step: Any = None, graph_def: Any = None) -> None:
        """Adds a graph.

        Args:
          graph: a `Graph`.
          global_step: a number.
          graph_def: a `GraphDef` instead.

        Raises:
          ValueError: both are given. TypeError: it is neither.
        """
        if graph is not None and graph_def is not None:
            raise ValueError("Please pass only graph, or graph_def (deprecated), but not both.")
        given = graph_def if graph is None else graph
        if not isinstance(given, (Graph, GraphDef)):
            raise TypeError("The passed graph must be an instance of `Graph` or the deprecated `GraphDef`")
        message = drawn(given) if isinstance(given, Graph) else given
        self._add(global_step, graph_def=message.SerializeToString())

    def add_meta_graph(self, meta_graph_def: Any, global_step: Any = None) -> None:
        """Adds a `MetaGraphDef` message.

        Args:
          meta_graph_def: the message.
          global_step: a number.

        Raises:
          TypeError: something else.
        """
        if not (isinstance(meta_graph_def, Message) and type(meta_graph_def).__name__ == "MetaGraphDef"):
            raise TypeError(f"meta_graph_def must be type MetaGraphDef, saw type: {type(meta_graph_def)}")
        self._add(global_step, meta_graph_def=meta_graph_def.SerializeToString())

    def add_run_metadata(self, run_metadata: Any, tag: str, global_step: Any = None) -> None:
        """Adds what was recorded of a run.

        Args:
          run_metadata: a `RunMetadata` message.
          tag: the name of the run.
          global_step: a number.

        Raises:
          ValueError: the tag was used before.
        """
        if tag in self._run_tags:
            raise ValueError("The provided tag was already used for this event type")
        self._run_tags.add(tag)
        tagged = TaggedRunMetadata(tag=tag, run_metadata=run_metadata.SerializeToString())
        self._add(global_step, tagged_run_metadata=tagged)

    def _add(self, step: Any, **what: Any) -> None:
        self.add_event(Event(wall_time=time.time(), step=None if step is None else int(step), **what))

    def _warn_if_closed(self) -> None:
        if self._closed:
            warnings.warn("Attempting to use a closed FileWriter. The operation will be a noop unless the FileWriter is "
                          "explicitly reopened.", stacklevel=3)

    def add_event(self, event: Any) -> None:
        """Adds an `Event` message; a closed writer adds nothing."""
        self._warn_if_closed()
        self._events.add(event)

    def flush(self) -> None:
        """Hands what was added over to the system."""
        self._warn_if_closed()
        self._events.flush()

    def close(self) -> None:
        """Closes the file."""
        self._events.close()
        self._closed = True

    def reopen(self) -> None:
        """Begins a new file, unless one is open."""
        self._events.reopen()
        self._closed = False

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()


class FileWriterCache:
    """A writer for each folder."""

    _lock = threading.RLock()
    _writers: ClassVar[dict[Any, FileWriter]] = {}

    @classmethod
    def get(cls, logdir: Any) -> FileWriter:
        """The writer of a folder, made if there is none; it begins with the default graph."""
        with cls._lock:
            if logdir not in cls._writers:
                cls._writers[logdir] = FileWriter(logdir, graph())
            return cls._writers[logdir]

    @classmethod
    def clear(cls) -> None:
        """Closes the writers and forgets them."""
        with cls._lock:
            for writer in cls._writers.values():
                writer.close()
            cls._writers.clear()
