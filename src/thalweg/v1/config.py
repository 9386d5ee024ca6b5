"""Options of sessions. They are kept as they are given; everything runs in this process on what devices there are."""
from __future__ import annotations

from typing import Any

from ..formats.run_metadata import RunMetadata

__all__ = ["ConfigProto", "GPUOptions", "GraphOptions", "OptimizerOptions", "RunMetadata", "RunOptions"]


class _Options:
    """Named settings; fields that nobody set are made as they are asked for, as in a protocol buffer."""

    _messages: dict[str, type] = {}

    def __init__(self, **settings: Any) -> None:
        self.__dict__.update(settings)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        kind = type(self)._messages.get(name)
        value = kind() if kind is not None else None
        self.__dict__[name] = value
        return value

    def __repr__(self) -> str:
        return "".join(f"{k}: {v}\n" for k, v in sorted(self.__dict__.items()) if v is not None)


class OptimizerOptions(_Options):
    """How graphs are optimised."""


class GPUOptions(_Options):
    """How a GPU's memory is used."""


class GraphOptions(_Options):
    """How graphs are run."""

    _messages = {"optimizer_options": OptimizerOptions, "rewrite_options": _Options}


class ConfigProto(_Options):
    """The options of a session."""

    _messages = {"gpu_options": GPUOptions, "graph_options": GraphOptions, "device_count": dict,
                 "experimental": _Options}


class RunOptions(_Options):
    """The options of one run."""

    NO_TRACE = 0
    SOFTWARE_TRACE = 1
    HARDWARE_TRACE = 2
    FULL_TRACE = 3
