"""What `tf.DType` and `tf.as_dtype` promise."""

import copy
import pickle
import subprocess
import sys

import ml_dtypes
import numpy as np
import pytest

from thalweg.core import dtypes as d

NUMPY_TYPES = {
    "float16": np.float16, "float32": np.float32, "float64": np.float64, "int8": np.int8, "int16": np.int16,
    "int32": np.int32, "int64": np.int64, "uint8": np.uint8, "uint16": np.uint16, "uint32": np.uint32,
    "uint64": np.uint64, "bool": np.bool_, "complex64": np.complex64, "complex128": np.complex128,
}  # fmt: skip
SMALL_TYPES = [
    "bfloat16", "float8_e5m2", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e4m3b11fnuz", "float8_e5m2fnuz",
    "float4_e2m1fn", "int4", "uint4", "int2", "uint2",
]  # fmt: skip
QUANTIZED = ["qint8", "quint8", "qint16", "quint16", "qint32"]
ALL = [*NUMPY_TYPES, *SMALL_TYPES, *QUANTIZED, "string", "resource", "variant"]


@pytest.mark.parametrize("name", ALL)
def test_every_type_prints_and_converts_by_name_number_and_itself(name):
    dtype = d.as_dtype(name)
    assert dtype is getattr(d, name)
    assert repr(dtype) == f"tf.{name}"
    assert str(dtype) == f"<dtype: '{name}'>"
    assert dtype.name == name and dtype == name
    assert d.as_dtype(dtype) is dtype
    assert d.as_dtype(dtype.as_datatype_enum) is dtype
    assert d.DType(dtype.as_datatype_enum) is dtype
    assert pickle.loads(pickle.dumps(dtype)) is dtype
    assert copy.deepcopy(dtype) is dtype
    assert hash(dtype) == dtype.as_datatype_enum == int(dtype)


@pytest.mark.parametrize(("name", "scalar"), NUMPY_TYPES.items())
def test_numpy_types_convert_both_ways(name, scalar):
    dtype = getattr(d, name)
    assert d.as_dtype(scalar) is d.as_dtype(np.dtype(scalar)) is dtype
    assert d.as_dtype(np.zeros(2, scalar)) is dtype
    assert d.from_numpy(np.dtype(scalar)) is d.FROM_NUMPY[np.dtype(scalar)] is dtype
    assert d.from_numpy(np.dtype(scalar).newbyteorder(">")) is dtype
    assert dtype.as_numpy_dtype is scalar
    assert dtype.np == np.dtype(scalar) and dtype.size == dtype.np.itemsize
    assert dtype == scalar and dtype == np.dtype(scalar) and scalar == dtype


@pytest.mark.parametrize("name", SMALL_TYPES)
def test_types_that_numpy_lacks_come_from_ml_dtypes(name):
    dtype, scalar = getattr(d, name), getattr(ml_dtypes, name)
    assert d.as_dtype(scalar) is d.as_dtype(np.dtype(scalar)) is d.from_numpy(np.dtype(scalar)) is dtype
    assert dtype.as_numpy_dtype is scalar and dtype.np == np.dtype(scalar)
    assert np.zeros(2, dtype.np).dtype == scalar


def test_ml_dtypes_is_imported_only_when_needed():
    code = """
import sys, numpy as np
import thalweg.core.dtypes as d
assert "ml_dtypes" not in sys.modules
assert d.bfloat16.size == 2 and d.bfloat16.is_floating
assert d.bfloat16._as_ref.np.itemsize == 2 and "ml_dtypes" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    code = """
import numpy as np
import thalweg.core.dtypes as d
import ml_dtypes
assert d.FROM_NUMPY[np.dtype(ml_dtypes.bfloat16)] is d.bfloat16
assert d.as_dtype(ml_dtypes.int4) is d.int4
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_other_names():
    assert d.as_dtype("half") is d.half is d.float16
    assert d.as_dtype("float") is d.as_dtype(float) is d.float32
    assert d.as_dtype("double") is d.double is d.float64
    assert d.as_dtype(bool) is d.bool
    assert d.as_dtype(np.longlong) is d.int64
    for strings in (object, np.str_, np.bytes_, np.object_, np.dtype("S3"), np.dtype("U3"), np.dtype(object)):
        assert d.as_dtype(strings) is d.string
    assert d.from_numpy(np.dtype([("qint8", np.int8)])) is d.qint8


@pytest.mark.parametrize(
    "value",
    [None, "foo", "f4", "int", "str", int, complex, str, bytes, list, [], {}, 3.5, -1, 0, 999, np.datetime64,
     np.dtype("M8[s]"), np.longdouble, np.generic, np.number, np.void, np.dtype([("a", "i4")])],
    ids=repr,
)  # fmt: skip
def test_what_names_no_type_is_refused(value):
    with pytest.raises(TypeError) as error:
        d.as_dtype(value)
    assert str(error.value) == f"Cannot convert the argument `type_value`: {value!r} to a TensorFlow DType."
    assert d.float32 != value


def test_unknown_numbers_are_refused_by_the_constructor():
    with pytest.raises(TypeError, match="999 does not correspond to a valid"):
        d.DType(999)


def test_kinds():
    def named(attribute):
        return {name for name in ALL if getattr(getattr(d, name), attribute)}

    floats = {n for n in ALL if n.startswith(("float", "bfloat"))}
    unsigned = {n for n in ALL if n.startswith("uint")}
    exotic = {n for n in SMALL_TYPES if n != "bfloat16"}
    assert named("is_floating") == floats
    assert named("is_unsigned") == unsigned
    assert named("is_integer") == unsigned | {n for n in ALL if n.startswith("int")}
    assert named("is_bool") == {"bool"}
    assert named("is_complex") == {"complex64", "complex128"}
    assert named("is_quantized") == set(QUANTIZED)
    assert named("is_numeric") == set(ALL) - exotic - {"bool", "string", "resource", "variant"}
    assert named("is_numpy_compatible") == set(ALL) - {"resource", "variant"}
    assert named("_is_ref_dtype") == set()


def test_real_dtype():
    assert d.complex64.real_dtype is d.float32
    assert d.complex128.real_dtype is d.float64
    assert d.int32.real_dtype is d.int32


def test_extremes():
    assert (d.int8.min, d.int8.max) == (-128, 127)
    assert (d.uint64.min, d.uint64.max) == (0, 2**64 - 1)
    assert d.float32.max == np.finfo(np.float32).max and type(d.float32.max) is np.float32
    assert d.float32.min == -d.float32.max
    assert d.bfloat16.max == ml_dtypes.finfo(ml_dtypes.bfloat16).max
    assert (d.int4.min, d.int4.max) == (-8, 7)
    with pytest.raises(TypeError, match=r"Cannot find minimum value of <dtype: 'string'> with type <dtype"):
        _ = d.string.min
    with pytest.raises(TypeError, match="Cannot find maximum value of <dtype: 'qint8'> with quantized type"):
        _ = d.qint8.max
    with pytest.raises(TypeError, match=r"Cannot find minimum value of <dtype: 'resource'>\.$"):
        _ = d.resource.min


def test_limits():
    assert d.float32.limits == d.float64.limits == (0, 1)
    assert d.uint8.limits == (0, 255)
    assert d.int8.limits == (0, 127)
    assert d.bool.limits == (0, True)
    for dtype in (d.float16, d.bfloat16, d.string, d.complex64, d.qint8, d.int4):
        with pytest.raises(ValueError, match="does not have defined limits"):
            _ = dtype.limits


def test_storage_of_types_that_numpy_does_not_name():
    assert d.string.np == d.resource.np == d.variant.np == np.dtype(object)
    assert d.string.as_numpy_dtype is object
    assert d.qint8.np == np.int8 and d.qint8.as_numpy_dtype == np.dtype([("qint8", np.int8)])
    with pytest.raises(KeyError):
        _ = d.resource.as_numpy_dtype


def test_reference_types():
    ref = d.as_dtype("float32_ref")
    assert ref is d.float32_ref is d.float32._as_ref is d.as_dtype(101)
    assert ref._is_ref_dtype and ref.base_dtype is d.float32 and ref.np == np.float32
    assert ref != d.float32 and str(ref) == "<dtype: 'float32_ref'>"
    assert d.float32.is_compatible_with(ref) and not ref.is_compatible_with(d.float32)
    assert d.complex64_ref.real_dtype is d.float32
    with pytest.raises(AttributeError):
        _ = d.nothing_ref


def test_compatibility():
    assert d.float32.is_compatible_with("float32") and not d.float32.is_compatible_with(d.float64)
    with pytest.raises(TypeError):
        d.float32.is_compatible_with("foo")
    assert d.int32.is_subtype_of(d.int32) and not d.int32.is_subtype_of("int32")
    assert d.int32.most_specific_common_supertype([d.int32]) is d.int32
    assert d.int32.most_specific_common_supertype([d.int64]) is None


def test_names_in_error_messages():
    names = {d.float16: "half", d.float32: "float", d.float64: "double", d.int32: "int32", d.string: "string"}
    for dtype, name in names.items():
        assert d.type_name(dtype) == name
        assert d.type_name(dtype._as_ref) == name + "_ref"
