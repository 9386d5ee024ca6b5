"""Entries of the random ops that are functions of a seed, or of a key and a counter, and nothing else."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.opdef import op
from ..core.shape import TensorShape
from . import philox, philox_draws
from . import random_draws as draws
from .common import shape_text, unchanged
from .creation import known_shape
from .gamma_gradient import alpha_gradient
from .philox import Array
from .random import samples_shape

PHILOX, THREEFRY, AUTO_SELECT = 1, 2, 3

_SEED = "Tseed: {int32, int64} = int64"
_LOGITS = "float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64"


def _shape(op: Any) -> TensorShape:
    return known_shape(op.inputs[0])


def key_and_counter(xp: Any, seed: Array) -> tuple[Array, Array]:
    """The key (uint64, `[1]`) and counter (uint64, `[2]`) of a seed.

    Raises:
      InvalidArgumentError: the seed is not of shape [2].
    """
    if seed.shape != (2,):
        raise errors.InvalidArgumentError(f"seed must have shape [2], not {shape_text(seed.shape)}")
    return philox.scramble(xp, seed)


def check_stream(key: Array, counter: Array, alg: Any) -> None:
    """Checks the inputs that name a stream.

    Raises:
      InvalidArgumentError: a wrong shape, or an algorithm other than Philox.
    """
    alg = int(alg)
    alg = PHILOX if alg == AUTO_SELECT else alg
    if key.shape != (1,):
        raise errors.InvalidArgumentError(f"key must have shape [1], not {shape_text(key.shape)}. (Note that batched "
                                          "keys are not supported yet.)")
    if counter.ndim != 1 or counter.shape[0] < alg:
        raise errors.InvalidArgumentError(f"counter must be a vector with length at least {alg}; got shape: "
                                          f"{shape_text(counter.shape)}. (Note that batched counters are not supported "
                                          "yet.)")
    if alg != PHILOX:
        raise errors.InvalidArgumentError(f"Unsupported algorithm id: {alg}")


@op("StatelessRandomGetKeyCounter", "seed: Tseed -> key: uint64, counter: uint64", attrs=_SEED,
    infer=lambda _: [(TensorShape([1]), dtypes.uint64), (TensorShape([2]), dtypes.uint64)])
def get_key_counter(xp: Any, seed: Array) -> Any:
    return key_and_counter(xp, seed)


@op("StatelessRandomGetKeyCounterAlg", "seed: Tseed -> key: uint64, counter: uint64, alg: int32", attrs=_SEED,
    infer=lambda _: [(TensorShape([1]), dtypes.uint64), (TensorShape([2]), dtypes.uint64),
                     (TensorShape([]), dtypes.int32)])
def get_key_counter_alg(xp: Any, seed: Array) -> Any:
    return (*key_and_counter(xp, seed), np.array(PHILOX, np.int32))


@op("StatelessRandomGetAlg", " -> alg: int32", stateful=True, infer=lambda _: TensorShape([]))
def get_alg(xp: Any) -> Any:
    return np.array(PHILOX, np.int32)


def _of_stream(draw: Any) -> Any:
    """The kernel of an op with the inputs `shape, key, counter, alg` and more."""
    def kernel(xp: Any, shape: Any, key: Array, counter: Array, alg: Any, *inputs: Any, **attrs: Any) -> Any:
        check_stream(key, counter, alg)
        return draw(xp, key, counter, shape, *inputs, **attrs)
    return kernel


def _of_seed(draw: Any) -> Any:
    """The kernel of an op with the inputs `shape, seed` and more."""
    def kernel(xp: Any, shape: Any, seed: Array, *inputs: Any, **attrs: Any) -> Any:
        key, counter = key_and_counter(xp, seed)
        return draw(xp, key, counter, shape, *inputs, **attrs)
    return kernel


def with_dtype(draw: Any, default: dtypes.DType | None) -> Any:
    """`draw` where the attribute `dtype` has a default."""
    if default is None:
        return draw

    def filled(*args: Any, dtype: dtypes.DType = default) -> Any:
        return draw(*args, dtype)
    return filled


def _pair(type: str, inputs: str, types: str, default: dtypes.DType | None, draw: Any,
          more: str = "") -> tuple[Any, Any]:
    """An op in its two versions: from a seed, and from key and counter under the name with V2, which has more types."""
    draw = with_dtype(draw, default)
    old, new = (
        op(type + version, f"shape: {t} static, {source}{inputs} -> output: dtype",
           attrs=f"dtype: {listed}; {t}: {{int32, int64}} = int32{extra}", infer=_shape)(kernel).not_differentiable()
        for version, t, source, extra, listed, kernel in (
            ("", "T", "seed: Tseed", f"; {_SEED}", types, _of_seed(draw)),
            ("V2", "Tshape", "key: uint64, counter: uint64, alg: int32 static", "", more or types, _of_stream(draw))))
    return old, new


_FLOATS = "{half, bfloat16, float, double} = float"

uniform_v1, uniform_v2 = _pair("StatelessRandomUniform", "", _FLOATS, dtypes.float32, draws.uniform)
normal_v1, normal_v2 = _pair("StatelessRandomNormal", "", _FLOATS, dtypes.float32, draws.normal)
truncated_normal_v1, truncated_normal_v2 = _pair("StatelessTruncatedNormal", "", _FLOATS, dtypes.float32,
                                                 draws.truncated_normal)
full_int_v1, full_int_v2 = _pair("StatelessRandomUniformFullInt", "", "{int32, int64, uint32, uint64} = uint64",
                                 dtypes.uint64, draws.full_int)
uniform_int_v1, uniform_int_v2 = _pair("StatelessRandomUniformInt", ", minval: dtype, maxval: dtype", "{int32, int64}",
                                       None, draws.uniform_int, "{int32, int64, uint32, uint64}")


@op("StatelessShuffle", "value: T, key: uint64, counter: uint64, alg: int32 static -> output: T", attrs="T: type",
    infer=unchanged)
def shuffle(xp: Any, value: Array, key: Array, counter: Array, alg: Any) -> Any:
    check_stream(key, counter, alg)
    return draws.shuffle(xp, key, counter, value)


shuffle.not_differentiable()


@op("StatelessMultinomial", "logits: T, num_samples: int32 static, seed: Tseed -> output: output_dtype",
    attrs=f"T: {{{_LOGITS}}}; {_SEED}; output_dtype: {{int32, int64}} = int64", infer=samples_shape)
def multinomial(xp: Any, logits: Array, num_samples: Any, seed: Array, output_dtype: Any = dtypes.int64) -> Any:
    return draws.categorical(xp, *key_and_counter(xp, seed), logits, num_samples, output_dtype)


multinomial.not_differentiable()

_COUNTS = "half, float, double, int32, int64"

poisson = op("StatelessRandomPoisson", "shape: T static, seed: Tseed, lam: Rtype -> output: dtype",
             attrs=f"Rtype: {{{_COUNTS}}}; dtype: {{{_COUNTS}}}; T: {{int32, int64}}; {_SEED}", infer=_shape,
             host=True)(_of_seed(draws.poisson)).not_differentiable()

binomial = op("StatelessRandomBinomial", "shape: S static, seed: Tseed, counts: T, probs: T -> output: dtype",
              attrs=f"S: {{int32, int64}}; {_SEED}; T: {{{_COUNTS}}} = double; dtype: {{{_COUNTS}}} = int64",
              infer=_shape, host=True)(_of_seed(with_dtype(draws.binomial, dtypes.int64))).not_differentiable()

gamma_v2 = op("StatelessRandomGammaV2", "shape: T static, seed: Tseed, alpha: dtype -> output: dtype",
              attrs=f"dtype: {{half, float, double}}; T: {{int32, int64}}; {_SEED}", infer=_shape,
              host=True)(_of_seed(draws.gamma))
gamma_v2.vjp(2)(lambda op, dy: alpha_gradient(op, 2, dy))

gamma_v3 = op(
    "StatelessRandomGammaV3",
    "shape: shape_dtype static, key: uint64, counter: uint64, alg: int32 static, alpha: dtype -> output: dtype",
    attrs="dtype: {half, float, double}; shape_dtype: {int32, int64} = int32", infer=_shape,
    host=True)(_of_stream(draws.gamma))
gamma_v3.vjp(4)(lambda op, dy: alpha_gradient(op, 4, dy))


parameterized_truncated_normal = op(
    "StatelessParameterizedTruncatedNormal",
    "shape: S static, seed: Tseed, means: dtype, stddevs: dtype, minvals: dtype, maxvals: dtype -> output: dtype",
    attrs=f"S: {{int32, int64}}; {_SEED}; dtype: {{half, float, double}}", infer=_shape,
    host=True)(_of_seed(draws.bounded_normal)).not_differentiable()


def _places_shape(op: Any) -> TensorShape:
    """The shape rule of `RandomIndexShuffle`: a vector where one of the inputs has a batch."""
    shapes = [x.shape for x in op.inputs]
    if any(s.rank is None for s in shapes):
        return TensorShape(None)
    sizes = [s[0] for s, batched in zip(shapes, (1, 2, 1), strict=True) if s.rank == batched]
    return TensorShape(sizes[:1])


@op("RandomIndexShuffle", "index: dtype, seed: Tseed, max_index: dtype -> output: dtype",
    attrs="rounds: int = 4; dtype: {int32, uint32, int64, uint64}; Tseed: {int32, uint32, int64, uint64}",
    infer=_places_shape, host=True)
def index_shuffle(xp: Any, index: Array, seed: Array, max_index: Array, rounds: int = 4) -> Any:
    count = max(index.size, max_index.size, seed.size // 3)
    if index.shape not in ((), (count,)):
        raise errors.InvalidArgumentError("Index bust be a scalar or vector.")
    if seed.shape not in ((3,), (count, 3)):
        raise errors.InvalidArgumentError(f"Seed must be a vector of size [3] or a matrix of size [{count}, 3] but got "
                                          f"{shape_text(seed.shape)}.")
    if max_index.shape not in ((), (count,)):
        raise errors.InvalidArgumentError("Maxval must be a scalar or a vector of the same size as index but got "
                                          f"{shape_text(max_index.shape)}")
    places, largest = np.broadcast_to(index, count), np.broadcast_to(max_index, count)
    keys = np.broadcast_to(seed, (count, 3)).astype(np.int64) & 0xFFFFFFFF
    for i, m in zip(places[(places < 0) | (largest < places)], largest[(places < 0) | (largest < places)], strict=True):
        raise errors.InvalidArgumentError(f"index must be >= 0 but was {i}" if i < 0 else
                                          f"max_index must be >= index, but {m} < {i}")
    out = np.empty(count, index.dtype)
    if seed.ndim == 1 and max_index.ndim == 0:
        out[:] = philox_draws.index_shuffle(places.astype(np.uint64), _key(keys[0]), int(max_index), rounds)
    else:
        for i in range(count):
            place = places[i:i + 1].astype(np.uint64)
            out[i] = philox_draws.index_shuffle(place, _key(keys[i]), int(largest[i]), rounds)[0]
    return out.reshape(()) if not index.ndim and seed.ndim == 1 and not max_index.ndim else out


def _key(seed: Array) -> tuple[int, int, int]:
    a, b, c = seed.tolist()
    return a, b, c


index_shuffle.not_differentiable()


def check_state(state: Array, alg: int) -> None:
    """Checks the state of a generator.

    Raises:
      UnimplementedError, InvalidArgumentError: an algorithm other than Philox.
      InvalidArgumentError: a state of another shape.
    """
    if alg == THREEFRY:
        raise errors.UnimplementedError("Non-XLA devices don't support the ThreeFry algorithm.")
    if alg not in (PHILOX, AUTO_SELECT):
        raise errors.InvalidArgumentError(f"Unsupported algorithm id: {alg}")
    if state.ndim != 1:
        raise errors.InvalidArgumentError(f"RNG state must have one and only one dimension, not {state.ndim}")
    if state.shape[0] < 3:
        raise errors.InvalidArgumentError("For the Philox algorithm, the size of state must be at least 3; got "
                                          f"{state.shape[0]}")


@op("RngSkip", "resource: resource, algorithm: int64 static, delta: int64", stateful=True)
def rng_skip(xp: Any, state: Array, algorithm: Any, delta: Array) -> Any:
    """The state of a generator (counter, then key, int64 `[3]`), moved on by `delta` outputs."""
    check_state(state, int(algorithm))
    words = state.view(np.uint64)
    blocks = xp.asarray(delta).astype(np.uint64).reshape(1) * np.uint64(draws.STRETCH)
    # TensorFlow adds 32 bits at a time and forgets a carry into the upper half of `blocks` where that has no room.
    half, mask = np.uint64(32), np.uint64(0xFFFFFFFF)
    carry = ((words[:1] & mask) + (blocks & mask)) >> half
    carry = ((words[:1] >> half) + ((blocks >> half) + carry & mask)) >> half
    return xp.concatenate([words[:1] + blocks, words[1:2] + carry, words[2:]]).view(np.int64)


rng_skip.not_differentiable()


@op("StatefulRandomBinomial",
    "state: int64, algorithm: int64 static, shape: S static, counts: T, probs: T -> output: dtype",
    attrs=f"S: {{int32, int64}}; T: {{{_COUNTS}}} = double; dtype: {{{_COUNTS}}} = int64",
    infer=lambda op: known_shape(op.inputs[2]), stateful=True, host=True)
def binomial_of_state(xp: Any, state: Array, algorithm: Any, shape: Any, counts: Array, probs: Array,
                      dtype: Any = dtypes.int64) -> Any:
    """Draws from the state of a generator (int64 `[3]`, as read); the caller moves the state on."""
    if int(algorithm) != PHILOX:
        raise errors.InvalidArgumentError(f"Unsupported algorithm id: {int(algorithm)}")
    words = state.view(np.uint64)
    return draws.binomial(xp, words[2:3], words[:2], shape, counts, probs, dtype)


binomial_of_state.not_differentiable()


@op("NonDeterministicInts", "shape: shape_dtype static -> output: dtype",
    attrs="dtype: {int32, uint32, int64, uint64} = int64; shape_dtype: type = int64", infer=_shape, stateful=True,
    host=True)
def non_deterministic_ints(xp: Any, shape: Any, dtype: Any = dtypes.int64) -> Any:
    sizes = draws.dims(shape)
    return np.random.default_rng().integers(0, 2**64, sizes, np.uint64).astype(dtype.np)


non_deterministic_ints.not_differentiable()
