"""Models of TensorFlow 1 as objects: one graph, of which signatures and `prune` take parts."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import nest
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.symbol import Operation, SymbolicTensor
from ..core.tensor_spec import TensorSpec
from ..core.variable import ResourceVariable
from ..formats.graph_import import Reader
from ..ops.sparse.tensor import SparseTensor
from ..runtime.concrete import ConcreteFunction, Output
from ..runtime.func_graph import FuncGraph, copy_into, identity
from ..runtime.program import prune as needed_by
from . import files
from .constants import INIT_OP_SIGNATURE_KEY, LEGACY_INIT_OP_KEY, MAIN_OP_KEY
from .objects import SignatureMap, _UserObject
from .protos import MetaGraphDef
from .restoring import Values, without_savers

_count = 0


class _Reader(Reader):
    """Puts tables, which have to outlive a run, in the places of the nodes that make them."""

    def _node(self, node: Any) -> Operation:
        entry = self.entry(node)
        if entry.stateful and entry.host and entry.signature.attr("shared_name") is not None and not node.input:
            attrs = {**self._attrs(entry, node), "shared_name": f"{node.name}_load_v1_{_count}"}
            graph, ctx.graph = ctx.graph, None
            try:
                handle = apply(entry, (), attrs)
            finally:
                ctx.graph = graph
            return self.graph._capture_input(handle).op  # type: ignore[attr-defined,no-any-return]
        return super()._node(node)


class _View:
    """Some nodes of a graph, as a source to copy from."""

    def __init__(self, graph: FuncGraph, feeds: Sequence[SymbolicTensor], roots: Sequence[Operation]) -> None:
        self.inputs = list(feeds)
        self._nodes = needed_by(roots, {id(t) for t in feeds})
        used = {id(n) for n in self._nodes}
        self.captures = {k: (outer, inner) for k, (outer, inner) in graph.captures.items() if id(inner.op) in used}


class Wrapped(_UserObject):
    """A graph of TensorFlow 1 with the values of its variables.

    Attributes:
      graph: the graph.
      variables: its variables.
      signatures: functions by name.
    """

    def __init__(self, graph: FuncGraph, variables: list[Any]) -> None:
        self.graph = graph
        self.variables = variables
        self.signatures = SignatureMap()

    def _trackable_children(self) -> dict[str, Any]:
        return {"variables": self.variables}

    def prune(self, feeds: Any, fetches: Any, name: str | None = None, input_signature: Any = None) -> ConcreteFunction:
        """The function from some tensors of the graph to others.

        Args:
          feeds: names or tensors, nested: the arguments.
          fetches: names, tensors or operations, nested: the results. Operations are run and have none.
          name: of the function.
          input_signature: accepted, without effect.

        Raises:
          KeyError, ValueError: a name that is not in the graph.
        """
        inputs = [self.graph.as_graph_element(x) for x in nest.flatten(feeds)]
        names = [t.op.name for t in inputs]
        result = nest.map_structure(self.graph.as_graph_element, fetches)
        return self.function(inputs, names, result, name or "pruned")

    def function(self, inputs: Sequence[SymbolicTensor], names: Sequence[str], result: Any, name: str,
                 signature: Any = None) -> ConcreteFunction:
        """A function of some tensors of the graph, in a graph of its own."""
        wanted = [t for t in nest.flatten(result, expand_composites=True) if t is not None]
        tensors = [t for t in wanted if isinstance(t, SymbolicTensor)]
        view = _View(self.graph, inputs, [t if isinstance(t, Operation) else t.op for t in wanted])
        graph = FuncGraph(name, None)
        tapes, ctx.tapes = ctx.tapes, ()
        try:
            with graph.as_default():
                arguments = [graph.add_input(t.dtype, t.shape, n) for t, n in zip(inputs, names, strict=True)]
                made = iter(copy_into(graph, view, arguments, tensors, graph._capture_input))  # type: ignore[arg-type]
                flat = [next(made) if isinstance(t, SymbolicTensor) else None
                        for t in nest.flatten(result, expand_composites=True)]
                packed = nest.pack_sequence_as(result, flat, expand_composites=True) \
                    if nest.is_nested(result) or isinstance(result, nest.CompositeTensor) else flat[0]
                output = Output.of(packed, name, lambda t: identity(graph.capture(t)))
        finally:
            ctx.tapes = tapes
        specs = tuple([TensorSpec(t.shape, t.dtype, n) for t, n in zip(inputs, names, strict=True)])
        return _Part(graph, list(names), specs, arguments, [t.shape for t in inputs], output, None, name, signature)


class _Part(ConcreteFunction):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args[:-1])
        self._saved_signature = args[-1]

    @property
    def structured_input_signature(self) -> Any:
        if self._saved_signature is not None:
            return (), self._saved_signature
        return super().structured_input_signature


def load_v1(path: str, meta: MetaGraphDef) -> Wrapped:
    """The graph of a model of TensorFlow 1, with the values of its variables."""
    global _count
    _count += 1
    values = Values(meta, files.variables_path(path))
    variables: list[Any] = []
    trainable = _names_in(meta, "trainable_variables")

    def variable(graph: Any, node: Operation) -> ResourceVariable:
        name = node.name.removesuffix("/handle")
        value = values.of(name)
        dtype, shape = node.attrs["dtype"], node.attrs["shape"]
        if value is None:
            value = np.zeros([d or 0 for d in shape.as_list()] if shape.rank is not None else [], dtype.np)
        with_scope = ctx.graph
        ctx.graph = None
        try:
            made = ResourceVariable(value, name in trainable, name=f"{name}/", dtype=dtype, shape=shape)
        finally:
            ctx.graph = with_scope
        variables.append(made)
        return made
    graph = FuncGraph("wrapped_import", None)
    with graph.as_default():
        mapped = {name: graph.capture(convert_to_tensor(place)) for name, place in files.assets(path, meta)}
        _Reader(graph, without_savers(meta.graph_def), mapped, "", variable=variable).read()
    root = Wrapped(graph, variables)
    init = init_op(meta)
    if init is not None and init in graph._by_name:
        root.prune([], graph.get_operation_by_name(init))()
    for key, signature in meta.signature_def.items():
        if key != INIT_OP_SIGNATURE_KEY:
            root.signatures._signatures[key] = _signature(root, key, signature)
    return root


def _names_in(meta: MetaGraphDef, collection: str) -> set[str]:
    """The names of the nodes of the variables in a collection."""
    from .protos import VariableDef
    if collection not in meta.collection_def:
        return set()
    return {VariableDef.FromString(raw).variable_name.partition(":")[0]
            for raw in meta.collection_def[collection].bytes_list.value}


def init_op(meta: MetaGraphDef) -> str | None:
    """The name of the operation that initializes a model after its variables were restored, or None."""
    if INIT_OP_SIGNATURE_KEY in meta.signature_def:
        info = meta.signature_def[INIT_OP_SIGNATURE_KEY].outputs
        if INIT_OP_SIGNATURE_KEY in info:
            return str(info[INIT_OP_SIGNATURE_KEY].name).partition(":")[0]
    for key in (MAIN_OP_KEY, LEGACY_INIT_OP_KEY):
        if key in meta.collection_def:
            names = list(meta.collection_def[key].node_list.value)
            if len(names) != 1:
                raise RuntimeError(f"Expected exactly one SavedModel init op. Found {len(names)}: {names}")
            return str(names[0]).partition(":")[0]
    return None


def _signature(root: Wrapped, key: str, signature: Any) -> ConcreteFunction:
    """The function that a signature describes."""
    names: list[str] = []
    inputs: list[SymbolicTensor] = []
    for name in sorted(signature.inputs):
        for suffix, t in _tensors(root.graph, signature.inputs[name]).items():
            names.append(name + suffix)
            inputs.append(t)
    result = {}
    for name in sorted(signature.outputs):
        info = signature.outputs[name]
        found = _tensors(root.graph, info)
        result[name] = found[""] if "" in found else \
            SparseTensor(found["_indices"], found["_values"], found["_shape"])
    specs = {n: TensorSpec(t.shape, t.dtype, n) for n, t in zip(names, inputs, strict=True)}
    return root.function(inputs, names, result, f"signature_wrapper_{key}", specs)


def _tensors(graph: FuncGraph, info: Any) -> dict[str, SymbolicTensor]:
    """The tensors behind one of a signature's inputs or outputs; a sparse one has three."""
    if info.WhichOneof("encoding") == "coo_sparse":
        coo = info.coo_sparse
        parts = {"_indices": coo.indices_tensor_name, "_values": coo.values_tensor_name, "_shape": coo.dense_shape_tensor_name}
        return {suffix: graph.get_tensor_by_name(name) for suffix, name in parts.items()}
    return {"": graph.get_tensor_by_name(info.name)}
