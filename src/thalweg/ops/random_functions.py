"""The public functions of a seed: `tf.random.stateless_uniform`, `split`, `fold_in` and their kin."""
from __future__ import annotations

from enum import Enum
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.tensor import Tensor
from . import random_stateless as entries
from .arithmetic import sub
from .common import binary
from .creation import shape_arg
from .random import at_least_tiny, class_dtype, gamma_parameters, is_standard, normal_of, scaled, static_count, typed


class Algorithm(Enum):
    """An algorithm for random numbers (Salmon et al., 2011). The CPU has Philox alone."""

    PHILOX = entries.PHILOX
    THREEFRY = entries.THREEFRY
    AUTO_SELECT = entries.AUTO_SELECT


def algorithm_number(alg: Any) -> Any:
    """The number of an algorithm given as a number, a name, an `Algorithm` or a tensor.

    Raises:
      ValueError: an unknown name.
      TypeError: something else.
    """
    if isinstance(alg, (int, Tensor)):
        return alg
    if isinstance(alg, Algorithm):
        return alg.value
    if not isinstance(alg, str):
        raise TypeError(f"Can't convert argument `alg` (of value {alg} and type {type(alg)}) to int.")
    found = {"philox": 1, "threefry": 2, "autoselect": 3}.get(alg.strip().lower().replace("-", "").replace("_", ""))
    if found is None:
        raise unsupported_algorithm(alg)
    return found


def unsupported_algorithm(alg: Any) -> ValueError:
    """The error for an algorithm that does not exist."""
    names: tuple[Any, ...] = tuple(Algorithm)
    if isinstance(alg, int):
        names = tuple(a.value for a in Algorithm)
    elif isinstance(alg, str):
        names = tuple(a.name.lower() for a in Algorithm)
    philox, threefry, auto_select = names
    return ValueError(f"Argument `alg` got unsupported value {alg}. Supported values are {philox} for the Philox "
                      f"algorithm, {threefry} for the ThreeFry algorithm, and {auto_select} for auto-selection.")


def _stream(seed: Any, alg: Any) -> tuple[Any, Any, Any]:
    """The key, counter and algorithm number that stateless ops take, from a seed of shape [2]."""
    alg = entries.AUTO_SELECT if alg is None else algorithm_number(alg)
    seed = convert_to_tensor(seed)
    if alg in (entries.PHILOX, entries.AUTO_SELECT):
        key, counter = apply(entries.get_key_counter, (seed,))
        return key, counter, alg
    if alg != entries.THREEFRY:
        raise unsupported_algorithm(alg)
    words = apply(get_op("Cast"), (seed,), {"DstT": dtypes.uint32})
    key = apply(get_op("Reshape"), (apply(get_op("Bitcast"), (words,), {"type": dtypes.uint64}), (1,)))
    return key, convert_to_tensor(np.zeros(1, np.uint64)), alg


_UNIFORM_TYPES = (dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64,
                  dtypes.uint32, dtypes.uint64)


def stateless_uniform(shape: Any, seed: Any, minval: Any = 0, maxval: Any = None, dtype: Any = dtypes.float32,
                      name: str | None = None, alg: Any = "auto_select") -> Any:
    """Draws spread evenly over `[minval, maxval)`: the same for the same seed.

    Args:
      shape: of the draws, a vector of int32 or int64.
      seed: two integers, int32 or int64.
      minval, maxval: the bounds; floats broadcast with the draws, integers are scalars. `maxval` is 1 for floats unless
        given. With both None, integers of the whole range of `dtype`.
      dtype: float16, bfloat16, float32, float64, int32 or int64; for the whole range also uint32 and uint64.
      name: of the operation.
      alg: "philox" or "auto_select", which mean the same, or an `Algorithm`.

    Returns:
      A tensor of `dtype`.

    Raises:
      ValueError: another dtype or algorithm, or only one bound of integers.
      InvalidArgumentError: an empty range of integers, or a wrong shape of `shape` or `seed`.
    """
    dtype = dtypes.as_dtype(dtype)
    if dtype not in _UNIFORM_TYPES:
        raise ValueError(f"Argument `dtype` got invalid value {dtype}. Accepted dtypes are {_UNIFORM_TYPES}.")
    if dtype.is_integer:
        if (minval is None) != (maxval is None):
            raise ValueError(f"For integer `dtype` argument {dtype}, argument `minval` and `maxval` must be both None "
                             f"or not None. Got `minval`={minval} and `maxval`={maxval}.")
        if minval is not None and dtype.is_unsigned:
            raise ValueError(f"Argument `dtype` got invalid value {dtype} when argument `minval` is not None. Please "
                             "don't use unsigned integers in this case.")
    elif maxval is None:
        maxval = 1
    return uniform_of_stream(_stream(seed, alg), shape_arg(shape), minval, maxval, dtype, name)


def uniform_of_stream(stream: tuple[Any, Any, Any], shape: Any, minval: Any, maxval: Any, dtype: dtypes.DType,
                      name: str | None) -> Any:
    """Evenly spread draws from a key, counter and algorithm."""
    if minval is None:
        return apply(entries.full_int_v2, (shape, *stream), typed(entries.full_int_v2, dtype), name)
    if dtype.is_floating and is_standard(minval, 0, maxval, 1):
        return apply(entries.uniform_v2, (shape, *stream), typed(entries.uniform_v2, dtype), name)
    minval, maxval = convert_to_tensor(minval, dtype), convert_to_tensor(maxval, dtype)
    if dtype.is_integer:
        return apply(entries.uniform_int_v2, (shape, *stream, minval, maxval), name=name)
    drawn = apply(entries.uniform_v2, (shape, *stream), typed(entries.uniform_v2, dtype))
    return scaled(drawn, binary(sub, maxval, minval), minval, name)


def _normal(entry: Any, shape: Any, seed: Any, mean: Any, stddev: Any, dtype: Any, name: str | None, alg: Any) -> Any:
    inputs = (shape_arg(shape), *_stream(seed, alg))
    return normal_of(entry, inputs, {}, dtypes.as_dtype(dtype), mean, stddev, name)


def stateless_normal(shape: Any, seed: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = dtypes.float32,
                     name: str | None = None, alg: Any = "auto_select") -> Any:
    """Draws from a normal distribution: the same for the same seed.

    Args:
      shape: of the draws, a vector of int32 or int64.
      seed: two integers, int32 or int64.
      mean, stddev: broadcast with the draws.
      dtype: float16, bfloat16, float32 or float64.
      name: of the operation.
      alg: as in `tf.random.stateless_uniform`.

    Returns:
      A tensor of `dtype`.

    Raises:
      ValueError: an unknown algorithm.
      InvalidArgumentError: a wrong shape of `shape` or `seed`.
    """
    return _normal(entries.normal_v2, shape, seed, mean, stddev, dtype, name, alg)


def stateless_truncated_normal(shape: Any, seed: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = dtypes.float32,
                               name: str | None = None, alg: Any = "auto_select") -> Any:
    """Draws from a normal distribution, with those beyond two standard deviations drawn again.

    Arguments, result and errors are those of `tf.random.stateless_normal`.
    """
    return _normal(entries.truncated_normal_v2, shape, seed, mean, stddev, dtype, name, alg)


def stateless_categorical(logits: Any, num_samples: Any, seed: Any, dtype: Any = dtypes.int64,
                          name: str | None = None) -> Any:
    """Draws of class numbers: the same for the same seed.

    Args:
      logits: unnormalised log probabilities, floats `[batch, classes]`.
      num_samples: how many for each row.
      seed: two integers, int32 or int64.
      dtype: int32 or int64.
      name: accepted, without effect.

    Returns:
      A tensor `[batch, num_samples]`.

    Raises:
      ValueError: another dtype.
      InvalidArgumentError: `logits` is no matrix or has no classes, `num_samples` is negative.
    """
    logits, dtype = convert_to_tensor(logits), class_dtype(dtype)
    inputs = (logits, static_count(num_samples), convert_to_tensor(seed))
    return apply(entries.multinomial, inputs, {"output_dtype": dtype})


def stateless_multinomial(logits: Any, num_samples: Any, seed: Any, output_dtype: Any = dtypes.int64,
                          name: str | None = None) -> Any:
    """`tf.random.stateless_categorical` as TensorFlow 1 called it."""
    return stateless_categorical(logits, num_samples, seed, output_dtype, name)


def stateless_gamma(shape: Any, seed: Any, alpha: Any, beta: Any = None, dtype: Any = dtypes.float32,
                    name: str | None = None) -> Any:
    """Draws from gamma distributions: the same for the same seed, and differentiable in their parameters.

    Args:
      shape: of the draws; ends with the shape of the parameters.
      seed: two integers, int32 or int64.
      alpha: the shape parameters.
      beta: the inverse scales, 1 unless given; broadcast with `alpha`.
      dtype: float16, float32 or float64.
      name: accepted, without effect.

    Returns:
      A tensor of `dtype`.

    Raises:
      InvalidArgumentError: `shape` does not end with the shape of the parameters.
    """
    shape = shape_arg(shape)
    alpha, beta = gamma_parameters(alpha, beta, dtype)
    return at_least_tiny(apply(entries.gamma_v3, (shape, *_stream(seed, None), alpha)), beta)


def stateless_poisson(shape: Any, seed: Any, lam: Any, dtype: Any = dtypes.int32, name: str | None = None) -> Any:
    """Draws from Poisson distributions: the same for the same seed.

    Args:
      shape: of the draws; ends with the shape of `lam`.
      seed: two integers, int32 or int64.
      lam: the means.
      dtype: float16, float32, float64, int32 or int64.
      name: accepted, without effect.

    Returns:
      A tensor of `dtype`.

    Raises:
      InvalidArgumentError: `shape` does not end with the shape of `lam`.
    """
    inputs = (shape_arg(shape), convert_to_tensor(seed), convert_to_tensor(lam))
    return apply(entries.poisson, inputs, typed(entries.poisson, dtypes.as_dtype(dtype)))


def stateless_binomial(shape: Any, seed: Any, counts: Any, probs: Any, output_dtype: Any = dtypes.int32,
                       name: str | None = None) -> Any:
    """Draws of the number of successes in `counts` trials: the same for the same seed.

    Args:
      shape: of the draws; ends with the shape that `counts` and `probs` broadcast to.
      seed: two integers, int32 or int64.
      counts: numbers of trials, in the dtype of `probs`.
      probs: probabilities of success.
      output_dtype: float16, float32, float64, int32 or int64.
      name: accepted, without effect.

    Returns:
      A tensor of `output_dtype`.

    Raises:
      InvalidArgumentError: `shape` does not end with the shape of the parameters.
    """
    probs = convert_to_tensor(probs, dtype_hint=dtypes.float32)
    counts = convert_to_tensor(counts, dtype_hint=probs.dtype)
    inputs = (shape_arg(shape), convert_to_tensor(seed), counts, probs)
    return apply(entries.binomial, inputs, typed(entries.binomial, dtypes.as_dtype(output_dtype)))


def stateless_parameterized_truncated_normal(shape: Any, seed: Any, means: Any = 0.0, stddevs: Any = 1.0,
                                             minvals: Any = -2.0, maxvals: Any = 2.0, name: str | None = None) -> Any:
    """Draws from normal distributions, each cut off at bounds of its own: the same for the same seed.

    Args:
      shape: of the draws; ends with the shape that the parameters broadcast to.
      seed: two integers, int32 or int64.
      means, stddevs: of the distributions before they are cut off; float16, float32 or float64, as the bounds.
      minvals, maxvals: the bounds, of which one may be infinite.
      name: accepted, without effect.

    Returns:
      A tensor of the dtype of the parameters.

    Raises:
      InvalidArgumentError: an empty range, a deviation that is not positive, or a `shape` that does not fit.
    """
    parameters = [convert_to_tensor(p) for p in (means, stddevs, minvals, maxvals)]
    return apply(entries.parameterized_truncated_normal, (shape_arg(shape), convert_to_tensor(seed), *parameters))


def stateless_shuffle(value: Any, seed: Any, alg: Any = "auto_select", name: str | None = None) -> Any:
    """A tensor with the rows of `value` in random order: the same for the same seed.

    Args:
      value: any tensor; a scalar stays as it is.
      seed: two integers, int32 or int64.
      alg: as in `tf.random.stateless_uniform`.
      name: of the operation.
    """
    return apply(entries.shuffle, (convert_to_tensor(value), *_stream(seed, alg)), name=name)


def split(seed: Any, num: Any = 2, alg: Any = "auto_select") -> Any:
    """New seeds made from one.

    Args:
      seed: two integers, int32 or int64.
      num: how many.
      alg: as in `tf.random.stateless_uniform`.

    Returns:
      A tensor `[num, 2]` of the dtype of `seed`.
    """
    seed = convert_to_tensor(seed)
    return stateless_uniform([num, 2], seed, None, None, seed.dtype, alg=alg)


def fold_in(seed: Any, data: Any, alg: Any = "auto_select") -> Any:
    """A new seed made from one and a number.

    Args:
      seed: two integers, int32 or int64.
      data: an integer scalar, int32 or int64.
      alg: as in `tf.random.stateless_uniform`.

    Returns:
      A tensor `[2]` of the dtype of `data`.
    """
    data = convert_to_tensor(data)
    first = stateless_uniform([], seed, None, None, data.dtype, alg=alg)
    return apply(get_op("Pack"), (first, data), {"axis": 0})


_PADDING = 498247692


def index_shuffle(index: Any, seed: Any, max_index: Any) -> Any:
    """The places of indices in a pseudorandom permutation of 0 ... `max_index`, which is never made as a whole.

    Args:
      index: integers, a scalar or `[n]`, in `[0, max_index]`.
      seed: two integers, `[2]`; int32, uint32, int64 or uint64.
      max_index: of the dtype of `index`, a scalar or `[n]`.

    Returns:
      A tensor like `index`.

    Raises:
      InvalidArgumentError: an index outside, or shapes that do not fit.
    """
    seed = convert_to_tensor(seed)
    front = np.array([[1, 0]] + [[0, 0]] * (seed.shape.rank - 1), np.int32)
    seed = apply(get_op("PadV2"), (seed, front, convert_to_tensor(_PADDING, seed.dtype)))
    index = convert_to_tensor(index)
    return apply(entries.index_shuffle, (index, seed, convert_to_tensor(max_index, index.dtype)), {"rounds": 4})
