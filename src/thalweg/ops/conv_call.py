"""What a convolution's attributes say: how kernels and shape rules read them."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core import errors
from ..core.shape import TensorShape
from .layout import bad
from .windows import (
    Dims,
    Geometry,
    Layout,
    arranged,
    equal,
    explicit_pads,
    geometry,
    layout,
    pick,
    shape_in,
    window_shape,
    with_rank,
)


class Call:
    """The attributes of one call, read for its data format."""

    __slots__ = ("dilations", "explicit", "padding", "rank", "strides", "where")

    def __init__(self, rank: int, strides: Sequence[int], padding: str, explicit_paddings: Sequence[int] = (),
                 data_format: str = "", dilations: Sequence[int] = (), use_cudnn_on_gpu: bool = True) -> None:
        self.rank = rank
        self.where: Layout = layout(data_format or "NDHWC"[:rank + 2] if rank == 3 else data_format or "NHWC")
        self.padding = padding
        self.check(strides, "strides")
        self.strides = pick(strides, self.where)
        self.dilations = (1,) * rank
        if dilations:
            self.check(dilations, "dilations")
            self.dilations = pick(dilations, self.where)
        self.explicit = explicit_pads(explicit_paddings, self.where)
        if explicit_paddings:
            self._check_explicit(explicit_paddings)

    def check(self, values: Sequence[int], word: str) -> None:
        if len(values) != self.rank + 2:
            raise bad(f"Sliding window {word} field must specify {self.rank + 2} dimensions")
        if values[self.where.batch] != 1 or values[self.where.channel] != 1:
            raise errors.UnimplementedError(
                None, None, f"Current implementation does not yet support {word} in the batch and depth dimensions.")
        for i in self.where.spatial:
            if values[i] <= 0:
                raise bad(f"Stride must be > 0, but got {values[i]}" if word == "strides"
                          else "Dilated rates should be larger than 0.")

    def _check_explicit(self, explicit: Sequence[int]) -> None:
        if self.padding != "EXPLICIT":
            raise bad("explicit_paddings attribute must be empty if the padding attribute is not EXPLICIT")
        if len(explicit) != 2 * (self.rank + 2):
            raise bad(f"explicit_paddings attribute must contain {2 * (self.rank + 2)} values, but got: {len(explicit)}")
        if min(explicit) < 0:
            raise bad("All elements of explicit_paddings must be nonnegative")
        if any(explicit[2 * i + side] for i in (self.where.batch, self.where.channel) for side in (0, 1)):
            raise bad("Nonzero explicit padding in the batch or depth dimensions is not supported")

    def geometry(self, sizes: Dims, kernel: Dims) -> Geometry:
        return geometry(sizes, kernel, self.strides, self.dilations, self.padding, self.explicit)

    def spatial(self, shape: Sequence[int]) -> Dims:
        return tuple([int(shape[i]) for i in self.where.spatial])


# Shape rules.


class _Declared:
    """The attributes of a node, read for its data format."""

    def __init__(self, op: Any, rank: int, word: str) -> None:
        attrs = op.attrs
        self.where = layout(attrs.get("data_format", "NHWC" if rank == 2 else "NDHWC"))
        self.padding = attrs["padding"]
        strides = attrs["strides"]
        if len(strides) != rank + 2:
            raise ValueError(f"{word} requires the stride attribute to contain {rank + 2} values, but got: {len(strides)}")
        dilations = attrs.get("dilations", [1] * (rank + 2))
        if len(dilations) != rank + 2:
            raise ValueError(f"{word} requires the dilations attribute to contain {rank + 2} values, but got: "
                             f"{len(dilations)}")
        self.strides, self.dilations = pick(strides, self.where), pick(dilations, self.where)
        explicit = attrs.get("explicit_paddings", ())
        self.explicit = explicit_pads(explicit, self.where)
        if explicit:
            if min(explicit) < 0:
                raise ValueError("All elements of explicit_paddings must be nonnegative")
            if any(explicit[2 * i + side] for i in (self.where.batch, self.where.channel) for side in (0, 1)):
                raise ValueError("Nonzero explicit padding in the batch or depth dimensions is not supported")

    def windows(self, shape: Sequence[int | None], kernel: Sequence[int | None]) -> list[int | None]:
        return window_shape([shape[i] for i in self.where.spatial], kernel, self.strides, self.dilations, self.padding,
                            self.explicit)


def conv_shape(rank: int, word: str) -> Any:
    """The shape rule of a convolution."""
    def infer(op: Any) -> Any:
        x, w = with_rank(op.inputs[0].shape, rank + 2), with_rank(op.inputs[1].shape, rank + 2)
        declared = _Declared(op, rank, word)
        channels, own, filters = x[declared.where.channel], w[-2], w[-1]
        if own == 0:
            raise ValueError("Depth of filter must not be 0")
        if channels is not None and own is not None:
            if channels % own:
                raise ValueError(f"Depth of input ({channels}) is not a multiple of input depth of filter ({own})")
            groups = channels // own
            if groups == 0:
                raise ValueError("Number of groups must not be 0")
            if filters is not None and filters % groups:
                raise ValueError(f"Depth of output ({filters}) is not a multiple of the number of groups ({groups})")
        return arranged(x[0], declared.windows(x, w[:rank]), filters, declared.where)
    return infer


def depthwise_shape(op: Any) -> Any:
    """The shape rule of a depthwise convolution."""
    x, w = with_rank(op.inputs[0].shape, 4), with_rank(op.inputs[1].shape, 4)
    declared = _Declared(op, 2, "DepthwiseConv2D")
    channels = equal(x[declared.where.channel], w[2])
    filters = None if channels is None or w[3] is None else channels * w[3]
    return arranged(x[0], declared.windows(x, w[:2]), filters, declared.where)


def input_shape(rank: int) -> Any:
    """The shape rule of a gradient for the input: what `input_sizes` says."""
    def infer(op: Any) -> Any:
        w, dy = with_rank(op.inputs[1].shape, rank + 2), with_rank(op.inputs[2].shape, rank + 2)
        where = layout(op.attrs.get("data_format", "NHWC" if rank == 2 else "NDHWC"))
        given = op.inputs[0].shape
        count = with_rank(given, 1)[0]
        if rank == 2 and count == 2:
            return arranged(dy[0], shape_in(op.inputs[0], 2).as_list(), w[2], where)
        if count not in (None, rank + 2):
            raise ValueError(f"Conv2DBackpropInput requires input_sizes to contain 4 values or 2 values, but got: {count}"
                             if rank == 2 else f"Shape must be rank {rank + 2} but is rank {count}")
        sizes = shape_in(op.inputs[0], rank + 2).as_list()
        equal(sizes[0], dy[0])
        if op.op.type.startswith("Conv2D"):
            equal(dy[where.channel], w[-1])
        if sizes[0] is None:
            sizes[0] = dy[0]
        return TensorShape(sizes)
    return infer


def filter_shape(rank: int) -> Any:
    """The shape rule of a gradient for the filter: what `filter_sizes` says."""
    def infer(op: Any) -> Any:
        count = with_rank(op.inputs[1].shape, 1)[0]
        if count not in (None, rank + 2):
            raise ValueError(f"Shape must be rank {rank + 2} but is rank {count}")
        return shape_in(op.inputs[1], rank + 2)
    return infer
