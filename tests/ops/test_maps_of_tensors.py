"""Maps of tensors and the newer operations on lists: what they refuse, and functions with them."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf

R = tf.raw_ops
ROWS = np.arange(12, dtype=np.float32).reshape(3, 2, 2)


def _list(x: Any) -> Any:
    return R.TensorListFromTensor(tensor=tf.constant(x), element_shape=np.array(x.shape[1:], np.int32))


def _map(**items: Any) -> Any:
    handle = R.EmptyTensorMap()
    for key, value in items.items():
        handle = R.TensorMapInsert(input_handle=handle, key=key, value=value)
    return handle


@pytest.mark.parametrize(("call", "words"), [
    (lambda: R.TensorMapLookup(input_handle=_map(), key=1.0, value_dtype=tf.float32),
     'Trying to lookup non-existent key. Could not find key "1".'),
    (lambda: R.TensorMapLookup(input_handle=_map(a=1.0), key="a", value_dtype=tf.int32), "actual float vs. expect int32"),
    (lambda: R.TensorMapErase(input_handle=_map(), key=1.0, value_dtype=tf.float32),
     'Trying to erase non-existent item. Could not find key "1".'),
    (lambda: R.TensorMapStackKeys(input_handle=_map(), key_dtype=tf.float32), "cannot be called on empty map."),
    (lambda: R.TensorMapStackKeys(input_handle=_map(a=1), key_dtype=tf.float32), "Key does not match requested dtype."),
    (lambda: R.TensorMapStackKeys(
        input_handle=R.TensorMapInsert(input_handle=_map(a=1), key=["b"], value=2), key_dtype=tf.string),
     "Keys must all have the same shape."),
    (lambda: R.TensorMapSize(input_handle=_list(ROWS)), "Input handle is not a map."),
    (lambda: R.TensorListConcat(input_handle=_list(ROWS), element_dtype=tf.int32, element_shape=[2, 2]),
     "Invalid data types; op elements int32 but list elements float"),
    (lambda: R.TensorListConcatLists(input_a=_list(ROWS), input_b=_list(ROWS[:, :1]), element_dtype=tf.float32),
     r"element shapes are not identical at index 0.  Saw \[2,2\] vs. \[1,2\]"),
    (lambda: R.TensorListConcatLists(input_a=_list(ROWS), input_b=_list(ROWS.astype(int)), element_dtype=tf.float32),
     r"input_b\[0\].dtype != element_dtype.  Saw: int64 vs. float"),
    (lambda: R.TensorListScatter(tensor=ROWS, indices=[-1, 0, 1], element_shape=[2, 2]), "must all be non-negative"),
    (lambda: R.TensorListScatter(tensor=ROWS, indices=[0, 1], element_shape=[2, 2]), "Expected: 2 Actual: 3"),
    (lambda: R.TensorListScatter(tensor=ROWS, indices=[0, 1, 2], element_shape=[3, 2]), r"shape \[3,2\] from a tensor"),
])
def test_refusal(call: Any, words: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        call()


def test_a_changed_map_is_another() -> None:
    first = _map(a=1.0)
    R.TensorMapInsert(input_handle=first, key="b", value=2.0)
    assert R.TensorMapSize(input_handle=first).numpy() == 1


def test_maps_in_functions() -> None:
    @tf.function
    def looked_up(x: Any) -> Any:
        handle = R.TensorMapInsert(input_handle=R.EmptyTensorMap(), key=1.0, value=x)
        return 2 * R.TensorMapLookup(input_handle=handle, key=1.0, value_dtype=tf.float32) + 1
    for _ in range(3):
        assert looked_up(tf.constant([1.0, 2.0])).numpy().tolist() == [3, 5]


def test_lookups_have_no_gradient() -> None:
    x = tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        handle = R.TensorMapInsert(input_handle=R.EmptyTensorMap(), key=1.0, value=x)
        y = R.TensorMapLookup(input_handle=handle, key=1.0, value_dtype=tf.float32)
    with pytest.raises(LookupError, match="TensorMapLookup"):
        tape.gradient(y, x)


@pytest.mark.parametrize("jit", [False, True])
def test_lists_in_functions(jit: bool) -> None:
    @tf.function(jit_compile=jit)
    def joined(x: Any) -> Any:
        handle = R.TensorListScatter(tensor=x, indices=tf.constant([2, 0, 1]), element_shape=[2, 2])
        return R.TensorListConcat(input_handle=handle, element_dtype=tf.float32, element_shape=[2, 2])
    rows, lengths = joined(tf.constant(ROWS))
    assert rows.numpy().tolist() == np.concatenate([ROWS[1], ROWS[2], ROWS[0]]).tolist()
    assert lengths.numpy().tolist() == [2, 2, 2]
