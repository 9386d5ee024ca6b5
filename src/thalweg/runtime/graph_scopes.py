"""Order between operations: `control_dependencies`, `group`, `tuple`; and gradients told otherwise."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..core import nest
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import get_op
from ..core.symbol import Operation, SymbolicTensor
from ..core.tape import GradientTape, custom_gradient
from ..core.variable import Variable


@contextmanager
def control_dependencies(control_inputs: Any) -> Iterator[None]:
    """Operations made inside run after the given ones. In eager code everything runs in order anyway.

    Args:
      control_inputs: operations and tensors; in eager code functions among them are called.
    """
    if ctx.graph is None:
        for control in control_inputs or ():
            if callable(control):
                control()
        yield
        return
    with ctx.graph.control_dependencies(control_inputs):
        yield


def _nodes(inputs: Any) -> list[Any]:
    out = []
    for x in nest.flatten(inputs, expand_composites=True):
        if isinstance(x, Variable):
            out.append(x.handle.op if hasattr(x, "handle") and ctx.graph is None else x.value().op)
        elif isinstance(x, (Operation, SymbolicTensor)):
            out.append(x if isinstance(x, Operation) else x.op)
        elif x is not None and not hasattr(x, "numpy"):
            raise TypeError(f"'inputs' should be zero or more (nested) Tensors. Received '{x}' with type '{type(x)}'.")
    return out


def group(*inputs: Any, **kwargs: Any) -> Any:
    """An operation that is done when all of the inputs are; None in eager code.

    Raises:
      ValueError: keyword arguments other than `name`.
      TypeError: an input that is neither tensor nor operation.
    """
    name = kwargs.pop("name", None)
    if kwargs:
        raise ValueError(f"Unknown keyword arguments: {list(kwargs)}")
    graph = _graph(inputs)
    if graph is None:
        return None
    with graph.as_default(), graph.control_dependencies(_nodes(inputs)):
        return apply(get_op("NoOp"), (), name=name or "group_deps")


def _graph(inputs: Any) -> Any:
    if ctx.graph is not None:
        return ctx.graph
    return next((x.graph for x in nest.flatten(inputs, expand_composites=True)
                 if isinstance(x, (Operation, SymbolicTensor))), None)


def tuple(tensors: Any, control_inputs: Any = None, name: str | None = None) -> list[Any]:
    """The tensors again, each of them done only when all of them are.

    Args:
      tensors: tensors, IndexedSlices and None.
      control_inputs: further operations to wait for.

    Raises:
      ValueError: there is no tensor.
    """
    graph = _graph([*tensors, control_inputs])
    if graph is None:
        return list(tensors)
    if not any(t is not None for t in tensors):
        raise ValueError(f"'tensors' must have at least one Tensor. Received: {tensors}.")
    with graph.as_default(), graph.name_scope(name or "tuple"):
        listed = [t if t is None or isinstance(t, (IndexedSlices, Operation)) else convert_to_tensor(t) for t in tensors]
        gate = group(*[t for t in listed if t is not None], *(control_inputs or ()), name="group_deps")
        with graph.control_dependencies([gate]):
            return [_passed(t) for t in listed]


def _passed(t: Any) -> Any:
    identity = get_op("Identity")
    if t is None or isinstance(t, Operation):
        return None
    if isinstance(t, IndexedSlices):
        return IndexedSlices(apply(identity, (t.values,)), t.indices, t.dense_shape)
    return apply(identity, (t,))


def grad_pass_through(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function like `f` with the gradient of the identity."""

    @custom_gradient
    def passing(*args: Any, **kwargs: Any) -> Any:
        def gradient(*dys: Any, **options: Any) -> Any:
            variables = options.get("variables")
            return (dys, [None] * len(variables)) if variables is not None else dys
        return f(*args, **kwargs), gradient
    return passing  # type: ignore[no-any-return]


def recompute_grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function like `f` whose gradient runs `f` once more instead of keeping what is on the way.

    `f` may read trainable variables; its arguments are tensors.
    """

    @custom_gradient
    def recomputed(*args: Any, **kwargs: Any) -> Any:
        result = f(*args, **kwargs)

        def gradient(*dys: Any, **options: Any) -> Any:
            variables = list(options.get("variables") or ())
            inputs = [apply(get_op("Identity"), (convert_to_tensor(a),)) for a in args]
            with GradientTape() as tape:
                tape.watch(inputs)
                again = f(*inputs, **kwargs)
            found = tape.gradient(again, [*inputs, *variables], nest.pack_sequence_as(again, list(dys)) if
                                  nest.is_nested(again) else dys[0])
            first, rest = found[:len(inputs)], found[len(inputs):]
            return (first, rest) if options.get("variables") is not None else first
        return result, gradient
    recomputed.__wrapped__ = f
    return recomputed  # type: ignore[no-any-return]
