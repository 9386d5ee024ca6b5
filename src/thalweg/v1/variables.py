"""Variables of TensorFlow 1: made alone or shared by name through variable scopes, initialized by an operation."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.graph import Graph
from ..core.graph_variable import GraphVariable
from ..core.opdef import get_op
from ..core.shape import as_shape
from . import initializers
from .building import in_default_graph
from .collections import global_variables, graph, local_variables


class _AutoReuse:
    """Share a variable that exists, else make it."""

    def __repr__(self) -> str:
        return "_ReuseMode.AUTO_REUSE"


AUTO_REUSE = _AutoReuse()


class Variable(GraphVariable):
    """A variable of the default graph; see `thalweg.Variable`. A session gives it its value by its `initializer`."""

    __slots__ = ()

    def __init__(self, initial_value: Any = None, trainable: bool | None = None, collections: Sequence[str] | None = None,
                 validate_shape: bool = True, caching_device: Any = None, name: str | None = None, variable_def: Any = None,
                 dtype: Any = None, expected_shape: Any = None, import_scope: str | None = None,
                 constraint: Callable[..., Any] | None = None, use_resource: bool | None = None, synchronization: Any = None,
                 aggregation: Any = None, shape: Any = None) -> None:
        with in_default_graph() as g:
            super().__init__(g, initial_value, trainable, collections, validate_shape, name, dtype, constraint, shape)


class VariableScope:
    """The defaults of `get_variable` inside a `variable_scope`, and the prefix of its names."""

    def __init__(self, name: str = "", reuse: Any = False, initializer: Any = None, regularizer: Any = None,
                 dtype: Any = dtypes.float32, constraint: Any = None, custom_getter: Any = None) -> None:
        self.name = name
        self.reuse = reuse
        self.initializer = initializer
        self.regularizer = regularizer
        self.dtype = dtype
        self.constraint = constraint
        self.custom_getter = custom_getter
        self.original_name_scope = name + "/" if name else ""

    def reuse_variables(self) -> None:
        """From here on `get_variable` finds variables instead of making them."""
        self.reuse = True

    def set_initializer(self, initializer: Any) -> None:
        """Sets the initializer of variables that are given none."""
        self.initializer = initializer

    def set_regularizer(self, regularizer: Any) -> None:
        """Sets the regularizer of variables that are given none."""
        self.regularizer = regularizer

    def get_collection(self, name: str) -> list[Any]:
        """What is in a collection under this scope's name."""
        return graph().get_collection(name, self.name + "/" if self.name else None)

    def global_variables(self) -> list[Any]:
        """The global variables under this scope's name."""
        return self.get_collection("variables")

    def trainable_variables(self) -> list[Any]:
        """The trainable variables under this scope's name."""
        return self.get_collection("trainable_variables")


class _Store:
    """The shared variables of a graph, and the scope that is open."""

    def __init__(self) -> None:
        self.variables: dict[str, Any] = {}
        self.scope = VariableScope()
        self.counts: dict[str, int] = {}


def _store(g: Graph) -> _Store:
    held = g.get_collection_ref(("variable_store",))
    if not held:
        held.append(_Store())
    return held[0]  # type: ignore[no-any-return]


def get_variable_scope() -> VariableScope:
    """The open variable scope of the default graph."""
    return _store(graph()).scope


@contextmanager
def variable_scope(name_or_scope: Any, default_name: str | None = None, values: Any = None, initializer: Any = None,
                   regularizer: Any = None, caching_device: Any = None, partitioner: Any = None, custom_getter: Any = None,
                   reuse: Any = None, dtype: Any = None, use_resource: Any = None, constraint: Any = None,
                   auxiliary_name_scope: bool = True) -> Iterator[VariableScope]:
    """Puts `name/` before the names of variables, and of operations, made inside.

    Args:
      name_or_scope: a name, or a scope to open again; where None a unique form of `default_name`.
      reuse: True finds variables, AUTO_REUSE finds or makes them, None inherits.

    Raises:
      ValueError: neither a name nor a default name.
    """
    if name_or_scope is None and default_name is None:
        raise ValueError("If default_name is None then name_or_scope is required")
    with in_default_graph() as g:
        store = _store(g)
        outer = store.scope
        if isinstance(name_or_scope, VariableScope):
            full, base = name_or_scope.name, name_or_scope
            scope_name = full.rpartition("/")[2]
        else:
            scope_name = name_or_scope if name_or_scope is not None else _unique(store, outer.name, default_name or "")
            full, base = f"{outer.name}/{scope_name}" if outer.name else scope_name, outer
        inherited = base.reuse if isinstance(name_or_scope, VariableScope) else outer.reuse
        scope = VariableScope(full, reuse if reuse is not None else inherited, initializer or base.initializer,
                              regularizer or base.regularizer, dtype or base.dtype, constraint or base.constraint,
                              custom_getter or base.custom_getter)
        store.scope = scope
        try:
            if auxiliary_name_scope and scope_name:
                with g.name_scope(scope_name) as opened:
                    scope.original_name_scope = opened
                    yield scope
            else:
                yield scope
        finally:
            store.scope = outer


def _unique(store: _Store, prefix: str, name: str) -> str:
    key = f"{prefix}/{name}"
    count = store.counts.get(key, 0)
    store.counts[key] = count + 1
    return name if not count else f"{name}_{count}"


def get_variable(name: str, shape: Any = None, dtype: Any = None, initializer: Any = None, regularizer: Any = None,
                 trainable: bool | None = None, collections: Any = None, caching_device: Any = None, partitioner: Any = None,
                 validate_shape: bool = True, use_resource: Any = None, custom_getter: Any = None, constraint: Any = None,
                 synchronization: Any = None, aggregation: Any = None) -> Any:
    """The variable of that name in the open variable scope, made if the scope does not reuse.

    Args:
      initializer: a function of a shape, a tensor or a value; Glorot's uniform values unless told otherwise.
      regularizer: a function of the variable whose result joins the collection of regularization losses.

    Raises:
      ValueError: it exists and is not to be reused, or is to be reused and does not exist or has another shape.
    """
    with in_default_graph() as g:
        store = _store(g)
        scope = store.scope
        getter = custom_getter or scope.custom_getter
        arguments = {"shape": shape, "dtype": dtype, "initializer": initializer, "regularizer": regularizer,
                     "trainable": trainable, "collections": collections, "validate_shape": validate_shape,
                     "constraint": constraint}
        full = f"{scope.name}/{name}" if scope.name else name
        if getter is not None:
            return getter(lambda name, **kw: _get(g, store, scope, name, **{**arguments, **kw}), full, **arguments)
        return _get(g, store, scope, full, **arguments)


def _get(g: Graph, store: _Store, scope: VariableScope, full: str, shape: Any, dtype: Any, initializer: Any,
         regularizer: Any, trainable: bool | None, collections: Any, validate_shape: bool, constraint: Any) -> Any:
    present = store.variables.get(full)
    wanted = None if shape is None else as_shape(shape)
    if present is not None:
        if scope.reuse is False or scope.reuse is None:
            raise ValueError(f"Variable {full} already exists, disallowed. Did you mean to set reuse=True or "
                             "reuse=tf.AUTO_REUSE in VarScope?")
        if wanted is not None and not wanted.is_compatible_with(present.shape):
            raise ValueError(f"Trying to share variable {full}, but specified shape {wanted} and found shape "
                             f"{present.shape}.")
        return present
    if scope.reuse is True:
        raise ValueError(f"Variable {full} does not exist, or was not created with tf.get_variable(). Did you mean to set "
                         "reuse=tf.AUTO_REUSE in VarScope?")
    kind = dtypes.as_dtype(dtype or scope.dtype)
    make = initializer if initializer is not None else scope.initializer
    value = _initial(full, make, wanted, kind)
    with g.name_scope(None):
        made = Variable(value, trainable, collections, validate_shape, name=full, dtype=None if callable(value) else dtype,
                        constraint=constraint or scope.constraint)
    store.variables[full] = made
    rule = regularizer or scope.regularizer
    if rule is not None:
        with g.name_scope(full + "/Regularizer/"):
            loss = rule(made)
        if loss is not None:
            g.add_to_collection("regularization_losses", loss)
    return made


def _initial(name: str, make: Any, shape: Any, dtype: dtypes.DType) -> Any:
    """The initial value, or a function that builds it inside the variable's own scope."""
    if make is None:
        make = initializers.GlorotUniform() if dtype.is_floating else initializers.Zeros()
    if isinstance(make, type):
        make = make()
    if not callable(make):
        if shape is not None:
            raise ValueError("If initializer is a constant, do not specify shape.")
        return convert_to_tensor(make, dtype) if not hasattr(make, "dtype") else make
    if shape is None or not shape.is_fully_defined():
        raise ValueError(f"Variable {name} did not get an initializer, so its `shape` argument must be specified."
                         if shape is None else f"Shape of a new variable ({name}) must be fully defined, but instead was "
                         f"{shape}.")
    return lambda: make(shape.as_list(), dtype=dtype)


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


