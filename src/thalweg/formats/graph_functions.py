"""The functions of a graph's library: their nodes are built where they are called."""
from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core import errors
from ..core.dispatch import apply
from ..core.graph import Graph
from ..core.opdef import get_op
from ..core.shape import TensorShape
from ..core.symbol import Operation, SymbolicTensor
from .graph_proto import AttrValue, GraphDef

CALLS = ("If", "StatelessIf", "Case", "StatelessCase", "While", "StatelessWhile", "PartitionedCall", "StatefulPartitionedCall")
"""The ops that call functions of the library."""
_SILENT = ("VarHandleOp", "ReadVariableOp")
DEPTH = 100
"""How deep calls may lie in each other."""
NODES = 2_000_000
"""How many nodes a graph may have when one more call is built in it."""


class Library:
    """Functions by name.

    Args:
      message: a `FunctionDefLibrary`.
      version: the version of the graph.
      reader: the class that reads the nodes of a graph.
    """

    def __init__(self, message: Any, version: int, reader: type[Any]) -> None:
        self.version = version
        self._functions = {f.signature.name: f for f in message.function}
        self._reader = _body_reader(reader)
        self._depth = 0

    def __contains__(self, name: str) -> bool:
        return name in self._functions

    def function(self, name: str, attributes: Mapping[str, AttrValue] | None = None) -> LibraryFunction:
        """A function by name.

        Args:
          attributes: the values of its attributes, if it has any.

        Raises:
          NotFoundError: there is none.
        """
        found = self._functions.get(name)
        if found is None:
            raise errors.NotFoundError(None, None, f"Function '{name}' is not defined.")
        return LibraryFunction(self, found, attributes or {})

    def build(self, definition: Any, attributes: Mapping[str, AttrValue], tensors: Sequence[Any]) -> list[Any]:
        """Builds the nodes of a function in the graph that is being built, and returns its results."""
        from ..core.context import ctx
        graph = ctx.graph
        assert isinstance(graph, Graph)
        names = [arg.name for arg in definition.signature.input_arg]
        if len(names) != len(tensors):
            raise ValueError(f"Function '{definition.signature.name}' takes {len(names)} arguments, not {len(tensors)}.")
        if self._depth >= DEPTH:
            raise errors.UnimplementedError(None, None, f"Function '{definition.signature.name}' calls itself, which cannot be "
                                            "imported.")
        if len(graph._nodes) > NODES:
            raise errors.ResourceExhaustedError(None, None, "The functions of the graph call each other so often that it would "
                                                "have millions of nodes.")
        mapped = {f"{name}:0": graph.capture(t) for name, t in zip(names, tensors, strict=True)}
        body = GraphDef()
        list.extend(body.node, definition.node_def)
        control, device = graph._control, graph._device
        self._depth += 1
        try:
            reader = self._reader(graph, body, mapped, graph._scope, self)
            reader.attributes = attributes
            reader.base_control = control
            reader.used.update(mapped)
            reader.read()
            return [reader.result(arg.name, definition.ret.get(arg.name)) for arg in definition.signature.output_arg]
        finally:
            self._depth -= 1
            graph._control, graph._device = control, device

    def call(self, reader: Any, node: Any, inputs: Sequence[Any]) -> tuple[Operation | None, list[Any]]:
        """Builds what a node that calls functions stands for.

        Returns:
          The operation that stands for all of it, and the results.
        """
        graph = reader.graph
        before = len(graph._nodes)
        name = reader.name_of(node)
        with graph.name_scope(name):
            results = self._results(reader, node, inputs)
        effects = [n for n in graph._nodes[before:] if n.op.stateful and n.type not in _SILENT]
        plain = bool(results) and not any(t.dtype.name in ("resource", "variant") for t in results)
        if not (effects or graph._control or reader.named_calls):
            return None, results
        control = graph._control
        with graph.control_dependencies(effects):
            if reader.named_calls and plain:
                out = apply(get_op("IdentityN"), results, {}, name)
                graph._control = control
                return out[0].op, list(out)
            done = apply(get_op("NoOp"), (), {}, name if reader.named_calls and not results else None)
        graph._control = control
        return done, results

    def _results(self, reader: Any, node: Any, inputs: Sequence[Any]) -> list[Any]:
        if node.op in self:
            return self.function(node.op, node.attr)(*inputs)

        def called(attr: str) -> LibraryFunction:
            found = node.attr.get(attr)
            if found is None:
                raise ValueError(f"NodeDef missing attr '{attr}' from Op<name={node.op}>; NodeDef: {{{{node {node.name}}}}}")
            return self.function(found.func.name, found.func.attr)
        if node.op.endswith("PartitionedCall"):
            return called("f")(*inputs)
        shapes = [TensorShape(None) if s.unknown_rank else TensorShape([None if d.size < 0 else d.size for d in s.dim])
                  for s in (node.attr["output_shapes"].list.shape if "output_shapes" in node.attr else ())]
        control = importlib.import_module(_CONTROL)
        name = node.name.rpartition("/")[2]
        if node.op.endswith("While"):
            found = control.loop(inputs, called("cond"), called("body"), shapes, name)
        elif node.op.endswith("If"):
            found = control.either(inputs[0], inputs[1:], called("then_branch"), called("else_branch"), name)
        else:
            branches = [self.function(f.name, f.attr) for f in node.attr["branches"].list.func]
            found = control.choice(inputs[0], inputs[1:], branches, name)
        for t, shape in zip(found, shapes, strict=False):
            if t.shape.is_compatible_with(shape):
                t.set_shape(shape)
        return list(found)


_CONTROL = f"{__name__.rpartition('.formats')[0]}.runtime.imported_control"


class LibraryFunction:
    """A function of a library. Called on tensors it builds its nodes in the graph that is being built."""

    def __init__(self, library: Library, definition: Any, attributes: Mapping[str, AttrValue]) -> None:
        self.library = library
        self.definition = definition
        self.attributes = attributes

    @property
    def name(self) -> str:
        """The name in the library."""
        return str(self.definition.signature.name)

    def __call__(self, *tensors: Any) -> list[Any]:
        return self.library.build(self.definition, self.attributes, tensors)

    def argument_shapes(self) -> list[TensorShape]:
        """What the library knows of the shapes of arguments."""
        found = []
        for i in range(len(self.definition.signature.input_arg)):
            given = self.definition.arg_attr.get(i)
            shapes = given.attr["_output_shapes"].list.shape if given is not None and "_output_shapes" in given.attr else ()
            found.append(TensorShape([None if d.size < 0 else d.size for d in shapes[0].dim])
                         if shapes and not shapes[0].unknown_rank else TensorShape(None))
        return found

    def kept(self) -> dict[int, int]:
        """The results that are arguments, unchanged: for the place of each the argument's."""
        places = {arg.name: i for i, arg in enumerate(self.definition.signature.input_arg)}
        nodes = {n.name: n for n in self.definition.node_def}
        found = {}
        for i, arg in enumerate(self.definition.signature.output_arg):
            text = self.definition.ret.get(arg.name) or ""
            for _ in range(len(nodes) + 1):
                node = nodes.get(text.partition(":")[0])
                if node is None or node.op != "Identity" or not node.input:
                    break
                text = node.input[0]
            if text in places:
                found[i] = places[text]
        return found


def _body_reader(base: type[Any]) -> type[Any]:
    class Body(base):  # type: ignore[misc]
        """The nodes of a function: what they read is named by output argument."""

        named_calls = False

        def _index(self, base: str, place: str) -> int:
            name, _, index = place.rpartition(":")
            node = self.nodes[base]
            if not name:
                return int(index)
            if node.op in self.library:
                names = [a.name for a in self.library.function(node.op).definition.signature.output_arg]
                return names.index(name)
            if node.op in CALLS or node.op == "VariableV2":
                return int(index)
            start = 0
            for arg in get_op(node.op).signature.outputs:
                if arg.name == name:
                    return start + int(index)
                start += _size(arg, node)
            raise ValueError(f"Node '{base}' of type {node.op} has no output '{name}'.")

        def result(self, name: str, text: str | None) -> Any:
            """The tensor that a function returns under a name."""
            if text is None:
                raise ValueError(f"The function does not say what '{name}' is.")
            full = text if ":" in text else f"{text}:0"
            if full not in self.mapped and full.partition(":")[0] not in self.nodes:
                raise ValueError(f"The result '{name}' is '{text}', which is not there.")
            return self._input(None, text)
    return Body


def _size(arg: Any, node: Any) -> int:
    """How many tensors an output argument of a node stands for."""
    if not arg.listed:
        return 1
    if arg.number is not None:
        return int(node.attr[arg.number].i)
    return len(node.attr[arg.type].list.type)


# Nodes that become others.


def reads_of_references(graph: Graph, name: str, handle: SymbolicTensor) -> SymbolicTensor:
    """The present value of a variable of TensorFlow 1 for a node that waits for what the node at hand waits for."""
    variable = handle.op.variable
    made = graph.add(get_op("ReadVariableOp"), (handle,), {"dtype": variable.dtype}, f"{name}/value")
    made.outputs[0]._shape = variable.shape
    return made.outputs[0]


def _variable(reader: Any, node: Any) -> bool:
    """A variable by reference: a handle, and a node that reads it."""
    graph = reader.graph
    entry = get_op("VarHandleOp")
    attrs = reader._attrs(entry, node) | {"shared_name": node.attr["shared_name"].s.decode() or node.name}
    handle = graph.add(entry, (), attrs, f"{node.name}/handle")
    handle.variable = reader.variable(graph, handle)
    handle.variable._name = node.name
    graph._handles.setdefault(id(handle.variable), (handle.variable, handle.outputs[0]))
    read = graph.add(get_op("ReadVariableOp"), (handle.outputs[0],), {"dtype": handle.variable.dtype}, reader.name_of(node))
    read.outputs[0]._shape = handle.variable.shape
    reader.references[node.name] = handle.outputs[0]
    reader.made[node.name], reader.outputs[node.name] = read, read.outputs
    return True


def _same(reader: Any, node: Any) -> bool:
    """The identity of a resource is the resource itself."""
    text = node.input[0] if node.input else ""
    base = text.partition(":")[0]
    if base in reader.references:
        return False
    found = reader._input(node, text)
    if found.dtype.name != "resource":
        return False
    reader.made[node.name] = found.op if not any(t.startswith("^") for t in node.input) else \
        reader.graph.add(get_op("NoOp"), (), {}, None)
    reader.outputs[node.name] = [found]
    return True


def _nothing(reader: Any, node: Any) -> bool:
    reader.made[node.name], reader.outputs[node.name] = reader.graph.add(get_op("NoOp"), (), {}, reader.name_of(node)), []
    return True


_UPDATES = {"Assign": "AssignVariableOp", "AssignAdd": "AssignAddVariableOp", "AssignSub": "AssignSubVariableOp"}


def _update(reader: Any, node: Any) -> bool:
    """An update of variables by reference, as one of resources; its result is the value afterwards."""
    graph = reader.graph
    texts = [t for t in node.input if not t.startswith("^")]
    entry = get_op(_UPDATES.get(node.op, f"Resource{node.op}"))
    inputs = []
    for arg, text in zip(entry.signature.inputs, texts, strict=True):
        base = text.partition(":")[0]
        if arg.type == "resource" and base not in reader.references:
            raise errors.UnimplementedError(None, None, f"Node '{node.name}' updates '{base}', which is no variable.")
        inputs.append(reader.references[base] if arg.type == "resource" else reader._input(node, text))
    made = graph.add(entry, inputs, reader._attrs(entry, node), f"{node.name}/update")
    before, graph._control = graph._control, (made,)
    variable = inputs[0].op.variable
    read = graph.add(get_op("ReadVariableOp"), (inputs[0],), {"dtype": variable.dtype}, reader.name_of(node))
    read.outputs[0]._shape = variable.shape
    graph._control = before
    reader.references[node.name] = inputs[0]
    reader.made[node.name], reader.outputs[node.name] = read, read.outputs
    return True


_BY_REFERENCE = ("Assign", "AssignAdd", "AssignSub", "ScatterAdd", "ScatterSub", "ScatterUpdate", "ScatterMul", "ScatterDiv",
                 "ScatterMin", "ScatterMax", "ScatterNdAdd", "ScatterNdSub", "ScatterNdUpdate", "ApplyGradientDescent",
                 "ApplyMomentum", "ApplyAdam", "ApplyAdagrad", "ApplyRMSProp", "ApplyFtrl", "ApplyAdadelta")
ALIASES: dict[str, Callable[[Any, Any], bool]] = {
    "VariableV2": _variable, "Variable": _variable, "Identity": _same, "DisableCopyOnRead": _nothing,
    **dict.fromkeys(_BY_REFERENCE, _update)}
"""The ops that become others: each adds its node and says whether it did."""
