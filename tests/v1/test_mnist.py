"""The digits as TensorFlow 1's tutorials read them; the expected numbers are those of its reader, worked out by hand."""
from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg.v1 as tf
from thalweg.v1.examples.tutorials.mnist import input_data

NAMES = [f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")]
TRAIN = np.arange(10 * 3 * 2, dtype=np.uint8).reshape(10, 3, 2) * 4
LABELS = np.array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], np.uint8)


def _write(path: Path, magic: int, values: Any) -> None:
    with gzip.open(path, "wb") as file:
        file.write(np.array([magic, *values.shape], ">u4").tobytes() + values.tobytes())


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for name, count in ((NAMES[0], 10), (NAMES[2], 4)):
        _write(tmp_path / name, 2051, TRAIN[:count])
    for name, count in ((NAMES[1], 10), (NAMES[3], 4)):
        _write(tmp_path / name, 2049, LABELS[:count])
    return tmp_path


def test_parts_pixels_and_labels(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sets = tf.examples.tutorials.mnist.input_data.read_data_sets(str(directory), one_hot=True, validation_size=3)
    assert capsys.readouterr().out.splitlines() == [f"Extracting {directory / NAMES[i]}" for i in (0, 2, 1, 3)]
    assert [part.num_examples for part in (sets.train, sets.validation, sets.test)] == [7, 3, 4]
    assert sets.train.images.dtype == np.float32 and sets.train.labels.dtype == np.float64
    np.testing.assert_allclose(sets.validation.images, TRAIN[:3].reshape(3, 6) / 255, rtol=1e-6)
    np.testing.assert_array_equal(sets.train.labels, np.eye(10)[LABELS[3:]])
    whole = input_data.read_data_sets(str(directory), dtype=tf.uint8, reshape=False, validation_size=0)
    np.testing.assert_array_equal(whole.train.images[..., 0], TRAIN)
    np.testing.assert_array_equal(whole.train.labels, LABELS)
    assert whole.validation.images.shape == (0, 3, 2, 1)


def test_batches_go_on_across_epochs(directory: Path) -> None:
    train = input_data.read_data_sets(str(directory), validation_size=0).train
    assert [train.next_batch(4, shuffle=False)[1].tolist() for _ in range(2)] == [[5, 0, 4, 1], [9, 2, 1, 3]]
    assert train.epochs_completed == 0
    assert train.next_batch(4, shuffle=False)[1].tolist() == [1, 4, 5, 0] and train.epochs_completed == 1
    images, labels = train.next_batch(2, shuffle=False)
    assert labels.tolist() == [4, 1]
    np.testing.assert_allclose(images, TRAIN[2:4].reshape(2, 6) / 255, rtol=1e-6)


def test_every_epoch_is_shuffled_by_numpy_after_the_seed(directory: Path) -> None:
    train = input_data.read_data_sets(str(directory), validation_size=0, seed=7).train
    np.random.seed(3)  # the numbers are the global ones
    labels = [train.next_batch(5)[1].tolist() for _ in range(4)]
    random, order, expected = np.random.RandomState(3), np.arange(10), []
    for _ in range(2):
        turn = np.arange(10)
        random.shuffle(turn)
        order = order[turn]
        expected += [LABELS[order[:5]].tolist(), LABELS[order[5:]].tolist()]
    assert labels == expected
    with tf.Graph().as_default():
        tf.set_random_seed(5)
        first = input_data.read_data_sets(str(directory), validation_size=0).train.next_batch(10)[1]
        again = input_data.read_data_sets(str(directory), validation_size=0, seed=5).train.next_batch(10)[1]
    np.testing.assert_array_equal(first, again)


def test_fake_data() -> None:
    fake = input_data.read_data_sets("", fake_data=True, one_hot=True).test
    images, labels = fake.next_batch(3, fake_data=True)
    assert images == [[1] * 784] * 3 and labels == [[1] + [0] * 9] * 3 and fake.num_examples == 10000


def test_the_digits_of_the_package_where_there_are_no_files(tmp_path: Path) -> None:
    sets = input_data.read_data_sets(str(tmp_path / "none"), one_hot=True)
    assert [part.images.shape for part in sets] == [(55000, 784), (5000, 784), (10000, 784)]
    assert sets.validation.labels.argmax(1)[:5].tolist() == [5, 0, 4, 1, 9] and not (tmp_path / "none").exists()


def test_missing_files_are_downloaded(directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "new"
    source = directory.as_uri() + "/"
    assert input_data.read_data_sets(str(target), validation_size=0, source_url=source).test.num_examples == 4
    assert sorted(p.name for p in target.iterdir()) == sorted(NAMES)
    assert capsys.readouterr().out.count("Successfully downloaded") == 4
    with pytest.raises(OSError):
        input_data.read_data_sets(str(tmp_path / "other"), source_url=source + "nothing/")
    assert not list((tmp_path / "other").iterdir())


def test_what_is_refused(directory: Path) -> None:
    with pytest.raises(ValueError, match="Validation size should be between 0 and 10. Received: 11."):
        input_data.read_data_sets(str(directory), validation_size=11)
    with pytest.raises(TypeError, match="Invalid image dtype tf.float64, expected uint8 or float32"):
        input_data.read_data_sets(str(directory), validation_size=1, dtype=tf.float64)
    _write(directory / NAMES[0], 2049, TRAIN)
    with pytest.raises(ValueError, match="Invalid magic number 2049 in MNIST image file"):
        input_data.read_data_sets(str(directory), validation_size=1)
