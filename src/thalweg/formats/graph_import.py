"""Reading `GraphDef` messages: graphs built again from the registered entries. Nothing in a message is run."""
from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import Any

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.device_spec import merged
from ..core.graph import Graph, get_default_graph
from ..core.graph_variable import GraphVariable
from ..core.opdef import Attr, OpDef, get_op
from ..core.shape import TensorShape
from ..core.symbol import Operation, SymbolicTensor
from .graph_functions import ALIASES, CALLS, Library, reads_of_references
from .graph_proto import AttrValue, GraphDef, NodeDef
from .tensor_proto import array_of

_FIELDS = {"int": "i", "float": "f", "bool": "b", "string": "s", "type": "type", "shape": "shape", "tensor": "tensor",
           "func": "func"}
_WORDS = {"i": "int", "f": "float", "b": "bool", "s": "string"}


def import_graph_def(graph_def: Any, input_map: Any = None, return_elements: Any = None, name: str | None = None,
                     op_dict: Any = None, producer_op_list: Any = None) -> Any:
    """Adds the nodes of a `GraphDef` to the graph that is being built, or to the default graph.

    Args:
      graph_def: the message.
      input_map: for names of tensors in it (`x:0`) tensors that take their places.
      return_elements: names of tensors (`y:0`) and operations (`y`) to return.
      name: stands before the names of the nodes, "import" unless told otherwise; nothing where it is "".
      op_dict, producer_op_list: without effect.

    Returns:
      The tensors and operations that were asked for, or None.

    Raises:
      TypeError: arguments of other kinds.
      NotFoundError: an op type that is not registered.
      UnimplementedError: one that graphs of this version no longer have.
      ValueError: the graph is not whole: unknown inputs, missing attributes, shapes or dtypes that do not fit; names that
        are not in it.
    """
    if not isinstance(graph_def, GraphDef):
        raise TypeError("Argument `graph_def` must be a GraphDef proto.")
    if input_map is not None and not isinstance(input_map, Mapping):
        raise TypeError(f"Argument `input_map` must be a dictionary. Obtained {type(input_map).__name__}")
    wanted = None if return_elements is None else list(return_elements)
    if wanted is not None and not all(isinstance(w, str) for w in wanted):
        raise TypeError(f"Argument `return_elements` must be a list of strings. Obtained {return_elements}.")
    graph = ctx.graph if isinstance(ctx.graph, Graph) else get_default_graph()
    previous, ctx.graph = ctx.graph, graph
    try:
        mapped = {_full(k): convert_to_tensor(v) for k, v in (input_map or {}).items()}
        with graph.name_scope("import" if name is None else name) as scope, _alone(graph):
            reader = Reader(graph, graph_def, mapped, scope or "")
            reader.read()
            return None if wanted is None else [_element(reader, w) for w in wanted]
    finally:
        ctx.graph = previous


@contextmanager
def _alone(graph: Graph) -> Any:
    """Keeps the control dependencies and devices of the caller out of the nodes; if one cannot be added, none is."""
    control, device, before = graph._control, graph._device, len(graph._nodes)
    try:
        yield
    except BaseException:
        for node in graph._nodes[before:]:
            graph._by_name.pop(node.name, None)
        del graph._nodes[before:]
        raise
    finally:
        graph._control, graph._device = control, device


def _full(name: Any) -> str:
    return name if ":" in name or name.startswith("^") else f"{name}:0"


def _element(reader: Reader, name: str) -> Any:
    base, colon, index = name.partition(":")
    node = reader.made.get(base)
    if not colon:
        if node is None:
            raise ValueError(f"Requested return node '{name}' not found in graph def")
        return node
    outputs = reader.outputs.get(base, ())
    if not index.isdigit() or int(index) >= len(outputs):
        raise ValueError(f"Requested return tensor '{name}' not found in graph def")
    return outputs[int(index)]


class Reader:
    """The nodes of one message on their way into a graph.

    Args:
      graph: where they go; it is being built.
      message: a `GraphDef`, or the nodes of a function.
      mapped: by the names of tensors those that take their places.
      scope: what stands before the names of the nodes.
      library: the functions that nodes call; those of the message unless told otherwise.
      variable: makes the variable behind an imported handle.
    """

    named_calls = True
    """Whether a node stands for the results of a call, so that they are found by its name."""

    def __init__(self, graph: Graph, message: Any, mapped: dict[str, Any], scope: str, library: Library | None = None,
                 variable: Callable[[Graph, Operation], Any] | None = None) -> None:
        self.graph = graph
        self.mapped = mapped
        self.scope = scope
        self.used: set[str] = set()
        self.made: dict[str, Operation | None] = {}
        self.outputs: dict[str, list[Any]] = {}
        self.references: dict[str, SymbolicTensor] = {}
        """The handles of TensorFlow 1's variables, by the names of their nodes."""
        self.attributes: Mapping[str, AttrValue] = {}
        """The values of attributes that nodes take from the call of the function that they are in."""
        self.base_control: tuple[Operation, ...] = ()
        """What effects wait for, whatever else their nodes say."""
        self.variable = variable or imported_variable
        self.nodes: dict[str, NodeDef] = {}
        self.device = graph._device
        self.version = int(message.versions.producer) if library is None else library.version
        self.library = library or Library(message.library, self.version, Reader)
        for node in message.node:
            if node.name in self.nodes:
                raise ValueError(f"Node '{node.name}' is not unique")
            self.nodes[node.name] = node

    def read(self) -> None:
        """Adds every node after those that it reads."""
        for node in self._ordered():
            self._add(node)
        unknown = [key for key in self.mapped if key not in self.used and key.lstrip("^").partition(":")[0] not in self.nodes]
        if unknown:
            raise ValueError(f"Attempted to map inputs that were not found in graph_def: [{', '.join(unknown)}]")

    def _ordered(self) -> list[Any]:
        """The nodes, each behind its inputs, as far as possible in their order.

        Raises:
          ValueError: an input is not there; nodes wait for each other.
        """
        out: list[Any] = []
        state: dict[str, int] = {}
        for name in self.nodes:
            stack = [name]
            while stack:
                current = stack[-1]
                if state.get(current) == 2:
                    stack.pop()
                    continue
                waiting = [source for source in self._sources(current) if state.get(source) != 2]
                if not waiting:
                    state[current] = 2
                    out.append(self.nodes[stack.pop()])
                elif state.get(current) == 1 and any(state.get(w) == 1 and w in stack for w in waiting):
                    raise ValueError(f"Node '{current}' is part of a cycle; control flow by Enter and NextIteration is not "
                                     "supported.")
                else:
                    state[current] = 1
                    stack += reversed(waiting)
        return out

    def _sources(self, name: str) -> list[str]:
        found = []
        for text in self.nodes[name].input:
            base = text.lstrip("^").partition(":")[0]
            if _full(text) in self.mapped:
                continue
            if base not in self.nodes:
                raise ValueError(f"Node '{name}': Unknown input node '{text}'")
            found.append(base)
        return found

    def _input(self, node: Any, text: str) -> SymbolicTensor:
        full = _full(text)
        if full in self.mapped:
            self.used.add(full)
            return self.mapped[full]  # type: ignore[no-any-return]
        base, _, place = full.partition(":")
        if base in self.references:
            return reads_of_references(self.graph, base, self.references[base])
        outputs = self.outputs[base]
        index = self._index(base, place)
        if index >= len(outputs):
            raise ValueError(f"Node '{node.name}': Connecting to invalid output {index} of source node {base} which has "
                             f"{len(outputs)} outputs.")
        return outputs[index]  # type: ignore[no-any-return]

    def _index(self, base: str, place: str) -> int:
        """Which output of a node a text after its name means."""
        return int(place)

    def _add(self, node: Any) -> None:
        control = [self._control(text) for text in node.input if text.startswith("^")]
        self.graph._control = tuple(dict.fromkeys([c for c in control if c is not None]))
        self.graph._device = merged(self.device, node.device) if node.device else self.device
        self._reserve(node.name)
        if node.op in CALLS or node.op in self.library:
            self.graph._control = tuple(dict.fromkeys((*self.graph._control, *self.base_control)))
            inputs = [self._input(node, text) for text in node.input if not text.startswith("^")]
            self.made[node.name], self.outputs[node.name] = self.library.call(self, node, inputs)
            return
        if node.op in ALIASES and ALIASES[node.op](self, node):
            return
        made = self._node(node)
        self.made[node.name], self.outputs[node.name] = made, made.outputs

    def entry(self, node: Any) -> OpDef:
        """The entry of a node's op.

        Raises:
          NotFoundError: it is not registered.
          UnimplementedError: graphs of this version no longer have it.
        """
        try:
            entry = get_op(node.op)
        except errors.NotFoundError:
            raise errors.NotFoundError(
                None, None, f"Op type not registered '{node.op}' in binary. Make sure the Op and Kernel are registered in the "
                "binary running in this process.") from None
        gone = entry.gone(self.version)
        if gone:
            raise errors.UnimplementedError(None, None, gone)
        if entry.then is not None:
            raise errors.UnimplementedError(None, None, f"Node '{node.name}' of type {node.op} reads a variable and changes "
                                            "it, which cannot be imported.")
        return entry

    def _node(self, node: Any) -> Operation:
        entry = self.entry(node)
        attrs = self._attrs(entry, node)
        inputs = [self._input(node, text) for text in node.input if not text.startswith("^")]
        self._check_inputs(entry, node, inputs)
        if entry.stateful and self.base_control:
            self.graph._control = tuple(dict.fromkeys((*self.graph._control, *self.base_control)))
        made = self.graph.add(entry, inputs, attrs, self.name_of(node))
        if entry.type == "VarHandleOp":
            made.variable = self.variable(self.graph, made)
            self.graph._handles.setdefault(id(made.variable), (made.variable, made.outputs[0]))
        elif entry.type == "ReadVariableOp":
            variable = made.inputs[0].op.variable
            if variable is None:
                raise errors.UnimplementedError(None, None, f"Node '{node.name}' reads a variable that is not known before "
                                                "the graph runs.")
            made.outputs[0]._shape = variable.shape
        return made

    def _control(self, text: str) -> Operation | None:
        if text in self.mapped:
            self.used.add(text)
            return getattr(self.mapped[text], "op", None)
        return self.made.get(text[1:])

    def name_of(self, node: Any) -> str:
        """The name for a node: its own behind the scope, unless the graph has that already."""
        full = self.scope + node.name
        if full in self.graph._by_name:
            return str(node.name)
        self.graph._used_names.setdefault(full.lower(), 1)
        return f"{full}/"

    def _reserve(self, name: str) -> None:
        """Counts the scopes in a node's name as used, so that later ones get names of their own."""
        parts = name.split("/")[:-1]
        for i in range(len(parts)):
            self.graph._used_names.setdefault((self.scope + "/".join(parts[:i + 1])).lower(), 1)

    def _check_inputs(self, entry: OpDef, node: Any, inputs: list[SymbolicTensor]) -> None:
        """Compares the dtypes of inputs with what the node says of them."""
        args = entry.signature.inputs
        if any(a.listed for a in args):
            return
        if len(inputs) != len(args):
            raise ValueError(f"NodeDef expected {len(args)} inputs for op {entry.type}, but it has {len(inputs)}; NodeDef: "
                             f"{{{{node {self.scope}{node.name}}}}}")
        for i, (arg, x) in enumerate(zip(args, inputs, strict=True)):
            attr = entry.signature.attr(arg.type)
            if attr is None:
                wanted = dtypes.as_dtype(arg.type)
            elif attr.type == "type" and arg.type in node.attr:
                wanted = dtypes.as_dtype(node.attr[arg.type].type)
            else:
                continue
            if x.dtype.base_dtype != wanted.base_dtype:
                raise ValueError(f"Input {i} of node {self.scope}{node.name} was passed {dtypes.type_name(x.dtype)} from "
                                 f"{x.name} incompatible with expected {dtypes.type_name(wanted)}.")

    def _attrs(self, entry: OpDef, node: Any) -> dict[str, Any]:
        """The attributes that the entry takes; those that follow from its inputs it finds itself."""
        parameters = inspect.signature(entry.kernel).parameters
        catches_all = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
        bound = {a.type for a in entry.signature.inputs} | {a.number for a in entry.signature.inputs}
        out = {}
        for attr in entry.signature.attrs:
            given = node.attr.get(attr.name)
            if given is not None and given.WhichOneof("value") == "placeholder":
                given = self.attributes.get(given.placeholder)
            if given is None:
                if attr.default is None and not (attr.name in bound and len(node.input)):
                    raise ValueError(f"NodeDef missing attr '{attr.name}' from {entry.describe()}; NodeDef: "
                                     f"{{{{node {self.scope}{node.name}}}}}")
                if attr.default is None or attr.name not in parameters or \
                        parameters[attr.name].default is not inspect.Parameter.empty:
                    continue
                out[attr.name] = TensorShape(None) if attr.type == "shape" else attr.default_value
            elif attr.name in parameters or (catches_all and attr.name not in bound) or entry.type == "Const":
                out[attr.name] = self._value(entry, node, attr, given)
        return out

    def _value(self, entry: OpDef, node: Any, attr: Attr, given: Any) -> Any:
        listed = attr.type.startswith("list(")
        field = given.WhichOneof("value")
        wanted = "list" if listed else _FIELDS.get(attr.type)
        if field != wanted:
            found = _WORDS.get(field or "", field or "nothing")
            raise ValueError(f"AttrValue had value with type '{found}' when '{attr.type}' expected\n\t for attr '{attr.name}'"
                             f"\n\t; NodeDef: {{{{node {self.scope}{node.name}}}}}; {entry.describe()}")
        if field == "func":
            raise errors.UnimplementedError(None, None, f"Node '{node.name}' of type {node.op} has functions of the graph's "
                                            "library as attributes, which cannot be imported.")
        if not listed:
            return python_value(given)
        inner = _FIELDS[attr.type[len("list("):-1]]
        return [_one(inner, v) for v in getattr(given.list, inner)]


def python_value(value: AttrValue) -> Any:
    """What an attribute holds, as entries have it.

    Raises:
      ValueError: it holds nothing, or a function.
    """
    field = value.WhichOneof("value")
    if field is None or field in ("func", "placeholder"):
        raise ValueError(f"an attribute with {field or 'no value'}")
    if field == "list":
        return [_one(f.name, v) for f, values in value.list.ListFields() for v in values]
    return _one(field, getattr(value, field))


def _one(field: str, value: Any) -> Any:
    if field == "s":
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    if field == "type":
        return dtypes.as_dtype(value)
    if field == "shape":
        return TensorShape(None) if value.unknown_rank else TensorShape([None if d.size < 0 else d.size for d in value.dim])
    return array_of(value) if field == "tensor" else value


def imported_variable(graph: Graph, node: Operation) -> GraphVariable:
    """The variable behind an imported handle: its values belong to sessions, its initializer is a node among the others."""
    variable = GraphVariable.__new__(GraphVariable)
    variable._graph = graph
    variable._trainable = False
    variable._constraint = None
    variable._name = node.name
    variable._dtype = node.attrs["dtype"]
    variable._shape = node.attrs["shape"]
    return variable
