"""The nodes behind `cond`, `case` and `switch_case`: one of several graphs, chosen by a value."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.backprop import dense
from ..core.context import ctx
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape
from ..core.symbol import SymbolicTensor
from ..ops.list_values import HostList
from .blocks import Block, BlockGradient, arrives, is_differentiable, located, placeholder

_ATTRS = "Tcond: type; Tin: list(type); Tout: list(type); then_branch: func; else_branch: func; " \
    "output_shapes: list(shape) = []"
_CASE_ATTRS = "Tin: list(type); Tout: list(type); branches: list(func); output_shapes: list(shape) = []"


# The nodes. `results` counts the outputs that branches return; outputs after those hand a branch's inner values to its
# gradient, and `owners` tells whose they are.


def _truth(value: Any) -> bool:
    """Whether a predicate holds: a number that is not zero, a string that is not empty."""
    array = np.asarray(value)
    if array.dtype == object:
        return bool(len(array[()]))
    return bool(array)


def blocks_of(attrs: dict[str, Any]) -> list[Block]:
    """The branches of a node, by number."""
    if "branches" in attrs:
        return list(attrs["branches"])
    return [attrs["else_branch"], attrs["then_branch"]]


def _infer(call: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    blocks = blocks_of(call.attrs)
    results = call.attrs["results"]
    found = []
    for column in zip(*(b.outputs[:results] for b in blocks), strict=True):
        shape = column[0].shape
        for t in column[1:]:
            shape = shape.most_specific_compatible_shape(t.shape)
        found.append((shape, column[0].dtype))
    positions = [results] * len(blocks)
    for owner in call.attrs["owners"]:
        t = blocks[owner].outputs[positions[owner]]
        positions[owner] += 1
        found.append((t.shape, t.dtype))
    return found


def _trim(node: Any, used: set[int]) -> tuple[dict[str, Any], list[Any]]:
    """The node without the inner values that nobody uses."""
    attrs = node.attrs
    results, owners = attrs["results"], attrs["owners"]
    kept = [i for i, t in enumerate(node.outputs[results:]) if id(t) in used]
    if len(kept) == len(owners):
        return attrs, node.outputs
    blocks = blocks_of(attrs)
    places = [_own_outputs(attrs, b) for b in range(len(blocks))]
    blocks = [block.with_only([p for i, p in places[b].items() if i < results or i - results in kept])
              for b, block in enumerate(blocks)]
    return _with_blocks({**attrs, "owners": tuple(owners[i] for i in kept)}, blocks), \
        [*node.outputs[:results], *(node.outputs[results + i] for i in kept)]


def _with_blocks(attrs: dict[str, Any], blocks: Sequence[Block]) -> dict[str, Any]:
    if "branches" in attrs:
        attrs["branches"] = tuple(blocks)
    else:
        attrs["else_branch"], attrs["then_branch"] = blocks
    return attrs


def _filler(t: SymbolicTensor) -> Any:
    """What stands for an inner value of a branch that was not taken."""
    if t.dtype is dtypes.variant:
        return HostList([], np.dtype(np.float32), None)
    return np.zeros((), t.dtype.np)


def run_branch(attrs: dict[str, Any], index: int, inputs: Sequence[Any], xp: Any) -> tuple[Any, ...]:
    """Runs one branch: new values of variables, results, and inner values, its own or fillers."""
    blocks = blocks_of(attrs)
    block = blocks[index]
    out = block.code(xp is not np).run(xp, *inputs)
    if not attrs["owners"]:
        return out
    count = len(block.written) + attrs["results"]
    positions = [attrs["results"]] * len(blocks)
    extra = []
    for owner in attrs["owners"]:
        position = positions[owner]
        positions[owner] += 1
        extra.append(out[len(block.written) + position] if owner == index else _filler(blocks[owner].outputs[position]))
    return (*out[:count], *extra)


def _chosen(attrs: dict[str, Any], index: int, inputs: Sequence[Any]) -> tuple[Any, ...]:
    try:
        return run_branch(attrs, index, inputs, np)
    except Exception as error:
        located(error, blocks_of(attrs)[index])


def clamped(index: Any, count: int) -> int:
    """The number of the branch to take: the last one for an index that is not there."""
    place = int(index)
    return place if 0 <= place < count else count - 1


def _if(type_: str, stateful: bool) -> OpDef:
    @op(type_, "cond: Tcond, input: Tin -> output: Tout", attrs=_ATTRS, infer=_infer, stateful=stateful)
    def entry(xp: Any, cond: Any, *inputs: Any, **attrs: Any) -> Any:
        return _chosen(attrs, int(_truth(cond)), inputs)

    @entry.xla
    def _(xp: Any, cond: Any, *inputs: Any, **attrs: Any) -> Any:
        from .control_xla import branch
        return branch(xp, blocks_of(attrs), attrs, cond, inputs, lambda c: (c if c.dtype == bool else c != 0).astype("int32"))
    entry.blocks = blocks_of
    entry.trim = _trim
    entry.gradient(_gradient)
    return entry


def _case(type_: str, stateful: bool) -> OpDef:
    @op(type_, "branch_index: int32, input: Tin -> output: Tout", attrs=_CASE_ATTRS, infer=_infer, stateful=stateful)
    def entry(xp: Any, index: Any, *inputs: Any, **attrs: Any) -> Any:
        return _chosen(attrs, clamped(index, len(attrs["branches"])), inputs)

    @entry.xla
    def _(xp: Any, index: Any, *inputs: Any, **attrs: Any) -> Any:
        from .control_xla import branch
        count = len(attrs["branches"])
        return branch(xp, blocks_of(attrs), attrs, index, inputs,
                      lambda i: xp.where((i < 0) | (i >= count), count - 1, i).astype("int32"))
    entry.blocks = blocks_of
    entry.trim = _trim
    entry.gradient(_gradient)
    return entry


# The gradient: a node of the same kind over the gradients of the branches. The forward node hands it what it needs.


def _gradient(op: Any, *dys: Any) -> list[Any]:
    blocks = blocks_of(op.attrs)
    seeded = [i for i, dy in enumerate(dys) if arrives(op, i, dy)]
    sources = [i for i, x in enumerate(op.inputs[1:]) if op.needs[i + 1] and
               (is_differentiable(x) or x.dtype is dtypes.resource)]
    own = [_own_outputs(op.attrs, b) for b in range(len(blocks))]
    found = [BlockGradient(block, [own[b][i] for i in seeded if i in own[b]], sources)
             for b, block in enumerate(blocks)]
    reached = [k for k in range(len(sources)) if any(g.parts[k] is not None for g in found)]
    if not reached:
        return [None] * len(op.inputs)
    arguments: list[Any] = [dense(dys[i]) for i in seeded]
    inner: list[list[SymbolicTensor]] = []
    for b, g in enumerate(found):
        seeds = iter(g.seeds)
        inner.append([next(seeds) if i in own[b] else placeholder(g.graph, dys[i], "unused") for i in seeded])
    outputs = []
    for g in found:
        outputs.append([g.parts[k] if g.parts[k] is not None else g.zeros(_inner(g.block, sources[k])) for k in reached])
    for b, g in enumerate(found):
        kept = _kept(op, b, g)
        for outside, tensor in [*kept, *g.captured]:
            arguments.append(outside)
            for c, other in enumerate(found):
                inner[c].append(tensor if c == b else placeholder(other.graph, tensor, "unused"))
    made = _node(op.inputs[0], arguments, [(g.graph, i, o) for g, i, o in zip(found, inner, outputs, strict=True)], op)
    gradients: list[Any] = [None] * len(op.inputs)
    for k, value in zip(reached, made, strict=True):
        gradients[sources[k] + 1] = value
    return gradients


def _own_outputs(attrs: dict[str, Any], block: int) -> dict[int, int]:
    """For each output of the node that comes from a branch: its position among the branch's outputs."""
    results = attrs["results"]
    found = {i: i for i in range(results)}
    position = results
    for i, owner in enumerate(attrs["owners"]):
        if owner == block:
            found[results + i] = position
            position += 1
    return found


def _inner(block: Block, source: int) -> SymbolicTensor:
    """What stands inside for an input of the node."""
    count = len(block.inputs)
    return block.inputs[source] if source < count else block.graph.handle(block.variables[source - count])


def _kept(op: Any, b: int, gradient: BlockGradient) -> list[tuple[Any, SymbolicTensor]]:
    """What the gradient of a branch reads, as outer tensors: inputs of the node, or outputs added to it."""
    pairs: list[tuple[Any, SymbolicTensor]] = []
    missing = []
    inputs = {id(t): x for t, x in zip(gradient.block.inputs, op.inputs[1:], strict=False)}
    for t in gradient.needed:
        if id(t) in inputs:
            pairs.append((inputs[id(t)], t))
        else:
            missing.append(t)
    held = {id(blocks_of(op.attrs)[b].outputs[p]): op.outputs[i] for i, p in _own_outputs(op.attrs, b).items()}
    new = [t for t in missing if id(t) not in held]
    if new:
        _extend(op, b, new)
        held = {id(blocks_of(op.attrs)[b].outputs[p]): op.outputs[i] for i, p in _own_outputs(op.attrs, b).items()}
    return pairs + [(held[id(t)], t) for t in missing]


def _extend(op: Any, b: int, tensors: Sequence[SymbolicTensor]) -> None:
    """Adds inner values of a branch to the outputs of its node. What was generated from the node before stays valid."""
    blocks = blocks_of(op.attrs)
    blocks[b] = blocks[b].with_outputs(tensors)
    op.attrs = _with_blocks({**op.attrs, "owners": (*op.attrs["owners"], *(b for _ in tensors))}, blocks)
    for t in tensors:
        op.outputs.append(SymbolicTensor(op, len(op.outputs), t.shape, t.dtype))


def _node(selector: Any, arguments: Sequence[Any], parts: Sequence[tuple[Any, list[SymbolicTensor], list[Any]]],
          like: Any) -> Any:
    """A node over gradient blocks, as the one that it differentiates."""
    variables = {id(v): v for graph, inner, outputs in parts for v in Block(graph, inner, (), outputs).program.variables}
    handles = [ctx.graph.handle(v) for v in variables.values()]
    blocks = [Block(graph, inner, list(variables.values()), outputs) for graph, inner, outputs in parts]
    return choose(selector, [*arguments, *handles], blocks, (), f"gradients/{like.name.rpartition('/')[2]}_grad",
                  "branches" in like.attrs)


def choose(selector: Any, inputs: Sequence[Any], blocks: Sequence[Block], written: Sequence[int], name: str,
           numbered: bool) -> Any:
    """Adds an If or Case node and returns its outputs."""
    stateful = any(b.stateful for b in blocks)
    attrs: dict[str, Any] = {"results": len(blocks[0].outputs), "owners": (), "written": tuple(written),
                             "Tout": [t.dtype for t in blocks[0].outputs]}
    if numbered:
        attrs["branches"] = ()
        entry = case_ if stateful else stateless_case
    else:
        entry = if_ if stateful else stateless_if
    attrs = _with_blocks(attrs, blocks)
    made = apply(entry, [selector, *inputs], attrs, name)
    return made if isinstance(made, tuple) else ()


if_ = _if("If", True)
stateless_if = _if("StatelessIf", False)
case_ = _case("Case", True)
stateless_case = _case("StatelessCase", False)
