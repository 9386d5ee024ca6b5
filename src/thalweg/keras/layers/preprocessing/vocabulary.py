"""Vocabularies: checked, and put into tables."""
from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

import thalweg as tf


def check_tokens(given: Any, tokens: Any, special: list[Any], mask_token: Any, oov_token: Any) -> None:
    """Asserts that no token is there twice, and that special ones are not in the middle.

    Args:
      given: the tokens as they were given.
      tokens: those without the special ones before them.
      special: the special ones.
      mask_token: the one that must not be among the tokens, or None.
      oov_token: another, or None.

    Raises:
      ValueError: they are.
    """
    repeated = [token for token, count in Counter(tokens).items() if count > 1]
    if repeated:
        raise ValueError("The passed vocabulary has at least one repeated term. Please uniquify your dataset. The repeated "
                         f"terms are: {repeated}")
    for token, name, word in ((mask_token, "mask_token", "mask"), (oov_token, "oov_token", "OOV")):
        if token is not None and token in tokens:
            raise ValueError(f"Found reserved {word} token at unexpected location in `vocabulary`. Note that passed "
                             "`vocabulary` does not need to include the OOV and mask tokens. Either remove all mask and OOV "
                             "tokens, or include them only at the start of the vocabulary in precisely this order: "
                             f"{special}. Received: {name}={token} at vocabulary index {np.argwhere(given == token)[-1]}")


def padded_weights(weights: Any, before: int, size: int | None) -> Any:
    """Weights with their mean before them, and zeros behind them.

    Args:
      weights: of the tokens.
      before: for how many special tokens the mean stands.
      size: how many weights there are in the end, or None.

    Raises:
      ValueError: they are not in one row.
    """
    if weights.ndim != 1:
        raise ValueError(f"TF-IDF data must be a 1-index array. Received: type(idf_weights)={type(weights)}")
    behind = 0 if size is None else size - before - len(weights)
    return np.concatenate([np.full(before, np.mean(weights)), weights, np.zeros(behind)])


def table_of(tokens: Any, key_dtype: str, value_dtype: str, invert: bool, start: int, default: Any) -> Any:
    """A table from tokens to their numbers, or back.

    Args:
      tokens: an array, or the name of a file with a token a line.
      key_dtype: the dtype of the keys.
      value_dtype: the dtype of the values.
      invert: whether the keys are the numbers.
      start: the number of the first token.
      default: the value of unknown keys.
    """
    with tf.init_scope():
        if isinstance(tokens, str):
            line, number = tf.lookup.TextFileIndex.WHOLE_LINE, tf.lookup.TextFileIndex.LINE_NUMBER
            if invert:
                # The first line has the number 0 in a file, so the numbers of the keys are moved here.
                lines = tf.io.read_file(tokens).numpy().decode().splitlines()
                return table_of(np.array(lines, object), key_dtype, value_dtype, invert, start, default)
            contents: Any = tf.lookup.TextFileInitializer(tokens, key_dtype, line, value_dtype, number,
                                                          value_index_offset=start)
        else:
            numbers = tf.range(start, start + len(tokens), dtype=tf.int64)
            words = tf.constant(tokens, value_dtype if invert else key_dtype)
            contents = tf.lookup.KeyValueTensorInitializer(*((numbers, words) if invert else (words, numbers)), key_dtype,
                                                           value_dtype)
        return tf.lookup.StaticHashTable(contents, default)
