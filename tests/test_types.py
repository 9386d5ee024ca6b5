"""`tf.types.experimental`: kinds of values and functions."""
from __future__ import annotations

import thalweg as tf


def test_kinds_of_functions_and_specs() -> None:
    kinds = tf.types.experimental
    function = tf.function(lambda x: x + 1)
    trace = function.get_concrete_function(tf.constant(1))
    assert isinstance(function, kinds.GenericFunction) and isinstance(function, kinds.PolymorphicFunction)
    assert isinstance(trace, kinds.ConcreteFunction) and not isinstance(function, kinds.ConcreteFunction)
    assert isinstance(function, kinds.Callable) and isinstance(trace, kinds.Callable)
    assert not isinstance(len, kinds.Callable)
    assert isinstance(tf.TensorSpec([1]), kinds.TraceType) and isinstance(tf.RaggedTensorSpec([None, None]), kinds.TraceType)
    assert isinstance(tf.constant(1), kinds.TensorLike) and not isinstance({}, kinds.TensorLike.__args__[:4])
