"""Comparisons, logic, and the choice between two tensors."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape, broadcast_static, unknown_shape
from .choosing import choose
from .common import (
    NUMBERS,
    REALS,
    binary,
    broadcast,
    broadcast_pair,
    incompatible,
    reduce_to,
    same_dtype,
    same_dtypes,
    shape_text,
    unary,
    unchanged,
)


def _equality_shape(op: Any) -> TensorShape:
    if op.attrs.get("incompatible_shape_error", True):
        return broadcast(op)
    x, y = (i.shape._dims for i in op.inputs)
    if x == () or y == ():
        shape: TensorShape = op.inputs[0 if y == () else 1].shape
        return shape
    if x is None or y is None:
        return unknown_shape()
    for p, q in zip(reversed(x), reversed(y), strict=False):
        if 1 not in (p, q) and p != q:
            # The shapes may not broadcast, and then the result is a scalar.
            return unknown_shape() if p is None or q is None else TensorShape(())
    return broadcast_static(op.inputs[0].shape, op.inputs[1].shape)


_EQUALITY = "T: type; incompatible_shape_error: bool = true"


def _compare(xp: Any, function: Any, x: Any, y: Any, strict: bool, otherwise: bool) -> Any:
    if strict:
        return function(x, y)
    try:
        return function(x, y)
    except (ValueError, TypeError):
        return xp.asarray(otherwise)


@op("Equal", "x: T, y: T -> z: bool", attrs=_EQUALITY, infer=_equality_shape, explain=incompatible)
def equal_(xp: Any, x: Any, y: Any, incompatible_shape_error: bool = True) -> Any:
    return _compare(xp, xp.equal, x, y, incompatible_shape_error, False)


@op("NotEqual", "x: T, y: T -> z: bool", attrs=_EQUALITY, infer=_equality_shape, explain=incompatible)
def not_equal_(xp: Any, x: Any, y: Any, incompatible_shape_error: bool = True) -> Any:
    return _compare(xp, xp.not_equal, x, y, incompatible_shape_error, True)


def _comparison(type: str, kernel: Any, attrs: str = f"T: {{{REALS}}}", of: str = "T") -> OpDef:
    return op(type, f"x: {of}, y: {of} -> z: bool", attrs=attrs, infer=broadcast,
              explain=incompatible)(kernel).not_differentiable()


equal_.not_differentiable()
not_equal_.not_differentiable()
less_ = _comparison("Less", lambda xp, x, y: xp.less(x, y))
less_equal_ = _comparison("LessEqual", lambda xp, x, y: xp.less_equal(x, y))
greater_ = _comparison("Greater", lambda xp, x, y: xp.greater(x, y))
greater_equal_ = _comparison("GreaterEqual", lambda xp, x, y: xp.greater_equal(x, y))
and_ = _comparison("LogicalAnd", lambda xp, x, y: xp.logical_and(x, y), "", "bool")
or_ = _comparison("LogicalOr", lambda xp, x, y: xp.logical_or(x, y), "", "bool")


@op("LogicalNot", "x: bool -> y: bool", infer=unchanged)
def not_(xp: Any, x: Any) -> Any:
    return xp.logical_not(x)


not_.not_differentiable()


def _merged(op: Any) -> Any:
    return op.inputs[0].shape.merge_with(op.inputs[1].shape)


@op("ApproximateEqual", "x: T, y: T -> z: bool", attrs=f"T: {{{NUMBERS}}}; tolerance: float = 9.999999747378752e-06",
    infer=_merged)
def approximate_equal_(xp: Any, x: Any, y: Any, tolerance: float = 9.999999747378752e-06) -> Any:
    if x.shape != y.shape:
        raise errors.InvalidArgumentError(f"x and y must be of the same shape. x shape: {shape_text(x.shape)}. "
                                          f"y shape: {shape_text(y.shape)}")
    return xp.abs(x - y) < x.real.dtype.type(tolerance)


approximate_equal_.not_differentiable()


# Select.


def _select_shape(op: Any) -> TensorShape:
    condition, x, y = (i.shape for i in op.inputs)
    return broadcast_pair(broadcast_pair(condition, x), y)


def _not_broadcastable(condition: Any, x: Any, y: Any) -> None:
    try:
        np.broadcast_shapes(condition.shape, x.shape, y.shape)
    except ValueError:
        raise errors.InvalidArgumentError(
            f"condition {shape_text(condition.shape)}, then {shape_text(x.shape)}, and else {shape_text(y.shape)} must be "
            "broadcastable [Op:SelectV2]") from None


@op("SelectV2", "condition: bool, t: T, e: T -> output: T", attrs="T: type", infer=_select_shape,
    explain=_not_broadcastable)
def select_v2(xp: Any, condition: Any, x: Any, y: Any) -> Any:
    return choose(xp, condition, x, y)


def _zeros(x: Any) -> Any:
    from .creation import zeros_like
    return zeros_like(x)


@select_v2.vjp(1)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(select(op.inputs[0], dy, _zeros(dy)), op.inputs[1], dy)


@select_v2.vjp(2)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(select(op.inputs[0], _zeros(dy), dy), op.inputs[2], dy)


@op("Select", "condition: bool, t: T, e: T -> output: T", attrs="T: type", infer=lambda op: _merged_branches(op))
def select_v1(xp: Any, condition: Any, x: Any, y: Any) -> Any:
    if x.shape != y.shape:
        raise errors.InvalidArgumentError(
            f"'then' and 'else' must have the same size.  but received: {shape_text(x.shape)} vs. {shape_text(y.shape)}")
    if condition.shape != x.shape and condition.ndim:
        if condition.ndim != 1:
            raise errors.InvalidArgumentError("'cond' must be a scalar or a vector, but saw shape: "
                                              f"{shape_text(condition.shape)}")
        if not x.ndim or condition.shape[0] != x.shape[0]:
            raise errors.InvalidArgumentError(
                "Number of batches of 'then' must match size of 'cond', but saw: "
                f"{x.shape[0] if x.ndim else 0} vs. {condition.shape[0]}")
        condition = condition.reshape(condition.shape + (1,) * (x.ndim - 1))
    return choose(xp, condition, x, y)


def _merged_branches(op: Any) -> Any:
    return op.inputs[1].shape.merge_with(op.inputs[2].shape)


select_v1.vjp(1)(lambda op, dy: apply(select_v1, (op.inputs[0], dy, _zeros(dy))))
select_v1.vjp(2)(lambda op, dy: apply(select_v1, (op.inputs[0], _zeros(dy), dy)))


# The public functions.


def select(condition: Any, x: Any, y: Any, name: str | None = None) -> Any:
    """`x` where `condition` is true, else `y`; the three broadcast."""
    x, y = same_dtypes((x, y))
    return apply(select_v2, (convert_to_tensor(condition, "bool"), x, y), name=name)


def where_v1(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Any:
    """TensorFlow 1's `where`: `x` and `y` have one shape, and `condition` has it too, or is a vector that chooses rows."""
    if x is None or y is None:
        from .masking import where
        return where(condition, x, y, name)
    x, y = same_dtypes((x, y))
    return apply(select_v1, (convert_to_tensor(condition, "bool"), x, y), name=name)


def equal(x: Any, y: Any, name: str | None = None) -> Any:
    """Where `x == y`, with broadcasting."""
    return binary(equal_, x, y, name)


def not_equal(x: Any, y: Any, name: str | None = None) -> Any:
    """Where `x != y`, with broadcasting."""
    return binary(not_equal_, x, y, name)


def less(x: Any, y: Any, name: str | None = None) -> Any:
    """Where `x < y`, with broadcasting."""
    return binary(less_, x, y, name)


def less_equal(x: Any, y: Any, name: str | None = None) -> Any:
    """Where `x <= y`, with broadcasting."""
    return binary(less_equal_, x, y, name)


def greater(x: Any, y: Any, name: str | None = None) -> Any:
    """Where `x > y`, with broadcasting."""
    return binary(greater_, x, y, name)


def greater_equal(x: Any, y: Any, name: str | None = None) -> Any:
    """Where `x >= y`, with broadcasting."""
    return binary(greater_equal_, x, y, name)


def logical_and(x: Any, y: Any, name: str | None = None) -> Any:
    """Where both are true, with broadcasting."""
    return binary(and_, x, y, name)


def logical_or(x: Any, y: Any, name: str | None = None) -> Any:
    """Where at least one is true, with broadcasting."""
    return binary(or_, x, y, name)


def logical_not(x: Any, name: str | None = None) -> Any:
    """Where `x` is false."""
    return unary(not_, x, name)


def logical_xor(x: Any, y: Any, name: str | None = "LogicalXor") -> Any:
    """Where exactly one is true, with broadcasting."""
    return logical_and(logical_or(x, y), logical_not(logical_and(x, y)), name)


def approximate_equal(x: Any, y: Any, tolerance: float = 1e-05, name: str | None = None) -> Any:
    """Where `|x - y| < tolerance`; the shapes are the same."""
    return apply(approximate_equal_, same_dtype(x, y), {"tolerance": tolerance}, name)


_LENIENT = {"incompatible_shape_error": False}


def tensor_equals(x: Any, y: Any) -> Any:
    """`x == y` of tensors: False where the shapes do not broadcast."""
    return apply(equal_, same_dtype(x, y), _LENIENT)


def tensor_not_equals(x: Any, y: Any) -> Any:
    """`x != y` of tensors: True where the shapes do not broadcast."""
    return apply(not_equal_, same_dtype(x, y), _LENIENT)
