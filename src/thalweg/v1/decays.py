"""Learning rates that depend on the number of steps: a tensor in a graph; in eager code a function of no arguments."""
from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import thalweg as tf

from .building import in_default_graph
from .framework import name_scope


def _decay(label: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A rate that is computed under the name `label`, whenever it is asked for in eager code."""
    def wrap(formula: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(formula)
        def rate(*args: Any, name: str | None = None, **kwargs: Any) -> Any:
            def compute() -> Any:
                with in_default_graph(), name_scope(name or label):
                    return formula(*args, **kwargs)
            with in_default_graph() as g:
                return compute() if g is not None else _Eager(compute)
        return rate
    return wrap


class _Eager:
    """A rate as a function of no arguments, which looks at the step anew each time."""

    def __init__(self, compute: Callable[[], Any]) -> None:
        self._compute = compute

    def __call__(self) -> Any:
        from .building import eagerly
        with eagerly():
            return self._compute()


def _fraction(rate: Any, step: Any, decay_steps: Any, staircase: bool) -> Any:
    share = tf.cast(step, rate.dtype) / tf.cast(decay_steps, rate.dtype)
    return tf.floor(share) if staircase else share


def _required(global_step: Any) -> None:
    if global_step is None:
        raise ValueError("global_step is required")


@_decay("ExponentialDecay")
def exponential_decay(learning_rate: Any, global_step: Any, decay_steps: Any, decay_rate: Any, staircase: bool = False,
                      name: str | None = None) -> Any:
    """`learning_rate * decay_rate ** (global_step / decay_steps)`; with `staircase` the exponent is rounded down."""
    rate = tf.convert_to_tensor(learning_rate)
    return tf.multiply(rate, tf.pow(tf.cast(decay_rate, rate.dtype), _fraction(rate, global_step, decay_steps, staircase)))


@_decay("ExponentialTimeDecay")
def natural_exp_decay(learning_rate: Any, global_step: Any, decay_steps: Any, decay_rate: Any, staircase: bool = False,
                      name: str | None = None) -> Any:
    """`learning_rate * exp(-decay_rate * global_step / decay_steps)`; with `staircase` the quotient is rounded down."""
    rate = tf.convert_to_tensor(learning_rate)
    factor = tf.exp(tf.negative(tf.cast(decay_rate, rate.dtype)))
    return tf.multiply(rate, tf.pow(factor, _fraction(rate, global_step, decay_steps, staircase)))


@_decay("InverseTimeDecay")
def inverse_time_decay(learning_rate: Any, global_step: Any, decay_steps: Any, decay_rate: Any, staircase: bool = False,
                       name: str | None = None) -> Any:
    """`learning_rate / (1 + decay_rate * global_step / decay_steps)`; with `staircase` the quotient is rounded down."""
    rate = tf.convert_to_tensor(learning_rate)
    share = _fraction(rate, global_step, decay_steps, staircase)
    return tf.divide(rate, tf.add(tf.cast(1, rate.dtype), tf.multiply(tf.cast(decay_rate, rate.dtype), share)))


@_decay("PolynomialDecay")
def polynomial_decay(learning_rate: Any, global_step: Any, decay_steps: Any, end_learning_rate: Any = 0.0001,
                     power: Any = 1.0, cycle: bool = False, name: str | None = None) -> Any:
    """From `learning_rate` to `end_learning_rate` in `decay_steps`, along `(1 - share) ** power`.

    Args:
      cycle: whether it begins again, each time for a longer stretch, instead of staying at the end.
    """
    rate = tf.convert_to_tensor(learning_rate)
    end, power = tf.cast(end_learning_rate, rate.dtype), tf.cast(power, rate.dtype)
    step, steps = tf.cast(global_step, rate.dtype), tf.cast(decay_steps, rate.dtype)
    if cycle:
        steps = steps * tf.where(tf.equal(step, 0), tf.ones_like(step), tf.math.ceil(step / steps))
    else:
        step = tf.minimum(step, steps)
    return tf.add(tf.multiply(rate - end, tf.pow(1 - tf.divide(step, steps), power)), end)


@_decay("PiecewiseConstant")
def piecewise_constant(x: Any, boundaries: Any, values: Any, name: str | None = None) -> Any:
    """The first value up to the first boundary (included), the second up to the second, and so on.

    Raises:
      ValueError: not one more value than boundaries.
    """
    edges = [tf.convert_to_tensor(b) for b in tf.nest.flatten(boundaries)]
    levels = [tf.convert_to_tensor(v) for v in tf.nest.flatten(values)]
    if len(edges) != len(levels) - 1:
        raise ValueError("The length of boundaries should be 1 less than the length of values")
    x = tf.convert_to_tensor(x)
    found = levels[-1]
    for edge, level in zip(reversed(edges), reversed(levels[:-1]), strict=True):
        found = tf.where(x <= tf.cast(edge, x.dtype), level, found)
    return found


piecewise_constant_decay = piecewise_constant


def _progress(rate: Any, global_step: Any, decay_steps: Any) -> Any:
    """The share of the steps that are done, at most 1."""
    steps = tf.cast(decay_steps, rate.dtype)
    return tf.minimum(tf.cast(global_step, rate.dtype), steps) / steps


def _wave(share: Any) -> Any:
    return 0.5 * (1.0 + tf.cos(tf.constant(math.pi, share.dtype) * share))


@_decay("CosineDecay")
def cosine_decay(learning_rate: Any, global_step: Any, decay_steps: Any, alpha: float = 0.0, name: str | None = None) -> Any:
    """Half a cosine from `learning_rate` to `alpha * learning_rate` (Loshchilov and Hutter 2017)."""
    _required(global_step)
    rate = tf.convert_to_tensor(learning_rate)
    return tf.multiply(rate, (1 - alpha) * _wave(_progress(rate, global_step, decay_steps)) + alpha)


@_decay("SGDRDecay")
def cosine_decay_restarts(learning_rate: Any, global_step: Any, first_decay_steps: Any, t_mul: float = 2.0,
                          m_mul: float = 1.0, alpha: float = 0.0, name: str | None = None) -> Any:
    """`cosine_decay` that starts again and again, each time `t_mul` as long and `m_mul` as high."""
    _required(global_step)
    rate = tf.convert_to_tensor(learning_rate)
    kind = rate.dtype
    share = _fraction(rate, global_step, first_decay_steps, False)
    longer, lower = tf.cast(t_mul, kind), tf.cast(m_mul, kind)

    def growing() -> Any:
        starts = tf.floor(tf.math.log(1.0 - share * (1.0 - longer)) / tf.math.log(longer))
        length = longer**starts
        return starts, (share - (1.0 - length) / (1.0 - longer)) / length

    def even() -> Any:
        return tf.floor(share), share - tf.floor(share)
    starts, inside = tf.cond(tf.equal(longer, 1.0), even, growing) if hasattr(t_mul, "dtype") else \
        even() if t_mul == 1.0 else growing()
    return tf.multiply(rate, (1 - tf.cast(alpha, kind)) * (lower**starts * _wave(inside)) + tf.cast(alpha, kind))


@_decay("LinearCosineDecay")
def linear_cosine_decay(learning_rate: Any, global_step: Any, decay_steps: Any, num_periods: float = 0.5,
                        alpha: float = 0.0, beta: float = 0.001, name: str | None = None) -> Any:
    """`(alpha + rest) * wave + beta` times the rate, where the rest of the steps falls linearly (Bello et al. 2017)."""
    _required(global_step)
    rate = tf.convert_to_tensor(learning_rate)
    done = _progress(rate, global_step, decay_steps)
    return tf.multiply(rate, (alpha + (1.0 - done)) * _wave(2.0 * num_periods * done) + beta)


@_decay("NoisyLinearCosineDecay")
def noisy_linear_cosine_decay(learning_rate: Any, global_step: Any, decay_steps: Any, initial_variance: float = 1.0,
                              variance_decay: float = 0.55, num_periods: float = 0.5, alpha: float = 0.0,
                              beta: float = 0.001, name: str | None = None) -> Any:
    """`linear_cosine_decay` with noise on the linear part, of a variance that falls with the steps (Bello et al. 2017)."""
    _required(global_step)
    rate = tf.convert_to_tensor(learning_rate)
    done = _progress(rate, global_step, decay_steps)
    step = done * tf.cast(decay_steps, rate.dtype)
    deviation = tf.sqrt(initial_variance / tf.pow(1.0 + step, tf.cast(variance_decay, rate.dtype)))
    rest = (1.0 - done) + tf.random.normal([], stddev=deviation, dtype=rate.dtype)
    return tf.multiply(rate, (alpha + rest) * _wave(2.0 * num_periods * done) + beta)
