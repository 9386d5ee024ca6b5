"""The one door: `apply` runs an entry's kernel on values at once, or adds a node to a graph."""
from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, NoReturn

import numpy as np
from numpy import ndarray

from . import dtypes, errors
from .context import accelerators, ctx
from .opdef import OpDef
from .tensor import EagerTensor, Tensor

NO_ATTRS: dict[str, Any] = MappingProxyType({})  # type: ignore[assignment]

# NumPy warns of overflow, division by zero and the like; TensorFlow does not. np.errstate costs 0.8 us a call, setting
# the context variable behind it 0.15 us. It is not public, so its absence means np.errstate.
try:
    from numpy._core.umath import _extobj_contextvar, _make_extobj
except ImportError:
    class _Errstate:
        """The two methods of a context variable that `apply` uses, on np.errstate."""

        def set(self, _: Any) -> Any:
            state = np.errstate(all="ignore")
            state.__enter__()
            return state

        def reset(self, token: Any) -> None:
            token.__exit__(None, None, None)

    _quiet_variable: Any = _Errstate()
    _QUIET: Any = None
else:
    _quiet_variable: Any = _extobj_contextvar  # type: ignore[no-redef]
    _QUIET: Any = _make_extobj(all="ignore")  # type: ignore[no-redef]

_set_quiet = _quiet_variable.set
_reset_quiet = _quiet_variable.reset


class Record:
    """One executed operation as a tape remembers it. Gradient functions read it as they read a graph's Operation."""

    __slots__ = ("attrs", "inputs", "needs", "op", "outputs")

    def __init__(self, op: OpDef, inputs: Sequence[Any], attrs: dict[str, Any], outputs: tuple[Any, ...]) -> None:
        self.op = op
        self.inputs = inputs
        self.attrs = attrs
        self.outputs = outputs

    @property
    def type(self) -> str:
        """The op type."""
        return self.op.type

    def get_attr(self, name: str) -> Any:
        """The value of an attribute.

        Raises:
          ValueError: the operation has no such attribute.
        """
        if name in self.attrs:
            return self.attrs[name]
        attr = self.op.signature.attr(name)
        if attr is None:
            raise ValueError(f"Operation '{self.op.type}' has no attr named '{name}'.")
        for arg, value in zip(self.op.signature.inputs, self.inputs, strict=False):
            if arg.type == name:
                return value.dtype
        return attr.default_value


def _array(x: Any) -> Any:
    """The array behind a tensor, or the Python value of a static input itself."""
    if isinstance(x, EagerTensor):
        if accelerators and ctx.device is None and x.accelerator is not None:
            raise _ElsewhereError(x.accelerator)
        return x._value
    if isinstance(x, Tensor):
        raise _ElsewhereError(x.graph)  # type: ignore[attr-defined]
    return x


class _ElsewhereError(Exception):
    """An input that belongs to a graph, or lies in the memory of an accelerator, which takes the operation then."""


def _dtype_of(x: Any) -> dtypes.DType | None:
    return x.dtype if isinstance(x, Tensor) else None


def apply(op: OpDef, inputs: Sequence[Any], attrs: dict[str, Any] = NO_ATTRS, name: str | None = None) -> Any:
    """Runs an operation on tensors, or adds it to a graph.

    Args:
      op: the entry.
      inputs: the flat inputs: tensors, or Python values where an input is static.
      attrs: the attributes that the kernel takes.
      name: a name for the node, or for the error message.

    Returns:
      The output, or a tuple of outputs where the kernel returns a tuple.

    Raises:
      OpError: whatever the kernel finds wrong, in TensorFlow's words.
    """
    if ctx.elsewhere is not None:
        return ctx.elsewhere.apply(op, inputs, attrs, name)
    try:
        arrays = [x._value if type(x) is EagerTensor else _array(x) for x in inputs]
    except _ElsewhereError:
        return _elsewhere(inputs).apply(op, inputs, attrs, name)
    key = tuple([getattr(a, "dtype", None) for a in arrays])
    if key not in op.known:
        _learn(op, inputs, key, name)
    token = _set_quiet(_QUIET)
    try:
        out = op.kernel(np, *arrays, **attrs)
    except Exception as error:
        fail(op, arrays, attrs, name, error)
    finally:
        _reset_quiet(token)
    result: Any
    if type(out) is ndarray:
        result = EagerTensor(out)
        if ctx.tapes and op.differentiable:
            record(op, inputs, attrs, (result,))
    elif type(out) is tuple:
        result = tuple([wrap(o) for o in out])
        if ctx.tapes and op.differentiable:
            record(op, inputs, attrs, result)
    else:
        result = wrap(out)
        if ctx.tapes and op.differentiable:
            record(op, inputs, attrs, (result,))
    return result


def apply_unary(op: OpDef, x: EagerTensor, name: str | None = None) -> Any:
    """`apply` for one eager tensor and an op without attributes, outside any graph: the shortest way."""
    value = x._value
    if (value.dtype,) not in op.known:
        _learn(op, (x,), (value.dtype,), name)
    token = _set_quiet(_QUIET)
    try:
        out = op.kernel(np, value)
    except Exception as error:
        fail(op, (value,), NO_ATTRS, name, error)
    finally:
        _reset_quiet(token)
    result = EagerTensor(out) if type(out) is ndarray else wrap(out)
    if ctx.tapes and op.differentiable:
        record(op, (x,), NO_ATTRS, (result,))
    return result


def apply_binary(op: OpDef, x: EagerTensor, y: EagerTensor, name: str | None = None) -> Any:
    """`apply` for two eager tensors and an op without attributes, outside any graph: the shortest way."""
    a = x._value
    b = y._value
    if (a.dtype, b.dtype) not in op.known:
        _learn(op, (x, y), (a.dtype, b.dtype), name)
    token = _set_quiet(_QUIET)
    try:
        out = op.kernel(np, a, b)
    except Exception as error:
        fail(op, (a, b), NO_ATTRS, name, error)
    finally:
        _reset_quiet(token)
    result = EagerTensor(out) if type(out) is ndarray else wrap(out)
    if ctx.tapes and op.differentiable:
        record(op, (x, y), NO_ATTRS, (result,))
    return result


def wrap(value: Any) -> EagerTensor:
    """A tensor around what a kernel returned: NumPy scalars become 0-d arrays, `Typed` values keep their dtype."""
    if isinstance(value, ndarray):
        return EagerTensor(value)
    if isinstance(value, np.generic):
        return EagerTensor(np.asarray(value))
    if isinstance(value, (bytes, str)):
        scalar = np.empty((), object)
        scalar[()] = value
        return EagerTensor(scalar)
    if isinstance(value, Typed):
        return EagerTensor(value.value, value.dtype)
    if isinstance(value, (int, float, bool, complex)):
        raise TypeError(f"a kernel returned the Python number {value!r}, which has no dtype")
    return EagerTensor(value, getattr(value, "tensor_dtype", None))


class Typed:
    """What a kernel returns where the NumPy dtype does not tell the TensorFlow dtype (quantized types)."""

    __slots__ = ("dtype", "value")

    def __init__(self, value: Any, dtype: dtypes.DType) -> None:
        self.value = value
        self.dtype = dtype


def _learn(op: OpDef, inputs: Sequence[Any], key: tuple[Any, ...], name: str | None) -> None:
    """Checks a combination of dtypes that this op has not seen yet, and remembers it."""
    op.check([_dtype_of(x) for x in inputs], name)
    if all(_dtype_of(x) is None or dtypes.from_numpy(x._value.dtype) is x.dtype for x in inputs):
        op.known.add(key)


def _elsewhere(inputs: Sequence[Any]) -> Any:
    """The graph of a symbolic input, or else the accelerator of the first input that lies on one."""
    tensors: list[Any] = [x for x in inputs if isinstance(x, Tensor)]
    graphs = [x.graph for x in tensors if not isinstance(x, EagerTensor)]
    return graphs[0] if graphs else next(x.accelerator for x in tensors if x.accelerator is not None)


def check(op: OpDef, inputs: Sequence[Any], arrays: Sequence[Any], name: str | None) -> None:
    """Checks the dtypes of inputs; their arrays may lie anywhere.

    Raises:
      InvalidArgumentError, TypeError: the entry does not take them.
    """
    key = tuple([getattr(a, "dtype", None) for a in arrays])
    if key not in op.known:
        _learn(op, inputs, key, name)


def fail(op: OpDef, arrays: Sequence[Any], attrs: dict[str, Any], name: str | None, error: Exception) -> NoReturn:
    """Raises what went wrong in a kernel as TensorFlow says it: `message [Op:Type] name: n`."""
    if not isinstance(error, errors.OpError) and op.explain is not None:
        try:
            op.explain(*arrays, **attrs)
        except errors.OpError as explained:
            explained.__cause__ = error
            error = explained
    if isinstance(error, errors.OpError):
        if " [Op:" not in error.message:
            raise type(error)(None, None, f"{error.message} [Op:{op.type}]{_tail(name, arrays)}") from error.__cause__
        raise error
    if isinstance(error, MemoryError):
        from .memory import shortage
        raise errors.ResourceExhaustedError(None, None, f"{shortage(error)} [Op:{op.type}]{_tail(name, arrays)}") from error
    shapes = ", ".join(str(list(a.shape)) if hasattr(a, "shape") else repr(a) for a in arrays)
    error.add_note(f"in op {op.type} with inputs of shape {shapes}")
    raise error


LISTED = ""
"""The name that a public function passes where it converted a Python list: the message ends without a name."""


def _tail(name: str | None, arrays: Sequence[Any]) -> str:
    """The end of a message: TensorFlow leaves the name out where an input was a Python list."""
    if name == LISTED or (name is None and any(type(a) is list or type(a) is tuple for a in arrays)):
        return ""
    return f" name: {name or ''}"


def record(op: OpDef, inputs: Sequence[Any], attrs: dict[str, Any], outputs: tuple[Any, ...]) -> None:
    """Tells the listening tapes of an operation that ran, if they watch one of its inputs."""
    made: Record | None = None
    for tape in ctx.tapes:
        watched = tape._watched
        for x in inputs:
            if id(x) in watched:
                break
        else:
            continue
        if made is None:
            made = Record(op, inputs, attrs, outputs)
        tape._records.append(made)
        for out in outputs:
            if out._value.dtype.kind not in "iub":
                watched[id(out)] = out
