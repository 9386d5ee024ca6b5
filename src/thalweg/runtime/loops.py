"""`while_loop`: repeating a function as long as a condition holds."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core import dtypes, nest
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.shape import TensorShape, as_shape
from ..core.symbol import SymbolicTensor
from ..core.tensor import EagerTensor
from ..core.type_spec import TypeSpec
from .blocks import Traced, Traces, flat_tensors, is_array, leaves_of, packed, placeholder
from .composites import modelled
from .loop_nodes import stateless_while, while_


def while_loop(cond: Callable[..., Any], body: Callable[..., Any], loop_vars: Any, shape_invariants: Any = None,
               parallel_iterations: int = 10, back_prop: bool = True, swap_memory: bool = False,
               maximum_iterations: Any = None, name: str | None = None) -> Any:
    """Repeats `loop_vars = body(*loop_vars)` as long as `cond(*loop_vars)` holds, and returns the loop variables.

    Args:
      cond: returns a boolean scalar.
      body: returns new loop variables, of the same structure and dtypes.
      loop_vars: a list, tuple or other nest of tensors and TensorArrays.
      shape_invariants: less specific shapes for loop variables whose shape changes, in the structure of `loop_vars`.
      maximum_iterations: how often the body runs at most.
      parallel_iterations, back_prop, swap_memory: accepted, without effect; back_prop=False stops gradients.

    Raises:
      TypeError: functions that are not callable, or a loop variable whose dtype changes.
      ValueError: a loop variable whose structure or shape changes.
    """
    if not callable(cond):
        raise TypeError("'cond' must be callable.")
    if not callable(body):
        raise TypeError("'body' must be callable.")
    if parallel_iterations is not None and parallel_iterations < 1:
        raise TypeError("'parallel_iterations' must be a positive integer.")
    symbolic = next((x for x in leaves_of(loop_vars) if isinstance(x, SymbolicTensor)), None)
    if ctx.graph is None and symbolic is None:
        return _eagerly(cond, body, loop_vars, maximum_iterations)
    graph = ctx.graph if ctx.graph is not None else symbolic.graph  # type: ignore[union-attr]
    with graph.as_default(), graph.name_scope(name or "while") as scope:
        result = _in_graph(cond, body, loop_vars, shape_invariants, maximum_iterations, scope)
    if not back_prop:
        tensors = [apply(get_op("StopGradient"), (t,)) for t in flat_tensors(result)]
        return packed(result, tensors)
    return result


def _eagerly(cond: Callable[..., Any], body: Callable[..., Any], loop_vars: Any, maximum_iterations: Any) -> Any:
    if isinstance(loop_vars, EagerTensor) or not loop_vars:
        raise ValueError("'loop_vars' must be provided.")
    limit = -1
    if maximum_iterations is not None:
        most = convert_to_tensor(maximum_iterations)
        if most.shape.rank != 0:
            raise ValueError(f"'maximum_iterations' must be a scalar. Received shape: {most.shape}")
        limit = int(most)
    structure = list(loop_vars)
    count = 0
    while count != limit and cond(*loop_vars):
        count += 1
        loop_vars = body(*loop_vars)
        if len(structure) == 1 and not isinstance(loop_vars, (list, tuple)):
            loop_vars = [loop_vars]
        nest.assert_same_structure(structure, list(loop_vars), check_types=False, expand_composites=True)
    return nest.map_structure(lambda x: x if is_array(x) else convert_to_tensor(x), loop_vars,
                              expand_composites=True)


def _in_graph(cond: Callable[..., Any], body: Callable[..., Any], loop_vars: Any, shape_invariants: Any,
              maximum_iterations: Any, scope: str) -> Any:
    graph = ctx.graph
    if any(x is None for x in leaves_of(loop_vars)):
        raise ValueError("None values not supported.")
    starts = [graph.capture(t) for t in flat_tensors(loop_vars)]
    model = _model(loop_vars, shape_invariants)
    shapes = _shapes(loop_vars, model, starts, shape_invariants)
    limit = None
    if maximum_iterations is not None:
        limit = graph.capture(convert_to_tensor(maximum_iterations, dtypes.int32))
        if limit.shape.rank not in (0, None):
            raise ValueError(f"'maximum_iterations' must be a scalar. Received shape: {limit.shape}")
        starts.insert(0, graph.constant(np.array(0, np.int32), None, "loop_counter"))
        shapes.insert(0, TensorShape([]))

    def arguments(inside: Any) -> list[SymbolicTensor]:
        return [_argument(inside, t, shape) for t, shape in zip(starts, shapes, strict=True)]

    def test(*values: Any) -> Any:
        holds = convert_to_tensor(_call(cond, model, values[limit is not None:]))
        if limit is None:
            return holds
        below = apply(get_op("Less"), (values[0], limit))
        return apply(get_op("LogicalAnd"), (below, holds))

    def step(*values: Any) -> Any:
        result = _call(body, model, values[limit is not None:])
        if len(loop_vars) == 1 and not isinstance(result, (list, tuple)) and not isinstance(loop_vars, dict):
            result = [result]
        return (apply(get_op("AddV2"), (values[0], np.array(1, np.int32))), result) if limit is not None else result
    base = scope.rstrip("/")
    tested = Traced(f"{base}_cond", test, arguments)
    if tested.outputs[0].dtype is not dtypes.bool:
        raise TypeError(f"The condition of tf.while_loop must return a boolean, got {tested.outputs[0].dtype.name}.")
    stepped = Traced(f"{base}_body", step, arguments)
    result = stepped.result if limit is None else stepped.result[1]
    nest.assert_same_structure(result, loop_vars, check_types=False, expand_composites=True)
    _check_composites(model, result)
    if len(stepped.outputs) != len(starts):
        raise AssertionError(f"body_graph has {len(stepped.outputs)} outputs; Expected: {len(starts)}")
    _check(starts, shapes, stepped.outputs)
    made = Traces([tested, stepped], True)
    total = len(made.blocks[1].inputs)
    written = [total + i for i in made.written]
    attrs = {"cond": made.blocks[0], "body": made.blocks[1], "carried": len(starts), "counted": False,
             "written": tuple(written)}
    entry = while_ if made.stateful else stateless_while
    outputs = apply(entry, [*starts, *made.captured, *made.handles], attrs, scope)
    values = list(outputs[limit is not None:]) if isinstance(outputs, tuple) else []
    return _repack(model, result, values)


def _argument(inside: Any, start: Any, shape: TensorShape) -> Any:
    made = placeholder(inside, start, "loop_var", shape)
    inside.inputs.append(made)
    return made


def _call(function: Callable[..., Any], loop_vars: Any, values: Sequence[Any]) -> Any:
    arguments = packed(loop_vars, values)
    return function(**arguments) if isinstance(loop_vars, dict) else function(*arguments)


def _repack(loop_vars: Any, result: Any, values: Sequence[Any]) -> Any:
    """The outputs in the structure of the loop variables; TensorArrays as the body left them."""
    after = leaves_of(result)
    flat = iter(values)
    leaves = [new._with_flow(next(flat)) if is_array(new) else None if new is None else next(flat) for new in after] \
        if len(after) == len(leaves_of(loop_vars)) else None
    if leaves is None:
        return packed(loop_vars, values)
    return nest.pack_sequence_as(loop_vars, leaves, expand_composites=True)


def _model(loop_vars: Any, invariants: Any) -> Any:
    """The loop variables with specs in the places of composites: those of the invariants, or the values' own."""
    if invariants is None or not any(isinstance(x, nest.CompositeTensor) for x in nest.flatten(loop_vars)):
        return modelled(loop_vars)
    nest.assert_same_structure(loop_vars, invariants, check_types=False, expand_composites=False)

    def spec(value: Any, invariant: Any) -> Any:
        if not isinstance(value, nest.CompositeTensor):
            return value
        return invariant if isinstance(invariant, TypeSpec) else value._shape_invariant_to_type_spec(as_shape(invariant))
    flat = [spec(v, s) for v, s in zip(nest.flatten(loop_vars), nest.flatten(invariants), strict=True)]
    return nest.pack_sequence_as(loop_vars, flat)


def _check_composites(model: Any, result: Any) -> None:
    """Raises ValueError where the body returns composites that their specs do not cover."""
    for spec, value in zip(nest.flatten(model), nest.flatten(result), strict=True):
        if isinstance(spec, TypeSpec) and isinstance(value, nest.CompositeTensor):
            made = value._type_spec
            if not made.is_subtype_of(spec) and not made.is_compatible_with(spec):
                raise ValueError(f"A loop variable enters the loop as {spec}, but is {made} after one iteration. The types "
                                 "are not compatible. To allow them to vary across iterations, use the "
                                 "`shape_invariants` argument of tf.while_loop to specify a less-specific shape.")


def _shapes(loop_vars: Any, model: Any, starts: Sequence[Any], invariants: Any) -> list[TensorShape]:
    shapes: list[TensorShape] = []
    if invariants is None:
        rest = iter(starts)
        for leaf in nest.flatten(model):
            if isinstance(leaf, TypeSpec):
                shapes += [spec.shape for spec in leaf.flatten() if next(rest) is not None]
            else:
                shapes.append(next(rest).shape)
        return shapes
    nest.assert_same_structure(loop_vars, invariants, check_types=False, expand_composites=False)
    for leaf, s in zip(nest.flatten(model), nest.flatten(invariants), strict=True):
        if isinstance(leaf, TypeSpec):
            shapes += [spec.shape for spec in leaf.flatten()]
        else:
            shapes.append(s.shape if hasattr(s, "dtype") else as_shape(s))
    for t, shape in zip(starts, shapes, strict=True):
        if not shape.is_compatible_with(t.shape) or (shape.rank is not None and t.shape.rank is not None and
                                                     not _less_specific(shape, t.shape)):
            raise ValueError(f"The shape invariant specified for {t.name} is not compatible with the initial shape of the "
                             f"loop variable. It enters the loop with shape {t.shape}, but the specified shape invariant "
                             f"is {shape}.")
    return shapes


def _less_specific(invariant: TensorShape, shape: TensorShape) -> bool:
    return all(a is None or a == b for a, b in zip(invariant.as_list(), shape.as_list(), strict=True))


def _check(starts: Sequence[Any], shapes: Sequence[TensorShape], outputs: Sequence[Any]) -> None:
    for start, shape, out in zip(starts, shapes, outputs, strict=True):
        if out.dtype != start.dtype:
            raise TypeError(f"Loop var {start.name} enters the loop with type {start.dtype!s} but has type {out.dtype!s} "
                            f"after 1 iteration. {start.name} type should remain constant.")
        if not _covers(shape, out.shape):
            raise ValueError(f"Input tensor `{start.name}` enters the loop with shape {shape}, but has shape {out.shape} "
                             "after one iteration. To allow the shape to vary across iterations, use the "
                             "`shape_invariants` argument of tf.while_loop to specify a less-specific shape.")


def _covers(shape: TensorShape, other: TensorShape) -> bool:
    if shape.rank is None:
        return True
    return other.rank == shape.rank and _less_specific(shape, other)
