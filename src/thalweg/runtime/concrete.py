"""One trace of a function: a graph with inputs and outputs, ready to be called."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import nest
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dtypes import type_name
from ..core.errors import InvalidArgumentError
from ..core.shape import TensorShape
from ..core.symbol import SymbolicTensor
from ..core.tensor import EagerTensor, Tensor
from ..core.tensor_spec import TensorSpec
from ..core.variable import Variable
from .composites import described, is_composite_spec, modelled, parts_listed
from .engine import Policy
from .func_graph import FuncGraph, copy_into
from .subgraph import Subgraph

_counter = 0
noted: list[FuncGraph] | None = None
"""The graphs that were run, where somebody wants to know."""


class Output:
    """What a traced function returns: the flat tensors, and how to give them their structure back."""

    def __init__(self, structure: Any, tensors: list[SymbolicTensor], places: list[Any]) -> None:
        self.structure = structure
        self.tensors = tensors
        self.places = places

    @staticmethod
    def of(result: Any, function: Any, convert: Callable[[Any], SymbolicTensor]) -> Output:
        """Takes a result apart.

        Raises:
          TypeError: a leaf that is neither a tensor nor None.
        """
        tensors: list[SymbolicTensor] = []
        places: list[Any] = []
        for leaf in nest.flatten(result, expand_composites=True):
            if leaf is None:
                places.append(None)
                continue
            if isinstance(leaf, Variable):
                leaf = leaf.value()
            try:
                tensor = convert_to_tensor(leaf)
            except (TypeError, ValueError):
                raise TypeError(
                    "To be compatible with tf.function, Python functions must return zero or more Tensors or ExtensionTypes "
                    f"or None values; in compilation of {function}, found return value of type {type(leaf).__name__}, which "
                    "is not a Tensor or ExtensionType.") from None
            places.append(len(tensors))
            tensors.append(convert(tensor))
        return Output(modelled(result), tensors, places)

    def pack(self, values: Sequence[Any]) -> Any:
        """The result's structure around new values."""
        if self.places == [0] and not nest.is_nested(self.structure) and not is_composite_spec(self.structure):
            return values[0]
        flat = self._flat(values)
        if not nest.is_nested(self.structure) and len(flat) == 1 and not is_composite_spec(self.structure):
            return flat[0]
        return nest.pack_sequence_as(self.structure, flat, expand_composites=True)


    def listed(self, values: Sequence[Any]) -> Any:
        """The result's structure around one value for each tensor; those of a composite are a list."""
        return parts_listed(self.structure, self._flat(values))

    def described(self, values: Sequence[Any]) -> Any:
        """The result's structure around one value for each tensor; composites are described by their specs."""
        return described(self.structure, self._flat(values))

    def _flat(self, values: Sequence[Any]) -> list[Any]:
        return [None if place is None else values[place] for place in self.places]


class ConcreteFunction:
    """A graph made from a Python function for one kind of arguments."""

    def __init__(self, graph: FuncGraph, names: Sequence[str], arguments: tuple[Any, ...], leaves: Sequence[Any],
                 shapes: Sequence[TensorShape], output: Output, jit_compile: Policy, name: str) -> None:
        global _counter
        _counter += 1
        self.graph = graph
        specs = described(arguments, [_spec(x) for x in leaves])
        self._model = arguments
        self._arguments = dict(zip(names, specs, strict=True))
        self._leaves = [_spec(x) for x in leaves]
        self._shapes = list(shapes)
        self._output = output
        self._jit_compile = jit_compile
        self.name = f"__inference_{name}_{_counter}"
        self._subgraph: Subgraph | None = None
        self._captured = [outer for outer, _ in graph.captures.values()]
        self._dtypes = [t.dtype for t in graph.inputs]

    @property
    def inputs(self) -> list[SymbolicTensor]:
        """The tensors that stand for the arguments and for what was captured."""
        return [*self.graph.inputs, *self.graph.internal_captures]

    @property
    def outputs(self) -> list[SymbolicTensor]:
        """The flat results."""
        return self._output.tensors

    @property
    def structured_outputs(self) -> Any:
        """The symbolic results in their structure."""
        return self._output.pack(self._output.tensors)

    @property
    def structured_input_signature(self) -> Any:
        """The arguments as specs: positional and by keyword."""
        return tuple(self._arguments.values()), {}

    @property
    def captured_inputs(self) -> list[Any]:
        """The tensors from outside that the graph uses."""
        return list(self._captured)

    @property
    def output_shapes(self) -> Any:
        """The shape of each result, in their structure."""
        return self._output.listed([t.shape for t in self._output.tensors])

    @property
    def output_dtypes(self) -> Any:
        """The dtype of each result, in their structure."""
        return self._output.listed([t.dtype for t in self._output.tensors])

    @property
    def variables(self) -> tuple[Any, ...]:
        """The variables that the graph reads or assigns."""
        return tuple(v for v, _ in self.graph._handles.values())

    @property
    def trainable_variables(self) -> tuple[Any, ...]:
        """Those of `variables` that are trainable."""
        return tuple(v for v in self.variables if v.trainable)

    def accepts(self, model: Any, leaves: Sequence[Any]) -> bool:
        """Whether arguments fit this trace: tensors of its dtypes and of shapes within its own."""
        if len(leaves) != len(self._leaves):
            return False
        mine_, theirs = nest.flatten(self._model), nest.flatten(model)
        if len(mine_) != len(theirs) or not all(_covered(a, b) for a, b in zip(mine_, theirs, strict=True)):
            return False
        position = 0
        for mine, x in zip(self._leaves, leaves, strict=True):
            if isinstance(mine, TensorSpec):
                if not isinstance(x, Tensor) or x.dtype != mine.dtype:
                    return False
                if not self._shapes[position].is_compatible_with(x.shape):
                    return False
                position += 1
            elif isinstance(x, Tensor) or (mine is not x and mine != x):
                return False
        return True

    @property
    def subgraph(self) -> Subgraph:
        """The callable part, made at the first call outside another graph."""
        if self._subgraph is None:
            effects = [n for n in self.graph._nodes if n.op.stateful and n.type not in ("VarHandleOp", "ReadVariableOp")]
            self._subgraph = Subgraph(self.graph, self.inputs, self.outputs, self._jit_compile, effects)
        return self._subgraph

    def call_flat(self, tensors: Sequence[Any]) -> Any:
        """Calls the graph on the flat tensors of the arguments."""
        if ctx.graph is not None or not all(isinstance(t, EagerTensor) for t in tensors):
            return self._inline(tensors)
        if noted is not None:
            noted.append(self.graph)
        subgraph = self._subgraph or self.subgraph
        out = subgraph([*tensors, *self._captured] if self._captured else tensors)
        return self._output.pack(out)

    def _call_flat(self, tensors: Sequence[Any], captured: Sequence[Any] | None = None) -> Any:
        """Calls the graph on flat tensors, with other values for what it captured, in the order of `captured_inputs`."""
        if captured is None:
            return self.call_flat(tensors)
        return self._output.pack((self._subgraph or self.subgraph)([*tensors, *captured]))

    def _inline(self, tensors: Sequence[Any]) -> Any:
        graph = ctx.graph if ctx.graph is not None else next(t.graph for t in tensors if not isinstance(t, EagerTensor))
        with graph.as_default():
            inside = [graph.capture(t) for t in tensors]
            results = copy_into(graph, self.graph, inside, self.outputs, graph.capture)
        return self._output.pack(results)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Calls the graph on tensors, in the order or by the names of the function's parameters.

        Raises:
          TypeError: too many or too few arguments.
          InvalidArgumentError: a tensor of another dtype.
        """
        names = list(self._arguments)
        given = dict(zip(names, args, strict=False))
        given.update(kwargs)
        missing = [n for n in names if n not in given and _has_tensor(self._arguments[n])]
        if missing or len(args) > len(names) or set(given) - set(names):
            wrong = f"missing a required argument: '{missing[0]}'" if missing else \
                "too many positional arguments" if len(args) > len(names) else \
                f"got an unexpected keyword argument '{sorted(set(given) - set(names))[0]}'"
            raise TypeError(f"Binding inputs to tf.function failed due to `{wrong}`. Received args: {args} and kwargs: "
                            f"{kwargs} for signature: {self._signature_text()}.")
        tensors = []
        for name in names:
            values = nest.flatten(given.get(name, self._arguments[name]), expand_composites=True)
            specs = nest.flatten(self._arguments[name], expand_composites=True)
            for value, spec in zip(values, specs, strict=True):
                if isinstance(spec, TensorSpec):
                    tensors.append(convert_to_tensor(value, None if isinstance(value, (Tensor, Variable)) else spec.dtype))
        for i, (t, dtype) in enumerate(zip(tensors, self._dtypes, strict=True)):
            if t.dtype != dtype:
                raise InvalidArgumentError(
                    f"cannot compute {self.name} as input #{i}(zero-based) was expected to be a {type_name(dtype)} tensor "
                    f"but is a {type_name(t.dtype)} tensor [Op:{self.name}]")
        return self.call_flat(tensors)

    def _signature_text(self) -> str:
        shown = ", ".join(f"{k}: {v if _has_tensor(v) else f'Literal[{v!r}]'}" for k, v in self._arguments.items())
        return f"({shown}) -> {_output_text(self._output.described([_spec(t) for t in self._output.tensors]))}"

    def __repr__(self) -> str:
        return f"<ConcreteFunction {self._signature_text()} at {id(self):#X}>".replace("0X", "0x")


def _covered(mine: Any, other: Any) -> bool:
    """Whether a place in the arguments holds no composite, or one that this trace's spec covers."""
    if is_composite_spec(mine) or is_composite_spec(other):
        return is_composite_spec(mine) and is_composite_spec(other) and bool(other.is_subtype_of(mine))
    return True


def _spec(x: Any) -> Any:
    return TensorSpec(x.shape, x.dtype) if isinstance(x, Tensor) else x


def _has_tensor(value: Any) -> bool:
    return any(isinstance(v, TensorSpec) for v in nest.flatten(value, expand_composites=True))


def _output_text(value: Any) -> str:
    if isinstance(value, dict):
        return "Dict[" + ", ".join(f"[{k!r}, {_output_text(v)}]" for k, v in value.items()) + "]"
    if isinstance(value, list):
        return f"List[{', '.join(_output_text(v) for v in value)}]"
    if isinstance(value, tuple):
        return f"Tuple[{', '.join(_output_text(v) for v in value)}]"
    return "Literal[None]" if value is None else str(value)
