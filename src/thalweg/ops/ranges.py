"""Sequences and patterns: ranges, one-hot rows, identity matrices, masks, grids."""
from __future__ import annotations

from builtins import range as _range
from functools import lru_cache
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor, to_array
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.scopes import scoped
from ..core.shape import TensorShape, unknown_shape
from ..core.tensor import EagerTensor, Tensor
from .common import graph_name, shape_text, static_shape
from .creation import constant, ints, listed, shape_arg, zeros
from .gathering import outside

# The entries.


def _range_shape(op: Any) -> Any:
    for x in op.inputs:
        if x.shape.rank not in (None, 0):
            raise ValueError(f"Shape must be rank 0 but is rank {x.shape.rank}")
    values = [x.value for x in op.inputs]
    if any(v is None for v in values):
        return unknown_shape(1)
    return TensorShape([_range_size(*[np.asarray(v)[()] for v in values])])


def _range_size(start: Any, limit: Any, delta: Any) -> int:
    """How many elements a range has.

    Raises:
      InvalidArgumentError: a step of zero, or one away from the limit.
    """
    if delta == 0:
        raise errors.InvalidArgumentError(f"Requires delta != 0: {delta:g}")
    if delta > 0 and start > limit:
        raise errors.InvalidArgumentError(f"Requires start <= limit when delta > 0: {start:g}/{limit:g}")
    if delta < 0 and start < limit:
        raise errors.InvalidArgumentError(f"Requires start >= limit when delta < 0: {start:g}/{limit:g}")
    if isinstance(delta, (int, np.integer)):
        a, b, d = int(start), int(limit), int(delta)
        return len(_range(a, b, d))
    return int(np.ceil(abs((float(limit) - float(start)) / float(delta))))


@op("Range", "start: Tidx static, limit: Tidx static, delta: Tidx static -> output: Tidx",
    attrs="Tidx: {bfloat16, half, float, double, int8, int16, int32, int64, uint16, uint32, uint64} = int32",
    infer=_range_shape)
def range_(xp: Any, start: Any, limit: Any, delta: Any) -> Any:
    start, limit, delta = np.asarray(start), np.asarray(limit), np.asarray(delta)
    for x, what in ((start, "start"), (limit, "limit"), (delta, "delta")):
        if x.ndim and x.size != 1:
            raise errors.InvalidArgumentError(f"{what} must be a scalar, not shape {shape_text(x.shape)}")
    first, last, step = start.reshape(())[()], limit.reshape(())[()], delta.reshape(())[()]
    count = _range_size(first, last, step)
    dtype = start.dtype
    if dtype.kind in "iu":
        return np.arange(int(first), int(last), int(step), dtype=dtype)
    return (np.arange(count, dtype=np.float64) * float(step) + float(first)).astype(dtype)


range_.not_differentiable()


@op("LinSpace", "start: T, stop: T, num: Tidx static -> output: T",
    attrs="T: {bfloat16, half, float, double}; Tidx: {int32, int64} = int32",
    infer=lambda op: TensorShape([None if op.inputs[2].value is None else int(op.inputs[2].value)]))
def lin_space(xp: Any, start: Any, stop: Any, num: Any) -> Any:
    count = int(num)
    if count <= 0:
        raise errors.InvalidArgumentError(f"Requires num > 0: {count}")
    if count == 1:
        return xp.reshape(start, (1,))
    return xp.linspace(start, stop, count, dtype=start.dtype)


lin_space.not_differentiable()


def _one_hot_shape(op: Any) -> Any:
    shape = op.inputs[0].shape
    if shape.rank is None:
        return unknown_shape()
    depth = op.inputs[1].value
    axis = op.attrs.get("axis", -1)
    dims = shape.as_list()
    dims.insert(len(dims) if axis == -1 else axis, None if depth is None else int(depth))
    return [(TensorShape(dims), op.inputs[2].dtype)]


@op("OneHot", "indices: TI, depth: int32 static, on_value: T, off_value: T -> output: T",
    attrs="axis: int = -1; T: type; TI: {uint8, int8, int32, int64} = int64", infer=_one_hot_shape)
def one_hot_(xp: Any, indices: Any, depth: Any, on: Any, off: Any, axis: int = -1) -> Any:
    count = int(depth)
    if not -1 <= axis <= indices.ndim:
        raise errors.InvalidArgumentError(
            f"Expected axis to be -1 or between [0, {indices.ndim + 1}).  But received: {axis}")
    if count < 0:
        raise errors.InvalidArgumentError(f"depth must be non-negative, got: {count}")
    for value, what in ((on, "on_value"), (off, "off_value")):
        if value.ndim:
            raise errors.InvalidArgumentError(f"{what} must be a scalar, but got: {shape_text(value.shape)}")
    if xp is not np:
        hot = xp.expand_dims(indices, axis) == xp.arange(count, dtype=indices.dtype).reshape(
            [count if i == axis % (indices.ndim + 1) else 1 for i in _range(indices.ndim + 1)])
        return xp.where(hot, on, off)
    flat = indices.reshape(-1)
    size = flat.size
    out = np.full(size * count, off, off.dtype) if off.dtype.kind == "O" or off else np.zeros(size * count, off.dtype)
    if size and count:
        places = np.arange(0, size * count, count)
        if outside(flat, count):
            inside = (flat >= 0) & (flat < count)
            places, flat = places[inside], flat[inside]
        out[places + flat] = on
    out = out.reshape((*indices.shape, count))
    return out if axis in (-1, indices.ndim) else np.ascontiguousarray(np.moveaxis(out, -1, axis))


one_hot_.not_differentiable()


# The public functions.


_RANGE_DTYPES = [dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64]


def range(start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range") -> Any:
    """The numbers from `start` (0 with one argument) up to but without `limit`, `delta` apart.

    Args:
      start, limit, delta: scalars.
      dtype: of the result; else the widest of the arguments', in the order int32, int64, float32, float64.

    Raises:
      InvalidArgumentError: a step of zero, or one that leads away from the limit.
    """
    if limit is None:
        start, limit = 0, start
    if dtype is None and type(start) is type(limit) is type(delta) is int and ctx.elsewhere is None \
            and delta > 0 and -2**31 < start <= limit < 2**31:
        return EagerTensor(np.arange(start, limit, delta, dtype=np.int32))
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    values = [_range_argument(x, wanted) for x in (start, limit, delta)]
    found = [x.dtype if isinstance(x, Tensor) else dtypes.from_numpy(x.dtype) for x in values]
    if wanted is None:
        if any(t not in _RANGE_DTYPES for t in found):
            if len(set(found)) > 1 or not (found[0].is_integer or found[0].is_floating):
                raise TypeError("range needs arguments of dtypes int32, int64, float32 or float64, or `dtype`; got "
                                + ", ".join(t.name for t in found))
            wanted = found[0]
        wanted = wanted or max(found, key=_RANGE_DTYPES.index)
    out = []
    for x, t in zip(values, found, strict=True):
        if t != wanted:
            if isinstance(x, Tensor):
                from .casting import cast
                x = cast(x, wanted)
            else:
                x = x.astype(wanted.np)
        out.append(x)
    return apply(range_, out, name=graph_name(None if name == "range" else name, name))


def _range_argument(x: Any, dtype: dtypes.DType | None) -> Any:
    """An argument of `range`: a tensor as it is, anything else as an array."""
    if isinstance(x, EagerTensor):
        return x._value
    if isinstance(x, Tensor) or hasattr(x, "__tf_tensor__"):
        return convert_to_tensor(x)
    return to_array(x, dtype)


def linspace(start: Any, stop: Any, num: Any, name: str | None = None, axis: int = 0) -> Any:
    """`num` numbers evenly spaced from `start` to `stop`, both included, along a new axis.

    Args:
      start, stop: tensors that broadcast against each other; integers give float64.
      num: how many, an int or a scalar integer tensor.
      axis: where the new axis goes.
    """
    from .arrays import broadcast_to, concat, expand_dims, reshape
    from .casting import cast
    start = convert_to_tensor(start)
    stop = convert_to_tensor(stop, start.dtype)
    count = num if type(num) is int else convert_to_tensor(num)
    if isinstance(count, Tensor) and not count.dtype.is_integer:
        raise TypeError(f"Argument `tensor` (name: num) must be of type integer. Received `tensor` = {num} of dtype: "
                        f"{count.dtype}")
    a, b = static_shape(start), static_shape(stop)
    if a is not None and b is not None:
        whole: Any = np.broadcast_shapes(a, b)
    else:
        from .arrays import broadcast_dynamic_shape
        from .creation import shape
        whole = broadcast_dynamic_shape(shape(start), shape(stop))
    first, last = (expand_dims(broadcast_to(x, whole), axis) for x in (start, stop))
    if isinstance(count, EagerTensor):
        count = int(count)
    if isinstance(count, int):
        if count < 0:
            range(1, count)  # says what is wrong
        step = (last - first) / (convert_to_tensor(max(count - 1, 1), first.dtype))
        steps: Any = np.arange(1, count - 1).astype(step.dtype.np)
    else:
        step = (last - first) / cast(count - 1, first.dtype)
        steps = cast(range(1, count - 1), step.dtype)
    steps = reshape(convert_to_tensor(steps), _on_axis(axis, first))
    if step.dtype != first.dtype:
        first, last = cast(first, step.dtype), cast(last, step.dtype)
    if isinstance(count, int) and count <= 1:
        return concat([first, last], axis)[_along(axis, first, slice(0, count))]
    return concat([first, first + step * steps, last], axis)


def _along(axis: int, x: Any, part: slice) -> Any:
    """An index that takes a part of one axis."""
    return (slice(None),) * axis + (part,) if axis >= 0 else (Ellipsis, part) + (slice(None),) * (-1 - axis)


def _on_axis(axis: int, x: Any) -> Any:
    """The shape of a vector that lies along one axis of `x`."""
    rank = x.shape.rank
    if rank is not None:
        return [-1 if i == axis % rank else 1 for i in _range(rank)]
    from .creation import rank as rank_op
    from .masking import where
    places = range(rank_op(x))
    return where(places == (axis if axis >= 0 else axis + rank_op(x)), -1, 1)


@lru_cache(maxsize=64)
def _one_and_zero(dtype: dtypes.DType) -> tuple[Any, Any]:
    return convert_to_tensor(1, dtype), convert_to_tensor(0, dtype)


def one_hot(indices: Any, depth: Any, on_value: Any = None, off_value: Any = None, axis: int | None = None,
            dtype: Any = None, name: str | None = None) -> Any:
    """A new axis of size `depth` that is `on_value` at each index and `off_value` elsewhere.

    Args:
      indices: integer tensor; an index outside `[0, depth)` gives a row without `on_value`.
      depth: an int or a scalar int32 tensor.
      on_value, off_value: 1 and 0 unless given.
      axis: where the new axis goes, the end unless given.
      dtype: of the result; that of the values, else float32.

    Raises:
      TypeError: the dtypes of the values and `dtype` differ.
      InvalidArgumentError: a negative depth, or an axis out of range.
    """
    name = listed(graph_name(name, "one_hot"), indices)
    indices = convert_to_tensor(indices)
    on = None if on_value is None else convert_to_tensor(on_value, dtype_hint=dtype)
    off = None if off_value is None else convert_to_tensor(off_value, dtype_hint=dtype)
    on_dtype = None if on is None else on.dtype
    off_dtype = None if off is None else off.dtype
    if on is not None or off is not None:
        if dtype is not None:
            wanted = dtypes.as_dtype(dtype)
            for t, what in ((on_dtype, "on_value"), (off_dtype, "off_value")):
                if t is not None and t != wanted:
                    raise TypeError(f"dtype {t} of {what} does not match dtype parameter {wanted}")
        else:
            wanted = (on if on is not None else off).dtype  # type: ignore[union-attr]
    else:
        wanted = dtypes.float32 if dtype is None else dtypes.as_dtype(dtype)
    if on is None:
        on = _one_and_zero(wanted)[0] if ctx.graph is None else convert_to_tensor(1, wanted)
    if off is None:
        off = _one_and_zero(wanted)[1] if ctx.graph is None else convert_to_tensor(0, wanted)
    if on.dtype != off.dtype:
        raise TypeError(f"dtype {on.dtype} of on_value does not match dtype {off.dtype} of off_value")
    if isinstance(depth, Tensor):
        if depth.dtype is not dtypes.int32:
            raise ValueError(f"Tensor conversion requested dtype int32 for Tensor with dtype {depth.dtype.name}: {depth!r}")
        depth = depth._value if isinstance(depth, EagerTensor) else depth
    elif isinstance(depth, float):
        raise TypeError(f"Cannot convert {depth} to EagerTensor of dtype int32")
    return apply(one_hot_, (indices, depth, on, off), {"axis": -1 if axis is None else axis}, name)


@scoped("eye")
def eye(num_rows: Any, num_columns: Any = None, batch_shape: Any = None, dtype: Any = dtypes.float32,
        name: str | None = None) -> Any:
    """An identity matrix, or a batch of them.

    Raises:
      InvalidArgumentError: a negative size.
    """
    dtype = dtypes.as_dtype(dtype)
    columns = num_rows if num_columns is None else num_columns
    batch = shape_arg([] if batch_shape is None else batch_shape)
    sizes = [x for x in (num_rows, columns) if not isinstance(x, EagerTensor) and isinstance(x, Tensor)]
    if sizes or (isinstance(batch, Tensor) and not isinstance(batch, EagerTensor)):
        return _symbolic_eye(num_rows, columns, batch, dtype)
    rows, cols = int(num_rows), int(columns)
    if rows < 0 or cols < 0:
        zeros([min(rows, cols)])  # says what is wrong
    if dtype == dtypes.string:
        to_array(1, dtype)
    matrix = np.eye(rows, cols, dtype=dtype.np)
    lead = ints(batch if not isinstance(batch, EagerTensor) else batch._value)
    if lead:
        matrix = np.broadcast_to(matrix, (*lead, rows, cols)).copy()
    return constant(matrix, dtype, name=name or "eye")


def _symbolic_eye(rows: Any, columns: Any, batch: Any, dtype: dtypes.DType) -> Any:
    """An identity matrix of which a size is known only when the graph runs."""
    from .arrays import broadcast_to, concat, expand_dims, stack
    from .casting import cast
    from .comparison import equal
    rows, columns = convert_to_tensor(rows), convert_to_tensor(columns)
    matrix = cast(equal(expand_dims(range(rows), 1), expand_dims(range(columns), 0)), dtype)
    if not isinstance(batch, Tensor) and not len(batch):
        return matrix
    return broadcast_to(matrix, concat([batch, stack([rows, columns])], 0))


def sequence_mask(lengths: Any, maxlen: Any = None, dtype: Any = dtypes.bool, name: str | None = None) -> Any:
    """Marks the first `lengths[i]` places of `maxlen`: shape `lengths.shape + [maxlen]`.

    Args:
      lengths: integer tensor.
      maxlen: a scalar; the largest length unless given.
      dtype: of the result.

    Raises:
      ValueError: `maxlen` is not a scalar.
    """
    from .arrays import expand_dims
    from .casting import cast
    from .comparison import less
    from .reductions import reduce_max
    lengths = convert_to_tensor(lengths)
    if maxlen is None:
        maxlen = reduce_max(lengths)
        maxlen = int(np.maximum(np.asarray(maxlen._value), 0)) if isinstance(maxlen, EagerTensor) else maxlen
        if isinstance(maxlen, Tensor):
            from .arithmetic import maximum
            maxlen = maximum(maxlen, 0)
    elif np.ndim(maxlen) if not isinstance(maxlen, Tensor) else maxlen.shape.rank not in (None, 0):
        given = convert_to_tensor(maxlen)
        shown = given.numpy() if isinstance(given, EagerTensor) else given
        raise ValueError("Argument `maxlen` must be scalar for sequence_mask, received `maxlen` = "
                         f"{shown} with shape '{given.shape}' instead")
    row = range(convert_to_tensor(0, lengths.dtype), cast(maxlen, lengths.dtype))
    mask = less(row, expand_dims(lengths, -1))
    wanted = dtypes.as_dtype(dtype)
    return mask if wanted == dtypes.bool else cast(mask, wanted)


def meshgrid(*args: Any, **kwargs: Any) -> Any:
    """The coordinates of a grid: for one-dimensional tensors, a list of tensors of the grid's shape.

    Args:
      *args: the coordinates along each axis.
      indexing: "xy" (the first two axes of the result are swapped) or "ij".

    Raises:
      ValueError: another `indexing`.
    """
    from .arrays import broadcast_to, reshape, stack
    from .creation import size
    indexing = kwargs.pop("indexing", "xy")
    kwargs.pop("name", None)
    if kwargs:
        raise TypeError(f"'{next(iter(kwargs))}' is an invalid keyword argument for this function")
    if indexing not in ("xy", "ij"):
        raise ValueError(f"Argument `indexing` parameter must be either 'xy' or 'ij', got '{indexing}'")
    axes = [convert_to_tensor(x) for x in args]
    n = len(axes)
    order = list(_range(n))
    if indexing == "xy" and n > 1:
        order[0], order[1] = 1, 0
    shapes = [static_shape(x) for x in axes]
    sizes: Any = [size(x) if s is None else int(np.prod(s)) for x, s in zip(axes, shapes, strict=True)]
    whole: Any = [sizes[order.index(i)] for i in _range(n)]
    if any(isinstance(d, Tensor) for d in whole):
        whole = stack(whole)
    return [broadcast_to(reshape(x, [-1 if i == order[k] else 1 for i in _range(n)]), whole)
            for k, x in enumerate(axes)]
