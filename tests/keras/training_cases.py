"""Cases of training: histories, results and weights for certain seeds."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results

_RNG = np.random.RandomState(0)
X = _RNG.rand(50, 6).astype("float32")
Y = (X.sum(1, keepdims=True) > 3).astype("float32")
CLASSES = _RNG.randint(0, 3, 50)
ONE_HOT = np.eye(3)[CLASSES]


def net(keras: Any, out: int = 1, activation: Any = None, with_input: bool = True) -> Any:
    """Six numbers to `out`, through eight."""
    layers = [keras.layers.Dense(8, activation="tanh"), keras.layers.Dense(out, activation=activation)]
    return keras.Sequential(([keras.Input((6,))] if with_input else []) + layers)


def trained(model: Any, *args: Any, **kwargs: Any) -> Results:
    """The history and the weights after `fit`."""
    history = model.fit(*args, verbose=0, **kwargs)
    results = {f"history {name}": np.array(values) for name, values in history.history.items()}
    results["names"] = list(history.history)
    results["epochs"] = np.array(history.epoch)
    for i, weight in enumerate(model.get_weights()):
        results[f"weight{i}"] = weight
    return results


def _seeded(run: Callable[[Any, Any], Results]) -> Case:
    def case(keras: Any, tf: Any) -> Results:
        keras.utils.set_random_seed(5)
        return run(keras, tf)

    return case


def _binary(keras: Any, tf: Any) -> Results:
    model = net(keras, 1, "sigmoid")
    model.compile("adam", "binary_crossentropy", metrics=["accuracy", "mae"])
    results = trained(model, X, Y, epochs=3, validation_split=0.2, batch_size=8)
    return {**results, "evaluate": np.array(model.evaluate(X, Y, verbose=0)), "metrics": model.metrics_names,
            "dict": sorted(model.evaluate(X, Y, verbose=0, return_dict=True)), "predict": model.predict(X, verbose=0),
            "on batch": np.array(model.test_on_batch(X, Y)), "predict on batch": model.predict_on_batch(X[:3])}


def _sparse(keras: Any, tf: Any) -> Results:
    model = net(keras, 3, "softmax", with_input=False)
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return trained(model, X, CLASSES, epochs=2, class_weight={0: 1.0, 1: 2.0, 2: 0.5})


def _categorical(keras: Any, tf: Any) -> Results:
    model = net(keras, 3, "softmax")
    model.compile("sgd", "categorical_crossentropy", metrics=["acc"], weighted_metrics=["acc"])
    return trained(model, X, ONE_HOT, epochs=2, sample_weight=np.arange(50) / 50)


def _in_order(keras: Any, tf: Any) -> Results:
    model = net(keras, 3)
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return trained(model, X, CLASSES, epochs=3, shuffle=False, batch_size=7, initial_epoch=1)


def _shuffled_batches(keras: Any, tf: Any) -> Results:
    model = net(keras)
    model.compile("sgd", "mse")
    return trained(model, X, Y, epochs=2, shuffle="batch", batch_size=16)


def _crossentropy_by_shape(keras: Any, tf: Any) -> Results:
    results: Results = {}
    for name, out, activation, y in (("binary", 1, "sigmoid", Y), ("sparse", 3, "softmax", CLASSES),
                                     ("one hot", 3, "softmax", ONE_HOT)):
        model = net(keras, out, activation)
        model.compile("sgd", "crossentropy", metrics=["accuracy"])
        results[name] = np.array(model.evaluate(X, y, verbose=0))
    return results


def _several(keras: Any, tf: Any) -> Results:
    layers = keras.layers
    i, j = keras.Input((6,), name="i"), keras.Input((6,), name="j")
    shared = layers.Dense(4, activation="relu", name="shared")
    joined = layers.Concatenate()([shared(i), shared(j)])
    outputs = [layers.Dense(1, name="o1")(joined), layers.Dense(3, activation="softmax", name="o2")(joined)]
    model = keras.Model([i, j], outputs)
    model.compile("adam", ["mse", "sparse_categorical_crossentropy"], loss_weights=[1.0, 0.5],
                  metrics=[["mae"], ["accuracy"]])
    results = trained(model, [X, X[::-1]], [Y, CLASSES], epochs=2, batch_size=25)
    predicted = model.predict([X, X], verbose=0)
    return {**results, "evaluate": np.array(model.evaluate([X, X], [Y, CLASSES], verbose=0)),
            "p0": predicted[0], "p1": predicted[1], "metrics": model.metrics_names}


def _by_name(keras: Any, tf: Any) -> Results:
    i = keras.Input((6,), name="i")
    outputs = [keras.layers.Dense(1, name="o1")(i), keras.layers.Dense(3, activation="softmax", name="o2")(i)]
    model = keras.Model(i, outputs)
    model.compile("adam", {"o1": "mse", "o2": "sparse_categorical_crossentropy"}, metrics={"o2": "accuracy"})
    results = trained(model, X, {"o1": Y, "o2": CLASSES}, batch_size=25)
    return {**results, "on batch": np.array(model.train_on_batch(X[:8], [Y[:8], CLASSES[:8]]))}


def _dicts(keras: Any, tf: Any) -> Results:
    i, j = keras.Input((6,), name="i"), keras.Input((6,), name="j")
    total = keras.layers.Add()([i, j])
    model = keras.Model({"i": i, "j": j}, {"a": keras.layers.Dense(1, name="o1")(total),
                                           "b": keras.layers.Dense(3, activation="softmax", name="o2")(total)})
    model.compile("adam", {"a": "mse", "b": "sparse_categorical_crossentropy"}, loss_weights={"a": 2.0, "b": 1.0},
                  metrics={"b": ["accuracy"]})
    inputs, labels = {"i": X, "j": X}, {"a": Y, "b": CLASSES}
    return trained(model, inputs, labels, epochs=2, validation_data=(inputs, labels), batch_size=25)


def _own_step(keras: Any, tf: Any) -> Results:
    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.hidden = keras.layers.Dense(4, kernel_regularizer="l2", activity_regularizer=keras.regularizers.L1(0.01))
            self.out = keras.layers.Dense(1)
            self.mean = keras.metrics.Mean(name="mean_loss")

        def call(self, inputs: Any, training: Any = None) -> Any:
            x = self.hidden(inputs)
            self.add_loss(0.1 * tf.reduce_mean(x ** 2))
            return self.out(x)

        def train_step(self, data: Any) -> Any:
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.compute_loss(x=x, y=y, y_pred=self(x, training=True))
            weights = self.trainable_variables
            self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
            self.mean.update_state(loss)
            return {"last": loss, "mean_loss": self.mean.result()}

        @property
        def metrics(self) -> list[Any]:
            return [self.mean]

    model = Net()
    model.compile("sgd", "mse")
    return {**trained(model, X, Y, epochs=2), "paths": [w.path for w in model.weights]}


def _regularized(keras: Any, tf: Any) -> Results:
    dense = keras.layers.Dense
    model = keras.Sequential([keras.Input((6,)), dense(8, kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02)),
                              keras.layers.ActivityRegularization(l2=0.1), dense(1, kernel_constraint="non_neg")])
    model.compile("sgd", "mse")
    return {**trained(model, X, Y, epochs=2), "evaluate": np.array(model.evaluate(X, Y, verbose=0))}


def _dropout(keras: Any, tf: Any) -> Results:
    layers = keras.layers
    model = keras.Sequential([keras.Input((6,)), layers.Dense(8), layers.Dropout(0.5), layers.GaussianNoise(0.1),
                              layers.Dense(1)])
    model.compile("sgd", "mse")
    return trained(model, X, Y, epochs=2, validation_data=(X, Y))


def _generator(keras: Any, tf: Any) -> Results:
    def batches() -> Iterator[Any]:
        for n in range(10):
            yield X[n * 5:n * 5 + 5], Y[n * 5:n * 5 + 5]

    model = net(keras)
    model.compile("sgd", "mse")
    return trained(model, batches())


def _sequence(keras: Any, tf: Any) -> Results:
    class Batches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 5

        def __getitem__(self, index: int) -> Any:
            return X[index * 10:index * 10 + 10], Y[index * 10:index * 10 + 10]

    model = net(keras)
    model.compile("sgd", "mse")
    results = trained(model, Batches(), epochs=2)
    return {**results, "evaluate": np.array(model.evaluate(Batches(), verbose=0))}


def _steps(keras: Any, tf: Any) -> Results:
    model = net(keras)
    model.compile("sgd", "mse")
    return trained(model, X, Y, epochs=3, steps_per_epoch=2, batch_size=10)


def _stopping(keras: Any, tf: Any) -> Results:
    callbacks = keras.callbacks
    model = net(keras)
    model.compile(keras.optimizers.SGD(0.1), "mse")
    stop = callbacks.EarlyStopping(monitor="loss", patience=1, min_delta=10.0, restore_best_weights=True)
    results = trained(model, X, Y, epochs=8, callbacks=[stop])
    plateau = callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1, min_delta=1.0)
    schedule = callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)
    for name, callback in (("plateau", plateau), ("schedule", schedule)):
        for key, value in trained(model, X, Y, epochs=3, callbacks=[callback]).items():
            results[f"{name} {key}"] = value
    return {**results, "stopped": np.array([stop.stopped_epoch, stop.best_epoch, stop.wait])}


def _order_of_callbacks(keras: Any, tf: Any) -> Results:
    events: list[str] = []

    def note(name: str) -> Callable[..., None]:
        def listen(*args: Any, **kwargs: Any) -> None:
            logs = kwargs["logs"] if "logs" in kwargs else args[-1]
            events.append(f"{name} {[a for a in args if isinstance(a, int)]} {sorted(logs or ())}")

        return listen

    methods = ("on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end", "on_train_batch_begin",
               "on_train_batch_end", "on_test_begin", "on_test_end", "on_test_batch_begin", "on_test_batch_end")
    model = net(keras)
    model.compile("adam", "mse", steps_per_execution=2)
    callback = keras.callbacks.LambdaCallback(**{name: note(name) for name in methods})
    model.fit(X, Y, epochs=2, batch_size=10, callbacks=[callback], validation_data=(X, Y), verbose=0)
    return {"events": events}


CASES: dict[str, Case] = {name: _seeded(case) for name, case in {
    "binary": _binary, "sparse": _sparse, "categorical": _categorical, "in order": _in_order,
    "shuffled batches": _shuffled_batches, "crossentropy by shape": _crossentropy_by_shape, "several outputs": _several,
    "by name": _by_name, "dicts": _dicts, "own step": _own_step, "regularized": _regularized, "dropout": _dropout,
    "generator": _generator, "sequence": _sequence, "steps": _steps, "stopping": _stopping,
    "order of callbacks": _order_of_callbacks,
}.items()}  # fmt: skip
