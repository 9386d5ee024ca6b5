"""`tf.summary` of TensorFlow 1: operations whose results are `Summary` messages, and writers that take these."""
from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..core import dtypes
from ..core.context import ctx, executing_eagerly
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.init_scope import init_scope
from ..core.opdef import OpDef
from ..core.scopes import name_scope
from ..formats.event_proto import (
    Event,
    SessionLog,
    Summary,
    SummaryDescription,
    SummaryMetadata,
    TaggedRunMetadata,
)
from ..formats.graph_def import drawn
from ..ops import summaries
from ..ops.arrays import expand_dims
from ..ops.creation import constant
from ..ops.summary_files import write_graph_summary
from ..summary import values as today
from ..summary.state import checked_step, get_step, state
from ..summary.writers import INITIALIZERS
from ..summary.writing import COLLECTION
from .building import builds
from .collections import GraphKeys, home
from .file_writer import FileWriter, FileWriterCache
from .framework import get_default_session, placeholder
from .global_step import get_global_step

__all__ = ["Event", "FileWriter", "FileWriterCache", "SessionLog", "Summary", "SummaryDescription", "TaggedRunMetadata",
           "all_v2_summary_ops", "audio", "get_summary_description", "histogram", "image", "initialize", "merge", "merge_all",
           "scalar", "tensor_summary", "text"]

_NOT_IN_TAGS = re.compile(r"[^-/\w\.]")


def _clean(name: str | None) -> str | None:
    return name if name is None else _NOT_IN_TAGS.sub("_", name).lstrip("/")


@contextmanager
def _scope(name: str | None, family: str | None = None, default: str | None = None) -> Iterator[tuple[str, str]]:
    """The tag of a summary and the scope of its node. Both are unique in a graph.

    Raises:
      ValueError: there is no name.
    """
    name, family = _clean(name), _clean(family)
    within = name if family is None else f"{family}/{name}"
    if within is None and default is None:
        raise ValueError("At least one of name (None) and default_name (None) must be provided.")
    with name_scope((default or "") if within is None else within) as scope:
        plain = scope.rstrip("/")
        yield (plain if family is None else f"{family}/{plain}"), scope


def _collect(value: Any, collections: Any, default: Sequence[str] = ()) -> Any:
    """Notes a summary in collections of its graph, and returns it."""
    if ctx.graph is not None:
        for key in default if collections is None else collections:
            ctx.graph.add_to_collection(key, value)
    return value


def _made(entry: OpDef, name: str | None, family: str | None, collections: Any, inputs: Sequence[Any], attrs: Any = None,
          default: str | None = None) -> Any:
    """A summary under a tag of its own."""
    with _scope(name, family, default) as (tag, scope):
        named = scope if ctx.graph is not None and scope else None
        return _collect(apply(entry, (tag, *inputs), attrs or {}, named), collections, (GraphKeys.SUMMARIES,))


def _step() -> Any:
    step = get_step()
    return get_global_step() if step is None else step


def _writes_at_once() -> bool:
    """Whether summaries go to TensorFlow 2's default writer: in eager code, if there is one, and a step."""
    with init_scope():
        if not executing_eagerly():
            return False
        if state.writer is None or _step() is None:
            what = "default summary writer not found." if state.writer is None else "global step not set."
            warnings.warn(f"Cannot activate TF2 compatibility support for TF1 summary ops: {what}", stacklevel=4)
            return False
    return True


@contextmanager
def _tag_today(name: str | None, family: str | None) -> Iterator[str]:
    """The tag for a summary of TensorFlow 2, outside all name scopes."""
    with _scope(name, family) as (tag, _), name_scope(""):
        yield tag


@builds
def scalar(name: str, tensor: Any, collections: Any = None, family: str | None = None) -> Any:
    """A summary of a number.

    In eager code with a default writer and a step, it is written by `tf.summary.scalar` of TensorFlow 2 instead, and the
    result is empty. So it is with the other kinds.

    Args:
      name: of the node, which is the tag too.
      tensor: a real scalar.
      collections: keys of collections that the result goes to, `GraphKeys.SUMMARIES` by default.
      family: put before the tag.

    Returns:
      A string scalar, a `Summary` message as bytes.

    Raises:
      TypeError: another dtype. InvalidArgumentError: when it runs, another shape.
    """
    if _writes_at_once():
        with _tag_today(name, family) as tag:
            today.scalar(tag, tensor, _step())
        return constant(b"")
    return _made(summaries.scalar_summary, name, family, collections, (convert_to_tensor(tensor),))


@builds
def histogram(name: str, values: Any, collections: Any = None, family: str | None = None) -> Any:
    """A summary of how numbers are distributed.

    Args:
      name: of the node, which is the tag too.
      values: real numbers, of any shape.
      collections: keys of collections that the result goes to, `GraphKeys.SUMMARIES` by default.
      family: put before the tag.

    Returns:
      A string scalar, a `Summary` message as bytes.

    Raises:
      TypeError: another dtype. InvalidArgumentError: when it runs, NaN or infinity among the numbers.
    """
    if _writes_at_once():
        with _tag_today(name, family) as tag:
            today.histogram(tag, values, _step())
        return constant(b"")
    return _made(summaries.histogram_summary, name, family, collections, (convert_to_tensor(values),),
                 default="HistogramSummary")


@builds
def image(name: str, tensor: Any, max_outputs: int = 3, collections: Any = None, family: str | None = None) -> Any:
    """A summary of pictures, as PNG files.

    Floating numbers are scaled, each picture by itself: so that the largest is at the end of the range, and where there
    are negative ones, zero in its middle.

    Args:
      name: of the node. Tags are `name/image`, or `name/image/0`, `name/image/1`, ... unless `max_outputs` is 1.
      tensor: shape `[count, height, width, channels]`, uint8 or floating, with 1, 3 or 4 channels.
      max_outputs: how many to take at most.
      collections: keys of collections that the result goes to, `GraphKeys.SUMMARIES` by default.
      family: put before the tag.

    Returns:
      A string scalar, a `Summary` message as bytes.

    Raises:
      TypeError: another dtype. InvalidArgumentError: when it runs, another shape.
    """
    if _writes_at_once():
        with _tag_today(name, family) as tag:
            today.image(tag, tensor, _step(), max_outputs)
        return constant(b"")
    return _made(summaries.image_summary, name, family, collections, (convert_to_tensor(tensor),),
                 {"max_images": max_outputs, "bad_color": summaries.BAD_COLOR})


@builds
def audio(name: str, tensor: Any, sample_rate: Any, max_outputs: int = 3, collections: Any = None,
          family: str | None = None) -> Any:
    """A summary of sounds, as WAV files.

    Args:
      name: of the node. Tags are `name/audio`, or `name/audio/0`, `name/audio/1`, ... unless `max_outputs` is 1.
      tensor: float32, shape `[count, frames]` or `[count, frames, channels]`, in [-1, 1].
      sample_rate: frames a second, a float32 scalar.
      max_outputs: how many to take at most.
      collections: keys of collections that the result goes to, `GraphKeys.SUMMARIES` by default.
      family: put before the tag.

    Returns:
      A string scalar, a `Summary` message as bytes.

    Raises:
      InvalidArgumentError: when it runs, another shape, or a sample rate that is not positive.
    """
    if _writes_at_once():
        tensor = expand_dims(tensor, 2) if convert_to_tensor(tensor).shape.rank == 2 else tensor
        with _tag_today(name, family) as tag:
            today.audio(tag, tensor, sample_rate, _step(), max_outputs)
        return constant(b"")
    inputs = (convert_to_tensor(tensor, dtypes.float32), convert_to_tensor(sample_rate, dtypes.float32))
    return _made(summaries.audio_summary, name, family, collections, inputs, {"max_outputs": max_outputs})


@builds
def text(name: str, tensor: Any, collections: Any = None) -> Any:
    """A summary of text, in Markdown.

    Args:
      name: of the node, which is the tag too.
      tensor: strings; those of a matrix are shown as a table.
      collections: keys of collections that the result goes to, `GraphKeys.SUMMARIES` by default.

    Returns:
      A string scalar, a `Summary` message as bytes.

    Raises:
      ValueError: another dtype.
    """
    if tensor.dtype != dtypes.string:
        raise ValueError(f"Expected tensor {getattr(tensor, 'name', tensor)} to have dtype string, got {tensor.dtype}")
    if _writes_at_once():
        today.text(name, tensor, _step())
        return constant(b"")
    return tensor_summary(name, tensor, None, collections, SummaryMetadata(plugin_data={"plugin_name": "text"}))


@builds
def tensor_summary(name: str, tensor: Any, summary_description: str | None = None, collections: Any = None,
                   summary_metadata: Any = None, family: str | None = None, display_name: str | None = None) -> Any:
    """A summary of a tensor of any kind.

    Args:
      name: of the node, which is the tag too.
      tensor: what to write.
      summary_description: for the reader, in Markdown.
      collections: keys of collections that the result goes to, `GraphKeys.SUMMARIES` by default.
      summary_metadata: a `SummaryMetadata` message: for which part of TensorBoard it is.
      family: put before the tag.
      display_name: what TensorBoard calls it, instead of the tag.

    Returns:
      A string scalar, a `Summary` message as bytes.
    """
    metadata = SummaryMetadata()
    if summary_metadata is not None:
        metadata.CopyFrom(summary_metadata)
    if summary_description is not None:
        metadata.summary_description = summary_description
    if display_name is not None:
        metadata.display_name = display_name
    inputs = (convert_to_tensor(tensor), metadata.SerializeToString())
    return _made(summaries.tensor_summary, name, family, collections, inputs)


def _refuse_eager() -> None:
    if executing_eagerly():
        raise RuntimeError("Merging tf.summary.* ops is not compatible with eager execution. Use tf.contrib.summary instead.")


@builds
def merge(inputs: Any, collections: Any = None, name: str | None = None) -> Any:
    """One summary with the values of several.

    Args:
      inputs: string scalars, `Summary` messages as bytes.
      collections: keys of collections that the result goes to, none by default.
      name: of the node.

    Returns:
      A string scalar, a `Summary` message as bytes.

    Raises:
      RuntimeError: in eager code. ValueError: no summaries.
      InvalidArgumentError: when it runs, a tag occurs twice.
    """
    _refuse_eager()
    inputs = list(inputs)
    if not inputs:
        raise ValueError("List argument 'inputs' to 'MergeSummary' Op with length 0 shorter than minimum length 1.")
    name = _clean(name)
    with name_scope(name or "Merge"):
        merged = apply(summaries.merge_summary, [convert_to_tensor(x, dtypes.string) for x in inputs], {}, name)
        return _collect(merged, collections)


@builds
def merge_all(key: str = GraphKeys.SUMMARIES, scope: str | None = None, name: str | None = None) -> Any:
    """One summary with the values of all in a collection.

    Args:
      key: of the collection.
      scope: a regular expression for the names of those that count, all by default.
      name: of the node.

    Returns:
      A string scalar, a `Summary` message as bytes; None where there are no summaries.

    Raises:
      RuntimeError: in eager code.
    """
    _refuse_eager()
    found = ctx.graph.get_collection(key, scope)
    return merge(found, name=name) if found else None


def get_summary_description(node_def: Any) -> Any:
    """The `SummaryDescription` in the attributes of a node that makes summaries of tensors.

    Args:
      node_def: a `NodeDef`.

    Raises:
      ValueError: a node of another type; its description is not one.
    """
    if node_def.op != "TensorSummary":
        raise ValueError(f"Can't get_summary_description on {node_def.op}")
    found = json.loads(node_def.attr["description"].s.decode())
    unknown = set(found) - {"type_hint", "typeHint"}
    if unknown:
        raise ValueError(f'Message type "tensorflow.SummaryDescription" has no field named "{min(unknown)}".')
    return SummaryDescription(type_hint=found.get("typeHint", found.get("type_hint")))


@builds
def all_v2_summary_ops() -> Any:
    """What the summaries of TensorFlow 2 in the graph return, a list; None in eager code."""
    return None if ctx.graph is None else ctx.graph.get_collection(COLLECTION)


@builds
def initialize(graph: Any = None, session: Any = None) -> None:
    """Opens the writers of TensorFlow 2 in the graph; nothing in eager code.

    Args:
      graph: a `Graph` or a `GraphDef` to write.
      session: what runs the operations, the default session unless told otherwise.

    Raises:
      RuntimeError: there is no default writer. ValueError: there is no session.
    """
    if ctx.graph is None:
        return
    if state.writer is None:
        raise RuntimeError("No default tf.contrib.summary.SummaryWriter found")
    session = session or get_default_session()
    if session is None:
        raise ValueError("Argument `session must be passed if no default session exists")
    session.run(home().get_collection(INITIALIZERS))
    if graph is not None:
        message = drawn(graph) if hasattr(graph, "get_operations") else graph
        data = placeholder(dtypes.string, [])
        node = apply(write_graph_summary, (state.writer._resource, checked_step(0), data))
        session.run(node, {data: message.SerializeToString()})
