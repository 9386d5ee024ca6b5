"""Reading and updating variables: assignment, scatters into rows, assignment to slices.

An update's kernel takes the old values and returns new ones; its in-place form writes into the old ones.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape, unknown_shape
from ..core.variable import update
from .arithmetic import truncate_div
from .common import NUMBERS, shape_text
from .gathering import gather_nd_, gather_v2, outside, place_text
from .layout import bad
from .requirements import require, require_within
from .scattering import write_nd, write_rows
from .slicing import MASKS, check_assigned, numpy_key

_INDEX = "{int32, int64}"


def _nothing(op: Any) -> Any:
    """The shape rule of an op without outputs."""
    return []


def _value_shape(op: Any) -> Any:
    x = op.inputs[0]
    return [(unknown_shape() if x.dtype == dtypes.resource else x.shape, op.attrs["dtype"])]


def _rows_shape(op: Any) -> Any:
    x, indices = op.inputs
    if x.dtype == dtypes.resource:
        return [(unknown_shape(), op.attrs["dtype"])]
    if op.op.type == "ResourceGather":
        return [(indices.shape.concatenate(x.shape[1:]), x.dtype)]
    return [(gather_nd_.infer(op), x.dtype)]  # type: ignore[misc]


# Reading.


@op("ReadVariableOp", "resource: resource -> value: dtype", attrs="dtype: type", infer=_value_shape, stateful=True)
def read_variable(xp: Any, value: Any, dtype: Any = None) -> Any:
    return value


read_variable.gradient(lambda op, dy: (dy,))  # joint, so that a gradient by rows goes through as it is


@op("ResourceGather", "resource: resource, indices: Tindices -> output: dtype",
    attrs=f"batch_dims: int = 0; validate_indices: bool = true; dtype: type; Tindices: {_INDEX}", stateful=True,
    infer=_rows_shape)
def resource_gather(xp: Any, value: Any, indices: Any, batch_dims: int = 0, validate_indices: bool = True,
                    dtype: Any = None) -> Any:
    return gather_v2.kernel(xp, value, indices, batch_dims, batch_dims=batch_dims)


@op("ResourceGatherNd", "resource: resource, indices: Tindices -> output: dtype",
    attrs=f"dtype: type; Tindices: {_INDEX}", stateful=True, infer=_rows_shape)
def resource_gather_nd(xp: Any, value: Any, indices: Any, dtype: Any = None) -> Any:
    return gather_nd_.kernel(xp, value, indices)


def _touched(op: Any, dy: Any) -> Any:
    """The gradient for a variable of which rows were gathered."""
    from .arrays import reshape
    handle, indices = op.inputs
    values = dy if indices.shape.rank == 1 else reshape(dy, [-1, *op.outputs[0].shape.as_list()[indices.shape.rank:]])
    whole = handle.op.attrs.get("shape") if getattr(handle, "dtype", None) == dtypes.resource else handle.shape
    known = whole is not None and whole.is_fully_defined()
    return IndexedSlices(values, reshape(indices, [-1]),
                         convert_to_tensor(np.array(whole.as_list(), np.int32)) if known else None)


resource_gather.vjp(0)(_touched)


@resource_gather_nd.vjp(0)
def _(op: Any, dy: Any) -> Any:
    from .scattering import scatter_nd_
    handle, indices = op.inputs
    whole = handle.op.attrs["shape"] if handle.dtype == dtypes.resource else handle.shape
    return apply(scatter_nd_, (indices, dy, np.array(whole.as_list(), indices.dtype.np)))


@op("VarIsInitializedOp", "resource: resource -> is_initialized: bool", stateful=True,
    infer=lambda op: [(TensorShape([]), dtypes.bool)])
def var_is_initialized(xp: Any, value: Any) -> Any:
    return np.array(value is not None)


var_is_initialized.not_differentiable()


@op("VariableShape", "input: resource -> output: out_type", attrs="out_type: {int32, int64} = int32", stateful=True,
    infer=lambda op: [(unknown_shape(1) if op.inputs[0].dtype == dtypes.resource else TensorShape([op.inputs[0].shape.rank]),
                       dtypes.as_dtype(op.attrs.get("out_type", dtypes.int32)))])
def variable_shape(xp: Any, value: Any, out_type: Any = dtypes.int32) -> Any:
    return np.array(value.shape, dtypes.as_dtype(out_type).np)


variable_shape.not_differentiable()


# Assignment.


@op("AssignVariableOp", "resource: resource, value: dtype -> ", attrs="dtype: type; validate_shape: bool = false",
    infer=_nothing, stateful=True)
def assign_variable(xp: Any, old: Any, value: Any, validate_shape: bool = False) -> Any:
    return value


def _same_shape(old: Any, value: Any) -> None:
    if old.shape != value.shape:
        raise bad(f"Cannot update variable with shape {shape_text(old.shape)} using a Tensor with shape "
                  f"{shape_text(value.shape)}, shapes must be equal.")


@op("AssignAddVariableOp", "resource: resource, value: dtype -> ", attrs="dtype: type", infer=_nothing, stateful=True)
def assign_add_variable(xp: Any, old: Any, value: Any) -> Any:
    _same_shape(old, value)
    return xp.add(old, value)


@assign_add_variable.writes
def _(old: Any, value: Any) -> None:
    _same_shape(old, value)
    np.add(old, value, old)


@op("AssignSubVariableOp", "resource: resource, value: dtype -> ", attrs="dtype: type", infer=_nothing, stateful=True)
def assign_sub_variable(xp: Any, old: Any, value: Any) -> Any:
    _same_shape(old, value)
    return xp.subtract(old, value)


@assign_sub_variable.writes
def _(old: Any, value: Any) -> None:
    _same_shape(old, value)
    np.subtract(old, value, old)


@op("ResourceCountUpTo", "resource: resource -> output: T", attrs="limit: int; T: {int32, int64}", stateful=True,
    infer=lambda op: [(TensorShape([]), op.attrs["T"])])
def count_up_to(xp: Any, old: Any, limit: int = 0, T: Any = None) -> Any:
    if xp is np and int(old) >= limit:
        raise errors.OutOfRangeError(f"Reached limit of {limit}")
    require(xp, old < limit)
    return old


count_up_to.then = lambda variable: update(assign_add_variable, (variable,), (np.ones((), variable.dtype.np),))


# Rows.


def _scatter_rows(value: Any, indices: Any, updates: Any, kind: str) -> None:
    """Writes rows into an array in place."""
    size = value.shape[0] if value.ndim else 0
    if updates.shape != indices.shape + value.shape[1:]:
        if updates.ndim:
            raise bad(f"The shape of indices ({shape_text(indices.shape)}) must be a prefix of the shape of updates "
                      f"({shape_text(updates.shape)})")
        updates = np.broadcast_to(updates, indices.shape + value.shape[1:])
    if outside(indices, size):
        flat = indices.reshape(-1)
        position = int(np.flatnonzero((flat < 0) | (flat >= size))[0])
        raise bad(f"indices{place_text(position, indices.shape)} = {flat[position]} is not in [0, {size})")
    if kind == "div" and value.dtype.kind != "c" and not updates.all():
        raise bad("updates must not contain 0")
    width = value.size // size if size else 0
    write_rows(value.reshape((size, width)), indices.reshape(-1), updates.reshape((indices.size, width)), kind)


def _jax_rows(xp: Any, value: Any, indices: Any, updates: Any, kind: str) -> Any:
    require_within(xp, indices, value.shape[0] if value.ndim else 0)
    if kind == "div" and value.dtype.kind != "c":
        require(xp, updates != 0)
    at = value.at[indices]
    if kind == "div" and value.dtype.kind in "iu":
        return at.set(truncate_div.kernel(xp, value[indices], updates))
    table = {"update": at.set, "add": at.add, "sub": lambda v: at.add(-v), "mul": at.multiply, "div": at.divide,
             "max": at.max, "min": at.min}
    return table[kind](updates)


def _resource_scatter(kind: str) -> OpDef:
    allowed = "type" if kind == "update" else f"{{{NUMBERS}}}"

    @op(f"ResourceScatter{kind.capitalize()}", "resource: resource, indices: Tindices, updates: dtype -> ",
        attrs=f"dtype: {allowed}; Tindices: {_INDEX}", infer=_nothing, stateful=True)
    def entry(xp: Any, old: Any, indices: Any, updates: Any) -> Any:
        if xp is not np:
            return _jax_rows(xp, old, indices, updates, kind)
        new = np.array(old, order="C")
        _scatter_rows(new, indices, updates, kind)
        return new

    @entry.writes
    def _(old: Any, indices: Any, updates: Any) -> None:
        if old.flags.c_contiguous:
            _scatter_rows(old, indices, updates, kind)
        else:
            old[...] = entry.kernel(np, old, indices, updates)
    return entry


def _resource_scatter_nd(kind: str) -> OpDef:
    @op(f"ResourceScatterNd{kind.capitalize()}", "ref: resource, indices: Tindices, updates: T -> ",
        attrs=f'T: type; Tindices: {_INDEX}; use_locking: bool = true; bad_indices_policy: string = ""',
        infer=_nothing, stateful=True)
    def entry(xp: Any, old: Any, indices: Any, updates: Any, **attrs: Any) -> Any:
        if xp is not np:
            from .scattering import _jax_scatter
            return _jax_scatter(xp, old, indices, updates, kind)
        _check_nd(old, indices, updates)
        new = np.array(old, order="C")
        write_nd(new, indices, updates, kind)
        return new

    @entry.writes
    def _(old: Any, indices: Any, updates: Any, **attrs: Any) -> None:
        if old.flags.c_contiguous:
            _check_nd(old, indices, updates)
            write_nd(old, indices, updates, kind)
        else:
            old[...] = entry.kernel(np, old, indices, updates)
    return entry


def _check_nd(old: Any, indices: Any, updates: Any) -> None:
    """Checks the shapes of a scatter into a variable."""
    if not indices.ndim:
        raise bad("Indices shape must have rank at least one. Found:[]")
    n, depth = indices.ndim - 1, indices.shape[-1]
    places, given = shape_text(indices.shape), shape_text(updates.shape)
    for i in range(n):
        if i >= updates.ndim or updates.shape[i] != indices.shape[i]:
            found = updates.shape[i] if i < updates.ndim else 1
            raise bad(f"Dimensions [0,{n}) of indices[shape={places}] = {indices.shape[i]} must match dimensions "
                      f"[0,{n}) of updates[shape={given}] = {found}")
    if depth > old.ndim or updates.shape[n:] != old.shape[depth:]:
        raise bad(f"Dimensions [{depth},{old.ndim}) of input[shape={shape_text(old.shape)}] must match dimensions "
                  f"[{depth},{updates.ndim}) of updates[shape={given}]")


for _kind in ("update", "add", "sub", "mul", "div", "max", "min"):
    _resource_scatter(_kind)
for _kind in ("update", "add", "sub", "max", "min"):
    _resource_scatter_nd(_kind)


# Slices.


@op("ResourceStridedSliceAssign",
    "ref: resource, begin: Index static, end: Index static, strides: Index static, value: T -> ",
    attrs=f"T: type; Index: {{int32, int64}}; {MASKS}", infer=_nothing, stateful=True)
def strided_slice_assign(xp: Any, old: Any, begin: Any, end: Any, strides: Any, value: Any, **masks: int) -> Any:
    key = numpy_key(old.shape, begin, end, strides, **masks)
    if xp is not np:
        part = np.broadcast_to(np.False_, old.shape)[key].shape
        check_assigned(part, value)
        return old if 0 in part else old.at[key].set(value.reshape(value.shape[max(value.ndim - len(part), 0):]))
    new = np.array(old, order="C")
    _assign(new, key, value)
    return new


@strided_slice_assign.writes
def _(old: Any, begin: Any, end: Any, strides: Any, value: Any, **masks: int) -> None:
    _assign(old, numpy_key(old.shape, begin, end, strides, **masks), value)


def _assign(array: Any, key: Any, value: Any) -> None:
    try:
        array[key] = value
    except ValueError:
        check_assigned(array[key].shape, value)


for _entry in (assign_variable, assign_add_variable, assign_sub_variable, count_up_to, strided_slice_assign):
    _entry.not_differentiable()
