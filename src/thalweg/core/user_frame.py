"""Where in the user's program a node was made."""
from __future__ import annotations

import sys
from dataclasses import dataclass

_PACKAGE = __name__.rpartition(".core")[0].replace(".", "/")


@dataclass(frozen=True, slots=True)
class Frame:
    """The line of the user's program that made a node."""

    filename: str
    lineno: int
    name: str


def user_frame() -> Frame:
    """The innermost caller outside this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and f"/{_PACKAGE}/" in frame.f_code.co_filename.replace("\\", "/"):
        frame = frame.f_back
    return Frame(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
