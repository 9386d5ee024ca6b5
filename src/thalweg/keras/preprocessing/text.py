"""Texts as numbers of words: `Tokenizer` and its kin."""
from __future__ import annotations

import hashlib
import json
import warnings
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'


def text_to_word_sequence(input_text: str, filters: str = _FILTERS, lower: bool = True, split: str = " ") -> list[str]:
    """The words of a text.

    Args:
      input_text: the text.
      filters: characters that separate words, as `split` does.
      lower: whether the text is put in lower case.
      split: what separates words.
    """
    text = input_text.lower() if lower else input_text
    separators: dict[str, Any] = dict.fromkeys(filters, split)
    return [word for word in text.translate(str.maketrans(separators)).split(split) if word]


def one_hot(input_text: str, n: int, filters: str = _FILTERS, lower: bool = True, split: str = " ",
            analyzer: Callable[[str], Any] | None = None) -> list[int]:
    """The words of a text as numbers from 1 to `n - 1`, by Python's `hash`, which differs from run to run."""
    return hashing_trick(input_text, n, hash, filters, lower, split, analyzer)


def hashing_trick(text: str, n: int, hash_function: Any = None, filters: str = _FILTERS, lower: bool = True,
                  split: str = " ", analyzer: Callable[[str], Any] | None = None) -> list[int]:
    """The words of a text as numbers from 1 to `n - 1`, by a hash function.

    Args:
      text: the text.
      n: above the numbers.
      hash_function: from words to integers; `"md5"` for one that is the same in every run, Python's `hash` for None.
      filters: characters that separate words.
      lower: whether the text is put in lower case.
      split: what separates words.
      analyzer: what takes a text apart instead.
    """
    if hash_function is None:
        hash_function = hash
    elif hash_function == "md5":
        def hash_function(word: str) -> int:
            return int(hashlib.md5(word.encode()).hexdigest(), 16)
    words = text_to_word_sequence(text, filters, lower, split) if analyzer is None else analyzer(text)
    return [hash_function(word) % (n - 1) + 1 for word in words]


class Tokenizer:
    """Numbers the words of texts, the most frequent first; 0 is no word's.

    Args:
      num_words: only words of lower numbers come out; None for all.
      filters: characters that separate words.
      lower: whether texts are put in lower case.
      split: what separates words.
      char_level: whether every character is a word.
      oov_token: a word that stands for those that are not known, number 1.
      analyzer: what takes a text apart instead.

    Raises:
      TypeError: an unknown argument.
    """

    def __init__(self, num_words: int | None = None, filters: str = _FILTERS, lower: bool = True, split: str = " ",
                 char_level: bool = False, oov_token: str | None = None, analyzer: Callable[[str], Any] | None = None,
                 **kwargs: Any) -> None:
        if "nb_words" in kwargs:
            warnings.warn("The `nb_words` argument in `Tokenizer` has been renamed `num_words`.", stacklevel=2)
            num_words = kwargs.pop("nb_words")
        self.document_count: int = kwargs.pop("document_count", 0)
        if kwargs:
            raise TypeError(f"Unrecognized keyword arguments: {kwargs}")
        self.word_counts: OrderedDict[str, int] = OrderedDict()
        self.word_docs: dict[str, int] = defaultdict(int)
        self.index_docs: dict[int, int] = defaultdict(int)
        self.word_index: dict[str, int] = {}
        self.index_word: dict[int, str] = {}
        self.num_words = num_words
        self.filters = filters
        self.lower = lower
        self.split = split
        self.char_level = char_level
        self.oov_token = oov_token
        self.analyzer = analyzer

    def _words(self, text: Any) -> Any:
        if self.char_level or isinstance(text, list):
            if not self.lower:
                return text
            return [word.lower() for word in text] if isinstance(text, list) else text.lower()
        if self.analyzer is not None:
            return self.analyzer(text)
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    def fit_on_texts(self, texts: Iterable[Any]) -> None:
        """Counts the words of texts, or of lists of words, and numbers them anew."""
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in set(words):
                self.word_docs[word] += 1
        ordered = sorted(self.word_counts, key=lambda word: self.word_counts[word], reverse=True)
        known = [*([] if self.oov_token is None else [self.oov_token]), *ordered]
        self.word_index = {word: i for i, word in enumerate(known, 1)}
        self.index_word = {i: word for word, i in self.word_index.items()}
        for word, count in self.word_docs.items():
            self.index_docs[self.word_index[word]] = count

    def fit_on_sequences(self, sequences: Any) -> None:
        """Counts in how many sequences of numbers each number is."""
        self.document_count += len(sequences)
        for sequence in sequences:
            for number in set(sequence):
                self.index_docs[number] += 1

    def _kept(self, number: int) -> bool:
        return not self.num_words or number < self.num_words

    def texts_to_sequences(self, texts: Iterable[Any]) -> list[list[int]]:
        """The numbers of the words of texts; unknown words are left out, or are `oov_token`'s."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable[Any]) -> Iterator[list[int]]:
        """The same, one text at a time."""
        unknown = None if self.oov_token is None else self.word_index.get(self.oov_token)
        for text in texts:
            numbers = (self.word_index.get(word) for word in self._words(text))
            found = (n if n is not None and self._kept(n) else unknown for n in numbers)
            yield [number for number in found if number is not None]

    def sequences_to_texts(self, sequences: Iterable[Any]) -> list[str]:
        """The words of numbers, joined by spaces."""
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences: Iterable[Any]) -> Iterator[str]:
        """The same, one sequence at a time."""
        unknown = None if self.oov_token is None else self.index_word.get(self.word_index.get(self.oov_token, 0))
        for sequence in sequences:
            words = (self.index_word[n] if n in self.index_word and self._kept(n) else unknown for n in sequence)
            yield " ".join(word for word in words if word is not None)

    def texts_to_matrix(self, texts: Iterable[Any], mode: str = "binary") -> Any:
        """A row for each text, as `sequences_to_matrix` makes it."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode=mode)

    def sequences_to_matrix(self, sequences: Any, mode: str = "binary") -> Any:
        """A row for each sequence with a column for each number, shape `[sequences, num_words]`, float64.

        Args:
          sequences: lists of numbers.
          mode: `"binary"`, `"count"`, `"freq"` or `"tfidf"`.

        Raises:
          ValueError: an unknown mode, or nothing was counted before.
        """
        if not self.num_words and not self.word_index:
            raise ValueError("Specify a dimension (`num_words` argument), or fit on some text data first.")
        if mode == "tfidf" and not self.document_count:
            raise ValueError("Fit the Tokenizer on some data before using tfidf mode.")
        width = self.num_words or len(self.word_index) + 1
        out = np.zeros((len(sequences), width))
        for row, sequence in zip(out, sequences, strict=True):
            counts = Counter(number for number in sequence if number < width)
            if not counts:
                continue
            numbers, times = np.array(list(counts)), np.array(list(counts.values()))
            if mode == "binary":
                row[numbers] = 1
            elif mode == "count":
                row[numbers] = times
            elif mode == "freq":
                row[numbers] = times / len(sequence)
            elif mode == "tfidf":
                documents = np.array([self.index_docs.get(number, 0) for number in counts])
                row[numbers] = (1 + np.log(times)) * np.log(1 + self.document_count / (1 + documents))
            else:
                raise ValueError("Unknown vectorization mode:", mode)
        return out

    def get_config(self) -> dict[str, Any]:
        """The arguments, and what was counted, as JSON."""
        plain = ("num_words", "filters", "lower", "split", "char_level", "oov_token", "document_count")
        learnt = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
        return {**{name: getattr(self, name) for name in plain},
                **{name: json.dumps(getattr(self, name)) for name in learnt}}

    def to_json(self, **kwargs: Any) -> str:
        """The config as JSON; `kwargs` go to `json.dumps`."""
        return json.dumps({"class_name": type(self).__name__, "config": self.get_config()}, **kwargs)


def tokenizer_from_json(json_string: str) -> Tokenizer:
    """The tokenizer that `Tokenizer.to_json` wrote."""
    config = json.loads(json_string)["config"]
    learnt = {name: json.loads(config.pop(name)) for name in ("word_counts", "word_docs", "index_docs", "index_word",
                                                              "word_index")}
    for name in ("index_docs", "index_word"):
        learnt[name] = {int(number): value for number, value in learnt[name].items()}
    tokenizer = Tokenizer(**config)
    for name, value in learnt.items():
        setattr(tokenizer, name, value)
    return tokenizer
