"""`tf.keras.callbacks.TensorBoard`."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from tests import goldens

from .summary_cases import KERAS, trained


@pytest.mark.parametrize("k", range(len(KERAS)))
def test_equals_tensorflow(k: int, tmp_path: Path) -> None:
    store = np.load(goldens.FOLDER / "event_files.npz")
    lines, numbers, history = trained(tf, tmp_path, KERAS[k])
    assert lines == store[f"keras {k}/lines"].tolist()
    np.testing.assert_allclose(list(numbers.values()), store[f"keras {k}/numbers"], rtol=1e-4)
    for epoch in range(2):
        assert numbers[f"train {epoch} epoch_loss"] == pytest.approx(history["loss"][epoch])
        assert numbers[f"validation {epoch} epoch_mae"] == pytest.approx(history["val_mae"][epoch])


def _fit(**options: Any) -> Any:
    model = tf.keras.Sequential([tf.keras.layers.Input([3], dtype="int32"), tf.keras.layers.Embedding(4, 2, name="words"),
                                 tf.keras.layers.Flatten(), tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones([4, 3], np.int32), np.ones([4, 1]), 1, verbose=0, callbacks=[tf.keras.callbacks.TensorBoard(**options)])


def _tags(folder: Path) -> list[str]:
    path, = folder.iterdir()
    return [v.tag for e in tf.compat.v1.train.summary_iterator(str(path)) for v in e.summary.value]


def test_graphs_of_batches(tmp_path: Path) -> None:
    _fit(log_dir=tmp_path, profile_batch="2,3")
    assert _tags(tmp_path / "train") == ["keras", "batch_3", "epoch_loss", "epoch_learning_rate"]
    with pytest.raises(ValueError, match="Must enable trace"):
        tf.summary.trace_export("x", 1)


def test_a_trace_ends_with_training(tmp_path: Path) -> None:
    _fit(log_dir=tmp_path, profile_batch=(3, 99), write_graph=False)
    assert _tags(tmp_path / "train") == ["epoch_loss", "epoch_learning_rate", "batch_99"]


def test_summaries_of_ones_own_in_batches(tmp_path: Path) -> None:
    def note(batch: int, logs: Any) -> None:
        tf.summary.scalar("mine", batch)
    model = tf.keras.Sequential([tf.keras.layers.Input([3]), tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones([4, 3]), np.ones([4, 1]), 1, verbose=0, callbacks=[
        tf.keras.callbacks.TensorBoard(tmp_path, update_freq=2, write_graph=False),
        tf.keras.callbacks.LambdaCallback(on_train_batch_end=note)])
    assert _tags(tmp_path / "train") == ["batch_loss", "mine", "batch_loss", "mine", "epoch_loss", "epoch_learning_rate"]
    assert tf.summary.experimental.get_step() is None


def test_embeddings(tmp_path: Path) -> None:
    """The projector is told of every embedding, and of the file with its names."""
    model = tf.keras.Sequential([tf.keras.layers.Input([3], dtype="int32"), tf.keras.layers.Embedding(4, 2, name="words")])

    def told(metadata: Any) -> str:
        tf.keras.callbacks.TensorBoard(tmp_path, embeddings_freq=1, embeddings_metadata=metadata).set_model(model)
        return (tmp_path / "projector_config.pbtxt").read_text()
    assert told({"words": "names.tsv"}) == told("names.tsv")
    assert '  metadata_path: "names.tsv"\n' in told("names.tsv")
    assert told(None).startswith('embeddings {\n  tensor_name: "') and "metadata" not in told(None)
    with pytest.raises(ValueError, match="Unrecognized `Embedding` layer names"):
        told({"other": "names.tsv"})


@pytest.mark.parametrize("wrong", [-1, (3, 2), (1, 2, 3), None])
def test_refuses(wrong: Any) -> None:
    with pytest.raises(ValueError, match="profile_batch must be a non-negative integer or"):
        tf.keras.callbacks.TensorBoard("logs", profile_batch=wrong)
