"""Messages to the user."""
from __future__ import annotations

import logging
import sys

_interactive = True


def enable_interactive_logging() -> None:
    """Lets messages go to standard output."""
    global _interactive
    _interactive = True


def disable_interactive_logging() -> None:
    """Lets messages go to the logger `thalweg`."""
    global _interactive
    _interactive = False


def is_interactive_logging_enabled() -> bool:
    """Whether messages go to standard output."""
    return _interactive


def print_msg(message: str, line_break: bool = True) -> None:
    """Prints a message, or logs it; characters that standard output cannot show are replaced."""
    if not _interactive:
        logging.getLogger("thalweg").info(message)
        return
    text = f"{message}\n" if line_break else message
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.replace("━", "=").encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def is_terminal() -> bool:
    """Whether what is printed can be overwritten: on a terminal, or in a notebook."""
    isatty = getattr(sys.stdout, "isatty", None)
    return bool(isatty and isatty()) or "ipykernel" in sys.modules
