"""tf.queue: queues of tensors, in eager code, functions and sessions."""
from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ...core import dtypes as types
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.opdef import OpDef, get_op
from ...core.scopes import name_scope
from ...core.shape import TensorShape, as_shape
from ...core.symbol import SymbolicTensor
from ..common import static_value
from ..random_state import get_seed_or_none
from . import entries


def _as_types(dtypes: Any) -> list[Any]:
    return [types.as_dtype(t) for t in (dtypes if isinstance(dtypes, (list, tuple)) else [dtypes])]


def _single(shape: Any) -> bool:
    return shape is None or isinstance(shape, int)


def _as_shapes(shapes: Any, partial: bool = False) -> list[TensorShape] | None:
    """A list of shapes, or a single one.

    Raises:
      TypeError: no list.
      ValueError: shapes that are not wholly known, or, where they may be known in part, whose rank is not.
    """
    if partial and (not isinstance(shapes, Sequence) or not shapes or any(map(_single, shapes))):
        raise ValueError("When providing partial shapes, a list of shapes must be provided.")
    if shapes is None:
        return None
    if isinstance(shapes, TensorShape):
        shapes = [shapes]
    if not isinstance(shapes, (list, tuple)):
        raise TypeError(f"Argument `shapes` must be a TensorShape or a list or tuple of TensorShapes. Received: {shapes}.")
    if all(map(_single, shapes)):
        shapes = [shapes]
    found = [as_shape(s) for s in shapes]
    if not partial and not all(s.is_fully_defined() for s in found):
        raise ValueError(f"All shapes must be fully defined: {found}")
    if not all(s.rank is not None for s in found):
        raise ValueError(f"All shapes must have a defined rank: {found}")
    return found


def _as_names(names: Any, count: int) -> list[str] | None:
    if names is None:
        return None
    if not isinstance(names, (list, tuple)):
        raise TypeError(f"Argument `names` must be a list of strings. Received: {names}")
    if len(names) != count:
        raise ValueError("List of names must have the same length as the list of dtypes, received "
                         f"len(names)={len(names)},len(dtypes)={count}")
    return list(names)


class QueueBase:
    """A queue: threads put elements in and take them out, and wait for each other.

    Methods run at once, or give nodes in the graph of the queue's handle. An element is a tensor, a list of tensors of
    different types, or, in a queue with names, a dictionary.

    Args:
      dtypes: the types of an element's components.
      shapes: their shapes, or None where elements may differ.
      names: their names, or None.
      queue_ref: the handle.

    Raises:
      ValueError: another number of shapes or names than of types.
    """

    def __init__(self, dtypes: Any, shapes: Any, names: Any, queue_ref: Any) -> None:
        self._dtypes = list(dtypes)
        if shapes is not None and len(shapes) != len(self._dtypes):
            raise ValueError(f"Queue shapes must have the same length as dtypes, received len(shapes)={len(shapes)}, "
                             f"len(dtypes)={len(self._dtypes)}")
        self._shapes = [TensorShape(None)] * len(self._dtypes) if shapes is None else [as_shape(s) for s in shapes]
        self._names = _as_names(names, len(self._dtypes))
        self._queue_ref = queue_ref
        self._name = queue_ref.op.name.split("/")[-1] if isinstance(queue_ref, SymbolicTensor) else "Empty"

    @staticmethod
    def from_list(index: Any, queues: Any) -> QueueBase:
        """The queue at a place, which may be a tensor, among queues of the same types.

        Raises:
          TypeError: no list of queues, or queues of different types or names.
        """
        if not queues or not isinstance(queues, list) or not all(isinstance(q, QueueBase) for q in queues):
            raise TypeError("A list of queues expected")
        kinds, names = queues[0].dtypes, queues[0].names
        if not all(kinds == q.dtypes for q in queues[1:]):
            raise TypeError("Queues do not have matching component dtypes.")
        if not all(names == q.names for q in queues[1:]):
            raise TypeError("Queues do not have matching component names.")
        shapes = [functools.reduce(lambda a, b: a.most_specific_compatible_shape(b), parts)
                  for parts in zip(*(q.shapes for q in queues), strict=True)]
        refs = apply(get_op("Pack"), [q.queue_ref for q in queues], {"axis": 0}, "queue_refs")
        chosen = apply(get_op("GatherV2"), (refs, convert_to_tensor(index), 0), {"batch_dims": 0}, "GatherV2")
        return QueueBase(kinds, shapes, names, chosen)

    @property
    def queue_ref(self) -> Any:
        """The handle, a scalar tensor."""
        return self._queue_ref

    @property
    def name(self) -> str:
        """The name of the node that makes the queue."""
        return str(self._queue_ref.op.name) if isinstance(self._queue_ref, SymbolicTensor) else self._name

    @property
    def dtypes(self) -> list[Any]:
        """The types of an element's components."""
        return self._dtypes

    @property
    def shapes(self) -> list[TensorShape]:
        """What is known of the components' shapes."""
        return self._shapes

    @property
    def names(self) -> list[str] | None:
        """The names of the components, or None."""
        return self._names

    @contextmanager
    def _scope(self, name: str | None, what: str) -> Iterator[str | None]:
        """Where a method builds: in the handle's graph, in a scope; gives the name of its operation."""
        name = name or f"{self._name}_{what}"
        ref, outside = self._queue_ref, ctx.graph is None
        if outside and isinstance(ref, SymbolicTensor):
            ctx.graph = ref.graph
        try:
            if ctx.graph is None:
                yield None if "nqueue" in what else name
                return
            with name_scope(name) as scope:
                yield scope
        finally:
            if outside:
                ctx.graph = None

    def _values(self, vals: Any) -> list[Any]:
        """The components of what is to be put in, as tensors.

        Raises:
          ValueError: a dictionary where the queue has no names, or anything else where it has.
        """
        if isinstance(vals, dict):
            if not self._names:
                raise ValueError("Queue must have names to enqueue a dictionary")
            if sorted(self._names, key=str) != sorted(vals.keys(), key=str):
                raise ValueError("Keys in dictionary to enqueue do not match names of Queue.  Dictionary: "
                                 f"{sorted(vals.keys())},Queue: {sorted(self._names)}")
            vals = [vals[k] for k in self._names]
        elif self._names:
            raise ValueError("You must enqueue a dictionary in a Queue with names")
        elif not isinstance(vals, (list, tuple)):
            vals = [vals]
        return [convert_to_tensor(v, t, name=f"component_{i}")
                for i, (v, t) in enumerate(zip(vals, self._dtypes, strict=False))]

    def enqueue(self, vals: Any, name: str | None = None) -> Any:
        """Puts one element in, waiting for room.

        Raises:
          ValueError: its components are not of the queue's shapes.
          CancelledError: when it runs, the queue is closed.
        """
        with self._scope(name, "enqueue") as scope:
            tensors = self._values(vals)
            for t, shape in zip(tensors, self._shapes, strict=False):
                t.shape.assert_is_compatible_with(shape)
            return _done(apply(entries.enqueue, (self._queue_ref, *tensors), {"timeout_ms": -1}, scope))

    def enqueue_many(self, vals: Any, name: str | None = None) -> Any:
        """Puts several elements in, one a row of the components, waiting for room.

        Raises:
          ValueError: the components differ in the number of rows, or are not of the queue's shapes.
          CancelledError: when it runs, the queue is closed.
        """
        with self._scope(name, "EnqueueMany") as scope:
            tensors = self._values(vals)
            rows = tensors[0].shape.with_rank_at_least(1)[:1]
            for t, shape in zip(tensors, self._shapes, strict=False):
                found = t.shape.with_rank_at_least(1)
                if found.rank is not None and rows.rank is not None:
                    if None not in (found[0], rows[0]) and found[0] != rows[0]:
                        raise ValueError(f"Dimensions {rows[0]} and {found[0]} are not compatible")
                    found[1:].assert_is_compatible_with(shape)
            return _done(apply(entries.enqueue_many, (self._queue_ref, *tensors), {"timeout_ms": -1}, scope))

    def dequeue(self, name: str | None = None) -> Any:
        """Takes one element out, waiting for one.

        Raises:
          OutOfRangeError: when it runs, the queue is closed and empty.
        """
        with self._scope(name, "Dequeue") as scope:
            return self._taken(entries.dequeue, (), scope, [])

    def dequeue_many(self, n: Any, name: str | None = None) -> Any:
        """Takes `n` elements out, waiting for all of them; each component is one tensor.

        Raises:
          OutOfRangeError: when it runs, the queue is closed and has fewer.
        """
        with self._scope(name, "DequeueMany") as scope:
            n = convert_to_tensor(n, types.int32, name="n")
            count = static_value(n)
            return self._taken(entries.dequeue_many, (n,), scope, [None if count is None else int(count)])

    def dequeue_up_to(self, n: Any, name: str | None = None) -> Any:
        """Takes `n` elements out, or what a closed queue has left; each component is one tensor.

        Raises:
          OutOfRangeError: when it runs, the queue is closed and empty.
        """
        with self._scope(name, "DequeueUpTo") as scope:
            return self._taken(entries.dequeue_up_to, (convert_to_tensor(n, types.int32, name="n"),), scope, [None])

    def _taken(self, entry: OpDef, inputs: tuple[Any, ...], scope: str | None, before: list[int | None]) -> Any:
        out = apply(entry, (self._queue_ref, *inputs), {"component_types": self._dtypes, "timeout_ms": -1}, scope)
        if ctx.graph is not None:
            for t, shape in zip(out, self._shapes, strict=True):
                t.set_shape(TensorShape(before).concatenate(shape))
        if self._names:
            return dict(zip(self._names, out, strict=True))
        return list(out) if len(out) != 1 else out[0]

    def close(self, cancel_pending_enqueues: bool = False, name: str | None = None) -> Any:
        """No more elements may be put in; what is in the queue can be taken.

        Args:
          cancel_pending_enqueues: whether those who wait for room give up; otherwise the queue is closed after them.
          name: of the node.

        Raises:
          CancelledError: when it runs, the queue is closed already.
        """
        with self._scope(name, "Close") as scope:
            return _done(apply(entries.close, (self._queue_ref,), {"cancel_pending_enqueues": cancel_pending_enqueues}, scope))

    def is_closed(self, name: str | None = None) -> Any:
        """Whether the queue is closed."""
        with self._scope(name, "Is_Closed") as scope:
            return apply(entries.is_closed, (self._queue_ref,), {}, scope)

    def size(self, name: str | None = None) -> Any:
        """How many elements the queue has: an int32 scalar."""
        with self._scope(name, "Size") as scope:
            return apply(entries.size, (self._queue_ref,), {}, scope)


def _done(out: Any) -> Any:
    """An operation, or nothing where it has run."""
    return None if isinstance(out, tuple) else out


class FIFOQueue(QueueBase):
    """A queue that gives elements in the order in which they came.

    Args:
      capacity: how many elements may wait; any number where negative.
      dtypes, shapes, names: of the components. With shapes, several elements can be taken at once.
      shared_name: queues with one name in a session are one.
      name: of the node.

    Raises:
      ValueError: shapes that are not wholly known.
    """

    def __init__(self, capacity: Any, dtypes: Any, shapes: Any = None, names: Any = None, shared_name: str | None = None,
                 name: str = "fifo_queue") -> None:
        self._make(entries.fifo_queue, _as_types(dtypes), _as_shapes(shapes), names, capacity, shared_name, name)

    def _make(self, entry: OpDef, kinds: list[Any], shapes: Any, names: Any, capacity: Any, shared_name: str | None,
              name: str, **attrs: Any) -> None:
        _as_names(names, len(kinds))
        ref = apply(entry, (), {"component_types": kinds, "shapes": shapes or [], "capacity": int(capacity), "container": "",
                                "shared_name": shared_name or "", **attrs}, name)
        QueueBase.__init__(self, kinds, shapes, names, ref)


class PaddingFIFOQueue(FIFOQueue):
    """A `FIFOQueue` whose shapes may have unknown sizes. Elements taken together are filled up with zeros."""

    def __init__(self, capacity: Any, dtypes: Any, shapes: Any, names: Any = None, shared_name: str | None = None,
                 name: str = "padding_fifo_queue") -> None:
        kinds, found = _as_types(dtypes), _as_shapes(shapes, True)
        if len(kinds) != len(found or ()):
            raise ValueError("Shapes must be provided for all components, but received "
                             f"{len(kinds)} dtypes and {len(found or ())} shapes.")
        self._make(entries.padding_fifo_queue, kinds, found, names, capacity, shared_name, name)


class PriorityQueue(FIFOQueue):
    """A queue that gives the element of least priority first: an int64 scalar that stands before the other components.

    Args:
      capacity: as in `FIFOQueue`.
      types: of the components behind the priority.
      shapes, names, shared_name, name: as in `FIFOQueue`.
    """

    def __init__(self, capacity: Any, types: Any, shapes: Any = None, names: Any = None, shared_name: str | None = None,
                 name: str = "priority_queue") -> None:
        from ...core.dtypes import int64
        kinds, found = _as_types(types), _as_shapes(shapes)
        self._make(entries.priority_queue, kinds, found, None, capacity, shared_name, name)
        QueueBase.__init__(self, [int64, *kinds], [TensorShape([]), *found] if found else found, names, self._queue_ref)


class RandomShuffleQueue(FIFOQueue):
    """A queue that gives its elements in random order.

    Args:
      capacity: as in `FIFOQueue`.
      min_after_dequeue: how many elements stay, for others to be drawn from, until the queue is closed.
      dtypes, shapes, names, shared_name, name: as in `FIFOQueue`.
      seed: of the order, with the seed of the graph or program.
    """

    def __init__(self, capacity: Any, min_after_dequeue: Any, dtypes: Any, shapes: Any = None, names: Any = None,
                 seed: int | None = None, shared_name: str | None = None, name: str = "random_shuffle_queue") -> None:
        low, high = get_seed_or_none(seed)
        if low is None and high is None:
            low = high = 0
        elif seed is None and shared_name is not None:
            # Every node of that name has to draw alike.
            high = int(hashlib.md5(f"{low}{shared_name}".encode(), usedforsecurity=False).hexdigest()[:8], 16) & 0x7FFFFFFF
        self._make(entries.random_shuffle_queue, _as_types(dtypes), _as_shapes(shapes), names, capacity, shared_name, name,
                   min_after_dequeue=int(min_after_dequeue), seed=low, seed2=high)
