"""Operations that TensorFlow has removed: programs cannot use them any more, but graphs of earlier versions run.

Each is that which took its place, under another signature. `OpDef.removed` says since which version of graphs it is gone.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape, unknown_shape
from . import bands, decompositions, diagonals, linear_systems, spectral
from .common import FLOATS, NUMBERS, shape_text, unchanged
from .conv import conv3d_backprop_filter, conv3d_backprop_input
from .graph_nodes import placeholder
from .image.color_entries import at_least_3d, check_adjusted
from .layout import bad
from .quantization import quantize_and_dequantize_v2_

_REALS = "T: {double, float}"


def removed(since: int, advice: str, type: str, signature: str, attrs: str, kernel: Callable[..., Any], infer: Any,
            **options: Any) -> OpDef:
    """An entry that graphs from version `since` on do not have."""
    entry = op(type, signature, attrs=attrs, infer=infer, **options)(kernel)
    entry.removed = (since, advice)
    return entry


# Matrices, which had operations of their own in batches.


def _batched(since: int, entry: OpDef, attrs: str = "", signature: str = "", advice: str = "", name: str = "") -> OpDef:
    """The batched form of an entry, which is the entry."""
    earlier = name or entry.type
    return removed(since, advice or f"Use {entry.type} instead.", f"Batch{earlier}", signature or entry._signature_text,
                   attrs or entry._attr_text, entry.kernel, lambda call: entry.infer(call))  # type: ignore[misc]


_batched(13, decompositions.cholesky_, _REALS)
_batched(13, decompositions.cholesky_grad, "T: {float, double}")
_batched(13, decompositions.matrix_determinant, "T: {float, double, complex64, complex128}")
_batched(13, decompositions.matrix_inverse, "adjoint: bool = false; " + _REALS)
_batched(13, linear_systems.matrix_solve, "adjoint: bool = false; " + _REALS)
_batched(13, linear_systems.matrix_solve_ls, _REALS + "; fast: bool = true")
_batched(13, linear_systems.matrix_triangular_solve, "lower: bool = true; adjoint: bool = false; " + _REALS)
_batched(13, spectral.self_adjoint_eig, "compute_v: bool = true; " + _REALS)
_batched(13, spectral.svd_, "compute_uv: bool = true; full_matrices: bool = false; T: {double, float, complex64, complex128}")
_batched(14, bands.matrix_band_part, "T: type", "input: T, num_lower: int64 static, num_upper: int64 static -> band: T",
         "Use MatrixBandPart")
for _name, _entry in (("Diag", diagonals.matrix_diag_v1), ("DiagPart", diagonals.matrix_diag_part_v1),
                      ("SetDiag", diagonals.matrix_set_diag_v1)):
    _batched(14, _entry, advice=f"Use Matrix{_name}")


def _eigen_shape(call: Any) -> TensorShape:
    shape = call.inputs[0].shape
    if shape.rank is None:
        return unknown_shape()
    if shape.rank < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {shape.rank}")
    *outer, rows, columns = shape.as_list()
    n = columns if rows is None else rows
    return TensorShape([*outer, None if n is None else n + 1, n])


def _eigen(xp: Any, x: Any) -> Any:
    """The eigenvalues as a row above the eigenvectors."""
    values, vectors = spectral.self_adjoint_eig.kernel(xp, x)
    return xp.concatenate([values[..., None, :], vectors], -2)


_EIGEN = "Use SelfAdjointEigV2 instead."
removed(11, _EIGEN, "SelfAdjointEig", "input: T -> output: T", "T: {double, float, half}", _eigen, _eigen_shape)
removed(11, _EIGEN, "BatchSelfAdjointEig", "input: T -> output: T", _REALS, _eigen, _eigen_shape)


# Convolution, with arrays where now there are their shapes.

_CONV = 'T: {half, float, double}; strides: list(int); padding: {"SAME", "VALID"}; dilations: list(int) = [1, 1, 1, 1, 1]'
_CONV_INPUTS = "input: T, filter: T, out_backprop: T -> output: T"


def _filter_gradient(xp: Any, x: Any, w: Any, dy: Any, **attrs: Any) -> Any:
    return conv3d_backprop_filter.kernel(xp, x, w.shape, dy, **attrs)


def _input_gradient(xp: Any, x: Any, w: Any, dy: Any, **attrs: Any) -> Any:
    return conv3d_backprop_input.kernel(xp, x.shape, w, dy, **attrs)


removed(10, "Use Conv3DBackpropFilterV2", "Conv3DBackpropFilter", _CONV_INPUTS, _CONV, _filter_gradient,
        lambda call: call.inputs[1].shape)
removed(10, "Use Conv3DBackpropInputV2", "Conv3DBackpropInput", _CONV_INPUTS, _CONV, _input_gradient, unchanged)


# Numbers.


def _contrast(xp: Any, x: Any, factor: Any, least: Any, most: Any) -> Any:
    check_adjusted(x, factor, "contrast_factor", coloured=False)
    for value, word in ((least, "min_value"), (most, "max_value")):
        if value.ndim:
            raise bad(f"{word} must be scalar: {shape_text(value.shape)}")
    wide = x.astype(np.float32)
    if not x.size:
        return wide
    mean = xp.mean(wide, (-3, -2), keepdims=True)
    return xp.minimum(xp.maximum((wide - mean) * factor + mean, least), most)


removed(2, "Use AdjustContrastv2 instead", "AdjustContrast",
        "images: T, contrast_factor: float, min_value: float, max_value: float -> output: float",
        "T: {uint8, int8, int16, int32, int64, float, double}", _contrast, at_least_3d)


def _there_and_back(xp: Any, x: Any, signed_input: bool = True, num_bits: int = 8, range_given: bool = False,
                    input_min: float = 0.0, input_max: float = 0.0) -> Any:
    low, high = (xp.asarray(v, x.dtype) for v in (input_min, input_max))
    return quantize_and_dequantize_v2_.kernel(xp, x, low, high, signed_input, num_bits, range_given)


quantize_and_dequantize = removed(
    22, "Replaced by QuantizeAndDequantizeV2", "QuantizeAndDequantize", "input: T -> output: T",
    "signed_input: bool = true; num_bits: int = 8; range_given: bool = false; input_min: float = 0.0; input_max: float = 0.0; "
    f"T: {{{FLOATS}}}", _there_and_back, unchanged)
quantize_and_dequantize.vjp(0)(lambda op, dy: dy)


# Batch normalisation with statistics that are given.

_NORMALIZED = f"T: {{{NUMBERS}}}; variance_epsilon: float; scale_after_normalization: bool"
_ADVICE = "Use tf.nn.batch_normalization()"


def _check_given(x: Any, given: dict[str, Any]) -> None:
    if x.ndim != 4:
        raise bad(f"input must be 4-dimensional{shape_text(x.shape)}")
    for word, v in given.items():
        if v.ndim != 1:
            raise bad(f"{word} must be 1-dimensional{shape_text(v.shape)}")
        if v.shape[0] != x.shape[3]:
            raise bad(f"{word} must have the same number of elements as the channels of input, got {v.shape[0]} and "
                      f"{x.shape[3]}")


def _factor(xp: Any, v: Any, gamma: Any, epsilon: float, scaled: bool) -> tuple[Any, Any]:
    inverse = 1 / xp.sqrt(v + v.dtype.type(epsilon))
    return inverse, inverse * gamma if scaled else inverse


def _normalized(xp: Any, x: Any, m: Any, v: Any, beta: Any, gamma: Any, variance_epsilon: float,
                scale_after_normalization: bool) -> Any:
    given = {"mean": m, "var": v, "beta": beta} | ({"gamma": gamma} if scale_after_normalization else {})
    _check_given(x, given)
    return (x - m) * _factor(xp, v, gamma, variance_epsilon, scale_after_normalization)[1] + beta


def _normalized_gradient(xp: Any, x: Any, m: Any, v: Any, gamma: Any, dy: Any, variance_epsilon: float,
                         scale_after_normalization: bool) -> Any:
    given = {"mean": m, "var": v} | ({"gamma": gamma} if scale_after_normalization else {})
    _check_given(x, given)
    inverse, factor = _factor(xp, v, gamma, variance_epsilon, scale_after_normalization)
    total = dy.sum((0, 1, 2))
    moment = (dy * (x - m)).sum((0, 1, 2)) * inverse
    scales = moment if scale_after_normalization else xp.zeros_like(gamma)
    return dy * factor, -total * factor, moment * factor * inverse * v.dtype.type(-0.5), total, scales


batch_norm = removed(9, _ADVICE, "BatchNormWithGlobalNormalization", "t: T, m: T, v: T, beta: T, gamma: T -> result: T",
                     _NORMALIZED, _normalized, unchanged)
batch_norm_grad = removed(
    9, _ADVICE, "BatchNormWithGlobalNormalizationGrad",
    "t: T, m: T, v: T, gamma: T, backprop: T -> dx: T, dm: T, dv: T, db: T, dg: T", _NORMALIZED, _normalized_gradient,
    lambda call: [(x.shape, x.dtype) for x in (call.inputs[0], *call.inputs[1:3], call.inputs[1], call.inputs[3])])


@batch_norm.gradient
def _(op: Any, dy: Any) -> Any:
    x, m, v, _, gamma = op.inputs
    return apply(batch_norm_grad, (x, m, v, gamma, dy), op.attrs)


# What is fed.

placeholder_v2 = removed(23, "Placeholder now behaves the same as PlaceholderV2.", "PlaceholderV2", placeholder._signature_text,
                         "dtype: type; shape: shape", placeholder.kernel, placeholder.infer, host=True)
placeholder_v2.not_differentiable()
