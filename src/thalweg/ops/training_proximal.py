"""Optimizer steps that pull small weights to zero: proximal methods (Duchi and Singer 2009), and dual averaging."""
from __future__ import annotations

from typing import Any

from .training_blocks import step


def _shrunk(xp: Any, x: Any, l1: Any) -> Any:
    """`x` moved towards zero by `l1`, and not beyond; with no `l1`, as it is."""
    return xp.where(l1 > 0, xp.sign(x) * xp.maximum(xp.abs(x) - l1, xp.zeros((), x.dtype)), x)


@step("ResourceApplyProximalGradientDescent", "var", "alpha l1 l2 delta")
def proximal_gradient_descent(xp: Any, var: Any, delta: Any, alpha: Any, l1: Any, l2: Any) -> Any:
    return (_shrunk(xp, var - alpha * delta, alpha * l1) / (1 + alpha * l2)).astype(var.dtype)


@step("ResourceApplyProximalAdagrad", "var accum", "lr l1 l2 grad")
def proximal_adagrad(xp: Any, var: Any, accum: Any, grad: Any, lr: Any, l1: Any, l2: Any) -> Any:
    accum = accum + grad * grad
    rate = lr / xp.sqrt(accum)
    return (_shrunk(xp, var - rate * grad, rate * l1) / (1 + rate * l2)).astype(var.dtype), accum


@step("ResourceApplyAdagradDA", "var gradient_accumulator gradient_squared_accumulator",
      "grad lr l1 l2 global_step:int64")
def adagrad_da(xp: Any, var: Any, total: Any, squares: Any, grad: Any, lr: Any, l1: Any, l2: Any, global_step: Any) -> Any:
    """Dual averaging (Duchi et al. 2011): weights follow from the sums of all gradients and of their squares."""
    total, squares = total + grad, squares + grad * grad
    count = xp.asarray(global_step, var.dtype)
    moved = -lr * _shrunk(xp, total, l1 * count)
    return (moved / (l2 * count * lr + xp.sqrt(squares))).astype(var.dtype), total, squares
