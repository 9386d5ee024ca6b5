"""`tf.train.CheckpointManager`: the checkpoints of a training run in one directory."""
from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from .paths import as_path, get_checkpoint_state, remove_checkpoint, update_state


class CheckpointManager:
    """Writes numbered checkpoints into a directory and removes old ones.

    Args:
      checkpoint: the `tf.train.Checkpoint` to save.
      directory: where they go. What is there already is taken over.
      max_to_keep: how many to keep; all where None.
      keep_checkpoint_every_n_hours: of those to remove, one is kept for ever after so many hours each.
      checkpoint_name: what the names begin with.
      step_counter: a variable that counts steps, for `checkpoint_interval`.
      checkpoint_interval: how many steps lie between two checkpoints at least.
      init_fn: called by `restore_or_initialize` where there is nothing to restore.
      last_checkpoint_step: the step of the checkpoint before this manager's first one.

    Raises:
      ValueError: `max_to_keep` is not positive; an interval without a counter.
    """

    def __init__(self, checkpoint: Any, directory: Any, max_to_keep: int | None,
                 keep_checkpoint_every_n_hours: float | None = None, checkpoint_name: str = "ckpt", step_counter: Any = None,
                 checkpoint_interval: int | None = None, init_fn: Callable[[], Any] | None = None,
                 last_checkpoint_step: int | None = None) -> None:
        if max_to_keep is not None and max_to_keep <= 0:
            raise ValueError(f"Expected a positive integer or `None` for `max_to_keep`, got {max_to_keep}.")
        if checkpoint_interval is not None and step_counter is None:
            raise ValueError("`step_counter` should be passed if `checkpoint_interval` is not None.")
        self._checkpoint = checkpoint
        self._directory = as_path(directory)
        self._prefix = os.path.join(self._directory, checkpoint_name)
        self._max_to_keep = max_to_keep
        self._every_hours = keep_checkpoint_every_n_hours
        self._step_counter = step_counter
        self._interval = checkpoint_interval
        self._init_fn = init_fn
        self._last_step = last_checkpoint_step
        self._held: dict[str, float] = {}
        now = time.time()
        state = get_checkpoint_state(self._directory)
        self._latest: str | None = None
        self._preserved = now - 1.0  # so that the first checkpoint may be the first to be kept for ever
        if state is not None:
            self._latest = str(state.model_checkpoint_path)
            self._preserved = state.last_preserved_timestamp or now
            paths, times = list(state.all_model_checkpoint_paths), list(state.all_model_checkpoint_timestamps)
            self._held = dict(zip(paths, times if len(times) == len(paths) else [now] * len(paths), strict=True))

    @property
    def directory(self) -> str:
        """Where the checkpoints are."""
        return self._directory

    @property
    def checkpoint(self) -> Any:
        """The object that is saved."""
        return self._checkpoint

    @property
    def checkpoint_interval(self) -> int | None:
        """How many steps lie between two checkpoints at least."""
        return self._interval

    @property
    def latest_checkpoint(self) -> str | None:
        """The path of the latest checkpoint, or None."""
        return self._latest

    @property
    def checkpoints(self) -> list[str]:
        """The paths of the checkpoints, oldest first, without those that are kept for ever."""
        return list(self._held)

    def save(self, checkpoint_number: Any = None, check_interval: bool = True, options: Any = None) -> str | None:
        """Writes a checkpoint, notes it, and removes those that are too many.

        Args:
          checkpoint_number: the number in its name; the number of the save where None.
          check_interval: False writes it however few steps have gone by.
          options: a `CheckpointOptions`.

        Returns:
          Its path; None where too few steps have gone by.
        """
        if self._interval is not None and check_interval and self._latest is not None and \
                int(self._step_counter) < (self._last_step or 0) + self._interval:
            return None
        counted = self._checkpoint._count_up()
        number = counted if checkpoint_number is None else int(checkpoint_number)
        path = str(self._checkpoint.write(f"{self._prefix}-{number}", options))
        self._held.pop(path, None)
        self._held[path] = time.time()
        self._latest = path
        self._note()  # before anything is removed, so that what the file names is always there
        if self._sweep():
            self._note()
        if self._step_counter is not None:
            self._last_step = int(self._step_counter)
        return path

    def _sweep(self) -> bool:
        """Removes checkpoints until there are few enough; whether there were any to remove."""
        swept = False
        while self._max_to_keep is not None and len(self._held) > self._max_to_keep:
            path, when = next(iter(self._held.items()))
            del self._held[path]
            swept = True
            if self._every_hours and when - self._every_hours * 3600 >= self._preserved:
                self._preserved = when
            else:
                remove_checkpoint(path)
        return swept

    def _note(self) -> None:
        assert self._latest is not None
        update_state(self._directory, self._latest, self.checkpoints, list(self._held.values()), self._preserved,
                     relative=True)

    def restore_or_initialize(self) -> str | None:
        """Restores the latest checkpoint and returns its path; calls `init_fn` and returns None where there is none."""
        if self._latest is not None:
            self._checkpoint.restore(self._latest)
            if self._step_counter is not None:
                self._last_step = int(self._step_counter)
            return self._latest
        if self._init_fn is not None:
            self._init_fn()
        return None

    def sync(self) -> None:
        """Waits until everything is written, which it is."""
