"""Objects as dictionaries of plain values, in the form of Keras 3, and back."""
from __future__ import annotations

from collections.abc import Mapping
from types import EllipsisType, FunctionType
from typing import Any

import numpy as np

import thalweg as tf

from ..config import standardize_dtype
from ..symbolic.keras_tensor import KerasTensor
from ..types import Config
from . import public_names
from .object_registration import (
    CustomObjectScope,
    get_registered_name,
    get_registered_object,
    objects_in_scope,
)

_PLAIN = (str, int, float, bool, type(None))


def serialize_keras_object(obj: Any) -> Any:
    """An object as plain values: one that is not plain becomes a dict of module, class name, config, registered name.

    Raises:
      TypeError: an object without `get_config`.
      ValueError: a lambda, which has no name to find it by.
    """
    if isinstance(obj, _PLAIN):
        return obj
    if isinstance(obj, (list, tuple)):
        parts = [serialize_keras_object(part) for part in obj]
        return tuple(parts) if isinstance(obj, tuple) else parts
    if isinstance(obj, dict):
        return {key: serialize_keras_object(value) for key, value in obj.items()}
    special = _special(obj)
    if special is not None:
        return special
    if isinstance(obj, (tf.DType, tf.TensorShape)):
        return obj.name if isinstance(obj, tf.DType) else obj.as_list()
    if isinstance(obj, np.generic) or (isinstance(obj, np.ndarray) and not obj.ndim):
        return obj.item()
    config = _described(obj)
    for method, key in (("get_build_config", "build_config"), ("get_compile_config", "compile_config")):
        if hasattr(obj, method) and (extra := getattr(obj, method)()) is not None:
            config[key] = serialize_keras_object(extra)
    return config


def _special(obj: Any) -> Config | None:
    """Values that are neither plain nor described by their class."""
    if isinstance(obj, bytes):
        return {"class_name": "__bytes__", "config": {"value": obj.decode("utf-8")}}
    if isinstance(obj, slice):
        parts = {"start": obj.start, "stop": obj.stop, "step": obj.step}
        return {"class_name": "__slice__", "config": serialize_keras_object(parts)}
    if isinstance(obj, EllipsisType):
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(obj, KerasTensor):
        history = getattr(obj, "_keras_history", None)
        place = None if history is None else [history.operation.name, history.node_index, history.tensor_index]
        return {"class_name": "__keras_tensor__",
                "config": {"shape": obj.shape, "dtype": obj.dtype, "keras_history": place}}
    if tf.is_tensor(obj) or (isinstance(obj, np.ndarray) and obj.ndim):
        kind = "__tensor__" if tf.is_tensor(obj) else "__numpy__"
        return {"class_name": kind,
                "config": {"value": np.asarray(obj).tolist(), "dtype": standardize_dtype(obj.dtype)}}
    return None


def _described(obj: Any) -> Config:
    if isinstance(obj, FunctionType) or (isinstance(obj, type) or not hasattr(obj, "get_config")):
        return _named(obj)
    config = obj.get_config()
    if not isinstance(config, dict):
        raise TypeError(f"The `get_config()` method of {obj} should return a dict. It returned: {config}")
    cls = type(obj)
    module = public_names.module_of(cls)
    registered = None if module is not None and public_names.is_exported(module) else get_registered_name(cls)
    return {"module": module or _importable(cls.__module__), "class_name": cls.__name__,
            "config": {key: serialize_keras_object(value) for key, value in config.items()},
            "registered_name": registered}


def _named(obj: Any) -> Config:
    """A function, or another object that is found by its name."""
    if not hasattr(obj, "__name__"):
        raise TypeError(f"Cannot serialize object {obj} of type {type(obj)}. To be serializable, a class must "
                        "implement "
                        "the `get_config()` method.")
    if obj.__name__ == "<lambda>":
        raise ValueError("A `lambda` cannot be serialized, for it has no name to find it by. Use a named function.")
    return {"module": "builtins", "class_name": "function", "config": get_registered_name(obj),
            "registered_name": "function"}


def _importable(module: str) -> str | None:
    return None if module == "__main__" else module


def deserialize_keras_object(config: Any, custom_objects: Mapping[str, Any] | None = None, safe_mode: bool = True,
                             **kwargs: Any) -> Any:
    """The object that `serialize_keras_object` described. Only objects of this package and registered ones are made.

    Args:
      config: the description.
      custom_objects: classes and functions by name.
      safe_mode: accepted; code in a config is never run.

    Raises:
      TypeError: an unknown class, or a config that does not fit it.
      ValueError: the config holds code.
    """
    custom = {**(custom_objects or {}), **objects_in_scope()}
    if isinstance(config, str) and config in custom:
        return custom[config]
    if isinstance(config, _PLAIN):
        return config
    if isinstance(config, (list, tuple)):
        return [deserialize_keras_object(part, custom) for part in config]
    if not isinstance(config, dict):
        raise TypeError(f"Could not parse config: {config}")
    if "class_name" not in config or "config" not in config:
        return {key: deserialize_keras_object(value, custom) for key, value in config.items()}
    name, inner = config["class_name"], config["config"]
    if name.startswith("__") and name.endswith("__"):
        return _revived(name, {} if inner is None else inner)
    if name == "function":
        return _found(inner, inner, config, custom, "function")
    cls = _found(name, config.get("registered_name", name), config, custom, "class")
    if isinstance(cls, FunctionType):
        return cls
    if not hasattr(cls, "from_config"):
        raise TypeError(f"Unable to reconstruct an instance of '{name}' because the class is missing a `from_config()` "
                        f"method. Full object config: {config}")
    with CustomObjectScope(custom):
        return _made(cls, config)


def _made(cls: Any, config: Config) -> Any:
    inner = config["config"] or {}
    try:
        instance = cls.from_config(dict(inner))
    except TypeError as error:
        raise TypeError(f"{cls} could not be deserialized properly. Please ensure that components that are Python "
                        "object "
                        "instances (layers, models, etc.) returned by `get_config()` are explicitly deserialized in "
                        "the "
                        f"model's `from_config()` method.\n\nconfig={config}.\n\n"
                        f"Exception encountered: {error}") from error
    if config.get("build_config") and not instance.built:
        instance.build_from_config(config["build_config"])
    if config.get("compile_config"):
        instance.compile_from_config(config["compile_config"])
    return instance


def _revived(name: str, inner: Config) -> Any:
    if name == "__keras_tensor__":
        return KerasTensor(inner["shape"], dtype=inner["dtype"])
    if name == "__tensor__":
        return tf.constant(inner["value"], dtype=inner["dtype"])
    if name == "__numpy__":
        return np.array(inner["value"], dtype=inner["dtype"])
    if name == "__bytes__":
        return inner["value"].encode("utf-8")
    if name == "__slice__":
        return slice(inner["start"], inner["stop"], inner["step"])
    if name == "__ellipsis__":
        return ...
    if name == "__lambda__":
        raise ValueError("Requested the deserialization of a Python lambda. This carries a potential risk of arbitrary "
                         "code execution and thus it is disallowed.")
    raise TypeError(f"Could not parse config: {{'class_name': '{name}', 'config': {inner}}}")


def _found(name: str, registered: str | None, config: Config, custom: Mapping[str, Any], kind: str) -> Any:
    """The class or function that a config names.

    Raises:
      TypeError: there is none.
    """
    for known in (registered, name) if kind == "class" else (name,):
        if known is not None:
            found = get_registered_object(known, custom_objects=custom)
            if found is not None:
                return found
    found = public_names.find(config.get("module"), name)
    if found is None:
        raise TypeError(f"Could not locate {kind} '{name}'. Make sure custom classes and functions are decorated with "
                        "`@keras.saving.register_keras_serializable()`. If they are already decorated, make sure they "
                        "are "
                        "all imported so that the decorator is run before trying to load them. Full object config: "
                        f"{config}")
    return found
