"""Samples of integers in the place of real numbers, and of rounding to what they can stand for."""
from __future__ import annotations

import numpy as np

from . import BF, A, D, F, H, I, U, sample

_EDGE = A([-8.0, -6.0, -0.02, 0.0, 0.01, 0.5, 5.9, 6.0, 7.0, np.nan, np.inf, -np.inf])
_BY_TYPE = {"qint8": "int8", "quint8": "uint8", "qint16": "int16", "quint16": "uint16", "qint32": "int32"}


def _there(tf, x, low, high, kind, **arguments):
    out = tf.quantization.quantize(x, low, high, getattr(tf, kind), **arguments)
    return [tf.bitcast(out.output, getattr(tf, _BY_TYPE[kind])), out.output_min, out.output_max]


def _back(tf, x, low, high, kind, **arguments):
    out = tf.quantization.quantize(x, low, high, getattr(tf, kind), **{k: v for k, v in arguments.items() if k != "dtype"})
    return tf.quantization.dequantize(out.output, out.output_min, out.output_max, **arguments)


def _joined(tf, axis, values, bounds):
    out = tf.quantization.quantized_concat(axis, [tf.bitcast(tf.cast(v, tf.uint8), tf.quint8) for v in values], *bounds)
    return [tf.bitcast(out.output, tf.uint8), out.output_min, out.output_max]


SAMPLES = [
    sample("FakeQuantWithMinMaxArgs FakeQuantWithMinMaxArgsGradient", lambda tf, x: tf.quantization.
           fake_quant_with_min_max_args(x, -1.0, 1.0), F(2, 6), fd=False),
    sample("FakeQuantWithMinMaxArgs FakeQuantWithMinMaxArgsGradient", lambda tf, x: tf.quantization.
           fake_quant_with_min_max_args(x, num_bits=4, narrow_range=True), _EDGE, fd=False),
    sample("FakeQuantWithMinMaxArgs", lambda tf, x: tf.quantization.fake_quant_with_min_max_args(x, 1.0, 3.0), F(0, 3)),
    sample("FakeQuantWithMinMaxArgsGradient", lambda tf, g, x: tf.quantization.fake_quant_with_min_max_args_gradient(
        g, x, -0.5, 0.7, 3), F(5), F(5), grad=False),
    sample("FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsGradient", lambda tf, x, a, b: tf.quantization.
           fake_quant_with_min_max_vars(x, a, b), F(3, 4), A(-0.6), A(0.9), fd=False),
    sample("FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsGradient", lambda tf, x, a, b: tf.quantization.
           fake_quant_with_min_max_vars(x, a, b, num_bits=3, narrow_range=True), _EDGE, A(0.1), A(5.3), fd=False),
    sample("FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsGradient", lambda tf, x, a, b: tf.quantization.
           fake_quant_with_min_max_vars(x, a, b), F(4), A(0.0), A(0.0), fd=False),
    sample("FakeQuantWithMinMaxVarsGradient", lambda tf, g, x, a, b: list(
        tf.quantization.fake_quant_with_min_max_vars_gradient(g, x, a, b)), F(3, 4), F(3, 4), A(-0.6), A(0.9), grad=False),
    sample("FakeQuantWithMinMaxVarsPerChannel FakeQuantWithMinMaxVarsPerChannelGradient", lambda tf, x, a, b: tf.quantization.
           fake_quant_with_min_max_vars_per_channel(x, a, b), F(2, 4, 3), A([-0.6, -2.0, 0.0]), A([0.9, -0.1, 0.0]), fd=False),
    sample("FakeQuantWithMinMaxVarsPerChannel", lambda tf, x, a, b: tf.quantization.
           fake_quant_with_min_max_vars_per_channel(x, a, b, 2), F(3), A([-0.6, -2.0, 0.0]), A([0.9, 0.1, 1.0]), fd=False),
    sample("FakeQuantWithMinMaxVarsPerChannelGradient", lambda tf, g, x, a, b: list(
        tf.quantization.fake_quant_with_min_max_vars_per_channel_gradient(g, x, a, b)), F(5, 2), F(5, 2), A([-0.6, -0.1]),
        A([0.9, 0.2]), grad=False),
    *[sample("QuantizeV2", lambda tf, x, kind=kind: _there(tf, x, -1.0, 1.5, kind), F(3, 5), grad=False)
      for kind in ("qint8", "quint8")],
    *[sample("QuantizeV2", lambda tf, x, kind=kind, mode=mode: _there(tf, x, -1.0, 1.5, kind, mode=mode), F(3, 5), grad=False)
      for kind in ("qint8", "quint8", "qint16", "quint16") for mode in ("MIN_FIRST", "SCALED")],
    sample("QuantizeV2", lambda tf, x: _there(tf, x, -2.0, 1.0, "qint8", mode="SCALED", round_mode="HALF_TO_EVEN",
                                              narrow_range=True), A([-3.0, -0.0118, 0.5, 1.0, 2.0]), grad=False),
    sample("QuantizeV2", lambda tf, x, a, b: _there(tf, x, a, b, "qint8", mode="SCALED", axis=1), F(2, 3), A([-1.0, -2.0, 0.0]),
           A([1.0, 0.5, 3.0]), grad=False),
    sample("QuantizeV2", lambda tf, x: _there(tf, x, 0.5, 0.5, "quint8", ensure_minimum_range=0.1), F(4), grad=False),
    sample("QuantizeV2", lambda tf, x: _there(tf, x, -1.0, 1.0, "quint8"), F(0, 2), grad=False),
    *[sample("Dequantize", lambda tf, x, kind=kind, mode=mode: _back(tf, x, -1.0, 1.5, kind, mode=mode), F(3, 5), grad=False)
      for kind in ("qint8", "quint8") for mode in ("MIN_COMBINED", "MIN_FIRST", "SCALED")],
    sample("Dequantize", lambda tf, x: _back(tf, x, -1.0, 1.5, "qint16", mode="SCALED"), F(3, 5), grad=False),
    sample("Dequantize", lambda tf, x: _back(tf, x, -1.0, 1.5, "qint8", mode="SCALED", narrow_range=True, dtype=tf.bfloat16),
           F(3, 5), grad=False),
    sample("Dequantize", lambda tf, x, a, b: _back(tf, x, a, b, "qint8", mode="SCALED", axis=-1), F(2, 3), A([-1.0, -2.0, 0.0]),
           A([1.0, 0.5, 3.0]), grad=False),
    sample("QuantizeAndDequantizeV4 QuantizeAndDequantizeV4Grad", lambda tf, x, a, b: tf.quantization.
           quantize_and_dequantize_v2(x, a, b, range_given=True), F(3, 4), A(-0.5), A(0.8), fd=False),
    sample("QuantizeAndDequantizeV4 QuantizeAndDequantizeV4Grad", lambda tf, x: tf.quantization.
           quantize_and_dequantize_v2(x, -1.0, 1.0, num_bits=4), U(3, 4), fd=False),
    sample("QuantizeAndDequantizeV4 QuantizeAndDequantizeV4Grad", lambda tf, x, a, b: tf.quantization.
           quantize_and_dequantize_v2(x, a, b, signed_input=False, range_given=True, round_mode="HALF_UP"), F(3, 4), A(0.0),
           A(0.8), fd=False),
    sample("QuantizeAndDequantizeV4 QuantizeAndDequantizeV4Grad", lambda tf, x, a, b: tf.quantization.
           quantize_and_dequantize_v2(x, a, b, num_bits=3, range_given=True, narrow_range=True, axis=0), D(3, 4),
           A([-0.5, -1.0, 0.0], np.float64), A([0.8, 0.5, 2.0], np.float64), compare=False,
           note="TensorFlow has no kernel for it on the CPU"),
    sample("QuantizeAndDequantizeV4", lambda tf, x: tf.quantization.quantize_and_dequantize_v2(
        x, 0.0, 0.0, axis=-1), D(3, 2),
           grad=False),
    sample("QuantizeAndDequantizeV4", lambda tf, x: tf.quantization.quantize_and_dequantize_v2(x, -1.0, 1.0, num_bits=5), H(6),
           grad=False, compare=False),
    sample("QuantizeAndDequantizeV4", lambda tf, x: tf.quantization.quantize_and_dequantize_v2(
        x, -1.0, 1.0, num_bits=5, range_given=True), BF(6), grad=False, compare=False),
    sample("QuantizeAndDequantizeV4", lambda tf, x: tf.quantization.quantize_and_dequantize_v2(x, 0.0, 0.0), F(0, 2), fd=False),
    sample("QuantizeAndDequantizeV2", lambda tf, x: tf.quantization.quantize_and_dequantize(x, -0.5, 0.5, range_given=True),
           F(3, 4), fd=False),
    sample("QuantizeAndDequantizeV3", lambda tf, x: tf.raw_ops.QuantizeAndDequantizeV3(
        input=x, input_min=-0.5, input_max=0.5, num_bits=4), F(3, 4), fd=False),
    *[sample("QuantizedConcat", lambda tf, a, b, bounds=bounds, axis=axis: _joined(tf, axis, (a, b), bounds), I(0, 255, 2, 3),
             I(0, 255, 2, 3), grad=False)
      for axis, bounds in ((0, ([0.0, -1.0], [1.0, 2.0])), (1, ([-1.0, -1.0], [1.5, 1.5])), (0, ([0.5, 0.25], [1.0, 3.0])))],
    # Bounds and values that are not finite.
    *(sample("FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsGradient", lambda tf, x, a, b, n=n: tf.quantization.
             fake_quant_with_min_max_vars(x, a, b, 8, n), A([np.nan, 1.0, np.inf, -np.inf, 0.4]), A(a), A(b), fd=False)
      for a, b in ((-np.inf, 0.0), (np.inf, 0.0), (np.nan, 1.0), (0.0, np.nan), (2.0, -1.0)) for n in (False, True)),
    *(sample("FakeQuantWithMinMaxVarsGradient", lambda tf, g, x, a=a, b=b: tf.quantization.
             fake_quant_with_min_max_vars_gradient(g, x, a, b), A([1.0, np.inf, np.nan]), A([0.5, 7.0, np.nan]), grad=False)
      for a, b in ((-1.0, 1.0), (0.0, 0.0))),
    sample("FakeQuantWithMinMaxVarsPerChannelGradient", lambda tf, g, x, a, b: tf.quantization.
           fake_quant_with_min_max_vars_per_channel_gradient(g, x, a, b), A([[1.0, np.inf, np.nan]]), A([[0.5, 7.0, -1.0]]),
           A([-1.0, -1.0, 0.0]), A([1.0, 1.0, 0.0]), grad=False),
    sample("FakeQuantWithMinMaxArgs", lambda tf, x: tf.quantization.fake_quant_with_min_max_args(x, 1.0, 3.0),
           A([0.5, 1.0, 2.5])),
]
