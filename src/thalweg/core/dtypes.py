"""Element types: `DType`, TensorFlow's types, and the ways to name them.

Every type is one object (`DType(1) is float32`), so code in this package compares types with `is`.

`ml_dtypes`, which gives NumPy its small float and integer types, is imported only when one of those types is first
used: `DType.np` of such a type, and a lookup in `FROM_NUMPY` that misses, load it.
"""

from __future__ import annotations

import sys
from builtins import bool as _bool
from builtins import object as _object
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

__all__ = ["FROM_NUMPY", "QUANTIZED_DTYPES", "DType", "as_dtype", "from_numpy", "type_name"]

_FLOAT, _INT, _UINT, _COMPLEX, _BOOL, _QUANTIZED, _OBJECT = "f", "i", "u", "c", "b", "q", "o"

# enum: (name, kind, bytes an element, how NumPy stores it or None where ml_dtypes defines the type)
_TYPES: dict[int, tuple[str, str, int, str | None]] = {
    1: ("float32", _FLOAT, 4, "f4"),
    2: ("float64", _FLOAT, 8, "f8"),
    3: ("int32", _INT, 4, "i4"),
    4: ("uint8", _UINT, 1, "u1"),
    5: ("int16", _INT, 2, "i2"),
    6: ("int8", _INT, 1, "i1"),
    7: ("string", _OBJECT, 0, "O"),
    8: ("complex64", _COMPLEX, 8, "c8"),
    9: ("int64", _INT, 8, "i8"),
    10: ("bool", _BOOL, 1, "?"),
    11: ("qint8", _QUANTIZED, 1, "i1"),
    12: ("quint8", _QUANTIZED, 1, "u1"),
    13: ("qint32", _QUANTIZED, 4, "i4"),
    14: ("bfloat16", _FLOAT, 2, None),
    15: ("qint16", _QUANTIZED, 2, "i2"),
    16: ("quint16", _QUANTIZED, 2, "u2"),
    17: ("uint16", _UINT, 2, "u2"),
    18: ("complex128", _COMPLEX, 16, "c16"),
    19: ("float16", _FLOAT, 2, "f2"),
    20: ("resource", _OBJECT, 0, "O"),
    21: ("variant", _OBJECT, 0, "O"),
    22: ("uint32", _UINT, 4, "u4"),
    23: ("uint64", _UINT, 8, "u8"),
    24: ("float8_e5m2", _FLOAT, 1, None),
    25: ("float8_e4m3fn", _FLOAT, 1, None),
    26: ("float8_e4m3fnuz", _FLOAT, 1, None),
    27: ("float8_e4m3b11fnuz", _FLOAT, 1, None),
    28: ("float8_e5m2fnuz", _FLOAT, 1, None),
    29: ("int4", _INT, 1, None),
    30: ("uint4", _UINT, 1, None),
    31: ("int2", _INT, 1, None),
    32: ("uint2", _UINT, 1, None),
    33: ("float4_e2m1fn", _FLOAT, 1, None),
}
_FIRST_EXOTIC = 24  # from here on TensorFlow does not count a type among the numeric ones
_REF = 100  # a reference type's enum is its base type's plus this
_CPP_NAMES = {"float16": "half", "float32": "float", "float64": "double"}  # where C++ and Python disagree

_BY_ENUM: dict[int, DType] = {}
_ANY: dict[_object, DType] = {}  # everything hashable that names a type


class DType:
    """The type of a tensor's elements.

    Attributes:
      np: the NumPy dtype that stores such elements (`object` for strings, resources and variants; the plain integer
        for quantized types).
      as_datatype_enum: TensorFlow's number of the type.
      size: bytes an element, or 0 where elements have no fixed size.

    Raises:
      TypeError: `DType(n)` where no type has the number `n`.
    """

    __slots__ = (
        "_as_ref", "_is_ref_dtype", "as_datatype_enum", "base_dtype", "is_bool", "is_complex", "is_floating",
        "is_integer", "is_numeric", "is_numpy_compatible", "is_quantized", "is_unsigned", "name", "np", "real_dtype",
        "size",
    )  # fmt: skip
    name: str
    np: np.dtype[Any]
    as_datatype_enum: int
    size: int
    is_floating: _bool
    is_integer: _bool
    is_bool: _bool
    is_complex: _bool
    is_quantized: _bool
    is_unsigned: _bool
    is_numeric: _bool
    is_numpy_compatible: _bool
    real_dtype: DType
    base_dtype: DType
    _is_ref_dtype: _bool
    _as_ref: DType

    def __new__(cls, type_enum: int) -> DType:
        number = int(type_enum)
        try:
            return _BY_ENUM[number]
        except KeyError:
            raise TypeError(f"{number} does not correspond to a valid tensorflow::DataType") from None

    def __getattr__(self, name: str) -> Any:
        if name == "np" and not _SMALL_LOADED:
            _load_small_types()
            return self.np
        raise AttributeError(f"'DType' object has no attribute '{name}'")

    @property
    def as_numpy_dtype(self) -> Any:
        """The NumPy scalar type of the elements; for a quantized type its structured dtype.

        Raises:
          KeyError: for resources and variants, which NumPy does not know.
        """
        if self.is_quantized:
            return np.dtype([(self.base_dtype.name, self.np)])
        if self.base_dtype in (resource, variant):
            raise KeyError(self.as_datatype_enum)
        return object if self.base_dtype is string else self.np.type

    @property
    def min(self) -> Any:
        """The smallest finite value.

        Raises:
          TypeError: for types without one.
        """
        return self._extreme("min", "minimum")

    @property
    def max(self) -> Any:
        """The largest finite value.

        Raises:
          TypeError: for types without one.
        """
        return self._extreme("max", "maximum")

    def _extreme(self, attribute: str, word: str) -> Any:
        if self.is_quantized:
            raise TypeError(f"Cannot find {word} value of {self} with quantized type {self}.")
        if not (self.is_floating or self.is_integer):
            kind = "" if self.np.kind == "O" and self.base_dtype is not string else f" with type {self}"
            raise TypeError(f"Cannot find {word} value of {self}{kind}.")
        lib: Any = np
        if self.np.kind not in "fiu" or self.base_dtype in _SMALL_TYPES:
            import ml_dtypes as lib
        info = lib.finfo(self.np) if self.is_floating else lib.iinfo(self.np)
        return getattr(info, attribute)

    @property
    def limits(self) -> tuple[Any, Any]:
        """The range that image conversion maps values of this type to: (0, 1) for floats.

        Raises:
          ValueError: for types without such a range.
        """
        base = self.base_dtype
        if base in (resource, variant):
            raise KeyError(self.as_datatype_enum)
        if base in _SMALL_TYPES or not (self.is_integer or self.is_bool or base in (float32, float64)):
            raise ValueError(f"{self} does not have defined limits.")
        if self.is_bool:
            return (0, True)
        return (0, 1) if self.is_floating else (0, self.max)

    def is_compatible_with(self, other: Any) -> _bool:
        """Whether tensors of type `other` are accepted where this type is asked for.

        Raises:
          TypeError: if `other` names no type.
        """
        other = as_dtype(other)
        return self is other or self is other.base_dtype

    def is_subtype_of(self, other: Any) -> _bool:
        """Whether `other` is this very type."""
        return type(other) is DType and self is other

    def most_specific_common_supertype(self, others: Sequence[Any]) -> DType | None:
        """This type if all `others` equal it, else None."""
        return self if all(self == other for other in others) else None

    def __eq__(self, other: _object) -> _bool:
        if self is other:
            return True
        if other is None or type(other) is DType:
            return False
        try:
            return self is as_dtype(other)
        except TypeError:
            return False

    def __hash__(self) -> int:
        return self.as_datatype_enum

    def __int__(self) -> int:
        return self.as_datatype_enum

    def __repr__(self) -> str:
        return f"tf.{self.name}"

    def __str__(self) -> str:
        return f"<dtype: '{self.name}'>"

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return as_dtype, (self.name,)


class _FromNumpy(dict[np.dtype[Any], DType]):
    """NumPy dtype -> type. Subscripting handles what plain keys cannot: byte orders, string lengths, late imports."""

    def __missing__(self, key: np.dtype[Any]) -> DType:
        if key.kind in "SUT":
            return string
        if key.names is not None and len(key.names) == 1:
            quantized = _ANY.get(key.names[0])
            if quantized is not None and quantized.is_quantized and quantized.np == key[0]:
                return quantized
        elif not key.isnative:
            return self[key.newbyteorder("=")]
        elif key.kind not in "fc" and key.type.__module__ == "ml_dtypes" and not _SMALL_LOADED:
            _load_small_types()
            return self[key]
        raise TypeError(f"Cannot convert the argument `type_value`: {key!r} to a TensorFlow DType.")


FROM_NUMPY: dict[np.dtype[Any], DType] = _FromNumpy()


def from_numpy(np_dtype: np.dtype[Any]) -> DType:
    """The type of a NumPy array's elements.

    Raises:
      TypeError: if TensorFlow has no such type.
    """
    return FROM_NUMPY[np_dtype]


def as_dtype(type_value: Any) -> DType:
    """The type that `type_value` names: a type, its name or number, or a NumPy dtype or scalar type.

    Of Python's types `float`, `bool` and `object` (strings) name one, as in TensorFlow.

    Raises:
      TypeError: if it names none.
    """
    if type(type_value) is DType:
        return type_value
    try:
        return _ANY[type_value]
    except (KeyError, TypeError):
        pass
    dtype = getattr(type_value, "dtype", type_value)
    if isinstance(dtype, np.dtype):
        return FROM_NUMPY[dtype]
    if isinstance(dtype, type) and dtype.__module__ == "ml_dtypes" and not _SMALL_LOADED:
        _load_small_types()
        if dtype in _ANY:
            return _ANY[dtype]
    raise TypeError(f"Cannot convert the argument `type_value`: {type_value!r} to a TensorFlow DType.")


def type_name(dtype: DType) -> str:
    """The type's name in TensorFlow's error messages: `float` for float32, `half` for float16."""
    name = dtype.base_dtype.name
    name = _CPP_NAMES.get(name, name)
    return name + "_ref" if dtype._is_ref_dtype else name


def _make(number: int, name: str, kind: str, size: int, storage: str | None, *, ref: _bool = False) -> DType:
    dtype: DType = object.__new__(DType)
    dtype.as_datatype_enum = number
    dtype.name = name
    dtype.size = size
    dtype.is_floating = kind == _FLOAT
    dtype.is_unsigned = kind == _UINT
    dtype.is_integer = kind in (_INT, _UINT)
    dtype.is_bool = kind == _BOOL
    dtype.is_complex = kind == _COMPLEX
    dtype.is_quantized = kind == _QUANTIZED
    dtype.is_numeric = kind not in (_BOOL, _OBJECT) and number % _REF < _FIRST_EXOTIC
    dtype.is_numpy_compatible = kind != _OBJECT or name.startswith("string")
    dtype._is_ref_dtype = ref
    dtype.real_dtype = dtype.base_dtype = dtype
    if storage is not None:
        dtype.np = np.dtype(storage)
    for key in (number, name):
        _ANY[key] = dtype
    _BY_ENUM[number] = dtype
    return dtype


def _make_all() -> None:
    for number, (name, kind, size, storage) in _TYPES.items():
        base = _make(number, name, kind, size, storage)
        base._as_ref = ref = _make(number + _REF, name + "_ref", kind, size, storage, ref=True)
        ref.base_dtype, ref._as_ref = base, ref
        if storage is not None and kind != _QUANTIZED and name not in ("resource", "variant"):
            FROM_NUMPY[base.np] = _ANY[base.np] = _ANY[base.np.type] = base
        if name in _CPP_NAMES:
            _ANY[_CPP_NAMES[name]] = base
            _ANY[_CPP_NAMES[name] + "_ref"] = ref
    for complex_name, real_name in (("complex64", "float32"), ("complex128", "float64")):
        for suffix in ("", "_ref"):
            _ANY[complex_name + suffix].real_dtype = _ANY[real_name]


_make_all()

float16 = half = _ANY["float16"]
bfloat16 = _ANY["bfloat16"]
float32 = _ANY["float32"]
float64 = double = _ANY["float64"]
int2 = _ANY["int2"]
int4 = _ANY["int4"]
int8 = _ANY["int8"]
int16 = _ANY["int16"]
int32 = _ANY["int32"]
int64 = _ANY["int64"]
uint2 = _ANY["uint2"]
uint4 = _ANY["uint4"]
uint8 = _ANY["uint8"]
uint16 = _ANY["uint16"]
uint32 = _ANY["uint32"]
uint64 = _ANY["uint64"]
bool = _ANY["bool"]
string = _ANY["string"]
complex64 = _ANY["complex64"]
complex128 = _ANY["complex128"]
qint8 = _ANY["qint8"]
qint16 = _ANY["qint16"]
qint32 = _ANY["qint32"]
quint8 = _ANY["quint8"]
quint16 = _ANY["quint16"]
QUANTIZED_DTYPES = frozenset((qint8, quint8, qint16, quint16, qint32))
resource = _ANY["resource"]
variant = _ANY["variant"]
float8_e5m2 = _ANY["float8_e5m2"]
float8_e5m2fnuz = _ANY["float8_e5m2fnuz"]
float8_e4m3fn = _ANY["float8_e4m3fn"]
float8_e4m3fnuz = _ANY["float8_e4m3fnuz"]
float8_e4m3b11fnuz = _ANY["float8_e4m3b11fnuz"]
float4_e2m1fn = _ANY["float4_e2m1fn"]

QUANTIZED_DTYPES = frozenset(t for base in (qint8, qint16, qint32, quint8, quint16) for t in (base, base._as_ref))

_PYTHON_TYPES: Iterable[tuple[type, DType]] = ((float, float32), (_bool, bool), (_object, string))
for _key, _dtype in (*_PYTHON_TYPES, (np.str_, string), (np.bytes_, string)):
    _ANY[_key] = _dtype
for _key in (np.intc, np.uintc, np.int_, np.uint, np.longlong, np.ulonglong):  # C's names, some of them synonyms
    _ANY[_key] = FROM_NUMPY[np.dtype(_key)]

_SMALL_TYPES = frozenset(_BY_ENUM[number] for number, row in _TYPES.items() if row[3] is None)
_SMALL_LOADED = False


def _load_small_types() -> None:
    """Give the types that NumPy itself lacks their storage."""
    global _SMALL_LOADED
    import ml_dtypes

    for base in _SMALL_TYPES:
        scalar_type = getattr(ml_dtypes, base.name, None)
        if scalar_type is None:  # a release of ml_dtypes that does not have it
            continue
        base.np = base._as_ref.np = np.dtype(scalar_type)
        FROM_NUMPY[base.np] = _ANY[base.np] = _ANY[scalar_type] = base
    _SMALL_LOADED = True


if "ml_dtypes" in sys.modules:
    _load_small_types()


def __getattr__(name: str) -> DType:
    if name.endswith("_ref") and name in _ANY:
        return _ANY[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
