"""The recurrent cells: plain, gated (GRU) and with a memory (LSTM)."""
from __future__ import annotations

from collections import namedtuple
from typing import Any

import thalweg as tf

from ..initializers import ZEROS, Constant
from ..layers.base import get_activation
from .cell import LayerRNNCell, check_dtype


class LSTMStateTuple(namedtuple("LSTMStateTuple", ("c", "h"))):
    """The state of an LSTM: its memory `c` and its last output `h`."""

    __slots__ = ()

    @property
    def dtype(self) -> Any:
        """The dtype of both.

        Raises:
          TypeError: they differ.
        """
        if self.c.dtype != self.h.dtype:
            raise TypeError(f"Inconsistent internal state: {self.c.dtype} vs {self.h.dtype}")
        return self.c.dtype


def _affine(inputs: list[Any], kernel: Any, bias: Any) -> Any:
    return tf.nn.bias_add(tf.matmul(tf.concat(inputs, 1), kernel), bias)


class _Units(LayerRNNCell):
    """A cell of `num_units` units."""

    def __init__(self, num_units: int, activation: Any, reuse: Any, name: Any, dtype: Any, **kwargs: Any) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_dtype(self.dtype)
        self._num_units = num_units
        self._activation = get_activation(activation) if activation else tf.tanh

    @property
    def state_size(self) -> Any:
        """The number of units."""
        return self._num_units

    @property
    def output_size(self) -> Any:
        """The number of units."""
        return self._num_units


class BasicRNNCell(_Units):
    """`output = activation([inputs, state] @ kernel + bias)`, which is the next state, too.

    Args:
      num_units: the size of state and output.
      activation: tanh unless told otherwise.
      reuse: whether the variables exist already.
      name, dtype: as `Layer`.
    """

    def __init__(self, num_units: int, activation: Any = None, reuse: Any = None, name: Any = None, dtype: Any = None,
                 **kwargs: Any) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)

    def build(self, input_shape: Any) -> None:
        """Makes `kernel` and `bias`."""
        depth = self._depth(input_shape)
        self._kernel = self.add_weight("kernel", [depth + self._num_units, self._num_units])
        self._bias = self.add_weight("bias", [self._num_units], initializer=ZEROS)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """One step."""
        self._check(inputs, state)
        output = self._activation(_affine([inputs, state], self._kernel, self._bias))
        return output, output


class GRUCell(_Units):
    """The gated recurrent unit (Cho et al. 2014), with the reset gate before the product.

    Args:
      num_units: the size of state and output.
      activation: tanh unless told otherwise.
      reuse: whether the variables exist already.
      kernel_initializer: of both kernels.
      bias_initializer: of both biases; ones for the gates and zeros for the candidate unless told otherwise.
      name, dtype: as `Layer`.
    """

    def __init__(self, num_units: int, activation: Any = None, reuse: Any = None, kernel_initializer: Any = None,
                 bias_initializer: Any = None, name: Any = None, dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer

    def build(self, input_shape: Any) -> None:
        """Makes kernel and bias of the gates, and of the candidate."""
        depth, n = self._depth(input_shape) + self._num_units, self._num_units
        own = self._bias_initializer
        self._gate_kernel = self.add_weight("gates/kernel", [depth, 2 * n], initializer=self._kernel_initializer)
        self._gate_bias = self.add_weight("gates/bias", [2 * n], initializer=Constant(1.0) if own is None else own)
        self._candidate_kernel = self.add_weight("candidate/kernel", [depth, n], initializer=self._kernel_initializer)
        self._candidate_bias = self.add_weight("candidate/bias", [n], initializer=ZEROS if own is None else own)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """One step."""
        self._check(inputs, state)
        r, u = tf.split(tf.sigmoid(_affine([inputs, state], self._gate_kernel, self._gate_bias)), 2, axis=1)
        candidate = self._activation(_affine([inputs, r * state], self._candidate_kernel, self._candidate_bias))
        output = u * state + (1 - u) * candidate
        return output, output


class BasicLSTMCell(_Units):
    """The plain long short-term memory (Hochreiter and Schmidhuber 1997, Zaremba et al. 2014).

    Args:
      num_units: the size of memory and output.
      forget_bias: added to the forget gate.
      state_is_tuple: whether states are an `LSTMStateTuple`, else both parts in one tensor.
      activation: tanh unless told otherwise.
      reuse: whether the variables exist already.
      name, dtype: as `Layer`.
    """

    def __init__(self, num_units: int, forget_bias: float = 1.0, state_is_tuple: bool = True, activation: Any = None,
                 reuse: Any = None, name: Any = None, dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple

    @property
    def state_size(self) -> Any:
        """The sizes of memory and output."""
        n = self._num_units
        return LSTMStateTuple(n, n) if self._state_is_tuple else 2 * n

    def build(self, input_shape: Any) -> None:
        """Makes `kernel` and `bias`, for the gates i, j, f, o side by side."""
        depth = self._depth(input_shape)
        self._kernel = self.add_weight("kernel", [depth + self._num_units, 4 * self._num_units])
        self._bias = self.add_weight("bias", [4 * self._num_units], initializer=ZEROS)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """One step."""
        self._check(inputs, state)
        c, h = state if self._state_is_tuple else tf.split(state, 2, axis=1)
        i, j, f, o = tf.split(_affine([inputs, h], self._kernel, self._bias), 4, axis=1)
        new_c = c * tf.sigmoid(f + tf.constant(self._forget_bias, f.dtype)) + tf.sigmoid(i) * self._activation(j)
        new_h = self._activation(new_c) * tf.sigmoid(o)
        return new_h, LSTMStateTuple(new_c, new_h) if self._state_is_tuple else tf.concat([new_c, new_h], 1)


class LSTMCell(_Units):
    """Long short-term memory with peepholes, clipping and a projection of the output (Sak et al. 2014).

    Args:
      num_units: the size of the memory.
      use_peepholes: whether the gates see the memory, through diagonal weights.
      cell_clip: the largest absolute value of the memory.
      initializer: of the kernels and peepholes.
      num_proj: the size of the output if it is a projection.
      proj_clip: the largest absolute value of the projection.
      num_unit_shards, num_proj_shards: accepted, without effect: variables are never split.
      forget_bias: added to the forget gate.
      state_is_tuple: whether states are an `LSTMStateTuple`, else both parts in one tensor.
      activation: tanh unless told otherwise.
      reuse: whether the variables exist already.
      name, dtype: as `Layer`.
    """

    def __init__(self, num_units: int, use_peepholes: bool = False, cell_clip: float | None = None, initializer: Any = None,
                 num_proj: int | None = None, proj_clip: float | None = None, num_unit_shards: Any = None,
                 num_proj_shards: Any = None, forget_bias: float = 1.0, state_is_tuple: bool = True, activation: Any = None,
                 reuse: Any = None, name: Any = None, dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializer
        self._num_proj = num_proj
        self._proj_clip = proj_clip
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple

    @property
    def output_size(self) -> Any:
        """The size of the output."""
        return self._num_proj or self._num_units

    @property
    def state_size(self) -> Any:
        """The sizes of memory and output."""
        sizes = LSTMStateTuple(self._num_units, self.output_size)
        return sizes if self._state_is_tuple else sum(sizes)

    def build(self, input_shape: Any) -> None:
        """Makes `kernel` and `bias`, for the gates i, j, f, o side by side, then peepholes and projection."""
        depth, n, make = self._depth(input_shape), self._num_units, self._initializer
        self._kernel = self.add_weight("kernel", [depth + self.output_size, 4 * n], initializer=make)
        self._bias = self.add_weight("bias", [4 * n], initializer=ZEROS)
        if self._use_peepholes:
            self._peepholes = [self.add_weight(f"w_{gate}_diag", [n], initializer=make) for gate in "fio"]
        if self._num_proj is not None:
            self._projection = self.add_weight("projection/kernel", [n, self._num_proj], initializer=make)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """One step."""
        self._check(inputs, state)
        c, h = state if self._state_is_tuple else tf.split(state, [self._num_units, self.output_size], axis=1)
        i, j, f, o = tf.split(_affine([inputs, h], self._kernel, self._bias), 4, axis=1)
        f = f + self._forget_bias
        if self._use_peepholes:
            to_f, to_i, to_o = self._peepholes
            f, i = f + to_f * c, i + to_i * c
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * self._activation(j)
        if self._cell_clip is not None:
            c = tf.clip_by_value(c, -self._cell_clip, self._cell_clip)
        h = tf.sigmoid(o + to_o * c if self._use_peepholes else o) * self._activation(c)
        if self._num_proj is not None:
            h = tf.matmul(h, self._projection)
            if self._proj_clip is not None:
                h = tf.clip_by_value(h, -self._proj_clip, self._proj_clip)
        return h, LSTMStateTuple(c, h) if self._state_is_tuple else tf.concat([c, h], 1)
