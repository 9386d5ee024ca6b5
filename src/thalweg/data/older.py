"""The functions of tf.data.experimental: older names of methods, and what has no other name."""
from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import thalweg as tf

from .dataset import Dataset
from .grouping import Reducer, _GroupByReducerDataset
from .iterators import Optional
from .mapping import _MapDataset
from .selecting import _AssertCardinalityDataset, _CopyToDeviceDataset, _ShuffleAndRepeatDataset
from .shuffling import _RandomDataset
from .sources import _ListDataset
from .structure import flatten, normalized, packer

tf.data.AUTOTUNE = -1
Transformation = Callable[[Dataset], Dataset]


def cardinality(dataset: Dataset) -> Any:
    """How many elements a data set has: `Dataset.cardinality`."""
    return dataset.cardinality()


def assert_cardinality(expected_cardinality: Any) -> Transformation:
    """Promises how many elements there are.

    Raises:
      FailedPreconditionError: in iteration, if there are more or fewer.
    """
    return lambda dataset: _AssertCardinalityDataset(dataset, expected_cardinality)


def get_structure(dataset_or_iterator: Any) -> Any:
    """The type of the elements of a data set or iterator.

    Raises:
      TypeError: something else.
    """
    try:
        return dataset_or_iterator.element_spec
    except AttributeError:
        raise TypeError("Invalid `dataset_or_iterator`. `dataset_or_iterator` must be a dataset or iterator, but got "
                        f"{type(dataset_or_iterator)}.") from None


def get_single_element(dataset: Dataset) -> Any:
    """The only element: `Dataset.get_single_element`."""
    return dataset.get_single_element()


def get_next_as_optional(iterator: Any) -> Optional:
    """The next element of an iterator, or an optional without value."""
    found: Optional = iterator.get_next_as_optional()
    return found


def from_list(elements: Any, name: str | None = None) -> Dataset:
    """Elements of a list, which have one structure.

    Raises:
      ValueError: an empty list.
    """
    if not elements:
        raise ValueError("Invalid `elements`. `elements` should not be empty.")
    rows = [normalized(e) for e in elements]
    columns = zip(*map(flatten, rows), strict=True)
    return _ListDataset(packer(rows[0])(tuple(tf.stack(c) for c in columns)))


def Counter(start: Any = 0, step: Any = 1, dtype: Any = None) -> Dataset:
    """Numbers without end: `Dataset.counter`."""
    return Dataset.counter(start, step, dtype)


def RandomDataset(seed: Any = None, rerandomize_each_iteration: bool | None = None, name: str | None = None) -> Dataset:
    """Random numbers without end: `Dataset.random`."""
    return _RandomDataset(seed, rerandomize_each_iteration)


def at(dataset: Dataset, index: Any) -> Any:
    """The element with a number.

    Raises:
      OutOfRangeError: there are not so many.
    """
    found = next(iter(dataset.skip(index).take(1)), dataset)
    if found is dataset:
        raise tf.errors.OutOfRangeError(None, None, f"Index out of range [0, {len(dataset)}):{int(index)} "
                                        "[Op:GetElementAtIndex] name: ")
    return found


def unbatch() -> Transformation:
    """`Dataset.unbatch`."""
    return lambda dataset: dataset.unbatch()


def unique() -> Transformation:
    """`Dataset.unique`."""
    return lambda dataset: dataset.unique()


def ignore_errors(log_warning: bool = False) -> Transformation:
    """`Dataset.ignore_errors`."""
    return lambda dataset: dataset.ignore_errors(log_warning)


def enumerate_dataset(start: Any = 0) -> Transformation:
    """`Dataset.enumerate`."""
    return lambda dataset: dataset.enumerate(start)


def scan(initial_state: Any, scan_func: Callable[..., Any]) -> Transformation:
    """`Dataset.scan`."""
    return lambda dataset: dataset.scan(initial_state, scan_func)


def take_while(predicate: Callable[..., Any]) -> Transformation:
    """`Dataset.take_while`."""
    return lambda dataset: dataset.take_while(predicate)


def group_by_window(key_func: Callable[..., Any], reduce_func: Callable[..., Any], window_size: Any = None,
                    window_size_func: Callable[..., Any] | None = None) -> Transformation:
    """`Dataset.group_by_window`."""
    return lambda dataset: dataset.group_by_window(key_func, reduce_func, window_size, window_size_func)


def bucket_by_sequence_length(element_length_func: Callable[..., Any], bucket_boundaries: Any, bucket_batch_sizes: Any,
                              padded_shapes: Any = None, padding_values: Any = None, pad_to_bucket_boundary: bool = False,
                              no_padding: bool = False, drop_remainder: bool = False) -> Transformation:
    """`Dataset.bucket_by_sequence_length`."""
    return lambda dataset: dataset.bucket_by_sequence_length(
        element_length_func, bucket_boundaries, bucket_batch_sizes, padded_shapes, padding_values, pad_to_bucket_boundary,
        no_padding, drop_remainder)


def group_by_reducer(key_func: Callable[..., Any], reducer: Reducer) -> Transformation:
    """What a reducer makes of the elements of each key, in the order of the keys."""
    return lambda dataset: _GroupByReducerDataset(dataset, key_func, reducer)


def rejection_resample(class_func: Callable[..., Any], target_dist: Any, initial_dist: Any = None,
                       seed: Any = None) -> Transformation:
    """`Dataset.rejection_resample`."""
    return lambda dataset: dataset.rejection_resample(class_func, target_dist, initial_dist, seed)


def sample_from_datasets(datasets: Any, weights: Any = None, seed: Any = None, stop_on_empty_dataset: bool = False) -> Dataset:
    """`Dataset.sample_from_datasets`."""
    return Dataset.sample_from_datasets(datasets, weights, seed, stop_on_empty_dataset)


def choose_from_datasets(datasets: Any, choice_dataset: Dataset, stop_on_empty_dataset: bool = False) -> Dataset:
    """`Dataset.choose_from_datasets`, which goes on after a data set has ended."""
    return Dataset.choose_from_datasets(datasets, choice_dataset, stop_on_empty_dataset)


def dense_to_ragged_batch(batch_size: Any, drop_remainder: bool = False, row_splits_dtype: Any = None) -> Transformation:
    """`Dataset.ragged_batch`."""
    return lambda dataset: dataset.ragged_batch(batch_size, drop_remainder, row_splits_dtype)


def dense_to_sparse_batch(batch_size: Any, row_shape: Any) -> Transformation:
    """`Dataset.sparse_batch`."""
    return lambda dataset: dataset.sparse_batch(batch_size, row_shape)


class _MapAndBatchDataset(_MapDataset):
    """Batches of what a function makes of elements."""

    def __init__(self, inputs: Dataset, func: Callable[..., Any], batch_size: Any, drop_remainder: Any) -> None:
        batched = inputs.map(func).batch(batch_size, drop_remainder)
        Dataset.__init__(self, (batched,), batched.element_spec)

    def _iterate(self, run: Any) -> Any:
        return self._inputs_[0]._iterate(run)


def map_and_batch(map_func: Callable[..., Any], batch_size: Any, num_parallel_batches: Any = None,
                  drop_remainder: bool = False, num_parallel_calls: Any = None) -> Transformation:
    """`map` and then `batch`.

    Raises:
      ValueError: both ways of saying how many calls run at a time.
    """
    if num_parallel_batches is not None and num_parallel_calls is not None:
        raise ValueError("`map_and_batch` allows only one of `num_parallel_batches` and `num_parallel_calls` to be set, but "
                         f"`num_parallel_batches` was set to {num_parallel_batches} and `num_parallel_calls` as set to "
                         f"{num_parallel_calls}.")
    return lambda dataset: _MapAndBatchDataset(dataset, map_func, batch_size, drop_remainder)


def shuffle_and_repeat(buffer_size: Any, count: Any = None, seed: Any = None) -> Transformation:
    """`shuffle` and then `repeat`."""
    return lambda dataset: _ShuffleAndRepeatDataset(dataset, buffer_size, count, seed)


def parallel_interleave(map_func: Callable[..., Any], cycle_length: Any, block_length: Any = 1, sloppy: bool | None = False,
                        buffer_output_elements: Any = None, prefetch_input_elements: Any = None) -> Transformation:
    """`Dataset.interleave`."""
    return lambda dataset: dataset.interleave(map_func, cycle_length, block_length, tf.data.AUTOTUNE)


def prefetch_to_device(device: Any, buffer_size: Any = None) -> Transformation:
    """`Dataset.prefetch`; the elements go to a device when an operation there takes them."""
    return lambda dataset: dataset.prefetch(tf.data.AUTOTUNE if buffer_size is None else buffer_size)


def copy_to_device(target_device: Any, source_device: Any = "/cpu:0") -> Transformation:
    """The same elements; they go to a device when an operation there takes them."""
    return lambda dataset: _CopyToDeviceDataset(dataset)


def to_variant(dataset: Dataset) -> Dataset:
    """What stands for a data set: here the data set itself."""
    return dataset


def from_variant(variant: Any, structure: Any) -> Dataset:
    """The data set that `to_variant` gave, with elements of a type.

    Raises:
      TypeError: its elements are of another type.
    """
    if not isinstance(variant, Dataset) or variant.element_spec != structure:
        raise TypeError(f"{variant} is no data set of elements of type {structure}.")
    return variant


def enable_debug_mode() -> None:
    """Accepted with a warning: functions on elements are traced all the same."""
    warnings.warn("tf.data functions are traced, in debug mode, too.", stacklevel=2)

