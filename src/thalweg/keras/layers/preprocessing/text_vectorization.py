"""`TextVectorization`: texts as numbers of their words."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...config import floatx
from ...symbolic.keras_tensor import KerasTensor
from ...types import Config, Shape
from ..layer import Layer
from .encoding import check_choice, plain, tensor_of
from .index_lookup import MODES, batches_of, standard_mode
from .lookups import StringLookup

_STANDARDS = ("lower_and_strip_punctuation", "lower", "strip_punctuation")
_PUNCTUATION = r'[!"#$%&()\*\+,-\./:;<=>?@\[\\\]^_`{|}~\']'


class TextVectorization(Layer):
    """Texts as the numbers of their words, or as vectors that say which words are in them.

    A text is put in lower case and freed of punctuation, split at white space, joined to n-grams if asked for, and looked up
    in a vocabulary, where 0 fills up short texts and 1 stands for unknown words.

    Args:
      max_tokens: the greatest size of the vocabulary, both special numbers included; None for any.
      standardize: `"lower_and_strip_punctuation"`, `"lower"`, `"strip_punctuation"`, None, or a function of a string tensor.
      split: `"whitespace"`, `"character"`, None, or a function from a string tensor to a ragged one.
      ngrams: the lengths of the n-grams, as a tuple; a number stands for all up to it; None for single words.
      output_mode: `"int"`, `"multi_hot"`, `"count"` or `"tf_idf"`.
      output_sequence_length: to how many numbers texts are cut or filled up; the longest text decides for None.
      pad_to_max_tokens: whether vectors have `max_tokens` elements, however many words there are.
      vocabulary: the words, or a file with one a line; `adapt` learns them for None.
      idf_weights: for `"tf_idf"`, the weights of the words.
      sparse: whether vectors are sparse tensors.
      ragged: whether numbers come in a ragged tensor.
      encoding: of the words in `get_vocabulary`.
      name: of the layer.

    Raises:
      ValueError: an unknown choice, or arguments that do not go together.
    """

    def __init__(self, max_tokens: int | None = None, standardize: Any = "lower_and_strip_punctuation",
                 split: Any = "whitespace", ngrams: Any = None, output_mode: str = "int",
                 output_sequence_length: int | None = None, pad_to_max_tokens: bool = False, vocabulary: Any = None,
                 idf_weights: Any = None, sparse: bool = False, ragged: bool = False, encoding: str = "utf-8",
                 name: str | None = None, **kwargs: Any) -> None:
        check_choice(standardize, _STANDARDS, self, "standardize", none=True, functions=True)
        check_choice(split, ("whitespace", "character"), self, "split", none=True, functions=True)
        mode = standard_mode(output_mode)
        check_choice(mode, MODES, self, "output_mode")
        if not (ngrams is None or isinstance(ngrams, int) or (
                isinstance(ngrams, tuple) and all(isinstance(length, int) for length in ngrams))):
            raise ValueError(f"`ngrams` must be None, an integer, or a tuple of integers. Received: ngrams={ngrams}")
        if mode == "int" and not (isinstance(output_sequence_length, int) or output_sequence_length is None):
            raise ValueError("`output_sequence_length` must be either None or an integer when `output_mode` is 'int'. "
                             f"Received: output_sequence_length={output_sequence_length}")
        if mode != "int" and output_sequence_length is not None:
            raise ValueError("`output_sequence_length` must not be set if `output_mode` is not 'int'. Received "
                             f"output_sequence_length={output_sequence_length}.")
        if ragged and mode != "int":
            raise ValueError("`ragged` must not be true if `output_mode` is `'int'`. Received: "
                             f"ragged={ragged} and output_mode={mode}")
        known = kwargs.pop("has_input_vocabulary", vocabulary is not None)
        size = kwargs.pop("vocabulary_size", None)
        super().__init__(name=name, **kwargs)
        self._standardize = standardize
        self._split = split
        self._ngrams_arg = ngrams
        self._ngrams = tuple(range(1, ngrams + 1)) if isinstance(ngrams, int) else ngrams
        self._ragged = ragged
        self._output_mode = mode
        self._output_sequence_length = output_sequence_length
        self._encoding = encoding
        self._lookup_layer = StringLookup(
            max_tokens=max_tokens, vocabulary=vocabulary, idf_weights=idf_weights, pad_to_max_tokens=pad_to_max_tokens,
            mask_token="", output_mode=mode, sparse=sparse, has_input_vocabulary=known, encoding=encoding, vocabulary_size=size)
        self._convert_input_args = False
        self._allow_non_tensor_positional_args = True

    @property
    def compute_dtype(self) -> str:
        return "string"

    @property
    def variable_dtype(self) -> str:
        return "string"

    def build(self, input_shape: Any = None) -> None:
        pass

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Learns the words from texts, the most frequent first.

        Args:
          data: an array, a list, a tensor, or an iterable of batches of texts.
          batch_size: accepted; arrays are taken whole.
          steps: how many batches count; all for None.

        Raises:
          ValueError: the layer was given its vocabulary.
        """
        self.reset_state()
        for batch in batches_of(data, "string", steps):
            self.update_state(batch)
        self.finalize_state()

    def update_state(self, data: Any) -> None:
        """Counts the words of a batch of texts."""
        self._lookup_layer.update_state(self._words(data))

    def finalize_state(self) -> None:
        """Makes the vocabulary of what was counted."""
        self._lookup_layer.finalize_state()

    def reset_state(self) -> None:
        """Forgets what was counted."""
        self._lookup_layer.reset_state()

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[str]:
        """The words in their order; before them `""` and `"[UNK]"`, if asked for."""
        return self._lookup_layer.get_vocabulary(include_special_tokens)

    def vocabulary_size(self) -> int:
        """How many words there are, with the special ones."""
        return self._lookup_layer.vocabulary_size()

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Sets the words, and for `"tf_idf"` their weights, as `StringLookup.set_vocabulary` does."""
        self._lookup_layer.set_vocabulary(vocabulary, idf_weights=idf_weights)

    def _words(self, inputs: Any) -> Any:
        x = tensor_of(inputs, tf.string)
        if callable(self._standardize):
            x = self._standardize(x)
        elif self._standardize is not None:
            x = tf.strings.lower(x) if "lower" in self._standardize else x
            x = tf.strings.regex_replace(x, _PUNCTUATION, "") if "strip" in self._standardize else x
        if self._split is not None:
            if len(x.shape) > 1:
                if x.shape[-1] != 1:
                    raise ValueError("When using `TextVectorization` to tokenize strings, the input rank must be 1 or the last "
                                     f"shape dimension must be 1. Received: inputs.shape={x.shape} with rank={len(x.shape)}")
                x = tf.squeeze(x, axis=-1)
            if callable(self._split):
                x = self._split(x)
            else:
                x = tf.strings.split(x) if self._split == "whitespace" else tf.strings.unicode_split(x, "UTF-8")
        return x if self._ngrams is None else tf.strings.ngrams(x, ngram_width=self._ngrams, separator=" ")

    def call(self, inputs: Any) -> Any:
        found = self._lookup_layer.call(self._words(inputs))
        length = self._output_sequence_length
        if self._output_mode != "int":
            return found
        if isinstance(found, tf.RaggedTensor) and not self._ragged:
            return found.to_tensor(default_value=0, shape=[*found.shape.as_list()[:-1], length])
        if length is None:
            return found
        found = found[..., :length]
        if self._ragged:
            return found
        shape = tf.shape(found)
        none = [[0, 0]] * (len(found.shape) - 1)
        out = tf.pad(found, tf.convert_to_tensor([*none, [0, length - shape[-1]]]))
        out.set_shape([*found.shape.as_list()[:-1], length])
        return out

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        if self._output_mode == "int":
            return (input_shape[0], self._output_sequence_length)
        shape = tuple(input_shape)
        if self._split is not None:
            shape = (*shape, None)
        elif len(shape) <= 1:
            shape = (*shape, 1)
        return self._lookup_layer.compute_output_shape(shape)

    def compute_output_spec(self, inputs: Any) -> KerasTensor:
        return KerasTensor(self.compute_output_shape(tuple(inputs.shape)), "int64" if self._output_mode == "int" else floatx())

    def get_config(self) -> Config:
        inner = self._lookup_layer
        return {
            **super().get_config(), "max_tokens": inner.max_tokens, "standardize": self._standardize, "split": self._split,
            "ngrams": self._ngrams_arg, "output_mode": self._output_mode,
            "output_sequence_length": self._output_sequence_length, "pad_to_max_tokens": inner.pad_to_max_tokens,
            "sparse": inner.sparse, "ragged": self._ragged, "vocabulary": plain(inner.input_vocabulary),
            "idf_weights": plain(inner.input_idf_weights), "encoding": self._encoding,
            "vocabulary_size": self.vocabulary_size(),
        }  # fmt: skip

    @classmethod
    def from_config(cls, config: Config) -> TextVectorization:
        """The layer that `get_config` described."""
        from ... import registry

        config = dict(config)
        for name in ("standardize", "split"):
            if not isinstance(config[name], str) and config[name] is not None and not callable(config[name]):
                config[name] = registry.deserialize_keras_object(config[name])
        if isinstance(config["ngrams"], list):
            config["ngrams"] = tuple(config["ngrams"])
        return cls(**config)

    def save_own_variables(self, store: Any) -> None:
        """Puts the weights of `"tf_idf"` into a file."""
        self._lookup_layer.save_own_variables(store)

    def load_own_variables(self, store: Any) -> None:
        """Takes them from a file."""
        self._lookup_layer.load_own_variables(store)

    def save_assets(self, dir_path: str) -> None:
        """Writes a learnt vocabulary into a folder."""
        self._lookup_layer.save_assets(dir_path)

    def load_assets(self, dir_path: str) -> None:
        """Reads what `save_assets` wrote."""
        self._lookup_layer.load_assets(dir_path)
