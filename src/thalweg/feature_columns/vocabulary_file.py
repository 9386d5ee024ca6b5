"""`categorical_column_with_vocabulary_file`: numbers of lines in a file as ids."""
from __future__ import annotations

import collections
import itertools
from collections.abc import Iterator
from typing import Any

import thalweg as tf

from .checks import check_key, check_string_or_integer
from .vocabularies import VocabularyColumn, check_outside


class VocabularyFileCategoricalColumn(VocabularyColumn, collections.namedtuple("VocabularyFileCategoricalColumn", (
        "key", "vocabulary_file", "vocabulary_size", "num_oov_buckets", "dtype", "default_value", "file_format"))):
    """See `categorical_column_with_vocabulary_file`."""

    def __new__(cls, key: Any, vocabulary_file: Any, vocabulary_size: Any, num_oov_buckets: Any, dtype: Any,
                default_value: Any, file_format: Any = None) -> VocabularyFileCategoricalColumn:
        return super().__new__(cls, key, vocabulary_file, vocabulary_size, num_oov_buckets, dtype, default_value, file_format)

    @property
    def num_buckets(self) -> Any:
        return self.vocabulary_size + self.num_oov_buckets

    def _contents(self, key_dtype: Any) -> Any:
        if self.file_format != "tfrecord_gzip":
            keys, values = tf.lookup.TextFileIndex.WHOLE_LINE, tf.lookup.TextFileIndex.LINE_NUMBER
            return tf.lookup.TextFileInitializer(self.vocabulary_file, key_dtype, keys, tf.int64, values,
                                                 vocab_size=self.vocabulary_size)
        words: list[Any] = list(itertools.islice(_records(self.vocabulary_file), self.vocabulary_size))
        if key_dtype is not tf.string:
            words = [int(word) for word in words]
        return tf.lookup.KeyValueTensorInitializer(tf.constant(words, key_dtype), tf.range(len(words), dtype=tf.int64))


def _records(path: str) -> Iterator[bytes]:
    io = tf.compat.v1.python_io
    return io.tf_record_iterator(path, io.TFRecordOptions("GZIP"))  # type: ignore[no-any-return]


def categorical_column_with_vocabulary_file(key: Any, vocabulary_file: Any, vocabulary_size: Any = None,
                                            dtype: Any = tf.string, default_value: Any = None, num_oov_buckets: Any = 0,
                                            file_format: str | None = None) -> VocabularyFileCategoricalColumn:
    """A column whose ids are the numbers of the lines that its values are in a file.

    Args:
      key: of the feature; empty strings, or -1, are missing values.
      vocabulary_file: the path of the file.
      vocabulary_size: how many of its lines count; all unless told otherwise, which are counted at once.
      dtype: of the feature, strings or integers.
      default_value: the id of unknown values; -1, the default, leaves them out.
      num_oov_buckets: into how many ids behind the lines unknown values are hashed instead.
      file_format: "tfrecord_gzip" for a compressed file of records, which names that end in "tfrecord.gz" mean already.

    Raises:
      ValueError: no file, no lines, a default beside buckets, another dtype, or a key that is no string.
    """
    if not vocabulary_file:
        raise ValueError(f"Missing vocabulary_file in {key}.")
    if file_format is None and vocabulary_file.endswith("tfrecord.gz"):
        file_format = "tfrecord_gzip"
    if vocabulary_size is None:
        vocabulary_size = _size_of(vocabulary_file, file_format, key)
    if vocabulary_size < 1:
        raise ValueError(f"Invalid vocabulary_size in {key}.")
    check_outside(num_oov_buckets, default_value is not None, key)
    check_string_or_integer(dtype, f"column_name: {key}")
    check_key(key)
    return VocabularyFileCategoricalColumn(key, vocabulary_file, vocabulary_size, num_oov_buckets or 0, dtype,
                                           -1 if default_value is None else default_value, file_format)


def _size_of(path: str, file_format: str | None, key: Any) -> int:
    if not tf.io.gfile.exists(path):
        raise ValueError(f"vocabulary_file in {key} does not exist.")
    if file_format == "tfrecord_gzip":
        return sum(1 for _ in _records(path))
    with tf.io.gfile.GFile(path, "rb") as lines:
        return sum(1 for _ in lines)


def categorical_column_with_vocabulary_file_v1(key: Any, vocabulary_file: Any, vocabulary_size: Any = None,
                                               num_oov_buckets: Any = 0, default_value: Any = None, dtype: Any = tf.string
                                               ) -> VocabularyFileCategoricalColumn:
    """`categorical_column_with_vocabulary_file` with its arguments in TensorFlow 1's order."""
    return categorical_column_with_vocabulary_file(key, vocabulary_file, vocabulary_size, dtype, default_value,
                                                   num_oov_buckets)
