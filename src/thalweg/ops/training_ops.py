"""Fused optimizer steps over variables: TensorFlow's ResourceApply* ops.

Each entry's kernel is the formula on whole arrays. Its in-place form runs the same formula block by block, so that
what is computed on the way stays in the processor's cache, and writes into the variables.
"""
from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.opdef import OpDef
from ..core.variable import update
from .training_blocks import block_step, number, step

# The steps.


@step("ResourceApplyGradientDescent", "var", "alpha delta")
def gradient_descent(xp: Any, var: Any, delta: Any, alpha: Any) -> Any:
    return var - alpha * delta


@block_step("ResourceApplyGradientDescent")
def _(t: Any, _u: Any, var: Any, delta: Any, alpha: Any) -> None:
    np.multiply(delta, alpha, out=t)
    np.subtract(var, t, out=var)


@step("ResourceApplyMomentum", "var accum", "lr grad momentum", "use_nesterov: bool = false")
def momentum_step(xp: Any, var: Any, accum: Any, grad: Any, lr: Any, momentum: Any, use_nesterov: bool = False) -> Any:
    accum = accum * momentum + grad
    step = grad + accum * momentum if use_nesterov else accum
    return var - step * lr, accum


@block_step("ResourceApplyMomentum")
def _(t: Any, _u: Any, var: Any, accum: Any, grad: Any, lr: Any, momentum: Any, use_nesterov: bool = False) -> None:
    np.multiply(accum, momentum, out=accum)
    np.add(accum, grad, out=accum)
    if use_nesterov:
        np.multiply(accum, momentum, out=t)
        np.add(t, grad, out=t)
        np.multiply(t, lr, out=t)
    else:
        np.multiply(accum, lr, out=t)
    np.subtract(var, t, out=var)


@step("ResourceApplyKerasMomentum", "var accum", "lr grad momentum", "use_nesterov: bool = false")
def keras_momentum_step(xp: Any, var: Any, accum: Any, grad: Any, lr: Any, momentum: Any,
                        use_nesterov: bool = False) -> Any:
    step = grad * lr
    accum = accum * momentum - step
    return (var + (accum * momentum - step) if use_nesterov else var + accum), accum


@block_step("ResourceApplyKerasMomentum")
def _(t: Any, u: Any, var: Any, accum: Any, grad: Any, lr: Any, momentum: Any, use_nesterov: bool = False) -> None:
    np.multiply(grad, lr, out=t)
    np.multiply(accum, momentum, out=accum)
    np.subtract(accum, t, out=accum)
    if use_nesterov:
        np.multiply(accum, momentum, out=u)
        np.subtract(u, t, out=u)
        np.add(var, u, out=var)
    else:
        np.add(var, accum, out=var)


@step("ResourceApplyAdagrad", "var accum", "lr grad", "update_slots: bool = true")
def adagrad_step(xp: Any, var: Any, accum: Any, grad: Any, lr: Any, update_slots: bool = True) -> Any:
    if update_slots:
        accum = accum + grad * grad
    return var - lr * grad / xp.sqrt(accum), accum


@step("ResourceApplyAdagradV2", "var accum", "lr epsilon grad", "update_slots: bool = true")
def adagrad_v2_step(xp: Any, var: Any, accum: Any, grad: Any, lr: Any, epsilon: Any, update_slots: bool = True) -> Any:
    if update_slots:
        accum = accum + grad * grad
    return var - lr * grad / (xp.sqrt(accum) + epsilon), accum


@block_step("ResourceApplyAdagradV2")
def _(t: Any, u: Any, var: Any, accum: Any, grad: Any, lr: Any, epsilon: Any, update_slots: bool = True) -> None:
    if update_slots:
        np.multiply(grad, grad, out=t)
        np.add(accum, t, out=accum)
    np.sqrt(accum, out=t)
    np.add(t, epsilon, out=t)
    np.multiply(grad, lr, out=u)
    np.divide(u, t, out=u)
    np.subtract(var, u, out=var)


@step("ResourceApplyRMSProp", "var ms mom", "lr rho momentum epsilon grad")
def rms_prop_step(xp: Any, var: Any, ms: Any, mom: Any, grad: Any, lr: Any, rho: Any, momentum: Any,
                  epsilon: Any) -> Any:
    ms = ms + (grad * grad - ms) * (1 - rho)
    mom = mom * momentum + grad * lr / xp.sqrt(ms + epsilon)
    return var - mom, ms, mom


@block_step("ResourceApplyRMSProp")
def _(t: Any, u: Any, var: Any, ms: Any, mom: Any, grad: Any, lr: Any, rho: Any, momentum: Any, epsilon: Any) -> None:
    np.multiply(grad, grad, out=t)
    np.subtract(t, ms, out=t)
    np.multiply(t, 1 - rho, out=t)
    np.add(ms, t, out=ms)
    np.add(ms, epsilon, out=t)
    np.sqrt(t, out=t)
    np.multiply(grad, lr, out=u)
    np.divide(u, t, out=u)
    np.multiply(mom, momentum, out=mom)
    np.add(mom, u, out=mom)
    np.subtract(var, mom, out=var)


@step("ResourceApplyCenteredRMSProp", "var mg ms mom", "lr rho momentum epsilon grad")
def centered_rms_prop_step(xp: Any, var: Any, mg: Any, ms: Any, mom: Any, grad: Any, lr: Any, rho: Any, momentum: Any,
                           epsilon: Any) -> Any:
    ms = ms + (grad * grad - ms) * (1 - rho)
    mg = mg + (grad - mg) * (1 - rho)
    mom = mom * momentum + grad * lr / xp.sqrt(ms - mg * mg + epsilon)
    return var - mom, mg, ms, mom


@step("ResourceApplyAdam", "var m v", "beta1_power beta2_power lr beta1 beta2 epsilon grad",
        "use_nesterov: bool = false")
def adam_step(xp: Any, var: Any, m: Any, v: Any, grad: Any, beta1_power: Any, beta2_power: Any, lr: Any, beta1: Any,
              beta2: Any, epsilon: Any, use_nesterov: bool = False) -> Any:
    alpha = lr * xp.sqrt(1 - beta2_power) / (1 - beta1_power)
    if xp is np:
        alpha = number(alpha, var.dtype)
    m = m + (grad - m) * (1 - beta1)
    v = v + (grad * grad - v) * (1 - beta2)
    step = grad * (1 - beta1) + m * beta1 if use_nesterov else m
    return var - step * alpha / (xp.sqrt(v) + epsilon), m, v


@block_step("ResourceApplyAdam")
def _(t: Any, u: Any, var: Any, m: Any, v: Any, grad: Any, beta1_power: float, beta2_power: float, lr: float,
      beta1: float, beta2: float, epsilon: float, use_nesterov: bool = False) -> None:
    alpha = lr * sqrt(1 - beta2_power) / (1 - beta1_power)
    np.subtract(grad, m, out=t)
    np.multiply(t, 1 - beta1, out=t)
    np.add(m, t, out=m)
    np.multiply(grad, grad, out=t)
    np.subtract(t, v, out=t)
    np.multiply(t, 1 - beta2, out=t)
    np.add(v, t, out=v)
    np.sqrt(v, out=t)
    np.add(t, epsilon, out=t)
    if use_nesterov:
        np.multiply(m, beta1, out=u)
        np.divide(u, t, out=u)
        np.multiply(u, alpha, out=u)
        np.subtract(var, u, out=var)
        np.divide(grad, t, out=t)
        np.multiply(t, (1 - beta1) * alpha, out=t)
    else:
        np.divide(m, t, out=t)
        np.multiply(t, alpha, out=t)
    np.subtract(var, t, out=var)


@step("ResourceApplyAdamWithAmsgrad", "var m v vhat", "beta1_power beta2_power lr beta1 beta2 epsilon grad")
def adam_amsgrad_step(xp: Any, var: Any, m: Any, v: Any, vhat: Any, grad: Any, beta1_power: Any, beta2_power: Any,
                      lr: Any, beta1: Any, beta2: Any, epsilon: Any) -> Any:
    alpha = lr * xp.sqrt(1 - beta2_power) / (1 - beta1_power)
    if xp is np:
        alpha = number(alpha, var.dtype)
    m = m + (grad - m) * (1 - beta1)
    v = v + (grad * grad - v) * (1 - beta2)
    vhat = xp.where(vhat < v, v, vhat)  # NaN is not larger
    return var - m * alpha / (xp.sqrt(vhat) + epsilon), m, v, vhat


@step("ResourceApplyAdadelta", "var accum accum_update", "lr rho epsilon grad")
def adadelta_step(xp: Any, var: Any, accum: Any, accum_update: Any, grad: Any, lr: Any, rho: Any, epsilon: Any) -> Any:
    accum = accum * rho + grad * grad * (1 - rho)
    step = xp.sqrt(accum_update + epsilon) / xp.sqrt(accum + epsilon) * grad
    return var - step * lr, accum, accum_update * rho + step * step * (1 - rho)


@step("ResourceApplyAdaMax", "var m v", "beta1_power lr beta1 beta2 epsilon grad")
def ada_max_step(xp: Any, var: Any, m: Any, v: Any, grad: Any, beta1_power: Any, lr: Any, beta1: Any, beta2: Any,
                 epsilon: Any) -> Any:
    m = m + (grad - m) * (1 - beta1)
    v, size = v * beta2, xp.abs(grad)
    v = xp.where(v < size, size, v)  # NaN is not larger
    return var - lr / (1 - beta1_power) * (m / (v + epsilon)), m, v


def _signed_step(xp: Any, var: Any, m: Any, grad: Any, beta: Any, scale: Any) -> Any:
    """The new values of `var` and of the mean `m`; `scale` says how far to go where their signs agree or differ."""
    m = m * beta + grad * (1 - beta)
    return var - scale(xp.sign(grad) * xp.sign(m)) * grad, m


@step("ResourceApplyAddSign", "var m", "lr alpha sign_decay beta grad")
def add_sign_step(xp: Any, var: Any, m: Any, grad: Any, lr: Any, alpha: Any, sign_decay: Any, beta: Any) -> Any:
    return _signed_step(xp, var, m, grad, beta, lambda sign: lr * (alpha + sign_decay * sign))


@step("ResourceApplyPowerSign", "var m", "lr logbase sign_decay beta grad")
def power_sign_step(xp: Any, var: Any, m: Any, grad: Any, lr: Any, logbase: Any, sign_decay: Any, beta: Any) -> Any:
    return _signed_step(xp, var, m, grad, beta, lambda sign: lr * xp.exp(logbase * sign_decay * sign))


def _ftrl(xp: Any, var: Any, accum: Any, linear: Any, grad: Any, shrunk: Any, lr: Any, l1: Any, l2: Any, lr_power: Any,
          multiply_linear_by_lr: bool) -> Any:
    new = accum + grad * grad
    half = xp is np and lr_power == -0.5

    def root(a: Any) -> Any:
        return xp.sqrt(a) if half else a ** -lr_power
    rate = lr if multiply_linear_by_lr else 1
    scale = 1 if multiply_linear_by_lr else lr
    linear = linear + shrunk * rate - (root(new) - root(accum)) / scale * var
    pull = xp.clip(linear, -l1 * rate, l1 * rate) - linear
    solved = pull / (root(new) / scale + 2 * l2 * rate)
    return xp.where(xp.abs(linear) > l1 * rate, solved, xp.zeros_like(var)), new, linear


@step("ResourceApplyFtrl", "var accum linear", "grad lr l1 l2 lr_power", "multiply_linear_by_lr: bool = false")
def ftrl_step(xp: Any, var: Any, accum: Any, linear: Any, grad: Any, lr: Any, l1: Any, l2: Any, lr_power: Any,
              multiply_linear_by_lr: bool = False) -> Any:
    return _ftrl(xp, var, accum, linear, grad, grad, lr, l1, l2, lr_power, multiply_linear_by_lr)


@step("ResourceApplyFtrlV2", "var accum linear", "grad lr l1 l2 l2_shrinkage lr_power",
        "multiply_linear_by_lr: bool = false")
def ftrl_v2_step(xp: Any, var: Any, accum: Any, linear: Any, grad: Any, lr: Any, l1: Any, l2: Any, l2_shrinkage: Any,
                 lr_power: Any, multiply_linear_by_lr: bool = False) -> Any:
    shrunk = grad + 2 * l2_shrinkage * var
    return _ftrl(xp, var, accum, linear, grad, shrunk, lr, l1, l2, lr_power, multiply_linear_by_lr)


# The public functions: variables first, then the other inputs in the order of the op.


def _apply(entry: OpDef, variables: tuple[Any, ...], inputs: tuple[Any, ...], attrs: dict[str, Any],
           name: str | None) -> Any:
    """Runs a step; numbers stay Python numbers outside a graph."""
    dtype = variables[0].dtype
    values = tuple([x if type(x) is float and ctx.graph is None else convert_to_tensor(x, dtype) for x in inputs])
    return update(entry, variables, values, attrs, name)


def apply_gradient_descent(var: Any, alpha: Any, delta: Any, name: str | None = None) -> Any:
    """`var -= alpha * delta`."""
    return _apply(gradient_descent, (var,), (alpha, delta), {}, name)


def apply_momentum(var: Any, accum: Any, lr: Any, grad: Any, momentum: Any, use_nesterov: bool = False,
                   name: str | None = None) -> Any:
    """`accum = accum * momentum + grad; var -= lr * accum`."""
    return _apply(momentum_step, (var, accum), (lr, grad, momentum), {"use_nesterov": use_nesterov}, name)


def apply_keras_momentum(var: Any, accum: Any, lr: Any, grad: Any, momentum: Any, use_nesterov: bool = False,
                         name: str | None = None) -> Any:
    """`accum = accum * momentum - lr * grad; var += accum`."""
    return _apply(keras_momentum_step, (var, accum), (lr, grad, momentum), {"use_nesterov": use_nesterov}, name)


def apply_adagrad(var: Any, accum: Any, lr: Any, grad: Any, update_slots: bool = True, name: str | None = None) -> Any:
    """`accum += grad²; var -= lr * grad / √accum`."""
    return _apply(adagrad_step, (var, accum), (lr, grad), {"update_slots": update_slots}, name)


def apply_adagrad_v2(var: Any, accum: Any, lr: Any, epsilon: Any, grad: Any, update_slots: bool = True,
                     name: str | None = None) -> Any:
    """`accum += grad²; var -= lr * grad / (√accum + epsilon)`."""
    return _apply(adagrad_v2_step, (var, accum), (lr, epsilon, grad), {"update_slots": update_slots}, name)


def apply_rms_prop(var: Any, ms: Any, mom: Any, lr: Any, rho: Any, momentum: Any, epsilon: Any, grad: Any,
                   name: str | None = None) -> Any:
    """`ms = rho * ms + (1 - rho) * grad²; mom = momentum * mom + lr * grad / √(ms + epsilon); var -= mom`."""
    return _apply(rms_prop_step, (var, ms, mom), (lr, rho, momentum, epsilon, grad), {}, name)


def apply_centered_rms_prop(var: Any, mg: Any, ms: Any, mom: Any, lr: Any, rho: Any, momentum: Any, epsilon: Any,
                            grad: Any, name: str | None = None) -> Any:
    """`apply_rms_prop` with the variance about the mean gradient `mg` under the root."""
    return _apply(centered_rms_prop_step, (var, mg, ms, mom), (lr, rho, momentum, epsilon, grad), {}, name)


def apply_adam(var: Any, m: Any, v: Any, beta1_power: Any, beta2_power: Any, lr: Any, beta1: Any, beta2: Any,
               epsilon: Any, grad: Any, use_nesterov: bool = False, name: str | None = None) -> Any:
    """Adam: `var -= lr * √(1 - beta2_power) / (1 - beta1_power) * m / (√v + epsilon)` with the new means m and v."""
    return _apply(adam_step, (var, m, v), (beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad),
                  {"use_nesterov": use_nesterov}, name)


def apply_adam_with_amsgrad(var: Any, m: Any, v: Any, vhat: Any, beta1_power: Any, beta2_power: Any, lr: Any,
                            beta1: Any, beta2: Any, epsilon: Any, grad: Any, name: str | None = None) -> Any:
    """`apply_adam` with the largest `v` so far, `vhat`, in the place of `v`."""
    return _apply(adam_amsgrad_step, (var, m, v, vhat), (beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad), {},
                  name)


def apply_adadelta(var: Any, accum: Any, accum_update: Any, lr: Any, rho: Any, epsilon: Any, grad: Any,
                   name: str | None = None) -> Any:
    """Adadelta: the step is `grad * √(accum_update + epsilon) / √(accum + epsilon)`, times `lr`."""
    return _apply(adadelta_step, (var, accum, accum_update), (lr, rho, epsilon, grad), {}, name)


def apply_ada_max(var: Any, m: Any, v: Any, beta1_power: Any, lr: Any, beta1: Any, beta2: Any, epsilon: Any, grad: Any,
                  name: str | None = None) -> Any:
    """AdaMax: `v = max(beta2 * v, |grad|); var -= lr / (1 - beta1_power) * m / (v + epsilon)`."""
    return _apply(ada_max_step, (var, m, v), (beta1_power, lr, beta1, beta2, epsilon, grad), {}, name)


def apply_ftrl(var: Any, accum: Any, linear: Any, grad: Any, lr: Any, l1: Any, l2: Any, lr_power: Any,
               l2_shrinkage: Any = None, multiply_linear_by_lr: bool = False, name: str | None = None) -> Any:
    """FTRL-proximal, with `l2_shrinkage` in its second version."""
    attrs = {"multiply_linear_by_lr": multiply_linear_by_lr}
    if l2_shrinkage is None:
        return _apply(ftrl_step, (var, accum, linear), (grad, lr, l1, l2, lr_power), attrs, name)
    return _apply(ftrl_v2_step, (var, accum, linear), (grad, lr, l1, l2, l2_shrinkage, lr_power), attrs, name)
