"""Lists of tensors as values in graphs: to and from whole tensors."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape
from .creation import zeros_like
from .gathering import gather as gather_rows
from .gathering import unsorted_segment_sum
from .layout import bad
from .list_values import (
    DeviceList,
    HostList,
    ListError,
    Shape,
    compatible,
    element_shape,
    known,
    merged,
    on_device,
    register,
    words,
    zeros,
)
from .tensor_lists import (
    SHAPE_TYPE,
    dtype_attr,
    given_shape,
    handle_shape,
    length_of,
    place_of,
    rows_of,
    same_dtype,
    shape_input,
)


def _rows(handle: HostList, shape: Any, verb: str) -> np.ndarray[Any, Any]:
    """The elements as one array, zeros where nothing was set."""
    found = handle.common_shape(element_shape(shape))
    if not known(found):
        raise bad(f"Tried to {verb} list which only contains uninitialized tensors and has a non-fully-defined element_shape: "
                  f"{words(found)}" if handle.items else
                  f"Tried to {verb} elements of an empty list with non-fully-defined element_shape: {words(found)}")
    items = handle.filled(found)
    return np.stack(items) if items else zeros((0, *(found or ())), handle.element)


def _whole(tensor: Any) -> None:
    if not tensor.ndim:
        raise bad("Tensor must be at least a vector, but saw shape: []")


def _described(tensor: Any, shape: Any) -> Shape:
    """What an `element_shape` says of the rows of a tensor, which must fit it."""
    described = element_shape(shape)
    if not compatible(described, tensor.shape[1:]):
        raise bad(f"Specified a list with shape {words(described)} from a tensor with shape {words(tensor.shape[1:])}")
    return described


@op("TensorListFromTensor", "tensor: element_dtype, element_shape: shape_type static -> output_handle: variant",
    attrs=f"element_dtype: type; {SHAPE_TYPE}", infer=handle_shape)
def from_tensor(xp: Any, tensor: Any, shape: Any, shape_type: Any = None) -> Any:
    _whole(tensor)
    return HostList(rows_of(tensor), tensor.dtype, _described(tensor, shape))


@from_tensor.xla
def _(xp: Any, tensor: Any, shape: Any, shape_type: Any = None) -> Any:
    register()
    return DeviceList(xp.asarray(tensor), None, tensor.shape[0], tensor.dtype)


@op("TensorListStack", "input_handle: variant, element_shape: int32 static -> tensor: element_dtype",
    attrs="element_dtype: type; num_elements: int = -1",
    infer=lambda op: [(TensorShape([op.attrs["num_elements"] if op.attrs.get("num_elements", -1) >= 0 else None])
                       .concatenate(given_shape(op, 1)), op.attrs["element_dtype"])])
def stack(xp: Any, handle: Any, shape: Any, element_dtype: Any = None, num_elements: int = -1) -> Any:
    same_dtype(handle, element_dtype)
    if num_elements >= 0 and len(handle.items) != num_elements:
        raise bad(f"Operation expected a list with {num_elements} elements but got a list with {len(handle.items)} "
                   "elements.")
    return _rows(handle, shape, "stack")


@stack.xla
def _(xp: Any, handle: Any, shape: Any, element_dtype: Any = None, num_elements: int = -1) -> Any:
    handle = on_device(handle, xp)
    return handle.ready(xp, element_shape(shape))[:_count(handle)]


def _count(handle: DeviceList) -> int:
    """The number of elements, which must be known while the program is traced."""
    return handle.capacity if handle.length is None else int(handle.length)


@op("TensorListGather", "input_handle: variant, indices: int32, element_shape: int32 static -> values: element_dtype",
    attrs="element_dtype: type",
    infer=lambda op: [(op.inputs[1].shape.concatenate(given_shape(op, 2)), op.attrs["element_dtype"])])
def gather(xp: Any, handle: Any, indices: Any, shape: Any, element_dtype: Any = None) -> Any:
    same_dtype(handle, element_dtype)
    items = [handle.items[place_of(handle.items, i, "gather")] for i in indices.reshape(-1).tolist()]
    picked = HostList(items, handle.element, handle.element_shape)
    found = picked.common_shape(element_shape(shape))
    if not known(found):
        what = "uninitialized tensors" if items else "0-elements"
        raise bad(f"Tried to gather {what} from a list with non-fully-defined {'element_' if items else ''}shape: "
                  f"{words(found)}")
    return _rows(picked, found, "gather")


@gather.xla
def _(xp: Any, handle: Any, indices: Any, shape: Any, element_dtype: Any = None) -> Any:
    return on_device(handle, xp).ready(xp, element_shape(shape))[indices]


@op("TensorListScatterV2", "tensor: element_dtype, indices: int32, element_shape: shape_type static, num_elements: int32 "
    "static -> output_handle: variant", attrs=f"element_dtype: type; {SHAPE_TYPE}", infer=handle_shape)
def scatter(xp: Any, tensor: Any, indices: Any, shape: Any, count: Any, shape_type: Any = None) -> Any:
    _whole(tensor)
    described = _described(tensor, shape)
    places = indices.reshape(-1).tolist()
    if len(places) != len(tensor):
        raise bad(f"Invalid number of rows in input tensor. Expected: {len(places)} Actual: {len(tensor)}")
    highest = max(places, default=-1)
    if min(places, default=0) < 0:
        raise bad("Indices in TensorListScatter must all be non-negative.")
    size = int(count) if int(count) >= 0 else highest + 1
    if highest >= size:
        first = next(place for place in places if place >= size)
        raise bad(f"TensorListScatter: Trying to scatter at index {first} in list with size {size}")
    items: list[Any] = [None] * size
    for place, row in zip(places, rows_of(tensor), strict=True):
        items[place] = row
    return HostList(items, tensor.dtype, described)


@scatter.xla
def _(xp: Any, tensor: Any, indices: Any, shape: Any, count: Any, shape_type: Any = None) -> Any:
    register()
    size = int(count) if int(count) >= 0 else int(np.max(indices)) + 1
    buffer = xp.zeros((size, *tensor.shape[1:]), tensor.dtype)
    return DeviceList(buffer.at[indices].set(tensor), None, size, tensor.dtype)


@op("TensorListScatter", "tensor: element_dtype, indices: int32, element_shape: shape_type static -> output_handle: variant",
    attrs=f"element_dtype: type; {SHAPE_TYPE}", infer=handle_shape)
def scatter_all(xp: Any, tensor: Any, indices: Any, shape: Any, shape_type: Any = None) -> Any:
    return scatter.kernel(xp, tensor, indices, shape, -1)


@scatter_all.xla
def _(xp: Any, tensor: Any, indices: Any, shape: Any, shape_type: Any = None) -> Any:
    return scatter.xla_kernel(xp, tensor, indices, shape, -1)  # type: ignore[misc]


@op("TensorListScatterIntoExistingList", "input_handle: variant, tensor: element_dtype, indices: int32 -> output_handle: "
    "variant", attrs="element_dtype: type", infer=handle_shape)
def scatter_into(xp: Any, handle: Any, tensor: Any, indices: Any) -> Any:
    if handle.element != tensor.dtype:
        mine, given = (dtypes.type_name(dtypes.from_numpy(d)) for d in (handle.element, tensor.dtype))
        raise bad(f"Invalid data types; input tensor type: {given} list element_type: {mine}")
    _whole(tensor)
    places = indices.reshape(-1).tolist()
    if len(places) != len(tensor):
        raise bad(f"Expected len(indices) == tensor.shape[0], but saw: {len(places)} vs. {len(tensor)}")
    if min(places, default=0) < 0:
        raise bad("Indices in TensorListScatter must all be non-negative.")
    items = handle.items + [None] * (max(places, default=-1) + 1 - len(handle.items))
    for place, row in zip(places, rows_of(tensor), strict=True):
        items[place] = row
    return handle.like(items)


@scatter_into.xla
def _(xp: Any, handle: Any, tensor: Any, indices: Any) -> Any:
    handle = on_device(handle, xp)
    return handle.with_buffer(handle.ready(xp, tensor.shape[1:]).at[indices].set(tensor))


@op("TensorListConcatV2", "input_handle: variant, element_shape: shape_type static, leading_dims: int64 static -> tensor: "
    "element_dtype, lengths: int64", attrs=f"element_dtype: type; {SHAPE_TYPE}",
    infer=lambda op: [(TensorShape([None]).concatenate(given_shape(op, 1)[1:]) if given_shape(op, 1).rank else
                       TensorShape(None), op.attrs["element_dtype"]), (TensorShape([None]), dtypes.int64)])
def concat(xp: Any, handle: Any, shape: Any, leading: Any, element_dtype: Any = None, shape_type: Any = None) -> Any:
    same_dtype(handle, element_dtype)
    described, items = element_shape(shape), handle.items
    for i, item in enumerate(items):
        if item is not None and not item.ndim:
            raise bad(f"Concat saw a scalar shape at index {i} but requires at least vectors.")
    found = merged(described, handle.element_shape)
    first, rest = (None, None) if found is None else (found[0], found[1:])
    for item in items:
        if item is not None:
            rest = merged(rest, tuple(item.shape[1:]))
    if not known(rest):
        raise bad("All except the first dimension must be fully defined when concating an empty tensor list. element_shape: "
                  f"{words(rest)}" if not items else
                  f"Tried to concat list which only contains uninitialized tensors and has a non-fully-defined element_shape: "
                  f"{words(rest)}")
    sizes = {len(item) for item in items if item is not None}
    if first is None and len(sizes) == 1:
        first = sizes.pop()
    elif first is not None and sizes - {first}:
        merged((first, *(rest or ())), (min(sizes - {first}), *(rest or ())))
    leads, parts = np.asarray(leading).reshape(-1).tolist(), []
    for i, item in enumerate(items):
        if item is None:
            if i >= len(leads) and first is None:
                raise bad(f"List contains uninitialized tensor at index {i} but leading_dims has only {len(leads)} elements.")
            item = zeros((leads[i] if i < len(leads) else first, *(rest or ())), handle.element)
        parts.append(item)
    lengths = np.array([len(part) for part in parts], np.int64)
    return np.concatenate(parts) if parts else zeros((0, *(rest or ())), handle.element), lengths


@concat.xla
def _(xp: Any, handle: Any, shape: Any, leading: Any, element_dtype: Any = None, shape_type: Any = None) -> Any:
    handle = on_device(handle, xp)
    rows = handle.ready(xp, element_shape(shape))[:_count(handle)]
    return rows.reshape((-1, *rows.shape[2:])), np.full(rows.shape[0], rows.shape[1], np.int64)


def _rest(shape: Any) -> Any:
    """An element shape whose first size says nothing."""
    whole = TensorShape(shape)
    return np.array(-1) if not whole.rank else np.array([-1, *[-1 if d is None else d for d in whole.as_list()[1:]]])


@op("TensorListConcat", "input_handle: variant -> tensor: element_dtype, lengths: int64",
    attrs="element_dtype: type; element_shape: shape = unknown",
    infer=lambda op: [(TensorShape([None]).concatenate(TensorShape(op.attrs.get("element_shape"))[1:]) if
                       TensorShape(op.attrs.get("element_shape")).rank else TensorShape(None), op.attrs["element_dtype"]),
                      (TensorShape([None]), dtypes.int64)])
def concat_v1(xp: Any, handle: Any, element_dtype: Any = None, element_shape: Any = None) -> Any:
    return concat.kernel(xp, handle, _rest(element_shape), (), element_dtype)


@concat_v1.xla
def _(xp: Any, handle: Any, element_dtype: Any = None, element_shape: Any = None) -> Any:
    return concat.xla_kernel(xp, handle, _rest(element_shape), ())  # type: ignore[misc]


@op("TensorListConcatLists", "input_a: variant, input_b: variant -> output: variant", attrs="element_dtype: type",
    infer=handle_shape, host=True)
def concat_lists(xp: Any, a: Any, b: Any, element_dtype: Any = None) -> Any:
    """The elements of one list behind those of another."""
    for handle, word in ((a, "input_a"), (b, "input_b")):
        if handle.element != dtypes.as_dtype(element_dtype).np:
            raise bad(f"{word}[0].dtype != element_dtype.  Saw: {dtypes.type_name(dtypes.from_numpy(handle.element))} vs. "
                      f"{dtypes.type_name(dtypes.as_dtype(element_dtype))}")
    if a.element_shape != b.element_shape:
        raise bad("input_a and input_b TensorList element shapes are not identical at index 0.  Saw "
                  f"{words(a.element_shape)} vs. {words(b.element_shape)}")
    return a.like(a.items + b.items)


concat_lists.not_differentiable()


@op("TensorListSplit", "tensor: element_dtype, element_shape: shape_type static, lengths: int64 static -> output_handle: "
    "variant", attrs=f"element_dtype: type; {SHAPE_TYPE}", infer=handle_shape)
def split(xp: Any, tensor: Any, shape: Any, lengths: Any, shape_type: Any = None) -> Any:
    _whole(tensor)
    described = element_shape(shape)
    loose = described if described is None else (None, *described[1:])
    if not compatible(loose, tensor.shape):
        raise bad(f"tensor shape {words(tensor.shape)} is not compatible with element_shape {words(loose)}")
    sizes = np.asarray(lengths)
    if sizes.ndim != 1:
        raise bad(f"Expected lengths to be a vector, received shape: {words(sizes.shape)}")
    rows, start = [], 0
    for size in sizes.tolist():
        if size < 0:
            raise bad(f"Invalid value in lengths: {size}")
        if start + size > len(tensor):
            raise bad(f"Attempting to slice [{start}, {start + size}] from tensor with length {len(tensor)}")
        rows.append(tensor[start:start + size])
        start += size
    if start < len(tensor):
        raise bad(f"Unused values in tensor. Length of tensor: {len(tensor)} Values used: {start}")
    return HostList(rows, tensor.dtype, described)


@split.xla
def _(xp: Any, tensor: Any, shape: Any, lengths: Any, shape_type: Any = None) -> Any:
    sizes = np.asarray(lengths).tolist()
    if len(set(sizes)) != 1:
        raise ListError("the elements of a list differ in shape")
    register()
    return DeviceList(tensor.reshape((len(sizes), sizes[0], *tensor.shape[1:])), None, len(sizes), tensor.dtype)


@op("TensorListSplitLike", "like: variant, tensor: element_dtype -> output_handle: variant", attrs="element_dtype: type",
    infer=handle_shape)
def split_like(xp: Any, like: Any, tensor: Any) -> Any:
    """A tensor split into parts as long as the elements of a list."""
    lengths = [0 if item is None else len(item) for item in like.items]
    return split.kernel(np, tensor, -1, lengths)


@split_like.xla
def _(xp: Any, like: Any, tensor: Any) -> Any:
    count = on_device(like, xp).capacity
    return DeviceList(tensor.reshape((count, tensor.shape[0] // max(count, 1), *tensor.shape[1:])), None, count, tensor.dtype)


# Gradients.


from_tensor.vjp(0)(lambda op, d: apply(stack, (d, shape_input(op.inputs[0], True)), dtype_attr(op.inputs[0])))
stack.vjp(0)(lambda op, dy: apply(from_tensor, (dy, shape_input(dy, True))))
split.vjp(0)(lambda op, d: apply(concat, (d, -1, []), dtype_attr(op.inputs[0]))[0])
for _entry in (concat, concat_v1):
    _entry.vjp(0)(lambda op, dy, _: apply(split_like, (op.inputs[0], dy)))
split_like.vjp(1)(lambda op, d: apply(concat, (d, -1, []), dtype_attr(op.inputs[1]))[0])
for _entry in (scatter, scatter_all):
    _entry.vjp(0)(lambda op, d: apply(gather, (d, op.inputs[1], shape_input(op.inputs[0], True)), dtype_attr(op.inputs[0])))


@gather.vjp(0)
def _(op: Any, dy: Any) -> Any:
    handle, indices = op.inputs[0], op.inputs[1]
    length = apply(length_of, (handle,))
    # Scattering keeps the last of several rows for one place, so each must be the sum of them.
    sums = gather_rows(unsorted_segment_sum(dy, indices, length), indices)
    return apply(scatter, (sums, indices, shape_input(dy, True), length))


@scatter_into.gradient
def _(op: Any, d: Any) -> Any:
    _, rows, indices = op.inputs
    return [apply(scatter_into, (d, zeros_like(rows), indices)),
            apply(gather, (d, indices, shape_input(rows, True)), dtype_attr(rows)), None]
