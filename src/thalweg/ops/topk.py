"""The largest elements of rows: the relatives of `TopKV2`, which is in `sorting`."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape, unknown_shape
from .common import REALS, shape_of, shape_text
from .sorting import TopKV2


def _order(x: Any) -> Any:
    """The indices that sort the rows from the largest on, equal elements in their order, NaN first."""
    return x.shape[-1] - 1 - np.argsort(x[..., ::-1], -1, kind="stable")[..., ::-1]


def largest(x: Any, k: int) -> Any:
    """The indices of the `k` largest elements of every row, in order."""
    n = x.shape[-1]
    if k == 1 and x.dtype.kind in "iu":
        return np.argmax(x, -1)[..., None]
    if n < 256 or 8 * k > n or not k:
        return _order(x)[..., :k]
    part = np.sort(np.argpartition(x, n - k, -1)[..., n - k:], -1)
    values = np.take_along_axis(x, part, -1)
    # Where the smallest of these has equals outside, which of them is left to chance: sort such rows in full.
    unclear = np.count_nonzero(x >= values.min(-1, keepdims=True), -1) != k
    out = np.take_along_axis(part, _order(values), -1)
    if unclear.any():
        out[unclear] = _order(x[unclear])[..., :k]
    return out


def _top(xp: Any, x: Any, k: int) -> Any:
    if k < 0:
        raise errors.InvalidArgumentError(f"Need k >= 0, got {k}")
    if x.ndim < 1:
        raise errors.InvalidArgumentError(f"input must be >= 1-D, got shape {shape_text(x.shape)}")
    if x.shape[-1] < k:
        raise errors.InvalidArgumentError(f"input must have at least k columns. Had {x.shape[-1]}, needed {k}")
    if xp is not np:
        from jax.lax import top_k
        return top_k(x, k)
    indices = largest(x, k)
    return np.take_along_axis(x, indices, -1), indices.astype(np.int32)


def _vector_of_rows(op: Any) -> TensorShape:
    predictions, targets = op.inputs[0].shape, op.inputs[1].shape
    for shape, rank in ((predictions, 2), (targets, 1)):
        if shape.rank not in (None, rank):
            raise ValueError(f"Shape must be rank {rank} but is rank {shape.rank}")
    rows = None if predictions.rank is None else predictions.as_list()[0]
    return TensorShape([rows if targets.rank is None or targets.as_list()[0] is None else targets.as_list()[0]])


def _in_top(xp: Any, predictions: Any, targets: Any, k: Any, type: str) -> Any:
    if predictions.ndim != 2:
        raise errors.InvalidArgumentError(f"predictions must be 2-dimensional [Op:{type}]")
    if targets.ndim != 1:
        raise errors.InvalidArgumentError("targets must be 1-dimensional")
    if len(predictions) != len(targets):
        raise errors.InvalidArgumentError(f"First dimension of predictions {len(predictions)} must match length of "
                                          f"targets {len(targets)} [Op:{type}]")
    classes = predictions.shape[1]
    inside = (targets >= 0) & (targets < classes)
    if not classes:
        return inside
    own = predictions[xp.arange(len(targets)), xp.where(inside, targets, 0)]
    better = xp.sum(predictions > own[:, None], 1)
    # With NaN or infinity in a row, nobody can say.
    return inside & xp.isfinite(predictions).all(1) & (better < k)


@op("InTopKV2", "predictions: float, targets: T, k: T -> precision: bool", attrs="T: {int32, int64} = int32",
    infer=_vector_of_rows)
def in_top_k_v2(xp: Any, predictions: Any, targets: Any, k: Any) -> Any:
    return _in_top(xp, predictions, targets, k, "InTopKV2")


@op("InTopK", "predictions: float, targets: T -> precision: bool", attrs="k: int; T: {int32, int64} = int32",
    infer=_vector_of_rows)
def in_top_k_v1(xp: Any, predictions: Any, targets: Any, k: int) -> Any:
    return _in_top(xp, predictions, targets, k, "InTopK")


in_top_k_v2.not_differentiable()
in_top_k_v1.not_differentiable()


def _nth_shape(op: Any) -> TensorShape:
    shape, n = op.inputs[0].shape, op.inputs[1].value
    if shape.rank is None:
        return unknown_shape()
    if not shape.rank:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    last = shape.as_list()[-1]
    if n is not None and last is not None and last <= int(n):
        raise ValueError(f"Input must have last dimension > n = {int(n)} but is {last}")
    outer: TensorShape = shape[:-1]
    return outer


@op("NthElement", "input: T, n: int32 static -> values: T", attrs=f"reverse: bool = false; T: {{{REALS}}}",
    infer=_nth_shape)
def nth_element_(xp: Any, x: Any, n: Any, reverse: bool = False) -> Any:
    n = int(n)
    if n < 0:
        raise errors.InvalidArgumentError(f"n must be non-negative but is {n}")
    if not x.ndim or x.shape[-1] <= n:
        raise errors.InvalidArgumentError(f"Input must have last dimension > n = {n} [Op:NthElement]")
    n = x.shape[-1] - 1 - n if reverse else n
    return xp.partition(x, n, -1)[..., n] if x.dtype.kind != "V" else xp.sort(x, -1)[..., n]


@nth_element_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    """Equal elements share the gradient."""
    from .arrays import expand_dims
    from .comparison import equal
    from .elementwise import cast
    from .reductions import reduce_sum
    x = op.inputs[0]
    at = cast(equal(expand_dims(op.outputs[0], -1), x), dy.dtype)
    return expand_dims(dy, -1) * (at / reduce_sum(at, -1, True))


def _approx_shape(op: Any) -> list[Any]:
    shape = op.inputs[0].shape
    if shape.rank is None:
        return [(unknown_shape(), op.inputs[0].dtype), (unknown_shape(), dtypes.int32)]
    dims = shape.as_list()
    dims[op.attrs.get("reduction_dimension", -1)] = op.attrs["k"]
    return [(TensorShape(dims), op.inputs[0].dtype), (TensorShape(dims), dtypes.int32)]


@op("ApproxTopK", "input: T -> values: T, indices: int32",
    attrs="k: int; reduction_dimension: int = -1; recall_target: float = 0.949999988079071; is_max_k: bool = true; "
    "reduction_input_size_override: int = -1; aggregate_to_topk: bool = true; T: {half, bfloat16, float}",
    infer=_approx_shape)
def approx_top_k(xp: Any, x: Any, k: int, reduction_dimension: int = -1, recall_target: float = 0.95,
                 is_max_k: bool = True, reduction_input_size_override: int = -1, aggregate_to_topk: bool = True) -> Any:
    moved = xp.moveaxis(x, reduction_dimension, -1)
    values, indices = _top(xp, moved if is_max_k else -moved, k)
    values = values if is_max_k else -values
    return xp.moveaxis(values, -1, reduction_dimension), xp.moveaxis(indices, -1, reduction_dimension)


@approx_top_k.vjp(0)
def _(op: Any, dy: Any, _: Any) -> Any:
    from .ranges import one_hot
    from .reductions import reduce_sum
    axis = op.attrs.get("reduction_dimension", -1) % op.inputs[0].shape.rank
    chosen = one_hot(op.outputs[1], shape_of(op.inputs[0])[axis], axis=axis, dtype=dy.dtype)
    from .arrays import expand_dims
    return reduce_sum(chosen * expand_dims(dy, axis), axis + 1)


def in_top_k(targets: Any, predictions: Any, k: Any, name: str | None = None) -> Any:
    """Whether each row of predictions has the target among its `k` largest elements.

    Args:
      targets: one index for each row.
      predictions: a float32 matrix. In rows with NaN or infinity no target is among them.
      k: how many elements to look at.
      name: of the node.

    Raises:
      InvalidArgumentError: the shapes do not fit.
    """
    targets = convert_to_tensor(targets)
    return apply(in_top_k_v2, (convert_to_tensor(predictions, dtype_hint=dtypes.float32), targets,
                               convert_to_tensor(k, targets.dtype if not hasattr(k, "dtype") else None)), name=name)


def in_top_k_v1_(predictions: Any, targets: Any, k: Any, name: str | None = None) -> Any:
    """`in_top_k` with TensorFlow 1's order of arguments."""
    return in_top_k(targets, predictions, k, name)


def nth_element(input: Any, n: Any, reverse: bool = False, name: str | None = None) -> Any:
    """The `n`-th smallest element (largest, if `reverse`) along the last axis, counted from 0.

    Raises:
      InvalidArgumentError: `n` is not smaller than the last axis.
    """
    return apply(nth_element_, (convert_to_tensor(input), n if type(n) is int else convert_to_tensor(n)),
                 {"reverse": bool(reverse)}, name)


def _approximate(is_max: bool, operand: Any, k: int, reduction_dimension: int, recall_target: float,
                 reduction_input_size_override: int, aggregate_to_topk: bool, name: str | None) -> Any:
    attrs = {"k": int(k), "reduction_dimension": reduction_dimension, "recall_target": recall_target,
             "is_max_k": is_max, "reduction_input_size_override": reduction_input_size_override,
             "aggregate_to_topk": aggregate_to_topk}
    return TopKV2(*apply(approx_top_k, (convert_to_tensor(operand),), attrs, name))


def approx_max_k(operand: Any, k: int, reduction_dimension: int = -1, recall_target: float = 0.95,
                 reduction_input_size_override: int = -1, aggregate_to_topk: bool = True,
                 name: str | None = None) -> Any:
    """The `k` largest elements along an axis and where they are. They are exact, whatever `recall_target` allows."""
    return _approximate(True, operand, k, reduction_dimension, recall_target, reduction_input_size_override,
                        aggregate_to_topk, name)


def approx_min_k(operand: Any, k: int, reduction_dimension: int = -1, recall_target: float = 0.95,
                 reduction_input_size_override: int = -1, aggregate_to_topk: bool = True,
                 name: str | None = None) -> Any:
    """The `k` smallest elements along an axis and where they are, see `approx_max_k`."""
    return _approximate(False, operand, k, reduction_dimension, recall_target, reduction_input_size_override,
                        aggregate_to_topk, name)
