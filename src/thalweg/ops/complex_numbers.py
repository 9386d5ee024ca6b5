"""Complex numbers and their parts."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape
from .common import broadcast, incompatible, reduce_to, unary, unchanged
from .elementwise import real_result, reciprocal

_PARTS = "T: {complex64, complex128} = complex64; Tout: {float, double} = float"


@op("Conj", "input: T -> output: T", attrs="T: {complex64, complex128, variant} = complex64", infer=unchanged)
def conj_(xp: Any, x: Any) -> Any:
    return xp.conj(x)


conj_.vjp(0)(lambda op, dy: conj(dy))


@op("Real", "input: T -> output: Tout", attrs=_PARTS, infer=real_result)
def real_(xp: Any, x: Any, Tout: Any = None) -> Any:
    return xp.real(x).copy()


@real_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return complex(dy, dy * 0)


@op("Imag", "input: T -> output: Tout", attrs=_PARTS, infer=real_result)
def imag_(xp: Any, x: Any, Tout: Any = None) -> Any:
    return xp.imag(x).copy()


@imag_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return complex(dy * 0, dy)


@op("Angle", "input: T -> output: Tout", attrs=_PARTS, infer=real_result)
def angle_(xp: Any, x: Any, Tout: Any = None) -> Any:
    return xp.angle(x)


@angle_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    x = op.inputs[0]
    turned = reciprocal(complex(imag(x), real(x)))
    return -complex(dy, dy * 0) * turned


def _complex_shape(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    return [(broadcast(op), _WHOLE[op.inputs[0].dtype])]


_WHOLE = {dtypes.float32: dtypes.complex64, dtypes.float64: dtypes.complex128}


@op("Complex", "real: T, imag: T -> out: Tout",
    attrs="T: {float, double} = float; Tout: {complex64, complex128} = complex64", infer=_complex_shape,
    explain=incompatible)
def complex_(xp: Any, re: Any, im: Any, Tout: Any = None) -> Any:
    if xp is np:
        shape = re.shape if re.shape == im.shape else np.broadcast_shapes(re.shape, im.shape)
        out = np.empty(shape, np.complex64 if re.dtype.itemsize == 4 else np.complex128)
        out.real = re
        out.imag = im
        return out
    return xp.add(re, 1j * im)


@complex_.vjp(0)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(real(dy), op.inputs[0], op.inputs[1])


@complex_.vjp(1)
def _(op: Any, dy: Any) -> Any:
    return reduce_to(imag(dy), op.inputs[1], op.inputs[0])


# The public functions.


def complex(real: Any, imag: Any, name: str | None = None) -> Any:
    """Complex numbers from their real and imaginary parts, with broadcasting.

    Raises:
      TypeError: the parts are not both float32 or both float64.
    """
    re, im = convert_to_tensor(real), convert_to_tensor(imag)
    whole = _WHOLE.get(re.dtype)
    if whole is None or im.dtype != re.dtype:
        raise TypeError(f"The `real` and `imag` components have incorrect types: {re.dtype.name} {im.dtype.name}. They must "
                        f"be consistent, and one of {[dtypes.float32, dtypes.float64]}")
    return apply(complex_, (re, im), {"Tout": whole}, name)


def real(input: Any, name: str | None = None) -> Any:
    """The real part; a real tensor as it is.

    Raises:
      TypeError: the tensor is not numeric.
    """
    x = convert_to_tensor(input)
    if x.dtype.is_complex:
        return apply(real_, (x,), {"Tout": x.dtype.real_dtype}, name)
    if x.dtype.is_numeric:
        return x
    raise TypeError(f"input must be a numeric tensor, but got tensor with dtype {x.dtype!s}")


def imag(input: Any, name: str | None = None) -> Any:
    """The imaginary part, which is 0 for a real tensor."""
    from .creation import zeros_like
    x = convert_to_tensor(input)
    if x.dtype.is_complex:
        return apply(imag_, (x,), {"Tout": x.dtype.real_dtype}, name)
    return zeros_like(x)


def angle(input: Any, name: str | None = None) -> Any:
    """The argument in [-pi, pi]; for a real tensor 0, or pi where it is negative."""
    from .comparison import select
    from .creation import zeros_like
    x = convert_to_tensor(input)
    if x.dtype.is_complex:
        return apply(angle_, (x,), {"Tout": x.dtype.real_dtype}, name)
    zero = zeros_like(x)
    return select(x < 0, zero + 3.141592653589793, zero)


def conj(x: Any, name: str | None = None) -> Any:
    """The complex conjugate; a real tensor as it is.

    Raises:
      TypeError: the tensor is neither numeric nor a variant.
    """
    x = convert_to_tensor(x)
    if x.dtype.is_complex or x.dtype == dtypes.variant:
        return unary(conj_, x, name)
    if x.dtype.is_floating or x.dtype.is_integer:
        return x
    raise TypeError(f"Expected numeric or variant tensor, got dtype {x.dtype!r}.")
