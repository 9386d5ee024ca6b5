"""What convolution and pooling say of arguments that do not fit, in eager code and while a graph is built."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import thalweg as tf

Z = tf.zeros
INVALID, VALUE = tf.errors.InvalidArgumentError, ValueError
UNIMPLEMENTED = tf.errors.UnimplementedError
Row = tuple[Callable[[], Any], type[Exception], str]


def conv(x: Any = (1, 4, 4, 2), w: Any = (3, 3, 2, 4), strides: Any = 1, padding: Any = "SAME", **kwargs: Any) -> Any:
    return tf.nn.conv2d(Z(x), Z(w), strides, padding, **kwargs)


EAGER: list[Row] = [
    (lambda: conv((1, 4, 4, 3)), INVALID, "input depth must be evenly divisible by filter depth: 3 vs 2 [Op:Conv2D] name: "),
    (lambda: conv((4, 4, 2)), INVALID, "convolution input must be 4-dimensional: [4,4,2] [Op:Conv2D] name: "),
    (lambda: conv(w=(3, 2, 4)), INVALID, "convolution filter must be 4-dimensional: [3,2,4] [Op:Conv2D] name: "),
    (lambda: conv((1, 4, 4, 4), (3, 3, 2, 3)), INVALID,
     "output depth must be evenly divisible by number of groups: 3 vs 2 [Op:Conv2D] name: "),
    (lambda: conv(w=(3, 3, 0, 4)), INVALID,
     "filter must not have zero elements (i.e. all dimensions must be non-zero) [Op:Conv2D] name: "),
    (lambda: conv(strides=[2, 2, 2, 1]), UNIMPLEMENTED,
     "Current implementation does not yet support strides in the batch and depth dimensions. [Op:Conv2D] name: "),
    (lambda: conv(strides=0), INVALID, "Stride must be > 0, but got 0 [Op:Conv2D] name: "),
    (lambda: conv(dilations=0), INVALID, "Dilated rates should be larger than 0. [Op:Conv2D] name: "),
    (lambda: conv(w=(6, 3, 2, 4), padding="VALID"), INVALID,
     "Computed output size would be negative: -1 [input_size: 4, effective_filter_size: 6, stride: 1] [Op:Conv2D] name: "),
    (lambda: conv(strides=[1, 2, 3]), VALUE, "strides should be of length 1, 2 or 4. Received: strides=[1, 2, 3] of length 3"),
    (lambda: conv(padding=[[0, 0], [1, 1]]), VALUE,
     "When padding is a list, it must be of size 4. Received: padding=[[0, 0], [1, 1]] of size 2"),
    (lambda: conv(padding=None), TypeError, "Expected string for argument 'padding' not None."),
    (lambda: tf.nn.conv3d(Z([1, 4, 4, 4, 2]), Z([3, 3, 3, 2, 4]), 1, "SAME"), TypeError,
     "Expected list for 'strides' argument to 'conv3d' Op, not 1."),
    (lambda: tf.nn.conv2d_transpose(Z([1, 4, 4, 2]), Z([3, 3, 3, 2]), [1, 9, 8, 3], 2), INVALID,
     "Conv2DCustomBackpropInput: Size of out_backprop doesn't match computed: actual = 4, computed = 5 spatial_dim: 1 "
     "input: 9 filter: 3 output: 4 stride: 2 dilation: 1 [Op:Conv2DBackpropInput]"),
    (lambda: tf.nn.convolution(Z([1, 5, 5, 2]), Z([3, 3, 2, 4]), 2, dilations=2), VALUE,
     "`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: strides=[2 2] and "
     "dilation_rate=[2 2]"),
    (lambda: tf.nn.depthwise_conv2d(Z([1, 5, 5, 2]), Z([3, 3, 2, 4]), 1, "SAME"), TypeError,
     "Expected list for 'strides' argument to 'depthwise_conv2d_native' Op, not 1."),
    (lambda: tf.nn.max_pool2d(Z([1, 5, 5, 2]), 2, 0, "VALID"), INVALID, "Stride must be > 0, but got 0 [Op:MaxPool] name: "),
    (lambda: tf.nn.max_pool2d(Z([1, 5, 5, 2]), 2, 1, [[0, 0], [2, 0], [0, 1], [0, 0]]), INVALID,
     "Top padding 2 needs to be smaller than the window size 2 [Op:MaxPool] name: "),
    (lambda: tf.nn.max_pool2d(Z([1, 5, 5, 4]), [1, 1, 1, 3], [1, 1, 1, 3], "VALID"), UNIMPLEMENTED,
     "Depthwise max pooling requires the depth window to evenly divide the input depth [Op:MaxPool] name: "),
    (lambda: tf.nn.max_pool(Z([1, 5]), 2, 2, "SAME"), VALUE,
     "`input.shape.rank` must be 3, 4 or 5. Received: input.shape=(1, 5) of rank 2."),
    (lambda: tf.nn.pool(Z([1, 5, 5, 2]), [2, 2], "FOO"), VALUE, "2-D FOO pooling is not supported."),
    (lambda: tf.nn.dilation2d(Z([1, 5, 5, 2]), Z([2, 2, 3]), [1] * 4, "SAME", "NHWC", [1] * 4), INVALID,
     "input and filter must have the same depth: 2 vs 3 [Op:Dilation2D] name: "),
    (lambda: tf.nn.fractional_max_pool(Z([1, 6, 6, 1]), 0.5), VALUE,
     "`pooling_ratio` elements should be >= 1.0. Received: pooling_ratio=0.5"),
]

GRAPH: list[Row] = [
    (lambda: conv((1, 4, 4, 3)), VALUE,
     "Depth of input (3) is not a multiple of input depth of filter (2) for '{{node Conv2D}} = Conv2D[T=DT_FLOAT, "
     'data_format="NHWC", dilations=[1, 1, 1, 1], explicit_paddings=[], padding="SAME", strides=[1, 1, 1, 1], '
     "use_cudnn_on_gpu=true](zeros, zeros_1)' with input shapes: [1,4,4,3], [3,3,2,4]."),
    (lambda: conv(w=(5, 3, 2, 4), padding="VALID"), VALUE, "Negative dimension size caused by subtracting 5 from 4"),
    (lambda: conv((4, 4, 2)), VALUE, "Shape must be rank 4 but is rank 3"),
    (lambda: conv(padding="FOO"), VALUE,
     "Attr 'padding' of 'Conv2D' Op passed string 'FOO' not in: \"SAME\", \"VALID\", \"EXPLICIT\"."),
    (lambda: conv(strides=0), VALUE, "Stride must be > 0, but got 0"),
    (lambda: tf.nn.max_pool2d(Z([1, 5, 5, 2]), 6, 2, "VALID"), VALUE,
     "Negative dimension size caused by subtracting 6 from 5"),
    (lambda: tf.nn.depthwise_conv2d(Z([1, 5, 5, 2]), Z([3, 3, 3, 4]), [1] * 4, "SAME"), VALUE,
     "Dimensions must be equal, but are 2 and 3"),
]


@pytest.mark.parametrize(("call", "kind", "text"), EAGER, ids=range(len(EAGER)))
def test_eager_error(call: Callable[[], Any], kind: type[Exception], text: str) -> None:
    with pytest.raises(kind) as raised:
        call()
    assert str(raised.value) == text


@pytest.mark.parametrize(("call", "kind", "text"), GRAPH, ids=range(len(GRAPH)))
def test_graph_error(call: Callable[[], Any], kind: type[Exception], text: str) -> None:
    with tf.Graph().as_default(), pytest.raises(kind) as raised:
        call()
    assert str(raised.value).startswith(text)


def test_the_gradient_of_pooling_stays_clear_of_infinities() -> None:
    x = tf.constant(np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.nn.max_pool2d(x, 2, 2, "VALID")
        loss = y * tf.constant(np.array([np.inf, 1, 1, 1], np.float32).reshape(1, 2, 2, 1))
    gradient = tape.gradient(loss, x).numpy().ravel()
    assert gradient[5] == np.inf
    assert np.isfinite(np.delete(gradient, 5)).all()


def test_an_unknown_batch_keeps_the_other_sizes() -> None:
    shapes: list[list[int | None]] = []

    @tf.function(input_signature=[tf.TensorSpec([None, None, 8, 3])])
    def f(x: Any) -> Any:
        y = tf.nn.conv2d(x, Z([3, 3, 3, 5]), 1, "VALID")
        shapes.append(y.shape.as_list())
        z = tf.nn.conv2d_transpose(y, Z([3, 3, 3, 5]), tf.shape(x), 1, "VALID")
        shapes.append(z.shape.as_list())
        return tf.nn.avg_pool2d(z, 2, 2, "SAME")

    assert f(Z([2, 6, 8, 3])).shape == (2, 3, 4, 3)
    assert shapes[0] == [None, None, 6, 5]
