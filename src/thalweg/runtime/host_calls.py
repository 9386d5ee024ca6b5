"""Python functions of the user's inside graphs: `py_function` and `numpy_function`."""
from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import numpy as np

from ..core import dtypes, errors, nest
from ..core.context import ctx
from ..core.convert import convert_to_tensor, to_array
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import unknown_shape
from ..core.symbol import SymbolicTensor
from ..core.tape import GradientTape
from ..core.tensor import EagerTensor
from ..core.variable import Variable

_count = 0
_CLASSES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], type[errors.OpError]], ...] = (
    ((ValueError, TypeError), errors.InvalidArgumentError), (StopIteration, errors.OutOfRangeError),
    (MemoryError, errors.ResourceExhaustedError), (NotImplementedError, errors.UnimplementedError))


def _raise(error: Exception, tail: str = "") -> NoReturn:
    """Raises what a user's function raised as TensorFlow does: a class by its kind, with the traceback in the text."""
    found = type(error) if isinstance(error, errors.OpError) else \
        next((made for kinds, made in _CLASSES if isinstance(error, kinds)), errors.UnknownError)
    lines = "".join(traceback.format_tb(error.__traceback__))
    text = f"{type(error).__name__}: {error}\nTraceback (most recent call last):\n\n{lines}\n\n{tail}"
    raise found(None, None, text) from error


def _token() -> str:
    global _count
    _count += 1
    return f"pyfunc_{_count - 1}"


def _outputs(call: Any) -> list[Any]:
    return [(unknown_shape(), d) for d in call.attrs["Tout"]]


def _count_results(results: Sequence[Any], expected: Sequence[Any], token: str, tail: str = "") -> None:
    if len(results) != len(expected):
        raise errors.InvalidArgumentError(f"{token} returns {len(results)} values, but expects to see {len(expected)} "
                                          f"values.{tail}")


@op("PyFunc", "input: Tin -> output: Tout", attrs="token: string; Tin: list(type); Tout: list(type)", host=True, stateful=True,
    infer=_outputs)
def py_func(xp: Any, *arrays: Any, function: Callable[..., Any], token: str = "", Tin: Any = (), Tout: Any = ()) -> Any:
    with _outside():
        result = _called(function, [a if a.ndim else a[()] for a in map(np.asarray, arrays)])
    results = list(result) if isinstance(result, (list, tuple)) else [] if result is None else [result]
    _count_results(results, Tout, token)
    made = []
    for i, (value, dtype) in enumerate(zip(results, Tout, strict=True)):
        array = to_array(value, dtypes.string) if dtype is dtypes.string else np.asarray(value, order="C")
        if array.dtype != dtype.np:
            raise errors.InvalidArgumentError(
                f"{i}-th value returned by {token} is {dtypes.type_name(dtypes.from_numpy(array.dtype))}, but expects "
                f"{dtypes.type_name(dtype)}")
        made.append(array)
    return tuple(made)


py_func.not_differentiable()
py_func_stateless = op("PyFuncStateless", py_func._signature_text, attrs=py_func._attr_text, host=True, infer=_outputs)(
    py_func.kernel).not_differentiable()


@contextmanager
def _outside() -> Iterator[None]:
    """Leaves any graph and every tape, for what happens inside."""
    graph, tapes = ctx.graph, ctx.tapes
    ctx.graph, ctx.tapes = None, ()
    try:
        yield
    finally:
        ctx.graph, ctx.tapes = graph, tapes


def _called(function: Callable[..., Any], arguments: Sequence[Any], tail: str = "") -> Any:
    try:
        return function(*arguments)
    except Exception as error:
        _raise(error, tail)


def _converted(result: Any, expected: Sequence[Any], token: str, tail: str = "") -> list[Any]:
    """What a function returned as tensors of the promised dtypes."""
    results = [] if result is None else nest.flatten(result) if isinstance(result, (list, tuple)) else [result]
    _count_results(results, expected, token, tail)
    try:
        return [convert_to_tensor(r, d) for r, d in zip(results, expected, strict=True)]
    except (TypeError, ValueError) as error:
        _raise(error, tail)


@op("EagerPyFunc", "input: Tin -> output: Tout", attrs="token: string; is_async: bool = false; Tin: list(type); "
    "Tout: list(type)", host=True, stateful=True, infer=_outputs)
def eager_py_func(xp: Any, *arrays: Any, function: Callable[..., Any], token: str = "", Tin: Any = (), Tout: Any = ()) -> Any:
    tensors = [EagerTensor(np.asarray(a), None if d.is_numpy_compatible else d) for a, d in zip(arrays, Tin, strict=True)]
    with _outside():
        return tuple(t._value for t in _converted(_called(function, tensors), Tout, token))


@eager_py_func.gradient
def _(op: Any, *dys: Any) -> list[Any]:
    """The function runs once more, under a tape."""
    function = op.attrs["function"]
    places = [i for i, x in enumerate(op.inputs) if x.dtype.is_floating or x.dtype.is_complex]
    seeded = [i for i, y in enumerate(op.outputs) if y.dtype.is_floating or y.dtype.is_complex]
    count, dtypes_ = len(op.inputs), op.attrs["Tout"]

    def backward(*values: Any) -> Any:
        inputs, upstream = values[:count], values[count:]
        with GradientTape() as tape:
            for i in places:
                tape.watch(inputs[i])
            results = _converted(function(*inputs), dtypes_, "")
        return tape.gradient([results[i] for i in seeded], [inputs[i] for i in places], list(upstream), "zero")
    found = _node(backward, [*op.inputs, *(dys[i] for i in seeded)], [op.inputs[i].dtype for i in places], None)
    gradients: list[Any] = [None] * count
    for i, g in zip(places, found, strict=True):
        g.set_shape(op.inputs[i].shape)
        gradients[i] = g
    return gradients


def _node(function: Callable[..., Any], tensors: Sequence[Any], Tout: Sequence[Any], name: str | None,
          entry: Any = eager_py_func) -> Any:
    attrs = {"function": function, "token": _token(), "Tin": [t.dtype for t in tensors], "Tout": list(Tout)}
    return apply(entry, tensors, attrs, name)


def _arguments(inp: Any) -> list[Any]:
    given = inp if isinstance(inp, (list, tuple)) else [inp]
    return [convert_to_tensor(x.value() if isinstance(x, Variable) else x) for x in given]


def _in_graph(tensors: Sequence[Any]) -> bool:
    return ctx.graph is not None or any(isinstance(t, SymbolicTensor) for t in tensors)


def _listed(Tout: Any) -> tuple[list[Any], bool]:
    many = isinstance(Tout, (list, tuple))
    return [dtypes.as_dtype(getattr(t, "dtype", t)) for t in (Tout if many else [Tout])], many


def py_function(func: Callable[..., Any] | None = None, inp: Any = None, Tout: Any = None, name: str | None = None) -> Any:
    """Calls `func` on eager tensors, from eager code or from the middle of a graph. Gradients flow through it.

    Args:
      func: takes a tensor for each of `inp`.
      inp: a list of tensors.
      Tout: the dtype of the result, or a list of dtypes; an empty list for none.

    Returns:
      A tensor, or a list of them where `Tout` is one.

    Raises:
      InvalidArgumentError: another number of results, or of other dtypes; what `func` raises, by its kind.
    """
    assert func is not None
    tensors = _arguments(inp if inp is not None else [])
    expected, many = _listed(Tout)
    if _in_graph(tensors):
        made = _node(func, tensors, expected, name)
        return (list(made) if many else made[0]) if expected else made
    tail = " [Op:EagerPyFunc] name: "
    found = _converted(_called(func, tensors, tail), expected, _token(), tail)
    return found if many else found[0]


def numpy_function(func: Callable[..., Any] | None = None, inp: Any = None, Tout: Any = None, stateful: bool = True,
                   name: str | None = None) -> Any:
    """Calls `func` on NumPy arrays, from eager code or from the middle of a graph. No gradient flows through it.

    Args:
      func: takes an array for each of `inp`.
      inp: a list of tensors.
      Tout: the dtype of the result, or a list of dtypes.
      stateful: whether the function has effects, or does not return the same for the same arrays. If not, a graph leaves
        calls out whose results nobody uses.

    Raises:
      InvalidArgumentError: another number of results, or of other dtypes; what `func` raises, by its kind.
    """
    assert func is not None
    tensors = _arguments(inp if inp is not None else [])
    expected, many = _listed(Tout)
    if _in_graph(tensors):
        made = _node(func, tensors, expected, name, py_func if stateful else py_func_stateless)
        return (list(made) if many else made[0]) if expected else made
    results = [None if r is None else convert_to_tensor(r) for r in nest.flatten(func(*[np.array(t.numpy()) for t in tensors]))]
    return results[0] if len(results) == 1 else results
