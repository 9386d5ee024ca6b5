"""Arguments of functions: what tells one kind of them from another, and how they fit an input signature."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import nest
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.shape import TensorShape
from ..core.symbol import SymbolicTensor
from ..core.tensor import DeviceTensor, EagerTensor, Tensor
from ..core.tensor_spec import TensorSpec
from ..core.variable import Variable
from .composites import fits, is_composite_spec


class Misfit(Exception):
    """An argument that does not fit its spec."""


def fit(spec: Any, value: Any) -> Any:
    """An argument as the tensors that a spec, or a structure of specs, asks for."""
    if isinstance(spec, TensorSpec):
        try:
            tensor = convert_to_tensor(value, None if isinstance(value, (Tensor, Variable)) else spec.dtype)
        except (TypeError, ValueError):
            raise Misfit(f"Can not cast {value!r} to {TensorSpec(spec.shape, spec.dtype)}") from None
        if not spec.is_compatible_with(tensor):
            raise Misfit(f"Can not cast {TensorSpec(tensor.shape, tensor.dtype)} to {TensorSpec(spec.shape, spec.dtype)}")
        return tensor
    if is_composite_spec(spec):
        reason = fits(spec, value)
        if reason:
            raise Misfit(reason)
        return value
    if isinstance(spec, (list, tuple)) and isinstance(value, (list, tuple)):
        return type(spec)([fit(s, v) for s, v in zip(spec, value, strict=True)])
    if isinstance(spec, dict) and isinstance(value, dict):
        return {k: fit(spec[k], v) for k, v in value.items()}
    return value


def leaf(x: Any) -> Any:
    """An argument as tracing sees it: arrays are tensors, the rest stays what it is."""
    if isinstance(x, (Tensor, Variable)):
        return x
    if isinstance(x, (np.ndarray, np.generic)):
        return convert_to_tensor(x)
    return x


def key_of(x: Any) -> Any:
    """What tells one kind of argument from another."""
    if isinstance(x, EagerTensor):
        return (x.dtype, x._value.shape)
    if isinstance(x, SymbolicTensor):
        return (x.dtype, x.shape._dims)
    if isinstance(x, Variable):
        return ("variable", id(x))
    try:
        hash(x)
    except TypeError:
        return ("object", id(x))
    return (type(x), x)


def argument(x: Any) -> Any:
    """An argument of `get_concrete_function`: a spec stands for a tensor."""
    return x.symbol() if isinstance(x, TensorSpec) else leaf(x)


def composite_key(model: Any, leaves: Sequence[Any], known: Sequence[TensorShape | None]) -> Any:
    """What tells one kind of arguments with composites from another: those count by their specs alone."""
    kinds = [key_of(x) if s is None else None for x, s in zip(leaves, known, strict=True)]
    composite = any(map(is_composite_spec, nest.flatten(model)))
    return structure_of(model, True if composite else None), tuple(kinds), ctx.device


def plain_key(args: tuple[Any, ...], flat: list[Any]) -> tuple[Any, ...] | None:
    """The dtypes and shapes of tensors, and of tuples of tensors and None, which are put into `flat`; None for other values."""
    key: list[Any] = []
    for a in args:
        kind = type(a)
        if kind is EagerTensor:
            value = a._value
        elif kind is DeviceTensor:
            value = a._device_value
        elif kind is tuple and a:
            inner = plain_key(a, flat)
            if inner is None:
                return None
            key.append(inner)
            continue
        elif a is None:
            key.append(None)
            continue
        else:
            return None
        key.append((value.dtype, value.shape))
        flat.append(a)
    return tuple(key)


def structure_of(value: Any, exact: bool | None = None) -> Any:
    """The nesting of arguments, hashable; composites count by their specs, or, unless `exact`, by the classes of these."""
    if isinstance(value, dict):
        return (type(value), *[(k, structure_of(v, exact)) for k, v in sorted(value.items(), key=lambda item: str(item[0]))])
    if isinstance(value, (list, tuple)):
        return (type(value), *[structure_of(v, exact) for v in value])
    if exact is not None and is_composite_spec(value):
        return value if exact else type(value)
    return None
