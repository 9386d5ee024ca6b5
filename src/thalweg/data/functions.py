"""Functions on elements, traced once and run as programs."""
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import thalweg as tf

from .run import Run, is_symbol, symbols
from .specs import Bound, DatasetSpec, StandIn
from .structure import Leaves, flatten, map_leaves, normalized, packer, spec_of


class Traced:
    """A function of elements of one spec.

    A result may hold data sets. Such a data set is described once, when the function is traced, with tensors of the
    trace; a call computes these tensors and binds the description to them.

    Args:
      func: takes the element, or the parts of a tuple as arguments of their own.
      spec: of the element.
      whole: whether a tuple goes in as one argument.

    Attributes:
      spec: of the results.
      structure: the results of the trace, symbolic tensors.
      needs: the symbols from outside that the function uses.

    Raises:
      ValueError: `func` cannot be called.
      TypeError: it takes other arguments, or returns what is no element.
    """

    def __init__(self, func: Callable[..., Any], spec: Any, whole: bool = False) -> None:
        if not callable(func):
            raise ValueError(f"Argument `func` must be a callable. Received func={func} (of type {type(func)})")
        given = flatten(spec)
        pack = packer(spec)
        self._sets = [i for i, s in enumerate(given) if isinstance(s, DatasetSpec)]
        stand_ins = {i: StandIn(given[i].element_spec) for i in self._sets}
        self._stand_ins = list(stand_ins.values())
        self._tensors = [i for i, s in enumerate(given) if i not in stand_ins]
        self._plain = all(isinstance(given[i], tf.TensorSpec) for i in self._tensors)

        self.structure: Any = None
        self._results: Leaves = ()
        self._sources: list[list[Any] | None] = []

        def body(*tensors: Any) -> Any:
            inside = iter(tensors)
            argument = pack(tuple(stand_ins[i] if i in stand_ins else next(inside) for i in range(len(given))))
            result = func(*argument) if type(argument) is tuple and not whole else func(argument)
            result = self.structure = normalized(tuple(result) if isinstance(result, list) else result)
            self._results = flatten(result)
            self._sources = [symbols(r._symbols()) if isinstance(r, tf.data.Dataset) else None for r in self._results]
            out: list[Any] = []
            for r, sources in zip(self._results, self._sources, strict=True):
                out += [r] if sources is None else [s for s in sources if not isinstance(s, StandIn)]
            return tuple(out)

        # Placeholders are named after parameters, and error messages show these names.
        names = [inspect.Parameter(f"args_{i}", inspect.Parameter.POSITIONAL_ONLY) for i in range(len(self._tensors))]
        body.__signature__ = inspect.Signature(names)  # type: ignore[attr-defined]
        traced = tf.function(body, autograph=False)
        self._concrete = traced.get_concrete_function(*[given[i] for i in self._tensors])
        self._captured = self._concrete.captured_inputs
        self._bound = bool(symbols(self._captured))
        self.spec = spec_of(self.structure)
        self._direct = all(s is None for s in self._sources)
        inner = {id(s) for s in self._stand_ins}
        holes = [s for sources in self._sources for s in sources or () if isinstance(s, StandIn) and id(s) not in inner]
        self.needs = [*symbols(self._captured), *holes]

    @property
    def random(self) -> bool:
        """Whether the function draws from streams of random numbers, so that the order of calls matters."""
        return any(node.type.startswith(("Random", "TruncatedNormal", "Multinomial", "ParameterizedTruncated"))
                   for node in self._concrete.graph.get_operations())

    @property
    def waits(self) -> bool:
        """Whether a call waits for files or runs Python code, so that several calls at a time are worth their threads."""
        python = ("PyFunc", "PyFuncStateless", "EagerPyFunc")
        return any(node.type in python or node.type.startswith(("ReadFile", "Decode", "Encode"))
                   for node in self._concrete.graph.get_operations())

    def __call__(self, run: Run, leaves: Leaves) -> Leaves:
        """The leaves of the result for the leaves of an element."""
        tensors = leaves if not self._sets else [leaves[i] for i in self._tensors]
        if not self._plain:
            tensors = tf.nest.flatten(list(tensors), expand_composites=True)
        captured = [run.value(c) for c in self._captured] if self._bound else None
        out: Leaves = self._concrete._call_flat(tensors, captured)
        return out if self._direct else self._with_sets(run, leaves, out)

    def _with_sets(self, run: Run, leaves: Leaves, out: Leaves) -> Leaves:
        """Results with data sets among them, each bound to the values of its symbols."""
        values = iter(out)
        own = {id(s): leaves[i] for s, i in zip(self._stand_ins, self._sets, strict=True)}
        made: list[Any] = []
        for result, sources in zip(self._results, self._sources, strict=True):
            if sources is None:
                made.append(next(values))
                continue
            known = {}
            for s in sources:
                if isinstance(s, StandIn):
                    known[id(s)] = own[id(s)] if id(s) in own else run.value(s)
                else:
                    known[id(s)] = next(values)
            made.append(Bound(result, known))
        return tuple(made)


def predicate(func: Callable[..., Any], spec: Any, gap: str = ", but its return type is ") -> Traced:
    """A function that says whether an element is wanted.

    Raises:
      ValueError: it returns no boolean scalar.
    """
    traced = Traced(func, spec)
    if not (isinstance(traced.spec, tf.TensorSpec) and traced.spec.dtype == tf.bool
            and traced.spec.shape.is_compatible_with([])):
        raise ValueError(f"Invalid `predicate`. `predicate` must return a `tf.bool` scalar tensor{gap}{traced.spec}.")
    return traced


def state_step(func: Callable[..., Any], initial: Any, spec: Any, check: Callable[[Any], tuple[Any, Any]],
               what: str) -> tuple[Traced, Any]:
    """A function of a state and an element, traced until the shapes of the state hold for every step.

    Args:
      func: takes the state and the element.
      initial: the leaves and structure of the first state, normalized.
      spec: of the elements.
      check: takes the spec of the results and gives that of the new state, and that of the rest.
      what: the beginning of error messages.

    Returns:
      The function, and the spec of the state.

    Raises:
      TypeError: the state changes its structure, its classes or its dtypes.
    """
    state = spec_of(initial)

    def called(pair: Any) -> Any:
        return func(pair[0], pair[1])

    while True:
        traced = Traced(called, (state, spec), whole=True)
        new, _ = check(traced.spec)
        olds, news = flatten(state), flatten(new)
        if map_leaves(lambda _: 0, state) != map_leaves(lambda _: 0, new):
            raise TypeError(f"{what}The element structures for the new state must match the initial state. Expected "
                            f"{state} but got {new}.")
        for old, now in zip(olds, news, strict=True):
            if getattr(old, "dtype", None) != getattr(now, "dtype", None):
                gap = ", got " if what else " but got "
                raise TypeError(f"{what}The element types for the new state must match the initial state. Expected "
                                f"{_types(state)}{gap}{_types(new)}.")
        if all(now.is_subtype_of(old) for old, now in zip(olds, news, strict=True)):
            return traced, state
        state = packer(state)(tuple(old.most_specific_common_supertype([now]) for old, now in zip(olds, news, strict=True)))


def _types(spec: Any) -> Any:
    return map_leaves(lambda s: s.dtype, spec)


__all__ = ["Traced", "is_symbol", "predicate", "state_step"]
