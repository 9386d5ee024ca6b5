"""Making tensors: constants, ranges, copies, and what is known of a tensor's shape."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.convert import constant_tensor, convert_to_tensor, to_array
from ..core.dispatch import LISTED, apply, apply_unary
from ..core.opdef import op
from ..core.shape import TensorShape, as_shape, unknown_shape
from ..core.tensor import EagerTensor, Tensor
from .common import shape_text, static_shape, unchanged

_SYSTEM = "bfloat16, half, float, double, int8, uint8, int16, uint16, int32, uint32, int64, uint64, complex64, " \
    "complex128, bool"


# Shapes and other lists of integers as arguments.


def shape_arg(shape: Any) -> Any:
    """A shape given by a user as a static input: a list of ints, or a tensor where there is one in it.

    Raises:
      ValueError: a TensorShape that is not fully known.
      TypeError: a size that is no integer.
    """
    kind = type(shape)
    if kind is list or kind is tuple:
        for d in shape:
            if type(d) is not int:
                return _mixed_shape(shape)
        return shape
    if kind is int or isinstance(shape, np.ndarray):
        return shape
    if isinstance(shape, TensorShape):
        if not shape.is_fully_defined():
            raise ValueError(f"Cannot convert a partially known TensorShape {shape} to a Tensor.")
        return shape._dims
    if not isinstance(shape, Tensor) and not hasattr(shape, "__tf_tensor__"):
        return to_array(shape, dtypes.int32)
    return convert_to_tensor(shape)


def _mixed_shape(shape: Any) -> Any:
    """A list of sizes that are not all plain ints."""
    dims: list[int] = []
    for d in shape:
        if isinstance(d, Tensor) and not isinstance(d, EagerTensor):
            return convert_to_tensor(shape)
        if d is not None and hasattr(d, "value") and not isinstance(d, (Tensor, np.generic)) and not callable(d.value):
            d = d.value  # a Dimension
        if d is None:
            raise ValueError(f"Attempt to convert a value ({d!r}) with an unsupported type ({type(d)}) to a Tensor.")
        if isinstance(d, (float, np.floating)) or not hasattr(d, "__index__"):
            return to_array(shape, dtypes.int32)
        dims.append(d.__index__())
    return dims


def ints(value: Any) -> list[int]:
    """A static input that is a list of integers, as a kernel receives it: ints."""
    if type(value) is list:
        return value
    if type(value) is tuple:
        return list(value)
    return np.asarray(value).reshape(-1).tolist()


def known_shape(x: Any) -> TensorShape:
    """For a shape rule: the shape that an input holds as its value, as far as it is known."""
    if x.value is not None:
        return TensorShape([None if d < 0 else d for d in ints(x.value)])
    partial: TensorShape | None = x.partial
    if partial is not None:
        return partial
    rank = x.shape.rank
    return unknown_shape(x.shape[0] if rank == 1 else None)


def held_sizes(x: Any) -> list[int | None] | None:
    """For a shape rule: the sizes that an input holds, None for unknown ones; None if not even their number is known."""
    partial: TensorShape = known_shape(x)
    return None if partial.rank is None else partial.as_list()


def listed(name: str | None, *values: Any) -> str | None:
    """The name for an op some of whose inputs may have been given as Python lists, see `LISTED`."""
    if name is None and ctx.graph is None:
        for v in values:
            if type(v) is list or type(v) is tuple:
                return LISTED
    return name


# The entries.


@op("Const", " -> output: dtype", attrs="value: tensor; dtype: type",
    infer=lambda op: [(TensorShape(np.shape(op.attrs["value"])), op.attrs["dtype"])])
def const(xp: Any, value: Any = None, dtype: Any = None) -> Any:
    return value


const.not_differentiable()


@op("Fill", "dims: index_type static, value: T -> output: T", attrs="T: type; index_type: {int32, int64} = int32",
    infer=lambda op: known_shape(op.inputs[0]))
def fill_(xp: Any, dims: Any, value: Any) -> Any:
    if isinstance(dims, np.ndarray) and dims.ndim > 1:
        raise errors.InvalidArgumentError(f"dims must represent a vector, got shape {shape_text(dims.shape)}")
    sizes = ints(dims)
    if value.ndim:
        if value.size != 1:
            raise errors.InvalidArgumentError(f"value must represent a scalar, got shape {shape_text(value.shape)}")
        value = value.reshape(())
    for d in sizes:
        if d < 0:
            raise errors.InvalidArgumentError(f"Dimension {d} must be >= 0")
    return xp.full(sizes, value, value.dtype)


@fill_.vjp(1)
def _(op: Any, dy: Any) -> Any:
    from .reductions import reduce_sum
    return reduce_sum(dy)


def zeros_of(shape: Any, dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """Zeros, or empty strings."""
    return np.zeros(shape, dtype) if dtype.kind != "O" else np.full(shape, b"", object)


@op("ZerosLike", "x: T -> y: T", attrs="T: type", infer=unchanged)
def zeros_like_v2(xp: Any, x: Any) -> Any:
    return zeros_of(x.shape, x.dtype) if xp is np else xp.zeros_like(x)


zeros_like_v2.not_differentiable()


@op("OnesLike", "x: T -> y: T", attrs=f"T: {{{_SYSTEM}}}", infer=unchanged)
def ones_like_v2(xp: Any, x: Any) -> Any:
    return xp.ones(x.shape, x.dtype)


ones_like_v2.not_differentiable()


@op("Identity", "input: T -> output: T", attrs="T: type", infer=unchanged)
def identity_(xp: Any, x: Any) -> Any:
    return x


@op("Snapshot", "input: T -> output: T", attrs="T: type", infer=unchanged)
def snapshot(xp: Any, x: Any) -> Any:
    return x


@op("DeepCopy", "x: T -> y: T", attrs="T: type", infer=unchanged, stateful=True)
def deep_copy(xp: Any, x: Any) -> Any:
    return xp.array(x)


identity_.vjp(0)(lambda op, dy: dy)


@op("IdentityN", "input: T -> output: T", attrs="T: list(type)",
    infer=lambda op: [(x.shape, x.dtype) for x in op.inputs])
def identity_n_(xp: Any, *inputs: Any) -> Any:
    return tuple(inputs)


@identity_n_.gradient
def _(op: Any, *dys: Any) -> Any:
    return list(dys)


@op("StopGradient", "input: T -> output: T", attrs="T: type", infer=unchanged)
def stop_gradient_(xp: Any, x: Any) -> Any:
    return x


stop_gradient_.not_differentiable()


@op("PreventGradient", "input: T -> output: T", attrs='T: type; message: string = ""', infer=unchanged)
def prevent_gradient_(xp: Any, x: Any, message: str = "") -> Any:
    return x


@prevent_gradient_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    message = op.get_attr("message")
    reason = message.encode() if isinstance(message, str) else message
    raise LookupError(f"Gradient explicitly disabled. Reason: {reason!r}")


def _int_scalar(op: Any) -> Any:
    return [(TensorShape([]), op.attrs.get("out_type", dtypes.int32))]


@op("Shape", "input: T -> output: out_type", attrs="T: type; out_type: {int32, int64} = int32",
    infer=lambda op: [(TensorShape([op.inputs[0].shape.rank]), op.attrs.get("out_type", dtypes.int32))])
def shape_(xp: Any, x: Any, out_type: dtypes.DType = dtypes.int32) -> Any:
    return np.array(x.shape, out_type.np)


shape_.not_differentiable()


@op("ShapeN", "input: N * T -> output: N * out_type", attrs="N: int; T: type; out_type: {int32, int64} = int32",
    infer=lambda op: [(TensorShape([x.shape.rank]), op.attrs.get("out_type", dtypes.int32)) for x in op.inputs])
def shape_n_(xp: Any, *inputs: Any, out_type: dtypes.DType = dtypes.int32) -> Any:
    return tuple([np.array(x.shape, out_type.np) for x in inputs])


shape_n_.not_differentiable()


@op("Size", "input: T -> output: out_type", attrs="T: type; out_type: {int32, int64} = int32", infer=_int_scalar)
def size_(xp: Any, x: Any, out_type: dtypes.DType = dtypes.int32) -> Any:
    return np.array(x.size, out_type.np)


size_.not_differentiable()


@op("Rank", "input: T -> output: int32", attrs="T: type", infer=_int_scalar)
def rank_(xp: Any, x: Any) -> Any:
    return np.array(x.ndim, np.int32)


rank_.not_differentiable()


def _ensured(op: Any) -> Any:
    return op.inputs[0].shape.merge_with(op.attrs["shape"])


@op("EnsureShape", "input: T -> output: T", attrs="shape: shape; T: type", infer=_ensured)
def ensure_shape_(xp: Any, x: Any, shape: Any) -> Any:
    if not TensorShape.of(x.shape).is_compatible_with(shape):
        expected = ",".join("?" if d is None else str(d) for d in shape)
        raise errors.InvalidArgumentError(
            f"Shape of tensor input {shape_text(x.shape)} is not compatible with expected shape [{expected}].")
    return x


ensure_shape_.vjp(0)(lambda op, dy: dy)


@op("NoOp", " -> ", infer=lambda op: [])
def no_op_(xp: Any) -> Any:
    return ()


# The public functions.


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str = "Const") -> Any:
    """A tensor with the given value.

    Args:
      value: a number, text, a nested list of them, an array.
      dtype: the dtype of the result, else what the value suggests.
      shape: the shape of the result; one element fills it, otherwise the elements are put in this order.
      name: of the node, in a graph.

    Raises:
      TypeError: the value does not convert to `dtype`, or has another number of elements than `shape`.
      ValueError: a ragged list, or an object that is no value.
    """
    wanted = dtypes.as_dtype(dtype) if dtype is not None else None
    if shape is None and ctx.graph is None and not isinstance(value, Tensor) and not hasattr(value, "__tf_tensor__"):
        return convert_to_tensor(value, wanted)
    tensor = _constant_value(value, wanted, name)
    if shape is None:
        return tensor
    return _shaped_constant(tensor, value, as_shape(shape), name)


def _constant_value(value: Any, dtype: dtypes.DType | None, name: str) -> Any:
    if isinstance(value, Tensor):
        if isinstance(value, EagerTensor):
            if dtype is not None and value.dtype != dtype:
                raise TypeError(f"Expected tensor {value.numpy()} with dtype {dtype!r}, but got dtype {value.dtype!r}.")
            return value if ctx.elsewhere is None else constant_tensor(value._value, value._dtype, name)
        if dtype is not None and value.dtype != dtype:
            raise TypeError(f"Expected tensor {value} with dtype {dtype!r}, but got dtype {value.dtype!r}.")
        return value
    if ctx.graph is None and hasattr(value, "__tf_tensor__"):
        value = np.asarray(convert_to_tensor(value)._value)
    return convert_to_tensor(value, dtype, name=name)


def _shaped_constant(tensor: Any, value: Any, shape: TensorShape, name: str) -> Any:
    """A constant in another shape."""
    if not isinstance(tensor, EagerTensor):
        from .common import constant_value
        known = constant_value(tensor)
        array, special = known, tensor.dtype
    else:
        array, special = tensor._value, tensor._dtype
    if array is None or shape == array.shape:
        return tensor
    count = shape.num_elements()
    if count == array.size:
        array = array.reshape(shape.as_list())
    elif array.size == 1 and count is not None:
        array = np.full(shape.as_list(), array.reshape(()), array.dtype)
    else:
        raise TypeError(f"Eager execution of tf.constant with unsupported shape. Tensor {array} (converted from "
                        f"{value}) has {array.size} elements, but got `shape` {shape} with {count} elements).")
    return constant_tensor(array, special, name)


def fill(dims: Any, value: Any, name: str | None = None, layout: Any = None) -> Any:
    """A tensor of shape `dims` that holds one value everywhere.

    Raises:
      InvalidArgumentError: a negative size.
    """
    return apply(fill_, (shape_arg(dims), convert_to_tensor(value)), name=listed(name, value))


def _numeric(dtype: dtypes.DType) -> dtypes.DType:
    """A dtype that has a one."""
    if dtype == dtypes.string:
        to_array(1, dtype)
    return dtype


def _filled(shape: Any, value: int, dtype: Any, name: str | None, word: str) -> Any:
    dtype = dtypes.as_dtype(dtype)
    dims = shape_arg(shape)
    if ctx.graph is None and not (isinstance(dims, Tensor) and not isinstance(dims, EagerTensor)):
        sizes = dims._value if isinstance(dims, EagerTensor) else dims
        try:
            array = np.ones(sizes, _numeric(dtype).np) if value else zeros_of(sizes, dtype.np)
        except (ValueError, TypeError):
            apply(fill_, (convert_to_tensor(dims, dtypes.int32), convert_to_tensor(0.0)), name=name)
            raise
        return constant_tensor(array, dtype)
    name = name or word
    text = dtype == dtypes.string
    if not isinstance(dims, Tensor):
        sizes = ints(dims)
        if int(np.prod(sizes)) < 1000 and all(d >= 0 for d in sizes):
            return constant_tensor(np.full(sizes, b"" if text else value, dtype.np), dtype, name)
    return apply(fill_, (dims, convert_to_tensor("" if text else bool(value) if dtype.is_bool else value, dtype)), name=name)


def zeros(shape: Any, dtype: Any = dtypes.float32, name: str | None = None, layout: Any = None) -> Any:
    """A tensor of zeros (empty strings, False).

    Raises:
      InvalidArgumentError: a negative size.
    """
    return _filled(shape, 0, dtype, name, "zeros")


def ones(shape: Any, dtype: Any = dtypes.float32, name: str | None = None, layout: Any = None) -> Any:
    """A tensor of ones.

    Raises:
      InvalidArgumentError: a negative size.
    """
    return _filled(shape, 1, dtype, name, "ones")


def _like(entry: Any, input: Any, dtype: Any, name: str | None, value: int, word: str) -> Any:
    x = convert_to_tensor(input)
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    if wanted is None or wanted == x.dtype:
        if type(x) is EagerTensor and ctx.elsewhere is None:
            return apply_unary(entry, x, listed(name, input))
        return apply(entry, (x,), name=name or word)
    known = static_shape(x)
    out = _filled(known if known is not None else shape(x), value, wanted, name, word)
    if known is None:
        out.set_shape(x.shape)
    return out


def zeros_like(input: Any, dtype: Any = None, name: str | None = None, layout: Any = None) -> Any:
    """Zeros of a tensor's shape, in its dtype or in `dtype`."""
    return _like(zeros_like_v2, input, dtype, name, 0, "zeros_like")


def ones_like(input: Any, dtype: Any = None, name: str | None = None, layout: Any = None) -> Any:
    """Ones of a tensor's shape, in its dtype or in `dtype`."""
    return _like(ones_like_v2, input, dtype, name, 1, "ones_like")


def identity(input: Any, name: str | None = None) -> Any:
    """A tensor with the same value; for composites, one of the same kind."""
    from ..core import nest
    if not isinstance(input, Tensor) and nest.is_nested(input) is False and hasattr(input, "_type_spec"):
        return nest.map_structure(identity, input, expand_composites=True)
    return apply(identity_, (convert_to_tensor(input),), name=name)


def identity_n(input: Any, name: str | None = None) -> Any:
    """A list of tensors with the same values."""
    return list(apply(identity_n_, [convert_to_tensor(x) for x in input], name=name))


def stop_gradient(input: Any, name: str | None = None) -> Any:
    """The same value, as a constant for gradients."""
    return apply(stop_gradient_, (convert_to_tensor(input),), name=name)


def prevent_gradient(input: Any, message: str = "", name: str | None = None) -> Any:
    """The same value; asking for a gradient through it raises LookupError."""
    return apply(prevent_gradient_, (convert_to_tensor(input),), {"message": message}, name)


def shape(input: Any, out_type: Any = None, name: str | None = None) -> Any:
    """The shape as a one-dimensional int32 tensor (or `out_type`)."""
    x = convert_to_tensor(input)
    dtype = dtypes.int32 if out_type is None else dtypes.as_dtype(out_type)
    return apply(shape_, (x,), {"out_type": dtype}, name)


def shape_n(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> Any:
    """The shapes of a list of tensors, see `shape`."""
    return list(apply(shape_n_, [convert_to_tensor(x) for x in input], {"out_type": dtypes.as_dtype(out_type)}, name))


def size(input: Any, out_type: Any = None, name: str | None = None) -> Any:
    """How many elements a tensor has, as an int32 scalar (or `out_type`)."""
    dtype = dtypes.int32 if out_type is None else dtypes.as_dtype(out_type)
    return apply(size_, (convert_to_tensor(input),), {"out_type": dtype}, name)


def rank(input: Any, name: str | None = None) -> Any:
    """How many dimensions a tensor has, as an int32 scalar."""
    return apply(rank_, (convert_to_tensor(input),), name=name)


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Any:
    """The tensor itself, known to have `shape`, in which None stands for any size.

    Raises:
      InvalidArgumentError: it has another shape.
    """
    return apply(ensure_shape_, (convert_to_tensor(x),), {"shape": as_shape(shape)}, listed(name, x))


def no_op(name: str | None = None) -> Any:
    """Does nothing; in a graph it is a node to hang control dependencies on."""
    return None if ctx.graph is None else apply(no_op_, (), name=name)


def guarantee_const(input: Any, name: str | None = None) -> Any:
    """The tensor itself, which the caller promises never changes."""
    return identity(input, name)
