"""Random numbers as Keras draws them: stateless functions of a seed, or of a generator that counts its draws.

The numbers are those of Keras on TensorFlow for the same seeds.
"""
from __future__ import annotations

import random as python_random
from typing import Any

import numpy as np

import thalweg as tf

from . import config, naming
from .types import Config, Shape, Tensor, TensorLike
from .variable import Variable

_SEED_MODULUS = 2**31 - 2

_global_generator: SeedGenerator | None = None
_global_seed: int | None = None


class SeedGenerator:
    """A source of seeds, a new one for every draw.

    Args:
      seed: where the sequence begins; random where None.
      name: of the generator.

    Attributes:
      state: a variable of shape [2], int64: the seed and the number of draws.

    Raises:
      ValueError: the seed is no integer.
    """

    def __init__(self, seed: int | None = None, name: str | None = None, **kwargs: Any) -> None:
        self.name = naming.auto_name(type(self).__name__) if name is None else name
        kwargs.pop("backend", None)
        if kwargs:
            raise ValueError(f"Unrecognized keyword arguments: {kwargs}")
        self._initial_seed = seed
        if seed is None:
            seed = make_default_seed()
        if not isinstance(seed, int):
            raise ValueError(f"Argument `seed` must be an integer. Received: seed={seed}")
        with naming.name_scope(self.name, caller=self):
            self.state = Variable(np.array([seed, 0], np.int64), dtype="int64", trainable=False,
                                  name="seed_generator_state")

    def next(self, ordered: bool = True) -> Tensor:
        """The present state, shape [2], int64; the state moves on.

        Args:
          ordered: whether to count the draws; else the state jumps in a sequence that hardly repeats.
        """
        seed = tf.convert_to_tensor(self.state)
        if ordered:
            self.state.assign(seed + tf.constant([0, 1], tf.int64))
        else:
            self.state.assign((seed + 1) * 5387 % 933199)
        return seed

    def get_config(self) -> Config:
        """The arguments of the constructor."""
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config: Config) -> SeedGenerator:
        """The generator that `get_config` described."""
        return cls(**config)


Seed = int | SeedGenerator | None


def make_default_seed() -> int:
    """A seed from Python's own `random`."""
    return python_random.randint(1, int(1e9))


def global_seed_generator() -> SeedGenerator:
    """The generator that draws without a seed use."""
    global _global_generator
    if _global_generator is None:
        _global_generator = SeedGenerator()
    return _global_generator


def reset_global_seed_generator() -> None:
    """Forgets the generator of draws without a seed; the next such draw makes one."""
    global _global_generator
    _global_generator = None


def set_random_seed(seed: int) -> None:
    """Seeds Python's `random`, NumPy's, TensorFlow's and Keras's random numbers.

    Raises:
      ValueError: the seed is no integer.
    """
    global _global_seed
    if not isinstance(seed, int):
        raise ValueError(f"Expected `seed` argument to be an integer. Received: seed={seed} (of type {type(seed)})")
    _global_seed = seed
    reset_global_seed_generator()
    python_random.seed(seed)
    np.random.seed(seed)
    tf.random.set_seed(seed)


def get_random_seed() -> int | None:
    """The seed that `set_random_seed` was last given."""
    return _global_seed


def draw_seed(seed: Seed) -> Tensor:
    """A seed of shape [2], int64: `[seed, 0]` for an integer, else the next one of a generator.

    Raises:
      ValueError: for anything but an integer, a `SeedGenerator` or None.
    """
    if isinstance(seed, SeedGenerator):
        return seed.next()
    if isinstance(seed, int):
        return tf.constant([seed, 0], tf.int64)
    if seed is None:
        return global_seed_generator().next(ordered=False)
    raise ValueError("Argument `seed` must be either an integer or an instance of `SeedGenerator`. "
                     f"Received: seed={seed} (of type {type(seed)})")


def _stateless_seed(seed: Seed) -> Tensor:
    if isinstance(seed, int):
        return tf.constant([seed % _SEED_MODULUS, 0], tf.int32)
    return tf.cast(tf.math.floormod(draw_seed(seed), _SEED_MODULUS), tf.int32)


def normal(shape: Shape, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Draws of a normal distribution."""
    return tf.random.stateless_normal(shape, seed=_stateless_seed(seed), mean=mean, stddev=stddev,
                                      dtype=config.standardize_dtype(dtype))


def truncated_normal(shape: Shape, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None,
                     seed: Seed = None) -> Tensor:
    """Draws of a normal distribution, with those more than two standard deviations away drawn again."""
    return tf.random.stateless_truncated_normal(shape, seed=_stateless_seed(seed), mean=mean, stddev=stddev,
                                                dtype=config.standardize_dtype(dtype))


def uniform(shape: Shape, minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Draws spread evenly over `[minval, maxval)`.

    Raises:
      ValueError: the dtype is not a floating one.
    """
    name = config.standardize_dtype(dtype)
    if not tf.as_dtype(name).is_floating:
        raise ValueError(f"`keras.random.uniform` requires a floating point `dtype`. Received: dtype={dtype} ")
    return tf.random.stateless_uniform(shape, seed=_stateless_seed(seed), minval=tf.cast(minval, name),
                                       maxval=tf.cast(maxval, name), dtype=name)


def randint(shape: Shape, minval: int, maxval: int, dtype: Any = "int32", seed: Seed = None) -> Tensor:
    """Draws of the integers in `[minval, maxval)`.

    Raises:
      ValueError: the dtype is not an integer one.
    """
    name = config.standardize_dtype(dtype)
    if not tf.as_dtype(name).is_integer:
        raise ValueError(f"`keras.random.randint` requires an integer `dtype`. Received: dtype={dtype} ")
    drawn = name if name in ("int32", "int64") else "int64"
    return tf.cast(tf.random.stateless_uniform(shape, seed=_stateless_seed(seed), minval=minval, maxval=maxval,
                                               dtype=drawn), name)


def categorical(logits: TensorLike, num_samples: int, dtype: Any = "int32", seed: Seed = None) -> Tensor:
    """Draws of class numbers, shape [batch, num_samples], with log-probabilities `logits`, shape [batch, classes].

    Raises:
      ValueError: `logits` is not of rank 2.
    """
    logits = tf.convert_to_tensor(logits)
    if len(logits.shape) != 2:
        raise ValueError("`logits` should be a 2-D tensor with shape [batch_size, num_classes]. "
                         f"Received: logits={logits}")
    drawn = tf.random.stateless_categorical(logits, num_samples, seed=_stateless_seed(seed))
    return tf.cast(drawn, config.standardize_dtype(dtype))


def dropout(inputs: TensorLike, rate: float, noise_shape: Shape | None = None, seed: Seed = None) -> Tensor:
    """`inputs` with a fraction `rate` of its elements set to 0, the others scaled by `1 / (1 - rate)`.

    Args:
      inputs: a floating tensor of any shape.
      rate: between 0 and 1.
      noise_shape: the shape of the mask, which is broadcast; None in it stands for the size of `inputs`.
      seed: an integer, a `SeedGenerator` or None.
    """
    if rate == 1.0:
        return tf.zeros_like(inputs)
    if rate == 0.0:
        return inputs
    seed = _stateless_seed(seed)
    if noise_shape is not None and any(size is None for size in noise_shape):
        sizes = tf.shape(inputs)
        noise_shape = [sizes[i] if size is None else size for i, size in enumerate(noise_shape)]
    return tf.nn.experimental.stateless_dropout(inputs, rate=rate, seed=seed, noise_shape=noise_shape)


def shuffle(x: TensorLike, axis: int = 0, seed: Seed = None) -> Tensor:
    """`x` in random order along `axis`."""
    seed = _stateless_seed(seed)
    order = tf.argsort(tf.random.stateless_uniform([tf.shape(x)[axis]], seed=seed))
    return tf.gather(x, order, axis=axis)


def gamma(shape: Shape, alpha: TensorLike, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Draws of gamma distributions with shape parameter `alpha` and scale 1."""
    name = config.standardize_dtype(dtype)
    drawn = "float32" if name == "bfloat16" else name
    seed = _stateless_seed(seed)
    return tf.cast(tf.random.stateless_gamma(shape, seed=seed, alpha=alpha, dtype=drawn), name)


def binomial(shape: Shape, counts: TensorLike, probabilities: TensorLike, dtype: Any = None,
             seed: Seed = None) -> Tensor:
    """Draws of the number of successes in `counts` trials."""
    name = config.standardize_dtype(dtype)
    drawn = "float32" if name == "bfloat16" else name
    seed = _stateless_seed(seed)
    return tf.cast(tf.random.stateless_binomial(shape=shape, seed=seed, counts=counts, probs=probabilities,
                                                output_dtype=drawn), name)


def beta(shape: Shape, alpha: TensorLike, beta: TensorLike, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Draws of beta distributions, made from two gamma distributions."""
    name = config.standardize_dtype(dtype)
    drawn = tf.as_dtype("float32" if name == "bfloat16" else name)
    first_seed = _stateless_seed(seed)

    def draw(parameter: TensorLike, seed: Tensor) -> Tensor:
        parameter = tf.broadcast_to(config.as_tensor(parameter, drawn), shape)
        return tf.cast(tf.random.stateless_gamma(shape, seed=seed, alpha=parameter, dtype=drawn), name)

    first, second = draw(alpha, first_seed), draw(beta, first_seed + 12)
    return first / (first + second)


__all__ = [
    "SeedGenerator", "beta", "binomial", "categorical", "dropout", "gamma", "normal", "randint", "shuffle",
    "truncated_normal", "uniform",
]  # fmt: skip
