"""Cross-entropies as TensorFlow's fused ops compute them: of logits where there are any, else of probabilities."""
from __future__ import annotations

import warnings

import thalweg as tf

from .. import tags
from ..config import as_tensor, epsilon
from ..types import Tensor


def _logits(output: Tensor, from_logits: bool, kind: str, function: str) -> tuple[Tensor, bool]:
    """What to compute on, and whether it is logits: those that an activation made `output` from, or `output`."""
    logits = tags.get_logits(output)
    if logits is None and not tf.executing_eagerly():
        op = getattr(output, "op", None)
        if op is not None and op.type == kind:
            logits = op.inputs[0]
    if logits is None:
        return output, from_logits
    if from_logits:
        warnings.warn(
            f'"`{function}` received `from_logits=True`, but the `output` argument was produced by a {kind} activation '
            "and thus does not represent logits. Was this intended?", stacklevel=5)
    return as_tensor(logits, output.dtype), True


def _check_same_shape(target: Tensor, output: Tensor) -> None:
    shape, wanted = target.shape, output.shape
    if shape == wanted and shape.is_fully_defined():
        return
    received = f"Received: target.shape={shape}, output.shape={wanted}"
    if len(shape) != len(wanted):
        raise ValueError(f"Arguments `target` and `output` must have the same rank (ndim). {received}")
    if any(a is not None and b is not None and a != b for a, b in zip(shape, wanted, strict=True)):
        raise ValueError(f"Arguments `target` and `output` must have the same shape. {received}")


def _clipped(probabilities: Tensor) -> Tensor:
    return tf.clip_by_value(probabilities, epsilon(), 1.0 - epsilon())


def binary(target: Tensor, output: Tensor, from_logits: bool) -> Tensor:
    """The cross-entropy of every element with its label; both of one shape.

    Raises:
      ValueError: the shapes differ.
    """
    _check_same_shape(target, output)
    output, from_logits = _logits(output, from_logits, "Sigmoid", "binary_crossentropy")
    if from_logits:
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=output)
    output = _clipped(output)
    return -(target * tf.math.log(output) + (1 - target) * tf.math.log(1 - output))


def categorical(target: Tensor, output: Tensor, from_logits: bool, axis: int) -> Tensor:
    """The cross-entropy of distributions along `axis`; both of one shape, the result without the axis.

    Raises:
      ValueError: the shapes differ, or are scalar.
    """
    if len(target.shape) < 1:
        raise ValueError("Arguments `target` and `output` must be at least rank 1. "
                         f"Received: target.shape={target.shape}, output.shape={output.shape}")
    _check_same_shape(target, output)
    output, from_logits = _logits(output, from_logits, "Softmax", "categorical_crossentropy")
    if from_logits:
        return tf.nn.softmax_cross_entropy_with_logits(labels=target, logits=output, axis=axis)
    output = _clipped(output / tf.reduce_sum(output, axis, keepdims=True))
    return -tf.reduce_sum(target * tf.math.log(output), axis)


def sparse_categorical(target: Tensor, output: Tensor, from_logits: bool, axis: int) -> Tensor:
    """The cross-entropy of distributions along the last axis with class numbers; the result has the labels' shape.

    Raises:
      ValueError: `axis` is not the last one, or the shapes do not fit.
    """
    rank = len(output.shape)
    if axis not in (-1, rank - 1):
        raise ValueError(f"Only axis=-1 is currently supported. Received: axis={axis}")
    output, from_logits = _logits(output, from_logits, "Softmax", "sparse_categorical_crossentropy")
    if target.dtype not in (tf.int64, tf.int32):
        target = tf.cast(target, tf.int64)
    if len(target.shape) == rank and target.shape[-1] == 1:
        target = tf.squeeze(target, axis=-1)
    if rank < 1:
        raise ValueError(f"Argument `output` must be at least rank 1. Received: output.shape={output.shape}")
    shape, wanted = target.shape, output.shape[:-1]
    if len(shape) != len(wanted):
        raise ValueError("Argument `output` must have rank (ndim) `target.ndim - 1`. "
                         f"Received: target.shape={shape}, output.shape={output.shape}")
    if any(a is not None and b is not None and a != b for a, b in zip(shape, wanted, strict=True)):
        raise ValueError("Arguments `target` and `output` must have the same shape up until the last dimension: "
                         f"target.shape={shape}, output.shape={output.shape}")
    if not from_logits:
        output = tf.math.log(_clipped(output))
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=target, logits=output)
