"""Operations that few programs name: rows in place, formats of data, facts."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape, unknown_shape
from .common import shape_text, unchanged
from .creation import ints, known_shape, no_op_, zeros_of
from .layout import bad
from .scattering import write_rows

_SCALAR = TensorShape([])


# Rows of a tensor. The name is of another time: the input stays as it is.


def _checked_rows(x: Any, i: Any, v: Any, kind: str) -> None:
    if i.ndim != 1:
        raise bad(f"i must be a vector. {shape_text(i.shape)}")
    if x.ndim != v.ndim:
        raise bad(f"x and v shape doesn't match (ranks differ): {shape_text(x.shape)} vs. {shape_text(v.shape)}")
    for axis in range(1, x.ndim):
        if x.shape[axis] != v.shape[axis]:
            raise bad(f"x and v shape doesn't match at index {axis} : {shape_text(x.shape)} vs. {shape_text(v.shape)}")
    if i.shape != v.shape[:1]:
        raise bad(f"i and x shape doesn't match at index 0: {shape_text(i.shape)} vs. {shape_text(v.shape)}")
    if kind != "update" and x.dtype.kind in "bO":
        raise bad(f"Unsupported data type: {'bool' if x.dtype.kind == 'b' else 'string'}")


def _rows_entry(type: str, kind: str) -> OpDef:
    @op(type, "x: T, i: int32, v: T -> y: T", attrs="T: type", infer=unchanged)
    def entry(xp: Any, x: Any, i: Any, v: Any) -> Any:
        _checked_rows(x, i, v, kind)
        if not v.size or not x.size:
            return x
        rows = i % x.shape[0]
        if xp is not np:
            at = xp.asarray(x).at[rows]
            return {"update": at.set, "add": at.add, "sub": at.subtract}[kind](v)
        out = x.copy()
        write_rows(out.reshape(len(x), -1), rows, v.reshape(len(v), -1), kind)
        return out
    return entry


inplace_update = _rows_entry("InplaceUpdate", "update")
inplace_add = _rows_entry("InplaceAdd", "add")
inplace_sub = _rows_entry("InplaceSub", "sub")


def shape_words(shape: TensorShape) -> str:
    """A shape that is known in part, in TensorFlow's words."""
    return "<unknown>" if shape.rank is None else "[" + ",".join("?" if d is None else str(d) for d in shape.as_list()) + "]"


@op("ParallelConcat", "values: N * T -> output: T", attrs="N: int; T: type; shape: shape",
    infer=lambda op: _joined_shape(op))
def parallel_concat(xp: Any, *values: Any, shape: Any) -> Any:
    whole = TensorShape(shape)
    if not whole.is_fully_defined():
        raise bad(f"Shape {shape_words(whole)} is not fully defined")
    sizes = [int(d or 0) for d in whole.as_list()]
    for v in values:
        if list(v.shape) != [1, *sizes[1:]]:
            raise bad(f"update shape doesn't match: {shape_text(v.shape)}")
    rows = list(values) + [xp.zeros_like(values[0])] * (sizes[0] - len(values))
    return xp.concatenate(rows, 0)


def _joined_shape(op: Any) -> TensorShape:
    whole = TensorShape(op.attrs["shape"])
    if not whole.is_fully_defined():
        raise ValueError("shape attr must be fully defined.")
    for x in op.inputs:
        if x.shape.rank is not None and x.shape[0] not in (None, 1):
            raise ValueError("Size of first dimension must be 1.")
    return whole


# Values without inputs.


@op("Empty", "shape: int32 static -> output: dtype", attrs="dtype: type; init: bool = false", stateful=True,
    infer=lambda op: [(_empty_shape(op), op.attrs["dtype"])])
def empty(xp: Any, shape: Any, dtype: dtypes.DType, init: bool = False) -> Any:
    if np.ndim(shape) > 1:
        raise bad(f"shape must be a vector of int32, got shape {shape_text(np.shape(shape))}")
    for size in ints(shape):
        if size < 0:
            raise bad(f"Dimension {size} must be >= 0")
    return zeros_of(ints(shape), dtypes.as_dtype(dtype).np)


def _empty_shape(op: Any) -> TensorShape:
    if op.inputs[0].shape.rank not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {op.inputs[0].shape.rank}")
    return known_shape(op.inputs[0])


@op("Fact", " -> fact: string", infer=lambda op: [(unknown_shape(), dtypes.string)], host=True, dynamic=True)
def fact(xp: Any) -> Any:
    out = np.empty((), object)
    out[()] = b"0! == 1"
    return out


@op("ImmutableConst", " -> tensor: dtype", attrs="dtype: type; shape: shape; memory_region_name: string", host=True,
    infer=lambda op: [(TensorShape(op.attrs["shape"]), op.attrs["dtype"])])
def immutable_const(xp: Any, dtype: Any, shape: Any, memory_region_name: str) -> Any:
    """The numbers that a file begins with."""
    wanted, whole = dtypes.as_dtype(dtype), TensorShape(shape)
    if wanted in (dtypes.resource, dtypes.variant):
        raise bad("Resource and variant dtypes are invalid for this op.")
    if wanted == dtypes.string:
        raise errors.UnimplementedError("Sorry, DT_STRING is not currently supported for ImmutableConstOp.")
    if not whole.is_fully_defined():
        raise bad(f"Shape {shape_words(whole)} is not fully defined")
    try:
        with open(memory_region_name, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        raise errors.NotFoundError(f"{memory_region_name}; No such file or directory") from None
    size = int(whole.num_elements() or 0) * wanted.np.itemsize
    if len(content) < size:
        raise errors.InternalError(f"Readonly memory region has wrong length ({len(content)}) when allocating {size}")
    return np.frombuffer(content[:size], wanted.np).reshape([int(d or 0) for d in whole.as_list()]).copy()


@op("DeviceIndex", " -> index: int32", attrs="device_names: list(string)", stateful=True,
    infer=lambda op: [(_SCALAR, dtypes.int32)])
def device_index(xp: Any, device_names: Any) -> Any:
    """The place of the kind of device that it runs on among the names, or their number."""
    names = [n.decode() if isinstance(n, bytes) else n for n in device_names]
    return np.array(names.index("CPU") if "CPU" in names else len(names), np.int32)


op("ControlTrigger", " -> ", infer=lambda op: [])(no_op_.kernel)
op("SyncDevice", " -> ", stateful=True, infer=lambda op: [])(no_op_.kernel)


# Tensors as they are.


@op("GuaranteeConst", "input: T -> output: T", attrs="T: type", infer=unchanged, stateful=True)
def guarantee_const(xp: Any, x: Any) -> Any:
    return x


@op("ToBool", "input: T -> output: bool", attrs="T: type", infer=lambda op: [(_SCALAR, dtypes.bool)])
def to_bool(xp: Any, x: Any) -> Any:
    """What a program takes a tensor for: a scalar for whether it is zero or empty, others for whether they have elements."""
    if x.ndim:
        return xp.asarray(x.size > 0)
    if x.dtype.kind == "O":
        return np.asarray(len(x[()]) > 0)
    if x.dtype.name not in ("bool", "int8", "int16", "int32", "int64", "uint8", "float32", "float64"):
        raise bad(f"{dtypes.type_name(dtypes.from_numpy(x.dtype))} cannot be converted to a boolean")
    return xp.asarray(x != 0)


# Formats of data: which letter of one is where in another.


def _places(source: str, target: str) -> np.ndarray[Any, Any]:
    """For each letter of the source its place in the target."""
    for text, word, name in ((source, "Source", "src_format"), (target, "Destination", "dst_format")):
        if len(text) not in (4, 5):
            raise bad(f"{word} format must be of length 4 or 5, received {name} = {text}")
    if sorted(source) != sorted(target):
        raise bad(f"Destination and source format must determine a permutation, got {source} and {target}")
    return np.array([target.index(letter) for letter in source])


_FORMATS = 'T: {int32, int64} = int32; src_format: string = "NHWC"; dst_format: string = "NCHW"'


@op("DataFormatDimMap", "x: T -> y: T", attrs=_FORMATS, infer=unchanged)
def data_format_dim_map(xp: Any, x: Any, src_format: str = "NHWC", dst_format: str = "NCHW") -> Any:
    """Dimensions of one format as those of another."""
    places = _places(src_format, dst_format)
    return xp.asarray(places.astype(x.dtype))[x % len(places)]


def _letters(x: Any, source: str, target: str) -> tuple[str, str]:
    """The formats, without batch and channels where there are numbers only for the rest."""
    rank = len(source)
    if x.ndim not in (1, 2):
        raise bad(f"input must be a vector or 2D tensor, but got shape {shape_text(x.shape)}")
    if x.shape[0] not in (rank - 2, rank):
        word = "1D input must be of size" if x.ndim == 1 else "First dimension of 2D input must be of size"
        raise bad(f"{word} {rank - 2} or {rank}, but got shape {shape_text(x.shape)}")
    if x.ndim == 2 and x.shape[1] != 2:
        raise bad(f"Second dimension of 2D input must be of size 2, but got shape {shape_text(x.shape)}")
    if x.shape[0] == rank:
        return source, target
    if not {"H", "W"} <= set(source):
        raise bad("Format specifier must contain H and W for 2D case")
    kept = [letter for letter in source if letter in ("DHW" if rank == 5 else "HW")]
    return "".join(kept), "".join(letter for letter in target if letter in kept)


@op("DataFormatVecPermute", "x: T -> y: T", attrs=_FORMATS, infer=unchanged)
def data_format_vec_permute(xp: Any, x: Any, src_format: str = "NHWC", dst_format: str = "NCHW") -> Any:
    """Numbers, or pairs of them, for the dimensions of one format in the order of another."""
    _places(src_format, dst_format)
    source, target = _letters(x, src_format, dst_format)
    return x[np.array([source.index(letter) for letter in target])]


@op("Bucketize", "input: T -> output: int32", attrs="T: {int32, int64, float, double}; boundaries: list(float)",
    infer=lambda op: [(op.inputs[0].shape, dtypes.int32)])
def bucketize(xp: Any, x: Any, boundaries: Any) -> Any:
    """How many of the boundaries are not above each element."""
    bounds = np.asarray(boundaries, np.float32).reshape(-1)
    if (bounds[1:] < bounds[:-1]).any():
        raise bad("Expected sorted boundaries")
    kind = np.dtype(np.float64 if x.dtype == np.float64 else np.float32)
    return xp.searchsorted(xp.asarray(bounds.astype(kind)), x.astype(kind), side="right").astype(np.int32)
