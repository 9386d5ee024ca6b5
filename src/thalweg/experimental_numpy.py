"""tf.experimental.numpy."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "core.tensor": "ndarray=Tensor",
    "experimental_numpy_random": "random=.",
    "numpy_api.arithmetic": "add arctan2 clip diff divide divmod float_power floor_divide heaviside hypot logaddexp "
        "logaddexp2 maximum minimum mod multiply nextafter polyval power remainder subtract true_divide",
    "numpy_api.behaviour": "experimental_enable_numpy_behavior",
    "numpy_api.comparison": "allclose array_equal equal greater greater_equal isclose less less_equal logical_and "
        "logical_not logical_or logical_xor not_equal",
    "numpy_api.constants": "bool_ complex128 complex64 complex_ e float16 float32 float64 float_ iinfo inexact inf int16 "
        "int32 int64 int8 int_ issubdtype newaxis object_ pi string_ uint16 uint32 uint64 uint8 unicode_",
    "numpy_api.creation": "arange diag_indices empty empty_like eye full full_like geomspace identity ix_ linspace "
        "logspace meshgrid ones ones_like tri tril triu vander zeros zeros_like",
    "numpy_api.elementwise": "abs absolute angle arccos arccosh arcsin arcsinh arctan arctanh around bitwise_not cbrt ceil "
        "conj conjugate cos cosh deg2rad exp exp2 expm1 fabs fix floor imag iscomplex isfinite isinf isnan isneginf isposinf "
        "isreal log log10 log1p log2 negative positive rad2deg real reciprocal round sign signbit sin sinc sinh sqrt square "
        "tan tanh",
    "numpy_api.integers": "bitwise_and bitwise_or bitwise_xor gcd lcm",
    "numpy_api.linear_algebra": "cross diag diagflat diagonal dot einsum inner kron matmul outer tensordot trace vdot",
    "numpy_api.promotion": "array asanyarray asarray ascontiguousarray copy finfo iscomplexobj isrealobj isscalar ndim "
        "promote_types result_type shape size",
    "numpy_api.reductions": "all amax amin any average cumprod cumsum max mean min nanmean nanprod nansum prod ptp std sum "
        "var",
    "numpy_api.selection": "argmax argmin argsort compress count_nonzero nonzero select sort take take_along_axis where",
    "numpy_api.shapes": "append atleast_1d atleast_2d atleast_3d broadcast_arrays broadcast_to concatenate dsplit dstack "
        "expand_dims flatten flip fliplr flipud hsplit hstack moveaxis pad ravel repeat reshape roll rot90 split squeeze stack "
        "swapaxes tile transpose vsplit vstack",
})
