"""Results of metrics as plain numbers."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def pythonify_logs(logs: Mapping[str, Any] | None) -> dict[str, Any]:
    """Results as floats where they are scalars, sorted by name; dictionaries among them are merged in."""
    plain: dict[str, Any] = {}
    for key, value in sorted((logs or {}).items()):
        if isinstance(value, Mapping):
            plain.update(pythonify_logs(value))
            continue
        try:
            plain[key] = value if type(value) is float else float(value)
        except (TypeError, ValueError):
            plain[key] = value
    return plain
