"""Dropout: random elements set to zero, the others scaled up."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from numbers import Real
from typing import Any

from ..core.convert import convert_to_tensor
from ..core.scopes import scoped
from ..core.tensor import Tensor
from .arithmetic import multiply
from .common import shape_of, static_shape
from .comparison import greater_equal, select
from .elementwise import cast


def _noise_shape(x: Any, noise_shape: Any) -> Any:
    """The shape of the random draw; None in it stands for the size of `x`."""
    if noise_shape is None:
        return shape_of(x)
    if isinstance(noise_shape, Tensor):
        return noise_shape
    dims = list(noise_shape)
    if None in dims:
        known = static_shape(x)
        sizes = known if known is not None else shape_of(x)
        dims = [sizes[i] if d is None else d for i, d in enumerate(dims)]
    return dims


def _dropout(x: Any, rate: Any, sampler: Callable[..., Any], noise_shape: Any,
             skip: Callable[[], Any] = lambda: None) -> Any:
    """Dropout with a source of random numbers; `skip` moves that on where none are drawn."""
    is_number = isinstance(rate, Real)
    if is_number and not 0 <= rate < 1:
        raise ValueError("`rate` must be a scalar tensor or a float in the range [0, 1). Received: "
                         f"rate={rate}")
    x = convert_to_tensor(x)
    dtype = x.dtype
    if not dtype.is_floating:
        raise ValueError("`x.dtype` must be a floating point tensor as `x` will be scaled. Received: "
                         f"x_dtype={dtype}")
    if is_number and rate == 0:
        skip()
        return x
    if is_number:
        scaled = multiply(x, 1 / (1 - rate))
    else:
        if not isinstance(rate, Tensor) and not hasattr(rate, "__tf_tensor__"):
            raise ValueError(f"`rate` must be a scalar or scalar tensor. Received: rate={rate}")
        rate = convert_to_tensor(rate)
        rate.shape.assert_has_rank(0)
        if rate.dtype != dtype:
            if not rate.dtype.is_compatible_with(dtype):
                raise ValueError(f"`x.dtype` must be compatible with `rate.dtype`. Received: x.dtype={dtype} and "
                                 f"rate.dtype={rate.dtype}")
            rate = cast(rate, dtype)
        one = convert_to_tensor(1, dtype)
        scaled = x / (one - rate)
    drawn = sampler(shape=_noise_shape(x, noise_shape), dtype=dtype)
    return select(greater_equal(drawn, rate), scaled, convert_to_tensor(0, dtype))


@scoped("dropout")
def dropout(x: Any, rate: Any, noise_shape: Any = None, seed: Any = None, name: str | None = None) -> Any:
    """Sets elements to zero with probability `rate` and multiplies the others by `1 / (1 - rate)`.

    Args:
      x: a floating-point tensor.
      rate: a number in [0, 1), or a scalar tensor.
      noise_shape: a shape that broadcasts with that of `x`; what is broadcast is dropped together.
      seed: see `tf.random.set_seed`.
      name: of the node.

    Raises:
      ValueError: a rate out of range, or `x` is not floating-point.
    """
    from .random import uniform
    from .random_state import get_seed
    return _dropout(x, rate, partial(uniform, seed=seed), noise_shape, partial(get_seed, seed))


def stateless_dropout(x: Any, rate: Any, seed: Any, rng_alg: Any = None, noise_shape: Any = None,
                      name: str | None = None) -> Any:
    """`dropout` that drops the same elements whenever it gets the same seed, two integers."""
    from .random_functions import stateless_uniform
    return _dropout(x, rate, partial(stateless_uniform, seed=seed, alg=rng_alg or "auto_select"), noise_shape)


def general_dropout(x: Any, rate: Any, uniform_sampler: Callable[..., Any], noise_shape: Any = None,
                    name: str | None = None) -> Any:
    """`dropout` with random numbers in [0, 1) from `uniform_sampler(shape=..., dtype=...)`."""
    return _dropout(x, rate, uniform_sampler, noise_shape)


def dropout_v1(x: Any, keep_prob: Any = None, noise_shape: Any = None, seed: Any = None, name: str | None = None,
               rate: Any = None) -> Any:
    """`dropout`; `keep_prob` is `1 - rate`.

    Raises:
      ValueError: neither or both of them are given.
    """
    if keep_prob is not None:
        if rate is not None:
            raise ValueError("Only one of `rate` and `keep_prob` can be specified.")
        rate = 1 - keep_prob
    if rate is None:
        raise ValueError(f"`rate` must be provided. Received: rate={rate}")
    return dropout(x, rate, noise_shape, seed, name)
