"""`Discretization`: numbers as the intervals that they lie in."""
from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf

from ...config import floatx
from ...symbolic.keras_tensor import KerasTensor
from ...types import Config, Shape
from ..layer import Layer
from .encoding import MODES, check_choice, encoded


class Discretization(Layer):
    """Numbers as the numbers of the intervals that they lie in, by bounds that are given or taken from data by `adapt`.

    Args:
      bin_boundaries: the bounds; the first interval begins and the last ends in infinity.
      num_bins: how many intervals `adapt` makes, each with as many of the data.
      epsilon: how far `adapt` may be off; smaller numbers take more memory.
      output_mode: `"int"`, `"one_hot"`, `"multi_hot"` or `"count"`.
      sparse: whether the result is a `SparseTensor`, not for `"int"`.
      dtype: of the result, but for `"int"`, which is int32.
      name: of the layer.

    Raises:
      ValueError: both or neither of bounds and a number of them, or an unknown mode.
    """

    def __init__(self, bin_boundaries: Any = None, num_bins: int | None = None, epsilon: float = 0.01,
                 output_mode: str = "int", sparse: bool = False, dtype: Any = None, name: str | None = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self._allow_non_tensor_positional_args = True
        if sparse and output_mode == "int":
            raise ValueError("`sparse=True` may only be used if `output_mode` is `'one_hot'`, `'multi_hot'`, or `'count'`. "
                             f"Received: sparse={sparse} and output_mode={output_mode}")
        check_choice(output_mode, MODES, self, "output_mode")
        if num_bins is not None and num_bins < 0:
            raise ValueError(f"`num_bins` must be greater than or equal to 0. Received: `num_bins={num_bins}`")
        if num_bins is not None and bin_boundaries is not None:
            raise ValueError(f"Both `num_bins` and `bin_boundaries` should not be set. Received: `num_bins={num_bins}` and "
                             f"`bin_boundaries={bin_boundaries}`")
        if num_bins is None and bin_boundaries is None:
            raise ValueError("You need to set either `num_bins` or `bin_boundaries`.")
        self.bin_boundaries = bin_boundaries
        self.num_bins = num_bins
        self.epsilon = epsilon
        self.output_mode = output_mode
        self.sparse = sparse
        self.summary: Any = None if bin_boundaries else _NOTHING

    @property
    def input_dtype(self) -> str:
        return floatx()

    @property
    def output_dtype(self) -> str:
        """The dtype of the result."""
        return self.compute_dtype if self.output_mode != "int" else "int32"

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Takes the bounds from data.

        Args:
          data: an array, a tensor, or an iterable of batches.
          steps: how many batches count; all for None.

        Raises:
          ValueError: the layer was given its bounds.
        """
        if self.num_bins is None:
            raise ValueError("Cannot adapt a Discretization layer that has been initialized with `bin_boundaries`, use "
                             "`num_bins` instead.")
        self.reset_state()
        if hasattr(data, "__iter__") and not isinstance(data, np.ndarray) and not tf.is_tensor(data):
            for i, batch in enumerate(data):
                if steps is not None and i >= steps:
                    break
                self.update_state(batch)
        else:
            self.update_state(data)
        self.finalize_state()

    def update_state(self, data: Any) -> None:
        """Adds a batch to the summary of the data."""
        both = np.concatenate((_summary(np.array(data).astype("float32"), self.epsilon), self.summary), 1)
        self.summary = _compressed(both[:, np.argsort(both[0])], self.epsilon)

    def finalize_state(self) -> None:
        """Takes the bounds from the summary."""
        if self.num_bins is not None:
            self.bin_boundaries = _compressed(self.summary, 1.0 / self.num_bins)[0, :-1].tolist()

    def reset_state(self) -> None:
        """Forgets the data."""
        if self.num_bins is not None:
            self.summary = _NOTHING

    def call(self, inputs: Any) -> Any:
        if self.bin_boundaries is None:
            raise ValueError("You need to either pass the `bin_boundaries` argument at construction time or call "
                             "`adapt(dataset)` before you can start using the `Discretization` layer.")
        if isinstance(inputs, tf.RaggedTensor):
            return inputs.with_flat_values(self._found(inputs.flat_values))
        x = tf.convert_to_tensor(inputs)
        return encoded(self._found(x), self.output_mode, len(self.bin_boundaries) + 1, self.output_dtype, self.sparse)

    def _found(self, x: Any) -> Any:
        # The bounds are of float32 as in TensorFlow; float64 is compared as it is.
        bounds = np.array(list(self.bin_boundaries), "float32")
        x = x if x.dtype == tf.float64 else tf.cast(x, tf.float32)
        found = tf.searchsorted(tf.constant(bounds, x.dtype), tf.reshape(x, [-1]), side="right")
        return tf.reshape(found, tf.shape(x))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        if self.output_mode == "int":
            return input_shape
        depth = self.num_bins if self.bin_boundaries is None else len(self.bin_boundaries) + 1
        if self.output_mode == "one_hot":
            return (*(input_shape[:-1] if len(input_shape) > 1 and input_shape[-1] == 1 else input_shape), depth)
        return (input_shape[0], *input_shape[2:], depth) if len(input_shape) >= 2 else (depth,)

    def compute_output_spec(self, inputs: Any) -> KerasTensor:
        return KerasTensor(self.compute_output_shape(tuple(inputs.shape)), self.output_dtype)

    def load_own_variables(self, store: Any) -> None:
        """Takes the summary from a file that has one."""
        if len(store) == 1:
            self.summary = store["0"]

    def get_config(self) -> Config:
        bounds = self.bin_boundaries
        return {"bin_boundaries": list(bounds) if isinstance(bounds, list) else bounds, "num_bins": self.num_bins,
                "epsilon": self.epsilon, "output_mode": self.output_mode, "sparse": self.sparse, "name": self.name,
                "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: Config, custom_objects: Any = None) -> Discretization:
        """The layer that `get_config` described, with the bounds that it had learnt."""
        bounds = config.get("bin_boundaries")
        if bounds is None or config.get("num_bins") is None:
            return cls(**config)
        layer = cls(**{name: value for name, value in config.items() if name != "bin_boundaries"})
        layer.bin_boundaries = bounds
        return layer


_NOTHING = np.array([[], []], "float32")


def _summary(values: Any, epsilon: float) -> Any:
    """Some of the values in order, at equal steps, above how many values each stands for."""
    values = np.sort(values.reshape(-1))
    step = max(values.size * epsilon, 1)
    bounds = values[int(step - 1)::int(step)]
    return np.stack([bounds, np.ones_like(bounds) * step])


def _compressed(summary: Any, epsilon: float) -> Any:
    """A summary of no more than `1 / epsilon` values, read off the cumulated counts between the values."""
    if summary.shape[1] * epsilon < 1:
        return summary
    parts = epsilon + np.arange(0.0, 1.0, epsilon)
    total = summary[1].cumsum()
    share = total / total[-1]
    bounds, upto = np.interp(parts, share, summary[0]), np.interp(parts, share, total)
    return np.stack((bounds, upto - np.concatenate((np.array([0]), upto[:-1])))).astype("float32")
