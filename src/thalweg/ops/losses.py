"""Public functions around softmax and cross entropies, and other losses computed element by element."""
from __future__ import annotations

from math import pi
from typing import Any

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply, apply_unary
from ..core.opdef import OpDef, get_op
from ..core.scopes import scoped
from ..core.tensor import EagerTensor
from .arithmetic import maximum
from .common import static_shape
from .comparison import greater_equal, less_equal, logical_and, select
from .complex_numbers import complex, imag, real
from .dynamic import joined, others, positive, rank_of
from .elementwise import cast, exp, log, log1p, rsqrt, square
from .reductions import reduce_sum
from .softmax import l2_loss_, log_softmax_, softmax_, softmax_cross_entropy, sparse_softmax_cross_entropy


def _over_axis(op: OpDef, logits: Any, axis: Any, name: str | None) -> Any:
    """Applies an op of the last axis over another one."""
    x = convert_to_tensor(logits)
    if axis is None or axis == -1:
        return apply_unary(op, x, name) if type(x) is EagerTensor and ctx.elsewhere is None else apply(op, (x,), name=name)
    rank = x.shape.rank
    if rank is None:
        return _over_unknown_rank(op, x, axis, name)
    if not -rank <= axis < rank:
        raise errors.InvalidArgumentError(f"`dim` must be in the range [{-rank}, {rank}) where {rank} is the number of "
                                          f"dimensions in the input. Received: dim={axis}")
    axis = int(axis) % rank
    if axis == rank - 1:
        return apply(op, (x,), name=name)
    perm = tuple(range(axis)) + (rank - 1,) + tuple(range(axis + 1, rank - 1)) + (axis,)
    transpose = get_op("Transpose")
    return apply(transpose, (apply(op, (apply(transpose, (x, perm)),)), perm), name=name)


def _over_unknown_rank(op: OpDef, x: Any, axis: int, name: str | None) -> Any:
    """`_over_axis` where only the running graph knows how many axes there are."""
    last = apply(get_op("Rank"), (x,)) - 1
    axis = convert_to_tensor(axis)
    axis = select(axis < 0, axis + last + 1, axis)
    every = apply(get_op("Range"), (convert_to_tensor(0), last + 1, convert_to_tensor(1)))
    perm = select(every == axis, last, select(every == last, axis, every))
    transpose = get_op("Transpose")
    return apply(transpose, (apply(op, (apply(transpose, (x, perm)),)), perm), name=name)


def softmax(logits: Any, axis: Any = None, name: str | None = None) -> Any:
    """`exp(x) / sum(exp(x))` along an axis, the last if None.

    Raises:
      InvalidArgumentError: an axis that the logits do not have, or logits without axes.
    """
    return _over_axis(softmax_, logits, axis, name)


def log_softmax(logits: Any, axis: Any = None, name: str | None = None) -> Any:
    """The logarithm of `softmax`, exact also where that is nearly zero.

    Raises:
      InvalidArgumentError: an axis that the logits do not have, or logits without axes.
    """
    return _over_axis(log_softmax_, logits, axis, name)


def _need_both(labels: Any, logits: Any, function: str) -> None:
    if labels is None or logits is None:
        raise ValueError(f"Both `labels` and `logits` must be provided for {function}Received: labels={labels} and "
                         f"logits={logits}")


@scoped("softmax_cross_entropy_with_logits")
def softmax_cross_entropy_with_logits(labels: Any, logits: Any, axis: Any = -1, name: str | None = None) -> Any:
    """`-sum(labels * log(softmax(logits)))` along an axis.

    Args:
      labels: the wanted probabilities, of the shape of the logits.
      logits: unscaled log probabilities.
      axis: the axis of the classes, which the result no longer has.
      name: of the node.

    Raises:
      InvalidArgumentError: the shapes do not fit.
    """
    _need_both(labels, logits, "softmax_cross_entropy_with_logits")
    logits = convert_to_tensor(logits)
    precise = cast(logits, dtypes.float32) if logits.dtype in (dtypes.float16, dtypes.bfloat16) else logits
    labels = cast(convert_to_tensor(labels), precise.dtype)
    rank = precise.shape.rank
    if axis not in (-1, None) and axis != (rank or 0) - 1:
        precise, labels = _last(precise, axis), _last(labels, axis)
    if precise.shape.rank == labels.shape.rank == 2 and ctx.graph is None:
        loss = apply(softmax_cross_entropy, (precise, labels), name=name)[0]
    else:
        loss = apply(softmax_cross_entropy, (_rows(precise), _rows(labels)), name=name)[0]
        loss = apply(get_op("Reshape"), (loss, _outer(precise)))
    return loss if logits.dtype == loss.dtype else cast(loss, logits.dtype)


def _last(x: Any, axis: int) -> Any:
    """A tensor with an axis moved to the end."""
    rank = x.shape.rank
    if rank is None:
        axes = positive(axis, rank_of(x))
        return apply(get_op("Transpose"), (x, joined(others(axes, rank_of(x)), axes)))
    if not -rank <= axis < rank:
        raise errors.InvalidArgumentError(f"`axis` must be in the range [{-rank}, {rank}). Received: axis={axis}")
    axis = int(axis) % rank
    return apply(get_op("Transpose"), (x, (*range(axis), *range(axis + 1, rank), axis)))


def _rows(x: Any) -> Any:
    """A tensor as a matrix: all axes but the last in one."""
    if x.shape.rank == 0:
        raise errors.InvalidArgumentError("logits and labels must have at least one dimension")
    classes = None if x.shape.rank is None else x.shape.as_list()[-1]
    if classes is None:
        shape = convert_to_tensor(apply(get_op("Shape"), (x,), {"out_type": dtypes.int32}))
        return apply(get_op("Reshape"), (x, apply(get_op("ConcatV2"), (convert_to_tensor([-1]), shape[-1:], 0))))
    if not classes:
        known = static_shape(x)
        return apply(get_op("Reshape"), (x, (_count(known[:-1]) if known is not None else -1, classes)))
    return apply(get_op("Reshape"), (x, (-1, classes)))


def _count(dims: Any) -> int:
    n = 1
    for d in dims:
        n *= d
    return n


def _outer(x: Any) -> Any:
    """The shape of a tensor without its last axis, as a static input."""
    known = static_shape(x)
    return known[:-1] if known is not None else apply(get_op("Shape"), (x,), {"out_type": dtypes.int32})[:-1]


@scoped("SparseSoftmaxCrossEntropyWithLogits")
def sparse_softmax_cross_entropy_with_logits(labels: Any, logits: Any, name: str | None = None) -> Any:
    """The cross entropy where one class is right, for a label that is its index.

    Args:
      labels: int32 or int64 indices, of the shape of the logits without their last axis.
      logits: unscaled log probabilities `[..., classes]`.
      name: of the node.

    Raises:
      ValueError: the shapes do not fit.
      InvalidArgumentError: a label outside `[0, classes)`.
    """
    _need_both(labels, logits, "sparse_softmax_cross_entropy_with_logits")
    labels, logits = convert_to_tensor(labels), convert_to_tensor(logits)
    if type(logits) is EagerTensor and type(labels) is EagerTensor:
        x, z = logits._value, labels._value
        if x.ndim == 2 and z.shape == x.shape[:1] and x.dtype.itemsize > 2:
            return apply(sparse_softmax_cross_entropy, (logits, labels), name=name)[0]
    precise = cast(logits, dtypes.float32) if logits.dtype in (dtypes.float16, dtypes.bfloat16) else logits
    shape, wanted = labels.shape, precise.shape
    if wanted.rank is not None:
        if wanted.rank == 0:
            raise ValueError(f"`logits` cannot be a scalar. Received logits={logits}`")
        if shape.rank is not None and shape.rank != wanted.rank - 1:
            raise ValueError("`labels.shape.rank` must equal `logits.shape.rank - 1`. Received: "
                             f"labels.shape={shape} of rank {shape.rank} and logits.shape={wanted} of rank "
                             f"{wanted.rank}")
        if not shape.is_compatible_with(wanted[:-1]):
            raise ValueError("`labels.shape` must equal `logits.shape` except for the last dimension. Received: "
                             f"labels.shape={shape} and logits.shape={wanted}")
    if wanted.rank == 2:
        loss = apply(sparse_softmax_cross_entropy, (precise, labels), name=name)[0]
    else:
        flat = apply(get_op("Reshape"), (labels, (-1,)))
        loss = apply(sparse_softmax_cross_entropy, (_rows(precise), flat), name=name)[0]
        known = static_shape(labels)
        outer = known if known is not None else apply(get_op("Shape"), (labels,), {"out_type": dtypes.int32})
        loss = apply(get_op("Reshape"), (loss, outer))
    return loss if logits.dtype == loss.dtype else cast(loss, logits.dtype)


def _same_shape(a: Any, b: Any, names: str) -> None:
    if not a.shape.is_compatible_with(b.shape):
        raise ValueError(f"{names} must have the same shape, received ({a.shape} vs {b.shape}).")


@scoped("logistic_loss")
def sigmoid_cross_entropy_with_logits(labels: Any = None, logits: Any = None, name: str | None = None) -> Any:
    """The cross entropy of independent classes, `-z log(sigmoid(x)) - (1 - z) log(1 - sigmoid(x))`, without overflow.

    Args:
      labels: the probabilities `z`.
      logits: the logits `x`, of the same shape and dtype.
      name: of the node.

    Raises:
      ValueError: the shapes differ.
    """
    _need_both(labels, logits, "sigmoid_cross_entropy_with_logits")
    logits, labels = convert_to_tensor(logits), convert_to_tensor(labels)
    _same_shape(logits, labels, "`logits` and `labels`")
    zeros = apply(get_op("ZerosLike"), (logits,))
    positive = greater_equal(logits, zeros)
    relu = select(positive, logits, zeros)
    minus_abs = select(positive, -logits, logits)
    return apply(get_op("AddV2"), (relu - logits * labels, log1p(exp(minus_abs))), name=name)


@scoped("logistic_loss")
def weighted_cross_entropy_with_logits(labels: Any, logits: Any, pos_weight: Any, name: str | None = None) -> Any:
    """The sigmoid cross entropy with its positive term weighted by `pos_weight`.

    Raises:
      ValueError: the shapes differ.
    """
    logits, labels = convert_to_tensor(logits), convert_to_tensor(labels)
    _same_shape(logits, labels, "`logits` and `labels`")
    weight = 1 + (pos_weight - 1) * labels
    rest = log1p(exp(-apply(get_op("Abs"), (logits,)))) + apply(get_op("Relu"), (-logits,))
    return apply(get_op("AddV2"), ((1 - labels) * logits, weight * rest), name=name)


@scoped("log_poisson_loss")
def log_poisson_loss(targets: Any, log_input: Any, compute_full_loss: bool = False, name: str | None = None) -> Any:
    """`exp(c) - z c` for log inputs `c` and targets `z`; with Stirling's `log(z!)` if `compute_full_loss`.

    Raises:
      ValueError: the shapes differ.
    """
    log_input, targets = convert_to_tensor(log_input), convert_to_tensor(targets)
    _same_shape(log_input, targets, "`log_input` and `targets`")
    result = exp(log_input) - log_input * targets
    if compute_full_loss:
        stirling = targets * log(targets) - targets + 0.5 * log((2.0 * pi) * targets)
        small = logical_and(greater_equal(targets, 0.0), less_equal(targets, 1.0))
        result = result + select(small, apply(get_op("ZerosLike"), (targets,)), stirling)
    return result


def l2_loss(t: Any, name: str | None = None) -> Any:
    """Half the sum of the squares of all elements."""
    return apply(l2_loss_, (convert_to_tensor(t),), name=name)


@scoped("l2_normalize")
def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None) -> Any:
    """`x / sqrt(max(sum(x²), epsilon))` over some axes.

    Args:
      x: a tensor; of a complex one the absolute values count.
      axis: an axis or a list of axes, all if None.
      epsilon: a lower bound of the sum.
      name: of the node.
      dim: an older name of `axis`.
    """
    axis = dim if axis is None else axis
    x = convert_to_tensor(x)
    if x.dtype.is_complex:
        re, im = real(x), imag(x)
        scale = rsqrt(maximum(reduce_sum(square(re) + square(im), axis, True), epsilon))
        return complex(re * scale, im * scale, name)
    return apply(get_op("Mul"), (x, rsqrt(maximum(reduce_sum(square(x), axis, True), epsilon))), name=name)


# TensorFlow 1's signatures.


def softmax_v1(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Any:
    """`softmax`; `dim` is an older name of `axis`."""
    return softmax(logits, dim if axis is None else axis, name)


def log_softmax_v1(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Any:
    """`log_softmax`; `dim` is an older name of `axis`."""
    return log_softmax(logits, dim if axis is None else axis, name)


def softmax_cross_entropy_with_logits_v1(labels: Any = None, logits: Any = None, dim: Any = -1, name: str | None = None,
                                         axis: Any = None) -> Any:
    """`softmax_cross_entropy_with_logits` with no gradient for the labels."""
    _need_both(labels, logits, "softmax_cross_entropy_with_logits")
    labels = apply(get_op("StopGradient"), (convert_to_tensor(labels),))
    return softmax_cross_entropy_with_logits(labels, logits, dim if axis is None else axis, name)


def softmax_cross_entropy_with_logits_v2(labels: Any, logits: Any, axis: Any = None, name: str | None = None,
                                         dim: Any = None) -> Any:
    """`softmax_cross_entropy_with_logits` with TensorFlow 1's names of arguments."""
    axis = dim if axis is None else axis
    return softmax_cross_entropy_with_logits(labels, logits, -1 if axis is None else axis, name)


def sparse_softmax_cross_entropy_with_logits_v1(labels: Any = None, logits: Any = None, name: str | None = None) -> Any:
    """`sparse_softmax_cross_entropy_with_logits` with TensorFlow 1's names of arguments."""
    return sparse_softmax_cross_entropy_with_logits(labels, logits, name)


def weighted_cross_entropy_with_logits_v1(labels: Any = None, logits: Any = None, pos_weight: Any = None,
                                          name: str | None = None, targets: Any = None) -> Any:
    """`weighted_cross_entropy_with_logits`; `targets` is an older name of `labels`."""
    return weighted_cross_entropy_with_logits(targets if labels is None else labels, logits, pos_weight, name)
