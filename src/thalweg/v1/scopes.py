"""Variable scopes: names that variables are shared by, and the defaults that they are made with."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor, to_array
from ..core.graph import Graph
from ..core.scopes import name_scope as _name_scope
from ..core.shape import as_shape
from . import initializers
from .building import in_default_graph
from .collections import graph, home
from .variables import new_variable


class _AutoReuse:
    """Share a variable that exists, else make it."""

    def __repr__(self) -> str:
        return "_ReuseMode.AUTO_REUSE"


AUTO_REUSE = _AutoReuse()


class VariableScope:
    """The defaults of `get_variable` inside a `variable_scope`, and the prefix of its names."""

    def __init__(self, reuse: Any, name: str = "", initializer: Any = None, regularizer: Any = None,
                 caching_device: Any = None, partitioner: Any = None, custom_getter: Any = None, name_scope: str = "",
                 dtype: Any = dtypes.float32, use_resource: Any = None, constraint: Any = None) -> None:
        self.name = name
        self.reuse = reuse
        self.initializer = initializer
        self.regularizer = regularizer
        self.caching_device = caching_device
        self.partitioner = partitioner
        self.custom_getter = custom_getter
        self.original_name_scope = name_scope
        self.dtype = dtype
        self.use_resource = use_resource
        self.constraint = constraint

    def reuse_variables(self) -> None:
        """From here on `get_variable` finds variables instead of making them."""
        self.reuse = True

    def set_initializer(self, initializer: Any) -> None:
        """Sets the initializer of variables that are given none."""
        self.initializer = initializer

    def set_regularizer(self, regularizer: Any) -> None:
        """Sets the regularizer of variables that are given none."""
        self.regularizer = regularizer

    def set_dtype(self, dtype: Any) -> None:
        """Sets the dtype of variables that are given none."""
        self.dtype = dtype

    def set_use_resource(self, use_resource: Any) -> None:
        """Accepted: every variable is a resource."""
        self.use_resource = use_resource

    def set_caching_device(self, caching_device: Any) -> None:
        """Accepted: there is one device."""
        self.caching_device = caching_device

    def set_partitioner(self, partitioner: Any) -> None:
        """Accepted: variables are never split."""
        self.partitioner = partitioner

    def set_custom_getter(self, custom_getter: Any) -> None:
        """Sets the function that `get_variable` goes through."""
        self.custom_getter = custom_getter

    def get_collection(self, name: str) -> list[Any]:
        """What is in a collection under this scope's name."""
        return home().get_collection(name, self.name + "/" if self.name else None)

    def global_variables(self) -> list[Any]:
        """The global variables under this scope's name."""
        return self.get_collection("variables")

    def local_variables(self) -> list[Any]:
        """The local variables under this scope's name."""
        return self.get_collection("local_variables")

    def trainable_variables(self) -> list[Any]:
        """The trainable variables under this scope's name."""
        return self.get_collection("trainable_variables")


class _Store:
    """The shared variables of a graph, the scope that is open, and how often each scope was opened."""

    def __init__(self) -> None:
        self.variables: dict[str, Any] = {}
        self.scope = VariableScope(False)
        self.opened: dict[str, int] = {}

    def open(self, name: str) -> None:
        self.opened[name] = self.opened.get(name, 0) + 1

    def forget_inside(self, name: str) -> None:
        """Scopes opened inside `name` count anew the next time it is open."""
        for key in self.opened:
            if key.startswith(name + "/"):
                self.opened[key] = 0

    def unused(self, prefix: str) -> str:
        """`prefix`, or the first of `prefix_1`, `prefix_2`, ... that was not opened in the present scope."""
        within = f"{self.scope.name}/{prefix}" if self.scope.name else prefix
        if not self.opened.get(within):
            return prefix
        index = 1
        while self.opened.get(f"{within}_{index}"):
            index += 1
        return f"{prefix}_{index}"


def _store(g: Graph) -> _Store:
    held = g.get_collection_ref(("variable_store",))
    if not held:
        held.append(_Store())
    store: _Store = held[0]
    return store


def get_variable_scope() -> VariableScope:
    """The open variable scope of the default graph."""
    return _store(home()).scope


class variable_scope:
    """Puts `name/` before the names of variables, and of operations, made inside. `with` gives the scope.

    Args:
      name_or_scope: a name, or a scope to open again; where None a form of `default_name` that was not used yet.
      default_name: for `name_or_scope=None`.
      values: accepted, to check in TensorFlow that all are of one graph.
      initializer, regularizer, custom_getter, dtype, constraint: defaults of `get_variable` inside.
      caching_device, partitioner, use_resource: accepted, without effect.
      reuse: True finds variables, AUTO_REUSE finds or makes them, None inherits.
      auxiliary_name_scope: whether names of operations get the prefix too.

    Raises:
      ValueError: neither a name nor a default name, or `reuse=True` without a name.
      TypeError: `name_or_scope` is something else.
    """

    def __init__(self, name_or_scope: Any, default_name: str | None = None, values: Any = None, initializer: Any = None,
                 regularizer: Any = None, caching_device: Any = None, partitioner: Any = None, custom_getter: Any = None,
                 reuse: Any = None, dtype: Any = None, use_resource: Any = None, constraint: Any = None,
                 auxiliary_name_scope: bool = True) -> None:
        if name_or_scope is None and default_name is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if name_or_scope is not None and not isinstance(name_or_scope, (VariableScope, str)):
            raise TypeError("VariableScope: name_or_scope must be a string or VariableScope.")
        if reuse is False:
            reuse = None
        if not (reuse is True or reuse is None or reuse is AUTO_REUSE):
            raise ValueError("The reuse parameter must be True or False or None.")
        if name_or_scope is None and reuse:
            raise ValueError("reuse=True cannot be used without a name_or_scope")
        self._name_or_scope = name_or_scope
        self._default_name = default_name
        self._reuse = reuse
        self._own = {"initializer": initializer, "regularizer": regularizer, "caching_device": caching_device,
                     "partitioner": partitioner, "dtype": dtype, "use_resource": use_resource, "constraint": constraint}
        self._custom_getter = custom_getter
        self._auxiliary = auxiliary_name_scope
        self._exits: list[tuple[Any, Any, _Store, VariableScope, dict[str, int] | None]] = []

    def __enter__(self) -> VariableScope:
        building = in_default_graph()
        building.__enter__()
        store = _store(home())
        outer, given = store.scope, self._name_or_scope
        again = isinstance(given, VariableScope)
        base = given if isinstance(given, VariableScope) else outer
        asked = None if isinstance(given, VariableScope) else given
        label = base.name.rpartition("/")[2] if again else asked if asked is not None else self._default_name
        names = _name_scope(label) if self._auxiliary and label else None
        operations = names.__enter__() if names is not None else _present_scope()
        if again:
            full, operations = base.name, base.original_name_scope
            reuse = self._reuse if self._reuse else base.reuse
            counts: dict[str, int] | None = dict(store.opened)
        else:
            own = asked if asked is not None else store.unused(self._default_name or "")
            full = f"{outer.name}/{own}" if outer.name else own
            reuse, counts = self._reuse or outer.reuse, None
        settings = {key: getattr(base, key) if value is None else value for key, value in self._own.items()}
        scope = VariableScope(reuse, full, name_scope=operations,
                              custom_getter=_chained(self._custom_getter, base.custom_getter), **settings)
        if counts is not None:
            counts[full] = counts.get(full, 0) + 1
        store.open(full)
        store.scope = scope
        self._exits.append((building, names, store, outer, counts))
        return scope

    def __exit__(self, *error: Any) -> None:
        building, names, store, outer, counts = self._exits.pop()
        if counts is None:
            store.forget_inside(store.scope.name)
        else:
            store.opened = counts
        store.scope = outer
        if names is not None:
            names.__exit__(*error)
        building.__exit__(*error)


def _present_scope() -> str:
    name = graph().get_name_scope()
    return name + "/" if name else ""


def _chained(custom: Callable[..., Any] | None, outer: Callable[..., Any] | None) -> Callable[..., Any] | None:
    """A getter that gives `custom` the outer scope's getter to call."""
    if custom is None or outer is None:
        return custom or outer

    def both(getter: Any, *args: Any, **kwargs: Any) -> Any:
        return custom(functools.partial(outer, getter), *args, **kwargs)
    return both


def variable_op_scope(values: Any, name_or_scope: Any, default_name: str | None = None, **settings: Any) -> variable_scope:
    """`variable_scope` with its arguments in the older order."""
    return variable_scope(name_or_scope, default_name, values, **settings)


def get_variable(name: str, shape: Any = None, dtype: Any = None, initializer: Any = None, regularizer: Any = None,
                 trainable: bool | None = None, collections: Any = None, caching_device: Any = None, partitioner: Any = None,
                 validate_shape: bool = True, use_resource: Any = None, custom_getter: Any = None, constraint: Any = None,
                 synchronization: Any = None, aggregation: Any = None) -> Any:
    """The variable of that name in the open variable scope, made if the scope does not reuse.

    Args:
      name: behind the scope's.
      shape, dtype: of the variable; the scope's dtype, mostly float32, unless told otherwise.
      initializer: a function of a shape, a tensor or a value; Glorot's uniform values unless told otherwise.
      regularizer: a function of the variable whose result joins the collection of regularization losses.
      trainable: whether the variable joins the trainable ones.
      collections: the collections it joins; the global variables unless told otherwise.
      validate_shape: whether the shape has to be known.
      custom_getter: called in place of this function, with this function as its first argument.
      constraint: the projection that optimizers apply after an update.
      caching_device, partitioner, use_resource, synchronization, aggregation: accepted, without effect.

    Raises:
      ValueError: it exists and is not to be reused, or is to be reused and does not exist or has another shape or
        dtype.
    """
    if initializer is not None and not callable(initializer):
        dtype = _dtype_of_value(initializer, dtype)
    with in_default_graph() as g:
        store = _store(home())
        scope = store.scope
        full = f"{scope.name}/{name}" if scope.name else name
        arguments = {"shape": shape, "dtype": dtypes.as_dtype(scope.dtype if dtype is None else dtype),
                     "initializer": scope.initializer if initializer is None else initializer,
                     "regularizer": scope.regularizer if regularizer is None else regularizer, "reuse": scope.reuse,
                     "trainable": trainable, "collections": collections, "caching_device": caching_device,
                     "partitioner": partitioner, "validate_shape": validate_shape, "use_resource": use_resource,
                     "constraint": scope.constraint if constraint is None else constraint,
                     "synchronization": synchronization, "aggregation": aggregation}
        getter = _chained(custom_getter, scope.custom_getter)
        if getter is not None:
            return getter(functools.partial(_get, g, store), full, **arguments)
        return _get(g, store, full, **arguments)


def _dtype_of_value(value: Any, dtype: Any) -> dtypes.DType:
    """The dtype of a variable that begins with a value."""
    found = dtypes.as_dtype(value.dtype if hasattr(value, "dtype") else dtypes.from_numpy(to_array(value).dtype)).base_dtype
    if dtype is not None and dtypes.as_dtype(dtype) != found:
        raise ValueError(f"Initializer type '{found}' and explicit dtype '{dtypes.as_dtype(dtype)}' don't match.")
    return found


def get_local_variable(name: str, shape: Any = None, dtype: Any = None, initializer: Any = None, regularizer: Any = None,
                       trainable: bool = False, collections: Any = None, **settings: Any) -> Any:
    """`get_variable` for a local variable, which is not trained and not saved."""
    return get_variable(name, shape, dtype, initializer, regularizer, False, [*(collections or ()), "local_variables"],
                        **settings)


def _get(g: Graph | None, store: _Store, name: str, shape: Any = None, dtype: Any = dtypes.float32, initializer: Any = None,
         regularizer: Any = None, reuse: Any = None, trainable: bool | None = None, collections: Any = None,
         caching_device: Any = None, partitioner: Any = None, validate_shape: bool = True, use_resource: Any = None,
         constraint: Any = None, synchronization: Any = None, aggregation: Any = None) -> Any:
    kind = dtypes.as_dtype(dtype)
    wanted = None if shape is None else as_shape(shape)
    present = store.variables.get(name) if g is not None else None
    if present is not None:
        if not reuse:
            raise ValueError(f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or "
                             "reuse=tf.AUTO_REUSE in VarScope?")
        if wanted is not None and not wanted.is_compatible_with(present.shape):
            raise ValueError(f"Trying to share variable {name}, but specified shape {wanted} and found shape "
                             f"{present.shape}.")
        if not kind.is_compatible_with(present.dtype):
            raise ValueError(f"Trying to share variable {name}, but specified dtype {kind.name} and found dtype "
                             f"{present.dtype.name}.")
        return present
    if reuse is True and g is not None:
        raise ValueError(f"Variable {name} does not exist, or was not created with tf.get_variable(). Did you mean to set "
                         "reuse=tf.AUTO_REUSE in VarScope?")
    value = _initial(name, initializer, wanted, kind)
    with _name_scope("") if g is None else home().name_scope(None):
        made = new_variable(value, trainable, collections, validate_shape, name=name, dtype=None if callable(value) else kind,
                            constraint=constraint)
    if g is None:
        return made  # eager code keeps no store: the caller holds the variable
    store.variables[name] = made
    if regularizer is not None:
        with home().as_default(), home().name_scope(name + "/Regularizer/"):
            loss = regularizer(made)
        if loss is not None:
            home().add_to_collection("regularization_losses", loss)
    return made


def _initial(name: str, make: Any, shape: Any, dtype: dtypes.DType) -> Any:
    """The initial value, or a function that builds it inside the variable's own scope."""
    if make is None:
        if shape is not None and not shape.is_fully_defined():
            raise ValueError(f"Shape of a new variable ({name}) must be fully defined, but instead was {shape}.")
        if shape is None:
            raise ValueError(f"Variable {name} did not get an initializer, so its `shape` argument must be specified.")
        make = initializers.GlorotUniform() if dtype.is_floating else initializers.Zeros()
    if isinstance(make, type):
        make = make()
    if not callable(make):
        if shape is not None:
            raise ValueError("If initializer is a constant, do not specify shape.")
        return convert_to_tensor(make, dtype) if not hasattr(make, "dtype") else make
    if shape is None:
        return lambda: convert_to_tensor(make(), dtype)
    if not shape.is_fully_defined():
        raise ValueError(f"Shape of a new variable ({name}) must be fully defined, but instead was {shape}.")
    return lambda: make(shape.as_list(), dtype=dtype)
