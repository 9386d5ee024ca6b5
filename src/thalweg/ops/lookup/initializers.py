"""What a static table is filled with: tensors, or the lines of a file."""
from __future__ import annotations

from typing import Any

from ...core import dtypes
from ...core.context import ctx
from ...core.convert import convert_to_tensor
from ...core.dispatch import apply
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from .entries import initialize_from_text_file, table_import

TABLE_INITIALIZERS = "table_initializer"
"""The collection of the operations that fill the tables of a graph."""


def _collected(operation: Any) -> Any:
    """An operation that fills a table, put where `tables_initializer` finds it; None outside graphs."""
    if operation == ():
        return None
    operation.graph.add_to_collection(TABLE_INITIALIZERS, operation)
    return operation


class TableInitializer:
    """What a static table is filled with."""

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype = dtypes.as_dtype(key_dtype)
        self._value_dtype = dtypes.as_dtype(value_dtype)

    @property
    def key_dtype(self) -> dtypes.DType:
        """The dtype of the keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> dtypes.DType:
        """The dtype of the values."""
        return self._value_dtype

    @property
    def shared_name(self) -> str:
        """The name under which tables with these contents are one, or nothing."""
        return ""

    def initialize(self, table: Any) -> Any:
        """Fills a table.

        Returns:
          The operation in a graph, None otherwise.
        """
        raise NotImplementedError

    def _check(self, table: Any) -> None:
        if self.key_dtype != table.key_dtype:
            raise TypeError(f"Invalid key dtype for table, expected {table.key_dtype} but got {self.key_dtype}.")
        if self.value_dtype != table.value_dtype:
            raise TypeError(f"Invalid value dtype for table, expected {table.value_dtype} but got {self.value_dtype}.")


class KeyValueTensorInitializer(TableInitializer):
    """The contents of a static table, from two tensors.

    Args:
      keys, values: tensors or lists of as many elements.
      key_dtype, value_dtype: the dtypes to convert them to.
      name: of the operation that fills the table.
    """

    def __init__(self, keys: Any, values: Any, key_dtype: Any = None, value_dtype: Any = None, name: str | None = None) -> None:
        if ctx.graph is not None and ctx.graph.building_function:
            from ...core.init_scope import init_scope
            if not any(isinstance(x, Tensor) and not hasattr(x, "numpy") for x in (keys, values)):
                with init_scope():  # the table itself is made outside the function
                    self._convert(keys, values, key_dtype, value_dtype)
            else:
                self._convert(keys, values, key_dtype, value_dtype)
        else:
            self._convert(keys, values, key_dtype, value_dtype)
        self._name = name or "key_value_init"
        super().__init__(self._keys.dtype, self._values.dtype)

    def _convert(self, keys: Any, values: Any, key_dtype: Any, value_dtype: Any) -> None:
        self._keys = convert_to_tensor(keys, key_dtype, name="keys")
        self._values = convert_to_tensor(values, value_dtype, name="values")

    def initialize(self, table: Any) -> Any:
        """Fills a table.

        Raises:
          TypeError: its dtypes are others.
          FailedPreconditionError: one key with two values.
        """
        from ..arrays import reshape
        self._check(table)
        keys, values = self._keys, self._values
        if keys.shape.rank == 0:
            keys, values = reshape(keys, [-1]), reshape(values, [-1])
        with name_scope(self._name):
            return _collected(apply(table_import, (table.resource_handle, keys, values), {}))


class TextFileIndex:
    """What of a line is a key or value, beside its columns."""

    WHOLE_LINE = -2
    LINE_NUMBER = -1


class TextFileInitializer(TableInitializer):
    """The contents of a static table, from the lines of a file.

    Args:
      filename: the path, text or a string scalar tensor.
      key_dtype, value_dtype: the dtypes.
      key_index, value_index: the column, or one of `TextFileIndex`.
      vocab_size: how many lines to read; all of them where missing.
      delimiter: what stands between columns.
      name: of the operation that fills the table.
      value_index_offset: what is added to line numbers.

    Raises:
      ValueError: no file name, a column that there cannot be, a dtype that does not go with it.
    """

    def __init__(self, filename: Any, key_dtype: Any, key_index: int, value_dtype: Any, value_index: int,
                 vocab_size: int | None = None, delimiter: str = "\t", name: str | None = None,
                 value_index_offset: int = 0) -> None:
        if not isinstance(filename, Tensor) and not filename:
            raise ValueError("`filename` argument required for tf.lookup.TextFileInitializer")
        super().__init__(key_dtype, value_dtype)
        for word, index, dtype in (("key", key_index, self.key_dtype), ("value", value_index, self.value_dtype)):
            _check_index(word, index, dtype)
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError(f"`vocab_size` should be > 0, received: {vocab_size}")
        self._filename = filename
        self._attrs: dict[str, Any] = {"key_index": int(key_index), "value_index": int(value_index),
                                       "vocab_size": -1 if vocab_size is None else int(vocab_size), "delimiter": delimiter,
                                       "offset": int(value_index_offset)}
        self._name = name or "text_file_init"

    @property
    def shared_name(self) -> str:
        attrs = self._attrs
        parts = [self._filename, attrs["vocab_size"] if attrs["vocab_size"] > 0 else None, attrs["key_index"],
                 attrs["value_index"], attrs["offset"] or None]
        return "hash_table_" + "_".join(str(p) for p in parts if p is not None)

    def initialize(self, table: Any) -> Any:
        """Fills a table.

        Raises:
          TypeError: its dtypes are others.
          NotFoundError: there is no such file.
          InvalidArgumentError: an empty line, too few columns, text that is not a number.
        """
        self._check(table)
        with name_scope(self._name):
            filename = convert_to_tensor(self._filename, dtypes.string, name="asset_filepath")
            return _collected(apply(initialize_from_text_file, (table.resource_handle, filename), self._attrs))


def _check_index(word: str, index: int, dtype: dtypes.DType) -> None:
    if index < -2:
        raise ValueError(f"`{word}_index` should be >= -2, received: {index}.")
    if index == TextFileIndex.LINE_NUMBER and dtype is not dtypes.int64:
        text = "if `key_index` is" if word == "key" else "for `value_index`"
        raise ValueError(f"`{word}_dtype` must be int64 {text} {index}, received: {dtype}")
    if index == TextFileIndex.WHOLE_LINE and not dtype.is_integer and dtype is not dtypes.string:
        raise ValueError(f"`{word}_dtype` should be either integer or string for `{word}_index` {index}, received: {dtype}")
