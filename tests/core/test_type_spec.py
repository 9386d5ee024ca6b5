"""Type specifications: how they compare, what covers what, and values made of several tensors in `tf.nest`."""
from __future__ import annotations

import pickle
from typing import Any

import pytest

import thalweg as tf


class Pair(tf.TypeSpec):
    """A spec of a user's own, of dicts with one tensor."""

    def __init__(self, shape: Any, dtype: Any = tf.float32, tag: Any = (1, {"a": 2})) -> None:
        self.shape = tf.TensorShape(shape)
        self.dtype = tf.as_dtype(dtype)
        self.tag = tag

    @property
    def value_type(self) -> type:
        return dict

    def _serialize(self) -> Any:
        return self.shape, self.dtype, self.tag

    @property
    def _component_specs(self) -> Any:
        return [tf.TensorSpec(self.shape, self.dtype)]

    def _to_components(self, value: Any) -> Any:
        return [value["x"]]

    def _from_components(self, components: Any) -> Any:
        return {"x": components[0]}


A, OPEN, MATRIX, INTS = Pair([3]), Pair([None]), Pair([3, 4]), Pair([3], tf.int32)


def test_specs_compare_by_class_and_content() -> None:
    assert A == Pair([3])
    assert hash(A) == hash(Pair([3]))
    assert A != OPEN
    assert A != INTS
    assert A != Pair([3], tag=(1, {"a": 3}))
    assert A != tf.TensorSpec([3])
    assert repr(A) == "Pair(TensorShape([3]), tf.float32, (1, {'a': 2}))"
    assert pickle.loads(pickle.dumps(tf.SparseTensorSpec([3, None]))) == tf.SparseTensorSpec([3, None])
    assert A.__reduce__() == (Pair, (tf.TensorShape([3]), tf.float32, (1, {"a": 2})))


def test_what_covers_what() -> None:
    assert A.is_compatible_with(OPEN)
    assert OPEN.is_compatible_with(A)
    assert not A.is_compatible_with(MATRIX)
    assert not A.is_compatible_with(INTS)
    assert A.is_subtype_of(OPEN)
    assert not OPEN.is_subtype_of(A)
    assert not A.is_subtype_of(3)
    with pytest.raises(TypeError, match="Could not build a TypeSpec for .* of unsupported type <class 'dict'>"):
        A.is_compatible_with({"x": 1})


def test_common_supertypes() -> None:
    assert A.most_specific_compatible_type(OPEN) == OPEN
    assert A.most_specific_compatible_type(MATRIX) == Pair(None)
    assert A.most_specific_common_supertype([]) == A
    for other in (INTS, tf.TensorSpec([3]), 3):
        assert A.most_specific_common_supertype([other]) is None
        with pytest.raises(ValueError, match="No TypeSpec is compatible with both"):
            A.most_specific_compatible_type(other)


def test_names_of_tensor_specs() -> None:
    named = tf.TensorSpec([3], name="a")
    assert tf.TensorSpec([3]).is_subtype_of(named)
    assert not named.is_subtype_of(tf.TensorSpec([3]))
    assert not named.is_subtype_of(tf.TensorSpec([3], name="b"))
    assert named.most_specific_common_supertype([tf.TensorSpec([4], name="a")]) == tf.TensorSpec([None], name="a")
    with pytest.raises(ValueError, match="No TypeSpec is compatible with both"):
        named.most_specific_compatible_type(tf.TensorSpec([3], name="b"))


@pytest.mark.parametrize(("value", "fits"), [
    (tf.zeros([3]), True), (tf.TensorSpec([None]), True), (tf.zeros([4]), False), (tf.zeros([3], tf.int32), False),
    (3, False), ("a", False), (object(), False), (tf.SparseTensorSpec([3]), False)])
def test_a_tensor_spec_fits_tensors_alone(value: Any, fits: bool) -> None:
    assert tf.TensorSpec([3]).is_compatible_with(value) is fits


def test_specs_of_values() -> None:
    assert tf.type_spec_from_value([1, 2.0]) == tf.TensorSpec([2])
    assert tf.type_spec_from_value("a") == tf.TensorSpec([], tf.string)
    slices = tf.IndexedSlices(tf.zeros([2, 3]), tf.constant([0, 1]), tf.constant([5, 3]))
    spec = tf.type_spec_from_value(slices)
    assert repr(spec) == "IndexedSlicesSpec(TensorShape([5, 3]), tf.float32, tf.int32, tf.int32, TensorShape([2]))"
    assert tf.type_spec_from_value(tf.IndexedSlices(tf.zeros([2, 3]), tf.constant([0, 1])))._component_specs == (
        tf.TensorSpec([2, 3]), tf.TensorSpec([2], tf.int32))
    for wrong in ({}, object(), tf.TensorSpec([3])):
        with pytest.raises(TypeError, match="Could not build a TypeSpec for"):
            tf.type_spec_from_value(wrong)


def test_the_base_is_abstract() -> None:
    with pytest.raises(TypeError, match="abstract"):
        tf.TypeSpec()


def test_parts_and_wholes() -> None:
    spec = tf.SparseTensorSpec([2, 2])
    s = tf.sparse.eye(2)
    tensors = spec.to_tensors(s)
    assert [t.shape.as_list() for t in tensors] == [[2, 2], [2], [2]]
    again = spec.from_tensors(iter(tensors))
    assert again.values is tensors[1]
    assert again.shape.as_list() == [2, 2]
    with pytest.raises(ValueError, match="Incompatible input"):
        spec.to_tensors(tf.sparse.eye(3))
    with pytest.raises(ValueError, match="expects 3 items, but the provided tensor list has 1 items"):
        spec._from_tensor_list(tensors[:1])
    assert spec._with_tensor_ranks_only() == tf.SparseTensorSpec([None, None])
    assert spec._batch(5)._unbatch() == spec


def test_composites_in_nests() -> None:
    s, slices = tf.sparse.eye(2), tf.IndexedSlices(tf.ones([1, 2]), tf.constant([1]), tf.constant([3, 2]))
    assert tf.nest.flatten([s, 3]) == [s, 3]
    assert len(tf.nest.flatten([s, slices, 3], expand_composites=True)) == 7
    doubled = tf.nest.map_structure(lambda t: t * 2, slices, expand_composites=True)
    assert doubled.values.numpy().tolist() == [[2.0, 2.0]]
    assert doubled.dense_shape.numpy().tolist() == [6, 4]
    tf.nest.assert_same_structure(s, tf.sparse.eye(2), expand_composites=True)
    with pytest.raises(ValueError, match="Incompatible CompositeTensor TypeSpecs"):
        tf.nest.assert_same_structure(s, tf.sparse.eye(3), expand_composites=True)


def test_slices_or_tensors() -> None:
    convert = tf.compat.v1.convert_to_tensor_or_indexed_slices
    slices = tf.IndexedSlices(tf.ones([1, 2]), tf.constant([1]))
    assert convert(slices, tf.float32) is slices
    assert convert(3).dtype == tf.int32
    with pytest.raises(ValueError, match="Incompatible tensor conversion requested to `dtype` int32"):
        convert(slices, tf.int32)
