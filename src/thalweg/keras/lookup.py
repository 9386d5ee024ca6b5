"""Objects by name: what `losses.get("mse")` and its sisters share."""
from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from .types import Config


def unknown(kind: str, identifier: object, names: Iterable[str]) -> ValueError:
    """The error for an identifier that names nothing, with a note naming what it resembles."""
    error = ValueError(f"Could not interpret {kind} identifier: {identifier}")
    if isinstance(identifier, str):
        nearest = suggestion(identifier, names)
        if nearest is not None:
            error.add_note(f"Did you mean '{nearest}'?")
    return error


def suggestion(name: str, names: Iterable[str]) -> str | None:
    """The name that a misspelt one resembles most, or None."""
    import difflib

    # Of names that differ in case only, the one in small letters.
    by_lower = {candidate.lower(): candidate for candidate in sorted(names)}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def by_name(name: str, objects: Mapping[str, Any]) -> Any:
    """The object of that name: a custom object in scope, else one of `objects`, else None."""
    from . import registry

    found = registry.get_registered_object(name)
    return objects.get(name) if found is None else found


def build(config: Config, objects: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The object that a serialized config describes; `class_name` may be a short name such as `"adam"`.

    Raises:
      ValueError: the config has no `class_name`.
      TypeError: it names an object that is neither built in nor registered.
    """
    from . import registry

    if "class_name" not in config:
        raise ValueError(f"Unknown `config` as a `dict`, config={config}")
    name, inner = config["class_name"], config.get("config")
    if name == "function":
        name = inner
    registered = config.get("registered_name")
    custom = custom_objects or {}
    is_custom = name in custom or registered in custom or registry.get_registered_object(name) is not None or (
        registered is not None and registry.get_registered_object(registered) is not None)
    found = None if is_custom else objects.get(name)
    if found is None:
        return registry.deserialize_keras_object(config, custom_objects=dict(custom))
    return found.from_config(dict(inner or {})) if hasattr(found, "from_config") else found


def deserialize(config: Any, objects: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The object for a config or a name; a name that is unknown comes back as it is."""
    if isinstance(config, Mapping):
        return build(dict(config), objects, custom_objects)
    if isinstance(config, str):
        found = (custom_objects or {}).get(config)
        if found is None:
            found = by_name(config, objects)
        return config if found is None else found
    return config


def get(kind: str, identifier: Any, objects: Mapping[str, Any], *, instance: bool = True) -> Any:
    """The callable for an identifier: None, a name, a config, a class, or a callable, which is returned itself.

    Args:
      kind: what the error calls the identifier.
      identifier: what to look up.
      objects: the built-in objects by their names.
      instance: whether a class stands for an instance made with its defaults.

    Raises:
      ValueError: nothing callable is found.
    """
    if identifier is None:
        return None
    found = deserialize(identifier, objects) if isinstance(identifier, (str, Mapping)) else identifier
    if callable(found):
        return found() if instance and inspect.isclass(found) else found
    raise unknown(kind, identifier, objects)
