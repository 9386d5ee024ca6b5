"""`keras.Variable`: a TensorFlow variable with a path, and with what layers and optimizers hang on it."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from . import config, naming
from .types import Shape, TensorFunction

# The class of variables that hold a value has no public name. Asking a variable for it would make one of the graph that
# may be under construction where Keras is first used.
_ValueVariable: Any = next(kind for base in tf.Variable.__subclasses__() for kind in base.__subclasses__()
                           if kind.__name__ == "ResourceVariable")

_AGGREGATIONS = {
    None: "NONE", "none": "NONE", "mean": "MEAN", "sum": "SUM", "only_first_replica": "ONLY_FIRST_REPLICA",
}  # fmt: skip
_SYNCHRONIZATIONS = {None: "NONE", "none": "NONE", "on_read": "ON_READ", "on_write": "ON_WRITE", "auto": "AUTO"}


class Variable(_ValueVariable):  # type: ignore[misc]
    """State of a layer, an optimizer or a metric.

    Args:
      initializer: the first value, or a function from a shape and a dtype to it, or the name of such an initializer.
      shape: needed where the initializer is a function.
      dtype: a name or a DType; the value's own where None, and `floatx` for a function.
      trainable: whether tapes watch the variable.
      autocast: whether layers may compute with the value cast to their compute dtype.
      aggregation: how a distributed variable is combined: None, "none", "mean", "sum", "only_first_replica".
      synchronization: when: None, "none", "auto", "on_read", "on_write".
      name: without `/`; automatic where None.
      layout: accepted, without effect.

    Attributes:
      path: the name with the scopes around it, `"dense/kernel"`.
      regularizer: a function from the value to a penalty, or None.
      constraint: a projection that an optimizer applies after an update, or None.

    Raises:
      ValueError: a bad name, aggregation, synchronization or shape.
    """

    def __init__(self, initializer: Any, shape: Shape | None = None, dtype: Any = None, trainable: bool = True,
                 autocast: bool = True, aggregation: str | None = "none", synchronization: str | None = "auto",
                 name: str | None = None, layout: Any = None, **kwargs: Any) -> None:
        if name is None:
            name = naming.auto_name("variable")
        if not isinstance(name, str) or "/" in name:
            raise ValueError("Argument `name` must be a string and cannot contain character `/`. "
                             f"Received: name={name}")
        if aggregation not in _AGGREGATIONS:
            raise ValueError("Invalid value for argument `aggregation`. Expected one of `None`, `'none'`, `'mean'`, "
                             f"`'sum'`, `'only_first_replica'`. Received: aggregation={aggregation}")
        if synchronization not in _SYNCHRONIZATIONS:
            raise ValueError("Invalid value for argument `synchronization`. Expected one of `None`, `'none'`, "
                             f"`'on_read'`, `'on_write'`, `'auto'`. Received: synchronization={synchronization}")
        self._keras_name = name
        scopes = naming.current_path()
        self.path = f"{scopes}/{name}" if scopes else name
        if isinstance(initializer, str):
            from . import initializers

            initializer = initializers.get(initializer)
        # A variable lives outside the graph of whatever function is being traced.
        with tf.init_scope():
            super().__init__(
                self._first_value(initializer, shape, dtype), trainable=bool(trainable), name=name,
                aggregation=getattr(tf.VariableAggregation, _AGGREGATIONS[aggregation]),
                synchronization=getattr(tf.VariableSynchronization, _SYNCHRONIZATIONS[synchronization]),
            )  # fmt: skip
        self.autocast = bool(autocast)
        self.overwrite_with_gradient = False
        self._regularizer: TensorFunction | None = None

    def _first_value(self, initializer: Any, shape: Shape | None, dtype: Any) -> Any:
        if not callable(initializer) or tf.is_tensor(initializer):
            return config.as_tensor(initializer, None if dtype is None else _as_dtype(dtype))
        if shape is None:
            raise ValueError("When creating a Variable from an initializer, the `shape` argument should be specified. "
                             f"Received: initializer={initializer} and shape={shape}")
        sizes = tuple(shape)
        if None in sizes:
            raise ValueError("Shapes used to initialize variables must be fully-defined (no `None` dimensions). "
                             f"Received: shape={sizes} for variable path='{self.path}'")
        dtype = _as_dtype(dtype)
        return config.as_tensor(initializer(sizes, dtype=dtype.name), dtype)

    @property
    def name(self) -> str:
        """The name, without scopes."""
        return self._keras_name

    @property
    def trainable(self) -> bool:
        """Whether tapes watch this variable by themselves."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)

    @property
    def regularizer(self) -> TensorFunction | None:
        """A function from the value to a penalty, or None."""
        return self._regularizer

    @regularizer.setter
    def regularizer(self, value: TensorFunction | None) -> None:
        self._regularizer = _checked(value, "regularizer", "keras.regularizers.Regularizer")

    @property
    def constraint(self) -> Any:
        """A projection that an optimizer applies after an update, or None."""
        return self._constraint

    @constraint.setter
    def constraint(self, value: TensorFunction | None) -> None:
        self._constraint = _checked(value, "constraint", "keras.constraints.Constraint")

    def __repr__(self) -> str:
        shown = f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype.name}"
        try:
            return f"{shown}, value={self.numpy()}>"
        except NotImplementedError:
            return f"{shown}>"


def _as_dtype(dtype: Any) -> Any:
    return tf.as_dtype(config.standardize_dtype(dtype))


def _checked(value: Any, argument: str, base: str) -> Any:
    if value is not None and not callable(value):
        raise ValueError(f"Invalid value for attribute `{argument}`. Expected a callable (such as a `{base}` instance) "
                         f"or `None`. Received: {argument}={value}")
    return value
