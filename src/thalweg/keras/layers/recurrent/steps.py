"""Walking along sequences step by step, with any function of a step."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import thalweg as tf

from ...types import Tensor

Step = Callable[[Tensor, Any], tuple[Tensor, Any]]
"""A function from the inputs of a step and the states before it to its output and the states after it."""

_FEW = 16
"""So many steps are written out in a traced function: a loop would cost more."""


class Walk(NamedTuple):
    """What a walk along sequences gives."""

    last: Tensor
    """The output of the last step."""
    outputs: Tensor | None
    """The outputs of all steps, if asked for."""
    states: Any


def walk(step: Step, x: Tensor, states: Any, mask: Tensor | None, backwards: bool, unroll: bool,
         zero_output: bool, sequences: bool) -> Walk:
    """Goes along the second axis of `x`.

    Args:
      step: what happens at a step.
      x: shape `(batch, steps, ...)`.
      states: the states at the start.
      mask: shape `(batch, steps)`, false where a step is to be skipped: the states stay, and so does the output.
      backwards: whether to begin at the end; the outputs are in the order of the walk.
      unroll: whether a traced function gets the operations of all steps, instead of a loop.
      zero_output: whether the output of a skipped step is zero.
      sequences: whether the outputs of all steps are wanted.
    """
    if mask is not None:
        mask = tf.cast(mask, tf.bool)
    if backwards:
        x = tf.reverse(x, [1])
        mask = None if mask is None else tf.reverse(mask, [1])
    steps = x.shape[1]
    if steps is not None and (unroll or steps <= _FEW or tf.executing_eagerly()):
        return _one_by_one(step, x, states, mask, zero_output, sequences)
    return _in_loop(step, x, states, mask, zero_output, sequences)


def chosen(on: Tensor, new: Tensor, old: Tensor) -> Tensor:
    """The new values where the mask of a step is true, else the old ones."""
    while len(on.shape) < len(new.shape):
        on = on[..., None]
    return tf.where(on, new, old)


def _one_by_one(step: Step, x: Tensor, states: Any, mask: Tensor | None, zero_output: bool, sequences: bool) -> Walk:
    outputs: list[Tensor] = []
    last = None
    for t, row in enumerate(tf.unstack(x, axis=1)):
        output, after = step(row, states)
        if mask is None:
            last, states = output, tf.nest.pack_sequence_as(states, tf.nest.flatten(after))
        else:
            on = mask[:, t]
            last = chosen(on, output, tf.zeros_like(output) if zero_output or last is None else last)
            after = [chosen(on, new, old) for new, old in
                     zip(tf.nest.flatten(after), tf.nest.flatten(states), strict=True)]
            states = tf.nest.pack_sequence_as(states, after)
        if sequences:
            outputs.append(last)
    return Walk(last, tf.stack(outputs, axis=1) if sequences else None, states)


def _time_first(x: Tensor) -> Tensor:
    return tf.transpose(x, [1, 0, *range(2, len(x.shape))])


def _in_loop(step: Step, x: Tensor, states: Any, mask: Tensor | None, zero_output: bool, sequences: bool) -> Walk:
    rows = _time_first(x)
    steps = rows.shape[0] if rows.shape[0] is not None else tf.shape(rows)[0]
    on_rows = None if mask is None else tf.transpose(mask)
    flat = tf.nest.flatten(states)
    like, _ = step(rows[0], states)
    zeros = tf.zeros_like(like)
    outputs = tf.TensorArray(like.dtype, size=steps if sequences else 0, element_shape=like.shape)

    def body(t: Tensor, outputs: Any, last: Tensor, *flat: Tensor) -> Any:
        output, after = step(tf.gather(rows, t), tf.nest.pack_sequence_as(states, list(flat)))
        new = tf.nest.flatten(after)
        if on_rows is not None:
            on = tf.gather(on_rows, t)
            output = chosen(on, output, zeros if zero_output else last)
            new = [chosen(on, a, b) for a, b in zip(new, flat, strict=True)]
        return (t + 1, outputs.write(t, output) if sequences else outputs, output, *new)

    _, outputs, last, *flat = tf.while_loop(lambda t, *_: t < steps, body, (tf.constant(0), outputs, zeros, *flat),
                                            maximum_iterations=steps)
    found = _time_first(outputs.stack()) if sequences else None
    return Walk(last, found, tf.nest.pack_sequence_as(states, flat))
