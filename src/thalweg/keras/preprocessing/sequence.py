"""Helpers for sequences: windows of series, pairs of words, padding."""
from __future__ import annotations

import json
import random
from typing import Any

import numpy as np

from ..utils.padding import pad_sequences
from ..utils.sequence import PyDataset


class TimeseriesGenerator(PyDataset):
    """Batches of windows of a series, each with the target of the step after it.

    Args:
      data: the series, indexable by slices.
      targets: the targets, as many as there are steps.
      length: of the windows, in steps of the series.
      sampling_rate: every how many-th step of a window is taken.
      stride: how far apart windows begin.
      start_index: the first step that is used.
      end_index: the last step that is used; the last of all for None.
      shuffle: whether windows are drawn instead of taken in order, with NumPy's global generator.
      reverse: whether windows run backwards.
      batch_size: windows of a batch.

    Raises:
      ValueError: data and targets differ in length, or no window fits.
    """

    def __init__(self, data: Any, targets: Any, length: int, sampling_rate: int = 1, stride: int = 1, start_index: int = 0,
                 end_index: int | None = None, shuffle: bool = False, reverse: bool = False, batch_size: int = 128,
                 **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if len(data) != len(targets):
            raise ValueError(f"Data and targets have to be of same length. Data length is {len(data)} while target length is "
                             f"{len(targets)}")
        self.data = data
        self.targets = targets
        self.length = length
        self.sampling_rate = sampling_rate
        self.stride = stride
        self.start_index = start_index + length
        self.end_index = len(data) - 1 if end_index is None else end_index
        self.shuffle = shuffle
        self.reverse = reverse
        self.batch_size = batch_size
        if self.start_index > self.end_index:
            raise ValueError(f"`start_index+length={self.start_index} > end_index={self.end_index}` is disallowed, as no part "
                             "of the sequence would be left to be used as current step.")

    def __len__(self) -> int:
        of_batch = self.batch_size * self.stride
        return (self.end_index - self.start_index + of_batch) // of_batch

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        of_batch = self.batch_size * self.stride
        if self.shuffle:
            rows = np.random.randint(self.start_index, self.end_index + 1, size=self.batch_size)
        else:
            first = self.start_index + of_batch * index
            rows = np.arange(first, min(first + of_batch, self.end_index + 1), self.stride)
        samples = np.array([self.data[row - self.length:row:self.sampling_rate] for row in rows])
        targets = np.array([self.targets[row] for row in rows])
        return (samples[:, ::-1] if self.reverse else samples), targets

    def get_config(self) -> dict[str, Any]:
        """The arguments, data and targets as JSON.

        Raises:
          TypeError: they are not made of numbers and lists.
        """
        names = ("length", "sampling_rate", "stride", "start_index", "end_index", "shuffle", "reverse", "batch_size")
        return {"data": _as_json(self.data, "Data"), "targets": _as_json(self.targets, "Targets"),
                **{name: getattr(self, name) for name in names}}

    def to_json(self, **kwargs: Any) -> str:
        """The config as JSON; `kwargs` go to `json.dumps`."""
        return json.dumps({"class_name": type(self).__name__, "config": self.get_config()}, **kwargs)


def _as_json(values: Any, what: str) -> str:
    try:
        return json.dumps(values.tolist() if isinstance(values, (np.ndarray, np.generic)) else values)
    except TypeError as error:
        raise TypeError(f"{what} not JSON Serializable: {values}") from error


def make_sampling_table(size: int, sampling_factor: float = 1e-5) -> Any:
    """The probabilities to keep the words of a vocabulary, ordered from the most frequent, as word2vec has them.

    Frequencies follow Zipf's law with `s = 1`; the table is `min(1, sqrt(sampling_factor / frequency))` (Mikolov et al.,
    2013).

    Args:
      size: of the vocabulary.
      sampling_factor: of word2vec.
    """
    rank = np.arange(size)
    rank[0] = 1
    scarcity = rank * (np.log(rank) + 0.577) + 0.5 - 1.0 / (12.0 * rank)
    factors = sampling_factor * scarcity
    return np.minimum(1.0, factors / np.sqrt(factors))


def skipgrams(sequence: Any, vocabulary_size: int, window_size: int = 4, negative_samples: float = 1.0,
              shuffle: bool = True, categorical: bool = False, sampling_table: Any = None,
              seed: int | None = None) -> tuple[list[Any], list[Any]]:
    """Pairs of words that stand near each other, label 1, and pairs of a word and one that is drawn, label 0.

    Args:
      sequence: numbers of words; 0 stands for none.
      vocabulary_size: the drawn words are below.
      window_size: how far apart the words of a pair are at most.
      negative_samples: how many pairs of label 0 there are for each of label 1.
      shuffle: whether the pairs come in random order.
      categorical: whether labels are `[0, 1]` and `[1, 0]`.
      sampling_table: the probability to keep each word.
      seed: of the order, for Python's `random`.
    """
    yes: Any = [0, 1] if categorical else 1
    no: Any = [1, 0] if categorical else 0
    couples: list[Any] = []
    for i, word in enumerate(sequence):
        if not word or (sampling_table is not None and sampling_table[word] < random.random()):
            continue
        for j in range(max(0, i - window_size), min(len(sequence), i + window_size + 1)):
            if j != i and sequence[j]:
                couples.append([word, sequence[j]])
    labels = [yes for _ in couples]
    if negative_samples > 0:
        words = [couple[0] for couple in couples]
        count = int(len(labels) * negative_samples)
        random.shuffle(words)
        couples += [[words[i % len(words)], random.randint(1, vocabulary_size - 1)] for i in range(count)]
        labels += [no] * count
    if shuffle:
        seed = random.randint(0, 10_000_000) if seed is None else seed
        for values in (couples, labels):
            random.seed(seed)
            random.shuffle(values)
    return couples, labels


__all__ = ["TimeseriesGenerator", "make_sampling_table", "pad_sequences", "skipgrams"]
