"""Iterators over data sets, and optional elements."""
from __future__ import annotations

import threading
from typing import Any

import numpy as np

import thalweg as tf

from .dataset import Dataset
from .in_graph import get_next, handle_of
from .run import Run
from .structure import bad, flatten, normalized, spec_of


class OwnedIterator:
    """Runs through a data set once: `next(iterator)` is the next element.

    Raises:
      ValueError: no data set, or only half of what describes one.
    """

    def __init__(self, dataset: Dataset | None = None, components: Any = None, element_spec: Any = None) -> None:
        if dataset is None:
            raise ValueError("When `dataset` is not provided, both `components` and `element_spec` must be specified.")
        self._dataset = dataset
        self._element_spec = dataset.element_spec
        self._pack = dataset._pack
        self._source = dataset._iterate(Run())
        self._lock = threading.Lock()
        self._resource: Any = None

    @property
    def element_spec(self) -> Any:
        """The type of the elements."""
        return self._element_spec

    @property
    def _type_spec(self) -> Any:
        return IteratorSpec(self._element_spec)

    def __iter__(self) -> OwnedIterator:
        return self

    def __next__(self) -> Any:
        if not tf.executing_eagerly():
            return self.get_next()
        with self._lock:
            leaves = next(self._source)
        return self._pack(leaves)

    def next(self) -> Any:
        """The next element; StopIteration after the last."""
        return self.__next__()

    def get_next(self) -> Any:
        """The next element. In a function, a node that takes it whenever the function runs.

        Raises:
          OutOfRangeError: there is none.
        """
        if tf.executing_eagerly():
            try:
                return self.__next__()
            except StopIteration:
                raise tf.errors.OutOfRangeError(None, None, "End of sequence [Op:IteratorGetNext] name: ") from None
        return get_next(self._handle(), self._element_spec)

    def _handle(self) -> Any:
        """The tensor that stands for this iterator in graphs."""
        if self._resource is None:
            with tf.init_scope():
                self._resource = handle_of(self)
        return self._resource

    def get_next_as_optional(self) -> _OptionalImpl:
        """The next element, or an optional without value."""
        try:
            return _OptionalImpl(self.__next__(), self._element_spec)
        except StopIteration:
            return _OptionalImpl.empty(self._element_spec)


class IteratorSpec(tf.TypeSpec):  # type: ignore[misc]
    """The spec of an iterator.

    Args:
      element_spec: of its elements.
    """

    __slots__ = ("_element_spec",)

    def __init__(self, element_spec: Any) -> None:
        self._element_spec = element_spec

    @property
    def element_spec(self) -> Any:
        """The spec of the elements."""
        return self._element_spec

    @property
    def value_type(self) -> Any:
        """The class of what the spec describes."""
        return OwnedIterator

    @staticmethod
    def from_value(value: Any) -> IteratorSpec:
        """The spec of an iterator."""
        return IteratorSpec(value.element_spec)

    def _serialize(self) -> tuple[Any, ...]:
        return (self._element_spec,)

    @property
    def _component_specs(self) -> Any:
        return (tf.TensorSpec([], tf.resource),)

    def _to_components(self, value: Any) -> Any:
        return (value,)

    def _from_components(self, components: Any) -> Any:
        return components[0]


class NumpyIterator:
    """An iterator whose elements hold NumPy values in the places of tensors."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._iterator = iter(dataset)

    def __iter__(self) -> NumpyIterator:
        return self

    def __next__(self) -> Any:
        leaves = next(self._iterator._source)
        return self._dataset._pack(tuple(_numpy(x) for x in leaves))

    def next(self) -> Any:
        """The next element; StopIteration after the last."""
        return self.__next__()

    def __repr__(self) -> str:
        return f"NumpyIterator(iterator={self._iterator})"


def _numpy(x: Any) -> Any:
    if x is None:
        return None
    if isinstance(x, tf.SparseTensor):
        return tf.sparse.to_dense(tf.sparse.reorder(x)).numpy()
    found = x.numpy()
    if isinstance(found, np.ndarray):
        found.setflags(write=False)
    return found


def numpy_iterator(dataset: Dataset) -> NumpyIterator:
    """The NumPy iterator of a data set.

    Raises:
      RuntimeError: in a graph.
      TypeError: the elements hold what has no NumPy value.
    """
    if not tf.executing_eagerly():
        raise RuntimeError("`tf.data.Dataset.as_numpy_iterator()` is only supported in eager mode.")
    for spec in flatten(dataset.element_spec):
        if not isinstance(spec, (tf.TensorSpec, tf.RaggedTensorSpec, tf.SparseTensorSpec)) and \
                spec.value_type is not type(None):
            raise TypeError("`tf.data.Dataset.as_numpy_iterator()` is not supported for datasets that produce values of type "
                            f"{spec.value_type}")
    return NumpyIterator(dataset)


class _OptionalImpl:
    """An element that may not be there.

    Args:
      value: the element.
      element_spec: its type.
    """

    _MISSING = object()

    def __init__(self, value: Any, element_spec: Any) -> None:
        self._value = value
        self._element_spec = element_spec

    @property
    def element_spec(self) -> Any:
        """The type of the element."""
        return self._element_spec

    @staticmethod
    def empty(element_spec: Any) -> _OptionalImpl:
        """An optional without value."""
        return _OptionalImpl(_OptionalImpl._MISSING, element_spec)

    @staticmethod
    def from_value(value: Any) -> _OptionalImpl:
        """An optional with a value: tensors, or tuples and dicts of them."""
        element = normalized(value)
        return _OptionalImpl(element, spec_of(element))

    def has_value(self, name: str | None = None) -> Any:
        """Whether there is a value, a boolean scalar."""
        return tf.constant(self._value is not _OptionalImpl._MISSING)

    def get_value(self, name: str | None = None) -> Any:
        """The value.

        Raises:
          InvalidArgumentError: there is none.
        """
        if self._value is _OptionalImpl._MISSING:
            raise bad("The given optional does not have a value.", "OptionalGetValue")
        return self._value


Optional = _OptionalImpl
