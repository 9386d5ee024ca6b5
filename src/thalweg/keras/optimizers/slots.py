"""The variables of an optimizer: making them, keeping them in order, saving them."""
from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from .. import initializers, naming
from ..checkpointing import announce
from ..types import Shape
from ..variable import Variable


class Slots:
    """What an optimizer holds. Variables belong to it once they are made by its methods or set as an attribute."""

    name: str
    built: bool
    _variables: list[Any]

    @property
    def variables(self) -> list[Any]:
        """The state: the iterations, the learning rate (unless it is a schedule), then the slots."""
        return list(self._variables)

    def add_variable(self, shape: Shape, initializer: Any = "zeros", dtype: Any = None, aggregation: str = "none",
                     layout: Any = None, name: str | None = None) -> Variable:
        """A new variable of the optimizer's state."""
        self._check_super_called()
        with naming.name_scope(self.name, caller=self):
            variable = Variable(initializers.get(initializer), shape=shape, dtype=dtype, trainable=False,
                                aggregation=aggregation, layout=layout, name=name)
        self._track_variable(variable)
        return variable

    def add_variable_from_reference(self, reference_variable: Any, name: str | None = None,
                                    initializer: Any = "zeros") -> Variable:
        """A new variable of the shape and dtype of a model's variable, named after it."""
        path = getattr(reference_variable, "path", None)
        if path is None:
            path = str(reference_variable.name).replace(":", "_")
        return self.add_variable(reference_variable.shape, initializer, dtype=reference_variable.dtype,
                                 name=f"{path.replace('/', '_')}_{name or 'var'}")

    def add_optimizer_variables(self, trainable_variables: Sequence[Any], name: str | Sequence[str],
                                initializer: Any = "zeros") -> Any:
        """New slots for every variable: a list, or for several names a tuple of lists.

        Raises:
          ValueError: there are not as many initializers as names.
        """
        names = [name] if isinstance(name, str) else list(name)
        several = isinstance(initializer, (list, tuple))
        initializers_ = list(initializer) if several else [initializer] * len(names)
        if len(initializers_) != len(names):
            raise ValueError("The number of provided names must match the number of provided initializers.  Received "
                             f"name='{name}', initializer='{initializer}'")
        slots: tuple[list[Any], ...] = tuple([] for _ in names)
        for variable in trainable_variables:
            direct = getattr(variable, "overwrite_with_gradient", False)
            for slot, slot_name, first in zip(slots, names, initializers_, strict=True):
                slot.append(None if direct else self.add_variable_from_reference(variable, slot_name, first))
        return slots[0] if isinstance(name, str) else slots

    def _track_variable(self, variable: Variable) -> None:
        if all(held is not variable for held in self._variables):
            self._variables.append(variable)
            announce(self)

    def __setattr__(self, name: str, value: Any) -> None:
        self._check_super_called()
        if isinstance(value, Variable):
            self._track_variable(value)
        object.__setattr__(self, name, value)
        if isinstance(value, list):
            announce(self)

    def _trackable_children(self) -> dict[str, Any]:
        """What a checkpoint follows from here: the variables, and the lists of them, by Keras's names."""
        return {name: value for name, value in vars(self).items() if isinstance(value, (Variable, Slots, list))
                and name != "_deferred_restorations"}

    def _check_super_called(self) -> None:
        if "_variables" not in self.__dict__:
            raise RuntimeError(f"In optimizer '{type(self).__name__}', you forgot to call `super().__init__()` as the "
                               "first statement in the `__init__()` method. Go add it!")

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Sets the state, in the order of `variables`.

        Raises:
          ValueError: the optimizer is not built, or a shape differs.
        """
        if not self.built:
            raise ValueError(
                "You are calling `set_weights()` on an optimizer that has not yet been built. Please call "
                "`optimizer.build(trainable_variables)` to create the optimizer weights before calling "
                "`set_weights()`.")
        for variable, weight in zip(self._variables, weights, strict=False):
            if tuple(variable.shape) != tuple(weight.shape):
                raise ValueError(f"Optimizer variable {variable.path} has shape {variable.shape} not compatible with "
                                 f"provided weight shape {weight.shape}.")
            variable.assign(weight)

    def save_own_variables(self, store: Any) -> None:
        """Writes the state into a mapping from `"0"`, `"1"`, ... to arrays."""
        for i, variable in enumerate(self._variables):
            store[str(i)] = variable.numpy()

    def load_own_variables(self, store: Any) -> None:
        """Reads what `save_own_variables` wrote; warns and does nothing where the numbers of variables differ."""
        if len(store.keys()) != len(self._variables):
            unbuilt = "This is likely because the optimizer has not been called/built yet."
            warnings.warn(f"Skipping variable loading for optimizer '{self.name}', because it has "
                          f"{len(self._variables)} variables whereas the saved optimizer has {len(store.keys())} "
                          f"variables. {'' if self._variables else unbuilt}", stacklevel=2)
            return
        for i, variable in enumerate(self._variables):
            variable.assign(store[str(i)])
