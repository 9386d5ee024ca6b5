"""Linear operators as objects: hints, errors, variables, functions, batches; values are compared in the generated tests."""
from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import v1 as tf1

linalg = tf.linalg


def matrix(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("make, words", [
    (lambda: linalg.LinearOperatorFullMatrix(matrix(3)), "at least 2 dimensions"),
    (lambda: linalg.LinearOperatorFullMatrix(matrix(3, 3), is_positive_definite=True, is_non_singular=False),
     "A positive definite matrix is always non-singular"),
    (lambda: linalg.LinearOperatorFullMatrix(matrix(3, 3), is_non_singular=True, is_square=False),
     "A non-singular matrix is always square"),
    (lambda: linalg.LinearOperatorFullMatrix(matrix(3, 3), is_square=False).is_square, "but the operator was square"),
    (lambda: linalg.LinearOperatorDiag(matrix(3), is_self_adjoint=False), "always self adjoint"),
    (lambda: linalg.LinearOperatorDiag(1.0), "at least 1 dimension"),
    (lambda: linalg.LinearOperatorIdentity(-1), "must be non-negative"),
    (lambda: linalg.LinearOperatorIdentity([3]), "must be a 0-D Tensor"),
    (lambda: linalg.LinearOperatorIdentity(3, batch_shape=3), "must be a 1-D Tensor"),
    (lambda: linalg.LinearOperatorIdentity(3, is_square=False), "always square"),
    (lambda: linalg.LinearOperatorZeros(3, 4), r"num_rows\(3\) != num_columns\(4\)"),
    (lambda: linalg.LinearOperatorZeros(3, is_non_singular=True), "always singular"),
    (lambda: linalg.LinearOperatorLowerTriangular(matrix(3, 3), is_square=False), "Only square lower triangular"),
    (lambda: linalg.LinearOperatorHouseholder(matrix(3), is_positive_definite=True), "non-positive definite"),
    (lambda: linalg.LinearOperatorPermutation([0, 2, 2]), "unique integers from 0 to 2"),
    (lambda: linalg.LinearOperatorToeplitz(matrix(3), matrix(4)), "mismatched dimensions"),
    (lambda: linalg.LinearOperatorTridiag(matrix(3, 3), "other"), "compact, matrix, or sequence"),
    (lambda: linalg.LinearOperatorCirculant2D(matrix(3)), "at least 2 dimensions"),
    (lambda: linalg.LinearOperatorComposition([]), "non-empty list of operators"),
    (lambda: linalg.LinearOperatorComposition([linalg.LinearOperatorFullMatrix(matrix(3, 4)),
                                               linalg.LinearOperatorFullMatrix(matrix(3, 3))]).shape, "not compatible"),
    (lambda: linalg.LinearOperatorBlockLowerTriangular([[linalg.LinearOperatorIdentity(2)]] * 2), "must contain `2` blocks"),
    (lambda: linalg.LinearOperatorLowRankUpdate(linalg.LinearOperatorIdentity(3), matrix(4, 2)), "not compatible"),
    (lambda: linalg.LinearOperatorInversion(linalg.LinearOperatorZeros(3)), "is_non_singular"),
    (lambda: linalg.LinearOperatorFullMatrix(matrix(3, 4)).inverse(), "non square matrix"),
    (lambda: linalg.LinearOperatorFullMatrix(matrix(3, 3)).cholesky(), "Not a positive definite self adjoint"),
    (lambda: linalg.LinearOperatorDiag(matrix(3)).matmul(matrix(4, 2)), "not compatible"),
    (lambda: linalg.LinearOperatorDiag(matrix(3)).matmul(linalg.LinearOperatorDiag(matrix(4))), "Operators are incompatible"),
    (lambda: linalg.logdet(linalg.LinearOperatorDiag(matrix(3))), "self-adjoint positive definite"),
    (lambda: linalg.solve(matrix(3, 3), linalg.LinearOperatorDiag(matrix(3))), "is not supported"),
])
def test_value_errors(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize("call, kind, words", [
    (lambda: linalg.LinearOperatorFullMatrix([[1, 2]]), TypeError, "must have dtype in"),
    (lambda: linalg.LinearOperatorIdentity(3.0), TypeError, "must be integer type"),
    (lambda: linalg.LinearOperatorPermutation([0.0, 1.0]), TypeError, "must be integer dtype"),
    (lambda: linalg.LinearOperatorDiag(matrix(3)).matvec(np.ones(3)), TypeError, "Expected argument to have dtype"),
    (lambda: linalg.LinearOperatorKronecker([linalg.LinearOperatorIdentity(2),
                                             linalg.LinearOperatorIdentity(2, dtype=tf.float64)]), TypeError, "same dtype"),
    (lambda: linalg.LinearOperator(tf.float32), TypeError, "abstract"),
    (lambda: linalg.LinearOperatorFullMatrix(matrix(3, 4)).determinant(), NotImplementedError, "not be square"),
    (lambda: linalg.LinearOperatorZeros(3).solve(matrix(3, 1)), NotImplementedError, "expected to be singular"),
    (lambda: linalg.LinearOperatorFullMatrix(matrix(3, 3)).eigvals(), NotImplementedError, "Only self-adjoint"),
    (lambda: linalg.LinearOperatorDiag([1.0, 0.0]).assert_non_singular(), tf.errors.InvalidArgumentError,
     "Singular operator:  Diagonal contained zero values"),
    (lambda: linalg.LinearOperatorDiag([1.0, -1.0]).assert_positive_definite(), tf.errors.InvalidArgumentError,
     "was not positive definite"),
    (lambda: linalg.LinearOperatorFullMatrix(matrix(3, 3)).assert_self_adjoint(), tf.errors.InvalidArgumentError,
     "Matrix was not equal to its adjoint"),
    (lambda: linalg.LinearOperatorHouseholder(matrix(3)).assert_positive_definite(), tf.errors.InvalidArgumentError,
     "non-positive definite"),
    (lambda: linalg.LinearOperatorTridiag(np.ones((2, 3, 4), np.float32)).matmul(np.ones((4, 1), np.float32)),
     tf.errors.InvalidArgumentError, "must have the same rank"),
])
def test_other_errors(call, kind, words):
    with pytest.raises(kind, match=words):
        call()


def test_checks_pass_silently():
    operator = linalg.LinearOperatorFullMatrix([[2.0, 1.0], [1.0, 2.0]], is_self_adjoint=True)
    assert operator.assert_self_adjoint() is None
    assert operator.assert_positive_definite() is None
    assert linalg.LinearOperatorLowerTriangular([[1.0, 0.0], [3.0, 2.0]]).assert_non_singular() is None


def test_products_keep_their_structure():
    diag, scaled = linalg.LinearOperatorDiag([1.0, 2.0, 3.0]), linalg.LinearOperatorScaledIdentity(3, 2.0)
    tril, full = linalg.LinearOperatorLowerTriangular(np.eye(3, dtype=np.float32)), \
        linalg.LinearOperatorFullMatrix(matrix(3, 3))
    identity, zeros = linalg.LinearOperatorIdentity(3), linalg.LinearOperatorZeros(3)
    names = [type(a.matmul(b)).__name__.removeprefix("LinearOperator") for a, b in (
        (diag, diag), (diag, scaled), (scaled, diag), (scaled, scaled), (diag, tril), (tril, diag), (full, identity),
        (identity, full), (full, zeros), (zeros, full), (full, diag))]
    assert names == ["Diag", "Diag", "Diag", "ScaledIdentity", "LowerTriangular", "LowerTriangular", "FullMatrix",
                     "FullMatrix", "Zeros", "Zeros", "Composition"]
    assert type(diag.inverse()).__name__ == "LinearOperatorDiag"
    assert full.adjoint().adjoint() is full
    assert full.inverse().inverse() is full
    assert (diag @ diag).is_self_adjoint


def test_a_variable_is_followed_and_found():
    variable = tf.Variable([1.0, 2.0])
    operator = linalg.LinearOperatorDiag(variable)
    whole = linalg.LinearOperatorComposition([operator, linalg.LinearOperatorIdentity(2)])
    assert whole.trainable_variables == (variable,)
    assert isinstance(operator, tf.Module)
    before = operator.matvec([1.0, 1.0]).numpy()
    variable.assign([3.0, 4.0])
    np.testing.assert_array_equal([before, operator.matvec([1.0, 1.0])], [[1, 2], [3, 4]])
    with tf.GradientTape() as tape:
        loss = operator.log_abs_determinant()
    np.testing.assert_allclose(tape.gradient(loss, variable), [1 / 3, 1 / 4])


def test_operators_are_arguments_and_results_of_functions():
    traces = []

    @tf.function
    def product(operator, x):
        traces.append(1)
        return operator.matmul(x), operator.inverse()
    for seed in range(3):
        tril = np.tril(matrix(3, 3, seed=seed)) + 3 * np.eye(3, dtype=np.float32)
        operator = linalg.LinearOperatorLowerTriangular(tril, is_non_singular=True)
        y, inverse = product(operator, matrix(3, 2))
        np.testing.assert_allclose(y, tril @ matrix(3, 2), rtol=1e-5)
        np.testing.assert_allclose(inverse.to_dense(), np.linalg.inv(tril), atol=1e-5)
        assert inverse.is_non_singular
    assert len(traces) == 1


def test_nest_takes_operators_apart():
    operator = linalg.LinearOperatorBlockDiag([linalg.LinearOperatorDiag([1.0, 2.0]), linalg.LinearOperatorIdentity(2)])
    leaves = tf.nest.flatten(operator, expand_composites=True)
    np.testing.assert_array_equal(leaves, [[1.0, 2.0]])
    doubled = tf.nest.map_structure(lambda t: 2 * t, operator, expand_composites=True)
    np.testing.assert_array_equal(doubled.diag_part(), [2, 4, 1, 1])
    other = linalg.LinearOperatorBlockDiag([linalg.LinearOperatorDiag([5.0, 2.0]), linalg.LinearOperatorIdentity(2)])
    assert tf.type_spec_from_value(operator) == tf.type_spec_from_value(other)
    assert tf.type_spec_from_value(operator) != tf.type_spec_from_value(linalg.LinearOperatorDiag([1.0]))


def test_the_gradient_for_an_operator_is_an_operator():
    diag, scaled = linalg.LinearOperatorDiag([1.0, 2.0]), linalg.LinearOperatorScaledIdentity(2, 3.0)
    whole = linalg.LinearOperatorComposition([diag, scaled])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(whole)
        loss = whole.log_abs_determinant()
    np.testing.assert_allclose(tape.gradient(loss, diag).diag, [1, 1 / 2])
    gradient = tape.gradient(loss, whole)
    assert isinstance(gradient, linalg.LinearOperatorComposition)
    np.testing.assert_allclose(gradient.operators[1].multiplier, 2 / 3, rtol=1e-6)
    assert tape.gradient(loss, linalg.LinearOperatorDiag([1.0])) is None


def test_a_part_of_a_batch():
    operator = linalg.LinearOperatorKronecker([
        linalg.LinearOperatorFullMatrix(matrix(4, 1, 2, 2)), linalg.LinearOperatorIdentity(2, [3]),
        linalg.LinearOperatorScaledIdentity(2, [1.0, 2.0, 3.0])])
    assert operator.batch_shape == [4, 3]
    dense = operator.to_dense().numpy()
    np.testing.assert_array_equal(operator[1].to_dense(), dense[1])
    np.testing.assert_array_equal(operator[..., 1:].to_dense(), dense[:, 1:])
    np.testing.assert_array_equal(operator[1:3, tf.newaxis, 2].to_dense(), dense[1:3, None, 2])


def test_shapes_known_in_part():
    @tf.function(input_signature=[tf.TensorSpec([None, None, 3, 3]), tf.TensorSpec([None, None])])
    def f(a, d):
        full, diag = linalg.LinearOperatorFullMatrix(a), linalg.LinearOperatorDiag(d)
        identity = linalg.LinearOperatorIdentity(tf.shape(d)[-1], batch_shape=tf.shape(d)[:-1])
        whole = linalg.LinearOperatorBlockDiag([full, diag])
        assert whole.shape.as_list() == [None, None, None, None]
        scaled = linalg.LinearOperatorScaledIdentity(tf.shape(d)[-1], d[:, 0])
        kronecker = linalg.LinearOperatorKronecker([full, diag])
        update = linalg.LinearOperatorLowRankUpdate(diag, d[..., None])
        circulant = linalg.LinearOperatorCirculant(tf.cast(d, tf.complex64))
        return [op.to_dense() for op in (whole, identity, scaled, kronecker, update, linalg.LinearOperatorToeplitz(d, d),
                                         circulant, linalg.LinearOperatorZeros(tf.shape(d)[0]))] + [whole.shape_tensor()]
    a, d = matrix(2, 1, 3, 3), matrix(4, 2, seed=1)
    for got, expected in zip(f(a, d), _expected(a, d)):
        np.testing.assert_allclose(got, expected, atol=1e-5)


def _expected(a, d):
    batch = np.broadcast_to(a, (2, 4, 3, 3))
    diag = np.stack([np.diag(row) for row in d])
    whole = np.zeros((2, 4, 5, 5), np.float32)
    whole[..., :3, :3], whole[..., 3:, 3:] = batch, diag
    kernel = np.fft.ifft(d, axis=-1)
    return [whole, np.broadcast_to(np.eye(2), (4, 2, 2)), np.eye(2) * d[:, :1, None],
            np.stack([[np.kron(batch[i, j], diag[j]) for j in range(4)] for i in range(2)]),
            diag + d[..., None] * d[..., None, :], np.stack([[[r[0], r[1]], [r[1], r[0]]] for r in d]),
            np.stack([[[k[0], k[1]], [k[1], k[0]]] for k in kernel]), np.zeros((4, 4)), [2, 4, 5, 5]]


def test_a_class_of_ones_own():
    class Doubling(linalg.LinearOperator):
        def __init__(self, size):
            super().__init__(tf.float32, parameters={"size": size}, is_square=True, is_self_adjoint=True)
            self.size = size

        def _shape(self):
            return tf.TensorShape([self.size, self.size])

        def _shape_tensor(self):
            return tf.constant([self.size, self.size])

        def _matmul(self, x, adjoint=False, adjoint_arg=False):
            return 2 * (tf.linalg.adjoint(x) if adjoint_arg else x)
    operator = Doubling(3)
    np.testing.assert_array_equal(operator.to_dense(), 2 * np.eye(3))
    np.testing.assert_allclose(operator.determinant(), 8.0, rtol=1e-6)
    np.testing.assert_allclose(operator.solvevec([2.0, 4.0, 6.0]), [1, 2, 3])
    np.testing.assert_allclose(operator.eigvals(), [2, 2, 2])
    np.testing.assert_allclose(tf.function(lambda op: op.trace())(operator), 6.0)


def test_compiled():
    @tf.function(jit_compile=True)
    def f(d, u, x):
        operator = linalg.LinearOperatorLowRankUpdate(linalg.LinearOperatorDiag(d, is_positive_definite=True), u)
        return operator.solvevec(x), operator.log_abs_determinant()
    d, u, x = np.abs(matrix(4)) + 1, matrix(4, 2, seed=1), matrix(4, seed=2)
    solution, logarithm = f(d, u, x)
    dense = np.diag(d) + u @ u.T
    np.testing.assert_allclose(solution, np.linalg.solve(dense, x), rtol=1e-4)
    np.testing.assert_allclose(logarithm, np.linalg.slogdet(dense)[1], rtol=1e-5)


def test_conjugate_gradients():
    a = matrix(5, 5)
    dense = a @ a.T + 5 * np.eye(5, dtype=np.float32)
    operator = linalg.LinearOperatorFullMatrix(dense, is_self_adjoint=True, is_positive_definite=True)
    state = tf.function(lambda b: linalg.experimental.conjugate_gradient(operator, b))(matrix(5, seed=1))
    np.testing.assert_allclose(state.x, np.linalg.solve(dense, matrix(5, seed=1)), rtol=1e-3, atol=1e-5)
    assert 0 < int(state.i) <= 6
    with pytest.raises(ValueError, match="Expected a self-adjoint, positive definite operator"):
        linalg.experimental.conjugate_gradient(linalg.LinearOperatorFullMatrix(dense), matrix(5))


def test_in_a_session():
    with tf1.Graph().as_default(), tf1.Session() as session:
        x = tf1.placeholder(tf1.float32, [None, 3])
        operator = tf1.linalg.LinearOperatorDiag(x)
        dense, checked = operator.to_dense(), operator.assert_positive_definite()
        np.testing.assert_array_equal(session.run(dense, {x: [[1.0, 2.0, 3.0]]}), [np.diag([1.0, 2.0, 3.0])])
        with pytest.raises(tf.errors.InvalidArgumentError, match="not positive definite"):
            session.run(checked, {x: [[1.0, -2.0, 3.0]]})
