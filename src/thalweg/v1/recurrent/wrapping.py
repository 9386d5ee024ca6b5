"""What goes around a cell: dropout, a shortcut from input to output, a device. Shared by both generations of wrappers."""
from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import thalweg as tf

from ...ops.common import constant_value
from .cells import LSTMStateTuple


def default_state_filter(substate: Any) -> Any:
    """Which parts of a state dropout touches: not the memory of an LSTM, and no arrays of tensors."""
    if isinstance(substate, LSTMStateTuple):
        return LSTMStateTuple(c=False, h=True)
    return not isinstance(substate, tf.TensorArray)


def keep_probability(name: str, value: Any) -> Any:
    """A share of values that dropout keeps: a number, or a tensor.

    Raises:
      ValueError: a number outside [0, 1].
    """
    known = value if not hasattr(value, "dtype") else constant_value(value)
    if known is None:
        return value
    if known < 0 or known > 1:
        raise ValueError(f"Parameter {name} must be between 0 and 1: {int(known)}")
    return float(known)


def _drops(keep: Any) -> bool:
    return not isinstance(keep, float) or keep < 1


def filter_structure(rule: Callable[[Any], Any], structure: Any) -> Any:
    """The answers of a rule about a structure, from the outside in: a bool stands for all below it."""
    answer = rule(structure)
    if isinstance(answer, bool):
        if not answer or not tf.nest.is_nested(structure):
            return answer
        parts = [filter_structure(rule, part) for part in structure]
        return type(structure)(*parts) if hasattr(structure, "_fields") else type(structure)(parts)
    return answer


class Dropout:
    """Dropout around a cell's input, output and states (Zaremba et al. 2014, Gal and Ghahramani 2016).

    Args:
      cell: the cell.
      input_keep_prob, output_keep_prob, state_keep_prob: the share that is kept, a number or a tensor.
      variational: whether all steps share their draws.
      input_size: the sizes of the inputs, needed for shared draws of inputs.
      dtype: of the shared draws.
      seed: of all draws.
      state_filter: which states dropout touches, see `default_state_filter`.

    Raises:
      TypeError: a filter that cannot be called.
      ValueError: shared draws without a dtype or input size, or a share outside [0, 1].
    """

    def __init__(self, cell: Any, input_keep_prob: Any, output_keep_prob: Any, state_keep_prob: Any, variational: bool,
                 input_size: Any, dtype: Any, seed: int | None, state_filter: Any) -> None:
        if state_filter is not None and not callable(state_filter):
            raise TypeError("dropout_state_filter_visitor must be callable")
        self.filter = state_filter or default_state_filter
        self.inputs = keep_probability("input_keep_prob", input_keep_prob)
        self.states = keep_probability("state_keep_prob", state_keep_prob)
        self.outputs = keep_probability("output_keep_prob", output_keep_prob)
        self.seed = seed
        self.noise: dict[str, Any] = {}
        self.variational = variational
        if not variational:
            return
        if dtype is None:
            raise ValueError("When variational_recurrent=True, dtype must be provided")
        if _drops(self.inputs) and input_size is None:
            raise ValueError("When variational_recurrent=True and input_keep_prob < 1.0 or is unknown, input_size must be "
                             "provided")
        for part, sizes in (("input", input_size if _drops(self.inputs) else None), ("state", cell.state_size),
                            ("output", cell.output_size)):
            if sizes is not None:
                flat = [tf.random.uniform([1, *tf.TensorShape(s).as_list()], seed=self._seed(part, i), dtype=dtype)
                        for i, s in enumerate(tf.nest.flatten(sizes))]
                self.noise[part] = tf.nest.pack_sequence_as(sizes, flat)

    def _seed(self, part: str, index: int) -> int | None:
        """A seed of its own for each tensor."""
        if self.seed is None:
            return None
        digest = hashlib.md5(f"{self.seed}{part}_{index}".encode(), usedforsecurity=False).hexdigest()
        return int(digest[:8], 16) & 0x7FFFFFFF

    def _dropped(self, values: Any, part: str, keep: Any, touched: Any) -> Any:
        marks = tf.nest.flatten(tf.nest.map_structure(lambda _: True, values) if touched is None else touched)
        flat = tf.nest.flatten(values) if touched is None else _below(touched, values)
        noise = _below(values if touched is None else touched, self.noise[part]) if self.variational else [None] * len(flat)
        out = []
        for i, (mark, value, drawn) in enumerate(zip(marks, flat, noise, strict=True)):
            if isinstance(mark, bool) and not mark:
                out.append(value)
            elif drawn is None:
                out.append(tf.nn.dropout(value, rate=1.0 - keep, seed=self._seed(part, i)))
            else:
                out.append(tf.divide(value, keep) * tf.floor(keep + drawn))
        return tf.nest.pack_sequence_as(values if touched is None else touched, out)

    def step(self, call: Callable[..., Any], inputs: Any, state: Any, **kwargs: Any) -> Any:
        """One step of the cell with dropout around it."""
        if _drops(self.inputs):
            inputs = self._dropped(inputs, "input", self.inputs, None)
        output, after = call(inputs, state, **kwargs)
        if _drops(self.states):
            after = self._dropped(after, "state", self.states, filter_structure(self.filter, after))
        if _drops(self.outputs):
            output = self._dropped(output, "output", self.outputs, None)
        return output, after


def _below(shallow: Any, deep: Any) -> list[Any]:
    """What lies in `deep` where `shallow` has its leaves."""
    if not tf.nest.is_nested(shallow):
        return [deep]
    return [found for s, d in zip(shallow, deep, strict=True) for found in _below(s, d)]


def residual(inputs: Any, outputs: Any) -> Any:
    """Inputs plus outputs.

    Raises:
      ValueError: structures or shapes that do not fit.
    """
    tf.nest.assert_same_structure(inputs, outputs)

    def added(x: Any, y: Any) -> Any:
        x.shape.assert_is_compatible_with(y.shape)
        return x + y
    return tf.nest.map_structure(added, inputs, outputs)
