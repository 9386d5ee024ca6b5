"""`Operation`: what layers and the arithmetic of symbolic tensors have in common."""
from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NoReturn

import thalweg as tf

from ..naming import auto_name
from ..types import Config
from .calls import reporting_arguments
from .keras_tensor import KerasTensor, any_symbolic
from .node import Node

_PLAIN = (str, int, float, bool, type(None))


def default(method: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a method that stands for none."""
    method._is_default = True  # type: ignore[attr-defined]
    return method


def is_default(method: Callable[..., Any]) -> bool:
    """Whether a method was marked by `default`, that is, not overridden."""
    return getattr(method, "_is_default", False)


@lru_cache(maxsize=4096)
def _constructor(cls: Any) -> inspect.Signature:
    return inspect.signature(cls.__init__)


def _described(cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Config | None, bool]:
    """The constructor's arguments by name where all are plain values; whether its signature forbids that."""
    signature = _constructor(cls)
    try:
        bound = signature.bind(None, *args, **kwargs)
    except TypeError:
        return None, False
    parameters = list(signature.parameters.values())
    if any(p.kind is p.POSITIONAL_ONLY for p in parameters[1:]):
        return None, True
    bound.apply_defaults()
    values = dict(bound.arguments)
    values.pop(parameters[0].name)
    for p in parameters[1:]:
        if p.kind is p.VAR_POSITIONAL and values.pop(p.name):
            return None, True
        if p.kind is p.VAR_KEYWORD:
            values.update(values.pop(p.name))
    values.pop("name", None)
    if all(isinstance(value, _PLAIN) for value in tf.nest.flatten(values)):
        return values, False
    return None, False


class Operation:
    """Something that is called with tensors, symbolic or not.

    Args:
      name: unique name; made from the class name for None.

    Raises:
      ValueError: the name is no string or contains `/`.
    """

    _auto_config: Config | None
    _auto_config_error: bool
    _lock: bool
    name: str
    _inbound_nodes: list[Node]
    _outbound_nodes: list[Node]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        instance = super().__new__(cls)
        config, forbidden = _described(cls, args, kwargs)
        set_plain = object.__setattr__
        set_plain(instance, "_auto_config", config)
        set_plain(instance, "_auto_config_error", forbidden)
        set_plain(instance, "_lock", True)
        return instance

    def __init__(self, name: str | None = None) -> None:
        if name is None:
            name = auto_name(type(self).__name__)
        if not isinstance(name, str) or "/" in name:
            raise ValueError("Argument `name` must be a string and cannot contain character `/`. "
                             f"Received: name={name} (of type {type(name)})")
        set_plain = object.__setattr__
        set_plain(self, "name", name)
        set_plain(self, "_inbound_nodes", [])
        set_plain(self, "_outbound_nodes", [])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if any_symbolic(args, kwargs):
            return self.symbolic_call(*args, **kwargs)
        try:
            return self.call(*args, **kwargs)
        except Exception as error:
            raise reporting_arguments(error, self, self.call, args, kwargs) from None

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """Called with symbolic tensors: notes the call, and returns symbolic tensors."""
        outputs = self.compute_output_spec(*args, **kwargs)
        Node(self, args, kwargs, outputs)
        return outputs

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """What the operation does with tensors; subclasses say it."""
        raise NotImplementedError

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic tensors of the shapes and dtypes that `call` returns for symbolic arguments.

        Raises:
          Exception: what `call` raises, with a hint.
        """
        from .inference import output_spec

        try:
            return output_spec(self.call, args, kwargs, self)
        except Exception as error:
            cls = type(self).__name__
            message = (f"Could not automatically infer the output shape / dtype of '{self.name}' (of type {cls}). "
                       "Either "
                       f"the `{cls}.call()` method is incorrect, or you need to implement the "
                       f"`{cls}.compute_output_spec() / compute_output_shape()` method. Error encountered:\n\n{error}")
            raise _alike(error, message).with_traceback(error.__traceback__) from None

    @default
    def get_config(self) -> Config:
        """The arguments that make an equal operation: those given to the constructor, where all are plain values.

        Raises:
          NotImplementedError: some are not, and the subclass does not say how to write them.
        """
        config: Config = {"name": self.name}
        if not is_default(self.get_config):
            return config
        if self._auto_config is None:
            self._no_config()
        config.update(self._auto_config)
        cls: Any = type(self)
        parameters = _constructor(cls).parameters
        rest = parameters.get("kwargs")
        if "name" not in parameters and (rest is None or rest.kind is not rest.VAR_KEYWORD):
            config.pop("name")
        return config

    def _no_config(self) -> NoReturn:
        cls = type(self).__name__
        reason = (
            f"""
            Object {cls} was created by passing
            positional only or variadic positional arguments (e.g.,
            `*args`) to `__init__()`, which is not supported by the
            automatic config generation. Please remove all positional
            only and variadic arguments from `__init__()`
            or override `get_config()` and `from_config()` to make
            the object serializatble.
            """
            if self._auto_config_error
            else f"""
            Object {cls} was created by passing
            non-serializable argument values in `__init__()`,
            and therefore the object must override `get_config()` in
            order to be serializable. Please implement `get_config()`.
            """
        )
        raise NotImplementedError(textwrap.dedent(reason) + textwrap.dedent(_CONFIG_EXAMPLE))

    @classmethod
    def from_config(cls, config: Config) -> Any:
        """The operation that `get_config` described.

        Raises:
          TypeError: the constructor does not take these arguments.
        """
        if isinstance(config.get("dtype"), dict):
            from .. import dtype_policies

            config = {**config, "dtype": dtype_policies.deserialize(config["dtype"]).name}
        try:
            return cls(**config)
        except Exception as error:
            raise TypeError(f"Error when deserializing class '{cls.__name__}' using config={config}.\n\n"
                            f"Exception encountered: {error}") from error

    @property
    def input(self) -> Any:
        """The symbolic tensor, or the list of them, of the first call.

        Raises:
          AttributeError: it was never called with symbolic tensors.
        """
        return self._of_first_call("input_tensors", "input")

    @property
    def output(self) -> Any:
        """The symbolic tensor, or the list of them, that the first call returned.

        Raises:
          AttributeError: it was never called with symbolic tensors.
        """
        return self._of_first_call("output_tensors", "output")

    def _of_first_call(self, attribute: str, what: str) -> Any:
        if not self._inbound_nodes:
            raise AttributeError(f"The layer {self.name} has never been called and thus has no defined {what}.")
        values: list[KerasTensor] = getattr(self._inbound_nodes[0], attribute)
        return values[0] if len(values) == 1 else values

    def __repr__(self) -> str:
        return f"<Operation name={self.name}>"


def _alike(error: BaseException, message: str) -> BaseException:
    """An error of the same class with another message."""
    try:
        if isinstance(error, tf.errors.OpError):
            return type(error)(error.node_def, error.op, message)
        return type(error)(message)
    except TypeError:
        return RuntimeError(message)


_CONFIG_EXAMPLE = """
            Example:

            class CustomLayer(keras.layers.Layer):
                def __init__(self, arg1, arg2, **kwargs):
                    super().__init__(**kwargs)
                    self.arg1 = arg1
                    self.arg2 = arg2

                def get_config(self):
                    config = super().get_config()
                    config.update({
                        "arg1": self.arg1,
                        "arg2": self.arg2,
                    })
                    return config
            """
