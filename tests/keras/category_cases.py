"""Cases of layers for categories and texts: values in all modes, vocabularies, configs, errors."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_WORDS = np.array([["a", "b", "x"], ["c", "", "a"]])
_NUMBERS = np.array([[3, 5, 9], [7, 0, 3]])
_TEXTS = ["The cat, the dog!", "a Dog's life", "", "cat cat bird"]


def _dense(tf: Any, x: Any) -> Any:
    if isinstance(x, tf.SparseTensor):
        return tf.sparse.to_dense(x)
    return x.to_tensor(b"-" if x.dtype == tf.string else -9) if isinstance(x, tf.RaggedTensor) else x


def _shown(tf: Any, x: Any) -> Any:
    x = _dense(tf, x)
    return [str(x.shape), *(v.decode() for v in x.numpy().ravel())] if x.dtype == tf.string else x


def _symbolic(keras: Any, layer: Any, shape: Any, dtype: str) -> str:
    found = layer(keras.Input(shape, dtype=dtype))
    return f"{tuple(found.shape)} {found.dtype}"


def _discretization(keras: Any, tf: Any) -> Results:
    results: Results = {}
    x = np.array([[-1.5, 1.0, 3.4, np.inf], [0.0, 3.0, np.nan, -np.inf]], "float32")
    for mode in ("int", "one_hot", "multi_hot", "count"):
        layer = keras.layers.Discretization([-1.0, 0.0, 1.0, 3.0], output_mode=mode)
        for name, value in (("rows", x), ("row", x[0]), ("column", x[:, :1]), ("number", x[0, 0]), ("integers", _NUMBERS),
                            ("doubles", x.astype("float64")), ("cube", x[:, :, None]), ("none", np.zeros((0, 3), "float32"))):
            results[f"{mode} {name}"] = layer(value)
        results[f"{mode} config"] = {**layer.get_config(), "name": ""}
        results[f"{mode} symbolic"] = _symbolic(keras, layer, (3,), "float32")
        results[f"{mode} function"] = tf.function(layer)(tf.constant(x))
    sparse = keras.layers.Discretization([0.0, 1.0], output_mode="count", sparse=True)(x)
    results["sparse"] = tf.sparse.to_dense(sparse)
    rng = np.random.RandomState(4)
    for bins, epsilon, size in ((4, 0.01, 50), (7, 0.1, 300), (3, 0.3, 9), (2, 0.01, 1000)):
        layer = keras.layers.Discretization(num_bins=bins, epsilon=epsilon)
        data = rng.normal(size=size).astype("float32")
        layer.adapt(data)
        results[f"bounds {bins}"] = np.array(layer.bin_boundaries)
        layer.adapt([data[:size // 2], data[size // 2:]])
        results[f"bounds of batches {bins}"] = np.array(layer.bin_boundaries)
        layer.adapt([data[:size // 2], data[size // 2:]], steps=1)
        results[f"bounds of one batch {bins}"] = np.array(layer.bin_boundaries)
        results[f"adapted {bins}"] = keras.layers.Discretization.from_config(layer.get_config())(data)
    return results


def _hashing(keras: Any, tf: Any) -> Results:
    results: Results = {}
    for mode in ("int", "one_hot", "multi_hot", "count"):
        for name, kwargs in (("plain", {}), ("salt", {"salt": 133}), ("salts", {"salt": [133, 137]})):
            layer = keras.layers.Hashing(5, output_mode=mode, **kwargs)
            results[f"{mode} {name}"] = layer(_WORDS)
            results[f"{mode} {name} numbers"] = layer(_NUMBERS)
            results[f"{mode} {name} column"] = layer(_WORDS[:, :1])
            results[f"{mode} {name} row"] = layer(_WORDS[0])
            results[f"{mode} {name} config"] = {**layer.get_config(), "name": ""}
        results[f"{mode} symbolic"] = _symbolic(keras, layer, (3,), "string")
        results[f"{mode} function"] = tf.function(layer)(tf.constant(_WORDS))
    results["mask"] = keras.layers.Hashing(3, mask_value="")(_WORDS)
    results["mask of numbers"] = keras.layers.Hashing(4, mask_value=0, dtype="int32")(_NUMBERS)
    results["floats"] = keras.layers.Hashing(4)(np.array([1.9, 2.0], "float32"))
    results["ragged"] = _shown(tf, keras.layers.Hashing(4)(tf.ragged.constant([["a"], ["b", "c"]])))
    results["sparse"] = _shown(tf, keras.layers.Hashing(4, output_mode="count", sparse=True)(_WORDS))
    return results


def _crossing(keras: Any, tf: Any) -> Results:
    results: Results = {}
    for mode in ("int", "one_hot"):
        layer = keras.layers.HashedCrossing(5, output_mode=mode)
        results[f"{mode} row"] = layer((_WORDS[0], _NUMBERS[0]))
        results[f"{mode} column"] = layer((_WORDS[:, :1], _NUMBERS[:, :1]))
        results[f"{mode} three"] = layer((_WORDS[0], _NUMBERS[0], _WORDS[1]))
        results[f"{mode} numbers"] = layer((tf.constant("a"), tf.constant(3)))
        results[f"{mode} config"] = {**layer.get_config(), "name": ""}
        function = tf.function(lambda x, y, layer=layer: layer((x, y)))
        results[f"{mode} function"] = function(tf.constant(_WORDS[0]), _NUMBERS[0])
    return results


_STRINGS: dict[str, dict[str, Any]] = {
    "plain": {}, "mask": {"mask_token": ""}, "three": {"num_oov_indices": 3}, "salt": {"num_oov_indices": 3, "salt": 7},
    "padded": {"max_tokens": 8, "pad_to_max_tokens": True},
}  # fmt: skip
_INTEGERS: dict[str, dict[str, Any]] = {
    "plain": {}, "three": {"num_oov_indices": 3}, "hash": {"num_oov_indices": 3, "oov_method": "farmhash"},
}  # fmt: skip


def _strings(keras: Any, tf: Any) -> Results:
    results: Results = {}
    make = keras.layers.StringLookup
    for mode in ("int", "one_hot", "multi_hot", "count", "tf_idf"):
        weights = {"idf_weights": [0.5, 1.0, 2.0]} if mode == "tf_idf" else {}
        for name, kwargs in _STRINGS.items():
            layer = make(vocabulary=["a", "b", "c"], output_mode=mode, **kwargs, **weights)
            if not (name == "mask" and mode != "int"):  # Keras numbers masked words with the greatest integer there.
                results[f"{mode} {name}"] = layer(_WORDS)
                results[f"{mode} {name} row"] = layer(list(_WORDS[0]))
            results[f"{mode} {name} vocabulary"] = [str(word) for word in layer.get_vocabulary()]
            results[f"{mode} {name} config"] = {**layer.get_config(), "name": ""}
            results[f"{mode} {name} symbolic"] = _symbolic(keras, layer, (3,), "string")
        layer = make(output_mode=mode, max_tokens=4)
        layer.adapt(np.array([["b", "a", "b"], ["d", "b", "a"], ["c", "c", "[UNK]"]]))
        results[f"{mode} adapted"] = layer(_WORDS)
        results[f"{mode} adapted vocabulary"] = [str(word) for word in layer.get_vocabulary()]
        results[f"{mode} own vocabulary"] = [str(word) for word in layer.get_vocabulary(include_special_tokens=False)]
        results[f"{mode} size"] = np.array(layer.vocabulary_size())
        results[f"{mode} function"] = tf.function(layer)(tf.constant(_WORDS))
    inverse = make(vocabulary=["a", "b", "c"], invert=True, mask_token="")
    results["inverse"] = _shown(tf, inverse(np.array([[0, 1, 2], [3, 4, 9]])))
    results["number"] = make(vocabulary=["a", "b"])(tf.constant("b"))
    results["ragged"] = _shown(tf, make(vocabulary=["a", "b"])(tf.ragged.constant([["a"], ["b", "c"]])))
    results["sparse"] = _shown(tf, make(vocabulary=["a", "b"], output_mode="count", sparse=True)(_WORDS))
    special = make(vocabulary=["", "[UNK]", "a"], mask_token="")
    results["special"] = special(_WORDS)
    batches = make()
    batches.adapt(iter([np.array(["a", "b"]), np.array(["b", "c"])]), steps=2)
    results["batches"] = [str(word) for word in batches.get_vocabulary()]
    return results


def _integers(keras: Any, tf: Any) -> Results:
    results: Results = {}
    make = keras.layers.IntegerLookup
    for mode in ("int", "one_hot", "multi_hot", "count"):
        for name, kwargs in _INTEGERS.items():
            layer = make(vocabulary=[3, 7, 1], output_mode=mode, **kwargs)
            results[f"{mode} {name}"] = layer(_NUMBERS)
            results[f"{mode} {name} config"] = {**layer.get_config(), "name": ""}
        layer = make(output_mode=mode)
        layer.adapt(_NUMBERS)
        results[f"{mode} adapted"] = layer(_NUMBERS)
        results[f"{mode} vocabulary"] = np.array(layer.get_vocabulary())
    results["mask"] = make(vocabulary=[3, 7], mask_token=0)(_NUMBERS)
    results["inverse"] = make(vocabulary=[3, 7], invert=True)(np.array([[0, 1], [2, 5]]))
    results["known"] = make(vocabulary=[3, 5, 9, 7, 0], num_oov_indices=0)(_NUMBERS)
    return results


def _texts(keras: Any, tf: Any) -> Results:
    results: Results = {}
    make = keras.layers.TextVectorization
    for name, kwargs in {
        "int": {}, "short": {"output_sequence_length": 2}, "long": {"output_sequence_length": 6},
        "lower": {"standardize": "lower"}, "strip": {"standardize": "strip_punctuation"},
        "as it is": {"standardize": None}, "characters": {"split": "character"},
        "pairs": {"ngrams": 2}, "only pairs": {"ngrams": (2,)}, "few": {"max_tokens": 4},
        "multi_hot": {"output_mode": "multi_hot"}, "tf_idf": {"output_mode": "tf_idf"},
        "count": {"output_mode": "count", "max_tokens": 12, "pad_to_max_tokens": True},
        "whole": {"split": None}, "ragged": {"ragged": True}, "sparse": {"output_mode": "count", "sparse": True},
        "function": {"standardize": lambda x: tf.strings.upper(x)},
        "comma": {"standardize": None, "split": lambda x: tf.strings.split(x, ",")},
    }.items():
        layer = make(**kwargs)
        layer.adapt(_TEXTS)
        results[name] = _shown(tf, layer(_TEXTS))
        results[f"{name} vocabulary"] = [str(word) for word in layer.get_vocabulary()]
        results[f"{name} symbolic"] = _symbolic(keras, layer, (1,), "string")
        if not callable(kwargs.get("standardize")) and not callable(kwargs.get("split")):
            results[f"{name} config"] = {**layer.get_config(), "name": ""}
        if name != "whole":
            results[f"{name} column"] = _shown(tf, layer(np.array(_TEXTS)[:, None]))
        results[f"{name} traced"] = _shown(tf, tf.function(layer)(tf.constant(_TEXTS)))
    given = make(vocabulary=["cat", "dog"])
    results["given"] = given(tf.constant(_TEXTS))
    results["given config"] = {**given.get_config(), "name": ""}
    again = make.from_config(given.get_config())
    results["again"] = again(_TEXTS)
    later = make()
    later.set_vocabulary(["dog", "cat"])
    results["set"] = later(_TEXTS)
    results["one"] = given(tf.constant("cat and dog"))
    embedding = keras.layers.Embedding(4, 2, embeddings_initializer="ones")
    model = keras.Sequential([keras.Input((1,), dtype="string"), given, embedding])
    results["model"] = model.predict(tf.constant(_TEXTS)[:, None], verbose=0)
    return results


ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "bounds and bins": lambda keras, tf: keras.layers.Discretization([1.0], num_bins=3),
    "neither": lambda keras, tf: keras.layers.Discretization(),
    "bins negative": lambda keras, tf: keras.layers.Discretization(num_bins=-1),
    "mode of bins": lambda keras, tf: keras.layers.Discretization([1.0], output_mode="x"),
    "sparse bins": lambda keras, tf: keras.layers.Discretization([1.0], sparse=True),
    "not adapted": lambda keras, tf: keras.layers.Discretization(num_bins=2)(np.ones(2)),
    "adapt given": lambda keras, tf: keras.layers.Discretization([1.0]).adapt(np.ones(3)),
    "no bins": lambda keras, tf: keras.layers.Hashing(0),
    "mode of hashing": lambda keras, tf: keras.layers.Hashing(2, output_mode="x", dtype="float32"),
    "salt": lambda keras, tf: keras.layers.Hashing(2, salt="x"),
    "dtype of hashing": lambda keras, tf: keras.layers.Hashing(2, dtype="float32"),
    "sparse hashing": lambda keras, tf: keras.layers.Hashing(2, sparse=True),
    "mode of crossing": lambda keras, tf: keras.layers.HashedCrossing(2, output_mode="count"),
    "max tokens": lambda keras, tf: keras.layers.StringLookup(max_tokens=1),
    "padded to nothing": lambda keras, tf: keras.layers.StringLookup(pad_to_max_tokens=True),
    "unknown negative": lambda keras, tf: keras.layers.StringLookup(num_oov_indices=-1),
    "mode of strings": lambda keras, tf: keras.layers.StringLookup(output_mode="x"),
    "inverse of vectors": lambda keras, tf: keras.layers.StringLookup(invert=True, output_mode="count"),
    "sparse integers": lambda keras, tf: keras.layers.StringLookup(sparse=True),
    "weights": lambda keras, tf: keras.layers.StringLookup(vocabulary=["a"], idf_weights=[1.0]),
    "weights missing": lambda keras, tf: keras.layers.StringLookup(vocabulary=["a"], output_mode="tf_idf"),
    "weights too few": lambda keras, tf: keras.layers.StringLookup(vocabulary=["a", "b"], idf_weights=[1.0],
                                                                   output_mode="tf_idf"),
    "twice": lambda keras, tf: keras.layers.IntegerLookup(vocabulary=[1, 2, 1]),
    "empty": lambda keras, tf: keras.layers.StringLookup(vocabulary=[]),
    "too many": lambda keras, tf: keras.layers.StringLookup(max_tokens=2, vocabulary=["a", "b"]),
    "unknown argument": lambda keras, tf: keras.layers.StringLookup(foo=3),
    "no file": lambda keras, tf: keras.layers.StringLookup(vocabulary="/nowhere/at/all"),
    "dtype of integers": lambda keras, tf: keras.layers.IntegerLookup(vocabulary_dtype="int32"),
    "salt of integers": lambda keras, tf: keras.layers.IntegerLookup(salt=3),
    "given and adapted": lambda keras, tf: keras.layers.StringLookup(vocabulary=["a"], name="s").adapt(["a"]),
    "no vocabulary": lambda keras, tf: keras.layers.StringLookup(output_mode="count")(_WORDS),
    "standardize": lambda keras, tf: keras.layers.TextVectorization(standardize="x"),
    "split": lambda keras, tf: keras.layers.TextVectorization(split="x"),
    "ngrams": lambda keras, tf: keras.layers.TextVectorization(ngrams=1.5),
    "length": lambda keras, tf: keras.layers.TextVectorization(output_sequence_length=1.5),
    "length of vectors": lambda keras, tf: keras.layers.TextVectorization(output_mode="count", output_sequence_length=3),
    "ragged vectors": lambda keras, tf: keras.layers.TextVectorization(output_mode="count", ragged=True),
    "texts in rows": lambda keras, tf: keras.layers.TextVectorization(vocabulary=["a"])(_WORDS),
    "max tokens of integers": lambda keras, tf: keras.layers.IntegerLookup(max_tokens=1),
}


def _caught(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except Exception as error:
        return error


def _errors(keras: Any, tf: Any) -> Results:
    found = {name: error_of(lambda function=function: function(keras, tf)).partition("\n\nArguments")[0]
             for name, function in ERRORS.items()}
    unknown = _caught(lambda: keras.layers.StringLookup(vocabulary=["a"], num_oov_indices=0)(_WORDS))
    return {**found, "unknown word": type(unknown).__name__}


CASES: dict[str, Case] = {"discretization": _discretization, "hashing": _hashing, "crossing": _crossing, "strings": _strings,
                          "integers": _integers, "texts": _texts, "errors": _errors}
