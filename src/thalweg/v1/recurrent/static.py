"""Walking along sequences with a cell, every step written out: `static_rnn` and its kin."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ..building import builds
from ..scopes import variable_scope
from .cell import assert_like_rnncell
from .shapes import chosen, initial_state, state_dtype, zeros

_start = initial_state


def _check_inputs(inputs: Any) -> Any:
    if not tf.nest.is_nested(inputs):
        raise TypeError(f"Argument `inputs` must be a sequence. Received: {inputs}")
    if not inputs:
        raise ValueError("Argument `inputs` must not be empty.")
    first = tf.nest.flatten(inputs)[0]
    batch = None
    for x in tf.nest.flatten(inputs):
        if x.shape.rank == 1:
            continue
        shape = x.shape.with_rank_at_least(2)
        if batch is not None and shape[0] is not None and shape[0] != batch:
            raise ValueError(f"Dimensions {batch} and {shape[0]} are not compatible")
        batch = shape[0] if batch is None else batch
        for i, d in enumerate(shape[1:].as_list()):
            if d is None:
                raise ValueError(f"Input size (dimension {i} of input {x}) must be accessible via shape inference, but saw "
                                 "value None.")
    if first.shape.rank == 1:
        batch = first.shape[0]
    return batch or tf.shape(first)[0]


@builds
def static_rnn(cell: Any, inputs: Any, initial_state: Any = None, dtype: Any = None, sequence_length: Any = None,
               scope: Any = None) -> Any:
    """Walks along sequences with a cell, with the operations of each step in the graph.

    Args:
      cell: a cell, see `RNNCell`.
      inputs: a list with the input of each step, `[batch, depth]` or a nest of such tensors.
      initial_state: in the structure of the cell's `state_size`; zeros unless told otherwise.
      dtype: of the zeros.
      sequence_length: `[batch]`; behind the end of its sequence a row's outputs are zero and its state stays.
      scope: the variable scope, or its name; "rnn" unless told otherwise.

    Returns:
      The list of outputs, and the last state.

    Raises:
      TypeError: no cell, or inputs that are no list.
      ValueError: no inputs, inputs of an unknown depth, or neither a state nor a dtype.
    """
    assert_like_rnncell("cell", cell)
    if tf.nest.is_nested(inputs):
        inputs = [tf.nest.map_structure(tf.convert_to_tensor, x) for x in inputs]
    outputs = []
    with variable_scope(scope or "rnn") as opened:
        batch = _check_inputs(inputs)
        state = _start(cell, initial_state, batch, dtype)
        lengths = blank = None
        if sequence_length is not None:
            lengths = tf.cast(tf.convert_to_tensor(sequence_length, name="sequence_length"), tf.int32)
            if lengths.shape.rank not in (None, 1):
                raise ValueError(f"Argument `sequence_length` must be a vector of length {batch}. Received sequence_length="
                                 f"{sequence_length}.")
            kind = state_dtype(dtype, state)
            blank = tf.nest.map_structure(lambda size: zeros(batch, size, kind), cell.output_size)
        for time, x in enumerate(inputs):
            if time:
                opened.reuse_variables()
            output, after = cell(x, state)
            if lengths is not None:
                finished = time >= lengths
                output = tf.nest.map_structure(lambda old, new, f=finished: chosen(f, old, new), blank, output)
                after = tf.nest.map_structure(lambda old, new, f=finished: chosen(f, old, new), state, after)
            state = after
            outputs.append(output)
        return outputs, state


@builds
def static_state_saving_rnn(cell: Any, inputs: Any, state_saver: Any, state_name: Any, sequence_length: Any = None,
                            scope: Any = None) -> Any:
    """`static_rnn` that starts with a saved state and saves the last one.

    Args:
      cell, inputs, sequence_length, scope: as `static_rnn`.
      state_saver: has methods `state(name)` and `save_state(name, value)`.
      state_name: the name of the state, or a tuple of names where the cell's state is a tuple.

    Raises:
      ValueError: names that do not fit the cell's state.
    """
    size = cell.state_size
    nested = tf.nest.is_nested(size)
    if nested != tf.nest.is_nested(state_name):
        raise ValueError("Argument `state_name` should be the same type as `cell.state_size`. Received: state_name="
                         f"{state_name!s}, cell.state_size={size!s}.")
    names = tf.nest.flatten(state_name)
    if len(names) != len(tf.nest.flatten(size)):
        raise ValueError("Number of elements in argument `state_name` and `cell.state_size` are mismatched. Received "
                         f"state_name={state_name} with {len(names)} elements and cell.state_size={size} with "
                         f"{len(tf.nest.flatten(size))} elements.")
    start = tf.nest.pack_sequence_as(size, [state_saver.state(name) for name in names])
    outputs, state = static_rnn(cell, inputs, start, sequence_length=sequence_length, scope=scope)
    saved = [state_saver.save_state(name, part) for name, part in zip(names, tf.nest.flatten(state), strict=True)]
    with tf.control_dependencies([node for node in saved if node is not None]):
        outputs[-1] = tf.nest.map_structure(tf.identity, outputs[-1])
        return outputs, tf.nest.map_structure(tf.identity, state)


def _backwards(steps: Any, lengths: Any) -> list[Any]:
    if lengths is None:
        return list(reversed(steps))
    flat = [tf.nest.flatten(x) for x in steps]
    parts = [tf.unstack(tf.reverse_sequence(tf.stack(column), lengths, seq_axis=0, batch_axis=1), num=len(column))
             for column in zip(*flat, strict=True)]
    return [tf.nest.pack_sequence_as(x, list(row)) for x, row in zip(steps, zip(*parts, strict=True), strict=True)]


@builds
def static_bidirectional_rnn(cell_fw: Any, cell_bw: Any, inputs: Any, initial_state_fw: Any = None,
                             initial_state_bw: Any = None, dtype: Any = None, sequence_length: Any = None,
                             scope: Any = None) -> Any:
    """Walks along sequences forwards with one cell and backwards with another, with every step written out.

    Args:
      cell_fw, cell_bw: the cells, with variables in scopes `fw` and `bw`.
      initial_state_fw, initial_state_bw: the states they start with.
      scope: "bidirectional_rnn" unless told otherwise.
      others: as `static_rnn`.

    Returns:
      The list of outputs, those of both cells side by side; the last state of the first cell; that of the second.

    Raises:
      TypeError, ValueError: as `static_rnn`.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    if not tf.nest.is_nested(inputs):
        raise TypeError(f"Argument `inputs` must be a sequence. Received: {inputs}")
    if not inputs:
        raise ValueError("Argument `inputs` must not be empty.")
    inputs = [tf.nest.map_structure(tf.convert_to_tensor, x) for x in inputs]
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as scope_fw:
            output_fw, state_fw = static_rnn(cell_fw, inputs, initial_state_fw, dtype, sequence_length, scope_fw)
        with variable_scope("bw") as scope_bw:
            output_bw, state_bw = static_rnn(cell_bw, _backwards(inputs, sequence_length), initial_state_bw, dtype,
                                             sequence_length, scope_bw)
        pairs = zip(output_fw, _backwards(output_bw, sequence_length), strict=True)
        outputs = [tf.nest.map_structure(lambda a, b: tf.concat([a, b], 1), fw, bw) for fw, bw in pairs]
    return outputs, state_fw, state_bw
