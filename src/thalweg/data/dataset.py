"""`tf.data.Dataset`: the class, with its methods; how each kind of data set works is in the modules beside this one."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import thalweg as tf

from .run import Run, symbols
from .structure import Leaves, packer

INFINITE, UNKNOWN = -1, -2
"""What stands for a number of elements where there is no end, or it is not known."""

Rows = tuple[list[Any], Any]
"""Arrays, and which of their rows the elements are: a range, or an iterator of numbers."""


class DatasetV2(Iterable[Any]):
    """A sequence of elements: tensors, or tuples and dicts of them.

    A data set is a description. Each `iter(dataset)` runs it from the beginning; transformations give new data sets.
    Functions on elements are traced once, as by `tf.function`.

    Args:
      inputs: the data sets that this one is made of.
      element_spec: the type of the elements.
      needs: what else of a graph it depends on.
    """

    _stands_for_another = False

    def __init__(self, inputs: Sequence[Dataset] = (), element_spec: Any = None, needs: Iterable[Any] = ()) -> None:
        if type(self) is DatasetV2:
            raise TypeError("Can't instantiate abstract class DatasetV2 with abstract methods _inputs, element_spec")
        self._inputs_ = tuple(inputs)
        self._spec = element_spec
        self._needs = tuple(symbols(needs))
        self._pack = packer(element_spec)

    # What a kind of data set defines.

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        """The leaves of one element after another."""
        raise NotImplementedError(type(self).__name__)

    def _cardinality(self, run: Run) -> int:
        """How many elements there are; -1 for no end, -2 for unknown."""
        return self._inputs_[0]._cardinality(run) if len(self._inputs_) == 1 else -2

    def _rows(self, run: Run) -> Rows | None:
        """The elements as rows of arrays, if they are that: batches are then cut out at once."""
        return None

    # What follows from it.

    def _symbols(self) -> list[Any]:
        """The tensors of a graph that the elements depend on."""
        return symbols([*self._needs, *(s for d in self._inputs_ for s in d._symbols())])

    def _inputs(self) -> list[Dataset]:
        return list(self._inputs_)

    @property
    def element_spec(self) -> Any:
        """The type of the elements: specs in the structure of the elements."""
        return self._spec

    @property
    def _type_spec(self) -> Any:
        from .specs import DatasetSpec
        return DatasetSpec(self._spec)

    def __iter__(self) -> Any:
        """An iterator over the elements from the beginning.

        Raises:
          RuntimeError: in a graph.
        """
        from .iterators import OwnedIterator
        if not tf.executing_eagerly():
            raise RuntimeError("`tf.data.Dataset` only supports Python-style iteration in eager mode or within tf.function.")
        return OwnedIterator(self)

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        """How many elements there are.

        Raises:
          TypeError: there is no end, or it is not known.
        """
        if not tf.executing_eagerly():
            raise TypeError("`tf.data.Dataset` only supports `len` in eager mode. Use `tf.data.Dataset.cardinality()` instead.")
        count = self._cardinality(Run())
        if count < 0:
            raise TypeError("The dataset is infinite." if count == -1 else "The dataset length is unknown.")
        return count

    def __repr__(self) -> str:
        return f"<{type(self).__name__} element_spec={self.element_spec}>"

    def _in_graph(self, compute: Callable[[Run], Any], dtypes: list[Any]) -> Any:
        """The tensors that `compute` makes: at once, or where the data set is part of a graph, by a node of it."""
        needs = self._symbols()
        if not needs and tf.executing_eagerly():
            return compute(Run())
        sets = [s for s in needs if not tf.is_tensor(s)]
        if sets:
            raise NotImplementedError("A data set that a function is given cannot be reduced to a tensor in that function.")

        def call(*values: Any) -> Any:
            return compute(Run({id(s): v for s, v in zip(needs, values, strict=True)}))
        return tf.py_function(call, needs, dtypes)

    def cardinality(self, name: str | None = None) -> Any:
        """How many elements there are, int64; `tf.data.INFINITE_CARDINALITY` or `UNKNOWN_CARDINALITY` where there is no
        number."""
        found = self._in_graph(lambda run: [tf.constant(self._cardinality(run), tf.int64)], [tf.int64])[0]
        found.set_shape([])
        return found

    def as_numpy_iterator(self) -> Any:
        """An iterator whose elements hold NumPy values in the places of tensors.

        Raises:
          RuntimeError: in a graph.
          TypeError: the elements hold what has no NumPy value.
        """
        from .iterators import numpy_iterator
        return numpy_iterator(self)

    def options(self) -> Any:
        """The options of this data set and of those that it is made of."""
        from .options import Options
        merged = Options()
        for d in self._inputs_:
            merged = merged.merge(d.options())
        return merged

    # TensorFlow 1's ways to say what the elements are, and to take them.

    @property
    def output_types(self) -> Any:
        """The dtypes of the elements: TensorFlow 1's."""
        from .in_graph import legacy
        return legacy(self.element_spec, "_to_legacy_output_types")

    @property
    def output_shapes(self) -> Any:
        """The shapes of the elements: TensorFlow 1's."""
        from .in_graph import legacy
        return legacy(self.element_spec, "_to_legacy_output_shapes")

    @property
    def output_classes(self) -> Any:
        """The classes of the elements: TensorFlow 1's."""
        from .in_graph import legacy
        return legacy(self.element_spec, "_to_legacy_output_classes")

    def make_one_shot_iterator(self) -> Any:
        """`tf.compat.v1.data.make_one_shot_iterator` of this data set."""
        return tf.compat.v1.data.make_one_shot_iterator(self)

    def make_initializable_iterator(self, shared_name: str | None = None) -> Any:
        """`tf.compat.v1.data.make_initializable_iterator` of this data set."""
        return tf.compat.v1.data.make_initializable_iterator(self, shared_name)

    # Where elements come from.

    @staticmethod
    def from_tensors(tensors: Any, name: str | None = None) -> Dataset:
        """One element.

        Raises:
          InvalidArgumentError: an element of nothing.
        """
        from .sources import _TensorDataset
        return _TensorDataset(tensors)

    @staticmethod
    def from_tensor_slices(tensors: Any, name: str | None = None) -> Dataset:
        """The slices of tensors along their first axes.

        Raises:
          ValueError: scalars, or first axes of different sizes.
        """
        from .sources import _TensorSliceDataset
        return _TensorSliceDataset(tensors)

    @staticmethod
    def from_generator(generator: Callable[..., Any], output_types: Any = None, output_shapes: Any = None,
                       args: Any = None, output_signature: Any = None, name: str | None = None) -> Dataset:
        """What a Python generator yields.

        Args:
          generator: called for each iteration, gives an iterable.
          output_types: the dtypes of the elements, or
          output_shapes: and their shapes, unknown if left out.
          args: tensors, whose NumPy values are the arguments of `generator`.
          output_signature: the specs of the elements, instead of dtypes and shapes.

        Raises:
          TypeError: no callable, or no signature, or two. Iteration raises InvalidArgumentError for elements that do not
            fit it.
        """
        from .generators import from_generator
        return from_generator(generator, output_types, output_shapes, args, output_signature)

    @staticmethod
    def range(*args: Any, **kwargs: Any) -> Dataset:
        """Numbers from `start` (0) to before `stop`, by `step` (1): `range(stop)`, `range(start, stop)` or
        `range(start, stop, step)`; `output_type` is their dtype, int64.

        Raises:
          ValueError: none of these.
        """
        from .sources import _RangeDataset
        kwargs.pop("name", None)
        return _RangeDataset(*args, **kwargs)

    @staticmethod
    def counter(start: Any = 0, step: Any = 1, dtype: Any = None, name: str | None = None) -> Dataset:
        """Numbers from `start` by `step` without end, int64 unless said otherwise."""
        dtype = dtype or tf.int64
        by = tf.convert_to_tensor(step, dtype)
        return Dataset.from_tensors(0).repeat().scan(tf.convert_to_tensor(start, dtype), lambda state, _: (state + by, state))

    @staticmethod
    def random(seed: int | None = None, rerandomize_each_iteration: bool | None = None, name: str | None = None) -> Dataset:
        """Random numbers from 0 to 2**32 - 1 without end, int64; the same in every iteration unless asked otherwise."""
        from .shuffling import _RandomDataset
        return _RandomDataset(seed, rerandomize_each_iteration)

    @staticmethod
    def list_files(file_pattern: Any, shuffle: bool | None = None, seed: Any = None, name: str | None = None) -> Dataset:
        """The names of files that match a pattern, or one of several, in a random order unless `shuffle` is False.

        Raises:
          InvalidArgumentError: there are none.
        """
        from .files import list_files
        return list_files(file_pattern, shuffle, seed)

    # Several data sets.

    @staticmethod
    def zip(*args: Any, datasets: Any = None, name: str | None = None) -> Dataset:
        """Elements of several data sets side by side, in the structure of the arguments, as long as all have some.

        Raises:
          TypeError: something else than data sets in tuples and dicts.
        """
        from .joining import zipped
        return zipped(args, datasets)

    def concatenate(self, dataset: Dataset, name: str | None = None) -> Dataset:
        """The elements of this data set, and then those of another.

        Raises:
          TypeError: they differ in structure or dtypes.
        """
        from .joining import _ConcatenateDataset
        return _ConcatenateDataset(self, dataset)

    @staticmethod
    def sample_from_datasets(datasets: Sequence[Dataset], weights: Any = None, seed: Any = None,
                             stop_on_empty_dataset: bool = False, rerandomize_each_iteration: bool | None = None) -> Dataset:
        """Each element from a data set drawn at random.

        Args:
          datasets: of elements of one type.
          weights: how likely each is, alike if left out; a data set of such weights changes them with every element.
          seed: of the draws.
          stop_on_empty_dataset: end with the first data set that ends; else go on with the others.
          rerandomize_each_iteration: whether each iteration draws anew.

        Raises:
          ValueError: no data sets, or not as many weights.
          TypeError: weights that are no floating-point numbers, or data sets of different types.
        """
        from .joining import sample_from_datasets
        return sample_from_datasets(datasets, weights, seed, stop_on_empty_dataset, rerandomize_each_iteration)

    @staticmethod
    def choose_from_datasets(datasets: Sequence[Dataset], choice_dataset: Dataset,
                             stop_on_empty_dataset: bool = True) -> Dataset:
        """Each element from the data set whose number the next element of `choice_dataset` is.

        Raises:
          ValueError: no data sets.
          TypeError: choices that are no int64 scalars, or data sets of different types.
        """
        from .joining import choose_from_datasets
        return choose_from_datasets(datasets, choice_dataset, stop_on_empty_dataset)

    # Functions of elements.

    def map(self, map_func: Callable[..., Any], num_parallel_calls: Any = None, deterministic: bool | None = None,
            synchronous: bool | None = None, use_unbounded_threadpool: bool = False, name: str | None = None) -> Dataset:
        """A function of each element.

        Args:
          map_func: takes the element, or its parts if it is a tuple, and returns tensors, tuples and dicts of them, or
            data sets. It is traced once.
          num_parallel_calls: run so many calls at a time, in threads; -1 chooses by what the function does. The order of
            the elements stays.
          deterministic: accepted; the order never depends on timing.

        Raises:
          ValueError: `map_func` cannot be called.
          InvalidArgumentError: no results, or 0 parallel calls.
        """
        from .mapping import _MapDataset, _ParallelMapDataset
        if num_parallel_calls is None or synchronous:
            return _MapDataset(self, map_func)
        return _ParallelMapDataset(self, map_func, num_parallel_calls)

    def filter(self, predicate: Callable[..., Any], name: str | None = None) -> Dataset:
        """The elements for which a function is true.

        Raises:
          ValueError: the function returns no boolean scalar.
        """
        from .mapping import _FilterDataset
        return _FilterDataset(self, predicate)

    def take_while(self, predicate: Callable[..., Any], name: str | None = None) -> Dataset:
        """The elements before the first for which a function is false.

        Raises:
          ValueError: the function returns no boolean scalar.
        """
        from .mapping import _TakeWhileDataset
        return _TakeWhileDataset(self, predicate)

    def scan(self, initial_state: Any, scan_func: Callable[..., Any], name: str | None = None) -> Dataset:
        """What a function makes of a state and each element: `scan_func(state, element) -> (state, result)`.

        Raises:
          TypeError: no pair, or a state of another type.
        """
        from .mapping import _ScanDataset
        return _ScanDataset(self, initial_state, scan_func)

    def reduce(self, initial_state: Any, reduce_func: Callable[..., Any], name: str | None = None) -> Any:
        """The last state: `reduce_func(state, element) -> state`, from the first element to the last.

        Raises:
          TypeError: a state of another type.
        """
        from .mapping import reduced
        return reduced(self, initial_state, reduce_func)

    def get_single_element(self, name: str | None = None) -> Any:
        """The only element.

        Raises:
          InvalidArgumentError: there is none, or more than one.
        """
        from .mapping import single_element
        return single_element(self)

    def flat_map(self, map_func: Callable[..., Any], name: str | None = None) -> Dataset:
        """The elements of a data set that a function makes of each element, one data set after the other.

        Raises:
          TypeError: the function returns something else.
        """
        from .nesting import _FlatMapDataset
        return _FlatMapDataset(self, map_func)

    def interleave(self, map_func: Callable[..., Any], cycle_length: Any = None, block_length: Any = None,
                   num_parallel_calls: Any = None, deterministic: bool | None = None, name: str | None = None) -> Dataset:
        """The elements of data sets that a function makes of each element, `block_length` from each of `cycle_length` of
        them in turn.

        Raises:
          TypeError: the function returns something else.
        """
        from .nesting import _InterleaveDataset, _ParallelInterleaveDataset
        kind = _InterleaveDataset if num_parallel_calls is None else _ParallelInterleaveDataset
        return kind(self, map_func, cycle_length, block_length)

    def enumerate(self, start: Any = 0, name: str | None = None) -> Dataset:
        """Pairs of a number, int64 from `start` on, and an element."""
        return Dataset.zip((Dataset.range(start, 2**63 - 1), self))

    def unique(self, name: str | None = None) -> Dataset:
        """The elements without those that came before.

        Raises:
          TypeError: elements of another dtype than int32, int64 or string.
        """
        from .mapping import _UniqueDataset
        return _UniqueDataset(self)

    def ignore_errors(self, log_warning: bool = False, name: str | None = None) -> Dataset:
        """The elements whose computation does not fail."""
        from .mapping import _IgnoreErrorsDataset
        return _IgnoreErrorsDataset(self, log_warning)

    def apply(self, transformation_func: Callable[[Dataset], Dataset]) -> Dataset:
        """What a function makes of the data set.

        Raises:
          TypeError: it makes something else than a data set.
        """
        made = transformation_func(self)
        if not isinstance(made, Dataset):
            raise TypeError(f"`transformation_func` must return a `tf.data.Dataset` object. Got {type(made)}.")
        return made

    # Which elements, in which order.

    def shuffle(self, buffer_size: Any, seed: Any = None, reshuffle_each_iteration: bool | None = None,
                name: str | None = None) -> Dataset:
        """The elements in a random order: each is drawn from a buffer, where the next one takes its place.

        Args:
          buffer_size: how many elements to draw from; -2 for all.
          seed: gives TensorFlow's order for the same seeds.
          reshuffle_each_iteration: whether each iteration has an order of its own, as it has unless this is False.

        Raises:
          InvalidArgumentError: a buffer for nothing.
        """
        from .shuffling import _ShuffleDataset
        return _ShuffleDataset(self, buffer_size, seed, reshuffle_each_iteration)

    def repeat(self, count: Any = None, name: str | None = None) -> Dataset:
        """The elements `count` times over; without end for None or -1."""
        from .selecting import _RepeatDataset
        return _RepeatDataset(self, count)

    def take(self, count: Any, name: str | None = None) -> Dataset:
        """The first `count` elements; all for -1."""
        from .selecting import _TakeDataset
        return _TakeDataset(self, count)

    def skip(self, count: Any, name: str | None = None) -> Dataset:
        """The elements after the first `count`; none for -1."""
        from .selecting import _SkipDataset
        return _SkipDataset(self, count)

    def shard(self, num_shards: Any, index: Any, name: str | None = None) -> Dataset:
        """Every `num_shards`-th element, from the one with number `index` on.

        Raises:
          InvalidArgumentError: an index out of range.
        """
        from .selecting import _ShardDataset
        return _ShardDataset(self, num_shards, index)

    def cache(self, filename: Any = "", name: str | None = None) -> Dataset:
        """The elements, kept in memory once they were all seen.

        Args:
          filename: keeps them in a file of this name instead, where later iterations and programs find them.
        """
        from .caching import CacheDataset
        return CacheDataset(self, filename)

    def prefetch(self, buffer_size: Any, name: str | None = None) -> Dataset:
        """The elements, of which the next `buffer_size` are prepared in a thread while one is in use; -1 chooses.

        Raises:
          InvalidArgumentError: a smaller number.
        """
        from .parallel import _PrefetchDataset
        return _PrefetchDataset(self, buffer_size)

    def with_options(self, options: Any, name: str | None = None) -> Dataset:
        """The same elements, under options.

        Raises:
          ValueError: options that contradict earlier ones.
        """
        from .selecting import _OptionsDataset
        return _OptionsDataset(self, options)

    def fingerprint(self) -> Any:
        """A number, uint64 scalar, for what the description of the data set says about its elements."""
        text = f"{type(self).__name__} {self.element_spec} {[int(d.fingerprint()) for d in self._inputs_]}"
        return tf.strings.to_hash_bucket_fast(text, 2**62)

    # Several elements together.

    def batch(self, batch_size: Any, drop_remainder: Any = False, num_parallel_calls: Any = None,
              deterministic: bool | None = None, name: str | None = None) -> Dataset:
        """`batch_size` elements stacked along a new first axis; the last batch may have fewer, or is left out.

        Raises:
          InvalidArgumentError: a size below 1. Iteration raises it for elements of different shapes.
        """
        from .batching import _BatchDataset, _ParallelBatchDataset
        kind = _BatchDataset if num_parallel_calls is None else _ParallelBatchDataset
        return kind(self, batch_size, drop_remainder)

    def padded_batch(self, batch_size: Any, padded_shapes: Any = None, padding_values: Any = None,
                     drop_remainder: Any = False, name: str | None = None) -> Dataset:
        """`batch_size` elements, each padded at the end to one shape and stacked along a new first axis.

        Args:
          padded_shapes: for each leaf the shape; None for an axis stands for the largest in the batch, and so does the
            whole argument if left out.
          padding_values: for each leaf the scalar to pad with: 0 or an empty string, if left out.

        Raises:
          ValueError: shapes that do not fit. Iteration raises DataLossError for an element that is larger.
        """
        from .padding import _PaddedBatchDataset
        return _PaddedBatchDataset(self, batch_size, padded_shapes, padding_values, drop_remainder)

    def ragged_batch(self, batch_size: Any, drop_remainder: Any = False, row_splits_dtype: Any = None,
                     name: str | None = None) -> Dataset:
        """`batch_size` elements as a ragged tensor; elements of known shapes are stacked."""
        from .batching import _BatchDataset
        return _BatchDataset(self, batch_size, drop_remainder, row_splits_dtype or tf.int64)

    def sparse_batch(self, batch_size: Any, row_shape: Any, name: str | None = None) -> Dataset:
        """`batch_size` tensors as a sparse tensor whose rows have one shape; -1 stands for the largest in the batch."""
        from .batching import _DenseToSparseBatchDataset
        return _DenseToSparseBatchDataset(self, batch_size, row_shape)

    def unbatch(self, name: str | None = None) -> Dataset:
        """The slices of elements along their first axes.

        Raises:
          ValueError: scalars.
        """
        from .batching import _UnbatchDataset
        return _UnbatchDataset(self)

    def rebatch(self, batch_size: Any, drop_remainder: Any = False, name: str | None = None) -> Dataset:
        """Batches of another size; with a vector, of these sizes in turn.

        Raises:
          ValueError: scalars.
        """
        from .batching import _RebatchDataset
        return _RebatchDataset(self, batch_size, drop_remainder)

    def window(self, size: Any, shift: Any = None, stride: Any = 1, drop_remainder: Any = False,
               name: str | None = None) -> Dataset:
        """Data sets of `size` elements each.

        Args:
          shift: by how many elements one window begins after another; `size` if left out.
          stride: every how manieth element belongs to a window.
          drop_remainder: whether windows that are not full are left out.

        Raises:
          InvalidArgumentError: a size, shift or stride below 1.
        """
        from .windows import _WindowDataset
        return _WindowDataset(self, size, shift, stride, drop_remainder)

    def group_by_window(self, key_func: Callable[..., Any], reduce_func: Callable[..., Any], window_size: Any = None,
                        window_size_func: Callable[..., Any] | None = None, name: str | None = None) -> Dataset:
        """Windows of elements with one key, each made into a data set.

        Args:
          key_func: the key of an element, an int64 scalar.
          reduce_func: `reduce_func(key, window)` gives the data set whose elements are the results.
          window_size: how many elements make a window, or
          window_size_func: how many for a key.

        Raises:
          ValueError: none or both of these.
        """
        from .windows import group_by_window
        return group_by_window(self, key_func, reduce_func, window_size, window_size_func)

    def bucket_by_sequence_length(self, element_length_func: Callable[..., Any], bucket_boundaries: Sequence[int],
                                  bucket_batch_sizes: Sequence[int], padded_shapes: Any = None,
                                  padding_values: Any = None, pad_to_bucket_boundary: bool = False,
                                  no_padding: bool = False, drop_remainder: bool = False,
                                  name: str | None = None) -> Dataset:
        """Padded batches of elements of similar lengths.

        Args:
          element_length_func: the length of an element, an int32 scalar.
          bucket_boundaries: the lengths at which one bucket ends and the next begins.
          bucket_batch_sizes: the size of batches in each bucket, one more than boundaries.
          padded_shapes: and
          padding_values: as for `padded_batch`.
          pad_to_bucket_boundary: pad to one less than the boundary instead of the longest.
          no_padding: the elements of a batch have one shape.

        Raises:
          ValueError: another number of sizes. Iteration raises it for an element beyond the last boundary to pad to.
        """
        from .windows import bucket_by_sequence_length
        return bucket_by_sequence_length(self, element_length_func, bucket_boundaries, bucket_batch_sizes, padded_shapes,
                                         padding_values, pad_to_bucket_boundary, no_padding, drop_remainder)

    def rejection_resample(self, class_func: Callable[..., Any], target_dist: Any, initial_dist: Any = None,
                           seed: Any = None, name: str | None = None) -> Dataset:
        """Pairs of class and element, resampled so that the classes have a wanted distribution.

        Args:
          class_func: the class of an element, an int32 scalar.
          target_dist: how likely each class should be.
          initial_dist: how likely it is; estimated on the way if left out.
          seed: of the draws.

        Raises:
          TypeError: probabilities that are no floating-point numbers.
        """
        from .resampling import rejection_resample
        return rejection_resample(self, class_func, target_dist, initial_dist, seed)


Dataset = DatasetV2
