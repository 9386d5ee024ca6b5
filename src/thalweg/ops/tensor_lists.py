"""Lists of tensors as values in graphs: what a TensorArray is made of."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape
from ..core.tensor import Tensor
from .creation import shape as shape_tensor
from .list_values import DeviceList, HostList, ListError, element_shape, merged, on_device, register

_HANDLE = [(TensorShape([]), dtypes.variant)]
_SHAPE_TYPE = "shape_type: {int32, int64} = int32"


def _handle(op: Any) -> Any:
    """The shape rule of an op that returns a list."""
    return _HANDLE


def _length(op: Any) -> Any:
    return [(TensorShape([]), dtypes.int32)]


def _given_shape(op: Any, position: int) -> TensorShape:
    value = op.inputs[position].value
    if value is None:
        return TensorShape(None)
    known = element_shape(value)
    return TensorShape(None) if known is None else TensorShape(list(known))


def _bad(text: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(text)


def _place(items: list[Any], index: Any, verb: str) -> int:
    place = int(index)
    if not 0 <= place < len(items):
        raise _bad(f"Trying to {verb} element {place} in a list with {len(items)} elements.")
    return place


def _same_dtype(handle: HostList, dtype: Any) -> None:
    if handle.element != dtype:
        mine, given = (dtypes.type_name(dtypes.from_numpy(d)) for d in (handle.element, dtype))
        raise _bad(f"Invalid data types; op elements {given} but list elements {mine}")


def _zeros(handle: HostList, shape: Any) -> np.ndarray[Any, Any]:
    known = handle.known_shape(element_shape(shape))
    if known is None or None in known:
        shown = "<unknown>" if known is None else "[" + ",".join("?" if d is None else str(d) for d in known) + "]"
        raise _bad(f"Trying to read an uninitialized tensor but element_shape is not fully defined. shape: {shown}")
    return np.zeros(known, handle.element)  # type: ignore[arg-type]


def _filled(handle: HostList, shape: Any, verb: str) -> list[Any]:
    try:
        return handle.filled(element_shape(shape))
    except ValueError:
        known = merged(handle.element_shape, element_shape(shape))
        shown = "<unknown>" if known is None else "[" + ",".join("?" if d is None else str(d) for d in known) + "]"
        raise _bad(f"Tried to {verb} list which only contains uninitialized tensors and has a non-fully-defined element "
                   f"shape: {shown}") from None


def _fits(items: list[Any]) -> None:
    first = items[0].shape if items else ()
    for item in items:
        if item.shape != first:
            raise _bad(f"Tried to stack elements of a list with different shapes: {list(first)} vs. {list(item.shape)}")


def _rows(tensor: np.ndarray[Any, Any]) -> list[Any]:
    """The slices along the first axis, each an array even where it is a scalar."""
    return [tensor[i, ...] for i in range(len(tensor))]


# Making lists.


@op("TensorListReserve", "element_shape: shape_type static, num_elements: int32 static -> handle: variant",
    attrs=f"element_dtype: type; {_SHAPE_TYPE}", infer=_handle)
def reserve(xp: Any, shape: Any, count: Any, element_dtype: Any, shape_type: Any = None) -> Any:
    if int(count) < 0:
        raise _bad(f"The num_elements to reserve must be a non negative number, but got {int(count)}")
    return HostList([None] * int(count), element_dtype.np, element_shape(shape))


@op("EmptyTensorList", "element_shape: shape_type static, max_num_elements: int32 static -> handle: variant",
    attrs=f"element_dtype: type; {_SHAPE_TYPE}", infer=_handle)
def empty(xp: Any, shape: Any, count: Any, element_dtype: Any, shape_type: Any = None) -> Any:
    return HostList([], element_dtype.np, element_shape(shape), int(count) if int(count) >= 0 else None)


@op("TensorListFromTensor", "tensor: element_dtype, element_shape: shape_type static -> output_handle: variant",
    attrs=f"element_dtype: type; {_SHAPE_TYPE}", infer=_handle)
def from_tensor(xp: Any, tensor: Any, shape: Any, shape_type: Any = None) -> Any:
    if not tensor.ndim:
        raise _bad("Tensor must be at least a vector, but saw shape: []")
    return HostList(_rows(tensor), tensor.dtype, tensor.shape[1:])


@from_tensor.xla
def _(xp: Any, tensor: Any, shape: Any, shape_type: Any = None) -> Any:
    register()
    return DeviceList(xp.asarray(tensor), None, tensor.shape[0], tensor.dtype)


@op("TensorListZeros", "input_handle: variant -> output_handle: variant", infer=_handle)
def zeros_of(xp: Any, handle: Any) -> Any:
    """A list of as many elements, all zero."""
    return HostList([None] * len(handle.items), handle.element, handle.known_shape(), handle.capacity)


@zeros_of.xla
def _(xp: Any, handle: Any) -> Any:
    handle = on_device(handle, xp)
    return handle if handle.buffer is None else handle.with_buffer(xp.zeros_like(handle.buffer))


# Elements.


@op("TensorListSetItem", "input_handle: variant, index: int32, item: element_dtype -> output_handle: variant",
    attrs="element_dtype: type; resize_if_index_out_of_bounds: bool = false", infer=_handle)
def set_item(xp: Any, handle: Any, index: Any, item: Any, resize_if_index_out_of_bounds: bool = False) -> Any:
    _same_dtype(handle, item.dtype)
    if resize_if_index_out_of_bounds and int(index) >= len(handle.items):
        handle = handle.like(handle.items + [None] * (int(index) + 1 - len(handle.items)))
    known = handle.element_shape
    if known is not None and (len(known) != item.ndim or any(d not in (None, n) for d, n in zip(known, item.shape,
                                                                                             strict=True))):
        shown = "[" + ",".join("?" if d is None else str(d) for d in known) + "]"
        raise _bad(f"Tried to set a tensor with incompatible shape at a list index. Item element shape: "
                   f"[{','.join(map(str, item.shape))}] list shape: {shown}")
    return handle.set(_place(handle.items, index, "modify"), np.asarray(item))


@set_item.xla
def _(xp: Any, handle: Any, index: Any, item: Any, resize_if_index_out_of_bounds: bool = False) -> Any:
    handle = on_device(handle, xp)
    return handle.with_buffer(handle.ready(xp, item.shape).at[index].set(item))


@op("TensorListGetItem", "input_handle: variant, index: int32, element_shape: Tshape static -> item: element_dtype",
    attrs="element_dtype: type; Tshape: {int32, int64} = int32",
    infer=lambda op: [(_given_shape(op, 2), op.attrs["element_dtype"])])
def get_item(xp: Any, handle: Any, index: Any, shape: Any, element_dtype: Any = None, Tshape: Any = None) -> Any:
    item = handle.items[_place(handle.items, index, "access")]
    return _zeros(handle, shape) if item is None else item


@get_item.xla
def _(xp: Any, handle: Any, index: Any, shape: Any, element_dtype: Any = None, Tshape: Any = None) -> Any:
    return on_device(handle, xp).ready(xp, element_shape(shape))[index]


@op("TensorListAddItem", "input_handle: variant, index: int32, item: element_dtype -> output_handle: variant",
    attrs="element_dtype: type", infer=_handle)
def add_item(xp: Any, handle: Any, index: Any, item: Any) -> Any:
    """A list with something added to one of its elements."""
    place = _place(handle.items, index, "modify")
    present = handle.items[place]
    return handle.set(place, np.asarray(item if present is None else present + item))


@add_item.xla
def _(xp: Any, handle: Any, index: Any, item: Any) -> Any:
    handle = on_device(handle, xp)
    return handle.with_buffer(handle.ready(xp, item.shape).at[index].add(item))


@op("TensorListAdd", "a: variant, b: variant -> output_handle: variant", infer=_handle)
def add_lists(xp: Any, a: Any, b: Any) -> Any:
    """The sum of two lists, element by element."""
    return a + b


@add_lists.xla
def _(xp: Any, a: Any, b: Any) -> Any:
    a, b = on_device(a, xp), on_device(b, xp)
    if a.buffer is None or b.buffer is None:
        return b if a.buffer is None else a
    return a.with_buffer(a.buffer + b.buffer)


@op("TensorListPushBack", "input_handle: variant, tensor: element_dtype -> output_handle: variant",
    attrs="element_dtype: type", infer=_handle)
def push_back(xp: Any, handle: Any, tensor: Any) -> Any:
    _same_dtype(handle, tensor.dtype)
    if handle.capacity is not None and len(handle.items) >= handle.capacity:
        raise _bad(f"Tried to push item into a full list list size: {len(handle.items)} max_num_elements: "
                   f"{handle.capacity}")
    return handle.push(np.asarray(tensor))


@push_back.xla
def _(xp: Any, handle: Any, tensor: Any) -> Any:
    handle = on_device(handle, xp, True)
    made = handle.with_buffer(handle.ready(xp, tensor.shape).at[handle.length].set(tensor))
    made.length = handle.length + np.int32(1)
    return made


@op("TensorListPopBack", "input_handle: variant, element_shape: int32 static -> output_handle: variant, tensor: "
    "element_dtype", attrs="element_dtype: type",
    infer=lambda op: [*_HANDLE, (_given_shape(op, 1), op.attrs["element_dtype"])])
def pop_back(xp: Any, handle: Any, shape: Any, element_dtype: Any = None) -> Any:
    if not handle.items:
        raise _bad("Trying to pop from an empty list.")
    rest, item = handle.pop()
    return rest, _zeros(handle, shape) if item is None else item


@pop_back.xla
def _(xp: Any, handle: Any, shape: Any, element_dtype: Any = None) -> Any:
    handle = on_device(handle, xp, True)
    buffer = handle.ready(xp, element_shape(shape))
    made = handle.with_buffer(buffer)
    made.length = handle.length - np.int32(1)
    return made, buffer[made.length]


@op("TensorListLength", "input_handle: variant -> length: int32", infer=_length)
def length_of(xp: Any, handle: Any) -> Any:
    return np.array(len(handle.items), np.int32)


@length_of.xla
def _(xp: Any, handle: Any) -> Any:
    if isinstance(handle, HostList):
        return length_of.kernel(np, handle)
    return np.array(handle.capacity, np.int32) if handle.length is None else handle.length


@op("TensorListResize", "input_handle: variant, size: int32 static -> output_handle: variant", infer=_handle)
def resize(xp: Any, handle: Any, size: Any) -> Any:
    count = int(size)
    return handle.like(handle.items[:count] + [None] * (count - len(handle.items)))


@resize.xla
def _(xp: Any, handle: Any, size: Any) -> Any:
    handle, count = on_device(handle, xp), int(size)
    made = DeviceList(handle.buffer, None, count, handle.element)
    if handle.buffer is not None:
        part = handle.buffer[:count]
        made.buffer = xp.concatenate([part, xp.zeros((count - part.shape[0], *part.shape[1:]), part.dtype)])
    return made


@op("TensorListElementShape", "input_handle: variant -> element_shape: shape_type", attrs="shape_type: {int32, int64}",
    infer=lambda op: [(TensorShape(None), op.attrs["shape_type"])])
def element_shape_of(xp: Any, handle: Any, shape_type: Any) -> Any:
    shape = handle.element_shape if isinstance(handle, HostList) else \
        None if handle.buffer is None else handle.buffer.shape[1:]
    return np.array(-1 if shape is None else [-1 if d is None else d for d in shape], shape_type.np)


# Whole lists.


@op("TensorListStack", "input_handle: variant, element_shape: int32 static -> tensor: element_dtype",
    attrs="element_dtype: type; num_elements: int = -1",
    infer=lambda op: [(TensorShape([op.attrs["num_elements"] if op.attrs.get("num_elements", -1) >= 0 else None])
                       .concatenate(_given_shape(op, 1)), op.attrs["element_dtype"])])
def stack(xp: Any, handle: Any, shape: Any, element_dtype: Any = None, num_elements: int = -1) -> Any:
    if num_elements >= 0 and len(handle.items) != num_elements:
        raise _bad(f"Operation expected a list with {num_elements} elements but got a list with {len(handle.items)} "
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
    infer=lambda op: [(op.inputs[1].shape.concatenate(_given_shape(op, 2)), op.attrs["element_dtype"])])
def gather(xp: Any, handle: Any, indices: Any, shape: Any, element_dtype: Any = None) -> Any:
    items = [handle.items[_place(handle.items, i, "access")] for i in indices.tolist()]
    picked = _filled(HostList(items, handle.element, handle.known_shape()), shape, "gather")
    if not picked:
        return np.zeros((0, *(d or 0 for d in handle.known_shape(element_shape(shape)) or ())), handle.element)
    _fits(picked)
    return np.stack(picked)


@gather.xla
def _(xp: Any, handle: Any, indices: Any, shape: Any, element_dtype: Any = None) -> Any:
    return on_device(handle, xp).ready(xp, element_shape(shape))[indices]


@op("TensorListScatterV2", "tensor: element_dtype, indices: int32, element_shape: shape_type static, num_elements: int32 "
    "static -> output_handle: variant", attrs=f"element_dtype: type; {_SHAPE_TYPE}", infer=_handle)
def scatter(xp: Any, tensor: Any, indices: Any, shape: Any, count: Any, shape_type: Any = None) -> Any:
    places = indices.tolist()
    size = int(count) if int(count) >= 0 else max(places, default=-1) + 1
    items: list[Any] = [None] * size
    for place, row in zip(places, _rows(tensor), strict=True):
        place = _place(items, place, "modify")
        items[place] = row if items[place] is None else items[place] + row
    return HostList(items, tensor.dtype, tensor.shape[1:])


@scatter.xla
def _(xp: Any, tensor: Any, indices: Any, shape: Any, count: Any, shape_type: Any = None) -> Any:
    register()
    size = int(count) if int(count) >= 0 else int(np.max(indices)) + 1
    buffer = xp.zeros((size, *tensor.shape[1:]), tensor.dtype)
    return DeviceList(buffer.at[indices].add(tensor), None, size, tensor.dtype)


@op("TensorListScatterIntoExistingList", "input_handle: variant, tensor: element_dtype, indices: int32 -> output_handle: "
    "variant", attrs="element_dtype: type", infer=_handle)
def scatter_into(xp: Any, handle: Any, tensor: Any, indices: Any) -> Any:
    _same_dtype(handle, tensor.dtype)
    places = indices.tolist()
    items = handle.items + [None] * (max(places, default=-1) + 1 - len(handle.items))
    for place, row in zip(places, _rows(tensor), strict=True):
        items[_place(items, place, "modify")] = row
    return handle.like(items)


@scatter_into.xla
def _(xp: Any, handle: Any, tensor: Any, indices: Any) -> Any:
    handle = on_device(handle, xp)
    return handle.with_buffer(handle.ready(xp, tensor.shape[1:]).at[indices].set(tensor))


@op("TensorListConcatV2", "input_handle: variant, element_shape: shape_type static, leading_dims: int64 static -> tensor: "
    "element_dtype, lengths: int64", attrs=f"element_dtype: type; {_SHAPE_TYPE}",
    infer=lambda op: [(TensorShape([None]).concatenate(_given_shape(op, 1)[1:]) if _given_shape(op, 1).rank else
                       TensorShape(None), op.attrs["element_dtype"]), (TensorShape([None]), dtypes.int64)])
def concat(xp: Any, handle: Any, shape: Any, leading: Any, element_dtype: Any = None, shape_type: Any = None) -> Any:
    items = _filled(handle, shape, "concat")
    lengths = np.array([len(item) for item in items], np.int64)
    if not items:
        known = handle.known_shape(element_shape(shape)) or (0,)
        return np.zeros((0, *(d or 0 for d in known[1:])), handle.element), lengths
    if not items[0].ndim:
        raise _bad("Concat saw a scalar shape at index 0 but requires at least vectors.")
    return np.concatenate(items), lengths


@concat.xla
def _(xp: Any, handle: Any, shape: Any, leading: Any, element_dtype: Any = None, shape_type: Any = None) -> Any:
    handle = on_device(handle, xp)
    rows = handle.ready(xp, element_shape(shape))[:_count(handle)]
    return rows.reshape((-1, *rows.shape[2:])), np.full(rows.shape[0], rows.shape[1], np.int64)


@op("TensorListSplit", "tensor: element_dtype, element_shape: shape_type static, lengths: int64 static -> output_handle: "
    "variant", attrs=f"element_dtype: type; {_SHAPE_TYPE}", infer=_handle)
def split(xp: Any, tensor: Any, shape: Any, lengths: Any, shape_type: Any = None) -> Any:
    ends = np.cumsum(np.asarray(lengths)).tolist()
    if (ends[-1] if ends else 0) != len(tensor):
        raise _bad(f"The lengths sum to {ends[-1] if ends else 0}, but the first dimension of the tensor is {len(tensor)}")
    return HostList(np.split(tensor, ends[:-1]) if ends else [], tensor.dtype, (None, *tensor.shape[1:]))


@split.xla
def _(xp: Any, tensor: Any, shape: Any, lengths: Any, shape_type: Any = None) -> Any:
    sizes = np.asarray(lengths).tolist()
    if len(set(sizes)) != 1:
        raise ListError("the elements of a list differ in shape")
    register()
    return DeviceList(tensor.reshape((len(sizes), sizes[0], *tensor.shape[1:])), None, len(sizes), tensor.dtype)


@op("TensorListSplitLike", "like: variant, tensor: element_dtype -> output_handle: variant", attrs="element_dtype: type",
    infer=_handle)
def split_like(xp: Any, like: Any, tensor: Any) -> Any:
    """A tensor split into parts as long as the elements of a list."""
    lengths = [0 if item is None else len(item) for item in like.items]
    return split.kernel(np, tensor, -1, lengths)


@split_like.xla
def _(xp: Any, like: Any, tensor: Any) -> Any:
    count = on_device(like, xp).capacity
    return DeviceList(tensor.reshape((count, tensor.shape[0] // max(count, 1), *tensor.shape[1:])), None, count, tensor.dtype)


# Gradients. A list's gradient is a list.


def accumulate(total: Any, part: Any) -> Any:
    """The sum of two gradients of a list; what a part has in single elements is added to these alone."""
    node = part.op
    if node.type == "TensorListAdd":
        return accumulate(accumulate(total, node.inputs[0]), node.inputs[1])
    if node.type == "TensorListAddItem":
        return apply(add_item, (accumulate(total, node.inputs[0]), *node.inputs[1:]))
    return total if node.type == "TensorListZeros" else apply(add_lists, (total, part))


def _shape_of(x: Any, rows: bool = False) -> Any:
    """The shape of a tensor, or of its rows, as an input for a list op."""
    known = x.shape[1:] if rows else x.shape
    if known.is_fully_defined():
        return known.as_list()
    dims = shape_tensor(x)
    return dims[1:] if rows else dims


def _list_gradient(f: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda op, d, *_: f(op, d)


def _dtype_of(x: Tensor) -> dict[str, Any]:
    return {"element_dtype": x.dtype}


from_tensor.vjp(0)(lambda op, d: apply(stack, (d, _shape_of(op.inputs[0], True)), _dtype_of(op.inputs[0])))
stack.vjp(0)(lambda op, dy: apply(from_tensor, (dy, _shape_of(dy, True))))
get_item.vjp(0)(lambda op, dy: apply(add_item, (apply(zeros_of, (op.inputs[0],)), op.inputs[1], dy)))
set_item.vjp(2)(lambda op, d: apply(get_item, (d, op.inputs[1], _shape_of(op.inputs[2])), _dtype_of(op.inputs[2])))
add_item.vjp(0)(lambda op, d: d)
add_item.vjp(2)(lambda op, d: apply(get_item, (d, op.inputs[1], _shape_of(op.inputs[2])), _dtype_of(op.inputs[2])))
add_lists.vjp(0, 1)(lambda op, d: d)
resize.vjp(0)(lambda op, d: apply(resize, (d, apply(length_of, (op.inputs[0],)))))
split.vjp(0)(lambda op, d: apply(concat, (d, -1, []), _dtype_of(op.inputs[0]))[0])
concat.vjp(0)(lambda op, dy, _: apply(split_like, (op.inputs[0], dy)))
split_like.vjp(1)(lambda op, d: apply(concat, (d, -1, []), _dtype_of(op.inputs[1]))[0])
scatter.vjp(0)(lambda op, d: apply(gather, (d, op.inputs[1], _shape_of(op.inputs[0], True)), _dtype_of(op.inputs[0])))


@set_item.vjp(0)
def _(op: Any, d: Any) -> Any:
    zero = apply_zeros(op.inputs[2])
    return apply(set_item, (d, op.inputs[1], zero))


def apply_zeros(x: Any) -> Any:
    """Zeros like a tensor."""
    from .creation import zeros_like
    return zeros_like(x)


@gather.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return apply(scatter, (dy, op.inputs[1], _shape_of(dy, True), apply(length_of, (op.inputs[0],))))


@push_back.gradient
def _(op: Any, d: Any) -> Any:
    item = op.inputs[1]
    rest, dx = apply(pop_back, (d, _shape_of(item)), _dtype_of(item))
    return [rest, dx]


@pop_back.gradient
def _(op: Any, d: Any, dx: Any) -> Any:
    return [apply(push_back, (d, dx)), None]


@scatter_into.gradient
def _(op: Any, d: Any) -> Any:
    _, rows, indices = op.inputs
    return [apply(scatter_into, (d, apply_zeros(rows), indices)),
            apply(gather, (d, indices, _shape_of(rows, True)), _dtype_of(rows)), None]


for _entry in (reserve, empty, zeros_of, length_of, element_shape_of):
    _entry.not_differentiable()
