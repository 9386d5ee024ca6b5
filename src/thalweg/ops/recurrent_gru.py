"""A gated recurrent unit over a whole sequence as one op, and its gradient as another.

As with `recurrent`, both are op types of this library's own. Gates stand in the order of Keras: update, reset,
candidate. There are two biases, one beside each product; the second one of the candidate lies inside the reset gate
where that is applied after the product (`reset_after`).
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape
from .recurrent import (
    TYPES,
    input_gradient,
    like_inputs,
    off_steps,
    projected,
    second_gradient,
    sizes,
    unrolled,
    weight_gradients,
    wide,
)

_INPUTS = "x: T, kernel: T, recurrent_kernel: T, bias: T, h: T, recurrent_bias: T"


def _scale(units: int, dtype: Any) -> Any:
    """Halves for the two gates that are sigmoids."""
    scale = np.full(3 * units, 0.5, dtype)
    scale[2 * units:] = 1
    return scale


def _shapes(op: Any) -> list[Any]:
    batch, steps, _, units, kept = sizes(op)
    three = None if units is None else 3 * units
    shown = steps if op.attrs.get("sequences", True) else 0
    inner = units if op.attrs.get("reset_after", True) else 0
    shapes = ([batch, shown, units], [batch, units], [kept, batch, units], [steps, batch, three],
              [steps, batch, inner])
    return [(TensorShape(shape), op.inputs[0].dtype) for shape in shapes]


@op("GRUSequence", _INPUTS + ", masks: N * bool -> output: T, last_h: T, hidden: T, gates: T, inner: T",
    attrs="sequences: bool = true; reset_after: bool = true; " + TYPES, infer=_shapes)
def gru_sequence(xp: Any, x: Any, kernel: Any, recurrent: Any, bias: Any, h: Any, recurrent_bias: Any, *masks: Any,
                 sequences: bool = True, reset_after: bool = True) -> Any:
    dtype = x.dtype
    x, kernel, recurrent, bias, h, recurrent_bias = wide(x, kernel, recurrent, bias, h, recurrent_bias)
    batch, steps = x.shape[:2]
    units = h.shape[-1]
    both = slice(0, 2 * units)
    scale = _scale(units, x.dtype)
    gates = projected(np, x, kernel, bias, scale)
    recurrent, recurrent_bias = recurrent * scale, recurrent_bias * scale
    first, second = np.ascontiguousarray(recurrent[:, both]), np.ascontiguousarray(recurrent[:, 2 * units:])
    hidden = np.empty((steps + 1, batch, units), x.dtype)
    inner = np.empty((steps, batch, units if reset_after else 0), x.dtype)
    hidden[0] = h
    product = np.empty((batch, (3 if reset_after else 2) * units), x.dtype)
    small = np.empty((batch, units), x.dtype)
    off = off_steps(masks)
    for step in range(steps):
        a, h, new = gates[step], hidden[step], hidden[step + 1]
        zr, candidate = a[:, both], a[:, 2 * units:]
        np.matmul(h, recurrent if reset_after else first, out=product)
        if reset_after:
            product += recurrent_bias
        zr += product[:, both]
        np.tanh(zr, out=zr)
        zr *= 0.5
        zr += 0.5
        z, r = a[:, :units], a[:, units:2 * units]
        if reset_after:
            inner[step] = product[:, 2 * units:]
            np.multiply(r, inner[step], out=small)
        else:
            np.matmul(r * h, second, out=small)
        candidate += small
        np.tanh(candidate, out=candidate)
        np.subtract(h, candidate, out=new)
        new *= z
        new += candidate
        if off is not None:
            np.copyto(new, h, where=off[step])
    return _results(np, hidden, gates, inner, sequences, dtype)


def _results(xp: Any, hidden: Any, gates: Any, inner: Any, sequences: bool, dtype: Any) -> tuple[Any, ...]:
    output = xp.swapaxes(hidden[1:] if sequences else hidden[:0], 0, 1)
    found = (output, hidden[-1], hidden, gates, inner)
    return found if hidden.dtype == dtype else tuple([a.astype(dtype) for a in found])


@gru_sequence.xla
def _(xp: Any, x: Any, kernel: Any, recurrent: Any, bias: Any, h: Any, recurrent_bias: Any, *masks: Any,
      sequences: bool = True, reset_after: bool = True) -> Any:
    from jax import lax
    dtype = x.dtype
    x, kernel, recurrent, bias, h, recurrent_bias = wide(x, kernel, recurrent, bias, h, recurrent_bias)
    units = h.shape[-1]
    scale = _scale(units, x.dtype)
    recurrent, recurrent_bias = recurrent * scale, recurrent_bias * scale
    off = off_steps([xp.asarray(m) for m in masks])

    def step(h: Any, given: Any) -> Any:
        row = given[0]
        if reset_after:
            product = xp.matmul(h, recurrent) + recurrent_bias
        else:
            product = xp.matmul(h, recurrent[:, :2 * units])
        zr = xp.tanh(row[:, :2 * units] + product[:, :2 * units]) * 0.5 + 0.5
        z, r = zr[:, :units], zr[:, units:]
        inner = product[:, 2 * units:]
        candidate = row[:, 2 * units:] + (r * inner if reset_after else xp.matmul(r * h, recurrent[:, 2 * units:]))
        candidate = xp.tanh(candidate)
        new = z * (h - candidate) + candidate
        if off is not None:
            new = xp.where(given[1], h, new)
        return new, (new, xp.concatenate([zr, candidate], 1), inner)
    given = (projected(xp, x, kernel, bias, scale),) + (() if off is None else (off,))
    h = xp.asarray(h)
    _, (hidden, gates, inner) = lax.scan(step, h, given)
    return _results(xp, xp.concatenate([h[None], hidden]), gates, inner, sequences, dtype)


@gru_sequence.gradient
def _(op: Any, d_output: Any, d_h: Any, *_: Any) -> Any:
    inputs, masks = list(op.inputs[:6]), list(op.inputs[6:])
    found = list(apply(gru_sequence_grad, (*inputs, *op.outputs[2:], d_output, d_h, *masks),
                       {"input_gradient": bool(op.needs[0]), "reset_after": op.attrs.get("reset_after", True)}))
    return [found[0] if op.needs[0] else None, *found[1:], *[None for _ in masks]]


@op("GRUSequenceGrad", _INPUTS + ", hidden: T, gates: T, inner: T, d_output: T, d_h: T, masks: N * bool -> "
    "d_x: T, d_kernel: T, d_recurrent_kernel: T, d_bias: T, d_h0: T, d_recurrent_bias: T",
    attrs="input_gradient: bool = true; reset_after: bool = true; " + TYPES, infer=like_inputs(6))
def gru_sequence_grad(xp: Any, x: Any, kernel: Any, recurrent: Any, bias: Any, h: Any, recurrent_bias: Any, hidden: Any,
                      gates: Any, inner: Any, d_output: Any, d_h: Any, *masks: Any, input_gradient: bool = True,
                      reset_after: bool = True) -> Any:
    dtype = x.dtype
    x, kernel, recurrent, hidden, gates, inner, d_output, d_h = wide(
        x, kernel, recurrent, hidden, gates, inner, d_output, d_h)
    steps, units = gates.shape[0], hidden.shape[2]
    both, third = slice(0, 2 * units), slice(2 * units, 3 * units)
    dh, small = np.array(d_h), np.empty(d_h.shape, x.dtype)
    d_gates, slope = np.empty(gates.shape, x.dtype), np.empty((d_h.shape[0], 2 * units), x.dtype)
    own = np.empty((d_h.shape[0], 3 * units if reset_after else 2 * units), x.dtype)
    kept = np.empty((steps, *own.shape), x.dtype)
    back = np.ascontiguousarray((recurrent if reset_after else recurrent[:, both]).T)
    back_third = np.ascontiguousarray(recurrent[:, third].T)
    off = off_steps(masks)
    for step in range(steps - 1, -1, -1):
        if d_output.shape[1]:
            dh += d_output[:, step]
        if off is not None:
            passed = np.where(off[step], dh, 0)
            dh -= passed
        a, d, before = gates[step], d_gates[step], hidden[step]
        z, r, candidate = a[:, :units], a[:, units:2 * units], a[:, third]
        np.subtract(before, candidate, out=small)
        np.multiply(dh, small, out=d[:, :units])
        np.multiply(candidate, candidate, out=small)
        np.subtract(1, small, out=small)
        small *= dh
        np.multiply(small, z, out=d[:, third])
        np.subtract(small, d[:, third], out=d[:, third])
        dh *= z
        if reset_after:
            np.multiply(d[:, third], inner[step], out=d[:, units:2 * units])
        else:
            np.matmul(d[:, third], back_third, out=small)
            np.multiply(small, before, out=d[:, units:2 * units])
            small *= r
            dh += small
        np.multiply(a[:, both], a[:, both], out=slope)
        np.subtract(a[:, both], slope, out=slope)
        d[:, both] *= slope
        own = kept[step]
        own[:, both] = d[:, both]
        if reset_after:
            np.multiply(d[:, third], r, out=own[:, third])
        dh += np.matmul(own, back)
        if off is not None:
            dh += passed
    return _gradients(np, x, kernel, hidden, gates, d_gates, kept, dh, input_gradient, reset_after, dtype)


def _gradients(xp: Any, x: Any, kernel: Any, hidden: Any, gates: Any, d_gates: Any, own: Any, dh: Any, wanted: bool,
               reset_after: bool, dtype: Any) -> tuple[Any, ...]:
    """The gradients of the weights; `own` is that of the recurrent product."""
    units = hidden.shape[2]
    flat, own = d_gates.reshape(-1, 3 * units), own.reshape(-1, own.shape[2])
    d_kernel, d_bias = weight_gradients(xp, x, flat)
    d_recurrent = xp.matmul(hidden[:-1].reshape(-1, units).T, own)
    if reset_after:
        d_own_bias = own.sum(0)
    else:
        reset = (hidden[:-1] * gates[:, :, units:2 * units]).reshape(-1, units)
        d_recurrent = xp.concatenate([d_recurrent, xp.matmul(reset.T, flat[:, 2 * units:])], 1)
        d_own_bias = xp.zeros(3 * units, x.dtype)
    found = (input_gradient(xp, x, kernel, flat, wanted), d_kernel, d_recurrent, d_bias, dh, d_own_bias)
    return found if dh.dtype == dtype else tuple([a.astype(dtype) for a in found])


@gru_sequence_grad.xla
def _(xp: Any, x: Any, kernel: Any, recurrent: Any, bias: Any, h: Any, recurrent_bias: Any, hidden: Any, gates: Any,
      inner: Any, d_output: Any, d_h: Any, *masks: Any, input_gradient: bool = True, reset_after: bool = True) -> Any:
    from jax import lax
    dtype = x.dtype
    x, kernel, recurrent, hidden, gates, inner, d_output, d_h = wide(
        x, kernel, recurrent, hidden, gates, inner, d_output, d_h)
    units = hidden.shape[2]
    off = off_steps([xp.asarray(m) for m in masks])

    def step(dh: Any, given: Any) -> Any:
        before = given["before"]
        if "dy" in given:
            dh = dh + given["dy"]
        passed = 0
        if off is not None:
            passed = xp.where(given["off"], dh, 0)
            dh = dh - passed
        z, r, candidate = (given["a"][:, k * units:(k + 1) * units] for k in range(3))
        dz = dh * (before - candidate) * (z - z * z)
        dc = dh * (1 - z) * (1 - candidate * candidate)
        dh = dh * z
        if reset_after:
            dr = dc * given["inner"] * (r - r * r)
            own = xp.concatenate([dz, dr, dc * r], 1)
            dh = dh + xp.matmul(own, recurrent.T)
        else:
            inside = xp.matmul(dc, recurrent[:, 2 * units:].T)
            dr = inside * before * (r - r * r)
            own = xp.concatenate([dz, dr], 1)
            dh = dh + inside * r + xp.matmul(own, recurrent[:, :2 * units].T)
        return dh + passed, (xp.concatenate([dz, dr, dc], 1), own)
    given = {"a": gates, "before": hidden[:-1], "inner": inner}
    if d_output.shape[1]:
        given["dy"] = xp.swapaxes(d_output, 0, 1)
    if off is not None:
        given["off"] = off
    dh, (d_gates, own) = lax.scan(step, xp.asarray(d_h), given, reverse=True)
    return _gradients(xp, x, kernel, hidden, gates, d_gates, own, dh, input_gradient, reset_after, dtype)


@gru_sequence_grad.gradient
def _(op: Any, *wanted: Any) -> Any:
    def by_steps(inputs: Sequence[Any], masks: Sequence[Any], sequences: bool) -> list[Any]:
        return _by_steps(inputs, masks, sequences, op.attrs.get("reset_after", True))
    inputs, seeds, masks = list(op.inputs[:6]), list(op.inputs[9:11]), list(op.inputs[11:])
    found = second_gradient(op, by_steps, inputs, seeds, masks, wanted)
    return [*found[:6], None, None, None, *found[6:], *[None for _ in masks]]


def _by_steps(inputs: Sequence[Any], masks: Sequence[Any], sequences: bool, reset_after: bool) -> list[Any]:
    """The same layer, one operation after the other."""
    from .arrays import split, stack
    from .elementwise import sigmoid
    from .masking import where
    from .matmul import matmul
    from .trigonometry import tanh
    x, kernel, recurrent, bias, h, recurrent_bias = inputs
    units = recurrent.shape[0]
    outputs = []
    for row, on in unrolled(x, masks):
        z, r, candidate = split(matmul(row, kernel) + bias, 3, 1)
        if reset_after:
            own_z, own_r, own = split(matmul(h, recurrent) + recurrent_bias, 3, 1)
            z, r = sigmoid(z + own_z), sigmoid(r + own_r)
            candidate = tanh(candidate + r * own)
        else:
            own_z, own_r = split(matmul(h, recurrent[:, :2 * units]), 2, 1)
            z, r = sigmoid(z + own_z), sigmoid(r + own_r)
            candidate = tanh(candidate + matmul(r * h, recurrent[:, 2 * units:]))
        new = z * h + (1 - z) * candidate
        h = new if on is None else where(on, new, h)
        outputs.append(h)
    return [stack(outputs, 1), h] if sequences else [h]
