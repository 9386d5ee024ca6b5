"""`map_fn` over ragged tensors, or with ragged results."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core import dtypes, nest
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.tensor import Tensor
from ..core.tensor_spec import TensorSpec
from ..core.type_spec import type_spec_from_value
from ..ops.ragged.factories import nrows_of
from ..ops.ragged.joining import stack
from ..ops.ragged.spec import RaggedTensorSpec
from ..ops.ragged.types import RaggedTensor
from ..ops.ragged.values import as_ragged_or_tensor
from .loops import while_loop
from .tensor_array import TensorArray


def map_fn(fn: Callable[..., Any], elems: Any, signature: Any, back_prop: bool, name: str | None) -> Any:
    """`fn` of each row of `elems`, the results stacked, as `runtime.maps.map_fn`.

    Raises:
      ValueError: no rows, or a result that is not what was promised.
    """
    leaves = [as_ragged_or_tensor(x) for x in nest.flatten(elems)]
    if not leaves:
        raise ValueError(f"elems must be a Tensor or (possibly nested) sequence of Tensors. Got {elems}, which does not "
                         "contain any Tensors.")
    structure = elems if signature is None else signature
    specs = [_row_spec(x) for x in leaves] if signature is None else [_spec(x) for x in nest.flatten(signature)]

    def call(index: Any) -> list[Any]:
        rows = [x[index] for x in leaves]
        result = fn(nest.pack_sequence_as(elems, rows) if nest.is_nested(elems) else rows[0])
        nest.assert_same_structure(structure, result, check_types=False)
        return [_fitting(x, spec) for x, spec in zip(nest.flatten(result), specs, strict=True)]
    parts = (x.flat_values if isinstance(x, RaggedTensor) else x for x in leaves)
    symbolic = any(isinstance(x, Tensor) and hasattr(x, "graph") and not hasattr(x, "numpy") for x in parts)
    results = _in_graph(call, leaves, specs) if ctx.graph is not None or symbolic else _at_once(call, leaves, specs)
    if not back_prop:
        from ..ops.creation import stop_gradient
        results = [x.with_flat_values(stop_gradient(x.flat_values)) if isinstance(x, RaggedTensor) else stop_gradient(x)
                   for x in results]
    return nest.pack_sequence_as(structure, results) if nest.is_nested(structure) else results[0]


def _row_spec(x: Any) -> Any:
    """What a function is expected to return that returns rows like those it gets."""
    if isinstance(x, RaggedTensor):
        return RaggedTensorSpec(None, x.dtype, x.ragged_rank - 1, x.row_splits.dtype)
    return TensorSpec(None, x.dtype)


def _spec(promised: Any) -> Any:
    """An entry of a signature as a spec."""
    return promised if isinstance(promised, (TensorSpec, RaggedTensorSpec)) else TensorSpec(None, dtypes.as_dtype(promised))


def _fitting(value: Any, spec: Any) -> Any:
    """A result, checked against its spec.

    Raises:
      ValueError: it is something else.
    """
    value = as_ragged_or_tensor(value, None if hasattr(value, "dtype") else spec.dtype)
    depth = spec.ragged_rank if isinstance(spec, RaggedTensorSpec) else 0
    have = value.ragged_rank if isinstance(value, RaggedTensor) else 0
    scalar = isinstance(spec, RaggedTensorSpec) and not have and value.shape.rank == 0
    if depth != have or scalar or value.dtype != spec.dtype or not value.shape.is_compatible_with(spec.shape):
        shown = RaggedTensorSpec(None, spec.dtype, depth, spec.row_splits_dtype) \
            if isinstance(spec, RaggedTensorSpec) and spec.shape.rank is None else spec
        raise ValueError(f"Error in map_fn:\n  Expected `fn` to return a:\n    {shown}\n  But it returned a:\n    "
                         f"{type_spec_from_value(value)}\n    (value={value})\n  To fix, update the `fn_output_signature` "
                         "(or `dtype`) argument to `map_fn`.")
    return value


def _at_once(call: Callable[[Any], list[Any]], leaves: list[Any], specs: list[Any]) -> list[Any]:
    """Row after row, with values."""
    first = leaves[0]
    count = int(first.nrows()) if isinstance(first, RaggedTensor) else int(first.shape[0])
    made = [call(i) for i in range(count)]
    columns = list(zip(*made, strict=True)) if made else [()] * len(specs)
    return [_stacked(list(column), spec) for column, spec in zip(columns, specs, strict=True)]


def _stacked(rows: list[Any], spec: Any) -> Any:
    from ..ops import arrays
    from ..ops.creation import zeros
    if not isinstance(spec, RaggedTensorSpec):
        dims = [d or 0 for d in spec.shape.as_list()] if spec.shape.rank is not None else []
        return arrays.stack(rows) if rows else zeros([0, *dims], spec.dtype)
    if rows:
        joined = stack(rows)
        return joined.with_row_splits_dtype(spec.row_splits_dtype) if isinstance(joined, RaggedTensor) else joined
    inner = spec.shape.as_list()[spec.ragged_rank + 1:] if spec.shape.rank is not None else []
    result = zeros([0, *[d or 0 for d in inner]], spec.dtype)
    for _ in range(spec.ragged_rank + 1):
        result = RaggedTensor.from_row_splits(result, convert_to_tensor([0], spec.row_splits_dtype), validate=False)
    return result


def _in_graph(call: Callable[[Any], list[Any]], leaves: list[Any], specs: list[Any]) -> list[Any]:
    """A loop that collects, for each result, its values and the lengths of its rows."""
    first = leaves[0]
    count = nrows_of(first, dtypes.int32)

    def arrays_for(spec: Any) -> list[Any]:
        if not isinstance(spec, RaggedTensorSpec):
            return [TensorArray(spec.dtype, count, infer_shape=spec.shape.rank is None, element_shape=spec.shape
                                if spec.shape.rank is not None else None)]
        inner = spec.shape[spec.ragged_rank + 1:] if spec.shape.rank is not None else None
        shape = None if inner is None else [None, *inner.as_list()]
        lengths = [TensorArray(spec.row_splits_dtype, count, infer_shape=False, element_shape=[])]
        lengths += [TensorArray(spec.row_splits_dtype, count, infer_shape=False, element_shape=[None])
                    for _ in range(spec.ragged_rank)]
        return [TensorArray(spec.dtype, count, infer_shape=False, element_shape=shape), *lengths]
    groups = [arrays_for(spec) for spec in specs]
    sizes = [len(group) for group in groups]

    def body(i: Any, *arrays: Any) -> tuple[Any, ...]:
        parts: list[Any] = []
        for value, spec in zip(call(i), specs, strict=True):
            parts += _taken_apart(value, spec)
        return (i + 1, *[array.write(i, part) for array, part in zip(arrays, parts, strict=True)])
    flat = [array for group in groups for array in group]
    _, *done = while_loop(lambda i, *_: i < count, body, [convert_to_tensor(0), *flat])
    results = []
    for spec, size in zip(specs, sizes, strict=True):
        group, done = done[:size], done[size:]
        if not isinstance(spec, RaggedTensorSpec):
            results.append(group[0].stack())
            continue
        values = group[0].concat()
        for lengths in reversed(group[2:]):
            values = RaggedTensor.from_row_lengths(values, lengths.concat(), validate=False)
        results.append(RaggedTensor.from_row_lengths(values, group[1].stack(), validate=False))
    return results


def _taken_apart(value: Any, spec: Any) -> list[Any]:
    """A result's values, the number of its rows, and their lengths from the outermost to the innermost."""
    if not isinstance(spec, RaggedTensorSpec):
        return [value]
    dtype = spec.row_splits_dtype
    if not isinstance(value, RaggedTensor):
        return [value, nrows_of(value, dtype)]
    value = value.with_row_splits_dtype(dtype)
    return [value.flat_values, value.nrows(), *value.nested_row_lengths()]
