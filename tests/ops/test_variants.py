"""What tensors that stand for several others refuse, and what sessions keep of them."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as v1

raw = tf.raw_ops
INVALID = tf.errors.InvalidArgumentError


def _get(components: list[Any], types: list[Any], shapes: list[Any]) -> Any:
    return raw.OptionalGetValue(optional=raw.OptionalFromValue(components=components), output_types=types, output_shapes=shapes)


def _unpacked(types: list[Any]) -> Any:
    packed = raw.CompressElement(components=[tf.constant([1, 2]), tf.constant("a")])
    return raw.UncompressElement(compressed=packed, output_types=types, output_shapes=[[2], []][:len(types)])


def _take(numbers: Any, dtype: Any = tf.int32) -> Any:
    added = raw.AddSparseToTensorsMap(sparse_indices=np.zeros((1, 1), np.int64), sparse_values=[5], sparse_shape=np.array([3]),
                                      shared_name="refusing")
    return raw.TakeManySparseFromTensorsMap(sparse_handles=[added] if numbers is None else np.asarray(numbers), dtype=dtype,
                                            shared_name="refusing")


def _cross(**more: Any) -> Any:
    return raw.SparseCrossHashed(**{"indices": [], "values": [], "shapes": [], "dense_inputs": [tf.constant([["a"]])],
                                    "num_buckets": 0, "strong_hash": False, "salt": np.array([1, 2]), **more})


REFUSED: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: raw.OptionalGetValue(optional=raw.OptionalNone(), output_types=[tf.int32], output_shapes=[[]]), INVALID,
     "does not have a value"),
    (lambda: _get([tf.constant(1)] * 2, [tf.int32], [[]]), INVALID, "has 2 components, expected 1"),
    (lambda: _get([tf.constant("a")], [tf.int32], [[]]), INVALID, "component 0. Expected: int32. Actual: string"),
    (lambda: _get([tf.constant(1)], [tf.int32], [[None, 2]]), INVALID, r"Expected: \[\?,2\]. Actual: \[\]."),
    (lambda: _unpacked([tf.int32]), tf.errors.FailedPreconditionError, "Expected 1 outputs from uncompress, but got 2"),
    (lambda: _unpacked([tf.int32, tf.int32]), tf.errors.FailedPreconditionError, "int32 but got a tensor of type string"),
    (lambda: _take([999]), INVALID, "Unable to find SparseTensor: 999 in map: refusing"),
    (lambda: _take(0), INVALID, r"should be a vector but received shape \[\]"),
    (lambda: _take(None, tf.float32), INVALID, "Requested SparseTensor of type float but SparseTensor.0..*== int32"),
    (lambda: _cross(salt=np.array([1])), INVALID, 'Input "salt" must have length 2 but has length 1'),
    (lambda: _cross(dense_inputs=[tf.constant([[1]])]), INVALID, "attr 'dense_types' of int32 is not in the list"),
]


@pytest.mark.parametrize(("call", "kind", "words"), REFUSED)
def test_refused(call: Callable[[], Any], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        call()


def test_sessions_keep_sparse_tensors_by_number() -> None:
    with tf.Graph().as_default():
        t = v1.SparseTensor([[0, 1], [1, 0]], [1.0, 2.0], [2, 2])
        put = raw.AddSparseToTensorsMap(sparse_indices=t.indices, sparse_values=t.values, sparse_shape=t.dense_shape,
                                        shared_name="m")
        numbers = v1.placeholder(tf.int64, [None])
        take = raw.TakeManySparseFromTensorsMap(sparse_handles=numbers, dtype=tf.float32, shared_name="m")
        with v1.Session() as s, v1.Session() as other:
            assert [s.run(put), s.run(put), other.run(put)] == [0, 1, 0]
            indices, values, shape = s.run(list(take), {numbers: [1, 0]})
            assert (indices[:, 0].tolist(), values.tolist(), shape.tolist()) == ([0, 0, 1, 1], [1, 2, 1, 2], [2, 2, 2])
            with pytest.raises(INVALID, match="Unable to find SparseTensor: 0"):
                s.run(list(take), {numbers: [0]})


def _remap(path: Path, **more: Any) -> Any:
    prefix = str(path / "saved")
    tf.train.Checkpoint(w=tf.Variable(np.arange(12, dtype=np.float32).reshape(4, 3))).write(prefix)
    return raw.LoadAndRemapMatrix(**{
        "ckpt_path": prefix, "old_tensor_name": "w/.ATTRIBUTES/VARIABLE_VALUE", "row_remapping": np.array([1, 2]),
        "col_remapping": np.zeros(0, np.int64), "initializing_values": [], "num_rows": 2, "num_cols": 3, **more})


@pytest.mark.parametrize(("arguments", "kind", "words"), [
    ({"row_remapping": np.array([1])}, INVALID, "Size of row_remapping is 1 instead of being equal to num_rows=2"),
    ({"col_remapping": np.array([1, 2])}, INVALID, "its size is 2 instead of being equal to num_cols=3"),
    ({"row_remapping": np.array([3, 3])}, tf.errors.UnimplementedError, "Old ID 3 is mapped to both new ID 0 and 1"),
    ({"row_remapping": np.array([9, 3])}, tf.errors.InternalError, "Extent in dimension 0 out of bounds"),
    ({"row_remapping": np.array([-1, 3])}, INVALID, "contained 0 elements, but more missing values remain"),
    ({"initializing_values": [1.0]}, INVALID, "but only 0 elements were used"),
    ({"old_tensor_name": "q"}, tf.errors.NotFoundError, "Key q not found in checkpoint"),
])
def test_matrices_that_cannot_be_remapped(tmp_path: Path, arguments: dict[str, Any], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        _remap(tmp_path, **arguments)


def test_vocabularies_that_cannot_be_remapped(tmp_path: Path) -> None:
    for name, text in (("new", "a\nb\n"), ("old", "b\n"), ("gap", "a\n\nb\n"), ("twice", "a\na\n")):
        (tmp_path / name).write_text(text)

    def remapping(new: str, old: str, offset: int = 0) -> Any:
        return raw.GenerateVocabRemapping(new_vocab_file=str(tmp_path / new), old_vocab_file=str(tmp_path / old),
                                          new_vocab_offset=offset, num_new_vocab=2)
    with pytest.raises(INVALID, match="must be larger than last new vocab entry's line"):
        remapping("new", "old", 1)
    with pytest.raises(INVALID, match="empty line found at position 3"):
        remapping("gap", "old")
    with pytest.raises(INVALID, match="different value for same key"):
        remapping("new", "twice")
    with pytest.raises(tf.errors.NotFoundError, match="No such file"):
        remapping("nothing", "old")
