"""Graphs: operations that are described first and run later."""
from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from . import dtypes
from .backprop import overridden
from .context import ctx
from .convert import convert_to_tensor, to_array
from .graph_scopes import Scopes
from .infer import InputSpec, infer_outputs
from .node_text import input_shapes_text, messages, node_text
from .opdef import Arg, OpDef, get_op
from .symbol import Operation, SymbolicTensor
from .tensor import EagerTensor, Tensor
from .user_frame import user_frame


class Graph(Scopes):
    """Operations and the tensors between them. `with graph.as_default():` makes operations nodes of it."""

    building_function = False
    hashable_tensors = True
    """Whether tensors may be keys, and `==` compares identity: TensorFlow 1's way."""
    first_version = False
    """Whether a TensorFlow 1 program builds it, so that shapes of its tensors give `Dimension`s."""

    def __init__(self) -> None:
        super().__init__()
        self._nodes: list[Operation] = []
        self._by_name: dict[str, Operation] = {}
        self._collections: dict[Any, list[Any]] = {}
        self._finalized = False
        self._lock = threading.RLock()
        self._handles: dict[int, tuple[Any, SymbolicTensor]] = {}
        self._constants: dict[int, tuple[EagerTensor, SymbolicTensor]] = {}
        self.seed: int | None = None

    # Building.

    def apply(self, entry: OpDef, inputs: Sequence[Any], attrs: dict[str, Any], name: str | None) -> Any:
        """Adds a node and returns its output, a tuple of outputs, or the Operation where it has none."""
        previous, ctx.graph = ctx.graph, self
        try:
            node = self.add(entry, inputs, dict(attrs), name)
        finally:
            ctx.graph = previous
        outputs = node.outputs
        if ctx.tapes and entry.differentiable:
            record_node(node)
        if ctx.observer is not None:
            outputs = ctx.observer.seen(node)
        if len(outputs) == 1 and not entry.signature.gives_list:
            return outputs[0]
        return tuple(outputs) if outputs else node

    def add(self, entry: OpDef, inputs: Sequence[Any], attrs: dict[str, Any], name: str | None) -> Operation:
        """Adds a node.

        Raises:
          TypeError: inputs of one type attribute differ in dtype.
          ValueError: the shapes do not fit.
          RuntimeError: the graph is finalized.
        """
        self._check_open()
        if entry.type in self._gradient_overrides:
            entry = overridden(entry, self._gradient_overrides[entry.type])
        base = name or default_name(entry.type)
        full = base[:-1] if base.endswith("/") else self.unique_name(base)
        tensors = self._inputs(entry, inputs, attrs, full)
        specs = [InputSpec(t.shape, t.dtype, t.constant_value(), t) for t in tensors]
        try:
            outputs = infer_outputs(entry, specs, attrs)
        except ValueError as error:
            shown = node_text(entry, full, tensors, attrs)
            shapes = input_shapes_text(entry, specs)
            raise ValueError(f"{error} for '{shown}' with input shapes: {shapes}.") from None
        node = Operation(self, full, entry, tensors, attrs, self._control, self._device, user_frame())
        node.outputs = [SymbolicTensor(node, i, shape, dtype) for i, (shape, dtype) in enumerate(outputs)]
        if self._device_functions:
            self._place(node)
        with self._lock:
            node._id = len(self._nodes)
            self._nodes.append(node)
            self._by_name[full] = node
        return node

    def _inputs(self, entry: OpDef, inputs: Sequence[Any], attrs: dict[str, Any], name: str) -> tuple[SymbolicTensor, ...]:
        """The flat inputs as tensors of this graph; Python values become constants beside the node."""
        args = _flat_args(entry, len(inputs), attrs)
        binding = {a.name for a in entry.signature.attrs if a.type == "type"}
        bound: dict[str, tuple[str, dtypes.DType]] = {}
        for (arg, label), x in zip(args, inputs, strict=True):
            if isinstance(x, Tensor) and arg.type not in bound and arg.type in binding:
                bound[arg.type] = (label, x.dtype)
        out = []
        for (arg, label), x in zip(args, inputs, strict=True):
            known = bound.get(arg.type)
            if isinstance(x, Tensor) or hasattr(x, "__tf_tensor__"):
                t = self.capture(x if isinstance(x, Tensor) else convert_to_tensor(x))
            else:
                t = self._constant_input(entry, arg, label, x, known, name)
            if known is None and arg.type in binding:
                bound[arg.type] = (label, t.dtype)
            elif known is not None and t.dtype != known[1]:
                raise TypeError(f"Input '{label}' of '{entry.type}' Op has type {t.dtype.name} that does not match type "
                                f"{known[1].name} of argument '{known[0]}'.")
            out.append(t)
        self._check_types(entry, args, out)
        return tuple(out)

    def _constant_input(self, entry: OpDef, arg: Arg, label: str, x: Any, known: tuple[str, dtypes.DType] | None,
                        name: str) -> SymbolicTensor:
        dtype = known[1] if known is not None else None
        attr = entry.signature.attr(arg.type)
        if attr is None:
            dtype = dtypes.as_dtype(arg.type)
        elif dtype is None and arg.static and attr.default is not None and not isinstance(x, np.ndarray):
            dtype = dtypes.as_dtype(attr.default)
        elif dtype is None and type(x) in (list, tuple) and not x and attr.allowed and "float" not in attr.allowed:
            dtype = dtypes.as_dtype(attr.allowed[0])  # an empty list, which says nothing of its type
        array = to_array(list(x) if isinstance(x, tuple) else x, dtype)
        return self.constant(array, None, f"{name}/{label}/")

    def _check_types(self, entry: OpDef, args: Sequence[tuple[Arg, str]], tensors: Sequence[SymbolicTensor]) -> None:
        for (arg, label), t in zip(args, tensors, strict=True):
            attr = entry.signature.attr(arg.type)
            if attr is not None and attr.type == "type" and attr.allowed:
                if dtypes.type_name(t.dtype.base_dtype) not in attr.allowed:
                    allowed = ", ".join(dtypes.as_dtype(a).name for a in attr.allowed)
                    raise TypeError(f"Value passed to parameter '{label}' has DataType {t.dtype.name} not in list of "
                                    f"allowed values: {allowed}")
            elif attr is None and t.dtype != dtypes.as_dtype(arg.type):
                raise TypeError(f"Input '{label}' of '{entry.type}' Op has type {t.dtype.name} that does not match "
                                f"expected type of {arg.type}.")

    def capture(self, tensor: Any) -> SymbolicTensor:
        """A tensor as one of this graph: an eager tensor becomes a constant.

        Raises:
          ValueError: the tensor belongs to another graph.
        """
        if isinstance(tensor, EagerTensor):
            held = self._constants.get(id(tensor))
            if held is None:
                made = self.constant(np.asarray(tensor._value), tensor._dtype, "Const")
                held = self._constants[id(tensor)] = (tensor, made)
            return held[1]
        if tensor.graph is not self:
            raise ValueError(f"{tensor!r} must be from the same graph as the operation that uses it.")
        return tensor  # type: ignore[no-any-return]

    def constant(self, array: np.ndarray[Any, Any], dtype: dtypes.DType | None, name: str | None = None) -> SymbolicTensor:
        """A Const node."""
        dtype = dtype or dtypes.from_numpy(array.dtype)
        return self.add(get_op("Const"), (), {"value": array, "dtype": dtype}, name or "Const").outputs[0]

    def read(self, variable: Any) -> SymbolicTensor:
        """A node that reads a variable."""
        handle = self.handle(variable)
        for tape in ctx.tapes:
            if variable._trainable and tape._watch_accessed:
                tape._watch_variable(variable._origin(), handle)
        result: SymbolicTensor = self.apply(get_op("ReadVariableOp"), (handle,), {"dtype": variable.dtype}, None)
        result._shape = variable.shape
        return result

    def handle(self, variable: Any) -> SymbolicTensor:
        """The node that stands for a variable in this graph."""
        variable = variable._origin()
        held = self._handles.get(id(variable))
        if held is None:
            attrs = {"shared_name": variable.name.partition(":")[0], "dtype": variable.dtype, "shape": variable.shape}
            base = variable.name.partition(":")[0]
            node = self.add(get_op("VarHandleOp"), (), attrs, base + "/" if variable._owns_scope else base)
            node.variable = variable
            held = self._handles[id(variable)] = (variable, node.outputs[0])
        return held[1]

    def update(self, entry: OpDef, variables: Sequence[Any], inputs: Sequence[Any], attrs: dict[str, Any],
               name: str | None) -> Operation:
        """A node that gives variables new values."""
        handles = [self.handle(v) for v in variables]
        node: Operation = self.apply(entry, [*handles, *inputs], attrs, name)
        return node

    def assigned(self, variable: Any, node: Operation, read_value: bool) -> Any:
        """What an assignment returns: the value after it, or the operation alone."""
        if not read_value:
            return node
        with self.control_dependencies([node]):
            return self.read(variable)

    def variable(self, *args: Any, **kwargs: Any) -> Any:
        """A new variable of this graph, with the arguments of `tf.Variable`."""
        from .graph_variable import from_arguments
        return from_arguments(self, *args, **kwargs)

    # The default graph.

    @contextmanager
    def as_default(self) -> Iterator[Graph]:
        """Operations called inside become nodes of this graph."""
        previous, ctx.graph = ctx.graph, self
        stack = DEFAULTS.stack
        stack.append(self)
        try:
            yield self
        finally:
            stack.remove(self)
            ctx.graph = previous

    # Looking things up.

    def get_operations(self) -> list[Operation]:
        """Every node, in the order of creation."""
        return list(self._nodes)

    def get_operation_by_name(self, name: str) -> Operation:
        """The node of that name.

        Raises:
          KeyError: there is none.
        """
        if not isinstance(name, str):
            raise TypeError(f"Operation names are strings (or similar), not {type(name).__name__}.")
        node = self._by_name.get(name)
        if node is None:
            raise KeyError(f"The name {name!r} refers to an Operation not in the graph.")
        return node

    def get_tensor_by_name(self, name: str) -> SymbolicTensor:
        """The tensor `operation:index`.

        Raises:
          KeyError: there is none.
          ValueError: the name is that of an operation.
        """
        base, colon, index = name.rpartition(":")
        if not colon or not index.isdigit():
            if name in self._by_name:
                raise ValueError(f"The name {name!r} refers to an Operation, not a Tensor. Perhaps you meant to use "
                                 f"\"{name}:0\"?")
            raise ValueError(f"The name {name!r} looks like an (invalid) Operation name, not a Tensor. Tensor names must "
                             "be of the form \"<op_name>:<output_index>\".")
        node = self._by_name.get(base)
        if node is None:
            raise KeyError(f"The name {name!r} refers to a Tensor which does not exist. The operation, {base!r}, does not "
                           "exist in the graph.")
        if int(index) >= len(node.outputs):
            raise KeyError(f"The name {name!r} refers to a Tensor which does not exist. The operation, {base!r}, exists "
                           f"but only has {len(node.outputs)} outputs.")
        return node.outputs[int(index)]

    def as_graph_element(self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True) -> Any:
        """A tensor or operation of this graph by name, or itself.

        Raises:
          KeyError, ValueError: a name or object that is not in this graph.
          TypeError: something else.
        """
        if isinstance(obj, str):
            if ":" in obj and allow_tensor:
                return self.get_tensor_by_name(obj)
            if allow_operation:
                return self.get_operation_by_name(obj)
            return self.get_tensor_by_name(obj)
        convert = getattr(obj, "_as_graph_element", None)
        if convert is not None:
            obj = convert(self)
        if isinstance(obj, (SymbolicTensor, Operation)):
            if obj.graph is not self:
                kind = "Tensor" if isinstance(obj, SymbolicTensor) else "Operation"
                raise ValueError(f"{kind} {obj} is not an element of this graph.")
            return obj
        raise TypeError(f"Can not convert a {type(obj).__name__} into a Tensor or Operation.")

    # Collections.

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Appends to the collection of that name."""
        self._check_open()
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Appends to several collections."""
        for name in ((names,) if isinstance(names, str) else dict.fromkeys(names)):
            self.add_to_collection(name, value)

    def get_collection_ref(self, name: Any) -> list[Any]:
        """The list behind a collection."""
        return self._collections.setdefault(name, [])

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """What is in a collection; with `scope` what has a name that matches it."""
        items = list(self._collections.get(name, ()))
        if scope is None:
            return items
        pattern = re.compile(scope)
        return [item for item in items if hasattr(item, "name") and pattern.match(item.name)]

    def get_all_collection_keys(self) -> list[str]:
        """The names of the collections."""
        return [key for key in self._collections if isinstance(key, str)]

    def clear_collection(self, name: Any) -> None:
        """Empties a collection."""
        self._collections.pop(name, None)

    # The rest.

    @property
    def finalized(self) -> bool:
        """Whether the graph is closed to new nodes."""
        return self._finalized

    def finalize(self) -> None:
        """Closes the graph to new nodes."""
        self._finalized = True

    def _unsafe_unfinalize(self) -> None:
        """Opens the graph to new nodes again."""
        self._finalized = False

    def _check_open(self) -> None:
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False, use_pybind11_proto: bool = False) -> Any:
        """This graph as a `GraphDef` message.

        Args:
          from_version, use_pybind11_proto: without effect, as in TensorFlow today.
          add_shapes: whether nodes carry the shapes of their outputs.

        Raises:
          UnimplementedError: a node holds functions.
        """
        return messages().graph_def(self, add_shapes)

    @property
    def version(self) -> int:
        """A number that grows with every node."""
        return len(self._nodes)

    @property
    def _last_id(self) -> int:
        return len(self._nodes)

    def is_feedable(self, tensor: Any) -> bool:
        """Whether a session may be fed this tensor."""
        return tensor.graph is self

    def is_fetchable(self, tensor_or_op: Any) -> bool:
        """Whether a session may fetch this."""
        return tensor_or_op.graph is self


class _Defaults(threading.local):
    """The graphs that `as_default` opened in this thread, and the one beneath them."""

    def __init__(self) -> None:
        self.stack: list[Graph] = []
        self.root: Graph | None = None


DEFAULTS = _Defaults()


def get_default_graph() -> Graph:
    """The innermost graph opened by `as_default`, or the thread's own."""
    if DEFAULTS.stack:
        return DEFAULTS.stack[-1]
    if DEFAULTS.root is None:
        DEFAULTS.root = Graph()
    return DEFAULTS.root


def reset_default_graph() -> None:
    """Gives the thread a new, empty default graph.

    Raises:
      AssertionError: inside a `with graph.as_default()`.
    """
    if DEFAULTS.stack:
        raise AssertionError("Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared graph, "
                             "exit the nesting and create a new graph.")
    DEFAULTS.root = Graph()


def _flat_args(entry: OpDef, count: int, attrs: dict[str, Any]) -> list[tuple[Arg, str]]:
    """The argument of each flat input, and its name in the node: `values_0`, `values_1` for a list."""
    out: list[tuple[Arg, str]] = []
    for arg, size in zip(entry.signature.inputs, entry.sizes(count, attrs), strict=True):
        out += [(arg, f"{arg.name}_{i}") for i in range(size)] if arg.listed else [(arg, arg.name)]
    return out


_DEFAULT_NAMES = {"AddV2": "add", "Sub": "sub", "Mul": "mul", "RealDiv": "truediv", "FloorDiv": "floordiv",
                  "FloorMod": "mod", "Pow": "pow", "ConcatV2": "concat", "Transpose": "transpose", "Pack": "stack",
                  "Unpack": "unstack", "Split": "split", "SplitV": "split", "StridedSlice": "strided_slice",
                  "OneHot": "one_hot", "Range": "range", "Neg": "Neg"}


def default_name(op_type: str) -> str:
    """The name of a node that was given none: what TensorFlow's everyday function calls it."""
    return _DEFAULT_NAMES.get(op_type, op_type)


def record_node(node: Operation) -> None:
    """Tells the listening tapes of a node, if they watch one of its inputs."""
    for tape in ctx.tapes:
        watched = tape._watched
        if any(id(x) in watched for x in node.inputs):
            tape._records.append(node)
            for out in node.outputs:
                if not (out.dtype.is_integer or out.dtype.is_bool):
                    watched[id(out)] = out
