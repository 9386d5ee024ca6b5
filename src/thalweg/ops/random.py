"""Random ops with seeds of their own: `tf.random.uniform`, `normal`, `shuffle` and their kin."""
from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, get_op, op
from ..core.scopes import scoped
from ..core.shape import TensorShape
from ..core.tensor import Tensor
from . import random_draws as draws
from .arithmetic import add_v2, maximum_, mul, real_div, sub
from .common import binary, static_shape, static_value, unchanged
from .creation import known_shape, shape_arg
from .gamma_gradient import alpha_gradient
from .random_state import get_seed, stateful

_SEEDS = "seed: int = 0; seed2: int = 0"
_FLOATS = f"{_SEEDS}; dtype: {{half, bfloat16, float, double}}; T: {{int32, int64}}"
_INTS = f"{_SEEDS}; Tout: {{int32, int64}}; T: {{int32, int64}}"
_LOGITS = "float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64"


# Those with `host` draw a variable number of words: their draws are written for NumPy alone.


def _size(shape: Any, *_: Any, **__: Any) -> int:
    """Blocks for outputs of `shape`."""
    return math.prod(draws.dims(shape)) * draws.STRETCH


def _shape(op: Any) -> TensorShape:
    return known_shape(op.inputs[0])


random_uniform = op("RandomUniform", "shape: T static -> output: dtype", attrs=_FLOATS, infer=_shape,
                    stateful=True)(stateful("RandomUniform", _size, draws.uniform)).not_differentiable()

random_standard_normal = op(
    "RandomStandardNormal", "shape: T static -> output: dtype", attrs=_FLOATS, infer=_shape, stateful=True)(
    stateful("RandomStandardNormal", _size, draws.normal)).not_differentiable()

random_truncated_normal = op(
    "TruncatedNormal", "shape: T static -> output: dtype", attrs=_FLOATS, infer=_shape, stateful=True)(
    stateful("TruncatedNormal", _size, draws.truncated_normal)).not_differentiable()


def _draw_int(xp: Any, key: Any, counter: Any, shape: Any, minval: Any, maxval: Any) -> Any:
    # An empty range is an error, so the bounds must be known: where they are not, NumPy's conversion says so and the
    # node is interpreted.
    return draws.uniform_int(xp, key, counter, shape, np.asarray(minval), np.asarray(maxval))


random_uniform_int = op(
    "RandomUniformInt", "shape: T static, minval: Tout, maxval: Tout -> output: Tout", attrs=_INTS, infer=_shape,
    stateful=True)(stateful("RandomUniformInt", _size, _draw_int)).not_differentiable()


def _shuffle_blocks(value: Any) -> int:
    rows: int = value.shape[0] if value.size > 1 else 0
    return (rows + 2) // 4 if rows > 1 else 0


random_shuffle = op(
    "RandomShuffle", "value: T -> output: T", attrs=f"{_SEEDS}; T: type", infer=unchanged, stateful=True)(
    stateful("RandomShuffle", _shuffle_blocks, draws.shuffle)).not_differentiable()


def _multinomial_blocks(logits: Any, num_samples: Any, output_dtype: Any = None) -> int:
    if logits.ndim != 2 or np.ndim(num_samples):
        return 0  # the draw says what is wrong
    rows: int = logits.shape[0]
    return rows * max(-(-int(num_samples) // 4), 0) * 8 * draws.STRETCH


def samples_shape(op: Any) -> TensorShape:
    """The shape rule of categorical draws."""
    count = op.inputs[1].value
    rows = op.inputs[0].shape[0] if op.inputs[0].shape.rank == 2 else None
    return TensorShape([rows, None if count is None else int(count)])


random_multinomial = op(
    "Multinomial", "logits: T, num_samples: int32 static -> output: output_dtype",
    attrs=f"{_SEEDS}; T: {{{_LOGITS}}}; output_dtype: {{int32, int64}} = int64", infer=samples_shape,
    stateful=True)(stateful("Multinomial", _multinomial_blocks, draws.categorical)).not_differentiable()


def _each(shape: Any, parameter: Any, **_: Any) -> int:
    """Blocks for `shape` samples of each parameter."""
    return math.prod(draws.dims(shape)) * int(parameter.size) * draws.STRETCH


def _draw_gamma(xp: Any, key: Any, counter: Any, shape: Any, alpha: Any) -> Any:
    return draws.gamma(xp, key, counter, draws.dims(shape) + alpha.shape, alpha)


random_gamma = op("RandomGamma", "shape: S static, alpha: T -> output: T",
                  attrs=f"{_SEEDS}; S: {{int32, int64}}; T: {{half, float, double}}", infer=draws.shape_from_last,
                  stateful=True, host=True)(stateful("RandomGamma", _each, _draw_gamma))
random_gamma.vjp(1)(lambda op, dy: alpha_gradient(op, 1, dy))


def _draw_poisson(xp: Any, key: Any, counter: Any, shape: Any, rate: Any, dtype: Any = dtypes.int64) -> Any:
    return draws.poisson(xp, key, counter, draws.dims(shape) + rate.shape, rate, dtype)


random_poisson_v2 = op(
    "RandomPoissonV2", "shape: S static, rate: R -> output: dtype",
    attrs=f"{_SEEDS}; S: {{int32, int64}}; R: {{half, float, double, int32, int64}} = double; "
          "dtype: {half, float, double, int32, int64} = int64",
    infer=draws.shape_from_last, stateful=True,
    host=True)(stateful("RandomPoissonV2", _each, _draw_poisson)).not_differentiable()


def typed(entry: OpDef, dtype: dtypes.DType) -> dict[str, Any]:
    """The attribute `dtype` of an op.

    Raises:
      InvalidArgumentError: the op has no such type.
    """
    _check_type(entry, dtype)
    return {"dtype": dtype}


@cache
def _check_type(entry: OpDef, dtype: dtypes.DType) -> None:
    attr = entry.signature.attr("dtype")
    kind = dtypes.type_name(dtype)
    if attr is not None and kind not in attr.allowed:
        raise errors.InvalidArgumentError(
            f"Value for attr 'dtype' of {kind} is not in the list of allowed values: {', '.join(attr.allowed)}\n\t; "
            f"NodeDef: {{{{node {entry.type}}}}}; {entry.describe()} [Op:{entry.type}] name: ")


def _seeds(seed: Any) -> dict[str, Any]:
    seed1, seed2 = get_seed(seed)
    return {"seed": seed1, "seed2": seed2}


def scaled(drawn: Any, factor: Any, offset: Any, name: str | None) -> Any:
    """`drawn * factor + offset`."""
    return binary(add_v2, binary(mul, drawn, factor), offset, name)


def is_standard(first: Any, zero: Any, second: Any, one: Any) -> bool:
    """Whether two parameters of eager draws are plain numbers that leave the draws as they are."""
    plain = type(first) in (int, float) and type(second) in (int, float)
    return plain and first == zero and second == one and ctx.graph is None


def normal_of(entry: OpDef, inputs: tuple[Any, ...], attrs: dict[str, Any], dtype: dtypes.DType, mean: Any, stddev: Any,
              name: str | None) -> Any:
    """Standard normals that the op `entry` draws, with another mean and standard deviation."""
    if is_standard(mean, 0, stddev, 1) and dtype.is_floating:
        return apply(entry, inputs, {**typed(entry, dtype), **attrs}, name)
    mean, stddev = convert_to_tensor(mean, dtype), convert_to_tensor(stddev, dtype)
    return scaled(apply(entry, inputs, {**typed(entry, dtype), **attrs}), stddev, mean, name)


@scoped("random_normal")
def normal(shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = dtypes.float32, seed: Any = None,
           name: str | None = None) -> Any:
    """Draws from a normal distribution.

    Args:
      shape: of the draws, a vector of int32 or int64.
      mean, stddev: broadcast with the draws.
      dtype: float16, bfloat16, float32 or float64.
      seed: an integer; see `tf.random.set_seed`.
      name: of the operation.

    Returns:
      A tensor of `dtype`.

    Raises:
      InvalidArgumentError: `shape` is not a vector of non-negative integers.
    """
    return _normal(random_standard_normal, shape, mean, stddev, dtype, seed, name)


@scoped("truncated_normal")
def truncated_normal(shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = dtypes.float32, seed: Any = None,
                     name: str | None = None) -> Any:
    """Draws from a normal distribution, with those beyond two standard deviations drawn again.

    Arguments, result and errors are those of `tf.random.normal`.
    """
    return _normal(random_truncated_normal, shape, mean, stddev, dtype, seed, name)


def _normal(entry: Any, shape: Any, mean: Any, stddev: Any, dtype: Any, seed: Any, name: str | None) -> Any:
    return normal_of(entry, (shape_arg(shape),), _seeds(seed), dtypes.as_dtype(dtype), mean, stddev, name)


_UNIFORM_TYPES = (dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64)


@scoped("random_uniform")
def uniform(shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = dtypes.float32, seed: Any = None,
            name: str | None = None) -> Any:
    """Draws spread evenly over `[minval, maxval)`.

    Args:
      shape: of the draws, a vector of int32 or int64.
      minval, maxval: the bounds; floats broadcast with the draws, integers are scalars. `maxval` is 1 for floats unless
        given.
      dtype: float16, bfloat16, float32, float64, int32 or int64.
      seed: an integer; see `tf.random.set_seed`.
      name: of the operation.

    Returns:
      A tensor of `dtype`. Integers are biased towards the lower ones unless the width is a power of two.

    Raises:
      ValueError: another dtype, or an integer one without `maxval`.
      InvalidArgumentError: an empty range of integers, or a `shape` that is no vector of non-negative integers.
    """
    dtype = dtypes.as_dtype(dtype)
    if dtype not in _UNIFORM_TYPES:
        raise ValueError(f"Argument `dtype` got invalid value {dtype}. Accepted dtypes are {_UNIFORM_TYPES}.")
    if maxval is None:
        if dtype.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
        maxval = 1
    shape = shape_arg(shape)
    from_zero = isinstance(minval, int) and minval == 0
    to_one = isinstance(maxval, int) and maxval == 1
    if dtype.is_integer or not (from_zero and to_one):
        minval, maxval = convert_to_tensor(minval, dtype), convert_to_tensor(maxval, dtype)
    if dtype.is_integer:
        return apply(random_uniform_int, (shape, minval, maxval), _seeds(seed), name)
    drawn = apply(random_uniform, (shape,), {**_seeds(seed), "dtype": dtype})
    if not from_zero:
        return scaled(drawn, binary(sub, maxval, minval), minval, name)
    return drawn if to_one else binary(mul, drawn, maxval, name)


def shuffle(value: Any, seed: Any = None, name: str | None = None) -> Any:
    """A tensor with the rows of `value`, which run along its first dimension, in random order.

    Args:
      value: any tensor; a scalar stays as it is.
      seed: an integer; see `tf.random.set_seed`.
      name: of the operation.
    """
    return apply(random_shuffle, (convert_to_tensor(value),), _seeds(seed), name)


def class_dtype(dtype: Any) -> dtypes.DType:
    """The dtype of class numbers, int64 unless given.

    Raises:
      ValueError: neither int32 nor int64.
    """
    found = dtypes.as_dtype(dtype) if dtype else dtypes.int64
    if found not in (dtypes.int32, dtypes.int64):
        raise ValueError(f"Argument `dtype` got invalid value {found}. Accepted dtypes are "
                         f"{(dtypes.int32, dtypes.int64)}.")
    return found


def categorical(logits: Any, num_samples: Any, dtype: Any = None, seed: Any = None, name: str | None = None) -> Any:
    """Draws of class numbers.

    Args:
      logits: unnormalised log probabilities, floats `[batch, classes]`.
      num_samples: how many for each row.
      dtype: int32 or int64, which is the default.
      seed: an integer; see `tf.random.set_seed`.
      name: of the operation.

    Returns:
      A tensor `[batch, num_samples]`.

    Raises:
      ValueError: another dtype.
      InvalidArgumentError: `logits` is no matrix or has no classes, `num_samples` is negative.
    """
    logits, dtype = convert_to_tensor(logits), class_dtype(dtype)
    return apply(random_multinomial, (logits, static_count(num_samples)), {**_seeds(seed), "output_dtype": dtype}, name)


def static_count(count: Any) -> Any:
    """A number of samples as a static input: an int where it is known."""
    if isinstance(count, Tensor) or hasattr(count, "__tf_tensor__"):
        known = static_value(convert_to_tensor(count))
        return count if known is None else known
    return count


def multinomial(logits: Any, num_samples: Any, seed: Any = None, name: str | None = None,
                output_dtype: Any = None) -> Any:
    """`tf.random.categorical` as TensorFlow 1 called it."""
    return categorical(logits, num_samples, output_dtype, seed, name)


def common_shape(x: Any, y: Any) -> Any:
    """`x` broadcast against `y`, both tensors."""
    a, b = static_shape(x), static_shape(y)
    if a is not None and b is not None:
        both: Any = np.broadcast_shapes(a, b)
        return x if both == a else apply(get_op("BroadcastTo"), (x, both))
    sizes = [apply(get_op("Shape"), (t,), {"out_type": dtypes.int32}) for t in (x, y)]
    return apply(get_op("BroadcastTo"), (x, apply(get_op("BroadcastArgs"), sizes)))


def gamma_parameters(alpha: Any, beta: Any, dtype: Any) -> tuple[Any, Any]:
    """The parameters of gamma draws as tensors; `alpha` is broadcast to the shape of both."""
    alpha, beta = convert_to_tensor(alpha, dtype), convert_to_tensor(1 if beta is None else beta, dtype)
    return common_shape(alpha, beta), beta


def at_least_tiny(drawn: Any, beta: Any) -> Any:
    """Gamma draws of scale 1 at inverse scale `beta`; those that underflowed are the smallest normal number."""
    tiny = np.finfo(drawn.dtype.np).tiny
    return binary(maximum_, convert_to_tensor(tiny, drawn.dtype), binary(real_div, drawn, beta))


def gamma(shape: Any, alpha: Any, beta: Any = None, dtype: Any = dtypes.float32, seed: Any = None,
          name: str | None = None) -> Any:
    """Draws from gamma distributions, differentiable in their parameters.

    Args:
      shape: of the draws for each distribution, a vector of int32.
      alpha: the shape parameters.
      beta: the inverse scales, 1 unless given; broadcast with `alpha`.
      dtype: float16, float32 or float64.
      seed: an integer; see `tf.random.set_seed`.
      name: accepted, without effect.

    Returns:
      A tensor of `dtype` whose shape is `shape`, then that of the parameters.
    """
    shape = shape_arg(shape)
    alpha, beta = gamma_parameters(alpha, beta, dtype)
    return at_least_tiny(apply(random_gamma, (shape, alpha), _seeds(seed)), beta)


def poisson(shape: Any, lam: Any, dtype: Any = dtypes.float32, seed: Any = None, name: str | None = None) -> Any:
    """Draws from Poisson distributions.

    Args:
      shape: of the draws for each distribution, a vector of int32.
      lam: the means.
      dtype: float16, float32, float64, int32 or int64.
      seed: an integer; see `tf.random.set_seed`.
      name: of the operation.

    Returns:
      A tensor of `dtype` whose shape is `shape`, then that of `lam`.
    """
    attrs = {**typed(random_poisson_v2, dtypes.as_dtype(dtype)), **_seeds(seed)}
    return apply(random_poisson_v2, (shape_arg(shape), convert_to_tensor(lam)), attrs, name)


def random_poisson(lam: Any, shape: Any, dtype: Any = dtypes.float32, seed: Any = None, name: str | None = None) -> Any:
    """`tf.random.poisson` with the arguments in TensorFlow 1's order."""
    return poisson(shape, lam, dtype, seed, name)
