"""`Layer`: a function of tensors that has state."""
from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import thalweg as tf

from .. import dtype_policies, naming, regularizers
from ..checkpointing import announce, attributes
from ..dtype_policies import DTypePolicy
from ..symbolic.keras_tensor import KerasTensor
from ..symbolic.operation import default, is_default
from ..types import Config, Shape
from ..utils.warn import warn
from . import tracking
from .call_spec import CallSpec, bound_arguments, shapes_for, signature_of
from .calling import LayerCalls
from .context import state

_PACKAGE = __name__.rpartition(".layers.")[0]
_LATE_KINDS = ((f"{_PACKAGE}.metrics", "Metric", "metrics"), (f"{_PACKAGE}.random", "SeedGenerator", "seed_generators"))
_PLAIN = frozenset((bool, int, float, str, type(None)))
_LOCKED = ("You cannot add new elements of state (variables or sub-layers) to a layer that is already built. All state "
           "must be created in the `__init__()` method or in the `build()` method.")


_Variable: Any = tf.Variable


def _kind_of(value: Any) -> str | None:
    """Which of a layer's lists a value belongs to."""
    if type(value) in _PLAIN:
        return None
    if isinstance(value, _Variable):
        return "trainable_variables" if value.trainable else "non_trainable_variables"
    if isinstance(value, Layer):
        return "layers"
    # A metric or a seed generator exists only where its module was loaded.
    for module, cls, kind in _LATE_KINDS:
        found = getattr(sys.modules.get(module), cls, None)
        if found is not None and isinstance(value, found):
            return kind
    return None


def _recorded(build: Callable[..., None]) -> Callable[..., None]:
    """A `build` that opens the layer's name scope, notes the shapes that it was given, and marks the layer built."""

    @functools.wraps(build)
    def recorded(self: Layer, *args: Any, **kwargs: Any) -> None:
        if self._building:
            build(self, *args, **kwargs)
            return
        self._check_super_called()
        self._building = True
        try:
            with self._name_scopes():
                build(self, *args, **kwargs)
        finally:
            self._building = False
        object.__setattr__(self, "_build_shapes_dict", bound_arguments(build, args, kwargs))
        self.built = True
        self._lock_state()

    return recorded


class Layer(LayerCalls):
    """A function of tensors that has state: weights made in `build`, and used in `call`.

    Args:
      activity_regularizer: penalty on the output, added to the loss.
      trainable: whether training changes the weights.
      dtype: a dtype's name, or a policy: what the weights are kept in and the layer computes in.
      autocast: whether floating-point inputs are cast to the dtype that the layer computes in.
      name: unique name; made from the class name for None.

    Raises:
      ValueError: an argument that layers do not have, or one of a wrong type.
    """

    _building = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        build = cls.__dict__.get("build")
        if build is not None and not is_default(build):
            cls.build = _recorded(build)  # type: ignore[method-assign]

    def __init__(self, *, activity_regularizer: Any = None, trainable: bool = True, dtype: Any = None,
                 autocast: bool = True, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name=name)
        self._lock = False
        self._dtype_policy = dtype_policies.get(dtype)
        self.autocast = autocast
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self._take_input_shape(kwargs)
        if kwargs:
            raise ValueError(f"Unrecognized keyword arguments passed to {type(self).__name__}: {kwargs}")
        if not isinstance(trainable, bool):
            raise ValueError(f"Expected `trainable` to be a boolean. Received: trainable={trainable} (of type "
                             f"{type(trainable)})")
        self._trainable = trainable
        self.built = False
        self._input_spec = None
        self._checked = None
        self._build_shapes_dict: dict[str, Any] | None = None
        self._parent_path: str | None = None
        self._convert_input_args = True
        self._allow_non_tensor_positional_args = False
        object.__setattr__(self, "_losses", [])
        self._signature = signature_of(self.call)
        self._call_has_training_arg = self._signature.has_training
        self._call_has_mask_arg = self._signature.has_mask
        self._makes_masks = self._supports_masking = not is_default(self.compute_mask)
        self._settle_dtypes()
        self._make_tracker()

    def _take_input_shape(self, kwargs: dict[str, Any]) -> None:
        dim = kwargs.pop("input_dim", None)
        shape = (dim,) if dim is not None else kwargs.pop("input_shape", None)
        if shape is not None:
            warn("Do not pass an `input_shape`/`input_dim` argument to a layer. When using Sequential models, "
                          "prefer using an `Input(shape)` object as the first layer in the model instead.")
            object.__setattr__(self, "_input_shape_arg", shape)

    # Attributes

    def _make_tracker(self) -> None:
        if "_tracker" in self.__dict__:
            return
        kinds = ("trainable_variables", "non_trainable_variables", "layers", "metrics", "seed_generators")
        stores: dict[str, list[Any]] = {kind: [] for kind in kinds}
        for kind, store in stores.items():
            object.__setattr__(self, f"_{kind}", store)
        object.__setattr__(self, "_tracker", tracking.Tracker(_kind_of, stores))

    def __setattr__(self, name: str, value: Any) -> None:
        if type(value) not in _PLAIN:
            if "_tracker" not in self.__dict__:
                self._make_tracker()
            value = self._tracker.track(value)
            super().__setattr__(name, value)
            announce(self)
            return
        super().__setattr__(name, value)

    def _trackable_children(self) -> dict[str, Any]:
        """What a checkpoint follows from here."""
        return attributes(self)

    def __delattr__(self, name: str) -> None:
        if "_tracker" in self.__dict__:
            self._tracker.untrack(self.__dict__.get(name))
        super().__delattr__(name)

    # Building

    @default
    def build(self, input_shape: Any) -> None:
        """Makes the weights for an input of this shape; subclasses say how."""
        self._check_super_called()
        if any(not layer.built for layer in self._layers):
            warn(f"`build()` was called on layer '{self.name}', however the layer does not have a `build()` "
                          "method implemented and it looks like it has unbuilt state. This will cause the layer to be "
                          "marked as built, despite not being actually built, which may cause failures down the line. "
                          "Make sure to implement a proper `build()` method.")
        object.__setattr__(self, "_build_shapes_dict", {"input_shape": input_shape})
        self.built = True
        self._lock_state()

    def _lock_state(self) -> None:
        self._tracker.lock(_LOCKED)

    def _build_at_init(self) -> None:
        """Marks a layer without weights as built, unless a subclass has a `build` of its own."""
        if is_default(self.build):
            self.built = True
            self._lock_state()

    def _own_scope(self) -> naming.name_scope:
        if self._parent_path is None:
            self._parent_path = naming.current_path()
        return naming.name_scope(self.name, caller=self)

    @contextmanager
    def _name_scopes(self) -> Iterator[None]:
        """Opens the name scopes of the layers being called around this one, and its own."""
        before = state.scoped
        with ExitStack() as scopes:
            for layer in state.stack[before:]:
                scopes.enter_context(layer._own_scope())
            state.scoped = len(state.stack)
            try:
                scopes.enter_context(self._own_scope())
                yield
            finally:
                state.scoped = before

    @property
    def path(self) -> str | None:
        """The names of the layers around this one and its own, joined by `/`; None before it is built."""
        parent = self._parent_path
        return parent if parent is None else f"{parent}/{self.name}" if parent else self.name

    def get_build_config(self) -> Config | None:
        """The shapes that the layer was built with."""
        shapes = self._build_shapes_dict
        if shapes is None:
            return None
        return {"input_shape": next(iter(shapes.values()))} if len(shapes) == 1 else {"shapes_dict": shapes}

    def build_from_config(self, config: Config) -> None:
        """Builds the layer from what `get_build_config` returned."""
        if config and "input_shape" in config:
            self.build(config["input_shape"])
        elif config and "shapes_dict" in config:
            self.build(**config["shapes_dict"])

    # Dtypes

    @property
    def dtype_policy(self) -> DTypePolicy:
        """The dtypes of the weights and of the computation."""
        return self._dtype_policy

    @dtype_policy.setter
    def dtype_policy(self, value: Any) -> None:
        self._dtype_policy = dtype_policies.get(value)
        self._settle_dtypes()

    def _settle_dtypes(self) -> None:
        policy = self._dtype_policy
        mixed = self.autocast and policy.compute_dtype != policy.variable_dtype
        self._autocast_dtype = policy.compute_dtype if mixed else None

    @property
    def compute_dtype(self) -> str:
        """The dtype that the layer computes in."""
        return self._dtype_policy.compute_dtype

    @property
    def variable_dtype(self) -> str:
        """The dtype of the weights."""
        return self._dtype_policy.variable_dtype

    @property
    def dtype(self) -> str:
        """The dtype of the weights."""
        return self.variable_dtype

    @property
    def input_dtype(self) -> str:
        """The dtype that floating-point inputs are cast to."""
        return self._dtype_policy.compute_dtype

    @property
    def quantization_mode(self) -> None:
        """How the weights are quantized: not at all."""
        return None

    # Shapes

    @default
    def compute_output_shape(self, *args: Any, **kwargs: Any) -> Shape:
        """The shape of the output for the shape of the input.

        Raises:
          NotImplementedError: the class does not say.
        """
        raise NotImplementedError(f"Layer {type(self).__name__} does not have a `compute_output_shape` method "
                                  "implemented. Should implement `def compute_output_shape(self, input_shape)`.")

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic tensors like those that a call with these symbolic arguments returns."""
        if is_default(self.compute_output_shape):
            return super().compute_output_spec(*args, **kwargs)
        spec = CallSpec(self._signature, args, kwargs)
        shape = self.compute_output_shape(**shapes_for(self.compute_output_shape, spec, type(self).__name__))
        return _specs(shape, self.compute_dtype, type(self).__name__)

    @property
    def input_shape(self) -> Any:
        """The shape of the symbolic input of the first call, or the list of them.

        Raises:
          AttributeError: the layer was never called with symbolic tensors.
        """
        return _shapes(self.input)

    @property
    def output_shape(self) -> Any:
        """The shape of the symbolic output of the first call, or the list of them.

        Raises:
          AttributeError: the layer was never called with symbolic tensors.
        """
        return _shapes(self.output)

    # Configuration

    @default
    def get_config(self) -> Config:
        """What makes an equal layer: the arguments of the constructor."""
        self._check_super_called()
        config = {
            **super().get_config(),
            "trainable": self.trainable,
            "dtype": dtype_policies.serialize(self.dtype_policy),
        }
        if self.activity_regularizer is not None:
            config["activity_regularizer"] = regularizers.serialize(self.activity_regularizer)
        return config

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _shapes(tensors: Any) -> Any:
    return tf.nest.map_structure(lambda x: x.shape, tensors)


def _is_shape(x: Any) -> bool:
    return isinstance(x, (list, tuple)) and all(size is None or isinstance(size, int) for size in x)


def _specs(shape: Any, dtype: str, class_name: str) -> Any:
    """Symbolic tensors for a shape, or for a nested structure of shapes."""
    if _is_shape(shape):
        return KerasTensor(tuple(shape), dtype=dtype)
    if isinstance(shape, dict):
        return {key: _specs(value, dtype, class_name) for key, value in shape.items()}
    if isinstance(shape, (list, tuple)):
        return type(shape)(_specs(value, dtype, class_name) for value in shape)
    try:
        return KerasTensor(tuple(shape), dtype=dtype)
    except (TypeError, ValueError):
        raise ValueError(f"Method `compute_output_shape()` of layer {class_name} is returning a type that cannot be "
                         f"interpreted as a shape. It should return a shape tuple. Received: {shape}") from None
