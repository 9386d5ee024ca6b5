"""Traces as functions of a library: the graphs behind them, and those of their branches and loops, as messages."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.shape import TensorShape
from ..core.symbol import Operation, SymbolicTensor
from ..formats.graph_def import attr_value, node_def
from ..formats.graph_proto import ArgAttrs, ArgDef, AttrValue, FunctionDef, NodeDef
from ..formats.tensor_proto import make_tensor_proto
from ..runtime.blocks import Block
from ..runtime.program import prune

OWN = frozenset(("TensorListZeros", "TensorListAddItem", "TensorListAdd", "CountedLoop", "StatelessCountedLoop", "LSTMSequence",
                 "LSTMSequenceGrad", "GRUSequence", "GRUSequenceGrad", "CTCLossDense", "CTCUniqueLabels",
                 "CTCCollapseRepeated", "IteratorMaker", "TensorListSplitLike", "SparseCross", "SparseCrossV2", "RaggedCross",
                 "PyFunc", "PyFuncStateless", "EagerPyFunc"))
"""The ops that TensorFlow does not have, or has with other attributes, and those that call Python."""
_BRANCHES = ("If", "StatelessIf", "Case", "StatelessCase")
_LOOPS = ("While", "StatelessWhile")


def resource_behind(value: Any) -> Any:
    """The object that the value of a handle is."""
    return np.asarray(value, object)[()] if isinstance(value, np.ndarray) else value


def _is_resource(node: Operation) -> bool:
    return node.type == "Const" and node.outputs[0].dtype in (dtypes.resource, dtypes.variant)


def needed(outputs: Sequence[SymbolicTensor], effects: Sequence[Operation],
           inputs: Sequence[SymbolicTensor]) -> list[Operation]:
    """The nodes of a function."""
    fed = {id(t) for t in inputs}
    return [n for n in prune([t.op for t in outputs if id(t) not in fed] + list(effects), fed)
            if not (n.outputs and all(id(t) in fed for t in n.outputs))]


def _blocks(node: Operation) -> list[Block]:
    return list(node.op.blocks(node.attrs)) if node.op.blocks is not None else []


def resources_in(nodes: Sequence[Operation]) -> dict[int, Any]:
    """The values of the resources that nodes hold as constants, those in branches and loops included."""
    found: dict[int, Any] = {}
    for node in nodes:
        if _is_resource(node):
            value = node.attrs["value"]
            found[id(resource_behind(value))] = resource_behind(value)
        for block in _blocks(node):
            found |= resources_in(needed(block.outputs, block.effects, block.inputs))
    return found


def variables_in(nodes: Sequence[Operation]) -> dict[int, Any]:
    """The variables that nodes use."""
    return {id(x.op.variable): x.op.variable for n in nodes for x in n.inputs if x.op.type == "VarHandleOp"}


class Writer:
    """Functions on their way into a library."""

    def __init__(self) -> None:
        self.functions: list[FunctionDef] = []
        self._names: set[str] = set()

    def unique(self, base: str) -> str:
        """A name that no function has."""
        clean = re.sub(r"[^A-Za-z0-9_.]", "_", base)
        name, count = clean, 0
        while name in self._names:
            count += 1
            name = f"{clean}_{count}"
        self._names.add(name)
        return name

    def add(self, name: str, inputs: Sequence[SymbolicTensor], variables: Sequence[Any], resources: Mapping[int, Any],
            graph: Any, outputs: Sequence[SymbolicTensor], effects: Sequence[Operation], loop: str = "") -> str:
        """Adds a function.

        Args:
          inputs: the tensors that stand for its first arguments.
          variables: those whose handles are the next arguments.
          resources: the keys of those that are the last ones, with the tensors that stand for them, if any do.
          outputs: the tensors that it returns, which may be inputs.
          effects: nodes to run although no output needs them.
          loop: "cond" or "body" for a loop's functions, whose first arguments are the number of the iteration and the most
            iterations there may be, -1 for any number: TensorFlow's gradients of loops expect them.

        Returns:
          Its name.

        Raises:
          UnimplementedError: a node that TensorFlow does not have.
        """
        body = _Body(self, self.unique(name))
        if loop:
            body.count(loop == "body")
        for t in inputs:
            body.argument(t.op.name, t.dtype, t.shape, t)
        for variable in variables:
            body.argument(f"{variable.name.partition(':')[0]}_resource", dtypes.resource, TensorShape([]),
                          graph.handle(variable))
        for key, held in resources.items():
            body.resources[key] = body.argument("resource", dtypes.resource, TensorShape([]), held)
        for node in needed(outputs, effects, [*inputs, *(t for t in resources.values() if t is not None)]):
            body.node(node)
        for i, t in enumerate(outputs):
            body.result(f"output_{i}", t)
        self.functions.append(body.finished(effects))
        return str(body.message.signature.name)


class _Body:
    """One function."""

    def __init__(self, writer: Writer, name: str) -> None:
        self.writer = writer
        self.message = FunctionDef()
        self.message.signature.name = name
        self.texts: dict[int, str] = {}
        self.resources: dict[int, str] = {}
        self._arguments: set[str] = set()
        self._emitted: set[int] = set()
        self._readers: dict[str, list[str]] = {}
        self._writers: dict[str, str] = {}
        self._last_effect = ""
        self._stateful: list[str] = []

    def argument(self, name: str, dtype: Any, shape: TensorShape, tensor: Any) -> str:
        """One more argument, which stands for a tensor."""
        clean = re.sub(r"[^a-z0-9_]", "_", name.lower())
        clean = base = clean if clean[:1].isalpha() else f"arg_{clean}"
        count = 0
        while clean in self._arguments:
            count += 1
            clean = f"{base}_{count}"
        self._arguments.add(clean)
        attrs = ArgAttrs()
        attrs.attr.put("_output_shapes", attr_value([shape], "list(shape)"))
        self.message.arg_attr.put(len(self.message.signature.input_arg), attrs)
        list.append(self.message.signature.input_arg, ArgDef(name=clean, type=dtype.as_datatype_enum))
        if tensor is not None:
            self.texts[id(tensor)] = clean
        return clean

    def count(self, up: bool) -> None:
        """The first arguments of a loop's functions, and where it is the body its first results."""
        scalar = TensorShape([])
        counter = self.argument("loop_counter", dtypes.int32, scalar, None)
        limit = self.argument("maximum_iterations", dtypes.int32, scalar, None)
        if up:
            one = self.constant("loop_counter/one", 1)
            add = NodeDef(name="loop_counter/add", op="AddV2", input=[counter, f"{one}:output:0"])
            add.attr.put("T", attr_value(dtypes.int32, "type"))
            list.append(self.message.node_def, add)
            for name, text in (("next_counter", "loop_counter/add:z:0"), ("next_maximum", limit)):
                list.append(self.message.signature.output_arg, ArgDef(name=name, type=dtypes.int32.as_datatype_enum))
                self.message.ret.put(name, text)

    def constant(self, name: str, value: int) -> str:
        """A node that holds a small number."""
        node = NodeDef(name=name, op="Const")
        node.attr.put("dtype", attr_value(dtypes.int32, "type"))
        node.attr.put("value", AttrValue(tensor=make_tensor_proto(np.array(value, np.int32))))
        list.append(self.message.node_def, node)
        return name

    def node(self, node: Operation) -> None:
        """Adds a node of the graph."""
        if node.type == "VarHandleOp":
            return
        if _is_resource(node):
            self.texts[id(node.outputs[0])] = self.resources[id(resource_behind(node.attrs["value"]))]
            return
        if node.type in OWN:
            raise errors.UnimplementedError(None, None, f"Node '{node.name}' of type {node.type} cannot be saved: TensorFlow "
                                            "has no such operation.")
        inputs = [self._text(x) for x in node.inputs]
        made = self._control_flow(node, inputs) if node.op.blocks is not None else node_def(node)
        if node.op.blocks is None:
            made.ClearField("input")
            list.extend(made.input, inputs)
        made.name = self._name(node.name)
        waits = [self._name(c.name) for c in node.control_inputs if id(c) in self._emitted]
        waits += self._order(node, made)
        list.extend(made.input, [f"^{name}" for name in dict.fromkeys(waits)])
        list.append(self.message.node_def, made)
        self._emitted.add(id(node))
        self._outputs(node, made.name)

    @staticmethod
    def _name(name: str) -> str:
        return name if re.match(r"[A-Za-z0-9.]", name) else f"node{name}"

    def _text(self, tensor: SymbolicTensor) -> str:
        found = self.texts.get(id(tensor))
        if found is None:
            raise errors.UnimplementedError(None, None, f"The tensor {tensor.name} comes from outside the function in a way "
                                            "that cannot be saved.")
        return found

    def _outputs(self, node: Operation, name: str) -> None:
        """Notes how others name the outputs of a node."""
        arguments = node.op.signature.outputs
        if node.op.blocks is not None or len(arguments) == 1:
            only = "output" if node.op.blocks is not None else arguments[0].name
            first = 2 if node.type in _LOOPS else 0
            for i, t in enumerate(node.outputs):
                self.texts[id(t)] = f"{name}:{only}:{first + i}"
            return
        attrs = node_def(node).attr
        place = 0
        for arg in arguments:
            size = 1
            if arg.listed:
                size = int(attrs[arg.number].i) if arg.number is not None else len(attrs[arg.type].list.type)
            for i in range(size):
                self.texts[id(node.outputs[place])] = f"{name}:{arg.name}:{i}"
                place += 1

    def _order(self, node: Operation, made: NodeDef) -> list[str]:
        """What a node has to wait for, so that reads and writes happen in the order of the graph."""
        if not node.op.stateful and node.op.blocks is None:
            return []
        handles = [t for t in made.input if t in self._arguments]
        if node.op.blocks is not None and not any(n.op.stateful for b in _blocks(node) for n in b.program.nodes):
            return []
        self._stateful.append(made.name)
        if node.type == "ReadVariableOp":
            self._readers.setdefault(made.input[0], []).append(made.name)
            return [self._writers[made.input[0]]] if made.input[0] in self._writers else []
        waits = []
        for handle in handles:
            waits += self._readers.pop(handle, [])
            if handle in self._writers:
                waits.append(self._writers[handle])
            self._writers[handle] = made.name
        if not handles or node.op.host or node.op.blocks is not None:
            waits += [self._last_effect] if self._last_effect else []
            self._last_effect = made.name
        return waits

    # Branches and loops.

    def _control_flow(self, node: Operation, inputs: list[str]) -> NodeDef:
        blocks = _blocks(node)
        extra = list(resources_in([node]))
        texts = [*inputs, *(self.resources[key] for key in extra)]
        stateful = any(n.op.stateful for b in blocks for n in b.program.nodes) or any(b.effects for b in blocks)
        kind = node.type.removeprefix("Stateless")
        out = NodeDef(op=kind if stateful else f"Stateless{kind}", device=node.device)
        list.extend(out.input, texts)
        resources = [dtypes.resource] * len(extra)
        types = [x.dtype for x in node.inputs] + resources
        if node.type in _LOOPS:
            carried = node.attrs["carried"]
            cond, body = node.attrs["cond"], node.attrs["body"]
            name = self._name(node.name)
            counters = [self.constant(f"{name}/loop_counter", 0), self.constant(f"{name}/maximum_iterations", -1)]
            out.ClearField("input")
            list.extend(out.input, [*(f"{c}:output:0" for c in counters), *texts])
            out.attr.put("T", attr_value([dtypes.int32, dtypes.int32, *types], "list(type)"))
            out.attr.put("cond", self._function(cond, "cond", extra, cond.outputs[:1], loop="cond"))
            out.attr.put("body", self._function(body, "body", extra, body.outputs[:carried], carried))
            shapes = [TensorShape([])] * 2 + [t.shape for t in body.inputs[:carried]] + \
                [TensorShape(None)] * (len(types) - carried)
            out.attr.put("output_shapes", attr_value(shapes, "list(shape)"))
            out.attr.put("parallel_iterations", attr_value(10, "int"))
            return out
        if node.type not in _BRANCHES:
            raise errors.UnimplementedError(None, None, f"Node '{node.name}' of type {node.type} cannot be saved.")
        results = node.attrs["results"]
        made = [self._function(b, "branch", extra, b.outputs[:results]) for b in blocks]
        out.attr.put("Tin", attr_value(types[1:], "list(type)"))
        out.attr.put("Tout", attr_value([t.dtype for t in node.outputs[:results]], "list(type)"))
        out.attr.put("output_shapes", attr_value([t.shape for t in node.outputs[:results]], "list(shape)"))
        if kind == "If":
            out.attr.put("Tcond", attr_value(node.inputs[0].dtype, "type"))
            out.attr.put("else_branch", made[0])
            out.attr.put("then_branch", made[1])
        else:
            branches = AttrValue()
            list.extend(branches.list.func, [b.func for b in made])
            branches.list.SetInParent()
            out.attr.put("branches", AttrValue(list=branches.list))
        return out

    def _function(self, block: Block, what: str, extra: Sequence[int], outputs: Sequence[SymbolicTensor],
                  carried: int | None = None, loop: str = "") -> AttrValue:
        """A block as a function of the library. The body of a loop returns all its arguments, `carried` of them new."""
        results = list(outputs)
        handles: list[Any] = []
        if carried is not None:
            results += block.inputs[carried:]
            handles = [block.graph.handle(v) for v in block.variables]
        name = self.writer.add(f"{self.message.signature.name}_{what}", block.inputs, block.variables, dict.fromkeys(extra),
                               block.graph, [*results, *handles], block.effects, "body" if carried is not None else loop)
        if carried is not None:
            body = self.writer.functions[-1]
            arguments = body.signature.input_arg
            for i in range(len(arguments) - len(extra), len(arguments)):
                list.append(body.signature.output_arg, ArgDef(name=f"output_{i}", type=arguments[i].type))
                body.ret.put(f"output_{i}", arguments[i].name)
        return AttrValue(func={"name": name})

    # Results.

    def result(self, name: str, tensor: SymbolicTensor) -> None:
        """One more result."""
        list.append(self.message.signature.output_arg, ArgDef(name=name, type=tensor.dtype.as_datatype_enum))
        self.message.ret.put(name, self._text(tensor))

    def finished(self, effects: Sequence[Operation]) -> FunctionDef:
        """The function, whose effects are run whatever is asked of it."""
        for name in self._stateful:
            list.append(self.message.signature.control_output, name)
            self.message.control_ret.put(name, name)
        self.message.signature.is_stateful = bool(self._stateful)
        return self.message
