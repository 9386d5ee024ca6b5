"""`map_fn` over sparse tensors, or with sparse results: rows travel through the loop as strings."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core import dtypes, nest
from ..core.dispatch import apply
from ..core.shape import TensorShape
from ..core.tensor_spec import TensorSpec
from ..ops.sparse.serial import deserialize_many_sparse, deserialize_sparse_, serialize_many_sparse, serialize_sparse
from ..ops.sparse.tensor import SparseTensor, SparseTensorSpec

_ROW = TensorSpec([3], dtypes.string)


def is_sparse(x: Any) -> bool:
    """Whether `x` is a sparse tensor or the spec of one."""
    return isinstance(x, (SparseTensor, SparseTensorSpec))


def map_fn(mapped: Callable[..., Any], fn: Callable[..., Any], elems: Any, signature: Any, **options: Any) -> Any:
    """`fn` of each row of `elems`, the results stacked, as `runtime.maps.map_fn`.

    Args:
      mapped: the function for tensors.
      fn: takes one row, in the structure of `elems`.
      elems: tensors and sparse tensors.
      signature: dtypes and specs of the results; those of the rows if missing.
      **options: further arguments of `mapped`.

    Raises:
      TypeError: a result that should be sparse is not.
      InvalidArgumentError: a sparse tensor of rank 1, which has no sparse rows.
    """
    flat = nest.flatten(elems)
    specs = [x._type_spec._unbatch() if isinstance(x, SparseTensor) else None for x in flat]
    texts = [serialize_many_sparse(x) if isinstance(x, SparseTensor) else x for x in flat]
    promised = signature if signature is not None else _like(elems, [x.dtype if s is None else s for x, s in
                                                                     zip(flat, specs, strict=True)])
    wanted = nest.flatten(promised)

    def row(leaves: Any) -> Any:
        made = [x if spec is None else _read(x, spec) for x, spec in zip(nest.flatten(leaves), specs, strict=True)]
        result = fn(_like(elems, made))
        nest.assert_same_structure(promised, result, check_types=False)
        return _like(promised, [_written(x, spec) for x, spec in zip(nest.flatten(result), wanted, strict=True)])
    plain = _like(promised, [_ROW if is_sparse(spec) else spec for spec in wanted])
    out = mapped(row, _like(elems, texts), fn_output_signature=plain, **options)
    found = [_joined(x, spec) if is_sparse(spec) else x for x, spec in zip(nest.flatten(out), wanted, strict=True)]
    return _like(promised, found)


def _like(structure: Any, leaves: list[Any]) -> Any:
    return nest.pack_sequence_as(structure, leaves) if nest.is_nested(structure) else leaves[0]


def _shaped(s: SparseTensor, shape: TensorShape) -> SparseTensor:
    s.set_shape(shape)
    return s


def _read(text: Any, spec: SparseTensorSpec) -> SparseTensor:
    indices, values, shape = apply(deserialize_sparse_, (text,), {"dtype": spec.dtype})
    indices.set_shape([None, spec.shape.rank])
    shape.set_shape([spec.shape.rank])
    return _shaped(SparseTensor(indices, values, shape), spec.shape)


def _written(value: Any, spec: Any) -> Any:
    if not is_sparse(spec):
        return value
    if not isinstance(value, SparseTensor) or value.dtype != spec.dtype:
        raise TypeError(f"Error in map_fn:\n  Expected `fn` to return a:\n    {spec}\n  But it returned:\n    {value}\n  To "
                        "fix, update the `fn_output_signature` (or `dtype`) argument to `map_fn`.")
    return serialize_sparse(value)


def _joined(texts: Any, spec: SparseTensorSpec) -> SparseTensor:
    rank = spec.shape.rank
    out = deserialize_many_sparse(texts, spec.dtype, None if rank is None else rank + 1)
    return _shaped(out, TensorShape([texts.shape[0] if texts.shape.rank else None]).concatenate(spec.shape))
