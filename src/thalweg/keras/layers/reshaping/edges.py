"""What is done at the two ends of each spatial axis: `ZeroPadding2D`, `Cropping2D` and their kin."""
from __future__ import annotations

from typing import Any

import thalweg as tf

from ...config import standardize_data_format
from ...types import Config, Shape, Tensor
from ..input_spec import InputSpec
from ..layer import Layer
from ..windows import joined_shape, split_shape, standardize_tuple

Edges = tuple[tuple[int, ...], ...]
_ORDINALS = ("1st", "2nd", "3rd")


def _by_axis(value: Any, rank: int, name: str) -> Edges:
    """An argument that is one integer, one for each axis, or two for each.

    Raises:
      ValueError: anything else.
    """
    if isinstance(value, int):
        return ((value, value),) * rank
    if not hasattr(value, "__len__"):
        raise ValueError(f"`{name}` should be either an int, a tuple of {rank} ints (the same at both ends of each "
                         f"dimension), or a tuple of {rank} tuples of 2 ints. Received: {name}={value}.")
    if len(value) != rank:
        text = f"two elements. Received: {name}={value}." if rank == 2 else f"{rank} elements. Received: {value}."
        raise ValueError(f"`{name}` should have {text}")
    return tuple(standardize_tuple(part, 2, f"{nth} entry of {name}", allow_zero=True)
                 for nth, part in zip(_ORDINALS, value, strict=False))


class _Edges(Layer):
    """A layer that changes the spatial axes at their ends, all in the same way.

    Args:
      edges: by axis, how many elements before and after.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.
    """

    rank = 0

    def __init__(self, edges: Edges, data_format: str | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = standardize_data_format(data_format)
        self._edges = edges
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def _all_axes(self) -> list[tuple[int, ...]]:
        none = (0, 0)
        return [none, *self._edges, none] if self.data_format == "channels_last" else [none, none, *self._edges]

    def _given(self) -> Any:
        """The argument as Keras notes it in configs: a pair alone for one axis."""
        return self._edges[0] if self.rank == 1 else self._edges


class ZeroPadding(_Edges):
    """Puts zeros before and after each spatial axis.

    Args:
      padding: how many: one number, one for each axis, or `(before, after)` for each.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.

    Raises:
      ValueError: `padding` is none of these.
    """

    def __init__(self, padding: Any = 1, data_format: str | None = None, **kwargs: Any) -> None:
        edges = (standardize_tuple(padding, 2, "padding", allow_zero=True),) if self.rank == 1 \
            else _by_axis(padding, self.rank, "padding")
        super().__init__(edges, data_format, **kwargs)
        self.padding = self._given()

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        spatial, channels = split_shape(input_shape, self.data_format)
        sizes = [None if n is None else n + sum(edge) for n, edge in zip(spatial, self._edges, strict=True)]
        return joined_shape(input_shape[0], sizes, channels, self.data_format)

    def call(self, inputs: Tensor) -> Tensor:
        return tf.pad(inputs, self._all_axes())

    def get_config(self) -> Config:
        return {**super().get_config(), "padding": self.padding, "data_format": self.data_format}


class ZeroPadding1D(ZeroPadding):
    __doc__ = f"For sequences. {ZeroPadding.__doc__}"
    rank = 1


class ZeroPadding2D(ZeroPadding):
    __doc__ = f"For images. {ZeroPadding.__doc__}"
    rank = 2


class ZeroPadding3D(ZeroPadding):
    __doc__ = f"For volumes. {ZeroPadding.__doc__}"
    rank = 3


class Cropping(_Edges):
    """Takes elements away before and after each spatial axis.

    Args:
      cropping: how many: one number, one for each axis, or `(before, after)` for each.
      data_format: `"channels_last"` or `"channels_first"`; `image_data_format` for None.

    Raises:
      ValueError: `cropping` is none of these, or nothing is left of the input.
    """

    def __init__(self, cropping: Any, data_format: str | None = None, **kwargs: Any) -> None:
        if self.rank > 1 and isinstance(cropping, int) and cropping < 0:
            raise ValueError(f"`cropping` cannot be negative. Received: cropping={cropping}.")
        edges = (standardize_tuple(cropping, 2, "cropping", allow_zero=True),) if self.rank == 1 \
            else _by_axis(cropping, self.rank, "cropping")
        super().__init__(edges, data_format, **kwargs)
        self.cropping = self._given()

    def _sizes(self, shape: Shape, what: str) -> Shape:
        spatial, channels = split_shape(shape, self.data_format)
        if any(n is not None and sum(edge) >= n for n, edge in zip(spatial, self._edges, strict=True)):
            text = "`cropping` parameter of `Cropping1D` layer must be smaller than the input length." if self.rank == 1 \
                else "Values in `cropping` argument should be smaller than the corresponding spatial dimension of the input."
            raise ValueError(f"{text} Received: {what}={shape}, cropping={self.cropping}")
        sizes = [None if n is None else n - sum(edge) for n, edge in zip(spatial, self._edges, strict=True)]
        return joined_shape(shape[0], sizes, channels, self.data_format)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return self._sizes(input_shape, "input_shape")

    def call(self, inputs: Tensor) -> Tensor:
        self._sizes(tuple(inputs.shape), "inputs.shape")
        return inputs[tuple(slice(first, -last if last else None) for first, last in self._all_axes())]

    def get_config(self) -> Config:
        return {**super().get_config(), "cropping": self.cropping, "data_format": self.data_format}


class Cropping1D(Cropping):
    __doc__ = f"For sequences, with the channels last. {Cropping.__doc__}"
    rank = 1

    def __init__(self, cropping: Any = (1, 1), **kwargs: Any) -> None:
        super().__init__(cropping, "channels_last", **kwargs)

    def get_config(self) -> Config:
        config = super().get_config()
        del config["data_format"]
        return config


class Cropping2D(Cropping):
    __doc__ = f"For images. {Cropping.__doc__}"
    rank = 2

    def __init__(self, cropping: Any = ((0, 0), (0, 0)), data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(cropping, data_format, **kwargs)


class Cropping3D(Cropping):
    __doc__ = f"For volumes. {Cropping.__doc__}"
    rank = 3

    def __init__(self, cropping: Any = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(cropping, data_format, **kwargs)
