"""A long short-term memory over a whole sequence as one op, and its gradient as another.

Both are op types of this library's own: TensorFlow runs such a layer as a loop of single operations. All four gates
take one `tanh`, as `sigmoid(x) = (tanh(x / 2) + 1) / 2`, with the halves folded into the weights. Gates stand in the
order of Keras: input, forget, candidate, output. What the gradient needs is kept with time as the first axis.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core import errors
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape

TYPES = "N: int; T: {bfloat16, half, float, double}"


def wide(*arrays: Any) -> list[Any]:
    """Half precision as single."""
    return [a.astype(np.float32) if a.dtype.itemsize == 2 else a for a in arrays]


def rows_with_ones(xp: Any, x: Any) -> Any:
    """A batch of sequences as a matrix, one row a step and sample, time first, with a last column of ones."""
    batch, steps, size = x.shape
    if xp is not np:
        rows = xp.concatenate([xp.swapaxes(x, 0, 1), xp.ones((steps, batch, 1), x.dtype)], 2)
    else:
        rows = np.empty((steps, batch, size + 1), x.dtype)
        rows[:, :, :size] = x.swapaxes(0, 1)
        rows[:, :, size] = 1
    return rows.reshape(steps * batch, size + 1)


def projected(xp: Any, x: Any, kernel: Any, bias: Any, scale: Any) -> Any:
    """`(x @ kernel + bias) * scale` with time as the first axis: one matrix product."""
    batch, steps = x.shape[:2]
    weights = xp.concatenate([kernel, bias[None]]) * scale
    return xp.matmul(rows_with_ones(xp, x), weights).reshape(steps, batch, weights.shape[1])


def weight_gradients(xp: Any, x: Any, flat: Any) -> tuple[Any, Any]:
    """The gradients of the kernel and the bias, from that of the projection as a matrix."""
    both = xp.matmul(rows_with_ones(xp, x).T, flat)
    return both[:-1], both[-1]


def input_gradient(xp: Any, x: Any, kernel: Any, flat: Any, wanted: bool) -> Any:
    """The gradient of the input; empty where nobody wants it."""
    batch, steps, size = x.shape
    if not wanted:
        return xp.zeros((0, steps, size), x.dtype)
    return xp.swapaxes(xp.matmul(flat, kernel.T).reshape(steps, batch, size), 0, 1)


def sizes(op: Any) -> tuple[int | None, int | None, int | None, int | None, int | None]:
    """Samples, steps, size of the input, units, and number of states kept, as far as they are known."""
    x, h = op.inputs[0].shape, op.inputs[4].shape
    batch, steps, size = x.as_list() if x.rank is not None else (None, None, None)
    own, units = h.as_list() if h.rank is not None else (None, None)
    return batch if batch is not None else own, steps, size, units, None if steps is None else steps + 1


def like_inputs(count: int) -> Callable[[Any], list[Any]]:
    """The shape rule of a gradient: the shapes of the first inputs, none of the input's where it is not wanted."""
    def infer(op: Any) -> list[Any]:
        out = [(x.shape, x.dtype) for x in op.inputs[:count]]
        if not op.attrs.get("input_gradient", True):
            _, steps, size, _, _ = sizes(op)
            out[0] = (TensorShape([0, steps, size]), out[0][1])
        return out
    return infer


def off_steps(masks: Sequence[Any]) -> Any:
    """Where steps are skipped, with time as the first axis and a last axis of size 1."""
    return ~masks[0].T[:, :, None] if masks else None


def _factors(xp: Any, units: int, dtype: Any) -> tuple[Any, Any]:
    """What turns tanh into the gates: a factor, by which the arguments are scaled as well, and a summand."""
    scale, shift = np.full(4 * units, 0.5, dtype), np.full(4 * units, 0.5, dtype)
    scale[2 * units:3 * units], shift[2 * units:3 * units] = 1, 0
    return scale, shift


def _sequence_shape(op: Any) -> list[Any]:
    batch, steps, _, units, kept = sizes(op)
    four = None if units is None else 4 * units
    shown = steps if op.attrs.get("sequences", True) else 0
    shapes = ([batch, shown, units], [batch, units], [batch, units], [kept, batch, units], [kept, batch, units],
              [steps, batch, four])
    return [(TensorShape(shape), op.inputs[0].dtype) for shape in shapes]


@op("LSTMSequence", "x: T, kernel: T, recurrent_kernel: T, bias: T, h: T, c: T, masks: N * bool -> "
    "output: T, last_h: T, last_c: T, hidden: T, cells: T, gates: T", attrs="sequences: bool = true; " + TYPES,
    infer=_sequence_shape)
def lstm_sequence(xp: Any, x: Any, kernel: Any, recurrent: Any, bias: Any, h: Any, c: Any, *masks: Any,
                  sequences: bool = True) -> Any:
    dtype = x.dtype
    x, kernel, recurrent, bias, h, c = wide(x, kernel, recurrent, bias, h, c)
    batch, steps = x.shape[:2]
    units = h.shape[-1]
    scale, shift = _factors(np, units, x.dtype)
    gates = projected(np, x, kernel, bias, scale)
    recurrent = recurrent * scale
    hidden, cells = np.empty((steps + 1, batch, units), x.dtype), np.empty((steps + 1, batch, units), x.dtype)
    hidden[0], cells[0] = h, c
    product, small = np.empty((batch, 4 * units), x.dtype), np.empty((batch, units), x.dtype)
    off = off_steps(masks)
    for step in range(steps):
        a, h, c, new_h, new_c = gates[step], hidden[step], cells[step], hidden[step + 1], cells[step + 1]
        np.matmul(h, recurrent, out=product)
        a += product
        np.tanh(a, out=a)
        a *= scale
        a += shift
        np.multiply(a[:, units:2 * units], c, out=new_c)
        np.multiply(a[:, :units], a[:, 2 * units:3 * units], out=small)
        new_c += small
        np.tanh(new_c, out=small)
        np.multiply(a[:, 3 * units:], small, out=new_h)
        if off is not None:
            np.copyto(new_h, h, where=off[step])
            np.copyto(new_c, c, where=off[step])
    return _results(np, hidden, cells, gates, sequences, dtype)


def _results(xp: Any, hidden: Any, cells: Any, gates: Any, sequences: bool, dtype: Any) -> tuple[Any, ...]:
    output = xp.swapaxes(hidden[1:] if sequences else hidden[:0], 0, 1)
    found = (output, hidden[-1], cells[-1], hidden, cells, gates)
    return found if hidden.dtype == dtype else tuple([a.astype(dtype) for a in found])


@lstm_sequence.xla
def _(xp: Any, x: Any, kernel: Any, recurrent: Any, bias: Any, h: Any, c: Any, *masks: Any,
      sequences: bool = True) -> Any:
    from jax import lax
    dtype = x.dtype
    x, kernel, recurrent, bias, h, c = wide(x, kernel, recurrent, bias, h, c)
    units = h.shape[-1]
    scale, shift = _factors(xp, units, x.dtype)
    recurrent = recurrent * scale
    off = off_steps([xp.asarray(m) for m in masks])

    def step(state: Any, given: Any) -> Any:
        h, c = state
        a = xp.tanh(given[0] + xp.matmul(h, recurrent)) * scale + shift
        new_c = a[:, units:2 * units] * c + a[:, :units] * a[:, 2 * units:3 * units]
        new_h = a[:, 3 * units:] * xp.tanh(new_c)
        if off is not None:
            new_h, new_c = xp.where(given[1], h, new_h), xp.where(given[1], c, new_c)
        return (new_h, new_c), (new_h, new_c, a)
    given = (projected(xp, x, kernel, bias, scale),) + (() if off is None else (off,))
    h, c = xp.asarray(h), xp.asarray(c)
    _, (hidden, cells, gates) = lax.scan(step, (h, c), given)
    return _results(xp, xp.concatenate([h[None], hidden]), xp.concatenate([c[None], cells]), gates, sequences, dtype)


@lstm_sequence.gradient
def _(op: Any, d_output: Any, d_h: Any, d_c: Any, *_: Any) -> Any:
    inputs, masks = list(op.inputs[:6]), list(op.inputs[6:])
    found = list(apply(lstm_sequence_grad, (*inputs, *op.outputs[3:], d_output, d_h, d_c, *masks),
                       {"input_gradient": bool(op.needs[0])}))
    return [found[0] if op.needs[0] else None, *found[1:], *[None for _ in masks]]


@op("LSTMSequenceGrad", "x: T, kernel: T, recurrent_kernel: T, bias: T, h: T, c: T, hidden: T, cells: T, gates: T, "
    "d_output: T, d_h: T, d_c: T, masks: N * bool -> d_x: T, d_kernel: T, d_recurrent_kernel: T, d_bias: T, d_h0: T, "
    "d_c0: T", attrs="input_gradient: bool = true; " + TYPES, infer=like_inputs(6))
def lstm_sequence_grad(xp: Any, x: Any, kernel: Any, recurrent: Any, bias: Any, h: Any, c: Any, hidden: Any, cells: Any,
                       gates: Any, d_output: Any, d_h: Any, d_c: Any, *masks: Any, input_gradient: bool = True) -> Any:
    dtype = x.dtype
    x, kernel, recurrent, hidden, cells, gates, d_output, d_h, d_c = wide(
        x, kernel, recurrent, hidden, cells, gates, d_output, d_h, d_c)
    steps, units = gates.shape[0], hidden.shape[2]
    middle = slice(2 * units, 3 * units)
    dh, dc = np.array(d_h), np.array(d_c)
    d_gates, slope, small = np.empty(gates.shape, x.dtype), np.empty(gates.shape[1:], x.dtype), np.empty_like(dh)
    back = np.ascontiguousarray(recurrent.T)
    off = off_steps(masks)
    for step in range(steps - 1, -1, -1):
        if d_output.shape[1]:
            dh += d_output[:, step]
        if off is not None:
            kept_h, kept_c = np.where(off[step], dh, 0), np.where(off[step], dc, 0)
            dh -= kept_h
            dc -= kept_c
        a, d = gates[step], d_gates[step]
        np.tanh(cells[step + 1], out=small)
        np.multiply(dh, small, out=d[:, 3 * units:])
        np.multiply(small, small, out=small)
        np.subtract(1, small, out=small)
        small *= a[:, 3 * units:]
        small *= dh
        dc += small
        np.multiply(dc, a[:, middle], out=d[:, :units])
        np.multiply(dc, cells[step], out=d[:, units:2 * units])
        np.multiply(dc, a[:, :units], out=d[:, middle])
        np.multiply(a, a, out=slope)
        np.subtract(1, slope[:, middle], out=small)
        np.subtract(a, slope, out=slope)
        slope[:, middle] = small
        d *= slope
        dc *= a[:, units:2 * units]
        np.matmul(d, back, out=dh)
        if off is not None:
            dh += kept_h
            dc += kept_c
    return _gradients(np, x, kernel, hidden, d_gates, dh, dc, input_gradient, dtype)


def _gradients(xp: Any, x: Any, kernel: Any, hidden: Any, d_gates: Any, dh: Any, dc: Any, wanted: bool,
               dtype: Any) -> tuple[Any, ...]:
    units = hidden.shape[2]
    flat = d_gates.reshape(-1, 4 * units)
    d_kernel, d_bias = weight_gradients(xp, x, flat)
    d_recurrent = xp.matmul(hidden[:-1].reshape(-1, units).T, flat)
    found = (input_gradient(xp, x, kernel, flat, wanted), d_kernel, d_recurrent, d_bias, dh, dc)
    return found if dh.dtype == dtype else tuple([a.astype(dtype) for a in found])


@lstm_sequence_grad.xla
def _(xp: Any, x: Any, kernel: Any, recurrent: Any, bias: Any, h: Any, c: Any, hidden: Any, cells: Any, gates: Any,
      d_output: Any, d_h: Any, d_c: Any, *masks: Any, input_gradient: bool = True) -> Any:
    from jax import lax
    dtype = x.dtype
    x, kernel, recurrent, hidden, cells, gates, d_output, d_h, d_c = wide(
        x, kernel, recurrent, hidden, cells, gates, d_output, d_h, d_c)
    units = hidden.shape[2]
    off = off_steps([xp.asarray(m) for m in masks])
    back = recurrent.T

    def step(state: Any, given: Any) -> Any:
        dh, dc = state
        a, before, after = given["a"], given["before"], given["after"]
        if "dy" in given:
            dh = dh + given["dy"]
        kept_h = kept_c = 0
        if off is not None:
            kept_h, kept_c = xp.where(given["off"], dh, 0), xp.where(given["off"], dc, 0)
            dh, dc = dh - kept_h, dc - kept_c
        i, f, g, o = (a[:, k * units:(k + 1) * units] for k in range(4))
        top = xp.tanh(after)
        dc = dc + dh * o * (1 - top * top)
        d = xp.concatenate([dc * g * (i - i * i), dc * before * (f - f * f), dc * i * (1 - g * g),
                            dh * top * (o - o * o)], 1)
        return (xp.matmul(d, back) + kept_h, dc * f + kept_c), d
    given = {"a": gates, "before": cells[:-1], "after": cells[1:]}
    if d_output.shape[1]:
        given["dy"] = xp.swapaxes(d_output, 0, 1)
    if off is not None:
        given["off"] = off
    (dh, dc), d_gates = lax.scan(step, (xp.asarray(d_h), xp.asarray(d_c)), given, reverse=True)
    return _gradients(xp, x, kernel, hidden, d_gates, dh, dc, input_gradient, dtype)


@lstm_sequence_grad.gradient
def _(op: Any, *wanted: Any) -> Any:
    inputs, seeds, masks = list(op.inputs[:6]), list(op.inputs[9:12]), list(op.inputs[12:])
    found = second_gradient(op, _by_steps, inputs, seeds, masks, wanted)
    return [*found[:6], None, None, None, *found[6:], *[None for _ in masks]]


def second_gradient(op: Any, function: Callable[..., Any], inputs: list[Any], seeds: list[Any], masks: list[Any],
                    wanted: Sequence[Any]) -> list[Any]:
    """The gradients of a gradient for inputs and seeds: `function` says in single operations what was differentiated.

    Raises:
      UnimplementedError: the number of steps is not known.
    """
    from ..core.tape import GradientTape
    if inputs[0].shape[1] is None:
        raise errors.UnimplementedError(None, None, f"The gradient of {op.type} needs a known number of steps.")
    with GradientTape() as outer:
        outer.watch([*inputs, *seeds])
        with GradientTape() as inner:
            inner.watch(inputs)
            results = function(inputs, masks, seeds[0].shape[1] != 0)
        chosen = range(0 if op.attrs.get("input_gradient", True) else 1, len(inputs))
        first = inner.gradient(results, [inputs[i] for i in chosen], output_gradients=seeds[-len(results):],
                               unconnected_gradients="zero")
    return list(outer.gradient(first, [*inputs, *seeds], output_gradients=[wanted[i] for i in chosen]))


def unrolled(x: Any, masks: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The steps of a batch of sequences, each with where it counts, as a column, or None."""
    steps = range(x.shape[1])
    return [(x[:, t], masks[0][:, t, None] if masks else None) for t in steps]


def _by_steps(inputs: Sequence[Any], masks: Sequence[Any], sequences: bool) -> list[Any]:
    """The same layer, one operation after the other."""
    from .arrays import split, stack
    from .elementwise import sigmoid
    from .masking import where
    from .matmul import matmul
    from .trigonometry import tanh
    x, kernel, recurrent, bias, h, c = inputs
    outputs = []
    for row, on in unrolled(x, masks):
        i, f, g, o = split(matmul(row, kernel) + matmul(h, recurrent) + bias, 4, 1)
        new_c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        new_h = sigmoid(o) * tanh(new_c)
        h, c = (new_h, new_c) if on is None else (where(on, new_h, h), where(on, new_c, c))
        outputs.append(h)
    return [stack(outputs, 1), h, c] if sequences else [h, c]
