"""tf.math: elementwise functions, reductions, segments, special functions."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "math_special": "special=.",
    "ops.activations": "softplus softsign",
    "ops.arithmetic": "accumulate_n add add_n divide divide_no_nan floordiv floormod maximum minimum mod=floormod "
        "multiply multiply_no_nan pow squared_difference subtract truediv",
    "ops.arrays": "invert_permutation",
    "ops.comparison": "equal greater greater_equal less less_equal logical_and logical_not logical_or logical_xor "
        "not_equal",
    "ops.complex_numbers": "angle conj imag real",
    "ops.counting": "bincount confusion_matrix",
    "ops.cumulative": "cumprod cumsum cumulative_logsumexp",
    "ops.elementwise": "abs ceil exp expm1 floor is_finite is_inf is_nan log log1p log_sigmoid negative reciprocal "
        "reciprocal_no_nan rint round rsqrt scalar_mul sigmoid sign sqrt square",
    "ops.gathering": "unsorted_segment_sum",
    "ops.losses": "l2_normalize log_softmax softmax",
    "ops.products": "nextafter xdivy xlog1py xlogy",
    "ops.reductions": "argmax argmin count_nonzero reduce_all reduce_any reduce_euclidean_norm reduce_logsumexp "
        "reduce_max reduce_mean reduce_min reduce_prod reduce_std reduce_sum reduce_variance "
        "zero_fraction",
    "ops.segment": "segment_max segment_mean segment_min segment_prod segment_sum unsorted_segment_max "
        "unsorted_segment_mean unsorted_segment_min unsorted_segment_prod unsorted_segment_sqrt_n",
    "ops.sequences": "is_non_decreasing is_strictly_increasing polyval",
    "ops.sobol": "sobol_sample",
    "ops.sorting": "top_k",
    "ops.special": "bessel_i0 bessel_i0e bessel_i1 bessel_i1e betainc digamma erf erfc erfcinv erfinv igamma igammac "
        "lbeta lgamma ndtri polygamma zeta",
    "ops.topk": "approx_max_k approx_min_k in_top_k",
    "ops.trigonometry": "acos acosh asin asinh atan atan2 atanh cos cosh sin sinh tan tanh",
})
