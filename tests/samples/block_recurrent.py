"""Samples of TensorFlow's fused recurrent blocks."""
from __future__ import annotations

from typing import Any

from . import F, H, sample

_W = ("w", "wci", "wcf", "wco", "b")
_STEPS = ("i", "cs", "f", "o", "ci", "co", "h")


def _layer(version: str, steps: int | None = None, **attrs: Any) -> Any:
    """A layer; what it keeps of steps that do not count is memory that TensorFlow has not written."""
    def call(tf: Any, x: Any, c: Any, h: Any, *weights: Any) -> Any:
        length = tf.constant(x.shape[0] if steps is None else steps, tf.int64)
        found = getattr(tf.raw_ops, f"BlockLSTM{version}")(seq_len_max=length, x=x, cs_prev=c, h_prev=h,
                                                          **dict(zip(_W, weights, strict=True)), **attrs)
        return list(found) if steps is None else [found[1], found[6]]
    return call


def _layer_gradient(version: str, steps: int, peephole: bool) -> Any:
    def call(tf: Any, x: Any, c: Any, h: Any, *rest: Any) -> Any:
        weights = dict(zip(_W, rest[:5], strict=True))
        length = tf.constant(x.shape[0], tf.int64)
        kept = getattr(tf.raw_ops, f"BlockLSTM{version}")(seq_len_max=length, x=x, cs_prev=c, h_prev=h, **weights,
                                                         use_peephole=peephole)
        return list(getattr(tf.raw_ops, f"BlockLSTMGrad{version}")(
            seq_len_max=tf.constant(steps, tf.int64), x=x, cs_prev=c, h_prev=h, **weights,
            **dict(zip(_STEPS, kept, strict=True)), cs_grad=rest[5], h_grad=rest[6], use_peephole=peephole))
    return call


def _cell(tf: Any, x: Any, c: Any, h: Any, *weights: Any, **attrs: Any) -> Any:
    return list(tf.raw_ops.LSTMBlockCell(x=x, cs_prev=c, h_prev=h, **dict(zip(_W, weights, strict=True)), **attrs))


def _cell_gradient(tf: Any, x: Any, c: Any, h: Any, *rest: Any, use_peephole: bool) -> Any:
    kept = _cell(tf, x, c, h, *rest[:5], use_peephole=use_peephole)
    found = tf.raw_ops.LSTMBlockCellGrad(
        x=x, cs_prev=c, h_prev=h, **dict(zip(_W, rest[:5], strict=True)), **dict(zip(_STEPS[:6], kept[:6], strict=True)),
        cs_grad=rest[5], h_grad=rest[6], use_peephole=use_peephole)
    return list(found) if use_peephole else list(found)[:2]


def _gru(tf: Any, *inputs: Any) -> dict[str, Any]:
    return dict(zip(("x", "h_prev", "w_ru", "w_c", "b_ru", "b_c"), inputs, strict=True))


def _gru_gradient(tf: Any, d_h: Any, *inputs: Any) -> Any:
    r, u, c, _ = tf.raw_ops.GRUBlockCell(**_gru(tf, *inputs))
    return list(tf.raw_ops.GRUBlockCellGrad(**_gru(tf, *inputs), r=r, u=u, c=c, d_h=d_h))


def _lstm_inputs(make: Any, batch: int, size: int, units: int) -> Any:
    weights = (make(size + units, 4 * units), make(units), make(units), make(units), make(4 * units))
    return make(batch, units), make(batch, units), *weights


_LSTM = _lstm_inputs(F, 2, 3, 4)
_GRU = (F(2, 3), F(2, 4), F(7, 8), F(7, 4), F(8), F(4))

SAMPLES = [
    # The gradient of BlockLSTMV2 is TensorFlow's of BlockLSTM, whose gates stand in another order: tests/ops has its own test.
    *[sample(f"BlockLSTM{v}", _layer(v, **attrs), F(3, 2, 3), *_LSTM, fd=False, grad=not v)
      for v, attrs in (("", {"forget_bias": 0.5}), ("", {"cell_clip": 0.0, "use_peephole": True}), ("V2", {}),
                       ("V2", {"cell_clip": 0.7, "use_peephole": True}))],
    *[sample(f"BlockLSTM{v}", _layer(v, 2, cell_clip=0.0, use_peephole=True), F(4, 2, 3), *_LSTM, grad=not v)
      for v in ("", "V2")],
    sample("BlockLSTM BlockLSTMGrad", _layer("", 0), F(3, 2, 3), *_LSTM),
    sample("BlockLSTM", _layer("", use_peephole=True), H(3, 2, 3), *_lstm_inputs(H, 2, 3, 4), grad=False),
    sample("BlockLSTMV2", _layer("V2"), F(3, 0, 3), *_lstm_inputs(F, 0, 3, 4), grad=False),
    *[sample(f"BlockLSTMGrad{v}", _layer_gradient(v, steps, peephole), F(4, 2, 3), *_LSTM, F(4, 2, 4), F(4, 2, 4), grad=False)
      for v in ("", "V2") for steps, peephole in ((4, True), (4, False), (2, True), (0, False))],
    *[sample("LSTMBlockCell", lambda tf, *a, p=p, clip=clip: _cell(tf, *a, use_peephole=p, cell_clip=clip), F(2, 3), *_LSTM,
             grad=False) for p, clip in ((False, 0.5), (True, 3.0), (True, 0.0))],
    sample("LSTMBlockCell", lambda tf, *a: _cell(tf, *a, forget_bias=0.0), H(2, 3), *_lstm_inputs(H, 2, 3, 4), grad=False),
    *[sample("LSTMBlockCellGrad", lambda tf, *a, p=p: _cell_gradient(tf, *a, use_peephole=p), F(2, 3), *_LSTM, F(2, 4),
             F(2, 4), grad=False) for p in (False, True)],
    sample("GRUBlockCell", lambda tf, *a: list(tf.raw_ops.GRUBlockCell(**_gru(tf, *a))), *_GRU, grad=False),
    sample("GRUBlockCell", lambda tf, *a: list(tf.raw_ops.GRUBlockCell(**_gru(tf, *a))), F(0, 3), F(0, 4), *_GRU[2:],
           grad=False),
    sample("GRUBlockCellGrad", _gru_gradient, F(2, 4), *_GRU, grad=False),
    sample("GRUBlockCellGrad", _gru_gradient, F(0, 4), F(0, 3), F(0, 4), *_GRU[2:], grad=False),
]
