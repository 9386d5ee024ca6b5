"""The local file system under TensorFlow's names (`tf.io.gfile`), with its errors."""
from __future__ import annotations

import errno
import fnmatch
import os
import re
import shutil
import stat as modes
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from ..core import errors

_CLASSES: dict[int, type[errors.OpError]] = {
    errno.ENOENT: errors.NotFoundError, errno.EEXIST: errors.AlreadyExistsError, errno.EACCES: errors.PermissionDeniedError,
    errno.EPERM: errors.PermissionDeniedError, errno.EROFS: errors.PermissionDeniedError,
    errno.ENOTDIR: errors.FailedPreconditionError, errno.EISDIR: errors.FailedPreconditionError,
    errno.ENOTEMPTY: errors.FailedPreconditionError, errno.ENOSPC: errors.ResourceExhaustedError,
    errno.EINVAL: errors.InvalidArgumentError, errno.ENAMETOOLONG: errors.InvalidArgumentError,
}


def text(path: Any) -> str:
    """A path as text, without the scheme "file://"."""
    found = os.fspath(path)
    found = found.decode() if isinstance(found, bytes) else found
    return found[len("file://"):] if found.startswith("file://") else found


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Raises what the system says about a path as TensorFlow does."""
    try:
        yield
    except OSError as error:
        kind = _CLASSES.get(error.errno or 0, errors.UnknownError)
        raise kind(None, None, f"{path}; {os.strerror(error.errno or 0)}") from None


def read(path: str) -> bytes:
    """The whole of a file.

    Raises:
      NotFoundError, FailedPreconditionError: no such file; a directory.
    """
    with translated(path), open(path, "rb") as file:
        return file.read()


def write(path: str, contents: bytes) -> None:
    """Writes a file as a whole: under another name, which is then changed, so that nobody sees a part of it.

    Directories on the way are made.

    Raises:
      OpError: the system does not let it be written.
    """
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        _make_directories(folder)
    with translated(path):
        if os.path.isdir(path):
            raise IsADirectoryError(errno.EISDIR, "")
        handle, partial = tempfile.mkstemp(prefix=os.path.basename(path) + ".", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(contents)
            os.chmod(partial, 0o666 & ~_umask())
            os.replace(partial, path)
        except BaseException:
            os.unlink(partial)
            raise


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def _make_directories(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        kind = _CLASSES.get(error.errno or 0, errors.UnknownError)
        raise kind(None, None, f"{error.filename}; {os.strerror(error.errno or 0)}") from None


def match(pattern: str) -> list[str]:
    """The files whose path matches a pattern, in order: `*` and `?` stand for anything but a slash, `[ab]` for a
    character of several. Names that begin with a dot match like others."""
    if not re.search(r"[*?\[\\]", pattern):
        return [pattern] if os.path.exists(pattern) else []
    head, tail = os.path.split(pattern)
    folders = match(head) if re.search(r"[*?\[\\]", head) else [head]
    found = []
    for folder in folders:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        found += [os.path.join(folder, n) for n in names if fnmatch.fnmatchcase(n, tail.replace("[^", "[!"))]
    return sorted(found)


# tf.io.gfile.


def exists(path: Any) -> bool:
    """Whether there is a file or directory of that name."""
    return os.path.exists(text(path))


def isdir(path: Any) -> bool:
    """Whether there is a directory of that name."""
    return os.path.isdir(text(path))


def listdir(path: Any) -> list[str]:
    """The names in a directory, in no special order, without "." and "..".

    Raises:
      NotFoundError: there is no such directory.
    """
    if not isdir(path):
        raise errors.NotFoundError(None, None, f"Could not find directory {text(path)}")
    return os.listdir(text(path))


def mkdir(path: Any) -> None:
    """Makes a directory; one that is there already is no error.

    Raises:
      NotFoundError: the directory around it does not exist.
    """
    if isdir(path):
        return
    with translated(text(path)):
        os.mkdir(text(path))


def makedirs(path: Any) -> None:
    """Makes a directory and those around it; one that is there already is no error.

    Raises:
      FailedPreconditionError: a file is in the way.
    """
    if exists(path) and not isdir(path):
        raise errors.FailedPreconditionError(None, None, f"{text(path)} is not a directory")
    _make_directories(text(path))


def copy(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Copies a file.

    Raises:
      AlreadyExistsError: `dst` exists, and `overwrite` is not set.
      NotFoundError: `src` does not.
    """
    if not overwrite and exists(dst):
        raise errors.AlreadyExistsError(None, None, "file already exists")
    write(text(dst), read(text(src)))


def rename(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Gives a file or directory another name.

    Raises:
      AlreadyExistsError: `dst` exists, and `overwrite` is not set.
      NotFoundError: `src` does not.
    """
    if not overwrite and exists(dst):
        raise errors.AlreadyExistsError(None, None, "file already exists")
    with translated(text(src)):
        os.replace(text(src), text(dst))


def remove(path: Any) -> None:
    """Removes a file.

    Raises:
      NotFoundError, FailedPreconditionError: no such file; a directory.
    """
    with translated(text(path)):
        os.remove(text(path))


def rmtree(path: Any) -> None:
    """Removes a directory with everything in it, or a file.

    Raises:
      NotFoundError: there is none.
    """
    if not os.path.lexists(text(path)):
        raise errors.NotFoundError(None, None, f"{text(path)} not found")
    with translated(text(path)):
        if os.path.isdir(text(path)) and not os.path.islink(text(path)):
            shutil.rmtree(text(path))
        else:
            os.remove(text(path))


def glob(pattern: Any) -> list[str]:
    """The files whose path matches a pattern, or one of several."""
    patterns = pattern if isinstance(pattern, (list, tuple)) else [pattern]
    return [found for p in patterns for found in match(text(p))]


def walk(top: Any, topdown: bool = True, onerror: Callable[[Exception], Any] | None = None
         ) -> Iterator[tuple[str, list[str], list[str]]]:
    """For a directory and all below: its path, the names of the directories in it, the names of the files.

    Args:
      topdown: whether a directory comes before those in it.
      onerror: called with the error where a directory cannot be read.
    """
    path = text(top)
    try:
        names = listdir(path)
    except errors.NotFoundError as error:
        if onerror is not None:
            onerror(error)
        return
    folders = [n for n in names if isdir(os.path.join(path, n))]
    here = (path, folders, [n for n in names if n not in folders])
    if topdown:
        yield here
    for name in folders:
        yield from walk(os.path.join(path, name), topdown, onerror)
    if not topdown:
        yield here


class FileStatistics(NamedTuple):
    """What `stat` tells of a file."""

    length: int
    mtime_nsec: int
    is_directory: bool


def stat(path: Any) -> FileStatistics:
    """The size of a file, when it was changed, and whether it is a directory.

    Raises:
      NotFoundError: there is none.
    """
    with translated(text(path)):
        found = os.stat(text(path))
    return FileStatistics(found.st_size, found.st_mtime_ns, modes.S_ISDIR(found.st_mode))


def join(path: Any, *paths: Any) -> Any:
    """The parts of a path joined with slashes."""
    return os.path.join(path, *paths)


def get_registered_schemes() -> list[str]:
    """The prefixes of paths that are understood: none, and "file"."""
    return ["file", ""]


def walk_v1(top: Any, in_order: bool = True) -> Iterator[tuple[str, list[str], list[str]]]:
    """`walk` with TensorFlow 1's name of `topdown`."""
    return walk(top, in_order)
