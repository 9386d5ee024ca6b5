"""A small network that learns which points of the unit square lie inside a smaller square of half its area."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import thalweg as tf
from thalweg.demos import figures

POINTS = 512
HALF_SIDE = 1 / 8**0.5
GRID = 200


def sample(count: int) -> tuple[Any, Any]:
    """Random points of the unit square, and 1.0 for each that lies inside the inner square."""
    points = tf.random.uniform([count, 2])
    inside = tf.reduce_all(tf.abs(points - 0.5) < HALF_SIDE, axis=1)
    return points.numpy(), tf.cast(inside, tf.float32).numpy()


def centred(points: Any) -> Any:
    """What the network sees: points relative to the middle, so that no unit starts out far from its work."""
    return points - np.float32(0.5)


def build() -> Any:
    model = tf.keras.Sequential(
        [
            tf.keras.Input(shape=(2,)),
            tf.keras.layers.Dense(10, activation="relu", kernel_initializer="he_uniform"),
            tf.keras.layers.Dense(10, activation="relu", kernel_initializer="he_uniform"),
            tf.keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer=tf.keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
    return model


def run(epochs: int, out: Path, seed: int) -> list[Path]:
    figures.require_matplotlib()
    tf.keras.utils.set_random_seed(seed)
    points, labels = sample(POINTS)

    print(f"training a 2-10-10-1 network on {POINTS} points, {epochs} epoch(s)")
    model = build()
    history = model.fit(centred(points), labels, batch_size=32, epochs=epochs, verbose=0)
    _, accuracy = model.evaluate(centred(points), labels, batch_size=POINTS, verbose=0)
    print(f"accuracy {accuracy:.4f} on the {POINTS} points")

    ticks = (np.arange(GRID, dtype=np.float32) + 0.5) / GRID
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    region = model.predict(centred(grid.reshape(-1, 2)), batch_size=4096, verbose=0).reshape(GRID, GRID)
    x, y = grid[..., 0], grid[..., 1]
    truth = np.maximum(abs(x - 0.5), abs(y - 0.5)) < HALF_SIDE
    print(f"{np.mean((region > 0.5) == truth):.1%} of the unit square is classified rightly")
    return [
        _draw(out / "region.png", points, labels, region),
        figures.save_curves(
            out / "training.png", history.history, {"loss": "binary cross-entropy", "accuracy": "accuracy"}
        ),
        figures.write_history(out / "history.csv", history.history),
    ]


def _draw(path: Path, points: Any, labels: Any, region: Any) -> Path:
    from matplotlib.patches import Rectangle

    drawing = figures.figure(5.6, 4.8)
    axes = drawing.add_subplot()
    picture = axes.imshow(region, extent=(0, 1, 0, 1), origin="lower", cmap="PuOr_r", vmin=0, vmax=1, alpha=0.8)
    drawing.colorbar(picture, label="probability of lying inside")
    corner, side = 0.5 - HALF_SIDE, 2 * HALF_SIDE
    axes.add_patch(Rectangle((corner, corner), side, side, fill=False, linestyle="--", label="the inner square"))
    for label, marker, text in ((1, "o", "inside"), (0, "x", "outside")):
        chosen = points[labels == label]
        axes.scatter(chosen[:, 0], chosen[:, 1], s=9, c="black", marker=marker, linewidths=0.7, label=text)
    axes.set(title="What the network says of each point", xlabel="x", ylabel="y")
    drawing.legend(loc="outside lower center", ncols=3, frameon=False)
    return figures.save(drawing, path)
