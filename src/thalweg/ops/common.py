"""What the op families share: converting arguments, broadcasting gradients back, shape rules."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor, match_scalar
from ..core.dispatch import apply, apply_binary, apply_unary, wrap
from ..core.nest import CompositeTensor
from ..core.opdef import OpDef, get_op
from ..core.shape import TensorShape, broadcast_static
from ..core.tensor import EagerTensor, Tensor

FLOATS = "bfloat16, half, float, double"
FLOATS_COMPLEX = f"{FLOATS}, complex64, complex128"
SIGNED = f"{FLOATS}, int8, int16, int32, int64, complex64, complex128"
NUMBERS = "float, double, int32, uint8, int16, int8, complex64, int64, qint8, quint8, qint32, bfloat16, qint16, quint16, " \
    "uint16, complex128, half, uint32, uint64"
REALS = "float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64"


def unary(op: OpDef, x: Any, name: str | None = None) -> Any:
    """Applies an op of one tensor and no attributes."""
    if type(x) is EagerTensor and ctx.elsewhere is None:
        return apply_unary(op, x, name)
    if isinstance(x, CompositeTensor) and (result := x._unary(op, x, name)) is not NotImplemented:
        return result
    x = convert_to_tensor(x)
    return apply_unary(op, x, name) if type(x) is EagerTensor and ctx.elsewhere is None else apply(op, (x,), name=name)


def binary(op: OpDef, x: Any, y: Any, name: str | None = None) -> Any:
    """Applies an op of two tensors of one dtype; a Python value takes the dtype of the tensor beside it."""
    if type(x) is not EagerTensor or type(y) is not EagerTensor:
        for value in (x, y):
            if isinstance(value, CompositeTensor) and (result := value._binary(op, x, y, name)) is not NotImplemented:
                return result
    if ctx.elsewhere is not None and ctx.graph is not None and (isinstance(x, Tensor) or isinstance(y, Tensor)):
        return apply(op, (x, y), name=name)  # the graph makes its constants itself, beside the node
    if type(x) is EagerTensor:
        if type(y) is not EagerTensor:
            y = match(y, x.dtype)
    else:
        x, y = same_dtype(x, y)
    if ctx.elsewhere is None and type(x) is EagerTensor and type(y) is EagerTensor:
        return apply_binary(op, x, y, name)
    return apply(op, (x, y), name=name)


def graph_name(name: str | None, default: str) -> str | None:
    """The name of a node: the user's, or TensorFlow's default where a graph is being built."""
    return name if name is not None or ctx.graph is None else default


def match(value: Any, dtype: dtypes.DType) -> Any:
    """A value as a tensor beside one of `dtype`. A tensor stays as it is: the op itself compares dtypes."""
    if isinstance(value, Tensor):
        return value
    if hasattr(value, "__tf_tensor__"):
        return convert_to_tensor(value)
    return match_scalar(value, dtype)


def same_dtype(x: Any, y: Any) -> tuple[Any, Any]:
    """Two arguments as tensors: the one that is a tensor decides for the other, else the first."""
    if not isinstance(x, Tensor):
        if isinstance(y, Tensor) and not hasattr(x, "__tf_tensor__"):
            return match_scalar(x, y.dtype), y
        x = convert_to_tensor(x)
    return x, match(y, x.dtype)


def same_dtypes(values: Sequence[Any], dtype: Any = None) -> list[Any]:
    """Arguments as tensors of one dtype, which the first tensor among them decides."""
    if dtype is None:
        for v in values:
            if isinstance(v, Tensor) or hasattr(v, "__tf_tensor__"):
                dtype = v.dtype
                break
    out = []
    for v in values:
        t = match(v, dtypes.as_dtype(dtype)) if dtype is not None else convert_to_tensor(v)
        dtype = dtype or t.dtype
        out.append(t)
    return out


def static_value(x: Any) -> Any:
    """The value of a static input: a Python value, an array, or None where only the running graph knows it."""
    if isinstance(x, EagerTensor):
        return x._value
    if isinstance(x, Tensor):
        return constant_value(x)
    return x


def constant_value(tensor: Any) -> Any:
    """The NumPy array of a tensor whose value is known while the graph is built, or None."""
    if isinstance(tensor, EagerTensor):
        return np.asarray(tensor._value)
    known = getattr(tensor, "constant_value", None)
    return known() if known is not None else None


def static_shape(x: Any) -> tuple[int, ...] | None:
    """The shape of a tensor as a tuple, or None unless all of it is known."""
    if type(x) is EagerTensor:
        shape: tuple[int, ...] = x._value.shape
        return shape
    dims = x.shape._dims
    return None if dims is None or None in dims else dims


def shape_of(x: Any) -> Any:
    """The shape as a static input: a tuple where it is known, else a tensor."""
    known = static_shape(x)
    return known if known is not None else apply(get_op("Shape"), (x,), {"out_type": dtypes.int32})


def reduce_to(dy: Any, x: Any, other: Any) -> Any:
    """The gradient for `x` of an op that broadcast `x` against `other`: sums `dy` over what was broadcast."""
    sx = static_shape(x)
    if sx is not None:
        sy = static_shape(dy)
        if sx == sy:
            return dy
        if not sx and type(dy) is EagerTensor and not ctx.tapes:
            # Nobody differentiates this gradient: the kernel of the sum, without a record.
            return wrap(get_op("Sum").kernel(np, dy._value, tuple(range(dy._value.ndim))))
        if sy is not None:
            lead = len(sy) - len(sx)
            axes = tuple(range(lead)) + tuple(i + lead for i, d in enumerate(sx) if d == 1 and sy[i + lead] != 1)
            total = apply(get_op("Sum"), (dy, axes), {"keep_dims": False})
            return total if static_shape(total) == sx else apply(get_op("Reshape"), (total, sx))
    axes, _ = apply(get_op("BroadcastGradientArgs"), (shape_of(x), shape_of(other)))
    return apply(get_op("Reshape"), (apply(get_op("Sum"), (dy, axes), {"keep_dims": False}), shape_of(x)))


def product(a: Any, b: Any) -> Any:
    """`a * b` in a gradient rule: without a record where nobody differentiates the gradient."""
    if type(a) is EagerTensor and type(b) is EagerTensor and not ctx.tapes:
        out = np.multiply(a._value, b._value)
        return EagerTensor(out) if type(out) is np.ndarray else wrap(out)
    return a * b


def conj(x: Any) -> Any:
    """The complex conjugate; a real tensor as it is."""
    return apply(get_op("Conj"), (x,)) if x.dtype.is_complex else x


def axes_of(axis: Any, rank: int) -> tuple[int, ...]:
    """The axes of a reduction as a sorted tuple of non-negative ints.

    Raises:
      InvalidArgumentError: an axis outside `[-rank, rank)`.
    """
    if isinstance(axis, np.ndarray):
        axis = axis.reshape(-1).tolist()
    elif isinstance(axis, (int, np.integer)):
        axis = (axis,)
    out = set()
    for a in axis:
        if not -rank <= a < rank:
            raise errors.InvalidArgumentError(f"Invalid reduction dimension ({a} for input with {rank} dimension(s)")
        out.add(int(a) % rank if rank else 0)
    return tuple(sorted(out))


# Shape rules. `op.inputs[i]` has `.shape`, `.dtype` and `.value`.


def unchanged(op: Any) -> TensorShape:
    """The shape of the first input."""
    shape: TensorShape = op.inputs[0].shape
    return shape


def broadcast(op: Any) -> TensorShape:
    """The shape that two inputs broadcast to."""
    return broadcast_pair(op.inputs[0].shape, op.inputs[1].shape)


def broadcast_pair(x: TensorShape, y: TensorShape) -> TensorShape:
    """The shape that two shapes broadcast to.

    Raises:
      ValueError: they do not, in the words of TensorFlow's shape functions.
    """
    try:
        return broadcast_static(x, y)
    except ValueError:
        a, b = x.as_list(), y.as_list()
        for p, q in zip(reversed(a), reversed(b), strict=False):
            if p is not None and q is not None and p != q and 1 not in (p, q):
                raise ValueError(f"Dimensions must be equal, but are {p} and {q}") from None
        raise


def shape_text(shape: Sequence[int]) -> str:
    """A shape as TensorFlow's kernels print it: `[2,3]`."""
    return "[" + ",".join(str(int(d)) for d in shape) + "]"


def incompatible(*arrays: Any, **_: Any) -> None:
    """Explains a failed broadcast."""
    a, b = arrays[0], arrays[1]
    try:
        np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        raise errors.InvalidArgumentError(
            f"Incompatible shapes: {shape_text(a.shape)} vs. {shape_text(b.shape)}") from None
