"""Cases of models: structure, summaries, configs, values, and what they say of wrong use."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_X = np.random.RandomState(1).uniform(-2, 2, (5, 6)).astype("float32")


def small(keras: Any, name: str | None = None) -> Any:
    """Six numbers to two."""
    return keras.Sequential(
        [keras.Input((6,)), keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(2)], name=name)


def branched(keras: Any) -> Any:
    """Two inputs, a shared layer, a model inside, two outputs."""
    layers = keras.layers
    left, right = keras.Input((4,), name="left"), keras.Input((3, 5), name="right")
    shared = layers.Dense(4, name="shared")
    a = shared(left)
    b = shared(layers.Dense(4, name="narrow")(layers.Flatten(name="flat")(right)))
    added = layers.Add(name="added")([a, b])
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(2, name="i1"), layers.Dense(1, name="i2")], name="inner")
    return keras.Model([left, right], [added, inner(added)], name="branched")


def _described(model: Any) -> Results:
    return {
        "weights": [w.path for w in model.weights], "layers": [layer.name for layer in model.layers],
        "input": str(model.input_shape), "output": str(model.output_shape), "repr": repr(model),
    }


def _sequential(keras: Any, tf: Any) -> Results:
    keras.utils.set_random_seed(2)
    model = small(keras)
    deferred = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)], name="deferred")
    before = [len(deferred.weights), deferred.built]
    y = deferred(tf.constant(_X))
    changed = small(keras, "changed")
    popped = changed.pop()
    changed.add(keras.layers.Dense(3, name="new"))
    nested = keras.Sequential(name="outer")
    nested.add(keras.Sequential([keras.layers.Dense(3)], name="first"))
    nested.add(keras.layers.Dense(2, name="second"))
    nested.build((None, 4))
    return {
        **_described(model), "y": model(tf.constant(_X)), "before": before, "deferred": y,
        "deferred paths": [w.path for w in deferred.weights], "popped": popped.name,
        "changed": [layer.name for layer in changed.layers], "changed shape": str(changed.output_shape),
        "nested": [w.path for w in nested.weights], "json": json.loads(small(keras, "j").to_json())["config"],
    }


def _functional(keras: Any, tf: Any) -> Results:
    keras.utils.set_random_seed(2)
    model = branched(keras)
    rng = np.random.RandomState(0)
    x = [tf.constant(rng.rand(2, 4).astype("float32")), tf.constant(rng.rand(2, 3, 5).astype("float32"))]
    y = model(x)
    again = model({"left": x[0], "right": x[1]})
    part = keras.Model(model.input, model.get_layer("shared").output)
    rest = keras.Model(model.get_layer("added").output, model.outputs[1])
    copy = keras.Model.from_config(model.get_config())
    model.get_layer("inner").trainable = False
    return {
        **_described(model), "y0": y[0], "y1": y[1], "again": again[1], "names": model.output_names,
        "part": [layer.name for layer in part.layers], "rest": [layer.name for layer in rest.layers],
        "rest y": rest(y[0]), "rest input": str(rest.input_shape), "copy": [w.path for w in copy.weights],
        "trainable": [w.path for w in model.trainable_weights],
        "fixed": [w.path for w in model.non_trainable_weights],
        "config": json.loads(json.dumps(branched(keras).get_config())),
    }


def _dicts(keras: Any, tf: Any) -> Results:
    keras.utils.set_random_seed(2)
    i, j = keras.Input((6,), name="i"), keras.Input((6,), name="j")
    model = keras.Model({"i": i, "j": j}, {"sum": keras.layers.Add()([i, j]), "d": keras.layers.Dense(2, name="d")(i)})
    y = model({"i": tf.constant(_X), "j": tf.constant(_X)})
    return {"keys": sorted(y), "sum": y["sum"], "d": y["d"], "names": model.output_names}


def _operators(keras: Any, tf: Any) -> Results:
    i = keras.Input((6,))
    y = abs(-((i * 2 + 1) / 3 - i[:, :1])) ** 2
    model = keras.Model(i, y)
    return {"y": model(tf.constant(_X)), "shape": str(y.shape), "compared": str((i > 0).dtype),
            "names": [operation.name for operation in model.operations]}


def _subclass(keras: Any, tf: Any) -> Results:
    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.first = keras.layers.Dense(3, activation="relu")
            self.stack = keras.Sequential([keras.layers.Dense(2), keras.layers.Dense(1)])

        def call(self, inputs: Any, training: Any = None) -> Any:
            return self.stack(self.first(inputs))

    keras.utils.set_random_seed(7)
    model = Net()
    y = model(tf.constant(_X))
    symbolic = model(keras.Input((6,)))

    class Step(keras.Model):
        pass

    i = keras.Input((3,))
    custom = Step(i, keras.layers.Dense(2)(i))
    return {"y": y, "paths": [w.path for w in model.weights], "shape": str(symbolic.shape), "repr": repr(model),
            "layers": [layer.name for layer in model.layers], "custom": repr(custom),
            "custom shape": str(custom.output_shape), "is": str(isinstance(custom, Step))}


def _summaries(keras: Any, tf: Any) -> Results:
    texts: dict[str, Any] = {}

    def note(key: str, model: Any, **kwargs: Any) -> None:
        lines: list[str] = []
        kwargs.setdefault("line_length", 76)
        model.summary(print_fn=lambda text, **_: lines.append(text), **kwargs)
        texts[key] = "\n".join(lines)

    layers = keras.layers
    long = keras.Sequential([keras.Input((4,)), layers.Dense(8, name="a_very_long_layer_name_that_has_to_be_cut_here"),
                             layers.Dense(8000, name="wide"), layers.Activation("relu", name="r")], name="long")
    for length in (76, 50, 60, 70):
        note(f"long {length}", long, line_length=length)
    note("trainable 40", long, line_length=40, show_trainable=True)
    note("trainable", long, show_trainable=True)
    note("positions", long, positions=[0.3, 0.6, 1.0])
    note("range", long, layer_range=("wide", "r"))
    long.layers[0].trainable = False
    note("frozen", long, show_trainable=True)
    model = branched(keras)
    note("branched", model)
    note("expanded", model, expand_nested=True)
    note("both", model, expand_nested=True, show_trainable=True)
    note("unbuilt", keras.Sequential([layers.Dense(2, name="d")], name="unbuilt"))
    compiled = small(keras, "compiled")
    compiled.compile("adam", "mse")
    compiled.train_on_batch(_X, np.zeros((5, 2), "float32"))
    note("compiled", compiled)
    i = keras.Input((4,), name="i")
    note("operators", keras.Model(i, layers.Dense(3, name="d")(i * 2 + 1), name="ops"))
    return texts


ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "same names": lambda keras, tf: keras.Sequential([keras.layers.Dense(2, name="a"), keras.layers.Dense(2, name="a")]),
    "no layer": lambda keras, tf: keras.Sequential([3]),
    "two inputs": lambda keras, tf: keras.Sequential([keras.Input((2,)), keras.Input((3,))], name="s"),
    "empty": lambda keras, tf: keras.Sequential(name="s").build((1, 2)),
    "another shape": lambda keras, tf: small(keras, "s").build((None, 5)),
    "no shape yet": lambda keras, tf: keras.Sequential([keras.layers.Dense(2)], name="s").input_shape,
    "no outputs yet": lambda keras, tf: keras.Sequential([keras.layers.Dense(2)], name="s").outputs,
    "not built": lambda keras, tf: keras.Sequential([keras.layers.Dense(2)], name="s").count_params(),
    "output no tensor": lambda keras, tf: keras.Model(keras.Input((2,), name="i"), 3),
    "not connected": lambda keras, tf: keras.Model(keras.Input((2,)), keras.layers.Dense(2)(keras.Input((2,)))),
    "no such layer": lambda keras, tf: small(keras).get_layer("foo"),
    "no such index": lambda keras, tf: small(keras).get_layer(index=4),
    "which layer": lambda keras, tf: small(keras).get_layer(),
    "layer twice": lambda keras, tf: small(keras).get_layer("a", 1),
    "wrong width": lambda keras, tf: small(keras, "s")(tf.zeros([2, 5])),
    "wrong rank": lambda keras, tf: small(keras, "s")(tf.zeros([2, 3, 6])),
    "weights of another shape": lambda keras, tf: small(keras, "s").set_weights([np.zeros((1, 1))] * 4),
    "number of weights": lambda keras, tf: small(keras, "s").set_weights([np.zeros((1, 1))]),
    "layers set": lambda keras, tf: setattr(small(keras), "layers", []),
    "missing input": lambda keras, tf: branched(keras)({"left": tf.zeros([2, 4])}),
    "too few inputs": lambda keras, tf: branched(keras)([tf.zeros([2, 4])]),
    "call missing": lambda keras, tf: type("Empty", (keras.Model,), {})()(tf.zeros([1, 2])),
    "layer after build": lambda keras, tf: _late_layer(keras, tf),
    "super forgotten": lambda keras, tf: type("Lazy", (keras.layers.Layer,), {"__init__": lambda self: None})()(_X),
    "failing call": lambda keras, tf: _failing(keras)(tf.zeros([2, 2])),
    "failing call inside": lambda keras, tf: keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])(
        tf.zeros([2, 2]), training="x") and _nested_failure(keras, tf),
    "bad range": lambda keras, tf: small(keras).summary(layer_range=("x", "y")),
    "too narrow": lambda keras, tf: small(keras).summary(line_length=5),
}


def _late_layer(keras: Any, tf: Any) -> Any:
    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.d = keras.layers.Dense(1)

        def call(self, inputs: Any) -> Any:
            return self.d(inputs)

    model = Net()
    model(tf.zeros([1, 2]))
    model.late = keras.layers.Dense(1)


def _failing(keras: Any) -> Any:
    class Failing(keras.layers.Layer):
        def build(self, input_shape: Any) -> None:
            pass

        def call(self, inputs: Any, factor: float = 2.0, training: Any = None) -> Any:
            raise ValueError("no")

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

    return Failing()


def _nested_failure(keras: Any, tf: Any) -> Any:
    return keras.Sequential([keras.Input((2,)), _failing(keras)])(tf.zeros([2, 2]))


def _errors(keras: Any, tf: Any) -> Results:
    results = {}
    for name, function in ERRORS.items():
        keras.backend.clear_session()
        results[name] = error_of(lambda function=function: function(keras, tf))
    return results


CASES: dict[str, Case] = {
    "sequential": _sequential, "functional": _functional, "dicts": _dicts, "operators": _operators,
    "subclass": _subclass, "summaries": _summaries, "errors": _errors,
}  # fmt: skip
