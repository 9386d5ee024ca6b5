"""Samples of indexing, slices and assignment to slices."""
from __future__ import annotations

from . import BF, A, B, C, D, F, H, I, S, sample


def _assign(key):  # type: ignore[no-untyped-def]
    def call(tf, x, y):  # type: ignore[no-untyped-def]
        v = tf.Variable(x)
        v[key].assign(y)
        return v.value()
    return call


def _strided(**masks: int):  # type: ignore[no-untyped-def]
    return lambda tf, x: tf.strided_slice(x, [0, 1, 0], [2, 3, 4], [1, 1, 2], **masks)


_KEYS = (1, -1, slice(1, 3), slice(None, None, -1), slice(-1, 0, -2), (0, 1), (slice(None), 1), (Ellipsis, -1),
         (None, 1), (slice(1, 2), None, slice(0, 3, 2)), Ellipsis, None, (1, Ellipsis, None), slice(3, 1), slice(-9, 9),
         (), (slice(None, -1), slice(1, None)), (slice(2, None, -1), Ellipsis))

SAMPLES = [
    *(sample("AddV2", lambda tf, x, k=k: x[k] + 0.0, F(4, 3)) for k in _KEYS),
    *(sample("AddV2", lambda tf, x, k=k: x[k] + 0.0, D(2, 3, 4)) for k in _KEYS[:9]),
    sample("StridedSlice", lambda tf, x, i: x[i], F(4, 3), A(2)),
    sample("StridedSlice", lambda tf, x, i, j: x[i:j, -1], F(4, 3), A(1), A(3)),
    sample("StridedSlice", lambda tf, x, i: x[..., tf.cast(i, tf.int64), None], D(4, 3), A(-1)),
    sample("StridedSlice", lambda tf, x, i: x[i, 1:], F(4, 3), A(0)),
    sample("StridedSlice", lambda tf, x: tf.strided_slice(x, [1, 0], [3, 3], [1, 2]), F(4, 3)),
    sample("StridedSlice", lambda tf, x: tf.strided_slice(x, [0], [2]), F(4, 3)),
    sample("StridedSlice", lambda tf, x: tf.strided_slice(x, [3], [0], [-2]), D(4)),
    *(sample("StridedSlice", _strided(**m), F(2, 3, 4)) for m in (
        {}, {"begin_mask": 3}, {"end_mask": 5}, {"ellipsis_mask": 2}, {"new_axis_mask": 1}, {"shrink_axis_mask": 2},
        {"begin_mask": 7, "end_mask": 7}, {"new_axis_mask": 2, "shrink_axis_mask": 1})),
    *(sample("StridedSlice", lambda tf, x: tf.strided_slice(x, [1], [3]), x) for x in (
        H(4), BF(4), C(4), I(0, 9, 4), B(4), S("a", "b", "c"))),
    sample("StridedSlice", lambda tf, x: tf.strided_slice(x, [0, 0], [0, 2]), F(2, 3)),
    sample("StridedSliceGrad", lambda tf, x: tf.raw_ops.StridedSliceGrad(
        shape=[4, 3], begin=[1, 0], end=[3, 3], strides=[1, 2], dy=x), F(2, 2)),
    sample("StridedSliceGrad", lambda tf, x: tf.raw_ops.StridedSliceGrad(
        shape=[4, 3], begin=[1, 0], end=[0, 0], strides=[1, 1], dy=x, shrink_axis_mask=1, end_mask=2), D(3)),
    sample("TensorStridedSliceUpdate", lambda tf, x, y: tf.raw_ops.TensorStridedSliceUpdate(
        input=x, begin=[1, 0], end=[3, 3], strides=[1, 2], value=y), F(4, 3), F(2, 2)),
    sample("TensorStridedSliceUpdate", lambda tf, x, y: tf.raw_ops.TensorStridedSliceUpdate(
        input=x, begin=[1], end=[2], strides=[1], value=y, shrink_axis_mask=1), D(4, 3), D(3)),
    *(sample("Slice", lambda tf, x, b=b, s=s: tf.slice(x, b, s), F(3, 4))
      for b, s in (([1, 0], [2, -1]), ([0, 0], [3, 4]), ([1, 2], [0, 1]), ([2, 3], [1, 1]))),
    sample("Slice", lambda tf, x, b, s: tf.slice(x, b, s), D(3, 4), A([0, 1]), A([2, 2])),
    sample("Slice", lambda tf, x, i: tf.slice(x, i, i), F(), I(0, 1, 0)),
    *(sample("Slice", lambda tf, x: tf.slice(x, [1], [2]), x) for x in (
        H(4), BF(4), C(4), I(0, 9, 4), B(4), S("a", "b", "c"))),
    sample("ResourceStridedSliceAssign", _assign(slice(1, 3)), F(4, 3), F(2, 3), grad=False),
    sample("ResourceStridedSliceAssign", _assign((slice(None), 1)), F(4, 3), F(4), grad=False),
    sample("ResourceStridedSliceAssign", _assign((Ellipsis, slice(None, None, -2))), I(0, 9, 2, 3), I(0, 9, 2, 2),
           grad=False),
    sample("ResourceStridedSliceAssign", _assign(0), D(3), D(), grad=False),
    sample("ResourceStridedSliceAssign", _assign(slice(0, 2)), D(3), D(), grad=False),
    sample("Where GatherV2", lambda tf, x: x[x > 0], F(3, 4), fd=False),
    sample("Where GatherV2", lambda tf, x, m: x[m], F(3, 2), B(3)),
]
