"""Types of the user's own made of tensors: what TensorFlow does with the same lines."""
from __future__ import annotations

import copy
import pickle
import typing

import numpy as np
import pytest

import thalweg as tf


class Masked(tf.experimental.ExtensionType):
    values: tf.Tensor
    mask: tf.Tensor

    def __validate__(self):
        self.values.shape.assert_is_compatible_with(self.mask.shape)

    def scaled(self, factor):
        return Masked(self.values * factor, self.mask)

    class Spec:
        @property
        def shape(self):
            return self.values.shape


class Toy(tf.experimental.ExtensionType):
    name: str
    price: tf.Tensor
    features: typing.Mapping[str, tf.Tensor]
    sizes: typing.Tuple[int, ...] = ()  # noqa: UP006 - both forms are taken
    pair: tuple[int, tf.Tensor] = (1, 2.0)
    option: tf.Tensor | None = None
    kind: typing.Union[int, str] = 3  # noqa: UP007
    shape: tf.TensorShape = tf.TensorShape([None])
    dtype: tf.DType = tf.float32


class Box(tf.experimental.ExtensionType):
    toys: tuple[Toy, ...]
    rows: tf.RaggedTensor
    lid: Masked


class Linked(tf.experimental.ExtensionType):
    x: tf.Tensor
    following: typing.Optional["Linked"] = None  # noqa: UP037, UP045


class Counted(tf.experimental.ExtensionType):
    x: tf.Tensor
    count: int

    def __init__(self, values):
        self.x = tf.constant(values)
        self.count = len(values)


class Vehicle(tf.experimental.BatchableExtensionType):
    speed: tf.Tensor
    range: tf.Tensor


def masked() -> Masked:
    return Masked([1.0, 2, 3], [True, False, True])


def toy() -> Toy:
    return Toy("a", 3.0, {"x": [1, 2]}, [1, 2], option=[2])


def test_text_and_specs() -> None:
    m = masked()
    assert repr(m).startswith("Masked(values=<tf.Tensor: shape=(3,), dtype=float32, numpy=array([1., 2., 3.], dtype=float32)>,")
    assert repr(m._type_spec) == "Masked.Spec(values=TensorSpec(shape=(3,), dtype=tf.float32, name=None), " \
        "mask=TensorSpec(shape=(3,), dtype=tf.bool, name=None))"
    assert m._type_spec.shape == [3] and isinstance(m._type_spec, Masked.Spec)
    assert tf.type_spec_from_value(m) == Masked.Spec(tf.TensorSpec([3]), tf.TensorSpec([3], tf.bool))
    other = Masked([3.0], [True])._type_spec
    assert not other.is_compatible_with(m)
    assert m._type_spec.most_specific_common_supertype([other]).shape.as_list() == [None]
    assert pickle.loads(pickle.dumps(toy()._type_spec)) == toy()._type_spec


def test_fields_become_what_they_should() -> None:
    t = toy()
    assert t.price.dtype == tf.float32 and t.sizes == (1, 2) and t.kind == 3 and t.dtype == tf.float32
    assert repr(t.features).startswith("ImmutableDict({'x': <tf.Tensor") and t.features["x"].numpy().tolist() == [1, 2]
    assert t.pair[0] == 1 and isinstance(t.pair[1], tf.Tensor) and t.option.shape == [1]
    assert Toy("a", 1, {}).option is None and Toy("a", 1, {}, kind="b").kind == "b"
    assert tf.experimental.extension_type.as_dict(Counted([1, 2]))["count"] == 2
    chain = Linked([1], Linked([2]))
    assert chain.following.following is None and chain.following.x.numpy() == [2]


def test_equality() -> None:
    m = masked()
    assert bool(m == Masked([1.0, 2, 3], [True, False, True])) and isinstance(m == m, tf.Tensor)
    assert not bool(m == m.scaled(2.0)) and bool(m != m.scaled(2.0))
    assert (m == Masked([1.0], [True])) is False and (m == 3) is False
    assert bool(copy.copy(m) == m) and bool(copy.deepcopy(m) == m)
    with pytest.raises(TypeError, match="unhashable"):
        hash(m)


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda: Masked([1.0], [True, False]), ValueError, "incompatible"),
    (lambda: Masked([1.0]), TypeError, "missing a required argument: 'mask'"),
    (lambda: Masked([1.0], [True], x=3), TypeError, "unexpected keyword argument 'x'"),
    (lambda: Masked(object(), [True]), TypeError, "values: expected a Tensor, got 'object'"),
    (lambda: setattr(masked(), "values", 3), AttributeError, "Cannot mutate attribute `values` outside"),
    (lambda: delattr(masked(), "values"), AttributeError, "Cannot mutate attribute `values` outside"),
    (lambda: setattr(masked()._type_spec, "values", 3), AttributeError, "constructor of ExtensionTypeSpec"),
    (lambda: masked().foo, AttributeError, "'Masked' object has no attribute 'foo'"),
    (lambda: Toy(1, 1, {}), TypeError, "name: expected 'str', got 'int'"),
    (lambda: Toy("a", 1, {1: 2}), TypeError, r"features\[<key>\]: expected 'str', got 'int'"),
    (lambda: Toy("a", 1, 3), TypeError, "features: expected mapping, got 'int'"),
    (lambda: Toy("a", 1, {}, kind=2.5), TypeError, r"kind: expected typing.Union\[int, str\], got 'float'"),
    (lambda: Toy("a", 1, {}, pair=(1,)), TypeError, "pair: expected tuple with length 2, got 'tuple'"),
    (lambda: Toy("a", 1, {}, sizes=(1, "b")), TypeError, r"sizes\[1\]: expected 'int', got 'str'"),
    (lambda: Toy("a", 1, {}, shape="x"), TypeError, "shape: expected 'tf.TensorShape', got 'str'"),
    (lambda: Toy("a", 1, {}, dtype="no"), TypeError, "dtype: expected 'tf.DType', got 'str'"),
    (lambda: Box((), tf.ragged.constant([[1]]), 3), TypeError, "lid: expected 'Masked', got 'int'"),
    (lambda: Vehicle.Spec(tf.TensorSpec([]), 3), TypeError, "range: expected a TensorSpec, got 'int'"),
    (lambda: tf.experimental.ExtensionType(), AssertionError, "abstract base class"),
])
def test_refused_values(call, error, words) -> None:
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize(("annotations", "values", "error", "words"), [
    ({"x": list}, {}, TypeError, "In field 'x': Unsupported type annotation 'list'"),
    ({"x": np.ndarray}, {}, TypeError, "Unsupported type annotation 'ndarray'"),
    ({"x": list[int]}, {}, TypeError, "Unsupported type annotation"),
    ({"x": typing.Mapping[tf.Tensor, int]}, {}, TypeError, "Mapping had a key 'Tensor'"),
    ({"self": int}, {}, ValueError, "Field 'self' is reserved"),
    ({"_type_spec": int}, {}, ValueError, "Field '_type_spec' is reserved"),
    ({}, {"x": 3}, ValueError, "Field x is missing a type annotation"),
    ({"x": int}, {"x": "a"}, TypeError, "default value for x: expected 'int', got 'str'"),
    ({}, {"Spec": 3}, ValueError, "Bad.Spec must be a nested class; got 3"),
    ({"x": int}, {"Spec": type("Spec", (), {"x": 3})}, ValueError, "defines a variable 'x' which shadows a field"),
    ({}, {"Spec": type("Spec", (), {"value_type": 3})}, ValueError, "uses reserved name 'value_type'"),
    ({}, {"__batch_encoder__": 3}, ValueError, "only be defined for BatchableExtensionType"),
])
def test_refused_classes(annotations, values, error, words) -> None:
    with pytest.raises(error, match=words):
        type("Bad", (tf.experimental.ExtensionType,), {"__annotations__": annotations, **values})


def test_inheritance_and_keywords() -> None:
    class Child(Masked):
        extra: int = 0

    class Late(tf.experimental.ExtensionType):
        a: int = 1
        b: int

    assert Child([1.0], [True], 5).extra == 5 and list(tf.experimental.extension_type.as_dict(Child([1.0], [True]))) == [
        "values", "mask", "extra"]
    assert Late(b=2).a == 1
    with pytest.raises(TypeError, match="too many positional"):
        Late(1, 2)


@pytest.mark.parametrize("compiled", [False, True])
def test_functions(compiled: bool) -> None:
    double = tf.function(lambda m: m.scaled(2.0), jit_compile=compiled)
    out = double(masked())
    assert isinstance(out, Masked) and out.values.numpy().tolist() == [2, 4, 6]
    assert out.mask.numpy().tolist() == [True, False, True]
    any_length = tf.function(lambda m: m.values, input_signature=[
        Masked.Spec(tf.TensorSpec([None]), tf.TensorSpec([None], tf.bool))])
    assert any_length(masked()).shape == [3] and any_length(Masked([1.0], [True])).shape == [1]
    assert any_length.experimental_get_tracing_count() == 1
    box = Box((toy(), toy()), tf.ragged.constant([[1], [2, 3]]), masked())
    again = tf.function(lambda b: b)(box)
    assert bool(again == box) and again.toys[1].name == "a" and again.rows.to_list() == [[1], [2, 3]]


def test_control_flow() -> None:
    @tf.function
    def powers(m, n):
        return tf.while_loop(lambda i, _: i < n, lambda i, m: (i + 1, tf.cond(i > 0, lambda: m.scaled(2.0), lambda: m)), (0, m))
    count, out = powers(masked(), tf.constant(3))
    assert count.numpy() == 3 and out.values.numpy().tolist() == [4, 8, 12]


def test_gradients() -> None:
    m = masked()
    for function in (lambda m: m.scaled(3.0).values, tf.function(lambda m: m.scaled(3.0).values)):
        with tf.GradientTape() as tape:
            tape.watch(m.values)
            y = tf.reduce_sum(function(m))
        assert tape.gradient(y, m.values).numpy().tolist() == [3, 3, 3]
    with pytest.raises(ValueError, match="not supported as a gradient source"):
        with tf.GradientTape() as tape:
            tape.watch(m.values)
            y = tf.reduce_sum(m.values)
        tape.gradient(y, m)


def test_rows() -> None:
    v = Vehicle([120, 150, 80], [30, 40, 12])
    assert tf.map_fn(lambda v: v.speed * v.range, v, fn_output_signature=tf.int32).numpy().tolist() == [3600, 6000, 960]
    row = Vehicle.Spec(tf.TensorSpec([], tf.int32), tf.TensorSpec([], tf.int32))

    def all_faster(v):
        return tf.map_fn(lambda v: Vehicle(v.speed + 1, v.range), v, fn_output_signature=row)
    for call in (all_faster, tf.function(all_faster)):
        faster = call(v)
        assert isinstance(faster, Vehicle) and faster.speed.numpy().tolist() == [121, 151, 81]
    assert v._type_spec._unbatch() == row and row._batch(3) == v._type_spec


def test_sessions() -> None:
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        assert session.run(masked().scaled(2.0).values).tolist() == [2, 4, 6]
