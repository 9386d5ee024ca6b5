"""TensorFlow's fused recurrent blocks: LSTM and GRU cells, LSTM layers over whole sequences, and their gradients.

What does not depend on the state is one matrix product for all steps. A step is written once, as a formula on whole
batches; the loop over steps is Python's on NumPy and one of XLA's in compiled programs. `BlockLSTM` and `LSTMBlockCell`
have the gates in the order input, candidate, forget, output; `BlockLSTMV2` has the forget gate before the candidate.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape
from .layout import bad
from .recurrent import wide
from .requirements import require

_WEIGHTS = "w: T, wci: T, wcf: T, wco: T, b: T"
_KEPT = "i: T, cs: T, f: T, o: T, ci: T, co: T, h: T"


def _sigmoid(xp: Any, x: Any) -> Any:
    return (xp.tanh(x * 0.5) + 1) * 0.5


def _need_ranks(**arrays: tuple[Any, int]) -> None:
    for name, (a, rank) in arrays.items():
        if a.ndim != rank:
            raise bad(f"{name} must be rank {rank} but is rank {a.ndim}")


def _need_size(name: str, a: Any, dim: int, what: str, wanted: int) -> None:
    if a.shape[dim] != wanted:
        raise bad(f"{name}.dims({dim}) != {what}: {a.shape[dim]} vs. {wanted}")


def _check_lstm(x: Any, cs_prev: Any, h_prev: Any, w: Any, peepholes: tuple[Any, ...], b: Any, rank: int,
                used: bool = True) -> None:
    """Checks the shapes of an LSTM's inputs, whose `x` has this rank; those of peepholes only where they are used.

    Raises:
      InvalidArgumentError: they do not fit together.
    """
    wci, wcf, wco = peepholes
    _need_ranks(x=(x, rank), cs_prev=(cs_prev, 2), h_prev=(h_prev, 2), w=(w, 2), wci=(wci, 1), wcf=(wcf, 1), wco=(wco, 1),
                b=(b, 1))
    batch, size = x.shape[-2:]
    units = cs_prev.shape[1]
    _need_size("cs_prev", cs_prev, 0, "batch_size", batch)
    _need_size("h_prev", h_prev, 0, "batch_size", batch)
    _need_size("h_prev", h_prev, 1, "cell_size", units)
    _need_size("w", w, 0, "input_size + cell_size", size + units)
    _need_size("w", w, 1, "cell_size * 4", 4 * units)
    _need_size("b", b, 0, "cell_size * 4", 4 * units)
    for name, a in (("wci", wci), ("wcf", wcf), ("wco", wco)):
        if used:
            _need_size(name, a, 0, "cell_size", units)


def _step(xp: Any, a: Any, c: Any, peepholes: tuple[Any, ...], forget_bias: float, clip: float, order: str) -> Any:
    """One step from the sums of all gates `a` and the state `c`: what TensorFlow keeps of it."""
    part = dict(zip(order, xp.split(a, 4, axis=1), strict=True))
    i, f, o = part["i"], part["f"] + forget_bias, part["o"]
    if peepholes:
        i, f = i + c * peepholes[0], f + c * peepholes[1]
    i, f, ci = _sigmoid(xp, i), _sigmoid(xp, f), xp.tanh(part["c"])
    cs = ci * i + c * f
    if clip > 0:
        cs = xp.clip(cs, -clip, clip)
    o = _sigmoid(xp, o + cs * peepholes[2] if peepholes else o)
    co = xp.tanh(cs)
    return i, cs, f, o, ci, co, co * o


def _step_back(xp: Any, kept: Any, c: Any, dc: Any, dh: Any, peepholes: tuple[Any, ...], order: str) -> tuple[Any, Any]:
    """The gradients of the state before a step and of the sums of its gates; clipping is passed over."""
    i, _, f, o, ci, co = kept[:6]
    do = o * (1 - o) * dh * co
    dc = (1 - co * co) * dh * o + dc
    if peepholes:
        dc = dc + do * peepholes[2]
    part = {"o": do, "c": (1 - ci * ci) * dc * i, "f": f * (1 - f) * dc * c, "i": i * (1 - i) * dc * ci}
    before = dc * f
    if peepholes:
        before = before + part["i"] * peepholes[0] + part["f"] * peepholes[1]
    return before, xp.concatenate([part[gate] for gate in order], 1)


def _peephole_gradients(xp: Any, d_gates: Any, before: Any, cs: Any, used: bool, order: str, likes: Any) -> Any:
    if not used:
        return [xp.zeros(a.shape, a.dtype) for a in likes]
    part = dict(zip(order, xp.split(d_gates, 4, axis=-1), strict=True))
    axes = tuple(range(d_gates.ndim - 1))
    return [(part["i"] * before).sum(axes), (part["f"] * before).sum(axes), (part["o"] * cs).sum(axes)]


def _cast(results: Any, dtype: Any) -> tuple[Any, ...]:
    return tuple([a.astype(dtype) if a.dtype != dtype else a for a in results])


def _dims(op: Any, names: str, first: int) -> dict[str, int | None]:
    """The sizes of an input by the letters of `names`, None where they are not known."""
    shape = op.inputs[first].shape
    return dict(zip(names, shape.as_list() if shape.rank == len(names) else [None] * len(names), strict=True))


# Cells.


def _cell_shape(count: int) -> Callable[[Any], list[Any]]:
    """The shape rule of a cell with so many outputs of the state's shape, which the second input has."""
    def infer(op: Any) -> list[Any]:
        shape = TensorShape([_dims(op, "bi", 0)["b"], _dims(op, "bu", 1)["u"]])
        return [(shape, op.inputs[0].dtype)] * count
    return infer


@op("LSTMBlockCell", f"x: T, cs_prev: T, h_prev: T, {_WEIGHTS} -> {_KEPT}",
    attrs="forget_bias: float = 1.0; cell_clip: float = 3.0; use_peephole: bool = false; T: {half, float}",
    infer=_cell_shape(7))
def lstm_block_cell(xp: Any, x: Any, cs_prev: Any, h_prev: Any, w: Any, wci: Any, wcf: Any, wco: Any, b: Any,
                    forget_bias: float = 1.0, cell_clip: float = 3.0, use_peephole: bool = False) -> Any:
    _check_lstm(x, cs_prev, h_prev, w, (wci, wcf, wco), b, 2, use_peephole)
    if not cs_prev.size:
        raise bad(f"cs_prev_tensor is empty, has shape: ({cs_prev.shape[0]},{cs_prev.shape[1]}).")
    dtype = x.dtype
    x, c, h, w, wci, wcf, wco, b = wide(x, cs_prev, h_prev, w, wci, wcf, wco, b)
    a = xp.matmul(xp.concatenate([x, h], 1), w) + b
    return _cast(_step(xp, a, c, (wci, wcf, wco) if use_peephole else (), forget_bias, cell_clip, "icfo"), dtype)


def _cell_gradient_shape(op: Any) -> list[Any]:
    batch, units = _dims(op, "bi", 0)["b"], _dims(op, "bu", 1)["u"]
    shapes = [TensorShape([batch, units]), TensorShape([batch, None if units is None else 4 * units]),
              *(op.inputs[k].shape for k in (4, 5, 6))]
    return [(shape, op.inputs[0].dtype) for shape in shapes]


@op("LSTMBlockCellGrad", f"x: T, cs_prev: T, h_prev: T, {_WEIGHTS}, i: T, cs: T, f: T, o: T, ci: T, co: T, cs_grad: T, "
    "h_grad: T -> cs_prev_grad: T, dicfo: T, wci_grad: T, wcf_grad: T, wco_grad: T",
    attrs="use_peephole: bool; T: {half, float}", infer=_cell_gradient_shape)
def lstm_block_cell_grad(xp: Any, x: Any, cs_prev: Any, h_prev: Any, w: Any, wci: Any, wcf: Any, wco: Any, b: Any,
                         *kept: Any, use_peephole: bool = False) -> Any:
    _check_lstm(x, cs_prev, h_prev, w, (wci, wcf, wco), b, 2, use_peephole)
    for name, a in zip(("i", "cs", "f", "o", "ci", "co", "cs_grad", "h_grad"), kept, strict=True):
        _need_ranks(**{name: (a, 2)})
        _need_size(name, a, 0, "batch_size", x.shape[0])
        _need_size(name, a, 1, "cell_size", cs_prev.shape[1])
    dtype = x.dtype
    c, wci, wcf, wco, *found = wide(cs_prev, wci, wcf, wco, *kept)
    peepholes = (wci, wcf, wco) if use_peephole else ()
    before, d_gates = _step_back(xp, found, c, found[6], found[7], peepholes, "icfo")
    return _cast((before, d_gates, *_peephole_gradients(xp, d_gates, c, found[1], use_peephole, "icfo", (wci, wcf, wco))),
                 dtype)


def _check_gru(x: Any, h_prev: Any, w_ru: Any, w_c: Any, b_ru: Any, b_c: Any) -> None:
    for name, a, rank in (("x", x, 2), ("h_prev", h_prev, 2), ("w_ru", w_ru, 2), ("w_c", w_c, 2), ("b_ru", b_ru, 1),
                          ("b_c", b_c, 1)):
        if a.ndim != rank:
            raise bad(f"Rank of {name} must be {rank}, got {a.ndim}")
    units, rows = h_prev.shape[1], x.shape[1] + h_prev.shape[1]
    _need_size("h_prev", h_prev, 0, "batch_size", x.shape[0])
    _need_size("w_ru", w_ru, 0, "input_size + cell_size", rows)
    _need_size("w_ru", w_ru, 1, "cell_size * 2", 2 * units)
    _need_size("w_c", w_c, 0, "input_size + cell_size", rows)
    _need_size("w_c", w_c, 1, "cell_size", units)
    _need_size("b_ru", b_ru, 0, "cell_size * 2", 2 * units)
    _need_size("b_c", b_c, 0, "cell_size", units)


_GRU = "x: T, h_prev: T, w_ru: T, w_c: T, b_ru: T, b_c: T"


@op("GRUBlockCell", f"{_GRU} -> r: T, u: T, c: T, h: T", attrs="T: {float}", infer=_cell_shape(4))
def gru_block_cell(xp: Any, x: Any, h_prev: Any, w_ru: Any, w_c: Any, b_ru: Any, b_c: Any) -> Any:
    _check_gru(x, h_prev, w_ru, w_c, b_ru, b_c)
    r, u = xp.split(_sigmoid(xp, xp.matmul(xp.concatenate([x, h_prev], 1), w_ru) + b_ru), 2, axis=1)
    c = xp.tanh(xp.matmul(xp.concatenate([x, h_prev * r], 1), w_c) + b_c)
    return r, u, c, u * h_prev + (1 - u) * c


def _gru_gradient_shape(op: Any) -> list[Any]:
    batch, units = _dims(op, "bi", 0)["b"], _dims(op, "bu", 1)["u"]
    state = TensorShape([batch, units])
    shapes = [TensorShape([batch, _dims(op, "bi", 0)["i"]]), state, state,
              TensorShape([batch, None if units is None else 2 * units])]
    return [(shape, op.inputs[0].dtype) for shape in shapes]


@op("GRUBlockCellGrad", f"{_GRU}, r: T, u: T, c: T, d_h: T -> d_x: T, d_h_prev: T, d_c_bar: T, d_r_bar_u_bar: T",
    attrs="T: {float}", infer=_gru_gradient_shape)
def gru_block_cell_grad(xp: Any, x: Any, h_prev: Any, w_ru: Any, w_c: Any, b_ru: Any, b_c: Any, r: Any, u: Any, c: Any,
                        d_h: Any) -> Any:
    _check_gru(x, h_prev, w_ru, w_c, b_ru, b_c)
    for name, a in (("r", r), ("u", u), ("c", c), ("d_h", d_h)):
        if a.ndim != 2:
            raise bad(f"Rank of {name} must be 2, got {a.ndim}")
        _need_size(name, a, 0, "batch_size", x.shape[0])
        _need_size(name, a, 1, "cell_size", h_prev.shape[1])
    size = x.shape[1]
    d_c_bar = d_h * (1 - u) * (1 - c * c)
    d_u_bar = d_h * (h_prev - c) * u * (1 - u)
    inner = xp.matmul(d_c_bar, w_c.T)
    d_reset = inner[:, size:]
    both = xp.concatenate([d_reset * h_prev * r * (1 - r), d_u_bar], 1)
    outer = xp.matmul(both, w_ru.T)
    return outer[:, :size] + inner[:, :size], outer[:, size:] + d_reset * r + d_h * u, d_c_bar, both


# Layers over whole sequences, time first.


def _length(xp: Any, seq_len_max: Any, steps: int) -> Any:
    """How many steps count.

    Raises:
      InvalidArgumentError: not a scalar, or more than there are.
    """
    if seq_len_max.ndim:
        raise bad(f"`seq_len_max_tensor` must be rank 0 but is rank {seq_len_max.ndim}")
    if xp is np and seq_len_max > steps:
        raise bad(f"seq_len_max is {int(seq_len_max)}, but x has {steps} steps")
    require(xp, seq_len_max <= steps)
    return max(int(seq_len_max), 0) if xp is np else seq_len_max


def _layer_shape(op: Any) -> list[Any]:
    x = _dims(op, "tbi", 1)
    shape = TensorShape([x["t"], x["b"], _dims(op, "bu", 2)["u"]])
    return [(shape, op.inputs[1].dtype)] * 7


def _forward(xp: Any, order: str, seq_len_max: Any, x: Any, cs_prev: Any, h_prev: Any, w: Any, peepholes: Any, b: Any,
             forget_bias: float, clip: float, use_peephole: bool) -> Any:
    _check_lstm(x, cs_prev, h_prev, w, peepholes, b, 3)
    dtype = x.dtype
    x, c, h, w, b, *weights = wide(x, cs_prev, h_prev, w, b, *peepholes)
    steps, batch, size = x.shape
    units = c.shape[1]
    count = _length(xp, seq_len_max, steps)
    given = xp.matmul(x.reshape(-1, size), w[:size]).reshape(steps, batch, 4 * units) + b
    own = w[size:]
    used = tuple(weights) if use_peephole else ()
    if xp is np:
        kept = [np.zeros((steps, batch, units), x.dtype) for _ in range(7)]
        for t in range(count):
            found = _step(np, given[t] + np.matmul(h, own), c, used, forget_bias, clip, order)
            for to, value in zip(kept, found, strict=True):
                to[t] = value
            c, h = found[1], found[6]
        return _cast(kept, dtype)
    from jax import lax

    def step(state: Any, inputs: Any) -> Any:
        t, a = inputs
        found = _step(xp, a + xp.matmul(state[1], own), state[0], used, forget_bias, clip, order)
        return (found[1], found[6]), [xp.where(t < count, value, 0) for value in found]
    return _cast(lax.scan(step, (xp.asarray(c), xp.asarray(h)), (xp.arange(steps), given))[1], dtype)


def _layer_gradient_shape(op: Any) -> list[Any]:
    return [(op.inputs[k].shape, op.inputs[1].dtype) for k in range(1, 9)]


def _backward(xp: Any, order: str, seq_len_max: Any, x: Any, cs_prev: Any, h_prev: Any, w: Any, peepholes: Any, b: Any,
              kept: Any, use_peephole: bool) -> Any:
    _check_lstm(x, cs_prev, h_prev, w, peepholes, b, 3)
    for name, a in zip(("i", "cs", "f", "o", "ci", "co", "h", "cs_grad", "h_grad"), kept, strict=True):
        if a.ndim != 3 or a.shape[0] < x.shape[0] or a.shape[1:] != (x.shape[1], cs_prev.shape[1]):
            raise bad(f"{name} must have the shape {[*x.shape[:2], cs_prev.shape[1]]} but has {list(a.shape)}")
    dtype = x.dtype
    x, c, h, w, *weights = wide(x, cs_prev, h_prev, w, *peepholes)
    steps, batch, size = x.shape
    kept = wide(*[a[:steps] for a in kept])
    units = c.shape[1]
    count = _length(xp, seq_len_max, steps)
    used = tuple(weights) if use_peephole else ()
    back = w[size:].T
    alive = (xp.arange(steps) < count)[:, None, None]  # what lies behind may be anything
    cells = xp.where(alive, xp.concatenate([c[None], kept[1]])[:steps], 0)
    dc, dh = xp.zeros_like(c), xp.zeros_like(h)
    if xp is np:
        d_gates = np.zeros((steps, batch, 4 * units), x.dtype)
        for t in range(count - 1, -1, -1):
            dc, d_gates[t] = _step_back(np, [a[t] for a in kept[:6]], cells[t], kept[7][t] + dc, kept[8][t] + dh, used, order)
            dh = np.matmul(d_gates[t], back)
    else:
        from jax import lax

        def step(state: Any, inputs: Any) -> Any:
            t, before, kept = inputs
            dc, d = _step_back(xp, kept, before, kept[7] + state[0], kept[8] + state[1], used, order)
            d = xp.where(t < count, d, 0)
            return (xp.where(t < count, dc, 0), xp.matmul(d, back)), d
        (dc, dh), d_gates = lax.scan(step, (dc, dh), (xp.arange(steps), cells, kept), reverse=True)
    flat = d_gates.reshape(-1, 4 * units)
    rows = xp.where(alive, xp.concatenate([x, xp.concatenate([h[None], kept[6]])[:steps]], 2), 0).reshape(-1, size + units)
    dx = xp.where(alive, xp.matmul(flat, w[:size].T).reshape(x.shape), 0)
    found = _peephole_gradients(xp, d_gates, cells, xp.where(alive, kept[1], 0), use_peephole, order, weights)
    return _cast((dx, dc, dh, xp.matmul(rows.T, flat), *found, flat.sum(0)), dtype)


def _layer(type: str, order: str, forget_bias: float | None, cell_clip: float) -> OpDef:
    """Registers a layer and its gradient."""
    first = f"forget_bias: float = {forget_bias}; " if forget_bias is not None else ""
    grad_type = type.replace("LSTM", "LSTMGrad")
    inputs = f"seq_len_max: int64, x: T, cs_prev: T, h_prev: T, {_WEIGHTS}"

    @op(type, f"{inputs} -> {_KEPT}",
        attrs=f"{first}cell_clip: float = {cell_clip}; use_peephole: bool = false; T: {{half, float}}", infer=_layer_shape)
    def entry(xp: Any, seq_len_max: Any, x: Any, cs_prev: Any, h_prev: Any, w: Any, wci: Any, wcf: Any, wco: Any, b: Any,
              forget_bias: float = forget_bias or 0.0, cell_clip: float = cell_clip, use_peephole: bool = False) -> Any:
        return _forward(xp, order, seq_len_max, x, cs_prev, h_prev, w, (wci, wcf, wco), b, forget_bias, cell_clip,
                        use_peephole)

    @op(grad_type, f"{inputs}, {_KEPT}, cs_grad: T, h_grad: T -> x_grad: T, cs_prev_grad: T, h_prev_grad: T, w_grad: T, "
        "wci_grad: T, wcf_grad: T, wco_grad: T, b_grad: T", attrs="use_peephole: bool; T: {half, float}",
        infer=_layer_gradient_shape)
    def backward(xp: Any, seq_len_max: Any, x: Any, cs_prev: Any, h_prev: Any, w: Any, wci: Any, wcf: Any, wco: Any, b: Any,
                 *kept: Any, use_peephole: bool = False) -> Any:
        return _backward(xp, order, seq_len_max, x, cs_prev, h_prev, w, (wci, wcf, wco), b, kept, use_peephole)

    @entry.gradient
    def _(op: Any, _i: Any, d_cs: Any, _f: Any, _o: Any, _ci: Any, _co: Any, d_h: Any) -> Any:
        found = apply(backward, (*op.inputs, *op.outputs, d_cs, d_h), {"use_peephole": op.get_attr("use_peephole")})
        return [None, *found]
    return entry


block_lstm = _layer("BlockLSTM", "icfo", 1.0, 3.0)
block_lstm_v2 = _layer("BlockLSTMV2", "ifco", None, 0.0)
