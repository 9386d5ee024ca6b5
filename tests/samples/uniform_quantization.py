"""Samples of uniformly quantized tensors, which are drawn and compared as the integers that they hold."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import A, F, I, sample

_PLAIN = {"qint8": "int8", "quint8": "uint8", "qint32": "int32"}
_KIND = {plain: kind for kind, plain in _PLAIN.items()}
_LIMITS = {"qint8": (-128, 127), "quint8": (0, 255), "qint32": (-2**31, 2**31 - 1)}
_BYTES = {"quantization_min_val": -128, "quantization_max_val": 127}
_SIDES = {f"{side}_quantization_{end}_val": value for side in ("lhs", "rhs", "output")
          for end, value in zip(("min", "max"), _LIMITS["qint32"], strict=True)}
_RHS = {f"rhs_{k}": v for k, v in _BYTES.items()}


def _call(type: str, names: str, quantized: str, **given: Any) -> Any:
    """A call whose tensors have these names, some of which are quantized; dtypes among the arguments by name."""
    def call(tf: Any, *tensors: Any) -> Any:
        fixed = {k: getattr(tf, v) if k == "Tout" else v for k, v in given.items()}
        inputs = {n: tf.bitcast(x, getattr(tf, _KIND[x.dtype.name])) if n in quantized.split() else x
                  for n, x in zip(names.split(), tensors, strict=True)}
        found = getattr(tf.raw_ops, type)(**inputs, **fixed)
        return tf.bitcast(found, getattr(tf, _PLAIN[found.dtype.name])) if found.dtype.name in _PLAIN else found
    return call


def S(*shape: int) -> Any:
    """Integers of one byte."""
    return I(-128, 128, *shape, dtype=np.int8)


def _scales(size: int = 0, low: float = 0.05) -> Any:
    return (lambda rng: rng.uniform(low, 0.5, (size,) if size else ()).astype(np.float32)), \
        I(-20, 20, *((size,) if size else ()))


_REQUANTIZE = {"Tout": "qint8", **{f"{side}_{k}": v for side in ("input", "output") for k, v in _BYTES.items()}}
_DIMENSIONS = bytes([16, 3, 26, 2, 1, 2, 32, 2, 40, 3, 50, 2, 0, 1, 64, 3, 74, 2, 1, 2])
"""Channels last, in the input, the kernel and the output."""
_EIGHT = "lhs rhs lhs_scales lhs_zero_points rhs_scales rhs_zero_points output_scales output_zero_points"
_CONVOLUTIONS = (
    ((2, 2, 5, 6), (3, 2, 2, 3), {"padding": "VALID"}),
    ((2, 2, 5, 6), (3, 2, 2, 3), {"padding": "SAME", "window_strides": [2, 1]}),
    ((2, 2, 5, 6), (3, 2, 2, 3), {"padding": "EXPLICIT", "explicit_padding": [1, 0, 2, 1], "rhs_dilation": [2, 1]}),
    ((1, 2, 3, 4), (3, 2, 2, 3), {"padding": "SAME", "lhs_dilation": [2, 3]}),
    ((2, 4, 5, 6), (6, 2, 2, 3), {"padding": "VALID", "feature_group_count": 2}),
    ((4, 2, 5, 6), (6, 2, 2, 3), {"padding": "VALID", "batch_group_count": 2}),
    ((2, 2, 7), (3, 2, 3), {"padding": "SAME", "window_strides": [2]}),
    ((1, 2, 4, 5, 3), (3, 2, 2, 2, 3), {"padding": "SAME", "window_strides": [1, 2, 1]}),
    ((2, 5, 6, 2), (2, 3, 2, 3), {"padding": "SAME", "dimension_numbers": _DIMENSIONS}),
    ((0, 2, 5, 6), (3, 2, 2, 3), {"padding": "VALID"}))


def _window(attrs: dict[str, Any], rank: int) -> dict[str, Any]:
    return {"window_strides": [1] * (rank - 2), **attrs}


SAMPLES = [
    *[sample("UniformQuantize", _call("UniformQuantize", "input scales zero_points", "", Tout=kind,
                                      quantization_min_val=low, quantization_max_val=high, quantization_axis=axis),
             F(*shape, scale=5.0), *_scales(shape[1] if axis == 1 else 0), grad=False)
      for kind, (low, high) in _LIMITS.items() for axis, shape in ((-1, (3, 4)), (1, (5, 3)), (-1, (0, 2)))],
    sample("UniformQuantize", _call("UniformQuantize", "input scales zero_points", "", Tout="qint8", quantization_min_val=-100,
                                    quantization_max_val=90),
           A([0.5, 1.5, -0.5, -1.5, 2.5, -2.5, 1e10, -1e10, np.nan, np.inf, 1e3]), A(1.0), A(3), grad=False),
    *[sample("UniformDequantize", _call("UniformDequantize", "input scales zero_points", "input", Tout="float32",
                                        quantization_axis=axis, **_BYTES), make, *_scales(4 if axis == 1 else 0), grad=False)
      for axis in (-1, 1) for make in (S(3, 4), I(0, 256, 3, 4, dtype=np.uint8), I(-2**31, 2**31, 3, 4))],
    *[sample("UniformRequantize", _call("UniformRequantize", "input input_scales input_zero_points output_scales "
                                        "output_zero_points", "input", input_quantization_axis=old,
                                        output_quantization_axis=new, **_REQUANTIZE), make,
             *_scales(4 if old == 1 else 0), *_scales(4 if new == 1 else 0), grad=False)
      for old, new in ((-1, -1), (1, -1), (-1, 1), (1, 1)) for make in (S(3, 4), I(-500, 500, 5, 4))],
    *[sample("UniformQuantizedAdd", _call("UniformQuantizedAdd", _EIGHT, "lhs rhs", **_SIDES), I(-2**20, 2**20, *a),
             I(-2**20, 2**20, *b), *_scales(), *_scales(), *_scales(), grad=False)
      for a, b in (((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (1, 4)), ((0, 4), (4,)))],
    sample("UniformQuantizedAdd", _call("UniformQuantizedAdd", _EIGHT, "lhs rhs", lhs_quantization_axis=1,
                                        rhs_quantization_axis=1, output_quantization_axis=1, **_SIDES),
           I(-2**20, 2**20, 5, 3), I(-2**20, 2**20, 5, 3), *_scales(3), *_scales(3), *_scales(3), grad=False),
    *[sample("UniformQuantizedClipByValue", _call(
        "UniformQuantizedClipByValue", "operand min max scales zero_points", "operand min max", quantization_axis=axis,
        quantization_min_val=-2**31, quantization_max_val=2**31 - 1), I(-500, 500, 3, 4), I(-200, 0, *size), I(0, 200, *size),
        *_scales(*size), grad=False) for axis, size in ((-1, ()), (1, (4,)))],
    *[sample("UniformQuantizedDot", _call("UniformQuantizedDot", _EIGHT, "lhs rhs", Tout="qint32", rhs_quantization_axis=old,
                                          output_quantization_axis=new, **_SIDES), S(*a), S(*b), *_scales(),
             *_scales(b[1] if old == 1 else 0), *_scales(b[1] if new == 1 else 0), grad=False)
      for old, new in ((-1, -1), (1, -1), (1, 1)) for a, b in (((3, 4), (4, 5)), ((2, 100), (100, 3)), ((0, 2), (2, 3)))],
    *[sample("UniformQuantizedDotHybrid", _call("UniformQuantizedDotHybrid", "lhs rhs rhs_scales rhs_zero_points", "rhs",
                                                Tout="float32", rhs_quantization_axis=axis, **_RHS),
             F(*a), S(*b), *_scales(b[1] if axis == 1 else 0), grad=False)
      for axis in (-1, 1) for a, b in (((3, 4), (4, 5)), ((2, 50), (50, 3)), ((0, 2), (2, 3)))],
    *[sample("UniformQuantizedConvolution", _call("UniformQuantizedConvolution", _EIGHT, "lhs rhs", Tout="qint32",
                                                  **_window(attrs, len(x)), **_SIDES), S(*x), S(*w), *_scales(), *_scales(),
             *_scales(), grad=False) for x, w, attrs in _CONVOLUTIONS],
    *[sample("UniformQuantizedConvolution", _call(
        "UniformQuantizedConvolution", _EIGHT, "lhs rhs", Tout="qint32", padding="SAME", window_strides=[1, 1],
        rhs_quantization_axis=0, output_quantization_axis=axis, **_SIDES), S(2, 2, 5, 6), S(3, 2, 2, 3), *_scales(),
        *_scales(3), *_scales(3 if axis == 1 else 0), grad=False) for axis in (-1, 1)],
    *[sample("UniformQuantizedConvolutionHybrid", _call(
        "UniformQuantizedConvolutionHybrid", "lhs rhs rhs_scales rhs_zero_points", "rhs", Tout="float32",
        **_window(attrs, len(x)), **_RHS), F(*x), S(*w), *_scales(), grad=False)
      for x, w, attrs in _CONVOLUTIONS],
    sample("UniformQuantizedConvolutionHybrid", _call(
        "UniformQuantizedConvolutionHybrid", "lhs rhs rhs_scales rhs_zero_points", "rhs", Tout="float32", padding="SAME",
        window_strides=[1, 1], rhs_quantization_axis=0, **_RHS), F(2, 2, 5, 6), S(3, 2, 2, 3), *_scales(3), grad=False),
]
