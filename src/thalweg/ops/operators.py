"""Python's operators on tensors and variables."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray

from ..core.context import ctx
from ..core.convert import match_scalar
from ..core.dispatch import _QUIET, NO_ATTRS, _reset_quiet, _set_quiet, record, wrap
from ..core.opdef import OpDef
from ..core.tensor import EagerTensor, Tensor
from ..core.variable import BaseResourceVariable, Variable
from . import arithmetic, bitwise, comparison, elementwise
from .common import match

_FLOATS = tuple(np.dtype(t) for t in (np.float16, np.float32, np.float64, np.complex64, np.complex128))
_INTEGERS = tuple(np.dtype(t) for t in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"))
_ORDERED = tuple(t for t in _FLOATS + _INTEGERS if t.kind != "c")

Function = Callable[[Any, Any], Any]


def _general(function: Function, reflected: str) -> Function:
    """An operator by its public function; what does not convert may know itself how to stand beside a tensor."""
    def operator(x: Any, y: Any) -> Any:
        try:
            return function(x, y)
        except (TypeError, ValueError):
            other = getattr(type(y), reflected, None)
            if other is None or isinstance(y, Tensor):
                raise
            try:
                out = other(y, x)
            except (TypeError, ValueError):
                out = NotImplemented
            if out is NotImplemented:
                raise
            return out
    return operator


def _fast(entry: OpDef, ufunc: Any, types: tuple[Any, ...], general: Function) -> Function:
    """The same operator for values: one call of NumPy's where both are tensors of one of `types`.

    `general` does everything else, and runs again what NumPy refused, to say why.
    """
    pairs = frozenset((t, t) for t in types)
    floats = frozenset(t for t in types if t.kind in "fc")

    def operator(x: Any, y: Any) -> Any:
        a = x._value
        if type(y) is not EagerTensor:
            kind = type(y)
            if (kind is not float or a.dtype not in floats) and (kind is not int or a.dtype not in types):
                return general(x, y)
            y = match_scalar(y, x.dtype)
            if type(y) is not EagerTensor:
                return general(x, y)
        b = y._value
        if ctx.elsewhere is not None or (a.dtype, b.dtype) not in pairs:
            return general(x, y)
        token = _set_quiet(_QUIET)
        try:
            out = ufunc(a, b)
        except ValueError:
            return general(x, y)
        finally:
            _reset_quiet(token)
        result = EagerTensor(out) if type(out) is ndarray else wrap(out)
        if ctx.tapes and entry.differentiable:
            record(entry, (x, y), NO_ATTRS, (result,))
        return result
    return operator


def _named(function: Callable[..., Any], name: str) -> Function:
    """The function as an operator, which names its nodes after itself."""
    return lambda x, y: function(x, y) if ctx.graph is None else function(x, y, name=name)


def _swapped(function: Function) -> Function:
    def operator(x: Any, y: Any) -> Any:
        return function(match(y, x.dtype) if ctx.graph is None and isinstance(x, EagerTensor) else y, x)
    return operator


def _logical(logic: Callable[..., Any], bits: Callable[..., Any]) -> Callable[..., Any]:
    """An operator that is logical for booleans and works on bits otherwise."""
    def function(x: Any, y: Any, name: str | None = None) -> Any:
        dtype = x.dtype if isinstance(x, Tensor) else y.dtype
        return logic(x, y, name) if dtype.is_bool else bits(x, y, name)
    return function


def _matmul(x: Any, y: Any, name: str | None = None) -> Any:
    from .matmul import matmul
    return matmul(x, y, name=name)


def _equals(x: Any, y: Any) -> Any:
    if y is None:
        return False
    if ctx.graph is not None and not getattr(ctx.graph, "building_function", True):
        return x is y
    return comparison.tensor_equals(x, y)


def _differs(x: Any, y: Any) -> Any:
    if y is None:
        return True
    if ctx.graph is not None and not getattr(ctx.graph, "building_function", True):
        return x is not y
    return comparison.tensor_not_equals(x, y)


def _getitem(x: Any, key: Any) -> Any:
    from .indexing import getitem
    return getitem(x, key)


_and = _logical(comparison.logical_and, bitwise.bitwise_and)
_or = _logical(comparison.logical_or, bitwise.bitwise_or)
_xor = _logical(comparison.logical_xor, bitwise.bitwise_xor)


def _invert(x: Any) -> Any:
    return comparison.logical_not(x) if x.dtype.is_bool else bitwise.invert(x)


_BINARY: dict[str, Callable[..., Any]] = {
    "add": arithmetic.add, "sub": arithmetic.subtract, "mul": arithmetic.multiply, "truediv": arithmetic.truediv,
    "div": arithmetic.truediv, "floordiv": arithmetic.floordiv, "mod": arithmetic.floormod, "pow": arithmetic.pow,
    "matmul": _matmul, "and": _and, "or": _or, "xor": _xor}

_COMPARISONS: dict[str, Function] = {
    "lt": comparison.less, "le": comparison.less_equal, "gt": comparison.greater, "ge": comparison.greater_equal}

_FAST: dict[str, tuple[OpDef, Any, tuple[Any, ...]]] = {
    "add": (arithmetic.add_v2, np.add, _FLOATS + _INTEGERS),
    "sub": (arithmetic.sub, np.subtract, _FLOATS + _INTEGERS),
    "mul": (arithmetic.mul, np.multiply, _FLOATS + _INTEGERS),
    "truediv": (arithmetic.real_div, np.true_divide, _FLOATS),
    "pow": (arithmetic.pow_, arithmetic.power, _FLOATS),
    "lt": (comparison.less_, np.less, _ORDERED),
    "le": (comparison.less_equal_, np.less_equal, _ORDERED),
    "gt": (comparison.greater_, np.greater, _ORDERED),
    "ge": (comparison.greater_equal_, np.greater_equal, _ORDERED),
    "eq": (comparison.equal_, np.equal, _FLOATS + _INTEGERS),
    "ne": (comparison.not_equal_, np.not_equal, _FLOATS + _INTEGERS)}


def _of_value(name: str, on_values: Callable[..., Any] | None) -> Callable[..., Any]:
    """A variable's operator: that of its present value."""
    def operator(self: Any, *others: Any) -> Any:
        value = self.value()
        return getattr(type(value), name)(value, *others)
    if on_values is None:
        return operator
    shortest = on_values

    def direct(self: Any, other: Any) -> Any:
        value = self.value()
        return shortest(value, other) if type(value) is EagerTensor else getattr(type(value), name)(value, other)
    return direct


def _define(name: str, operator: Callable[..., Any], on_values: Callable[..., Any] | None = None) -> None:
    dunder = f"__{name}__"
    for function in (operator, on_values):
        if function is not None:
            function.__name__ = dunder
            function.__qualname__ = f"Tensor.{dunder}"
    setattr(Tensor, dunder, operator)
    if on_values is not None:
        setattr(EagerTensor, dunder, on_values)
    setattr(Variable, dunder, _of_value(dunder, on_values))


def install() -> None:
    """Puts the operators on `Tensor`, `EagerTensor` and `Variable`."""
    for name, function in _BINARY.items():
        operator = _general(_named(function, name), f"__r{name}__")
        _define(name, operator, _fast(*_FAST[name], operator) if name in _FAST else None)
        _define(f"r{name}", _swapped(_named(function, name)))
    mirrored = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}
    for name, function in _COMPARISONS.items():
        operator = _general(function, f"__{mirrored[name]}__")
        _define(name, operator, _fast(*_FAST[name], operator))
    _define("eq", _equals, _fast(*_FAST["eq"], _equals))
    _define("ne", _differs, _fast(*_FAST["ne"], _differs))
    _define("neg", elementwise.negative)
    _define("abs", elementwise.abs)
    _define("invert", _invert)
    _define("getitem", _getitem)
    # A variable itself can be indexed; and it is never equal to None: asking is an error.
    for name, operator in (("getitem", _getitem), ("eq", lambda x, y: comparison.tensor_equals(x.value(), y)),
                           ("ne", lambda x, y: comparison.tensor_not_equals(x.value(), y))):
        setattr(Variable, f"__{name}__", operator)


_BY_ELEMENT: dict[type, dict[str, Any]] = {}
"""What the classes had in the place of comparison by identity, while that is asked for."""


def set_tensor_equality(by_element: bool) -> None:
    """Whether `==` and `!=` of tensors and variables compare elements, or whether these are the same object and hashable."""
    if by_element:
        for kind, methods in _BY_ELEMENT.items():
            for name, method in methods.items():
                setattr(kind, name, method)
        _BY_ELEMENT.clear()
    elif not _BY_ELEMENT:
        identity = {"__eq__": lambda x, y: x is y, "__ne__": lambda x, y: x is not y, "__hash__": lambda x: id(x)}
        for kind in (Tensor, EagerTensor, Variable, BaseResourceVariable):
            _BY_ELEMENT[kind] = {name: vars(kind)[name] for name in identity if name in vars(kind)}
            for name in _BY_ELEMENT[kind]:
                setattr(kind, name, identity[name])


install()
