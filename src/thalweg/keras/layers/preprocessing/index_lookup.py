"""Categories as numbers by a vocabulary: what `StringLookup` and `IntegerLookup` have in common."""
from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

import thalweg as tf

from ...config import floatx
from ...symbolic.keras_tensor import KerasTensor
from ...types import Config, Shape
from ..layer import Layer
from .encoding import check_choice, encoded, encoded_shape, plain, tensor_of
from .vocabulary import check_tokens, padded_weights, table_of

MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf")
_OLD_MODES = {"binary": "multi_hot", "tf-idf": "tf_idf"}


def standard_mode(mode: Any) -> Any:
    """A mode under its present name."""
    return _OLD_MODES.get(mode, mode) if isinstance(mode, str) else mode


class IndexLookup(Layer):
    """Tokens as their places in a vocabulary, or the other way round.

    The vocabulary begins with the mask token, if there is one and the mode is `"int"`, and with the numbers of tokens that
    are not in it.

    Args:
      max_tokens: the greatest size of the vocabulary, special tokens included; None for any.
      num_oov_indices: how many numbers stand for unknown tokens.
      mask_token: the token of number 0, None for none.
      oov_token: what stands for unknown tokens when numbers become tokens again.
      vocabulary_dtype: `"int64"` or `"string"`.
      vocabulary: the tokens, or a file with one a line; `adapt` learns them for None.
      idf_weights: for `"tf_idf"`, the weights of the tokens.
      invert: whether numbers become tokens.
      output_mode: `"int"`, `"one_hot"`, `"multi_hot"`, `"count"` or `"tf_idf"`.
      sparse: whether vectors are sparse tensors.
      pad_to_max_tokens: whether vectors have `max_tokens` elements, however many tokens there are.
      oov_method: for integers and several numbers of unknown tokens, `"floormod"` or `"farmhash"`.
      name: of the layer.
      salt: an integer, or a pair of them, for the hash of unknown tokens.

    Raises:
      ValueError: arguments that do not go together.
    """

    def __init__(self, max_tokens: int | None, num_oov_indices: int, mask_token: Any, oov_token: Any, vocabulary_dtype: str,
                 vocabulary: Any = None, idf_weights: Any = None, invert: bool = False, output_mode: str = "int",
                 sparse: bool = False, pad_to_max_tokens: bool = False, oov_method: str = "floormod",
                 name: str | None = None, salt: Any = None, **kwargs: Any) -> None:
        output_mode = standard_mode(output_mode)
        self._check_arguments(max_tokens, num_oov_indices, pad_to_max_tokens, oov_method, vocabulary_dtype, salt)
        self._check_mode(output_mode, invert, sparse, idf_weights)
        super().__init__(name=name)
        self._convert_input_args = False
        self._allow_non_tensor_positional_args = True
        self.invert = invert
        self.max_tokens = max_tokens
        self.num_oov_indices = num_oov_indices
        self.mask_token = mask_token
        self.oov_token = oov_token
        self.output_mode = output_mode
        self.sparse = sparse
        self.pad_to_max_tokens = pad_to_max_tokens
        self.vocabulary_dtype = tf.as_dtype(vocabulary_dtype).name
        self.oov_method = oov_method
        self.salt = (salt, salt) if isinstance(salt, int) else None if salt is None else tuple(salt)
        self._frozen_vocab_size = kwargs.pop("vocabulary_size", None)
        # Kept as they are for the config: a layer would follow lists for the layers in them.
        object.__setattr__(self, "input_vocabulary", None if isinstance(vocabulary, str) else vocabulary)
        object.__setattr__(self, "input_idf_weights", idf_weights)
        self._has_input_vocabulary = kwargs.pop("has_input_vocabulary", vocabulary is not None)
        kwargs.pop("trainable", None)
        kwargs.pop("dtype", None)
        if kwargs:
            raise ValueError(f"Unrecognized keyword argument(s): {kwargs}")
        self._key_dtype, self._value_dtype = ("int64", self.vocabulary_dtype) if invert else (self.vocabulary_dtype, "int64")
        self._set_special_tokens()
        self.idf_weights: Any = None
        if output_mode == "tf_idf" and self._has_input_vocabulary and idf_weights is None:
            raise ValueError("When specifying the `vocabulary` argument, in TF-IDF output mode, the `idf_weights` argument "
                             "must also be provided.")
        self.lookup_table: Any = None
        if vocabulary is not None:
            self.set_vocabulary(vocabulary, idf_weights)
        self._forget()

    def _check_arguments(self, max_tokens: Any, num_oov_indices: int, pad_to_max_tokens: bool, oov_method: str, dtype: str,
                         salt: Any) -> None:
        if max_tokens is not None and max_tokens <= 1:
            raise ValueError(f"If set, `max_tokens` must be greater than 1. Received: max_tokens={max_tokens}")
        if pad_to_max_tokens and max_tokens is None:
            raise ValueError("If pad_to_max_tokens is True, must set `max_tokens`. Received: "
                             f"max_tokens={max_tokens}")
        if num_oov_indices < 0:
            raise ValueError("`num_oov_indices` must be greater than or equal to 0. Received: "
                             f"num_oov_indices={num_oov_indices}")
        check_choice(oov_method, ("floormod", "farmhash"), self, "oov_method")
        if salt is None:
            return
        if tf.as_dtype(dtype).is_integer and oov_method != "farmhash":
            raise ValueError(f"`salt` can only be used when `oov_method='farmhash'`. Received: oov_method={oov_method}")
        if not isinstance(salt, int) and not (isinstance(salt, (tuple, list)) and len(salt) == 2):
            raise ValueError("The `salt` argument for `IndexLookup` can only be a tuple of 2 integers, or a single integer. "
                             f"Received: salt={salt}.")

    def _check_mode(self, mode: Any, invert: bool, sparse: bool, idf_weights: Any) -> None:
        check_choice(mode, MODES, self, "output_mode")
        if invert and mode != "int":
            raise ValueError(f"`output_mode` must be `'int'` when `invert` is true. Received: output_mode={mode}")
        if sparse and mode == "int":
            raise ValueError("`sparse` may only be true if `output_mode` is `'one_hot'`, `'multi_hot'`, `'count'` or "
                             f"`'tf_idf'`. Received: sparse={sparse} and output_mode={mode}")
        if idf_weights is not None and mode != "tf_idf":
            raise ValueError("`idf_weights` should only be set if `output_mode` is `'tf_idf'`. Received: "
                             f"idf_weights={idf_weights} and output_mode={mode}")

    def _set_special_tokens(self) -> None:
        if self.invert:
            mask_key, mask_value, self._default_value = 0, self.mask_token, self.oov_token
        else:
            mask_key = self.mask_token
            mask_value = 0 if self.output_mode == "int" else np.iinfo(np.int64).max
            self._default_value = self._oov_start_index() if self.num_oov_indices == 1 else -1
        if self.mask_token is not None:
            self._mask_key = np.array(mask_key) if self._key_dtype != "string" else mask_key
            self._mask_value = mask_value

    # The vocabulary

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]:
        """The tokens in their order.

        Args:
          include_special_tokens: whether the mask token and those for unknown ones are among them.
        """
        found: dict[int, Any] = {}
        if self.lookup_table is not None:
            keys, values = (np.asarray(part) for part in self.lookup_table.export())
            tokens, indices = (values, keys) if self.invert else (keys, values)
            found = dict(zip(indices.tolist(), self._readable(tokens), strict=True))
        vocabulary = [found.get(i, self.oov_token) for i in range(self.vocabulary_size())]
        if self.mask_token is not None and self.output_mode == "int":
            vocabulary[0] = self.mask_token
        return vocabulary if include_special_tokens else vocabulary[self._token_start_index():]

    def _readable(self, tokens: Any) -> Any:
        return tokens

    def vocabulary_size(self) -> int:
        """How many tokens there are, special ones included."""
        if self.lookup_table is None:
            return self._token_start_index()
        with tf.init_scope():
            return int(self.lookup_table.size()) + self._token_start_index()

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Sets the tokens.

        Args:
          vocabulary: a list, array or tensor of tokens, with the special ones before them or without; or a file.
          idf_weights: for `"tf_idf"`, a weight for each of them.

        Raises:
          ValueError: no tokens, the same twice, special ones in the middle, too many, or weights that do not fit.
          RuntimeError: another number of tokens than there was, which the shape of the result depends on.
        """
        if self.output_mode == "tf_idf" and idf_weights is None:
            raise ValueError("`idf_weights` must be set if output_mode is 'tf_idf'.")
        if self.output_mode != "tf_idf" and idf_weights is not None:
            raise ValueError("`idf_weights` should only be set if output_mode is `'tf_idf'`. Received: "
                             f"output_mode={self.output_mode} and idf_weights={idf_weights}")
        if isinstance(vocabulary, str):
            if not tf.io.gfile.exists(vocabulary):
                raise ValueError(f"Vocabulary file {vocabulary} does not exist.")
            if self.output_mode == "tf_idf":
                raise ValueError("output_mode `'tf_idf'` does not support loading a vocabulary from file.")
            self.lookup_table = self._table(vocabulary)
            self._record_vocabulary_size()
            return
        if not tf.executing_eagerly() and (tf.is_tensor(vocabulary) or tf.is_tensor(idf_weights)):
            raise RuntimeError(f"Cannot set a tensor vocabulary on layer {self.name} when not executing eagerly. Create this "
                               "layer or call `set_vocabulary()` outside of any traced function.")
        tokens = self._readable(vocabulary.numpy()) if tf.is_tensor(vocabulary) else np.array(vocabulary)
        if tokens.size == 0:
            raise ValueError(f"Cannot set an empty vocabulary. Received: vocabulary={tokens}")
        special = [self.mask_token] * self._oov_start_index() + [self.oov_token] * self.num_oov_indices
        start = self._token_start_index()
        given = np.array_equal(np.array(special, object), tokens[:start].astype(object))
        own = tokens[start:] if given else tokens
        check_tokens(tokens, own, special, self.mask_token, self.oov_token if self.invert else None)
        if self.max_tokens is not None and start + len(own) > self.max_tokens:
            raise ValueError("Attempted to set a vocabulary larger than the maximum vocab size. Received vocabulary size is "
                             f"{start + len(own)}; `max_tokens` is {self.max_tokens}.")
        self.lookup_table = self._table(own)
        self._record_vocabulary_size()
        if idf_weights is not None:
            weights = np.asarray(idf_weights)
            if len(tokens) != len(weights):
                raise ValueError(f"`idf_weights` must be the same length as vocabulary. len(idf_weights) is {len(weights)}; "
                                 f"len(vocabulary) is {len(tokens)}")
            self._set_weights(weights, 0 if given else start)

    def _set_weights(self, weights: Any, before: int) -> None:
        size = self.max_tokens if self.pad_to_max_tokens else None
        with tf.init_scope():
            self.idf_weights = tf.constant(padded_weights(weights, before, size), floatx())

    def _table(self, tokens: Any) -> Any:
        return table_of(tokens, self._key_dtype, self._value_dtype, self.invert, self._token_start_index(),
                        self._default_value)

    def _oov_start_index(self) -> int:
        return 1 if self.mask_token is not None and self.output_mode == "int" else 0

    def _token_start_index(self) -> int:
        return self._oov_start_index() + self.num_oov_indices

    def _record_vocabulary_size(self) -> None:
        size = self.vocabulary_size()
        fixed = self.output_mode != "int" and not self.pad_to_max_tokens
        if fixed and self._frozen_vocab_size is not None and size != self._frozen_vocab_size:
            raise RuntimeError(f"When using `output_mode={self.output_mode}` and `pad_to_max_tokens=False`, the vocabulary "
                               "size cannot be changed after the layer is called. Old vocab size is "
                               f"{self._frozen_vocab_size}, new vocab size is {size}")
        self._frozen_vocab_size = size

    # Learning the vocabulary

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Learns the tokens from data, the most frequent first.

        Args:
          data: an array, a list, a tensor, or an iterable of batches; the elements of rank 1 are documents of one token.
          steps: how many batches count; all for None.

        Raises:
          ValueError: the layer was given its vocabulary.
        """
        self.reset_state()
        for batch in batches_of(data, self.vocabulary_dtype, steps):
            self.update_state(batch)
        self.finalize_state()

    def update_state(self, data: Any) -> None:
        """Counts the tokens of a batch, whose rows are documents.

        Raises:
          ValueError: the layer was given its vocabulary.
        """
        if self._has_input_vocabulary:
            raise ValueError(f"Cannot adapt layer '{self.name}' after setting a static vocabulary via `vocabulary` argument or "
                             "`set_vocabulary()` method.")
        data = tensor_of(data, self.vocabulary_dtype)
        if isinstance(data, tf.SparseTensor):
            data = tf.RaggedTensor.from_sparse(data)
        while len(data.shape) < 2:
            data = tf.expand_dims(data, 0)
        rows = data.to_list() if isinstance(data, tf.RaggedTensor) else np.asarray(data).tolist()
        for row in rows:
            tokens = list(_leaves(row))
            self._counts.update(tokens)
            self._documents.update(set(tokens))
        self._document_count += len(rows)

    def finalize_state(self) -> None:
        """Makes the vocabulary of what was counted."""
        if self._has_input_vocabulary or not self._counts:
            self._record_vocabulary_size()
            return
        for token in (self.mask_token, self.oov_token):
            if token is not None:
                self._counts.pop(token.encode() if isinstance(token, str) else token, None)
        tokens = sorted(self._counts, key=lambda token: (self._counts[token], token), reverse=True)
        if self.max_tokens:
            tokens = tokens[:self.max_tokens - self._token_start_index()]
        self.lookup_table = self._table(np.array(tokens, object if self.vocabulary_dtype == "string" else "int64"))
        if self.output_mode == "tf_idf":
            documents = np.array([self._documents[token] for token in tokens], "float64")
            self._set_weights(np.log(1 + self._document_count / (1 + documents)), self._token_start_index())
        self.reset_state()
        self._record_vocabulary_size()

    def reset_state(self) -> None:
        """Forgets what was counted."""
        if not self._has_input_vocabulary:
            self._forget()

    def _forget(self) -> None:
        object.__setattr__(self, "_counts", Counter())
        object.__setattr__(self, "_documents", Counter())
        self._document_count = 0

    _counts: Counter[Any]
    _documents: Counter[Any]

    # The call

    @property
    def compute_dtype(self) -> str:
        return self.vocabulary_dtype

    @property
    def variable_dtype(self) -> str:
        return self.vocabulary_dtype

    def _depth(self) -> Any:
        return self.max_tokens if self.pad_to_max_tokens else self._frozen_vocab_size

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return input_shape if self.output_mode == "int" else encoded_shape(input_shape, self.output_mode, self._depth())

    def compute_output_spec(self, inputs: Any) -> KerasTensor:
        return KerasTensor(self.compute_output_shape(tuple(inputs.shape)), "int64" if self.output_mode == "int" else floatx())

    def call(self, inputs: Any) -> Any:
        if self.output_mode != "int" and self._depth() is None:
            raise RuntimeError(f"When using `output_mode={self.output_mode}` and `pad_to_max_tokens=False`, you must set the "
                               "layer's vocabulary before calling it. Either pass a `vocabulary` argument to the layer, or "
                               "call `adapt` with some sample data.")
        x = tensor_of(inputs, self._key_dtype)
        if isinstance(x, tf.SparseTensor):
            found: Any = tf.SparseTensor(x.indices, self._looked_up(x.values), x.dense_shape)
        elif isinstance(x, tf.RaggedTensor):
            found = x.with_flat_values(self._looked_up(x.flat_values))
        else:
            found = self._looked_up(x)
        if self.output_mode == "int":
            return found
        mode = "count" if self.output_mode == "tf_idf" else self.output_mode
        out = encoded(found, mode, self._depth(), self._value_dtype, self.sparse)
        if self.output_mode != "tf_idf":
            return out
        if self.idf_weights is None:
            raise ValueError("When `output_mode` is `'tf_idf'`, `idf_weights` must be provided.")
        if not self.sparse:
            return tf.cast(out, floatx()) * self.idf_weights
        weights = tf.gather(self.idf_weights, out.indices[:, -1])
        return tf.SparseTensor(out.indices, tf.cast(out.values, floatx()) * weights, out.dense_shape)

    def _looked_up(self, x: Any) -> Any:
        if self.lookup_table is None:
            found = tf.fill(tf.shape(x), tf.constant(self._default_value, self._value_dtype))
        else:
            found = self.lookup_table.lookup(x)
        if self.mask_token is not None:
            mask = tf.equal(x, tf.constant(self._mask_key, self._key_dtype))
            found = tf.where(mask, tf.constant(self._mask_value, self._value_dtype), found)
        if self.invert or self.num_oov_indices == 1:
            return found
        unknown = tf.equal(found, -1)
        if self.num_oov_indices:
            return tf.where(unknown, self._numbers_of_unknown(x) + self._oov_start_index(), found)
        words = tf.strings.format("When `num_oov_indices=0` all inputs should be in vocabulary, found OOV values {}, consider "
                                  "setting `num_oov_indices=1`.", (tf.boolean_mask(x, unknown),))
        check = tf.Assert(tf.logical_not(tf.reduce_any(unknown)), [words])
        with tf.control_dependencies([] if check is None else [check]):
            return tf.identity(found)

    def _numbers_of_unknown(self, x: Any) -> Any:
        if self._key_dtype != "string":
            if self.oov_method != "farmhash":
                return tf.math.floormod(x, self.num_oov_indices)
            x = tf.as_string(x)
        if self.salt is None:
            return tf.strings.to_hash_bucket_fast(x, self.num_oov_indices)
        return tf.strings.to_hash_bucket_strong(x, self.num_oov_indices, key=list(self.salt))

    # Files and configs

    def get_build_config(self) -> Config:
        return {}

    def build_from_config(self, config: Config) -> None:
        self.build(None)

    def get_config(self) -> Config:
        names = ("invert", "max_tokens", "num_oov_indices", "oov_token", "mask_token", "output_mode", "sparse",
                 "pad_to_max_tokens", "vocabulary_dtype")
        return {**super().get_config(), **{name: getattr(self, name) for name in names},
                "idf_weights": plain(self.input_idf_weights), "vocabulary": plain(self.input_vocabulary),
                "vocabulary_size": self._frozen_vocab_size, "oov_method": self.oov_method,
                "salt": None if self.salt is None else list(self.salt)}

    input_vocabulary: Any
    input_idf_weights: Any

    def save_own_variables(self, store: Any) -> None:
        """Puts the weights of `"tf_idf"` into a file."""
        if self.output_mode == "tf_idf":
            store["idf_weights"] = self.idf_weights.numpy()

    def load_own_variables(self, store: Any) -> None:
        """Takes them from a file."""
        if self.output_mode == "tf_idf":
            self.idf_weights = tf.constant(np.asarray(store["idf_weights"]), floatx())

    def save_assets(self, dir_path: str) -> None:
        """Writes a learnt vocabulary into a folder, a token a line."""
        if self.input_vocabulary is None:
            with open(tf.io.gfile.join(dir_path, "vocabulary.txt"), "w", encoding="utf-8") as file:
                file.write("\n".join(str(token) for token in self.get_vocabulary()))

    def load_assets(self, dir_path: str) -> None:
        """Reads what `save_assets` wrote."""
        if self.input_vocabulary is not None:
            return
        with open(tf.io.gfile.join(dir_path, "vocabulary.txt"), encoding="utf-8") as file:
            lines = file.read().splitlines()
        while lines and not lines[-1]:
            lines.pop()
        tokens: list[Any] = lines if self.vocabulary_dtype == "string" else [int(line) for line in lines]
        self.set_vocabulary(tokens, None if self.output_mode != "tf_idf" else self.idf_weights.numpy()[:len(tokens)])


def _leaves(row: Any) -> Any:
    if isinstance(row, list):
        for part in row:
            yield from _leaves(part)
    else:
        yield row


def batches_of(data: Any, dtype: str, steps: int | None) -> Any:
    """The batches of what `adapt` was given; an array is one, whose elements are documents if its rank is 1."""
    if hasattr(data, "__iter__") and not isinstance(data, (list, tuple, np.ndarray)) and not tf.is_tensor(data) and not (
            isinstance(data, tf.RaggedTensor)):
        for i, batch in enumerate(data):
            if steps is not None and i >= steps:
                break
            yield batch
        return
    data = tensor_of(data, dtype)
    yield tf.expand_dims(data, -1) if len(data.shape) == 1 else data
