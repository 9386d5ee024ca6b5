"""Samples of arithmetic on quantized tensors, which are drawn and compared as the integers that they hold."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import A, F, I, sample

_PLAIN = {"qint8": "int8", "quint8": "uint8", "qint32": "int32"}
_KIND = {plain: kind for kind, plain in _PLAIN.items()}
_U = np.uint8
_RANGES = ((-1.0, 2.0), (-3.0, 1.0), (0.0, 4.5), (-2.0, 30.0))


def _given(tf: Any, x: Any) -> Any:
    """The integers of an input as a quantized tensor."""
    return tf.bitcast(x, getattr(tf, _KIND[x.dtype.name])) if hasattr(x, "dtype") and x.dtype.name in _KIND else x


def _call(type: str, names: str, **given: Any) -> Any:
    """A call whose tensors have these names; other arguments are the same in all draws, dtypes by name."""
    def call(tf: Any, *tensors: Any) -> Any:
        fixed = {k: getattr(tf, v) if k in ("out_type", "Toutput") else v for k, v in given.items()}
        given_tensors = {n: _given(tf, x) for n, x in zip(names.split(), tensors, strict=True)}
        found = getattr(tf.raw_ops, type)(**given_tensors, **fixed)
        return [tf.bitcast(t, getattr(tf, _PLAIN[t.dtype.name])) if t.dtype.name in _PLAIN else t for t in found]
    return call


def _pair(type: str, first: tuple[float, float], second: tuple[float, float], names: str = "x y", **attrs: Any) -> Any:
    a, b = names.split()
    return _call(type, names, **{f"min_{a}": first[0], f"max_{a}": first[1], f"min_{b}": second[0], f"max_{b}": second[1]},
                 **attrs)


def _with_constant(type: str, w: Any, **given: Any) -> Any:
    """TensorFlow wants the filter as a constant of a graph."""
    def call(tf: Any, x: Any) -> Any:
        @tf.function
        def f(x: Any) -> Any:
            return list(_call(type, "input filter", **given)(tf, x, tf.constant(w)))
        return f(x)
    return call


_IMAGES = I(0, 256, 2, 4, 5, 2, dtype=_U)
_SIGNED = np.random.default_rng(5).integers(-128, 128, (2, 3, 2, 3)).astype(np.int8)
_WINDOW = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1]}
_CONV = {"min_input": -1.0, "max_input": 2.0, "min_filter": -3.0, "max_filter": 1.0}
_WIDE = I(-2**20, 2**20, 3, 4)
_WIDE4 = I(-2**28, 2**28, 2, 2, 1, 4)
_OFF = {"input_min": -300.0, "input_max": 250.0}
_NORM = ("t m v beta gamma",)
_NORM_ENDS = {f"{n}_{end}": value for n, ends in (("t", (-1.0, 2.0)), ("m", (-1.0, 1.0)), ("v", (0.0, 2.0)),
                                                 ("beta", (-1.0, 1.0)), ("gamma", (0.5, 2.0)))
              for end, value in zip(("min", "max"), ends, strict=True)}
_CHANNELS = (A([-100.0, -20.0, -300.0, -4.0]), A([100.0, 250.0, 30.0, 400.0]))

SAMPLES = [
    *[sample(type, _pair(type, first, second), I(0, 256, *a, dtype=_U), I(0, 256, *b, dtype=_U), grad=False)
      for type in ("QuantizedAdd", "QuantizedMul")
      for first, second in zip(_RANGES, (*_RANGES[1:], _RANGES[0]), strict=True)
      for a, b in (((3, 4), (3, 4)), ((3, 4), ()), ((4,), (3, 4)), ((0, 4), (0, 4)))],
    *[sample("QuantizedMatMul", _pair("QuantizedMatMul", *ends, names="a b", transpose_a=ta, transpose_b=tb),
             I(0, 256, *((4, 3) if ta else (3, 4)), dtype=_U), I(0, 256, *((5, 4) if tb else (4, 5)), dtype=_U), grad=False)
      for ends in (_RANGES[:2], _RANGES[2:]) for ta in (False, True) for tb in (False, True)],
    sample("QuantizedMatMul", _pair("QuantizedMatMul", *_RANGES[:2], names="a b"), I(0, 256, 0, 3, dtype=_U),
           I(0, 256, 3, 2, dtype=_U), grad=False),
    *[sample(type, _call(type, "features", min_features=low, max_features=high, out_type=kind), make, grad=False)
      for type in ("QuantizedRelu", "QuantizedRelu6") for low, high in ((-1.0, 2.0), (-3.0, 20.0), (1.0, 3.0), (-3.0, -1.0))
      for kind, make in (("quint8", I(0, 256, 3, 5, dtype=_U)), ("qint32", I(-2**31, 2**31, 4)))],
    sample("QuantizedReluX", _call("QuantizedReluX", "features max_value", min_features=-3.0, max_features=20.0),
           I(0, 256, 3, 5, dtype=_U), A(4.0), grad=False, compare=False, note="TensorFlow has no kernel for it"),
    *[sample("QuantizedBiasAdd", _call("QuantizedBiasAdd", "input bias", min_input=-1.0, max_input=2.0, min_bias=-3.0,
                                       max_bias=1.0, out_type="qint32"), make(3, 4), make(4), grad=False)
      for make in (lambda *s: I(0, 256, *s, dtype=_U), lambda *s: I(-128, 128, *s, dtype=np.int8))],
    sample("QuantizedReshape", _call("QuantizedReshape", "tensor", shape=[3, -1], input_min=-1.0, input_max=2.0),
           I(0, 256, 2, 6, dtype=_U), grad=False),
    sample("QuantizedReshape", _call("QuantizedReshape", "tensor", shape=[0, 5], input_min=-1.0, input_max=2.0), I(0, 9, 5, 0),
           grad=False),
    *[sample(type, _call(type, "input", min_input=-1.0, max_input=2.0, padding=padding, **_WINDOW), make, grad=False)
      for type in ("QuantizedAvgPool", "QuantizedMaxPool") for padding in ("SAME", "VALID")
      for make in (_IMAGES, I(-128, 128, 1, 5, 4, 3, dtype=np.int8))],
    *[sample("QuantizedConv2D", _call("QuantizedConv2D", "input filter", strides=strides, padding=padding, **ends), _IMAGES,
             I(0, 256, 2, 3, 2, 3, dtype=_U), grad=False)
      for strides in ([1, 1, 1, 1], [1, 2, 2, 1]) for padding in ("SAME", "VALID")
      for ends in (_CONV, {"min_input": 1.0, "max_input": 2.0, "min_filter": 3.0, "max_filter": 4.0})],
    *[sample("QuantizedConv2D", _with_constant("QuantizedConv2D", _SIGNED, strides=[1, 1, 1, 1], padding=padding, **_CONV),
             _IMAGES, grad=False) for padding in ("SAME", "VALID")],
    *[sample("QuantizedDepthwiseConv2D", _with_constant("QuantizedDepthwiseConv2D", _SIGNED, strides=[1, 1, 1, 1],
                                                        padding=padding, **_CONV), _IMAGES, grad=False)
      for padding in ("SAME", "VALID")],
    *[sample("Requantize", _call("Requantize", "input", requested_output_min=low, requested_output_max=high, out_type=kind,
                                 **_OFF), _WIDE, grad=False)
      for kind in ("quint8", "qint8") for low, high in ((-0.1, 0.15), (0.0, 0.2), (-0.2, 0.0), (0.0, 0.0), (-400.0, 100.0))],
    sample("Requantize", _call("Requantize", "input", requested_output_min=-1.0, requested_output_max=2.0, out_type="quint8",
                               **_OFF), I(-9, 9, 0, 3), grad=False),
    *[sample("RequantizationRange QuantizeDownAndShrinkRange", lambda tf, x, sign=sign: [
        *_call("RequantizationRange", "input", **_OFF)(tf, sign(tf, x)),
        *_call("QuantizeDownAndShrinkRange", "input", out_type="quint8", **_OFF)(tf, sign(tf, x))], make, grad=False)
      for sign in (lambda tf, x: x, lambda tf, x: tf.abs(x), lambda tf, x: -tf.abs(x)) for make in (_WIDE, I(-9, 9, 0, 3))],
    *[sample("RequantizationRangePerChannel", lambda tf, x, a, b, sign=sign, clip=clip: list(
        tf.raw_ops.RequantizationRangePerChannel(input=_given(tf, sign(tf, x)), input_min=a, input_max=b, clip_value_max=clip)),
        _WIDE4, *_CHANNELS, grad=False)
      for sign in (lambda tf, x: x, lambda tf, x: tf.abs(x)) for clip in (1e30, 6.0)],
    *[sample("RequantizePerChannel", _call("RequantizePerChannel", "input input_min input_max", requested_output_min=low,
                                           requested_output_max=high, out_type=kind), _WIDE4, *_CHANNELS, grad=False)
      for kind, low, high in (("quint8", -10.0, 20.0), ("quint8", 0.0, 30.0), ("qint8", -10.0, 20.0), ("qint8", -30.0, 20.0))],
    *[sample("QuantizedResizeBilinear", _call("QuantizedResizeBilinear", "images", size=size, min=-1.0, max=2.0, **given), make,
             grad=False)
      for size, given in (([3, 7], {}), ([9, 2], {"align_corners": True}), ([5, 4], {"half_pixel_centers": True}))
      for make in (_IMAGES, I(-2**31, 2**31, 1, 4, 5, 2), F(1, 4, 5, 2))],
    *[sample("QuantizedInstanceNorm", _call("QuantizedInstanceNorm", "x", x_min=-1.0, x_max=2.0, **given),
             I(0, 256, 2, 3, 4, 2, dtype=_U), grad=False)
      for given in ({}, {"output_range_given": True, "given_y_min": -1.0, "given_y_max": 1.5}, {"variance_epsilon": 1.0})],
    *[sample("QuantizedBatchNormWithGlobalNormalization", _call(
        "QuantizedBatchNormWithGlobalNormalization", *_NORM, out_type="qint32", variance_epsilon=0.01,
        scale_after_normalization=after, **_NORM_ENDS), I(0, 256, 2, 3, 2, 4, dtype=_U),
        *[I(0, 256, 4, dtype=_U) for _ in range(4)], grad=False) for after in (False, True)],
]
