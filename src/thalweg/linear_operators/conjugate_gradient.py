"""Solving systems of a positive definite operator by products alone."""
from __future__ import annotations

from collections import namedtuple
from typing import Any

import thalweg as tf

from . import tools

CGState = namedtuple("CGState", ["i", "x", "r", "p", "gamma"])
"""Steps taken, solution, what is left over, direction of search, and the product of what is left over with itself."""


def conjugate_gradient(operator: Any, rhs: Any, preconditioner: Any = None, x: Any = None, tol: float = 1e-5,
                       max_iter: int = 20, name: str = "conjugate_gradient") -> Any:
    """The method of conjugate gradients (Hestenes and Stiefel, 1952) for `operator x = rhs`.

    Args:
      operator: self-adjoint and positive definite, as its hints say.
      rhs: shape `[..., n]`.
      preconditioner: an operator near the inverse, as well self-adjoint and positive definite.
      x: where to begin; zeros by default.
      tol: stop when what is left over is smaller than the right hand side by this factor.
      max_iter: stop after so many steps.
      name: of the nodes.

    Returns:
      A named tuple `(i, x, r, p, gamma)`: steps taken, the solution, `rhs - operator x`, the last direction, and the
      inner product of what is left over with itself, preconditioned.

    Raises:
      ValueError: the hints do not say that the operator is self-adjoint and positive definite.
    """
    if not (operator.is_self_adjoint and operator.is_positive_definite):
        raise ValueError("Expected a self-adjoint, positive definite operator.")

    def inner(a: Any, b: Any) -> Any:
        return tf.reduce_sum(tf.math.conj(a) * b, -1)

    def conditioned(r: Any) -> Any:
        return r if preconditioner is None else preconditioner.matvec(r)

    with tf.name_scope(name):
        rhs = tf.convert_to_tensor(rhs)
        shape = tools.shape_of(rhs)
        batches = [shape[:-1], operator._batch(), *([] if preconditioner is None else [preconditioner._batch()])]
        rhs = tf.broadcast_to(rhs, tools.joined(tools.broadcast_shapes(batches), shape[-1:]))
        least = tol * tf.norm(rhs, axis=-1)
        r0 = rhs if x is None else rhs - operator.matvec(x)
        x0 = tf.zeros_like(rhs) if x is None else tf.convert_to_tensor(x)
        p0 = conditioned(r0)
        state = CGState(tf.constant(0), x0, r0, p0, inner(r0, p0))

        def goes_on(state: Any) -> Any:
            return (state.i < max_iter) & tf.reduce_any(tf.norm(state.r, axis=-1) > least)

        def step(state: Any) -> Any:
            z = operator.matvec(state.p)
            alpha = (state.gamma / inner(state.p, z))[..., None]
            r = state.r - alpha * z
            q = conditioned(r)
            gamma = inner(r, q)
            beta = (gamma / state.gamma)[..., None]
            return [CGState(state.i + 1, state.x + alpha * state.p, r, q + beta * state.p, gamma)]
        return tf.while_loop(goes_on, step, [state])[0]
