"""Functions that change variables, and functions that share theirs between calls."""
from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import thalweg as tf

from .building import eagerly, in_default_graph
from .collections import global_variables, local_variables, trainable_variables
from .scopes import VariableScope, variable_scope


def _rows(change: str, what: str) -> Callable[..., Any]:
    def scatter(ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None) -> Any:
        with in_default_graph():
            return getattr(ref, f"scatter_{change}")(tf.IndexedSlices(updates, indices), name=name)
    scatter.__name__ = scatter.__qualname__ = f"scatter_{change}"
    scatter.__doc__ = (f"{what}, whenever the result is computed, which is the variable's new value.\n\n"
                       "    Args:\n      ref: a variable.\n      indices: of rows, int32 or int64.\n"
                       "      updates: a row for each index, or one value for all.\n"
                       "      use_locking: accepted, without effect.")
    return scatter


scatter_update = _rows("update", "Replaces rows of a variable")
scatter_add = _rows("add", "Adds to rows of a variable; repeated indices add up")
scatter_sub = _rows("sub", "Subtracts from rows of a variable; repeated indices add up")
scatter_mul = _rows("mul", "Multiplies rows of a variable")
scatter_div = _rows("div", "Divides rows of a variable")
scatter_max = _rows("max", "Sets rows of a variable to the larger of both")
scatter_min = _rows("min", "Sets rows of a variable to the smaller of both")


def _slices(change: str, what: str) -> Callable[..., Any]:
    def scatter(ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None) -> Any:
        with in_default_graph():
            return getattr(ref, f"scatter_nd_{change}")(indices, updates, name=name)
    scatter.__name__ = scatter.__qualname__ = f"scatter_nd_{change}"
    scatter.__doc__ = (f"{what}, whenever the result is computed, which is the variable's new value.\n\n"
                       "    Args:\n      ref: a variable.\n      indices: of slices, shape `[..., k]`, int32 or int64.\n"
                       "      updates: a slice for each index.\n      use_locking: accepted, without effect.")
    return scatter


scatter_nd_update = _slices("update", "Replaces slices of a variable")
scatter_nd_add = _slices("add", "Adds to slices of a variable; repeated indices add up")
scatter_nd_sub = _slices("sub", "Subtracts from slices of a variable; repeated indices add up")


def count_up_to(ref: Any, limit: int, name: str | None = None) -> Any:
    """The value of an integer variable before one is added to it, whenever the result is computed.

    Raises:
      OutOfRangeError: it is `limit` already.
    """
    with in_default_graph():
        return ref.count_up_to(limit)


def no_regularizer(_: Any) -> None:
    """Says that a variable has no regularizer, where its scope has one."""


def assert_variables_initialized(var_list: Any = None) -> Any:
    """An operation that fails where a variable has no value; None where there are no variables.

    Raises, when it runs:
      FailedPreconditionError: a variable has no value.
    """
    variables = [*global_variables(), *local_variables()] if var_list is None else list(var_list)
    if not variables:
        return None
    with in_default_graph():
        return tf.stack([tf.size(v) for v in variables])


class Template:
    """A function that makes its variables when it is called first and uses them in all later calls; see `make_template`."""

    def __init__(self, name: str, func: Callable[..., Any], create_scope_now: bool = False, unique_name: str | None = None,
                 custom_getter: Callable[..., Any] | None = None) -> None:
        if name is None:
            raise ValueError("name cannot be None.")
        self._func, self._name, self._unique_name = func, name, unique_name
        self._kept: dict[str, Any] = {}
        self._custom_getter = custom_getter
        self._created = False
        with in_default_graph() as g:
            self._eager = g is None
        self._scope: VariableScope | None = None
        if create_scope_now:
            opened = variable_scope(unique_name, default_name=name, custom_getter=self._getter, auxiliary_name_scope=False)
            with opened as self._scope:
                pass

    def _getter(self, getter: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        """Keeps the variables of eager code, which has no store of them."""
        if self._custom_getter is not None:
            outer, getter = getter, lambda *a, **k: self._custom_getter(outer, *a, **k)
        if not tf.executing_eagerly():
            return getter(name, *args, **kwargs)
        if name not in self._kept:
            self._kept[name] = getter(name, *args, **kwargs)
        return self._kept[name]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with eagerly() if self._eager else nullcontext(), in_default_graph() as g:
            reuse = True if self._created and g is not None else None
            opened = (variable_scope(self._scope, reuse=reuse) if self._scope is not None else
                      variable_scope(self._unique_name, default_name=self._name, custom_getter=self._getter))
            with opened as scope:
                self._scope = self._scope or scope
                before = len(trainable_variables())
                result = self._func(*args, **kwargs)
                if self._created and len(trainable_variables()) != before:
                    made = [v.name for v in trainable_variables()[before:]]
                    raise ValueError("Trainable variable created when calling a template after the first time, perhaps you "
                                     f"used tf.Variable when you meant tf.get_variable: {made}")
                self._created = True
                return result

    @property
    def name(self) -> str:
        """The name of the template."""
        return self._name

    @property
    def func(self) -> Callable[..., Any]:
        """The function that it calls."""
        return self._func

    @property
    def variable_scope(self) -> VariableScope | None:
        """The scope of its variables; None before there is one."""
        return self._scope

    @property
    def variable_scope_name(self) -> str | None:
        """The name of that scope, with a slash at its end."""
        return None if self._scope is None else self._scope.name.rstrip("/") + "/"

    @property
    def variables(self) -> list[Any]:
        """Its variables, those of graphs by their scope."""
        return self.global_variables + self.local_variables

    @property
    def global_variables(self) -> list[Any]:
        """Its global variables."""
        return list(self._kept.values()) or ([] if self._scope is None else self._scope.global_variables())

    @property
    def local_variables(self) -> list[Any]:
        """Its local variables."""
        return [] if self._scope is None or self._kept else self._scope.local_variables()

    @property
    def trainable_variables(self) -> list[Any]:
        """Its variables that are trained."""
        return [v for v in self.global_variables if v.trainable]

    @property
    def non_trainable_variables(self) -> list[Any]:
        """Its variables that are not trained."""
        return [v for v in self.variables if not v.trainable]

    weights = variables
    trainable_weights = trainable_variables
    non_trainable_weights = non_trainable_variables


def make_template(name_: str, func_: Callable[..., Any], create_scope_now_: bool = False, unique_name_: str | None = None,
                  custom_getter_: Callable[..., Any] | None = None, **kwargs: Any) -> Template:
    """A function that shares the variables of its first call, those by `get_variable`, among all its calls.

    Args:
      name_: the variable scope, made unique by a number.
      func_: called in that scope.
      create_scope_now_: whether the scope gets its name here rather than in the first call.
      unique_name_: the name of the scope as it is.
      custom_getter_: of the scope.
      **kwargs: arguments that `func_` gets with each call.

    Raises:
      ValueError: no name; in a later call: it made another trainable variable.
    """
    def call(*args: Any, **given: Any) -> Any:
        return func_(*args, **{**kwargs, **given})
    return Template(name_, call if kwargs else func_, create_scope_now_, unique_name_, custom_getter_)


def fixed_size_partitioner(num_shards: int, axis: int = 0) -> Callable[..., list[int]]:
    """A partitioner for `get_variable` that asks for a number of parts. Variables here are never in parts."""
    def partition(shape: Any, **unused: Any) -> list[int]:
        sizes = _sizes(shape)
        return _along(sizes, axis, min(num_shards, sizes[axis]))
    return partition


def variable_axis_size_partitioner(max_shard_bytes: int, axis: int = 0, bytes_per_string_element: int = 16,
                                   max_shards: int | None = None) -> Callable[..., list[int]]:
    """A partitioner for `get_variable` that asks for parts of a size. Variables here are never in parts.

    Raises:
      ValueError: a number that is not positive.
    """
    if max_shard_bytes < 1 or bytes_per_string_element < 1:
        raise ValueError("Both max_shard_bytes and bytes_per_string_element must be positive. Currently, max_shard_bytes is "
                         f"{max_shard_bytes} and bytes_per_string_element is {bytes_per_string_element}")
    if max_shards and max_shards < 1:
        raise ValueError("max_shards must be positive.")

    def partition(shape: Any, dtype: Any, **unused: Any) -> list[int]:
        sizes = _sizes(shape)
        row = math.prod(sizes) // sizes[axis] * _bytes(dtype, bytes_per_string_element)
        parts = math.ceil(sizes[axis] / max(1, max_shard_bytes // row))
        return _along(sizes, axis, min(max_shards, parts) if max_shards else parts)
    return partition


def min_max_variable_partitioner(max_partitions: int = 1, axis: int = 0, min_slice_size: int = 256 << 10,
                                 bytes_per_string_element: int = 16) -> Callable[..., list[int]]:
    """A partitioner for `get_variable` that asks for at most so many parts. Variables here are never in parts."""
    def partition(shape: Any, dtype: Any, **unused: Any) -> list[int]:
        sizes = _sizes(shape)
        total = math.prod(sizes) * _bytes(dtype, bytes_per_string_element)
        return _along(sizes, axis, max(1, min(sizes[axis], max_partitions, math.ceil(total / min_slice_size))))
    return partition


def _sizes(shape: Any) -> list[int]:
    shape = tf.TensorShape(shape)
    if not shape.is_fully_defined():
        raise ValueError(f"shape is not fully-defined, got: {shape}")
    return [int(size) for size in shape.as_list()]


def _along(sizes: list[int], axis: int, parts: int) -> list[int]:
    counts = [1] * len(sizes)
    counts[axis] = parts
    return counts


def _bytes(dtype: Any, of_text: int) -> int:
    dtype = tf.as_dtype(dtype)
    return of_text if dtype == tf.string else int(dtype.size)
