"""How much a program computes, from shapes alone: whether compiling it pays.

The estimate uses nothing measured at run time, so that the same program takes the same path every time.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.infer import InputSpec, infer_outputs
from ..core.shape import TensorShape
from ..core.symbol import Operation
from .program import Program

# Microseconds, rounded from measurements on one core: what a call costs on each engine, whatever the machine.
_NODE = 0.9
_CALL = 6.0
_ARGUMENT = 1.0
_HOST_ARGUMENT = 5.0
_ELEMENT_NUMPY = 6e-4
_ELEMENT_XLA = 1.5e-4
_TRIPS = 16
"""How often a loop runs whose condition decides that."""


@dataclass(frozen=True, slots=True)
class Work:
    """The estimated microseconds of one run on each engine."""

    interpreted: float
    compiled: float

    @property
    def compiles(self) -> bool:
        """Whether the compiled program is the faster one."""
        return self.compiled < self.interpreted


def estimate(program: Program, arguments: Sequence[Any], values: Sequence[Any]) -> Work:
    """Carries the shapes of one run's values through the program."""
    known: dict[Any, InputSpec] = {}
    for key, value in zip(arguments, values, strict=True):
        if value is not None:
            known[key] = InputSpec(TensorShape(value.shape), _dtype(value))
    for constant, value in program.constants.items():
        array = np.asarray(value)
        known[constant] = InputSpec(TensorShape(array.shape), _dtype(array), array)
    elements = 0
    nodes = len(program.nodes)
    for node in program.nodes:
        if node.op.writes_state or node.type == "ReadVariableOp":
            if node.type == "ReadVariableOp":
                t = node.outputs[0]
                held = known.get(("state", program.slot_of(node.inputs[0])))
                known[id(t)] = held or InputSpec(t.shape, t.dtype)
            else:
                elements += sum(_size(known.get(("state", program.slot_of(x)))) for x in node.inputs
                                if x.op.type == "VarHandleOp")
            continue
        specs = [known.get(id(x)) or InputSpec(x.shape, x.dtype) for x in node.inputs]
        try:
            outputs = infer_outputs(node.op, specs, node.attrs)
        except ValueError:
            outputs = [(t.shape, t.dtype) for t in node.outputs]
        for t, (shape, dtype) in zip(node.outputs, outputs, strict=False):
            spec = known[id(t)] = InputSpec(shape, dtype)
            elements += _size(spec)
        if node.op.blocks is not None:
            more, inner = _inside(node, specs)
            nodes += more
            elements += inner
    host = len(program.feeds)
    device = len(program.variables)
    interpreted = _NODE * nodes + _ELEMENT_NUMPY * elements
    compiled = _CALL + _HOST_ARGUMENT * host + _ARGUMENT * device + _ELEMENT_XLA * elements
    return Work(interpreted, compiled)


def _inside(node: Operation, specs: Sequence[InputSpec]) -> tuple[int, int]:
    """The nodes that run inside a node with control flow, and the elements that they make, by their static shapes."""
    nodes = elements = 0
    for block in node.op.blocks(node.attrs):  # type: ignore[misc]
        for inner in block.program.nodes:
            nodes += 1
            elements += sum(t.shape.num_elements() or 0 for t in inner.outputs)
            if inner.op.blocks is not None:
                more = _inside(inner, [InputSpec(x.shape, x.dtype, x.constant_value()) for x in inner.inputs])
                nodes += more[0]
                elements += more[1]
    trips = 1
    if "body" in node.attrs:
        first = specs[0].value if specs and "cond" not in node.attrs else None
        trips = int(first) if first is not None else _TRIPS
    return nodes * trips, elements * trips


def _dtype(value: Any) -> dtypes.DType:
    return dtypes.from_numpy(np.dtype(value.dtype))


def _size(spec: InputSpec | None) -> int:
    return (spec.shape.num_elements() or 0) if spec is not None else 0
