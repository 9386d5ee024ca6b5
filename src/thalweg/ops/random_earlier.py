"""Stateful random operations of earlier days: crops, Poisson numbers of the rates' dtype, normals between bounds."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.opdef import op
from ..core.shape import TensorShape
from . import random_draws as draws
from .bounded_normal import bounded_normal
from .candidates import Words, below
from .common import shape_text
from .creation import ints, known_shape
from .layout import bad
from .philox import Array
from .random import random_poisson_v2
from .random_state import reserve, stateful
from .removed import removed

_SEEDS = "seed: int = 0; seed2: int = 0"


def _poisson_blocks(shape: Any, rate: Array) -> int:
    return math.prod(draws.dims(shape)) * int(rate.size) * draws.STRETCH


def _draw_poisson(xp: Any, key: Array, counter: Array, shape: Any, rate: Array) -> Any:
    return draws.poisson(xp, key, counter, draws.dims(shape) + rate.shape, rate, dtypes.from_numpy(rate.dtype))


removed(25, "Replaced by RandomPoissonV2", "RandomPoisson", "shape: S static, rate: dtype -> output: dtype",
        f"{_SEEDS}; S: {{int32, int64}}; dtype: {{half, float, double}}",
        stateful("RandomPoisson", _poisson_blocks, _draw_poisson), random_poisson_v2.infer, stateful=True,
        host=True).not_differentiable()


def _crop(xp: Any, image: Array, size: Any, seed: int = 0, seed2: int = 0) -> Any:
    """A part of an image of shape `[height, width, channels]`, from a random place."""
    if image.ndim != 3:
        raise bad(f"input must be 3-dimensional{shape_text(image.shape)}")
    if np.shape(size) != (2,):
        raise bad(f"shape_t must have two elements{shape_text(np.shape(size))}")
    wanted = ints(size)
    for word, full, part in zip(("height", "width"), image.shape, wanted, strict=False):
        if full < part:
            raise errors.FailedPreconditionError(
                None, None, f"{word} must be >= target_{word}: {word} = {full}, target_{word} = {part}")
    room = [full - part + 1 for full, part in zip(image.shape, wanted, strict=False)]
    if room == [1, 1]:
        return image
    words = Words(*reserve(("RandomCrop", image.dtype), seed, seed2, 1))
    # The second place is drawn first, and none where there is no choice.
    left, top = (int(below(words, free, 1)[0]) if free > 1 else 0 for free in (room[1], room[0]))
    return image[top:top + wanted[0], left:left + wanted[1]].copy()


def _cropped_shape(call: Any) -> TensorShape:
    image, size = call.inputs
    channels = image.shape[2] if image.shape.rank == 3 else None
    return TensorShape([*(ints(size.value) if size.value is not None else [None, None]), channels])


removed(8, "Random crop is now pure Python", "RandomCrop", "image: T, size: int64 static -> output: T",
        f"T: {{uint8, int8, int16, int32, int64, float, double}}; {_SEEDS}", _crop, _cropped_shape, stateful=True,
        host=True).not_differentiable()

_BATCH = 100
"""Samples that share a place in the stream where the parameters are scalars."""
_TRIES = 2000


def _batches(shape: Any, parameters: tuple[Array, ...]) -> tuple[int, int]:
    """How many sets of parameters there are, and the samples for each."""
    sizes = draws.dims(shape)
    if all(p.ndim == 0 for p in parameters):
        return -(-math.prod(sizes) // _BATCH), _BATCH
    return sizes[0], math.prod(sizes[1:])


def _bounded_blocks(shape: Any, *parameters: Array) -> int:
    if np.ndim(shape) != 1 or any(p.ndim > 1 for p in parameters):
        return 0  # the draw says what is wrong
    batches, each = _batches(shape, parameters) if math.prod(draws.dims(shape)) else (0, 0)
    return batches * _TRIES * (each + 3) // 4


def _draw_bounded(xp: Any, key: Array, counter: Array, shape: Any, *parameters: Array) -> Any:
    if np.ndim(shape) != 1:
        raise bad(f"Input shape should be a vector, got shape: {shape_text(np.shape(shape))}")
    sizes = draws.dims(shape)
    for word, p in zip(("means", "stdevs", "minvals", "maxvals"), parameters, strict=True):
        if p.ndim > 1:
            raise bad(f"Input {word} should be a scalar or vector, got shape: {shape_text(p.shape)}")
        if p.size not in (1, sizes[0] if sizes else 1):
            raise bad(f"Input {word} should have length 1 or shape[0], got shape: {shape_text(p.shape)}")
    if not math.prod(sizes):
        return np.zeros(sizes, parameters[0].dtype)
    batches, each = _batches(shape, parameters)
    flat = [np.broadcast_to(p.reshape(-1), batches) for p in parameters]
    found = bounded_normal(key, counter, each, *flat).T
    return np.ascontiguousarray(found).reshape(-1)[:math.prod(sizes)].reshape(sizes)


parameterized_truncated_normal = op(
    "ParameterizedTruncatedNormal",
    "shape: T static, means: dtype, stdevs: dtype, minvals: dtype, maxvals: dtype -> output: dtype",
    attrs=f"{_SEEDS}; dtype: {{half, bfloat16, float, double}}; T: {{int32, int64}}",
    infer=lambda call: known_shape(call.inputs[0]), stateful=True, host=True)(
    stateful("ParameterizedTruncatedNormal", _bounded_blocks, _draw_bounded)).not_differentiable()
