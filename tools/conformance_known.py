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

KNOWN: tuple[Known, ...] = (
    # Memory that nobody has written.
    Known(
        _CONVOLUTIONS,
        "the gradient of an empty convolution is memory that TensorFlow has not written",
        r"(gradient: gradient|forward: output) 1: \d+ of \d+ differ, at \d+: 0\.0, expected .*size \d -> \d",
    ),
    Known(_CONVOLUTIONS, "TensorFlow gives an empty convolution the shape of its input", r"forward: output 0: shape \(.*\b0\b"),
    Known(
        "WriteScalarSummary",
        "TensorFlow takes the number of an empty tensor from memory that nobody has written",
        r"error: InvalidArgumentError: Must have a one element tensor, got 0 elements.*size 1 -> 0",
    ),
    Known("Conv2D", "TensorFlow's function divides by a filter's size 0 before the op sees it", r"class: .*ZeroDivisionError"),
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
        "BatchNormWithGlobalNormalizationGrad",
        "half precision: TensorFlow rounds after every addition",
        r"forward: output [34]: .*differ, at .*b?float16\[",
    ),
    Known(
        "MatrixSolveLs BatchMatrixSolveLs",
        "TensorFlow has not written the solution of no equations",
        r"forward: .*: 0\.0, expected .* -> 0\b",
    ),
    Known(
        "ExtractGlimpse",
        "pixels of an empty image are memory that TensorFlow has not written",
        r"forward: output 0: .*: 0\.0, expected.*image_crop-031.*-> 0\b",
    ),
    Known(
        "Cholesky BatchCholesky",
        "TensorFlow has not written the upper triangle of large results",
        r"forward: .*: 0\.0, expected",
    ),
    Known(
        "TensorListScatterIntoExistingList",
        "TensorFlow's gradient is memory that it has not written, or an error, where the scattering made the list longer",
        r"error: a result.*Operation expected a list with|gradient: gradient 0: .*tensor_lists-013.*size 3 -> \d",
    ),
    Known(
        "MaxPool MaxPoolGradGrad",
        "the gradient of an empty result is memory not written",
        r": 0\.0, expected .*(pool-004.*size 5 -> 2|pool-027.*size 4 -> 2)",
    ),
    Known(
        "Conv3D Conv3DBackpropFilterV2 Conv3DBackpropInputV2",
        "no images, where the shape asked for has some",
        r"error: InvalidArgumentError: .*same batch size",
    ),
    Known(
        "DepthwiseConv2dNative DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput",
        "whether a filter without elements is refused depends on the dtype in TensorFlow",
        r"error: .*(must not have zero elements|DepthwiseConv2DBackpropInput: ).*-> 0\b",
    ),
    Known(
        "Eig",
        "TensorFlow does not sort an empty tensor whose gradient is wanted",
        r"error: a result.*Requires delta != 0.*-> 0\b",
    ),
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
    Known("ApproxTopK NthElement TopKV2", "where NaN stands in an order is left open", r"forward: .*" + _NAN),
    Known("CumulativeLogsumexp", "TensorFlow's kernel loses NaN on the way", r"nan, expected .*" + _NAN),
    Known(
        "SegmentMax SegmentMin SegmentMaxV2 SegmentMinV2 UnsortedSegmentMax UnsortedSegmentMin "
        "TensorScatterMax TensorScatterMin ResourceScatterMax ResourceScatterMin ResourceScatterNdMax ResourceScatterNdMin "
        "SparseReduceMax SparseReduceMaxSparse MaxPool3D MaxPool3DGrad",
        "whether NaN or the number is the larger depends on their order in TensorFlow's kernels",
        r"(nan, exp|expected nan).*" + _NAN,
    ),
    Known(
        "AdjustHue AdjustSaturation RGBToHSV HSVToRGB",
        "colours with NaN or infinity among their parts",
        r"(nan, exp|expected nan).*" + _WILD,
    ),
    Known("Dequantize", "NaN, cast to integers", r"forward: output 0: .*" + _NAN),
    Known("Erf", "TensorFlow's vectorised kernel gives NaN for infinity", r"expected nan.*special values[^\]]*inf"),
    Known(
        "BesselY0 BesselY1 BesselK0 BesselK1",
        "at zero TensorFlow has NaN in single precision, infinity in double",
        r"inf, expected nan.*(special values[^\]]* -?0\b|size 0 -> \d)",
    ),
    Known(
        "Igamma Igammac IgammaGradA",
        "of two infinite arguments",
        r"forward: output 0: .*: 1\.0, expected 0\.0.*special values[^\]]* inf",
    ),
    Known(
        "Igamma Igammac IgammaGradA",
        "at zero the density of TensorFlow is that of zero times the logarithm of zero",
        r"gradient: gradient 1: .*expected nan.*special values[^\]]* (-?0|-1)\b",
    ),
    Known(
        "Zeta",
        "TensorFlow's float32 series loses its terms below zero",
        r"forward: output 0: .*expected -0\.0.*special-054.*float64 -> float32",
    ),
    Known(
        "UnsortedSegmentProd",
        "of a row that belongs nowhere TensorFlow multiplies the first segment's quotient by zero",
        r"gradient: gradient 0: .*0\.0, expected nan.*" + _WILD,
    ),
    Known(
        "KmeansPlusPlusInitialization NearestNeighbors",
        "points at infinity, whose distances are NaN, come in the order of TensorFlow's heap",
        r"forward: output [01]: .*" + _WILD,
    ),
    # Rounding.
    Known(
        "KmeansPlusPlusInitialization",
        "with retries the sums of nearly equal distances, added up in another order, decide which draw is the best",
        r"forward: output 0: .*clustering-02[24].*float32\[12, [57]\]",
    ),
    Known(
        "Betainc Igammac Igamma",
        "TensorFlow's float32 series is good to four digits here, ours to six",
        r"forward: output 0: .*special-0(80|72)-.*float64 -> float32",
    ),
    Known(
        _SEQUENCES,
        "half precision: TensorFlow's composition rounds after every step",
        r"(forward|gradient): .*differ, at .*b?float16\[",
    ),
    Known(
        _SEQUENCES,
        "TensorFlow's composition adds up in another order",
        r"(forward|gradient): .*differ, at .*float32 -> float64",
    ),
    Known(
        _SEQUENCES,
        "TensorFlow's composition looks at the first of no steps, or adds an empty bias",
        r"error: a result.*(slice index 0|Biases must be).*-> 0\b",
    ),
    Known("CTCLoss", "NaN or infinity among the logits", r"gradient: gradient 0: .*" + _WILD),
    Known("CTCLoss", "TensorFlow computes the gradient in float32 whatever the dtype", r"gradient: gradient 0: .*float64"),
    Known(
        "MatrixExponential", "beyond the range of floats it is infinite or NaN", r"(-?inf|nan), expected (nan|-?inf).*times 10"
    ),
    Known(
        "MaxPool3DGrad MaxPool3DGradGrad",
        "TensorFlow takes values for equal that are 1e-5 apart",
        r"(gradient|output) 0: .*pool-0(47|50)",
    ),
    Known(
        "ResizeNearestNeighbor ResizeNearestNeighborGrad",
        "half precision: TensorFlow rounds after every addition",
        r"gradient: gradient 0: .*b?float16\[",
    ),
    Known(
        "RandomGammaGrad",
        "far from the samples that occur TensorFlow's density is zero",
        r"forward: output 0: .*expected -?0\.0.*random_stateless-099",
    ),
    Known(
        "QuantizeAndDequantizeV4 QuantizeAndDequantizeV4Grad",
        "NaN among the values whose range is taken",
        r"forward: output 0: .*nan, exp.*" + _NAN,
    ),
    Known("RFFT RFFT2D RFFT3D", "TensorFlow's gradient fails where the result is of double precision", r"Wrong types for"),
    Known(
        "ResourceScatterAdd ResourceScatterSub ResourceScatterMul ResourceScatterDiv ResourceScatterMin ResourceScatterMax "
        "ResourceScatterUpdate",
        "TensorFlow does not compare the lengths of rows, and reads beyond shorter updates",
        r"must be a prefix.*a result",
    ),
    Known(
        "AdjustContrastv2 RGBToHSV HSVToRGB AdjustHue AdjustSaturation Qr Svd",
        "half precision: what is in between is rounded in TensorFlow",
        r"(forward|gradient): .*differ, at .*b?float16\[",
    ),
    Known(
        "BesselI0 BesselI1",
        "just below the largest float TensorFlow's product overflows",
        r"forward: output 0: .*e\+3\d, expected inf.*times 10",
    ),
    Known(
        "Pow",
        "the logarithm and the power of float32, one unit off each, in large products",
        r"gradient: gradient 1: .*arithmetic-063.*times 10",
    ),
    Known(
        "MatrixSolve MatrixTriangularSolve",
        "single precision and badly conditioned matrices",
        r"(forward|gradient): .*differ, at .*float64 -> float32",
    ),
    Known(
        "Cast", "numbers that the new dtype does not have", r"forward: output 0: .*casting-0(46|47|74).*float32 -> b?float16"
    ),
    Known("QuantizeV2", "NaN, cast to integers", r"forward: output 0: .*" + _NAN),
    Known(
        "QuantizeAndDequantizeV4Grad",
        "an infinite bound leaves no steps",
        r"forward: output 0: .*expected -?0\.0.*quantization-036.*special values[^\]]* -inf",
    ),
    Known("CTCBeamSearchDecoder", "NaN or infinity among the logits", r"(forward: output|error: ).*" + _WILD),
    Known(
        "CTCBeamSearchDecoder",
        "TensorFlow forgets a sequence that falls out of the beam before its prefix has been extended",
        r"forward: output \d: .*ctc-01[89]",
    ),
    Known("CTCLoss", "labels beyond the classes at the beginning of a row", r"Saw a non-null label.*size 5 -> 4"),
    Known(
        "CTCLossDense",
        "TensorFlow's composition refuses labels beyond the classes where none of them is a class",
        r"error: a result.*does not index into shape.*size 5 -> 1\b",
    ),
    Known(
        "CTCLossDense", "TensorFlow's composition does not take empty inputs", r"error: a result.*empty output shape.*-> 0\b"
    ),
    Known(
        "Expint",
        "just below the largest float TensorFlow's product overflows",
        r"forward: output 0: .*e\+3\d, expected inf.*times 10",
    ),
    Known(
        "ExtractGlimpse",
        "beside the image there is noise, of which each library has its own",
        r"forward: output 0: .*image_crop-031.*times (3|10)",
    ),
    Known("IRFFT2D", "TensorFlow's gradient fails where the length given is not that of the input", r"Input to reshape"),
    Known("IsotonicRegression ExtractImagePatches", "TensorFlow's gradient fails for no rows", r"error: a result.*\[0, "),
    Known("Lu", "TensorFlow's function for no matrices", r"error: a result.*Pack.*\[0, "),
    Known(
        "FusedBatchNormV3 FusedBatchNormGradV3",
        "TensorFlow's gradient of an empty volume lacks an axis",
        r"gradient 0: shape.*-> 0\b",
    ),
    Known(
        "GatherV2",
        "TensorFlow does not look at indices of rows without elements",
        r"error: InvalidArgumentError: .*is not in .*, 0\]",
    ),
    Known(_SEQUENCES, "a mask longer than the sequence", r"class: IndexError.*OutOfRangeError"),
    Known(
        "Selu SeluGrad",
        "half precision: exp(x) - 1 is zero just below zero, and its gradient that of a positive number",
        r"gradient: gradient 0: 1 of .*b?float16\[",
    ),
    Known(
        "SquaredDifference Sum",
        "the weighted mean of nothing in bfloat16",
        r"forward: output 0: .*nan, expected 0\.0.*normalization-006.*-> 0, float32 -> bfloat16",
    ),
    Known(
        "StatelessRandomBinomial",
        "probabilities far above one",
        r"forward: output 0: .*inf, expected nan.*random_stateless-092.*times (3|10)",
    ),
    Known(
        "ResourceSparseApplyFtrl ResourceSparseApplyFtrlV2",
        "NaN, which negative sums of squares lead to as well: TensorFlow's step on rows does not make zero of it",
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
        "QuantizedAvgPool QuantizedMaxPool QuantizedResizeBilinear",
        "TensorFlow gives the range of an empty result no value",
        r"output 1: shape \(\), .*\(0,\)",
    ),
    Known("QuantizedConv2D QuantizedDepthwiseConv2D", "signed filters on images without pixels", r"cannot be 0.*a result"),
    Known(
        "QuantizedMatMul",
        "sums of nothing are memory that TensorFlow has not written",
        r"output 0: \[(0 ?)+\], expected (?s:.*)uint8\[.*\b0\b",
    ),
    Known("UniformQuantizedConvolutionHybrid UniformQuantizedDotHybrid", "the range of numbers with NaN among them", _WILD),
    Known("RequantizationRangePerChannel RequantizePerChannel", "NaN or infinity as the end of a range", _WILD),
    Known(
        "ResourceApplyAdadelta ResourceApplyAdamWithAmsgrad",
        "TensorFlow does not check the shape of this slot, and reads beyond it",
        r"error: InvalidArgumentError: var and (accum_update|vhat) do not",
    ),
    Known(
        "SoftmaxCrossEntropyWithLogits", "TensorFlow's gradient fails for no rows of no classes", r"Input to reshape.*-> 0\b"
    ),
    Known(
        "SelfAdjointEigV2",
        "nearly equal eigenvalues in single precision",
        r"gradient: gradient 0: .*float64 -> float32, times 0\.01",
    ),
    Known(
        "ResizeBicubic ResizeBicubicGrad",
        "TensorFlow has the weights in float32 whatever the dtype",
        r"gradient: gradient 0: .*float32 -> float64",
    ),
    # Singular matrices.
    Known(
        "MatrixSquareRoot",
        "matrices with eigenvalues that are zero or negative: rounding decides between the roots, and whether there is one",
        r"((forward: output|gradient: gradient) 0: |not invertible).*linalg-0(58|75).*size 2 -> [4-7]",
    ),
    Known(
        "MatrixLogarithm",
        "singular matrices, and eigenvalues on the negative axis, which rounding puts on either side",
        r"forward: output 0: .*linalg-0(60|76).*size 2 -> [3-7]",
    ),
    Known("PriorityQueueV2", "which of two elements of one priority comes first is left open", r"forward: .*size"),
    # What TensorFlow's gradients and compositions do not do.
    Known(
        "TensorListGather",
        "of the gradients of an element gathered twice TensorFlow keeps one; here they are added",
        r"gradient: gradient 0: \d+ of .*tensor_lists-01[01]",
    ),
    Known(
        "MatrixDiagPartV2",
        "TensorFlow's gradient puts the diagonals back with the alignment of V3",
        r"gradient: gradient 0: \d+ of .*diagonals-017",
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
    Known(
        "ExtractVolumePatches",
        "TensorFlow's gradient fails for no images",
        r"error: a result.*Cannot multiply A and B.*\w+\[0, ",
    ),
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
    Known(
        "CTCLossDense",
        "with no way through too few steps TensorFlow adds 707 for infinity",
        r"forward: output 0: .*(inf|nan), expected 7\d\d.*size 7 -> \d",
    ),
    Known(
        "CTCLossDense",
        "NaN or infinity among the logits",
        r"(forward: output 0: .*expected nan|gradient: gradient 0: ).*" + _WILD,
    ),
    Known("CTCLossDense", "TensorFlow's composition mixes float32 into float64", r"error: a result.*(double|float64)"),
    Known(
        "CTCLoss",
        "labels beyond the classes leave rows without labels, whose loss TensorFlow gets wrong",
        r"(forward|gradient): .*size 5 -> [123]\b",
    ),
    Known(
        "CTCCollapseRepeated",
        "TensorFlow's composition does not take empty batches",
        r"error: a result.*Requires start <= limit.*-> 0\b",
    ),
    Known(
        "CTCUniqueLabels",
        "TensorFlow's composition loses an axis of empty batches",
        r"forward: output 0: shape \(0, 4\), expected \(0,\)",
    ),
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
        "Dilation2D Dilation2DBackpropFilter Dilation2DBackpropInput",
        "where no sum counts, TensorFlow gives the gradient to the window's corner",
        r"gradient: gradient 0: .*: -?0\.0, expected .*(size \d -> 0|size 6 -> 1)",
    ),
    # Sparse and ragged tensors.
    Known(
        "SparseAddGrad",
        "of rows out of order TensorFlow meets some that are passed over here",
        r"(forward: output|gradient: gradient) [01]: .*sparse-(247|248|238).*size [45] -> [145]",
    ),
    Known(
        "SparseMatMul",
        "TensorFlow leaves out products with zero",
        r"forward: output 0: .*nan, expected .*special values[^\]]*-?0[^\]]*inf",
    ),
    Known(
        "SparseReduceSum",
        "TensorFlow's gradient refuses indices outside the shape, its sum does not",
        r"error: a result.*does not index into param shape",
    ),
    Known("RaggedRange", "TensorFlow's function fails on its way to refuse half precision", r"AssertionError:.*b?float16\["),
)


def reason(op: str, line: str) -> str:
    """Why a difference is there, or nothing."""
    return next((k.why for k in KNOWN if op in k.ops.split() and re.search(k.when, line, re.DOTALL)), "")
