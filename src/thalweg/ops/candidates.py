"""Samplers of candidate classes, for losses that look at a few of very many classes (Jean et al. 2015).

They draw from the Philox stream of their seeds as TensorFlow does, so that the same seeds give the same candidates.
"""
from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape
from . import philox
from .random_state import get_seed, place, reserve, restarting

Array = Any
_BLOCKS_PER_SAMPLE = 512
"""How far the stream moves on for each candidate, whatever was used of it."""


class Words:
    """The words of a stream, one after another."""

    def __init__(self, key: Array, counter: Array) -> None:
        self._key, self._counter = key, counter
        self._words = np.empty(0, np.uint32)
        self._at = 0
        self._blocks = 0

    def take(self, count: int) -> Array:
        """The next words."""
        missing = self._at + count - self._words.size
        if missing > 0:
            more = max(-(-missing // 4), 256)
            start = philox.skipped(self._counter, self._blocks)
            self._words = np.concatenate([self._words[self._at:], philox.blocks(np, self._key, start, more).reshape(-1)])
            self._at = 0
            self._blocks += more
        self._at += count
        return self._words[self._at - count:self._at]

    def give_back(self, count: int) -> None:
        """Takes the last words back."""
        self._at -= count


def _rejected(words: Array, n: int) -> Array:
    """Which words would favour small remainders by `n`; none where `n` is a power of two."""
    if n & (n - 1) == 0:
        return np.zeros(words.shape, bool)
    top = np.iinfo(words.dtype).max
    return words < words.dtype.type(top % n + 1)


def below(words: Words, n: int, count: int) -> Array:
    """`count` integers below `n`, a word each."""
    found = words.take(count)
    bad = _rejected(found, n)
    while bad.any():
        found = np.concatenate([found[~bad], words.take(int(bad.sum()))])
        bad = _rejected(found, n)
    return (found % np.uint32(n)).astype(np.int64)


def uniform_words(words: Words, count: int, range_max: int) -> Array:
    """At most `count` integers below `range_max`, two words each; some may be rejected."""
    found = words.take(2 * count).reshape(-1, 2).astype(np.uint64)
    wide = found[:, 0] | found[:, 1] << np.uint64(32)
    kept = wide[~_rejected(wide, range_max)]
    return (kept % np.uint64(range_max)).astype(np.int64)


def _log_uniform(words: Words, count: int, range_max: int) -> Array:
    u = philox.unit_doubles(np, words.take(2 * count))
    return (np.exp(u * np.log1p(float(range_max))).astype(np.int64) - 1) % range_max


def _picked(draw: Callable[[int], Array], count: int, unique: bool) -> tuple[Array, int]:
    """Candidates, and how many draws they took: each at most once if `unique`."""
    values = draw(count)
    while values.size < count:
        values = np.concatenate([values, draw(count)])
    if not unique:
        return values[:count], count
    while True:
        _, first = np.unique(values, return_index=True)
        if first.size >= count:
            first = np.sort(first)[:count]
            return values[first], int(first[-1]) + 1
        values = np.concatenate([values, draw(max(count, values.size))])


def _expected(probability: Array, count: int, tries: int) -> Array:
    """How often a class of this probability is expected among `count` candidates that took `tries` draws."""
    p = np.asarray(probability, np.float32)
    if tries == count:
        return (p * np.float32(count)).astype(np.float32)
    return (-np.expm1(tries * np.log1p(-p.astype(np.float64)))).astype(np.float32)


def _check(true_classes: Array, num_true: int, num_sampled: int, unique: bool, range_max: int) -> None:
    if true_classes.ndim != 2:
        raise errors.InvalidArgumentError("true_classes must be a matrix")
    if true_classes.shape[1] != num_true:
        raise errors.InvalidArgumentError(f"true_classes must have num_true columns, expected: {true_classes.shape[1]} was: "
                                          f"{num_true}")
    if unique and num_sampled > range_max:
        raise errors.InvalidArgumentError("Sampler's range is too small.")
    outside = true_classes[(true_classes < 0) | (true_classes >= range_max)]
    if outside.size:
        raise errors.InvalidArgumentError(f"`true_candidate` out of range [0, {range_max}), received {outside[0]}")


def _shape(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    count = int(op.attrs["num_sampled"])
    rows = op.inputs[0].shape[0] if op.inputs[0].shape.rank == 2 else None
    return [(TensorShape([count]), dtypes.int64), (TensorShape([rows, int(op.attrs["num_true"])]), dtypes.float32),
            (TensorShape([count]), dtypes.float32)]


_OUTPUTS = "true_classes: int64 -> sampled_candidates: int64, true_expected_count: float, sampled_expected_count: float"
_COUNTS = "num_true: int; num_sampled: int; unique: bool"
_SEEDS = "seed: int = 0; seed2: int = 0"
Sampler = Callable[[Words, int], Array]


def _sample(type: str, true_classes: Array, num_true: int, num_sampled: int, unique: bool, range_max: int, seed: int,
            seed2: int, sampler: Sampler, probability: Callable[[Array], Array], more: Hashable = None) -> tuple[Array, ...]:
    _check(true_classes, num_true, num_sampled, unique, range_max)
    stream = Words(*reserve((type, num_true, num_sampled, unique, range_max, more), seed, seed2,
                             _BLOCKS_PER_SAMPLE * num_sampled))
    candidates, tries = _picked(lambda count: sampler(stream, count), num_sampled, unique)
    return (candidates, _expected(probability(true_classes), num_sampled, tries),
            _expected(probability(candidates), num_sampled, tries))


@op("UniformCandidateSampler", _OUTPUTS, attrs=f"{_COUNTS}; range_max: int; {_SEEDS}", infer=_shape, stateful=True, host=True)
def uniform_sampler(xp: Any, true_classes: Array, num_true: int, num_sampled: int, unique: bool, range_max: int,
                    seed: int = 0, seed2: int = 0) -> tuple[Array, ...]:
    return _sample("UniformCandidateSampler", true_classes, num_true, num_sampled, unique, range_max, seed, seed2,
                   lambda words, count: uniform_words(words, count, range_max), lambda c: np.full(c.shape, 1.0 / range_max))


@op("LogUniformCandidateSampler", _OUTPUTS, attrs=f"{_COUNTS}; range_max: int; {_SEEDS}", infer=_shape, stateful=True,
    host=True)
def log_uniform_sampler(xp: Any, true_classes: Array, num_true: int, num_sampled: int, unique: bool, range_max: int,
                        seed: int = 0, seed2: int = 0) -> tuple[Array, ...]:
    return _sample("LogUniformCandidateSampler", true_classes, num_true, num_sampled, unique, range_max, seed, seed2,
                   lambda words, count: _log_uniform(words, count, range_max),
                   lambda c: np.log((c + 2.0) / (c + 1.0)) / np.log1p(float(range_max)))


_eager_weights: dict[Hashable, Array] = restarting({})
_graph_weights: WeakKeyDictionary[Any, dict[Hashable, Array]] = WeakKeyDictionary()


def _learned(kind: Hashable, range_max: int) -> Array:
    """How often an op has seen each class as a true one, plus one: kept for it as its counter is."""
    table, path = place()
    held = _eager_weights if table is None else _graph_weights.setdefault(table, {})
    key = kind if table is None else path
    if key not in held:
        held[key] = np.ones(range_max, np.int64)
    return held[key]


def _learning(type: str) -> OpDef:
    """TensorFlow has a version that guards what is learned against other threads, and one that does not."""
    @op(type, _OUTPUTS, attrs=f"{_COUNTS}; range_max: int; {_SEEDS}", infer=_shape, stateful=True, host=True)
    def sampler(xp: Any, true_classes: Array, num_true: int, num_sampled: int, unique: bool, range_max: int,
                seed: int = 0, seed2: int = 0) -> tuple[Array, ...]:
        weights = _learned((type, num_true, num_sampled, unique, range_max, seed, seed2), range_max)
        ends = np.cumsum(weights)
        total = int(ends[-1])

        def draw(words: Words, count: int) -> Array:
            return np.searchsorted(ends, below(words, total, count), "right")
        out = _sample(type, true_classes, num_true, num_sampled, unique, range_max, seed, seed2, draw,
                      lambda c: weights[c] / total)
        np.add.at(weights, true_classes.reshape(-1), 1)
        return out
    return sampler


learned_unigram_sampler = _learning("LearnedUnigramCandidateSampler")
thread_unsafe_unigram_sampler = _learning("ThreadUnsafeUnigramCandidateSampler")


class _Alias:
    """Draws from a distribution by two uniform numbers (Vose 1991)."""

    def __init__(self, weights: Array) -> None:
        n = weights.size
        shares = weights.astype(np.float64) * n / weights.astype(np.float64).sum()
        self.other = np.full(n, -1)
        low = [i for i in range(n) if shares[i] < 1.0]
        high = [i for i in range(n) if shares[i] >= 1.0]
        while low and high:
            small, large = low.pop(), high.pop()
            self.other[small] = large
            shares[large] -= 1.0 - shares[small]
            (low if shares[large] < 1.0 else high).append(large)
        for i in low + high:  # what rounding has left over is whole
            shares[i], self.other[i] = 1.0, i
        self.share = shares.astype(np.float32)

    def draw(self, words: Words, count: int) -> Array:
        """`count` indices: a word for the share of a place, then a word for the place."""
        n = self.share.size
        pairs = words.take(2 * count).reshape(-1, 2)
        bad = np.flatnonzero(_rejected(pairs[:, 1], n))
        if bad.size:
            # The place takes a further word here, and all later pairs move on by one.
            words.give_back(2 * (count - int(bad[0])) - 1)
            place = below(words, n, 1)
            r = np.append(pairs[:bad[0], 0], pairs[bad[0], 0])
            at = np.append((pairs[:bad[0], 1] % np.uint32(n)).astype(np.int64), place)
        else:
            r, at = pairs[:, 0], (pairs[:, 1] % np.uint32(n)).astype(np.int64)
        return np.where(philox.unit_floats(np, r) < self.share[at], at, self.other[at])


@op("FixedUnigramCandidateSampler", _OUTPUTS,
    attrs=f"{_COUNTS}; range_max: int; vocab_file: string = ''; distortion: float = 1.0; num_reserved_ids: int = 0; "
          f"num_shards: int = 1; shard: int = 0; unigrams: list(float) = []; {_SEEDS}", infer=_shape, stateful=True, host=True)
def fixed_unigram_sampler(xp: Any, true_classes: Array, num_true: int, num_sampled: int, unique: bool, range_max: int,
                          vocab_file: str = "", distortion: float = 1.0, num_reserved_ids: int = 0, num_shards: int = 1,
                          shard: int = 0, unigrams: Any = (), seed: int = 0, seed2: int = 0) -> tuple[Array, ...]:
    if bool(vocab_file) == bool(len(unigrams)):
        raise errors.InvalidArgumentError("Must provide exactly one of vocab_file and unigrams.")
    counts = np.asarray(unigrams, np.float32) if not vocab_file else _vocabulary(vocab_file)
    weights = np.concatenate([np.zeros(num_reserved_ids, np.float32),
                              np.power(counts, np.float32(distortion), dtype=np.float32)])
    weights = weights[shard::num_shards]
    if weights.size != range_max:
        raise errors.InvalidArgumentError(f"range is {range_max} must be equal to weights size  {weights.size}")
    total = float(weights.astype(np.float64).sum())
    alias = _Alias(weights)

    def probability(c: Array) -> Array:
        known = (c >= 0) & (c < weights.size)
        return np.where(known, weights[np.where(known, c, 0)] / total, 0.0)
    more = (vocab_file, distortion, num_reserved_ids, num_shards, shard, tuple(unigrams))
    return _sample("FixedUnigramCandidateSampler", true_classes, num_true, num_sampled, unique, range_max, seed, seed2,
                   alias.draw, probability, more)


def _vocabulary(path: str) -> Array:
    """The counts in the last column of a file of comma-separated lines."""
    try:
        with open(path, encoding="utf-8") as lines:
            return np.array([float(line.rsplit(",", 1)[1]) for line in lines if line.strip()], np.float32)
    except FileNotFoundError:
        raise errors.NotFoundError(f"{path}; No such file or directory") from None


@op("AllCandidateSampler", _OUTPUTS, attrs=f"{_COUNTS}; {_SEEDS}", infer=_shape, stateful=True, host=True)
def all_sampler(xp: Any, true_classes: Array, num_true: int, num_sampled: int, unique: bool, seed: int = 0,
                seed2: int = 0) -> tuple[Array, ...]:
    _check(true_classes, num_true, num_sampled, unique, num_sampled)
    return (np.arange(num_sampled), np.ones(true_classes.shape, np.float32), np.ones(num_sampled, np.float32))


def _hits_shape(op: Any) -> list[tuple[TensorShape, dtypes.DType]]:
    return [(TensorShape([None]), kind) for kind in (dtypes.int32, dtypes.int64, dtypes.float32)]


@op("ComputeAccidentalHits",
    "true_classes: int64, sampled_candidates: int64 -> indices: int32, ids: int64, weights: float",
    attrs=f"num_true: int; {_SEEDS}", infer=_hits_shape, dynamic=True)
def accidental_hits(xp: Any, true_classes: Array, sampled: Array, num_true: int, seed: int = 0,
                    seed2: int = 0) -> tuple[Array, ...]:
    if true_classes.ndim != 2 or true_classes.shape[1] != num_true:
        raise errors.InvalidArgumentError("true_classes must be a batch_size * num_true matrix")
    if sampled.ndim != 1:
        raise errors.InvalidArgumentError("sampled_candidates must be a vector, which is typically an output from "
                                          "CandidateSampler")
    backwards = sampled[::-1]  # of candidates that are equal, the last one counts
    values, first = np.unique(backwards, return_index=True)
    flat = true_classes.reshape(-1)
    at = np.minimum(np.searchsorted(values, flat), max(values.size - 1, 0))
    hit = values[at] == flat if values.size else np.zeros(flat.shape, bool)
    rows = np.flatnonzero(hit) // max(num_true, 1)
    ids = sampled.size - 1 - first[at[hit]] if values.size else np.empty(0)
    return (rows.astype(np.int32), ids.astype(np.int64), np.full(rows.shape, -np.finfo(np.float32).max, np.float32))


for _entry in (uniform_sampler, log_uniform_sampler, learned_unigram_sampler, thread_unsafe_unigram_sampler,
               fixed_unigram_sampler, all_sampler, accidental_hits):
    _entry.not_differentiable()


def _run(entry: OpDef, true_classes: Any, attrs: dict[str, Any], seed: int | None, name: str | None) -> Any:
    seed1, seed2 = get_seed(seed)
    return apply(entry, (convert_to_tensor(true_classes, dtypes.int64),), {**attrs, "seed": seed1, "seed2": seed2}, name)


def uniform_candidate_sampler(true_classes: Any, num_true: int, num_sampled: int, unique: bool, range_max: int,
                              seed: int | None = None, name: str | None = None) -> Any:
    """Draws candidate classes evenly from `[0, range_max)`.

    Args:
      true_classes: the right classes of each row, int64 `[batch, num_true]`.
      num_true: how many there are.
      num_sampled: how many candidates to draw.
      unique: whether each is drawn at most once.
      range_max: how many classes there are.
      seed: an integer; see `tf.random.set_seed`.
      name: of the operation.

    Returns:
      The candidates, int64 `[num_sampled]`; how often each true class is expected among them, `[batch, num_true]`; and
      how often each candidate is.

    Raises:
      InvalidArgumentError: shapes that do not fit, or more unique candidates than classes.
    """
    return _run(uniform_sampler, true_classes, {"num_true": num_true, "num_sampled": num_sampled, "unique": unique,
                                                "range_max": range_max}, seed, name)


def log_uniform_candidate_sampler(true_classes: Any, num_true: int, num_sampled: int, unique: bool, range_max: int,
                                  seed: int | None = None, name: str | None = None) -> Any:
    """Draws candidates by Zipf's law: class c has the probability `log((c + 2) / (c + 1)) / log(range_max + 1)`.

    Arguments, results and errors as `uniform_candidate_sampler`.
    """
    return _run(log_uniform_sampler, true_classes, {"num_true": num_true, "num_sampled": num_sampled, "unique": unique,
                                                    "range_max": range_max}, seed, name)


def learned_unigram_candidate_sampler(true_classes: Any, num_true: int, num_sampled: int, unique: bool, range_max: int,
                                      seed: int | None = None, name: str | None = None) -> Any:
    """Draws candidates by how often they were true classes of earlier calls.

    Arguments, results and errors as `uniform_candidate_sampler`; ValueError for more classes than int32 counts.
    """
    if range_max > 2147483647:
        raise ValueError(f"Value of range_max:{range_max} is too large to handle")
    return _run(learned_unigram_sampler, true_classes, {"num_true": num_true, "num_sampled": num_sampled, "unique": unique,
                                                        "range_max": range_max}, seed, name)


def fixed_unigram_candidate_sampler(true_classes: Any, num_true: int, num_sampled: int, unique: bool, range_max: int,
                                    vocab_file: str = "", distortion: float = 1.0, num_reserved_ids: int = 0,
                                    num_shards: int = 1, shard: int = 0, unigrams: Any = (), seed: int | None = None,
                                    name: str | None = None) -> Any:
    """Draws candidates by given counts.

    Args:
      vocab_file: a file whose lines end with a comma and a count, one a class.
      distortion: the power that the counts are raised to.
      num_reserved_ids: so many classes come before those that are counted, and are never drawn.
      num_shards, shard: take every `num_shards`th count alone, from number `shard` on; `range_max` is their number.
      unigrams: the counts, in place of a file.
      others: as `uniform_candidate_sampler`.

    Returns:
      As `uniform_candidate_sampler`.

    Raises:
      InvalidArgumentError: both counts and a file, or neither, or another number of counts than classes.
    """
    attrs = {"num_true": num_true, "num_sampled": num_sampled, "unique": unique, "range_max": range_max,
             "vocab_file": vocab_file, "distortion": distortion, "num_reserved_ids": num_reserved_ids,
             "num_shards": num_shards, "shard": shard, "unigrams": [float(u) for u in unigrams]}
    return _run(fixed_unigram_sampler, true_classes, attrs, seed, name)


def all_candidate_sampler(true_classes: Any, num_true: int, num_sampled: int, unique: bool, seed: int | None = None,
                          name: str | None = None) -> Any:
    """All classes as candidates, for tests and comparisons; arguments, results and errors as `uniform_candidate_sampler`."""
    return _run(all_sampler, true_classes, {"num_true": num_true, "num_sampled": num_sampled, "unique": unique}, seed, name)


def compute_accidental_hits(true_classes: Any, sampled_candidates: Any, num_true: int, seed: int | None = None,
                            name: str | None = None) -> Any:
    """Where candidates are true classes.

    Args:
      true_classes: int64 `[batch, num_true]`.
      sampled_candidates: int64 `[num_sampled]`.
      num_true: how many true classes a row has.
      seed, name: as `uniform_candidate_sampler`.

    Returns:
      For each hit the row (int32), the place of the candidate (int64), and the smallest float32, a weight to add to the
      logits.

    Raises:
      InvalidArgumentError: shapes that do not fit.
    """
    seed1, seed2 = get_seed(seed)
    inputs = (convert_to_tensor(true_classes, dtypes.int64), convert_to_tensor(sampled_candidates, dtypes.int64))
    return apply(accidental_hits, inputs, {"num_true": num_true, "seed": seed1, "seed2": seed2}, name)
