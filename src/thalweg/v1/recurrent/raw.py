"""`raw_rnn`: walking along sequences with a cell, where a function of the user decides each step."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from ..building import builds
from ..scopes import variable_scope
from .cell import assert_like_rnncell
from .shapes import chosen, with_batch, zeros


@builds
def raw_rnn(cell: Any, loop_fn: Callable[..., Any], parallel_iterations: int | None = None, swap_memory: bool = False,
            scope: Any = None) -> Any:
    """Walks with a cell until every row of the batch is finished.

    Args:
      cell: a cell, see `RNNCell`.
      loop_fn: `loop_fn(time, cell_output, cell_state, loop_state)` is called between steps, and first with time 0 and
        three times None. It returns which rows are finished, the cell's next input, its next state, the output to
        emit (the first time: zeros of the outputs' shape without the batch, or None for the cell's output size), and
        its own next state, or None.
      parallel_iterations, swap_memory: accepted, without effect.
      scope: the variable scope, or its name; "rnn" unless told otherwise.

    Returns:
      The TensorArray (or nest of them) of what was emitted, the last cell state, and the last loop state.

    Raises:
      TypeError: no cell, or a function that cannot be called.
    """
    assert_like_rnncell("cell", cell)
    if not callable(loop_fn):
        raise TypeError(f"Argument `loop_fn` must be a callable. Received: {loop_fn}.")
    with variable_scope(scope or "rnn"):
        time = tf.constant(0)
        finished, first, state, emitted, own = loop_fn(time, None, None, None)
        flat = tf.nest.flatten(first)
        batch = flat[0].shape[0] if flat[0].shape[0] is not None else tf.shape(flat[0])[0]
        tf.nest.assert_same_structure(state, cell.state_size)
        state = tf.nest.map_structure(tf.convert_to_tensor, state)
        if emitted is not None:
            kinds = [(e.dtype, e.shape if e.shape.is_fully_defined() else tf.shape(e)) for e in tf.nest.flatten(emitted)]
        else:
            emitted = cell.output_size
            kinds = [(tf.nest.flatten(state)[0].dtype, size) for size in tf.nest.flatten(emitted)]
        arrays = [tf.TensorArray(kind, size=0, dynamic_size=True, element_shape=[
            d if isinstance(d, int) else None for d in with_batch(batch, size)]) for kind, size in kinds]
        blank = tf.nest.pack_sequence_as(emitted, [zeros(batch, size, kind) for kind, size in kinds])

        def body(time: Any, finished: Any, current: Any, arrays: Any, state: Any, own: Any) -> Any:
            output, after = cell(current, state)
            tf.nest.assert_same_structure(state, after)
            done, following, after, emit, next_own = loop_fn(time + 1, output, after, own)
            tf.nest.assert_same_structure(state, after)
            tf.nest.assert_same_structure(current, following)
            emit = tf.nest.map_structure(lambda old, new: chosen(finished, old, new), blank, emit)
            after = tf.nest.map_structure(lambda old, new: chosen(finished, old, new), state, after)
            arrays = tf.nest.map_structure(lambda ta, e: ta.write(time, e), arrays, emit)
            return (time + 1, tf.logical_or(finished, done), following, arrays, after, own if next_own is None else next_own)

        start = (time, finished, first, tf.nest.pack_sequence_as(emitted, arrays), state,
                 tf.constant(0) if own is None else own)
        *_, arrays, state, last = tf.while_loop(lambda time, finished, *_: tf.logical_not(tf.reduce_all(finished)), body,
                                                start)
        return arrays, state, None if own is None else last
