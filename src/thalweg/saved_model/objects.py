"""The objects of a loaded model."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class _UserObject:
    """An object of a loaded model: what it had as attributes, variables, functions, other objects, are attributes."""

    def _trackable_children(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in _OWN}


class _CallableObject(_UserObject):
    """One whose class had a function `__call__`."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return vars(self)["__call__"](*args, **kwargs)

    def __getattribute__(self, name: str) -> Any:
        # The function itself has traces and specs that a method would hide.
        found = object.__getattribute__(self, "__dict__")
        return found[name] if name == "__call__" and name in found else object.__getattribute__(self, name)


_OWN = frozenset({"tensorflow_version", "tensorflow_git_version", "graph_debug_info"})


class RestoredResource(_UserObject):
    """A table, or another thing that a function of the model makes.

    Attributes:
      resource_handle: the tensor that stands for it.
    """

    resource_handle: Any = None

    def _trackable_children(self) -> dict[str, Any]:
        return {name: value for name, value in super()._trackable_children().items() if name != "resource_handle"}


class SignatureMap(Mapping[str, Any]):
    """The signatures of a model by name. It cannot be changed."""

    def __init__(self) -> None:
        self._signatures: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        return self._signatures[key].concrete if hasattr(self._signatures[key], "concrete") else self._signatures[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._signatures)

    def __len__(self) -> int:
        return len(self._signatures)

    def __repr__(self) -> str:
        return f"_SignatureMap({dict(self)})"


class Asset:
    """A file that belongs to a model.

    Args:
      path: where it is.
    """

    def __init__(self, path: Any) -> None:
        from ..core.convert import convert_to_tensor
        self._path = convert_to_tensor(path)

    @property
    def asset_path(self) -> Any:
        """The path, a string tensor."""
        return self._path

    def _trackable_children(self) -> dict[str, Any]:
        return {}
