"""tf.compat.v1: TensorFlow 1's names beside TensorFlow 2's behaviour.

Inside a graph they build nodes, as under `thalweg.v1`. Outside they run at once, until `disable_eager_execution` or
`disable_v2_behavior` makes the default graph the place where everything is built.
"""
from __future__ import annotations

import builtins
import functools
import types
from typing import Any

from thalweg import v1 as _v1

from ..core.context import Context, ctx, executing_eagerly
from ..core.graph import get_default_graph
from ..v1 import behavior
from ..v1.building import eagerly
from ..version import VERSION

__all__ = ["disable_eager_execution", "disable_v2_behavior", "enable_eager_execution", "executing_eagerly"]
__version__ = VERSION


def disable_eager_execution() -> None:
    """From here on every operation becomes a node of the default graph.

    Raises:
      ValueError: inside a graph or function.
    """
    if ctx.graph is not None and ctx.graph is not Context._graph:
        raise ValueError("tf.disable_eager_execution must be called at program startup.")
    Context.set_default_graph(get_default_graph())


def enable_eager_execution(config: Any = None, device_policy: Any = None, execution_mode: Any = None) -> None:
    """Operations run at once again."""
    Context.set_default_graph(None)


def disable_v2_behavior() -> None:
    """TensorFlow 1's behaviour: `disable_eager_execution`, and tensors and shapes as they were."""
    disable_eager_execution()
    behavior.disable_v2_settings()


def enable_v2_behavior() -> None:
    """TensorFlow 2's behaviour: `enable_eager_execution`, and tensors and shapes as they are today."""
    enable_eager_execution()
    behavior.enable_v2_settings()


class _Made(type(_v1.Variable)):  # type: ignore[misc]
    def __call__(cls, *args: Any, **settings: Any) -> Any:
        if ctx.graph is not None:
            return _v1.Variable(*args, **settings)
        with eagerly():
            return _v1.Variable(*args, **settings)

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _v1.Variable)


class Variable(_v1.Variable, metaclass=_Made):  # type: ignore[misc]
    """A variable of the graph that is being built; outside graphs TensorFlow 2's."""


def executing_eagerly_outside_functions() -> bool:
    """Whether operations outside functions run at once."""
    return Context._graph is None


def reset_default_graph() -> None:
    """Gives the thread a new, empty default graph; the place to build in, where eager execution is disabled."""
    _v1.reset_default_graph()
    if Context._graph is not None:
        Context.set_default_graph(get_default_graph())


def get_seed(op_seed: int | None) -> tuple[int | None, int | None]:
    """The pair of seeds that an operation draws from now."""
    from ..ops.random_state import get_seed as seeds
    return seeds(op_seed)


def _adapted(value: Any) -> Any:
    """A name of `thalweg.v1` as it behaves here: TensorFlow 2's own function where it is the same."""
    if isinstance(value, type):
        return _adapted_class(value)
    if not isinstance(value, types.FunctionType):
        return value
    today = getattr(value, "today", None)
    if today is not None:
        return today

    @functools.wraps(value)
    def call(*args: Any, **kwargs: Any) -> Any:
        with eagerly():
            return value(*args, **kwargs)
    return call


_BUILDERS = ("thalweg.v1.layers.", "thalweg.v1.recurrent.", "thalweg.v1.optimizer", "thalweg.v1.scopes",
             "thalweg.v1.averages", "thalweg.v1.framework", "thalweg.v1.saver", "thalweg.v1.queues", "thalweg.v1.file_writer")
"""Where the classes live whose methods build operations."""


@functools.cache
def _adapted_class(kind: type) -> type:
    """A class whose methods run at once outside graphs: a subclass, below the adapted forms of the class's bases."""
    if not kind.__module__.startswith(_BUILDERS) or issubclass(kind, builtins.tuple):  # `tuple` here may be TensorFlow's
        return kind
    bases = [adapted for base in kind.__bases__ if (adapted := _adapted_class(base)) is not base]
    methods = {name: _adapted(method) for part in reversed(kind.__mro__) if part.__module__.startswith(_BUILDERS)
               for name, method in vars(part).items() if isinstance(method, types.FunctionType)}
    return type(kind.__name__, (kind, *bases), {**methods, "__module__": kind.__module__, "__doc__": kind.__doc__})


class _Namespace(types.ModuleType):
    """A namespace of `thalweg.v1`, adapted in the same way."""

    def __init__(self, name: str, inner: Any) -> None:
        super().__init__(name, getattr(inner, "__doc__", None))
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _adapted(getattr(self._inner, name))
        setattr(self, name, value)
        return value


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    value = getattr(_v1, name)
    adapted = _Namespace(name, value) if isinstance(value, types.ModuleType) else _adapted(value)
    globals()[name] = adapted
    return adapted


def __dir__() -> list[str]:
    return sorted({*dir(_v1), *__all__})
