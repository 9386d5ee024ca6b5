"""How a layer is called: inputs converted and checked, weights built, the training flag and masks handed on."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from .. import tags
from ..dtype_policies import DTypePolicy
from ..symbolic.calls import reporting_arguments
from ..symbolic.keras_tensor import KerasTensor, any_symbolic
from ..symbolic.node import Node
from ..symbolic.operation import default, is_default
from ..types import Tensor
from ..utils.warn import warn
from .call_spec import CallSpec, Signature, is_tensor_or_symbolic, shapes_for
from .context import state
from .input_spec import assert_input_compatibility
from .state import LayerState

_NOT_GIVEN: Any = object()


class LayerCalls(LayerState):
    """The half of `Layer` that is at work when it is called."""

    activity_regularizer: Any
    input_dtype: Any
    _dtype_policy: DTypePolicy
    _autocast_dtype: str | None
    _input_spec: Any
    _checked: Any
    _makes_masks: bool
    _supports_masking: bool
    _convert_input_args: bool
    _allow_non_tensor_positional_args: bool
    _signature: Signature
    _call_has_training_arg: bool
    build: Callable[..., None]
    _lock_state: Callable[[], None]

    @property
    def input_spec(self) -> Any:
        """What the layer demands of its input: an `InputSpec`, a structure of them, or None."""
        return self._input_spec

    @input_spec.setter
    def input_spec(self, value: Any) -> None:
        object.__setattr__(self, "_checked", None)
        object.__setattr__(self, "_input_spec", value)

    def _assert_input_compatibility(self, first: Any) -> None:
        assert_input_compatibility(self.input_spec, first, layer_name=self.name)

    @property
    def supports_masking(self) -> bool:
        """Whether a mask of the input is passed on to the output."""
        return self._supports_masking

    @supports_masking.setter
    def supports_masking(self, value: bool) -> None:
        self._supports_masking = value

    @default
    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The mask of the output, given that of the input; the same in the base class."""
        return previous_mask

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """What the layer does with tensors; subclasses say it.

        Raises:
          NotImplementedError: the class does not.
        """
        raise NotImplementedError(f"Layer {type(self).__name__} does not have a `call` method implemented.")

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """What a call with symbolic tensors returns; the caller notes the call."""
        return self.compute_output_spec(*args, **kwargs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._lock:
            self._check_super_called()
        if (
            len(args) == 1
            and self.built
            and isinstance(args[0], tf.Tensor)
            and (not kwargs or (len(kwargs) == 1 and "training" in kwargs))
            and not self._makes_masks
            and tags.get_mask(args[0]) is None
        ):
            return self._call_with_tensor(args[0], kwargs.get("training", _NOT_GIVEN))
        return self._call_with_any(args, kwargs)

    def _call_with_tensor(self, x: Tensor, training: Any) -> Any:
        """A call of a built layer with one tensor without a mask: what nearly every call of a training step is."""
        if self._convert_input_args:
            dtype = x.dtype
            wanted = self.input_dtype
            if dtype.name != wanted and dtype.is_floating and self.autocast:
                x = tf.cast(x, wanted)
        if self.input_spec is not None:
            shape = x.shape
            if shape != self._checked:
                self._assert_input_compatibility(x)
                object.__setattr__(self, "_checked", shape)
        return self._run(self.call, (x,), {}, training)

    def _run(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], training: Any) -> Any:
        """Calls a function, which is mostly `call`, as the innermost layer of the present thread."""
        stack = state.stack
        if not stack:
            self._clear_losses()
        if training is _NOT_GIVEN:
            training = state.training
            if training is None:
                training = self._signature.training_default
        state.training = training
        if training is not None and self._call_has_training_arg:
            kwargs["training"] = training
        outer_autocast, state.autocast = state.autocast, self._autocast_dtype
        stack.append(self)
        try:
            outputs = function(*args, **kwargs)
        except Exception as error:
            raise reporting_arguments(error, self, function, args, kwargs) from None
        finally:
            stack.pop()
            state.autocast = outer_autocast
            if not stack:
                state.training = None
        if not self.built:
            self.built = True
            self._lock_state()
        if self.activity_regularizer is not None:
            self._add_activity_loss(outputs)
        return outputs

    def _add_activity_loss(self, outputs: Any) -> None:
        for output in tf.nest.flatten(outputs):
            if tf.is_tensor(output):
                loss = self.activity_regularizer(output)
                if len(output.shape) > 0:
                    loss = tf.math.divide_no_nan(loss, tf.cast(tf.shape(output)[0], loss.dtype))
                self.add_loss(loss)

    def _converted(self, x: Any) -> Any:
        y = self._dtype_policy.convert_input(x, self.autocast, self.input_dtype)
        if y is not x and (tf.is_tensor(x) or isinstance(x, KerasTensor)):
            tags.set_mask(y, tags.get_mask(x))
        return y

    def _call_with_any(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        # A call with one tensor is noted together with the mask and the training flag that it is given below.
        alone = len(args) == 1 and not kwargs and is_tensor_or_symbolic(args[0])
        given = args, kwargs if alone or not self._convert_input_args else dict(kwargs)
        if self._convert_input_args:
            args = tf.nest.map_structure(self._converted, args)
            kwargs = kwargs if alone else tf.nest.map_structure(self._converted, kwargs)
        if not self._allow_non_tensor_positional_args:
            for x in tf.nest.flatten(args):
                if x is not None and not is_tensor_or_symbolic(x):
                    raise ValueError("Only input tensors may be passed as positional arguments. The following argument "
                                     f"value should be passed as a keyword argument: {x} (of type {type(x)})")
        spec = CallSpec(self._signature, args, kwargs)
        self._assert_input_compatibility(spec.first)
        symbolic = any_symbolic(args, kwargs)
        training = spec.given.get("training", _NOT_GIVEN)
        by_position = training is not _NOT_GIVEN and "training" not in kwargs and self._signature.has_training
        kwargs.pop("training", None)
        if by_position:  # Every argument but the first goes on by its name.
            kwargs = {name: value for name, value in list(spec.given.items())[1:] if name != "training"}
            args = args[:1]
        if not self.built:
            self._build_inside(spec)
        previous_mask = self._fill_in_masks(spec, kwargs)
        outputs = self._run(self.symbolic_call if symbolic else self.call, args, kwargs, training)
        if symbolic:
            Node(self, *given, outputs)  # Masks belong to values: they are computed when the model runs.
        elif self.supports_masking:
            self._hand_on_mask(spec.first, outputs, previous_mask)
        elif any(m is not None for m in tf.nest.flatten(previous_mask)):
            warn(f"Layer '{self.name}' (of type {type(self).__name__}) was passed an input with a mask "
                          "attached "
                          "to it. However, this layer does not support masking and will therefore destroy the mask "
                          "information. Downstream layers will not see the mask.")
        return outputs

    def _build_inside(self, spec: CallSpec) -> None:
        """Builds the layer for these arguments. Layers inside without a `build` of ours are built when they are "
          "used."""
        outer, outer_autocast = state.training, state.autocast
        if not state.stack:
            self._clear_losses()
        state.stack.append(self)
        state.autocast = None
        try:
            if not is_default(self.build):
                self.build(**shapes_for(self.build, spec, type(self).__name__))
                self._assert_input_compatibility(spec.first)
            elif all(layer.built for layer in self._layers):
                self.build(next(iter(spec.shapes().values()), None))
        finally:
            state.stack.pop()
            state.training, state.autocast = outer, outer_autocast

    def _fill_in_masks(self, spec: CallSpec, kwargs: dict[str, Any]) -> Any:
        """Adds the masks of the inputs to the arguments of `call` that ask for them; returns that of the first."""
        if len(spec.tensors) == 1:
            if self._signature.has_mask and spec.arguments.get("mask") is None:
                (only,) = spec.tensors.values()
                kwargs["mask"] = _masks(only)
        else:
            for name, value in spec.tensors.items():
                if f"{name}_mask" in spec.arguments and spec.arguments[f"{name}_mask"] is None:
                    kwargs[f"{name}_mask"] = _masks(value)
        mask = kwargs.get("mask")
        return _masks(spec.first) if mask is None else mask

    def _hand_on_mask(self, inputs: Any, outputs: Any, previous_mask: Any) -> None:
        flat = tf.nest.flatten(outputs)
        if all(tags.get_mask(x) is not None for x in flat):
            return
        masks = self.compute_mask(inputs, previous_mask)
        if masks is None:
            return
        for x, mask in zip(flat, tf.nest.flatten(masks), strict=False):
            if mask is not None and tags.get_mask(x) is None:
                tags.set_mask(x, mask)


def _masks(x: Any) -> Any:
    """The mask of a tensor, or a structure of masks for a structure of tensors."""
    if isinstance(x, (list, tuple, dict)):
        return tf.nest.map_structure(tags.get_mask, x)
    return tags.get_mask(x)
