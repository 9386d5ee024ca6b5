"""`Bidirectional`: a recurrent layer forwards and another backwards."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import thalweg as tf

from ... import registry
from ...types import Config, Shape, Tensor
from ..layer import Layer

_MERGES: dict[Any, Callable[[Tensor, Tensor], Any]] = {
    "concat": lambda y, z: tf.concat([y, z], -1),
    "sum": lambda y, z: y + z,
    "ave": lambda y, z: (y + z) / 2,
    "mul": lambda y, z: y * z,
    None: lambda y, z: (y, z),
}


def _copied(layer: Layer, word: str, **changes: Any) -> Any:
    config = registry.serialize_keras_object(layer)
    config["config"] = {**config["config"], "name": f"{word}_{layer.name.removeprefix(f'{word}_')}", **changes}
    return registry.deserialize_keras_object(config)


class Bidirectional(Layer):
    """Goes along sequences forwards with one layer and backwards with another, and joins their outputs.

    Args:
      layer: a recurrent layer; copies of it are used.
      merge_mode: how the outputs are joined: "concat", "sum", "ave" or "mul", or None for both of them.
      weights: first weights of both layers.
      backward_layer: the layer that goes backwards; one made like `layer` for None.

    Raises:
      ValueError: no layers, two that go the same way or differ in what they return, or an unknown mode.
    """

    forward_layer: Any
    backward_layer: Any

    def __init__(self, layer: Any, merge_mode: str | None = "concat", weights: Any = None, backward_layer: Any = None,
                 **kwargs: Any) -> None:
        if not isinstance(layer, Layer):
            raise ValueError("Please initialize `Bidirectional` layer with a `keras.layers.Layer` instance. "
                             f"Received: {layer}")
        if backward_layer is not None and not isinstance(backward_layer, Layer):
            raise ValueError(f"`backward_layer` need to be a `keras.layers.Layer` instance. Received: {backward_layer}")
        if merge_mode not in _MERGES:
            raise ValueError(f'Invalid merge mode. Received: {merge_mode}. Merge mode should be one of '
                             '{"sum", "mul", "ave", "concat", None}')
        super().__init__(**kwargs)
        self.forward_layer = _copied(layer, "forward")
        self.backward_layer = _copied(layer, "backward", go_backwards=True) if backward_layer is None \
            else backward_layer
        self._check_layers()
        for part in (self.forward_layer, self.backward_layer):
            if hasattr(layer, "use_cudnn"):
                part.use_cudnn = layer.use_cudnn
            if getattr(part, "zero_output_for_mask", None) is not None:
                part.zero_output_for_mask = part.return_sequences
        self.merge_mode = merge_mode
        self._first_weights = weights
        self.stateful = layer.stateful  # type: ignore[attr-defined]
        self.return_sequences = layer.return_sequences  # type: ignore[attr-defined]
        self.return_state = layer.return_state  # type: ignore[attr-defined]
        self.supports_masking = True
        self.input_spec = layer.input_spec

    def _check_layers(self) -> None:
        one, other = self.forward_layer, self.backward_layer
        if one.go_backwards == other.go_backwards:
            raise ValueError("Forward layer and backward layer should have different `go_backwards` value. Received: "
                             f"forward_layer.go_backwards {one.go_backwards}, "
                             f"backward_layer.go_backwards={other.go_backwards}")
        for name in ("stateful", "return_sequences", "return_state"):
            a, b = getattr(one, name), getattr(other, name)
            if a != b:
                raise ValueError("Forward layer and backward layer are expected to have the same value for attribute "
                                 f'"{name}", got "{a}" for forward layer and "{b}" for backward layer')

    def compute_output_shape(self, sequences_shape: Shape, initial_state_shape: Any = None) -> Shape:
        shape = self.forward_layer.compute_output_shape(sequences_shape)
        states: tuple[Any, ...] = ()
        if self.return_state:
            shape, states = shape[0], tuple(shape[1:])
        if self.merge_mode is None:
            return (shape, shape, *states, *states)
        if self.merge_mode == "concat":
            shape = (*shape[:-1], 2 * shape[-1])
        return (shape, *states, *states) if self.return_state else shape

    def build(self, sequences_shape: Shape, initial_state_shape: Any = None) -> None:
        parts = (self.forward_layer, self.backward_layer)
        for part in parts:
            if not part.built:
                part.build(sequences_shape)
        if self._first_weights:
            half = len(self._first_weights) // 2
            for part, values in zip(parts, (self._first_weights[:half], self._first_weights[half:]), strict=True):
                part.set_weights(values)

    def call(self, sequences: Tensor, initial_state: Any = None, mask: Any = None, training: Any = None) -> Any:
        one, other = self.forward_layer, self.backward_layer
        kwargs: dict[str, Any] = {}
        if one._call_has_training_arg:
            kwargs["training"] = training
        if one._call_has_mask_arg:
            kwargs["mask"] = mask
        half = 0 if initial_state is None else len(initial_state) // 2
        y = one(sequences, initial_state=None if initial_state is None else initial_state[:half], **kwargs)
        z = other(sequences, initial_state=None if initial_state is None else initial_state[half:], **kwargs)
        states: tuple[Any, ...] = ()
        if self.return_state:
            states = (*y[1:], *z[1:])
            y, z = y[0], z[0]
        y, z = tf.cast(y, self.compute_dtype), tf.cast(z, self.compute_dtype)
        if self.return_sequences:
            z = tf.reverse(z, [1])
        output = _MERGES[self.merge_mode](y, z)
        if not self.return_state:
            return output
        return (*output, *states) if self.merge_mode is None else (output, *states)

    def compute_mask(self, _: Any, mask: Any) -> Any:
        own = tf.nest.flatten(mask)[0] if self.return_sequences else None
        masks = [own, own] if self.merge_mode is None else [own]
        if self.return_state:
            masks += [None] * (2 * len(self.forward_layer.state_size))
        return masks[0] if len(masks) == 1 else masks

    @property
    def states(self) -> Any:
        """The states of both layers that are kept between batches, or None."""
        one, other = self.forward_layer.states, self.backward_layer.states
        return (*one, *other) if one and other else None

    def reset_state(self) -> None:
        """Sets the states that are kept between batches to zero.

        Raises:
          AttributeError: the layers keep none.
        """
        if not self.stateful:
            raise AttributeError("Layer must be stateful.")
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    def reset_states(self) -> None:
        """The same as `reset_state`."""
        self.reset_state()

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "merge_mode": self.merge_mode,
            "layer": registry.serialize_keras_object(self.forward_layer),
            "backward_layer": registry.serialize_keras_object(self.backward_layer),
        }

    @classmethod
    def from_config(cls, config: Config, custom_objects: Mapping[str, Any] | None = None) -> Bidirectional:
        """The layer that `get_config` described."""
        parts = {name: registry.deserialize_keras_object(config[name], custom_objects=custom_objects)
                 for name in ("layer", "backward_layer") if config.get(name) is not None}
        return cls(**{**config, **parts})
