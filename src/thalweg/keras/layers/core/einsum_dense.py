"""`EinsumDense`: a product with a kernel along any axes, a bias and an activation."""
from __future__ import annotations

import re
from typing import Any, NamedTuple

import thalweg as tf

from ... import activations, constraints, initializers, regularizers
from ...initializers.scaling import VarianceScaling
from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from ..layer import Layer


class Plan(NamedTuple):
    """What follows from an equation and shapes."""

    kernel: list[Any]
    bias: list[Any] | None
    output: list[Any]
    input_axes: list[int]
    """The axes of the kernel that are summed over."""
    output_axes: list[int]


class EinsumDense(Layer):
    """`activation(einsum(equation, inputs, kernel) + bias)`.

    Args:
      equation: as of `tf.einsum`, with the input first: `"ab,bc->ac"`, `"...x,xy->...y"` or `"ab...,bc->ac..."`.
      output_shape: the shape of the output without the batch and without what an ellipsis stands for; None for a size that
        is that of the input.
      activation: a function, or its name; none for None.
      bias_axes: the letters of the output that the bias has; no bias for None.
      kernel_initializer: initializer of the kernel.
      bias_initializer: initializer of the bias.
      kernel_regularizer: penalty on the kernel.
      bias_regularizer: penalty on the bias.
      kernel_constraint: projection of the kernel after a step.
      bias_constraint: projection of the bias after a step.

    Raises:
      ValueError: the equation has another form, or does not fit the shapes.
    """

    bias: Any

    def __init__(self, equation: str, output_shape: Any, activation: Any = None, bias_axes: str | None = None,
                 kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
                 kernel_regularizer: Any = None, bias_regularizer: Any = None, kernel_constraint: Any = None,
                 bias_constraint: Any = None, quantization_config: None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.equation = equation
        self.partial_output_shape = (output_shape,) if isinstance(output_shape, int) else tuple(output_shape)
        self.bias_axes = bias_axes
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.quantization_config = quantization_config

    def build(self, input_shape: Shape) -> None:
        found = plan(self.equation, self.bias_axes, input_shape, self.partial_output_shape)
        self.input_spec = InputSpec(ndim=len(input_shape))
        self._kernel = self.add_weight(
            shape=tuple(found.kernel), initializer=self._initializer(found), regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint, name="kernel",
        )  # fmt: skip
        self.bias = None
        if found.bias is not None:
            self.bias = self.add_weight(
                shape=tuple(found.bias), initializer=self.bias_initializer, regularizer=self.bias_regularizer,
                constraint=self.bias_constraint, name="bias",
            )  # fmt: skip

    def _initializer(self, found: Plan) -> Any:
        """The initializer of the kernel, which is told which axes are inputs if it wants to know."""
        first = self.kernel_initializer
        if not isinstance(first, VarianceScaling) or None not in (first.input_axes, first.output_axes):
            return first
        axes = {"input_axes": found.input_axes, "output_axes": found.output_axes}
        return type(first).from_config({**first.get_config(), "seed": first.seed, **axes})

    @property
    def kernel(self) -> Any:
        """The kernel.

        Raises:
          AttributeError: the layer is not built.
        """
        if not self.built:
            raise AttributeError("You must build the layer before accessing `kernel`.")
        return self._kernel

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return tuple(plan(self.equation, self.bias_axes, input_shape, self.partial_output_shape).output)

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        x = tf.einsum(self.equation, inputs, self._kernel)
        if self.bias is not None:
            x = x + self.bias
        return x if self.activation is activations.linear else self.activation(x)

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "output_shape": self.partial_output_shape,
            "equation": self.equation,
            "activation": activations.serialize(self.activation),
            "bias_axes": self.bias_axes,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
            "quantization_config": self.quantization_config,
        }


_FORMS = re.compile(r"(?P<left>\.\.\.)?(?P<x>[a-zA-Z]+)(?P<right>\.\.\.)?,(?P<w>[a-zA-Z]+)->"
                    r"(?P<left_too>\.\.\.)?(?P<y>[a-zA-Z]+)(?P<right_too>\.\.\.)?")


def plan(equation: str, bias_axes: str | None, input_shape: Shape, output_shape: Shape) -> Plan:
    """The shapes that an equation needs.

    Args:
      equation, bias_axes, output_shape: as of `EinsumDense`.
      input_shape: the shape of the input, with its batch.

    Raises:
      ValueError: the equation has none of the three forms, or does not fit.
    """
    form = _FORMS.match(equation)
    if form is None or bool(form["left"]) != bool(form["left_too"]) or bool(form["right"]) != bool(form["right_too"]) \
            or (form["left"] and form["right"]):
        raise ValueError(f"Invalid einsum equation '{equation}'. Equations must be in the form [X],[Y]->[Z], "
                         "...[X],[Y]->...[Z], or [X]...,[Y]->[Z]....")
    x, w, y = form["x"], form["w"], form["y"]
    elided = len(input_shape) - len(x)
    output = [input_shape[0], *output_shape]
    if form["left"]:
        output[1:1] = input_shape[1:max(elided, 1)]
    elif elided > 0:
        output += input_shape[len(x):]
    start = elided if form["left"] else 0
    of_x = {letter: input_shape[i + start] for i, letter in enumerate(x)}
    of_y = {letter: output[i + start] for i, letter in enumerate(y)}
    for letter in x:
        if letter in of_y and of_y[letter] is not None and of_y[letter] != of_x[letter]:
            raise ValueError(f"Input shape and output shape do not match at shared dimension '{letter}'. Input shape is "
                             f"{of_x[letter]}, and output shape is {of_y[letter]}.")
    for letter in y:
        if letter not in x and letter not in w:
            raise ValueError(f"Dimension '{letter}' was specified in the output '{y}' but has no corresponding dim in the "
                             f"input spec '{x}' or weight spec '{y}'")
    for letter in w:
        if letter not in of_x and letter not in of_y:
            raise ValueError(f"Weight dimension '{letter}' did not have a match in either the input spec '{x}' or the output "
                             f"spec '{y}'. For this layer, the weight must be fully specified.")
    kernel = [of_y[letter] if letter in of_y else of_x[letter] for letter in w]
    summed = [i for i, letter in enumerate(w) if letter not in of_y]
    kept = [i for i, letter in enumerate(w) if letter in of_y]
    return Plan(kernel, _bias(bias_axes, y, of_y, 0 if form["left"] else elided), output, summed, kept)


def _bias(bias_axes: str | None, y: str, sizes: dict[str, Any], behind: int) -> list[Any] | None:
    """The shape of the bias, from its first letter to the end of the output."""
    if bias_axes is None:
        return None
    for letter in bias_axes:
        if letter not in y:
            raise ValueError(f"Bias dimension '{letter}' was requested, but is not part of the output spec '{y}'")
    first = min(y.find(letter) for letter in bias_axes)
    return [sizes[letter] if letter in bias_axes else 1 for letter in y[first:]] + [1] * behind
