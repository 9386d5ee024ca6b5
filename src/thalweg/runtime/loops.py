"""Loops: `while_loop` and the nodes behind it and behind the functions that map over rows.

A `While` node runs as long as its condition holds. A `CountedLoop` runs a given number of times; besides the loop
variables it takes arrays of which each iteration gets one row, and it gives arrays of which each iteration makes one row.
The gradient of either is a `CountedLoop` that runs the other way.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core import dtypes, nest
from ..core.backprop import add, dense
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, get_op, op
from ..core.shape import TensorShape, as_shape
from ..core.symbol import SymbolicTensor
from ..core.tensor import EagerTensor
from ..ops.list_values import HostList
from ..ops.tensor_lists import accumulate
from .blocks import Block, BlockGradient, Traced, Traces, arrives, flat_tensors, is_array, is_differentiable, leaves_of, located, \
    packed, placeholder, zeros_of

# The nodes. Inputs: the count of a counted loop, the loop variables, arrays of rows, captured tensors, handles.
# Outputs: the loop variables, the number of iterations of a While where `counted`, then the rows that were `saved`.


def blocks_of(attrs: dict[str, Any]) -> list[Block]:
    """The condition, if there is one, and the body."""
    return [b for b in (attrs.get("cond"), attrs["body"]) if b is not None]


def _infer(call: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    attrs = call.attrs
    body, carried = attrs["body"], attrs["carried"]
    found = [(t.shape, t.dtype) for t in body.inputs[:carried]]
    if attrs["counted"]:
        found.append((TensorShape([]), dtypes.int32))
    return found + [(_rows(t, None), t.dtype) for t in body.outputs[carried:]]


def _trim(node: Any, used: set[int]) -> tuple[dict[str, Any], list[Any]]:
    """The node without the rows that nobody uses."""
    attrs = node.attrs
    body, carried = attrs["body"], attrs["carried"]
    first = carried + (1 if attrs["counted"] else 0)
    kept = [k for k, t in enumerate(node.outputs[first:]) if id(t) in used]
    if first + len(kept) == len(node.outputs):
        return attrs, node.outputs
    body = body.with_only([*range(carried), *(carried + k for k in kept)])
    return {**attrs, "body": body}, [*node.outputs[:first], *(node.outputs[first + k] for k in kept)]


def _rows(t: Any, count: int | None) -> TensorShape:
    return TensorShape([]) if t.dtype is dtypes.variant else TensorShape([count]).concatenate(t.shape)


def _row(rows: Any, index: int) -> Any:
    return rows.items[index] if isinstance(rows, HostList) else rows[index, ...]


def _stack(values: list[Any], t: SymbolicTensor) -> Any:
    """The rows of all iterations as one array, or as a list where they differ in shape or are lists themselves."""
    if t.dtype is dtypes.variant:
        return HostList(values, np.dtype(object), None)
    if not values:
        return np.zeros((0, *(d or 0 for d in t.shape.as_list() if t.shape.rank is not None)), t.dtype.np)
    arrays = [np.asarray(v) for v in values]
    shape = arrays[0].shape
    if all(a.shape == shape for a in arrays):
        return np.stack(arrays)
    return HostList(arrays, arrays[0].dtype, None)


def _run(inputs: Sequence[Any], attrs: dict[str, Any], cond: Block | None, count: int, reverse: bool) -> tuple[Any, ...]:
    """Runs a loop on NumPy: new values of variables, loop variables, the number of iterations, rows."""
    body: Block = attrs["body"]
    n, m = attrs["carried"], attrs.get("fed", 0)
    carry, rows, rest = list(inputs[:n]), inputs[n:n + m], list(inputs[n + m:])
    places = [len(rest) - len(body.variables) + i for i in body.written]
    new = len(places)
    saved: list[list[Any]] = [[] for _ in body.outputs[n:]]
    run = body.code().run
    test = cond.code().run if cond is not None else None
    done = 0
    while done != count:
        if test is not None:
            out = test(np, *carry, *rest)
            for place, value in zip(places, out, strict=False):
                rest[place] = value
            if not out[-1]:
                break
        if m:
            index = count - 1 - done if reverse else done
            out = run(np, *carry, *[_row(r, index) for r in rows], *rest)
        else:
            out = run(np, *carry, *rest)
        for place, value in zip(places, out, strict=False):
            rest[place] = value
        carry = list(out[new:new + n])
        for column, value in zip(saved, out[new + n:], strict=True):
            column.append(value)
        done += 1
    if reverse:
        for column in saved:
            column.reverse()
    made = [_stack(column, t) for column, t in zip(saved, body.outputs[n:], strict=True)]
    trips = [np.array(done, np.int32)] if attrs["counted"] else []
    return (*(rest[p] for p in places), *carry, *trips, *made)


def _while(type_: str, stateful: bool) -> OpDef:
    @op(type_, "input: T -> output: T", stateful=stateful, infer=_infer,
        attrs="T: list(type); cond: func; body: func; output_shapes: list(shape) = []; parallel_iterations: int = 10")
    def entry(xp: Any, *inputs: Any, **attrs: Any) -> Any:
        try:
            return _run(inputs, attrs, attrs["cond"], -1, False)
        except Exception as error:
            located(error, *blocks_of(attrs))

    @entry.xla
    def _(xp: Any, *inputs: Any, **attrs: Any) -> Any:
        from .control_xla import loop
        return loop(xp, inputs, attrs, attrs["cond"], None, False)
    entry.blocks = blocks_of
    entry.trim = _trim
    entry.gradient(_gradient)
    return entry


def _counted(type_: str, stateful: bool) -> OpDef:
    @op(type_, "count: int32, input: T -> output: Tout", stateful=stateful, infer=_infer,
        attrs="T: list(type); Tout: list(type); body: func; carried: int; fed: int; reverse: bool")
    def entry(xp: Any, count: Any, *inputs: Any, **attrs: Any) -> Any:
        try:
            return _run(inputs, attrs, None, int(count), attrs["reverse"])
        except Exception as error:
            located(error, attrs["body"])

    @entry.xla
    def _(xp: Any, count: Any, *inputs: Any, **attrs: Any) -> Any:
        from .control_xla import loop
        return loop(xp, inputs, attrs, None, count, attrs["reverse"])
    entry.blocks = blocks_of
    entry.trim = _trim
    entry.gradient(_gradient)
    return entry


def counted(count: Any, carry: Sequence[Any], rows: Sequence[Any], rest: Sequence[Any], body: Block,
            written: Sequence[int] = (), reverse: bool = False, name: str = "loop") -> tuple[Any, ...]:
    """Adds a loop that runs `count` times: the loop variables, then the rows that the body's further outputs make."""
    attrs = {"body": body, "carried": len(carry), "fed": len(rows), "reverse": reverse, "counted": False,
             "written": tuple(written)}
    entry = counted_loop if body.stateful else stateless_counted_loop
    made = apply(entry, [count, *carry, *rows, *rest], attrs, name)
    outputs = made if isinstance(made, tuple) else ()
    known = np.asarray(count) if isinstance(count, (int, np.ndarray)) else \
        count.constant_value() if isinstance(count, SymbolicTensor) else None
    if known is not None:
        for t, inner in zip(outputs[len(carry):], body.outputs[len(carry):], strict=True):
            t._shape = _rows(inner, int(known))
    return outputs


# The gradient.


def _gradient(op: Any, *dys: Any) -> list[Any]:
    attrs = op.attrs
    body, n, m = attrs["body"], attrs["carried"], attrs.get("fed", 0)
    first = 1 if "cond" not in attrs else 0
    after = n + (1 if attrs["counted"] else 0)
    carry_seeds = {i for i in range(n) if arrives(op, i, dys[i])}
    row_seeds = [k for k in range(len(body.outputs) - n) if arrives(op, after + k, dys[after + k])]
    active = _active(body, n, carry_seeds, [n + k for k in row_seeds])
    wanted = [i for i in range(n, len(op.inputs) - first)
              if op.needs[first + i] and (is_differentiable(op.inputs[first + i]) or
                                          op.inputs[first + i].dtype is dtypes.resource)]
    g = BlockGradient(body, [*active, *(n + k for k in row_seeds)], [*active, *wanted])
    back, parts = g.parts[:len(active)], dict(zip(wanted, g.parts[len(active):], strict=True))
    fed = [i for i in wanted if i < n + m and parts[i] is not None]
    summed = [i for i in wanted if i >= n + m and parts[i] is not None]
    outer = op.inputs[first:]
    totals = [placeholder(g.graph, _value_like(outer[i]), "total") for i in summed]
    carry_out = [part if part is not None else g.zeros(body.inputs[i]) for i, part in zip(active, back, strict=True)]
    carry_out += [_sum(g, total, parts[i]) for i, total in zip(summed, totals, strict=True)]
    rows, captured = _kept(op, g, first)
    inner = [*g.seeds[:len(active)], *totals, *g.seeds[len(active):], *(t for _, t in rows), *(t for _, t in captured)]
    outputs = [*carry_out, *(parts[i] for i in fed)]
    variables = Block(g.graph, inner, (), outputs).program.variables
    block = Block(g.graph, inner, variables, outputs)
    starts = [dense(dys[i]) if i in carry_seeds else zeros_of(op.outputs[i]) for i in active]
    starts += [zeros_of(outer[i]) for i in summed]
    made = counted(_count(op), starts, [*(dense(dys[after + k]) for k in row_seeds), *(x for x, _ in rows)],
                   [*(x for x, _ in captured), *(ctx.graph.handle(v) for v in variables)], block,
                   reverse=not attrs.get("reverse", False), name=f"gradients/{op.name.rpartition('/')[2]}_grad")
    gradients: list[Any] = [None] * len(op.inputs)
    for i, value in zip([*active, *summed, *fed], made, strict=True):
        gradients[first + i] = value
    return gradients


def _value_like(x: Any) -> Any:
    """Something with the shape and dtype of an input: of the variable's value where it is a handle."""
    return x.op.variable if x.dtype is dtypes.resource else x


def _sum(g: BlockGradient, total: Any, part: Any) -> Any:
    tapes, ctx.tapes = ctx.tapes, ()
    try:
        with g.graph.as_default(), g.graph.name_scope(None):
            return accumulate(total, part) if total.dtype is dtypes.variant else add(total, part)
    finally:
        ctx.tapes = tapes


def _active(body: Block, n: int, seeded: set[int], rows: Sequence[int]) -> list[int]:
    """The loop variables that some gradient reaches in some iteration."""
    active = set(seeded)
    while True:
        live = {id(body.outputs[i]) for i in [*active, *rows]}
        for node in reversed(body.program.nodes):
            if node.op.differentiable and any(id(t) in live for t in node.outputs):
                live.update(id(x) for x in node.inputs if is_differentiable(x))
        found = {i for i in range(n) if id(body.inputs[i]) in live and is_differentiable(body.inputs[i])}
        if found <= active:
            return sorted(active)
        active |= found


def _count(op: Any) -> Any:
    """How often a loop ran."""
    if "cond" not in op.attrs:
        return op.inputs[0]
    if not op.attrs["counted"]:
        op.attrs = {**op.attrs, "counted": True}
        op.outputs.append(SymbolicTensor(op, len(op.outputs), TensorShape([]), dtypes.int32))
    return op.outputs[op.attrs["carried"]]


def _kept(op: Any, g: BlockGradient, first: int) -> tuple[list[tuple[Any, Any]], list[tuple[Any, Any]]]:
    """What the gradient reads: values of each iteration, as arrays of rows, and values that all iterations share."""
    body, n, m = op.attrs["body"], op.attrs["carried"], op.attrs.get("fed", 0)
    place = {id(t): i for i, t in enumerate(body.inputs)}
    rows: list[tuple[Any, Any]] = []
    captured: list[tuple[Any, Any]] = list(g.captured)
    changing = []
    for t in g.needed:
        i = place.get(id(t), -1)
        if i < n:
            changing.append(t)
        else:
            (rows if i < n + m else captured).append((op.inputs[first + i], t))
    _count(op)
    held = {id(t) for t in body.outputs[n:]}
    new = [t for t in changing if id(t) not in held]
    if new:
        op.attrs = {**op.attrs, "body": body.with_outputs(new)}
        for t in new:
            op.outputs.append(SymbolicTensor(op, len(op.outputs), _rows(t, None), t.dtype))
    after = n + (1 if op.attrs["counted"] else 0)
    outputs = {id(t): op.outputs[after + k] for k, t in enumerate(op.attrs["body"].outputs[n:])}
    return rows + [(outputs[id(t)], t) for t in changing], captured


while_ = _while("While", True)
stateless_while = _while("StatelessWhile", False)
counted_loop = _counted("CountedLoop", True)
stateless_counted_loop = _counted("StatelessCountedLoop", False)


# The public function.


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
    shapes = _shapes(loop_vars, starts, shape_invariants)
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
        holds = convert_to_tensor(_call(cond, loop_vars, values[limit is not None:]))
        if limit is None:
            return holds
        below = apply(get_op("Less"), (values[0], limit))
        return apply(get_op("LogicalAnd"), (below, holds))

    def step(*values: Any) -> Any:
        result = _call(body, loop_vars, values[limit is not None:])
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
    return _repack(loop_vars, result, values)


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
        if all(not hasattr(x, "indices") for x in after) else None
    if leaves is None:
        return packed(loop_vars, values)
    return nest.pack_sequence_as(loop_vars, leaves, expand_composites=True)


def _shapes(loop_vars: Any, starts: Sequence[Any], invariants: Any) -> list[TensorShape]:
    if invariants is None:
        return [t.shape for t in starts]
    nest.assert_same_structure(loop_vars, invariants, check_types=False, expand_composites=False)
    given = nest.flatten(invariants)
    shapes = [s.shape if hasattr(s, "dtype") else as_shape(s) for s in given]
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
