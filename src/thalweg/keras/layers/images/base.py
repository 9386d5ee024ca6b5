"""What layers that change images have in common: images alone or in a dict with labels, boxes and masks."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ... import random
from ...config import standardize_data_format
from ...symbolic.keras_tensor import KerasTensor
from ...types import Config, Shape, Tensor
from ..layer import Layer

FILL_MODES = ("reflect", "wrap", "constant", "nearest")
INTERPOLATIONS = ("nearest", "bilinear")


class ImageLayer(Layer):
    """A layer for an image, a batch of images, or a dict of `images` and what belongs to them.

    In a dict, `labels`, `bounding_boxes` and `segmentation_masks` are changed as the images are. A subclass says in
    `get_random_transformation` what happens in a call, and in the `transform_...` methods how to each part.

    Args:
      bounding_box_format: the format of the boxes in a dict, such as `"xyxy"`.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
    """

    interpolation = "bilinear"

    def __init__(self, bounding_box_format: str | None = None, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bounding_box_format = bounding_box_format
        self.data_format = standardize_data_format(data_format)
        self._allow_non_tensor_positional_args = True

    @property
    def _axes(self) -> tuple[int, int]:
        """The axes of height and width, from the end."""
        return (-3, -2) if self.data_format == "channels_last" else (-2, -1)

    def __call__(self, inputs: Any, **kwargs: Any) -> Any:
        # In graphs Keras converts everything to the dtype of the layer, outside of them images of integers stay such.
        flat = tf.nest.flatten(inputs)
        if not tf.executing_eagerly() and not isinstance(flat[0], KerasTensor):
            inputs = tf.nest.map_structure(lambda x: tf.cast(x, self.compute_dtype), inputs)
        return super().__call__(inputs, **kwargs)

    def get_random_transformation(self, data: Any, training: Any = True, seed: Any = None) -> Any:
        """What happens to the images of a call; None for nothing that is drawn."""
        return None

    def transform_images(self, images: Tensor, transformation: Any, training: Any = True) -> Tensor:
        """The images, changed."""
        images = tf.cast(images, self.compute_dtype)
        return self._transformed(images, transformation, self.interpolation) if training else images

    def _transformed(self, images: Tensor, transformation: Any, interpolation: str) -> Tensor:
        return images

    def transform_labels(self, labels: Tensor, transformation: Any, training: Any = True) -> Tensor:
        """The labels, which most changes leave alone."""
        return labels

    def transform_bounding_boxes(self, bounding_boxes: Any, transformation: Any, training: Any = True) -> Any:
        """The boxes, where what they enclose went.

        Raises:
          NotImplementedError: the layer moves pixels and knows nothing of boxes.
        """
        raise NotImplementedError(f"Layer {type(self).__name__} does not move bounding boxes.")

    def transform_segmentation_masks(self, segmentation_masks: Any, transformation: Any, training: Any = True) -> Any:
        """The masks, changed like the images; by nearest neighbours, since their values are classes."""
        return self._transformed(segmentation_masks, transformation, "nearest") if training else segmentation_masks

    def call(self, data: Any, training: Any = True) -> Any:
        transformation = self.get_random_transformation(data, training=training)
        if not isinstance(data, dict):
            return self._one_or_all(self.transform_images, tf.convert_to_tensor(data), transformation, training,
                                    _is_batch(data))
        data = dict(data)
        batched = _is_batch(data["images"])
        data["images"] = self._one_or_all(self.transform_images, tf.convert_to_tensor(data["images"]), transformation,
                                          training, batched)
        if "bounding_boxes" in data:
            if not self.bounding_box_format:
                raise ValueError("You passed an input with a 'bounding_boxes' key, but you didn't specify a bounding box "
                                 f"format. Pass a `bounding_box_format` argument to your {type(self).__name__} layer, e.g. "
                                 "`bounding_box_format='xyxy'`.")
            data["bounding_boxes"] = self.transform_bounding_boxes(data["bounding_boxes"], transformation, training=training)
        for name, transform in (("labels", self.transform_labels),
                                ("segmentation_masks", self.transform_segmentation_masks)):
            if name in data:
                data[name] = self._one_or_all(transform, tf.convert_to_tensor(data[name]), transformation, training, batched)
        return data

    @staticmethod
    def _one_or_all(transform: Any, x: Tensor, transformation: Any, training: Any, batched: bool) -> Tensor:
        if batched:
            return transform(x, transformation, training=training)
        return tf.squeeze(transform(tf.expand_dims(x, 0), transformation, training=training), 0)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def get_config(self) -> Config:
        config = {**super().get_config(), "data_format": self.data_format}
        if self.bounding_box_format is not None:
            config["bounding_box_format"] = self.bounding_box_format
        return config


class FactorLayer(ImageLayer):
    """A layer whose strength is drawn between two numbers.

    Args:
      factor: two numbers; or one, which stands for itself and its opposite.

    Raises:
      ValueError: the factor is no such thing, or out of bounds.
    """

    bounds: tuple[float, float] = (-1, 1)

    def __init__(self, factor: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._set_factor(factor or 0.0)

    def _set_factor(self, factor: Any) -> None:
        low, high = self.bounds
        pair = isinstance(factor, (tuple, list)) and len(factor) == 2
        if pair and factor[0] <= high and factor[1] >= low:
            lower, upper = sorted(factor)
        elif isinstance(factor, (int, float)) and low <= factor <= high:
            lower, upper = max(-abs(factor), low), abs(factor)
        else:
            raise ValueError("The `factor` argument should be a number (or a list of two numbers) in the range "
                             f"[{low}, {high}]. Received: factor={factor}")
        self.factor = lower, upper


class Seeded:
    """What layers that draw have: a seed, and a generator that Keras's calls `generator`."""

    seed: Any
    generator: random.SeedGenerator

    def _set_seed(self, seed: Any) -> None:
        self.seed = seed
        self.generator = random.SeedGenerator(seed)

    def _uniform(self, shape: Any, low: Any, high: Any, seed: Any = None, dtype: Any = None) -> Tensor:
        return random.uniform(shape, low, high, dtype=dtype, seed=self.generator if seed is None else seed)


def _is_batch(images: Any) -> bool:
    rank = len(images.shape) if hasattr(images, "shape") else len(tf.convert_to_tensor(images).shape)
    if rank not in (3, 4):
        raise ValueError("Expected image tensor to have rank 3 (single image) or 4 (batch of images). Received: "
                         f"data.shape={tuple(images.shape)}")
    return rank == 4


def images_of(data: Any) -> Any:
    """The images, of a dict or alone."""
    return data["images"] if isinstance(data, dict) else data


def sizes_of(x: Any) -> list[Any]:
    """The sizes of a tensor, numbers where they are known and scalars where not."""
    x = tf.convert_to_tensor(x)
    if None not in x.shape:
        return list(x.shape)
    sizes = tf.shape(x)
    return [sizes[i] if size is None else size for i, size in enumerate(x.shape)]


def check_choices(fill_mode: str, interpolation: str) -> None:
    """Asserts that a layer can fill and interpolate that way.

    Raises:
      NotImplementedError: it cannot.
    """
    if fill_mode not in FILL_MODES:
        raise NotImplementedError(f"Unknown `fill_mode` {fill_mode}. Expected of one {FILL_MODES}.")
    if interpolation not in INTERPOLATIONS:
        raise NotImplementedError(f"Unknown `interpolation` {interpolation}. Expected of one {INTERPOLATIONS}.")


def sized(input_shape: Shape, height: Any, width: Any, axes: tuple[int, int]) -> Shape:
    """A shape with another height and width."""
    shape: list[Any] = list(input_shape)
    shape[axes[0]], shape[axes[1]] = height, width
    return tuple(shape)


def checked_pair(factor: Any, name: str, words: str, low_open: bool = False) -> tuple[float, float]:
    """A factor as a pair: the number and its opposite for a number.

    Raises:
      ValueError: it is none, or out of [-1, 1].
    """
    pair = factor if isinstance(factor, (tuple, list)) else (factor, factor)
    if len(pair) != 2 or not all(isinstance(number, (int, float)) for number in pair):
        raise ValueError(f"{words}Received: {name}={factor}")
    for number in pair:
        if number > 1.0 or number < -1.0 or (low_open and number == -1.0):
            raise ValueError(f"{words}Received: input_number={number}")
    return tuple(sorted(pair)) if pair is factor else (-abs(pair[0]), abs(pair[0]))
