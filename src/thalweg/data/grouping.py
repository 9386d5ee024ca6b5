"""What is made of all elements with one key."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import thalweg as tf

from .dataset import UNKNOWN, Dataset
from .functions import Traced, state_step
from .run import Run
from .structure import Leaves, normalized


class Reducer:
    """Three functions: the first state for a key, the next for a state and an element, the result for the last.

    Args:
      init_func: `init_func(key) -> state`.
      reduce_func: `reduce_func(state, element) -> state`.
      finalize_func: `finalize_func(state) -> result`.
    """

    def __init__(self, init_func: Callable[..., Any], reduce_func: Callable[..., Any],
                 finalize_func: Callable[..., Any]) -> None:
        self._init_func, self._reduce_func, self._finalize_func = init_func, reduce_func, finalize_func

    @property
    def init_func(self) -> Callable[..., Any]:
        """The first state for a key."""
        return self._init_func

    @property
    def reduce_func(self) -> Callable[..., Any]:
        """The next state."""
        return self._reduce_func

    @property
    def finalize_func(self) -> Callable[..., Any]:
        """The result."""
        return self._finalize_func


class _GroupByReducerDataset(Dataset):
    """What a reducer makes of the elements of each key, in the order of the keys."""

    def __init__(self, inputs: Dataset, key_func: Callable[..., Any], reducer: Reducer) -> None:
        scalar = tf.TensorSpec([], tf.int64)
        self._key = Traced(key_func, inputs.element_spec)
        if self._key.spec != scalar:
            raise ValueError("Invalid `key_func`. Expected `key_func` to return a scalar tensor of type `tf.int64` but its "
                             f"return type is {self._key.spec}.")
        self._init = Traced(reducer.init_func, scalar)
        model = normalized(self._init.structure)
        self._step, state = state_step(reducer.reduce_func, model, inputs.element_spec, lambda spec: (spec, None), "")
        self._finish = Traced(reducer.finalize_func, state)
        super().__init__((inputs,), self._finish.spec, (
            *self._key.needs, *self._init.needs, *self._step.needs, *self._finish.needs))

    def _cardinality(self, run: Run) -> int:
        return UNKNOWN

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        states: dict[int, Leaves] = {}
        for leaves in self._inputs_[0]._iterate(run):
            key = self._key(run, leaves)
            known = int(key[0])
            state = states.get(known)
            states[known] = self._step(run, (self._init(run, key) if state is None else state) + leaves)
        for known in sorted(states):
            yield self._finish(run, states[known])
