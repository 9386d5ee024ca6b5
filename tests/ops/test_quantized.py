"""Arithmetic on quantized tensors: the public functions, and what the ops refuse."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf

RAW = tf.raw_ops


def _quint8(values: Any) -> Any:
    return tf.bitcast(tf.constant(values, tf.uint8), tf.quint8)


def _integers(x: Any) -> Any:
    return tf.bitcast(x, {tf.quint8: tf.uint8, tf.qint8: tf.int8, tf.qint32: tf.int32}[x.dtype]).numpy()


def test_pools_keep_the_range() -> None:
    x = _quint8(np.arange(16).reshape(1, 4, 4, 1))
    mean = tf.compat.v1.nn.quantized_avg_pool(x, -1.0, 2.0, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    assert _integers(mean.output).ravel().tolist() == [2, 4, 10, 12]  # halves go to the even number
    assert (mean.min_output.numpy(), mean.max_output.numpy()) == (-1.0, 2.0)
    largest = tf.compat.v1.nn.quantized_max_pool(x, -1.0, 2.0, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    assert _integers(largest.output).ravel().tolist() == [5, 7, 13, 15]


def test_a_convolution_of_numbers_that_integers_stand_for() -> None:
    rng = np.random.default_rng(0)
    x, w = (rng.uniform(-1, 1, shape).astype(np.float32) for shape in ((1, 5, 5, 2), (3, 3, 2, 4)))
    a, b = (tf.quantization.quantize(v, -1.0, 1.0, tf.quint8, "MIN_FIRST") for v in (x, w))
    found = tf.compat.v1.nn.quantized_conv2d(a.output, b.output, a.output_min, a.output_max, b.output_min, b.output_max,
                                             [1, 1, 1, 1], "SAME")
    assert found.output.dtype == tf.qint32
    got = tf.quantization.dequantize(found.output, found.min_output, found.max_output, "SCALED")
    np.testing.assert_allclose(got.numpy(), tf.nn.conv2d(x, w, 1, "SAME").numpy(), atol=0.1)


def test_relu_x() -> None:
    x = _quint8([0, 63, 64, 128, 200, 255])
    found = tf.compat.v1.nn.quantized_relu_x(x, 1.0, -1.0, 3.0)
    assert _integers(found.activations).tolist() == [64, 64, 64, 128, 128, 128]


@pytest.mark.parametrize("call, message", [
    (lambda: RAW.QuantizedAdd(x=_quint8([1]), y=_quint8([1]), min_x=2.0, max_x=1.0, min_y=0.0, max_y=1.0), "larger than min_x"),
    (lambda: RAW.QuantizedAdd(x=_quint8([1, 2]), y=_quint8([1, 2, 3]), min_x=0.0, max_x=1.0, min_y=0.0, max_y=1.0),
     r"Incompatible shapes: \[2\] vs. \[3\]"),
    (lambda: RAW.QuantizedAdd(x=_quint8([1]), y=_quint8([1]), min_x=[0.0], max_x=1.0, min_y=0.0, max_y=1.0), "rank 0"),
    (lambda: RAW.QuantizedMatMul(a=_quint8([[1, 2]]), b=_quint8([[1, 2]]), min_a=0.0, max_a=1.0, min_b=0.0, max_b=1.0),
     r"Matrix size-incompatible: In\[0\]: \[1,2\], In\[1\]: \[1,2\]"),
    (lambda: RAW.QuantizedMatMul(a=_quint8([1, 2]), b=_quint8([[1, 2]]), min_a=0.0, max_a=1.0, min_b=0.0, max_b=1.0),
     r"In\[0\] is not a matrix"),
    (lambda: RAW.QuantizedBiasAdd(input=_quint8([[1, 2]]), bias=_quint8([1]), min_input=0.0, max_input=1.0, min_bias=0.0,
                                  max_bias=1.0, out_type=tf.qint32), "as many biases as the last dimension"),
    (lambda: RAW.QuantizedBiasAdd(input=_quint8([1]), bias=_quint8([1]), min_input=0.0, max_input=1.0, min_bias=0.0,
                                  max_bias=1.0, out_type=tf.qint32), "at least 2D"),
    (lambda: RAW.Requantize(input=tf.bitcast(tf.constant([1]), tf.qint32), input_min=-1.0, input_max=1.0,
                            requested_output_min=0.5, requested_output_max=1.0, out_type=tf.quint8),
     "must be <= 0, but got 0.5"),
    (lambda: RAW.RequantizePerChannel(input=tf.bitcast(tf.constant([1]), tf.qint32), input_min=[-1.0], input_max=[1.0],
                                      requested_output_min=-1.0, requested_output_max=1.0), "4D tensors only"),
    (lambda: RAW.QuantizedResizeBilinear(images=_quint8(np.ones((3, 3, 1))), size=[2, 2], min=0.0, max=1.0), "4-dimensional"),
    (lambda: RAW.QuantizedResizeBilinear(images=_quint8(np.ones((1, 3, 3, 1))), size=[2, 2], min=[0.0], max=1.0),
     "min must be a scalar"),
    (lambda: RAW.QuantizedConv2D(input=_quint8(np.ones((1, 3, 3, 1))), filter=_quint8(np.ones((1, 1, 1, 1))), min_input=0.0,
                                 max_input=1.0, min_filter=0.0, max_filter=1.0, strides=[1, 1, 1, 1], padding="SAME",
                                 dilations=[1, 2, 2, 1]), "dilated rate as 1")])
def test_what_does_not_fit(call: Any, message: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        call()
