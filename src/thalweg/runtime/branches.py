"""Choosing between functions by a value: `cond`, `case`, `switch_case`, and the nodes behind them."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core import dtypes, errors, nest
from ..core.backprop import dense
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape
from ..core.symbol import SymbolicTensor
from ..core.tensor import EagerTensor, Tensor
from ..core.variable import Variable
from ..ops.list_values import HostList
from .blocks import Block, BlockGradient, Traced, Traces, arrives, is_differentiable, located, packed, placeholder

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


def _run(attrs: dict[str, Any], index: int, inputs: Sequence[Any], xp: Any) -> tuple[Any, ...]:
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
        return _run(attrs, index, inputs, np)
    except Exception as error:
        located(error, blocks_of(attrs)[index])


def _clamped(index: Any, count: int) -> int:
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
        return _chosen(attrs, _clamped(index, len(attrs["branches"])), inputs)

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


# The public functions.


def _static(pred: Any) -> Any:
    """The value of a predicate that is known while the graph is built, or None."""
    return None if isinstance(pred, (Tensor, Variable)) or hasattr(pred, "__tf_tensor__") else pred


def _eager_truth(pred: Any) -> bool:
    value = convert_to_tensor(pred).numpy()
    return bool(value)


def _branches(selector: Any, functions: Sequence[Callable[[], Any]], name: str, numbered: bool, what: str) -> Any:
    """Traces functions without arguments and adds the node that chooses between them."""
    graph = ctx.graph
    with graph.name_scope(name) as scope:
        names = [f"{scope.rstrip('/')}_branch{i}" for i in range(len(functions))] if numbered else \
            [f"{scope.rstrip('/')}_false", f"{scope.rstrip('/')}_true"]
        traced = [Traced(n, f, lambda g: ()) for n, f in zip(names, functions, strict=True)]
        first = traced[-1] if not numbered else traced[0]
        for other in traced:
            if other is not first:
                _same_results(first, other, what)
        made = Traces(traced, False)
        count = len(made.blocks[0].inputs)
        written = [1 + count + i for i in made.written]
        outputs = choose(selector, [*made.captured, *made.handles], made.blocks, written, scope, numbered)
    return packed(first.result, outputs)


def _same_results(first: Traced, other: Traced, what: str) -> None:
    names = ("true_fn", "false_fn") if what == "cond" else ("branch_fns[0]", "branch_fns")
    if len(first.outputs) != len(other.outputs):
        raise ValueError(f"Lengths of branch outputs of {what} must match.\nlen(graphs[0].outputs): {len(first.outputs)}\n"
                         f"len(graphs[1].outputs): {len(other.outputs)}\n")
    try:
        nest.assert_same_structure(first.result, other.result, expand_composites=True)
        for a, b in zip(first.outputs, other.outputs, strict=True):
            if a.dtype != b.dtype:
                raise TypeError(f"{a} and {b} have different types")
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{names[0]} and {names[1]} arguments to tf.{what} must have the same number, type, and overall structure of "
            f"return values.\n\n{names[0]} output: {first.result}\n{names[1]} output: {other.result}\n\nError details:\n"
            f"{error}") from None


def cond(pred: Any, true_fn: Callable[[], Any] | None = None, false_fn: Callable[[], Any] | None = None,
         name: str | None = None) -> Any:
    """What `true_fn()` returns if `pred` holds, else what `false_fn()` returns. Only that function has effects.

    Args:
      pred: a scalar, boolean as a rule.
      true_fn, false_fn: functions without arguments; in a graph they return the same structure and dtypes.

    Raises:
      TypeError: a missing function, one that is not callable, or results that do not match.
      ValueError: `pred` has more than one element.
    """
    for what, f in (("true_fn", true_fn), ("false_fn", false_fn)):
        if f is None:
            raise TypeError(f"cond(): '{what}' argument required")
        if not callable(f):
            raise TypeError(f"'{what}' must be callable.")
    assert true_fn is not None
    assert false_fn is not None
    if ctx.graph is None and not isinstance(pred, SymbolicTensor):
        return _result(true_fn() if _eager_truth(pred) else false_fn())
    graph = ctx.graph if ctx.graph is not None else pred.graph
    with graph.as_default():
        if isinstance(pred, bool):
            raise TypeError("pred must not be a Python bool", pred)
        tensor = graph.capture(convert_to_tensor(pred))
        if tensor.shape.rank not in (0, None):
            raise ValueError(f"The predicate of tf.cond must be a scalar, but it has shape {tensor.shape}.")
        return _branches(tensor, [false_fn, true_fn], name or "cond", False, "cond")


def _result(value: Any) -> Any:
    """What a branch returns in eager code: numbers stay numbers, a list of one stays a list."""
    return value


def switch_case(branch_index: Any, branch_fns: Any, default: Callable[[], Any] | None = None,
                name: str = "switch_case") -> Any:
    """What the function with the number `branch_index` returns; the default, or the last one, for any other number.

    Args:
      branch_index: an int32 scalar.
      branch_fns: functions in order, or a dict or list of pairs from `0 ... n - 1` to functions.

    Raises:
      TypeError: an index that is no integer tensor, or an entry that is no function.
      ValueError: no functions, or numbers with gaps.
    """
    if not isinstance(branch_index, (Tensor, Variable)):
        raise TypeError(f"'branch_index' must be a Tensor, got {type(branch_index)}")
    if not branch_index.dtype.is_integer:
        raise TypeError(f"'branch_index' must be an integer Tensor, got {branch_index.dtype}")
    functions = _listed(branch_fns, default)
    index = convert_to_tensor(branch_index)
    if index.shape.rank not in (0, None):
        raise errors.InvalidArgumentError(f"The branch index must be a scalar, but it has shape {index.shape.as_list()}")
    if ctx.graph is None and isinstance(index, EagerTensor):
        return functions[_clamped(index.numpy(), len(functions))]()
    graph = ctx.graph if ctx.graph is not None else index.graph
    with graph.as_default():
        return _branches(graph.capture(index), functions, name, True, "switch_case")


def _listed(branch_fns: Any, default: Callable[[], Any] | None) -> list[Callable[[], Any]]:
    if not branch_fns:
        raise ValueError("Must provide at least one item in 'branch_fns'")
    if not isinstance(branch_fns, (list, tuple, dict)):
        raise TypeError(f"'branch_fns' must be a list, tuple, or dict. Received type {type(branch_fns)}.")
    pairs: list[Any] = list(branch_fns.items()) if isinstance(branch_fns, dict) else list(branch_fns)
    if all(callable(f) for f in pairs):
        pairs = list(enumerate(pairs))
    for entry in pairs:
        if not isinstance(entry, tuple) or len(entry) != 2:
            raise TypeError(f"Each entry in 'branch_fns' must be a 2-tuple. Received {entry}.")
        if not isinstance(entry[0], int):
            raise TypeError(f"Key for each entry in 'branch_fns' must be a Python `int`. Received {type(entry[0])}.")
        if not callable(entry[1]):
            raise TypeError(f"fn for key {entry[0]} must be callable.")
    keys = sorted(key for key, _ in pairs)
    if keys != list(range(len(pairs))):
        shown = ",".join(str(k) for k in keys)
        raise ValueError(f"branch indices (keys) must form contiguous range of [0 to {len(pairs)}) but found {{{shown}}}")
    if default is not None and not callable(default):
        raise TypeError(f"'default' must be callable. Received {default}.")
    functions = [f for _, f in sorted(pairs, key=lambda pair: pair[0])]
    return [*functions, default] if default is not None else functions


def case(pred_fn_pairs: Any, default: Callable[[], Any] | None = None, exclusive: bool = False, strict: bool = False,
         name: str = "case") -> Any:
    """What the function beside the first predicate that holds returns, or the default.

    Args:
      pred_fn_pairs: pairs of a boolean scalar and a function.
      default: used where no predicate holds; without it that is an error.
      exclusive: whether it is an error that several predicates hold.
      strict: kept for TensorFlow 1; results are returned as they are.

    Raises:
      TypeError: pairs of other kinds.
      InvalidArgumentError: no predicate holds, or several do.
    """
    pairs = _pairs(pred_fn_pairs)
    if not pairs:
        raise ValueError("not enough values to unpack (expected 2, got 0)")
    from .printing import Assert
    predicates = [p for p, _ in pairs]
    checks = []
    if ctx.graph is not None or any(isinstance(p, SymbolicTensor) for p in predicates):
        graph = ctx.graph if ctx.graph is not None else next(p.graph for p in predicates if isinstance(p, SymbolicTensor))
    else:
        graph = None
    if exclusive:
        count = apply(_op("Sum"), (_as_ints(predicates), [0]), {"keep_dims": False})
        text = f"Input error: exclusive=True: more than 1 conditions ({', '.join(_name(p) for p in predicates)}) " \
            "evaluated as True:"
        checks.append(Assert(apply(_op("Less"), (count, convert_to_tensor(2))), [text, _together(predicates)],
                             summarize=len(pairs)))
    if default is None:
        text = "Input error: None of conditions evaluated as True:"
        held = apply(_op("Any"), (_together(predicates), [0]), {"keep_dims": False})
        checks.append(Assert(held, [text, _together(predicates)], summarize=len(pairs)))
        default = pairs[-1][1]
        pairs = pairs[:-1] if len(pairs) > 1 else pairs
    result: Callable[[], Any] = default
    for predicate, function in reversed(pairs):
        result = _one(predicate, function, result)
    if graph is None:
        return result()
    with graph.as_default(), graph.name_scope(name), graph.control_dependencies([c for c in checks if c is not None]):
        return result()


def _one(predicate: Any, function: Callable[[], Any], otherwise: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: cond(predicate, function, otherwise, name="cond")


def _pairs(pred_fn_pairs: Any) -> list[Any]:
    if not isinstance(pred_fn_pairs, (list, tuple, dict)):
        raise TypeError(f"'pred_fn_pairs' must be a list, tuple, or dict. Received: {type(pred_fn_pairs)}")
    pairs: list[Any] = list(pred_fn_pairs.items()) if isinstance(pred_fn_pairs, dict) else list(pred_fn_pairs)
    pairs = [(p.deref() if hasattr(p, "deref") else p, f) for p, f in pairs] if isinstance(pred_fn_pairs, dict) else pairs
    for entry in pairs:
        if not isinstance(entry, tuple) or len(entry) != 2:
            raise TypeError(f"Each entry in 'pred_fn_pairs' must be a 2-tuple. Received {entry}.")
        predicate, function = entry
        if not isinstance(predicate, (Tensor, Variable)):
            raise TypeError(f"pred must be a Tensor, got: {predicate}")
        if predicate.dtype is not dtypes.bool:
            raise TypeError(f"pred must be Tensor of type bool: {_name(predicate)}")
        if not callable(function):
            raise TypeError(f"fn for pred {_name(predicate)} must be callable.")
    return pairs


def _name(t: Any) -> str:
    return t.name if isinstance(t, SymbolicTensor) else "?"


def _op(type_: str) -> OpDef:
    from ..core.opdef import get_op
    return get_op(type_)


def _together(predicates: Sequence[Any]) -> Any:
    return apply(_op("Pack"), [convert_to_tensor(p) for p in predicates], {"axis": 0})


def _as_ints(predicates: Sequence[Any]) -> Any:
    return apply(_op("Cast"), (_together(predicates),), {"DstT": dtypes.int32, "Truncate": False})
