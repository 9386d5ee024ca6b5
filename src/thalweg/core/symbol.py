"""What a graph is made of: `Operation`, a node, and `SymbolicTensor`, one of its outputs."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from . import dtypes, errors
from .opdef import OpDef
from .shape import FirstVersionShape, TensorShape, as_shape
from .tensor import Tensor

_NOT_A_VALUE = (
    " is not allowed. You can attempt the following resolutions to the problem: If you are running in Graph mode, use "
    "Eager execution mode or decorate this function with @tf.function. If you are using AutoGraph, you can try decorating "
    "this function with @tf.function. If that does not work, then you may be using an unsupported feature or your source "
    "code may not be visible to AutoGraph. See https://github.com/tensorflow/tensorflow/blob/master/tensorflow/python/"
    "autograph/g3doc/reference/limitations.md#access-to-source-code for more information.")


class SymbolicTensor(Tensor):
    """An output of a node: its dtype and what is known of its shape; its value exists only while the graph runs."""

    __slots__ = ("__weakref__", "_dtype", "_known", "_shape", "op", "value_index")

    def __init__(self, op: Operation, value_index: int, shape: TensorShape, dtype: dtypes.DType) -> None:
        self.op = op
        self.value_index = value_index
        self._shape = shape
        self._dtype = dtype
        self._known = fold(op, value_index, shape)

    @property
    def graph(self) -> Any:
        """The graph this belongs to."""
        return self.op.graph

    @property
    def name(self) -> str:
        """`operation:index`."""
        return f"{self.op.name}:{self.value_index}"

    @property
    def shape(self) -> TensorShape:
        return FirstVersionShape.of(self._shape._dims) if self.op.graph.first_version else self._shape

    @property
    def dtype(self) -> dtypes.DType:
        return self._dtype

    @property
    def device(self) -> str:
        """The device that was asked for, or nothing."""
        return self.op.device

    def set_shape(self, shape: Any) -> None:
        """Adds what is known about the shape.

        Raises:
          ValueError: it contradicts what is known.
        """
        self._shape = self._shape.merge_with(as_shape(shape))

    def constant_value(self) -> np.ndarray[Any, Any] | None:
        """The value, where it is known while the graph is built: constants, and shapes of known tensors."""
        return self._known

    def consumers(self) -> list[Operation]:
        """The operations that read this tensor."""
        return [node for node in self.graph._nodes if any(x is self for x in node.inputs)]

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """Runs the graph in a session for this tensor's value.

        Raises:
          ValueError: there is no default session.
        """
        return _session(session, "Cannot evaluate tensor using `eval()`", "eval").run(self, feed_dict)

    def __len__(self) -> int:
        raise TypeError(f"len is not well defined for a symbolic Tensor ({self.name}). Please call `x.shape` rather than "
                        "`len(x)` for shape information.")

    def __iter__(self) -> Iterator[Any]:
        raise errors.OperatorNotAllowedInGraphError("Iterating over a symbolic `tf.Tensor`" + _NOT_A_VALUE)

    def __bool__(self) -> bool:
        raise errors.OperatorNotAllowedInGraphError("Using a symbolic `tf.Tensor` as a Python `bool`" + _NOT_A_VALUE)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise NotImplementedError(f"Cannot convert a symbolic tf.Tensor ({self.name}) to a numpy array. This error may "
                                  "indicate that you're trying to pass a Tensor to a NumPy call, which is not supported.")

    def __hash__(self) -> int:
        return id(self) if self.op.graph.hashable_tensors else super().__hash__()

    def __eq__(self, other: object) -> Any:
        return self is other if self.op.graph.hashable_tensors else Tensor.__eq__(self, other)

    def __ne__(self, other: object) -> Any:
        return self is not other if self.op.graph.hashable_tensors else Tensor.__ne__(self, other)

    def __copy__(self) -> SymbolicTensor:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> SymbolicTensor:
        return self

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __str__(self) -> str:
        shape = "" if self._shape.rank is None else f" shape={self.shape},"
        return f'Tensor("{self.name}",{shape} dtype={self._dtype.name})'

    def __repr__(self) -> str:
        shape = "<unknown>" if self._shape.rank is None else str(self.shape)
        return f"<tf.Tensor '{self.name}' shape={shape} dtype={self._dtype.name}>"


class Operation:
    """A node: an op, where its inputs come from, its attributes, and the line of the program that made it.

    Gradient functions read it as they read a tape's record.
    """

    __slots__ = ("__weakref__", "_id", "attrs", "control_inputs", "device", "frame", "graph", "inputs", "name", "needs",
                 "op", "outputs", "variable")

    def __init__(self, graph: Any, name: str, op: OpDef, inputs: tuple[SymbolicTensor, ...], attrs: dict[str, Any],
                 control_inputs: tuple[Operation, ...], device: str, frame: Any) -> None:
        self.graph = graph
        self.name = name
        self.op = op
        self.inputs = inputs
        self.attrs = attrs
        self.control_inputs = control_inputs
        self.device = device
        self.frame = frame
        self.outputs: list[SymbolicTensor] = []
        self.needs: Sequence[bool] = ()
        self.variable: Any = None
        self._id = -1

    @property
    def type(self) -> str:
        """The op type."""
        return self.op.type

    @property
    def updated(self) -> Sequence[SymbolicTensor]:
        """The handles of the variables that this node gives new values. Its kernel returns those values first."""
        if self.op.blocks is not None:
            return [self.inputs[i] for i in self.attrs["written"]]
        return [x for x in self.inputs if x.op.type == "VarHandleOp"] if self.op.writes_state else ()

    @property
    def draws(self) -> bool:
        """Whether this node draws stateful random numbers, itself or in a graph within it."""
        if self.op.blocks is not None:
            return any(block.program.random for block in self.op.blocks(self.attrs))
        return self.op.stateful and "seed2" in self.attrs

    @property
    def keeps(self) -> bool:
        """Whether this node makes something in its first run, a table, that later runs of a session use."""
        return self.op.stateful and self.op.host and self.op.signature.attr("shared_name") is not None

    @property
    def values(self) -> Any:
        """The outputs, as a function."""
        return lambda: tuple(self.outputs)

    @property
    def traceback(self) -> list[Any]:
        """Where the program made this node."""
        return [self.frame]

    def get_attr(self, name: str) -> Any:
        """The value of an attribute.

        Raises:
          ValueError: the operation has no such attribute.
        """
        if name in self.attrs:
            return self.attrs[name]
        attr = self.op.signature.attr(name)
        if attr is None:
            raise ValueError(f"Operation '{self.name}' has no attr named '{name}'.")
        for arg, x in zip(self.op.signature.inputs, self.inputs, strict=False):
            if arg.type == name:
                return x.dtype
        return attr.default_value

    @property
    def node_def(self) -> Any:
        """This operation as a `NodeDef` message."""
        from .node_text import messages
        return messages().node_def(self)

    def run(self, feed_dict: Any = None, session: Any = None) -> None:
        """Runs the graph in a session up to this operation.

        Raises:
          ValueError: there is no default session.
        """
        _session(session, "Cannot execute operation using `run()`", "run").run(self, feed_dict)

    def __repr__(self) -> str:
        return f"<tf.Operation '{self.name}' type={self.type}>"

    def __str__(self) -> str:
        return str(self.node_def)


def _session(session: Any, what: str, method: str) -> Any:
    from .context import ctx
    found = session if session is not None else ctx.session
    if found is None:
        raise ValueError(f"{what}: No default session is registered. Use `with sess.as_default()` or pass an explicit "
                         f"session to `{method}(session=sess)`")
    return found


_SHAPE_OPS = frozenset(("Shape", "Size", "Rank"))
_FOLDED = frozenset(("Cast", "ConcatV2", "Pack", "Prod", "AddV2", "Sub", "Mul", "FloorDiv", "Maximum", "Minimum", "Range",
                     "StridedSlice", "Reshape", "ExpandDims", "Squeeze", "GatherV2", "Fill", "ZerosLike", "OnesLike",
                     "Identity", "Transpose", "ReverseV2", "Sum", "BroadcastGradientArgs", "Unpack", "Neg", "Slice",
                     "InvertPermutation", "RealDiv", "Greater", "Less", "Equal", "SelectV2", "Size", "FloorMod"))
_SMALL = 1024
_TAKING = ("StridedSlice", "Unpack")
"""What takes single sizes out of a shape."""


def fold(node: Operation, index: int, shape: TensorShape) -> np.ndarray[Any, Any] | None:
    """The value of an output that small constants and known shapes determine, or None."""
    if node.type == "Const":
        value: np.ndarray[Any, Any] = node.attrs["value"]
        return value
    if node.type in _SHAPE_OPS:
        return _shape_value(node)
    size = shape.num_elements()
    if node.type not in _FOLDED or size is None or size > _SMALL:
        return None
    values = [x._known for x in node.inputs]
    if any(value is None for value in values):
        return _size_of(node, index) if size == 1 and node.type in _TAKING else None
    try:
        with np.errstate(all="ignore"):
            out = node.op.kernel(np, *values, **node.attrs)
    except errors.OpError:
        return None  # it fails when it runs, where the message names the node
    return np.asarray(out[index] if isinstance(out, tuple) else out)


def _size_of(node: Operation, index: int) -> np.ndarray[Any, Any] | None:
    from .known_shape import single
    found = single(node, index)
    return None if found is None else np.array(found, node.inputs[0].dtype.np)


def _shape_value(node: Operation) -> np.ndarray[Any, Any] | None:
    shape = node.inputs[0].shape
    if node.type == "Rank":
        return None if shape.rank is None else np.array(shape.rank, np.int32)
    if not shape.is_fully_defined():
        return None
    dtype = node.get_attr("out_type").np
    if node.type == "Size":
        return np.array(shape.num_elements(), dtype)
    return np.array(shape.as_list(), dtype)
