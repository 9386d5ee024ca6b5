"""What the operations on strings share: arguments, arrays of `bytes`, loops over elements."""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

import numpy as np

from ...core import dtypes, errors
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import LISTED
from ...core.opdef import OpDef
from ...core.tensor import Tensor

_F = TypeVar("_F", bound=Callable[..., Any])
Strings = np.ndarray[Any, Any]
"""An object array whose elements are `bytes`."""


def as_strings(value: Any) -> Any:
    """An argument as a string tensor. A tensor stays as it is: the op itself looks at its dtype.

    Raises:
      TypeError: a value that is not text.
    """
    return value if isinstance(value, Tensor) else convert_to_tensor(value, dtypes.string)


def packed(values: Iterable[bytes], shape: Any) -> Strings:
    """Strings as an array of a shape."""
    found = list(values)
    out = np.empty(len(found), object)
    out[:] = found
    return out.reshape(shape)


def scalar(value: bytes) -> Strings:
    """One string as an array of shape `()`."""
    out = np.empty((), object)
    out[()] = value
    return out


def array_of(x: Any) -> np.ndarray[Any, Any]:
    """What a kernel is given as an array: within a program a string scalar may come as `bytes`."""
    if isinstance(x, np.ndarray):
        return x
    return scalar(x) if isinstance(x, bytes) else np.asarray(x)


def each(function: Callable[[Any], bytes], x: Any) -> Strings:
    """A function of one element, over an array: strings again."""
    x = array_of(x)
    return packed(map(function, x.reshape(-1).tolist()), x.shape)


def numbers(function: Callable[[Any], Any], x: Any, dtype: Any) -> np.ndarray[Any, Any]:
    """A function of one element, over an array: numbers."""
    x = array_of(x)
    return np.fromiter(map(function, x.reshape(-1).tolist()), dtype, x.size).reshape(x.shape)


def one(x: Any) -> bytes:
    """The element of a scalar."""
    found: bytes = array_of(x).reshape(-1)[0]
    return found


def name_for(name: str | None, *values: Any) -> str | None:
    """The name for an op, where some value may not have been a tensor: error messages leave the name out then."""
    if name is None and ctx.graph is None and not all(isinstance(v, Tensor) for v in values):
        return LISTED
    return name


def flat_values_too(function: _F) -> _F:
    """Lets a function of one tensor's elements take a ragged or sparse tensor, whose values it is applied to."""
    @functools.wraps(function)
    def call(input: Any, *args: Any, **kwargs: Any) -> Any:
        if hasattr(input, "flat_values"):
            return input.with_flat_values(function(input.flat_values, *args, **kwargs))
        return function(input, *args, **kwargs)
    return call  # type: ignore[return-value]


def check_word(op: OpDef, name: str, value: Any) -> str:
    """An attribute that is one of a few words.

    Raises:
      InvalidArgumentError, ValueError: in eager code and in a graph, for another word.
      TypeError: no word.
    """
    if not isinstance(value, (str, bytes)):
        raise TypeError(f"Expected string for argument '{name}' not {value!r}.")
    word = value.decode() if isinstance(value, bytes) else value
    attr = op.signature.attr(name)
    assert attr is not None
    if word not in [a.strip("'\"") for a in attr.allowed]:
        _unknown_word(op, name, word, ", ".join(attr.allowed))
    return word


def check_type(op: OpDef, name: str, dtype: Any) -> dtypes.DType:
    """A dtype for an attribute that takes some dtypes only.

    Raises:
      InvalidArgumentError, TypeError: in eager code and in a graph, for another one.
    """
    found = dtypes.as_dtype(dtype)
    attr = op.signature.attr(name)
    assert attr is not None
    if dtypes.type_name(found) not in attr.allowed:
        if ctx.graph is not None:
            allowed = ", ".join(dtypes.as_dtype(a).name for a in attr.allowed)
            raise TypeError(f"Value passed to parameter '{name}' has DataType {found.name} not in list of allowed values: "
                            f"{allowed}")
        raise errors.InvalidArgumentError(
            f"Value for attr '{name}' of {dtypes.type_name(found)} is not in the list of allowed values: "
            f"{', '.join(attr.allowed)}\n\t; NodeDef: {{{{node {op.type}}}}}; {op.describe()} [Op:{op.type}] name: ")
    return found


def only_scalars(op: Any, *positions: int) -> None:
    """For shape rules: checks that inputs have no dimensions.

    Raises:
      ValueError: one has.
    """
    for i in positions:
        rank = op.inputs[i].shape.rank
        if rank:
            raise ValueError(f"Shape must be rank 0 but is rank {rank}")


def _unknown_word(op: OpDef, name: str, value: str, known: str) -> NoReturn:
    if ctx.graph is not None:
        raise ValueError(f"Attr '{name}' of '{op.type}' Op passed string '{value}' not in: {known}.")
    raise errors.InvalidArgumentError(
        f"Value for attr '{name}' of \"{value}\" is not in the list of allowed values: {known}\n\t; NodeDef: "
        f"{{{{node {op.type}}}}}; {op.describe()} [Op:{op.type}] name: ")


def check_minimum(op: OpDef, name: str, value: Any, minimum: int) -> int:
    """An attribute that is an integer of some size.

    Raises:
      InvalidArgumentError, ValueError: in eager code and in a graph, for a smaller one.
    """
    found = int(value)
    if found < minimum:
        if ctx.graph is not None:
            raise ValueError(f"Attr '{name}' of '{op.type}' Op passed {found} less than minimum {minimum}.")
        raise errors.InvalidArgumentError(
            f"Value for attr '{name}' of {found} must be at least minimum {minimum}\n\t; NodeDef: "
            f"{{{{node {op.type}}}}}; {op.describe()} [Op:{op.type}] name: ")
    return found
