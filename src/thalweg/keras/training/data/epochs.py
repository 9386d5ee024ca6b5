"""The steps of one epoch after another."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...utils.warn import warn
from .sources import Source


class Epochs:
    """Iterating over it gives the numbered batches of the next epoch.

    Args:
      source: where the batches come from.
      steps: how many batches make an epoch; None for all that there are. With a number, an epoch goes on where the
        last one stopped.

    Attributes:
      num_batches: how many batches an epoch has; None until that is known.
      exhausted: whether an epoch found no batch at all.
    """

    def __init__(self, source: Source, steps: int | None = None) -> None:
        self._source = source
        self._steps = steps
        self._iterator: Iterator[Any] | None = None
        self._seen = 0
        self._available = source.num_batches
        self.exhausted = False

    @property
    def num_batches(self) -> int | None:
        return self._steps or self._available

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        if self._iterator is None or self._steps is None:
            self._iterator, self._seen = self._source.epoch(), 0
        try:
            yield from self._steps_of_epoch()
        finally:
            if self._available and self._seen >= self._available:
                self._iterator = None
            self._source.on_epoch_end()

    def _steps_of_epoch(self) -> Iterator[tuple[int, Any]]:
        assert self._iterator is not None
        step = 0
        wanted = self.num_batches
        while wanted is None or step < wanted:
            if self._available and self._seen >= self._available:
                self._warn()
                return
            try:
                batch = next(self._iterator)
            except StopIteration:
                if self._available is None and step:
                    self._available = self._seen
                if wanted is not None or not step:
                    self._warn()
                self.exhausted = not step
                self._iterator = None
                return
            self._seen += 1
            yield step, batch
            step += 1

    def _warn(self) -> None:
        warn("Your input ran out of data; interrupting training. Make sure that your dataset or generator can "
                      "generate at least `steps_per_epoch * epochs` batches. You may need to use the `.repeat()` "
                      "function "
                      "when building your dataset.")
