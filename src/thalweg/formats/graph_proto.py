"""Graphs as messages: TensorFlow's `GraphDef`, its nodes, their attributes, and functions."""
from __future__ import annotations

from .message import Field, Message
from .tensor_proto import TYPE_NAMES, TensorProto, TensorShapeProto


class NameAttrList(Message):
    """A function by its name, with attributes."""

    FIELDS = (Field(1, "name", "string"), Field(2, "attr", "message", message=lambda: AttrValue, key="string"))


class ListValue(Message):
    """The values of an attribute that is a list; one of the fields is in use."""

    FIELDS = (Field(2, "s", "bytes", True), Field(3, "i", "int64", True), Field(4, "f", "float", True),
              Field(5, "b", "bool", True), Field(6, "type", "enum", True, enum=TYPE_NAMES),
              Field(7, "shape", "message", True, lambda: TensorShapeProto),
              Field(8, "tensor", "message", True, lambda: TensorProto), Field(9, "func", "message", True, lambda: NameAttrList))


class AttrValue(Message):
    """The value of an attribute."""

    ListValue = ListValue
    FIELDS = (Field(1, "list", "message", message=lambda: ListValue, oneof="value"), Field(2, "s", "bytes", oneof="value"),
              Field(3, "i", "int64", oneof="value"), Field(4, "f", "float", oneof="value"),
              Field(5, "b", "bool", oneof="value"), Field(6, "type", "enum", enum=TYPE_NAMES, oneof="value"),
              Field(7, "shape", "message", message=lambda: TensorShapeProto, oneof="value"),
              Field(8, "tensor", "message", message=lambda: TensorProto, oneof="value"),
              Field(9, "placeholder", "string", oneof="value"),
              Field(10, "func", "message", message=lambda: NameAttrList, oneof="value"))


_FULL_TYPES = {
    0: "TFT_UNSET", 1: "TFT_VAR", 2: "TFT_ANY", 3: "TFT_PRODUCT", 4: "TFT_NAMED", 20: "TFT_FOR_EACH", 100: "TFT_CALLABLE",
    200: "TFT_BOOL", 201: "TFT_UINT8", 202: "TFT_UINT16", 203: "TFT_UINT32", 204: "TFT_UINT64", 205: "TFT_INT8",
    206: "TFT_INT16", 207: "TFT_INT32", 208: "TFT_INT64", 209: "TFT_HALF", 210: "TFT_FLOAT", 211: "TFT_DOUBLE",
    212: "TFT_COMPLEX64", 213: "TFT_COMPLEX128", 214: "TFT_STRING", 215: "TFT_BFLOAT16", 1000: "TFT_TENSOR",
    1001: "TFT_ARRAY", 1002: "TFT_OPTIONAL", 1003: "TFT_LITERAL", 1004: "TFT_ENCODED", 1005: "TFT_SHAPE_TENSOR",
    10102: "TFT_DATASET", 10103: "TFT_RAGGED", 10104: "TFT_ITERATOR", 10202: "TFT_MUTEX_LOCK",
    10203: "TFT_LEGACY_VARIANT"}


class FullTypeDef(Message):
    """What a node's outputs are made of, in more words than a dtype has."""

    FIELDS = (Field(1, "type_id", "enum", enum=_FULL_TYPES), Field(2, "args", "message", True, lambda: FullTypeDef),
              Field(3, "s", "string", oneof="attr"), Field(4, "i", "int64", oneof="attr"))


class DebugInfo(Message):
    """The nodes and functions that a node was made of."""

    FIELDS = (Field(1, "original_node_names", "string", True), Field(2, "original_func_names", "string", True))


class NodeDef(Message):
    """One node: its name and op type, where its inputs come from, the device, the attributes."""

    ExperimentalDebugInfo = DebugInfo
    FIELDS = (Field(1, "name", "string"), Field(2, "op", "string"), Field(3, "input", "string", True),
              Field(4, "device", "string"), Field(5, "attr", "message", message=lambda: AttrValue, key="string"),
              Field(6, "experimental_debug_info", "message", message=lambda: DebugInfo),
              Field(7, "experimental_type", "message", message=lambda: FullTypeDef))


class VersionDef(Message):
    """The version of the program that wrote a graph, and of those that can read it."""

    FIELDS = (Field(1, "producer", "int32"), Field(2, "min_consumer", "int32"), Field(3, "bad_consumers", "int32", True))


class ArgDef(Message):
    """One input or output of a function."""

    FIELDS = (Field(1, "name", "string"), Field(2, "description", "string"), Field(3, "type", "enum", enum=TYPE_NAMES),
              Field(4, "type_attr", "string"), Field(5, "number_attr", "string"), Field(6, "type_list_attr", "string"),
              Field(16, "is_ref", "bool"))


class AttrDef(Message):
    """One attribute of an op or function."""

    FIELDS = (Field(1, "name", "string"), Field(2, "type", "string"),
              Field(3, "default_value", "message", message=lambda: AttrValue), Field(4, "description", "string"),
              Field(5, "has_minimum", "bool"), Field(6, "minimum", "int64"),
              Field(7, "allowed_values", "message", message=lambda: AttrValue))


class OpDef(Message):
    """The signature of an op or function."""

    ArgDef, AttrDef = ArgDef, AttrDef
    FIELDS = (Field(1, "name", "string"), Field(2, "input_arg", "message", True, lambda: ArgDef),
              Field(3, "output_arg", "message", True, lambda: ArgDef), Field(4, "attr", "message", True, lambda: AttrDef),
              Field(5, "summary", "string"), Field(6, "description", "string"), Field(16, "is_aggregate", "bool"),
              Field(17, "is_stateful", "bool"), Field(18, "is_commutative", "bool"),
              Field(19, "allows_uninitialized_input", "bool"), Field(20, "control_output", "string", True))


class ArgAttrs(Message):
    """The attributes of one argument of a function."""

    FIELDS = (Field(1, "attr", "message", message=lambda: AttrValue, key="string"),)


class FunctionDef(Message):
    """A function: its signature, its nodes, and which of their outputs it returns."""

    FIELDS = (Field(1, "signature", "message", message=lambda: OpDef), Field(3, "node_def", "message", True, lambda: NodeDef),
              Field(4, "ret", "string", key="string"), Field(5, "attr", "message", message=lambda: AttrValue, key="string"),
              Field(6, "control_ret", "string", key="string"),
              Field(7, "arg_attr", "message", message=lambda: ArgAttrs, key="uint32"),
              Field(8, "resource_arg_unique_id", "uint32", key="uint32"))


class GradientDef(Message):
    """The gradient function of a function."""

    FIELDS = (Field(1, "function_name", "string"), Field(2, "gradient_func", "string"))


class FunctionDefLibrary(Message):
    """The functions that the nodes of a graph call."""

    FIELDS = (Field(1, "function", "message", True, lambda: FunctionDef),
              Field(2, "gradient", "message", True, lambda: GradientDef))


class GraphDef(Message):
    """A graph: its nodes, in any order, and the functions that they call."""

    FIELDS = (Field(1, "node", "message", True, lambda: NodeDef),
              Field(2, "library", "message", message=lambda: FunctionDefLibrary), Field(3, "version", "int32"),
              Field(4, "versions", "message", message=lambda: VersionDef))
