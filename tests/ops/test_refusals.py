"""What operations refuse, in which class and words."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import thalweg as tf

raw = tf.raw_ops
ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)


def _list(shape: Any = (3,)) -> Any:
    return raw.TensorListFromTensor(tensor=tf.constant(ROWS), element_shape=np.array(shape, np.int32))


def _stack(handle: Any, shape: Any, dtype: Any = tf.float32) -> Any:
    return raw.TensorListStack(input_handle=handle, element_shape=shape, element_dtype=dtype)


def _offset(axis: int, *shapes: list[int]) -> Any:
    return raw.ConcatOffset(concat_dim=axis, shape=[np.array(s, np.int32) for s in shapes])


REFUSED: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: _stack(_list(), [5]), tf.errors.InvalidArgumentError, r"Incompatible shapes during merge: \[5\] vs. \[3\]"),
    (lambda: _stack(_list(), [3, 1]), tf.errors.InvalidArgumentError, "Incompatible ranks during merge: 2 vs. 1"),
    (lambda: _stack(_list(), [3], tf.int32), tf.errors.InvalidArgumentError, "op elements int32 but list elements float"),
    (lambda: _list([4]), tf.errors.InvalidArgumentError, r"Specified a list with shape \[4\] from a tensor with shape \[3\]"),
    (lambda: raw.TensorListScatterV2(tensor=ROWS, indices=[0, 1], element_shape=[3], num_elements=-1),
     tf.errors.InvalidArgumentError, "Expected: 2 Actual: 4"),
    (lambda: raw.TensorListSplit(tensor=ROWS, element_shape=-1, lengths=[2, 1]), tf.errors.InvalidArgumentError,
     "Length of tensor: 4 Values used: 3"),
    (lambda: raw.TensorListResize(input_handle=_list(), size=-1), tf.errors.InvalidArgumentError, "Got: -1"),
    (lambda: _offset(1, [2, 3], [3, 4]), tf.errors.InvalidArgumentError, "All dimensions except 1 must match"),
    (lambda: _offset(2, [2, 3], [2, 4]), tf.errors.InvalidArgumentError, "Concat dim is out of range: 2 vs. 2"),
    (lambda: raw.StridedSliceGrad(shape=[4, 4], begin=[0, 0], end=[2, 2], strides=[1, 1], dy=tf.ones([1, 1])),
     tf.errors.InvalidArgumentError, r"shape of dy was \[1,1\] instead of \[2,2\]"),
    (lambda: tf.gather_nd(tf.zeros([0, 2]), tf.zeros([2, 0], tf.int32)), tf.errors.InvalidArgumentError, "params is empty"),
    (lambda: tf.one_hot([1], tf.constant(3, tf.int64)), ValueError, "requested dtype int32"),
    (lambda: tf.split(tf.zeros([2, 2]), 2, tf.constant(0, tf.int64)), tf.errors.InvalidArgumentError, "to be a int32 tensor"),
    (lambda: raw.SqrtGrad(y=tf.zeros([1]), dy=tf.zeros([3])), tf.errors.InvalidArgumentError, "got 1 and 3"),
    (lambda: raw.ReluGrad(gradients=tf.zeros([3]), features=tf.zeros([1])), tf.errors.InvalidArgumentError,
     "same size and shape"),
    (lambda: tf.Variable(tf.zeros([4, 3]))[:2].assign(tf.ones([6])), tf.errors.InvalidArgumentError,
     r"Cannot broadcast input shape \[6\] into final shape \[2,3\]"),
    (lambda: tf.nn.conv2d(tf.zeros([2, 2, 5, 4]), tf.zeros([2, 2, 4, 0]), 1, "SAME"), tf.errors.InvalidArgumentError,
     "filter must not have zero elements"),
    (lambda: raw.BatchMatMul(x=tf.zeros([2, 3, 4]), y=tf.zeros([1, 4, 5])), tf.errors.InvalidArgumentError,
     r"In\[0\].dim\(0\) and In\[1\].dim\(0\) must be the same"),
    (lambda: tf.linalg.lu_solve(*tf.linalg.lu(tf.eye(1)), tf.zeros([3, 2])), ValueError, "must equal"),
    (lambda: tf.nn.ctc_greedy_decoder(tf.zeros([2, 3, 4]), [3, 1, 1]), tf.errors.FailedPreconditionError, "<= 2"),
    (lambda: tf.histogram_fixed_width_bins(tf.zeros([2], tf.float64), [-1.0, 1.0]), tf.errors.InvalidArgumentError,
     "to be a double tensor"),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_refused(number: int) -> None:
    call, error, words = REFUSED[number]
    with pytest.raises(error, match=words):
        call()


def test_python_values_take_the_dtype_beside_them() -> None:
    for dtype in (tf.float16, tf.float64, tf.int32):
        out = raw.ClipByValue(t=tf.constant([1, 5], dtype), clip_value_min=0, clip_value_max=2)
        assert out.dtype == dtype and out.numpy().tolist() == [1, 2]


def test_every_use_of_a_gathered_element_counts() -> None:
    """TensorFlow keeps the gradient of one of them."""
    x = tf.constant(ROWS)
    with tf.GradientTape() as tape:
        tape.watch(x)
        handle = raw.TensorListFromTensor(tensor=x, element_shape=[3])
        picked = raw.TensorListGather(input_handle=handle, indices=[1, 1, 0], element_shape=[3], element_dtype=tf.float32)
        loss = tf.reduce_sum(picked)
    assert tape.gradient(loss, x).numpy()[:, 0].tolist() == [1.0, 2.0, 0.0, 0.0]


def test_seeds_restart_what_samplers_learned() -> None:
    def draw() -> Any:
        tf.random.set_seed(7)
        classes = tf.constant([[1, 2], [3, 4], [0, 9]], tf.int64)
        return tf.nn.learned_unigram_candidate_sampler(classes, 2, 4, True, 10, seed=3)[0].numpy().tolist()
    assert draw() == draw() == [3, 8, 0, 2]


def test_text_scattered_to_one_place_is_put_together() -> None:
    assert tf.scatter_nd([[0], [0], [1]], ["a", "b", "c"], [2]).numpy().tolist() == [b"ab", b"c"]
    assert tf.scatter_nd([[0], [0]], [True, False], [2]).numpy().tolist() == [True, False]


def test_argmax_passes_over_nan() -> None:
    assert tf.argmax([np.nan, 1.0, np.inf]).numpy() == 2
    assert tf.argmin([np.nan, 1.0, 0.5]).numpy() == 2
