"""Iterators in graphs: a handle holds an iterator, which nodes make and take elements from.

What iterates is an object of the layers above: a *maker* is called with the values of tensors and gives an object with
`take()`, which returns the arrays of the next element, or None after the last.
"""
from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.host_value import HostValue
from ..core.opdef import op
from ..core.shape import TensorShape
from .random_state import place

_TYPES = "output_types: list(type); output_shapes: list(shape)"
_HANDLE = [(TensorShape([]), dtypes.resource)]
_numbers = itertools.count()
_named: weakref.WeakValueDictionary[bytes, IteratorHandle] = weakref.WeakValueDictionary()


class IteratorHandle(HostValue):
    """The value of a handle: an iterator, or none yet."""

    tensor_dtype = dtypes.resource

    def __init__(self) -> None:
        self.iterator: Any = None
        self.name = f"iterator_{next(_numbers)}".encode()
        _named[self.name] = self

    def take(self) -> list[Any]:
        """The arrays of the next element.

        Raises:
          FailedPreconditionError: there is no iterator yet.
          OutOfRangeError: there is no element.
        """
        if self.iterator is None:
            raise errors.FailedPreconditionError(
                "GetNext() failed because the iterator has not been initialized. Ensure that you have run the initializer "
                "operation for this iterator before getting the next element.")
        found = self.iterator.take()
        if found is None:
            raise errors.OutOfRangeError("End of sequence")
        return found  # type: ignore[no-any-return]


class Start(HostValue):
    """What starts an iteration, with the values that it needs for that."""

    tensor_dtype = dtypes.variant

    def __init__(self, maker: Callable[..., Any], arrays: tuple[Any, ...]) -> None:
        self._maker, self._arrays = maker, arrays

    def __call__(self) -> Any:
        return self._maker(*self._arrays)


def _held(x: Any) -> Any:
    """The object that an input stands for."""
    return np.asarray(x, object)[()] if isinstance(x, np.ndarray) else x


@contextmanager
def _outside() -> Iterator[None]:
    """Leaves any graph and every tape: an iterator's own functions run at once."""
    graph, tapes = ctx.graph, ctx.tapes
    ctx.graph, ctx.tapes = None, ()
    try:
        yield
    finally:
        ctx.graph, ctx.tapes = graph, tapes


def _kept() -> IteratorHandle:
    """The handle that a node keeps in the session that runs; else a new one."""
    held = ctx.resources
    if held is None:
        return IteratorHandle()
    found: IteratorHandle = held.setdefault(("iterator", place()[1]), None) or IteratorHandle()
    held["iterator", place()[1]] = found
    return found


@op("IteratorV2", " -> handle: resource", attrs=f'shared_name: string = ""; container: string = ""; {_TYPES}',
    infer=lambda op: _HANDLE, host=True, stateful=True)
def iterator(xp: Any, shared_name: str = "", container: str = "", output_types: Any = (), output_shapes: Any = ()) -> Any:
    return _kept()


@op("AnonymousIteratorV3", " -> handle: resource", attrs=_TYPES, infer=lambda op: _HANDLE, host=True, stateful=True)
def anonymous_iterator(xp: Any, output_types: Any = (), output_shapes: Any = ()) -> Any:
    return IteratorHandle()


@op("IteratorMaker", "components: Targuments -> handle: variant", attrs="maker: func; Targuments: list(type)",
    infer=lambda op: [(TensorShape([]), dtypes.variant)], host=True, stateful=True)
def iterator_maker(xp: Any, *arrays: Any, maker: Callable[..., Any], Targuments: Any = ()) -> Any:
    return Start(maker, arrays)


@op("MakeIterator", "dataset: variant, iterator: resource -> ", infer=lambda op: [], host=True, stateful=True)
def make_iterator(xp: Any, dataset: Any, iterator: Any) -> Any:
    with _outside():
        _held(iterator).iterator = _held(dataset)()
    return ()


@op("OneShotIterator", "components: Targuments -> handle: resource",
    attrs=f'maker: func; Targuments: list(type); {_TYPES}; container: string = ""; shared_name: string = ""',
    infer=lambda op: _HANDLE, host=True, stateful=True)
def one_shot_iterator(xp: Any, *arrays: Any, maker: Callable[..., Any], Targuments: Any = (), output_types: Any = (),
                      output_shapes: Any = (), container: str = "", shared_name: str = "") -> Any:
    handle = _kept()
    if handle.iterator is None:
        with _outside():
            handle.iterator = maker(*arrays)
    return handle


@op("IteratorGetNext", "iterator: resource -> components: output_types", attrs=_TYPES, host=True, stateful=True,
    infer=lambda op: list(zip(op.attrs["output_shapes"], op.attrs["output_types"], strict=True)))
def iterator_get_next(xp: Any, iterator: Any, output_types: Any = (), output_shapes: Any = ()) -> Any:
    with _outside():
        return tuple(_held(iterator).take())


@op("IteratorToStringHandle", "resource_handle: resource -> string_handle: string",
    infer=lambda op: [(TensorShape([]), dtypes.string)], host=True, stateful=True)
def iterator_to_string_handle(xp: Any, handle: Any) -> Any:
    return np.array(_held(handle).name, object)


@op("IteratorFromStringHandleV2", "string_handle: string -> resource_handle: resource", attrs=_TYPES,
    infer=lambda op: _HANDLE, host=True, stateful=True)
def iterator_from_string_handle(xp: Any, name: Any, output_types: Any = (), output_shapes: Any = ()) -> Any:
    found = _named.get(np.asarray(name, object).item())
    if found is None:
        raise errors.NotFoundError("Resource iterator does not exist: no iterator has this handle.")
    return found


for _entry in (iterator, anonymous_iterator, iterator_maker, make_iterator, one_shot_iterator, iterator_get_next,
               iterator_to_string_handle, iterator_from_string_handle):
    _entry.not_differentiable()
