"""Iterators in graphs: TensorFlow 1's, and those of eager code in functions."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg import v1

Dataset = v1.data.Dataset


def rest(session: Any, fetches: Any) -> list[Any]:
    """What a session gets until the data set ends."""
    found = []
    while True:
        try:
            found.append(session.run(fetches))
        except tf.errors.OutOfRangeError as error:
            assert "End of sequence" in str(error)
            return found


def test_one_shot_iterator_runs_once_in_each_session() -> None:
    with tf.Graph().as_default():
        element = v1.data.make_one_shot_iterator(Dataset.range(5).map(lambda x: x * 2).batch(2)).get_next()
        assert element.op.type == "IteratorGetNext" and element.shape.as_list() == [None]
        for _ in range(2):
            with v1.Session() as session:
                assert [x.tolist() for x in rest(session, element)] == [[0, 2], [4, 6], [8]]


def test_two_fetches_of_one_run_are_of_one_element() -> None:
    with tf.Graph().as_default():
        x, y = Dataset.from_tensor_slices(([1, 2], ["a", "b"])).make_one_shot_iterator().get_next()
        with v1.Session() as session:
            assert rest(session, [x, x + 1, y]) == [[1, 2, b"a"], [2, 3, b"b"]]


def test_initializable_iterator_takes_placeholders() -> None:
    with tf.Graph().as_default():
        rows, size = v1.placeholder(tf.float32, [None, 2]), v1.placeholder(tf.int64, [])
        iterator = v1.data.make_initializable_iterator(Dataset.from_tensor_slices({"r": rows, "s": rows * 2}).batch(size))
        element = iterator.get_next()
        assert iterator.initializer.type == "MakeIterator" and element["r"].shape.as_list() == [None, 2]
        with v1.Session() as session:
            with pytest.raises(tf.errors.FailedPreconditionError, match="the iterator has not been initialized"):
                session.run(element)
            for batch, sums in ((2, [8.0, 4.0]), (3, [12.0])):
                session.run(iterator.initializer, {rows: np.ones((3, 2)), size: batch})
                assert [float(e["s"].sum()) for e in rest(session, element)] == sums


def test_functions_capture_tensors_of_the_graph() -> None:
    with tf.Graph().as_default():
        limit = v1.placeholder(tf.int64, [])
        dataset = Dataset.range(3).map(lambda x: x * limit).flat_map(lambda x: Dataset.range(x)).filter(lambda x: x < limit)
        iterator = dataset.make_initializable_iterator()
        element = iterator.get_next()
        with v1.Session() as session:
            session.run(iterator.initializer, {limit: 2})
            assert [int(x) for x in rest(session, element)] == [0, 1, 0, 1]


def test_iterators_without_data_set_and_by_name() -> None:
    with tf.Graph().as_default():
        a, b = Dataset.range(3).repeat(), Dataset.range(10, 12)
        either = v1.data.Iterator.from_structure(a.output_types, a.output_shapes)
        element, first, second = either.get_next(), either.make_initializer(a), either.make_initializer(b)
        with pytest.raises(TypeError, match="Expected output types"):
            either.make_initializer(Dataset.from_tensors("text"))
        with pytest.raises(ValueError, match="does not have an initializer"):
            _ = either.initializer
        handle = v1.placeholder(tf.string, [])
        named = v1.data.Iterator.from_string_handle(handle, a.output_types, a.output_shapes).get_next()
        one, two = a.make_one_shot_iterator(), b.make_initializable_iterator()
        with v1.Session() as session:
            session.run(first)
            assert int(session.run(element)) == 0
            session.run(second)
            assert int(session.run(element)) == 10
            names = session.run([one.string_handle(), two.string_handle()])
            session.run(two.initializer)
            assert [int(session.run(named, {handle: names[i]})) for i in (0, 1, 0, 1)] == [0, 10, 1, 11]
            with pytest.raises(tf.errors.NotFoundError):
                session.run(named, {handle: "nobody"})


def test_sparse_and_ragged_elements_in_sessions() -> None:
    sparse = tf.SparseTensor([[0, 1], [1, 0]], [1, 2], [2, 2])
    ragged = tf.ragged.constant([[[1], [2, 3]], [[4]]])
    dataset = tf.data.Dataset.from_tensor_slices((sparse, ragged))
    with tf.Graph().as_default():
        element = v1.data.make_one_shot_iterator(dataset).get_next()
        with v1.Session() as session:
            (s, r), _ = rest(session, element)
    assert s.indices.tolist() == [[1]] and s.values.tolist() == [1] and r.to_list() == [[1], [2, 3]]


def test_orders_by_the_seed_of_the_graph() -> None:
    """TensorFlow's order for these seeds."""
    with tf.Graph().as_default():
        v1.set_random_seed(5)
        element = Dataset.range(10).shuffle(10).make_one_shot_iterator().get_next()
        with v1.Session() as session:
            assert [int(x) for x in rest(session, element)] == [6, 2, 5, 1, 7, 0, 4, 3, 8, 9]


def test_the_default_graph() -> None:
    v1.reset_default_graph()
    size = v1.placeholder(tf.int64, [])
    iterator = v1.data.make_initializable_iterator(v1.data.Dataset.range(4).batch(size))
    element = iterator.get_next()
    with v1.Session() as session:
        session.run(iterator.initializer, {size: 3})
        assert [x.tolist() for x in rest(session, element)] == [[0, 1, 2], [3]]
    v1.reset_default_graph()


def test_what_the_elements_are_in_tensorflow_1() -> None:
    dataset = tf.data.Dataset.from_tensor_slices(([1, 2], [[1.0], [2.0]])).batch(2)
    assert v1.data.get_output_types(dataset) == (tf.int32, tf.float32)
    assert [s.as_list() for s in v1.data.get_output_shapes(dataset)] == [[None], [None, 1]]
    assert v1.data.get_output_classes(dataset) == (tf.Tensor, tf.Tensor)


def test_iterators_of_eager_code_in_functions() -> None:
    iterator = iter(tf.data.Dataset.range(5).map(lambda x: (x, {"a": x + 1})))

    @tf.function
    def total() -> Any:
        x, more = next(iterator)
        return x + more["a"]

    assert [int(total()), int(total()), int(next(iterator)[0]), int(total()), int(total())] == [1, 3, 2, 7, 9]
    with pytest.raises(tf.errors.OutOfRangeError, match="End of sequence"):
        total()


def test_iterators_as_arguments() -> None:
    iterator = iter(tf.data.Dataset.range(5).batch(2))

    @tf.function
    def double(iterator: Any) -> Any:
        batch = iterator.get_next()
        assert batch.shape.as_list() == [None]
        return batch * 2

    assert double(iterator).numpy().tolist() == [0, 2] and next(iterator).numpy().tolist() == [2, 3]
    assert double(iterator).numpy().tolist() == [8]


def test_data_sets_made_in_functions() -> None:
    @tf.function
    def total(n: Any) -> Any:
        dataset = tf.data.Dataset.range(n).map(lambda x: x + n)
        return dataset.reduce(np.int64(0), lambda a, b: a + b), dataset.cardinality()

    assert [int(x) for x in total(tf.constant(4, tf.int64))] == [22, 4]
    assert [int(x) for x in total(tf.constant(5, tf.int64))] == [35, 5]


def test_no_python_iteration_while_a_function_is_traced() -> None:
    @tf.function(autograph=False)
    def walk() -> Any:
        return list(tf.data.Dataset.range(3))

    with pytest.raises(RuntimeError, match="only supports Python-style iteration in eager mode"):
        walk()
