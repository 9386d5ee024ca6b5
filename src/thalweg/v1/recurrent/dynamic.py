"""Walking along sequences with a cell in a loop: `dynamic_rnn` and its two-way form."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..building import builds
from ..scopes import variable_scope
from .cell import assert_like_rnncell
from .shapes import chosen, initial_state, lengths_of, state_dtype, with_batch, zeros


def _swapped(x: Any) -> Any:
    """A tensor with its first two axes swapped."""
    rank = x.shape.rank
    if rank is not None and rank < 2:
        return x
    return tf.transpose(x, [1, 0, *range(2, rank)] if rank is not None else tf.concat([[1, 0], tf.range(2, tf.rank(x))], 0))


def _batch_size(rows: list[Any]) -> Any:
    for x in rows:
        if x.shape.rank is None:
            continue
        if x.shape.rank < 2:
            raise ValueError(f"Input tensor should have rank >= 2. Received input={x} of rank {x.shape.rank}")
        if x.shape[1] is not None:
            return x.shape[1]
    return tf.shape(rows[0])[1]


@builds
def dynamic_rnn(cell: Any, inputs: Any, sequence_length: Any = None, initial_state: Any = None, dtype: Any = None,
                parallel_iterations: int | None = None, swap_memory: bool = False, time_major: bool = False,
                scope: Any = None) -> Any:
    """Walks along sequences with a cell, in one loop of the graph.

    Args:
      cell: a cell, see `RNNCell`.
      inputs: `[batch, steps, ...]`, or a nest of such tensors; `[steps, batch, ...]` if `time_major`.
      sequence_length: `[batch]`; behind the end of its sequence a row's outputs are zero and its state stays.
      initial_state: in the structure of the cell's `state_size`; zeros unless told otherwise.
      dtype: of the zeros, and of the outputs.
      parallel_iterations, swap_memory: accepted, without effect.
      time_major: whether steps come before the batch.
      scope: the variable scope, or its name; "rnn" unless told otherwise.

    Returns:
      The outputs of all steps, and the state after the last one.

    Raises:
      TypeError: no cell.
      ValueError: inputs of an unknown depth or of too few axes, or neither a state nor a dtype.
    """
    assert_like_rnncell("cell", cell)
    with variable_scope(scope or "rnn"):
        flat = [tf.convert_to_tensor(x) for x in tf.nest.flatten(inputs)]
        rows = flat if time_major else [_swapped(x) for x in flat]
        batch = _batch_size(rows)
        lengths = None if sequence_length is None else lengths_of(sequence_length, batch)
        state = _start(cell, initial_state, batch, dtype)
        outputs, state = _loop(cell, tf.nest.pack_sequence_as(inputs, rows), rows, state, batch, lengths, dtype)
        return outputs if time_major else tf.nest.map_structure(_swapped, outputs), state


_start = initial_state


def _check(rows: list[Any]) -> None:
    first = rows[0].shape.with_rank_at_least(3)
    for x in rows:
        shape = x.shape.with_rank_at_least(3)
        if not shape[2:].is_fully_defined():
            raise ValueError("Input size (depth of inputs) must be accessible via shape inference, but saw value None for "
                             f"input={x}.")
        if shape[0] != first[0]:
            raise ValueError("Time steps is not the same for all the elements in the input in a batch. Received time steps="
                             f"{shape[0]} for input={x}.")
        if shape[1] != first[1]:
            raise ValueError(f"Batch_size is not the same for all the elements in the input. Received batch size={shape[1]} "
                             f"for input={x}.")


def _loop(cell: Any, structure: Any, rows: list[Any], state: Any, batch: Any, lengths: Any, dtype: Any) -> Any:
    _check(rows)
    steps = rows[0].shape[0] if rows[0].shape[0] is not None else tf.shape(rows[0])[0]
    sizes = tf.nest.flatten(cell.output_size)
    kind = state_dtype(dtype, state)
    blank = [zeros(batch, size, kind) for size in sizes] if lengths is not None else []
    outputs = tuple(tf.TensorArray(kind, size=steps, element_shape=_known(batch, size)) for size in sizes)
    state = tf.nest.map_structure(tf.convert_to_tensor, state)

    def body(time: Any, outputs: Any, state: Any) -> Any:
        here = [tf.gather(x, time) for x in rows]
        output, after = cell(tf.nest.pack_sequence_as(structure, here), state)
        tf.nest.assert_same_structure(state, after)
        new = tf.nest.flatten(output)
        if lengths is not None:
            finished = time >= lengths
            new = [chosen(finished, zero, value) for zero, value in zip(blank, new, strict=True)]
            after = tf.nest.map_structure(lambda old, value: chosen(finished, old, value), state, after)
        # A cell may know less about the shape of a state than the loop does.
        after = tf.nest.map_structure(_as_known, state, after)
        return time + 1, tuple(ta.write(time, value) for ta, value in zip(outputs, new, strict=True)), after

    _, outputs, state = tf.while_loop(lambda time, *_: time < steps, body, (tf.constant(0, name="time"), outputs, state),
                                      maximum_iterations=steps)
    found = []
    for ta, size in zip(outputs, sizes, strict=True):
        stacked = ta.stack()
        if not tf.executing_eagerly():
            stacked.set_shape([rows[0].shape[0], *_known(batch, size)])
        found.append(stacked)
    return tf.nest.pack_sequence_as(cell.output_size, found), state


def _known(batch: Any, size: Any) -> list[int | None]:
    return [d if isinstance(d, int) else None for d in with_batch(batch, size)]


def _as_known(old: Any, new: Any) -> Any:
    if not tf.executing_eagerly() and hasattr(new, "set_shape") and not isinstance(new, tf.TensorArray):
        new.set_shape(old.shape)
    return new


@builds
def bidirectional_dynamic_rnn(cell_fw: Any, cell_bw: Any, inputs: Any, sequence_length: Any = None,
                              initial_state_fw: Any = None, initial_state_bw: Any = None, dtype: Any = None,
                              parallel_iterations: int | None = None, swap_memory: bool = False, time_major: bool = False,
                              scope: Any = None) -> Any:
    """Walks along sequences forwards with one cell and backwards with another.

    Args:
      cell_fw, cell_bw: the cells, with variables in scopes `fw` and `bw`.
      initial_state_fw, initial_state_bw: the states they start with.
      scope: "bidirectional_rnn" unless told otherwise.
      others: as `dynamic_rnn`.

    Returns:
      The outputs of both, those of the second in the order of the inputs; and the last states of both.

    Raises:
      TypeError, ValueError: as `dynamic_rnn`.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)

    def backwards(x: Any) -> Any:
        time, batch = (0, 1) if time_major else (1, 0)
        if sequence_length is None:
            return tf.reverse(x, [time])
        return tf.reverse_sequence(x, sequence_length, seq_axis=time, batch_axis=batch)
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as scope_fw:
            output_fw, state_fw = dynamic_rnn(cell_fw, inputs, sequence_length, initial_state_fw, dtype,
                                              parallel_iterations, swap_memory, time_major, scope_fw)
        with variable_scope("bw") as scope_bw:
            output_bw, state_bw = dynamic_rnn(cell_bw, tf.nest.map_structure(backwards, inputs), sequence_length,
                                              initial_state_bw, dtype, parallel_iterations, swap_memory, time_major, scope_bw)
    return (output_fw, tf.nest.map_structure(backwards, output_bw)), (state_fw, state_bw)
