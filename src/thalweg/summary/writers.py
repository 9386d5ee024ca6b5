"""Writers of event files."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from ..core import dtypes
from ..core.context import ctx, executing_eagerly
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.init_scope import init_scope
from ..core.scopes import name_scope
from ..core.symbol import SymbolicTensor
from ..ops.creation import no_op
from ..ops.summary_files import (
    close_summary_writer,
    create_summary_file_writer,
    flush_summary_writer,
    summary_writer,
)
from ..runtime.queries import inside_function
from .state import state

INITIALIZERS = "_SUMMARY_WRITER_V2"
"""The collection of a graph that has the operations which open its writers."""


class _Default:
    """Makes a writer the thread's default, from `__enter__` to `__exit__`, which hands what was written to the system."""

    def __init__(self, writer: SummaryWriter, step: Any) -> None:
        self._writer, self._step = writer, step

    def __enter__(self) -> SummaryWriter:
        self._old = state.writer, state.step
        state.writer = self._writer
        if self._step is not None:
            state.step = self._step
        return self._writer

    def __exit__(self, *error: Any) -> None:
        state.writer.flush()
        state.writer, step = self._old
        if self._step is not None:
            state.step = step


class SummaryWriter:
    """Where summaries go: `create_file_writer` makes one."""

    def set_as_default(self, step: Any = None) -> None:
        """Makes this the writer of the thread from here on.

        Args:
          step: if given, the default step as well.

        Raises:
          RuntimeError: the writer is closed.
        """
        self.as_default(step).__enter__()

    def as_default(self, step: Any = None) -> Any:
        """A context manager: inside, this is the writer of the thread.

        Args:
          step: if given, the default step inside.

        Raises:
          RuntimeError: the writer is closed.
        """
        return _Default(self, step)

    def init(self) -> Any:
        """Opens the writer; in a graph, the operation that does."""
        raise TypeError(f"{type(self).__name__} does not say how it is opened")

    def flush(self) -> Any:
        """Hands what was written over to the system; in a graph, the operation that does."""
        raise TypeError(f"{type(self).__name__} does not say how it is flushed")

    def close(self) -> Any:
        """Closes the writer; in a graph, the operation that does."""
        raise TypeError(f"{type(self).__name__} does not say how it is closed")


class _FileWriter(SummaryWriter):
    """Writes an event file: at once in eager code, in a graph when its operations run."""

    def __init__(self, scope: str, arguments: tuple[Any, ...]) -> None:
        shared = "" if ctx.graph is None else scope.rstrip("/")
        self._resource = apply(summary_writer, (), {"shared_name": shared})
        self._init_op = apply(create_summary_file_writer, (self._resource, *arguments))
        self._closed = False
        if ctx.graph is None:
            self._init_op = None
        else:
            ctx.graph.add_to_collection(INITIALIZERS, self._init_op)

    def _check(self) -> None:
        if self._shut():
            raise RuntimeError(f"SummaryWriter {self!r} is already closed")

    def _shut(self) -> bool:
        return self._closed and executing_eagerly()

    def as_default(self, step: Any = None) -> Any:
        self._check()
        return super().as_default(step)

    def init(self) -> Any:
        self._check()
        return self._init_op

    def flush(self) -> Any:
        if self._shut():
            return None
        return _made(apply(flush_summary_writer, (self._resource,)))

    def close(self) -> Any:
        if self._shut():
            return None
        flushed = self.flush()
        self._closed = executing_eagerly()
        with nullcontext() if flushed is None else ctx.graph.control_dependencies([flushed]):
            return _made(apply(close_summary_writer, (self._resource,)))


def _made(node: Any) -> Any:
    """An operation of a graph; None in eager code."""
    return None if ctx.graph is None else node


class _NoWriter(SummaryWriter):
    """A writer that writes nothing and leaves the default writer alone."""

    def set_as_default(self, step: Any = None) -> None:
        pass

    @contextmanager
    def as_default(self, step: Any = None) -> Iterator[None]:
        yield

    def init(self) -> None:
        pass

    flush = close = init


def create_file_writer(logdir: Any, max_queue: Any = None, flush_millis: Any = None, filename_suffix: Any = None,
                       name: str | None = None, experimental_trackable: bool = False,
                       experimental_mesh: Any = None) -> SummaryWriter:
    """A writer with a new event file in a folder.

    Inside a function it is made once, when the function is traced. In a graph the file is opened when the operation
    `init()` runs.

    Args:
      logdir: the folder, which is made where it is missing.
      max_queue: how many summaries wait at most before they are written, 10 unless told otherwise.
      flush_millis: how long they wait at most, as far as further ones come; two minutes unless told otherwise.
      filename_suffix: of the file's name, ".v2" unless told otherwise.
      name: of the operations.
      experimental_trackable, experimental_mesh: accepted, without effect.

    Raises:
      ValueError: no folder; one that is known only when a graph runs, outside graphs.
      OpError: the system does not let the file be written.
    """
    if logdir is None:
        raise ValueError("Argument `logdir` cannot be None")
    inside = inside_function()
    with init_scope():
        given = {"logdir": logdir, "max_queue": max_queue, "flush_millis": flush_millis, "filename_suffix": filename_suffix}
        if executing_eagerly():
            _check_values(given, inside)
        with name_scope(name or "create_file_writer") if ctx.graph is not None else nullcontext("") as scope:
            defaults = {"max_queue": 10, "flush_millis": 120_000, "filename_suffix": ".v2"}
            tensors = [convert_to_tensor(defaults[k] if v is None else v,
                                         dtypes.string if k in ("logdir", "filename_suffix") else dtypes.int32)
                       for k, v in given.items()]
            return _FileWriter(scope, tuple(tensors))


def _check_values(given: dict[str, Any], inside: bool) -> None:
    """Refuses symbolic tensors where the file is opened at once."""
    for name, value in given.items():
        if isinstance(value, SymbolicTensor):
            raise ValueError(
                f"Invalid graph Tensor argument '{name}={value}' to " + (
                    "create_file_writer() inside an @tf.function. The create call will be lifted into the outer eager "
                    "execution context, so it cannot consume graph tensors defined inside the function body." if inside
                    else "eagerly executed create_file_writer()."))


def create_noop_writer() -> SummaryWriter:
    """A writer that writes nothing, for programs that expect one."""
    return _NoWriter()


def flush(writer: Any = None, name: str | None = None) -> Any:
    """Hands what a writer, by default the thread's, has written over to the system.

    Raises:
      ValueError: something else than a writer.
    """
    writer = state.writer if writer is None else writer
    if writer is None:
        return _made(no_op())
    if not isinstance(writer, SummaryWriter):
        raise ValueError(f"Invalid argument to flush(): {writer!r}")
    return writer.flush()
