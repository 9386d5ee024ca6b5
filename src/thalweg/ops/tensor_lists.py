"""Lists of tensors as values in graphs, what a TensorArray is made of: lists and their elements."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape
from ..core.tensor import Tensor
from .creation import shape as shape_tensor
from .creation import zeros_like
from .layout import bad
from .list_values import DeviceList, HostList, compatible, element_shape, known, merged, on_device, words, zeros
from .requirements import require, require_element

_HANDLE = [(TensorShape([]), dtypes.variant)]
SHAPE_TYPE = "shape_type: {int32, int64} = int32"


def handle_shape(op: Any) -> Any:
    """The shape rule of an op that returns a list."""
    return _HANDLE


def _length_shape(op: Any) -> Any:
    return [(TensorShape([]), dtypes.int32)]


def given_shape(op: Any, position: int) -> TensorShape:
    """For a shape rule: what an `element_shape` input says."""
    value = op.inputs[position].value
    if value is None:
        return TensorShape(None)
    known = element_shape(value)
    return TensorShape(None) if known is None else TensorShape(list(known))


def place_of(items: list[Any], index: Any, verb: str) -> int:
    """An index as a Python int.

    Raises:
      InvalidArgumentError: there is no such element.
    """
    place = int(index)
    if not 0 <= place < len(items):
        raise bad(f"Trying to {verb} element {place} in a list with {len(items)} elements.")
    return place


def same_dtype(handle: HostList, dtype: Any) -> None:
    """Raises where a list has elements of another dtype; the dtype is one of NumPy's, or a DType."""
    given = getattr(dtype, "np", dtype)
    if dtype is not None and handle.element != given:
        mine, other = (dtypes.type_name(dtypes.from_numpy(np.dtype(d))) for d in (handle.element, given))
        raise bad(f"Invalid data types; op elements {other} but list elements {mine}")


def _zeros(handle: HostList, shape: Any, form: str) -> np.ndarray[Any, Any]:
    """What an element that was never set stands for; `form` is the message where nobody knows its shape."""
    found = merged(element_shape(shape), handle.element_shape)
    if not known(found):
        found = handle.common_shape(found)
    if not known(found):
        raise bad(form.format(words(found)))
    return zeros(found, handle.element)


def rows_of(tensor: np.ndarray[Any, Any]) -> list[Any]:
    """The slices along the first axis, each an array even where it is a scalar."""
    return [tensor[i, ...] for i in range(len(tensor))]


# Making lists.


@op("TensorListReserve", "element_shape: shape_type static, num_elements: int32 static -> handle: variant",
    attrs=f"element_dtype: type; {SHAPE_TYPE}", infer=handle_shape)
def reserve(xp: Any, shape: Any, count: Any, element_dtype: Any, shape_type: Any = None) -> Any:
    if int(count) < 0:
        raise bad(f"The num_elements to reserve must be a non negative number, but got {int(count)}")
    return HostList([None] * int(count), element_dtype.np, element_shape(shape))


@op("EmptyTensorList", "element_shape: shape_type static, max_num_elements: int32 static -> handle: variant",
    attrs=f"element_dtype: type; {SHAPE_TYPE}", infer=handle_shape)
def empty(xp: Any, shape: Any, count: Any, element_dtype: Any, shape_type: Any = None) -> Any:
    return HostList([], element_dtype.np, element_shape(shape), int(count) if int(count) >= 0 else None)


@op("TensorListZeros", "input_handle: variant -> output_handle: variant", infer=handle_shape)
def zeros_of(xp: Any, handle: Any) -> Any:
    """A list of as many elements, all zero."""
    return HostList([None] * len(handle.items), handle.element, handle.known_shape(), handle.capacity)


@zeros_of.xla
def _(xp: Any, handle: Any) -> Any:
    handle = on_device(handle, xp)
    return handle if handle.buffer is None else handle.with_buffer(xp.zeros_like(handle.buffer))


# Elements.


@op("TensorListSetItem", "input_handle: variant, index: int32, item: element_dtype -> output_handle: variant",
    attrs="element_dtype: type; resize_if_index_out_of_bounds: bool = false", infer=handle_shape)
def set_item(xp: Any, handle: Any, index: Any, item: Any, resize_if_index_out_of_bounds: bool = False) -> Any:
    same_dtype(handle, item.dtype)
    if resize_if_index_out_of_bounds and int(index) >= len(handle.items):
        handle = handle.like(handle.items + [None] * (int(index) + 1 - len(handle.items)))
    if not compatible(handle.element_shape, item.shape):
        raise bad(f"Tried to set a tensor with incompatible shape at a list index. Item element shape: {words(item.shape)} "
                  f"list shape: {words(handle.element_shape)}")
    return handle.set(place_of(handle.items, index, "modify"), np.asarray(item))


@set_item.xla
def _(xp: Any, handle: Any, index: Any, item: Any, resize_if_index_out_of_bounds: bool = False) -> Any:
    handle = on_device(handle, xp)
    buffer = handle.ready(xp, item.shape)
    require_element(xp, handle.length, buffer, index)
    return handle.with_buffer(buffer.at[index].set(item))


@op("TensorListGetItem", "input_handle: variant, index: int32, element_shape: Tshape static -> item: element_dtype",
    attrs="element_dtype: type; Tshape: {int32, int64} = int32",
    infer=lambda op: [(given_shape(op, 2), op.attrs["element_dtype"])])
def get_item(xp: Any, handle: Any, index: Any, shape: Any, element_dtype: Any = None, Tshape: Any = None) -> Any:
    same_dtype(handle, element_dtype)
    item = handle.items[place_of(handle.items, index, "access")]
    return _zeros(handle, shape, "Trying to read an uninitialized tensor but element_shape is not fully defined: {} and no "
                  "list element is set.") if item is None else item


@get_item.xla
def _(xp: Any, handle: Any, index: Any, shape: Any, element_dtype: Any = None, Tshape: Any = None) -> Any:
    handle = on_device(handle, xp)
    buffer = handle.ready(xp, element_shape(shape))
    require_element(xp, handle.length, buffer, index)
    return buffer[index]


@op("TensorListAddItem", "input_handle: variant, index: int32, item: element_dtype -> output_handle: variant",
    attrs="element_dtype: type", infer=handle_shape)
def add_item(xp: Any, handle: Any, index: Any, item: Any) -> Any:
    """A list with something added to one of its elements."""
    place = place_of(handle.items, index, "modify")
    present = handle.items[place]
    return handle.set(place, np.asarray(item if present is None else present + item))


@add_item.xla
def _(xp: Any, handle: Any, index: Any, item: Any) -> Any:
    handle = on_device(handle, xp)
    return handle.with_buffer(handle.ready(xp, item.shape).at[index].add(item))


@op("TensorListAdd", "a: variant, b: variant -> output_handle: variant", infer=handle_shape)
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
    attrs="element_dtype: type", infer=handle_shape)
def push_back(xp: Any, handle: Any, tensor: Any) -> Any:
    if not compatible(handle.element_shape, tensor.shape):
        raise bad("Tried to append a tensor with incompatible shape to a list. Op element shape: "
                  f"{words(tensor.shape)} list shape: {words(handle.element_shape)}")
    same_dtype(handle, tensor.dtype)
    if handle.capacity is not None and len(handle.items) >= handle.capacity:
        raise bad(f"Tried to push item into a full list list size: {len(handle.items)} max_num_elements: "
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
    infer=lambda op: [*_HANDLE, (given_shape(op, 1), op.attrs["element_dtype"])])
def pop_back(xp: Any, handle: Any, shape: Any, element_dtype: Any = None) -> Any:
    same_dtype(handle, element_dtype)
    items = handle.items
    if not items:
        raise bad("Trying to pop from an empty list.")
    zero = _zeros(handle, shape, "Trying to read an uninitialized tensor but element_shape is not fully defined.{}") \
        if items[-1] is None else None
    rest, item = handle.pop()
    return rest, zero if item is None else item


@pop_back.xla
def _(xp: Any, handle: Any, shape: Any, element_dtype: Any = None) -> Any:
    handle = on_device(handle, xp, True)
    buffer = handle.ready(xp, element_shape(shape))
    require(xp, handle.length > 0)
    made = handle.with_buffer(buffer)
    made.length = handle.length - np.int32(1)
    return made, buffer[made.length]


@op("TensorListLength", "input_handle: variant -> length: int32", infer=_length_shape)
def length_of(xp: Any, handle: Any) -> Any:
    return np.array(len(handle.items), np.int32)


@length_of.xla
def _(xp: Any, handle: Any) -> Any:
    if isinstance(handle, HostList):
        return length_of.kernel(np, handle)
    return np.array(handle.capacity, np.int32) if handle.length is None else handle.length


@op("TensorListResize", "input_handle: variant, size: int32 static -> output_handle: variant", infer=handle_shape)
def resize(xp: Any, handle: Any, size: Any) -> Any:
    count = int(size)
    if count < 0:
        raise bad(f"TensorListSlice expects size to be non-negative. Got: {count}")
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


# Gradients. A list's gradient is a list.


def accumulate(total: Any, part: Any) -> Any:
    """The sum of two gradients of a list; what a part has in single elements is added to these alone."""
    node = part.op
    if node.type == "TensorListAdd":
        return accumulate(accumulate(total, node.inputs[0]), node.inputs[1])
    if node.type == "TensorListAddItem":
        return apply(add_item, (accumulate(total, node.inputs[0]), *node.inputs[1:]))
    return total if node.type == "TensorListZeros" else apply(add_lists, (total, part))


def shape_input(x: Any, rows: bool = False) -> Any:
    """The shape of a tensor, or of its rows, as an input for a list op."""
    known = x.shape[1:] if rows else x.shape
    if known.is_fully_defined():
        return known.as_list()
    dims = shape_tensor(x)
    return dims[1:] if rows else dims


def dtype_attr(x: Tensor) -> dict[str, Any]:
    """The attribute of an op that takes elements like a tensor out of a list."""
    return {"element_dtype": x.dtype}


get_item.vjp(0)(lambda op, dy: apply(add_item, (apply(zeros_of, (op.inputs[0],)), op.inputs[1], dy)))
set_item.vjp(0)(lambda op, d: apply(set_item, (d, op.inputs[1], zeros_like(op.inputs[2]))))
set_item.vjp(2)(lambda op, d: apply(get_item, (d, op.inputs[1], shape_input(op.inputs[2])), dtype_attr(op.inputs[2])))
add_item.vjp(0)(lambda op, d: d)
add_item.vjp(2)(lambda op, d: apply(get_item, (d, op.inputs[1], shape_input(op.inputs[2])), dtype_attr(op.inputs[2])))
add_lists.vjp(0, 1)(lambda op, d: d)
resize.vjp(0)(lambda op, d: apply(resize, (d, apply(length_of, (op.inputs[0],)))))


@push_back.gradient
def _(op: Any, d: Any) -> Any:
    item = op.inputs[1]
    rest, dx = apply(pop_back, (d, shape_input(item)), dtype_attr(item))
    return [rest, dx]


@pop_back.gradient
def _(op: Any, d: Any, dx: Any) -> Any:
    return [apply(push_back, (d, dx)), None]


for _entry in (reserve, empty, zeros_of, length_of, element_shape_of):
    _entry.not_differentiable()
