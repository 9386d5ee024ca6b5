"""Variables of TensorFlow 1: a session holds their values, and an operation initializes them."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import dtypes
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.graph_variable import GraphVariable
from ..core.opdef import get_op
from .building import in_default_graph
from .collections import GraphKeys, global_variables, home, local_variables


class _Made(type(GraphVariable)):  # type: ignore[misc]
    """What calling the class makes: outside graphs, where eager execution is enabled, TensorFlow 2's variable."""

    def __call__(cls, initial_value: Any = None, trainable: bool | None = None, collections: Sequence[str] | None = None,
                 validate_shape: bool = True, caching_device: Any = None, name: str | None = None, variable_def: Any = None,
                 dtype: Any = None, expected_shape: Any = None, import_scope: str | None = None,
                 constraint: Callable[..., Any] | None = None, *args: Any, **settings: Any) -> Any:
        with in_default_graph() as g:
            if g is None or home().building_function:
                return _living(initial_value, trainable, collections, validate_shape, name=name, dtype=dtype,
                               constraint=constraint, shape=settings.get("shape"))
            return super().__call__(initial_value, trainable, collections, validate_shape, caching_device, name, variable_def,
                                    dtype, expected_shape, import_scope, constraint, *args, **settings)


class Variable(GraphVariable, metaclass=_Made):
    """A variable of the default graph; see `thalweg.Variable`. A session gives it its value by its `initializer`."""

    __slots__ = ()

    def __init__(self, initial_value: Any = None, trainable: bool | None = None, collections: Sequence[str] | None = None,
                 validate_shape: bool = True, caching_device: Any = None, name: str | None = None, variable_def: Any = None,
                 dtype: Any = None, expected_shape: Any = None, import_scope: str | None = None,
                 constraint: Callable[..., Any] | None = None, use_resource: bool | None = None, synchronization: Any = None,
                 aggregation: Any = None, shape: Any = None) -> None:
        with in_default_graph() as g:
            super().__init__(g, initial_value, trainable, collections, validate_shape, name, dtype, constraint, shape)


def new_variable(initial_value: Any, trainable: bool | None = None, collections: Sequence[str] | None = None,
                 validate_shape: bool = True, name: str | None = None, dtype: Any = None,
                 constraint: Callable[..., Any] | None = None) -> Any:
    """A variable of the place where the caller builds: of the default graph, or an eager one that lives by itself."""
    with in_default_graph() as g:
        if g is None or (kept := home()).building_function:
            return _living(initial_value, trainable, collections, validate_shape, name=name, dtype=dtype,
                           constraint=constraint)
        with kept.as_default():  # outside the loop or branch that is being built
            return Variable(initial_value, trainable, collections, validate_shape, name=name, dtype=dtype,
                            constraint=constraint)


def _living(initial_value: Any, trainable: bool | None, collections: Sequence[str] | None, *args: Any,
            **settings: Any) -> Any:
    """TensorFlow 2's variable, which lives by itself; a function that is being built keeps it in its collections."""
    import thalweg as tf
    made: Any = tf.Variable(initial_value, trainable, *args, **settings)
    if ctx.graph is not None:
        names = [GraphKeys.GLOBAL_VARIABLES] if collections is None else list(collections)
        home().add_to_collections([*names, GraphKeys.TRAINABLE_VARIABLES] if made.trainable and names else names, made)
    return made


def variables_initializer(var_list: Sequence[Any], name: str = "init") -> Any:
    """An operation that initializes variables."""
    with in_default_graph() as g, g.control_dependencies([v.initializer for v in var_list]):
        return g.apply(get_op("NoOp"), (), {}, name)


def global_variables_initializer() -> Any:
    """An operation that initializes every global variable of the default graph."""
    return variables_initializer(global_variables())


def local_variables_initializer() -> Any:
    """An operation that initializes every local variable of the default graph."""
    return variables_initializer(local_variables(), "init_1")


def assign(ref: Any, value: Any, validate_shape: bool | None = None, use_locking: bool | None = None,
           name: str | None = None) -> Any:
    """Replaces a variable's value whenever the result is computed."""
    with in_default_graph():
        return ref.assign(value, use_locking, name)


def assign_add(ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None) -> Any:
    """Adds to a variable whenever the result is computed."""
    with in_default_graph():
        return ref.assign_add(value, use_locking, name)


def assign_sub(ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None) -> Any:
    """Subtracts from a variable whenever the result is computed."""
    with in_default_graph():
        return ref.assign_sub(value, use_locking, name)


def is_variable_initialized(variable: Any) -> Any:
    """A boolean tensor: whether the session has a value for the variable."""
    return variable.is_initialized()


def report_uninitialized_variables(var_list: Sequence[Any] | None = None, name: str = "report_uninitialized_variables") -> Any:
    """The names of the variables that the session has no value for, as a string vector."""
    chosen = list(var_list) if var_list is not None else [*global_variables(), *local_variables()]
    with in_default_graph() as g, g.name_scope(name):
        if not chosen:
            return convert_to_tensor([], dtypes.string)
        ready = apply(get_op("Pack"), [v.is_initialized() for v in chosen], {"axis": 0})
        names = convert_to_tensor([v.op.name for v in chosen])
        import thalweg as tf
        return tf.boolean_mask(names, tf.logical_not(ready))


