"""Products with a logarithm or a quotient that are 0 wherever their first factor is, whatever the second."""
from __future__ import annotations

from typing import Any

from ..core.opdef import OpDef, op
from .common import binary, broadcast, incompatible, reduce_to
from .comparison import not_equal
from .elementwise import cast, in_single

_TYPES = "T: {half, bfloat16, float, double, complex64, complex128}"


def _product(type: str, of: Any) -> OpDef:
    """Registers `x * of(y)`, which is 0 where `x` is."""
    def kernel(xp: Any, x: Any, y: Any) -> Any:
        return xp.where(x == 0, xp.zeros((), x.dtype), of(xp, x, y))
    return op(type, "x: T, y: T -> z: T", attrs=_TYPES, infer=broadcast, explain=incompatible)(in_single(kernel))


xlogy_ = _product("Xlogy", lambda xp, x, y: x * xp.log(y))
xlog1py_ = _product("Xlog1py", lambda xp, x, y: x * xp.log1p(y))
xdivy_ = _product("Xdivy", lambda xp, x, y: x / y)


def _present(x: Any) -> Any:
    """1 where `x` is not 0, else 0."""
    return cast(not_equal(x, x * 0), x.dtype)


def _gradients(entry: OpDef, by_x: Any, by_y: Any) -> None:
    """Registers the gradients by the derivatives, which TensorFlow does not conjugate here."""
    entry.vjp(0)(lambda op, dz: reduce_to(dz * by_x(*op.inputs), *op.inputs))
    entry.vjp(1)(lambda op, dz: reduce_to(dz * by_y(*op.inputs), *reversed(op.inputs)))


_gradients(xlogy_, lambda x, y: xlogy(_present(x), y), lambda x, y: xdivy(x, y))
_gradients(xlog1py_, lambda x, y: xlog1py(_present(x), y), lambda x, y: xdivy(x, y + 1))
_gradients(xdivy_, lambda x, y: xdivy(_present(x), y), lambda x, y: xdivy(-x, y * y))


@op("NextAfter", "x1: T, x2: T -> output: T", attrs="T: {double, float} = float", infer=broadcast,
    explain=incompatible)
def next_after(xp: Any, x: Any, towards: Any) -> Any:
    return xp.nextafter(x, towards)


@next_after.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(dy, *op.inputs)


@next_after.vjp(1)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(dy * 0, *reversed(op.inputs))


def xlogy(x: Any, y: Any, name: str | None = None) -> Any:
    """`x * log(y)`, and 0 where `x` is 0."""
    return binary(xlogy_, x, y, name)


def xlog1py(x: Any, y: Any, name: str | None = None) -> Any:
    """`x * log1p(y)`, and 0 where `x` is 0."""
    return binary(xlog1py_, x, y, name)


def xdivy(x: Any, y: Any, name: str | None = None) -> Any:
    """`x / y`, and 0 where `x` is 0."""
    return binary(xdivy_, x, y, name)


def nextafter(x1: Any, x2: Any, name: str | None = None) -> Any:
    """The next float after `x1` in the direction of `x2`."""
    return binary(next_after, x1, x2, name)
