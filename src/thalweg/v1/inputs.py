"""Input by queues, as TensorFlow 1 had it: producers of names and numbers, and batches that threads put together.

Each function adds a queue and a `QueueRunner` for it, whose threads `tf.train.start_queue_runners` starts.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core import dtypes
from ..core.context import executing_eagerly
from ..core.convert import convert_to_tensor
from ..core.shape import TensorShape
from ..ops.assertions import Assert
from ..ops.comparison import greater
from ..ops.creation import identity, shape, size, zeros
from ..ops.files.reading import matching_files
from ..ops.gathering import gather
from ..ops.random import shuffle as random_shuffle
from ..ops.ranges import range as range_of
from .building import in_default_graph
from .collections import GraphKeys, graph
from .framework import name_scope
from .queue_runner import QueueRunner, add_queue_runner
from .queues import FIFOQueue
from .variables import Variable

_EAGER = ("Input pipelines based on Queues are not supported when eager execution is enabled. Please use tf.data to ingest "
          "data into your model instead.")


def refuse_eager(kind: type[Exception] = RuntimeError) -> None:
    """Raises where operations run at once."""
    with in_default_graph():
        if executing_eagerly():
            raise kind(_EAGER)


def match_filenames_once(pattern: Any, name: str | None = None) -> Any:
    """A local variable with the names of the files that match patterns, found when it is initialized.

    Args:
      pattern: a pattern, or a list of them.
      name: of the variable.
    """
    with name_scope(name, "matching_filenames", [pattern]) as scope:
        return Variable(matching_files(pattern), trainable=False, name=scope, shape=TensorShape([None]),
                        collections=[GraphKeys.LOCAL_VARIABLES])


def limit_epochs(tensor: Any, num_epochs: int | None = None, name: str | None = None) -> Any:
    """The tensor itself, `num_epochs` times; then computing it fails. A local variable counts.

    Raises:
      ValueError: `num_epochs` is not positive.
      OutOfRangeError: when it runs, the times are over.
    """
    if num_epochs is None:
        return tensor
    if num_epochs <= 0:
        raise ValueError(f"num_epochs must be > 0 not {num_epochs}.")
    with name_scope(name, "limit_epochs", [tensor]) as scope:
        epochs = Variable(zeros([], dtypes.int64), trainable=False, name="epochs", collections=[GraphKeys.LOCAL_VARIABLES])
        with graph().control_dependencies([epochs.count_up_to(num_epochs)]):
            return identity(tensor, name=scope)


def input_producer(input_tensor: Any, element_shape: Any = None, num_epochs: int | None = None, shuffle: bool = True,
                   seed: int | None = None, capacity: int = 32, shared_name: str | None = None,
                   summary_name: str | None = None, name: str | None = None, cancel_op: Any = None) -> Any:
    """A queue that is filled with the rows of a tensor, again and again.

    Args:
      input_tensor: the rows.
      element_shape: of a row, where the tensor does not tell.
      num_epochs: how many times each row comes; for ever by default.
      shuffle: whether the rows come in another order each time.
      seed: of that order.
      capacity: of the queue.
      shared_name: of the queue.
      summary_name: accepted, without effect.
      name: of the queue.
      cancel_op: what closes the queue at once.

    Raises:
      ValueError: the shape of rows is not known.
      RuntimeError: in eager code.
    """
    refuse_eager()
    with name_scope(name, "input_producer", [input_tensor]) as scope:
        rows = convert_to_tensor(input_tensor, name="input_tensor")
        row = rows.shape[1:].merge_with(element_shape)
        if not row.is_fully_defined():
            raise ValueError("Either `input_tensor` must have a fully defined shape or `element_shape` must be specified")
        if shuffle:
            rows = random_shuffle(rows, seed=seed)
        rows = limit_epochs(rows, num_epochs)
        queue = FIFOQueue(capacity, [rows.dtype.base_dtype], [row], shared_name=shared_name, name=scope)
        add_queue_runner(QueueRunner(queue, [queue.enqueue_many([rows])], cancel_op=cancel_op))
        return queue


def string_input_producer(string_tensor: Any, num_epochs: int | None = None, shuffle: bool = True, seed: int | None = None,
                          capacity: int = 32, shared_name: str | None = None, name: str | None = None,
                          cancel_op: Any = None) -> Any:
    """A queue that is filled with strings, names of files for instance; the arguments are those of `input_producer`.

    Raises:
      ValueError: an empty list.
      InvalidArgumentError: when it runs, a tensor without strings.
      RuntimeError: in eager code.
    """
    refuse_eager()
    empty = "string_input_producer requires a non-null input tensor"
    if not hasattr(string_tensor, "shape") and not string_tensor:
        raise ValueError(empty)
    with name_scope(name, "input_producer", [string_tensor]) as scope:
        strings = convert_to_tensor(string_tensor, dtypes.string)
        with graph().control_dependencies([Assert(greater(size(strings), 0), [empty])]):
            strings = identity(strings)
        return input_producer(strings, [], num_epochs, shuffle, seed, capacity, shared_name, name=scope, cancel_op=cancel_op)


def range_input_producer(limit: Any, num_epochs: int | None = None, shuffle: bool = True, seed: int | None = None,
                         capacity: int = 32, shared_name: str | None = None, name: str | None = None) -> Any:
    """A queue that is filled with the integers below `limit`; the other arguments are those of `input_producer`."""
    refuse_eager()
    with name_scope(name, "input_producer", [limit]) as scope:
        return input_producer(range_of(limit), [], num_epochs, shuffle, seed, capacity, shared_name, name=scope)


def slice_input_producer(tensor_list: Sequence[Any], num_epochs: int | None = None, shuffle: bool = True,
                         seed: int | None = None, capacity: int = 32, shared_name: str | None = None,
                         name: str | None = None) -> list[Any]:
    """One row of each tensor, from the same place; whenever they are computed, they are another row's.

    Args:
      tensor_list: tensors with as many rows each.
      num_epochs, shuffle, seed, capacity, shared_name, name: as in `input_producer`.

    Returns:
      A tensor for each.

    Raises:
      ValueError: no tensors.
      RuntimeError: in eager code.
    """
    refuse_eager()
    with name_scope(name, "input_producer", tensor_list):
        tensors = [convert_to_tensor(t) for t in tensor_list]
        if not tensors:
            raise ValueError("Expected at least one tensor in slice_input_producer().")
        queue = range_input_producer(shape(tensors[0])[0], num_epochs, shuffle, seed, capacity, shared_name)
        place = queue.dequeue()
        return [gather(t, place) for t in tensors]
