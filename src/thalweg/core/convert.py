"""Turning Python and NumPy values into tensors, by TensorFlow's rules for dtypes."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from . import dtypes
from .context import ctx
from .dimension import Dimension
from .dispatch import apply
from .opdef import get_op
from .tensor import EagerTensor, Tensor

_PLAIN = frozenset((int, float, bool, complex, str, bytes))
_TEXT = frozenset((str, bytes, np.str_, np.bytes_))
_FLOAT32 = np.dtype(np.float32)
_INT32 = np.dtype(np.int32)
_INT32_MAX = 2**31 - 1

ConversionFunction = Callable[[Any, "dtypes.DType | None", "str | None", bool], Any]
_converters: dict[type, list[tuple[int, type, ConversionFunction]]] = {}
_hooks: list[tuple[int, type, ConversionFunction]] = []


def register_tensor_conversion_function(base_type: type | tuple[type, ...], conversion_func: Callable[..., Any],
                                        priority: int = 100) -> None:
    """Registers `conversion_func(value, dtype, name, as_ref)` for objects of a type.

    Lower priorities run first. The function may return NotImplemented to pass the value on.

    Raises:
      TypeError: `base_type` is not a type, or the function is not callable.
    """
    types = base_type if isinstance(base_type, tuple) else (base_type,)
    if not all(isinstance(t, type) for t in types):
        raise TypeError(f"Argument `base_type` must be a type or a tuple of types. Obtained: {base_type}")
    if not callable(conversion_func):
        raise TypeError(f"Argument `conversion_func` must be callable. Received {conversion_func}.")
    for t in types:
        _hooks.append((priority, t, conversion_func))
    _hooks.sort(key=lambda hook: hook[0])
    _converters.clear()


def _hooks_of(kind: type) -> list[tuple[int, type, ConversionFunction]]:
    found = _converters.get(kind)
    if found is None:
        found = _converters[kind] = [hook for hook in _hooks if issubclass(kind, hook[1])]
    return found


def convert_to_tensor(value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None) -> Any:
    """A tensor with the value of a number, a (nested) list, an array, a tensor, a variable, a pandas object.

    Args:
      value: what to convert. Python ints become int32 (int64 where they need it), floats float32.
      dtype: the dtype of the result. A tensor of another dtype is an error.
      dtype_hint: a dtype to prefer where the value allows it.
      name: of the node, in a graph.

    Raises:
      TypeError: the value does not convert to `dtype`.
      ValueError: a tensor of another dtype, a ragged list, an object of a type without a conversion.
    """
    if type(value) is EagerTensor:
        if dtype is not None and value.dtype != dtypes.as_dtype(dtype):
            raise _wrong_dtype(value, dtype)
        return value
    wanted = dtypes.as_dtype(dtype) if dtype is not None else None
    if isinstance(value, Tensor):
        if wanted is not None and not wanted.is_compatible_with(value.dtype):
            raise _wrong_dtype(value, dtype)
        return value
    if wanted is None and dtype_hint is not None:
        try:
            return convert_to_tensor(value, dtype_hint, None, name)
        except (TypeError, ValueError):
            pass
    convert = getattr(value, "__tf_tensor__", None)
    if convert is not None and not isinstance(value, type):
        result = convert(wanted, name)
        if wanted is not None and result.dtype != wanted:
            raise _wrong_dtype(result, dtype)
        return result
    for _, _, function in _hooks_of(type(value)):
        result = function(value, wanted, name, False)
        if result is not NotImplemented:
            return result
    if isinstance(value, (list, tuple)) and _holds_tensors(value):
        return _pack(value, wanted, name)
    return constant_tensor(to_array(value, wanted), wanted, name)


def constant_tensor(array: np.ndarray[Any, Any], dtype: dtypes.DType | None, name: str | None = None) -> Any:
    """An eager tensor around an array, or a Const node in the graph that is being built."""
    special = dtype if dtype is not None and dtypes.from_numpy(array.dtype) is not dtype else None
    if ctx.elsewhere is not None:
        return ctx.elsewhere.constant(array, special, name)
    return EagerTensor(array, special)


def _wrong_dtype(value: Any, dtype: Any) -> ValueError:
    return ValueError(f"Tensor conversion requested dtype {dtypes.as_dtype(dtype).name} for Tensor with dtype "
                      f"{value.dtype.name}: {value!r}")


def _holds_tensors(values: Sequence[Any]) -> bool:
    """Whether a nested list has a tensor or variable in it."""
    kinds = set(map(type, values))
    if kinds <= _PLAIN:
        return False
    for kind in kinds:
        if issubclass(kind, (list, tuple)):
            if any(_holds_tensors(v) for v in values if isinstance(v, (list, tuple))):
                return True
        elif issubclass(kind, Tensor) or hasattr(kind, "__tf_tensor__"):
            return True
    return False


def _first_tensor_dtype(values: Sequence[Any]) -> dtypes.DType | None:
    for v in values:
        if isinstance(v, (list, tuple)):
            found = _first_tensor_dtype(v)
            if found is not None:
                return found
        elif isinstance(v, Tensor) or hasattr(type(v), "__tf_tensor__"):
            return v.dtype if isinstance(v.dtype, dtypes.DType) else None
    return None


def _pack(values: Sequence[Any], dtype: dtypes.DType | None, name: str | None) -> Any:
    """Stacks a nested list that holds tensors; the tensors decide the dtype."""
    if dtype is None:
        dtype = _first_tensor_dtype(values)
    parts = [convert_to_tensor(v, dtype) for v in values]
    return apply(get_op("Pack"), parts, {"axis": 0}, name or "packed")


@lru_cache(maxsize=512)
def _scalar(value: float, kind: Any, dtype: dtypes.DType) -> EagerTensor:
    array = to_array(value, dtype)
    return EagerTensor(array, None if dtypes.from_numpy(array.dtype) is dtype else dtype)


def match_scalar(value: Any, dtype: dtypes.DType) -> Any:
    """The tensor of a Python number beside a tensor of `dtype`; kept, since the same few numbers come again."""
    kind = type(value)
    if (kind is float or kind is int) and ctx.elsewhere is None and value:
        return _scalar(value, kind, dtype)  # type: ignore[arg-type]
    return convert_to_tensor(value, dtype)


def to_array(value: Any, dtype: dtypes.DType | None = None) -> np.ndarray[Any, Any]:
    """The NumPy array of a Python value or array, in TensorFlow's default dtype or in `dtype`; never shares memory.

    Raises:
      TypeError, ValueError: as `convert_to_tensor`.
    """
    kind = type(value)
    if kind is float:
        if dtype is None:
            return np.array(value, _FLOAT32)
        if dtype.is_floating or dtype.is_complex:
            return np.array(value).astype(dtype.np)
    elif kind is int:
        return _int_array(value, dtype)
    elif kind is np.ndarray:
        return _from_numpy(value, dtype)
    elif isinstance(value, np.generic):
        return _from_numpy(np.asarray(value), dtype)
    return _general_array(value, dtype)


def _int_array(value: int, dtype: dtypes.DType | None) -> np.ndarray[Any, Any]:
    if dtype is None:
        if -_INT32_MAX <= value <= _INT32_MAX:
            return np.array(value, _INT32)
        if -2**63 <= value < 2**63:
            return np.array(value, np.int64)
        raise ValueError("Can't convert Python sequence with out-of-range integer to Tensor.")
    if dtype.is_integer:
        bits = dtype.np.itemsize * 8
        wrapped = value & ((1 << bits) - 1)
        return np.array(wrapped, f"u{bits // 8}").view(dtype.np) if dtype.np.kind in "iu" else np.array(value, dtype.np)
    if dtype.is_floating or dtype.is_complex:
        return np.array(value).astype(dtype.np)
    raise _cannot(value, dtype)


def _cannot(value: Any, dtype: dtypes.DType) -> TypeError:
    return TypeError(f"Cannot convert {value!r} to EagerTensor of dtype {dtype.name}")


def _from_numpy(value: np.ndarray[Any, Any], dtype: dtypes.DType | None) -> np.ndarray[Any, Any]:
    if value.dtype.kind in "SUO":
        return _strings(value, dtype)
    if dtype is None:
        found = dtypes.from_numpy(value.dtype)
        return np.array(value, found.np, order="C")
    if dtype is dtypes.string:
        raise ValueError(f"Failed to convert a NumPy array to a Tensor (Unsupported object type "
                         f"{type(value.ravel()[0].item()).__name__ if value.size else 'object'}).")
    return np.array(value, dtype.np, order="C")


def _strings(value: np.ndarray[Any, Any], dtype: dtypes.DType | None) -> np.ndarray[Any, Any]:
    """An array of text or objects as an object array of bytes."""
    if dtype is not None and dtype is not dtypes.string:
        if value.dtype.kind == "O" and dtype.is_numpy_compatible:
            return value.astype(dtype.np)
        raise _cannot(value.tolist(), dtype)
    out = np.empty(value.shape, object)
    flat = out.reshape(-1)
    for i, item in enumerate(value.reshape(-1).tolist()):
        if isinstance(item, str):
            item = item.encode()
        elif not isinstance(item, bytes):
            raise ValueError("Failed to convert a NumPy array to a Tensor (Unsupported object type "
                             f"{type(item).__name__}).")
        flat[i] = item
    return out


def _leaf_kinds(values: Sequence[Any], kinds: set[type]) -> None:
    """Collects the types of the leaves of a nested list."""
    here = set(map(type, values))
    for kind in here:
        if issubclass(kind, (list, tuple, range)):
            for v in values:
                if isinstance(v, (list, tuple, range)):
                    _leaf_kinds(v, kinds)
        else:
            kinds.add(kind)


def _first_leaf(value: Any) -> Any:
    while isinstance(value, (list, tuple, range)):
        if not len(value):
            return None
        value = value[0]
    return value


_MIXED = "Can't convert Python sequence with mixed types to Tensor."
_RAGGED = "Can't convert non-rectangular Python sequence to Tensor."


def _general_array(value: Any, dtype: dtypes.DType | None) -> np.ndarray[Any, Any]:
    """Lists, text, booleans, complex numbers, and objects that know how to be an array."""
    if isinstance(value, (list, tuple, range)):
        return _list_array(value, dtype)
    if isinstance(value, (str, bytes)):
        if dtype is not None and dtype is not dtypes.string:
            raise _cannot(value, dtype)
        out = np.empty((), object)
        out[()] = value.encode() if isinstance(value, str) else bytes(value)
        return out
    if isinstance(value, bool):
        return np.array(value, dtype.np if dtype is not None and dtype is not dtypes.string else np.bool_)
    if isinstance(value, (float, int)):
        # A float for an integer dtype, or a subclass of int or float such as an enumeration's member.
        if dtype is None or isinstance(value, int):
            return to_array(int(value) if isinstance(value, int) else float(value), dtype)
        raise _cannot(value, dtype)
    if isinstance(value, Dimension):
        return to_array(_size(value, dtype), dtype)
    if isinstance(value, complex):
        if dtype is not None and not dtype.is_complex:
            raise _cannot(value, dtype)
        return np.array(value, dtype.np if dtype is not None else np.complex128)
    if hasattr(value, "__array__") or hasattr(value, "__array_interface__"):
        return _from_numpy(np.asarray(value), dtype)
    if hasattr(value, "__dlpack__"):
        return _from_numpy(np.from_dlpack(value), dtype)
    raise _unsupported(value)


def _size(dimension: Dimension, dtype: dtypes.DType | None) -> int:
    """The size that a `Dimension` knows."""
    if dimension.value is None:
        raise ValueError(f"Cannot convert unknown Dimension {dimension} to a Tensor.")
    if dtype is not None and dtype not in (dtypes.int32, dtypes.int64):
        raise TypeError(f"Cannot convert Dimension {dimension} to dtype {dtype!r}. Allowed dtypes are tf.int32 and tf.int64.")
    return dimension.value


def _with_sizes(value: Any) -> Any:
    """A nested list with the sizes in the place of `Dimension`s."""
    if isinstance(value, (list, tuple)):
        return [_with_sizes(v) for v in value]
    return _size(value, None) if isinstance(value, Dimension) else value


def _unsupported(value: Any) -> ValueError:
    return ValueError(f"Attempt to convert a value ({value!r}) with an unsupported type ({type(value)}) to a Tensor.")


def _list_array(value: Sequence[Any], dtype: dtypes.DType | None) -> np.ndarray[Any, Any]:
    kinds: set[type] = set()
    _leaf_kinds(value, kinds)
    if Dimension in kinds:
        return _list_array(_with_sizes(value), dtype)
    first = _first_leaf(value)
    if not kinds <= _PLAIN and any(hasattr(k, "__array__") for k in kinds if not issubclass(k, np.generic)):
        return _from_numpy(_numpy_of(value), dtype)
    if kinds & _TEXT:
        if not kinds <= _TEXT:
            raise ValueError(_MIXED)
        if dtype is not None and dtype is not dtypes.string:
            raise _cannot(value, dtype)
        return _strings(_numpy_of(value, object), dtype)
    for kind in kinds:
        if not issubclass(kind, (int, float, complex, np.generic)):
            if isinstance(first, kind) or first is None:
                raise _unsupported(first)
            raise ValueError(_MIXED)
    array = _numpy_of(value)
    if kinds and kinds <= {int} and array.dtype.kind in "fO":
        array = _wide_integers(value, dtype)
    if array.dtype.kind == "c" and not isinstance(first, (complex, np.complexfloating)) and dtype is not dtypes.complex128:
        raise ValueError(_MIXED)
    if dtype is None:
        return array.astype(_default_dtype(kinds, first, array), copy=False)
    source = array.dtype.kind
    fits = {"b": "biufc", "i": "iufcV", "u": "iufcV", "f": "fcV", "c": "c", "O": "iufcV"}.get(source, "")
    if array.size and dtype.np.kind not in fits:
        raise _cannot(value, dtype)
    return array.astype(dtype.np)


def _wide_integers(value: Sequence[Any], dtype: dtypes.DType | None) -> np.ndarray[Any, Any]:
    """Integers that no signed type holds, which NumPy by itself makes floats or objects."""
    try:
        return np.array(value, np.uint64) if dtype is not None else np.array(value, np.int64)
    except OverflowError:
        raise ValueError("Can't convert Python sequence with out-of-range integer to Tensor.") from None


def _default_dtype(kinds: set[type], first: Any, array: np.ndarray[Any, Any]) -> Any:
    """TensorFlow's choice for a list of numbers: the widest Python kind, led by the first element."""
    if not array.size:
        return _FLOAT32
    if array.dtype.kind == "O":
        raise ValueError("Can't convert Python sequence with out-of-range integer to Tensor.")
    bools = {k for k in kinds if issubclass(k, (bool, np.bool_))}
    if bools and isinstance(first, (bool, np.bool_)) and bools != kinds:
        raise ValueError(_MIXED)
    if array.dtype.kind == "f":
        wide = any(issubclass(k, np.floating) for k in kinds)
        return np.dtype(array.dtype) if wide else _FLOAT32
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8:
        small = int(array.min()) >= -_INT32_MAX - 1 and int(array.max()) <= _INT32_MAX
        return _INT32 if small else np.dtype(np.int64)
    return np.dtype(array.dtype)


def _numpy_of(value: Sequence[Any], dtype: Any = None) -> np.ndarray[Any, Any]:
    try:
        array = np.array(value, dtype)
    except (ValueError, TypeError) as error:
        if "inhomogeneous" in str(error):
            raise ValueError(_RAGGED) from None
        raise ValueError(_MIXED) from error
    if dtype is object and any(isinstance(v, (list, tuple)) for v in array.reshape(-1).tolist()):
        raise ValueError(_RAGGED)
    return array

