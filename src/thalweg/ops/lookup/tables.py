"""Lookup tables that are filled once: `StaticHashTable`, `StaticVocabularyTable`."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core import dtypes
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.scopes import name_scope
from .entries import hash_table, table_export, table_find, table_size
from .initializers import TABLE_INITIALIZERS


def made_outside(make: Any) -> Any:
    """The result of a function that is called outside any function's trace, where tables live."""
    if ctx.graph is None or not ctx.graph.building_function:
        return make()
    from ...core.init_scope import init_scope
    with init_scope():
        return make()


def on_values(keys: Any, look_up: Any) -> Any:
    """A lookup of the keys in a tensor, or of the values of a ragged or sparse one."""
    if hasattr(keys, "flat_values"):
        return keys.with_flat_values(look_up(keys.flat_values))
    if hasattr(keys, "dense_shape"):
        return type(keys)(keys.indices, look_up(keys.values), keys.dense_shape)
    return look_up(keys)


class LookupTable:
    """What all lookup tables have in common."""

    _handle: Any

    def __init__(self, key_dtype: dtypes.DType, value_dtype: dtypes.DType) -> None:
        self._key_dtype = key_dtype
        self._value_dtype = value_dtype

    @property
    def key_dtype(self) -> dtypes.DType:
        """The dtype of the keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> dtypes.DType:
        """The dtype of the values."""
        return self._value_dtype

    @property
    def resource_handle(self) -> Any:
        """The tensor that stands for the table."""
        return self._handle

    @property
    def name(self) -> Any:
        """The name of the table in its graph."""
        return None

    lookup: Callable[..., Any]

    def __getitem__(self, keys: Any) -> Any:
        return self.lookup(keys)

    def _scope(self, name: str | None, what: str) -> Any:
        return name_scope(name or f"{self.name}_{what}")


class StaticHashTable(LookupTable):
    """A table that is filled once, where it is made; in a graph, by the operation that `initializer` is.

    Args:
      initializer: the contents: a `KeyValueTensorInitializer` or `TextFileInitializer`.
      default_value: the value of keys that are not there.
      name: of the table in its graph.
      experimental_is_anonymous: accepted; no table can be found by its name alone.

    Raises:
      NotFoundError: there are no tables with keys and values of these dtypes.
      FailedPreconditionError: one key with two values.
    """

    def __init__(self, initializer: Any, default_value: Any, name: str | None = None,
                 experimental_is_anonymous: bool = False) -> None:
        super().__init__(initializer.key_dtype, initializer.value_dtype)
        self._initializer = initializer
        self._name = name or "hash_table"
        self._default = made_outside(lambda: convert_to_tensor(default_value, self._value_dtype))
        self._default.shape.merge_with([])
        self._handle = made_outside(self._create)
        self._init_op = made_outside(lambda: initializer.initialize(self))

    def _create(self) -> Any:
        attrs = {"shared_name": self._initializer.shared_name, "key_dtype": self._key_dtype, "value_dtype": self._value_dtype}
        handle = apply(hash_table, (), attrs, self._name)
        if ctx.graph is not None:
            self._name = handle.op.name.rpartition("/")[2]
        return handle

    @property
    def name(self) -> str:
        return self._name

    @property
    def default_value(self) -> Any:
        """The value of keys that are not there."""
        return self._default

    @property
    def initializer(self) -> Any:
        """The operation that fills the table, None outside graphs."""
        return self._init_op

    def size(self, name: str | None = None) -> Any:
        """How many keys there are, int64."""
        with self._scope(name, "Size"):
            return apply(table_size, (self._handle,))

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The values of keys, the default for those that are not there.

        Args:
          keys: a tensor, ragged or sparse tensor.

        Raises:
          TypeError: keys of another dtype.
        """
        if keys.dtype.base_dtype != self._key_dtype:
            raise TypeError(f"Dtype of argument `keys` must be {self._key_dtype}, received: {keys.dtype}")

        def look_up(found: Any) -> Any:
            with self._scope(name, "Lookup"):
                values = apply(table_find, (self._handle, found, self._default))
            values.set_shape(found.shape)
            return values
        return on_values(keys, look_up)

    def export(self, name: str | None = None) -> tuple[Any, Any]:
        """All keys and all values, in the order in which the table was filled."""
        with self._scope(name, "Export"):
            keys, values = apply(table_export, (self._handle,), {"Tkeys": self._key_dtype, "Tvalues": self._value_dtype})
        return keys, values


class StaticVocabularyTable(LookupTable):
    """A vocabulary: the known keys have the ids that the table tells, the others fall into buckets behind them.

    Args:
      initializer: the contents, with int64 values `0` to `n - 1`; None for buckets alone.
      num_oov_buckets: how many buckets there are.
      lookup_key_dtype: the dtype of the keys to look up, where it is not that of `initializer`.
      name: of the table in its graph.
      experimental_is_anonymous: accepted.

    Raises:
      ValueError: no buckets.
      TypeError: other dtypes than int64 ids for strings or integers.
    """

    def __init__(self, initializer: Any, num_oov_buckets: int, lookup_key_dtype: Any = None, name: str | None = None,
                 experimental_is_anonymous: bool = False) -> None:
        if num_oov_buckets <= 0:
            raise ValueError("`num_oov_buckets` must be > 0; use StaticHashTable.")
        wanted = dtypes.as_dtype(lookup_key_dtype) if lookup_key_dtype is not None else None
        self._table: StaticHashTable | None = None
        if initializer is not None:
            _check_vocabulary(initializer, wanted)
            self._table = StaticHashTable(initializer, -1, name)
            self._plain_name = self._table.name
        else:
            self._plain_name = name or "hash_bucket"
        self._buckets = int(num_oov_buckets)
        super().__init__(wanted or (initializer.key_dtype if initializer is not None else dtypes.string), dtypes.int64)

    @property
    def name(self) -> str:
        return self._plain_name

    @property
    def resource_handle(self) -> Any:
        """The tensor that stands for the table; None where there are buckets alone."""
        return self._table.resource_handle if self._table is not None else None

    @property
    def initializer(self) -> Any:
        """The operation that fills the table, None outside graphs."""
        if self._table is not None:
            return self._table.initializer
        from ..creation import no_op
        return made_outside(no_op)

    def size(self, name: str | None = None) -> Any:
        """How many ids there are, those of the buckets among them, int64."""
        if self._table is None:
            return convert_to_tensor(self._buckets, dtypes.int64)
        with self._scope(name, "Size"):
            return self._table.size() + self._buckets

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The ids of keys.

        Args:
          keys: a tensor, ragged or sparse tensor.

        Raises:
          TypeError: keys of another dtype.
        """
        if keys.dtype.base_dtype != self._key_dtype:
            raise TypeError(f"Dtype of argument `keys` must be {self._key_dtype}, received: {keys.dtype}")
        return on_values(keys, lambda found: self._ids(found, name))

    def _ids(self, keys: Any, name: str | None) -> Any:
        from ..casting import cast
        from ..comparison import not_equal
        from ..masking import where
        from ..text.hash_ops import to_hash_bucket_fast
        from ..text.numbers import as_string
        if self._table is not None and keys.dtype != self._table.key_dtype:
            keys = cast(keys, self._table.key_dtype)
        with self._scope(name, "Lookup"):
            words = keys if keys.dtype is dtypes.string else as_string(keys)
            buckets = to_hash_bucket_fast(words, self._buckets, name="hash_bucket")
            if self._table is None:
                return buckets
            ids = self._table.lookup(keys)
            return where(not_equal(ids, self._table.default_value), ids, buckets + self._table.size())


def _check_vocabulary(initializer: Any, wanted: dtypes.DType | None) -> None:
    key_dtype = initializer.key_dtype
    if wanted is not None:
        if wanted.is_integer != key_dtype.is_integer:
            raise TypeError("Invalid `key_dtype`, expected " + ("integer" if wanted.is_integer else f"{wanted}")
                            + f" but got {key_dtype}.")
    elif not key_dtype.is_integer and key_dtype is not dtypes.string:
        raise TypeError(f"Invalid `key_dtype`, expected integer or string but got {key_dtype}.")
    if initializer.value_dtype is not dtypes.int64:
        raise TypeError(f"Invalid `value_dtype`, expected {dtypes.int64} but got {initializer.value_dtype}.")


def tables_initializer(name: str | None = "init_all_tables") -> Any:
    """The operation that fills all tables of the graph that is being built; None outside graphs."""
    if ctx.graph is None:
        return None
    from ...core.graph import get_default_graph
    graph = ctx.graph or get_default_graph()
    with graph.control_dependencies(graph.get_collection(TABLE_INITIALIZERS)):
        from ..creation import no_op
        return no_op(name=name)


