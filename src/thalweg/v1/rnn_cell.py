"""`tf.nn.rnn_cell` of TensorFlow 1."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "v1.recurrent.cell": "RNNCell",
    "v1.recurrent.cells": "BasicLSTMCell BasicRNNCell GRUCell LSTMCell LSTMStateTuple",
    "v1.recurrent.multi": "MultiRNNCell",
    "v1.recurrent.wrappers": "DeviceWrapper DropoutWrapper ResidualWrapper",
})
