"""Batches that threads put together from single examples, as TensorFlow 1 had them."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.shape import TensorShape, as_shape
from ..ops.common import static_value
from ..ops.creation import no_op
from ..ops.masking import boolean_mask
from ..ops.sparse.serial import deserialize_many_sparse, serialize_many_sparse_v1, serialize_sparse_v1
from ..ops.sparse.tensor import SparseTensor
from .collections import graph
from .control import cond
from .framework import name_scope
from .inputs import refuse_eager
from .queue_runner import QueueRunner, add_queue_runner
from .queues import FIFOQueue, PaddingFIFOQueue, RandomShuffleQueue


class _Examples:
    """What several threads put in: lists of tensors of the same types, one list for each.

    Sparse tensors go through the queue in serial form.

    Args:
      lists: for each thread a list of tensors.
      keys: their names, or None.
      enqueue_many: whether each list has many examples, along the first axis.

    Raises:
      ValueError: no tensors.
      TypeError: other types in some list.
    """

    def __init__(self, lists: Sequence[list[Any]], keys: list[Any] | None, enqueue_many: bool) -> None:
        self.many, self.keys = enqueue_many, keys
        self.sets = [[t if isinstance(t, SparseTensor) else convert_to_tensor(t) for t in items] for items in lists]
        if not self.sets[0]:
            raise ValueError("Expected at least one tensor in batch().")
        for items in self.sets[1:]:
            for a, b in zip(self.sets[0], items, strict=False):
                if a.dtype != b.dtype:
                    raise TypeError(f"Expected types to be consistent: {a.dtype.name} vs. {b.dtype.name}.")
        first = self.sets[0]
        self.sparse = [(t.dtype, None if t.shape.rank is None else t.shape.rank - enqueue_many)
                       if isinstance(t, SparseTensor) else None for t in first]
        serialize = serialize_many_sparse_v1 if enqueue_many else serialize_sparse_v1
        self.sets = [[serialize(t) if isinstance(t, SparseTensor) else t for t in items] for items in self.sets]
        self.dtypes = [t.dtype.base_dtype for t in self.sets[0]]

    def shapes(self, given: Any) -> list[Any]:
        """The shapes of the components of one example.

        Raises:
          ValueError: of a component not even the rank is known.
        """
        if given is not None:
            known = [as_shape(s) for s in given]
            return [TensorShape([3]) if is_sparse else s for s, is_sparse in zip(known, self.sparse, strict=True)]
        out = []
        for t in self.sets[0]:
            if t.shape.rank is None:
                raise ValueError(f"Cannot infer Tensor's rank: {t}")
            out.append(t.shape[1:] if self.many else t.shape)
        return out

    def restored(self, taken: Any) -> Any:
        """What was taken out, in the form of what was put in."""
        tensors = list(taken) if isinstance(taken, (list, tuple)) else [taken]
        out = [t if kind is None else deserialize_many_sparse(t, kind[0], kind[1])
               for t, kind in zip(tensors, self.sparse, strict=True)]
        if self.keys is not None:
            return dict(zip(self.keys, out, strict=True))
        return out if len(out) != 1 else out[0]


def _keep(keep_input: Any, many: bool) -> Any:
    """Whether to put examples in: a boolean scalar, or where there are many a vector.

    Raises:
      ValueError: another rank.
    """
    keep = convert_to_tensor(keep_input, dtypes.bool)
    if keep.shape.rank is None:
        raise ValueError("`keep_input` dimensions must be known at graph construction.")
    if not many and keep.shape.rank == 1:
        raise ValueError("`keep_input` cannot be a vector when `enqueue_many=False`.")
    if keep.shape.rank > 1:
        raise ValueError("`keep_input` must be 0 or 1 dimensions.")
    return keep


def _enqueued(queue: Any, examples: _Examples, threads: int, keep: Any) -> None:
    """Adds the runner whose threads put the examples in."""
    put = queue.enqueue_many if examples.many else queue.enqueue

    def operation(tensors: list[Any]) -> Any:
        if keep.shape.rank == 1:
            return put([boolean_mask(t, keep) for t in tensors])
        known = static_value(keep)
        if known is not None:
            return put(tensors) if known else no_op()
        return cond(keep, lambda: _after(put(tensors), keep), lambda: keep).op
    operations = [operation(tensors) for tensors in examples.sets]
    add_queue_runner(QueueRunner(queue, operations * threads))


def _after(operation: Any, value: Any) -> Any:
    from ..ops.creation import identity
    with graph().control_dependencies([operation]):
        return identity(value)


def _batch(sets: Sequence[Any], batch_size: Any, threads: int, enqueue_many: bool, shapes: Any, smaller: bool,
           keep_input: Any, make: Callable[[list[Any], list[Any]], Any], name: str | None, default: str) -> Any:
    """The common part: a queue, who fills it, and what is taken out of it."""
    refuse_eager(ValueError)
    keys = sorted(sets[0], key=str) if isinstance(sets[0], dict) else None
    lists = [[s[k] for k in keys] if keys is not None else list(s) for s in sets]
    with name_scope(name, default) as scope:
        examples = _Examples(lists, keys, enqueue_many)
        keep = _keep(keep_input, enqueue_many)
        queue = make(examples.dtypes, examples.shapes(shapes))
        _enqueued(queue, examples, threads, keep)
        take = queue.dequeue_up_to if smaller else queue.dequeue_many
        return examples.restored(take(batch_size, name=scope))


def _in_order(capacity: int, dynamic_pad: bool, shared_name: str | None) -> Callable[[list[Any], list[Any]], Any]:
    kind = PaddingFIFOQueue if dynamic_pad else FIFOQueue
    return lambda types, shapes: kind(capacity, types, shapes, shared_name=shared_name)


def _in_any_order(capacity: int, least: int, seed: int | None,
                  shared_name: str | None) -> Callable[[list[Any], list[Any]], Any]:
    return lambda types, shapes: RandomShuffleQueue(capacity, least, types, shapes, seed=seed, shared_name=shared_name)


def maybe_batch(tensors: Any, keep_input: Any, batch_size: Any, num_threads: int = 1, capacity: int = 32,
                enqueue_many: bool = False, shapes: Any = None, dynamic_pad: bool = False,
                allow_smaller_final_batch: bool = False, shared_name: str | None = None, name: str | None = None) -> Any:
    """`batch` of the examples for which `keep_input` is true: a boolean scalar, or one for each of many examples."""
    return _batch([tensors], batch_size, num_threads, enqueue_many, shapes, allow_smaller_final_batch, keep_input,
                  _in_order(capacity, dynamic_pad, shared_name), name, "batch")


def batch(tensors: Any, batch_size: Any, num_threads: int = 1, capacity: int = 32, enqueue_many: bool = False,
          shapes: Any = None, dynamic_pad: bool = False, allow_smaller_final_batch: bool = False,
          shared_name: str | None = None, name: str | None = None) -> Any:
    """Batches of an example that is another one whenever it is computed.

    Args:
      tensors: a list of tensors, sparse ones among them, or a dictionary.
      batch_size: how many examples a batch has.
      num_threads: how many threads compute examples.
      capacity: how many may wait.
      enqueue_many: whether `tensors` are many examples, along the first axis.
      shapes: of an example, where the tensors do not tell.
      dynamic_pad: whether examples may differ in shape, and are filled up with zeros.
      allow_smaller_final_batch: whether the last batch may be smaller.
      shared_name: of the queue.
      name: of the batch.

    Returns:
      The batch, in the form of `tensors`; a single tensor for a list of one.

    Raises:
      ValueError: no tensors, or shapes that are not known; in eager code.
    """
    return maybe_batch(tensors, True, batch_size, num_threads, capacity, enqueue_many, shapes, dynamic_pad,
                       allow_smaller_final_batch, shared_name, name)


def maybe_batch_join(tensors_list: Sequence[Any], keep_input: Any, batch_size: Any, capacity: int = 32,
                     enqueue_many: bool = False, shapes: Any = None, dynamic_pad: bool = False,
                     allow_smaller_final_batch: bool = False, shared_name: str | None = None,
                     name: str | None = None) -> Any:
    """`batch_join` of the examples for which `keep_input` is true."""
    if not tensors_list:
        raise ValueError("Expected at least one set of tensors")
    return _batch(tensors_list, batch_size, 1, enqueue_many, shapes, allow_smaller_final_batch, keep_input,
                  _in_order(capacity, dynamic_pad, shared_name), name, "batch_join")


def batch_join(tensors_list: Sequence[Any], batch_size: Any, capacity: int = 32, enqueue_many: bool = False,
               shapes: Any = None, dynamic_pad: bool = False, allow_smaller_final_batch: bool = False,
               shared_name: str | None = None, name: str | None = None) -> Any:
    """Batches of several examples, each computed by a thread of its own; the other arguments are those of `batch`."""
    return maybe_batch_join(tensors_list, True, batch_size, capacity, enqueue_many, shapes, dynamic_pad,
                            allow_smaller_final_batch, shared_name, name)


def maybe_shuffle_batch(tensors: Any, batch_size: Any, capacity: int, min_after_dequeue: int, keep_input: Any,
                        num_threads: int = 1, seed: int | None = None, enqueue_many: bool = False, shapes: Any = None,
                        allow_smaller_final_batch: bool = False, shared_name: str | None = None,
                        name: str | None = None) -> Any:
    """`shuffle_batch` of the examples for which `keep_input` is true."""
    return _batch([tensors], batch_size, num_threads, enqueue_many, shapes, allow_smaller_final_batch, keep_input,
                  _in_any_order(capacity, min_after_dequeue, seed, shared_name), name, "shuffle_batch")


def shuffle_batch(tensors: Any, batch_size: Any, capacity: int, min_after_dequeue: int, num_threads: int = 1,
                  seed: int | None = None, enqueue_many: bool = False, shapes: Any = None,
                  allow_smaller_final_batch: bool = False, shared_name: str | None = None, name: str | None = None) -> Any:
    """`batch` in random order.

    Args:
      tensors, batch_size: as in `batch`.
      capacity: how many examples may wait.
      min_after_dequeue: how many stay, for others to be drawn from: the more, the better they are mixed.
      num_threads, enqueue_many, shapes, allow_smaller_final_batch, shared_name, name: as in `batch`.
      seed: of the order.
    """
    return maybe_shuffle_batch(tensors, batch_size, capacity, min_after_dequeue, True, num_threads, seed, enqueue_many,
                               shapes, allow_smaller_final_batch, shared_name, name)


def maybe_shuffle_batch_join(tensors_list: Sequence[Any], batch_size: Any, capacity: int, min_after_dequeue: int,
                             keep_input: Any, seed: int | None = None, enqueue_many: bool = False, shapes: Any = None,
                             allow_smaller_final_batch: bool = False, shared_name: str | None = None,
                             name: str | None = None) -> Any:
    """`shuffle_batch_join` of the examples for which `keep_input` is true."""
    if not tensors_list:
        raise ValueError("Expected at least one set of tensors")
    return _batch(tensors_list, batch_size, 1, enqueue_many, shapes, allow_smaller_final_batch, keep_input,
                  _in_any_order(capacity, min_after_dequeue, seed, shared_name), name, "shuffle_batch_join")


def shuffle_batch_join(tensors_list: Sequence[Any], batch_size: Any, capacity: int, min_after_dequeue: int,
                       seed: int | None = None, enqueue_many: bool = False, shapes: Any = None,
                       allow_smaller_final_batch: bool = False, shared_name: str | None = None,
                       name: str | None = None) -> Any:
    """`shuffle_batch` of several examples, each computed by a thread of its own."""
    return maybe_shuffle_batch_join(tensors_list, batch_size, capacity, min_after_dequeue, True, seed, enqueue_many, shapes,
                                    allow_smaller_final_batch, shared_name, name)
