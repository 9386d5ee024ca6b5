"""How the arguments of a layer's call relate to its `call`, `build` and `compute_output_shape` methods."""
from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import thalweg as tf

from ..symbolic.keras_tensor import KerasTensor, standardize_shape
from .context import state

_KINDS_WITH_NAMES = (
    inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.KEYWORD_ONLY,
)  # fmt: skip


class Signature:
    """What a layer's `call` accepts; read once for every class."""

    def __init__(self, function: Callable[..., Any], bound: bool) -> None:
        signature = inspect.signature(function)
        parameters = list(signature.parameters.values())[1 if bound else 0:]
        self.signature = signature.replace(parameters=parameters)
        self.names = [p.name for p in parameters]
        self.has_training = "training" in self.names
        self.has_mask = "mask" in self.names
        self.any_mask = any(name.endswith("mask") for name in self.names)
        self.training_default: Any = None
        if self.has_training:
            default = self.signature.parameters["training"].default
            self.training_default = None if default is inspect.Parameter.empty else default


@lru_cache(maxsize=4096)
def _signature(function: Callable[..., Any], bound: bool) -> Signature:
    return Signature(function, bound)


def signature_of(method: Callable[..., Any]) -> Signature:
    """The signature of a bound method, or of any other callable."""
    function = getattr(method, "__func__", None)
    return _signature(method, False) if function is None else _signature(function, True)


def bound_arguments(method: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call of a method, by name; `method` is the plain function, which also takes `self`."""
    return dict(_signature(method, True).signature.bind(*args, **kwargs).arguments)


@lru_cache(maxsize=4096)
def _named_parameters(function: Callable[..., Any], bound: bool) -> tuple[str, ...]:
    parameters = list(inspect.signature(function).parameters.values())[1 if bound else 0:]
    return tuple(p.name for p in parameters if p.kind in _KINDS_WITH_NAMES)


def is_tensor_or_symbolic(x: Any) -> bool:
    """Whether `x` is a tensor, a variable or a symbolic tensor."""
    return isinstance(x, KerasTensor) or tf.is_tensor(x)


class CallSpec:
    """The arguments of one call of a layer, by the names of the parameters of its `call`.

    Raises:
      TypeError: they do not fit the signature.
      ValueError: one argument mixes tensors and other values.
    """

    def __init__(self, signature: Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.given: dict[str, Any] = {}
        if "training" in kwargs and not signature.has_training:
            self.given["training"] = kwargs.pop("training")
        bound = signature.signature.bind(*args, **kwargs)
        self.given.update(bound.arguments)
        bound.apply_defaults()
        self.arguments: dict[str, Any] = dict(bound.arguments)
        self.tensors: dict[str, Any] = {}
        self.nested: set[str] = set()
        for name, value in self.arguments.items():
            if is_tensor_or_symbolic(value):
                self.tensors[name] = value
            elif isinstance(value, (list, tuple, Mapping)) and value:
                flat = tf.nest.flatten(value)
                found = [is_tensor_or_symbolic(x) for x in flat]
                if all(yes or x is None for yes, x in zip(found, flat, strict=True)):
                    self.tensors[name] = value
                    self.nested.add(name)
                elif any(found):
                    raise ValueError("In a nested call() argument, you cannot mix tensors and non-tensors. Received "
                                     f"invalid mixed argument: {name}={value}")
        self.first = next(iter(self.arguments.values()), None)

    def shapes(self) -> dict[str, Any]:
        """The shapes of the tensor arguments: `{"inputs_shape": (2, 3)}`."""
        return {
            f"{name}_shape": tf.nest.map_structure(_shape, value) if name in self.nested else _shape(value)
            for name, value in self.tensors.items()
            if name not in ("mask", "args", "kwargs")
        }


def _shape(x: Any) -> Any:
    if x is None:
        return None
    shape = standardize_shape(x.shape)
    if state.batch is not None and shape and shape[0] == state.batch:
        return (None, *shape[1:])
    return shape


def shapes_for(method: Callable[..., Any], spec: CallSpec, class_name: str) -> dict[str, Any]:
    """The arguments for `build` or `compute_output_shape`: the first shape, or each by its name.

    Raises:
      ValueError: a parameter of `method` names no argument of `call`.
    """
    function = getattr(method, "__func__", None)
    function = getattr(function, "__wrapped__", function)
    names = _named_parameters(method, False) if function is None else _named_parameters(function, True)
    shapes = spec.shapes()
    if len(names) == 1:
        return {names[0]: next(iter(shapes.values()), None)}
    kwargs = {}
    for name in names:
        what = method.__name__
        preamble = (f"For a `{what}()` method with more than one argument, all arguments should have a `_shape` suffix "
                    f"and match an argument from `call()`. E.g. `{what}(self, foo_shape, bar_shape)` ")
        if not name.endswith("_shape"):
            raise ValueError(f"{preamble} For layer '{class_name}', Received `{what}()` argument `{name}`, which does "
                             "not end in `_shape`.")
        argument = name.removesuffix("_shape")
        if argument not in spec.arguments:
            raise ValueError(f"{preamble} For layer '{class_name}', received `{what}()` argument `{name}`, but "
                             f"`call()` does not have argument `{argument}`.")
        if name in shapes:
            kwargs[name] = shapes[name]
    return kwargs
