"""Data sets: what fails and how, iteration, options, cardinality, files."""
from __future__ import annotations

import gc
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf

Dataset = tf.data.Dataset
SCALAR = "TensorSpec(shape=(), dtype=tf.int64, name=None)"


def numbers(dataset: Any) -> list[Any]:
    return [x.tolist() if hasattr(x, "tolist") else x for x in dataset.as_numpy_iterator()]


def three() -> Any:
    return Dataset.range(3)


@pytest.mark.parametrize(("make", "error", "text"), [
    (lambda: tf.data.Dataset(), TypeError, "Can't instantiate abstract class DatasetV2"),
    (lambda: Dataset.range(), ValueError, "The length of `args` should be between 1 and 3 but was 0."),
    (lambda: Dataset.range(1, 5, 0), tf.errors.InvalidArgumentError, "step must be a non-zero integer."),
    (lambda: Dataset.from_tensor_slices(5), ValueError, "Unbatching a tensor is only supported for rank >= 1"),
    (lambda: Dataset.from_tensor_slices(([1], [1, 2])), ValueError, "Dimensions 1 and 2 are not compatible"),
    (lambda: Dataset.from_tensor_slices(()), ValueError, "Invalid `element`. `element` should not be empty."),
    (lambda: Dataset.from_tensors(()), tf.errors.InvalidArgumentError, "Toutput_types"),
    (lambda: three().batch(0), tf.errors.InvalidArgumentError, "Batch size must be greater than zero. [Op:BatchDatasetV2]"),
    (lambda: three().shuffle(0), tf.errors.InvalidArgumentError,
     "buffer_size must be greater than zero or UNKNOWN_CARDINALITY"),
    (lambda: three().repeat("a"), TypeError, ""),
    (lambda: three().take(1.5), TypeError, ""),
    (lambda: three().shard(2, 2), tf.errors.InvalidArgumentError, "Index must be between 0 and 1 (currently index = 2)."),
    (lambda: three().shard(0, 0), tf.errors.InvalidArgumentError, "(currently num_shards = 0)."),
    (lambda: three().window(0), tf.errors.InvalidArgumentError, "Window size must be greater than zero."),
    (lambda: three().prefetch(-5), tf.errors.InvalidArgumentError, "buffer_size must be >= 0 or set buffer_size to be -1"),
    (lambda: three().map(3), ValueError, "Argument `func` must be a callable. Received func=3"),
    (lambda: three().map(lambda x, y: x), TypeError, "missing 1 required positional argument: 'y'"),
    (lambda: three().map(lambda x: None), tf.errors.InvalidArgumentError, "must be at least minimum 1"),
    (lambda: three().map(lambda x: x, num_parallel_calls=0), tf.errors.InvalidArgumentError,
     "num_parallel_calls must be greater than zero."),
    (lambda: three().map(lambda x: tf.reshape(x, [3])), ValueError, ""),
    (lambda: three().filter(lambda x: x), ValueError, "`predicate` must return a `tf.bool` scalar tensor"),
    (lambda: three().flat_map(lambda x: x), TypeError, "The `map_func` argument must return a `Dataset` object."),
    (lambda: three().scan(0, lambda s, x: (x, x)), TypeError, "Expected <dtype: 'int32'>, got <dtype: 'int64'>."),
    (lambda: three().scan(0, lambda s, x: x), TypeError, "should return a pair"),
    (lambda: three().reduce(np.int64(0), lambda s, x: "a"), TypeError,
     "Expected <dtype: 'int64'> but got <dtype: 'string'>."),
    (lambda: three().concatenate(Dataset.from_tensors([1.0])), TypeError, "Incompatible dataset elements"),
    (lambda: Dataset.zip([three(), three()]), TypeError, "Python `list` is not supported"),
    (lambda: Dataset.zip(3), TypeError, "but encountered object of type <class 'int'>."),
    (lambda: three().apply(lambda d: 3), TypeError, "Got <class 'int'>."),
    (lambda: Dataset.from_generator(3, output_types=tf.int32), TypeError, "`generator` must be a Python callable."),
    (lambda: Dataset.from_generator(lambda: iter([1])), TypeError, "To specify the output signature"),
    (lambda: Dataset.choose_from_datasets([], three()), ValueError, "`datasets` should not be empty."),
    (lambda: Dataset.sample_from_datasets([three()], [0.5, 0.5]), ValueError, "`len(weights)=2` vs. `len(datasets)=1`."),
    (lambda: Dataset.list_files("/nonexistent/*"), tf.errors.InvalidArgumentError, "No files matched pattern: /nonexistent/*"),
    (lambda: three().get_single_element(), tf.errors.InvalidArgumentError, "Dataset had more than one element."),
    (lambda: Dataset.range(0).get_single_element(), tf.errors.InvalidArgumentError, "Dataset was empty."),
    (lambda: three().group_by_window(lambda x: x, lambda k, w: w), ValueError, "Either the `window_size` argument"),
    (lambda: three().padded_batch(2, padded_shapes=[3]), ValueError, "is not compatible with the shape ()"),
    (lambda: three().batch(2).padded_batch(2, padding_values="x"), (TypeError, ValueError), ""),
    (lambda: len(Dataset.counter()), TypeError, "The dataset is infinite."),
    (lambda: len(three().filter(lambda x: x > 1)), TypeError, "The dataset length is unknown."),
    (lambda: three()[0], TypeError, "not subscriptable"),
    (lambda: three().window(2).as_numpy_iterator(), TypeError, "as_numpy_iterator()` is not supported"),
    (lambda: iter(Dataset.range(0)).get_next(), tf.errors.OutOfRangeError, "End of sequence [Op:IteratorGetNext]"),
    (lambda: iter(Dataset.range(0)).get_next_as_optional().get_value(), tf.errors.InvalidArgumentError,
     "The given optional does not have a value."),
])
def test_what_cannot_be_described(make: Any, error: Any, text: str) -> None:
    with pytest.raises(error) as raised:
        make()
    assert text in str(raised.value)


@pytest.mark.parametrize(("make", "error", "text"), [
    (lambda: three().map(lambda x: tf.ones([x])).batch(2), tf.errors.InvalidArgumentError,
     "Cannot batch tensors with different shapes in component 0. First element had shape [0] and element 1 had shape [1]."),
    (lambda: Dataset.range(5).map(tf.range).padded_batch(2, padded_shapes=(3,)), tf.errors.DataLossError,
     "Attempted to pad to a smaller size than the input element."),
    (lambda: Dataset.choose_from_datasets([three(), three()], three()), tf.errors.InvalidArgumentError,
     "Selector index out of range: 2 >= 2"),
    (lambda: tf.data.TextLineDataset("/nonexistent/a"), tf.errors.NotFoundError, "/nonexistent/a; No such file or directory"),
    (lambda: Dataset.from_generator(lambda: iter(["a"]), output_types=tf.int32), tf.errors.InvalidArgumentError,
     "TypeError: `generator` yielded an element that did not match the expected structure."),
    (lambda: Dataset.from_generator(lambda: iter([[1]]), output_types=tf.int32, output_shapes=[2]),
     tf.errors.InvalidArgumentError,
     "`generator` yielded an element of shape (1,) where an element of shape (2,) was expected."),
    (lambda: three().apply(tf.data.experimental.assert_cardinality(2)), tf.errors.FailedPreconditionError,
     "expected to contain 2 elements but contained at least 3 elements"),
    (lambda: three().apply(tf.data.experimental.assert_cardinality(4)), tf.errors.FailedPreconditionError,
     "expected to contain 4 elements but contained only 3 elements"),
    (lambda: three().map(lambda x: tf.debugging.check_numerics(1.0 / tf.cast(x, tf.float32), "gone")).prefetch(2),
     tf.errors.InvalidArgumentError, "gone"),
    (lambda: three().map(lambda x: tf.py_function(lambda v: 1 // int(v), [x], tf.int64), num_parallel_calls=2),
     tf.errors.UnknownError, "ZeroDivisionError"),
])
def test_what_fails_in_iteration(make: Any, error: Any, text: str) -> None:
    dataset = make()
    with pytest.raises(error) as raised:
        list(dataset)
    assert text in str(raised.value)


def test_an_error_of_a_generator_keeps_its_kind() -> None:
    def numbers_then_error() -> Any:
        yield 1
        raise ValueError("no more")
    iterator = iter(Dataset.from_generator(numbers_then_error, output_types=tf.int32).prefetch(1))
    assert int(next(iterator)) == 1
    with pytest.raises(tf.errors.InvalidArgumentError, match="ValueError: no more"):
        next(iterator)


def test_functions_are_traced_once() -> None:
    calls = []

    def double(x: Any) -> Any:
        calls.append(x)
        return x * 2
    assert numbers(three().map(double).repeat(2)) == [0, 2, 4, 0, 2, 4]
    assert len(calls) == 1


@pytest.mark.parametrize(("make", "count"), [
    (lambda: three(), 3), (lambda: three().repeat(), -1), (lambda: three().repeat(2).take(4).skip(1), 3),
    (lambda: three().filter(lambda x: x > 0), -2), (lambda: Dataset.range(7).batch(3), 3),
    (lambda: Dataset.range(7).batch(3, drop_remainder=True), 2), (lambda: Dataset.range(7).window(3), 3),
    (lambda: Dataset.range(7).shard(3, 1), 2), (lambda: Dataset.zip((three(), Dataset.counter())), 3),
    (lambda: three().concatenate(three()), 6), (lambda: three().batch(2).unbatch(), -2), (lambda: three().repeat(0), 0),
    (lambda: three().filter(lambda x: x > 0).apply(tf.data.experimental.assert_cardinality(2)), 2),
    (lambda: Dataset.range(-5, 2**40, 3), (2**40 + 5 + 2) // 3),
])
def test_cardinality(make: Any, count: int) -> None:
    assert int(make().cardinality()) == int(tf.data.experimental.cardinality(make())) == count


def test_a_data_set_without_elements_is_true() -> None:
    assert Dataset.range(0)


def test_iterators_and_optionals() -> None:
    iterator = iter(three())
    assert iterator.element_spec == tf.TensorSpec([], tf.int64)
    assert int(iterator.get_next()) == 0
    found = iterator.get_next_as_optional()
    assert bool(found.has_value()) and int(found.get_value()) == 1
    assert int(next(iterator)) == 2
    assert not bool(iterator.get_next_as_optional().has_value())
    with pytest.raises(StopIteration):
        next(iterator)
    assert int(tf.experimental.Optional.from_value(3).get_value()) == 3


def test_numpy_values_cannot_be_written() -> None:
    array = next(Dataset.from_tensors([1.0, 2.0]).as_numpy_iterator())
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 5


def test_elements_do_not_change_with_the_array() -> None:
    array = np.zeros((4, 2))
    dataset = Dataset.from_tensor_slices(array).batch(2)
    array[:] = 1
    assert float(tf.reduce_sum(next(iter(dataset)))) == 0


def test_two_iterators_run_by_themselves() -> None:
    dataset = three().map(lambda x: x + 1)
    a, b = iter(dataset), iter(dataset)
    assert [int(next(a)), int(next(a)), int(next(b)), int(next(a))] == [1, 2, 1, 3]


def test_shuffles_without_seeds_differ() -> None:
    assert numbers(Dataset.range(40).shuffle(40)) != numbers(Dataset.range(40).shuffle(40))


def test_shuffle_of_large_arrays_takes_rows_together() -> None:
    rows = np.arange(50_000)
    dataset = Dataset.from_tensor_slices((rows, rows * 2)).shuffle(50_000, seed=1).batch(1000)
    x, y = (np.concatenate([np.asarray(part[i]) for part in dataset]) for i in range(2))
    assert sorted(x.tolist()) == sorted(rows.tolist())
    first = next(iter(dataset))
    assert np.array_equal(np.asarray(first[1]), 2 * np.asarray(first[0]))
    assert not np.array_equal(x * 2, y)  # each pass has an order of its own


def test_reduce() -> None:
    total, count = Dataset.range(5).reduce((np.int64(0), 0), lambda s, x: (s[0] + x, s[1] + 1))
    assert (int(total), int(count)) == (10, 5)
    kept = Dataset.range(3).reduce(tf.zeros([0], tf.int64), lambda s, x: tf.concat([s, [x]], 0))
    assert kept.numpy().tolist() == [0, 1, 2]


def test_prefetch_prepares_elements_in_a_thread_that_ends() -> None:
    seen = []

    def source() -> Any:
        for i in range(1000):
            seen.append(threading.current_thread().name)
            yield i
    iterator = iter(Dataset.from_generator(source, output_types=tf.int32).prefetch(3))
    assert int(next(iterator)) == 0
    deadline = time.monotonic() + 5
    while len(seen) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert 4 <= len(seen) <= 5 and set(seen) == {"thalweg-prefetch"}
    before = threading.active_count()
    del iterator
    gc.collect()
    while threading.active_count() >= before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() < before


def test_parallel_calls_keep_the_order() -> None:
    def slow(x: Any) -> Any:
        return tf.numpy_function(lambda v: (time.sleep(0.02 if v % 3 == 0 else 0.0), v * 2)[1], [x], tf.int64)
    assert numbers(Dataset.range(12).map(slow, num_parallel_calls=4)) == [2 * i for i in range(12)]
    assert numbers(Dataset.range(12).map(slow, num_parallel_calls=tf.data.AUTOTUNE)) == [2 * i for i in range(12)]


def test_random_draws_of_parallel_calls_are_the_same_as_without() -> None:
    def draws(calls: int | None) -> list[Any]:
        tf.random.set_seed(3)
        return numbers(Dataset.range(9).map(lambda x: tf.random.uniform([], seed=1), num_parallel_calls=calls))
    assert draws(4) == draws(None)


def test_cache_in_memory_and_in_a_file(tmp_path: Path) -> None:
    for name in ("", str(tmp_path / "kept")):
        calls = []

        def source(calls: Any = calls) -> Any:
            calls.append(1)
            yield from ((i, [b"x" * i]) for i in range(3))
        dataset = Dataset.from_generator(source, output_signature=(
            tf.TensorSpec([], tf.int32), tf.TensorSpec([1], tf.string))).cache(name)
        first = numbers(dataset)
        assert numbers(dataset) == first == numbers(dataset.repeat(1))
        assert len(calls) == 1


def test_files(tmp_path: Path) -> None:
    import gzip
    import zlib
    for name, text in (("a.txt", b"1\n2"), ("b.txt", b"3\r\n")):
        (tmp_path / name).write_bytes(text)
    (tmp_path / "c.gz").write_bytes(gzip.compress(b"4\n5\n"))
    (tmp_path / "d.z").write_bytes(zlib.compress(b"6\n7"))
    names = Dataset.list_files(str(tmp_path / "*.txt"), shuffle=False)
    assert [Path(n.decode()).name for n in numbers(names)] == ["a.txt", "b.txt"]
    assert sorted(numbers(Dataset.list_files(str(tmp_path / "*.txt"), seed=1))) == numbers(names)
    assert numbers(tf.data.TextLineDataset(names)) == [b"1", b"2", b"3"]
    assert numbers(tf.data.TextLineDataset(str(tmp_path / "c.gz"), "GZIP")) == [b"4", b"5"]
    assert numbers(tf.data.TextLineDataset(str(tmp_path / "d.z"), "ZLIB")) == [b"6", b"7"]
    with pytest.raises(tf.errors.InvalidArgumentError, match="not an exact multiple of the record length"):
        list(tf.data.FixedLengthRecordDataset(str(tmp_path / "a.txt"), 2))
    with pytest.raises(TypeError, match="must contain `tf.string` elements"):
        tf.data.TextLineDataset([1])


def test_options_are_kept_and_merged() -> None:
    options = tf.data.Options()
    options.deterministic = False
    options.experimental_optimization.map_fusion = True
    dataset = three().with_options(options).map(lambda x: x)
    assert dataset.options().deterministic is False and dataset.options().experimental_optimization.map_fusion is True
    other = tf.data.Options()
    other.threading.private_threadpool_size = 3
    merged = dataset.with_options(other).options()
    assert merged.deterministic is False and merged.threading.private_threadpool_size == 3
    with pytest.raises(AttributeError):
        options.no_such_option = 1


def test_specs_of_data_sets() -> None:
    spec = tf.type_spec_from_value(three())
    assert repr(spec) == f"DatasetSpec({SCALAR}, TensorShape([]))"
    assert spec == tf.data.DatasetSpec(tf.TensorSpec([], tf.int64))
    assert spec.is_compatible_with(Dataset.range(9)) and not spec.is_compatible_with(Dataset.range(9).batch(2))


def test_a_place_that_holds_nothing() -> None:
    dataset = three().map(lambda x: (x, None))
    assert [(int(a), b) for a, b in dataset] == [(0, None), (1, None), (2, None)]
    assert [b for _, b in dataset.batch(2)] == [None, None]


def test_variables_and_captured_tensors() -> None:
    offset, scale = tf.constant(10, tf.int64), tf.Variable(2, dtype=tf.int64)
    dataset = three().map(lambda x: x * scale + offset)
    assert numbers(dataset) == [10, 12, 14]
    scale.assign(3)
    assert numbers(dataset) == [10, 13, 16]
