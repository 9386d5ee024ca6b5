"""Writing slices by index: ScatterNd, TensorScatterUpdate and its kin."""
from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.tensor import EagerTensor, Tensor
from .common import match, shape_of, shape_text, unchanged
from .creation import ints, known_shape, listed, shape_arg
from .gathering import add_rows, flat_indices, gather_nd_, row_text
from .layout import bad
from .requirements import require_places

_POLICY = 'bad_indices_policy: string = ""'


def check_scatter(shape: tuple[int, ...], indices: Any, updates: Any) -> int:
    """Checks the shapes of a scatter into an array of this shape and returns how many dimensions an index takes.

    Raises:
      InvalidArgumentError: they do not fit.
    """
    if not indices.ndim:
        raise bad("Indices shape must have rank at least one. Found:[]")
    depth = int(indices.shape[-1])
    if depth > len(shape):
        raise bad("The last dimension of indices must be less than or equal to the rank of the output; saw "
                  f"{depth} vs. {len(shape)}")
    return depth


def scatter_shapes(shape: tuple[int, ...], indices: Any, updates: Any) -> None:
    """Checks that updates fit a tensor or variable of this shape.

    Raises:
      InvalidArgumentError: they do not.
    """
    depth = check_scatter(shape, indices, updates)
    if updates.shape[:indices.ndim - 1] != indices.shape[:-1]:
        raise bad(f"Outer dimensions of indices and update must match. Indices shape: {shape_text(indices.shape)}, "
                  f"updates shape:{shape_text(updates.shape)}")
    if updates.shape[indices.ndim - 1:] != shape[depth:]:
        raise bad(f"Inner dimensions of output shape must match inner dimensions of updates shape. Output: "
                  f"{shape_text(shape)} updates: {shape_text(updates.shape)}")


def write_nd(out: Any, indices: Any, updates: Any, kind: str) -> None:
    """Writes updates into an array in place: `kind` is update, add, sub, max or min."""
    depth = indices.shape[-1]

    def explain(i: int) -> None:
        raise bad(f"{row_text(indices, i)} does not index into shape {shape_text(out.shape)}")
    rows = flat_indices(indices, out.shape, explain)
    rest = prod(out.shape[depth:])
    table = out.reshape((prod(out.shape[:depth]), rest))
    write_rows(table, rows, updates.reshape((len(rows), rest)), kind)


def write_rows(table: Any, rows: Any, values: Any, kind: str) -> None:
    """`table[rows[i]] = values[i]`, or what else `kind` says, for two-dimensional arrays and rows within range."""
    if not rows.size:
        return
    if kind == "update":
        table[rows] = values
    elif kind == "add" and table.dtype.kind == "O":
        np.add.at(table, rows, values)  # text is put together
    elif kind == "add":
        add_rows(table, rows, values)
    elif kind == "sub":
        add_rows(table, rows, -values) if values.dtype.kind != "u" else np.subtract.at(table, rows, values)
    else:
        {"max": np.maximum, "min": np.minimum, "mul": np.multiply, "div": np.divide}[kind].at(table, rows, values)


def _jax_scatter(xp: Any, target: Any, indices: Any, updates: Any, kind: str) -> Any:
    require_places(xp, indices, target.shape)
    key = tuple([indices[..., i] for i in range(indices.shape[-1])])
    at = xp.asarray(target).at[key]
    return {"update": at.set, "add": at.add, "sub": lambda v: at.add(-v), "max": at.max, "min": at.min}[kind](updates)


@op("ScatterNd", "indices: Tindices, updates: T, shape: Tindices static -> output: T",
    attrs=f"T: type; Tindices: {{int16, int32, int64}}; {_POLICY}",
    infer=lambda op: [(known_shape(op.inputs[2]), op.inputs[1].dtype)])
def scatter_nd_(xp: Any, indices: Any, updates: Any, shape: Any, bad_indices_policy: str = "") -> Any:
    sizes = tuple(ints(shape))
    depth = check_scatter(sizes, indices, updates)
    n = indices.ndim - 1
    if updates.shape[:n] != indices.shape[:n]:
        raise bad(f"Dimensions [0,{n}) of indices[shape={shape_text(indices.shape)}] must match dimensions [0,{n}) of "
                  f"updates[shape={shape_text(updates.shape)}]")
    if updates.shape[n:] != sizes[depth:]:
        raise bad(f"Dimensions [{depth},{len(sizes)}) of input[shape={shape_text(sizes)}] must match dimensions "
                  f"[{n},{updates.ndim}) of updates[shape={shape_text(updates.shape)}]")
    if xp is not np:
        return _jax_scatter(xp, xp.zeros(sizes, updates.dtype), indices, updates, "max" if updates.dtype == bool else "add")
    out = np.zeros(sizes, updates.dtype) if updates.dtype.kind != "O" else np.full(sizes, b"", object)
    write_nd(out, indices, updates, "add" if updates.dtype.kind != "b" else "max")
    return out


scatter_nd_.vjp(1)(lambda op, dy: apply(gather_nd_, (dy, op.inputs[0])))


def _tensor_scatter(kind: str) -> OpDef:
    index = "{int16, int32, int64, uint16}" if kind == "update" else "{int32, int64}"

    @op(f"TensorScatter{kind.capitalize()}", "tensor: T, indices: Tindices, updates: T -> output: T",
        attrs=f"T: type; Tindices: {index}; {_POLICY}", infer=unchanged)
    def entry(xp: Any, tensor: Any, indices: Any, updates: Any, bad_indices_policy: str = "") -> Any:
        if xp is not np:
            return _jax_scatter(xp, tensor, indices, updates, kind)
        scatter_shapes(tensor.shape, indices, updates)
        out = np.array(tensor, order="C")
        write_nd(out, indices, updates, kind)
        return out
    return entry


tensor_scatter_update = _tensor_scatter("update")
tensor_scatter_add = _tensor_scatter("add")
tensor_scatter_sub = _tensor_scatter("sub")
tensor_scatter_max = _tensor_scatter("max")
tensor_scatter_min = _tensor_scatter("min")


@tensor_scatter_update.vjp(0)
def _(op: Any, dy: Any) -> Any:
    from .creation import zeros_like
    return apply(tensor_scatter_update, (dy, op.inputs[1], zeros_like(op.inputs[2])))


@tensor_scatter_update.vjp(2)
def _(op: Any, dy: Any) -> Any:
    return apply(gather_nd_, (dy, op.inputs[1]))


tensor_scatter_add.vjp(0)(lambda op, dy: dy)
tensor_scatter_add.vjp(2)(lambda op, dy: apply(gather_nd_, (dy, op.inputs[1])))
tensor_scatter_sub.vjp(0)(lambda op, dy: dy)
tensor_scatter_sub.vjp(2)(lambda op, dy: -apply(gather_nd_, (dy, op.inputs[1])))


def _winners(op: Any) -> tuple[Any, Any, Any]:
    """Where the tensor and where each update is the extreme, and how many share it, as numbers."""
    from .casting import cast
    from .comparison import equal
    tensor, indices, updates = op.inputs
    out = op.outputs[0]
    mine = cast(equal(tensor, out), out.dtype)
    theirs = cast(equal(updates, apply(gather_nd_, (out, indices))), out.dtype)
    return mine, theirs, mine + apply(scatter_nd_, (indices, theirs, _as_shape(out, indices)))


def _as_shape(x: Any, indices: Any) -> Any:
    known = shape_of(x)
    if isinstance(known, Tensor):
        from .casting import cast
        return cast(known, indices.dtype)
    return np.array(known, indices.dtype.np)


def _extreme_gradient(op: Any, dy: Any) -> Any:
    mine, _, count = _winners(op)
    return dy * mine / count


def _update_gradient(op: Any, dy: Any) -> Any:
    _, theirs, count = _winners(op)
    return theirs * apply(gather_nd_, (dy / count, op.inputs[1]))


for _entry in (tensor_scatter_max, tensor_scatter_min):
    _entry.vjp(0)(_extreme_gradient)
    _entry.vjp(2)(_update_gradient)


# The public functions.


def scatter_nd(indices: Any, updates: Any, shape: Any, bad_indices_policy: str = "", name: str | None = None) -> Any:
    """Zeros of a shape, with updates added at positions; repeated positions add up.

    Args:
      indices: integer tensor of shape `[..., k]`.
      updates: shape `indices.shape[:-1] + shape[k:]`.
      shape: of the result.

    Raises:
      InvalidArgumentError: a position outside, or shapes that do not fit.
    """
    name = listed(name, indices, updates, shape)
    indices = convert_to_tensor(indices)
    sizes = shape_arg(shape)
    if not isinstance(sizes, Tensor):
        sizes = np.array(sizes, indices.dtype.np)
    elif isinstance(sizes, EagerTensor):
        sizes = sizes._value
    return apply(scatter_nd_, (indices, convert_to_tensor(updates), sizes), name=name)


def _scatter(entry: OpDef, tensor: Any, indices: Any, updates: Any, name: str | None) -> Any:
    name = listed(name, tensor, indices, updates)
    tensor = convert_to_tensor(tensor)
    return apply(entry, (tensor, convert_to_tensor(indices), match(updates, tensor.dtype)), name=name)


def tensor_scatter_nd_update(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Any:
    """A copy of `tensor` with the slices at `indices`, shape `[..., k]`, replaced by `updates`.

    Raises:
      InvalidArgumentError: a position outside, or shapes that do not fit.
    """
    return _scatter(tensor_scatter_update, tensor, indices, updates, name)


def tensor_scatter_nd_add(tensor: Any, indices: Any, updates: Any, bad_indices_policy: str = "",
                          name: str | None = None) -> Any:
    """A copy of `tensor` with `updates` added to the slices at `indices`; repeated positions add up."""
    return _scatter(tensor_scatter_add, tensor, indices, updates, name)


def tensor_scatter_nd_sub(tensor: Any, indices: Any, updates: Any, bad_indices_policy: str = "",
                          name: str | None = None) -> Any:
    """A copy of `tensor` with `updates` subtracted from the slices at `indices`; repeated positions add up."""
    return _scatter(tensor_scatter_sub, tensor, indices, updates, name)


def tensor_scatter_nd_max(tensor: Any, indices: Any, updates: Any, bad_indices_policy: str = "",
                          name: str | None = None) -> Any:
    """A copy of `tensor` with the larger of each slice at `indices` and its update."""
    return _scatter(tensor_scatter_max, tensor, indices, updates, name)


def tensor_scatter_nd_min(tensor: Any, indices: Any, updates: Any, bad_indices_policy: str = "",
                          name: str | None = None) -> Any:
    """A copy of `tensor` with the smaller of each slice at `indices` and its update."""
    return _scatter(tensor_scatter_min, tensor, indices, updates, name)
