"""tf.math: elementwise functions, reductions, segments, special functions."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.activations": "softplus softsign",
    "ops.arithmetic": "accumulate_n add add_n divide divide_no_nan floordiv floormod maximum minimum multiply "
        "multiply_no_nan pow squared_difference subtract truediv",
    "ops.arrays": "invert_permutation",
    "ops.comparison": "equal greater greater_equal less less_equal logical_and logical_not logical_or logical_xor "
        "not_equal",
    "ops.complex_numbers": "angle conj imag real",
    "ops.cumulative": "cumprod cumsum cumulative_logsumexp",
    "ops.elementwise": "abs ceil exp expm1 floor is_finite is_inf is_nan log log1p log_sigmoid negative reciprocal "
        "reciprocal_no_nan rint round rsqrt scalar_mul sigmoid sign sqrt square",
    "ops.gathering": "unsorted_segment_sum",
    "ops.losses": "l2_normalize log_softmax softmax",
    "ops.products": "nextafter xdivy xlog1py xlogy",
    "ops.reductions": "argmax argmin count_nonzero reduce_all reduce_any reduce_euclidean_norm reduce_logsumexp "
        "reduce_max reduce_mean reduce_min reduce_prod reduce_std reduce_sum reduce_variance "
        "zero_fraction",
    "ops.trigonometry": "acos acosh asin asinh atan atan2 atanh cos cosh sin sinh tan tanh",
})
