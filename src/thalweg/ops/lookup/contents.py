"""What is behind a table's handle: a dictionary on the host."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.host_value import HostValue
from ..common import shape_text
from ..layout import bad
from ..text.hashing import hash_all, murmur_hash
from ..text.values import array_of

Array = np.ndarray[Any, Any]


class Table(HostValue):
    """A table from keys to values, which stands as the value of its handle.

    Args:
      key_dtype, value_dtype: of its tensors.
      value_shape: the shape of one value.
      key_shape: the shape of one key.
    """

    kind = "Table"
    tensor_dtype = dtypes.resource

    def __init__(self, key_dtype: dtypes.DType, value_dtype: dtypes.DType, value_shape: tuple[int, ...] = (),
                 key_shape: tuple[int, ...] = ()) -> None:
        self.key_dtype = key_dtype
        self.value_dtype = value_dtype
        self.value_shape = value_shape
        self.key_shape = key_shape
        self.items: dict[Any, Any] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> Table:
        return self

    def keys_in(self, keys: Any) -> tuple[list[Any], tuple[int, ...]]:
        """The keys of a tensor as Python values, and the shape that they have together.

        Raises:
          InvalidArgumentError: they are not of the shape of this table's keys.
        """
        array = array_of(keys)
        depth = len(self.key_shape)
        if array.shape[array.ndim - depth:] != self.key_shape:
            raise bad(f"Input key shape {shape_text(array.shape)} must end with the table's key shape "
                      f"{shape_text(self.key_shape)}")
        lead = array.shape[:array.ndim - depth]
        if not depth:
            return array.reshape(-1).tolist(), lead
        rows = array.reshape(-1, int(np.prod(self.key_shape))).tolist()
        return [tuple(row) for row in rows], lead

    def check(self, keys: Any, values: Any, have: str) -> None:
        """Raises where tensors have other dtypes than the table.

        Raises:
          InvalidArgumentError: naming both.
        """
        mine = (self.key_dtype, self.value_dtype)
        given = tuple(dtypes.from_numpy(array_of(x).dtype) for x in (keys, values))
        if given != mine:
            names = [[dtypes.type_name(d) for d in pair] for pair in (given, mine)]
            raise bad(f"Signature mismatch, have: {have.format(*names[0])} expected: {have.format(*names[1])}")

    def find(self, keys: Any, default: Any) -> Array:
        """The values of keys; where there is none, the default, which is one value or one for each key.

        Raises:
          InvalidArgumentError: other dtypes or shapes.
        """
        self.check(keys, default, "resource, {0}, {1}->{1}")
        found, lead = self.keys_in(keys)
        default = array_of(default)
        whole = lead + self.value_shape
        if default.shape not in (self.value_shape, whole):
            raise bad(f"Expected shape {shape_text(self.value_shape)} or {shape_text(whole)} for default value, got "
                      f"{shape_text(default.shape)}")
        out = np.array(np.broadcast_to(default, whole)).reshape(len(found), *self.value_shape)
        items = self.items
        places = [i for i, key in enumerate(found) if key in items]
        if places:
            out[places] = self._stack([items[found[i]] for i in places])
        return out.reshape(whole)

    def _stack(self, values: list[Any]) -> Array:
        if self.value_shape:
            return np.stack(values)
        made = np.empty(len(values), self.value_dtype.np)
        made[:] = values
        return made

    def pairs(self, keys: Any, values: Any) -> tuple[list[Any], list[Any]]:
        """Keys and values to put in, as Python values.

        Raises:
          InvalidArgumentError: they do not fit together, or this table.
        """
        self.check(keys, values, "resource, {0}, {1}")
        found, lead = self.keys_in(keys)
        array = array_of(values)
        wanted = lead + self.value_shape
        if array.shape != wanted:
            raise bad(f"Expected shape {shape_text(wanted)} for value, got {shape_text(array.shape)}")
        if not self.value_shape:
            return found, array.reshape(-1).tolist()
        return found, [row.copy() for row in array.reshape(len(found), *self.value_shape)]

    def export(self) -> tuple[Array, Array]:
        """All keys and values, in the order in which they came."""
        keys = np.empty(len(self.items), self.key_dtype.np)
        keys[:] = list(self.items)
        if not self.items:
            return keys, np.empty((0, *self.value_shape), self.value_dtype.np)
        return keys, self._stack(list(self.items.values()))

    def count(self) -> int:
        """How many keys there are."""
        return len(self.items)


class StaticTable(Table):
    """A table that is filled once."""

    kind = "HashTable"
    initialized = False

    def find(self, keys: Any, default: Any) -> Array:
        if not self.initialized:
            raise errors.FailedPreconditionError("Table not initialized.")
        return super().find(keys, default)

    def fill(self, keys: list[Any], values: list[Any]) -> None:
        """Puts the contents in. A table that has some keeps them, and only looks at how many there are.

        Raises:
          FailedPreconditionError: one key with two values, or more or fewer keys than the table has.
        """
        if self.initialized:
            if len(keys) != len(self.items):
                raise errors.FailedPreconditionError("Table was already initialized with different data.")
            return
        made: dict[Any, Any] = {}
        for key, value in zip(keys, values, strict=True):
            if made.setdefault(key, value) != value:
                raise errors.FailedPreconditionError(f"HashTable has different value for same key. Key {_shown(key)} has "
                                                     f"{_shown(made[key])} and trying to add value {_shown(value)}")
        self.items = made
        self.initialized = True

    def put(self, keys: Any, values: Any) -> None:
        """Raises: the contents do not change."""
        raise errors.UnimplementedError("Insert not supported by InitializableLookupTable implementations")

    def remove(self, keys: Any) -> None:
        """Raises: the contents do not change."""
        raise errors.UnimplementedError("Remove not supported by InitializableLookupTable implementations")

    def load(self, keys: Any, values: Any) -> None:
        """The contents, from tensors."""
        self.fill(*self.pairs(keys, values))

    def export(self) -> tuple[Array, Array]:
        if not self.initialized:
            raise errors.AbortedError("HashTable is not initialized.")
        return super().export()


def _shown(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


class MutableTable(Table):
    """A table whose contents change."""

    kind = "MutableHashTable"

    def put(self, keys: Any, values: Any) -> None:
        """Adds keys, or gives them new values."""
        self.items.update(zip(*self.pairs(keys, values), strict=True))

    def remove(self, keys: Any) -> None:
        """Forgets keys; those that are not there are no error."""
        for key in self.keys_in(keys)[0]:
            self.items.pop(key, None)

    def load(self, keys: Any, values: Any) -> None:
        """Other contents than before."""
        found = self.pairs(keys, values)
        self.items = dict(zip(*found, strict=True))


class DenseTable(MutableTable):
    """A table in one array of buckets, whose order `export` shows.

    A key goes into the bucket of its hash, or the first free one behind it in steps of 1, 2, 3, ...; a removed key
    leaves a mark.

    Args:
      empty_key, deleted_key: the keys that mark buckets; no other use can be made of them.
      buckets: how many there are at first, a power of two.
      load: how full they may become before there are more.
    """

    kind = "MutableDenseHashTable"

    def __init__(self, key_dtype: dtypes.DType, value_dtype: dtypes.DType, value_shape: tuple[int, ...], empty_key: Any,
                 deleted_key: Any, buckets: int, load: float) -> None:
        empty = array_of(empty_key)
        if empty.ndim > 1:
            raise bad(f"Empty key must be a scalar or a vector, got shape {shape_text(empty.shape)}")
        super().__init__(key_dtype, value_dtype, value_shape, empty.shape)
        if buckets < 4 or buckets & (buckets - 1):
            raise bad(f"Number of buckets must be at least 4 and a power of 2, got: {buckets}")
        if not 0 < load <= 1:
            raise bad(f"max_load_factor must be between 0 and 1, got: {load}")
        self._empty = self.keys_in(empty)[0][0]
        self._deleted = self.keys_in(deleted_key)[0][0]
        if self._empty == self._deleted:
            raise bad("Empty and deleted keys cannot be equal")
        self._count = buckets
        self._load = load
        self._slots: dict[int, Any] = {}
        self._values: dict[int, Any] = {}
        self._slot_of: dict[Any, int] = {}

    def keys_in(self, keys: Any) -> tuple[list[Any], tuple[int, ...]]:
        found, lead = super().keys_in(keys)
        if hasattr(self, "_deleted"):
            for key in found:
                if key in (self._empty, self._deleted):
                    word = "empty_key" if key == self._empty else "deleted_key"
                    raise bad(f"Using the {word} as a table key is not allowed")
        return found, lead

    def put(self, keys: Any, values: Any) -> None:
        found, rows = self.pairs(keys, values)
        if len(self.items) + len(found) > self._count * self._load:
            self._grow(len(found))
        for key, value in zip(found, rows, strict=True):
            self._place(key, value)

    def remove(self, keys: Any) -> None:
        for key in self.keys_in(keys)[0]:
            if self.items.pop(key, None) is not None:
                self._slots[self._slot_of.pop(key)] = self._deleted

    def load(self, keys: Any, values: Any) -> None:
        """Other contents than before: buckets as `export` gave them."""
        raw, rows = super(MutableTable, self).keys_in(keys)[0], list(array_of(values))
        pairs = [(k, v) for k, v in zip(raw, rows, strict=True) if k not in (self._empty, self._deleted)]
        self.items, self._slots, self._values, self._slot_of = {}, {}, {}, {}
        for key, value in pairs:
            self._place(key, value if self.value_shape else np.asarray(value).reshape(-1)[0])

    def _grow(self, more: int) -> None:
        while len(self.items) + more > self._count * self._load:
            self._count *= 2
        present = [(self._slots[i], self._values[i]) for i in sorted(self._slots) if self._slots[i] != self._deleted]
        self._slots, self._values, self._slot_of = {}, {}, {}
        for key, value in present:
            self._place(key, value)

    def _place(self, key: Any, value: Any) -> None:
        place = self._slot_of.get(key)
        if place is None:
            place, step = self._hash(key) & (self._count - 1), 0
            while place in self._slots and self._slots[place] != self._deleted:
                step += 1
                place = (place + step) & (self._count - 1)
            self._slot_of[key] = place
        self._slots[place] = key
        self._values[place] = self.items[key] = value

    def _hash(self, key: Any) -> int:
        if isinstance(key, bytes):
            return int(hash_all(murmur_hash, [key])[0])
        if not isinstance(key, tuple):
            return int(key) & 0xFFFFFFFFFFFFFFFF
        mixed = 0
        for part in key:
            h = self._hash(part)
            mixed ^= (h + 0x9E3779B97F4A7800 + (mixed << 10) + (mixed >> 4)) & 0xFFFFFFFFFFFFFFFF
        return mixed

    def export(self) -> tuple[Array, Array]:
        """All buckets, free ones included, as matrices."""
        keys: Array = np.empty((self._count, *(self.key_shape or (1,))), self.key_dtype.np)
        for i in range(keys.shape[-1]):
            keys[:, i] = self._empty[i] if self.key_shape else self._empty
        values: Array = np.zeros((self._count, *(self.value_shape or (1,))), self.value_dtype.np)
        if self.value_dtype is dtypes.string:
            values[:] = b""
        if self._slots:
            places = list(self._slots)
            keys[places] = np.array(list(self._slots.values()), self.key_dtype.np).reshape(len(places), -1)
            values[places] = np.array([self._values[p] for p in places], self.value_dtype.np).reshape(
                len(places), *values.shape[1:])
        return keys, values
