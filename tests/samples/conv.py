"""Samples of convolution: conv, conv_call, conv_numpy, convolution, depthwise_convolution."""
from __future__ import annotations

from typing import Any

from tests.samples import BF, D, F, H, I, Sample, sample

FORWARD = "Conv2D"
BOTH = "Conv2D Conv2DBackpropInput Conv2DBackpropFilter"
DEPTHWISE = "DepthwiseConv2dNative DepthwiseConv2dNativeBackpropInput DepthwiseConv2dNativeBackpropFilter"
BOTH_3D = "Conv3D Conv3DBackpropInputV2 Conv3DBackpropFilterV2"
EXPLICIT = [[0, 0], [1, 2], [0, 1], [0, 0]]


def second_order(tf: Any, f: Any, x: Any, w: Any) -> Any:
    """Gradients of a gradient: a nonlinear function of the result makes them differ from zero."""
    with tf.GradientTape() as tape:
        tape.watch([x, w])
        loss = tf.reduce_sum(tf.tanh(f(x, w)))
    return tape.gradient(loss, [x, w])


SAMPLES: list[Sample] = [
    # Every padding, stride and dilation, with one, few and many channels.
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "VALID"), F(2, 5, 6, 3), F(3, 2, 3, 4)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME"), F(2, 5, 6, 3), F(3, 2, 3, 4)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME"), F(2, 7, 6, 1), F(3, 3, 1, 4)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, [1, 2], "SAME"), F(2, 7, 6, 2), F(3, 3, 2, 4)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 2, "VALID"), F(2, 8, 6, 12), F(3, 3, 12, 5)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, [1, 3, 2, 1], "SAME"), F(2, 8, 7, 9), F(2, 3, 9, 4)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 3, "VALID"), F(1, 8, 8, 2), F(2, 2, 2, 3),
           note="the windows do not reach the last elements"),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, EXPLICIT), F(1, 4, 4, 3), F(3, 3, 3, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 2, EXPLICIT), F(1, 5, 4, 12), F(3, 3, 12, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME", dilations=2), F(1, 6, 6, 3), F(3, 3, 3, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "VALID", dilations=[2, 1]), F(2, 7, 5, 12), F(3, 3, 12, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 2, "SAME", dilations=2), F(1, 8, 7, 1), F(3, 3, 1, 2)),
    # Windows of one element.
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "VALID"), F(2, 4, 3, 5), F(1, 1, 5, 6)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 2, "SAME"), F(2, 5, 4, 5), F(1, 1, 5, 6)),
    # Groups.
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "VALID"), F(2, 5, 5, 4), F(3, 3, 2, 6)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 2, "SAME"), F(2, 5, 5, 6), F(3, 3, 1, 6)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME"), F(2, 3, 3, 3), F(2, 2, 1, 6)),
    # Channels first.
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME", "NCHW"), F(2, 3, 5, 4), F(3, 2, 3, 4)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, [1, 1, 2, 1], "VALID", "NCHW"), F(2, 2, 5, 4), F(2, 2, 2, 3)),
    # Empty inputs, several batch dimensions, images larger than the buffer.
    sample(FORWARD, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME")[..., :2], F(2, 1, 4, 4, 2), F(3, 3, 2, 3)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME")[:, ::40, ::40], F(1, 90, 90, 12), F(3, 3, 12, 8),
           tol=(1e-4, 1e-4), fd=False),
    # Dtypes.
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME"), D(1, 4, 4, 2), D(2, 2, 2, 3)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "VALID"), H(1, 4, 4, 2), H(2, 2, 2, 3)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "VALID"), BF(1, 4, 4, 2), BF(2, 2, 2, 3), tol=(3e-2, 3e-2)),
    sample(FORWARD, lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME"), I(-9, 9, 1, 4, 4, 2), I(-9, 9, 2, 2, 2, 3)),
    # To the second order.
    sample(BOTH, lambda tf, x, w: second_order(tf, lambda a, b: tf.nn.conv2d(a, b, 2, "SAME"), x, w),
           F(2, 5, 4, 2), F(3, 3, 2, 3)),
    sample(BOTH, lambda tf, x, w: second_order(tf, lambda a, b: tf.nn.conv2d(a, b, 1, "VALID"), x, w),
           F(1, 4, 4, 12), F(2, 2, 12, 2)),
    # One dimension, and as many as the filter has.
    sample(BOTH, lambda tf, x, w: tf.nn.conv1d(x, w, 1, "SAME"), F(2, 7, 3), F(3, 3, 4)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv1d(x, w, 2, "VALID"), F(2, 8, 2), F(3, 2, 3)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv1d(x, w, [1, 2, 1], "SAME", dilations=1), F(2, 3, 8, 2), F(3, 2, 3)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv1d(x, w, 1, "VALID", dilations=2), F(1, 9, 2), F(3, 2, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv1d(x, w, 2, "SAME", "NCW"), F(2, 2, 7), F(3, 2, 4)),
    sample(BOTH, lambda tf, x, w: tf.nn.convolution(x, w), F(2, 7, 2), F(3, 2, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.convolution(x, w, strides=[2], padding="SAME"), F(1, 7, 6, 2), F(3, 3, 2, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.convolution(x, w, padding="SAME", dilations=2), F(1, 7, 6, 2), F(3, 2, 2, 2)),
    sample(BOTH_3D, lambda tf, x, w: tf.nn.convolution(x, w, 2, "SAME", "NDHWC"), F(1, 4, 5, 3, 2),
           F(2, 3, 2, 2, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.atrous_conv2d(x, w, 2, "VALID"), F(1, 7, 8, 2), F(3, 3, 2, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.atrous_conv2d(x, w, [3, 1], "SAME"), F(1, 7, 8, 2), F(3, 3, 2, 2)),
    # Three dimensions.
    sample(BOTH_3D, lambda tf, x, w: tf.nn.conv3d(x, w, [1] * 5, "SAME"), F(1, 3, 4, 3, 2), F(2, 2, 2, 2, 2)),
    sample(BOTH_3D, lambda tf, x, w: tf.nn.conv3d(x, w, [1, 2, 2, 2, 1], "VALID"), F(2, 4, 5, 4, 1), F(2, 3, 2, 1, 2)),
    sample(BOTH_3D, lambda tf, x, w: tf.nn.conv3d(x, w, [1, 1, 2, 1, 1], "SAME"), F(1, 3, 4, 3, 12), F(2, 2, 2, 12, 2)),
    sample(BOTH_3D, lambda tf, x, w: tf.nn.conv3d(x, w, [1] * 5, "VALID", dilations=[1, 1, 2, 1, 1]), F(1, 3, 5, 3, 2),
           F(2, 2, 2, 2, 2)),
    sample(BOTH_3D, lambda tf, x, w: tf.nn.conv3d(x, w, [1] * 5, "SAME", "NCDHW"), F(1, 2, 3, 4, 3), F(2, 2, 2, 2, 2)),
    sample(BOTH_3D, lambda tf, x, w: second_order(tf, lambda a, b: tf.nn.conv3d(a, b, [1, 2, 1, 1, 1], "SAME"), x, w),
           F(1, 3, 3, 2, 2), F(2, 2, 2, 2, 2)),
    sample(BOTH_3D, lambda tf, x, w: tf.nn.conv3d(x, w, [1] * 5, "VALID"), D(1, 2, 3, 2, 1), D(2, 2, 1, 1, 2)),
    # Transposed.
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [2, 6, 5, 2], 2), F(2, 3, 3, 3), F(3, 3, 2, 3)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [2, 7, 7, 12], 2, "VALID"), F(2, 3, 3, 3), F(3, 3, 12, 3)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [6, 6], 2), F(1, 3, 3, 2), F(2, 2, 1, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d_transpose(x, w, tf.constant([1, 6, 6, 3]), [3, 2]), F(1, 2, 3, 2),
           F(2, 3, 3, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [1, 4, 4, 3], 1, "SAME", dilations=2), F(1, 4, 4, 2),
           F(3, 2, 3, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [1, 8, 8, 3], 2, [[0, 0], [0, 1], [0, 1], [0, 0]]),
           F(1, 4, 4, 2), F(3, 3, 3, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [1, 3, 6, 6], 2, data_format="NCHW"), F(1, 2, 3, 3),
           F(3, 3, 3, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv1d_transpose(x, w, [1, 8, 2], 2), F(1, 4, 3), F(3, 2, 3)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv1d_transpose(x, w, [2, 3, 9], 2, "VALID", "NCW"), F(2, 2, 4), F(3, 3, 2)),
    sample(BOTH_3D, lambda tf, x, w: tf.nn.conv3d_transpose(x, w, [1, 4, 4, 3, 2], [1, 2, 2, 2, 1]), F(1, 2, 2, 2, 2),
           F(2, 2, 2, 2, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.conv_transpose(x, w, [1, 8, 3], 2), F(1, 4, 2), F(3, 3, 2)),
    sample(BOTH_3D, lambda tf, x, w: tf.nn.conv_transpose(x, w, [1, 5, 4, 4, 2], 2, "VALID"), F(1, 2, 2, 2, 2),
           F(3, 2, 2, 2, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.atrous_conv2d_transpose(x, w, [1, 7, 6, 3], 2, "SAME"), F(1, 7, 6, 2),
           F(3, 3, 3, 2)),
    sample(BOTH, lambda tf, x, w: tf.nn.atrous_conv2d_transpose(x, w, [1, 9, 8, 3], 2, "VALID"), F(1, 5, 4, 2),
           F(3, 3, 3, 2)),
    # Depthwise.
    sample(DEPTHWISE, lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, [1] * 4, "SAME"), F(2, 5, 5, 3), F(3, 3, 3, 2)),
    sample(DEPTHWISE, lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, [1] * 4, "VALID"), F(2, 5, 4, 3), F(3, 2, 3, 1)),
    sample(DEPTHWISE, lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, [1, 2, 2, 1], "SAME"), F(1, 6, 5, 3), F(3, 3, 3, 1)),
    sample(DEPTHWISE, lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, [1] * 4, EXPLICIT), F(1, 4, 4, 2), F(3, 3, 2, 2)),
    sample(DEPTHWISE, lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, [1] * 4, "SAME", dilations=[2, 2]), F(1, 6, 6, 2),
           F(3, 3, 2, 2)),
    sample(DEPTHWISE, lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, [1, 2, 2, 1], "SAME", dilations=[2, 2]),
           F(1, 9, 8, 2), F(3, 3, 2, 1), note="TensorFlow strides over each phase of the dilation by itself"),
    sample(DEPTHWISE, lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, [1] * 4, "SAME", "NCHW"), F(2, 3, 5, 4),
           F(3, 2, 3, 2)),
    sample(DEPTHWISE, lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, [1] * 4, "VALID"), H(1, 4, 4, 2), H(2, 2, 2, 1)),
    sample(DEPTHWISE, lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, [1] * 4, "VALID"), D(1, 4, 4, 2), D(2, 2, 2, 1)),
    sample(DEPTHWISE, lambda tf, x, w: second_order(
        tf, lambda a, b: tf.nn.depthwise_conv2d(a, b, [1, 2, 2, 1], "SAME"), x, w), F(1, 5, 4, 2), F(2, 3, 2, 2)),
    sample("DepthwiseConv2dNativeBackpropInput", lambda tf, w, dy: tf.nn.depthwise_conv2d_backprop_input(
        [2, 5, 5, 2], w, dy, [1, 2, 2, 1], "VALID"), F(2, 3, 2, 2), F(2, 2, 2, 4)),
    sample("DepthwiseConv2dNativeBackpropFilter", lambda tf, x, dy: tf.nn.depthwise_conv2d_backprop_filter(
        x, [2, 3, 2, 2], dy, [1, 1, 1, 1], "SAME"), F(2, 4, 5, 2), F(2, 4, 5, 4)),
    sample(f"{DEPTHWISE} {BOTH}", lambda tf, x, w, p: tf.nn.separable_conv2d(x, w, p, [1] * 4, "SAME"),
           F(1, 5, 5, 2), F(3, 3, 2, 2), F(1, 1, 4, 3)),
    sample(f"{DEPTHWISE} {BOTH}", lambda tf, x, w, p: tf.nn.separable_conv2d(x, w, p, [1, 2, 2, 1], "VALID"),
           F(1, 6, 5, 3), F(3, 3, 3, 1), F(1, 1, 3, 2)),
    sample(f"{DEPTHWISE} {BOTH}", lambda tf, x, w, p: tf.nn.separable_conv2d(x, w, p, [1] * 4, "SAME", "NCHW"),
           F(1, 2, 5, 5), F(3, 3, 2, 2), F(1, 1, 4, 3)),
    sample(BOTH, lambda tf, x, w: tf.nn.with_space_to_batch(
        x, [2, 3], "SAME", lambda v, n, p: tf.nn.conv2d(v, w, 1, p), filter_shape=[3, 2]), F(1, 7, 6, 2), F(3, 2, 2, 3)),
    sample(BOTH, lambda tf, x, w: tf.nn.with_space_to_batch(
        x, [2], "VALID", lambda v, n, p: tf.nn.conv2d(v, w, 1, p), spatial_dims=[2]), F(1, 4, 8, 2), F(1, 3, 2, 3)),
]
