"""Where checkpoints lie: paths as arguments, and the file `checkpoint` that names the latest one."""
from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from typing import Any

from ..formats import bundle
from ..formats.local_files import read, text, write
from ..formats.message import Field, Message
from ..formats.text import ParseError, parse
from ..formats.wire import DecodeError


class CheckpointState(Message):
    """What the file `checkpoint` says."""

    FIELDS = (
        Field(1, "model_checkpoint_path", "string"), Field(2, "all_model_checkpoint_paths", "string", True),
        Field(3, "all_model_checkpoint_timestamps", "double", True), Field(4, "last_preserved_timestamp", "double"))


def as_path(path: Any) -> str:
    """A path as text: from text, bytes, a `pathlib.Path`, or a tensor."""
    if hasattr(path, "numpy"):
        path = path.numpy()
    return text(path)


def generate_checkpoint_state_proto(
        save_dir: Any, model_checkpoint_path: Any, all_model_checkpoint_paths: Sequence[Any] | None = None,
        all_model_checkpoint_timestamps: Sequence[float] | None = None,
        last_preserved_timestamp: float | None = None) -> CheckpointState:
    """What a file `checkpoint` in a directory says; paths below a relative directory are relative to it.

    Raises:
      ValueError: not as many times as paths.
    """
    folder, latest = as_path(save_dir), as_path(model_checkpoint_path)
    paths = [as_path(p) for p in all_model_checkpoint_paths or ()]
    if not paths or paths[-1] != latest:
        paths.append(latest)
    times = list(all_model_checkpoint_timestamps or ())
    if times and len(times) != len(paths):
        raise ValueError("Checkpoint timestamps, if provided, must match checkpoint paths (got paths "
                         f"{paths} and timestamps {times})")
    if not os.path.isabs(folder):
        paths = [p if os.path.isabs(p) else os.path.relpath(p, folder) for p in paths]
        latest = latest if os.path.isabs(latest) else os.path.relpath(latest, folder)
    made = CheckpointState(model_checkpoint_path=latest, all_model_checkpoint_paths=paths)
    if times:
        made.all_model_checkpoint_timestamps.extend(times)
    if last_preserved_timestamp is not None:
        made.last_preserved_timestamp = last_preserved_timestamp
    return made


def update_state(save_dir: str, latest: str, paths: Sequence[str] | None = None, times: Sequence[float] | None = None,
                 preserved: float | None = None, latest_filename: str | None = None, relative: bool = False) -> None:
    """Writes the file `checkpoint`.

    Raises:
      RuntimeError: it would take the place of a checkpoint.
    """
    target = os.path.join(save_dir, latest_filename or "checkpoint")
    if relative:
        latest = _below(latest, save_dir)
        paths = [_below(p, save_dir) for p in paths or ()]
        state = CheckpointState(model_checkpoint_path=latest, all_model_checkpoint_paths=paths if paths else [latest])
        state.all_model_checkpoint_timestamps.extend(times or ())
        if preserved is not None:
            state.last_preserved_timestamp = preserved
    else:
        state = generate_checkpoint_state_proto(save_dir, latest, paths, times, preserved)
    if target == state.model_checkpoint_path:
        raise RuntimeError(f"Save path '{latest}' conflicts with path used for checkpoint state.  Please use a different save "
                           "path.")
    write(target, str(state).encode())


def update_checkpoint_state(save_dir: Any, model_checkpoint_path: Any, all_model_checkpoint_paths: Sequence[Any] | None = None,
                            latest_filename: str | None = None,
                            all_model_checkpoint_timestamps: Sequence[float] | None = None,
                            last_preserved_timestamp: float | None = None) -> None:
    """Writes the file `checkpoint` in a directory; arguments as `generate_checkpoint_state_proto`."""
    update_state(as_path(save_dir), as_path(model_checkpoint_path),
                 [as_path(p) for p in all_model_checkpoint_paths or ()], all_model_checkpoint_timestamps,
                 last_preserved_timestamp, latest_filename)


def _below(path: str, folder: str) -> str:
    if os.path.isabs(path) and os.path.isabs(folder) or not os.path.isabs(path):
        return os.path.relpath(path, folder or ".")
    return path


def get_checkpoint_state(checkpoint_dir: Any, latest_filename: str | None = None) -> CheckpointState | None:
    """What the file `checkpoint` in a directory says, with full paths; None where there is none that can be read."""
    folder = as_path(checkpoint_dir)
    path = os.path.join(folder, latest_filename or "checkpoint")
    if not os.path.isfile(path):
        return None
    try:
        state: CheckpointState = parse(read(path), CheckpointState())
    except (ParseError, DecodeError, UnicodeDecodeError):
        return None
    if not state.model_checkpoint_path:
        raise ValueError(f"Invalid checkpoint state loaded from {folder}")
    if not os.path.isabs(state.model_checkpoint_path):
        state.model_checkpoint_path = os.path.join(folder, state.model_checkpoint_path)
    for i, p in enumerate(state.all_model_checkpoint_paths):
        if not os.path.isabs(p):
            state.all_model_checkpoint_paths[i] = os.path.join(folder, p)
    return state


def latest_checkpoint(checkpoint_dir: Any, latest_filename: str | None = None) -> str | None:
    """The path of the latest checkpoint in a directory, as its file `checkpoint` has it; None where there is none.

    Args:
      checkpoint_dir: the directory.
      latest_filename: another name of that file.
    """
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None or not bundle.checkpoint_exists(state.model_checkpoint_path):
        return None
    return str(state.model_checkpoint_path)


def checkpoint_exists(checkpoint_prefix: Any) -> bool:
    """Whether there is a checkpoint of that path."""
    return bundle.checkpoint_exists(as_path(checkpoint_prefix))


def get_checkpoint_mtimes(checkpoint_prefixes: Sequence[Any]) -> list[float]:
    """When checkpoints were written, for those that exist."""
    found = []
    for prefix in map(as_path, checkpoint_prefixes):
        for path in (prefix + ".index", prefix):
            if os.path.isfile(path):
                found.append(os.stat(path).st_mtime)
                break
    return found


def remove_checkpoint(prefix: str, meta_graph_suffix: str = "meta") -> None:
    """Removes the files of a checkpoint."""
    for path in (prefix + ".index", f"{prefix}.{meta_graph_suffix}"):
        if os.path.isfile(path):
            os.unlink(path)
    folder, name = os.path.split(prefix)
    start = name + ".data-"
    for other in os.listdir(folder or "."):
        if other.startswith(start) and len(other) == len(start) + len("00000-of-00001"):
            os.unlink(os.path.join(folder, other))


def checkpoints_iterator(checkpoint_dir: Any, min_interval_secs: float = 0, timeout: float | None = None,
                         timeout_fn: Any = None) -> Iterator[str]:
    """The checkpoints that come to be in a directory, one after another, as somebody else writes them.

    Args:
      checkpoint_dir: the directory.
      min_interval_secs: the least time between two.
      timeout: how long to wait for one; for ever where None.
      timeout_fn: called where that time is over; a true value ends the iteration. It ends at once without one.
    """
    last = None
    while True:
        end = None if timeout is None else time.time() + timeout
        found = latest_checkpoint(checkpoint_dir)
        while found is None or found == last:
            if end is not None and time.time() + 0.1 > end:
                found = None
                break
            time.sleep(0.1)
            found = latest_checkpoint(checkpoint_dir)
        if found is None:
            if not timeout_fn or timeout_fn():
                return
            continue
        begun = time.time()
        last = found
        yield found
        rest = begun + min_interval_secs - time.time()
        if rest > 0:
            time.sleep(rest)
