"""Public functions for types of one's own: `tf.experimental.dispatch_for_*`, as TensorFlow answers the same lines."""
from __future__ import annotations

import typing
from collections.abc import Iterator

import pytest

import thalweg as tf

ex = tf.experimental


class Masked(ex.ExtensionType):
    values: tf.Tensor
    mask: tf.Tensor


@pytest.fixture
def registered() -> Iterator[list[object]]:
    """Functions that are taken back after the test."""
    functions: list[object] = []
    yield functions
    for function in functions:
        ex.unregister_dispatch_for(function)


def pair() -> tuple[Masked, Masked]:
    return Masked([1.0, -2], [True, False]), Masked([3.0, 4], [True, True])


def values(masked: Masked) -> list[float]:
    assert isinstance(masked, Masked)
    return masked.values.numpy().tolist()


def test_a_function(registered: list[object]) -> None:
    a, b = pair()
    with pytest.raises((TypeError, ValueError)):
        tf.add(a, b)

    def masked_add(x, y, name=None):
        return Masked(x.values + y.values, x.mask & y.mask)
    registered.append(ex.dispatch_for_api(tf.add, {"x": Masked, "y": Masked})(masked_add))
    assert values(tf.add(a, b)) == values(tf.math.add(a, y=b, name="n")) == [4, 2]
    assert tf.add is tf.math.add and tf.add(1, 2).numpy() == 3
    assert values(tf.function(lambda x, y: tf.add(x, y))(a, b)) == [4, 2]
    with pytest.raises((TypeError, ValueError)):
        tf.add(a, 1.0)


def test_lists_and_names(registered: list[object]) -> None:
    a, b = pair()

    @ex.dispatch_for_api(tf.concat, {"values": typing.List[Masked]})  # noqa: UP006 - both forms are taken
    def joined(values, axis):
        return Masked(tf.concat([v.values for v in values], axis), tf.concat([v.mask for v in values], axis))
    registered.append(joined)
    assert values(tf.concat([a, b], 0)) == values(tf.concat([a, b], axis=0, name="both")) == [1, -2, 3, 4]
    assert tf.concat([[1], [2]], 0).numpy().tolist() == [1, 2]
    with tf.Graph().as_default():
        assert tf.concat([a, b], axis=0, name="both").values.name.startswith("both/")


def test_annotations(registered: list[object]) -> None:
    @ex.dispatch_for_api(tf.reduce_sum)
    def total(input_tensor: Masked, axis=None, keepdims=False):
        return tf.reduce_sum(tf.where(input_tensor.mask, input_tensor.values, 0.0), axis, keepdims)
    registered.append(total)
    assert tf.reduce_sum(pair()[0]).numpy() == 1 and tf.math.reduce_sum(pair()[0], 0, True).shape == [1]


def test_all_unary_functions(registered: list[object]) -> None:
    a, _ = pair()

    @ex.dispatch_for_unary_elementwise_apis(Masked)
    def each(api, x):
        return Masked(api(x.values), x.mask)
    registered.append(each)
    assert values(tf.abs(a)) == values(tf.math.abs(x=a)) == [1, 2]
    assert tf.cast(a, tf.int32).values.dtype == tf.int32 and values(tf.nn.relu(a)) == [1, 0]
    assert values(tf.clip_by_value(a, -1.0, 0.5)) == [0.5, -1] and values(tf.zeros_like(a)) == [0, 0]
    assert tf.strings.as_string(a).values.numpy()[1] == b"-2.000000"
    with pytest.raises((TypeError, ValueError)):
        tf.reduce_sum(a)
    with pytest.raises(ValueError, match="already been registered"):
        ex.dispatch_for_unary_elementwise_apis(Masked)(lambda api, x: x)


def test_all_binary_functions(registered: list[object]) -> None:
    a, b = pair()
    either = Masked | tf.Tensor

    @ex.dispatch_for_binary_elementwise_apis(either, either)
    def both(api, x, y):
        return api(*(v.values if isinstance(v, Masked) else v for v in (x, y)))

    @ex.dispatch_for_binary_elementwise_assert_apis(Masked, Masked)
    def checked(api, x, y):
        return api(x.values, y.values)
    registered += [both, checked]
    assert tf.multiply(a, b).numpy().tolist() == [3, -8]
    assert tf.subtract(a, tf.constant(1.0)).numpy().tolist() == [0, -3]
    assert tf.greater(tf.constant(2.0), a).numpy().tolist() == [True, True]
    assert tf.nn.sigmoid_cross_entropy_with_logits(labels=a, logits=b).shape == [2]
    with pytest.raises((TypeError, ValueError)):
        tf.pow(a, 2.0)
    tf.debugging.assert_equal(a, a)
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.debugging.assert_equal(a, b)


def test_taken_back() -> None:
    @ex.dispatch_for_unary_elementwise_apis(Masked)
    def each(api, x):
        return Masked(api(x.values), x.mask)
    assert values(tf.square(pair()[0])) == [1, 4]
    ex.unregister_dispatch_for(each)
    with pytest.raises((TypeError, ValueError)):
        tf.square(pair()[0])
    with pytest.raises(ValueError, match="was not registered using a `@dispatch_for_"):
        ex.unregister_dispatch_for(each)


def test_two_that_match(registered: list[object]) -> None:
    for _ in range(2):
        registered.append(ex.dispatch_for_api(tf.math.atan2, {"y": Masked})(lambda y, x, name=None: y))
    with pytest.raises(ValueError, match="Multiple dispatch targets"):
        tf.atan2(*pair())


@pytest.mark.parametrize(("register", "error", "words"), [
    (lambda: ex.dispatch_for_api(tf.add, {"z": Masked}), ValueError, "unknown parameter 'z'"),
    (lambda: ex.dispatch_for_api(tf.add, [Masked]), TypeError, "signatures must be dictionaries"),
    (lambda: ex.dispatch_for_api(tf.add, {"x": 3}), ValueError, "Type annotation 3 is not currently supported"),
    (lambda: ex.dispatch_for_api(tf.add, {"x": Masked})(lambda q: 1), ValueError, "does not match API's signature"),
    (lambda: ex.dispatch_for_api(tf.add, {"x": Masked})(3), TypeError, "Expected dispatch_target to be callable; got 3"),
    (lambda: ex.dispatch_for_api(pair, {"x": Masked}), ValueError, "does not support dispatch"),
    (lambda: ex.dispatch_for_api(tf.add)(lambda x, y, name=None: 3), ValueError, "at least one signature"),
])
def test_refused(register, error, words) -> None:
    with pytest.raises(error, match=words):
        register()
