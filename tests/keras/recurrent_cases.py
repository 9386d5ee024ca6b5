"""Cases of layers along sequences: outputs, gradients, weights, configs."""
from __future__ import annotations

from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_X = np.random.RandomState(1).uniform(-2, 2, (3, 5, 4)).astype("float32")
_MASK = np.array([[1, 1, 1, 0, 0], [0, 1, 0, 1, 1], [0, 0, 0, 0, 0]], bool)
_STATES = [np.random.RandomState(k).uniform(-1, 1, (3, 2)).astype("float32") for k in (2, 3, 4, 5)]
_IDS = np.array([[3, 0, 5, 3], [1, 0, 0, -1]], "int32")

_ALL = {"return_sequences": True, "return_state": True}
_OTHERS: list[dict[str, Any]] = [
    {},
    {"return_sequences": True},
    _ALL,
    {"go_backwards": True, **_ALL},
    {"unroll": True, **_ALL},
    {"use_bias": False, "activation": "relu", "return_sequences": True},
    {"kernel_regularizer": "l2", "recurrent_constraint": "non_neg", "bias_initializer": "ones",
     "activity_regularizer": "l1"},
    {"dropout": 0.4, "seed": 3, "return_sequences": True},
    {"recurrent_dropout": 0.3, "dropout": 0.2, "seed": 3, "return_sequences": True},
]

LAYERS: list[tuple[str, dict[str, Any]]] = [
    *[(name, kwargs) for name in ("LSTM", "GRU", "SimpleRNN") for kwargs in _OTHERS],
    ("LSTM", {"unit_forget_bias": False, "recurrent_activation": "hard_sigmoid"}),
    ("LSTM", {"use_bias": False, **_ALL}),
    ("LSTM", {"implementation": 1, "dropout": 0.5, "seed": 5, "use_cudnn": False}),
    ("LSTM", {"use_cudnn": False, **_ALL}),
    ("GRU", {"reset_after": False, **_ALL}),
    ("GRU", {"reset_after": False, "recurrent_dropout": 0.3, "seed": 4}),
    ("GRU", {"use_bias": False, **_ALL}),
    ("GRU", {"use_cudnn": False, **_ALL}),
]


def _values(tf: Any, outputs: Any) -> list[Any]:
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]


def _differentiated(tf: Any, layer: Any, x: Any, **kwargs: Any) -> Results:
    """What a layer makes of an input and further arguments, and the gradients of a sum of it."""
    inputs = tf.constant(x)
    sources = [inputs, *kwargs.get("initial_state", [])]
    with tf.GradientTape() as tape:
        tape.watch([s for s in sources if s.dtype.is_floating])
        outputs = _values(tf, layer(inputs, **kwargs))
        total = sum(tf.reduce_sum(y * tf.cos(tf.reshape(tf.cast(tf.range(tf.size(y)), tf.float32), tf.shape(y))))
                    for y in outputs)
    results: Results = {f"y{i}": y for i, y in enumerate(outputs)}
    sources = [s for s in sources if s.dtype.is_floating]
    for i, gradient in enumerate(tape.gradient(total, [*sources, *layer.trainable_weights])):
        results[f"gradient{i}"] = None if gradient is None else tf.convert_to_tensor(gradient)
    return results


def _described(layer: Any, x: Any) -> Results:
    results: Results = {"config": layer.get_config(), "paths": [w.path for w in layer.weights],
                        "shape": str(layer.compute_output_shape((None, *x.shape[1:]))),
                        "losses": np.array([float(v) for v in layer.losses])}
    for i, weight in enumerate(layer.get_weights()):
        results[f"weight{i}"] = weight
    return results


def _layer(name: str, kwargs: dict[str, Any], mode: str) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        keras.utils.set_random_seed(11)
        layer = getattr(keras.layers, name)(2, **kwargs)
        given: dict[str, Any] = {}
        if mode in ("mask", "both"):
            given["mask"] = tf.constant(_MASK)
        if mode in ("state", "both"):
            given["initial_state"] = [tf.constant(s) for s in _STATES[:2 if name == "LSTM" else 1]]
        if mode == "training" or "dropout" in kwargs or "recurrent_dropout" in kwargs:
            given["training"] = True
        found = _differentiated(tf, layer, _X, **given)
        return {**found, **(_described(layer, _X) if mode == "plain" else {})}

    return run


def _stateful(name: str) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        keras.utils.set_random_seed(3)
        layer = getattr(keras.layers, name)(2, stateful=True, return_sequences=True)
        results: Results = {f"call{i}": layer(tf.constant(_X)) for i in range(2)}
        results["masked"] = layer(tf.constant(_X), mask=tf.constant(_MASK))
        layer.reset_states()
        results["again"] = layer(tf.constant(_X))
        results["other batch"] = error_of(lambda: layer(tf.constant(_X[:2]))).partition(".")[0]
        results["weights"] = [w.name for w in layer.weights]
        return results

    return run


def _cells(keras: Any, tf: Any) -> Results:
    keras.utils.set_random_seed(5)
    results: Results = {}
    for name, states in (("LSTMCell", 2), ("GRUCell", 1), ("SimpleRNNCell", 1)):
        cell = getattr(keras.layers, name)(2)
        y, after = cell(tf.constant(_X[:, 0]), [tf.constant(s) for s in _STATES[:states]])
        results[f"{name} y"] = y
        results[f"{name} states"] = tf.stack(after)
        results[f"{name} config"] = cell.get_config()
        results[f"{name} start"] = tf.stack(cell.get_initial_state(3))
    return results


def _stacked(keras: Any, tf: Any) -> Results:
    keras.utils.set_random_seed(6)
    layer = keras.layers.RNN([keras.layers.LSTMCell(2), keras.layers.GRUCell(3)], return_sequences=True,
                             zero_output_for_mask=True)
    found = _differentiated(tf, layer, _X, mask=tf.constant(_MASK))
    return {**found, **_described(layer, _X)}


def _own_cell(keras: Any, tf: Any) -> Results:
    class Cell(keras.layers.Layer):
        def __init__(self, units: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.units = units
            self.state_size = units

        def build(self, input_shape: Any) -> None:
            self.w = self.add_weight(shape=(input_shape[-1], self.units), name="w", initializer="ones")

        def call(self, inputs: Any, states: Any) -> Any:
            output = tf.tanh(tf.matmul(inputs, self.w)) + 0.5 * states[0]
            return output, [output]

    layer = keras.layers.RNN(Cell(2), return_sequences=True, return_state=True, go_backwards=True)
    return _differentiated(tf, layer, _X, mask=tf.constant(_MASK))


def _bidirectional(kwargs: dict[str, Any], inner: dict[str, Any], masked: bool) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        keras.utils.set_random_seed(7)
        layer = keras.layers.Bidirectional(keras.layers.LSTM(2, **inner), **kwargs)
        found = _differentiated(tf, layer, _X, **({"mask": tf.constant(_MASK)} if masked else {}))
        described = _described(layer, _X)
        if masked:
            layer.merge_mode = "sum"
            states = [tf.constant(s) for s in _STATES]
            described["from states"] = _values(tf, layer(tf.constant(_X), initial_state=states))[0]
        return {**found, **described}

    return run


def _time_distributed(keras: Any, tf: Any) -> Results:
    keras.utils.set_random_seed(8)
    layer = keras.layers.TimeDistributed(keras.layers.Dense(3, activation="tanh"))
    return {**_differentiated(tf, layer, _X), **_described(layer, _X)}


def _embedding(kwargs: dict[str, Any]) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        keras.utils.set_random_seed(9)
        layer = keras.layers.Embedding(6, 3, **kwargs)
        found = _differentiated(tf, layer, _IDS)
        mask = layer.compute_mask(tf.constant(_IDS))
        return {**found, **_described(layer, _IDS), "mask": None if mask is None else tf.cast(mask, tf.int32)}

    return run


def _masked_model(keras: Any, tf: Any) -> Results:
    """An embedding that masks, two recurrent layers, a training step."""
    keras.utils.set_random_seed(10)
    model = keras.Sequential([keras.Input((4,), dtype="int32"), keras.layers.Embedding(6, 3, mask_zero=True),
                              keras.layers.LSTM(4, return_sequences=True),
                              keras.layers.Bidirectional(keras.layers.GRU(2)), keras.layers.Dense(1)])
    ids, y = np.abs(_IDS), np.array([[1.0], [2.0]], "float32")
    results: Results = {"before": model(tf.constant(ids))}
    model.compile(optimizer="adam", loss="mse")
    history = model.fit(ids, y, epochs=2, batch_size=2, shuffle=False, verbose=0)
    results["loss"] = np.array(history.history["loss"], "float32")
    results["after"] = model(tf.constant(ids))
    results["embeddings"] = model.layers[0].get_weights()[0]
    return results


def _errors(keras: Any, tf: Any) -> Results:
    layers = keras.layers
    calls: dict[str, Any] = {
        "units": lambda: layers.LSTM(0),
        "units of a GRU": lambda: layers.GRU(-1),
        "cudnn": lambda: layers.LSTM(2, use_cudnn="x"),
        "rank": lambda: layers.LSTM(2, name="l")(tf.zeros([2, 3])),
        "no cell": lambda: layers.RNN(3),
        "stateful": lambda: layers.LSTM(2, stateful=True)(keras.Input((5, 4))),
        "merge mode": lambda: layers.Bidirectional(layers.LSTM(2), merge_mode="max"),
        "not a layer": lambda: layers.Bidirectional(3),
        "both forwards": lambda: layers.Bidirectional(layers.LSTM(2), backward_layer=layers.LSTM(2)),
        "returns differ": lambda: layers.Bidirectional(
            layers.LSTM(2), backward_layer=layers.LSTM(2, go_backwards=True, return_sequences=True)),
        "no layer in time": lambda: layers.TimeDistributed(3),
        "input_dim": lambda: layers.Embedding(0, 3),
        "output_dim": lambda: layers.Embedding(3, 2.5),
        "not built": lambda: layers.Embedding(3, 2).embeddings,
    }
    return {name: error_of(call).partition("\n")[0] for name, call in calls.items()}


CASES: dict[str, Case] = {}
for _i, (_name, _kwargs) in enumerate(LAYERS):
    CASES[f"{_i} {_name} {_kwargs}"] = _layer(_name, _kwargs, "plain")
for _name in ("LSTM", "GRU", "SimpleRNN"):
    for _mode in ("mask", "state", "both"):
        for _kwargs in ({}, _ALL, {"go_backwards": True, "return_sequences": True}):
            CASES[f"{_name} with {_mode} {_kwargs}"] = _layer(_name, _kwargs, _mode)
    CASES[f"{_name} stateful"] = _stateful(_name)
CASES["cells"] = _cells
CASES["stacked cells"] = _stacked
CASES["a cell of one's own"] = _own_cell
CASES["bidirectional"] = _bidirectional({}, {}, False)
CASES["bidirectional sequences"] = _bidirectional({"merge_mode": "ave"}, {"return_sequences": True}, True)
CASES["bidirectional states"] = _bidirectional({"merge_mode": "mul"}, dict(_ALL), True)
CASES["bidirectional both"] = _bidirectional({"merge_mode": None}, {"return_sequences": True}, False)
CASES["time distributed"] = _time_distributed
CASES["embedding"] = _embedding({})
CASES["embedding masked"] = _embedding({"mask_zero": True, "embeddings_regularizer": "l2"})
CASES["embedding with weights"] = _embedding({"weights": [np.arange(18.0).reshape(6, 3)]})
CASES["masked model"] = _masked_model
CASES["errors"] = _errors
