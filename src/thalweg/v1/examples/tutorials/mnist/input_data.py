"""Handwritten digits in the form in which TensorFlow 1's tutorials read them."""
from __future__ import annotations

import gzip
import os
import shutil
import tempfile
import urllib.request
from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np

import thalweg as tf

from ....collections import graph

DEFAULT_SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"
_FILES = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")
_CLASSES = 10
_PIXELS = 784

Datasets = namedtuple("Datasets", ["train", "validation", "test"])


class DataSet:
    """Images and labels, handed out in batches.

    Args:
      images: uint8, `[n, height, width, 1]`.
      labels: `[n]`, or `[n, classes]` where `one_hot`.
      fake_data: constant images and labels instead, for tests of speed.
      one_hot: the form of the labels of `fake_data`.
      dtype: uint8 leaves pixels between 0 and 255, float32 puts them between 0 and 1.
      reshape: whether an image becomes a row of pixels.
      seed: of NumPy's own random numbers, which `next_batch` shuffles by; the default graph's seed unless told otherwise.

    Raises:
      TypeError: another dtype.
      AssertionError: more images than labels or the reverse, or more than one channel to reshape.
    """

    def __init__(self, images: Any, labels: Any, fake_data: bool = False, one_hot: bool = False, dtype: Any = tf.float32,
                 reshape: bool = True, seed: int | None = None) -> None:
        # As in TensorFlow 1 the numbers are NumPy's global ones: a program that seeds them after reading gets its own order.
        np.random.seed(_truncated(graph().seed if seed is None else seed))
        dtype = tf.as_dtype(dtype)
        if dtype not in (tf.uint8, tf.float32):
            raise TypeError(f"Invalid image dtype {dtype!r}, expected uint8 or float32")
        self.one_hot = one_hot
        self._fake = fake_data
        if fake_data:
            self._num_examples = 10000
        else:
            assert images.shape[0] == labels.shape[0], f"images.shape: {images.shape} labels.shape: {labels.shape}"
            self._num_examples = images.shape[0]
            if reshape:
                assert images.shape[3] == 1
                images = images.reshape(images.shape[0], images.shape[1] * images.shape[2])
            if dtype == tf.float32:
                images = np.multiply(images.astype(np.float32), 1.0 / 255.0)
        self._images = images
        self._labels = labels
        self._epochs_completed = 0
        self._index_in_epoch = 0

    @property
    def images(self) -> Any:
        """All images, in the order of the present epoch."""
        return self._images

    @property
    def labels(self) -> Any:
        """All labels, in the order of the present epoch."""
        return self._labels

    @property
    def num_examples(self) -> int:
        """How many there are."""
        return int(self._num_examples)

    @property
    def epochs_completed(self) -> int:
        """How often all of them have been handed out."""
        return self._epochs_completed

    def next_batch(self, batch_size: int, fake_data: bool = False, shuffle: bool = True) -> tuple[Any, Any]:
        """The next images and labels; a batch at the end of an epoch goes on with the next one's first examples.

        Args:
          batch_size: how many.
          fake_data: constant images and labels instead.
          shuffle: whether every epoch has an order of its own.
        """
        if fake_data or self._fake:
            label = [1] + [0] * (_CLASSES - 1) if self.one_hot else 0
            return [[1] * _PIXELS for _ in range(batch_size)], [label for _ in range(batch_size)]
        start = self._index_in_epoch
        if start == 0 and self._epochs_completed == 0 and shuffle:
            self._shuffle()
        end = start + batch_size
        if end <= self._num_examples:
            self._index_in_epoch = end
            return self._images[start:end], self._labels[start:end]
        self._epochs_completed += 1
        images, labels = self._images[start:], self._labels[start:]
        if shuffle:
            self._shuffle()
        end = self._index_in_epoch = end - self._num_examples
        return np.concatenate([images, self._images[:end]]), np.concatenate([labels, self._labels[:end]])

    def _shuffle(self) -> None:
        order = np.arange(self._num_examples)
        np.random.shuffle(order)
        self._images, self._labels = self._images[order], self._labels[order]


def _truncated(seed: int | None) -> int | None:
    return None if seed is None else seed % (2**31 - 1)


def read_data_sets(train_dir: str, fake_data: bool = False, one_hot: bool = False, dtype: Any = tf.float32,
                   reshape: bool = True, validation_size: int = 5000, seed: int | None = None,
                   source_url: str = DEFAULT_SOURCE_URL) -> Datasets:
    """The digits of MNIST: `train`, `validation` and `test`, each a `DataSet`.

    Args:
      train_dir: a directory with the four `.gz` files of MNIST. If one of them is not there, it is downloaded from
        `source_url`; if none is there and no other source is named, the digits are those that come with this package.
      validation_size: how many of the first training examples are `validation`.
      fake_data, one_hot, dtype, reshape, seed: see `DataSet`.

    Raises:
      ValueError: a file of another form, or more validation examples than there are.
    """
    if fake_data:
        return Datasets(*(DataSet([], [], fake_data=True, one_hot=one_hot, dtype=dtype, seed=seed) for _ in range(3)))
    source_url = source_url or DEFAULT_SOURCE_URL
    if source_url == DEFAULT_SOURCE_URL and not any((Path(train_dir) / name).exists() for name in _FILES):
        from thalweg.keras.datasets import mnist
        (images, labels), (test_images, test_labels) = mnist.load_data()
        images, test_images = images[..., np.newaxis], test_images[..., np.newaxis]
        if one_hot:
            labels, test_labels = _one_hot(labels), _one_hot(test_labels)
    else:
        paths = [_present(name, train_dir, source_url) for name in _FILES]
        images, test_images = _images(paths[0]), _images(paths[2])
        labels, test_labels = _labels(paths[1], one_hot), _labels(paths[3], one_hot)
    if not 0 <= validation_size <= len(images):
        raise ValueError(f"Validation size should be between 0 and {len(images)}. Received: {validation_size}.")
    options = {"dtype": dtype, "reshape": reshape, "seed": seed}
    return Datasets(train=DataSet(images[validation_size:], labels[validation_size:], **options),
                    validation=DataSet(images[:validation_size], labels[:validation_size], **options),
                    test=DataSet(test_images, test_labels, **options))


def _present(name: str, directory: str, source_url: str) -> Path:
    """A file of the directory, which is downloaded if it is not there."""
    path = Path(directory) / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Beside its place, so that a download that breaks off leaves no file that looks complete.
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            try:
                with urllib.request.urlopen(source_url + name) as response:
                    shutil.copyfileobj(response, part)
            except BaseException:
                os.unlink(part.name)
                raise
        os.replace(part.name, path)
        print("Successfully downloaded", name, path.stat().st_size, "bytes.")
    return path


def _read(path: Path, magic: int, axes: int, kind: str) -> Any:
    """The bytes of a file in IDX format: a number that says its kind, the sizes, and the values."""
    print("Extracting", path)
    with gzip.open(path) as file:
        header = np.frombuffer(file.read(4 * (1 + axes)), ">u4")
        if not len(header) or header[0] != magic:
            raise ValueError(f"Invalid magic number {header[0] if len(header) else 0} in MNIST {kind} file: {path}")
        return np.frombuffer(file.read(int(np.prod(header[1:]))), np.uint8).reshape(header[1:])


def _images(path: Path) -> Any:
    return _read(path, 2051, 3, "image")[..., np.newaxis]


def _labels(path: Path, one_hot: bool) -> Any:
    labels = _read(path, 2049, 1, "label")
    return _one_hot(labels) if one_hot else labels


def _one_hot(labels: Any) -> Any:
    return np.eye(_CLASSES)[labels]
