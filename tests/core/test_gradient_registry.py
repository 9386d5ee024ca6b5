"""Gradients that programs register themselves."""
from __future__ import annotations

import pytest

import thalweg as tf
import thalweg.v1 as v1


def test_a_gradient_under_a_name_of_its_own_overrides_that_of_an_op_type() -> None:
    @tf.RegisterGradient("TenTimes")
    def _(op: object, dy: tf.Tensor) -> tf.Tensor:
        return dy * 10.0
    with tf.Graph().as_default() as g:
        x = v1.placeholder(tf.float32)
        with g.gradient_override_map({"Square": "TenTimes"}):
            y = tf.square(x)
        z = tf.square(x)
        gy, gz = tf.gradients(y, x)[0], tf.gradients(z, x)[0]
        assert v1.Session().run([y, gy, gz], {x: 3.0}) == [9.0, 10.0, 6.0]
    with pytest.raises(KeyError, match="Registering two gradient with name 'TenTimes'"):
        tf.RegisterGradient("TenTimes")(lambda op, dy: dy)


def test_an_op_type_has_one_gradient() -> None:
    with pytest.raises(KeyError, match="Registering two gradient with name 'Mul'"):
        tf.RegisterGradient("Mul")(lambda op, dy: (dy, dy))
    with pytest.raises(TypeError, match="op_type must be a string"):
        tf.RegisterGradient(3)
    with pytest.raises(TypeError, match="op_type must be a string"):
        tf.no_gradient(3)


def test_an_unknown_override_is_named() -> None:
    with tf.Graph().as_default() as g, g.gradient_override_map({"Square": "Nobody"}):
        with pytest.raises(LookupError, match="Nobody"):
            tf.square(tf.constant(1.0))
