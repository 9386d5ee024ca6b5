"""Samples of recurrent layers over whole sequences: through the Keras layers, whose weights are fixed here."""
from __future__ import annotations

from typing import Any

from tests.samples import A, F, sample

_LSTM, _GRU = "LSTMSequence LSTMSequenceGrad", "GRUSequence GRUSequenceGrad"
_BOTH = {"return_sequences": True, "return_state": True}
_MASK = A([[True, True, False, True], [False, True, True, False]])


def _wave(tf: Any, phase: float) -> Any:
    """An initializer without chance."""
    def initializer(shape: Any, dtype: Any) -> Any:
        size = 1
        for s in shape:
            size *= s
        return tf.cast(tf.reshape(0.6 * tf.cos(phase + 1.7 * tf.range(size, dtype=tf.float32)), shape), dtype)
    return initializer


def _layer(tf: Any, x: Any, name: str, **kwargs: Any) -> Any:
    layer = getattr(tf.keras.layers, name)
    return layer(3, kernel_initializer=_wave(tf, 0.0), recurrent_initializer=_wave(tf, 1.0),
                 bias_initializer=_wave(tf, 2.0), dtype=x.dtype.name, **kwargs)


def _gradients(tf: Any, name: str, x: Any, **kwargs: Any) -> Any:
    """The gradients of the weights, so that those of this are gradients of gradients."""
    layer = _layer(tf, x, name, return_sequences=True, **kwargs)
    with tf.GradientTape() as tape:
        y = layer(x)
        total = tf.reduce_sum(y * y * tf.cast(tf.cos(tf.reshape(tf.range(24.0), [2, 4, 3])), x.dtype))
    return tape.gradient(total, layer.trainable_weights)


SAMPLES = [
    sample(_LSTM, lambda tf, x: _layer(tf, x, "LSTM")(x), F(2, 4, 2)),
    sample(_LSTM, lambda tf, x: _layer(tf, x, "LSTM", **_BOTH)(x), F(2, 4, 2)),
    sample(_LSTM, lambda tf, x: _layer(tf, x, "LSTM", use_bias=False, go_backwards=True, **_BOTH)(x), F(2, 4, 2)),
    sample(_LSTM, lambda tf, x, h, c: _layer(tf, x, "LSTM", **_BOTH)(x, initial_state=[h, c]),
           F(2, 4, 2), F(2, 3), F(2, 3)),
    sample(_LSTM, lambda tf, x, h, c, m: _layer(tf, x, "LSTM", **_BOTH)(x, initial_state=[h, c], mask=m),
           F(2, 4, 2), F(2, 3), F(2, 3), _MASK),
    sample(_LSTM, lambda tf, x, m: _layer(tf, x, "LSTM", unit_forget_bias=False)(x, mask=m), F(2, 4, 2), _MASK),
    sample(_LSTM, lambda tf, x: _layer(tf, x, "LSTM", return_sequences=True)(x), F(1, 1, 1)),
    sample(_LSTM, lambda tf, x: _layer(tf, x, "LSTM", return_sequences=True)(x), F(2, 4, 2, scale=30.0), fd=False),
    sample(_LSTM, lambda tf, x: _gradients(tf, "LSTM", x), F(2, 4, 2), tol=(1e-4, 1e-5)),
    sample(_GRU, lambda tf, x: _layer(tf, x, "GRU")(x), F(2, 4, 2)),
    sample(_GRU, lambda tf, x: _layer(tf, x, "GRU", **_BOTH)(x), F(2, 4, 2)),
    sample(_GRU, lambda tf, x: _layer(tf, x, "GRU", reset_after=False, **_BOTH)(x), F(2, 4, 2)),
    sample(_GRU, lambda tf, x: _layer(tf, x, "GRU", use_bias=False, go_backwards=True, **_BOTH)(x), F(2, 4, 2)),
    sample(_GRU, lambda tf, x, h, m: _layer(tf, x, "GRU", **_BOTH)(x, initial_state=h, mask=m),
           F(2, 4, 2), F(2, 3), _MASK),
    sample(_GRU, lambda tf, x, h, m: _layer(tf, x, "GRU", reset_after=False)(x, initial_state=h, mask=m),
           F(2, 4, 2), F(2, 3), _MASK),
    sample(_GRU, lambda tf, x: _layer(tf, x, "GRU", return_sequences=True)(x), F(0, 2, 2)),
    sample(_GRU, lambda tf, x: _gradients(tf, "GRU", x), F(2, 4, 2), tol=(1e-4, 1e-5)),
    sample(_GRU, lambda tf, x: _gradients(tf, "GRU", x, reset_after=False), F(2, 4, 2), tol=(1e-4, 1e-5)),
]
