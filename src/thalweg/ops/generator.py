"""`tf.random.Generator`: random numbers from a state that is a variable of its own."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import get_op
from ..core.shape import as_shape
from ..core.tensor import EagerTensor, Tensor
from ..core.variable import Variable, update
from . import random_stateless as entries
from .creation import shape_arg
from .random import normal_of, typed
from .random_draws import binomial_batch
from .random_functions import algorithm_number, uniform_of_stream, unsupported_algorithm

_COUNTER_SIZES = {entries.PHILOX: 2, entries.THREEFRY: 1, entries.AUTO_SELECT: 2}
_MASK = (1 << 64) - 1
_global_generator: Generator | None = None


def _counter_size(alg: int) -> int:
    if alg not in _COUNTER_SIZES:
        raise unsupported_algorithm(alg)
    return _COUNTER_SIZES[alg]


def _int64(value: Any) -> Any:
    """Integers of up to 64 bits, signed or not, or nested lists of them, as int64."""
    if isinstance(value, int):
        return np.array(value & _MASK, np.uint64).view(np.int64)
    if isinstance(value, (list, tuple)):
        return np.array([_int64(v) for v in value], np.int64)
    array = np.asarray(value)
    return array.view(np.int64) if array.dtype == np.uint64 else array.astype(np.int64)


def create_rng_state(seed: Any, alg: Any) -> Any:
    """The state that a generator starts with.

    Args:
      seed: an integer of any size, or a vector of integers.
      alg: the algorithm: a name, a number or an `Algorithm`.

    Returns:
      An int64 tensor, `[3]` for Philox: counter, then key. A short vector is padded in front; an integer fills the
      state from the front.
    """
    size = _counter_size(algorithm_number(alg)) + 1
    if isinstance(seed, int):
        state = _int64([seed >> 64 * i & _MASK for i in range(size)])
    else:
        given = np.reshape(_int64(seed), -1)[:size]
        state = np.concatenate([np.zeros(size - len(given), np.int64), given])
    return convert_to_tensor(state)


def _state_from_key_counter(key: Any, counter: Any, alg: int) -> Any:
    counter, key = _int64(counter), _int64(key)
    as_shape(counter.shape).assert_is_compatible_with([_counter_size(alg)])
    as_shape(key.shape).assert_is_compatible_with([])
    return np.concatenate([counter, key.reshape(1)])


class Generator:
    """A source of random numbers whose state, a counter and a key, is a variable.

    Args:
      copy_from: a generator to copy.
      state: the state, int64 `[3]` for Philox; a variable is used as it is.
      alg: the algorithm of that state: a name, a number or an `Algorithm`.

    Raises:
      AssertionError: neither a generator nor a state with its algorithm.
      ValueError: a state of another shape.
    """

    def __init__(self, copy_from: Generator | None = None, state: Any = None, alg: Any = None) -> None:
        self._alg: Any
        if copy_from is not None:
            assert (alg or state) is None
            state, self._alg = copy_from.state, copy_from.algorithm
        else:
            assert alg is not None and state is not None
            self._alg = algorithm_number(alg)
            as_shape(np.shape(state) if isinstance(state, list) else state.shape).assert_is_compatible_with(
                [_counter_size(self._alg) + 1])
        if copy_from is None and isinstance(state, Variable):
            self._state_var: Any = state
            return
        value = state if isinstance(state, Variable) else convert_to_tensor(_int64(state))
        make: Any = Variable
        self._state_var = make(value, trainable=False, name="StateVar", dtype=dtypes.int64)

    @classmethod
    def from_state(cls, state: Any, alg: Any) -> Generator:
        """A generator with the given state, int64 `[3]` for Philox."""
        return cls(alg=alg, state=state)

    @classmethod
    def from_seed(cls, seed: Any, alg: Any = None) -> Generator:
        """A generator whose state is made from a seed: an integer of any size, or a vector.

        The algorithm is Philox unless told otherwise.
        """
        alg = entries.PHILOX if alg is None else algorithm_number(alg)
        return cls(state=create_rng_state(seed, alg), alg=alg)

    @classmethod
    def from_non_deterministic_state(cls, alg: Any = None) -> Generator:
        """A generator with a state that nobody can predict."""
        alg = entries.PHILOX if alg is None else algorithm_number(alg)
        return cls(state=non_deterministic_ints([_counter_size(alg) + 1]), alg=alg)

    @classmethod
    def from_key_counter(cls, key: Any, counter: Any, alg: Any) -> Generator:
        """A generator with a key, a scalar, and a counter, a vector `[2]` for Philox.

        Raises:
          ValueError: another shape.
        """
        alg = algorithm_number(alg)
        return cls(state=_state_from_key_counter(key, counter, alg), alg=alg)

    def reset(self, state: Any) -> None:
        """Replaces the state.

        Raises:
          ValueError: a state of another shape.
        """
        state = _int64(state)
        as_shape(state.shape).assert_is_compatible_with([_counter_size(self._alg) + 1])
        self._state_var.assign(state)

    def reset_from_seed(self, seed: Any) -> None:
        """Replaces the state by what a new generator has for this seed."""
        self._state_var.assign(create_rng_state(seed, self._alg))

    def reset_from_key_counter(self, key: Any, counter: Any) -> None:
        """Replaces key and counter.

        Raises:
          ValueError: another shape.
        """
        self._state_var.assign(_state_from_key_counter(key, counter, self._alg))

    @property
    def state(self) -> Any:
        """The variable that holds the state, int64: counter, then key."""
        return self._state_var

    @property
    def algorithm(self) -> Any:
        """The number of the algorithm."""
        return self._alg

    @property
    def key(self) -> Any:
        """The key, an int64 scalar.

        Raises:
          ValueError: the algorithm has none.
        """
        self._check_algorithm()
        return self._state_var.value()[-1]

    def _check_algorithm(self) -> None:
        if self._alg not in _COUNTER_SIZES:
            raise unsupported_algorithm(self._alg)

    def skip(self, delta: Any) -> Any:
        """Moves the state on, as far as `delta` draws of any kind do.

        Returns:
          The state before, int64 `[3]`.
        """
        if isinstance(delta, int):
            steps = convert_to_tensor(_int64(delta))
        else:
            steps = apply(get_op("Cast"), (convert_to_tensor(delta),), {"DstT": dtypes.int64})
        before = self._state_var.read_value()
        update(entries.rng_skip, (self._state_var,), (int(self._alg), steps))
        return before

    def _stream(self, shape: Any) -> tuple[Any, Any, Any]:
        """Key, counter and algorithm for draws of `shape`; the state moves on."""
        if isinstance(shape, Tensor) and not isinstance(shape, EagerTensor):
            before = self.skip(apply(get_op("Prod"), (shape, (0,)), {"keep_dims": False}))
        else:
            before = self.skip(math.prod(np.reshape(shape, -1).tolist()))
        size = _counter_size(self._alg)
        if isinstance(before, EagerTensor):
            words = before._value.view(np.uint64)
            return EagerTensor(words[size:size + 1]), EagerTensor(words[:size]), self._alg
        words = apply(get_op("Bitcast"), (before,), {"type": dtypes.uint64})
        return words[size:size + 1], words[:size], self._alg

    def normal(self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = dtypes.float32,
               name: str | None = None) -> Any:
        """Draws from a normal distribution.

        Args:
          shape: of the draws.
          mean, stddev: broadcast with the draws.
          dtype: float16, bfloat16, float32 or float64.
          name: of the operation.
        """
        return self._normal(entries.normal_v2, shape, mean, stddev, dtype, name)

    def truncated_normal(self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = dtypes.float32,
                         name: str | None = None) -> Any:
        """Draws from a normal distribution, with those beyond two standard deviations drawn again.

        Arguments are those of `normal`.
        """
        return self._normal(entries.truncated_normal_v2, shape, mean, stddev, dtype, name)

    def _normal(self, entry: Any, shape: Any, mean: Any, stddev: Any, dtype: Any, name: str | None) -> Any:
        shape = shape_arg(shape)
        return normal_of(entry, (shape, *self._stream(shape)), {}, dtypes.as_dtype(dtype), mean, stddev, name)

    def uniform(self, shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = dtypes.float32,
                name: str | None = None) -> Any:
        """Draws spread evenly over `[minval, maxval)`.

        Args:
          shape: of the draws.
          minval, maxval: the bounds; floats broadcast with the draws, integers are scalars. `maxval` is 1 for floats
            unless given. With both None, integers of the whole range of `dtype`.
          dtype: float16, bfloat16, float32, float64, int32 or int64; for the whole range also uint32 and uint64.
          name: of the operation.

        Raises:
          ValueError: only one bound of integers.
          InvalidArgumentError: an empty range of integers.
        """
        dtype = dtypes.as_dtype(dtype)
        if dtype.is_integer:
            if (minval is None) != (maxval is None):
                raise ValueError(f"For integer dtype {dtype}, minval and maxval must be both `None` or both "
                                 f"non-`None`; got minval={minval} and maxval={maxval}")
        elif maxval is None:
            maxval = 1
        shape = shape_arg(shape)
        return uniform_of_stream(self._stream(shape), shape, minval, maxval, dtype, name)

    def uniform_full_int(self, shape: Any, dtype: Any = dtypes.uint64, name: str | None = None) -> Any:
        """Draws from the whole range of `dtype`: int32, int64, uint32 or uint64."""
        return self.uniform(shape, None, None, dtype, name)

    def binomial(self, shape: Any, counts: Any, probs: Any, dtype: Any = dtypes.int32, name: str | None = None) -> Any:
        """Draws of the number of successes in `counts` trials.

        Args:
          shape: of the draws; ends with the shape that `counts` and `probs` broadcast to.
          counts: numbers of trials.
          probs: probabilities of success, in the dtype of `counts`.
          dtype: float16, float32, float64, int32 or int64.
          name: of the operation.

        Raises:
          InvalidArgumentError: `shape` does not end with the shape of the parameters.
        """
        counts, probs, shape = convert_to_tensor(counts), convert_to_tensor(probs), shape_arg(shape)
        before = self._state_var.read_value()
        inputs = (before, int(self._alg), shape, counts, probs)
        drawn = apply(entries.binomial_of_state, inputs, typed(entries.binomial_of_state, dtypes.as_dtype(dtype)), name)
        _, both, count = binomial_batch(shape, counts, probs)
        self.skip(math.prod(both) * 200 * (count + 3) // 4)
        return drawn

    def make_seeds(self, count: int = 1) -> Any:
        """Seeds for stateless functions, int64 `[2, count]`: a column each."""
        self._check_algorithm()
        keys = self.uniform_full_int([count], dtypes.int64)
        return apply(get_op("Pack"), (keys, apply(get_op("ZerosLike"), (keys,))), {"axis": 0})

    def split(self, count: int = 1) -> list[Generator]:
        """A list of new generators whose streams are independent of this one's and of each other's."""
        self._check_algorithm()
        keys = self.uniform_full_int([count], dtypes.int64)
        return [type(self).from_key_counter(key, [0] * _counter_size(self._alg), self._alg)
                for key in np.asarray(keys)]


def non_deterministic_ints(shape: Any, dtype: Any = dtypes.int64) -> Any:
    """Integers that nobody can predict, of a shape and an integer dtype of 32 or 64 bits."""
    attrs = typed(entries.non_deterministic_ints, dtypes.as_dtype(dtype))
    return apply(entries.non_deterministic_ints, (shape_arg(shape),), attrs)


def get_global_generator() -> Generator:
    """The generator of the whole program; made with an unpredictable state when it is first asked for."""
    global _global_generator
    if _global_generator is None:
        _global_generator = Generator.from_non_deterministic_state()
    return _global_generator


def set_global_generator(generator: Generator) -> None:
    """Replaces the generator of the whole program."""
    global _global_generator
    _global_generator = generator

