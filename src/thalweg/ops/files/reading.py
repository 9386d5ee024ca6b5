"""Files in programs: reading, writing, finding."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core.dispatch import apply
from ...core.opdef import op
from ...core.shape import TensorShape, unknown_shape
from ...formats import local_files
from ..common import shape_text
from ..layout import bad
from ..text.values import array_of, as_strings, name_for, one, only_scalars, packed, scalar


def _name_of(x: Any) -> str:
    x = array_of(x)
    if x.ndim:
        raise bad(f"Input filename tensor must be scalar, but had shape: {shape_text(x.shape)}")
    return one(x).decode()


def _contents_shape(op: Any) -> TensorShape:
    only_scalars(op, 0)
    return TensorShape([])


def _nothing(op: Any) -> list[Any]:
    only_scalars(op, 0, 1)
    return []


@op("ReadFile", "filename: string -> contents: string", infer=_contents_shape, host=True)
def read_file_(xp: Any, filename: Any) -> Any:
    return scalar(local_files.read(local_files.text(_name_of(filename))))


@op("WriteFile", "filename: string, contents: string -> ", infer=_nothing, host=True, stateful=True)
def write_file_(xp: Any, filename: Any, contents: Any) -> Any:
    path = local_files.text(_name_of(filename))
    if np.ndim(contents):
        raise bad(f"Contents tensor must be scalar, but had shape: {shape_text(contents.shape)}")
    local_files.write(path, one(contents))
    return ()


@op("MatchingFiles", "pattern: string -> filenames: string", infer=lambda op: unknown_shape(1), dynamic=True, host=True)
def matching_files_(xp: Any, pattern: Any) -> Any:
    pattern = array_of(pattern)
    if pattern.ndim > 1:
        raise bad(f"Input pattern tensor must be scalar or vector, but had shape: {shape_text(pattern.shape)}")
    found = sorted(n for p in pattern.reshape(-1).tolist() for n in local_files.match(local_files.text(p)))
    return packed([n.encode() for n in found], (len(found),))


for _entry in (read_file_, write_file_, matching_files_):
    _entry.not_differentiable()


def read_file(filename: Any, name: str | None = None) -> Any:
    """The whole of a file as a string scalar.

    Raises:
      NotFoundError, FailedPreconditionError: no such file; a directory.
    """
    return apply(read_file_, (as_strings(filename),), {}, name_for(name, filename))


def write_file(filename: Any, contents: Any, name: str | None = None) -> Any:
    """Writes a file as a whole, and the directories around it where they are missing.

    Returns:
      The operation in a graph, None otherwise.

    Raises:
      OpError: the system does not let it be written.
    """
    made = apply(write_file_, (as_strings(filename), as_strings(contents)), {}, name_for(name, filename, contents))
    return None if made == () else made


def matching_files(pattern: Any, name: str | None = None) -> Any:
    """The paths that match a pattern or one of several, in order; see `tf.io.gfile.glob`."""
    return apply(matching_files_, (as_strings(pattern),), {}, name_for(name, pattern))
