"""The public functions that parse examples: `tf.io.parse_example` and its kin."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.dispatch import apply
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from ..arrays import concat, reshape
from ..casting import cast
from ..ragged.types import RaggedTensor
from ..sparse.tensor import SparseTensor
from ..sparse.v1 import merged
from ..text.values import as_strings, name_for
from .entries import decode_json, parse_example_v2
from .features import CONTEXT, EXAMPLE, STEPS, RaggedFeature, SparseFeature, UniformRowLength, Wanted, keys_array
from .sequences import parse_sequence_example_v2

_NO_NAMES: Any = np.empty(0, object)


def parse_example(serialized: Any, features: Any, example_names: Any = None, name: str | None = None) -> dict[str, Any]:
    """Serialised `tf.train.Example` messages as tensors, a dict by feature.

    Args:
      serialized: a vector of strings, or a scalar for a single example.
      features: for each name a `FixedLenFeature`, `FixedLenSequenceFeature`, `VarLenFeature`, `SparseFeature` or
        `RaggedFeature`.
      example_names: names of the examples for error messages, in the shape of `serialized`.
      name: of the operation.

    Returns:
      Dense tensors `[batch, ...]`, sparse tensors `[batch, longest]` and ragged ones `[batch, (length)]`; without the first
      dimension for a scalar.

    Raises:
      ValueError: features that are missing or do not fit each other.
      InvalidArgumentError: a message that cannot be read, a feature that is missing or of another kind.
    """
    if not features:
        raise ValueError(f"Argument `features` cannot be None or falsy. Got {features}")
    wanted = Wanted(features, EXAMPLE)
    with name_scope(name or "ParseExample"):
        tensor = as_strings(serialized)
        _ranked(tensor, wanted)
        found = _parse(tensor, serialized, wanted, example_names)
    return _assembled(found, wanted)


def _ranked(serialized: Any, *wanted: Wanted) -> None:
    if serialized.shape.rank is None and any(w.ragged for w in wanted):
        raise ValueError("serialized must have statically-known rank to parse ragged features.")


def _names(example_names: Any) -> Any:
    return _NO_NAMES if example_names is None else as_strings(example_names)


def _parse(tensor: Any, given: Any, wanted: Wanted, example_names: Any) -> dict[Any, Any]:
    """The features that the operation itself knows."""
    wanted.check(parse_example_v2, "sparse_types", "Tdense", "dense_defaults")
    attrs = {"num_sparse": len(wanted.sparse), "sparse_types": list(wanted.sparse.values()),
             "ragged_value_types": [v for v, _ in wanted.ragged.values()],
             "ragged_split_types": [s for _, s in wanted.ragged.values()], "dense_shapes": wanted.shapes}
    defaults = wanted.defaults()
    inputs = [tensor, _names(example_names), keys_array(wanted.sparse), keys_array(wanted.dense), keys_array(wanted.ragged)]
    out = iter(apply(parse_example_v2, (*inputs, *defaults), attrs, name_for(None, given, None)))
    found: dict[Any, Any] = _taken_sparse(out, wanted.sparse)
    found.update({key: next(out) for key in wanted.dense})
    values = [next(out) for _ in wanted.ragged]
    for key, value in zip(wanted.ragged, values, strict=True):
        splits = next(out)
        found[key] = value if tensor.shape.rank == 0 else RaggedTensor.from_row_splits(value, splits, validate=False)
    return found


def _taken_sparse(out: Iterator[Any], keys: dict[Any, Any]) -> dict[Any, Any]:
    indices, values, shapes = ([next(out) for _ in keys] for _ in range(3))
    return {k: SparseTensor(i, v, s) for k, i, v, s in zip(keys, indices, values, shapes, strict=True)}


def _assembled(found: dict[Any, Any], wanted: Wanted) -> dict[Any, Any]:
    """What the user asked for, made of the features that were read."""
    merged_features = {}
    for key in sorted(wanted.features):
        feature = wanted.features[key]
        if isinstance(feature, SparseFeature):
            single = isinstance(feature.index_key, str)
            ids = found[feature.index_key] if single else [found[k] for k in feature.index_key]
            merged_features[key] = merged(ids, found[feature.value_key], feature.size, feature.already_sorted)
    out = {key: value for key, value in found.items() if key in wanted.features and key not in merged_features
           and not isinstance(wanted.features[key], RaggedFeature)}
    for key in sorted(wanted.features):
        if isinstance(wanted.features[key], RaggedFeature):
            out[key] = _ragged(key, wanted.features[key], found)
    return {**out, **merged_features}


# Ragged features.


def _ragged(key: Any, feature: Any, found: dict[Any, Any]) -> Any:
    """The values of a ragged feature, cut by its partitions from the inside out.

    Of several examples, or of the steps of a sequence, the outer partitions stay: the rows of all of them are made at once.
    """
    rows = found[key if feature.value_key is None else feature.value_key]
    if not isinstance(rows, RaggedTensor):
        for partition in reversed(feature.partitions):
            rows = _cut(rows, partition, found, feature)
        return rows
    for partition in reversed(feature.partitions):
        rows = _cut_each(rows, partition, found, feature)
    return rows


def _cut(values: Any, partition: Any, found: dict[Any, Any], feature: Any) -> Any:
    if isinstance(partition, UniformRowLength):
        if isinstance(values, Tensor):
            return reshape(values, concat([[-1, partition.length], _shape_of(values)[1:]], 0))
        length = cast(partition.length, feature.row_splits_dtype)
        return RaggedTensor.from_uniform_row_length(values, length, validate=feature.validate)
    how: Any = {"RowSplits": RaggedTensor.from_row_splits, "RowLengths": RaggedTensor.from_row_lengths,
           "RowStarts": RaggedTensor.from_row_starts, "RowLimits": RaggedTensor.from_row_limits,
           "ValueRowIds": RaggedTensor.from_value_rowids}[type(partition).__name__]
    return how(values, cast(found[partition.key], feature.row_splits_dtype), validate=feature.validate)


def _shape_of(x: Any) -> Any:
    from ..creation import shape
    return shape(x)


def _cut_each(rows: Any, partition: Any, found: dict[Any, Any], feature: Any) -> Any:
    """`_cut` for each of several rows, which is one cut for all: parts that begin anew in each row are moved on."""
    kind = feature.row_splits_dtype
    if isinstance(partition, UniformRowLength):
        inner = _cut(rows.values, partition, found, feature)
        return RaggedTensor.from_row_splits(inner, rows.row_splits // cast(partition.length, kind), validate=False)
    parts = found[partition.key]
    if isinstance(parts.values, RaggedTensor):  # one partition a step: the steps of all sequences are rows alike
        deeper = _cut_each(rows.values, partition, {partition.key: parts.values}, feature)
        return rows.with_values(deeper)
    numbers = cast(parts.values, kind)
    splits = cast(parts.row_splits, kind)
    lengths, outer = _lengths(type(partition).__name__, numbers, splits, cast(rows.row_splits, kind))
    inner = RaggedTensor.from_row_lengths(rows.values, lengths, validate=feature.validate)
    return RaggedTensor.from_row_splits(inner, outer, validate=False)


def _lengths(how: str, numbers: Any, splits: Any, ends: Any) -> tuple[Any, Any]:
    """The lengths of the rows of all examples, and how many rows each has, as splits.

    Args:
      how: the kind of the partition.
      numbers, splits: the partitions of all examples behind each other, and where each begins.
      ends: where the values of each example begin and end.
    """
    from ..arrays import repeat
    from ..cumulative import cumsum
    from ..gathering import unsorted_segment_sum
    from ..ranges import range as numbers_up_to
    from ..reductions import reduce_max
    from ..segment import unsorted_segment_max
    if how == "RowLengths":
        return numbers, splits
    counts = splits[1:] - splits[:-1]
    owner = repeat(numbers_up_to(_count(counts, splits.dtype)), counts)
    is_first = numbers_up_to(_count(numbers, splits.dtype)) - _at(splits, owner)
    if how == "RowLimits":
        before = concat([numbers[:1] * 0, numbers[:-1]], 0)
        return numbers - before * cast(is_first > 0, numbers.dtype), splits
    if how == "RowSplits":
        from ..masking import boolean_mask
        before = concat([numbers[:1] * 0, numbers[:-1]], 0)
        rows = counts - cast(counts > 0, counts.dtype)
        return boolean_mask(numbers - before, is_first > 0), concat([splits[:1] * 0, cumsum(rows)], 0)
    sizes = ends[1:] - ends[:-1]
    if how == "RowStarts":
        after = concat([numbers[1:], numbers[:1] * 0], 0)
        last = cast((is_first + 1) >= _at(counts, owner), numbers.dtype)
        return after * (1 - last) + _at(sizes, owner) * last - numbers, splits
    rows = unsorted_segment_max(numbers + 1, owner, _count(counts, counts.dtype))
    rows = rows * cast(counts > 0, rows.dtype)
    outer = concat([splits[:1] * 0, cumsum(rows)], 0)
    places = numbers + _at(outer, owner)
    return unsorted_segment_sum(places * 0 + 1, places, reduce_max(outer)), outer


def _count(x: Any, dtype: dtypes.DType) -> Any:
    from ..creation import size
    return size(x, out_type=dtype)


def _at(x: Any, places: Any) -> Any:
    from ..gathering import gather
    return gather(x, places)


# A single example, and the older order of arguments.


def _scalar(serialized: Any) -> Any:
    if isinstance(serialized, (list, tuple, np.ndarray)) and np.ndim(serialized):
        raise ValueError("Input serialized must be a scalar")
    tensor = as_strings(serialized)
    if tensor.shape.rank:
        raise ValueError("Input serialized must be a scalar")
    if tensor.shape.rank is None:
        from ..creation import ensure_shape
        tensor = ensure_shape(tensor, [])
    return tensor


def parse_single_example(serialized: Any, features: Any, example_names: Any = None, name: str | None = None) -> dict[str, Any]:
    """One serialised `tf.train.Example` as tensors; see `parse_example`.

    Raises:
      ValueError: `serialized` is no scalar; features that are missing or do not fit each other.
      InvalidArgumentError: a message that cannot be read, a feature that is missing or of another kind.
    """
    if not features:
        raise ValueError("Invalid argument: features cannot be None.")
    with name_scope(name or "ParseSingleExample"):
        return parse_example(_scalar(serialized), features, example_names)


def parse_example_v1(serialized: Any, features: Any, name: str | None = None, example_names: Any = None) -> dict[str, Any]:
    """`parse_example` with TensorFlow 1's order of arguments."""
    return parse_example(serialized, features, example_names, name)


def parse_single_example_v1(serialized: Any, features: Any, name: str | None = None, example_names: Any = None
                            ) -> dict[str, Any]:
    """`parse_single_example` with TensorFlow 1's order of arguments."""
    return parse_single_example(serialized, features, example_names, name)


# Sequences.


def parse_sequence_example(serialized: Any, context_features: Any = None, sequence_features: Any = None,
                           example_names: Any = None, name: str | None = None) -> tuple[Any, Any, Any]:
    """Serialised `tf.train.SequenceExample` messages as tensors.

    Args:
      serialized: a vector of strings, or a scalar for a single sequence.
      context_features: for each name a `FixedLenFeature`, `VarLenFeature` or `RaggedFeature`.
      sequence_features: for each name a `FixedLenSequenceFeature`, `VarLenFeature` or `RaggedFeature`.
      example_names: names of the sequences for error messages.
      name: of the operation.

    Returns:
      The features of the sequences, those of their steps (`[batch, longest, ...]`), and the numbers of steps of those that are
      dense: three dicts.

    Raises:
      ValueError: no features, or ones that do not fit each other.
      InvalidArgumentError: a message that cannot be read, a feature that is missing or of another kind.
    """
    if not context_features and not sequence_features:
        raise ValueError("Both context_features and sequence_features are None, but at least one should have values.")
    context, steps = Wanted(context_features, CONTEXT), Wanted(sequence_features, STEPS, steps=True)
    with name_scope(name or "ParseSequenceExample"):
        return _parse_sequences(as_strings(serialized), serialized, context, steps, example_names)


def _parse_sequences(tensor: Any, given: Any, context: Wanted, steps: Wanted, names: Any) -> tuple[Any, Any, Any]:
    _ranked(tensor, context, steps)
    context.check(parse_sequence_example_v2, "context_sparse_types", "Tcontext_dense", "context_dense_defaults")
    steps.check(parse_sequence_example_v2, "feature_list_sparse_types", "feature_list_dense_types", "feature_list_dense_types")
    attrs = {
        "Ncontext_sparse": len(context.sparse), "context_sparse_types": list(context.sparse.values()),
        "context_ragged_value_types": [v for v, _ in context.ragged.values()],
        "context_ragged_split_types": [s for _, s in context.ragged.values()], "context_dense_shapes": context.shapes,
        "Nfeature_list_sparse": len(steps.sparse), "Nfeature_list_dense": len(steps.dense),
        "feature_list_dense_types": [t for t, _, _ in steps.dense.values()],
        "feature_list_sparse_types": list(steps.sparse.values()),
        "feature_list_ragged_value_types": [v for v, _ in steps.ragged.values()],
        "feature_list_ragged_split_types": [s for _, s in steps.ragged.values()], "feature_list_dense_shapes": steps.shapes}
    with name_scope("ParseSequenceExample"):
        keys = [keys_array(k) for w in (context, steps) for k in (w.sparse, w.dense, w.ragged)]
        inputs = [tensor, _names(names), *keys, np.array(steps.may_miss, bool), *context.defaults()]
        out = iter(apply(parse_sequence_example_v2, inputs, attrs, name_for(None, given, None)))
    single = tensor.shape.rank == 0
    first = _taken_sparse(out, context.sparse)
    first.update({key: next(out) for key in context.dense})
    values = [next(out) for _ in context.ragged]
    for key, value in zip(context.ragged, values, strict=True):
        splits = next(out)
        first[key] = value if single else RaggedTensor.from_row_splits(value, splits, validate=False)
    second = _taken_sparse(out, steps.sparse)
    second.update({key: next(out) for key in steps.dense})
    lengths = {key: next(out) for key in steps.dense}
    values, outers, inners = ([next(out) for _ in steps.ragged] for _ in range(3))
    for key, value, outer, inner in zip(steps.ragged, values, outers, inners, strict=True):
        rows = RaggedTensor.from_row_splits(value, inner, validate=False)
        second[key] = rows if single else RaggedTensor.from_row_splits(rows, outer, validate=False)
    return _assembled(first, context), _assembled(second, steps), lengths


def parse_single_sequence_example(serialized: Any, context_features: Any = None, sequence_features: Any = None,
                                  example_name: Any = None, name: str | None = None) -> tuple[Any, Any]:
    """One serialised `tf.train.SequenceExample` as tensors; see `parse_sequence_example`.

    Returns:
      The features of the sequence, and those of its steps: two dicts.

    Raises:
      ValueError: no features, `serialized` is no scalar.
      InvalidArgumentError: a message that cannot be read, a feature that is missing or of another kind.
    """
    if not context_features and not sequence_features:
        raise ValueError("Both context_features and sequence_features are None, but at least one should have values.")
    context, steps = Wanted(context_features, CONTEXT), Wanted(sequence_features, STEPS, steps=True)
    with name_scope(name or "ParseSingleSequenceExample"):
        found: Sequence[Any] = _parse_sequences(_scalar(serialized), serialized, context, steps, example_name)
    return found[0], found[1]


def decode_json_example(json_examples: Any, name: str | None = None) -> Any:
    """Examples in JSON as serialised `tf.train.Example` messages, in the same shape.

    Raises:
      InvalidArgumentError: no JSON, or JSON that is no example.
    """
    return apply(decode_json, (as_strings(json_examples),), {}, name_for(name, json_examples))
