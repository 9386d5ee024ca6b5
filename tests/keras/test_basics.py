"""What the rest of Keras stands on: settings, names, variables, notes on tensors, objects by name."""
from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg.keras import config, initializers, lookup, losses, naming, optimizers, registry, tags
from thalweg.keras.variable import Variable


@pytest.fixture(autouse=True)
def default_settings() -> Iterator[None]:
    yield
    config.set_floatx("float32")
    config.set_epsilon(1e-7)
    config.set_image_data_format("channels_last")


def test_settings() -> None:
    config.set_floatx("float64")
    config.set_epsilon(1e-3)
    config.set_image_data_format("Channels_First")
    assert (config.floatx(), config.epsilon(), config.image_data_format()) == ("float64", 1e-3, "channels_first")
    assert initializers.Zeros()((1,)).dtype == tf.float64
    assert losses.MeanSquaredError()([1.0], [2.0]).dtype == tf.float64


def test_bad_settings() -> None:
    with pytest.raises(ValueError, match="Unknown `floatx` value: int32. Expected one of"):
        config.set_floatx("int32")
    with pytest.raises(ValueError, match="The `data_format` argument must be one of"):
        config.set_image_data_format("rows_first")


@pytest.mark.parametrize("given, name", [
    (None, "float32"), ("int8", "int8"), (tf.float64, "float64"), (np.float16, "float16"), (np.dtype("int64"), "int64"),
    (int, "int64"), (float, "float32"), (bool, "bool"), ("int", "int64"), (str, "string"),
])  # fmt: skip
def test_dtypes(given: Any, name: str) -> None:
    assert config.standardize_dtype(given) == name


@pytest.mark.parametrize("given", ["float33", 3, list])
def test_bad_dtypes(given: Any) -> None:
    with pytest.raises(ValueError, match="Invalid dtype: "):
        config.standardize_dtype(given)


def test_conversion() -> None:
    x = tf.constant([1.5])
    assert config.as_tensor(x, tf.float32) is x
    assert config.as_tensor([1.5, 2.5], tf.int32).numpy().tolist() == [1, 2]
    assert config.as_tensor(x, tf.float64).dtype == tf.float64


def test_names() -> None:
    assert naming.to_snake_case("BatchNormalization") == "batch_normalization"
    assert [naming.auto_name("Dense") for _ in range(3)] == ["dense", "dense_1", "dense_2"]
    assert naming.get_uid("dense") == 4
    naming.reset_uids()
    assert naming.auto_name("Dense") == "dense"


def test_scopes() -> None:
    owner = object()
    with naming.name_scope("a"), naming.name_scope("b", caller=owner), naming.name_scope("b", caller=owner):
        assert naming.current_path() == "a/b"
        with naming.name_scope("c", override_parent="x/y"):
            assert Variable(1.0, name="v").path == "x/y/c/v"
    assert naming.current_path() == ""
    with pytest.raises(ValueError, match="cannot contain character `/`. Received: name=a/b"):
        naming.name_scope("a/b")


def test_variables() -> None:
    variable = Variable([1.0, 2.0], name="kernel")
    assert (variable.name, variable.path, variable.trainable) == ("kernel", "kernel", True)
    assert repr(variable) == "<Variable path=kernel, shape=(2,), dtype=float32, value=[1. 2.]>"
    variable.assign_add([1.0, 1.0])
    np.testing.assert_array_equal((variable * 2.0).numpy(), [4.0, 6.0])
    made = Variable("ones", shape=(2, 2), dtype="float64", trainable=False)
    assert (made.name, made.dtype, made.numpy().sum()) == ("variable", tf.float64, 4.0)


def test_tapes_watch_trainable_variables() -> None:
    seen, frozen = Variable(2.0), Variable(3.0)
    frozen.trainable = False
    with tf.GradientTape() as tape:
        y = seen * frozen
    assert float(tape.gradient(y, seen)) == 3.0
    with tf.GradientTape() as tape:
        y = seen * frozen
    assert tape.gradient(y, frozen) is None


@pytest.mark.parametrize("make, message", [
    (lambda: Variable(1.0, name="a/b"), "Argument `name` must be a string and cannot contain"),
    (lambda: Variable(1.0, aggregation="first"), "Invalid value for argument `aggregation`"),
    (lambda: Variable(1.0, synchronization="never"), "Invalid value for argument `synchronization`"),
    (lambda: Variable("ones"), "the `shape` argument should be specified"),
    (lambda: Variable("ones", shape=(None, 2)), "Shapes used to initialize variables must be fully-defined"),
    (lambda: setattr(Variable(1.0), "constraint", 3), "Invalid value for attribute `constraint`"),
    (lambda: setattr(Variable(1.0), "regularizer", 3), "Invalid value for attribute `regularizer`"),
])  # fmt: skip
def test_bad_variables(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_notes_vanish_with_their_tensor() -> None:
    x, mask = tf.constant([1.0, 2.0]), tf.constant([True, False])
    tags.set_mask(x, mask)
    assert tags.get_mask(x) is mask
    assert tags.get_mask(tf.constant([1.0, 2.0])) is None
    key = id(x)
    del x
    gc.collect()
    assert key not in tags._masks
    y = tf.constant(1.0)
    tags.set_mask(y, mask)
    tags.set_mask(y, None)
    assert tags.get_mask(y) is None


@pytest.mark.parametrize("name, nearest", [("Adm", "adam"), ("rmsprp", "rmsprop"), ("zzzzzz", None)])
def test_suggestions(name: str, nearest: str | None) -> None:
    assert lookup.suggestion(name, optimizers.ALL_OBJECTS_DICT) == nearest


def test_registered_objects_are_found() -> None:
    @registry.register_keras_serializable(package="tests")
    class Halved(losses.Loss):
        def call(self, y_true: Any, y_pred: Any) -> Any:
            return 0.5 * tf.square(y_true - y_pred)

    again = losses.get(losses.serialize(Halved(name="h")))
    assert isinstance(again, Halved)
    assert again.name == "h"

    def absolute(y_true: Any, y_pred: Any) -> Any:
        return tf.abs(y_true - y_pred)

    with registry.CustomObjectScope({"absolute": absolute}):
        assert losses.get("absolute") is absolute
    with pytest.raises(ValueError, match="Could not interpret loss identifier: absolute"):
        losses.get("absolute")
    assert losses.deserialize("absolute", custom_objects={"absolute": absolute}) is absolute


def test_configs_must_name_a_class() -> None:
    with pytest.raises(ValueError, match="Unknown `config` as a `dict`"):
        losses.get({"config": {}})
    with pytest.raises(TypeError, match="Could not locate"):
        losses.get({"class_name": "Missing", "config": {}, "module": "nowhere", "registered_name": "Missing"})
