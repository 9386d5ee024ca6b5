"""Softmax, its logarithm, and the cross entropies that are computed with it."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import errors
from ..core.dispatch import apply
from ..core.opdef import get_op, op
from ..core.shape import TensorShape
from ..core.tensor import EagerTensor
from .common import FLOATS, broadcast_pair, shape_text
from .requirements import require_within

_T = "T: {half, bfloat16, float, double}"
_BLOCK = 1 << 16
"""Elements worked on at a time, so that they stay in the cache between the steps."""
_add: Any = np.add.reduce
_max: Any = np.maximum.reduce


def _single(x: Any) -> Any:
    """Half precision is computed in single."""
    return x if x.dtype.itemsize > 2 else x.astype(np.float32)


def _row_max(x: np.ndarray[Any, Any]) -> Any:
    """The largest element of each row, as a column. NumPy takes short rows one by one, which folding them avoids."""
    width = x.shape[1]
    if width <= 16 or width > 128 or len(x) < 32:
        return _max(x, 1, None, None, True)
    while width > 16:
        half = width // 2
        folded = np.maximum(x[:, :half], x[:, half:2 * half])
        if width % 2:
            np.maximum(folded[:, :1], x[:, width - 1:], out=folded[:, :1])
        x, width = folded, half
    return _max(np.array(x.T, order="C"), 0)[:, None]


def _exponentials(x: np.ndarray[Any, Any], log: bool, out: np.ndarray[Any, Any] | None = None) -> tuple[Any, Any, Any]:
    """For a matrix: the rows less their maxima (only if `log`), their exponentials, and the sums of these."""
    shifted = np.subtract(x, _row_max(x), None if log else out)
    e = np.exp(shifted, out if log else shifted)
    return shifted, e, _add(e, 1, None, None, True)


def _softmax_rows(x: np.ndarray[Any, Any], out: np.ndarray[Any, Any] | None = None) -> Any:
    if x.shape[1] <= 16 and len(x) >= 32:
        # Short rows: with the rows as columns every step runs over long rows.
        e = np.array(x.T, order="C")
        e -= _max(e, 0)
        np.exp(e, e)
        e /= _add(e, 0)
        if out is None:
            return np.array(e.T, order="C")
        out[...] = e.T
        return out
    _, e, total = _exponentials(x, False, out)
    e /= total
    return e


def _log_softmax_rows(x: np.ndarray[Any, Any], out: np.ndarray[Any, Any] | None = None) -> Any:
    shifted = np.subtract(x, _row_max(x), out)
    shifted -= np.log(_add(np.exp(shifted), 1, None, None, True))
    return shifted


def _by_rows(rows: Any, x: np.ndarray[Any, Any]) -> Any:
    """Applies a function of matrices over the last axis of an array of any rank."""
    if x.ndim == 0:
        raise errors.InvalidArgumentError("logits must have >= 1 dimension, got []")
    if x.size <= _BLOCK:
        if not x.size:
            return x.copy()
        return rows(x) if x.ndim == 2 else rows(x.reshape(-1, x.shape[-1])).reshape(x.shape)
    flat = x.reshape(-1, x.shape[-1])
    out = np.empty(flat.shape, x.dtype)
    step = max(1, _BLOCK // x.shape[-1])
    for start in range(0, len(flat), step):
        rows(flat[start:start + step], out[start:start + step])
    return out.reshape(x.shape)


def _rank_at_least_1(op: Any) -> TensorShape:
    shape: TensorShape = op.inputs[0].shape
    if shape.rank == 0:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    return shape


@op("Softmax", "logits: T -> softmax: T", attrs=_T, infer=_rank_at_least_1)
def softmax_(xp: Any, x: Any) -> Any:
    if x.ndim == 2 and x.dtype.itemsize > 2 and 0 < x.size <= _BLOCK:
        return _softmax_rows(x)
    return _by_rows(_softmax_rows, _single(x)).astype(x.dtype, copy=False)


@softmax_.xla
def _(xp: Any, x: Any) -> Any:
    if not x.size:
        return x
    e = xp.exp(_single(x) - xp.max(_single(x), -1, keepdims=True))
    return (e / xp.sum(e, -1, keepdims=True)).astype(x.dtype)


@softmax_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    from .reductions import reduce_sum
    y = op.outputs[0]
    return (dy - reduce_sum(dy * y, -1, True)) * y


@op("LogSoftmax", "logits: T -> logsoftmax: T", attrs=_T, infer=_rank_at_least_1)
def log_softmax_(xp: Any, x: Any) -> Any:
    if x.ndim == 2 and x.dtype.itemsize > 2 and 0 < x.size <= _BLOCK:
        return _log_softmax_rows(x)
    return _by_rows(_log_softmax_rows, _single(x)).astype(x.dtype, copy=False)


@log_softmax_.xla
def _(xp: Any, x: Any) -> Any:
    if not x.size:
        return x
    shifted = _single(x) - xp.max(_single(x), -1, keepdims=True)
    return (shifted - xp.log(xp.sum(xp.exp(shifted), -1, keepdims=True))).astype(x.dtype)


@log_softmax_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    from .elementwise import exp
    from .reductions import reduce_sum
    return dy - reduce_sum(dy, -1, True) * exp(op.outputs[0])


# Cross entropies: a loss for every row, and beside it its derivative.


def _loss_shape(op: Any) -> list[Any]:
    logits, labels = op.inputs[0].shape, op.inputs[1].shape
    shape = broadcast_pair(logits, labels)
    if shape.rank not in (None, 2):
        raise ValueError(f"Shape must be rank 2 but is rank {shape.rank}")
    rows, classes = (None, None) if shape.rank is None else shape.as_list()
    dtype = op.inputs[0].dtype
    return [(TensorShape([rows]), dtype), (TensorShape([rows, classes]), dtype)]


@op("SoftmaxCrossEntropyWithLogits", "features: T, labels: T -> loss: T, backprop: T", attrs=_T, infer=_loss_shape)
def softmax_cross_entropy(xp: Any, logits: Any, labels: Any) -> Any:
    dtype = logits.dtype
    if logits.shape != labels.shape:
        try:
            logits, labels = xp.broadcast_arrays(logits, labels)
        except ValueError:
            raise errors.InvalidArgumentError(
                f"logits and labels must be broadcastable: logits_size={shape_text(logits.shape)} "
                f"labels_size={shape_text(labels.shape)}") from None
    if logits.ndim != 2:
        raise errors.InvalidArgumentError(
            "logits and labels must be either 2-dimensional, or broadcasted to be 2-dimensional")
    if not logits.size:
        return xp.zeros(logits.shape[:1], dtype), xp.zeros(logits.shape, dtype)
    logits, labels = _single(logits), _single(labels)
    if xp is not np:
        shifted = logits - xp.max(logits, 1, keepdims=True)
        e = xp.exp(shifted)
        total = xp.sum(e, 1, keepdims=True)
        loss = xp.sum(labels * (xp.log(total) - shifted), 1)
        return loss.astype(dtype), (e / total - labels).astype(dtype)
    shifted, e, total = _exponentials(logits, True)
    e /= total
    e -= labels
    np.subtract(np.log(total), shifted, shifted)
    shifted *= labels
    loss = _add(shifted, 1)
    return loss.astype(dtype, copy=False), e.astype(dtype, copy=False)


def _is_zeros(x: Any) -> bool:
    """Whether a gradient is known to be zero: nothing arrived at that output."""
    if type(x) is EagerTensor:
        return isinstance(x._value, np.ndarray) and not x._value.any()
    return getattr(getattr(x, "op", None), "type", "") == "ZerosLike"


def _logits_gradient(op: Any, d_loss: Any, d_backprop: Any) -> Any:
    """The gradient for the logits, from those of the loss and of the loss's own derivative."""
    from .reductions import reduce_sum
    column = apply(get_op("ExpandDims"), (d_loss, -1))
    gradient = column * op.outputs[1]
    if not _is_zeros(d_backprop):
        from .losses import softmax
        y = softmax(op.inputs[0])
        gradient = gradient + (d_backprop - reduce_sum(d_backprop * y, 1, True)) * y
    return gradient


@softmax_cross_entropy.gradient
def _(op: Any, d_loss: Any, d_backprop: Any) -> Any:
    logits, labels = op.inputs
    d_logits = d_labels = None
    if op.needs[0]:
        d_logits = _fit(_logits_gradient(op, d_loss, d_backprop), logits)
    if op.needs[1]:
        from .losses import log_softmax
        d_labels = _fit(apply(get_op("ExpandDims"), (d_loss, -1)) * -log_softmax(logits), labels)
    return d_logits, d_labels


def _fit(gradient: Any, x: Any) -> Any:
    """Sums the gradient over rows or columns that the input was broadcast over."""
    from .common import reduce_to
    return gradient if gradient.shape.rank is None or gradient.shape == x.shape else reduce_to(gradient, x, gradient)


def _sparse_loss_shape(op: Any) -> list[Any]:
    logits, labels = op.inputs[0].shape, op.inputs[1].shape
    for shape, rank in ((logits, 2), (labels, 1)):
        if shape.rank not in (None, rank):
            raise ValueError(f"Shape must be rank {rank} but is rank {shape.rank}")
    rows, classes = (None, None) if logits.rank is None else logits.as_list()
    count = None if labels.rank is None else labels.as_list()[0]
    if rows is not None and count is not None and rows != count:
        raise ValueError(f"Dimensions must be equal, but are {rows} and {count}")
    dtype = op.inputs[0].dtype
    rows = count if rows is None else rows
    return [(TensorShape([rows]), dtype), (TensorShape([rows, classes]), dtype)]


def _check_sparse(logits: Any, labels: Any) -> None:
    if logits.ndim != 2:
        raise errors.InvalidArgumentError(f"logits must be 2-D, but got shape {shape_text(logits.shape)}")
    if labels.ndim != 1:
        raise errors.InvalidArgumentError(f"labels must be 1-D, but got shape {shape_text(labels.shape)}")
    if len(logits) != len(labels):
        raise errors.InvalidArgumentError("logits and labels must have the same first dimension, got logits shape "
                                          f"{shape_text(logits.shape)} and labels shape {shape_text(labels.shape)}")
    if not logits.shape[1]:
        raise errors.InvalidArgumentError(
            f"Must have at least one class, but got logits shape {shape_text(logits.shape)}")


@op("SparseSoftmaxCrossEntropyWithLogits", "features: T, labels: Tlabels -> loss: T, backprop: T",
    attrs=f"{_T}; Tlabels: {{int32, int64}} = int64", infer=_sparse_loss_shape)
def sparse_softmax_cross_entropy(xp: Any, logits: Any, labels: Any) -> Any:
    _check_sparse(logits, labels)
    dtype = logits.dtype
    logits = _single(logits)
    if xp is not np:
        shifted = logits - xp.max(logits, 1, keepdims=True)
        e = xp.exp(shifted)
        total = xp.sum(e, 1, keepdims=True)
        one_hot = (labels[:, None] == xp.arange(logits.shape[1], dtype=labels.dtype)).astype(logits.dtype)
        require_within(xp, labels, logits.shape[1])
        # Labels out of range give NaN, as they do on TensorFlow's accelerators.
        bad = ((labels < 0) | (labels >= logits.shape[1]))[:, None]
        loss = xp.where(bad[:, 0], xp.nan, xp.sum(one_hot * (xp.log(total) - shifted), 1))
        return loss.astype(dtype), xp.where(bad, xp.nan, e / total - one_hot).astype(dtype)
    if not labels.size:
        return np.zeros(0, dtype), np.zeros(logits.shape, dtype)
    classes = logits.shape[1]
    # As unsigned numbers, negative labels are large ones.
    if int(labels.view(f"u{labels.itemsize}").max()) >= classes:
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        raise errors.InvalidArgumentError(
            f"Received a label value of {wrong} which is outside the valid range of [0, {classes}).  Label values: "
            f"{' '.join(map(str, labels.tolist()))}")
    places = np.arange(0, logits.size, classes)
    places += labels
    shifted, e, total = _exponentials(logits, True)
    loss = np.log(total).reshape(-1)
    loss -= shifted.reshape(-1)[places]
    e /= total
    e.reshape(-1)[places] -= 1
    return loss.astype(dtype, copy=False), e.astype(dtype, copy=False)


@sparse_softmax_cross_entropy.gradient
def _(op: Any, d_loss: Any, d_backprop: Any) -> Any:
    return _logits_gradient(op, d_loss, d_backprop), None


# Half the sum of squares.


@op("L2Loss", "t: T -> output: T", attrs=f"T: {{{FLOATS}}}".replace("bfloat16, half", "half, bfloat16"),
    infer=lambda op: TensorShape([]))
def l2_loss_(xp: Any, x: Any) -> Any:
    if xp is np and x.dtype.itemsize > 2:
        flat = x.reshape(-1)
        return np.dot(flat, flat) / 2
    wide = _single(x)
    return (xp.sum(wide * wide) / 2).astype(x.dtype)


@l2_loss_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return op.inputs[0] * dy
