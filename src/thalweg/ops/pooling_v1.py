"""Pooling and morphology under the names that TensorFlow 1 gave the arguments."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from . import morphology, pooling
from .common import graph_name
from .convolution import scope
from .convolution_v1 import either
from .fractional_pool import fractional_avg_pool_, fractional_max_pool_


def max_pool_v1(value: Any, ksize: Any, strides: Any, padding: Any, data_format: str = "NHWC", name: str | None = None,
                input: Any = None) -> Any:
    """`tf.nn.max_pool2d`; `value` is the input."""
    return pooling.max_pool2d(either("input", input, "value", value), ksize, strides, padding, data_format,
                              graph_name(name, "MaxPool"))


def avg_pool_v1(value: Any, ksize: Any, strides: Any, padding: Any, data_format: str = "NHWC", name: str | None = None,
                input: Any = None) -> Any:
    """`tf.nn.avg_pool2d`; `value` is the input."""
    return pooling.avg_pool2d(either("input", input, "value", value), ksize, strides, padding, data_format,
                              graph_name(name, "AvgPool"))


def pool_v1(input: Any, window_shape: Sequence[int], pooling_type: str, padding: Any, dilation_rate: Any = None,
            strides: Any = None, name: str | None = None, data_format: str | None = None, dilations: Any = None) -> Any:
    """`tf.nn.pool`; `dilation_rate` is the dilations."""
    return pooling.pool(input, window_shape, pooling_type, strides, padding, data_format,
                        either("dilations", dilations, "dilation_rate", dilation_rate), name)


def max_pool_with_argmax_v1(input: Any, ksize: Any, strides: Any, padding: str, data_format: str = "NHWC",
                            Targmax: Any = None, name: str | None = None, output_dtype: Any = None,
                            include_batch_in_index: bool = False) -> tuple[Any, Any]:
    """`tf.nn.max_pool_with_argmax`; `Targmax` is the dtype of the places."""
    kind = either("output_dtype", output_dtype, "Targmax", Targmax)
    return pooling.max_pool_with_argmax(input, ksize, strides, padding, data_format, kind or dtypes.int64,
                                        include_batch_in_index, name)


def dilation2d_v1(input: Any, filter: Any = None, strides: Any = None, rates: Any = None, padding: Any = None,
                  name: str | None = None, filters: Any = None, dilations: Any = None) -> Any:
    """`tf.nn.dilation2d`; `filter` is the filters, `rates` the dilations."""
    return morphology.dilation2d(input, either("filters", filters, "filter", filter), strides, padding, "NHWC",
                                 either("dilations", dilations, "rates", rates), name)


def erosion2d_v1(value: Any, kernel: Any, strides: Sequence[int], rates: Sequence[int], padding: str,
                 name: str | None = None) -> Any:
    """`tf.nn.erosion2d`; `kernel` is the filters, `rates` the dilations."""
    with scope(name, "erosion2d") as inner:
        return morphology.erosion2d(value, kernel, strides, padding, "NHWC", rates, inner)


def _fractional(entry: Any, value: Any, ratio: Any, pseudo_random: bool, overlapping: bool, deterministic: bool,
                seed: int, seed2: int, name: str | None) -> tuple[Any, Any, Any]:
    attrs = {"pooling_ratio": [float(r) for r in ratio], "pseudo_random": pseudo_random, "overlapping": overlapping,
             "deterministic": deterministic, "seed": seed, "seed2": seed2}
    parts: tuple[Any, Any, Any] = apply(entry, (convert_to_tensor(value),), attrs, name)
    return parts


def fractional_max_pool_v1(value: Any, pooling_ratio: Sequence[float], pseudo_random: bool = False,
                           overlapping: bool = False, deterministic: bool = False, seed: int = 0, seed2: int = 0,
                           name: str | None = None) -> tuple[Any, Any, Any]:
    """`tf.nn.fractional_max_pool` with both seeds of the op."""
    return _fractional(fractional_max_pool_, value, pooling_ratio, pseudo_random, overlapping, deterministic, seed, seed2,
                       name)


def fractional_avg_pool_v1(value: Any, pooling_ratio: Sequence[float], pseudo_random: bool = False,
                           overlapping: bool = False, deterministic: bool = False, seed: int = 0, seed2: int = 0,
                           name: str | None = None) -> tuple[Any, Any, Any]:
    """`tf.nn.fractional_avg_pool` with both seeds of the op."""
    return _fractional(fractional_avg_pool_, value, pooling_ratio, pseudo_random, overlapping, deterministic, seed, seed2,
                       name)
