"""The base of TensorFlow 1's layers: variables shared by name through a variable scope that the first call opens."""
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import thalweg as tf

from ...core.graph import Graph
from ..building import in_default_graph
from ..collections import GraphKeys, home
from ..framework import name_scope
from ..scopes import get_variable, variable_scope

_UNIQUE = "layer_names"


def get_activation(activation: Any) -> Any:
    """A function for an activation, which may be given by its Keras name."""
    return tf.keras.activations.get(activation) if isinstance(activation, str) else activation


def get_initializer(initializer: Any) -> Any:
    """An initializer, which may be given by its Keras name."""
    return tf.keras.initializers.get(initializer) if isinstance(initializer, str) else initializer


def get_regularizer(regularizer: Any) -> Any:
    """A regularizer, which may be given by its Keras name."""
    return tf.keras.regularizers.get(regularizer) if isinstance(regularizer, str) else regularizer


def snake_case(name: str) -> str:
    """`MaxPooling2D` as `max_pooling2d`."""
    parted = re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)).lower()
    return "private" + parted if parted.startswith("_") else parted


class Layer:
    """A function with variables. The first call makes them, in a variable scope named like the layer.

    A subclass makes its variables in `build(input_shape)` by `add_weight`, and says in `call(inputs)` what it computes.

    Args:
      trainable: whether the variables join the graph's trainable ones.
      name: of the layer; from its class unless told otherwise.
      dtype: of the variables; that of the first input unless told otherwise.
      activity_regularizer: a function of the output, whose result joins the regularization losses.
      _scope: the variable scope, or its name.
      _reuse: whether the variables exist already; tf.AUTO_REUSE leaves it open.
    """

    def __init__(self, trainable: bool = True, name: Any = None, dtype: Any = None, activity_regularizer: Any = None,
                 _scope: Any = None, _reuse: Any = None) -> None:
        self.trainable = trainable
        self.built = False
        self.input_spec: Any = None
        self._dtype = None if dtype is None else tf.as_dtype(dtype)
        self._activity_regularizer = get_regularizer(activity_regularizer)
        self._reuse = _reuse
        self._base_name = getattr(name, "name", name) or snake_case(type(self).__name__)
        self._name = name if isinstance(name, str) and name else _numbered(snake_case(type(self).__name__))
        self._trainable_weights: list[Any] = []
        self._non_trainable_weights: list[Any] = []
        self._losses: list[Any] = []
        self._updates: list[Any] = []
        self._current: Any = None
        self._scope: Any = None
        if _scope:
            with variable_scope(_scope) as opened:
                self._scope = opened

    def _open_scope(self, scope: Any = None) -> None:
        """Settles the scope of the variables, at the first call."""
        if self._scope is None:
            chosen = (scope if scope is not None else self._base_name) if self._reuse else scope
            with variable_scope(chosen, default_name=self._base_name) as opened:
                self._scope = opened

    def __call__(self, inputs: Any, *args: Any, scope: Any = None, **kwargs: Any) -> Any:
        """What `call` makes of the inputs, with the variables made if this is the first time.

        Raises:
          ValueError: inputs that the layer cannot take.
        """
        with in_default_graph() as g:
            self._open_scope(scope)
            with variable_scope(self._scope, reuse=True if self.built else self._reuse,
                                auxiliary_name_scope=False) as self._current, name_scope(self._name_scope()):
                inputs = tf.nest.map_structure(_tensor, inputs)
                if not self.built:
                    self._first(inputs)
                done = len(self._updates)
                outputs = self.call(inputs, *args, **kwargs)
                self._regularize(outputs)
            if g is not None:
                _collect(self._updates[done:], GraphKeys.UPDATE_OPS)
            return outputs

    def _name_scope(self) -> str:
        return str(self._current.original_name_scope)

    def _first(self, inputs: Any) -> None:
        flat = tf.nest.flatten(inputs)
        if self._dtype is None and flat:
            kind = flat[0].dtype
            self._dtype = kind if kind.is_floating or kind.is_complex else tf.float32
        shapes = tf.nest.map_structure(lambda t: t.shape, inputs)
        self.build(shapes)
        self.built = True

    def _regularize(self, outputs: Any) -> None:
        if self._activity_regularizer is not None:
            for out in tf.nest.flatten(outputs):
                # The mean over the batch, so that batches of any size weigh alike.
                self.add_loss(self._activity_regularizer(out) / tf.cast(tf.shape(out)[0], out.dtype))

    apply = __call__

    def build(self, input_shape: Any) -> None:
        """Makes the variables. The base has none."""
        self.built = True

    call: Callable[..., Any]
    """What the layer computes: `call(inputs, ...)`."""

    def add_weight(self, name: str, shape: Any = None, dtype: Any = None, initializer: Any = None, regularizer: Any = None,
                   trainable: bool | None = None, constraint: Callable[..., Any] | None = None, use_resource: Any = None,
                   synchronization: Any = None, aggregation: Any = None, partitioner: Any = None, **options: Any) -> Any:
        """A variable of this layer, found or made by `get_variable` in the layer's scope.

        Args:
          name: behind the scope's name.
          shape, dtype, initializer, regularizer, constraint: as `get_variable`.
          trainable: False keeps it from the trainable variables.
          use_resource, synchronization, aggregation, partitioner: accepted, without effect.
        """
        with in_default_graph():
            self._open_scope()
            trained = trainable is not False and self.trainable
            kind = dtype if dtype is not None else self._dtype or tf.float32
            with variable_scope(self._scope, reuse=True if self.built else self._reuse,
                                auxiliary_name_scope=False) as current, name_scope(current.original_name_scope):
                known = {id(v) for v in home().get_collection(GraphKeys.GLOBAL_VARIABLES)}
                made = get_variable(name, shape, kind, get_initializer(initializer), regularizer=_none, trainable=trained,
                                    constraint=constraint)
                rule = get_regularizer(regularizer) or current.regularizer
                if rule is not None and id(made) not in known:
                    with name_scope(f"{name}/Regularizer"):
                        self.add_loss(rule(made))
        held = self._trainable_weights if trained else self._non_trainable_weights
        if all(made is not v for v in held):
            held.append(made)
        return made

    add_variable = add_weight

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Adds regularization losses to the layer's and the graph's."""
        found = [loss for loss in tf.nest.flatten(losses) if loss is not None]
        self._losses += found
        with in_default_graph() as g:
            if g is not None:
                _collect(found, GraphKeys.REGULARIZATION_LOSSES)

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Adds operations that a training step has to run beside the optimizer's."""
        self._updates += tf.nest.flatten(updates)

    @property
    def name(self) -> str:
        """The name of the layer."""
        return str(self._name)

    @property
    def dtype(self) -> Any:
        """The dtype of the variables, None before the first call."""
        return self._dtype

    @property
    def scope_name(self) -> str:
        """The name of the scope of the variables.

        Raises:
          ValueError: the layer was not called yet.
        """
        if self._scope is None:
            raise ValueError(f'No name available for layer scope because the layer "{self._name}" has not been used yet. The '
                             "scope name is determined the first time the layer instance is called. You must therefore call "
                             "the layer before querying `scope_name`.")
        return str(self._scope.name)

    @property
    def trainable_weights(self) -> list[Any]:
        """The variables that training moves."""
        return list(self._trainable_weights) if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The other variables."""
        return [*([] if self.trainable else self._trainable_weights), *self._non_trainable_weights]

    @property
    def weights(self) -> list[Any]:
        """All variables, those that training moves first."""
        return [*self.trainable_weights, *self.non_trainable_weights]

    @property
    def variables(self) -> list[Any]:
        """All variables."""
        return self.weights

    @property
    def trainable_variables(self) -> list[Any]:
        """The variables that training moves."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Any]:
        """The other variables."""
        return self.non_trainable_weights

    @property
    def losses(self) -> list[Any]:
        """The regularization losses of this layer."""
        return list(self._losses)

    @property
    def updates(self) -> list[Any]:
        """The operations that a training step has to run."""
        return list(self._updates)

    def count_params(self) -> int:
        """How many numbers the variables hold.

        Raises:
          ValueError: there are no variables yet.
        """
        if not self.built:
            raise ValueError(f"You tried to call `count_params` on {self._name}, but the layer isn't built. You can build it "
                             f"manually via: `{self._name}.build(batch_input_shape)`.")
        return sum(v.shape.num_elements() for v in self.weights)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the output for a shape of the input, found by building the layer's graph apart."""
        with Graph().as_default():
            return self.call(tf.zeros([1 if d is None else d for d in tf.TensorShape(input_shape).as_list()])).shape


def _none(_: Any) -> None:
    """No regularization: the layer does that itself, once a variable."""


def _tensor(x: Any) -> Any:
    if not hasattr(x, "shape") or not hasattr(x, "dtype") or hasattr(x, "ctypes"):
        return tf.convert_to_tensor(x)
    return x


def _numbered(base: str) -> str:
    """`base`, or `base_1`, `base_2`, ... where the graph has such a layer."""
    counts = home().get_collection_ref((_UNIQUE,))
    if not counts:
        counts.append({})
    number = counts[0].get(base, 0)
    counts[0][base] = number + 1
    return f"{base}_{number}" if number else base


def _collect(items: Sequence[Any], key: str) -> None:
    held = home().get_collection_ref(key)
    for item in items:
        if all(item is not h for h in held):
            held.append(item)


def applied(kind: Callable[..., Any], inputs: Any, name: Any, reuse: Any = None, /, **settings: Any) -> Any:
    """The output of a new layer of a kind, with variables under `name`."""
    return kind(**settings, name=name, _scope=name, _reuse=reuse)(inputs)
