"""What kernels require of values in compiled programs: indices within range, divisors that are not zero, assertions.

On NumPy a kernel looks at its inputs and raises. While a program is compiled there is nothing to look at: the kernel
says what must hold, and the program returns, besides its results, whether all of it held. If it did not, whoever runs
the program drops the results and interprets it, which raises the error. Where nobody asks for conditions, as under
`jit_compile=True`, they are passed over, as TensorFlow's XLA does.
"""
from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


class Conditions:
    """What must hold in one trace.

    Args:
      everything: whether to take all conditions, or only those that TensorFlow checks on accelerators, too.
    """

    def __init__(self, everything: bool) -> None:
        self.everything = everything
        self._found: list[Any] = []
        self._joined = 0
        self._flag: tuple[Any, ...] = ()

    def add(self, ok: Any) -> None:
        """One more condition, a boolean of any shape."""
        if not isinstance(ok, (bool, np.bool_, np.ndarray)):
            self._found.append(ok.all() if ok.shape else ok)
        elif not np.all(ok):
            self._found.append(np.False_)

    def __len__(self) -> int:
        return len(self._found)

    def flag(self) -> tuple[Any, ...]:
        """Whether all of them so far hold: one boolean scalar, or nothing where nothing is required."""
        import jax.numpy as jnp
        for ok in self._found[self._joined:]:
            self._flag = (jnp.asarray(ok, bool) if not self._flag else self._flag[0] & ok,)
        self._joined = len(self._found)
        return self._flag


class _Open(threading.local):
    conditions: Conditions | None = None


_open = _Open()


@contextmanager
def collecting(conditions: Conditions | None) -> Iterator[None]:
    """Within, what this thread's kernels require goes to `conditions`; None passes it over."""
    before = _open.conditions
    _open.conditions = conditions
    try:
        yield
    finally:
        _open.conditions = before


def inner() -> Conditions | None:
    """Conditions for a graph within the graph that is being traced, of the same kind; None where nobody asks for any."""
    return None if _open.conditions is None else Conditions(_open.conditions.everything)


def require(xp: Any, ok: Any, always: bool = False) -> None:
    """Says in a kernel what must hold; nothing on NumPy, where the kernel itself raises.

    Args:
      xp: what the kernel computes with.
      ok: booleans, all of which must be true.
      always: whether TensorFlow checks this on accelerators, too; other conditions are taken on CPUs only.
    """
    conditions = _open.conditions
    if conditions is not None and xp is not np and (always or conditions.everything):
        conditions.add(ok)


def require_all(flags: tuple[Any, ...]) -> None:
    """Passes on what `Conditions.flag` of an inner graph returned."""
    if flags and _open.conditions is not None:
        _open.conditions.add(flags[0])


def require_within(xp: Any, indices: Any, size: int, low: int = 0) -> None:
    """Requires that integers are in `[low, size)`."""
    if _open.conditions is None or xp is np or not indices.size:
        return
    info = np.iinfo(indices.dtype)
    if size > info.max:
        require(xp, indices >= low)
    elif low <= info.min:
        require(xp, indices < size)
    else:
        require(xp, (indices >= low) & (indices < size))


def require_below(xp: Any, indices: Any, size: int) -> None:
    """Requires that integers are less than `size`."""
    if indices.size and size <= np.iinfo(indices.dtype).max:
        require(xp, indices < size)


def require_places(xp: Any, indices: Any, shape: Any) -> None:
    """Requires that the rows of `indices` are places in the first dimensions of an array of this shape."""
    if _open.conditions is None or xp is np or not indices.size:
        return
    for i in range(indices.shape[-1]):
        require_within(xp, indices[..., i], shape[i])


def require_element(xp: Any, length: Any, buffer: Any, index: Any) -> None:
    """Requires that a list has an element with this index.

    Args:
      length: the number of elements, or None where it is the size of the buffer.
    """
    require_within(xp, index, buffer.shape[0])
    if length is not None:
        require(xp, index < length)


def require_finite(xp: Any, result: Any, *inputs: Any) -> None:
    """Requires a finite result where the inputs are: what XLA makes of a singular matrix is not.

    Where numbers only became too large the program is interpreted for nothing, and its results stand.
    """
    if _open.conditions is None or xp is np:
        return
    known = [xp.isfinite(x).all() for x in inputs]
    strange = ~known[0] if len(known) == 1 else ~(known[0] & known[1])
    require(xp, xp.isfinite(result).all() | strange)


def refused() -> bool:
    """Notes that a kernel found known values to be wrong, which matters only if the program gets there.

    Returns:
      Whether anybody asks for conditions. If not, the kernel's error is the program's.
    """
    if _open.conditions is None:
        return False
    _open.conditions.add(np.False_)
    return True
