"""What TensorFlow 1 programs build graphs with: placeholders, gradients, scopes, seeds."""
from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from ..core import dtypes
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.scopes import name_scope as _name_scope
from ..core.shape import as_shape
from ..ops.random_state import set_seed
from ..runtime import gradients as _gradients
from .building import in_default_graph
from .collections import graph


def placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Any:
    """A tensor whose value a session is fed.

    Args:
      dtype: of the values.
      shape: what is known of their shape; None is nothing.
    """
    with in_default_graph() as g:
        if g is None:
            raise RuntimeError("tf.placeholder() is not compatible with eager execution.")
        attrs = {"dtype": dtypes.as_dtype(dtype), "shape": as_shape(shape)}
        return g.apply(get_op("Placeholder"), (), attrs, name)


def placeholder_with_default(input: Any, shape: Any, name: str | None = None) -> Any:
    """A tensor that has the value of `input` unless a session is fed another."""
    with in_default_graph():
        return apply(get_op("PlaceholderWithDefault"), (convert_to_tensor(input),), {"shape": as_shape(shape)}, name)


def gradients(ys: Any, xs: Any, grad_ys: Any = None, name: str = "gradients", *args: Any, **kwargs: Any) -> list[Any]:
    """Symbolic gradients in the default graph, see `tf.gradients`."""
    with in_default_graph():
        return _gradients.gradients(ys, xs, grad_ys, name, *args, **kwargs)


def hessians(ys: Any, xs: Any, name: str = "hessians", *args: Any, **kwargs: Any) -> list[Any]:
    """Matrices of second derivatives in the default graph."""
    with in_default_graph():
        return _gradients.hessians(ys, xs, name)


def set_random_seed(seed: int) -> None:
    """Sets the seed of the default graph, or where operations run at once that of the program."""
    with in_default_graph() as g:
        if g is None:
            set_seed(seed)
        else:
            graph().seed = seed


def get_default_session() -> Any:
    """The innermost default session, or None."""
    return ctx.session


def control_dependencies(control_inputs: Any) -> AbstractContextManager[None]:
    """Operations made inside run after the given ones."""
    return graph().control_dependencies(control_inputs)


def device(device_name: Any) -> AbstractContextManager[None]:
    """Asks for a device for the operations made inside."""
    return graph().device(device_name)


def colocate_with(op: Any, ignore_existing: bool = False) -> AbstractContextManager[None]:
    """Asks for the device of another operation."""
    return graph().colocate_with(op, ignore_existing)


class name_scope:
    """Puts `name/` before the names of the operations made inside.

    Args:
      name: the scope; where None, `default_name`.
      values: accepted, to check in TensorFlow that all are of one graph.
    """

    def __init__(self, name: str | None = None, default_name: str | None = None, values: Any = None) -> None:
        self._name = name if name is not None else default_name
        self._build: Any = None
        self._scope: Any = None

    def __enter__(self) -> str:
        self._build = in_default_graph()
        self._build.__enter__()
        self._scope = _name_scope(self._name) if self._name is not None else None
        return str(self._scope.__enter__()) if self._scope is not None else ""

    def __exit__(self, *error: Any) -> None:
        if self._scope is not None:
            self._scope.__exit__(*error)
        self._build.__exit__(*error)


def op_scope(values: Any, name: str | None, default_name: str | None = None) -> name_scope:
    """`name_scope` with its arguments in the older order."""
    return name_scope(name, default_name, values)


def Print(input_: Any, data: Any, message: str | None = None, first_n: int | None = None,
          summarize: int | None = None, name: str | None = None) -> Any:
    """Passes `input_` on and prints `data` on the standard error stream whenever it is computed.

    Args:
      input_: a tensor.
      data: a list of tensors.
      message: what stands before them.
      first_n: how many times to print; always where it is left out or negative.
      summarize: how many elements of each tensor to show, 3 unless told otherwise.
      name: of the node.
    """
    from ..runtime.printing import print_v1
    with in_default_graph():
        attrs = {"message": message or "", "first_n": -1 if first_n is None else first_n,
                 "summarize": 3 if summarize is None else summarize}
        return apply(print_v1, [convert_to_tensor(x) for x in (input_, *data)], attrs, name)


