"""`tf.TensorArray`: an array of tensors that is written and read one element at a time."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.shape import TensorShape, as_shape
from ..core.symbol import SymbolicTensor
from ..core.tensor import Tensor
from .eager_array import EagerArray


class TensorArray:
    """An array of tensors of one dtype, each written once as a rule. Write methods return the array after the change:
    go on with what they return.

    Args:
      dtype: of the elements.
      size: how many elements there are.
      dynamic_size: whether writing behind the end makes the array longer.
      clear_after_read: in eager code, whether an element can be read only once; True unless told otherwise.
      infer_shape: whether all elements must have one shape.
      element_shape: what is known of the elements' shape.
      tensor_array_name, handle, flow, colocate_with_first_write_call, name: of TensorFlow 1; `flow` is the value of
        another array in a graph.

    Raises:
      ValueError: in eager code, no size, or a handle.
    """

    def __init__(self, dtype: Any, size: Any = None, dynamic_size: bool | None = None, clear_after_read: bool | None = None,
                 tensor_array_name: str | None = None, handle: Any = None, flow: Any = None, infer_shape: bool = True,
                 element_shape: Any = None, colocate_with_first_write_call: bool = True, name: str | None = None) -> None:
        self._dtype = dtypes.as_dtype(dtype)
        self._dynamic_size = dynamic_size
        self._infer_shape = infer_shape
        self._element_shape = as_shape(element_shape)
        self._size = size
        self._eager: EagerArray | None = None
        symbolic = isinstance(flow, SymbolicTensor) or isinstance(size, SymbolicTensor)
        if ctx.graph is None and not symbolic:
            if handle is not None:
                raise ValueError("TensorArray handles are not supported when eager execution is enabled.")
            if size is None:
                raise ValueError("Size must be declared for TensorArrays when eager execution is enabled.")
            self._eager = EagerArray(self._dtype, int(size), bool(dynamic_size), clear_after_read is not False, infer_shape,
                                     self._element_shape)
            return
        if flow is not None:
            self._flow = flow
            return
        if size is None:
            raise ValueError("Size must be declared for TensorArrays.")
        attrs = {"element_dtype": self._dtype}
        self._flow = apply(get_op("TensorListReserve"), (_dims(self._element_shape), _static(size)), attrs,
                           name or "TensorArrayV2")

    def _as_flow(self) -> Any:
        """The contents as a tensor of the graph that is being built."""
        if self._eager is None:
            return self._flow
        items = self._eager.items
        made = TensorArray(self._dtype, len(items), self._eager.dynamic_size, infer_shape=self._infer_shape,
                           element_shape=self._eager.element_shape)
        for i, item in enumerate(items):
            made = made if item is None else made.write(i, item)
        return made._flow

    def _with_flow(self, flow: Any) -> TensorArray:
        return TensorArray(self._dtype, self._size, self._dynamic_size, flow=flow, infer_shape=self._infer_shape,
                           element_shape=self._element_shape)

    @property
    def dtype(self) -> dtypes.DType:
        """The dtype of the elements."""
        return self._dtype

    @property
    def dynamic_size(self) -> bool | None:
        """Whether the array grows."""
        return self._dynamic_size if self._eager is None else self._eager.dynamic_size

    @property
    def element_shape(self) -> TensorShape:
        """What is known of the elements' shape."""
        return self._element_shape if self._eager is None else self._eager.element_shape

    @property
    def flow(self) -> Any:
        """The tensor that stands for the array's contents in a graph."""
        return self._flow if self._eager is None else convert_to_tensor(0)

    @property
    def handle(self) -> None:
        """None: there is no handle beside the flow."""
        return None

    def identity(self) -> TensorArray:
        """The array again, as a result of its own."""
        return self if self._eager is not None else self._with_flow(apply(get_op("Identity"), (self._flow,)))

    def grad(self, source: Any, flow: Any = None, name: str | None = None) -> Any:
        """Gradients of arrays need no call: they flow through tapes and graphs.

        Raises:
          NotImplementedError: always.
        """
        mode = "TensorArray.grad is not supported when executing eagerly; eager's gradient implementation does not use/need "\
            "this function to compute gradients of operations that use TensorArrays."
        raise NotImplementedError(mode if self._eager is not None else "")

    def size(self, name: str | None = None) -> Any:
        """The number of elements, int32."""
        if self._eager is not None:
            return convert_to_tensor(len(self._eager.items))
        if not self._dynamic_size and isinstance(self._size, int):
            return convert_to_tensor(self._size)
        return apply(get_op("TensorListLength"), (self._flow,), name=name)

    def close(self, name: str | None = None) -> Any:
        """Gives up the contents, in eager code."""
        if self._eager is not None:
            self._eager.items.clear()
            return None
        return apply(get_op("NoOp"), (), name=name)

    # One element.

    def read(self, index: Any, name: str | None = None) -> Any:
        """The element at an index.

        Raises:
          OutOfRangeError: in eager code, there is no such element.
          InvalidArgumentError: it was read before, and reading clears; or, in a graph, there is no such element.
        """
        if self._eager is not None:
            return self._eager.read(_int(index))
        return apply(get_op("TensorListGetItem"), (self._flow, _index(index), _dims(self._element_shape)),
                     {"element_dtype": self._dtype}, name or "TensorArrayV2Read")

    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """The array with an element written.

        Raises:
          OutOfRangeError: in eager code, there is no such element and the array does not grow.
          ValueError: the element has another shape than others.
        """
        if self._eager is not None:
            self._eager.write(_int(index), convert_to_tensor(value, dtype_hint=self._dtype))
            return self
        value = _value(value, self._dtype)
        made = self._with_flow(apply(get_op("TensorListSetItem"), (self._flow, _index(index), value),
                                     {"resize_if_index_out_of_bounds": bool(self._dynamic_size)}, name or "TensorArrayV2Write"))
        made._element_shape = self._merged(value.shape)
        return made

    def _merged(self, shape: TensorShape) -> TensorShape:
        if not self._infer_shape:
            return self._element_shape
        if not self._element_shape.is_compatible_with(shape):
            raise ValueError(f"Inconsistent shapes: saw {shape} but expected {self._element_shape} ")
        return self._element_shape.merge_with(shape)

    # All elements.

    def stack(self, name: str | None = None) -> Any:
        """The elements as one tensor, along a new first axis."""
        if self._eager is not None:
            return self._eager.stack()
        known = -1 if self._dynamic_size or not isinstance(self._size, int) else self._size
        return apply(get_op("TensorListStack"), (self._flow, _dims(self._element_shape)),
                     {"element_dtype": self._dtype, "num_elements": known}, name or "TensorArrayV2Stack")

    def gather(self, indices: Any, name: str | None = None) -> Any:
        """The elements at some indices, along a new first axis."""
        if self._eager is not None:
            return self._eager.gather(_ints(indices))
        return apply(get_op("TensorListGather"), (self._flow, convert_to_tensor(indices, dtypes.int32),
                                                  _dims(self._element_shape)), {"element_dtype": self._dtype}, name)

    def concat(self, name: str | None = None) -> Any:
        """The elements as one tensor, along their first axis."""
        if self._eager is not None:
            return self._eager.concat()
        rank = self._element_shape.rank
        shape = TensorShape([None, *self._element_shape[1:]]) if rank else self._element_shape
        return apply(get_op("TensorListConcatV2"), (self._flow, _dims(shape), []), {"element_dtype": self._dtype}, name)[0]

    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """The array with the slices of a tensor along its first axis as elements.

        Raises:
          ValueError: more slices than elements in an array of fixed size, in eager code.
        """
        if self._eager is not None:
            self._eager.unstack(convert_to_tensor(value, dtype_hint=self._dtype))
            return self
        value = _value(value, self._dtype)
        shape = value.shape[1:] if value.shape.rank else TensorShape(None)
        merged = self._merged(shape)
        made = self._with_flow(apply(get_op("TensorListFromTensor"), (value, _dims(shape)), {}, name or "TensorArrayUnstack"))
        made._element_shape = merged
        made._size = value.shape[0] if value.shape.rank and value.shape[0] is not None else None
        return made

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> TensorArray:
        """The array with the slices of a tensor written at some indices."""
        if self._eager is not None:
            self._eager.scatter(_ints(indices), convert_to_tensor(value, dtype_hint=self._dtype))
            return self
        value = _value(value, self._dtype)
        made = self._with_flow(apply(get_op("TensorListScatterIntoExistingList"),
                                     (self._flow, value, convert_to_tensor(indices, dtypes.int32)), {}, name))
        made._element_shape = self._merged(value.shape[1:])
        return made

    def split(self, value: Any, lengths: Any, name: str | None = None) -> TensorArray:
        """The array with consecutive parts of a tensor, of the given lengths, as elements.

        Raises:
          InvalidArgumentError: the lengths do not fit.
        """
        if self._eager is not None:
            self._eager.split(convert_to_tensor(value, dtype_hint=self._dtype), _ints(lengths))
            return self
        value = _value(value, self._dtype)
        sizes = np.asarray(lengths, np.int64) if not isinstance(lengths, Tensor) else \
            apply(get_op("Cast"), (lengths,), {"DstT": dtypes.int64, "Truncate": False})
        shape = TensorShape([None, *value.shape[1:]]) if value.shape.rank else TensorShape(None)
        made = self._with_flow(apply(get_op("TensorListSplit"), (value, _dims(shape), sizes), {}, name))
        made._element_shape = self._merged(shape)
        made._size = None
        return made


def _dims(shape: TensorShape) -> Any:
    """A shape as an input of a list op."""
    return np.array(-1 if shape.rank is None else [-1 if d is None else d for d in shape.as_list()], np.int32)


def _static(size: Any) -> Any:
    return convert_to_tensor(size, dtypes.int32) if isinstance(size, Tensor) else np.array(size, np.int32)


def _index(index: Any) -> Any:
    t = convert_to_tensor(index)
    return t if t.dtype is dtypes.int32 else apply(get_op("Cast"), (t,), {"DstT": dtypes.int32, "Truncate": False})


def _value(value: Any, dtype: dtypes.DType) -> Any:
    return convert_to_tensor(value, dtype_hint=dtype)


def _int(index: Any) -> int:
    return int(index.numpy() if hasattr(index, "numpy") else index)


def _ints(indices: Any) -> list[int]:
    return [int(i) for i in np.asarray(indices.numpy() if hasattr(indices, "numpy") else indices).reshape(-1)]

