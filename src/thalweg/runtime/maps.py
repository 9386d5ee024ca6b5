"""Functions over the rows of tensors: `map_fn`, `vectorized_map`, `scan`, `foldl`, `foldr`."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core import dtypes, errors, nest
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.shape import TensorShape
from ..core.symbol import SymbolicTensor
from ..core.tensor import EagerTensor
from ..core.type_spec import BatchableTypeSpec
from .blocks import Traced, Traces, flat_tensors, packed, placeholder
from .composites import is_composite_spec
from .loop_nodes import counted


class _Rows:
    """Tensors with a common first axis, and how to run a function once for each row.

    Raises:
      ValueError: a scalar, no tensors, or axes that differ.
    """

    def __init__(self, elems: Any) -> None:
        self.structure = nest.map_structure(_row_like, elems)
        self.tensors = flat_tensors(elems)
        if not self.tensors:
            raise ValueError(f"elems must be a Tensor or (possibly nested) sequence of Tensors. Got {elems}, which does not "
                             "contain any Tensors.")
        symbolic = next((t.graph for t in self.tensors if isinstance(t, SymbolicTensor)), None)
        self.graph: Any = ctx.graph if ctx.graph is not None else symbolic
        known: Any = self.tensors[0].shape[0] if self.tensors[0].shape.rank else None
        for t in self.tensors[1:]:
            other = t.shape[0] if t.shape.rank else None
            if known is not None and other is not None and other != known:
                raise ValueError(f"Dimensions {known} and {other} are not compatible")
            known = known if known is not None else other
        self.known = known

    def count(self) -> Any:
        """How many rows there are: a number, or a tensor of the graph."""
        if self.known is not None:
            return np.array(self.known, np.int32)
        shape = apply(get_op("Shape"), (self.tensors[0],), {"out_type": dtypes.int32})
        return shape[0]

    def row(self, index: int) -> Any:
        """One row of eager tensors, in their structure."""
        return packed(self.structure, [t[index] for t in self.tensors])


def _row_like(x: Any) -> Any:
    """What a row of `x` is packed like: a stack of composite values has rows with a spec of their own."""
    spec = x._type_spec if isinstance(x, nest.CompositeTensor) else None
    return spec._unbatch() if isinstance(spec, BatchableTypeSpec) else x


def _stacked(values: Sequence[Any], like: Sequence[Any]) -> list[Any]:
    """The results of eager calls, each leaf along a new first axis."""
    columns = zip(*(flat_tensors(v) for v in values), strict=True)
    return [apply(get_op("Pack"), list(column), {"axis": 0}, "packed") for column in columns]


def _empty(specs: Sequence[Any]) -> list[Any]:
    out = []
    for spec in specs:
        dtype = dtypes.as_dtype(getattr(spec, "dtype", spec))
        shape = getattr(spec, "shape", None)
        dims = [d or 0 for d in shape.as_list()] if shape is not None and shape.rank is not None else []
        out.append(EagerTensor(np.zeros([0, *dims], dtype.np)))
    return out


def _rows_of(graph: Any, tensors: Sequence[Any]) -> list[SymbolicTensor]:
    """Inputs of a body for one row of each tensor."""
    return [placeholder(graph, t, "row", t.shape[1:] if t.shape.rank is not None else TensorShape(None)) for t in tensors]


def map_fn(fn: Callable[..., Any], elems: Any, dtype: Any = None, parallel_iterations: int | None = None,
           back_prop: bool = True, swap_memory: bool = False, infer_shape: bool = True, name: str | None = None,
           fn_output_signature: Any = None) -> Any:
    """`fn` of each row of `elems`, the results stacked.

    Args:
      fn: takes one row, in the structure of `elems`.
      elems: a tensor or nest of tensors with a common first axis.
      fn_output_signature: the dtypes, or TensorSpecs, of what `fn` returns, where they are not those of `elems`.
      dtype: the older name of that.
      parallel_iterations, swap_memory, infer_shape: accepted, without effect; back_prop=False stops gradients.

    Raises:
      TypeError: `fn` is not callable.
      ValueError: scalars, first axes that differ, or results of another structure.
      InvalidArgumentError: results of another dtype.
    """
    if not callable(fn):
        raise TypeError(f"The provided function {fn} is not callable. fn must be callable.")
    signature = fn_output_signature if fn_output_signature is not None else dtype
    if any(isinstance(x, nest.CompositeTensor) or is_composite_spec(x) for x in
           (*nest.flatten(elems), *nest.flatten(signature))):
        from . import sparse_maps
        if any(map(sparse_maps.is_sparse, (*nest.flatten(elems), *nest.flatten(signature)))):
            return sparse_maps.map_fn(map_fn, fn, elems, signature, back_prop=back_prop, name=name)
    if any(hasattr(x, "ragged_rank") for x in (*nest.flatten(elems), *nest.flatten(signature))):
        from . import ragged_maps
        return ragged_maps.map_fn(fn, elems, signature, back_prop, name)
    rows = _Rows(elems)
    for t in rows.tensors:
        if t.shape.rank == 0:
            raise ValueError("Elements in elems must be 1+ dimensional Tensors, not scalars")
    expected = elems if signature is None else signature
    specs = nest.flatten(signature, expand_composites=True) if signature is not None else [t.dtype for t in rows.tensors]
    if rows.graph is None:
        results = []
        for i in range(rows.known):
            results.append(_fitting(fn(rows.row(i)), expected, specs))
        tensors = _stacked(results, specs) if results else _empty(specs)
    else:
        with rows.graph.as_default(), rows.graph.name_scope(name or "map") as scope:
            tensors = _mapped(fn, rows, expected, specs, scope)
    if not back_prop:
        tensors = [apply(get_op("StopGradient"), (t,)) for t in tensors]
    # What is stacked of composite values is described by the spec of their stack.
    stacked = nest.map_structure(lambda s: s._batch(rows.known) if isinstance(s, BatchableTypeSpec) else s, expected)
    return tensors[0] if len(tensors) == 1 and not nest.is_nested(stacked) and not is_composite_spec(stacked) and \
        not isinstance(stacked, nest.CompositeTensor) else nest.pack_sequence_as(stacked, tensors, expand_composites=True)


def _fitting(result: Any, expected: Any, specs: Sequence[Any]) -> list[Any]:
    """The flat tensors of a call's result, checked against what was promised."""
    nest.assert_same_structure(expected, result, check_types=False, expand_composites=True)
    tensors = [convert_to_tensor(r, dtype_hint=getattr(s, "dtype", s)) for r, s in
               zip(nest.flatten(result, expand_composites=True), specs, strict=True)]
    for t, spec in zip(tensors, specs, strict=True):
        wanted = dtypes.as_dtype(getattr(spec, "dtype", spec))
        if t.dtype != wanted:
            if isinstance(t, SymbolicTensor):
                raise errors.InvalidArgumentError(f"Invalid data types; op elements {dtypes.type_name(t.dtype)} but list "
                                                  f"elements {dtypes.type_name(wanted)}")
            raise errors.InvalidArgumentError(
                None, None, f"TensorArray dtype is {wanted.name} but Op is trying to write dtype {t.dtype.name} ")
    return tensors


def _mapped(fn: Callable[..., Any], rows: _Rows, expected: Any, specs: Sequence[Any], scope: str) -> list[Any]:
    graph = rows.graph
    outer = [graph.capture(t) for t in rows.tensors]

    def arguments(inside: Any) -> list[Any]:
        made = _rows_of(inside, outer)
        inside.inputs.extend(made)
        return made
    with graph.name_scope(f"{scope}while/"):
        traced = Traced(f"{scope.rstrip('/')}_body", lambda *xs: _fitting(fn(packed(rows.structure, xs)), expected, specs),
                        arguments)
    return _loop(traced, rows.count(), (), outer, False, scope)


def _loop(traced: Traced, count: Any, carry: Sequence[Any], outer: Sequence[Any], reverse: bool, name: str) -> list[Any]:
    """Runs a traced body of `[carry, rows] -> [carry, rows]` in a counted loop."""
    made = Traces([traced], True)
    block = made.blocks[0]
    inputs = len(carry) + len(outer) + len(made.captured)
    written = [1 + inputs + i for i in made.written]
    return list(counted(count, carry, outer, [*made.captured, *made.handles], block, written, reverse, name))


def vectorized_map(fn: Callable[..., Any], elems: Any, fallback_to_while_loop: bool = True, warn: bool = True) -> Any:
    """`fn` of each row of `elems`, the results stacked, as `map_fn`; the results may have any dtypes.

    Args:
      fn: takes one row, in the structure of `elems`.
      elems: a tensor or nest of tensors with a common first axis; tensors whose first axis is 1 go to every row.
      fallback_to_while_loop, warn: accepted; rows are computed in a loop.

    Raises:
      ValueError: no rows, or first axes that differ.
    """
    if any(hasattr(x, "ragged_rank") for x in nest.flatten(elems)):
        return map_fn(fn, elems)
    tensors = [convert_to_tensor(t) for t in nest.flatten(elems, expand_composites=True)]
    sizes = {t.shape[0] for t in tensors if t.shape.rank}
    largest = max((s for s in sizes if s is not None), default=None)
    if largest == 0:
        raise ValueError("vectorized_map does not support a batch size of zero.")
    if largest is not None and largest > 1:
        tensors = [_repeated(t, largest) if t.shape[0] == 1 else t for t in tensors]
    elems = nest.pack_sequence_as(elems, tensors, expand_composites=True) if nest.is_nested(elems) else tensors[0]
    rows = _Rows(elems)
    if rows.graph is None:
        results = [fn(rows.row(i)) for i in range(rows.known)]
        return packed(results[0], _stacked(results, ()))
    with rows.graph.as_default(), rows.graph.name_scope("loop_body") as scope:
        outer = [rows.graph.capture(t) for t in rows.tensors]

        def arguments(inside: Any) -> list[Any]:
            made = _rows_of(inside, outer)
            inside.inputs.extend(made)
            return made
        traced = Traced(f"{scope.rstrip('/')}_body", lambda *xs: fn(packed(rows.structure, xs)), arguments)
        return packed(traced.result, _loop(traced, rows.count(), (), outer, False, scope))


def _repeated(t: Any, count: int) -> Any:
    return apply(get_op("Tile"), (t, [count] + [1] * (t.shape.rank - 1)))


# Functions with something carried from row to row.


def _carried(fn: Callable[..., Any], elems: Any, initializer: Any, reverse: bool, keep: bool, name: str) -> Any:
    """A scan if `keep`, else a fold."""
    if not callable(fn):
        raise TypeError(f"{fn.__name__ if hasattr(fn, '__name__') else 'fn'} is not callable. Please provide a callable "
                        "function.")
    rows = _Rows(elems)
    if any(t.shape.rank == 0 for t in rows.tensors):
        raise IndexError("tuple index out of range")
    if rows.graph is None:
        return _carried_eagerly(fn, rows, initializer, reverse, keep)
    with rows.graph.as_default(), rows.graph.name_scope(name) as scope:
        return _carried_in_graph(fn, rows, initializer, reverse, keep, scope)


def _carried_eagerly(fn: Callable[..., Any], rows: _Rows, initializer: Any, reverse: bool, keep: bool) -> Any:
    order = list(range(rows.known))
    if reverse:
        order.reverse()
    made: list[Any] = []
    if initializer is None:
        if not order:
            raise errors.OutOfRangeError(None, None, "Tried to read from index 0 but array size is: 0 ")
        state = rows.row(order.pop(0))
        made.append(state)
    else:
        state = packed(initializer, flat_tensors(initializer))
    structure = state
    for i in order:
        state = fn(state, rows.row(i))
        nest.assert_same_structure(structure, state, check_types=False, expand_composites=True)
        made.append(state)
    if not keep:
        return packed(state, flat_tensors(state))
    if reverse:
        made.reverse()
    if not made:
        return packed(structure, [EagerTensor(np.zeros([0, *t.shape.as_list()], t.dtype.np)) for t in flat_tensors(structure)])
    return packed(structure, _stacked(made, ()))


def _carried_in_graph(fn: Callable[..., Any], rows: _Rows, initializer: Any, reverse: bool, keep: bool, scope: str) -> Any:
    graph = rows.graph
    outer = [graph.capture(t) for t in rows.tensors]
    count = rows.count()
    first: list[Any] = []
    if initializer is None:
        structure = rows.structure
        first = [t[-1] if reverse else t[0] for t in outer]
        starts = first
        outer = [t[:-1] if reverse else t[1:] for t in outer]
        count = apply(get_op("Sub"), (convert_to_tensor(count), np.array(1, np.int32))) if isinstance(count, SymbolicTensor) \
            else np.array(max(int(count) - 1, 0), np.int32)
    else:
        structure = initializer
        starts = [graph.capture(t) for t in flat_tensors(initializer)]

    def arguments(inside: Any) -> list[Any]:
        made = [placeholder(inside, t, "carry") for t in starts] + _rows_of(inside, outer)
        inside.inputs.extend(made)
        return made

    def step(*values: Any) -> Any:
        state = packed(structure, values[:len(starts)])
        result = fn(state, packed(rows.structure, values[len(starts):]))
        nest.assert_same_structure(structure, result, check_types=False, expand_composites=True)
        tensors = flat_tensors(result)
        for t, start in zip(tensors, starts, strict=True):
            if t.dtype != start.dtype:
                raise TypeError(f"Loop var {start.name} enters the loop with type {start.dtype!s} but has type {t.dtype!s} "
                                f"after 1 iteration. {start.name} type should remain constant.")
            if not start.shape.is_compatible_with(t.shape):
                raise ValueError(f"Input tensor `{start.name}` enters the loop with shape {start.shape}, but has shape "
                                 f"{t.shape} after one iteration. To allow the shape to vary across iterations, use the "
                                 "`shape_invariants` argument of tf.while_loop to specify a less-specific shape.")
        return [*tensors, *([apply(get_op("Identity"), (t,)) for t in tensors] if keep else ())]
    with ctx.graph.name_scope(f"{scope}while/"):
        traced = Traced(f"{scope.rstrip('/')}_body", step, arguments)
    made = _loop(traced, count, starts, outer, reverse, scope)
    if not keep:
        return packed(structure, made)
    found = made[len(starts):]
    if initializer is None:
        found = [_joined(t, rest, reverse) for t, rest in zip(first, found, strict=True)]
    return packed(structure, found)


def _joined(first: Any, rest: Any, reverse: bool) -> Any:
    head = apply(get_op("ExpandDims"), (first, 0))
    return apply(get_op("ConcatV2"), (rest, head, 0) if reverse else (head, rest, 0))


def scan(fn: Callable[..., Any], elems: Any, initializer: Any = None, parallel_iterations: int = 10, back_prop: bool = True,
         swap_memory: bool = False, infer_shape: bool = True, reverse: bool = False, name: str | None = None) -> Any:
    """`fn` of what it returned for the row before and of the next row, for each row, all results stacked.

    Args:
      fn: takes the result so far and one row.
      elems: a tensor or nest of tensors with a common first axis.
      initializer: the result before the first row; without it the first row itself.
      reverse: go from the last row to the first.
      parallel_iterations, swap_memory, infer_shape: accepted, without effect; back_prop=False stops gradients.

    Raises:
      TypeError: `fn` is not callable, or returns other dtypes than it takes.
      ValueError: results of another structure or shape.
    """
    return _stopped(_carried(fn, elems, initializer, reverse, True, name or "scan"), back_prop)


def foldl(fn: Callable[..., Any], elems: Any, initializer: Any = None, parallel_iterations: int = 10, back_prop: bool = True,
          swap_memory: bool = False, name: str | None = None) -> Any:
    """The last result of a `scan`: `fn(... fn(fn(initializer, row 0), row 1) ..., row n)`."""
    return _stopped(_carried(fn, elems, initializer, False, False, name or "foldl"), back_prop)


def foldr(fn: Callable[..., Any], elems: Any, initializer: Any = None, parallel_iterations: int = 10, back_prop: bool = True,
          swap_memory: bool = False, name: str | None = None) -> Any:
    """As `foldl`, from the last row to the first."""
    return _stopped(_carried(fn, elems, initializer, True, False, name or "foldr"), back_prop)


def _stopped(result: Any, back_prop: bool) -> Any:
    if back_prop:
        return result
    return packed(result, [apply(get_op("StopGradient"), (t,)) for t in flat_tensors(result)])
