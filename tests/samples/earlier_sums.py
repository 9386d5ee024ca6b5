"""Samples of earlier versions of operations that add up products, or compare them."""
from __future__ import annotations

from typing import Any

from . import BF, A, D, F, H, I, P, sample

_IMAGE = (2, 4, 4, 3)


def _raw(type, *names, **attrs):
    return lambda tf, *xs: getattr(tf.raw_ops, type)(**dict(zip(names, xs, strict=True)), **attrs)


def _pooled(data_format="NHWC", padding="VALID", ksize=(1, 2, 2, 1), strides=(1, 2, 2, 1)):
    return _raw("MaxPoolV2", "input", ksize=list(ksize), strides=list(strides), padding=padding, data_format=data_format)


def _pool_gradient(tf: Any, x: Any, dy: Any, second: bool = False) -> Any:
    attrs = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "SAME"}
    y = tf.nn.max_pool2d(x, 2, 2, "SAME")
    if second:
        return tf.raw_ops.MaxPoolGradGradV2(orig_input=x, orig_output=y, grad=dy, **attrs)
    return tf.raw_ops.MaxPoolGradV2(orig_input=x, orig_output=y, grad=dy, **attrs)


def _slope(call):
    """The gradient of a call for its first input, so that the gradient's gradient is compared, too."""
    def slope(tf: Any, x: Any, *more: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = call(tf, x, *more)
            loss = tf.reduce_sum(tf.sin(y[0] if isinstance(y, tuple) else y))
        return tape.gradient(loss, x)
    return slope


def _normalized(version, **attrs):
    return _raw(f"FusedBatchNorm{version}", "x", "scale", "offset", "mean", "variance", **attrs)


def _normalizations(version):
    both = f"FusedBatchNorm{version} FusedBatchNormGrad{version}"
    empty = A([], "float32")
    return [
        sample(both, _normalized(version), F(2, 3, 3, 2), P(2), F(2), empty, empty, fd=False),
        sample(both, _normalized(version, is_training=False, epsilon=0.1), F(2, 3, 3, 2), P(2), F(2), F(2), P(2), fd=False),
        sample(both, _normalized(version, exponential_avg_factor=0.5), F(2, 3, 3, 2), P(2), F(2), F(2), P(2), fd=False),
        sample(both, _slope(_normalized(version)), F(2, 3, 3, 2), P(2), F(2), empty, empty, fd=False),
        sample(f"FusedBatchNorm{version}", _normalized(version), F(0, 3, 3, 2), P(2), F(2), empty, empty, grad=False),
    ]


SAMPLES = [
    sample("MaxPoolV2 MaxPoolGradV2", _pooled(), F(*_IMAGE)),
    sample("MaxPoolV2 MaxPoolGradV2", _pooled(padding="SAME", strides=(1, 1, 2, 1)), D(2, 5, 5, 2)),
    sample("MaxPoolV2", _pooled(ksize=(1, 1, 1, 3), strides=(1, 1, 1, 3)), F(1, 2, 2, 6), grad=False),
    sample("MaxPoolV2", _pooled(), I(-9, 9, 1, 4, 4, 2)),
    sample("MaxPoolV2", _pooled(), BF(1, 4, 4, 2), grad=False),
    sample("MaxPoolV2", _pooled(), F(0, 4, 4, 2)),
    sample("MaxPoolGradV2", _pool_gradient, F(1, 4, 4, 2), F(1, 2, 2, 2), grad=False),
    sample("MaxPoolGradV2 MaxPoolGradGradV2", _slope(_pooled()), F(*_IMAGE), fd=False),
    sample("MaxPoolGradGradV2", lambda tf, x, d: _pool_gradient(tf, x, d, True), D(1, 4, 4, 2), D(1, 4, 4, 2), grad=False),
    *[sample("CholeskyGrad", _raw("CholeskyGrad", "l", "grad"), kind(*shape), kind(*shape), grad=False, tol=tol)
      for shape in ((3, 3), (2, 2, 2), (2, 0, 0), (1, 1)) for kind, tol in ((D, None), (F, (1e-3, 1e-3)))],
    *_normalizations(""),
    *_normalizations("V2"),
    sample("FusedBatchNormV2", _normalized("V2"), H(2, 3, 3, 2), P(2), F(2), A([], "float32"), A([], "float32"), fd=False),
]
