"""The nodes behind `while_loop` and behind the functions that map over rows.

A `While` node runs as long as its condition holds. A `CountedLoop` runs a given number of times; besides the loop
variables it takes arrays of which each iteration gets one row, and it gives arrays of which each iteration makes one row.
The gradient of either is a `CountedLoop` that runs the other way.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.backprop import add, dense
from ..core.context import ctx
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape
from ..core.symbol import SymbolicTensor
from ..ops.list_values import HostList
from ..ops.tensor_lists import accumulate
from .blocks import Block, BlockGradient, arrives, is_differentiable, located, placeholder, zeros_of

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
    outputs: list[Any] = [*carry_out, *(parts[i] for i in fed)]
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
