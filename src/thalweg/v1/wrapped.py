"""`wrap_function`: TensorFlow 1 code as a function on values; variables that it makes live on."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import nest
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.symbol import SymbolicTensor
from ..core.tensor import Tensor
from ..core.tensor_spec import TensorSpec
from ..core.variable import Variable
from ..runtime.concrete import ConcreteFunction, Output
from ..runtime.func_graph import FuncGraph, identity
from ..saved_model.loading_v1 import Wrapped


class WrappedFunction(ConcreteFunction):
    """A graph that was built once, as a function. It runs what its results need, and nothing else."""

    def __init__(self, graph: FuncGraph, arguments: Sequence[SymbolicTensor], specs: tuple[TensorSpec, ...], output: Output,
                 name: str, signature: Sequence[Any]) -> None:
        self._signature = list(signature)
        names = [t.op.name for t in arguments]
        super().__init__(graph, names, specs, arguments, [t.shape for t in arguments], output, None, name)
        self._source = Wrapped(graph, list(self.variables))
        self._part = self._source.function(arguments, names, output.pack(output.tensors), name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the function.

        Args:
          *args: the arguments, by position.

        Returns:
          What the Python function returned, with values.

        Raises:
          NotImplementedError: arguments by keyword.
          ValueError: too many or too few. TypeError: something that is no tensor of the dtype.
        """
        if kwargs:
            raise NotImplementedError("Keyword arguments are not supported when calling a wrap_function-decorated function. "
                                      f"Got {kwargs}.")
        given = [x for arg, spec in zip(args, [*self._signature, *args], strict=False)  # lists may stand for tensors
                 for x in ([arg] if isinstance(spec, TensorSpec) else nest.flatten(arg, expand_composites=True))]
        if len(given) != len(self._dtypes):
            raise ValueError(f"Signature specifies {len(self._dtypes)} arguments, got: {len(given)}.")
        return self.call_flat([convert_to_tensor(x, None if isinstance(x, (Tensor, Variable)) else dtype)
                               for x, dtype in zip(given, self._dtypes, strict=True)])

    def call_flat(self, tensors: Sequence[Any]) -> Any:
        return self._part.call_flat(tensors)

    def prune(self, feeds: Any, fetches: Any, name: str | None = None, input_signature: Any = None) -> ConcreteFunction:
        """The function from some tensors of the graph to others.

        Args:
          feeds: names or tensors, nested: the arguments.
          fetches: names, tensors or operations, nested: the results. Operations are run and have none.
          name: of the function.
          input_signature: accepted, without effect.

        Raises:
          KeyError, ValueError: a name or tensor that is not in the graph; an operation among the feeds.
        """
        for feed in nest.flatten(feeds):
            found = self.graph.as_graph_element(feed)
            if not isinstance(found, SymbolicTensor):
                raise ValueError(f"All members of argument `feeds` must be tensors. Got {found} with type {type(found)}.")
        return self._source.prune(feeds, fetches, name, input_signature)


def wrap_function(fn: Callable[..., Any], signature: Sequence[Any], name: str | None = None) -> WrappedFunction:
    """Calls TensorFlow 1 code once, in a graph of its own, and gives what it built as a function.

    Variables get their initial values now, and are kept by the function. An operation counts if a result depends on it.

    Args:
      fn: takes tensors and returns tensors, in any structure.
      signature: a `TensorSpec` for each argument.
      name: of the graph.

    Returns:
      The function, with `variables`, `graph` and `prune`.

    Raises:
      TypeError: `fn` returns something that is no tensor.
    """
    name = "wrapped_function" if name is None else f"wrapped_function_{name}"
    graph = FuncGraph(name, None)
    tapes, ctx.tapes = ctx.tapes, ()
    scope, ctx.name_scope = ctx.name_scope, ""
    try:
        with graph.as_default():
            specs = nest.flatten(list(signature), expand_composites=True)
            arguments = [graph.add_input(s.dtype, s.shape, s.name or "Placeholder") for s in specs]
            result = fn(*nest.pack_sequence_as(list(signature), arguments, expand_composites=True))
            output = Output.of(result, fn, lambda t: identity(graph.capture(t)))
    finally:
        ctx.tapes, ctx.name_scope = tapes, scope
    kept = tuple([TensorSpec(t.shape, t.dtype, s.name) for t, s in zip(arguments, specs, strict=True)])
    return WrappedFunction(graph, arguments, kept, output, name, signature)
