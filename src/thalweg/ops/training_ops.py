"""Fused optimizer steps over variables: TensorFlow's ResourceApply* ops.

Each entry's kernel is the formula on whole arrays. Its in-place form runs the same formula block by block, so that
what is computed on the way stays in the processor's cache, and writes into the variables.
"""
from __future__ import annotations

import threading
from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np

from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.opdef import OpDef, op
from ..core.variable import update
from .common import NUMBERS, shape_text
from .layout import bad

BLOCK = 1 << 16
"""Elements a block: in float32 four arrays and the scratch arrays stay in the caches."""

_ATTRS = f"T: {{{NUMBERS}}}; use_locking: bool = false"


class _Scratch(threading.local):
    """Two arrays a dtype for what is computed on the way, kept between steps."""

    def __init__(self) -> None:
        self.arrays: dict[Any, tuple[Any, Any]] = {}

    def pair(self, dtype: Any) -> tuple[Any, Any]:
        found = self.arrays.get(dtype)
        if found is None:
            found = self.arrays[dtype] = (np.empty(BLOCK, dtype), np.empty(BLOCK, dtype))
        return found


_scratch = _Scratch()


def _check(names: tuple[str, ...], arrays: tuple[Any, ...], scalars: dict[str, Any]) -> None:
    """Checks that the arrays have the first one's shape, and that the rest are scalars.

    Raises:
      InvalidArgumentError: they do not.
    """
    shape = arrays[0].shape
    for name, a in zip(names[1:], arrays[1:], strict=True):
        if a.shape != shape:
            raise bad(f"{names[0]} and {name} do not have the same shape{shape_text(shape)} {shape_text(a.shape)}")
    for name, x in scalars.items():
        if getattr(x, "ndim", 0):
            raise bad(f"{name} is not a scalar: {shape_text(x.shape)}")


def _entry(type: str, slots: str, inputs: str, attrs: str = "") -> Callable[[Callable[..., Any]], OpDef]:
    """Registers `formula(xp, *arrays, grad, *scalars, **attrs)` as an optimizer step.

    Args:
      type: the op type.
      slots: the names of the variables.
      inputs: the names of the other inputs, in order; `grad` or `delta` is the gradient.
      attrs: further attributes.
    """
    variables, others = tuple(slots.split()), tuple(inputs.split())
    which = next(i for i, n in enumerate(others) if n in ("grad", "delta"))
    names = (*variables, others[which])
    scalars = others[:which] + others[which + 1:]
    count = len(variables)
    signature = ", ".join([*(f"{n}: resource" for n in variables), *(f"{n}: T" for n in others)])

    def register(formula: Callable[..., Any]) -> OpDef:
        def arguments(values: tuple[Any, ...]) -> tuple[tuple[Any, ...], dict[str, Any]]:
            arrays = (*values[:count], values[count + which])
            rest = values[count:count + which] + values[count + which + 1:]
            return arrays, dict(zip(scalars, rest, strict=True))

        @op(type, f"{signature} -> ", attrs=f"{_ATTRS}; {attrs}" if attrs else _ATTRS, infer=lambda op: [],
            stateful=True)
        def entry(xp: Any, *values: Any, use_locking: bool = False, **options: Any) -> Any:
            arrays, numbers = arguments(values)
            _check(names, arrays, numbers)
            if xp is np:
                numbers = {k: _number(x, arrays[0].dtype) for k, x in numbers.items()}
            return formula(xp, *arrays, **numbers, **options)

        @entry.writes
        def _(*values: Any, use_locking: bool = False, **options: Any) -> None:
            arrays, numbers = arguments(values)
            _check(names, arrays, numbers)
            numbers = {k: _number(x, arrays[0].dtype) for k, x in numbers.items()}
            block = _BLOCKS.get(type)
            for parts in _blocks(arrays):
                if block is not None and parts[0].dtype.kind == "f":
                    a, b = _scratch.pair(parts[0].dtype)
                    n, shape = parts[0].size, parts[0].shape
                    if n <= BLOCK:
                        block(a[:n].reshape(shape), b[:n].reshape(shape), *parts, **numbers, **options)
                    else:
                        block(np.empty_like(parts[0]), np.empty_like(parts[0]), *parts, **numbers, **options)
                    continue
                new = formula(np, *parts, **numbers, **options)
                for old, value in zip(parts, new if isinstance(new, tuple) else (new,), strict=False):
                    old[...] = value
        entry.not_differentiable()
        return entry
    return register


def _number(x: Any, dtype: Any) -> Any:
    """A scalar input as a number that leaves the arrays' dtype alone."""
    value = float(x)
    return value if dtype.kind == "f" else dtype.type(value)


def _blocks(arrays: tuple[Any, ...]) -> Any:
    """The arrays in blocks: of their flat form where memory allows, else of their first dimension."""
    first = arrays[0]
    if first.size <= BLOCK:
        yield arrays
        return
    if all(a.flags.c_contiguous for a in arrays):
        flat = [a.reshape(-1) for a in arrays]
        rows = BLOCK
    else:
        flat = list(arrays)
        rows = max(1, BLOCK // (first.size // len(first)))
    for start in range(0, len(flat[0]), rows):
        yield tuple([a[start:start + rows] for a in flat])


_BLOCKS: dict[str, Callable[..., None]] = {}
"""By op type: a step on one block without temporary arrays, `f(scratch, scratch, *arrays, **numbers)`."""


def _block(type: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def register(f: Callable[..., None]) -> Callable[..., None]:
        _BLOCKS[type] = f
        return f
    return register


# The steps.


@_entry("ResourceApplyGradientDescent", "var", "alpha delta")
def gradient_descent(xp: Any, var: Any, delta: Any, alpha: Any) -> Any:
    return var - alpha * delta


@_block("ResourceApplyGradientDescent")
def _(t: Any, _u: Any, var: Any, delta: Any, alpha: Any) -> None:
    np.multiply(delta, alpha, out=t)
    np.subtract(var, t, out=var)


@_entry("ResourceApplyMomentum", "var accum", "lr grad momentum", "use_nesterov: bool = false")
def momentum_step(xp: Any, var: Any, accum: Any, grad: Any, lr: Any, momentum: Any, use_nesterov: bool = False) -> Any:
    accum = accum * momentum + grad
    step = grad + accum * momentum if use_nesterov else accum
    return var - step * lr, accum


@_block("ResourceApplyMomentum")
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


@_entry("ResourceApplyKerasMomentum", "var accum", "lr grad momentum", "use_nesterov: bool = false")
def keras_momentum_step(xp: Any, var: Any, accum: Any, grad: Any, lr: Any, momentum: Any,
                        use_nesterov: bool = False) -> Any:
    step = grad * lr
    accum = accum * momentum - step
    return (var + (accum * momentum - step) if use_nesterov else var + accum), accum


@_block("ResourceApplyKerasMomentum")
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


@_entry("ResourceApplyAdagrad", "var accum", "lr grad", "update_slots: bool = true")
def adagrad_step(xp: Any, var: Any, accum: Any, grad: Any, lr: Any, update_slots: bool = True) -> Any:
    if update_slots:
        accum = accum + grad * grad
    return var - lr * grad / xp.sqrt(accum), accum


@_entry("ResourceApplyAdagradV2", "var accum", "lr epsilon grad", "update_slots: bool = true")
def adagrad_v2_step(xp: Any, var: Any, accum: Any, grad: Any, lr: Any, epsilon: Any, update_slots: bool = True) -> Any:
    if update_slots:
        accum = accum + grad * grad
    return var - lr * grad / (xp.sqrt(accum) + epsilon), accum


@_block("ResourceApplyAdagradV2")
def _(t: Any, u: Any, var: Any, accum: Any, grad: Any, lr: Any, epsilon: Any, update_slots: bool = True) -> None:
    if update_slots:
        np.multiply(grad, grad, out=t)
        np.add(accum, t, out=accum)
    np.sqrt(accum, out=t)
    np.add(t, epsilon, out=t)
    np.multiply(grad, lr, out=u)
    np.divide(u, t, out=u)
    np.subtract(var, u, out=var)


@_entry("ResourceApplyRMSProp", "var ms mom", "lr rho momentum epsilon grad")
def rms_prop_step(xp: Any, var: Any, ms: Any, mom: Any, grad: Any, lr: Any, rho: Any, momentum: Any,
                  epsilon: Any) -> Any:
    ms = ms + (grad * grad - ms) * (1 - rho)
    mom = mom * momentum + grad * lr / xp.sqrt(ms + epsilon)
    return var - mom, ms, mom


@_block("ResourceApplyRMSProp")
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


@_entry("ResourceApplyCenteredRMSProp", "var mg ms mom", "lr rho momentum epsilon grad")
def centered_rms_prop_step(xp: Any, var: Any, mg: Any, ms: Any, mom: Any, grad: Any, lr: Any, rho: Any, momentum: Any,
                           epsilon: Any) -> Any:
    ms = ms + (grad * grad - ms) * (1 - rho)
    mg = mg + (grad - mg) * (1 - rho)
    mom = mom * momentum + grad * lr / xp.sqrt(ms - mg * mg + epsilon)
    return var - mom, mg, ms, mom


@_entry("ResourceApplyAdam", "var m v", "beta1_power beta2_power lr beta1 beta2 epsilon grad",
        "use_nesterov: bool = false")
def adam_step(xp: Any, var: Any, m: Any, v: Any, grad: Any, beta1_power: Any, beta2_power: Any, lr: Any, beta1: Any,
              beta2: Any, epsilon: Any, use_nesterov: bool = False) -> Any:
    alpha = lr * xp.sqrt(1 - beta2_power) / (1 - beta1_power)
    if xp is np:
        alpha = _number(alpha, var.dtype)
    m = m + (grad - m) * (1 - beta1)
    v = v + (grad * grad - v) * (1 - beta2)
    step = grad * (1 - beta1) + m * beta1 if use_nesterov else m
    return var - step * alpha / (xp.sqrt(v) + epsilon), m, v


@_block("ResourceApplyAdam")
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


@_entry("ResourceApplyAdamWithAmsgrad", "var m v vhat", "beta1_power beta2_power lr beta1 beta2 epsilon grad")
def adam_amsgrad_step(xp: Any, var: Any, m: Any, v: Any, vhat: Any, grad: Any, beta1_power: Any, beta2_power: Any,
                      lr: Any, beta1: Any, beta2: Any, epsilon: Any) -> Any:
    alpha = lr * xp.sqrt(1 - beta2_power) / (1 - beta1_power)
    if xp is np:
        alpha = _number(alpha, var.dtype)
    m = m + (grad - m) * (1 - beta1)
    v = v + (grad * grad - v) * (1 - beta2)
    vhat = xp.maximum(vhat, v)
    return var - m * alpha / (xp.sqrt(vhat) + epsilon), m, v, vhat


@_entry("ResourceApplyAdadelta", "var accum accum_update", "lr rho epsilon grad")
def adadelta_step(xp: Any, var: Any, accum: Any, accum_update: Any, grad: Any, lr: Any, rho: Any, epsilon: Any) -> Any:
    accum = accum * rho + grad * grad * (1 - rho)
    step = xp.sqrt(accum_update + epsilon) / xp.sqrt(accum + epsilon) * grad
    return var - step * lr, accum, accum_update * rho + step * step * (1 - rho)


@_entry("ResourceApplyAdaMax", "var m v", "beta1_power lr beta1 beta2 epsilon grad")
def ada_max_step(xp: Any, var: Any, m: Any, v: Any, grad: Any, beta1_power: Any, lr: Any, beta1: Any, beta2: Any,
                 epsilon: Any) -> Any:
    m = m + (grad - m) * (1 - beta1)
    v = xp.maximum(v * beta2, xp.abs(grad))
    return var - lr / (1 - beta1_power) * (m / (v + epsilon)), m, v


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


@_entry("ResourceApplyFtrl", "var accum linear", "grad lr l1 l2 lr_power", "multiply_linear_by_lr: bool = false")
def ftrl_step(xp: Any, var: Any, accum: Any, linear: Any, grad: Any, lr: Any, l1: Any, l2: Any, lr_power: Any,
              multiply_linear_by_lr: bool = False) -> Any:
    return _ftrl(xp, var, accum, linear, grad, grad, lr, l1, l2, lr_power, multiply_linear_by_lr)


@_entry("ResourceApplyFtrlV2", "var accum linear", "grad lr l1 l2 l2_shrinkage lr_power",
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
