"""Iterators whose elements are taken by nodes of a graph."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from .dataset import Dataset
from .run import Run
from .structure import flatten, packer


class Source:
    """What gives the arrays of one element after another to a node.

    Args:
      elements: the leaves of the elements.
    """

    def __init__(self, elements: Any) -> None:
        self._elements = elements

    def take(self) -> list[Any] | None:
        """The arrays of the next element; None after the last."""
        leaves = next(self._elements, None)
        if leaves is None:
            return None
        return [np.asarray(part) for x in leaves if x is not None for part in tf.nest.flatten(x, expand_composites=True)]


def component_specs(element_spec: Any) -> list[Any]:
    """The specs of the tensors that elements consist of.

    Raises:
      NotImplementedError: elements that hold data sets.
    """
    parts = [c for s in flatten(element_spec) for c in tf.nest.flatten(s._component_specs)]
    if not all(isinstance(c, tf.TensorSpec) for c in parts) or any(c.dtype == tf.variant for c in parts):
        raise NotImplementedError("An iterator over data sets cannot be used in a graph.")
    return parts


def types(element_spec: Any) -> dict[str, Any]:
    """The attributes that nodes of iterators have."""
    parts = component_specs(element_spec)
    return {"output_types": [c.dtype for c in parts], "output_shapes": [c.shape for c in parts]}


def maker(dataset: Dataset) -> tuple[Any, list[Any]]:
    """What starts an iteration, and the tensors whose values it needs for that.

    Raises:
      ValueError: a data set that stands for another.
    """
    needs = dataset._symbols()
    if not all(tf.is_tensor(s) for s in needs):
        raise ValueError("An iterator cannot be made of a data set that a function is given.")

    def start(*arrays: Any) -> Source:
        values = {id(s): tf.convert_to_tensor(np.asarray(a)) for s, a in zip(needs, arrays, strict=True)}
        return Source(dataset._iterate(Run(values)))
    return start, needs


def get_next(handle: Any, element_spec: Any, name: str | None = None) -> Any:
    """The node that takes the next element, in the structure of the elements."""
    tensors = tf.raw_ops.IteratorGetNext(iterator=handle, name=name, **types(element_spec))
    values = iter(tensors if isinstance(tensors, (list, tuple)) else [tensors])
    leaves = []
    for spec in flatten(element_spec):
        if isinstance(spec, tf.TensorSpec):
            leaves.append(next(values))
        else:
            leaves.append(spec._from_components([next(values) for _ in tf.nest.flatten(spec._component_specs)]))
    return packer(element_spec)(tuple(leaves))


class Iterator:
    """An iterator of a graph: TensorFlow 1's.

    Args:
      iterator_resource: the handle.
      initializer: the operation that starts it, None where it starts by itself.
      element_spec: of the elements.
    """

    def __init__(self, iterator_resource: Any, initializer: Any, element_spec: Any) -> None:
        self._iterator_resource = iterator_resource
        self._initializer = initializer
        self._element_spec = element_spec

    @staticmethod
    def one_shot(dataset: Dataset) -> Iterator:
        """An iterator that starts by itself, once in a session."""
        start, needs = maker(dataset)
        handle = tf.raw_ops.OneShotIterator(components=needs, maker=start, Targuments=[s.dtype for s in needs],
                                            **types(dataset.element_spec))
        return Iterator(handle, None, dataset.element_spec)

    @staticmethod
    def initializable(dataset: Dataset, shared_name: str | None = None) -> Iterator:
        """An iterator that its initializer starts."""
        handle = tf.raw_ops.IteratorV2(shared_name=shared_name or "", container="", **types(dataset.element_spec))
        made = Iterator(handle, None, dataset.element_spec)
        made._initializer = made.make_initializer(dataset)
        return made

    @staticmethod
    def from_structure(output_types: Any, output_shapes: Any = None, shared_name: str | None = None,
                       output_classes: Any = None) -> Iterator:
        """An iterator without data set, for elements of these dtypes and shapes; `make_initializer` gives it one."""
        spec = specs_of(output_types, output_shapes)
        return Iterator(tf.raw_ops.IteratorV2(shared_name=shared_name or "", container="", **types(spec)), None, spec)

    @staticmethod
    def from_string_handle(string_handle: Any, output_types: Any, output_shapes: Any = None,
                           output_classes: Any = None) -> Iterator:
        """The iterator whose `string_handle` is fed."""
        spec = specs_of(output_types, output_shapes)
        handle = tf.raw_ops.IteratorFromStringHandleV2(string_handle=tf.convert_to_tensor(string_handle, tf.string),
                                                       **types(spec))
        return Iterator(handle, None, spec)

    @property
    def initializer(self) -> Any:
        """The operation that starts the iterator from the beginning.

        Raises:
          ValueError: there is none.
        """
        if self._initializer is None:
            raise ValueError("The iterator does not have an initializer. This means it was likely created using "
                             "`tf.data.Dataset.make_one_shot_iterator()`. For an initializable iterator, use "
                             "`tf.data.Dataset.make_initializable_iterator()` instead.")
        return self._initializer

    def make_initializer(self, dataset: Dataset, name: str | None = None) -> Any:
        """An operation that starts the iterator with a data set.

        Raises:
          TypeError: elements of other types.
          ValueError: elements of other shapes.
        """
        for mine, theirs in zip(component_specs(self._element_spec), component_specs(dataset.element_spec), strict=True):
            if mine.dtype != theirs.dtype:
                raise TypeError(f"Expected output types {mine.dtype!r} but got dataset with output types {theirs.dtype!r}.")
            if not mine.shape.is_compatible_with(theirs.shape):
                raise TypeError(f"Expected output shapes compatible with {mine.shape} but got dataset with output shapes "
                                f"{theirs.shape}.")
        start, needs = maker(dataset)
        variant = tf.raw_ops.IteratorMaker(components=needs, maker=start, Targuments=[s.dtype for s in needs])
        return tf.raw_ops.MakeIterator(dataset=variant, iterator=self._iterator_resource, name=name)

    def get_next(self, name: str | None = None) -> Any:
        """The tensors of the next element; whenever they are computed, they are another element's.

        Raises:
          OutOfRangeError: when it runs, after the last element.
        """
        return get_next(self._iterator_resource, self._element_spec, name)

    def string_handle(self, name: str | None = None) -> Any:
        """A string scalar that names the iterator, to be fed to another."""
        return tf.raw_ops.IteratorToStringHandle(resource_handle=self._iterator_resource, name=name)

    @property
    def element_spec(self) -> Any:
        """The type of the elements."""
        return self._element_spec

    @property
    def output_types(self) -> Any:
        """The dtypes of the elements."""
        return legacy(self._element_spec, "_to_legacy_output_types")

    @property
    def output_shapes(self) -> Any:
        """The shapes of the elements."""
        return legacy(self._element_spec, "_to_legacy_output_shapes")

    @property
    def output_classes(self) -> Any:
        """The classes of the elements."""
        return legacy(self._element_spec, "_to_legacy_output_classes")


def specs_of(output_types: Any, output_shapes: Any) -> Any:
    """Specs of dtypes and shapes nested in the same way."""
    if isinstance(output_types, dict):
        return {k: specs_of(t, None if output_shapes is None else output_shapes[k]) for k, t in output_types.items()}
    if isinstance(output_types, (tuple, list)):
        return tuple(specs_of(t, None if output_shapes is None else output_shapes[i]) for i, t in enumerate(output_types))
    return tf.TensorSpec(output_shapes, output_types)


def legacy(element_spec: Any, what: str) -> Any:
    """What TensorFlow 1 says of elements, one value for each leaf."""
    return packer(element_spec)(tuple(getattr(s, what)() for s in flatten(element_spec)))


def handle_of(iterator: Any) -> Any:
    """A tensor that stands for an iterator which runs outside graphs, for nodes that take elements from it."""
    handle = tf.raw_ops.AnonymousIteratorV3(**types(iterator.element_spec))
    variant = tf.raw_ops.IteratorMaker(components=[], maker=lambda: Source(iterator._source), Targuments=[])
    tf.raw_ops.MakeIterator(dataset=variant, iterator=handle)
    return handle
