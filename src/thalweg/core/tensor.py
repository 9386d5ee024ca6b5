"""Tensors: `Tensor` is the interface, `EagerTensor` a value. The operators are installed by `ops.operators`."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from . import dtypes
from .context import accelerators
from .shape import TensorShape

CPU_DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"

Array = Any
"""A NumPy array, or a device array with its interface."""


class Reference:
    """A hashable stand-in for a tensor or variable, equal where the object is the same."""

    __slots__ = ("__weakref__", "_target")

    def __init__(self, target: Any) -> None:
        self._target = target

    def deref(self) -> Any:
        """The object that this refers to."""
        return self._target

    def __hash__(self) -> int:
        return id(self._target)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and self._target is other._target

    def __repr__(self) -> str:
        return f"<Reference wrapping {self._target!r}>"


class Tensor:
    """An n-dimensional array of one dtype: the result of an operation, known now or when its graph runs."""

    __slots__ = ()
    __array_priority__ = 100

    __add__: Callable[..., Any]
    __radd__: Callable[..., Any]
    __sub__: Callable[..., Any]
    __rsub__: Callable[..., Any]
    __mul__: Callable[..., Any]
    __rmul__: Callable[..., Any]
    __truediv__: Callable[..., Any]
    __rtruediv__: Callable[..., Any]
    __floordiv__: Callable[..., Any]
    __rfloordiv__: Callable[..., Any]
    __mod__: Callable[..., Any]
    __rmod__: Callable[..., Any]
    __pow__: Callable[..., Any]
    __rpow__: Callable[..., Any]
    __matmul__: Callable[..., Any]
    __rmatmul__: Callable[..., Any]
    __and__: Callable[..., Any]
    __rand__: Callable[..., Any]
    __or__: Callable[..., Any]
    __ror__: Callable[..., Any]
    __xor__: Callable[..., Any]
    __rxor__: Callable[..., Any]
    __lt__: Callable[..., Any]
    __le__: Callable[..., Any]
    __gt__: Callable[..., Any]
    __ge__: Callable[..., Any]
    __neg__: Callable[..., Any]
    __abs__: Callable[..., Any]
    __invert__: Callable[..., Any]
    __getitem__: Callable[..., Any]

    @property
    def shape(self) -> TensorShape:
        raise NotImplementedError

    @property
    def dtype(self) -> dtypes.DType:
        raise NotImplementedError

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        rank = self.shape.rank
        if rank is None:
            raise ValueError("The rank of this tensor is not known.")
        return int(rank)

    def get_shape(self) -> TensorShape:
        """The static shape, as `shape`."""
        return self.shape

    def ref(self) -> Reference:
        """A hashable reference to this tensor, for sets and dictionary keys."""
        return Reference(self)

    def __hash__(self) -> int:
        raise TypeError("Tensor is unhashable. Instead, use tensor.ref() as the key.")


_NUMPY_NAMES = frozenset(("astype", "ravel", "transpose", "reshape", "clip", "size", "tolist", "data", "T", "max", "min",
                          "mean", "sum", "std", "argmax", "argmin", "dot", "flatten", "copy", "squeeze", "item"))


class EagerTensor(Tensor):
    """A tensor whose value is known: immutable, backed by a NumPy array or a device array."""

    __slots__ = ("__weakref__", "_dtype", "_value")

    def __init__(self, value: Array, dtype: dtypes.DType | None = None) -> None:
        self._value = value
        self._dtype = dtype

    @property
    def shape(self) -> TensorShape:
        """The static shape."""
        return TensorShape.of(self._value.shape)

    @property
    def dtype(self) -> dtypes.DType:
        """The element type."""
        dtype = self._dtype
        if dtype is None:
            dtype = self._dtype = dtypes.from_numpy(self._value.dtype)
        return dtype

    @property
    def ndim(self) -> int:
        return int(self._value.ndim)

    @property
    def device(self) -> str:
        """The full name of the device that holds the value."""
        return CPU_DEVICE

    @property
    def accelerator(self) -> Any:
        """What computes with the value where it lies, or None where that is the host's memory."""
        return None

    @property
    def backing_device(self) -> str:
        """The device that holds the memory, as `device`."""
        return self.device

    def numpy(self) -> Any:
        """A copy of the value as a NumPy array, or a NumPy scalar (`bytes` for a string) where the shape is `()`."""
        value = np.asarray(self._value)
        return value.copy() if value.ndim else value[()]

    def set_shape(self, shape: Any) -> None:
        """Checks that the shape is compatible with `shape`.

        Raises:
          ValueError: it is not.
        """
        if not self.shape.is_compatible_with(shape):
            raise ValueError(f"Tensor's shape {self.shape} is not compatible with supplied shape {TensorShape(shape)}.")

    def cpu(self) -> EagerTensor:
        """This tensor on the CPU."""
        return EagerTensor(self._value, self._dtype) if isinstance(self, DeviceTensor) else self

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """Not for values: a session evaluates tensors of a graph.

        Raises:
          NotImplementedError: always, as in TensorFlow.
        """
        raise NotImplementedError("eval is not supported when eager execution is enabled, is .numpy() what you're "
                                  "looking for?")

    def __len__(self) -> int:
        shape = self._value.shape
        if not shape:
            raise TypeError("Scalar tensor has no `len()`")
        return int(shape[0])

    def __iter__(self) -> Iterator[Any]:
        shape = self._value.shape
        if not shape:
            raise TypeError("Cannot iterate over a scalar tensor.")
        return (self[i] for i in range(shape[0]))

    def __bool__(self) -> bool:
        value = self._value
        if value.size > 1:
            raise ValueError("The truth value of an array with more than one element is ambiguous. "
                             "Use a.any() or a.all()")
        return bool(value.size) and bool(value.reshape(())[()])

    def _scalar(self) -> Any:
        if self._value.ndim:
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return np.asarray(self._value)[()]

    def __int__(self) -> int:
        return int(self._scalar())

    def __float__(self) -> float:
        return float(self._scalar())

    def __complex__(self) -> complex:
        return complex(self._scalar())

    def __index__(self) -> int:
        return int(self._scalar().__index__())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        value = np.asarray(self._value)
        if dtype is not None and value.dtype != dtype:
            return value.astype(dtype)
        if copy:
            return value.copy()
        view = value.view()
        view.flags.writeable = False
        return view

    def __dlpack__(self, **options: Any) -> Any:
        # A copy, because most consumers refuse read-only memory and could write to ours.
        return np.array(self._value).__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[Any, Any]:
        return np.asarray(self._value).__dlpack_device__()

    def __format__(self, spec: str) -> str:
        return format(self.numpy(), spec)

    def __copy__(self) -> EagerTensor:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> EagerTensor:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return EagerTensor, (np.asarray(self._value), self._dtype)

    def __getattr__(self, name: str) -> Any:
        if name in ("op", "graph", "name", "value_index", "consumers"):
            raise AttributeError(f"Tensor.{name} is undefined when eager execution is enabled.")
        if name in _NUMPY_NAMES:
            raise AttributeError(
                f"EagerTensor object has no attribute '{name}'. \n        If you are looking for numpy-related methods, "
                "please run the following:\n        tf.experimental.numpy.experimental_enable_numpy_behavior()\n      ")
        raise AttributeError(f"'{type(self).__module__}.EagerTensor' object has no attribute '{name}'")

    def __str__(self) -> str:
        return f"tf.Tensor({value_text(self, str)}, shape={self.shape}, dtype={self.dtype.name})"

    def __repr__(self) -> str:
        return f"<tf.Tensor: shape={self.shape}, dtype={self.dtype.name}, numpy={value_text(self, repr)}>"


class DeviceTensor(EagerTensor):
    """An eager tensor whose value a compiled program made: it stays where it is until somebody looks at it."""

    __slots__ = ("_device_value", "_host")

    def __init__(self, value: Array, dtype: dtypes.DType | None = None) -> None:
        self._device_value = value
        self._host: Any = None
        self._dtype = dtype

    @property
    def _value(self) -> Any:
        host = self._host
        if host is None:
            from .memory import on_host
            host = self._host = on_host(self._device_value)
        return host

    @property
    def shape(self) -> TensorShape:
        return TensorShape.of(self._device_value.shape)

    @property
    def dtype(self) -> dtypes.DType:
        dtype = self._dtype
        if dtype is None:
            dtype = self._dtype = dtypes.from_numpy(self._device_value.dtype)
        return dtype

    @property
    def ndim(self) -> int:
        return int(self._device_value.ndim)

    @property
    def device(self) -> str:
        return device_of(self._device_value)

    @property
    def accelerator(self) -> Any:
        return accelerators.get(next(iter(self._device_value.devices()))) if accelerators else None


def value_text(tensor: EagerTensor, show: Callable[[Any], str]) -> str:
    """The value as `repr` or `str` shows it, on a line of its own where it has several lines."""
    if not tensor.dtype.is_numpy_compatible:
        return "<unprintable>"
    value = np.asarray(tensor._value)
    text = show(value) if value.ndim else _scalar_text(value[()], show)
    return "\n" + text if "\n" in text else text


def _scalar_text(value: Any, show: Callable[[Any], str]) -> str:
    if isinstance(value, bytes):
        return show(value)
    return repr(value.item()) if show is repr else str(value)


def device_of(value: Any) -> str:
    """TensorFlow's full name of the device that holds a device array."""
    device = next(iter(value.devices()))
    known = accelerators.get(device)
    return known.name if known is not None else f"/job:localhost/replica:0/task:0/device:CPU:{device.id}"


def is_tensor(x: Any) -> bool:
    """Whether `x` is a tensor or something that stands for one (a variable, a composite)."""
    return isinstance(x, Tensor) or getattr(type(x), "_is_tensor_like", False)

