"""`tf.data` of TensorFlow 1: the same data sets, and iterators that nodes of a graph take elements from."""
from __future__ import annotations

from typing import Any

from .._lazy import attach
from .building import builds, in_default_graph

AUTOTUNE = -1
INFINITE_CARDINALITY = -1
UNKNOWN_CARDINALITY = -2

__getattr__, __dir__ = attach(__name__, {
    "data.dataset": "Dataset",
    "data.experimental": "experimental=.",
    "data.files": "FixedLengthRecordDataset TFRecordDataset TextLineDataset",
    "data.in_graph": "Iterator",
    "data.iterators": "NumpyIterator",
    "data.options": "Options ThreadingOptions",
    "data.specs": "DatasetSpec",
})


def make_one_shot_iterator(dataset: Any) -> Any:
    """An iterator over a data set from its beginning, once in each session; at once outside graphs."""
    with in_default_graph() as graph:
        if graph is not None:
            from ..data.in_graph import Iterator
            return Iterator.one_shot(dataset)
    return iter(dataset)


@builds
def make_initializable_iterator(dataset: Any, shared_name: str | None = None) -> Any:
    """An iterator over a data set, which its `initializer` starts.

    Raises:
      RuntimeError: outside graphs.
    """
    from ..core.context import executing_eagerly
    from ..data.in_graph import Iterator
    if executing_eagerly():
        raise RuntimeError("`make_initializable_iterator()` is not supported in eager mode. Use Python-style iteration "
                           "instead.")
    return Iterator.initializable(dataset, shared_name)


def get_output_types(dataset_or_iterator: Any) -> Any:
    """The dtypes of the elements."""
    from ..data.in_graph import legacy
    return legacy(dataset_or_iterator.element_spec, "_to_legacy_output_types")


def get_output_shapes(dataset_or_iterator: Any) -> Any:
    """The shapes of the elements."""
    from ..data.in_graph import legacy
    return legacy(dataset_or_iterator.element_spec, "_to_legacy_output_shapes")


def get_output_classes(dataset_or_iterator: Any) -> Any:
    """The classes of the elements."""
    from ..data.in_graph import legacy
    return legacy(dataset_or_iterator.element_spec, "_to_legacy_output_classes")
