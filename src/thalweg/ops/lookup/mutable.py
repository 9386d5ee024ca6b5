"""Lookup tables whose contents change: `MutableHashTable`, `DenseHashTable`."""
from __future__ import annotations

import itertools
from typing import Any

from ...core import dtypes
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.shape import TensorShape
from . import entries
from .tables import LookupTable, made_outside, on_values

_uid = itertools.count()


def _converted(value: Any, dtype: dtypes.DType, what: str) -> Any:
    try:
        return convert_to_tensor(value, dtype)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from None


class _Mutable(LookupTable):
    """What the tables with changing contents have in common."""

    def __init__(self, key_dtype: Any, value_dtype: Any, default_value: Any, default_name: str | None = None) -> None:
        super().__init__(dtypes.as_dtype(key_dtype), dtypes.as_dtype(value_dtype))
        self._default = made_outside(lambda: convert_to_tensor(default_value, self._value_dtype, name=default_name))
        self._value_shape = self._default.shape
        self._table_name: str | None = None

    def _made(self, entry: Any, inputs: Any, attrs: dict[str, Any], name: str, uid: str | None = None) -> Any:
        attrs = {"shared_name": uid or f"table_{next(_uid)}", "key_dtype": self._key_dtype, "value_dtype": self._value_dtype,
                 **attrs}

        def make() -> Any:
            handle = apply(entry, inputs, attrs, name)
            self._table_name = handle.op.name.rpartition("/")[2] if ctx.graph is not None else None
            return handle
        return made_outside(make)

    @property
    def name(self) -> str | None:
        """The name of the table in its graph; None outside graphs."""
        return self._table_name

    def _keys(self, keys: Any) -> Any:
        return _converted(keys, self._key_dtype, "keys")

    def size(self, name: str | None = None) -> Any:
        """How many keys there are, int64."""
        with self._scope(name, "Size"):
            return apply(entries.table_size, (self._handle,))

    def insert(self, keys: Any, values: Any, name: str | None = None) -> Any:
        """Adds keys with their values, or gives them new ones.

        Returns:
          The operation in a graph, None otherwise.

        Raises:
          ValueError: tensors of other dtypes.
          InvalidArgumentError: the shapes do not fit.
        """
        with self._scope(name, "lookup_table_insert"):
            inputs = (self._handle, self._keys(keys), _converted(values, self._value_dtype, "values"))
            return apply(entries.table_insert, inputs) or None

    def insert_or_assign(self, keys: Any, values: Any, name: str | None = None) -> Any:
        """`insert` under another name."""
        return self.insert(keys, values, name)

    def remove(self, keys: Any, name: str | None = None) -> Any:
        """Forgets keys; those that are not there are no error.

        Returns:
          The operation in a graph, None otherwise.

        Raises:
          TypeError: keys of another dtype.
        """
        if hasattr(keys, "dtype") and keys.dtype != self._key_dtype:
            raise TypeError(f"Dtype of argument `keys` must be {self._key_dtype}, received: {keys.dtype}")
        with self._scope(name, "lookup_table_remove"):
            return apply(entries.table_remove, (self._handle, self._keys(keys))) or None

    def erase(self, keys: Any, name: str | None = None) -> Any:
        """`remove` under another name."""
        return self.remove(keys, name)

    def _find(self, keys: Any, default: Any, name: str | None) -> Any:
        def look_up(found: Any) -> Any:
            with self._scope(name, "lookup_table_find"):
                found = self._keys(found)
                values = apply(entries.table_find, (self._handle, found, self._default if default is None else _converted(
                    default, self._value_dtype, "default_value")))
            values.set_shape(self._lead(found.shape).concatenate(self._value_shape))
            return values
        return on_values(keys, look_up)

    def _lead(self, shape: TensorShape) -> TensorShape:
        return shape

    def export(self, name: str | None = None) -> tuple[Any, Any]:
        """All keys and all values."""
        with self._scope(name, "lookup_table_export_values"):
            types = {"Tkeys": self._key_dtype, "Tvalues": self._value_dtype}
            keys, values = apply(entries.table_export, (self._handle,), types)
        return keys, values


class MutableHashTable(_Mutable):
    """A table whose contents change.

    Args:
      key_dtype, value_dtype: the dtypes.
      default_value: the value of keys that are not there; its shape is that of all values.
      name: of the table in its graph.
      checkpoint: accepted.
      experimental_is_anonymous: accepted; no table can be found by its name alone.

    Raises:
      NotFoundError: there are no tables with keys and values of these dtypes.
    """

    def __init__(self, key_dtype: Any, value_dtype: Any, default_value: Any, name: str = "MutableHashTable",
                 checkpoint: bool = True, experimental_is_anonymous: bool = False) -> None:
        super().__init__(key_dtype, value_dtype, default_value)
        if self._value_shape.rank == 0:
            self._handle = self._made(entries.mutable_hash_table, (), {}, name)
        else:
            self._handle = self._made(entries.mutable_hash_table_of_tensors, (), {"value_shape": self._value_shape}, name)

    def lookup(self, keys: Any, dynamic_default_values: Any = None, name: str | None = None) -> Any:
        """The values of keys, the default for those that are not there.

        Args:
          keys: a tensor, ragged or sparse tensor.
          dynamic_default_values: a default for each key, in place of the table's.

        Raises:
          ValueError: keys of another dtype.
        """
        return self._find(keys, dynamic_default_values, name)


class DenseHashTable(_Mutable):
    """A table whose contents change, with keys that may be vectors.

    Args:
      key_dtype, value_dtype: the dtypes.
      default_value: the value of keys that are not there; its shape is that of all values.
      empty_key, deleted_key: two different keys that are never used; their shape is that of all keys.
      initial_num_buckets: a power of two.
      name: of the table in its graph.
      checkpoint: accepted.
      experimental_is_anonymous: accepted.

    Raises:
      NotFoundError: there are no tables with keys and values of these dtypes.
      InvalidArgumentError: equal keys, or another number of buckets.
    """

    def __init__(self, key_dtype: Any, value_dtype: Any, default_value: Any, empty_key: Any, deleted_key: Any,
                 initial_num_buckets: int | None = None, name: str = "MutableDenseHashTable", checkpoint: bool = True,
                 experimental_is_anonymous: bool = False) -> None:
        super().__init__(key_dtype, value_dtype, default_value, "default_value")
        empty, deleted = made_outside(lambda: [convert_to_tensor(k, self._key_dtype, name=n) for k, n in (
            (empty_key, "empty_key"), (deleted_key, "deleted_key"))])
        self._key_rank = empty.shape.rank
        attrs: dict[str, Any] = {"value_shape": self._value_shape}
        if initial_num_buckets is not None:
            attrs["initial_num_buckets"] = int(initial_num_buckets)
        self._handle = self._made(entries.mutable_dense_hash_table, (empty, deleted), attrs, name)

    def _lead(self, shape: TensorShape) -> TensorShape:
        return shape[:shape.rank - self._key_rank] if shape.rank is not None and self._key_rank else shape

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The values of keys, the default for those that are not there.

        Args:
          keys: a tensor; for vectors as keys with one axis more.

        Raises:
          ValueError: keys of another dtype.
          InvalidArgumentError: one of the keys that are never used.
        """
        return self._find(keys, None, name)
