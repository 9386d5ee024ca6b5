"""Training and prediction with Keras: thalweg's, TensorFlow's, and Keras on JAX."""

from __future__ import annotations

import time
from typing import Any

from .data import TASKS, Task
from .rows import Result, row
from .timing import fastest, resident, since_start

KERAS = ("thalweg", "tensorflow", "keras-jax")


def _keras(module: Any) -> Any:
    """The Keras of a library, or Keras itself."""
    return getattr(module, "keras", module)


def _model(keras: Any, kind: str, task: Task) -> Any:
    """A compiled model.

    Raises:
      KeyError: there is no model of this kind.
    """
    layers = keras.layers
    hidden = {
        "mlp": lambda: [layers.Dense(512, activation="relu")],
        "cnn": lambda: [
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(128, 3, activation="relu"),
            layers.Flatten(),
        ],
        "lstm": lambda: [layers.LSTM(64)],
        "small": lambda: [layers.Dense(10, activation="relu"), layers.Dense(10, activation="relu")],
    }[kind]()
    binary = task.classes == 1
    last = layers.Dense(task.classes, activation="sigmoid" if binary else "softmax")
    model = keras.Sequential([keras.Input(shape=task.shape), *hidden, last])
    loss = "binary_crossentropy" if binary else "sparse_categorical_crossentropy"
    model.compile(optimizer="rmsprop", loss=loss, metrics=["accuracy"])
    return model


def _fit(module: Any, kind: str) -> float:
    """Milliseconds a step in the fastest epoch of `fit`."""
    keras, task = _keras(module), TASKS[kind]
    x, y = task.draw()
    model = _model(keras, kind, task)
    times: list[float] = []
    callback: Any = keras.callbacks.Callback

    class Clock(callback):  # type: ignore[misc]
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.start = time.perf_counter()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            times.append(time.perf_counter() - self.start)

    model.fit(x, y, batch_size=task.batch, epochs=task.epochs, verbose=0, callbacks=[Clock()])
    return min(times) / task.steps * 1e3


@row("mlp", *KERAS)
def _(module: Any) -> Result:
    return {"time": _fit(module, "mlp"), "resident": resident()}


@row("cnn", *KERAS)
def _(module: Any) -> Result:
    return {"time": _fit(module, "cnn"), "resident": resident()}


@row("lstm", *KERAS)
def _(module: Any) -> Result:
    return {"time": _fit(module, "lstm")}


@row("small", *KERAS)
def _(module: Any) -> Result:
    return {"time": _fit(module, "small")}


@row("predict", *KERAS)
def _(module: Any) -> Result:
    task = TASKS["mlp"]
    x, _ = task.draw()
    model, ten = _model(_keras(module), "mlp", task), x[:10]
    return {"time": fastest(lambda: model.predict(ten, verbose=0), warm=3) * 1e3}


@row("epoch", "thalweg", "tensorflow")
def _(module: Any) -> Result:
    task = TASKS["epoch"]
    x, y = task.draw()
    _model(_keras(module), "mlp", task).fit(x, y, batch_size=task.batch, epochs=1, verbose=0)
    return {"seconds": since_start()}


@row("growth", "thalweg", "tensorflow")
def _(module: Any) -> Result:
    task = TASKS["small"]
    x, y = task.draw()
    model = _model(_keras(module), "small", task)
    model.fit(x, y, batch_size=task.batch, epochs=5, verbose=0)
    before = resident()
    model.fit(x, y, batch_size=task.batch, epochs=10_000 // task.steps, verbose=0)
    return {"resident": resident() - before}
