"""Keras-wide settings: the default float dtype, the fuzz factor and the image layout."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .._lazy import attach
from .types import Tensor, TensorLike

_FLOAT_TYPES = ("bfloat16", "float16", "float32", "float64")
_TYPES = frozenset((
    *_FLOAT_TYPES, "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "bool", "string",
    "float8_e4m3fn", "float8_e5m2", "complex64", "complex128",
))  # fmt: skip
_PYTHON_TYPES = {bool: "bool", int: "int64", float: "float32", str: "string", complex: "complex128", "int": "int64"}

_floatx = "float32"
_epsilon = 1e-7
_image_data_format = "channels_last"


def floatx() -> str:
    """The name of the dtype that layers, losses and metrics use where none is given."""
    return _floatx


def set_floatx(value: str) -> None:
    """Sets the default float dtype: `"bfloat16"`, `"float16"`, `"float32"` or `"float64"`.

    Raises:
      ValueError: for any other value.
    """
    global _floatx
    if value not in _FLOAT_TYPES:
        raise ValueError(f"Unknown `floatx` value: {value}. Expected one of {set(_FLOAT_TYPES)}")
    _floatx = str(value)


def epsilon() -> float:
    """The small number that keeps divisions and logarithms finite."""
    return _epsilon


def set_epsilon(value: float) -> None:
    """Sets the number that `epsilon` returns."""
    global _epsilon
    _epsilon = value


def image_data_format() -> str:
    """`"channels_last"` or `"channels_first"`."""
    return _image_data_format


def set_image_data_format(data_format: str) -> None:
    """Sets the default layout of images.

    Raises:
      ValueError: for anything but the two layouts.
    """
    global _image_data_format
    _image_data_format = standardize_data_format(data_format)


def standardize_data_format(data_format: str | None) -> str:
    """The layout in lower case; the default one for None.

    Raises:
      ValueError: for anything but the two layouts.
    """
    if data_format is None:
        return _image_data_format
    name = str(data_format).lower()
    if name not in ("channels_first", "channels_last"):
        raise ValueError("The `data_format` argument must be one of {'channels_first', 'channels_last'}. "
                         f"Received: data_format={data_format}")
    return name


def standardize_dtype(dtype: Any = None) -> str:
    """The name of a dtype given as a name, a DType, a NumPy dtype, a Python type, or a dtype policy; floatx for None.

    Raises:
      ValueError: for anything that Keras has no dtype for.
    """
    if dtype is None:
        return _floatx
    if type(dtype) is str and dtype in _TYPES:
        return dtype
    policy_dtype = getattr(dtype, "compute_dtype", None)
    if policy_dtype is not None:
        return standardize_dtype(policy_dtype)
    try:
        dtype = _PYTHON_TYPES.get(dtype, dtype)
    except TypeError:
        pass
    name = getattr(dtype, "name", None) or getattr(dtype, "__name__", None) or dtype
    if not isinstance(name, str) or name not in _TYPES:
        raise ValueError(f"Invalid dtype: {name}")
    return name


def as_tensor(x: TensorLike, dtype: Any = None) -> Tensor:
    """`x` as a tensor; cast where it is a tensor of another dtype than `dtype` (a DType).

    A tensor that needs no cast is returned itself. Numbers go to integer and boolean dtypes through a cast.
    """
    if tf.is_tensor(x):
        return x if dtype is None or x.dtype == dtype else tf.cast(x, dtype)
    if dtype is None:
        return tf.convert_to_tensor(x)
    if dtype.is_floating or dtype.is_complex:
        return tf.convert_to_tensor(x, dtype=dtype)
    return tf.cast(tf.convert_to_tensor(x), dtype)


# The settings that live beside what they are about, under the names of `keras.config`.
__getattr__, __dir__ = attach(__name__, {
    "keras.backend": "backend",
    "keras.dtype_policies": "dtype_policy set_dtype_policy",
    "keras.symbolic.calls": "disable_traceback_filtering enable_traceback_filtering is_traceback_filtering_enabled",
    "keras.utils.io": "disable_interactive_logging enable_interactive_logging is_interactive_logging_enabled",
})
