"""Samples of lists of tensors."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import A, F, I, S, sample


def _list(tf: Any, x: Any) -> Any:
    return tf.raw_ops.TensorListFromTensor(tensor=x, element_shape=np.array(x.shape[1:].as_list(), np.int32))


def _stack(tf: Any, handle: Any, shape: Any, dtype: Any = None) -> Any:
    return tf.raw_ops.TensorListStack(input_handle=handle, element_shape=shape, element_dtype=dtype or tf.float32)


def _get(tf: Any, handle: Any, i: int, like: Any) -> Any:
    return tf.raw_ops.TensorListGetItem(input_handle=handle, index=i, element_shape=_sizes(like), element_dtype=like.dtype)


def _sizes(x: Any) -> Any:
    return np.array(x.shape.as_list(), np.int32)


def _set(tf: Any, handle: Any, i: Any, x: Any) -> Any:
    return tf.raw_ops.TensorListSetItem(input_handle=handle, index=i, item=x)


def _reserve(tf: Any, count: Any, shape: Any, dtype: Any = None) -> Any:
    return tf.raw_ops.TensorListReserve(element_shape=shape, num_elements=count, element_dtype=dtype or tf.float32)


def _products(tf: Any, x: Any) -> Any:
    handle = _list(tf, x)
    return _get(tf, handle, 0, x[0]) * _get(tf, handle, 1, x[0]) + _get(tf, handle, 0, x[0])


def _pushed(tf: Any, x: Any, y: Any) -> Any:
    raw = tf.raw_ops
    handle = raw.EmptyTensorList(element_shape=_sizes(x), max_num_elements=4, element_dtype=x.dtype)
    for row in (x, y, x * y):
        handle = raw.TensorListPushBack(input_handle=handle, tensor=row)
    handle, last = raw.TensorListPopBack(input_handle=handle, element_shape=_sizes(x), element_dtype=x.dtype)
    return raw.TensorListLength(input_handle=handle), last, _stack(tf, handle, _sizes(x), x.dtype)


def _concat(tf: Any, handle: Any, shape: Any, dtype: Any) -> Any:
    return tf.raw_ops.TensorListConcatV2(input_handle=handle, element_shape=shape, leading_dims=np.zeros(0, np.int64),
                                         element_dtype=dtype)


def _gathered(tf: Any, x: Any, i: Any, shape: Any = None) -> Any:
    return tf.raw_ops.TensorListGather(input_handle=_list(tf, x), indices=i, element_dtype=x.dtype,
                                       element_shape=_sizes(x)[1:] if shape is None else shape)


def _twice(tf: Any, x: Any) -> Any:
    handle = _list(tf, x)
    return _stack(tf, handle, -1, x.dtype) * _stack(tf, handle, -1, x.dtype)


def _split(tf: Any, x: Any, shape: Any, lengths: Any) -> Any:
    return _concat(tf, tf.raw_ops.TensorListSplit(tensor=x * x, element_shape=shape, lengths=lengths), shape, x.dtype)[0]


def _scattered(tf: Any, x: Any, i: Any, shape: Any) -> Any:
    handle = tf.raw_ops.TensorListScatterV2(tensor=x, indices=i, element_shape=shape, num_elements=-1)
    return _stack(tf, handle, shape, x.dtype)


def _resized(tf: Any, x: Any, size: int) -> Any:
    return _stack(tf, tf.raw_ops.TensorListResize(input_handle=_list(tf, x), size=size), -1, x.dtype)


def _split_list(tf: Any, x: Any) -> Any:
    return tf.raw_ops.TensorListSplit(tensor=x, element_shape=[-1, 2], lengths=tf.constant([1, 3], tf.int64))


def _mapped(tf: Any, one: Any, two: Any, value: Any) -> Any:
    r = tf.raw_ops
    first = r.TensorMapInsert(input_handle=r.EmptyTensorMap(), key=one, value=value)
    both = r.TensorMapInsert(input_handle=first, key=two, value=two)
    again = r.TensorMapInsert(input_handle=both, key=one, value=one)
    less = r.TensorMapErase(input_handle=again, key=two, value_dtype=two.dtype)
    return [r.TensorMapSize(input_handle=m) for m in (first, both, again, less)] + [
        r.TensorMapLookup(input_handle=both, key=one, value_dtype=value.dtype),
        r.TensorMapLookup(input_handle=again, key=one, value_dtype=one.dtype),
        *[r.TensorMapHasKey(input_handle=m, key=two) for m in (first, both, less)],
        r.TensorMapStackKeys(input_handle=less, key_dtype=one.dtype)]


SAMPLES = [
    sample("TensorListFromTensor TensorListStack", lambda tf, x: _stack(tf, _list(tf, x), [3]), F(4, 3)),
    sample("TensorListFromTensor TensorListStack",
           lambda tf, x: _stack(tf, _list(tf, x), np.zeros(0, np.int32), x.dtype), I(0, 9, 4)),
    sample("TensorListFromTensor TensorListStack", lambda tf, x: _stack(tf, _list(tf, x), [-1], x.dtype), F(4, 3)),
    sample("TensorListAdd", _twice, F(2, 3)),
    sample("TensorListGetItem TensorListAdd TensorListAddItem TensorListZeros", _products, F(3, 3)),
    sample("TensorListReserve TensorListSetItem TensorListStack",
           lambda tf, x, y: _stack(tf, _set(tf, _set(tf, _reserve(tf, 4, [3]), 1, x), 3, x * y), [3]), F(3), F(3)),
    sample("TensorListReserve TensorListSetItem TensorListStack",
           lambda tf, x: _stack(tf, _set(tf, _set(tf, _reserve(tf, 2, -1, x.dtype), 1, x), 1, x * x), _sizes(x), x.dtype),
           F(3)),
    sample("TensorListReserve TensorListStack", lambda tf: _stack(tf, _reserve(tf, 0, [3]), [3])),
    sample("TensorListReserve TensorListGetItem", lambda tf: _get(tf, _reserve(tf, 2, [3]), 1, tf.zeros([3]))),
    sample("EmptyTensorList TensorListPushBack TensorListPopBack TensorListLength TensorListStack", _pushed, F(3), F(3)),
    sample("TensorListGather", _gathered, F(4, 3), A([2, 0, 3])),
    sample("TensorListGather", lambda tf, x, i: _gathered(tf, x, i, [3]), F(4, 3), A(np.zeros(0, np.int32))),
    sample("TensorListScatterV2", lambda tf, x, i: _scattered(tf, x, i, [3]), F(3, 3), A([2, 0, 3])),
    sample("TensorListScatterIntoExistingList",
           lambda tf, x, y, i: _stack(tf, tf.raw_ops.TensorListScatterIntoExistingList(
               input_handle=_list(tf, x), tensor=y, indices=i), -1, x.dtype), F(3, 3), F(2, 3), A([2, 0])),
    sample("TensorListConcatV2", lambda tf, x: _concat(tf, _list(tf, x), [-1, 2], tf.float32), F(3, 4, 2)),
    sample("TensorListSplit TensorListConcatV2", lambda tf, x: _split(tf, x, [-1, 2], [1, 3]), F(4, 2)),
    sample("TensorListResize", lambda tf, x: _resized(tf, x, 4), F(2, 3)),
    sample("TensorListResize", lambda tf, x: _resized(tf, x, 1), F(2, 3)),
    sample("TensorListElementShape",
           lambda tf, x: tf.raw_ops.TensorListElementShape(input_handle=_list(tf, x), shape_type=tf.int64), F(2, 3)),
    sample("TensorListSplitLike", lambda tf, x: _concat(tf, _list(tf, x * x), -1, x.dtype)[0], F(3, 4, 2)),
    sample("TensorListConcatV2", lambda tf, x: _concat(tf, _list(tf, x), -1, x.dtype), F(3, 4, 2)),
    sample("TensorListSplit TensorListConcatV2", lambda tf, x: _split(tf, x, -1, [0, x.shape[0]]), F(4, 3)),
    sample("TensorListSplit TensorListConcatV2", lambda tf, x: _split(tf, x, [-1, *x.shape[1:]], [x.shape[0]]), F(5, 3)),
    sample("TensorListScatterV2", lambda tf, x, i: _scattered(tf, x, i, -1), F(3, 4), A([1, 0, 2])),
    sample("TensorListScatterV2", lambda tf, x, i: _scattered(tf, x, i, _sizes(x)[1:]), F(3, 4), A([1, 0, 2])),
    *[sample("TensorListConcat", lambda tf, x: tf.raw_ops.TensorListConcat(
        input_handle=_list(tf, x), element_dtype=x.dtype, element_shape=x.shape[1:]), x)
      for x in (F(3, 4, 2), I(0, 9, 2, 2), F(2, 0, 3))],
    sample("TensorListConcat", lambda tf, x: tf.raw_ops.TensorListConcat(
        input_handle=_split_list(tf, x), element_dtype=x.dtype), F(4, 2)),
    sample("TensorListConcatLists", lambda tf, x, y: _stack(tf, tf.raw_ops.TensorListConcatLists(
        input_a=_list(tf, x), input_b=_list(tf, y), element_dtype=x.dtype), -1, x.dtype), F(3, 2), F(1, 2), grad=False),
    *[sample("TensorListScatter", lambda tf, x, i: _stack(tf, tf.raw_ops.TensorListScatter(
        tensor=x, indices=i, element_shape=_sizes(x)[1:]), -1, x.dtype), x, i)
      for x, i in ((F(3, 2), A([1, 0, 2])), (F(3), A([2, 1, 0])), (I(0, 9, 1, 2), A([0])))],
    *[sample("EmptyTensorMap TensorMapInsert TensorMapSize TensorMapLookup TensorMapHasKey TensorMapStackKeys TensorMapErase",
             _mapped, *inputs, grad=False)
      for inputs in ((A(1), A(2), F(2)), (A([1.0, np.nan]), A([2.0, 1.0]), I(0, 9)), (S("a"), S("b"), F(0, 2)),
                     (I(0, 9, 0), A([1]), S("x", "y")))],
]
