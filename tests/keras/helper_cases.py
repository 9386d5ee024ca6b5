"""Cases of the helpers in `keras.utils` and `keras.preprocessing`: sequences, texts, images as files."""
from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_ROWS = [[1, 2, 3], [4], [], [5, 6, 7, 8]]
_TEXTS = ["The cat, the dog!", "a Dog's life", "", "cat cat bird"]
_RNG = np.random.RandomState(6)
_IMAGE = _RNG.uniform(-3, 9, (4, 6, 3)).astype("float32")
_GREY = _RNG.randint(0, 256, (5, 3, 1)).astype("float32")
_CLEAR = _RNG.randint(0, 256, (3, 4, 4)).astype("uint8")


def _padding(keras: Any, tf: Any) -> Results:
    pad = keras.utils.pad_sequences
    results: Results = {"plain": pad(_ROWS), "same": keras.preprocessing.sequence.pad_sequences(_ROWS, maxlen=3)}
    for padding in ("pre", "post"):
        for truncating in ("pre", "post"):
            results[f"{padding} {truncating}"] = pad(_ROWS, maxlen=2, padding=padding, truncating=truncating, value=9)
    results["floats"] = pad([[0.5], [1.5, 2.5]], dtype="float32", value=-1.0)
    results["vectors"] = pad([np.ones((1, 2)), np.zeros((3, 2))], maxlen=2, dtype="float64")
    results["words"] = pad([["a"], ["b", "c"]], dtype=object, value="-").tolist()
    return results


def _tokenizers(keras: Any, tf: Any) -> Results:
    text = keras.preprocessing.text
    results: Results = {"words": text.text_to_word_sequence("Hello, (big) World!"),
                        "other": text.text_to_word_sequence("a-b_C", filters="-", lower=False, split="_"),
                        "hash": text.hashing_trick("the cat the dog", 7, hash_function="md5")}
    for name, kwargs in {"plain": {}, "few": {"num_words": 4}, "unknown": {"oov_token": "<?>", "num_words": 3},
                         "characters": {"char_level": True}, "upper": {"lower": False, "filters": ""},
                         "analyzer": {"analyzer": lambda x: x.split("a")}}.items():
        tokenizer = text.Tokenizer(**kwargs)
        tokenizer.fit_on_texts(_TEXTS)
        found = tokenizer.texts_to_sequences([*_TEXTS, "a cat and a fish"])
        results[f"{name} sequences"] = [str(row) for row in found]
        results[f"{name} texts"] = tokenizer.sequences_to_texts([*found, [99]])
        results[f"{name} index"] = dict(tokenizer.word_index)
        results[f"{name} documents"] = str(sorted(tokenizer.index_docs.items()))
        for mode in ("binary", "count", "freq", "tfidf"):
            results[f"{name} {mode}"] = tokenizer.texts_to_matrix(_TEXTS, mode=mode)
        if name != "analyzer":
            again = text.tokenizer_from_json(tokenizer.to_json())
            results[f"{name} again"] = again.texts_to_matrix(_TEXTS, mode="tfidf")
            config = tokenizer.get_config()
            config.pop("word_docs"), config.pop("index_docs")  # In the order of a set of strings.
            results[f"{name} config"] = config
    numbers = text.Tokenizer(num_words=5)
    numbers.fit_on_sequences([[1, 2, 2], [2, 4]])
    results["numbers"] = numbers.sequences_to_matrix([[1, 2, 2], [2, 4]], mode="tfidf")
    return results


def _sequences(keras: Any, tf: Any) -> Results:
    sequence = keras.preprocessing.sequence
    results: Results = {"table": sequence.make_sampling_table(9, 1e-2)}
    for i, kwargs in enumerate([{}, {"window_size": 1, "negative_samples": 0.0, "shuffle": False},
                                {"categorical": True, "seed": 3},
                                {"negative_samples": 2.0, "sampling_table": np.linspace(1, 0.2, 9)}]):
        random.seed(5)
        couples, labels = sequence.skipgrams([1, 2, 0, 3, 4, 8], 9, **kwargs)
        results |= {f"couples {i}": np.array(couples), f"labels {i}": np.array(labels)}
    data = np.arange(20.0).reshape(10, 2)
    for i, kwargs in enumerate([{}, {"batch_size": 3}, {"sampling_rate": 2, "stride": 2, "batch_size": 2},
                                {"reverse": True, "start_index": 1, "end_index": 7}, {"shuffle": True, "batch_size": 4}]):
        np.random.seed(2)
        generator = sequence.TimeseriesGenerator(data, data[:, 0], length=3, **kwargs)
        results[f"length {i}"] = np.array(len(generator))
        for j in range(len(generator)):
            samples, targets = generator[j]
            results |= {f"samples {i} {j}": samples, f"targets {i} {j}": targets}
    return results


def _images(keras: Any, tf: Any) -> Results:
    utils = keras.utils
    results: Results = {}
    for name, x in (("colours", _IMAGE), ("grey", _GREY), ("clear", _CLEAR)):
        for scale in (True, False):
            img = utils.array_to_img(np.abs(x), scale=scale)
            results[f"{name} {scale}"] = utils.img_to_array(img)
            results[f"{name} {scale} mode"] = img.mode
        file = io.BytesIO()
        utils.save_img(file, x, file_format="png")
        for mode in ("rgb", "rgba", "grayscale"):
            file.seek(0)
            results[f"{name} {mode}"] = utils.img_to_array(utils.load_img(io.BytesIO(file.getvalue()), color_mode=mode))
        for method in ("nearest", "bilinear", "lanczos"):
            for keep in (False, True):
                img = utils.load_img(io.BytesIO(file.getvalue()), target_size=(6, 5), interpolation=method,
                                     keep_aspect_ratio=keep)
                results[f"{name} {method} {keep}"] = utils.img_to_array(img, dtype="uint8")
    planes = np.transpose(_IMAGE, (2, 0, 1))
    img = utils.array_to_img(planes, data_format="channels_first")
    results["planes"] = utils.img_to_array(img, data_format="channels_first")
    results["deep"] = utils.img_to_array(utils.array_to_img(_GREY * 9, scale=False), data_format="channels_first")
    return results


ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "no sequences": lambda keras, tf: keras.utils.pad_sequences(iter([])),
    "no list": lambda keras, tf: keras.utils.pad_sequences([1, 2]),
    "padding": lambda keras, tf: keras.utils.pad_sequences([[1]], padding="x"),
    "truncating": lambda keras, tf: keras.utils.pad_sequences([[1]], truncating="x"),
    "shapes": lambda keras, tf: keras.utils.pad_sequences([np.ones((1, 2)), np.ones((1, 3))]),
    "word among numbers": lambda keras, tf: keras.utils.pad_sequences([[1]], value="x"),
    "argument of a tokenizer": lambda keras, tf: keras.preprocessing.text.Tokenizer(foo=1),
    "nothing counted": lambda keras, tf: keras.preprocessing.text.Tokenizer().sequences_to_matrix([[1]]),
    "no documents": lambda keras, tf: keras.preprocessing.text.Tokenizer(num_words=3).sequences_to_matrix([[1]], mode="tfidf"),
    "mode": lambda keras, tf: keras.preprocessing.text.Tokenizer(num_words=3).sequences_to_matrix([[1]], mode="x"),
    "lengths": lambda keras, tf: keras.preprocessing.sequence.TimeseriesGenerator([1, 2], [1], 1),
    "no window": lambda keras, tf: keras.preprocessing.sequence.TimeseriesGenerator([1, 2], [1, 2], 3),
    "rank of an image": lambda keras, tf: keras.utils.array_to_img(np.ones((2, 2))),
    "channels": lambda keras, tf: keras.utils.array_to_img(np.ones((2, 2, 2))),
    "shape of an image": lambda keras, tf: keras.utils.img_to_array(np.ones(2)),
    "path": lambda keras, tf: keras.utils.load_img(3),
    "no origin": lambda keras, tf: keras.utils.get_file("a"),
    "no name": lambda keras, tf: keras.utils.get_file(origin="http://localhost/"),
    "folders": lambda keras, tf: keras.utils.get_file("a/b", origin="http://localhost/x"),
    "layout": lambda keras, tf: keras.utils.img_to_array(_IMAGE, data_format="x"),
    "policy": lambda keras, tf: keras.mixed_precision.set_global_policy("foo"),
}


def _errors(keras: Any, tf: Any) -> Results:
    return {name: error_of(lambda function=function: function(keras, tf)) for name, function in ERRORS.items()}


def _mixed_precision(keras: Any, tf: Any) -> Results:
    precision = keras.mixed_precision
    results: Results = {"global": precision.global_policy().name}
    try:
        precision.set_global_policy("mixed_float16")
        policy = precision.global_policy()
        layer = keras.layers.Dense(2, kernel_initializer="ones")
        y = layer(tf.ones([1, 3]))
        results |= {"name": policy.name, "compute": policy.compute_dtype, "variable": policy.variable_dtype, "y": y,
                    "kernel": layer.kernel.dtype, "repr": repr(precision.Policy("mixed_bfloat16"))}
    finally:
        precision.set_global_policy("float32")
    variable = tf.Variable([1.0, 2.0])
    optimizer = precision.LossScaleOptimizer(keras.optimizers.SGD(0.5), initial_scale=4.0, dynamic_growth_steps=2)
    for step in range(3):
        with tf.GradientTape() as tape:
            loss = optimizer.scale_loss(tf.reduce_sum(variable ** 2))
        optimizer.apply_gradients([(tape.gradient(loss, variable), variable)])
        results |= {f"loss {step}": loss, f"value {step}": variable.numpy()}
    return results


CASES: dict[str, Case] = {"padding": _padding, "tokenizers": _tokenizers, "sequences": _sequences, "images": _images,
                          "errors": _errors, "mixed precision": _mixed_precision}
