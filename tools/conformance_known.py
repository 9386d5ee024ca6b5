"""The differences between thalweg and TensorFlow that `tools/conformance.py` expects, and why they are there.

An entry says as narrowly as it can which draws it is about. Whatever it does not match is reported as a difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A class of differences."""

    ops: str
    """The op types, separated by spaces."""
    why: str
    when: str = ""
    """A regular expression that the line must contain: `OP NUMBER VERDICT: WHAT  (SAMPLE [VARIATION] INPUTS)`."""


_NAN = r"special values[^\]]* nan"
_WILD = r"special values[^\]]* (nan|-?inf)"
_CONVOLUTIONS = (
    "Conv Conv2D Conv3D Conv2DBackpropFilter Conv2DBackpropInput Conv3DBackpropFilterV2 Conv3DBackpropInputV2 "
    "DepthwiseConv2dNative DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput"
)
_SEQUENCES = "GRUSequence GRUSequenceGrad LSTMSequence LSTMSequenceGrad"
_FAKE = (
    "FakeQuantWithMinMaxArgs FakeQuantWithMinMaxArgsGradient FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsGradient "
    "FakeQuantWithMinMaxVarsPerChannel FakeQuantWithMinMaxVarsPerChannelGradient"
)

KNOWN: tuple[Known, ...] = (
    # Memory that nobody has written.
    Known(
        _CONVOLUTIONS,
        "the gradient of an empty convolution is memory that TensorFlow has not written",
        r"gradient: gradient \d: .*: 0\.0, expected",
    ),
    Known(_CONVOLUTIONS, "TensorFlow gives an empty convolution the shape of its input", r"forward: output 0: shape \(.*\b0\b"),
    Known("Conv2D", "TensorFlow's function divides by a filter's size 0 before the op sees it", r"class: .*ZeroDivisionError"),
    Known("MaxPoolGradGrad", "TensorFlow has not written the memory beside an empty result", r"gradient 0: .*: 0\.0, expected"),
    Known(
        "BlockLSTM BlockLSTMGrad BlockLSTMGradV2",
        "the gradients of the weights for no samples are memory that TensorFlow has not written",
        r"(forward: output [3-7]|gradient: gradient [3-7]): .*: 0\.0, expected .*float\d\d\[\d, 0, ",
    ),
    Known(
        "LSTMBlockCell LSTMBlockCellGrad",
        "TensorFlow reads beyond peephole weights that are too short",
        r"wc[ifo].dims\(0\) != ",
    ),
    Known(
        "BatchNormWithGlobalNormalization BatchNormWithGlobalNormalizationGrad",
        "TensorFlow reads beyond vectors that are too short",
        r"must have the same number of elements",
    ),
    Known(
        "MatrixSolveLs BatchMatrixSolveLs",
        "TensorFlow has not written the solution of no equations",
        r"forward: .*: 0\.0, expected .* -> 0\b",
    ),
    Known(
        "ExtractGlimpse",
        "pixels of an empty image are memory that TensorFlow has not written",
        r"forward: .*: 0\.0, expected.* 0, ",
    ),
    Known(
        "Cholesky BatchCholesky",
        "TensorFlow has not written the upper triangle of large results",
        r"forward: .*: 0\.0, expected",
    ),
    Known(
        "TensorListScatterIntoExistingList",
        "TensorFlow's gradient is memory that it has not written, or an error, where the scattering made the list longer",
        r"Operation expected a list with|gradient: ",
    ),
    Known(
        "MaxPool MaxPoolGradGrad", "the gradient of an empty result is memory not written", r": 0\.0, expected .*pool-0(04|27)"
    ),
    Known(
        "Conv3D Conv3DBackpropFilterV2 Conv3DBackpropInputV2",
        "no images, where the shape asked for has some",
        r"error: InvalidArgumentError: .*same batch size",
    ),
    Known(
        "DepthwiseConv2dNative DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput",
        "whether a filter without elements is refused depends on the dtype in TensorFlow",
        r"error: .*-> 0\b",
    ),
    Known("Eig", "TensorFlow does not sort an empty tensor whose gradient is wanted", r"Range.*Requires delta != 0.*-> 0\b"),
    Known(
        "ComputeAccidentalHits LogUniformCandidateSampler UniformCandidateSampler RFFT",
        "TensorFlow looks away where there are no columns",
        r"error: InvalidArgumentError: (reshape cannot|Paddings).*-> 0\b",
    ),
    Known(
        "MaxPoolGradV2 MaxPoolGradGradV2",
        "the gradient of an empty result is memory not written",
        r": 0\.0, expected .*earlier_sums-00\d.*size 4 -> 1",
    ),
    # NaN and infinity.
    Known("ApproxTopK NthElement", "where NaN stands in an order is left open", _NAN),
    Known("ClipByValue", "a bound that is NaN", r"forward: .*clip-00[01].*" + _NAN),
    Known("CumulativeLogsumexp", "TensorFlow's kernel loses NaN on the way", _NAN),
    Known("LowerBound UpperBound", "a table that is not sorted, or has NaN in it", r"special values|size|times"),
    Known(
        "SegmentMax SegmentMin SegmentMaxV2 SegmentMinV2 UnsortedSegmentMax UnsortedSegmentMin "
        "TensorScatterMax TensorScatterMin ResourceScatterMax "
        "ResourceScatterMin ResourceScatterNdMax ResourceScatterNdMin ResourceApplyAdamWithAmsgrad MaxPool3D MaxPool3DGrad",
        "whether NaN or the number is the larger depends on their order in TensorFlow's kernels",
        r"(nan, exp|expected nan).*" + _NAN,
    ),
    Known("AdjustHue AdjustSaturation RGBToHSV HSVToRGB", "colours with NaN or infinity among their parts", _WILD),
    Known("Dequantize", "numbers outside the integers' range, cast to integers", _WILD),
    Known("Erf", "TensorFlow's vectorised kernel gives NaN for infinity", r"expected nan.*special values[^\]]*inf"),
    Known(
        _FAKE,
        "NaN or infinity among the values or as a bound, or a range that begins above its end",
        r"special values|differ.*quantization-00[89]",
    ),
    Known("QuantizeAndDequantizeV4 QuantizeAndDequantizeV4Grad", "a bound that is NaN", r"Invalid range: .*nan"),
    Known("LinSpace", "one value from a bound that is NaN", r"expected -?[\d.]+ .*" + _NAN),
    Known(
        "BesselY0 BesselY1 BesselK0 BesselK1",
        "at zero TensorFlow has NaN in single precision, infinity in double",
        r"inf, expected nan.*(special values[^\]]* -?0|float16|size)",
    ),
    Known(
        "Digamma Igamma Igammac IgammaGradA Polygamma Zeta Betainc Lgamma Pow RandomGammaGrad",
        "at poles and infinities TensorFlow's series gives zero or NaN by accident",
        r"special values",
    ),
    Known("UnsortedSegmentProd", "the quotient of infinities in the gradient", r"gradient 0: .*" + _WILD),
    Known("StatelessRandomPoisson", "rates that are infinite", _WILD),
    Known("StatelessRandomBinomial", "counts and probabilities that are NaN or infinite", _WILD),
    # Rounding.
    Known(
        "Betainc Igammac Igamma", "TensorFlow's float32 series is good to four digits here, ours to six", r"float64 -> float32"
    ),
    Known(
        _SEQUENCES,
        "half precision: TensorFlow's composition rounds after every step",
        r"forward: .*float(16|32 -> float16|32 -> bfloat16)",
    ),
    Known(_SEQUENCES, "TensorFlow's composition adds up in another order", r"float32 -> float64.*float64"),
    Known(
        _SEQUENCES,
        "TensorFlow's composition looks at the first of no steps, or adds an empty bias",
        r"error: a result.*(slice index 0|Biases must be)",
    ),
    Known("CTCLoss", "TensorFlow computes the gradient in float32 whatever the dtype", r"gradient 0: .*float64"),
    Known("MatrixExponential", "beyond the range of floats it is infinite or NaN", r"(-?inf|nan), expected (nan|-?inf)"),
    Known(
        "MaxPool3DGrad MaxPool3DGradGrad",
        "TensorFlow takes values for equal that are 1e-5 apart",
        r"(gradient|output) 0: .*pool-0(47|50)",
    ),
    Known(
        "ResizeNearestNeighbor ResizeNearestNeighborGrad",
        "half precision: TensorFlow rounds after every addition",
        r"float16",
    ),
    Known("RandomGammaGrad", "far from the samples that occur TensorFlow's density is zero", r"expected -?0\.0"),
    Known("QuantizeAndDequantizeV4 QuantizeAndDequantizeV4Grad", "NaN among the values whose range is taken", _NAN),
    Known("ResourceApplyAdamWithAmsgrad", "the larger of NaN and a number, which infinities lead to", r"nan, exp.*" + _WILD),
    Known("RFFT RFFT2D RFFT3D", "TensorFlow's gradient fails where the result is of double precision", r"Wrong types for"),
    Known(
        "ResourceScatterAdd ResourceScatterSub ResourceScatterMul ResourceScatterDiv ResourceScatterMin ResourceScatterMax "
        "ResourceScatterUpdate",
        "TensorFlow takes updates of shape [n, 1] for rows of any length, and reads beyond them",
        r"must be a prefix.*a result",
    ),
    Known(
        "AdjustContrastv2 RGBToHSV HSVToRGB AdjustHue AdjustSaturation Qr Svd BatchNormWithGlobalNormalizationGrad",
        "half precision: what is in between is rounded in TensorFlow",
        r"(forward|gradient).*(bfloat16|float16)",
    ),
    Known("BesselI0 BesselI1", "just below the largest float TensorFlow's product overflows", r"expected inf"),
    Known("Pow", "the logarithm and the power of float32, one unit off each, in large products", r"gradient 1: .*times 10"),
    Known("MatrixSolve MatrixTriangularSolve", "single precision and badly conditioned matrices", r"float64 -> float32"),
    Known("Cast", "numbers that the new dtype does not have", r"forward: .*(float32 -> (bfloat16|float16)|special values)"),
    Known("QuantizeV2 QuantizeAndDequantizeV4Grad", "NaN or infinity, cast to integers", _WILD),
    Known(
        "CTCBeamSearchDecoder",
        "TensorFlow forgets a sequence that falls out of the beam before its prefix has been extended",
        r"forward: output \d: (\[|shape|\d+ of)",
    ),
    Known("CTCLoss", "labels beyond the classes at the beginning of a row", r"Saw a non-null label.*size 5 -> 4"),
    Known("CTCLossDense", "labels beyond the classes count as impossible in TensorFlow", r"IndexError: .*size 5 -> \d"),
    Known("CTCLossDense", "TensorFlow's composition does not take empty inputs", r"-> 0\b"),
    Known("Expint", "just below the largest float TensorFlow's product overflows", r"expected inf"),
    Known("ExtractGlimpse", "beside the image there is noise, of which each library has its own", r"times|-> 0\b|size"),
    Known("IRFFT2D", "TensorFlow's gradient fails where the length given is not that of the input", r"Input to reshape"),
    Known("IsotonicRegression ExtractImagePatches", "TensorFlow's gradient fails for no rows", r"error: a result.*\[0, "),
    Known("Lu", "TensorFlow's function for no matrices", r"error: a result.*Pack.*\[0, "),
    Known(
        "FusedBatchNormV3 FusedBatchNormGradV3",
        "TensorFlow's gradient of an empty volume lacks an axis",
        r"gradient 0: shape.*-> 0\b",
    ),
    Known("GatherV2", "TensorFlow does not look at indices of rows without elements", r"is not in .*, 0\]"),
    Known(
        _SEQUENCES,
        "half precision: TensorFlow's composition rounds after every step",
        r"gradient: .*float32 -> (b?float16|bfloat16)",
    ),
    Known(_SEQUENCES, "a mask longer than the sequence", r"class: IndexError.*OutOfRangeError"),
    Known(
        _CONVOLUTIONS, "the gradient of an empty convolution is memory not written", r"forward: output 1: .*: 0\.0, expected"
    ),
    Known(
        "Selu SeluGrad", "half precision: whether a number just below zero counts as below zero", r"gradient .*bfloat16|float16"
    ),
    Known("SqrtGrad RsqrtGrad", "complex zero divided by zero", r"nan, exp.*|nanj.*special values[^\]]* -?0"),
    Known("SquaredDifference Sum Mean", "the mean of nothing, in half precision", r"nan, expected.*-> 0\b.*float16"),
    Known("StatelessRandomBinomial", "counts or probabilities that are NaN or infinite", r"inf, expected nan|nan, expected"),
    Known(
        "ResourceSparseApplyFtrl ResourceSparseApplyFtrlV2",
        "NaN and infinity in sums: TensorFlow's step on rows lacks the comparison that makes zero of them in the other",
        r"0\.0, expected nan.*special values",
    ),
    Known(
        "ResourceSparseApplyRMSProp ResourceSparseApplyCenteredRMSProp",
        "an infinite mean square: TensorFlow's step on rows adds up what the other subtracts",
        r"nan, expected -?\d.*special values[^\]]* inf",
    ),
    Known(
        "FusedPadConv2D FusedResizeAndPadConv2D",
        "of several images TensorFlow convolves the first one every time",
        r"forward: output 0: \d+ of.*-> [2-7][^\]]*\] \w+\[[2-7], ",
    ),
    Known(
        "FusedPadConv2D FusedResizeAndPadConv2D",
        "a filter without rows or columns, which Conv2D refuses, gives TensorFlow zeros or memory not written",
        r"filter must not have zero elements.*a result",
    ),
    Known(
        "QuantizedAdd QuantizedMul",
        "where both sides are repeated, TensorFlow writes the first row only",
        r"forward: output 0: .*uint8\[(\d, )*1\](, uint8| *\))|forward: output 0: .*uint8\[1, \d\], uint8\[\d, 1\]",
    ),
    Known(
        "QuantizedAvgPool QuantizedMaxPool",
        "TensorFlow gives the range of an empty pool no value",
        r"output 1: shape \(\), .*\(0,\)",
    ),
    Known("QuantizedConv2D QuantizedDepthwiseConv2D", "signed filters on images without pixels", r"cannot be 0.*a result"),
    Known(
        "QuantizedMatMul",
        "sums of nothing are memory that TensorFlow has not written",
        r"output 0: \[(0 ?)+\], expected (?s:.*)uint8\[.*\b0\b",
    ),
    Known("RequantizationRangePerChannel RequantizePerChannel", "NaN or infinity as the end of a range", _WILD),
    Known("ResourceApplyAdaMax", "the larger of NaN and a number", r"nan, exp.*" + _NAN),
    Known(
        "ResourceApplyAdadelta ResourceApplyAdamWithAmsgrad",
        "TensorFlow does not check the shape of this slot, and reads beyond it",
        r"error: InvalidArgumentError: var and (accum_update|vhat) do not",
    ),
    Known(
        "SoftmaxCrossEntropyWithLogits", "TensorFlow's gradient fails for no rows of no classes", r"Input to reshape.*-> 0\b"
    ),
    Known("SelfAdjointEigV2", "nearly equal eigenvalues in single precision", r"gradient: .*times 0\.01"),
    Known("TopKV2", "where NaN stands in an order is left open", _NAN),
    Known("ReciprocalGrad", "half precision: zero times infinity, or the order of the products", r"float16.*"),
    Known("ResizeBicubic ResizeBicubicGrad", "TensorFlow has the weights in float32 whatever the dtype", r"gradient .*float64"),
    # Singular matrices.
    Known(
        "MatrixSquareRoot MatrixLogarithm",
        "matrices that are nearly singular or have no root: rounding decides what comes out",
        r"size|special values|times",
    ),
    Known("PriorityQueueV2", "which of two elements of one priority comes first is left open", r"forward: .*size"),
    # What TensorFlow's gradients and compositions do not do.
    Known(
        "TensorListGather",
        "of the gradients of an element gathered twice TensorFlow keeps one; here they are added",
        r"gradient: gradient 0",
    ),
    Known(
        "MatrixDiagPartV2", "TensorFlow's gradient puts the diagonals back with the alignment of V3", r"gradient: gradient 0"
    ),
    Known(
        "BandedTriangularSolve", "the gradient for a single band lacks its axis in TensorFlow", r"gradient: gradient 0: shape"
    ),
    Known(
        "IRFFT IRFFT2D IRFFT3D RFFT RFFT2D RFFT3D",
        "TensorFlow's gradient fails where the length given is not that of the input",
        r"error: a result.*(Dimension -\d|Incompatible shapes|Matrix size-incompatible)",
    ),
    Known("MatrixExponential", "TensorFlow's function returns an empty batch without a gradient", r"a tensor.* -> 0"),
    Known("ExtractVolumePatches", "TensorFlow's gradient fails for no images", r"SparseTensorDenseMatMul.*\[0, "),
    Known(
        "NonMaxSuppressionV5",
        "TensorFlow's function makes thresholds float32 and fails for boxes of half precision",
        r"error: a result.*float16",
    ),
    Known(
        "Less Greater",
        "TensorFlow's function makes thresholds float32 and fails for scores of other dtypes",
        r"error: a result.*TypeError",
    ),
    Known("CTCLossDense", "with no way through too few steps TensorFlow adds 707 for infinity", r"(inf|nan), expected 7\d\d"),
    Known(
        "CTCLossDense", "NaN or infinity among the logits, or a row without a way through", r"gradient 0|forward: .*(nan|inf)"
    ),
    Known("CTCLossDense", "TensorFlow's composition mixes float32 into float64", r"error: a result.*(double|float64)"),
    Known("CTCLoss", "NaN or infinity among the logits", _WILD),
    Known(
        "CTCLoss", "labels beyond the classes leave rows without labels, whose loss TensorFlow gets wrong", r"size 5 -> [123]\b"
    ),
    Known("CTCGreedyDecoder CTCBeamSearchDecoder", "NaN or infinity among the logits", _WILD),
    Known("CTCCollapseRepeated CTCUniqueLabels", "TensorFlow's composition does not take empty batches", r"-> 0\b|of input 0"),
    Known(
        "LogUniformCandidateSampler UniformCandidateSampler ComputeAccidentalHits",
        "TensorFlow looks nothing up in matrices without columns",
        r"is not in \[0, 0\).*size 4 -> 0",
    ),
    Known(
        "ImageProjectiveTransformV2 ImageProjectiveTransformV3",
        "TensorFlow's gradient refuses bfloat16",
        r"Invalid dtype <dtype: 'bfloat16'>",
    ),
    Known("Eig", "TensorFlow's function fails on its way to refuse half precision", r"class: .*UnboundLocalError"),
    Known(
        "Dilation2DBackpropFilter Dilation2DBackpropInput Dilation2D",
        "the largest of nothing: TensorFlow's lowest number, here minus infinity",
        r"inf, expected -?\d",
    ),
)


def reason(op: str, line: str) -> str:
    """Why a difference is there, or nothing."""
    return next((k.why for k in KNOWN if op in k.ops.split() and re.search(k.when, line, re.DOTALL)), "")
