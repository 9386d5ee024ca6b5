"""Values made of several tensors as arguments, results and captures of functions, in control flow, sessions and gradients."""
from __future__ import annotations

from typing import Any

import pytest

import thalweg as tf
import thalweg.v1 as v1


def sparse(rows: int = 3) -> Any:
    return tf.SparseTensor([[0, 0], [0, 2], [2, 1]], [1.0, 2.0, 3.0], [rows, 4])


def slices() -> Any:
    return tf.IndexedSlices(tf.constant([[1.0, 2.0]]), tf.constant([1]), tf.constant([3, 2]))


@pytest.mark.parametrize("jit", [None, False])
def test_arguments_and_results(jit: bool | None) -> None:
    seen: list[Any] = []

    @tf.function(jit_compile=jit)
    def f(s: Any, options: Any) -> Any:
        seen.append((s.shape.as_list(), s.indices.shape.as_list(), str(s.values.name)))
        return {"dense": tf.sparse.to_dense(s), "sparse": [s * options["factor"], None]}
    for _ in range(3):
        out = f(sparse(), {"factor": tf.constant(2.0)})
    assert seen == [([3, 4], [None, 2], "s_1:0")]
    assert out["dense"].numpy().tolist() == [[1.0, 0.0, 2.0, 0.0], [0.0] * 4, [0.0, 3.0, 0.0, 0.0]]
    assert isinstance(out["sparse"][0], tf.SparseTensor)
    assert out["sparse"][0].values.numpy().tolist() == [2.0, 4.0, 6.0]
    assert out["sparse"][1] is None


def test_a_trace_serves_any_number_of_elements() -> None:
    f = tf.function(lambda s: s * 2.0)
    f(sparse())
    f(tf.sparse.eye(3, 4))
    assert f.experimental_get_tracing_count() == 1
    f(sparse(4))
    assert f.experimental_get_tracing_count() == 2
    f(tf.sparse.eye(3, 4, tf.float64))
    assert f.experimental_get_tracing_count() == 3


def test_sparse_and_dense_arguments_are_told_apart() -> None:
    g = tf.function(lambda x: tf.constant(isinstance(x, tf.SparseTensor)))
    s = sparse()
    assert bool(g(s))
    assert not bool(g([s.indices, s.values, s.dense_shape]))


def test_reduced_retracing_widens_specs() -> None:
    shapes = []

    def f(s: Any) -> Any:
        shapes.append(s.shape.as_list())
        return s * 2.0
    traced = tf.function(f, reduce_retracing=True)
    for rows in (3, 4, 5, 6):
        assert traced(sparse(rows)).shape.as_list() == [rows, 4]
    assert shapes == [[3, 4], [None, 4]]


def test_an_input_signature_with_specs() -> None:
    shapes = []

    def f(s: Any, x: Any) -> Any:
        shapes.append((s.shape.as_list(), x.shape.as_list()))
        return tf.sparse.sparse_dense_matmul(s, x)
    traced = tf.function(f, input_signature=[tf.SparseTensorSpec([None, 4]), tf.TensorSpec([None, 2])])
    for rows in (3, 5):
        assert traced(sparse(rows), tf.ones([4, 2])).shape.as_list() == [rows, 2]
    assert shapes == [([None, 4], [None, 2])]
    concrete = traced.get_concrete_function()
    assert concrete.structured_input_signature[0][0] == tf.SparseTensorSpec([None, 4])
    for wrong in (tf.ones([3, 4]), 3):
        with pytest.raises(TypeError, match="Binding inputs to tf.function failed"):
            traced(wrong, tf.ones([4, 2]))
    with pytest.raises(TypeError, match="Binding inputs to tf.function failed"):
        traced(tf.SparseTensor([[0]], [1.0], [4]), tf.ones([4, 2]))


def test_concrete_functions() -> None:
    concrete = tf.function(lambda s: (tf.sparse.to_dense(s), s)).get_concrete_function(tf.SparseTensorSpec([None, 4]))
    assert isinstance(concrete.structured_outputs[1], tf.SparseTensor)
    assert concrete.output_dtypes == (tf.float32, [tf.int64, tf.float32, tf.int64])
    assert [t.shape.as_list() for t in concrete.inputs] == [[None, 2], [None], [2]]
    assert "SparseTensorSpec(TensorShape([None, 4]), tf.float32)" in repr(concrete)
    dense, again = concrete(sparse())
    assert dense.shape.as_list() == [3, 4]
    assert again.values.numpy().tolist() == [1.0, 2.0, 3.0]


def test_captures_and_slices() -> None:
    s, rows = sparse(), slices()
    assert tf.function(lambda: s * 2.0)().values.numpy().tolist() == [2.0, 4.0, 6.0]
    again = tf.function(lambda x: x)(rows)
    assert isinstance(again, tf.IndexedSlices)
    assert again.dense_shape.numpy().tolist() == [3, 2]
    assert tf.convert_to_tensor(tf.function(lambda: -rows)()).numpy().tolist() == [[0.0, 0.0], [-1.0, -2.0], [0.0, 0.0]]


def test_control_flow() -> None:
    @tf.function
    def f(n: Any, s: Any) -> Any:
        chosen = tf.cond(n > 2, lambda: s, lambda: s * 10.0)
        _, looped = tf.while_loop(lambda i, q: i < n, lambda i, q: (i + 1, q * 2.0), [0, s])
        return chosen, looped
    chosen, looped = f(tf.constant(2), sparse())
    assert chosen.values.numpy().tolist() == [10.0, 20.0, 30.0]
    assert looped.values.numpy().tolist() == [4.0, 8.0, 12.0]


@pytest.mark.parametrize("invariant", [tf.TensorShape([None]), tf.SparseTensorSpec([None, 4])])
def test_loops_whose_sparse_variables_grow(invariant: Any) -> None:
    def loop(s: Any, invariants: Any) -> Any:
        return tf.while_loop(lambda i, q: i < 2, lambda i, q: (i + 1, tf.sparse.concat(0, [q, q])), [0, s],
                             shape_invariants=invariants)[1]
    grown = tf.function(lambda s: loop(s, [tf.TensorShape([]), invariant]))(sparse())
    assert grown.dense_shape.numpy().tolist() == [12, 4]
    assert len(grown.values) == 12
    with pytest.raises(ValueError, match="not compatible"):
        tf.function(lambda s: loop(s, None))(sparse())


def test_gradients() -> None:
    s, x = sparse(), tf.constant([1.0, 2.0, 3.0])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([s, x])
        dense, made = tf.sparse.to_dense(s), s.with_values(x * 2.0)
        total = tf.sparse.reduce_sum(made)
    assert tape.gradient(dense, s.values).numpy().tolist() == [1.0, 1.0, 1.0]
    assert tape.gradient(total, {"x": x})["x"].numpy().tolist() == [2.0, 2.0, 2.0]
    for target, source in ((dense, s), (made, x), (made, [x])):
        with pytest.raises(ValueError, match="Type SparseTensor is not supported as a gradient source or gradient target"):
            tape.gradient(target, source)


def test_gradients_through_functions() -> None:
    f = tf.function(lambda s, w: tf.sparse.sparse_dense_matmul(s, w))
    s, w = sparse(), tf.ones([4, 2])
    for _ in range(2):
        with tf.GradientTape() as tape:
            tape.watch([s.values, w])
            out = f(s, w)
        dv, dw = tape.gradient(out, [s.values, w])
        assert dv.numpy().tolist() == [2.0, 2.0, 2.0]
        assert dw.numpy().tolist() == [[1.0, 1.0], [3.0, 3.0], [2.0, 2.0], [0.0, 0.0]]


def test_symbolic_gradients() -> None:
    with v1.Graph().as_default():
        x = tf.constant([1.0, 2.0])
        s = tf.SparseTensor([[0], [1]], x, [3])
        with pytest.raises(ValueError, match="Type SparseTensor is not supported as a gradient source"):
            v1.gradients(s, x)
        (g,) = v1.gradients(tf.sparse.to_dense(s) * [3.0, 4.0, 5.0], [x])
        with v1.Session() as session:
            assert session.run(g).tolist() == [3.0, 4.0]


def test_sessions_fetch_slices() -> None:
    with v1.Graph().as_default():
        whole = slices()
        part = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))
        with v1.Session() as session:
            got, other = session.run([whole, part])
    assert got.values.tolist() == [[1.0, 2.0]]
    assert (got.indices.tolist(), got.dense_shape.tolist()) == ([1], [3, 2])
    assert other.dense_shape is None


def test_compiled_programs_take_sparse_tensors() -> None:
    f = tf.function(lambda s, w: tf.sparse.sparse_dense_matmul(s, w) + tf.sparse.to_dense(s)[:, :2], jit_compile=False)
    g = tf.function(lambda v, w: tf.sparse.sparse_dense_matmul(tf.SparseTensor([[0, 0], [0, 2], [2, 1]], v, [3, 4]), w),
                    jit_compile=True)
    s, w = sparse(), tf.reshape(tf.range(8.0), [4, 2])
    assert f(s, w).numpy().tolist() == [[9.0, 11.0], [0.0, 0.0], [6.0, 12.0]]
    assert g(s.values, w).numpy().tolist() == [[8.0, 11.0], [0.0, 0.0], [6.0, 9.0]]


@pytest.mark.parametrize("traced", [False, True])
def test_maps_over_sparse_rows(traced: bool) -> None:
    def run(f: Any) -> Any:
        return tf.function(f)() if traced else f()
    s = sparse()
    dense = run(lambda: tf.map_fn(tf.sparse.to_dense, s, fn_output_signature=tf.float32))
    assert dense.numpy().tolist() == tf.sparse.to_dense(s).numpy().tolist()
    doubled = run(lambda: tf.map_fn(lambda r: r * 2.0, s))
    assert doubled.indices.numpy().tolist() == s.indices.numpy().tolist()
    assert doubled.values.numpy().tolist() == [2.0, 4.0, 6.0]
    assert doubled.shape.as_list() == [3, 4]
    made = run(lambda: tf.map_fn(tf.sparse.from_dense, tf.constant([[1.0, 0.0], [0.0, 2.0]]),
                                 fn_output_signature=tf.SparseTensorSpec([2])))
    assert made.indices.numpy().tolist() == [[0, 0], [1, 1]]
    both = run(lambda: tf.map_fn(lambda q: tf.sparse.reduce_sum(q[0]) + q[1], (s, tf.constant([1.0, 2.0, 3.0])),
                                 fn_output_signature=tf.float32))
    assert both.numpy().tolist() == [4.0, 2.0, 6.0]
