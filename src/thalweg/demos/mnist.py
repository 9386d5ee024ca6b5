"""A network of one hidden layer that reads handwritten digits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import thalweg as tf
from thalweg.demos import figures

SHOWN = 20


def build() -> Any:
    model = tf.keras.Sequential(
        [
            tf.keras.Input(shape=(28, 28)),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(512, activation="relu"),
            tf.keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def run(epochs: int, out: Path, seed: int) -> list[Path]:
    figures.require_matplotlib()
    tf.keras.utils.set_random_seed(seed)
    (x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
    x_train, x_test = (images.astype("float32") / 255 for images in (x_train, x_test))

    print(f"training a 784-512-10 network on {len(x_train):,} digits, {epochs} epoch(s)")
    model = build()
    history = model.fit(x_train, y_train, batch_size=128, epochs=epochs, validation_data=(x_test, y_test), verbose=2)

    probabilities = model.predict(x_test, batch_size=1000, verbose=0)
    predicted = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(predicted != y_test)
    print(f"test accuracy {1 - len(wrong) / len(y_test):.4f}: {len(wrong)} mistakes in {len(y_test):,} digits")

    # The mistakes that the network was surest of come first.
    surest = wrong[np.argsort(-probabilities[wrong, predicted[wrong]], kind="stable")][:SHOWN]
    return [
        figures.save_curves(out / "training.png", history.history, {"loss": "cross-entropy", "accuracy": "accuracy"}),
        _draw_digits(out / "predictions.png", "The first ten test digits", x_test, y_test, probabilities, range(10)),
        _draw_digits(
            out / "mistakes.png",
            f"The {len(surest)} surest of {len(wrong)} mistakes: what was read, how sure, and what was meant",
            x_test,
            y_test,
            probabilities,
            surest.tolist(),
        ),
        figures.write_history(out / "history.csv", history.history),
    ]


def _draw_digits(
    path: Path, title: str, images: Any, labels: Any, probabilities: Any, chosen: Sequence[int], columns: int = 5
) -> Path:
    rows = max(1, -(-len(chosen) // columns))
    drawing = figures.figure(8, 0.6 + 1.8 * rows)
    drawing.suptitle(title)
    for position, index in enumerate(chosen, 1):
        axes = drawing.add_subplot(rows, columns, position)
        axes.imshow(images[index], cmap="gray_r", vmin=0, vmax=1)
        axes.set_axis_off()
        guess, label = int(probabilities[index].argmax()), int(labels[index])
        text = f"{guess} ({probabilities[index, guess]:.0%})"
        if guess != label:
            text += f", is {label}"
        axes.set_title(text, fontsize=10, color=figures.BLUE if guess == label else figures.ORANGE)
    return figures.save(drawing, path)
