"""The messages that a SavedModel consists of: graphs with signatures, and the objects that they belong to."""
from __future__ import annotations

from typing import ClassVar

from ..checkpoint.object_graph import ObjectReference, SlotVariableReference
from ..formats.graph_proto import GraphDef, VersionDef
from ..formats.message import Field, Message
from ..formats.tensor_proto import TYPE_NAMES, TensorProto, TensorShapeProto


class SaverDef(Message):
    """How a saver was made."""

    LEGACY: ClassVar[int] = 0
    V1: ClassVar[int] = 1
    V2: ClassVar[int] = 2
    FIELDS = (
        Field(1, "filename_tensor_name", "string"), Field(2, "save_tensor_name", "string"),
        Field(3, "restore_op_name", "string"), Field(4, "max_to_keep", "int32"), Field(5, "sharded", "bool"),
        Field(6, "keep_checkpoint_every_n_hours", "float"),
        Field(7, "version", "enum", enum={0: "LEGACY", 1: "V1", 2: "V2"}))


# Structures of values.


class NoneValue(Message):
    """None."""


class Values(Message):
    """The items of a list or tuple."""

    FIELDS = (Field(1, "values", "message", True, lambda: StructuredValue),)


class DictValue(Message):
    """The items of a dictionary by key."""

    FIELDS = (Field(1, "fields", "message", message=lambda: StructuredValue, key="string"),)


class PairValue(Message):
    """A field of a named tuple."""

    FIELDS = (Field(1, "key", "string"), Field(2, "value", "message", message=lambda: StructuredValue))


class NamedTupleValue(Message):
    """A named tuple."""

    FIELDS = (Field(1, "name", "string"), Field(2, "values", "message", True, lambda: PairValue))


class TensorSpecProto(Message):
    """The name, shape and dtype of a tensor; of a bounded one the least and greatest values."""

    FIELDS = (Field(1, "name", "string"), Field(2, "shape", "message", message=lambda: TensorShapeProto),
              Field(3, "dtype", "enum", enum=TYPE_NAMES), Field(4, "minimum", "message", message=lambda: TensorProto),
              Field(5, "maximum", "message", message=lambda: TensorProto))


class TypeSpecProto(Message):
    """A spec of a value made of several tensors."""

    FIELDS = (Field(1, "type_spec_class", "enum", enum={
        0: "UNKNOWN", 1: "SPARSE_TENSOR_SPEC", 2: "INDEXED_SLICES_SPEC", 3: "RAGGED_TENSOR_SPEC", 4: "TENSOR_ARRAY_SPEC",
        5: "DATA_DATASET_SPEC", 6: "DATA_ITERATOR_SPEC", 7: "OPTIONAL_SPEC", 8: "PER_REPLICA_SPEC", 9: "VARIABLE_SPEC",
        10: "ROW_PARTITION_SPEC", 12: "REGISTERED_TYPE_SPEC", 13: "EXTENSION_TYPE_SPEC"}),
              Field(2, "type_state", "message", message=lambda: StructuredValue), Field(3, "type_spec_class_name", "string"),
              Field(4, "num_flat_components", "int32"))


class StructuredValue(Message):
    """A Python value: nests of specs, numbers and texts. Integers are written zigzag."""

    FIELDS = (
        Field(1, "none_value", "message", message=lambda: NoneValue, oneof="kind"),
        Field(11, "float64_value", "double", oneof="kind"), Field(12, "int64_value", "uint64", oneof="kind"),
        Field(13, "string_value", "string", oneof="kind"), Field(14, "bool_value", "bool", oneof="kind"),
        Field(31, "tensor_shape_value", "message", message=lambda: TensorShapeProto, oneof="kind"),
        Field(32, "tensor_dtype_value", "enum", enum=TYPE_NAMES, oneof="kind"),
        Field(33, "tensor_spec_value", "message", message=lambda: TensorSpecProto, oneof="kind"),
        Field(34, "type_spec_value", "message", message=lambda: TypeSpecProto, oneof="kind"),
        Field(35, "bounded_tensor_spec_value", "message", message=lambda: TensorSpecProto, oneof="kind"),
        Field(51, "list_value", "message", message=lambda: Values, oneof="kind"),
        Field(52, "tuple_value", "message", message=lambda: Values, oneof="kind"),
        Field(53, "dict_value", "message", message=lambda: DictValue, oneof="kind"),
        Field(54, "named_tuple_value", "message", message=lambda: NamedTupleValue, oneof="kind"),
        Field(55, "tensor_value", "message", message=lambda: TensorProto, oneof="kind"),
        Field(56, "numpy_value", "message", message=lambda: TensorProto, oneof="kind"))


# Objects.


class SavedUserObject(Message):
    """An object of a class that the identifier names."""

    FIELDS = (Field(1, "identifier", "string"), Field(2, "version", "message", message=lambda: VersionDef),
              Field(3, "metadata", "string"))


class SavedAsset(Message):
    """A file, by its place among the assets."""

    FIELDS = (Field(1, "asset_file_def_index", "int32"),)


class FunctionSpec(Message):
    """The parameters of a function."""

    FIELDS = (Field(1, "fullargspec", "message", message=lambda: StructuredValue), Field(2, "is_method", "bool"),
              Field(5, "input_signature", "message", message=lambda: StructuredValue),
              Field(6, "jit_compile", "enum", enum={0: "DEFAULT", 1: "ON", 2: "OFF"}))


class SavedFunction(Message):
    """A function with a trace for each kind of arguments."""

    FIELDS = (Field(1, "concrete_functions", "string", True),
              Field(2, "function_spec", "message", message=lambda: FunctionSpec))


class CapturedTensor(Message):
    """A tensor that a function takes from another's inside."""

    FIELDS = (Field(1, "name", "string"), Field(2, "concrete_function", "string"))


class SavedConcreteFunction(Message):
    """A trace: what it takes from outside, by number of object, and the structures of arguments and results."""

    FIELDS = (Field(2, "bound_inputs", "int32", True),
              Field(3, "canonicalized_input_signature", "message", message=lambda: StructuredValue),
              Field(4, "output_signature", "message", message=lambda: StructuredValue))


class SavedBareConcreteFunction(Message):
    """A trace that stands for itself."""

    FIELDS = (Field(1, "concrete_function_name", "string"), Field(2, "argument_keywords", "string", True),
              Field(3, "allowed_positional_arguments", "int64"),
              Field(4, "function_spec", "message", message=lambda: FunctionSpec))


class SavedConstant(Message):
    """A value, by the name of its node."""

    FIELDS = (Field(1, "operation", "string"),)


class SavedVariable(Message):
    """A variable without its value."""

    FIELDS = (Field(1, "dtype", "enum", enum=TYPE_NAMES), Field(2, "shape", "message", message=lambda: TensorShapeProto),
              Field(3, "trainable", "bool"), Field(4, "synchronization", "int32"), Field(5, "aggregation", "int32"),
              Field(6, "name", "string"), Field(7, "device", "string"),
              Field(8, "experimental_distributed_variable_components", "message", True, lambda: SavedVariable))


class SavedResource(Message):
    """Something that functions make, a table."""

    FIELDS = (Field(1, "device", "string"),)


class SaveableObject(Message):
    """The functions that save and restore an object."""

    FIELDS = (Field(2, "save_function", "int32"), Field(3, "restore_function", "int32"))


class SavedObject(Message):
    """An object: where its edges lead, and what it is."""

    FIELDS = (
        Field(1, "children", "message", True, lambda: ObjectReference),
        Field(3, "slot_variables", "message", True, lambda: SlotVariableReference),
        Field(4, "user_object", "message", message=lambda: SavedUserObject, oneof="kind"),
        Field(5, "asset", "message", message=lambda: SavedAsset, oneof="kind"),
        Field(6, "function", "message", message=lambda: SavedFunction, oneof="kind"),
        Field(7, "variable", "message", message=lambda: SavedVariable, oneof="kind"),
        Field(8, "bare_concrete_function", "message", message=lambda: SavedBareConcreteFunction, oneof="kind"),
        Field(9, "constant", "message", message=lambda: SavedConstant, oneof="kind"),
        Field(10, "resource", "message", message=lambda: SavedResource, oneof="kind"),
        Field(11, "saveable_objects", "message", message=lambda: SaveableObject, key="string"),
        Field(12, "captured_tensor", "message", message=lambda: CapturedTensor, oneof="kind"),
        Field(13, "registered_name", "string"), Field(15, "dependencies", "message", True, lambda: ObjectReference),
        Field(16, "registered_saver", "string"))


class SavedObjectGraph(Message):
    """All objects, the first is the root, and the traces by name."""

    FIELDS = (Field(1, "nodes", "message", True, lambda: SavedObject),
              Field(2, "concrete_functions", "message", message=lambda: SavedConcreteFunction, key="string"))


# Graphs.


class CooSparse(Message):
    """The names of the tensors of a sparse one."""

    FIELDS = (Field(1, "values_tensor_name", "string"), Field(2, "indices_tensor_name", "string"),
              Field(3, "dense_shape_tensor_name", "string"))


class CompositeTensorInfo(Message):
    """The tensors of a value made of several."""

    FIELDS = (Field(1, "type_spec", "message", message=lambda: TypeSpecProto),
              Field(2, "components", "message", True, lambda: TensorInfo))


class TensorInfo(Message):
    """A tensor of a graph: its name, dtype and shape."""

    CooSparse, CompositeTensor = CooSparse, CompositeTensorInfo
    FIELDS = (Field(1, "name", "string", oneof="encoding"), Field(2, "dtype", "enum", enum=TYPE_NAMES),
              Field(3, "tensor_shape", "message", message=lambda: TensorShapeProto),
              Field(4, "coo_sparse", "message", message=lambda: CooSparse, oneof="encoding"),
              Field(5, "composite_tensor", "message", message=lambda: CompositeTensorInfo, oneof="encoding"))


class SignatureDef(Message):
    """A way to run a graph: its inputs and outputs by their names, and what it is for."""

    FIELDS = (Field(1, "inputs", "message", message=lambda: TensorInfo, key="string"),
              Field(2, "outputs", "message", message=lambda: TensorInfo, key="string"), Field(3, "method_name", "string"),
              Field(4, "defaults", "message", message=lambda: TensorProto, key="string"))


class NodeList(Message):
    """Names of nodes."""

    FIELDS = (Field(1, "value", "string", True),)


class BytesList(Message):
    """Bytes."""

    FIELDS = (Field(1, "value", "bytes", True),)


class Int64List(Message):
    """Integers."""

    FIELDS = (Field(1, "value", "int64", True),)


class FloatList(Message):
    """Numbers."""

    FIELDS = (Field(1, "value", "float", True),)


class AnyMessage(Message):
    """A message of any class."""

    FIELDS = (Field(1, "type_url", "string"), Field(2, "value", "bytes"))


class AnyList(Message):
    """Messages of any classes."""

    FIELDS = (Field(1, "value", "message", True, lambda: AnyMessage),)


class CollectionDef(Message):
    """What a collection of a graph holds."""

    NodeList, BytesList, Int64List, FloatList, AnyList = NodeList, BytesList, Int64List, FloatList, AnyList
    FIELDS = (Field(1, "node_list", "message", message=lambda: NodeList, oneof="kind"),
              Field(2, "bytes_list", "message", message=lambda: BytesList, oneof="kind"),
              Field(3, "int64_list", "message", message=lambda: Int64List, oneof="kind"),
              Field(4, "float_list", "message", message=lambda: FloatList, oneof="kind"),
              Field(5, "any_list", "message", message=lambda: AnyList, oneof="kind"))


class VariableDef(Message):
    """A variable of a graph by the names of its nodes."""

    FIELDS = (Field(1, "variable_name", "string"), Field(2, "initializer_name", "string"),
              Field(3, "snapshot_name", "string"), Field(5, "is_resource", "bool"), Field(6, "initial_value_name", "string"),
              Field(7, "trainable", "bool"), Field(8, "synchronization", "int32"), Field(9, "aggregation", "int32"))


class AssetFileDef(Message):
    """A file, and the tensor that holds its path."""

    FIELDS = (Field(1, "tensor_info", "message", message=lambda: TensorInfo), Field(2, "filename", "string"))


class MetaInfoDef(Message):
    """Who wrote a graph, and what for."""

    FIELDS = (Field(1, "meta_graph_version", "string"), Field(4, "tags", "string", True),
              Field(5, "tensorflow_version", "string"), Field(6, "tensorflow_git_version", "string"),
              Field(7, "stripped_default_attrs", "bool"), Field(8, "function_aliases", "string", key="string"))


class MetaGraphDef(Message):
    """A graph with signatures, collections, assets, and the objects that it belongs to."""

    MetaInfoDef = MetaInfoDef
    FIELDS = (Field(1, "meta_info_def", "message", message=lambda: MetaInfoDef),
              Field(2, "graph_def", "message", message=lambda: GraphDef),
              Field(3, "saver_def", "message", message=lambda: SaverDef),
              Field(4, "collection_def", "message", message=lambda: CollectionDef, key="string"),
              Field(5, "signature_def", "message", message=lambda: SignatureDef, key="string"),
              Field(6, "asset_file_def", "message", True, lambda: AssetFileDef),
              Field(7, "object_graph_def", "message", message=lambda: SavedObjectGraph))


class SavedModel(Message):
    """Graphs, told apart by their tags."""

    FIELDS = (Field(1, "saved_model_schema_version", "int64"),
              Field(2, "meta_graphs", "message", True, lambda: MetaGraphDef))
