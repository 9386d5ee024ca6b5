"""The type specification of linear operators: their class, the specs of their tensors, their other arguments."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import thalweg as tf
from thalweg.core.nest import CompositeTensor
from thalweg.core.type_spec import TypeSpec


class LinearOperatorSpec(TypeSpec):
    """Describes operators of one class.

    Args:
      operator_class: the class.
      param_specs: for each argument made of tensors its spec, nested as the argument is.
      other_params: the arguments that are Python values, by name.
    """

    __slots__ = ("_operator_class", "_other_params", "_param_specs")

    def __init__(self, operator_class: type, param_specs: Mapping[str, Any], other_params: Mapping[str, Any]) -> None:
        self._operator_class = operator_class
        self._param_specs = dict(param_specs)
        self._other_params = dict(other_params)

    @property
    def value_type(self) -> Any:
        """The class of the operators."""
        return self._operator_class

    @property
    def _component_specs(self) -> Any:
        return self._param_specs

    def _serialize(self) -> tuple[Any, ...]:
        return self._operator_class, self._param_specs, self._other_params

    def _to_components(self, value: Any) -> Any:
        return {name: getattr(value, name) for name in self._param_specs}

    def _from_components(self, components: Any) -> Any:
        return self._operator_class(**self._other_params, **components)


def spec_of(operator: Any) -> LinearOperatorSpec:
    """The spec of an operator."""
    tensors, others = operator._split_parameters()
    return LinearOperatorSpec(type(operator), {name: _specs(value) for name, value in tensors.items()}, others)


def _specs(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_specs(v) for v in value]
    if isinstance(value, CompositeTensor):
        return value._type_spec
    return tf.TensorSpec(value.shape, value.dtype)
