"""`tf.app` of TensorFlow 1: programs with flags."""
from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from . import flags as flags


def run(main: Callable[..., Any] | None = None, argv: Sequence[str] | None = None) -> None:
    """Reads the flags, calls `main` with what else is on the command line, and leaves the program with its result.

    Args:
      main: the function; the running program's `main` unless told otherwise.
      argv: the command line; that of the program unless told otherwise.
    """
    main = main or sys.modules["__main__"].main
    try:
        rest = flags.FLAGS(list(sys.argv if argv is None else argv))
        flags.check_required(flags.FLAGS)
    except flags.Error as error:
        print(f"FATAL Flags parsing error: {error}", file=sys.stderr)
        sys.exit(1)
    sys.exit(main(rest))
