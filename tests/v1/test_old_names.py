"""Old names of numeric functions: they build in the default graph and give what their successors give."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import v1 as tf1

X = np.array([[4.0, 1.0], [2.0, 3.0]], np.float32)
V = np.array([1.0, 2.0, 3.0], np.float32)
IDS = np.array([0, 0, 2], np.int32)


@pytest.mark.parametrize("call, expected", [
    (lambda x: tf1.cross(x, x[::-1]), np.cross(V, V[::-1])),
    (lambda x: tf1.div_no_nan(x, x - 1.0), [0.0, 2.0, 1.5]),
    (lambda x: tf1.floor_div(x, 2.0), [0, 1, 1]),
    (lambda x: tf1.lbeta(x), -4.0943446),
    (lambda x: tf1.lin_space(0.0, 1.0, 3) + x, [1.0, 2.5, 4.0]),
    (lambda x: tf1.reverse_v2(x, [0]), [3, 2, 1]),
    (lambda x: tf1.where_v2(x > 1.0, x, 0.0), [0, 2, 3]),
    (lambda x: tf1.unsorted_segment_max(x, IDS, 3)[::2], [2, 3]),
    (lambda x: tf1.unsorted_segment_mean(x, IDS, 3), [1.5, 0, 3]),
    (lambda x: tf1.unsorted_segment_prod(x, IDS, 3), [2, 1, 3]),
    (lambda x: tf1.unsorted_segment_sqrt_n(x, IDS, 3), [3 / np.sqrt(2), 0, 3]),
    (lambda x: tf1.sparse_segment_sum(x, [0, 2], [0, 0]), [4]),
    (lambda x: tf1.sparse_segment_mean(x, [0, 2], [0, 0], name="mean", num_segments=2), [2, 0]),
    (lambda x: tf1.sparse_segment_sqrt_n(x, [0, 2], [0, 0]), [4 / np.sqrt(2)]),
    (lambda x: tf1.tensor_scatter_add(x, [[0]], [5.0]), [6, 2, 3]),
    (lambda x: tf1.tensor_scatter_sub(x, [[0]], [5.0]), [-4, 2, 3]),
    (lambda x: tf1.tensor_scatter_update(x, [[1]], [5.0]), [1, 5, 3]),
    (lambda x: tf1.matrix_solve_ls(X + 0 * x[0], [[1.0], [2.0]]), np.linalg.solve(X, [[1.0], [2.0]])),
    (lambda x: tf1.cholesky_solve(tf1.cholesky(X @ X.T + 0 * x[0]), [[1.0], [2.0]]), np.linalg.solve(X @ X.T, [[1.0], [2.0]])),
    (lambda x: tf1.self_adjoint_eigvals(X + X.T + 0 * x[0]), np.linalg.eigvalsh(X + X.T)),
    (lambda x: tf1.linalg.transpose(X + 0 * x[0]), X.T),
    (lambda x: tf1.nn.xw_plus_b(X + 0 * x[0], X, [1.0, -20.0]), X @ X + [1, -20]),
    (lambda x: tf1.nn.relu_layer(X + 0 * x[0], X, [1.0, -20.0]), np.maximum(X @ X + [1, -20], 0)),
    (lambda x: tf1.manip.roll(x, 1, 0), [3, 1, 2]),
    (lambda x: tf1.batch_to_space_nd(tf1.reshape(tf1.concat([x, x[:1]], 0), [4, 1, 1, 1]), [2, 2], [[0, 0], [0, 0]])[0, ..., 0],
     [[1, 2], [3, 1]]),
    (lambda x: tf1.spectral.dct(x), [12.0, -3.4641018, 0.0]),
    (lambda x: tf1.fake_quant_with_min_max_vars(x, 0.0, 2.0, num_bits=2), [4 / 3, 2, 2]),
])
def test_value_in_a_session(call, expected):
    with tf1.Graph().as_default(), tf1.Session() as session:
        x = tf1.placeholder(tf1.float32, [None])
        np.testing.assert_allclose(session.run(call(x), {x: V}), expected, rtol=1e-3, atol=1e-5)


def test_pooling_by_its_second_name():
    x = np.arange(16.0, dtype=np.float32).reshape(1, 4, 4, 1)
    with tf1.Graph().as_default(), tf1.Session() as session:
        largest, mean = session.run([tf1.nn.max_pool_v2(x, 2, 2, "VALID"), tf1.nn.avg_pool_v2(x, 2, 2, "VALID")])
    np.testing.assert_array_equal(largest, tf.nn.max_pool(x, 2, 2, "VALID"))
    np.testing.assert_array_equal(mean, tf.nn.avg_pool(x, 2, 2, "VALID"))
