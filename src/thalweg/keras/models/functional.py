"""`Functional`: the model between symbolic inputs and outputs."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from .. import tags
from ..layers import tracking
from ..layers.input_spec import InputSpec
from ..layers.layer import Layer
from ..symbolic.graph import Graph, map_graph
from ..symbolic.keras_tensor import KerasTensor
from ..types import Config
from ..utils.warn import warn
from .cloning import clone_nodes, is_input
from .model import Model
from .plan import Plan


class Functional(Model):
    """A model made of the calls between symbolic inputs and outputs.

    Args:
      inputs: a symbolic tensor, or a list or dict of them.
      outputs: a symbolic tensor, or a list or dict of them.
      name: unique name; made from the class name for None.
      trainable: whether training changes the weights.

    Raises:
      ValueError: something that is not symbolic, or outputs that do not depend on the inputs.
    """

    def __init__(self, inputs: Any, outputs: Any, name: str | None = None, **kwargs: Any) -> None:
        trainable = kwargs.pop("trainable", None)
        _check("inputs", inputs)
        _check("outputs", outputs)
        if isinstance(inputs, dict):
            for key, x in inputs.items():
                if key != x.name:
                    warn("When providing `inputs` as a dict, all keys in the dict must match the names of the "
                                  f"corresponding tensors. Received key '{key}' mapping to value {x} which has name "
                                  f"'{x.name}'. Change the tensor name to '{key}' (via `Input(..., name='{key}')`)")
        if not all(is_input(x) for x in tf.nest.flatten(inputs)):
            inputs, outputs = clone_nodes(inputs, outputs)
        Layer.__init__(self, name=name, **kwargs)
        self._init_training()
        with tracking.untracked():
            self._inputs_struct = _listed(inputs)
            self._outputs_struct = _listed(outputs)
            self._inputs: list[KerasTensor] = tf.nest.flatten(inputs)
            self._outputs: list[KerasTensor] = tf.nest.flatten(outputs)
            self._graph: Graph = map_graph(self._inputs, self._outputs)
            self._check_outputs()
            self._plan = Plan(self._graph, self._inputs, self._outputs)
            self.output_names = [x._keras_history.operation.name for x in self._outputs]
            self._manual_input_spec: Any = None
            self._own_input_spec = self._spec_of_inputs()
        for layer in self.layers:
            self._tracker.track(layer)
        if trainable is not None:
            self.trainable = trainable
        self.build(None)
        self._convert_input_args = False
        self._allow_non_tensor_positional_args = True

    def _check_outputs(self) -> None:
        made = {id(x) for x in self._inputs}
        for node in self._graph.in_order():
            if all(id(x) in made for x in node.input_tensors):
                made.update(map(id, node.outputs))
        for path, x in _flatten_with_path(self._outputs_struct if not isinstance(self._outputs_struct, KerasTensor)
                                          else [self._outputs_struct]):
            if id(x) not in made:
                shown = "" if isinstance(self._outputs_struct, KerasTensor) else path
                raise ValueError(f"Output with path `{shown}` is not connected to `inputs`")

    def _lock_state(self) -> None:
        """Nothing: more layers may be attached to the model."""

    def build(self, input_shape: Any = None) -> None:
        """Nothing: the layers were built when they were called."""

    @property
    def layers(self) -> list[Any]:
        """The layers of the model, those nearest to the inputs first."""
        return [operation for operation in self._graph.operations if isinstance(operation, Layer)]

    @layers.setter
    def layers(self, value: Any) -> None:
        raise AttributeError("`Model.layers` attribute is reserved and should not be used. Please use another name.")

    def _trackable_children(self) -> dict[str, Any]:
        found = super()._trackable_children()
        del found["_graph"]  # the calls between layers hold no state
        return {**found, "_operations": self.operations}

    @property
    def operations(self) -> list[Any]:
        """The layers and the operators on symbolic tensors."""
        return list(self._graph.operations)

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic inputs in a flat list."""
        return self._inputs

    @property
    def outputs(self) -> list[KerasTensor]:
        """The symbolic outputs in a flat list."""
        return self._outputs

    @property
    def input(self) -> Any:
        """The symbolic inputs as they were given."""
        return self._inputs_struct

    @property
    def output(self) -> Any:
        """The symbolic outputs as they were given."""
        return self._outputs_struct

    @property
    def input_shape(self) -> Any:
        """The shape of the input, or the list of the shapes of all."""
        return self._inputs[0].shape if len(self._inputs) == 1 else [x.shape for x in self._inputs]

    @property
    def output_shape(self) -> Any:
        """The shape of the output, or the list of the shapes of all."""
        return self._outputs[0].shape if len(self._outputs) == 1 else [x.shape for x in self._outputs]

    @property
    def input_spec(self) -> Any:
        """What the inputs must look like."""
        return self._manual_input_spec or self._own_input_spec

    @input_spec.setter
    def input_spec(self, value: Any) -> None:
        object.__setattr__(self, "_manual_input_spec", value)

    def _spec_of_inputs(self) -> list[InputSpec]:
        names: list[str] = [x._keras_history.operation.name for x in self._inputs]
        if isinstance(self._inputs_struct, dict):
            names = sorted(self._inputs_struct)
        return [
            InputSpec(shape=(None, *x.shape[1:]) if x.shape else (), allow_last_axis_squeeze=True, name=name,
                      optional=getattr(x._keras_history.operation, "optional", False))
            for x, name in zip(self._inputs, names, strict=True)
        ]

    def _assert_input_compatibility(self, first: Any) -> None:
        for x, reference in zip(tf.nest.flatten(first), self._inputs, strict=False):
            if x is None:
                self._check_optional(reference)
        super()._assert_input_compatibility(first)

    @staticmethod
    def _check_optional(reference: KerasTensor) -> None:
        if not getattr(reference._keras_history.operation, "optional", False):
            raise ValueError(f"The input '{reference.name}' is not optional, but None was passed. Please provide a "
                             "valid tensor.")

    def call(self, inputs: Any, training: Any = None, mask: Any = None, **kwargs: Any) -> Any:
        flat = self._standardized(inputs)
        if mask is not None:
            for x, one in zip(flat, tf.nest.flatten(mask), strict=True):
                if one is not None:
                    tags.set_mask(x, one)
        outputs = self._plan.run(flat, training)
        struct = self._outputs_struct
        if isinstance(struct, KerasTensor) or (isinstance(struct, (list, tuple)) and len(struct) == 1):
            return outputs[0]
        return tf.nest.pack_sequence_as(struct, outputs)

    def compute_output_spec(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        flat = tf.nest.flatten(inputs)
        if all(x.shape == ref.shape for x, ref in zip(flat, self._inputs, strict=False)):
            outputs = [KerasTensor(x.shape, dtype=x.dtype) for x in self._outputs]
        else:
            outputs = self._plan.run_specs(flat)
        if isinstance(self._outputs_struct, KerasTensor):
            return outputs[0]
        return tf.nest.pack_sequence_as(self._outputs_struct, outputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        shapes = [input_shape] if len(self._inputs) == 1 else _flat_shapes(input_shape)
        if len(self._inputs) == 1 and isinstance(input_shape, (list, dict)) and not _is_shape(input_shape):
            shapes = _flat_shapes(input_shape)
        specs = [KerasTensor(shape, dtype=x.dtype) for shape, x in zip(shapes, self._inputs, strict=True)]
        spec = self.compute_output_spec(specs)
        return tf.nest.map_structure(lambda x: x.shape, spec)

    # Inputs

    def _standardized(self, inputs: Any) -> list[Any]:
        """The inputs in a flat list, each as a tensor of the dtype and the rank that the model was made for."""
        if len(self._inputs) == 1 and not isinstance(inputs, (list, tuple, dict)):
            return [self._fitted(inputs, 0)]
        struct = self._inputs_struct
        if isinstance(inputs, dict) and not isinstance(struct, dict):
            inputs = self._picked(inputs)
        elif isinstance(struct, dict) and not isinstance(inputs, dict) and list(struct) != sorted(struct):
            raise ValueError(self._mismatch(inputs))
        flat = tf.nest.flatten(inputs)
        if len(flat) != len(self._inputs):
            raise ValueError(self._mismatch(inputs))
        if not _alike(inputs, struct):
            warn(self._mismatch(inputs))
        return [self._fitted(x, i) for i, x in enumerate(flat)]

    def _picked(self, inputs: dict[str, Any]) -> list[Any]:
        names = [x.name for x in self._inputs]
        if not set(names) <= set(inputs):
            raise ValueError(self._mismatch(inputs))
        return [inputs[name] for name in names]

    def _mismatch(self, inputs: Any) -> str:
        expected = tf.nest.map_structure(lambda x: x.name, self._inputs_struct)
        received = tf.nest.map_structure(lambda x: "None" if x is None else f"Tensor(shape={tuple(x.shape)})", inputs)
        return (f"The structure of `inputs` doesn't match the expected structure.\nExpected: {expected}\n"
                f"Received: inputs={received}")

    def _fitted(self, x: Any, index: int) -> Any:
        reference = self._inputs[index]
        if x is None:
            self._check_optional(reference)
            return x
        if isinstance(x, KerasTensor):
            return x
        mask = tags.get_mask(x)
        y = x if tf.is_tensor(x) else tf.convert_to_tensor(x)
        if y.dtype.name != reference.dtype:
            y = tf.cast(y, reference.dtype)
        shape, wanted = y.shape, reference.shape
        if len(shape) != len(wanted):
            if len(shape) == len(wanted) + 1 and shape[-1] == 1:
                y = tf.squeeze(y, axis=-1)
            elif len(shape) == len(wanted) - 1 and wanted[-1] == 1:
                y = tf.expand_dims(y, axis=-1)
            else:
                struct = self._inputs_struct
                path = "" if isinstance(struct, KerasTensor) else _flatten_with_path(struct)[index][0]
                raise ValueError(f"Invalid input shape for input {x} with name '{reference.name}' and path '{path}'. "
                                 f"Expected shape {wanted}, but input has incompatible shape {shape}")
        if mask is not None and y is not x:
            tags.set_mask(y, mask)
        return y

    def get_config(self) -> Config:
        from .functional_config import config_of

        return config_of(self)


def _check(argument: str, struct: Any) -> None:
    flat = tf.nest.flatten(struct)
    for x in flat:
        if not isinstance(x, KerasTensor):
            raise ValueError(f"All `{argument}` values must be KerasTensors. Received: {argument}={struct} including "
                             f"invalid value {x} of type {type(x)}")
    if not flat:
        raise ValueError(f"`{argument}` argument cannot be empty. Received:\n{argument}={struct}")


def _listed(struct: Any) -> Any:
    """A structure of plain containers."""
    return struct if isinstance(struct, KerasTensor) else tf.nest.map_structure(lambda x: x, struct)


def _alike(inputs: Any, struct: Any) -> bool:
    """Whether two structures have the same containers, a list being as good as a tuple."""
    if isinstance(struct, dict) != isinstance(inputs, dict):
        return False
    if isinstance(struct, dict):
        return set(struct) == set(inputs)
    is_list = isinstance(inputs, (list, tuple))
    return is_list == isinstance(struct, (list, tuple)) and (not is_list or len(inputs) == len(struct))


def _flatten_with_path(struct: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(struct, dict):
        items = [(key, struct[key]) for key in sorted(struct)]
    elif isinstance(struct, (list, tuple)):
        items = list(enumerate(struct))
    else:
        return [(path, struct)]
    return [leaf for key, value in items for leaf in _flatten_with_path(value, f"{path}.{key}" if path else str(key))]


def _is_shape(x: Any) -> bool:
    return isinstance(x, (list, tuple)) and all(size is None or isinstance(size, int) for size in x)


def _flat_shapes(struct: Any) -> list[Any]:
    if _is_shape(struct):
        return [struct]
    values = [struct[key] for key in sorted(struct)] if isinstance(struct, dict) else struct
    return [shape for value in values for shape in _flat_shapes(value)]
