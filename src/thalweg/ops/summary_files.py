"""The operations that write event files. A writer is the value of its handle; in a session it is kept under its name."""
from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.host_value import HostValue
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape
from ..formats.event_file import EventFile, own_suffix
from ..formats.event_proto import Event, Summary, Value
from ..formats.graph_proto import GraphDef
from ..formats.message import DecodeError
from .layout import bad
from .random_state import place
from .summaries import REALS, metadata_of, tensor_value, text_of, word
from .summary_values import histogram, images, number, sounds
from .text.values import array_of as strings_of

_SHARED: WeakValueDictionary[Any, Writer] = WeakValueDictionary()
"""The writers outside sessions that have a shared name, for as long as anything holds them."""


class Writer(HostValue):
    """What a handle stands for: an event file, once it is opened, until it is closed."""

    tensor_dtype = dtypes.resource

    def __init__(self, name: str) -> None:
        self.name = name
        self._file: EventFile | None = None

    def open(self, folder: str, most: int, milliseconds: int, suffix: str) -> None:
        """Begins a file, unless one is open."""
        if self._file is None:
            own = own_suffix() + (suffix if suffix.startswith(".") else f".{suffix}")
            self._file = EventFile(folder, own, most, milliseconds / 1000)

    @property
    def file(self) -> EventFile:
        """The open file.

        Raises:
          NotFoundError: there is none.
        """
        if self._file is None:
            raise errors.NotFoundError(f"Resource localhost/{self.name}/N10tensorflow22SummaryWriterInterfaceE does not exist.")
        return self._file

    def close(self) -> None:
        """Ends the file.

        Raises:
          NotFoundError: there is none.
        """
        self.file.close()
        self._file = None

    def add(self, step: Any, **what: Any) -> None:
        """Adds an event that happens now."""
        event = Event(wall_time=time.time(), step=int(_single(step)))
        for name, value in what.items():
            event._put(event._NAMED[name], value)
        self.file.add(event.SerializeToString())


def _single(x: Any) -> Any:
    """The one element of a tensor, of any shape.

    Raises:
      InvalidArgumentError: it has another number of elements.
    """
    array = strings_of(x).reshape(-1)
    if len(array) != 1:
        raise bad(f"Must have a one element tensor, got {len(array)} elements")
    return array[0]


def _first(array: Any) -> Any:
    """The first element of an array.

    Raises:
      InvalidArgumentError: there is none.
    """
    if not array.size:
        raise bad("Must have a one element tensor, got 0 elements")
    return array.reshape(-1)[0]


def _tag(x: Any) -> str:
    return text_of(_single(x))


def _written(values: Any) -> Any:
    """Numbers that go into a file.

    Raises:
      UnimplementedError: they are bfloat16.
    """
    array = np.asarray(values)
    if dtypes.from_numpy(array.dtype) is dtypes.bfloat16:
        raise errors.UnimplementedError("SummaryFileWriter bfloat16 not supported.")
    return array


def writer_of(handle: Any) -> Writer:
    """The writer that a handle stands for."""
    found: Any = handle if isinstance(handle, Writer) else np.asarray(handle, object)[()]
    return found  # type: ignore[no-any-return]


def _values(handle: Any, step: Any, values: list[Value] | None) -> tuple[()]:
    writer_of(handle).add(step, **{} if values is None else {"summary": Summary(value=values)})
    return ()


@op("SummaryWriter", " -> writer: resource", attrs='shared_name: string = ""; container: string = ""',
    infer=lambda op: [(TensorShape([]), dtypes.resource)], host=True, stateful=True)
def summary_writer(xp: Any, shared_name: str = "", container: str = "") -> Any:
    store: Any = ctx.resources
    if store is None:
        if not shared_name:
            return Writer("_AnonymousVar0")
        store = _SHARED
    key = ("summary writer", (container, shared_name) if shared_name else place()[1])
    found = store.get(key)
    if found is None:
        found = store[key] = Writer(shared_name or "SummaryWriter")
    return found


def _action(type: str, inputs: str = "", attrs: str = "") -> Callable[[Callable[..., Any]], OpDef]:
    """Registers an operation on a writer that has no results."""
    def register(kernel: Callable[..., Any]) -> OpDef:
        entry = op(type, f"writer: resource{', ' if inputs else ''}{inputs} -> ", attrs=attrs, infer=lambda op: [], host=True,
                   stateful=True)(kernel)
        return entry.not_differentiable()
    return register


@_action("CreateSummaryFileWriter", "logdir: string, max_queue: int32, flush_millis: int32, filename_suffix: string")
def create_summary_file_writer(xp: Any, writer: Any, logdir: Any, max_queue: Any, flush_millis: Any,
                               filename_suffix: Any) -> Any:
    writer_of(writer).open(word(logdir, "logdir", "a "), int(max_queue), int(flush_millis),
                           word(filename_suffix, "filename_suffix", "a "))
    return ()


@_action("FlushSummaryWriter")
def flush_summary_writer(xp: Any, writer: Any) -> Any:
    writer_of(writer).file.flush()
    return ()


@_action("CloseSummaryWriter")
def close_summary_writer(xp: Any, writer: Any) -> Any:
    writer_of(writer).close()
    return ()


@_action("WriteSummary", "step: int64, tensor: T, tag: string, summary_metadata: string", "T: type")
def write_summary(xp: Any, writer: Any, step: Any, tensor: Any, tag: Any, summary_metadata: Any) -> Any:
    metadata = _single(summary_metadata)
    about = metadata_of(metadata) if metadata else None
    return _values(writer, step, [Value(tag=_tag(tag), tensor=tensor_value(tensor), metadata=about)])


@_action("WriteRawProtoSummary", "step: int64, tensor: string")
def write_raw_proto_summary(xp: Any, writer: Any, step: Any, tensor: Any) -> Any:
    found: list[Value] = []
    array = strings_of(tensor).reshape(-1)
    for i, data in enumerate(array):
        try:
            found += Summary.FromString(data).value
        except DecodeError:
            raise errors.DataLossError(
                None, None, f"Bad tf.compat.v1.Summary binary proto tensor string at index {i}") from None
    return _values(writer, step, found if len(array) else None)


@_action("ImportEvent", "event: string")
def import_event(xp: Any, writer: Any, event: Any) -> Any:
    try:
        read = Event.FromString(_single(event))
    except DecodeError:
        raise errors.DataLossError(None, None, "Bad tf.Event binary proto tensor string") from None
    writer_of(writer).file.add(read.SerializeToString())
    return ()


@_action("WriteGraphSummary", "step: int64, tensor: string")
def write_graph_summary(xp: Any, writer: Any, step: Any, tensor: Any) -> Any:
    data = _single(tensor)
    try:
        GraphDef.FromString(data)
    except DecodeError:
        raise errors.DataLossError(None, None, "Bad tf.GraphDef binary proto tensor string") from None
    writer_of(writer).add(step, graph_def=data)
    return ()


@_action("WriteScalarSummary", "step: int64, tag: string, value: T", f"T: {REALS}")
def write_scalar_summary(xp: Any, writer: Any, step: Any, tag: Any, value: Any) -> Any:
    return _values(writer, step, [number(_tag(tag), _first(_written(value)))])


@_action("WriteHistogramSummary", "step: int64, tag: string, values: T", f"T: {REALS[:-1]}, bool}} = float")
def write_histogram_summary(xp: Any, writer: Any, step: Any, tag: Any, values: Any) -> Any:
    tag = _tag(tag)
    return _values(writer, step, [Value(tag=tag, histo=histogram(_written(values), tag))])


@_action("WriteImageSummary", "step: int64, tag: string, tensor: T, bad_color: uint8",
         "max_images: int = 3; T: {uint8, double, float, half} = float")
def write_image_summary(xp: Any, writer: Any, step: Any, tag: Any, tensor: Any, bad_color: Any, max_images: int = 3) -> Any:
    return _values(writer, step, images(_tag(tag), tensor, max_images, bad_color))


@_action("WriteAudioSummary", "step: int64, tag: string, tensor: float, sample_rate: float", "max_outputs: int = 3")
def write_audio_summary(xp: Any, writer: Any, step: Any, tag: Any, tensor: Any, sample_rate: Any, max_outputs: int = 3) -> Any:
    return _values(writer, step, sounds(_tag(tag), tensor, sample_rate, max_outputs))


summary_writer.not_differentiable()
