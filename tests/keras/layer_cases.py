"""Cases of layers: outputs, gradients, weights, configs, and what they say of wrong arguments."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_X = np.random.RandomState(1).uniform(-2, 2, (4, 6)).astype("float32")
_IMAGES = np.random.RandomState(2).uniform(-2, 2, (2, 3, 4)).astype("float32")

LAYERS: list[tuple[str, dict[str, Any], Any]] = [
    ("Dense", {"units": 3}, _X),
    ("Dense", {"units": 3, "activation": "relu", "use_bias": False}, _X),
    ("Dense", {"units": 2, "activation": "softmax", "kernel_initializer": "he_normal"}, _X),
    ("Dense", {"units": 5, "activation": "tanh", "kernel_regularizer": "l2", "bias_regularizer": "l1"}, _IMAGES),
    ("Dense", {"units": 3, "kernel_constraint": "non_neg", "activity_regularizer": "l1l2"}, _X),
    ("Activation", {"activation": "sigmoid"}, _X),
    ("ReLU", {}, _X),
    ("ReLU", {"max_value": 1.0, "negative_slope": 0.1, "threshold": 0.5}, _X),
    ("LeakyReLU", {}, _X),
    ("LeakyReLU", {"negative_slope": 0.05}, _X),
    ("ELU", {"alpha": 0.5}, _X),
    ("PReLU", {"alpha_initializer": "ones"}, _X),
    ("PReLU", {"shared_axes": [1], "alpha_initializer": "ones"}, _IMAGES),
    ("Softmax", {}, _X),
    ("Softmax", {"axis": 1}, _IMAGES),
    ("Flatten", {}, _IMAGES),
    ("Flatten", {"data_format": "channels_first"}, _IMAGES),
    ("Reshape", {"target_shape": (4, -1)}, _IMAGES),
    ("Permute", {"dims": (2, 1)}, _IMAGES),
    ("RepeatVector", {"n": 3}, _X),
    ("Identity", {}, _X),
    ("Rescaling", {"scale": 0.5, "offset": -1.0}, _X),
    ("Dropout", {"rate": 0.5, "seed": 3}, _X),
    ("GaussianNoise", {"stddev": 0.5, "seed": 3}, _X),
    ("GaussianDropout", {"rate": 0.3, "seed": 3}, _X),
    ("AlphaDropout", {"rate": 0.4, "seed": 3}, _X),
    ("AlphaDropout", {"rate": 0.4, "seed": 3, "noise_shape": (2, 1, 4)}, _IMAGES),
    ("ActivityRegularization", {"l1": 0.1, "l2": 0.2}, _X),
    ("Masking", {"mask_value": 0.5}, _IMAGES),
]  # fmt: skip


def _layer(name: str, kwargs: dict[str, Any], x: Any, training: bool) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        keras.utils.set_random_seed(11)
        layer = getattr(keras.layers, name)(**kwargs)
        inputs = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            y = layer(inputs, training=training) if training else layer(inputs)
            weights = tf.cos(tf.reshape(tf.cast(tf.range(tf.size(y)), tf.float32), tf.shape(y)))
            total = tf.reduce_sum(y * weights)
        gradients = tape.gradient(total, [inputs, *layer.trainable_weights])
        results: Results = {"y": y, "config": layer.get_config(), "names": [w.name for w in layer.weights],
                            "paths": [w.path for w in layer.weights], "losses": np.array([float(v) for v in layer.losses]),
                            "shape": str(tuple(layer.compute_output_shape((None, *x.shape[1:])))),
                            "built": str(layer.built)}
        for i, gradient in enumerate(gradients):
            results[f"gradient{i}"] = gradient
        for i, weight in enumerate(layer.get_weights()):
            results[f"weight{i}"] = weight
        return results

    return run


def _merging(name: str, kwargs: dict[str, Any], shapes: list[tuple[int, ...]]) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        rng = np.random.RandomState(3)
        arrays = [rng.uniform(-1, 1, shape).astype("float32") for shape in shapes]
        layer = getattr(keras.layers, name)(**kwargs)
        symbolic = layer([keras.Input(shape[1:]) for shape in shapes])
        return {"y": layer([tf.constant(a) for a in arrays]), "shape": str(symbolic.shape), "config": layer.get_config()}

    return run


ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "units negative": lambda keras, tf: keras.layers.Dense(-1),
    "units no integer": lambda keras, tf: keras.layers.Dense(2.5),
    "unknown argument": lambda keras, tf: keras.layers.Dense(2, foo=1),
    "unknown activation": lambda keras, tf: keras.layers.Dense(2, activation="reluu"),
    "unknown dtype": lambda keras, tf: keras.layers.Dense(2, dtype="foo"),
    "trainable no boolean": lambda keras, tf: keras.layers.Dense(2, trainable=3),
    "slash in name": lambda keras, tf: keras.layers.Dense(2, name="a/b"),
    "rank too small": lambda keras, tf: keras.layers.Dense(3, name="d")(tf.constant(1.0)),
    "no tensor": lambda keras, tf: keras.layers.Dense(2)("abc"),
    "second positional": lambda keras, tf: keras.layers.Dense(2)(_X, 5),
    "other width": lambda keras, tf: _called_twice(keras, tf),
    "not built": lambda keras, tf: keras.layers.Dense(2, name="d").count_params(),
    "no input yet": lambda keras, tf: keras.layers.Dense(2, name="d").input,
    "kernel not built": lambda keras, tf: keras.layers.Dense(2, name="d").kernel,
    "weights missing": lambda keras, tf: keras.layers.Dense(2, name="d").set_weights([1]),
    "rate": lambda keras, tf: keras.layers.Dropout(2.0),
    "noise shape": lambda keras, tf: keras.layers.Dropout(0.5, noise_shape="x"),
    "noise shape negative": lambda keras, tf: keras.layers.Dropout(0.5, noise_shape=(-1, 2)),
    "stddev": lambda keras, tf: keras.layers.GaussianNoise(2),
    "two unknown sizes": lambda keras, tf: keras.layers.Reshape((2, -1, -1)),
    "other size": lambda keras, tf: keras.layers.Reshape((4,))(keras.Input((6,))),
    "size not divisible": lambda keras, tf: keras.layers.Reshape((4, -1))(keras.Input((6,))),
    "no permutation": lambda keras, tf: keras.layers.Permute((2, 3)),
    "repeat 0": lambda keras, tf: keras.layers.RepeatVector(0),
    "repeat 1.5": lambda keras, tf: keras.layers.RepeatVector(1.5),
    "max_value": lambda keras, tf: keras.layers.ReLU(max_value=-1),
    "slope": lambda keras, tf: keras.layers.LeakyReLU(negative_slope=-1),
    "not a list": lambda keras, tf: keras.layers.Add()(keras.Input((3,))),
    "shapes differ": lambda keras, tf: keras.layers.Add()([keras.Input((3,)), keras.Input((4,))]),
    "no shape": lambda keras, tf: keras.Input(),
    "two shapes": lambda keras, tf: keras.Input((2,), batch_shape=(1, 2)),
    "axis too great": lambda keras, tf: keras.layers.InputSpec(ndim=2, axes={4: 2}),
    "axes no dict": lambda keras, tf: keras.layers.InputSpec(axes="ab"),
    "symbolic as boolean": lambda keras, tf: bool(keras.Input((2,))),
    "symbolic as array": lambda keras, tf: np.asarray(keras.Input((2,))),
    "symbolic in a function": lambda keras, tf: tf.nn.relu(keras.Input((2,))),
    "iterating": lambda keras, tf: list(keras.Input((2,))),
    "regularizer": lambda keras, tf: keras.layers.Dense(2, kernel_regularizer="l3"),
    "constraint": lambda keras, tf: keras.layers.Dense(2, kernel_constraint="l3"),
    "axes of a product": lambda keras, tf: keras.layers.Dot("x"),
    "one axis in a list": lambda keras, tf: keras.layers.Dot([1]),
    "axes no integers": lambda keras, tf: keras.layers.Dot([1, 1.5]),
    "sizes of a product": lambda keras, tf: keras.layers.Dot(1)([_X, _X[:, :3]]),
    "product of one": lambda keras, tf: keras.layers.Dot(1)([_X]),
    "mode of categories": lambda keras, tf: keras.layers.CategoryEncoding(3, output_mode="x"),
    "no categories": lambda keras, tf: keras.layers.CategoryEncoding(),
    "categories 0": lambda keras, tf: keras.layers.CategoryEncoding(0),
    "factor": lambda keras, tf: keras.regularizers.L1(-1),
}


def _called_twice(keras: Any, tf: Any) -> Any:
    layer = keras.layers.Dense(3, name="d")
    layer(tf.zeros([2, 4]))
    return layer(tf.zeros([2, 5]))


def _products(keras: Any, tf: Any) -> Results:
    """`Dot` along all pairs of axes, with gradients."""
    results: Results = {}
    rng = np.random.RandomState(8)
    for i, (shape, other, kwargs) in enumerate([
        ((3, 4), (3, 4), {"axes": 1}), ((3, 4), (3, 4), {"axes": -1, "normalize": True}), ((2, 3, 4), (2, 5, 4), {"axes": -1}),
        ((2, 3, 4), (2, 4, 5), {"axes": (2, 1)}), ((2, 4), (2, 3, 4), {"axes": (1, 2), "normalize": True}),
        ((2, 3, 4), (2, 3), {"axes": 1}), ((2, 3, 4, 5), (2, 6, 4), {"axes": (2, -1)}),
    ]):
        x, y = (tf.constant(rng.uniform(-1, 1, s).astype("float32")) for s in (shape, other))
        layer = keras.layers.Dot(**kwargs)
        with tf.GradientTape() as tape:
            tape.watch([x, y])
            found = layer([x, y])
            total = tf.reduce_sum(tf.sin(found * 3.0))
        gradients = tape.gradient(total, [x, y])
        results |= {f"{i}": found, f"{i} gradient of x": gradients[0], f"{i} gradient of y": gradients[1],
                    f"{i} config": layer.get_config()}
        symbolic = keras.layers.dot([keras.Input(shape[1:]), keras.Input(other[1:])], **kwargs)
        results[f"{i} shape"] = str(tuple(symbolic.shape))
    return results


def _encodings(keras: Any, tf: Any) -> Results:
    """`CategoryEncoding` of tensors of all ranks in all modes."""
    results: Results = {}
    for mode in ("multi_hot", "count", "one_hot"):
        layer = keras.layers.CategoryEncoding(4, output_mode=mode)
        for name, x in (("number", 2), ("row", [0, 3, 3]), ("column", [[1], [2]]), ("rows", [[0, 1, 1], [2, 9, 2]]),
                        ("cube", [[[0, 1], [2, 3]], [[1, 1], [0, 9]]]), ("floats", [[0.0, 1.9]]),
                        ("none", np.zeros((0, 3), int))):
            results[f"{mode} {name}"] = layer(np.array(x))
            results[f"{mode} {name} shape"] = str(tuple(layer.compute_output_shape(np.shape(x))))
        results[f"{mode} config"] = layer.get_config()
        results[f"{mode} symbolic"] = str(tuple(layer(keras.Input((3,), dtype="int32")).shape))
    layer = keras.layers.CategoryEncoding(4, output_mode="count", dtype="float64")
    results["weighted"] = layer(np.array([[0, 1, 1], [2, 9, 2]]), count_weights=np.array([[0.5, 1, 2], [1, 2, 3]]))
    sparse = keras.layers.CategoryEncoding(4, sparse=True)(np.array([[0, 1, 1], [2, 9, 2]]))
    return {**results, "sparse": tf.sparse.to_dense(sparse), "indices": sparse.indices}


def _errors(keras: Any, tf: Any) -> Results:
    return {name: error_of(lambda function=function: function(keras, tf)) for name, function in ERRORS.items()}


def _custom(keras: Any, tf: Any) -> Results:
    """A user's layer: names and kinds of weights, state, losses, config."""

    class Scale(keras.layers.Layer):
        def __init__(self, power: float = 1.0, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.power = power
            self.inner = [keras.layers.Dense(2), keras.layers.Dense(2, use_bias=False)]
            self.named = {"a": keras.layers.Dense(3)}

        def build(self, input_shape: Any) -> None:
            self.gain = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="gain")
            self.calls = self.add_weight(name="calls", trainable=False, initializer="zeros")

        def call(self, inputs: Any) -> Any:
            self.calls.assign_add(1.0)
            x = inputs * self.gain ** self.power
            self.add_loss(tf.reduce_sum(x))
            for layer in self.inner:
                x = layer(x)
            return self.named["a"](x)

    keras.utils.set_random_seed(4)
    layer = Scale(2.0)
    y = layer(tf.constant(_X))
    y = layer(tf.constant(_X))
    symbolic = layer(keras.Input((6,)))
    frozen = Scale(trainable=False)
    frozen(tf.constant(_X))
    return {
        "y": y, "calls": layer.calls.numpy(), "losses": np.array([float(v) for v in layer.losses]),
        "paths": [w.path for w in layer.weights], "trainable": [w.path for w in layer.trainable_weights],
        "fixed": [w.path for w in layer.non_trainable_weights], "shape": str(symbolic.shape),
        "config": layer.get_config(), "repr": repr(layer), "count": np.array(layer.count_params()),
        "frozen": [w.path for w in frozen.trainable_weights], "frozen fixed": [w.path for w in frozen.non_trainable_weights],
    }


def _training_flag(keras: Any, tf: Any) -> Results:
    """How the training flag reaches layers inside."""
    seen: list[str] = []

    class Probe(keras.layers.Layer):
        def build(self, input_shape: Any) -> None:
            pass

        def call(self, inputs: Any, training: Any = None) -> Any:
            seen.append(f"{self.name}:{training}")
            return inputs

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

    class Outer(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b, self.c = Probe(name="a"), Probe(name="b"), Probe(name="c")

        def build(self, input_shape: Any) -> None:
            for probe in (self.a, self.b, self.c):
                probe.build(input_shape)

        def call(self, inputs: Any) -> Any:
            return self.c(self.b(self.a(inputs), training=False))

    x = tf.constant(_X)
    outer = Outer()
    for training in (True, False, None):
        outer(x, training=training)
    outer(x)
    i = keras.Input((6,))
    model = keras.Model(i, Probe(name="e")(Probe(name="d")(i, training=False)))
    for training in (True, False, None):
        model(x, training=training)
    return {"seen": seen}


CASES: dict[str, Case] = {
    **{f"{name} {i} {'training' if training else 'inference'}": _layer(name, kwargs, x, training)
       for i, (name, kwargs, x) in enumerate(LAYERS)
       for training in ([False, True] if name in ("Dropout", "AlphaDropout", "GaussianNoise", "GaussianDropout") else [False])},
    **{f"{name} of {len(shapes)} {i}": _merging(name, kwargs, shapes) for i, (name, kwargs, shapes) in enumerate([
        ("Add", {}, [(2, 3), (2, 3), (2, 3)]),
        ("Add", {}, [(2, 3, 4), (2, 4)]),
        ("Subtract", {}, [(2, 3), (2, 3)]),
        ("Multiply", {}, [(2, 3), (2, 1)]),
        ("Average", {}, [(2, 3), (2, 3)]),
        ("Maximum", {}, [(2, 3), (2, 3)]),
        ("Minimum", {}, [(2, 3), (2, 3)]),
        ("Concatenate", {}, [(2, 3), (2, 4)]),
        ("Concatenate", {"axis": 1}, [(2, 3, 4), (2, 1, 4)]),
    ])},
    "products": _products,
    "encodings": _encodings,
    "errors": _errors,
    "custom": _custom,
    "training flag": _training_flag,
}
