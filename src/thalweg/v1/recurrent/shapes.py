"""Shapes of states and outputs: a batch before the size that a cell states."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...ops.common import constant_value


def with_batch(batch_size: Any, size: Any) -> list[Any]:
    """The lengths of `[batch_size, *size]`: ints, and scalar tensors where only a run knows them."""
    if hasattr(size, "dtype"):
        known = constant_value(size)
        rest = known.reshape(-1).tolist() if known is not None else [size[i] for i in range(size.shape[0])] \
            if size.shape.rank else [size]
    else:
        rest = tf.TensorShape(size).as_list()
    known = constant_value(batch_size) if hasattr(batch_size, "dtype") else batch_size
    return [int(known) if known is not None else batch_size, *rest]


def zeros(batch_size: Any, size: Any, dtype: Any) -> Any:
    """Zeros of shape `[batch_size, *size]`."""
    lengths = with_batch(batch_size, size)
    made = tf.zeros(tf.stack(lengths) if any(hasattr(d, "dtype") for d in lengths) else lengths, dtype)
    if not tf.executing_eagerly():
        made.set_shape([d if isinstance(d, int) else None for d in lengths])
    return made


def zero_state(state_size: Any, batch_size: Any, dtype: Any) -> Any:
    """Zeros for every size in the structure `state_size`."""
    return tf.nest.map_structure(lambda size: zeros(batch_size, size, dtype), state_size)


def state_dtype(dtype: Any, state: Any) -> Any:
    """The dtype of the outputs: the one given, or that of the state.

    Raises:
      ValueError: no dtype is given, and the states have none or several.
    """
    if dtype is not None:
        return tf.as_dtype(dtype)
    kinds = [s.dtype for s in tf.nest.flatten(state)]
    if not kinds:
        raise ValueError(f"Unable to infer dtype from argument state={state}.")
    if any(k != kinds[0] for k in kinds):
        raise ValueError(f"Argument state={state} has tensors of different inferred dtypes. Unable to infer a single "
                         f"representative dtype. Dtypes received: {kinds}")
    return kinds[0]


def chosen(finished: Any, old: Any, new: Any) -> Any:
    """`old` in the rows that are finished, else `new`; what has no rows is always new."""
    if isinstance(new, tf.TensorArray) or new.shape.rank == 0:
        return new
    if new.shape.rank is not None:
        finished = tf.reshape(finished, [-1] + [1] * (new.shape.rank - 1))
    return tf.where(finished, old, new)


def initial_state(cell: Any, given: Any, batch_size: Any, dtype: Any) -> Any:
    """The state that a walk starts with: the one given, or zeros.

    Raises:
      ValueError: neither a state nor a dtype is given.
    """
    if given is not None:
        return given
    if not dtype:
        raise ValueError("If no initial_state is provided, argument `dtype` must be specified")
    if getattr(cell, "get_initial_state", None) is not None:
        return cell.get_initial_state(inputs=None, batch_size=batch_size, dtype=dtype)
    return cell.zero_state(batch_size, dtype)


def lengths_of(sequence_length: Any, batch_size: Any) -> Any:
    """The lengths of the sequences as an int32 vector, whose own length a run checks where it is not known.

    Raises:
      ValueError: it is no vector.
    """
    lengths = tf.cast(sequence_length, tf.int32)
    if lengths.shape.rank not in (None, 1):
        raise ValueError("Argument sequence_length must be a vector of length batch_size. Received sequence_length="
                         f"{sequence_length} of shape: {lengths.shape}")
    lengths = tf.identity(lengths, name="sequence_length")
    known = lengths.shape[0] if lengths.shape.rank else None
    if known is not None and known == batch_size:
        return lengths
    real, wanted = tf.shape(lengths), tf.stack([batch_size])
    data = ["Expected shape for Tensor sequence_length:0 is ", wanted, " but saw shape: ", real]
    check = tf.Assert(tf.reduce_all(tf.equal(real, wanted)), data)
    with tf.control_dependencies([] if check is None else [check]):
        return tf.identity(lengths, name="CheckSeqLen")
