"""Lists of tensors as values in graphs: to and from whole tensors."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape
from .creation import zeros_like
from .layout import bad
from .list_values import DeviceList, HostList, ListError, element_shape, merged, on_device, register, words
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


def _filled(handle: HostList, shape: Any, verb: str) -> list[Any]:
    try:
        return handle.filled(element_shape(shape))
    except ValueError:
        known = merged(handle.element_shape, element_shape(shape))
        raise bad(f"Tried to {verb} list which only contains uninitialized tensors and has a non-fully-defined element "
                  f"shape: {words(known)}") from None


def _fits(items: list[Any]) -> None:
    first = items[0].shape if items else ()
    for item in items:
        if item.shape != first:
            raise bad(f"Tried to stack elements of a list with different shapes: {list(first)} vs. {list(item.shape)}")


@op("TensorListFromTensor", "tensor: element_dtype, element_shape: shape_type static -> output_handle: variant",
    attrs=f"element_dtype: type; {SHAPE_TYPE}", infer=handle_shape)
def from_tensor(xp: Any, tensor: Any, shape: Any, shape_type: Any = None) -> Any:
    if not tensor.ndim:
        raise bad("Tensor must be at least a vector, but saw shape: []")
    return HostList(rows_of(tensor), tensor.dtype, tensor.shape[1:])


@from_tensor.xla
def _(xp: Any, tensor: Any, shape: Any, shape_type: Any = None) -> Any:
    register()
    return DeviceList(xp.asarray(tensor), None, tensor.shape[0], tensor.dtype)


@op("TensorListStack", "input_handle: variant, element_shape: int32 static -> tensor: element_dtype",
    attrs="element_dtype: type; num_elements: int = -1",
    infer=lambda op: [(TensorShape([op.attrs["num_elements"] if op.attrs.get("num_elements", -1) >= 0 else None])
                       .concatenate(given_shape(op, 1)), op.attrs["element_dtype"])])
def stack(xp: Any, handle: Any, shape: Any, element_dtype: Any = None, num_elements: int = -1) -> Any:
    if num_elements >= 0 and len(handle.items) != num_elements:
        raise bad(f"Operation expected a list with {num_elements} elements but got a list with {len(handle.items)} "
                   "elements.")
    items = _filled(handle, shape, "stack")
    if not items:
        known = handle.known_shape(element_shape(shape)) or ()
        return np.zeros((0, *(d or 0 for d in known)), handle.element)
    _fits(items)
    return np.stack(items)


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
    items = [handle.items[place_of(handle.items, i, "access")] for i in indices.tolist()]
    picked = _filled(HostList(items, handle.element, handle.known_shape()), shape, "gather")
    if not picked:
        return np.zeros((0, *(d or 0 for d in handle.known_shape(element_shape(shape)) or ())), handle.element)
    _fits(picked)
    return np.stack(picked)


@gather.xla
def _(xp: Any, handle: Any, indices: Any, shape: Any, element_dtype: Any = None) -> Any:
    return on_device(handle, xp).ready(xp, element_shape(shape))[indices]


@op("TensorListScatterV2", "tensor: element_dtype, indices: int32, element_shape: shape_type static, num_elements: int32 "
    "static -> output_handle: variant", attrs=f"element_dtype: type; {SHAPE_TYPE}", infer=handle_shape)
def scatter(xp: Any, tensor: Any, indices: Any, shape: Any, count: Any, shape_type: Any = None) -> Any:
    places = indices.tolist()
    size = int(count) if int(count) >= 0 else max(places, default=-1) + 1
    items: list[Any] = [None] * size
    for place, row in zip(places, rows_of(tensor), strict=True):
        place = place_of(items, place, "modify")
        items[place] = row if items[place] is None else items[place] + row
    return HostList(items, tensor.dtype, tensor.shape[1:])


@scatter.xla
def _(xp: Any, tensor: Any, indices: Any, shape: Any, count: Any, shape_type: Any = None) -> Any:
    register()
    size = int(count) if int(count) >= 0 else int(np.max(indices)) + 1
    buffer = xp.zeros((size, *tensor.shape[1:]), tensor.dtype)
    return DeviceList(buffer.at[indices].add(tensor), None, size, tensor.dtype)


@op("TensorListScatterIntoExistingList", "input_handle: variant, tensor: element_dtype, indices: int32 -> output_handle: "
    "variant", attrs="element_dtype: type", infer=handle_shape)
def scatter_into(xp: Any, handle: Any, tensor: Any, indices: Any) -> Any:
    same_dtype(handle, tensor.dtype)
    places = indices.tolist()
    items = handle.items + [None] * (max(places, default=-1) + 1 - len(handle.items))
    for place, row in zip(places, rows_of(tensor), strict=True):
        items[place_of(items, place, "modify")] = row
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
    items = _filled(handle, shape, "concat")
    lengths = np.array([len(item) for item in items], np.int64)
    if not items:
        known = handle.known_shape(element_shape(shape)) or (0,)
        return np.zeros((0, *(d or 0 for d in known[1:])), handle.element), lengths
    if not items[0].ndim:
        raise bad("Concat saw a scalar shape at index 0 but requires at least vectors.")
    return np.concatenate(items), lengths


@concat.xla
def _(xp: Any, handle: Any, shape: Any, leading: Any, element_dtype: Any = None, shape_type: Any = None) -> Any:
    handle = on_device(handle, xp)
    rows = handle.ready(xp, element_shape(shape))[:_count(handle)]
    return rows.reshape((-1, *rows.shape[2:])), np.full(rows.shape[0], rows.shape[1], np.int64)


@op("TensorListSplit", "tensor: element_dtype, element_shape: shape_type static, lengths: int64 static -> output_handle: "
    "variant", attrs=f"element_dtype: type; {SHAPE_TYPE}", infer=handle_shape)
def split(xp: Any, tensor: Any, shape: Any, lengths: Any, shape_type: Any = None) -> Any:
    ends = np.cumsum(np.asarray(lengths)).tolist()
    if (ends[-1] if ends else 0) != len(tensor):
        raise bad(f"The lengths sum to {ends[-1] if ends else 0}, but the first dimension of the tensor is {len(tensor)}")
    return HostList(np.split(tensor, ends[:-1]) if ends else [], tensor.dtype, (None, *tensor.shape[1:]))


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
concat.vjp(0)(lambda op, dy, _: apply(split_like, (op.inputs[0], dy)))
split_like.vjp(1)(lambda op, d: apply(concat, (d, -1, []), dtype_attr(op.inputs[1]))[0])
scatter.vjp(0)(lambda op, d: apply(gather, (d, op.inputs[1], shape_input(op.inputs[0], True)), dtype_attr(op.inputs[0])))


@gather.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return apply(scatter, (dy, op.inputs[1], shape_input(dy, True), apply(length_of, (op.inputs[0],))))


@scatter_into.gradient
def _(op: Any, d: Any) -> Any:
    _, rows, indices = op.inputs
    return [apply(scatter_into, (d, zeros_like(rows), indices)),
            apply(gather, (d, indices, shape_input(rows, True)), dtype_attr(rows)), None]
