"""Sources of batches: arrays, generators, data sets, sequences."""
from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

import thalweg as tf

from ...utils.sequence import PyDataset
from ...utils.warn import warn
from .arrays import can_slice, count_samples, is_array_like, to_numpy
from .packing import class_weight_to_sample_weights, pack_x_y_sample_weight, unpack_x_y_sample_weight
from .shuffle import batches


class Source:
    """Batches for one epoch after another.

    Attributes:
      num_batches: how many there are in an epoch; None where that is unknown.
    """

    num_batches: int | None = None

    def epoch(self) -> Iterator[Any]:
        """The batches of the next epoch, of tensors."""
        raise NotImplementedError

    def on_epoch_end(self) -> None:
        """Called after each epoch."""


class ArraySource(Source):
    """Batches cut from arrays.

    Raises:
      ValueError: arrays of different lengths, or weights that do not fit the labels.
    """

    def __init__(self, x: Any, y: Any, sample_weight: Any, batch_size: int | None, steps: int | None,
                 shuffle: bool | str, class_weight: Any) -> None:
        x, y, sample_weight = (_as_arrays(part) for part in (x, y, sample_weight))
        if class_weight is not None:
            if sample_weight is not None:
                raise ValueError("You cannot `class_weight` and `sample_weight` at the same time.")
            if isinstance(y, (list, tuple, dict)):
                raise ValueError("`class_weight` is only supported for Models with a single output.")
            sample_weight = class_weight_to_sample_weights(y, class_weight)
        elif sample_weight is not None:
            sample_weight = _spread(sample_weight, y)
        self._count = count_samples({"x": x, "y": y, "sample_weight": sample_weight})
        self._arrays = pack_x_y_sample_weight(x, y, sample_weight)
        if batch_size is not None and (not isinstance(batch_size, (int, np.integer)) or batch_size <= 0):
            raise ValueError(f"`batch_size` must be a positive integer. Received: batch_size={batch_size}")
        self._batch_size = batch_size or (-(-self._count // steps) if steps else 32)
        self.num_batches = -(-self._count // self._batch_size)
        self._shuffle = shuffle

    def epoch(self) -> Iterator[Any]:
        arrays = self._arrays
        take = _take_pair if _is_plain_pair(arrays) else _take
        for rows in batches(self._count, self._batch_size, self._shuffle):
            yield take(arrays, rows)


def _is_plain_pair(arrays: Any) -> bool:
    return type(arrays) is tuple and len(arrays) == 2 and all(isinstance(a, np.ndarray) for a in arrays)


def _take_pair(arrays: Any, rows: Any) -> Any:
    x, y = arrays
    return tf.convert_to_tensor(x[rows]), tf.convert_to_tensor(y[rows])


def _take(arrays: Any, rows: Any) -> Any:
    return tf.nest.map_structure(lambda a: None if a is None else tf.convert_to_tensor(a[rows]), arrays)


def _as_arrays(structure: Any) -> Any:
    return tf.nest.map_structure(lambda x: None if x is None else to_numpy(x), structure)


def _spread(sample_weight: Any, y: Any) -> Any:
    """Sample weights in the structure of the labels."""
    if not isinstance(y, (list, tuple, dict)):
        return sample_weight
    if isinstance(sample_weight, (list, tuple, dict)):
        try:
            tf.nest.assert_same_structure(y, sample_weight)
        except (ValueError, TypeError):
            raise ValueError("You should provide one `sample_weight` array per output in `y`. The two structures did "
                             "not "
                             f"match:\n- y: {y}\n- sample_weight: {sample_weight}\n") from None
        return sample_weight
    shape = sample_weight.shape
    if not (len(shape) == 1 or (len(shape) == 2 and shape[1] == 1)):
        raise ValueError("For a model with multiple outputs, when providing a single `sample_weight` array, it should "
                         "only "
                         "have one scalar score per sample (i.e. shape `(num_samples,)`). If you want to use "
                         "non-scalar "
                         "sample weights, pass a `sample_weight` argument with one array per model output.")
    return tf.nest.map_structure(lambda _: sample_weight, y)


class IterableSource(Source):
    """Batches from something that can be iterated over: a data set, a generator, a list of batches."""

    def __init__(self, batches_: Iterable[Any], class_weight: Any = None) -> None:
        self._batches = batches_
        self._class_weight = class_weight
        self._started: Iterator[Any] | None = None
        self.num_batches = _length(batches_)

    def epoch(self) -> Iterator[Any]:
        iterator = iter(self._batches)
        if iterator is not self._batches:
            return map(self.converted, iterator)
        # A generator runs on where the last epoch left off.
        if self._started is None:
            self._started = map(self.converted, iterator)
        return self._started

    def converted(self, batch: Any) -> Any:
        """A batch as tensors, with weights for its classes."""
        if self._class_weight is not None:
            x, y, _ = unpack_x_y_sample_weight(batch)
            batch = (x, y, class_weight_to_sample_weights(y, self._class_weight))
        if isinstance(batch, list):
            batch = tuple(batch)
        return tf.nest.map_structure(_tensor, batch)


class SequenceSource(Source):
    """Batches from a `PyDataset`, by their number."""

    def __init__(self, dataset: PyDataset, shuffle: bool | str, class_weight: Any) -> None:
        self._dataset = dataset
        self._shuffle = shuffle
        self._inner = IterableSource((), class_weight)
        self.num_batches = dataset.num_batches

    def epoch(self) -> Iterator[Any]:
        count = self._dataset.num_batches
        self.num_batches = count
        self._dataset.on_epoch_begin()
        numbers = list(range(count))
        if self._shuffle:
            random.shuffle(numbers)
        for number in numbers:
            yield self._inner.converted(self._dataset[number])

    def on_epoch_end(self) -> None:
        self._dataset.on_epoch_end()


def _tensor(x: Any) -> Any:
    """An array as a tensor, floating-point numbers in `floatx`; a tensor as it is."""
    if x is None or tf.is_tensor(x) or isinstance(x, tf.Variable):
        return x
    return tf.convert_to_tensor(to_numpy(x))


def _length(iterable: Any) -> int | None:
    """How many batches there are, where that can be told."""
    cardinality = getattr(iterable, "cardinality", None)
    if callable(cardinality):
        count = int(cardinality())
        return count if count >= 0 else None
    try:
        return len(iterable)
    except TypeError:
        return None


def source_of(x: Any, y: Any = None, sample_weight: Any = None, batch_size: int | None = None, steps: int | None = None,
              shuffle: bool | str = False, class_weight: Any = None) -> Source:
    """The source of batches for what `fit`, `evaluate` or `predict` were given.

    Raises:
      ValueError: labels or weights beside data that hold their own, or data of an unknown kind.
    """
    if x is None:
        raise ValueError("Expected data to train, evaluate or predict on. Received: x=None")
    if can_slice(x, y, sample_weight):
        return ArraySource(x, y, sample_weight, batch_size, steps, shuffle, class_weight)
    kind = _kind(x)
    if kind is None:
        error = ValueError(f"Unrecognized data type: x={x} (of type {type(x)})")
        if isinstance(x, (list, tuple)) or isinstance(y, (list, tuple)):
            error.add_note("Lists of numbers are not arrays: wrap them in `np.array(...)`.")
        raise error
    for name, value, what in (("y", y, "the targets"), ("sample_weights", sample_weight, "the sample weights")):
        if value is not None:
            raise ValueError(f"When providing `x` as a {kind}, `{name}` should not be passed. Instead, {what} should "
                             "be "
                             f"included as part of the {kind}.")
    if kind == "PyDataset":
        return SequenceSource(x, shuffle, class_weight)
    if kind == "generator" and class_weight is not None:
        raise ValueError("Argument `class_weight` is not supported for Python generator inputs. Received: "
                         f"class_weight={class_weight}")
    return IterableSource(x, class_weight)


def _kind(x: Any) -> str | None:
    """What kind of source `x` is, in the words of error messages; None for none."""
    if isinstance(x, PyDataset):
        return "PyDataset"
    if hasattr(x, "element_spec"):
        return "tf.data.Dataset"
    if isinstance(x, (str, bytes, list, tuple, dict)) or is_array_like(x):
        return None
    return "generator" if hasattr(x, "__iter__") else None


def warn_if_not_shuffled(x: Any, shuffle: bool | str) -> None:
    """Warns where `shuffle` is asked for, but the data come in an order of their own."""
    if not shuffle or can_slice(x):
        return
    kind = _kind(x)
    if kind == "generator":
        what = "a generator. The generator is expected to yield already-shuffled data."
    elif kind == "tf.data.Dataset":
        what = "a tf.data.Dataset. The Dataset is expected to already be shuffled (via `.shuffle(buffer_size)`)."
    else:
        return
    warn(f"`shuffle=True` was passed, but will be ignored since the data `x` was provided as {what}")
