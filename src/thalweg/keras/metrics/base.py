"""What all metrics have in common."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .. import initializers, naming
from ..config import standardize_dtype
from ..types import Config, Shape, Tensor
from ..variable import Variable


class Metric:
    """A number that is gathered over many batches.

    Subclasses make their state with `add_variable` in the constructor, and define `update_state` and `result`.

    Args:
      dtype: a name, a DType or a dtype policy to compute in; `floatx` where None.
      name: of the metric; from the class where None.
    """

    _direction: str | None = None

    def __init__(self, dtype: Any = None, name: str | None = None) -> None:
        self.name = name or naming.auto_name(type(self).__name__)
        self._dtype = standardize_dtype(dtype)
        self._compute_dtype = tf.as_dtype(self._dtype)
        self._metrics: list[Metric] = []
        self._variables: list[Any] = []

    @property
    def dtype(self) -> str:
        """The name of the dtype that the metric computes in."""
        return self._dtype

    @property
    def variables(self) -> list[Any]:
        """The state: of the metric itself, then of the metrics that are its attributes."""
        found = list(self._variables)
        for metric in self._metrics:
            found.extend(metric.variables)
        return found

    def add_variable(self, shape: Shape, initializer: Any, dtype: Any = None, aggregation: str = "sum",
                     name: str | None = None) -> Variable:
        """A new variable of the metric's state.

        Raises:
          RuntimeError: the constructor of the base class was not called.
        """
        self._check_super_called()
        with naming.name_scope(self.name.replace("/", ">"), caller=self):
            variable = Variable(initializers.get(initializer) or initializers.Zeros(), shape=shape, dtype=dtype,
                                trainable=False, aggregation=aggregation, synchronization="on_read", name=name)
        self._variables.append(variable)
        return variable

    def add_weight(self, shape: Shape = (), initializer: Any = None, dtype: Any = None,
                   name: str | None = None) -> Variable:
        """The older name of `add_variable`, with defaults."""
        return self.add_variable(shape, initializer, dtype=dtype, name=name)

    def update_state(self, *args: Any, **kwargs: Any) -> Any:
        """Takes in a batch."""
        raise NotImplementedError(f"Metric '{type(self).__name__}' must define `update_state`.")

    def result(self) -> Any:
        """The number over all batches since the last reset: a tensor, or a dictionary of such."""
        raise NotImplementedError(f"Metric '{type(self).__name__}' must define `result`.")

    def reset_state(self) -> None:
        """Sets the state back to zeros."""
        for variable in self.variables:
            variable.assign(tf.zeros(variable.shape, dtype=variable.dtype), read_value=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Takes in a batch and returns the result over all batches so far."""
        self._check_super_called()
        self.update_state(*args, **kwargs)
        return self.result()

    def get_config(self) -> Config:
        """The arguments of the constructor."""
        return {"name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: Config) -> Metric:
        """The metric that `get_config` described."""
        return cls(**config)

    def __setattr__(self, name: str, value: Any) -> None:
        held = self.__dict__
        if "_variables" in held:
            if isinstance(value, Metric):
                if all(metric is not value for metric in held["_metrics"]):
                    held["_metrics"].append(value)
            elif isinstance(value, Variable) and all(variable is not value for variable in held["_variables"]):
                held["_variables"].append(value)
        object.__setattr__(self, name, value)

    def _check_super_called(self) -> None:
        if "_variables" not in self.__dict__:
            raise RuntimeError("You forgot to call `super().__init__()` in the `__init__()` method. Go add it!")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def sum_over(values: Tensor, sample_weight: Tensor | None, axis: Any = None) -> Tensor:
    """The sum of values, each row times its weight."""
    if sample_weight is not None:
        values = values * tf.expand_dims(sample_weight, 1)
    return tf.reduce_sum(values, axis=axis)
