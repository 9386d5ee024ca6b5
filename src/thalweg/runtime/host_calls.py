"""Python in the middle of a graph: assertions, printing, and functions of the user's."""
from __future__ import annotations

from typing import Any


def Assert(condition: Any, data: Any, summarize: int | None = None, name: str | None = None) -> Any:
    return None
