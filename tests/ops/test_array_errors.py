"""The messages of the array operations, in TensorFlow's words."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf

_TWO_THREE = np.zeros((2, 3), np.float32)
_SIX = np.arange(6)

CASES: list[tuple[Any, str]] = [
    (lambda: tf.reshape(_SIX, [4, 2]), "Input to reshape is a tensor with 6 values, but the requested shape has 8"),
    (lambda: tf.reshape(_SIX, [-1, 4]),
     "Input to reshape is a tensor with 6 values, but the requested shape requires a multiple of 4"),
    (lambda: tf.reshape(_SIX, [-1, -1]), "Only one input size may be -1, not both 0 and 1"),
    (lambda: tf.transpose(_TWO_THREE, [0, 0]), "1 is missing from {0,0}."),
    (lambda: tf.transpose(_TWO_THREE, [0, 1, 2]),
     "transpose expects a vector of size 2. But input(1) is a vector of size 3"),
    (lambda: tf.transpose(_TWO_THREE, [0, 4]), "4 is out of range [0 .. 2)"),
    (lambda: tf.expand_dims(_SIX, 5), "Tried to expand dim index 5 for tensor with 1 dimensions."),
    (lambda: tf.squeeze(_TWO_THREE, [0]), "Can not squeeze dim[0], expected a dimension of 1, got 2"),
    (lambda: tf.concat([_TWO_THREE, _TWO_THREE[:, :2]], 0),
     "ConcatOp : Dimension 1 in both shapes must be equal: shape[0] = [2,3] vs. shape[1] = [2,2]"),
    (lambda: tf.concat([_TWO_THREE, _TWO_THREE], 2),
     "ConcatOp : Expected concatenating dimensions in the range [-2, 2), but got 2"),
    (lambda: tf.concat([tf.zeros([]), tf.zeros([])], 0),
     "ConcatOp : Can't concatenate scalars (use tf.stack instead)"),
    (lambda: tf.stack([tf.zeros([2]), tf.zeros([3])]),
     "Shapes of all inputs must match: values[0].shape = [2] != values[1].shape = [3]"),
    (lambda: tf.unstack(_TWO_THREE, 3), "Input shape axis 0 must equal 3, got shape [2,3]"),
    (lambda: tf.split(tf.zeros([5]), 2), "Number of ways to split should evenly divide the split dimension, but got "
     "split_dim 0 (size = 5) and num_split 2"),
    (lambda: tf.split(tf.zeros([6]), [2, -1, -1]), "There can only be one -1 in the input."),
    (lambda: tf.split(tf.zeros([6]), 2, axis=3), "-input rank(-1) <= split_dim < input rank (1), but got 3"),
    (lambda: tf.tile(_TWO_THREE, [1]), "Expected multiples argument to be a vector of length 2 but got length 1"),
    (lambda: tf.tile(_TWO_THREE, [1, -1]), "Expected multiples[1] >= 0, but got -1"),
    (lambda: tf.pad(tf.zeros([2]), [[1, 1], [1, 1]]),
     "The first dimension of paddings must be the rank of inputs[2,2] [2]"),
    (lambda: tf.pad(tf.zeros([2]), [[-1, 1]]), "Paddings must be non-negative: -1 1"),
    (lambda: tf.pad(tf.zeros([2]), [[3, 3]], mode="REFLECT"),
     "paddings must be less than the dimension size: 3, 3 not less than 2"),
    (lambda: tf.broadcast_to(tf.zeros([2]), [3]), "Incompatible shapes: [2] vs. [3]"),
    (lambda: tf.broadcast_to(tf.zeros([2]), []),
     "Rank of input (1) must be no greater than rank of output shape (0)."),
    (lambda: tf.reverse(tf.zeros([2]), [0, 0]), "axis 0 specified more than once."),
    (lambda: tf.roll(tf.zeros([2]), [1], [0, 0]), "shift and axis must have the same size"),
    (lambda: tf.roll(tf.zeros([2]), 1, 3), "axis 3 is out of range"),
    (lambda: tf.fill([-1], 2.0), "Dimension -1 must be >= 0"),
    (lambda: tf.zeros([-1]), "Dimension -1 must be >= 0"),
    (lambda: tf.eye(-1), "Dimension -1 must be >= 0"),
    (lambda: tf.fill([2], [1, 2]), "value must represent a scalar, got shape [2]"),
    (lambda: tf.range(0, 5, 0), "Requires delta != 0: 0"),
    (lambda: tf.range(5, 0), "Requires start <= limit when delta > 0: 5/0"),
    (lambda: tf.range(0, 5, -1), "Requires start >= limit when delta < 0: 0/5"),
    (lambda: tf.one_hot([1], -1), "depth must be non-negative, got: -1"),
    (lambda: tf.one_hot([1], 3, axis=3), "Expected axis to be -1 or between [0, 2).  But received: 3"),
    (lambda: tf.ensure_shape(tf.zeros([2]), [3, None]),
     "Shape of tensor input [2] is not compatible with expected shape [3,?]."),
    (lambda: tf.slice(tf.zeros([3]), [1], [5]), "Expected size[0] in [0, 2], but got 5"),
    (lambda: tf.slice(tf.zeros([3]), [4], [1]), "Expected begin[0] in [0, 3], but got 4"),
    (lambda: tf.gather(tf.range(3), [5]), "indices[0] = 5 is not in [0, 3)"),
    (lambda: tf.gather([1, 2, 3], [[1], [-5]]), "indices[1,0] = -5 is not in [0, 3)"),
    (lambda: tf.gather(tf.range(3), 5), "indices = 5 is not in [0, 3)"),
    (lambda: tf.gather(_TWO_THREE, [0], axis=2), "Shape must be at least rank 3 but is rank 2"),
    (lambda: tf.gather(_TWO_THREE, [[0]], batch_dims=1),
     "params.shape[0]: 2 should be equal to indices.shape[0]: 1"),
    (lambda: tf.gather_nd(_TWO_THREE, [[0, 5]]),
     "indices[0] = [0, 5] does not index into param shape [2,3], node name: GatherNd"),
    (lambda: tf.gather_nd(_TWO_THREE, [[0, 1, 2]]),
     "index innermost dimension length must be <= params rank; saw: 3 vs. 2"),
    (lambda: tf.scatter_nd([[5]], [1.0], [3]), "indices[0] = [5] does not index into shape [3]"),
    (lambda: tf.scatter_nd([[1]], [1.0, 2.0], [3]),
     "Dimensions [0,1) of indices[shape=[1,1]] must match dimensions [0,1) of updates[shape=[2]]"),
    (lambda: tf.tensor_scatter_nd_update(tf.zeros([3]), [[1]], [1.0, 2.0]),
     "Outer dimensions of indices and update must match. Indices shape: [1,1], updates shape:[2]"),
    (lambda: tf.dynamic_partition([1, 2, 3], [0, 1, 2], 2), "partitions[2] = 2 is not in [0, 2)"),
    (lambda: tf.reverse_sequence(_TWO_THREE, [4, 1], 1, 0), "seq_lens(0) > input.dims(1)"),
    (lambda: tf.math.unsorted_segment_sum([1.0, 2.0], [0, 5], 3), "segment_ids[1] = 5 is out of range [0, 3)"),
    (lambda: tf.math.invert_permutation([0, 0]), "0 is duplicated in the input."),
    (lambda: tf.unique([[1]]), "unique expects a 1D vector."),
    (lambda: tf.Variable([1.0, 2.0, 3.0]).assign_add([1.0, 2.0]),
     "Cannot update variable with shape [3] using a Tensor with shape [2], shapes must be equal."),
    (lambda: tf.Variable([1.0, 2.0]).scatter_add(tf.IndexedSlices([1.0], [5])), "indices[0] = 5 is not in [0, 2)"),
    (lambda: tf.Variable([1.0, 2.0]).scatter_div(tf.IndexedSlices([0.0], [1])), "updates must not contain 0"),
    (lambda: tf.Variable([1.0, 2.0]).scatter_nd_update([[5]], [1.0]), "indices[0] = [5] does not index into shape [2]"),
]


@pytest.mark.parametrize(("call", "message"), CASES, ids=[message[:40] for _, message in CASES])
def test_message(call: Any, message: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        call()
    assert str(caught.value).partition(" [Op:")[0] == message


@pytest.mark.parametrize(("call", "kind", "message"), [
    (lambda: tf.constant([1, 2, 3], shape=[2, 2]), TypeError,
     "Eager execution of tf.constant with unsupported shape. Tensor [1 2 3] (converted from [1, 2, 3]) has 3 elements, "
     "but got `shape` (2, 2) with 4 elements)."),
    (lambda: tf.constant(tf.constant(1), tf.float32), TypeError,
     "Expected tensor 1 with dtype tf.float32, but got dtype tf.int32."),
    (lambda: tf.zeros(tf.TensorShape([None])), ValueError,
     "Cannot convert a partially known TensorShape (None,) to a Tensor."),
    (lambda: tf.stack([1, 2], 2), ValueError, "Argument `axis` = 2 not in range [-1, 1)"),
    (lambda: tf.unstack(tf.constant(1.0)), ValueError, "Argument `axis` = 0 not in range [0, 0)"),
    (lambda: tf.pad([1.0], [[1, 1]], mode="FOO"), ValueError, 'Value of argument `mode` expected to be one of '
     '"CONSTANT", "REFLECT", or "SYMMETRIC". Received `mode` = FOO'),
    (lambda: tf.boolean_mask([1.0, 2.0], [True]), ValueError, "Shapes (2,) and (1,) are incompatible"),
    (lambda: tf.where([True], [1]), ValueError, "x and y must both be non-None or both be None."),
    (lambda: tf.repeat([1, 2], [1, 2, 3]), ValueError, "Dimensions 2 and 3 are not compatible"),
    (lambda: tf.one_hot([0], 3, on_value=1, off_value=0.0), TypeError,
     "dtype <dtype: 'int32'> of on_value does not match dtype <dtype: 'float32'> of off_value"),
    (lambda: tf.sort([1.0], direction="UP"), ValueError,
     "Argument `direction` should be one of ASCENDING, DESCENDING. Received: direction=UP"),
    (lambda: tf.searchsorted([1], [1], side="foo"), ValueError,
     "Argument `side` must be either 'right' or 'left'. Received: `side` = 'foo'."),
    (lambda: tf.meshgrid([1], [2], indexing="a"), ValueError,
     "Argument `indexing` parameter must be either 'xy' or 'ij', got 'a'"),
    (lambda: tf.sequence_mask([1, 2], [3]), ValueError, "Argument `maxlen` must be scalar for sequence_mask, received "
     "`maxlen` = [3] with shape '(1,)' instead"),
    (lambda: tf.parallel_stack([1, 2]), RuntimeError, "tf.parallel_stack() is not compatible with eager execution."),
    (lambda: tf.eye(2, dtype=tf.string), TypeError, "Cannot convert 1 to EagerTensor of dtype string"),
])
def test_message_of_python(call: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value) == message


def test_a_failed_update_changes_nothing() -> None:
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    for kind in ("update", "add", "sub", "mul", "div", "max", "min"):
        with pytest.raises(tf.errors.InvalidArgumentError):
            getattr(v, f"scatter_{kind}")(tf.IndexedSlices([[5.0, 6.0], [7.0, 8.0]], [0, 9]))
    assert v.numpy().tolist() == [[1.0, 2.0], [3.0, 4.0]]
