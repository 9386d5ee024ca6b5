"""Ragged matrices, running sums, softmax, dropout."""
from __future__ import annotations

from typing import Any

from ...core import dtypes
from ...core.scopes import name_scope
from .. import cumulative, dropping
from .. import losses as dense_losses
from ..casting import cast
from ..common import constant_value
from ..elementwise import exp
from ..gathering import gather
from ..matmul import matmul as dense_matmul
from ..reductions import reduce_max
from . import checks
from .axes import match_row_splits_dtypes, positive_axis, ragged_values
from .partition import RowPartition
from .reductions import reduce_sum
from .tensor import RaggedTensor
from .values import as_ragged_or_tensor


def softmax(logits: Any, axis: Any = None, name: str | None = None) -> Any:
    """`tf.nn.softmax` along a ragged dimension, or one behind them."""
    x = as_ragged_or_tensor(logits)
    axis = positive_axis(-1 if axis is None else axis, x.shape.rank)
    with name_scope(name or "RaggedSoftmax"):
        if axis > x.ragged_rank:
            return x.with_flat_values(dense_losses.softmax(x.flat_values, axis - x.ragged_rank))
        powers = x.with_flat_values(exp(x.flat_values))
        return powers / reduce_sum(powers, axis, True)


def dropout(x: Any, rate: Any, noise_shape: Any = None, seed: Any = None, name: str | None = None) -> Any:
    """`tf.nn.dropout` of the values.

    Raises:
      ValueError: a noise shape.
    """
    _no_noise(noise_shape)
    x = as_ragged_or_tensor(x)
    return x.with_flat_values(dropping.dropout(x.flat_values, rate, seed=seed, name=name))


def dropout_v1(x: Any, keep_prob: Any = None, noise_shape: Any = None, seed: Any = None, name: str | None = None,
               rate: Any = None) -> Any:
    """TensorFlow 1's `nn.dropout` of the values.

    Raises:
      ValueError: a noise shape.
    """
    _no_noise(noise_shape)
    x = as_ragged_or_tensor(x)
    return x.with_flat_values(dropping.dropout_v1(x.flat_values, keep_prob, seed=seed, name=name, rate=rate))


def stateless_dropout(x: Any, rate: Any, seed: Any, rng_alg: Any = "auto_select", noise_shape: Any = None,
                      name: str | None = None) -> Any:
    """`tf.nn.experimental.stateless_dropout` of the values.

    Raises:
      ValueError: a noise shape.
    """
    _no_noise(noise_shape)
    x = as_ragged_or_tensor(x)
    return x.with_flat_values(dropping.stateless_dropout(x.flat_values, rate, seed, rng_alg, name=name))


def _no_noise(noise_shape: Any) -> None:
    if noise_shape is not None:
        raise ValueError("noise_shape is not supported yet for RaggedTensor x")


def cumsum(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None) -> Any:
    """`tf.cumsum` along any dimension of a ragged tensor.

    Raises:
      ValueError: an axis out of bounds.
    """
    x = as_ragged_or_tensor(x)
    with name_scope(name or "RaggedCumSum"):
        axis = positive_axis(axis, x.shape.rank, ndims_name="rank")
        if axis > x.ragged_rank:
            return x.with_flat_values(cumulative.cumsum(x.flat_values, axis - x.ragged_rank, exclusive, reverse))
        if axis == x.ragged_rank:
            partition = x._nested_row_partitions[-1]
            return x.with_flat_values(_within_rows(partition, x.flat_values, exclusive, reverse))
        result = cumulative.cumsum(x.to_tensor(), axis, exclusive, reverse)
        return RaggedTensor.from_tensor(result, lengths=x.nested_row_lengths())


def _within_rows(partition: RowPartition, values: Any, exclusive: bool, reverse: bool) -> Any:
    """Running sums that begin anew with each row."""
    from ..arrays import concat
    from ..creation import zeros_like
    sums = cumulative.cumsum(values, 0, exclusive, reverse)
    # With a zero at either end, the sum outside a row is where the row begins, or ends if sums run backwards.
    inclusive = sums if not exclusive else cumulative.cumsum(values, 0, False, reverse)
    nothing = zeros_like(values[:1])
    ids = partition.value_rowids()
    if reverse:
        bounds = concat([inclusive, nothing], 0) if values.shape[0] != 0 else inclusive
        before = gather(bounds, gather(partition.row_limits(), ids))
    else:
        bounds = concat([nothing, inclusive], 0) if values.shape[0] != 0 else inclusive
        before = gather(bounds, gather(partition.row_starts(), ids))
    return sums - before


def matmul(a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False, adjoint_a: bool = False,
           adjoint_b: bool = False, a_is_sparse: bool = False, b_is_sparse: bool = False, output_type: Any = None,
           grad_a: bool = False, grad_b: bool = False, name: str | None = None) -> Any:
    """`tf.matmul` with ragged arguments: matrices, or batches of matrices that differ in size.

    Raises:
      ValueError: both a transpose and an adjoint, a sparse hint, or an argument of rank 1.
      InvalidArgumentError: a matrix whose rows differ in length, or sizes that do not fit.
    """
    if transpose_a and adjoint_a:
        raise ValueError("Only one of transpose_a and adjoint_a can be True.")
    if transpose_b and adjoint_b:
        raise ValueError("Only one of transpose_b and adjoint_b can be True.")
    options: dict[str, Any] = {"transpose_a": transpose_a, "transpose_b": transpose_b, "adjoint_a": adjoint_a,
                               "adjoint_b": adjoint_b}
    with name_scope(name or "RaggedMatMul"):
        a, b = ragged_values(a, b)
        a, b = match_row_splits_dtypes(a, b)
        ranks = a.shape.rank, b.shape.rank
        if None in ranks:
            raise ValueError("matmul with a RaggedTensor requires both arguments to have known rank")
        if ranks[0] != ranks[1]:
            raise ValueError("`a` and `b` must have the same rank.")
        rank = ranks[0]
        if rank < 2:
            raise ValueError("matmul with a RaggedTensor requires both arguments to have rank >= 2")
        if rank > 3:
            return _deep_batch(a, b, options)
        if rank == 2:
            return dense_matmul(*[_matrix(x) for x in (a, b)], **options)
        return _batch(a, b, options)


def _matrix(x: Any) -> Any:
    """A tensor of a ragged matrix, whose rows must be of one length."""
    if not isinstance(x, RaggedTensor):
        return x
    found = _uniform(x)
    return checks.after(found, x.to_tensor())


def _uniform(x: RaggedTensor) -> list[Any]:
    """Checks that all rows are as long as the first."""
    if x._row_partition.is_uniform():
        return []
    lengths = x._row_partition.row_lengths()
    return checks.assert_equal(lengths, reduce_max(lengths) + 0 * lengths if lengths.shape[0] != 0 else lengths,
                               "The matrices in `a` and `b` may not be ragged in their innermost dimension.")


def _deep_batch(a: Any, b: Any, options: dict[str, Any]) -> Any:
    """The outermost batch dimension taken away, and put on the result."""
    dtype = next(x._row_partition.dtype for x in (a, b) if isinstance(x, RaggedTensor))
    a, b = (x if isinstance(x, RaggedTensor) else RaggedTensor.from_tensor(x, row_splits_dtype=dtype) for x in (a, b))
    partition = a._row_partition.merge(b._row_partition)
    return RaggedTensor._from_row_partition(matmul(a.values, b.values, **options), partition, validate=False)


def _batch(a: Any, b: Any, options: dict[str, Any]) -> Any:
    """The product of batches of matrices, filled up and cut to size again."""
    dtype = next(x._row_partition.dtype for x in (a, b) if isinstance(x, RaggedTensor))
    flipped_a = options["transpose_a"] or options["adjoint_a"]
    flipped_b = options["transpose_b"] or options["adjoint_b"]
    rows_a, columns_a = _sizes(a, dtype)
    rows_b, columns_b = _sizes(b, dtype)
    if flipped_a:
        rows_a, columns_a = columns_a, rows_a
    if flipped_b:
        rows_b, columns_b = columns_b, rows_b
    found = checks.assert_equal(columns_a, rows_b, "Matrix size-incompatible")
    left, right = (x.to_tensor() if isinstance(x, RaggedTensor) else x for x in (a, b))
    result = dense_matmul(checks.after(found, _as_wide(left, right, flipped_a, flipped_b, True)),
                          _as_wide(right, left, flipped_b, flipped_a, False), **options)
    if not isinstance(b, RaggedTensor) or (not isinstance(b.values, RaggedTensor) and not flipped_b):
        return RaggedTensor.from_tensor(result, lengths=rows_a, row_splits_dtype=dtype)
    per_row = RowPartition.from_row_lengths(rows_a, validate=False).value_rowids()
    return RaggedTensor.from_tensor(result, lengths=(rows_a, gather(columns_b, per_row)), row_splits_dtype=dtype)


def _as_wide(x: Any, other: Any, flipped: bool, other_flipped: bool, is_left: bool) -> Any:
    """A filled batch whose inner dimension is as large as the other's."""
    from ..arithmetic import maximum
    from ..arrays import pad
    from ..creation import shape as shape_op
    mine = (2 if not flipped else 1) if is_left else (1 if not flipped else 2)
    theirs = (1 if not other_flipped else 2) if is_left else (2 if not other_flipped else 1)
    if x.shape[mine] is not None and x.shape[mine] == other.shape[theirs]:
        return x
    missing = maximum(shape_op(other)[theirs] - shape_op(x)[mine], 0)
    known = constant_value(missing)
    if known is not None and not known:
        return x
    return pad(x, [[0, 0], [0, missing if mine == 1 else 0], [0, missing if mine == 2 else 0]])


def _sizes(x: Any, dtype: dtypes.DType) -> tuple[Any, Any]:
    """The numbers of rows and of columns of every matrix of a batch.

    Raises:
      InvalidArgumentError: a matrix whose rows differ in length.
    """
    from ..creation import ones
    from ..creation import shape as shape_op
    from .reductions import reduce_max as longest
    if not isinstance(x, RaggedTensor):
        dims = shape_op(x, dtype)
        count = ones(dims[:1], dtype)
        return count * dims[1], count * dims[2]
    rows = x._row_partition.row_lengths()
    if not isinstance(x.values, RaggedTensor):
        return rows, 0 * rows + shape_op(x.values, dtype)[1]
    lengths = RaggedTensor(x.values._row_partition.row_lengths(), x._row_partition, internal=True)
    widest = longest(lengths, 1)
    from ..arithmetic import maximum
    widest = maximum(widest, 0)
    found = checks.assert_equal(lengths.values, gather(widest, x._row_partition.value_rowids()),
                                "The matrices in `a` and `b` may not be ragged in their innermost dimension.")
    return rows, checks.after(found, cast(widest, dtype))
