"""Checks of the arguments that columns are made with."""
from __future__ import annotations

from typing import Any

import thalweg as tf


def check_shape(shape: Any, key: Any) -> tuple[int, ...]:
    """A shape as a tuple.

    Raises:
      TypeError: a size that is no integer.
      ValueError: a size below 1.
    """
    sizes = tuple(shape) if tf.nest.is_nested(shape) else (shape,)
    for size in sizes:
        if not isinstance(size, int):
            raise TypeError(f"shape dimensions must be integer. shape: {sizes}, key: {key}")
        if size < 1:
            raise ValueError(f"shape dimensions must be greater than 0. shape: {sizes}, key: {key}")
    return sizes


def check_string_or_integer(dtype: Any, prefix: str) -> None:
    """Raises a ValueError unless the dtype is one of strings or integers."""
    if dtype != tf.string and not dtype.is_integer:
        raise ValueError(f"{prefix} dtype must be string or integer. dtype: {dtype}.")


def check_key(key: Any) -> None:
    """Raises a ValueError unless the key is a string."""
    if not isinstance(key, str):
        raise ValueError(f"key must be a string. Got: type {type(key)}. Given key: {key}.")


def check_numeric(dtype: Any, key: Any, normalizer_fn: Any) -> None:
    """Checks what all columns of numbers are given.

    Raises:
      ValueError: a dtype that is not one of numbers.
      TypeError: a normalizer that is no function.
    """
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype must be convertible to float. dtype: {dtype}, key: {key}")
    if normalizer_fn is not None and not callable(normalizer_fn):
        raise TypeError(f"normalizer_fn must be a callable. Given: {normalizer_fn}")


def check_compatible(wanted: Any, found: Any, key: str) -> None:
    """Raises a ValueError unless a feature's dtype is, as its column's, one of integers or not."""
    if wanted.is_integer != found.is_integer:
        raise ValueError(f"Column dtype and SparseTensors dtype must be compatible. key: {key}, column dtype: {wanted}, "
                         f"tensor dtype: {found}")


def checked_default(shape: tuple[int, ...], default: Any, dtype: Any, key: Any) -> Any:
    """A default value as nested tuples of a shape; None stays None.

    Raises:
      ValueError: another shape.
      TypeError: values that the dtype does not take.
    """
    if default is None:
        return None
    if isinstance(default, int) or (isinstance(default, float) and dtype.is_floating):
        return _filled(shape, default)
    if callable(getattr(default, "tolist", None)):
        default = default.tolist()
    if tf.nest.is_nested(default):
        if not _has_shape(default, shape):
            raise ValueError(f"The shape of default_value must be equal to given shape. default_value: {default}, "
                             f"shape: {shape}, key: {key}")
        flat = tf.nest.flatten(default)
        if all(isinstance(x, int) for x in flat) or (dtype.is_floating and any(isinstance(x, float) for x in flat)):
            return _as_tuple(default)
    raise TypeError(f"default_value must be compatible with dtype. default_value: {default}, dtype: {dtype}, key: {key}")


def _filled(shape: tuple[int, ...], value: Any) -> Any:
    for size in reversed(shape):
        value = (value,) * size
    return value


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(x) for x in value) if tf.nest.is_nested(value) else value


def _has_shape(value: Any, shape: tuple[int, ...]) -> bool:
    if tf.nest.is_nested(value) != bool(shape):
        return False
    return not shape or (len(value) == shape[0] and all(_has_shape(x, shape[1:]) for x in value))


def check_distinct(columns: list[Any]) -> None:
    """Raises a ValueError if two columns have one name."""
    found: dict[str, Any] = {}
    for column in columns:
        if column.name in found:
            raise ValueError(f"Duplicate feature column name found for columns: {column} and {found[column.name]}. This "
                             "usually means that these columns refer to same base feature. Either one must be discarded or "
                             "a duplicated but renamed item must be inserted in features dict.")
        found[column.name] = column
