"""Matrix products, and the tensor contractions that reduce to them. Einstein sums are in `einsum`."""
from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op, op
from ..core.scopes import scoped
from ..core.shape import TensorShape, broadcast_static, unknown_shape
from ..core.tensor import EagerTensor, Tensor
from .common import conj, constant_value, reduce_to, shape_text, static_shape
from .dynamic import joined, others, positive, product_of, rank_of, shape_tensor

_EXACT = 2.0**53
"""Integers up to here are exact in float64."""


def product(xp: Any, a: Any, b: Any) -> Any:
    """`a @ b` in their dtype: half precision in single, and integers through BLAS where that is exact."""
    kind = a.dtype.kind
    if xp is not np:
        return xp.matmul(a, b, preferred_element_type=a.dtype)
    if kind in "iu":
        if a.size * b.shape[-1] > 4096 and b.size:
            largest = [max(abs(int(x.min())), abs(int(x.max()))) for x in (a, b)]
            if largest[0] * largest[1] * a.shape[-1] < _EXACT:
                # Through int64, so that what does not fit the dtype wraps.
                return np.matmul(a.astype(np.float64), b.astype(np.float64)).astype(np.int64).astype(a.dtype)
        return np.matmul(a, b)
    if a.dtype.itemsize <= 2:
        return np.matmul(a.astype(np.float32), b.astype(np.float32)).astype(a.dtype)
    return np.dot(a, b) if a.ndim == b.ndim == 2 else np.matmul(a, b)


def _mat_mul_shape(op: Any) -> TensorShape:
    dims = []
    for i, flag in ((0, "transpose_a"), (1, "transpose_b")):
        shape = op.inputs[i].shape
        if shape.rank not in (None, 2):
            raise ValueError(f"Shape must be rank 2 but is rank {shape.rank}")
        d = [None, None] if shape.rank is None else shape.as_list()
        dims.append(d[::-1] if op.attrs.get(flag, False) else d)
    (rows, inner), (other, columns) = dims
    if inner is not None and other is not None and inner != other:
        raise ValueError(f"Dimensions must be equal, but are {inner} and {other}")
    return TensorShape([rows, columns])


def _mat_mul_explain(a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False, **_: Any) -> None:
    for i, x in enumerate((a, b)):
        if x.ndim != 2:
            raise errors.InvalidArgumentError(f"In[{i}] ndims must be >= 2")
    if a.shape[0 if transpose_a else 1] != b.shape[1 if transpose_b else 0]:
        raise errors.InvalidArgumentError(
            f"Matrix size-incompatible: In[0]: {shape_text(a.shape)}, In[1]: {shape_text(b.shape)}")


@op("MatMul", "a: T, b: T -> product: T",
    attrs="transpose_a: bool = false; transpose_b: bool = false; T: {bfloat16, half, float, double, int32, int64, "
    "uint8, uint16, uint32, uint64, complex64, complex128}; grad_a: bool = false; grad_b: bool = false",
    infer=_mat_mul_shape, explain=_mat_mul_explain)
def mat_mul(xp: Any, a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False, grad_a: bool = False,
            grad_b: bool = False) -> Any:
    if a.ndim != 2 or b.ndim != 2:
        _mat_mul_explain(a, b)
    if transpose_a:
        a = a.T
    if transpose_b:
        b = b.T
    if xp is np and a.dtype.char in "fdFD":
        return np.dot(a, b)
    return product(xp, a, b)


def _times(a: Any, b: Any, transpose_a: bool, transpose_b: bool) -> Any:
    return apply(mat_mul, (a, b), _FLAGS[transpose_a, transpose_b])


_FLAGS = {(a, b): {"transpose_a": a, "transpose_b": b} for a in (False, True) for b in (False, True)}


@mat_mul.vjp(0)
def _(op: Any, dy: Any) -> Any:
    b = conj(op.inputs[1])
    tb = bool(op.attrs.get("transpose_b", False))
    return _times(b, dy, tb, True) if op.attrs.get("transpose_a", False) else _times(dy, b, False, not tb)


@mat_mul.vjp(1)
def _(op: Any, dy: Any) -> Any:
    a = conj(op.inputs[0])
    ta = bool(op.attrs.get("transpose_a", False))
    return _times(dy, a, True, ta) if op.attrs.get("transpose_b", False) else _times(a, dy, not ta, False)


# Batches of matrices.


def _adjoint(xp: Any, x: Any) -> Any:
    x = xp.swapaxes(x, -1, -2)
    return xp.conj(x) if x.dtype.kind == "c" else x


def _batch_shape(op: Any) -> Any:
    x, y = op.inputs[0].shape, op.inputs[1].shape
    for shape in (x, y):
        if shape.rank is not None and shape.rank < 2:
            raise ValueError(f"Shape must be at least rank 2 but is rank {shape.rank}")
    if x.rank is None or y.rank is None:
        return unknown_shape()
    (*bx, rows, inner), (*by, other, columns) = x.as_list(), y.as_list()
    if op.attrs.get("adj_x", False):
        rows, inner = inner, rows
    if op.attrs.get("adj_y", False):
        other, columns = columns, other
    if inner is not None and other is not None and inner != other:
        raise ValueError(f"Dimensions must be equal, but are {inner} and {other}")
    for p, q in zip(reversed(bx), reversed(by), strict=False):
        if p is not None and q is not None and p != q and 1 not in (p, q):
            raise ValueError(f"Dimensions must be equal, but are {p} and {q}")
    return broadcast_static(bx, by).concatenate([rows, columns])


def _batch_explain(x: Any, y: Any, adj_x: bool = False, adj_y: bool = False, **_: Any) -> None:
    for i, a in enumerate((x, y)):
        if a.ndim < 2:
            raise errors.InvalidArgumentError(f"In[{i}] ndims must be >= 2: {a.ndim}")
    try:
        np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    except ValueError:
        raise errors.InvalidArgumentError("In[0] and In[1] must have compatible batch dimensions: "
                                          f"{shape_text(x.shape)} vs. {shape_text(y.shape)}") from None
    if x.shape[-2 if adj_x else -1] != y.shape[-1 if adj_y else -2]:
        raise errors.InvalidArgumentError(f"Matrix size-incompatible: In[0]: {shape_text(x.shape)}, In[1]: "
                                          f"{shape_text(y.shape)} {int(adj_x)} {int(adj_y)}")


def _batch_product(xp: Any, x: Any, y: Any, adj_x: bool, adj_y: bool) -> Any:
    if x.ndim < 2 or y.ndim < 2:
        _batch_explain(x, y)
    x = _adjoint(xp, x) if adj_x else x
    y = _adjoint(xp, y) if adj_y else y
    if y.ndim == 2 and x.ndim > 2 and xp is np and x.shape[-1] == y.shape[0]:
        # One large product instead of many small ones.
        rows = product(xp, x.reshape(prod(x.shape[:-1]), x.shape[-1]), y)
        return rows.reshape(*x.shape[:-1], y.shape[1])
    return product(xp, x, y)


_GRADS = "adj_x: bool = false; adj_y: bool = false; grad_x: bool = false; grad_y: bool = false"


@op("BatchMatMulV2", "x: T, y: T -> output: T",
    attrs="T: {bfloat16, half, float, double, int16, int32, int64, uint8, uint16, uint32, uint64, complex64, "
    "complex128}; " + _GRADS, infer=_batch_shape, explain=_batch_explain)
def batch_mat_mul_v2(xp: Any, x: Any, y: Any, adj_x: bool = False, adj_y: bool = False, grad_x: bool = False,
                     grad_y: bool = False) -> Any:
    return _batch_product(xp, x, y, adj_x, adj_y)


def _same_rank_explain(x: Any, y: Any, **flags: Any) -> None:
    if x.ndim != y.ndim:
        raise errors.InvalidArgumentError(
            f"In[0] and In[1] has different ndims: {shape_text(x.shape)} vs. {shape_text(y.shape)}")
    for i, (m, n) in enumerate(zip(x.shape[:-2], y.shape[:-2], strict=True)):
        if m != n:
            raise errors.InvalidArgumentError(f"In[0].dim({i}) and In[1].dim({i}) must be the same: {shape_text(x.shape)} vs "
                                              f"{shape_text(y.shape)}")
    _batch_explain(x, y, **flags)


@op("BatchMatMul", "x: T, y: T -> output: T",
    attrs="T: {bfloat16, half, float, double, int32, int64, complex64, complex128}; " + _GRADS, infer=_batch_shape,
    explain=_same_rank_explain)
def batch_mat_mul(xp: Any, x: Any, y: Any, adj_x: bool = False, adj_y: bool = False, grad_x: bool = False,
                  grad_y: bool = False) -> Any:
    if x.shape[:-2] != y.shape[:-2]:
        _same_rank_explain(x, y)
    return _batch_product(xp, x, y, adj_x, adj_y)


def _v3_shape(op: Any) -> Any:
    return [(_batch_shape(op), dtypes.as_dtype(op.attrs["Tout"]))]


@op("BatchMatMulV3", "x: Ta, y: Tb -> output: Tout",
    attrs="Ta: {bfloat16, half, float, double, uint8, int8, int16, int32, int64, complex64, complex128}; "
    "Tb: {bfloat16, half, float, double, uint8, int8, int16, int32, int64, complex64, complex128}; "
    "Tout: {bfloat16, half, float, double, int16, int32, int64, complex64, complex128}; " + _GRADS,
    infer=_v3_shape, explain=_batch_explain)
def batch_mat_mul_v3(xp: Any, x: Any, y: Any, Tout: Any, adj_x: bool = False, adj_y: bool = False, grad_x: bool = False,
                     grad_y: bool = False) -> Any:
    dtype = dtypes.as_dtype(Tout).np
    return _batch_product(xp, x.astype(dtype), y.astype(dtype), adj_x, adj_y)


def _batch_times(op: Any, a: Any, b: Any, adj_a: bool, adj_b: bool) -> Any:
    return apply(batch_mat_mul_v2, (a, b), {"adj_x": adj_a, "adj_y": adj_b})


def _flat_gradient(op: Any, x: Any, dy: Any, adj_y: bool) -> Any:
    """The gradient for one matrix `y` that many were multiplied with, `x` being known: one product of all their rows."""
    sx, sy = static_shape(x), static_shape(dy)
    if sx is None or sy is None or len(sx) < 3 or op.inputs[1].shape.rank != 2 or not prod(sx + sy) or sx[:-2] != sy[:-2]:
        return None
    reshape = get_op("Reshape")
    a, g = apply(reshape, (x, (-1, sx[-1]))), apply(reshape, (dy, (-1, sy[-1])))
    return _batch_times(op, g, a, True, False) if adj_y else _batch_times(op, a, g, True, False)


def _batch_gradient(op: Any, dy: Any, index: int) -> Any:
    x, y = op.inputs
    adj_x, adj_y = bool(op.attrs.get("adj_x", False)), bool(op.attrs.get("adj_y", False))
    if dy.dtype != (x, y)[1 - index].dtype:
        from .elementwise import cast
        x, y = cast(x, dy.dtype), cast(y, dy.dtype)
    if index == 0:
        dx = _batch_times(op, y, dy, adj_y, True) if adj_x else _batch_times(op, dy, y, False, not adj_y)
    else:
        dx = None if adj_x else _flat_gradient(op, x, dy, adj_y)
        if dx is None:
            dx = _batch_times(op, dy, x, True, adj_x) if adj_y else _batch_times(op, x, dy, not adj_x, False)
    if dx.dtype != op.inputs[index].dtype:
        from .elementwise import cast
        dx = cast(dx, op.inputs[index].dtype)
    # Sums over the batches that the input was broadcast over.
    x = op.inputs[index]
    return dx if static_shape(x) == static_shape(dx) is not None else reduce_to(dx, x, dx)


for entry in (batch_mat_mul, batch_mat_mul_v2, batch_mat_mul_v3):
    entry.vjp(0)(lambda op, dy: _batch_gradient(op, dy, 0))
    entry.vjp(1)(lambda op, dy: _batch_gradient(op, dy, 1))
del entry


# The public functions.


def matmul(a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False, adjoint_a: bool = False,
           adjoint_b: bool = False, a_is_sparse: bool = False, b_is_sparse: bool = False, output_type: Any = None,
           grad_a: bool = False, grad_b: bool = False, name: str | None = None) -> Any:
    """The matrix product over the last two axes; leading axes are batches and broadcast.

    Args:
      a: matrices `[..., n, k]`.
      b: matrices `[..., k, m]` of the same dtype.
      transpose_a: use the transpose of `a`.
      transpose_b: use the transpose of `b`.
      adjoint_a: use the conjugate transpose of `a`.
      adjoint_b: use the conjugate transpose of `b`.
      a_is_sparse: many zeros are in `a`; makes no difference.
      b_is_sparse: many zeros are in `b`; makes no difference.
      output_type: the dtype of the result, where it is not that of the inputs.
      grad_a: `a` is a gradient; makes no difference.
      grad_b: `b` is a gradient; makes no difference.
      name: of the node.

    Raises:
      ValueError: both the transpose and the adjoint of an argument are asked for.
      InvalidArgumentError: the shapes do not fit, or the dtypes differ.
    """
    if transpose_a and adjoint_a:
        raise ValueError("Only one of `transpose_a` and `adjoint_a` can be True. Received `transpose_a`=True, "
                         "`adjoint_a`=True.")
    if transpose_b and adjoint_b:
        raise ValueError("Only one of `transpose_b` and `adjoint_b` can be True. Received `transpose_b`=True, "
                         "`adjoint_b`=True.")
    if not isinstance(a, Tensor):
        a = convert_to_tensor(a)
    if not isinstance(b, Tensor):
        b = convert_to_tensor(b, dtype_hint=a.dtype)
    if type(a) is EagerTensor and type(b) is EagerTensor:
        batched = a._value.ndim > 2 or b._value.ndim > 2
    else:
        batched = any(x.shape.rank is None or x.shape.rank > 2 for x in (a, b))
    if output_type is not None and (a.dtype != output_type or b.dtype != output_type):
        a, b = conj(a) if transpose_a else a, conj(b) if transpose_b else b
        attrs = {"adj_x": bool(transpose_a or adjoint_a), "adj_y": bool(transpose_b or adjoint_b),
                 "Tout": dtypes.as_dtype(output_type)}
        return apply(batch_mat_mul_v3, (a, b), attrs, name)
    if batched:
        # The op knows only adjoints, and an adjoint of a conjugate is a transpose.
        a, b = conj(a) if transpose_a else a, conj(b) if transpose_b else b
        return apply(batch_mat_mul_v2, (a, b), {"adj_x": bool(transpose_a or adjoint_a),
                                                "adj_y": bool(transpose_b or adjoint_b)}, name)
    a, b = conj(a) if adjoint_a else a, conj(b) if adjoint_b else b
    return apply(mat_mul, (a, b), _FLAGS[bool(transpose_a or adjoint_a), bool(transpose_b or adjoint_b)], name)


def matvec(a: Any, b: Any, transpose_a: bool = False, adjoint_a: bool = False, a_is_sparse: bool = False,
           b_is_sparse: bool = False, name: str | None = None) -> Any:
    """The product of matrices `[..., n, k]` and vectors `[..., k]`."""
    b = convert_to_tensor(b, dtype_hint=getattr(a, "dtype", None))
    column = apply(get_op("ExpandDims"), (b, -1))
    y = matmul(a, column, transpose_a=transpose_a, adjoint_a=adjoint_a, name=name)
    return apply(get_op("Squeeze"), (y,), {"squeeze_dims": [-1]})


@scoped("Tensordot")
def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Any:
    """The sum of products over pairs of axes.

    Args:
      a: a tensor.
      b: a tensor of the same dtype.
      axes: n, for the last n axes of `a` and the first n of `b`; or a pair of axes, or of lists of axes.
      name: of the node.

    Raises:
      ValueError: `axes` does not name as many axes of `a` as of `b`, or axes that there are not.
    """
    a = convert_to_tensor(a)
    b = convert_to_tensor(b, dtype_hint=a.dtype)
    if a.shape.rank is None or b.shape.rank is None:
        return _dynamic_tensordot(a, b, axes, name)
    axes_a, axes_b = _contraction_axes(a, axes)
    flat_a, free_a, dims_a = _as_matrix(a, axes_a, False)
    flat_b, free_b, dims_b = _as_matrix(b, axes_b, True)
    y = matmul(flat_a, flat_b)
    known = static_shape(y)
    if isinstance(free_a, tuple) and isinstance(free_b, tuple):
        if known is not None and known == free_a + free_b:
            return y
        return apply(get_op("Reshape"), (y, free_a + free_b), name=name)
    parts = [convert_to_tensor(free, dtypes.int32) for free in (free_a, free_b)]
    shape = apply(get_op("ConcatV2"), (*parts, 0))
    y = apply(get_op("Reshape"), (y, shape), name=name)
    y.set_shape(TensorShape(dims_a).concatenate(dims_b))
    return y


def _dynamic_tensordot(a: Any, b: Any, axes: Any, name: str | None) -> Any:
    """`tensordot` where only the running graph knows a rank."""
    reshape, transpose, gather = get_op("Reshape"), get_op("Transpose"), get_op("GatherV2")
    matrices, free = [], []
    for x, chosen, first in zip((a, b), _contraction_axes(a, axes), (False, True), strict=True):
        rank = rank_of(x)
        contracted = positive(np.asarray(chosen, np.int32), rank)
        rest = others(contracted, rank)
        parts = (contracted, rest) if first else (rest, contracted)
        sizes = [apply(gather, (shape_tensor(x), p, 0), {"batch_dims": 0}) for p in parts]
        moved = apply(transpose, (x, joined(*parts)))
        matrices.append(apply(reshape, (moved, apply(get_op("Pack"), [product_of(s) for s in sizes], {"axis": 0}))))
        free.append(sizes[1 if first else 0])
    return apply(reshape, (matmul(*matrices), joined(*free)), name=name)


def _contraction_axes(a: Any, axes: Any) -> tuple[list[int], list[int]]:
    if not isinstance(axes, (int, list, tuple, np.ndarray, Tensor)):
        axes = convert_to_tensor(axes, dtypes.int32)
    if isinstance(axes, Tensor):
        value = constant_value(axes)
        if value is None:
            raise ValueError("`axes` of a contraction must be known when the graph is built.")
        axes = value.tolist()
    if isinstance(axes, np.ndarray):
        axes = axes.tolist()
    if isinstance(axes, int):
        if axes < 0:
            raise ValueError(f"`axes` must be at least 0. Received: {axes}.")
        rank = a.shape.rank
        if rank is None:
            return list(range(-axes, 0)), list(range(axes))
        if axes > rank:
            raise ValueError(f"`axes` must not be larger than the number of dimensions of tensor {a}.  Received "
                             f"{axes}, vs tensor dimensions {rank}.")
        return list(range(rank - axes, rank)), list(range(axes))
    if len(axes) != 2:
        raise ValueError(f"`axes` must be an integer or have length 2. Received {axes}.")
    axes_a, axes_b = ([int(i) for i in np.reshape(x, -1)] for x in axes)
    if len(axes_a) != len(axes_b):
        raise ValueError(f"Different number of contraction axes `a` and `b`, {len(axes_a)} != {len(axes_b)}.")
    return axes_a, axes_b


def _as_matrix(x: Any, axes: list[int], first: bool) -> tuple[Any, Any, list[int | None]]:
    """A tensor as a matrix with the contracted axes first or last; the sizes of the others, now and statically."""
    rank = x.ndim
    chosen = [i % rank if -rank <= i < rank else i for i in axes]
    free = [i for i in range(rank) if i not in chosen]
    perm = tuple(chosen + free if first else free + chosen)
    dims = x.shape.as_list()
    free_dims = [dims[i] for i in free]
    if perm != tuple(range(rank)):
        x = apply(get_op("Transpose"), (x, perm))
    known = static_shape(x)
    if known is not None:
        split = len(chosen) if first else len(free)
        shape = (prod(known[:split]), prod(known[split:]))
        matrix = x if known == shape else apply(get_op("Reshape"), (x, shape))
        return matrix, tuple(free_dims), free_dims
    contracted = [dims[i] for i in chosen]
    sizes = shape_tensor(x)
    parts, rest = (sizes[len(chosen):], sizes[:len(chosen)]) if first else (sizes[:len(free)], sizes[len(free):])
    inner = prod(contracted) if None not in contracted else product_of(rest)
    pair = [inner, product_of(parts)] if first else [product_of(parts), inner]
    return apply(get_op("Reshape"), (x, convert_to_tensor(pair, dtypes.int32))), parts, free_dims
