"""Uniformly quantized tensors: what their ops mean, and what they refuse."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf

RAW = tf.raw_ops
BYTES = {"quantization_min_val": -128, "quantization_max_val": 127}


def _quantized(values: Any, dtype: Any = np.int8) -> Any:
    return tf.bitcast(tf.constant(np.asarray(values, dtype)), tf.qint8 if dtype is np.int8 else tf.qint32)


def _limits(*sides: str, least: int = -2**31, most: int = 2**31 - 1) -> dict[str, int]:
    return {f"{s}_quantization_{end}_val": v for s in sides for end, v in (("min", least), ("max", most))}


def test_there_and_back() -> None:
    x = np.array([[-1.0, 0.25, 1.5], [0.1, 2.0, -0.3]], np.float32)
    given = {"scales": [0.01, 0.02, 0.015], "zero_points": [0, 3, -2], "quantization_axis": 1, **BYTES}
    integers = RAW.UniformQuantize(input=x, Tout=tf.qint8, **given)
    assert integers.dtype == tf.qint8
    back = RAW.UniformDequantize(input=integers, Tout=tf.float32, **given)
    np.testing.assert_allclose(back.numpy(), x, atol=0.01)


def _convolution(**given: Any) -> Any:
    ends = {"lhs_scales": 0.1, "lhs_zero_points": 0, "rhs_scales": 0.2, "rhs_zero_points": 0, "output_scales": 0.02,
            "output_zero_points": 0}
    return RAW.UniformQuantizedConvolution(**{
        "lhs": _quantized(np.ones((1, 2, 4, 4))), "rhs": _quantized(np.ones((3, 2, 2, 2))), "Tout": tf.qint32,
        "padding": "VALID", "window_strides": [1, 1], **ends, **_limits("lhs", "rhs", "output"), **given})


def test_a_convolution_of_ones() -> None:
    assert np.unique(tf.bitcast(_convolution(), tf.int32).numpy()).tolist() == [8]


@pytest.mark.parametrize("given, message", [
    ({"rhs": _quantized(np.ones((3, 2, 2)))}, r"must have same dims. .*\[1,2,4,4\]\[3,2,2\]"),
    ({"rhs": _quantized(np.ones((3, 3, 2, 2)))}, "3 does not divide 2"),
    ({"window_strides": [1]}, "Size of window_strides"), ({"padding": "FOO"}, r"EXPLICIT \| SAME \| VALID"),
    ({"padding": "EXPLICIT", "explicit_padding": [1]}, "explicit_padding of size 1"),
    ({"rhs": _quantized(np.ones((3, 2, 7, 2)))}, "non-negative, got -2"),
    ({"lhs_quantization_axis": 1}, "must be -1"), ({"rhs_quantization_axis": 1}, "kernel_output_feature_dimension"),
    ({"output_scales": [0.1] * 3, "output_zero_points": [0] * 3, "output_quantization_axis": 1},
     "output must be also per-tensor"),
    ({"dimension_numbers": b"\x80"}, "Error parsing"), ({"dimension_numbers": b"\x10\x00"}, "each of 4 dimensions once")])
def test_convolutions_that_do_not_fit(given: dict[str, Any], message: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        _convolution(**given)


@pytest.mark.parametrize("given, message", [
    ({"scales": [0.1, 0.2], "zero_points": [0, 1]}, "must be scalar tensors"), ({"quantization_axis": 1}, "a tensor of rank 1"),
    ({"scales": [0.1, 0.2], "zero_points": [0, 1], "quantization_axis": 1}, "a tensor of rank 1"),
    ({"quantization_axis": 2}, r"in range \[0, input.rank\), but given 2"), ({"quantization_axis": -2}, ">= -1, given: -2"),
    ({"zero_points": [0]}, "shape must be same")])
def test_scales_that_do_not_fit(given: dict[str, Any], message: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        RAW.UniformQuantize(**{"input": tf.ones([2, 3]), "scales": 0.1, "zero_points": 0, "Tout": tf.qint8, **BYTES, **given})


@pytest.mark.parametrize("a, b, given, message", [
    ((2, 4), (3, 3), {}, r"given lhs shape \[2,4\] and rhs shape \[3,3\]"), ((4,), (4, 3), {}, "lhs rank must be 2"),
    ((2, 4), (4, 3), {"lhs_quantization_axis": 0}, "lhs_quantization_axis"),
    ((2, 4), (4, 3), {"rhs_quantization_axis": 0}, "rhs_quantization_axis")])
def test_products_that_do_not_fit(a: Any, b: Any, given: dict[str, Any], message: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        RAW.UniformQuantizedDot(lhs=_quantized(np.ones(a)), rhs=_quantized(np.ones(b)), lhs_scales=0.1, lhs_zero_points=0,
                                rhs_scales=0.1, rhs_zero_points=0, output_scales=0.1, output_zero_points=0, Tout=tf.qint32,
                                **_limits("lhs", "rhs", "output"), **given)


def test_scales_are_positive() -> None:
    for scale, message in ((0.0, "must be all positive"), (-1.0, "must be all positive"), (float("inf"), "finite number")):
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            _convolution(lhs_scales=scale)


def test_ends_of_a_clip_are_as_many_as_scales() -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"Given max of shape \[\] and scales/zero_points of shape \[2\]"):
        RAW.UniformQuantizedClipByValue(operand=_quantized([[1, 2]], np.int32), min=_quantized([0, 0], np.int32),
                                        max=_quantized(5, np.int32), scales=[0.1, 0.2], zero_points=[0, 0], quantization_axis=1,
                                        quantization_min_val=-100, quantization_max_val=100)
