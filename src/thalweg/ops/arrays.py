"""The shape of tensors: reshaping, transposing, joining, splitting, repeating, padding, broadcasting."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.context import ctx
from ..core.convert import convert_to_tensor, to_array
from ..core.dispatch import apply
from ..core.scopes import name_scope
from ..core.shape import as_shape, broadcast_static
from ..core.tensor import EagerTensor, Tensor
from .broadcasting import broadcast_args, broadcast_to_, mirror_pad, pad_, pad_v2, reverse_v2, roll_, tile_
from .common import match, same_dtypes, static_value
from .creation import ints, listed, shape_arg
from .joining import concat_v2, pack, split_, split_v, unpack
from .layout import bad, conjugate_transpose, expand_dims_, invert_permutation_, reshape_, squeeze_, transpose_


def _static(value: Any) -> Any:
    """A static argument: a plain value as it is, else a tensor."""
    kind = type(value)
    if kind is int or kind is list or kind is tuple:
        return shape_arg(value) if kind is int or value else np.zeros(0, np.int32)
    return value if kind is np.ndarray else convert_to_tensor(value)


def _axis(axis: Any) -> Any:
    """An axis as a static argument: an int, or a tensor."""
    if type(axis) is int:
        return axis
    if isinstance(axis, EagerTensor):
        return axis._value
    return axis.__index__() if not isinstance(axis, Tensor) and hasattr(axis, "__index__") else convert_to_tensor(axis)


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Any:
    """The same elements in another shape.

    Args:
      tensor: a tensor.
      shape: the sizes; one of them may be -1, which stands for what remains.

    Raises:
      InvalidArgumentError: another number of elements.
    """
    if type(tensor) is not EagerTensor:
        tensor = convert_to_tensor(tensor)
    return apply(reshape_, (tensor, shape_arg(shape)), name=name)


def transpose(a: Any, perm: Any = None, conjugate: bool = False, name: str = "transpose") -> Any:
    """The dimensions in another order: dimension `i` of the result is dimension `perm[i]` of `a`.

    Args:
      a: a tensor.
      perm: a permutation of the dimensions; reversed unless given.
      conjugate: whether complex elements are conjugated.

    Raises:
      InvalidArgumentError: `perm` is not a permutation.
    """
    a = convert_to_tensor(a)
    entry = conjugate_transpose if conjugate and a.dtype.is_complex else transpose_
    if perm is None:
        n = a.shape.rank
        if n is None:
            from .creation import rank
            from .ranges import range as range_op
            n = rank(a)
            perm = (n - 1) - range_op(n)
        else:
            perm = tuple(range(n - 1, -1, -1))
    return apply(entry, (a, _static(perm)), name=name if ctx.graph is not None or name != "transpose" else None)


def expand_dims(input: Any, axis: Any, name: str | None = None) -> Any:
    """A tensor with one more dimension, of size 1, at `axis`.

    Raises:
      InvalidArgumentError: `axis` is outside `[-rank - 1, rank]`.
    """
    return apply(expand_dims_, (convert_to_tensor(input), _axis(axis)), name=name)


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Any:
    """A tensor without its dimensions of size 1, or without those of them that `axis` lists.

    Raises:
      InvalidArgumentError: a listed dimension has another size.
    """
    if isinstance(axis, Tensor):
        raise TypeError(f"Expected list for 'axis' argument to 'squeeze' Op, not {axis!r}.")
    axes = [] if axis is None else [int(a) for a in ints(axis)]
    return apply(squeeze_, (convert_to_tensor(input),), {"squeeze_dims": axes}, name)


def concat(values: Any, axis: Any, name: str = "concat") -> Any:
    """Tensors joined along one of their dimensions.

    Args:
      values: tensors of one dtype whose shapes agree but for `axis`.
      axis: the dimension, an int or a scalar integer tensor.

    Raises:
      InvalidArgumentError: shapes that do not agree, or scalars.
    """
    if not isinstance(values, (list, tuple)):
        values = [values]
    if not values:
        raise bad("concat needs at least one tensor")
    if len(values) == 1:
        from .creation import identity
        with name_scope(name or "concat"):
            return identity(values[0], name=name)
    axis = _axis(axis)
    for v in values:
        if type(v) is not EagerTensor:
            values = same_dtypes(values)
            break
    return apply(concat_v2, (*values, axis), name=name)


def stack(values: Any, axis: int = 0, name: str = "stack") -> Any:
    """Tensors of one shape joined along a new dimension.

    Raises:
      ValueError: `axis` is outside `[-rank - 1, rank]`.
      InvalidArgumentError: the shapes differ.
    """
    plain = not isinstance(values, Tensor)
    if plain:
        values = list(values)
        plain = not any(isinstance(v, Tensor) or hasattr(v, "__tf_tensor__") for v in values)
    if plain and axis == 0 and not any(isinstance(v, (list, tuple)) for v in values):
        return convert_to_tensor(values, name=name)
    if plain and not values:
        return convert_to_tensor(values)
    if plain:
        try:
            dtype = dtypes.from_numpy(to_array(values).dtype)
        except (ValueError, TypeError, NotImplementedError):  # the last: there are symbolic tensors further inside
            dtype = None
        values = [convert_to_tensor(v, dtype) for v in values]
    else:
        values = unstack(values) if isinstance(values, Tensor) else same_dtypes(values)
    rank = values[0].shape.rank
    if rank is not None and not -rank - 1 <= axis <= rank:
        raise ValueError(f"Argument `axis` = {axis} not in range [{-rank - 1}, {rank + 1})")
    return apply(pack, values, {"axis": int(axis)}, name)


def parallel_stack(values: Any, name: str = "parallel_stack") -> Any:
    """Tensors of one known shape joined along a new first dimension, in a graph.

    Raises:
      RuntimeError: outside a graph.
    """
    if ctx.graph is None:
        raise RuntimeError("tf.parallel_stack() is not compatible with eager execution.")
    return stack(values, 0, name)


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str = "unstack") -> Any:
    """The list of the parts of a tensor along a dimension, which they lose.

    Args:
      value: a tensor.
      num: the size of the dimension, where the shape does not say it.
      axis: the dimension.

    Raises:
      ValueError: `axis` is out of range, or the size is not known.
    """
    value = convert_to_tensor(value)
    if num is None:
        rank = value.shape.rank
        if rank is not None:
            if not -rank <= axis < rank:
                raise ValueError(f"Argument `axis` = {axis} not in range [{-rank}, {rank})")
            num = value.shape.as_list()[axis]
        if num is None:
            raise ValueError(f"Cannot infer argument `num` from shape {value.shape}")
    out = apply(unpack, (value,), {"num": num, "axis": int(axis)}, name)
    return list(out) if isinstance(out, (tuple, list)) else [out]


def split(value: Any, num_or_size_splits: Any, axis: Any = 0, num: int | None = None, name: str = "split") -> Any:
    """A list of the parts of a tensor along a dimension.

    Args:
      value: a tensor.
      num_or_size_splits: how many equal parts, or the list of their sizes, of which one may be -1.
      axis: the dimension.
      num: how many parts, where `num_or_size_splits` is a tensor of unknown length.

    Raises:
      InvalidArgumentError: the sizes do not add up.
      ValueError: the number of parts is not known.
    """
    value = convert_to_tensor(value)
    axis = axis if isinstance(axis, Tensor) else _axis(axis)  # a tensor keeps its dtype, which must be int32
    if isinstance(num_or_size_splits, (int, np.integer)):
        count = int(num_or_size_splits)
        if count < 1:
            raise bad(f"Value for attr 'num_split' of {count} must be at least minimum 1\n\t; NodeDef: "
                      f"{{{{node Split}}}}; {split_.describe()} [Op:Split] name: {name}")
        out = apply(split_, (axis, value), {"num_split": count}, name)
    else:
        sizes = _static(num_or_size_splits)
        if isinstance(sizes, Tensor) and sizes.shape.rank == 0:
            raise ValueError("Rank-0 tensors are not supported as the num_or_size_splits argument to split. Argument "
                             f"provided: {num_or_size_splits}")
        if num is None:
            num = sizes.shape[0] if isinstance(sizes, Tensor) and sizes.shape.rank else len(sizes) \
                if not isinstance(sizes, Tensor) else None
        if num is None:
            raise ValueError(f"Cannot infer argument `num` from shape {num_or_size_splits}")
        out = apply(split_v, (value, sizes, axis), {"num_split": num}, name)
    return list(out) if isinstance(out, (tuple, list)) else [out]


def tile(input: Any, multiples: Any, name: str | None = None) -> Any:
    """The tensor repeated `multiples[i]` times along each dimension `i`.

    Raises:
      InvalidArgumentError: a negative number, or not one for each dimension.
    """
    return apply(tile_, (convert_to_tensor(input), _static(multiples)), name=name)


def repeat(input: Any, repeats: Any, axis: int | None = None, name: str | None = None) -> Any:
    """Each element (each slice along `axis`) repeated.

    Args:
      input: a tensor; flattened where `axis` is None.
      repeats: how often, one number or one for each slice.
      axis: the dimension.

    Raises:
      ValueError: `repeats` has another length than the dimension.
    """
    from .gathering import gather
    x = convert_to_tensor(input)
    if axis is None:
        x, axis = reshape(x, [-1]), 0
    counts = convert_to_tensor(repeats, dtype_hint=dtypes.int32)
    rank = x.shape.rank
    axis = axis if axis >= 0 else axis + rank
    dims = x.shape.as_list()
    if counts.shape.rank == 0 or counts.shape.num_elements() == 1:
        times = static_value(counts)
        if times is not None and None not in dims:
            times = int(times.reshape(()))
            tiled = tile(expand_dims(x, axis + 1), [times if i == axis + 1 else 1 for i in range(rank + 1)])
            return reshape(tiled, [*dims[:axis], dims[axis] * times, *dims[axis + 1:]])
    elif dims[axis] is not None and counts.shape.rank == 1 and counts.shape[0] is not None \
            and counts.shape[0] != dims[axis]:
        raise ValueError(f"Dimensions {dims[axis]} and {counts.shape[0]} are not compatible")
    known = static_value(counts)
    if known is not None and dims[axis] is not None:
        if (known < 0).any():
            raise bad("repeats must be non-negative")
        return gather(x, np.repeat(np.arange(dims[axis], dtype=np.int32), known.reshape(-1)), axis=axis)
    return _repeat_symbolic(x, counts, axis)


def _repeat_symbolic(x: Any, counts: Any, axis: int) -> Any:
    """`repeat` where only the running graph knows the numbers."""
    from .common import shape_of
    from .gathering import gather
    from .indexing import getitem
    from .masking import where
    from .ranges import range as range_op
    from .ranges import sequence_mask
    size = getitem(shape_of(x), axis)
    mask = sequence_mask(broadcast_to(counts, [size] if not isinstance(size, Tensor) else expand_dims(size, 0)))
    rows = getitem(where(mask), (slice(None), 0))
    return gather(x, gather(range_op(size), rows), axis=axis)


def pad(tensor: Any, paddings: Any, mode: str = "CONSTANT", constant_values: Any = 0, name: str | None = None) -> Any:
    """The tensor with a margin.

    Args:
      tensor: a tensor of `n` dimensions.
      paddings: shape `[n, 2]`, how many elements before and after, for each dimension.
      mode: "CONSTANT", "REFLECT" (mirrored, without the edge) or "SYMMETRIC" (with it), in any case.
      constant_values: the scalar that fills a constant margin.

    Raises:
      ValueError: another mode.
      InvalidArgumentError: negative paddings, or more than a mirror can show.
    """
    kind = mode.upper()
    x = convert_to_tensor(tensor)
    if not isinstance(paddings, (list, tuple)) or ctx.graph is not None or _has_tensor(paddings):
        paddings = convert_to_tensor(paddings, dtype_hint=dtypes.int32)
    if kind == "CONSTANT":
        if not isinstance(constant_values, Tensor) and np.ndim(constant_values) == 0 and constant_values == 0:
            return apply(pad_, (x, paddings), name=name)
        return apply(pad_v2, (x, paddings, match(constant_values, x.dtype)), name=name)
    if kind not in ("REFLECT", "SYMMETRIC"):
        raise ValueError('Value of argument `mode` expected to be one of "CONSTANT", "REFLECT", or "SYMMETRIC". '
                         f"Received `mode` = {mode}")
    return apply(mirror_pad, (x, paddings), {"mode": kind}, name)


def _has_tensor(value: Any) -> bool:
    return isinstance(value, Tensor) or (isinstance(value, (list, tuple)) and any(map(_has_tensor, value)))


def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Any:
    """The tensor broadcast to a shape.

    Raises:
      InvalidArgumentError: it does not broadcast.
    """
    return apply(broadcast_to_, (convert_to_tensor(input), shape_arg(shape)), name=name)


def broadcast_static_shape(shape_x: Any, shape_y: Any) -> Any:
    """The TensorShape that two shapes broadcast to.

    Raises:
      ValueError: they do not.
    """
    return broadcast_static(as_shape(shape_x), as_shape(shape_y))


def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> Any:
    """The shape that two shapes broadcast to; all three are integer tensors.

    Raises:
      InvalidArgumentError: they do not.
    """
    return apply(broadcast_args, (convert_to_tensor(shape_x), convert_to_tensor(shape_y)),
                 name=listed(None, shape_x, shape_y))


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Any:
    """The tensor with the order along each dimension in the list `axis` reversed.

    Raises:
      InvalidArgumentError: a dimension out of range or listed twice.
    """
    return apply(reverse_v2, (convert_to_tensor(tensor), _static(axis)), name=name)


def roll(input: Any, shift: Any, axis: Any, name: str | None = None) -> Any:
    """The elements moved by `shift` places along `axis`; what leaves at one end comes in at the other.

    Raises:
      InvalidArgumentError: as many shifts as axes are needed, or an axis is out of range.
    """
    return apply(roll_, (convert_to_tensor(input), _static(shift), _static(axis)), name=name)


def invert_permutation(x: Any, name: str | None = None) -> Any:
    """The inverse of a permutation: `y[x[i]] = i`.

    Raises:
      InvalidArgumentError: it is not a permutation.
    """
    return apply(invert_permutation_, (convert_to_tensor(x),), name=listed(name, x))
