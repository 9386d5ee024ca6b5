"""The message of a model: its objects, their functions as a library, and a graph for signatures."""
from __future__ import annotations

import os
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.tensor import EagerTensor
from ..core.tensor_spec import TensorSpec
from ..core.variable import BaseResourceVariable
from ..formats.graph_def import VERSION, attr_value
from ..formats.graph_proto import AttrValue, NodeDef
from ..formats.tensor_proto import make_tensor_proto, shape_proto
from ..ops.lookup.contents import DenseTable, MutableTable
from ..runtime.concrete import ConcreteFunction
from ..runtime.function import Function
from ..version import VERSION as TENSORFLOW
from .constants import INIT_OP_SIGNATURE_KEY, MAIN_OP_KEY, PREDICT_METHOD_NAME, SERVING
from .function_defs import Writer, needed, resource_behind, resources_in, variables_in
from .functions import LoadedConcrete, RestoredFunction
from .objects import Asset
from .options import SaveOptions
from .protos import (
    AssetFileDef,
    MetaGraphDef,
    SavedBareConcreteFunction,
    SavedConcreteFunction,
    SavedFunction,
    SavedObject,
    SavedUserObject,
    SavedVariable,
)
from .saver_nodes import add_saver
from .signature_functions import SignatureFunction, concretes_of
from .signature_text import arguments_of, function_spec
from .structures import encoded
from .views import edges, identity, is_function, is_table

_UNTRACKED = ("Tried to export a function which references an 'untracked' {}. TensorFlow objects that functions use must be "
              "attributes of the object that is saved, or of one that is reached from it.")


class Export:
    """One object on its way into a message.

    Attributes:
      assets: the files that belong to it: where they are, and what they are called.
    """

    def __init__(self, root: Any, signatures: dict[str, SignatureFunction], options: SaveOptions) -> None:
        self.options = options
        self.signatures = signatures
        self.meta = MetaGraphDef()
        self.graph = self.meta.graph_def
        self.nodes = self.meta.object_graph_def.nodes
        self.writer = Writer()
        self.assets: list[tuple[str, str]] = []
        self.objects: list[Any] = []
        self.edges: list[dict[str, Any]] = []
        self.numbers: dict[int, int] = {}
        self.variables: dict[int, int] = {}
        self.tables: dict[int, int] = {}
        self.tensors: dict[int, int] = {}
        self.paths: set[int] = set()
        self.handles: dict[int, str] = {}
        """The nodes of the graph that stand for objects, by number."""
        self.written: dict[int, tuple[str, list[int]]] = {}
        self._names: set[str] = set()
        self._initializers: list[str] = []
        self._held: list[Any] = []
        self._collect(root)

    # Objects.

    def _collect(self, root: Any) -> None:
        """Finds all objects, breadth first, and numbers them."""
        self._number(root)
        for at in self.objects:
            below = edges(at)  # once: some objects make their children when they are asked
            self.edges.append(below)
            for child in below.values():
                self._number(child)

    def _number(self, value: Any) -> int:
        key = identity(value)
        if key not in self.numbers:
            number = self.numbers[key] = len(self.objects)
            self.objects.append(value)
            if isinstance(value, BaseResourceVariable):
                self.variables[id(value)] = number
            elif is_table(value):
                self.tables[id(resource_behind(value.resource_handle._value))] = number
            elif isinstance(value, Asset):
                self.tensors[id(value.asset_path)] = number
                self.paths.add(id(value.asset_path))
        return self.numbers[key]

    def meta_graph(self) -> MetaGraphDef:
        """The message."""
        for below in self.edges:
            node = self.nodes.add()
            for name, child in below.items():
                node.children.add(node_id=self.numbers[identity(child)], local_name=name)
        count = len(self.objects)
        for number in range(count):
            if not is_function(self.objects[number]):
                self._describe(number, self.objects[number], self.nodes[number])
        for number in range(count):
            if is_function(self.objects[number]):
                self._function(self.objects[number], self.nodes[number])
        self._signatures()
        self._finish()
        return self.meta

    def _describe(self, number: int, value: Any, node: SavedObject) -> None:
        """What an object is."""
        if isinstance(value, BaseResourceVariable):
            name = value.name.partition(":")[0]
            node.variable.CopyFrom(SavedVariable(dtype=value.dtype.as_datatype_enum, shape=shape_proto(value.shape),
                                                 trainable=bool(value.trainable), name=name))
            node.variable.SetInParent()
            self.handles[number] = self._node(name, "VarHandleOp", [], dtype=value.dtype, shape=value.shape, container="")
            place = self.graph.node[-1]
            place.attr.put("shared_name", attr_value(place.name, "string"))
        elif is_table(value):
            self._table(number, value, node)
        elif isinstance(value, Asset):
            source = os.fsdecode(value.asset_path.numpy())
            name = self._asset_name(source)
            node.asset.asset_file_def_index = len(self.meta.asset_file_def)
            node.asset.SetInParent()
            self.handles[number] = self._constant(value.asset_path)
            list.append(self.meta.asset_file_def, AssetFileDef(
                filename=name, tensor_info={"name": self.handles[number] + ":0"}))
        else:
            kinds = {list: "trackable_list_wrapper", tuple: "trackable_tuple_wrapper", dict: "trackable_dict_wrapper"}
            kind = next((word for base, word in kinds.items() if isinstance(value, base)), "_generic_user_object")
            node.user_object.CopyFrom(SavedUserObject(identifier=kind, version={"producer": 1, "min_consumer": 1}))
            node.user_object.SetInParent()

    def _asset_name(self, source: str) -> str:
        base, taken = os.path.basename(source), {name for _, name in self.assets}
        name, count = base, 0
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        self.assets.append((source, name))
        return name

    def _table(self, number: int, value: Any, node: SavedObject) -> None:
        """A table: functions that make it, fill it with its present contents, and forget it."""
        table = resource_behind(value.resource_handle._value)
        if isinstance(table, DenseTable):
            raise errors.UnimplementedError(None, None, "A DenseHashTable cannot be saved in a SavedModel.")
        op_type = "HashTableV2" if not isinstance(table, MutableTable) else \
            "MutableHashTableOfTensorsV2" if table.value_shape else "MutableHashTableV2"
        attrs = {"key_dtype": table.key_dtype, "value_dtype": table.value_dtype, "shared_name": f"table_{number}_{id(table)}"}
        if table.value_shape:
            attrs["value_shape"] = list(table.value_shape)
        handle, entry = value.resource_handle, get_op(op_type)
        keys, values = apply(get_op("LookupTableExportV2"), (handle,),
                             {"Tkeys": table.key_dtype, "Tvalues": table.value_dtype})

        def fill() -> Any:
            apply(get_op("LookupTableImportV2"), (handle, keys, values))
            return convert_to_tensor(np.array(1, np.int32))
        node.resource.SetInParent()
        node.resource.device = ""
        vars(node).setdefault("_present", set()).add("resource")
        parts = {"_create_resource": lambda: apply(entry, (), attrs), "_initialize": fill,
                 "_destroy_resource": lambda: convert_to_tensor(np.array(1, np.int32))}
        self.handles[number] = self._node("table", op_type, [], **attrs, container="", use_node_name_sharing=False)
        for name, function in parts.items():
            made = Function(function, (), False, False, False, name)
            self._held.append(made)
            place = len(self.nodes)
            child = self.nodes.add()
            node.children.add(node_id=place, local_name=name)
            self._function(made, child)
            if name == "_initialize":
                written, bound = self.written[id(concretes_of(made)[0])]
                self._initializers.append(self._call(written, [self.handles[i] for i in bound], []))

    # Functions.

    def _function(self, value: Any, node: SavedObject) -> None:
        """A function and its traces."""
        traces = concretes_of(value)
        if isinstance(value, ConcreteFunction):
            self._bare(value, node)
            return
        names = [self._trace(concrete, value)[0] for concrete in traces]
        spec = value.saved_function_spec if isinstance(value, RestoredFunction) else function_spec(value)
        node.function.CopyFrom(SavedFunction(concrete_functions=names, function_spec=spec))
        node.function.SetInParent()

    def _bare(self, concrete: ConcreteFunction, node: SavedObject) -> None:
        name, _ = self._trace(concrete, None)
        keywords = concrete.keywords if isinstance(concrete, SignatureFunction) else list(concrete._arguments)
        bare = SavedBareConcreteFunction(concrete_function_name=name, argument_keywords=keywords,
                                         allowed_positional_arguments=len(keywords) if len(keywords) == 1 else 0)
        if not isinstance(concrete, SignatureFunction):
            bare.allowed_positional_arguments = len(keywords)
        node.bare_concrete_function.CopyFrom(bare)
        node.bare_concrete_function.SetInParent()

    def _trace(self, concrete: Any, function: Any) -> tuple[str, list[int]]:
        """Writes a trace; its name in the library and the numbers of the objects that it takes from outside."""
        found = self.written.get(id(concrete))
        if found is not None:
            return found
        self._held.append(concrete)
        graph = concrete.graph
        effects = concrete.subgraph.effects
        nodes = needed(concrete.outputs, effects, concrete.inputs)
        bound: list[int] = []
        tensors = []
        resources: dict[int, Any] = {}
        for outer, inner in graph.captures.values():
            if inner.dtype is dtypes.resource:
                resources[id(resource_behind(outer._value))] = inner
            else:
                tensors.append(inner)
                bound.append(self._captured(outer))
        for outer, inner in graph._constants.values():
            if id(outer) in self.paths:
                tensors.append(inner)
                bound.append(self.tensors[id(outer)])
        variables = list(variables_in(nodes).values())
        bound += [self._variable(v) for v in variables]
        constants = [key for key in resources_in(nodes) if key not in resources]
        bound += [self._resource(key) for key in (*resources, *constants)]
        held = {**resources, **dict.fromkeys(constants)}
        name = self.writer.add(concrete.name, [*graph.inputs, *tensors], variables, held, graph, concrete.outputs, effects)
        signature, result = self._structures(concrete, function)
        self.meta.object_graph_def.concrete_functions.put(name, SavedConcreteFunction(
            bound_inputs=bound, canonicalized_input_signature=encoded(signature), output_signature=encoded(result)))
        self.written[id(concrete)] = name, bound
        return name, bound

    def _structures(self, concrete: Any, function: Any) -> tuple[Any, Any]:
        """The specs of a trace's arguments and results."""
        if isinstance(concrete, (LoadedConcrete, SignatureFunction)):
            signature = concrete.structured_input_signature
        else:
            signature = arguments_of(concrete, function)
        result = concrete._output.described([TensorSpec(t.shape, t.dtype) for t in concrete.outputs])
        if isinstance(result, dict):
            result = {k: TensorSpec(v.shape, v.dtype, k) if isinstance(v, TensorSpec) else v for k, v in result.items()}
        return signature, result

    def _variable(self, variable: Any) -> int:
        found = self.variables.get(id(variable))
        if found is None:
            raise AssertionError(_UNTRACKED.format(f"variable {variable.name}"))
        return found

    def _resource(self, key: int) -> int:
        found = self.tables.get(key)
        if found is None:
            raise AssertionError(_UNTRACKED.format("resource"))
        return found

    def _captured(self, outer: Any) -> int:
        """The number of the constant that a captured tensor is."""
        if not isinstance(outer, EagerTensor):
            raise errors.UnimplementedError(None, None, f"The tensor {outer} of another graph cannot be saved.")
        if id(outer) not in self.tensors:
            self._held.append(outer)
            number = self.tensors[id(outer)] = len(self.nodes)
            node = self.nodes.add()
            self.handles[number] = node.constant.operation = self._constant(outer)
            vars(node).setdefault("_present", set()).add("constant")
        return self.tensors[id(outer)]

    # The graph.

    def _node(self, base: str, op_type: str, inputs: list[str], **attrs: Any) -> str:
        name, count = base, 0
        while name in self._names:
            count += 1
            name = f"{base}_{count}"
        self._names.add(name)
        node = NodeDef(name=name, op=op_type, input=inputs)
        signature = get_op(op_type).signature if op_type not in _CALLS else None
        for key, value in attrs.items():
            attr = signature.attr(key) if signature is not None else None
            node.attr.put(key, value if isinstance(value, AttrValue) else
                          attr_value(value, attr.type if attr is not None else _KINDS.get(key)))
        list.append(self.graph.node, node)
        return name

    def _constant(self, tensor: EagerTensor) -> str:
        value = AttrValue(tensor=make_tensor_proto(tensor._value, tensor.dtype))
        return self._node("Const", "Const", [], dtype=tensor.dtype, value=value)

    def _call(self, function: str, inputs: list[str], outputs: list[Any]) -> str:
        """A node that calls a function of the library."""
        definition = next(f for f in self.writer.functions if f.signature.name == function)
        types = [dtypes.as_dtype(a.type) for a in definition.signature.input_arg]
        return self._node("StatefulPartitionedCall", "StatefulPartitionedCall", inputs, Tin=types,
                          Tout=[dtypes.as_dtype(a.type) for a in definition.signature.output_arg],
                          f=AttrValue(func={"name": function}), config="", config_proto="", executor_type="")

    def _signatures(self) -> None:
        """The signatures as objects, and as parts of the graph."""
        place = len(self.nodes)
        holder = self.nodes.add()
        holder.user_object.CopyFrom(SavedUserObject(identifier="signature_map", version={"producer": 1, "min_consumer": 1}))
        holder.user_object.SetInParent()
        self.nodes[0].children.add(node_id=place, local_name="signatures")
        for key, concrete in self.signatures.items():
            number = len(self.nodes)
            self._bare(concrete, self.nodes.add())
            holder.children.add(node_id=number, local_name=key)
            name, bound = self.written[id(concrete)]
            signature = self.meta.signature_def.get(key) or self._new_signature(key)
            inputs = []
            for keyword, t in zip(concrete.keywords, concrete.graph.inputs, strict=True):
                fed = self._node(f"{key}_{keyword}", "Placeholder", [], dtype=t.dtype, shape=t.shape)
                inputs.append(fed)
                _info(signature.inputs, keyword, f"{fed}:0", t)
            called = self._call(name, [*inputs, *(self.handles[i] for i in bound)], concrete.outputs)
            keys = sorted(concrete._output.structure)
            for i, (output, t) in enumerate(zip(keys, concrete.outputs, strict=True)):
                _info(signature.outputs, output, f"{called}:{i}", t)
            signature.method_name = PREDICT_METHOD_NAME

    def _new_signature(self, key: str) -> Any:
        from .protos import SignatureDef
        made = SignatureDef()
        self.meta.signature_def.put(key, made)
        return self.meta.signature_def[key]

    def _finish(self) -> None:
        """What initializes and restores, and who wrote it."""
        init = self._node("NoOp", "NoOp", [f"^{name}" for name in self._initializers])
        outputs = self._new_signature(INIT_OP_SIGNATURE_KEY).outputs
        from .protos import CollectionDef, TensorInfo
        outputs.put(INIT_OP_SIGNATURE_KEY, TensorInfo(name=init, tensor_shape={"unknown_rank": True}))
        self.meta.collection_def.put(MAIN_OP_KEY, CollectionDef(node_list={"value": [init]}))
        from ..checkpoint.object_graph import object_graph
        root = self.objects[0]
        _, parts = object_graph(root, {})
        named = [(self.handles[self.variables[id(p.owner)]], p.owner.dtype, key) for key, p in parts
                 if id(p.owner) in self.variables]
        self.meta.saver_def.CopyFrom(add_saver(self._node, named))
        self.graph.versions.producer = VERSION
        list.extend(self.graph.library.function, self.writer.functions)
        info = self.meta.meta_info_def
        list.append(info.tags, SERVING)
        info.tensorflow_version, info.tensorflow_git_version = TENSORFLOW, "unknown"
        info.stripped_default_attrs = False
        for name, alias in (self.options.function_aliases or {}).items():
            for concrete in concretes_of(alias):
                if id(concrete) in self.written:
                    info.function_aliases.put(self.written[id(concrete)][0], name)


_CALLS = ("StatefulPartitionedCall", "SaveV2", "RestoreV2")
_KINDS = {"Tin": "list(type)", "Tout": "list(type)", "dtypes": "list(type)"}


def _info(place: Any, key: str, name: str, tensor: Any) -> None:
    from .protos import TensorInfo
    place.put(key, TensorInfo(name=name, dtype=tensor.dtype.as_datatype_enum, tensor_shape=shape_proto(tensor.shape)))
