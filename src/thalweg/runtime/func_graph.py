"""The graph behind a traced function: it takes what it needs from outside as captured inputs."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.context import ctx
from ..core.dispatch import apply
from ..core.graph import Graph
from ..core.init_scope import init_scope
from ..core.opdef import OpDef, get_op
from ..core.shape import TensorShape
from ..core.symbol import SymbolicTensor
from ..core.tensor import EagerTensor
from ..core.variable import ResourceVariable
from ..ops.random_state import global_seed
from .engine import Executable
from .program import Program

CONSTANT_LIMIT = 64
"""Eager tensors of at most this many elements are built in as constants; larger ones are captured."""


class FuncGraph(Graph):
    """A graph with inputs. Tensors of enclosing graphs, and large eager tensors, become captured inputs."""

    building_function = True
    hashable_tensors = False

    def __init__(self, name: str, outer: Graph | None) -> None:
        super().__init__()
        self.name = name
        self.outer = outer
        self.first_version = outer is not None and outer.first_version
        self.inputs: list[SymbolicTensor] = []
        self.argument_values: list[Any] = []
        """While a function is traced, the arguments that it is traced for."""
        self.captures: dict[int, tuple[Any, SymbolicTensor]] = {}
        self.created: list[Any] = []
        """The variables that were created while this graph was traced."""
        self.seed = outer.seed if outer is not None else global_seed()
        self.asked = ctx.device
        """The device that the calls of this trace ask for."""

    def apply(self, entry: OpDef, inputs: Sequence[Any], attrs: dict[str, Any], name: str | None) -> Any:
        if ctx.graph is None:
            raise leaked(next(x for x in inputs if isinstance(x, SymbolicTensor)))
        return super().apply(entry, inputs, attrs, name)

    def add_input(self, dtype: Any, shape: TensorShape, name: str) -> SymbolicTensor:
        """A placeholder for one argument."""
        tensor = self.add(get_op("Placeholder"), (), {"dtype": dtype, "shape": shape}, name).outputs[0]
        self.inputs.append(tensor)
        return tensor

    def capture(self, tensor: Any) -> SymbolicTensor:
        if isinstance(tensor, EagerTensor):
            value = tensor._value
            if value.size <= CONSTANT_LIMIT and isinstance(value, np.ndarray) and not self._watched(tensor):
                return super().capture(tensor)
            return self._capture_input(tensor)
        if tensor.graph is self:
            return tensor  # type: ignore[no-any-return]
        outer = self.outer
        while outer is not None:
            if tensor.graph is outer:
                return self._capture_input(tensor)
            outer = getattr(outer, "outer", None)
        raise leaked(tensor)

    @staticmethod
    def _watched(tensor: Any) -> bool:
        """Whether a tape outside would ask for this tensor's gradient."""
        return any(id(tensor) in tape._watched for tape in ctx.tapes)

    def _capture_input(self, tensor: Any) -> SymbolicTensor:
        held = self.captures.get(id(tensor))
        if held is None:
            if isinstance(tensor, SymbolicTensor) and tensor.op.type == "VarHandleOp":
                return self.handle(tensor.op.variable)
            inner = self.add(get_op("Placeholder"), (), {"dtype": tensor.dtype, "shape": tensor.shape}, "captured").outputs[0]
            for tape in ctx.tapes:
                if id(tensor) in tape._watched:
                    tape._watched[id(inner)] = inner
            held = self.captures[id(tensor)] = (tensor, inner)
        return held[1]

    def variable(self, *args: Any, **kwargs: Any) -> Any:
        """A variable that a traced function creates: made outside the graph, its initial value computed there."""
        initial = args[0] if args else kwargs.pop("initial_value", None)
        if isinstance(initial, SymbolicTensor):
            initial = self._first_value(initial)
        with init_scope():
            made = ResourceVariable(initial, *args[1:], **kwargs)
        self.created.append(made)
        return made

    def _first_value(self, initial: SymbolicTensor) -> EagerTensor:
        """The value that the trace's own arguments give an initial value."""
        known = [(outer, inner) for outer, inner in self.captures.values()]
        known += zip(self.argument_values, self.inputs, strict=True)
        known = [(outer, inner) for outer, inner in known if isinstance(outer, EagerTensor)]
        program = Program([initial], [inner for _, inner in known])
        state = [v._tensor._value for v in program.variables]
        (value,), _ = Executable(program).run(state, [outer._value for outer, _ in known])
        return EagerTensor(np.asarray(value))

    def __str__(self) -> str:
        return f"FuncGraph(name={self.name}, id={id(self)})"

    __repr__ = __str__

    @property
    def external_captures(self) -> list[Any]:
        """What was captured, in order."""
        return [outer for outer, _ in self.captures.values()]

    @property
    def internal_captures(self) -> list[SymbolicTensor]:
        """The placeholders that stand for what was captured."""
        return [inner for _, inner in self.captures.values()]


def leaked(tensor: SymbolicTensor) -> TypeError:
    """The error of using a tensor outside the function that made it."""
    frame = tensor.op.frame
    return TypeError(
        f"{tensor!r} is out of scope and cannot be used here. Use return values, explicit Python locals or TensorFlow "
        "collections to access it.\nPlease see https://www.tensorflow.org/guide/function#all_outputs_of_a_tffunction_must_be_"
        f"return_values for more information.\n\n{tensor!r} was defined here:\n    File \"{frame.filename}\", line "
        f"{frame.lineno}, in {frame.name}\n\nThe tensor {tensor!r} cannot be accessed from here, because it was defined in "
        f"{tensor.graph}, which is out of scope.")


def copy_into(graph: Graph, source: FuncGraph, arguments: Sequence[Any], outputs: Sequence[SymbolicTensor],
              convert: Callable[[Any], Any]) -> list[Any]:
    """Builds a function's nodes again in another graph, with its inputs replaced: a call, inlined.

    Args:
      graph: where the nodes go; it is being built.
      arguments: for each of the source's inputs the tensor to use instead.
      outputs: the tensors of the source to return.
      convert: turns what the source captured into a tensor of `graph`.

    Returns:
      The tensor that stands for each of `outputs`.
    """
    mapped: dict[int, Any] = {id(i): a for i, a in zip(source.inputs, arguments, strict=True)}
    for outer, inner in source.captures.values():
        mapped[id(inner)] = convert(outer)
    made: dict[int, Any] = {}
    for node in source._nodes:
        if node.type == "VarHandleOp":
            mapped[id(node.outputs[0])] = graph.handle(node.variable)
            continue
        if all(id(t) in mapped for t in node.outputs) and node.outputs:
            continue
        inputs = [mapped[id(x)] for x in node.inputs]
        waits = [made[id(c)] for c in node.control_inputs if id(c) in made]
        with graph.control_dependencies(waits), graph.device(node.device):
            if node.type == "ReadVariableOp":
                result = graph.read(node.inputs[0].op.variable)
            else:
                result = apply(node.op, inputs, node.attrs, node.name.rpartition("/")[2])
        results = result if isinstance(result, tuple) else (result,) if node.outputs else ()
        for t, r in zip(node.outputs, results, strict=True):
            mapped[id(t)] = r
        made[id(node)] = results[0].op if results else result
    return [mapped[id(t)] for t in outputs]


def identity(x: Any) -> Any:
    """A node of its own for a result, so that a returned argument is not the argument itself."""
    return apply(get_op("Identity"), (x,))


