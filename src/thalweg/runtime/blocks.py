"""The graphs inside control flow: branches and loop bodies, traced, run by either engine, and differentiated."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np

from ..core import dtypes, nest
from ..core.backprop import dense
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.symbol import Operation, SymbolicTensor
from ..core.tensor import EagerTensor
from ..core.variable import Variable
from ..ops.random_state import placed
from .codegen import Code, generate
from .composites import is_composite_spec
from .engine import _node_of, fail
from .func_graph import FuncGraph
from .gradients import node_gradients
from .program import Program
from .stretch import numpy_kernel, why_not_compiled

_SILENT = ("VarHandleOp", "ReadVariableOp")


class BlockGraph(FuncGraph):
    """The graph of a branch or loop body. Its variables belong to the graph around it."""

    def __init__(self, name: str, outer: Any) -> None:
        super().__init__(name, outer)
        self._scope = outer.get_name_scope() + "/" if outer.get_name_scope() else ""
        self._tapes = ctx.tapes

    def capture(self, tensor: Any) -> SymbolicTensor:
        if isinstance(tensor, EagerTensor) and any(id(tensor) in tape._watched for tape in self._tapes):
            return self._capture_input(tensor)
        return super().capture(tensor)

    def variable(self, *args: Any, **kwargs: Any) -> Any:
        """A variable that a branch creates: made by the graph around it."""
        assert self.outer is not None
        with self.outer.as_default():
            return self.outer.variable(*args, **kwargs)

    def effects(self) -> list[Operation]:
        """The operations to run although no output needs them."""
        return [n for n in self._nodes if n.op.stateful and n.type not in _SILENT]

    def written(self) -> dict[int, Any]:
        """The variables that operations of this graph give new values, by id."""
        return {id(x.op.variable): x.op.variable for n in self._nodes for x in n.updated}

    def take_values(self, written: dict[int, Any]) -> None:
        """Turns reads of variables that nothing in here writes into captured values, read outside before the node."""
        assert self.outer is not None
        first: dict[int, SymbolicTensor] = {}
        for node in self._nodes:
            if node.type != "ReadVariableOp":
                continue
            variable = node.inputs[0].op.variable
            if id(variable) in written:
                continue
            value = node.outputs[0]
            if id(variable) in first:
                node.op, node.inputs, node.attrs = get_op("Identity"), (first[id(variable)],), {}
                continue
            first[id(variable)] = value
            with self.outer.as_default():
                outside = self.outer.read(variable)
            node.op, node.inputs, node.attrs = get_op("Placeholder"), (), {"dtype": value.dtype, "shape": value.shape}
            self.captures[id(outside)] = (outside, value)


class Block:
    """A function of a node's inputs: from `inputs` and the values of `variables` to `outputs` and new values.

    Args:
      graph: the graph that holds the nodes.
      inputs: the tensors that stand for the node's inputs.
      variables: the variables whose handles follow the inputs of the node.
      outputs: the tensors to return.
      effects: operations to run although no output needs them.
      written: the positions in `variables` of those whose new values are returned before the outputs.
    """

    def __init__(self, graph: FuncGraph, inputs: Sequence[SymbolicTensor], variables: Sequence[Any],
                 outputs: Sequence[SymbolicTensor], effects: Sequence[Operation] = (),
                 written: Sequence[int] = ()) -> None:
        self.graph = graph
        self.inputs = list(inputs)
        self.variables = list(variables)
        self.outputs = list(outputs)
        self.effects = list(effects)
        self.written = list(written)
        self._program: Program | None = None
        self._codes: dict[str, Code] = {}

    def with_outputs(self, extra: Sequence[SymbolicTensor]) -> Block:
        """The same block with more outputs."""
        return Block(self.graph, self.inputs, self.variables, [*self.outputs, *extra], self.effects, self.written)

    def with_only(self, kept: Sequence[int]) -> Block:
        """The same block with some of its outputs."""
        return Block(self.graph, self.inputs, self.variables, [self.outputs[i] for i in kept], self.effects, self.written)

    @property
    def program(self) -> Program:
        """The nodes that run, in order."""
        if self._program is None:
            self._program = Program(self.outputs, self.inputs, self.effects)
        return self._program

    def code(self, compiled: bool = False) -> Code:
        """`run(xp, *inputs, *values of variables)`, which returns new values of variables, then outputs."""
        kind = "xla" if compiled else "numpy"
        code = self._codes.get(kind)
        if code is None:
            program = self.program
            pick: Any
            if compiled:
                from .xla import xla_kernel

                def pick(node: Operation) -> Any:
                    return xla_kernel(node.op)
            else:
                def pick(node: Operation) -> Any:
                    return numpy_kernel(node, program)
            slots: list[Any] = [("state", program._slots[id(v)]) if id(v) in program._slots else ("unused", i)
                                for i, v in enumerate(self.variables)]
            results = [slots[i] for i in self.written] + [id(t) for t in self.outputs]
            code = self._codes[kind] = generate(program.nodes, [*(id(t) for t in self.inputs), *slots], results,
                                                program.constants, program.slot_of, pick)
            if program.random:
                code.run = placed(code.run, self.graph.name)
        return code

    def why_not_compiled(self) -> str:
        """Why XLA cannot run this, or nothing; see `stretch.why_not_compiled`."""
        return next((reason for node in self.program.nodes if (reason := why_not_compiled(node))), "")

    @property
    def stateful(self) -> bool:
        """Whether running this does something besides computing outputs."""
        return bool(self.effects)

    def __str__(self) -> str:
        return self.graph.name


def located(error: Exception, *blocks: Block) -> NoReturn:
    """Raises an error of a running block with the node that failed."""
    for block in blocks:
        code = block.code()
        if _node_of(error, code) is not None:
            fail(error, code)
    raise error


# Structures.


def leaves_of(structure: Any) -> list[Any]:
    """The leaves of a nest, with what composites are made of."""
    return nest.flatten(structure, expand_composites=True)


def is_array(leaf: Any) -> bool:
    """Whether a leaf is a TensorArray."""
    return hasattr(leaf, "_with_flow")


def flat_tensors(structure: Any) -> list[Any]:
    """The tensors in a nest: of each leaf what stands for it in a graph. None has none."""
    out = []
    for leaf in leaves_of(structure):
        if leaf is None:
            continue
        if isinstance(leaf, Operation):
            out.append(_done(leaf))
        elif is_array(leaf):
            out.append(leaf._as_flow())
        else:
            out.append(leaf.value() if isinstance(leaf, Variable) else convert_to_tensor(leaf))
    return out


def _done(node: Operation) -> Any:
    """A tensor that stands for an operation: True once it ran."""
    with node.graph.control_dependencies([node]):
        return apply(get_op("Identity"), (np.array(True),))


def _is_one_composite(structure: Any) -> bool:
    return isinstance(structure, nest.CompositeTensor) or is_composite_spec(structure)


def packed(structure: Any, tensors: Sequence[Any]) -> Any:
    """The nest again, around new tensors."""
    values = iter(tensors)
    flat: list[Any] = []
    for leaf in leaves_of(structure):
        if leaf is None:
            flat.append(None)
        elif is_array(leaf):
            flat.append(leaf._with_flow(next(values)))
        else:
            flat.append(next(values))
    if not nest.is_nested(structure) and len(flat) == 1 and not _is_one_composite(structure):
        return flat[0]
    return nest.pack_sequence_as(structure, flat, expand_composites=True)


# Tracing.


class Traced:
    """A Python function traced into a graph of its own."""

    def __init__(self, name: str, function: Callable[..., Any], arguments: Callable[[BlockGraph], Sequence[Any]]) -> None:
        self.graph = BlockGraph(name, ctx.graph)
        tapes, ctx.tapes = ctx.tapes, ()
        try:
            with self.graph.as_default():
                self.result = function(*arguments(self.graph))
                self.outputs = [self.graph.capture(t) for t in flat_tensors(self.result)]
        finally:
            ctx.tapes = tapes
        self.effects: list[Operation] = []


class Traces:
    """Blocks of one node, made to take the same inputs: arguments first, then all that any of them captured.

    Attributes:
      blocks: the blocks.
      captured: the outer tensors that follow the arguments among the node's inputs.
      handles: the handles of the variables that follow those.
      written: the positions of the handles that get new values.
    """

    def __init__(self, traced: Sequence[Traced], together: bool) -> None:
        outer = ctx.graph
        everywhere: dict[int, Any] = {}
        for t in traced:
            everywhere |= t.graph.written()
        for t in traced:
            t.graph.take_values(everywhere if together else t.graph.written())
            t.effects = t.graph.effects()
        union = {key: tensor for t in traced for key, (tensor, _) in t.graph.captures.items()}
        self.captured = list(union.values())
        variables = {id(v): v for t in traced for v in _used_variables(t.graph)}
        self.handles = [outer.handle(v) for v in variables.values()]
        self.written = [i for i, key in enumerate(variables) if key in everywhere]
        self.blocks = []
        for t in traced:
            inner = [t.graph.captures[key][1] if key in t.graph.captures else _unused(t.graph, tensor)
                     for key, tensor in union.items()]
            self.blocks.append(Block(t.graph, [*t.graph.inputs, *inner], list(variables.values()), t.outputs, t.effects,
                                     self.written))
        self._watch(variables.values())

    def _watch(self, variables: Any) -> None:
        """Tells the tapes of the variables that are read inside and written, too."""
        for tape in ctx.tapes:
            for variable, handle in zip(variables, self.handles, strict=True):
                if variable._trainable and tape._watch_accessed:
                    tape._watch_variable(variable._origin(), handle)

    @property
    def stateful(self) -> bool:
        """Whether one of the blocks has effects."""
        return any(b.stateful for b in self.blocks)


def _used_variables(graph: BlockGraph) -> list[Any]:
    used = {id(x): x.op.variable for n in graph._nodes for x in n.inputs if x.op.type == "VarHandleOp"}
    return list(used.values())


def _unused(graph: FuncGraph, like: Any) -> SymbolicTensor:
    return placeholder(graph, like, "unused")


def placeholder(graph: FuncGraph, like: Any, name: str, shape: Any = None) -> SymbolicTensor:
    """A new input of a graph for tensors like one."""
    attrs = {"dtype": like.dtype, "shape": like.shape if shape is None else shape}
    return graph.add(get_op("Placeholder"), (), attrs, name).outputs[0]


# Gradients.


def is_differentiable(t: Any) -> bool:
    """Whether a gradient can arrive at a tensor, or at a list of tensors."""
    return t.dtype.is_floating or t.dtype.is_complex or t.dtype is dtypes.variant


def arrives(op: Any, index: int, dy: Any) -> bool:
    """Whether a gradient really arrives at an output: not where the chain rule filled in zeros."""
    if not is_differentiable(op.outputs[index]):
        return False
    if isinstance(dy, SymbolicTensor) and dy.op.type in ("ZerosLike", "TensorListZeros"):
        return dy.op.inputs[0] is not op.outputs[index]
    return True


class BlockGradient:
    """The gradient of some outputs of a block, as nodes added to the block's graph.

    Attributes:
      seeds: the tensors that stand for the gradients of the outputs.
      parts: the gradient for each source, dense, or None.
      captured: what the gradient takes from outside: outer tensors, with what stands for them.
    """

    def __init__(self, block: Block, outputs: Sequence[int], sources: Sequence[int]) -> None:
        self.block = block
        self.graph = graph = block.graph
        self.first = len(graph._nodes)
        before = len(graph.captures)
        tapes, ctx.tapes = ctx.tapes, ()
        try:
            with graph.as_default(), graph.name_scope(None):
                handles = [graph.handle(v) for v in block.variables]
                inner = [*block.inputs, *handles]
                targets = [block.outputs[i] for i in outputs]
                self.seeds = [placeholder(graph, t, "grad") for t in targets]
                wanted = [inner[i] for i in sources]
                found = node_gradients(targets, wanted, self.seeds, {id(t) for t in block.inputs})
                self.parts = [None if g is None else graph.capture(dense(g)) for g in found]
        finally:
            ctx.tapes = tapes
        self.captured = list(graph.captures.values())[before:]

    def zeros(self, like: SymbolicTensor) -> SymbolicTensor:
        """Zeros like a tensor of the block, as one more node of the gradient."""
        tapes, ctx.tapes = ctx.tapes, ()
        try:
            with self.graph.as_default(), self.graph.name_scope(None):
                return zeros_of(like)  # type: ignore[no-any-return]
        finally:
            ctx.tapes = tapes

    @property
    def needed(self) -> list[SymbolicTensor]:
        """The tensors of the block that the gradient reads."""
        needed: dict[int, SymbolicTensor] = {}
        made = [x for node in self.graph._nodes[self.first:] for x in node.inputs]
        for x in made + [p for p in self.parts if p is not None]:
            if x.op._id < self.first and x.op.type not in ("Const", "VarHandleOp"):
                needed[id(x)] = x
        return list(needed.values())


def zeros_of(x: Any) -> Any:
    """Zeros of the shape of a tensor, of a list, or of a variable behind a handle."""
    if x.dtype is dtypes.resource:
        variable = x.op.variable
        return apply(get_op("Fill"), (variable.shape.as_list(), np.zeros((), variable.dtype.np)))
    if x.dtype is dtypes.variant:
        return apply(get_op("TensorListZeros"), (x,))
    if x.shape.is_fully_defined():
        return apply(get_op("Fill"), (x.shape.as_list(), np.zeros((), x.dtype.np)))
    return apply(get_op("ZerosLike"), (x,))
