"""Shapes and dtypes of results before anything runs: an entry's shape rule applied to partly known inputs."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import dtypes
from .opdef import OpDef
from .shape import TensorShape


@dataclass(slots=True)
class InputSpec:
    """What is known of an input: its shape, its dtype, and its value if that is constant."""

    shape: TensorShape
    dtype: dtypes.DType
    value: Any = None
    tensor: Any = None
    """The tensor itself, where a graph is being built."""

    @property
    def partial(self) -> TensorShape | None:
        """The shape that the input holds as its value, as far as the nodes that make it tell."""
        from .known_shape import from_node
        return from_node(self.tensor) if self.tensor is not None and self.shape.rank == 1 else None


@dataclass(slots=True)
class OpCall:
    """What a shape rule reads."""

    op: OpDef
    inputs: Sequence[InputSpec]
    attrs: dict[str, Any]

    @property
    def type(self) -> str:
        """The op type."""
        return self.op.type


def infer_outputs(op: OpDef, inputs: Sequence[InputSpec],
                  attrs: dict[str, Any]) -> list[tuple[TensorShape, dtypes.DType]]:
    """The shape and dtype of each output.

    Raises:
      ValueError: the shapes do not fit, in the words of TensorFlow's graph construction.
    """
    call = OpCall(op, inputs, attrs)
    found = op.infer(call) if op.infer is not None else None
    if isinstance(found, list):
        return found
    outputs = op.signature.outputs
    if found is None and not outputs:
        return []
    shape = found if isinstance(found, TensorShape) else TensorShape(found)
    return [(shape, output_dtype(op, outputs[0].type, inputs, attrs))]


def output_dtype(op: OpDef, type_name: str, inputs: Sequence[InputSpec], attrs: dict[str, Any]) -> dtypes.DType:
    """The dtype that an output's type stands for: an attribute's value, that of an input, its default, or itself."""
    if type_name in attrs:
        return dtypes.as_dtype(attrs[type_name])
    attr = op.signature.attr(type_name)
    if attr is None:
        return dtypes.as_dtype(type_name)
    position = 0
    listed = [a for a in op.signature.inputs if a.number]
    spread = len(inputs) - (len(op.signature.inputs) - len(listed))
    for arg in op.signature.inputs:
        if arg.type == type_name and position < len(inputs):
            return inputs[position].dtype
        position += spread // len(listed) if arg.number else 1
    if attr.default is None:
        raise ValueError(f"the signature of {op.type} does not say what {type_name} is")
    return dtypes.as_dtype(attr.default)
