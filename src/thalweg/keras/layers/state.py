"""What a layer holds: its weights, those of the layers inside it, and the losses that they add."""
from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from math import prod
from typing import Any

import numpy as np

import thalweg as tf

from .. import constraints, initializers, naming, regularizers
from ..config import standardize_dtype
from ..dtype_policies import is_float_dtype
from ..symbolic.operation import Operation
from ..types import Shape, Tensor
from ..variable import Variable
from . import tracking


def unique(variables: Iterable[Any]) -> list[Any]:
    """The variables, each once."""
    return list({id(v): v for v in variables}.values())


class LayerState(Operation):
    """The half of `Layer` that keeps its state."""

    built: bool
    autocast: bool
    _trainable: bool
    _trainable_variables: list[Any]
    _non_trainable_variables: list[Any]
    _layers: list[Any]
    _metrics: list[Any]
    _seed_generators: list[Any]
    _losses: list[Any]
    _tracker: tracking.Tracker

    @property
    def variable_dtype(self) -> str:
        """The dtype of the weights."""
        raise NotImplementedError

    @property
    def compute_dtype(self) -> str:
        """The dtype that the layer computes in."""
        raise NotImplementedError

    def add_weight(self, shape: Shape | None = None, initializer: Any = None, dtype: Any = None, trainable: bool = True,
                   autocast: bool = True, regularizer: Any = None, constraint: Any = None, aggregation: str = "none",
                   overwrite_with_gradient: bool = False, name: str | None = None) -> Any:
        """Makes a variable that belongs to this layer.

        Args:
          shape: its sizes, all known; `()` for None.
          initializer: an initializer, or its name; `"glorot_uniform"` for None, `"zeros"` for integers and booleans.
          dtype: its dtype; the layer's `variable_dtype` for None.
          trainable: whether training changes it.
          autocast: whether it is read in the layer's `compute_dtype`.
          regularizer: penalty on its value, added to the loss.
          constraint: projection that the optimizer applies after a step.
          aggregation: how replicas are combined.
          overwrite_with_gradient: whether the optimizer replaces the value by the gradient.
          name: its name.

        Raises:
          ValueError: `name` given in the place of the shape, an unknown initializer, a size that is not known.
          RuntimeError: `super().__init__()` was not called.
        """
        self._check_super_called()
        if isinstance(shape, str):
            raise ValueError(f"`name` must be passed as a keyword argument. Received: add_weight('{shape}', ...). "
                             f"Use: add_weight(shape=..., name='{shape}').")
        dtype = self.variable_dtype if dtype is None else standardize_dtype(dtype)
        if initializer is None:
            initializer = "glorot_uniform" if "float" in dtype else "zeros"
        cls: Any = Variable
        if autocast and self.autocast and self.compute_dtype != dtype and is_float_dtype(dtype):
            from .autocast import AutocastVariable as cls
        with naming.name_scope(self.name, caller=self):
            variable = cls(initializers.get(initializer), shape=() if shape is None else shape, dtype=dtype,
                           trainable=trainable, autocast=autocast, aggregation=aggregation, name=name)
        variable.regularizer = regularizers.get(regularizer)
        variable.constraint = constraints.get(constraint)
        variable.overwrite_with_gradient = overwrite_with_gradient
        self._track_variable(variable)
        return variable

    def add_variable(self, *args: Any, **kwargs: Any) -> Any:
        """The same as `add_weight`."""
        return self.add_weight(*args, **kwargs)

    def _check_super_called(self) -> None:
        if self._lock:
            raise RuntimeError(f"In layer '{type(self).__name__}', you forgot to call `super().__init__()` as the "
                               "first "
                               "statement in the `__init__()` method. Go add it!")

    def _track_variable(self, variable: Variable) -> None:
        self._tracker.add("trainable_variables" if variable.trainable else "non_trainable_variables", variable)
        if not self.trainable:
            variable.trainable = False

    def _untrack_variable(self, variable: Variable) -> None:
        self._tracker.untrack(variable)

    @property
    def trainable(self) -> bool:
        """Whether training changes this layer. Setting it sets it for all layers inside."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        value = bool(value)
        object.__setattr__(self, "_trainable", value)
        for variable in self._trainable_variables:
            if isinstance(variable, Variable):
                variable.trainable = value
        for layer in self._layers:
            layer.trainable = value
        tracking.changed()

    @property
    def weights(self) -> list[Any]:
        """All variables of this layer and of those inside it, without the state of metrics and of random seeds."""
        return unique(self._walk_weights())

    def _walk_weights(self) -> Iterator[Any]:
        yield from self._trainable_variables
        yield from self._non_trainable_variables
        for layer in self._layers:
            yield from layer._walk_weights()

    @property
    def variables(self) -> list[Any]:
        """All variables, those of random seeds included, those of metrics not."""
        return unique(self._walk_variables())

    def _walk_variables(self) -> Iterator[Any]:
        yield from self._trainable_variables
        yield from self._non_trainable_variables
        for generator in self._seed_generators:
            yield generator.state
        for layer in self._layers:
            yield from layer._walk_variables()

    @property
    def trainable_weights(self) -> list[Any]:
        """The weights that training changes."""
        return [v for v in self._kept("_unfrozen", lambda: unique(self._walk_unfrozen())) if v.trainable]

    def _walk_unfrozen(self) -> Iterator[Any]:
        """The weights of layers that are not frozen."""
        if self.trainable:
            yield from self._trainable_variables
            yield from self._non_trainable_variables
            for layer in self._layers:
                yield from layer._walk_unfrozen()

    def _kept(self, name: str, make: Callable[[], list[Any]]) -> list[Any]:
        """A list that is made anew only after some layer has come to hold, or to train, something else."""
        found = self.__dict__.get(name)
        if found is None or found[0] != tracking.version:
            found = (tracking.version, make())
            object.__setattr__(self, name, found)
        return found[1]

    @property
    def trainable_variables(self) -> list[Any]:
        """The variables that training changes."""
        return self.trainable_weights

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The weights that training leaves alone."""
        trained = {id(v) for v in self.trainable_weights}
        return [v for v in self.weights if id(v) not in trained]

    @property
    def non_trainable_variables(self) -> list[Any]:
        """The variables that training leaves alone."""
        trained = {id(v) for v in self.trainable_weights}
        return [v for v in self.variables if id(v) not in trained]

    @property
    def metrics(self) -> list[Any]:
        """The metrics that are attributes of this layer and of those inside it."""
        found = list(self._metrics)
        for layer in self._layers:
            found.extend(layer.metrics)
        return found

    @property
    def metrics_variables(self) -> list[Any]:
        """The variables of `metrics`."""
        return [v for metric in self.metrics for v in metric.variables]

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """The values of `weights` as NumPy arrays."""
        return [v.numpy() for v in self.weights]

    def set_weights(self, weights: Iterable[Any]) -> None:
        """Gives `weights` the values of arrays.

        Raises:
          ValueError: another number of arrays, or one of another shape.
        """
        values = list(weights)
        held = self.weights
        if len(held) != len(values):
            raise ValueError(f"You called `set_weights(weights)` on layer '{self.name}' with a weight list of length "
                             f"{len(values)}, but the layer was expecting {len(held)} weights.")
        for variable, value in zip(held, values, strict=True):
            shape = tuple(np.shape(value))
            if tuple(variable.shape) != shape:
                raise ValueError(f"Layer {self.name} weight shape {variable.shape} is not compatible with provided "
                                 f"weight shape {shape}.")
            variable.assign(value)

    def count_params(self) -> int:
        """The number of scalars in `weights`.

        Raises:
          ValueError: the layer is not built.
        """
        if not self.built:
            raise ValueError(f"You tried to call `count_params` on layer '{self.name}', but the layer isn't built. You "
                             "can build it manually via: `layer.build(input_shape)`.")
        return sum(prod(tuple(v.shape)) for v in self.weights)

    def add_loss(self, loss: Any) -> None:
        """Adds a scalar loss, or several; called inside `call` or `build`.

        Raises:
          ValueError: a loss is no tensor.
        """
        losses = tf.nest.flatten(loss)
        for x in losses:
            if not tf.is_tensor(x):
                raise ValueError("`add_loss()` can only be called from inside `build()` or `call()`, on a tensor "
                                 "input. "
                                 f"Received invalid value: {x}")
        self._losses.extend(losses)

    @property
    def losses(self) -> list[Tensor]:
        """The losses of the last call of this layer and of those inside it, then the penalties on their weights."""
        found: list[Tensor] = []
        for layer in self._all_layers():
            if layer._losses:
                found += layer._losses
        for v in self.trainable_weights:
            regularizer = getattr(v, "regularizer", None)
            if regularizer is not None:
                found.append(regularizer(v))
        return found

    def _clear_losses(self) -> None:
        for layer in self._all_layers():
            if layer._losses:
                layer._losses.clear()

    def _all_layers(self) -> list[Any]:
        """This layer and all inside it."""
        return self._kept("_all", self._flatten_layers)

    def _flatten_layers(self, include_self: bool = True, recursive: bool = True) -> list[Any]:
        found = [self] if include_self else []
        seen: set[int] = set()
        queue = deque(self._layers)
        while queue:
            layer = queue.popleft()
            if id(layer) not in seen:
                seen.add(id(layer))
                found.append(layer)
                if recursive:
                    queue.extendleft(layer._layers)
        return found
