"""The operations of queues. A queue is the value of its handle; in a session a node keeps its own."""
from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from ...core import dtypes
from ...core.context import ctx
from ...core.node_text import shape_text as known_text
from ...core.opdef import OpDef, op
from ...core.shape import TensorShape, as_shape
from ..common import shape_text
from ..layout import bad
from ..random_state import place
from .contents import Element, PaddingQueue, PriorityQueue, Queue, ShuffleQueue, room

HANDLE = [(TensorShape([]), dtypes.resource)]
SHARING = 'container: string = ""; shared_name: string = ""'
_numbers = itertools.count()
_shared: WeakValueDictionary[Any, Any] = WeakValueDictionary()
"""What has a shared name outside sessions, for as long as anything holds it."""


_lasting: dict[Any, Any] = {}
"""What has a shared name outside sessions and is known by nothing but that name."""


def kept(what: str, make: Callable[[str], Any], container: str, shared_name: str, lasting: bool = False) -> Any:
    """What a node keeps in the session that runs, or what has its shared name; else something new, given its name.

    Args:
      what: kinds of things do not share their names.
      make: called with the name.
      container, shared_name: the node's attributes.
      lasting: whether there is no handle, so that only the name tells that somebody may still want it.
    """
    store: Any = ctx.resources
    key = (what, (container, shared_name) if shared_name else place()[1])
    if store is None and shared_name:
        store = _lasting if lasting else _shared
    found = None if store is None else store.get(key)
    if found is None:
        found = make(shared_name or f"{next(_numbers)}")
        if store is not None:
            found = store.setdefault(key, found)  # another thread may have come here too
    return found


def held_by(x: Any) -> Any:
    """What a handle stands for."""
    return np.asarray(x, object)[()] if isinstance(x, np.ndarray) else x


# Making queues.


def _texts(items: Sequence[Any]) -> str:
    """Dtypes or shapes in TensorFlow's words."""
    return ", ".join(dtypes.type_name(x) if isinstance(x, dtypes.DType) else known_text(x) for x in items)


def _create(kind: type[Queue], types: Any, shapes: Any, capacity: int, container: str, shared_name: str, **more: Any) -> Queue:
    """The queue of a node.

    Raises:
      InvalidArgumentError: another number of shapes than of types; the queue that has the name is another.
    """
    types = [dtypes.as_dtype(t) for t in types]
    shapes = [as_shape(s) for s in shapes]
    if shapes and len(shapes) != len(types):
        raise bad(f"Different number of component types.  Types: {_texts(types)}, Shapes: [{_texts(shapes)}]")
    queue: Queue = kept("queue", lambda name: kind(name, types, shapes, capacity, **more), container, shared_name)
    if not shared_name:
        return queue
    if queue.kind != kind.kind:
        raise bad(f"Shared queue '{queue.name}' has type '{queue.kind}' that does not match type of Node '{kind.kind}'")
    for what, mine, asked in (
            ("capacity", f"{queue.capacity}", f"was {room(capacity)}"),
            ("component types", _texts(queue.types), f"were {_texts(types)}"),
            ("component shapes", f"[{_texts(queue.shapes)}]", f"were [{_texts(shapes)}]")):
        if mine != asked.partition(" ")[2]:
            raise bad(f"Shared queue '{queue.name}' has {what} {mine} but requested {what} {asked}")
    return queue


def _creation(kind: type[Queue]) -> OpDef:
    """The entry that makes queues of one kind."""
    @op(f"{kind.kind}V2", " -> handle: resource",
        attrs=f"component_types: list(type); shapes: list(shape) = []; capacity: int = -1; {SHARING}",
        infer=lambda op: HANDLE, host=True, stateful=True)
    def entry(xp: Any, component_types: Any = (), shapes: Any = (), capacity: int = -1, container: str = "",
              shared_name: str = "") -> Any:
        return _create(kind, component_types, shapes, capacity, container, shared_name)
    return entry.not_differentiable()


fifo_queue = _creation(Queue)
padding_fifo_queue = _creation(PaddingQueue)


@op("PriorityQueueV2", " -> handle: resource",
    attrs=f"component_types: list(type) = []; shapes: list(shape); capacity: int = -1; {SHARING}",
    infer=lambda op: HANDLE, host=True, stateful=True)
def priority_queue(xp: Any, component_types: Any = (), shapes: Any = (), capacity: int = -1, container: str = "",
                   shared_name: str = "") -> Any:
    return _create(PriorityQueue, [dtypes.int64, *component_types], [TensorShape([]), *shapes], capacity, container,
                   shared_name)


@op("RandomShuffleQueueV2", " -> handle: resource",
    attrs="component_types: list(type); shapes: list(shape) = []; capacity: int = -1; min_after_dequeue: int = 0; "
    f"seed: int = 0; seed2: int = 0; {SHARING}", infer=lambda op: HANDLE, host=True, stateful=True)
def random_shuffle_queue(xp: Any, component_types: Any = (), shapes: Any = (), capacity: int = -1, min_after_dequeue: int = 0,
                         seed: int = 0, seed2: int = 0, container: str = "", shared_name: str = "") -> Any:
    if min_after_dequeue < 0:
        raise bad(f"min_after_dequeue {min_after_dequeue} must be >= 0")
    if 0 <= capacity <= min_after_dequeue:
        raise bad(f"min_after_dequeue {min_after_dequeue} must be < capacity {capacity}")
    return _create(ShuffleQueue, component_types, shapes, capacity, container, shared_name, least=min_after_dequeue,
                   seeds=(seed, seed2))


# Using them.


def _components(queue: Queue, arrays: Sequence[Any], axes: int) -> list[np.ndarray[Any, Any]]:
    """The components of what is put in, `axes` axes of which count elements, as arrays that nobody else holds.

    Raises:
      InvalidArgumentError: they are not of the queue's types and shapes.
    """
    found = [np.array(a) for a in arrays]
    types = [dtypes.from_numpy(a.dtype) for a in found]
    if tuple(types) != queue.types:
        have, expected = (", ".join(["resource", *(dtypes.type_name(t) for t in kinds)]) for kinds in (types, queue.types))
        raise bad(f"Signature mismatch, have: {have}-> expected: {expected}->")
    for i, (a, shape) in enumerate(zip(found, queue.shapes, strict=False)):
        if not shape.is_compatible_with(a.shape[axes:]):
            wanted = TensorShape([*a.shape[:axes], *shape.as_list()])
            raise bad(f"Shape mismatch in tuple component {i}. Expected {known_text(wanted)}, got {shape_text(a.shape)}")
    return found


@op("QueueEnqueueV2", "handle: resource, components: Tcomponents -> ", attrs="Tcomponents: list(type); timeout_ms: int = -1",
    infer=lambda op: [], host=True, stateful=True)
def enqueue(xp: Any, handle: Any, *components: Any, timeout_ms: int = -1) -> Any:
    queue = held_by(handle)
    queue.put([tuple(_components(queue, components, 0))])
    return ()


@op("QueueEnqueueManyV2", "handle: resource, components: Tcomponents -> ",
    attrs="Tcomponents: list(type); timeout_ms: int = -1", infer=lambda op: [], host=True, stateful=True)
def enqueue_many(xp: Any, handle: Any, *components: Any, timeout_ms: int = -1) -> Any:
    queue = held_by(handle)
    found = _components(queue, components, 1)
    if any(a.ndim < 1 for a in found):
        raise bad("Input tensors must have at least one axis, along which there are the elements")
    for i, a in enumerate(found):
        if len(a) != len(found[0]):
            raise bad(f"All input tensors must have the same size in the 0th dimension. Component {i} has {len(a)}, and "
                      f"should have {len(found[0])}")
    queue.put([tuple(np.asarray(part, a.dtype) for part, a in zip(row, found, strict=True))
               for row in zip(*found, strict=True)])
    return ()


def _taken(op: Any) -> Any:
    """The shape rule: nothing is known of elements but their types. Who has the queue itself knows more."""
    return [(TensorShape(None), dtypes.as_dtype(t)) for t in op.attrs["component_types"]]


def _check_types(queue: Queue, types: Any) -> None:
    asked = tuple(dtypes.as_dtype(t) for t in types)
    if asked and asked != queue.types:
        raise bad(f"Signature mismatch, have: resource->{', '.join(dtypes.type_name(t) for t in asked)} expected: "
                  f"resource->{', '.join(dtypes.type_name(t) for t in queue.types)}")


@op("QueueDequeueV2", "handle: resource -> components: component_types",
    attrs="component_types: list(type); timeout_ms: int = -1", infer=_taken, host=True, stateful=True)
def dequeue(xp: Any, handle: Any, component_types: Any = (), timeout_ms: int = -1) -> Any:
    queue = held_by(handle)
    _check_types(queue, component_types)
    return queue.take(1)[0]


def _several(op_name: str, handle: Any, n: Any, types: Any, fewer: bool) -> Element:
    queue, count = held_by(handle), int(n)
    _check_types(queue, types)
    if count < 0:
        raise bad(f"{op_name} requested {count} < 0 elements")
    if not queue.shapes:
        raise bad(f"{queue.kind}'s DequeueMany and DequeueUpTo require the components to have specified shapes.")
    return queue.stacked(queue.take(count, fewer), count)  # type: ignore[no-any-return]


@op("QueueDequeueManyV2", "handle: resource, n: int32 -> components: component_types",
    attrs="component_types: list(type); timeout_ms: int = -1", infer=_taken, host=True, stateful=True)
def dequeue_many(xp: Any, handle: Any, n: Any, component_types: Any = (), timeout_ms: int = -1) -> Any:
    return _several("DequeueManyOp", handle, n, component_types, False)


@op("QueueDequeueUpToV2", "handle: resource, n: int32 -> components: component_types",
    attrs="component_types: list(type); timeout_ms: int = -1", infer=_taken, host=True, stateful=True)
def dequeue_up_to(xp: Any, handle: Any, n: Any, component_types: Any = (), timeout_ms: int = -1) -> Any:
    return _several("DequeueUpToOp", handle, n, component_types, True)


@op("QueueCloseV2", "handle: resource -> ", attrs="cancel_pending_enqueues: bool = false", infer=lambda op: [], host=True,
    stateful=True)
def close(xp: Any, handle: Any, cancel_pending_enqueues: bool = False) -> Any:
    held_by(handle).close(cancel_pending_enqueues)
    return ()


@op("QueueIsClosedV2", "handle: resource -> is_closed: bool", infer=lambda op: TensorShape([]), host=True, stateful=True)
def is_closed(xp: Any, handle: Any) -> Any:
    return np.asarray(held_by(handle).closed)


@op("QueueSizeV2", "handle: resource -> size: int32", infer=lambda op: TensorShape([]), host=True, stateful=True)
def size(xp: Any, handle: Any) -> Any:
    return np.asarray(len(held_by(handle)), np.int32)


for _entry in (priority_queue, random_shuffle_queue, enqueue, enqueue_many, dequeue, dequeue_many, dequeue_up_to, close,
               is_closed, size):
    _entry.not_differentiable()
