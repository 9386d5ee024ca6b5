"""Data sets whose elements, in their order, and whose printed forms are TensorFlow's."""
from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

LIMIT = 60
"""So many elements of a data set are compared."""


class Case(NamedTuple):
    """A data set by name."""

    name: str
    make: Callable[[Any], Any]


def _files() -> list[str]:
    folder = Path(tempfile.mkdtemp(prefix="thalweg-data-"))
    texts = {"a.txt": b"one\ntwo\r\n\nlast", "b.txt": b"x\ny\n", "c.txt": b""}
    for name, text in texts.items():
        (folder / name).write_bytes(text)
    return [str(folder / name) for name in texts]


def _scalars(tf: Any, count: int) -> Any:
    return tf.data.Dataset.range(count)


def _growing(tf: Any, count: int) -> Any:
    """Vectors of 0, 1, 2, ... numbers."""
    return _scalars(tf, count).map(tf.range)


def _sparse(tf: Any) -> Any:
    return tf.SparseTensor([[0, 1], [0, 2], [2, 0]], [1.0, 2.0, 3.0], [4, 3])


_TEXT = {"a": [1, 2, 3], "b": ["x", "yy", ""]}

CASES = [Case(name, make) for name, make in {
    # Sources.
    "tensors": lambda tf: tf.data.Dataset.from_tensors(([1, 2], {"k": 3.0})),
    "tensors_ragged": lambda tf: tf.data.Dataset.from_tensors(tf.ragged.constant([[1, 2], [3]])).batch(2),
    "slices": lambda tf: tf.data.Dataset.from_tensor_slices(np.arange(6.0).reshape(3, 2)),
    "slices_dict": lambda tf: tf.data.Dataset.from_tensor_slices(_TEXT),
    "slices_empty": lambda tf: tf.data.Dataset.from_tensor_slices(np.zeros((0, 2), np.float32)).batch(2),
    "slices_thin": lambda tf: tf.data.Dataset.from_tensor_slices(np.zeros((3, 0), np.int16)).batch(2),
    "slices_half": lambda tf: tf.data.Dataset.from_tensor_slices(np.array([1, np.nan, np.inf], np.float16)),
    "slices_complex": lambda tf: tf.data.Dataset.from_tensor_slices(np.array([1j, 2], np.complex64)).batch(2),
    "slices_ragged": lambda tf: tf.data.Dataset.from_tensor_slices(tf.ragged.constant([[1, 2], [], [3]])).batch(2),
    "slices_ragged_deep": lambda tf: tf.data.Dataset.from_tensor_slices(tf.ragged.constant([[[1], [2, 3]], [], [[4]]])),
    "slices_sparse": lambda tf: tf.data.Dataset.from_tensor_slices(_sparse(tf)),
    "slices_sparse_batch": lambda tf: tf.data.Dataset.from_tensor_slices(_sparse(tf)).batch(3),
    "range_step": lambda tf: tf.data.Dataset.range(10, -5, -4),
    "range_int32": lambda tf: tf.data.Dataset.range(1, 8, 3, output_type=tf.int32).batch(2),
    "range_float": lambda tf: tf.data.Dataset.range(3, output_type=tf.float32),
    "counter": lambda tf: tf.data.Dataset.counter(5, 3).take(4),
    "random": lambda tf: tf.data.Dataset.random(seed=4).take(7),
    "random_anew": lambda tf: tf.data.Dataset.random(seed=4, rerandomize_each_iteration=True).take(3).repeat(3),
    "generator": lambda tf: tf.data.Dataset.from_generator(
        lambda n: ((i, [i] * i) for i in range(n)), args=(4,),
        output_signature=(tf.TensorSpec([], tf.int32), tf.TensorSpec([None], tf.float32))),
    "generator_types": lambda tf: tf.data.Dataset.from_generator(lambda: iter(["a", b"b"]), output_types=tf.string),
    "generator_dict": lambda tf: tf.data.Dataset.from_generator(
        lambda: iter([{"x": 1, "y": [1.5]}]), output_types={"x": tf.int64, "y": tf.float64},
        output_shapes={"x": [], "y": [None]}),
    "lines": lambda tf: tf.data.TextLineDataset(_files()),
    "lines_in_turn": lambda tf: tf.data.TextLineDataset(_files(), num_parallel_reads=2),
    "lines_of_a_data_set": lambda tf: tf.data.Dataset.from_tensor_slices(_files()).flat_map(
        lambda path: tf.data.TextLineDataset(path).skip(1)),
    "records": lambda tf: tf.data.FixedLengthRecordDataset(_files()[1:2], 2),
    "records_header": lambda tf: tf.data.FixedLengthRecordDataset(_files()[0], 3, header_bytes=4, footer_bytes=4),
    "from_list": lambda tf: tf.data.experimental.from_list([{"b": 1, "a": [2.0]}, {"b": 3, "a": [4.0]}]),
    # Functions.
    "map": lambda tf: _scalars(tf, 4).map(lambda x: (x, {"square": x * x})),
    "map_list": lambda tf: _scalars(tf, 2).map(lambda x: [x, x + 1]),
    "map_pair": lambda tf: tf.data.Dataset.from_tensor_slices(([1, 2], [3.0, 4.0])).map(
        lambda a, b: tf.cast(a, tf.float32) * b),
    "map_parallel": lambda tf: _scalars(tf, 20).map(lambda x: x * x, num_parallel_calls=3),
    "map_nested_list": lambda tf: _scalars(tf, 2).map(lambda x: (x, [x, x + 1])),
    "map_ragged": lambda tf: _scalars(tf, 3).map(lambda x: tf.ragged.range([x, 2])),
    "map_string": lambda tf: _scalars(tf, 3).map(tf.strings.as_string),
    "map_python": lambda tf: _scalars(tf, 3).map(lambda x: tf.numpy_function(lambda v: v + 1, [x], tf.int64)),
    "filter": lambda tf: _scalars(tf, 7).filter(lambda x: x % 3 == 1),
    "filter_dict": lambda tf: tf.data.Dataset.from_tensor_slices(_TEXT).filter(lambda d: d["a"] > 1),
    "take_while": lambda tf: _scalars(tf, 7).take_while(lambda x: x < 3),
    "scan": lambda tf: _scalars(tf, 5).scan(np.int64(1), lambda s, x: (s + x, (s, x))),
    "scan_shape": lambda tf: _scalars(tf, 4).scan(tf.zeros([0], tf.int64), lambda s, x: (tf.concat([s, [x]], 0), s)),
    "enumerate": lambda tf: tf.data.Dataset.from_tensor_slices(["a", "b"]).enumerate(start=5),
    "unique": lambda tf: tf.data.Dataset.from_tensor_slices(["a", "b", "a", "c", "b"]).unique(),
    "flat_map": lambda tf: _scalars(tf, 4).flat_map(lambda x: tf.data.Dataset.range(x).map(lambda y: 10 * x + y)),
    "flat_map_slices": lambda tf: _growing(tf, 4).flat_map(tf.data.Dataset.from_tensor_slices),
    "interleave": lambda tf: _scalars(tf, 7).interleave(
        lambda x: tf.data.Dataset.range(x).map(lambda y: 10 * x + y), cycle_length=3, block_length=2),
    "interleave_four": lambda tf: _scalars(tf, 6).interleave(
        lambda x: tf.data.Dataset.from_tensors(x).repeat(x), cycle_length=4, num_parallel_calls=2),
    "ignore_errors": lambda tf: tf.data.Dataset.from_tensor_slices([1.0, 0.0, 2.0]).map(
        lambda x: tf.debugging.check_numerics(1 / x, "no number")).ignore_errors(),
    # Order.
    "shuffle": lambda tf: _scalars(tf, 20).shuffle(7, seed=3),
    "shuffle_all": lambda tf: _scalars(tf, 50).shuffle(50, seed=3).repeat(2),
    "shuffle_same": lambda tf: _scalars(tf, 9).shuffle(4, seed=3, reshuffle_each_iteration=False).repeat(3),
    "shuffle_batch": lambda tf: tf.data.Dataset.from_tensor_slices(_TEXT).repeat(4).shuffle(5, seed=11).batch(5),
    "shuffle_program": lambda tf: _scalars(tf, 12).shuffle(5).batch(4),
    "shuffle_of_map": lambda tf: _scalars(tf, 9).map(lambda x: x + 1).shuffle(3, seed=2),
    "shuffle_and_repeat": lambda tf: _scalars(tf, 6).apply(tf.data.experimental.shuffle_and_repeat(4, 3, seed=1)),
    "repeat_none": lambda tf: _scalars(tf, 3).repeat(0),
    "repeat": lambda tf: _scalars(tf, 3).repeat().take(8),
    "repeat_batch": lambda tf: _scalars(tf, 3).repeat(3).batch(4),
    "take_more": lambda tf: _scalars(tf, 3).take(10),
    "take_all": lambda tf: _scalars(tf, 3).take(-1),
    "skip": lambda tf: _scalars(tf, 7).skip(2).batch(3),
    "skip_all": lambda tf: _scalars(tf, 3).skip(-1),
    "shard": lambda tf: _scalars(tf, 11).shard(3, 1).batch(2),
    "cache": lambda tf: _scalars(tf, 6).shuffle(6, seed=1).cache().repeat(2),
    "prefetch": lambda tf: _scalars(tf, 6).map(lambda x: x + 1).prefetch(2),
    "prefetch_chosen": lambda tf: _scalars(tf, 6).batch(4).prefetch(tf.data.AUTOTUNE),
    "options": lambda tf: _scalars(tf, 3).with_options(tf.data.Options()),
    # Together.
    "batch": lambda tf: _scalars(tf, 7).batch(3),
    "batch_full": lambda tf: _scalars(tf, 7).map(lambda x: x).batch(3, drop_remainder=True),
    "batch_of_batches": lambda tf: _scalars(tf, 8).batch(2).batch(3),
    "batch_parallel": lambda tf: _scalars(tf, 5).batch(2, num_parallel_calls=2),
    "batch_strings": lambda tf: tf.data.Dataset.from_tensor_slices(["a", "bb", "c"]).map(tf.identity).batch(2),
    "padded": lambda tf: _growing(tf, 5).padded_batch(2),
    "padded_values": lambda tf: _growing(tf, 5).padded_batch(3, padded_shapes=[6], padding_values=np.int64(-1)),
    "padded_dict": lambda tf: _growing(tf, 4).map(lambda x: {"x": x, "s": tf.strings.as_string(x)}).padded_batch(
        3, padded_shapes={"x": [None], "s": [4]}, padding_values={"x": None, "s": "-"}, drop_remainder=True),
    "padded_scalars": lambda tf: _scalars(tf, 5).padded_batch(2),
    "padded_matrices": lambda tf: _scalars(tf, 4).map(lambda x: tf.ones([x, 4 - x])).padded_batch(
        2, padded_shapes=[None, None]),
    "ragged": lambda tf: _growing(tf, 5).ragged_batch(2),
    "ragged_fixed": lambda tf: tf.data.Dataset.from_tensor_slices(np.arange(6).reshape(3, 2)).ragged_batch(2),
    "sparse": lambda tf: _growing(tf, 4).sparse_batch(3, [5]),
    "unbatch": lambda tf: tf.data.Dataset.from_tensors((np.arange(6).reshape(3, 2), ["a", "b", "c"])).unbatch(),
    "unbatch_ragged": lambda tf: tf.data.Dataset.from_tensors(tf.ragged.constant([[1, 2], [], [3]])).unbatch(),
    "rebatch": lambda tf: _scalars(tf, 9).batch(2).rebatch(4),
    "rebatch_cycle": lambda tf: _scalars(tf, 9).batch(2).rebatch([1, 3]),
    "window": lambda tf: _scalars(tf, 7).window(3, shift=2, stride=2).flat_map(lambda w: w.batch(3)),
    "window_full": lambda tf: _scalars(tf, 9).window(3, shift=1, drop_remainder=True).flat_map(lambda w: w.batch(3)),
    "window_gap": lambda tf: _scalars(tf, 9).window(2, shift=4).flat_map(lambda w: w.batch(2)),
    "window_pairs": lambda tf: tf.data.Dataset.zip((_scalars(tf, 5), _scalars(tf, 5).map(lambda x: -x))).window(2).flat_map(
        lambda a, b: tf.data.Dataset.zip((a.batch(2), b.batch(2)))),
    "group_by_window": lambda tf: _scalars(tf, 11).group_by_window(lambda x: x % 3, lambda key, w: w.batch(2), window_size=2),
    "group_by_window_sizes": lambda tf: _scalars(tf, 11).group_by_window(
        lambda x: x % 2, lambda key, w: w.batch(9).map(lambda b: (key, b)), window_size_func=lambda key: key + 2),
    "buckets": lambda tf: _growing(tf, 9).bucket_by_sequence_length(lambda x: tf.size(x), [3, 6], [2, 2, 2]),
    "buckets_to_boundary": lambda tf: _growing(tf, 6).bucket_by_sequence_length(
        lambda x: tf.size(x), [3, 8], [2, 3, 2], pad_to_bucket_boundary=True),
    "group_by_reducer": lambda tf: _scalars(tf, 8).apply(tf.data.experimental.group_by_reducer(
        lambda x: x % 3, tf.data.experimental.Reducer(lambda key: np.int64(0), lambda s, x: s + x, lambda s: -s))),
    "map_and_batch": lambda tf: _scalars(tf, 5).apply(tf.data.experimental.map_and_batch(lambda x: x * 2, 2)),
    # Several.
    "zip": lambda tf: tf.data.Dataset.zip({"b": _scalars(tf, 3), "a": (_growing(tf, 4), _scalars(tf, 9))}),
    "zip_batch": lambda tf: tf.data.Dataset.zip(_scalars(tf, 5), tf.data.Dataset.from_tensor_slices(np.ones((6, 2)))).batch(2),
    "zip_shuffle": lambda tf: tf.data.Dataset.zip((_scalars(tf, 9).skip(2), _scalars(tf, 9))).shuffle(4, seed=1).batch(3),
    "concatenate": lambda tf: tf.data.Dataset.from_tensors([1, 2]).concatenate(tf.data.Dataset.from_tensors([3])),
    "choose": lambda tf: tf.data.Dataset.choose_from_datasets(
        [_scalars(tf, 2), tf.data.Dataset.range(10, 19)], tf.data.Dataset.range(2).repeat(9)),
    "choose_on": lambda tf: tf.data.Dataset.choose_from_datasets(
        [_scalars(tf, 2), tf.data.Dataset.range(10, 14)], tf.data.Dataset.range(2).repeat(9), stop_on_empty_dataset=False),
    "sample": lambda tf: tf.data.Dataset.sample_from_datasets(
        [_scalars(tf, 9), tf.data.Dataset.range(10, 22)], weights=[0.2, 0.8], seed=6),
    "sample_alike": lambda tf: tf.data.Dataset.sample_from_datasets(
        [_scalars(tf, 9), tf.data.Dataset.range(10, 19), tf.data.Dataset.range(20, 29)], seed=5, stop_on_empty_dataset=True),
    "sample_weights": lambda tf: tf.data.Dataset.sample_from_datasets(
        [_scalars(tf, 9), tf.data.Dataset.range(10, 19)], seed=5,
        weights=tf.data.Dataset.from_tensor_slices([[0.9, 0.1], [0.1, 0.9]]).repeat()),
    "resample": lambda tf: _scalars(tf, 30).rejection_resample(
        lambda x: tf.cast(x % 2, tf.int32), [0.5, 0.5], [0.6, 0.4], seed=1),
}.items()]


def plain(value: Any) -> Any:
    """A value as numbers, text, lists and dicts that print alike everywhere."""
    if isinstance(value, dict):
        return {k: plain(value[k]) for k in sorted(value)}
    if isinstance(value, tuple):
        return tuple(plain(v) for v in value)
    if hasattr(value, "dense_shape"):
        return "sparse", [plain(value.indices), plain(value.values), plain(value.dense_shape)]
    if hasattr(value, "nested_row_splits"):
        return "ragged", value.to_list()
    array = value.numpy()
    return str(getattr(array, "dtype", type(array).__name__)), list(np.shape(array)), array.tolist() if hasattr(
        array, "tolist") else array


def described(tf: Any, case: Case) -> str:
    """What a case's data set looks like, how many elements it says it has, and its first elements, two times."""
    tf.random.set_seed(17)
    dataset = case.make(tf)
    elements = [[plain(x) for x in dataset.take(LIMIT)] for _ in range(2)]
    return "\n".join([repr(dataset), str(int(dataset.cardinality())), *map(str, elements[0]), "again", *map(str, elements[1])])
