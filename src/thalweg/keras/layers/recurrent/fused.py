"""When a layer goes over whole sequences with one op, and what is done around that op."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from ... import activations
from ...types import Tensor
from .steps import Walk


def checked_choice(use_cudnn: Any) -> Any:
    """The value of the argument `use_cudnn`.

    Raises:
      ValueError: it is none of True, False and "auto".
    """
    if use_cudnn not in ("auto", True, False):
        raise ValueError("Invalid valid received for argument `use_cudnn`. Expected one of {'auto', True, False}. "
                         f"Received: use_cudnn={use_cudnn}")
    return use_cudnn


def whole_sequence_usable(layer: Any, sequences: Tensor, training: Any) -> bool:
    """Whether the op computes what the cell would.

    Raises:
      ValueError: the layer insists on the op, and it does not.
    """
    cell = layer.cell
    usable = (
        cell.activation in (activations.tanh, tf.tanh)
        and cell.recurrent_activation in (activations.sigmoid, tf.sigmoid)
        and layer.use_cudnn is not False
        and not cell.recurrent_dropout
        and not (training is not False and training is not None and cell.dropout and cell.dropout_mask_count)
        and sequences.dtype == cell.compute_dtype
        and sequences.shape[1] != 0
    )
    if layer.use_cudnn is True and not usable:
        raise ValueError("use_cudnn=True was specified, but cuDNN is not supported for this layer configuration with "
                         "this backend. Pass use_cudnn='auto' to fallback to a non-cuDNN implementation.")
    return usable


def in_place_of(layer: Any, run: Callable[..., Any], x: Tensor, mask: Any, training: Any, own_start: bool) -> Walk:
    """Goes over sequences with one op.

    Args:
      layer: the layer.
      run: the op, as a function of sequences, a list of at most one mask, and `sequences`, whether the outputs of all
        steps are wanted; it returns those and the last states, of which the first is the output.
      x: the sequences.
      mask: which steps count, or None.
      training: the training flag.
      own_start: whether the first states are zeros.
    """
    if training and 0.0 < layer.dropout < 1.0:
        x = x * tf.expand_dims(layer.cell.get_dropout_mask(x[:, 0]), 1)
    masks = []
    if mask is not None:
        mask = tf.cast(mask, tf.bool)
        masks = [mask if len(mask.shape) == 2 else tf.squeeze(mask, [2])]
    if layer.go_backwards:
        x = tf.reverse(x, [1])
        masks = [tf.reverse(m, [1]) for m in masks]
    outputs, *states = run(x, masks, sequences=layer.return_sequences)
    last = states[0]
    if masks and (layer.zero_output_for_mask or not own_start):
        # At a step that is skipped the op shows the state; the layer shows zeros, or the output before, if any.
        on = masks[0]
        if not layer.zero_output_for_mask:
            on = tf.cumsum(tf.cast(on, tf.int32), 1) > 0
        last = tf.where(on[:, -1:], last, tf.zeros_like(last))
        if layer.return_sequences:
            outputs = tf.where(on[..., None], outputs, tf.zeros_like(outputs))
    return Walk(last, outputs if layer.return_sequences else None, states)
