"""Programs with `tf.nn.rnn_cell` and the functions that walk along sequences."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .programs import Build, Program

_RNG = np.random.default_rng(2)
_X = _RNG.standard_normal((3, 5, 4)).astype(np.float32)
_LENGTHS = np.array([5, 2, 3], np.int32)
_CELLS: dict[str, Callable[[Any], Any]] = {
    "basic_rnn": lambda cells: cells.BasicRNNCell(6),
    "basic_rnn_relu": lambda cells: cells.BasicRNNCell(6, activation="relu"),
    "gru": lambda cells: cells.GRUCell(6),
    "basic_lstm": lambda cells: cells.BasicLSTMCell(6, forget_bias=0.5),
    "basic_lstm_joined": lambda cells: cells.BasicLSTMCell(6, state_is_tuple=False),
    "lstm": lambda cells: cells.LSTMCell(6),
    "lstm_peepholes": lambda cells: cells.LSTMCell(6, use_peepholes=True, cell_clip=0.2),
    "lstm_projected": lambda cells: cells.LSTMCell(6, num_proj=2, proj_clip=0.1),
    "lstm_joined": lambda cells: cells.LSTMCell(6, num_proj=2, state_is_tuple=False),
    "stacked": lambda cells: cells.MultiRNNCell([cells.BasicLSTMCell(3), cells.GRUCell(2)]),
    "stacked_joined": lambda cells: cells.MultiRNNCell([cells.GRUCell(3), cells.BasicRNNCell(2)], state_is_tuple=False),
    "residual": lambda cells: cells.ResidualWrapper(cells.GRUCell(4)),
    "dropout_none": lambda cells: cells.DropoutWrapper(cells.BasicLSTMCell(4), 1.0, 1.0),
    "device": lambda cells: cells.DeviceWrapper(cells.GRUCell(4), "/cpu:0"),
}
_TRAINED = ("basic_lstm", "gru", "lstm_peepholes", "stacked")


def _named(tf: Any, structure: Any) -> list[Any]:
    """The tensors of a structure, under names that do not depend on how the loop is built."""
    return [tf.identity(t, name="result") for t in tf.nest.flatten(structure)]


def _once(name: str) -> Build:
    def build(tf: Any) -> Program:
        cell = _CELLS[name](tf.nn.rnn_cell)
        x = tf.placeholder(tf.float32, [None, 4])
        state = cell.zero_state(3, tf.float32)
        output, state = cell(x, state)
        output, state = cell(x, state)
        return Program(_named(tf, [output, state]), {x: _X[:, 0]})
    return build


def _dynamic(name: str) -> Build:
    def build(tf: Any) -> Program:
        cell = _CELLS[name](tf.nn.rnn_cell)
        x, lengths = tf.placeholder(tf.float32, [None, None, 4]), tf.placeholder(tf.int32, [None])
        outputs, state = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)
        loss = tf.reduce_mean(tf.square(outputs - 0.3)) + sum(tf.reduce_sum(s) for s in tf.nest.flatten(state))
        step = tf.train.AdamOptimizer(0.05).minimize(loss) if name in _TRAINED else None
        return Program(_named(tf, [outputs, state, loss]), {x: _X, lengths: _LENGTHS}, step)
    return build


def whole_sequences(tf: Any) -> Program:
    x = tf.constant(_X)
    with tf.variable_scope("first"):
        a, s = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(3), x, dtype=tf.float32)
    with tf.variable_scope("second"):
        b, t = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(3), tf.transpose(x, [1, 0, 2]), time_major=True,
                                 initial_state=tf.ones([3, 3]), scope="walk")
    return Program(_named(tf, [a, b, s, t]))


def own_cell(tf: Any) -> Program:
    class Cell(tf.nn.rnn_cell.RNNCell):  # type: ignore[name-defined,misc]
        state_size = 3
        output_size = 2

        def call(self, inputs: Any, state: Any) -> Any:
            w = tf.get_variable("w", [inputs.shape.as_list()[-1], 3])
            u = tf.get_variable("u", [3, 2], initializer=tf.ones_initializer())
            state = tf.tanh(tf.matmul(inputs, w) + state)
            return tf.matmul(state, u), state
    outputs, state = tf.nn.dynamic_rnn(Cell(), tf.constant(_X), dtype=tf.float32)
    step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(outputs))
    return Program(_named(tf, [outputs, state]), step=step)


def both_ways(tf: Any) -> Program:
    x, lengths = tf.placeholder(tf.float32, [3, None, 4]), tf.constant(_LENGTHS)
    cells = tf.nn.rnn_cell
    outputs, states = tf.nn.bidirectional_dynamic_rnn(cells.BasicLSTMCell(3), cells.GRUCell(2), x, lengths, dtype=tf.float32)
    plain, _ = tf.nn.bidirectional_dynamic_rnn(cells.GRUCell(2), cells.GRUCell(2), x, dtype=tf.float32, scope="plain")
    loss = tf.reduce_sum(tf.concat(outputs, 2)) + tf.reduce_sum(plain[1])
    step = tf.train.RMSPropOptimizer(0.01).minimize(loss)
    return Program(_named(tf, [outputs, states, plain]), {x: _X}, step)


def static(tf: Any) -> Program:
    x = tf.placeholder(tf.float32, [None, 5, 4])
    steps = tf.unstack(x, 5, 1)
    outputs, state = tf.nn.static_rnn(tf.nn.rnn_cell.BasicLSTMCell(3), steps, dtype=tf.float32)
    cut, last = tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(3), steps, dtype=tf.float32, sequence_length=tf.constant(_LENGTHS),
                                 scope="cut")
    logits = tf.layers.dense(outputs[-1], 2)
    loss = tf.losses.sparse_softmax_cross_entropy(tf.constant([0, 1, 1]), logits)
    step = tf.train.AdamOptimizer(0.05).minimize(loss)
    return Program(_named(tf, [outputs, state, cut, last, loss]), {x: _X}, step)


def static_both_ways(tf: Any) -> Program:
    steps = tf.unstack(tf.constant(_X), axis=1)
    cells = tf.nn.rnn_cell
    outputs, fw, bw = tf.nn.static_bidirectional_rnn(cells.GRUCell(3), cells.BasicLSTMCell(2), steps, dtype=tf.float32)
    cut, *_ = tf.nn.static_bidirectional_rnn(cells.GRUCell(3), cells.GRUCell(2), steps, dtype=tf.float32, scope="cut",
                                             sequence_length=_LENGTHS)
    return Program(_named(tf, [outputs, fw, bw, cut]))


def raw(tf: Any) -> Program:
    rows, cell = tf.constant(np.swapaxes(_X, 0, 1).copy()), tf.nn.rnn_cell.LSTMCell(3)
    lengths = tf.constant(_LENGTHS)

    def loop(time: Any, output: Any, state: Any, own: Any) -> Any:
        following = cell.zero_state(3, tf.float32) if output is None else state
        finished = time >= lengths
        given = tf.cond(tf.reduce_all(finished), lambda: tf.zeros([3, 4]), lambda: rows[time])
        return finished, given, following, output, (tf.constant(0) if own is None else own + 2)
    outputs, state, own = tf.nn.raw_rnn(cell, loop)
    return Program(_named(tf, [outputs.stack(), state, own]))


def state_saving(tf: Any) -> Program:
    class Saver:
        def __init__(self) -> None:
            self.held = tf.get_variable("held", [3, 2], initializer=tf.zeros_initializer(), trainable=False)

        def state(self, name: str) -> Any:
            return tf.identity(self.held)

        def save_state(self, name: str, value: Any) -> Any:
            return tf.assign(self.held, value)
    outputs, state = tf.nn.static_state_saving_rnn(tf.nn.rnn_cell.GRUCell(2), tf.unstack(tf.constant(_X), axis=1), Saver(),
                                                   "held")
    return Program(_named(tf, [outputs[-1], state]), step=state)


def nested_inputs(tf: Any) -> Program:
    class Cell(tf.nn.rnn_cell.RNNCell):  # type: ignore[name-defined,misc]
        state_size = (2, 2)
        output_size = (2, 2)

        def call(self, inputs: Any, state: Any) -> Any:
            new = tuple(tf.tanh(tf.layers.dense(x, 2, name=f"d{i}") + s) for i, (x, s) in enumerate(zip(inputs, state)))
            return new, new
    x = tf.constant(_X)
    outputs, state = tf.nn.dynamic_rnn(Cell(), (x, 2 * x), _LENGTHS, dtype=tf.float32)
    return Program(_named(tf, [outputs, state]))


_more: tuple[Callable[[Any], Program], ...] = (whole_sequences, own_cell, both_ways, static, static_both_ways, raw,
                                               state_saving, nested_inputs)
PROGRAMS: dict[str, Build] = {**{f"{name}_once": _once(name) for name in _CELLS},
                              **{f"{name}_dynamic": _dynamic(name) for name in _CELLS},
                              **{f.__name__: f for f in _more}}
