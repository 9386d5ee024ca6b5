"""Windows: elements put aside, by their number or by a key."""
from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

import thalweg as tf

from .batching import flag
from .dataset import UNKNOWN, Dataset
from .functions import Traced
from .nesting import maker
from .run import Run, number
from .specs import DatasetSpec, Window
from .structure import Leaves, bad, flatten, map_leaves, packer


class _WindowDataset(Dataset):
    """Data sets of so many elements each."""

    def __init__(self, inputs: Dataset, size: Any, shift: Any, stride: Any, drop_remainder: Any) -> None:
        self._size, self._stride = number(size), number(stride)
        self._shift = self._size if shift is None else number(shift)
        for value, what in ((self._size, "Window size"), (self._shift, "Window shift"), (self._stride, "Window stride")):
            if isinstance(value, int) and value < 1:
                raise bad(f"{what} must be greater than zero.", "WindowDataset")
        self._drop = flag(drop_remainder)
        self._leaf_specs = flatten(inputs.element_spec)
        super().__init__((inputs,), packer(inputs.element_spec)(tuple(DatasetSpec(s) for s in self._leaf_specs)),
                         (self._size, self._shift, self._stride, self._drop))

    def _cardinality(self, run: Run) -> int:
        n = self._inputs_[0]._cardinality(run)
        if n < 0:
            return n
        size, shift, stride = run.number(self._size), run.number(self._shift), run.number(self._stride)
        if run.value(self._drop):
            return max(0, (n - (size - 1) * stride - 1) // shift + 1)
        return -(-n // shift)

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        size, shift, stride = run.number(self._size), run.number(self._shift), run.number(self._stride)
        drop, source = bool(run.value(self._drop)), self._inputs_[0]._iterate(run)
        span = (size - 1) * stride + 1
        held: deque[Leaves] = deque()
        while True:
            held.extend(itertools.islice(source, span - len(held)))
            if not held or (drop and len(held) < span):
                return
            chosen = list(held)[::stride]
            yield tuple(Window([(leaves[i],) for leaves in chosen], s) for i, s in enumerate(self._leaf_specs))
            for _ in range(min(shift, len(held))):
                held.popleft()
            if shift > span:
                next(itertools.islice(source, shift - span, shift - span), None)


class _GroupByWindowDataset(Dataset):
    """Windows of elements with one key, each made into a data set."""

    def __init__(self, inputs: Dataset, key_func: Callable[..., Any], reduce_func: Callable[..., Any],
                 size_func: Callable[..., Any]) -> None:
        def key_of(*args: Any) -> Any:
            return tf.cast(key_func(*args), tf.int64)

        def size_of(key: Any) -> Any:
            return tf.cast(size_func(key), tf.int64)
        scalar = tf.TensorSpec([], tf.int64)
        self._key = Traced(key_of, inputs.element_spec)
        if self._key.spec != scalar and not self._key.spec.shape.is_compatible_with([]):
            raise ValueError("Invalid `key_func`. `key_func` must return a single `tf.int64` scalar tensor but its return type "
                             f"is {self._key.spec}.")
        self._window_size = Traced(size_of, scalar)
        self._reduce = maker(reduce_func, (scalar, DatasetSpec(inputs.element_spec)), "reduce_func")
        super().__init__((inputs,), self._reduce.spec.element_spec,
                         (*self._key.needs, *self._window_size.needs, *self._reduce.needs))

    def _cardinality(self, run: Run) -> int:
        return UNKNOWN

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        groups: dict[int, tuple[Any, int, list[Leaves]]] = {}
        spec = self._inputs_[0].element_spec
        for leaves in self._inputs_[0]._iterate(run):
            key = self._key(run, leaves)[0]
            known = int(key)
            if known not in groups:
                size = int(self._window_size(run, (key,))[0])
                if size < 1:
                    raise bad(f"Window size must be greater than zero, but got {size}.", "IteratorGetNext")
                groups[known] = key, size, []
            _, size, window = groups[known]
            window.append(leaves)
            if len(window) == size:
                del groups[known]
                yield from self._results(run, key, window, spec)
        for known in sorted(groups):
            key, _, window = groups[known]
            yield from self._results(run, key, window, spec)

    def _results(self, run: Run, key: Any, window: list[Leaves], spec: Any) -> Iterator[Leaves]:
        return self._reduce(run, (key, Window(window, spec)))[0]._iterate(Run())  # type: ignore[no-any-return]


def group_by_window(inputs: Dataset, key_func: Callable[..., Any], reduce_func: Callable[..., Any], window_size: Any,
                    window_size_func: Callable[..., Any] | None) -> Dataset:
    """Windows of elements with one key.

    Raises:
      ValueError: neither a size nor a function for it, or both.
    """
    if (window_size is not None) == (window_size_func is not None):
        raise ValueError("Either the `window_size` argument or the `window_size_func` argument must be specified.")
    if window_size_func is None:
        def window_size_func(key: Any) -> Any:
            return tf.convert_to_tensor(window_size, tf.int64)
    return _GroupByWindowDataset(inputs, key_func, reduce_func, window_size_func)


def bucket_by_sequence_length(inputs: Dataset, length_func: Callable[..., Any], boundaries: Sequence[int],
                              batch_sizes: Sequence[int], padded_shapes: Any, padding_values: Any, to_boundary: bool,
                              no_padding: bool, drop_remainder: bool) -> Dataset:
    """Padded batches of elements of similar lengths."""
    if len(batch_sizes) != len(boundaries) + 1:
        raise ValueError("`len(bucket_batch_sizes)` must equal `len(bucket_boundaries) + 1` but "
                         f"`len(bucket_batch_sizes)={len(batch_sizes)}` and `len(bucket_boundaries)={len(boundaries)}`.")
    sizes = tf.constant(list(batch_sizes), tf.int64)
    edges = tf.constant(np.asarray(boundaries, np.int32))
    ends = tf.constant(list(boundaries), tf.int64)

    def bucket(*args: Any) -> Any:
        """The number of boundaries that the length has reached."""
        length = tf.cast(length_func(*args), tf.int32)
        return tf.reduce_sum(tf.cast(length >= edges, tf.int64))

    def size_of(key: Any) -> Any:
        return tf.gather(sizes, key)

    def batches(key: Any, window: Dataset) -> Dataset:
        size = size_of(key)
        if no_padding:
            return window.batch(size, drop_remainder=drop_remainder)
        filler = None
        if to_boundary:
            inside = tf.debugging.assert_less(
                key, tf.constant(len(boundaries), tf.int64),
                message="When pad_to_bucket_boundary=True, elements must have length < max(bucket_boundaries).")
            with tf.control_dependencies([inside] if inside is not None else []):
                filler = tf.gather(ends, key) - 1
        known = padded_shapes if padded_shapes is not None else map_leaves(lambda s: s.shape, window.element_spec)
        return window.padded_batch(size, _filled(window.element_spec, known, filler), padding_values,
                                   drop_remainder=drop_remainder)
    return group_by_window(inputs, bucket, batches, None, size_of)


def _filled(spec: Any, shapes: Any, filler: Any) -> Any:
    """Shapes with a filler in the places of unknown dimensions."""
    if isinstance(spec, dict):
        return {k: _filled(spec[k], shapes[k], filler) for k in spec}
    if isinstance(spec, tuple):
        return tuple(_filled(s, shape, filler) for s, shape in zip(spec, shapes, strict=True))
    return [filler if d is None else d for d in tf.TensorShape(shapes)]
