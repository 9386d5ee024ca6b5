"""`tf.io.gfile.GFile`: an open file."""
from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from ..core import errors
from .local_files import text, translated

_MODES = ("r", "w", "a", "r+", "w+", "a+")


class GFile:
    """A file that is opened when it is first read or written.

    Args:
      name: the path.
      mode: "r", "w", "a", "r+", "w+" or "a+", with "b" for bytes instead of text.

    Raises:
      InvalidArgumentError: another mode.
    """

    def __init__(self, name: Any, mode: str = "r") -> None:
        self._file: Any = None
        self._name = name
        self._mode = mode
        self._binary = "b" in mode
        if mode.replace("b", "") not in _MODES:
            raise errors.InvalidArgumentError(None, None, "mode is not 'r' or 'w' or 'a' or 'r+' or 'w+' or 'a+'")
        plain = mode.replace("b", "")
        self._reads = plain in ("r", "r+", "w+", "a+")
        self._writes = plain != "r"

    @property
    def name(self) -> Any:
        """The path."""
        return self._name

    @property
    def mode(self) -> str:
        """How the file was opened."""
        return self._mode

    def _open(self) -> Any:
        if self._file is None:
            with translated(text(self._name)):
                self._file = open(text(self._name), self._mode.replace("b", "") + "b")
        return self._file

    def _reader(self) -> Any:
        if not self._reads:
            raise errors.PermissionDeniedError(None, None, "File isn't open for reading")
        return self._open()

    def _given(self, data: bytes) -> Any:
        return data if self._binary else data.decode()

    def size(self) -> int:
        """How many bytes the file has."""
        with translated(text(self._name)):
            return os.stat(text(self._name)).st_size

    def read(self, n: int = -1) -> Any:
        """The next `n` bytes, or all that follow.

        Raises:
          PermissionDeniedError: the file is open for writing only.
        """
        with translated(text(self._name)):
            return self._given(self._reader().read(n))

    def readline(self) -> Any:
        """The next line, with its end; nothing at the end of the file."""
        with translated(text(self._name)):
            return self._given(self._reader().readline())

    def readlines(self) -> list[Any]:
        """All lines that follow, with their ends."""
        return list(self)

    def write(self, file_content: Any) -> None:
        """Writes text or bytes.

        Raises:
          PermissionDeniedError: the file is open for reading only.
        """
        if not self._writes:
            raise errors.PermissionDeniedError(None, None, "File isn't open for writing")
        with translated(text(self._name)):
            self._open().write(file_content.encode() if isinstance(file_content, str) else file_content)

    def seek(self, offset: int | None = None, whence: int = 0, position: int | None = None) -> None:
        """Goes to a place in the file; `position` is an older name of `offset`.

        Raises:
          InvalidArgumentError: another `whence` than 0, 1 or 2. OutOfRangeError: a place before the file.
          TypeError: no place.
        """
        place = position if offset is None else offset
        if place is None:
            raise TypeError("seek(): offset argument required")
        if whence not in (0, 1, 2):
            raise errors.InvalidArgumentError(None, None, f"Invalid whence argument: {whence}. Valid values are 0, 1, or 2.")
        try:
            self._open().seek(place, whence)
        except (OSError, ValueError):
            raise errors.OutOfRangeError(None, None, f"{place} is out of bounds") from None

    def tell(self) -> int:
        """The present place in the file."""
        return int(self._open().tell())

    def flush(self) -> None:
        """Hands what was written over to the system."""
        if self._file is not None and self._writes:
            self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def seekable(self) -> bool:
        """True."""
        return True

    def __enter__(self) -> GFile:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    next = __next__

    def __del__(self) -> None:
        self.close()
