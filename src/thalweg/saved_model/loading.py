"""`tf.saved_model.load`: the objects of a model, their variables and functions, from its files. No code is run but the
model's own operations."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..checkpoint.object_graph import OBJECT_GRAPH, TrackableObjectGraph
from ..core import dtypes, errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.variable import ResourceVariable, VariableAggregation, VariableSynchronization
from ..formats import bundle, local_files
from ..formats.graph_functions import Library
from ..formats.graph_import import Reader
from ..formats.message import DecodeError
from ..formats.tensor_proto import array_of
from . import files
from .functions import Deferred, LoadedConcrete, RestoredFunction, parameters_of
from .objects import Asset, RestoredResource, SignatureMap, _CallableObject, _UserObject
from .options import LoadOptions
from .protos import MetaGraphDef, SavedModel
from .structures import decoded, shape_of

_loads = 0
_PYTHON = ("PyFunc", "PyFuncStateless", "EagerPyFunc")


def load(export_dir: Any, tags: Any = None, options: LoadOptions | None = None) -> Any:
    """Loads a model.

    Args:
      export_dir: the directory.
      tags: those of the graph to load, a text or texts; only needed where there are several graphs.
      options: a `LoadOptions`.

    Returns:
      An object with the attributes that the saved one had, and `signatures`: functions by name, which take tensors by
      keyword and return dictionaries. A model of TensorFlow 1 has `signatures`, `variables`, `graph` and `prune` alone.

    Raises:
      OSError: there is no model, or its file is damaged.
      ValueError: no graph, or several, with these tags; a graph that is not whole.
      NotFoundError: an op type that is not registered; files of the model are missing. Functions raise it when they are
        called first.
    """
    wanted = [tags] if isinstance(tags, str) else None if tags is None else list(tags)
    path = local_files.text(export_dir)
    model = files.read(path)
    if len(model.meta_graphs) == 1 and model.meta_graphs[0].object_graph_def.nodes:
        graph = model.meta_graphs[0]
        _check_tags(graph, wanted, path)
    else:
        graph = _tagged(model, wanted, path)
    previous, ctx.graph = ctx.graph, None
    tapes, ctx.tapes = ctx.tapes, ()
    try:
        if graph.object_graph_def.nodes:
            root = _Loader(path, graph, options or LoadOptions()).root()
        else:
            from .loading_v1 import load_v1
            root = load_v1(path, graph)
    finally:
        ctx.graph, ctx.tapes = previous, tapes
    root.tensorflow_version = graph.meta_info_def.tensorflow_version
    root.tensorflow_git_version = graph.meta_info_def.tensorflow_git_version
    return root


def _check_tags(graph: MetaGraphDef, wanted: list[str] | None, path: str) -> None:
    found = list(graph.meta_info_def.tags)
    if wanted is not None and set(wanted) != set(found):
        raise ValueError(f"Got an incompatible argument to `tags`: {wanted}. The SavedModel at {path} has one MetaGraph with "
                         f"tags {found}. You may omit the argument, pass 'None', or pass matching tags.")


def _tagged(model: SavedModel, wanted: list[str] | None, path: str) -> Any:
    """The graph with these tags.

    Raises:
      ValueError: there are several graphs and no tags.
    """
    from .restoring import graph_with
    if wanted is None:
        if len(model.meta_graphs) != 1:
            tags = [list(g.meta_info_def.tags) for g in model.meta_graphs]
            raise ValueError(f"Importing a SavedModel with `tf.saved_model.load` requires a `tags=` argument if there is more "
                             f"than one MetaGraph. Got `tags=None`, but there are {len(tags)} MetaGraphs in the SavedModel at "
                             f"'{path}' with tag sets: {tags}. Pass a `tags=` argument to load this SavedModel.")
        return model.meta_graphs[0]
    return graph_with(model, wanted)


class _Loader:
    """One model on its way into objects."""

    def __init__(self, path: str, graph: MetaGraphDef, options: LoadOptions) -> None:
        global _loads
        _loads += 1
        self.path = path
        self.options = options
        self.saved = list(graph.object_graph_def.nodes)
        self.traces = graph.object_graph_def.concrete_functions
        self.constants = {n.name: n for n in graph.graph_def.node if n.op == "Const"}
        self.assets = [place for _, place in files.assets(path, graph)]
        _own_names(graph.graph_def.library, f"_load_{_loads}")
        self.library = Library(graph.graph_def.library, int(graph.graph_def.versions.producer), Reader)
        self.deferred: dict[tuple[str, Any], Deferred] = {}
        self.values = _Values(path, self.saved, options)
        self.objects: list[Any] = [self._made(i, node) for i, node in enumerate(self.saved)]

    def root(self) -> Any:
        """Joins the objects, makes and fills tables, and returns the first object."""
        for i, node in enumerate(self.saved):
            for edge in node.children:
                self._set(i, edge.local_name, self._object(edge.node_id))
        self._tuples()
        resources = [(i, o) for i, o in enumerate(self.objects) if isinstance(o, RestoredResource)]
        for _, made in resources:
            create = vars(made).get("_create_resource")
            if create is None:
                raise ValueError(f"A resource of the SavedModel at {self.path} has no function that makes it.")
            made.resource_handle = create()
        for i, made in resources:
            start = vars(made).get("_initialize")
            if start is not None:
                start()
            self.values.fill(i, made.resource_handle)
        return self.objects[0]

    def _object(self, number: int) -> Any:
        if not 0 <= number < len(self.objects):
            raise ValueError(f"The SavedModel at {self.path} refers to object {number}, which is not there.")
        return self.objects[number]

    def _made(self, i: int, node: Any) -> Any:
        """An object without its children."""
        kind = node.WhichOneof("kind")
        if kind == "variable":
            return self._variable(i, node.variable)
        if kind == "function":
            parameters, specs = parameters_of(node.function.function_spec, decoded)
            return RestoredFunction(parameters, [self._trace(name) for name in node.function.concrete_functions], specs,
                                    node.function.function_spec)
        if kind == "bare_concrete_function":
            bare = node.bare_concrete_function
            return self._trace(bare.concrete_function_name, tuple(bare.argument_keywords), bare.allowed_positional_arguments)
        if kind == "constant":
            found = self.constants.get(node.constant.operation)
            if found is None:
                raise ValueError(f"The SavedModel at {self.path} has no constant '{node.constant.operation}'.")
            message = found.attr["value"].tensor
            return convert_to_tensor(array_of(message), dtypes.as_dtype(message.dtype))
        if kind == "asset":
            if not 0 <= node.asset.asset_file_def_index < len(self.assets):
                raise ValueError(f"The SavedModel at {self.path} has no asset {node.asset.asset_file_def_index}.")
            return Asset(self.assets[node.asset.asset_file_def_index])
        if kind == "resource":
            return RestoredResource()
        if kind == "captured_tensor":
            raise errors.UnimplementedError(None, None, "A function of the SavedModel takes a tensor from within another, "
                                            "which cannot be loaded.")
        return self._container(node)

    def _container(self, node: Any) -> Any:
        identifier = node.user_object.identifier
        if identifier == "signature_map":
            return SignatureMap()
        if identifier in ("trackable_list_wrapper", "trackable_tuple_wrapper"):
            return [None] * sum(edge.local_name.isdigit() for edge in node.children)
        if identifier == "trackable_dict_wrapper":
            return {}
        return _CallableObject() if any(e.local_name == "__call__" for e in node.children) else _UserObject()

    def _variable(self, i: int, message: Any) -> Any:
        dtype, shape = dtypes.as_dtype(message.dtype), shape_of(message.shape)
        value = self.values.variable(i)
        if value is None:
            if not self.options.allow_partial_checkpoint and not self.options.experimental_skip_checkpoint:
                raise AssertionError(f"Found 1 Python objects that were not bound to checkpointed values, likely due to "
                                     f"changes in the Python program. Showing 1 of 1 unmatched objects: [{message.name}]")
            value = np.zeros([d or 0 for d in shape.as_list()] if shape.rank is not None else [], dtype.np)
            if dtype is dtypes.string:
                value[...] = b""
        if not shape.is_compatible_with(value.shape):
            raise ValueError(f"Received incompatible tensor with shape {value.shape} when attempting to restore variable with "
                             f"shape {shape} and name {message.name}.")
        if dtypes.from_numpy(value.dtype) is not dtype and not dtype.is_quantized:
            raise errors.InvalidArgumentError(
                None, None, f"tensor_name = {message.name}; expected dtype {dtypes.type_name(dtype)} does not equal original "
                            f"dtype {dtypes.type_name(dtypes.from_numpy(value.dtype))}")
        return ResourceVariable(value, message.trainable, name=(message.name or "Variable") + "/", dtype=dtype, shape=shape,
                                synchronization=VariableSynchronization(message.synchronization),
                                aggregation=VariableAggregation(message.aggregation))

    def _trace(self, name: str, keywords: tuple[str, ...] | None = None, positional: int | None = None) -> Deferred:
        found = self.deferred.get((name, keywords))
        if found is not None:
            return found
        if name not in self.traces:
            raise ValueError(f"The SavedModel at {self.path} does not describe the function '{name}'.")
        saved = self.traces[name]
        signature = decoded(saved.canonicalized_input_signature)
        if not isinstance(signature, tuple) or len(signature) != 2:
            raise ValueError(f"The signature of function '{name}' is damaged.")
        function = self.library.function(name)
        for node in function.definition.node_def:
            if node.op in _PYTHON:
                raise errors.UnimplementedError(None, None, f"Function '{name}' calls Python functions, which the file does "
                                                "not hold.")

        def make() -> LoadedConcrete:
            captured = [_outside(self._object(number)) for number in saved.bound_inputs]
            previous, ctx.graph = ctx.graph, None
            tapes, ctx.tapes = ctx.tapes, ()
            try:
                return LoadedConcrete(function, captured, signature, decoded(saved.output_signature), keywords, positional)
            finally:
                ctx.graph, ctx.tapes = previous, tapes
        made = self.deferred[name, keywords] = Deferred(name, make, signature)
        return made

    def _set(self, i: int, name: str, child: Any) -> None:
        """Makes one object a child of another."""
        at = self.objects[i]
        if isinstance(at, SignatureMap):
            at._signatures[name] = child
        elif isinstance(at, list):
            if name.isdigit() and int(name) < len(at):
                at[int(name)] = child
        elif isinstance(at, dict):
            at[name] = child
        elif isinstance(at, _UserObject):
            vars(at)[name] = child.concrete if isinstance(child, Deferred) and name != "signatures" else child

    def _tuples(self) -> None:
        """Replaces the lists that stand for tuples, those inside others first."""
        for i in reversed(range(len(self.saved))):
            if self.saved[i].user_object.identifier == "trackable_tuple_wrapper":
                made = tuple(self.objects[i])
                for j, node in enumerate(self.saved):
                    for edge in node.children:
                        if edge.node_id == i:
                            self._set(j, edge.local_name, made)
                self.objects[i] = made


def _outside(value: Any) -> Any:
    """What a function takes from an object."""
    if isinstance(value, RestoredResource):
        return value.resource_handle
    return value.asset_path if isinstance(value, Asset) else value


def _own_names(library: Any, suffix: str) -> None:
    """Gives the tables of this load names of their own, so that they are not those of another."""
    for function in library.function:
        for node in function.node_def:
            if "shared_name" in node.attr and node.attr["shared_name"].s:
                node.attr["shared_name"].s = node.attr["shared_name"].s + suffix.encode()


class _Values:
    """The values of objects in the model's checkpoint, which is read along the edges of both graphs of objects."""

    def __init__(self, path: str, saved: Sequence[Any], options: LoadOptions) -> None:
        self.nodes: dict[int, Any] = {}
        self.reader: Any = None
        prefix = files.variables_path(path)
        if options.experimental_skip_checkpoint or not bundle.checkpoint_exists(prefix):
            return
        self.reader = bundle.Checkpoint(prefix)
        if OBJECT_GRAPH not in self.reader.entries:
            return
        try:
            graph = TrackableObjectGraph.FromString(self.reader.tensor(OBJECT_GRAPH)[()])
        except DecodeError as error:
            raise errors.DataLossError(None, None, f"The objects of {prefix} are damaged: {error}") from None
        self._match(saved, list(graph.nodes))

    def _match(self, saved: Sequence[Any], kept: Sequence[Any]) -> None:
        pairs = [(0, 0)] if saved and kept else []
        seen = set(pairs)
        for number, place in pairs:
            if not (number < len(saved) and place < len(kept)):
                raise ValueError("An edge between objects leads nowhere.")
            self.nodes.setdefault(number, kept[place])
            edges = {edge.local_name: edge.node_id for edge in kept[place].children}
            slots = {(s.slot_name, s.original_variable_node_id): s.slot_variable_node_id for s in kept[place].slot_variables}
            found = [(e.node_id, edges[e.local_name]) for e in saved[number].children if e.local_name in edges]
            places = dict(pairs)
            found += [(s.slot_variable_node_id, slots[key]) for s in saved[number].slot_variables
                      if (key := (s.slot_name, places.get(s.original_variable_node_id))) in slots]
            for pair in found:
                if pair not in seen:
                    seen.add(pair)
                    pairs.append(pair)

    def variable(self, number: int) -> Any:
        """The value of a variable, or None."""
        node = self.nodes.get(number)
        if node is None:
            return None
        for attribute in node.attributes:
            if attribute.name == "VARIABLE_VALUE":
                return self.reader.tensor(attribute.checkpoint_key)
        return None

    def fill(self, number: int, handle: Any) -> None:
        """Puts what was in a table that can change into it."""
        node = self.nodes.get(number)
        for attribute in node.attributes if node is not None else ():
            names = [attribute.checkpoint_key + part for part in ("-keys", "-values")]
            if all(name in self.reader.entries for name in names):
                keys, values = (convert_to_tensor(self.reader.tensor(name)) for name in names)
                apply(get_op("LookupTableImportV2"), (handle, keys, values))
