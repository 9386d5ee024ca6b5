"""`PyDataset`: batches by their number, written by the user."""
from __future__ import annotations

from typing import Any


class PyDataset:
    """Data in batches: a subclass defines `__getitem__(index)`, which returns a batch, and `__len__`, their number.

    Args:
      workers: accepted; batches are made one after another.
      use_multiprocessing: accepted, without effect.
      max_queue_size: accepted, without effect.
    """

    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10) -> None:
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    def __getitem__(self, index: int) -> Any:
        """The batch of this number: `(x, y)` or `(x, y, sample_weight)`."""
        raise NotImplementedError

    def __len__(self) -> int:
        """The number of batches."""
        raise NotImplementedError

    @property
    def num_batches(self) -> int:
        """The number of batches."""
        return len(self)

    def on_epoch_begin(self) -> None:
        """Called before each epoch."""

    def on_epoch_end(self) -> None:
        """Called after each epoch."""


Sequence = PyDataset
