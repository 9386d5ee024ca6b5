"""Functions of elements: map, filter, scan, reduce, and what else looks at one element after another."""
from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import thalweg as tf

from .dataset import UNKNOWN, Dataset
from .functions import Traced, predicate, state_step
from .parallel import THREADS, in_threads
from .run import Run, number
from .sources import resolve
from .structure import Leaves, NoneTensorSpec, bad, flatten, normalized, packer

_log = logging.getLogger("thalweg")


class _MapDataset(Dataset):
    """A function of each element."""

    def __init__(self, inputs: Dataset, func: Callable[..., Any]) -> None:
        self._function = Traced(func, inputs.element_spec)
        if all(isinstance(s, NoneTensorSpec) for s in flatten(self._function.spec)):
            raise bad("Length for attr 'output_types' of 0 must be at least minimum 1", "MapDataset")
        super().__init__((inputs,), self._function.spec, self._function.needs)

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        function = self._function
        return (function(run, leaves) for leaves in self._inputs_[0]._iterate(run))


class _ParallelMapDataset(_MapDataset):
    """A function of each element, of several at a time."""

    def __init__(self, inputs: Dataset, func: Callable[..., Any], calls: Any) -> None:
        self._calls = number(calls)
        if isinstance(self._calls, int) and self._calls < 1 and self._calls != tf.data.AUTOTUNE:
            raise bad("num_parallel_calls must be greater than zero.", "ParallelMapDatasetV2")
        super().__init__(inputs, func)
        # Draws from one stream of random numbers come in the order of the elements.
        self._alone = self._function.random

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        calls = run.number(self._calls)
        calls = min(calls, 4 * THREADS) if calls > 0 else THREADS if self._function.waits else 1
        if calls == 1 or self._alone:
            return super()._iterate(run)
        function = self._function
        return in_threads(lambda leaves: function(run, leaves), self._inputs_[0]._iterate(run), calls)


class _FilterDataset(Dataset):
    """The elements for which a function is true."""

    def __init__(self, inputs: Dataset, func: Callable[..., Any]) -> None:
        self._predicate = predicate(func, inputs.element_spec)
        super().__init__((inputs,), inputs.element_spec, self._predicate.needs)

    def _cardinality(self, run: Run) -> int:
        return UNKNOWN

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        wanted = self._predicate
        return (leaves for leaves in self._inputs_[0]._iterate(run) if wanted(run, leaves)[0])


class _TakeWhileDataset(Dataset):
    """The elements before the first for which a function is false."""

    def __init__(self, inputs: Dataset, func: Callable[..., Any]) -> None:
        self._predicate = predicate(func, inputs.element_spec, " but its return type is")
        super().__init__((inputs,), inputs.element_spec, self._predicate.needs)

    def _cardinality(self, run: Run) -> int:
        return UNKNOWN

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        for leaves in self._inputs_[0]._iterate(run):
            if not self._predicate(run, leaves)[0]:
                return
            yield leaves


class _ScanDataset(Dataset):
    """What a function makes of a state and each element."""

    def __init__(self, inputs: Dataset, initial_state: Any, func: Callable[..., Any]) -> None:
        self._initial = normalized(initial_state)

        def pair(spec: Any) -> tuple[Any, Any]:
            if not (isinstance(spec, tuple) and len(spec) == 2):
                raise TypeError("Invalid `scan_func`. `scan_func` should return a pair consisting of new state and the output "
                                f"value but its return type is {spec}.")
            return spec
        self._function, state = state_step(_apart(func, inputs.element_spec), self._initial, inputs.element_spec, pair,
                                           "Invalid `scan_func`. ")
        self._states = len(flatten(state))
        super().__init__((inputs,), self._function.spec[1], (*flatten(self._initial), *self._function.needs))

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        state = tuple(resolve(run, x) for x in flatten(self._initial))
        for leaves in self._inputs_[0]._iterate(run):
            out = self._function(run, state + leaves)
            state = out[:self._states]
            yield out[self._states:]


def _apart(func: Callable[..., Any], spec: Any) -> Callable[..., Any]:
    """A function of a state and an element; `tf.data` gives it the element as one argument."""
    if not callable(func):
        raise ValueError(f"Argument `func` must be a callable. Received func={func} (of type {type(func)})")
    return func


def reduced(dataset: Dataset, initial_state: Any, func: Callable[..., Any]) -> Any:
    """The last state that a function makes, from the first element to the last."""
    initial = normalized(initial_state)
    function, state_spec = state_step(_apart(func, dataset.element_spec), initial, dataset.element_spec,
                                      lambda spec: (spec, None), "")
    start = flatten(initial)

    def compute(run: Run) -> list[Any]:
        state = tuple(resolve(run, x) for x in start)
        for leaves in dataset._iterate(run):
            state = function(run, state + leaves)
        return list(state)

    described = _Described((dataset,), state_spec, (*start, *function.needs))
    return packer(initial)(described.computed(compute))


class _Described(Dataset):
    """Elements that are computed by other means: what they depend on, and their spec."""

    def computed(self, compute: Callable[[Run], list[Any]]) -> Leaves:
        """The leaves that `compute` makes, at once or by a node of the graph.

        Raises:
          NotImplementedError: in a graph, leaves that are no tensors.
        """
        specs = flatten(self.element_spec)
        if tf.executing_eagerly() and not self._symbols():
            return tuple(compute(Run()))
        if not all(isinstance(s, tf.TensorSpec) for s in specs):
            raise NotImplementedError("In a graph, only tensors can be computed from a data set.")
        found = self._in_graph(compute, [s.dtype for s in specs])
        for tensor, spec in zip(found, specs, strict=True):
            tensor.set_shape(spec.shape)
        return tuple(found)


def single_element(dataset: Dataset) -> Any:
    """The only element of a data set."""
    def compute(run: Run) -> list[Any]:
        iterator = dataset._iterate(run)
        found = next(iterator, None)
        if found is None:
            raise bad("Dataset was empty.", "DatasetToSingleElement")
        if next(iterator, None) is not None:
            raise bad("Dataset had more than one element.", "DatasetToSingleElement")
        return list(found)
    return dataset._pack(_Described((dataset,), dataset.element_spec).computed(compute))


class _UniqueDataset(Dataset):
    """The elements without those that came before."""

    def __init__(self, inputs: Dataset) -> None:
        specs = flatten(inputs.element_spec)
        if len(specs) != 1 or getattr(specs[0], "dtype", None) not in (tf.int32, tf.int64, tf.string):
            raise TypeError("Dataset.unique() only supports datasets with a single `tf.int32`, `tf.int64`, or `tf.string` "
                            f"component, but was {inputs.element_spec}.")
        super().__init__((inputs,), inputs.element_spec)

    def _cardinality(self, run: Run) -> int:
        return UNKNOWN

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        seen = set()
        for leaves in self._inputs_[0]._iterate(run):
            value = leaves[0].numpy()
            key = value.tobytes() if hasattr(value, "tobytes") and value.dtype != object else str(value)
            if key not in seen:
                seen.add(key)
                yield leaves


class _IgnoreErrorsDataset(Dataset):
    """The elements whose computation does not fail."""

    def __init__(self, inputs: Dataset, log_warning: bool) -> None:
        self._log = log_warning
        super().__init__((inputs,), inputs.element_spec)

    def _cardinality(self, run: Run) -> int:
        return UNKNOWN

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        source = self._inputs_[0]
        if isinstance(source, _MapDataset):
            # A generator that has raised is over; the function is called here instead.
            steps = source._inputs_[0]._iterate(run)
            call: Callable[[Leaves], Leaves] | None = lambda leaves: source._function(run, leaves)  # noqa: E731
        else:
            steps, call = source._iterate(run), None
        while True:
            try:
                leaves = next(steps)
                found = call(leaves) if call is not None else leaves
            except StopIteration:
                return
            except tf.errors.OpError as error:
                if self._log:
                    _log.warning("Error raised with error message %s", error)
                continue
            yield found
