"""Elements drawn again, so that their classes have a wanted distribution."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import thalweg as tf

from .dataset import Dataset

_BATCH = 32
"""So many classes are looked at before the estimate of their distribution changes."""
_PRIOR = 10
"""How often each class counts as seen before any element was."""


def _acceptance(initial: Any, target: Any) -> tuple[Any, Any]:
    """How likely an element of each class is accepted, and what share of the results comes without any test.

    With the ratios `r = target / initial`: what the least of them leaves over is drawn by rejection.
    """
    ratio = target / (initial + np.finfo(np.float32).tiny)
    most, least = tf.reduce_max(ratio), tf.reduce_min(ratio)
    return (ratio - least) / (most - least), least


def rejection_resample(dataset: Dataset, class_func: Callable[..., Any], target_dist: Any, initial_dist: Any,
                       seed: Any) -> Dataset:
    """Pairs of class and element, resampled."""
    target = tf.cast(tf.convert_to_tensor(target_dist), tf.float32)
    share_known = None
    if initial_dist is not None:
        initial = tf.cast(tf.convert_to_tensor(initial_dist), tf.float32)
        accept, share = _acceptance(initial, target)
        initials = Dataset.from_tensors(initial).repeat()
        accepts, shares = Dataset.from_tensors(accept).repeat(), Dataset.from_tensors(share).repeat()
        a, b = tf.get_static_value(initial), tf.get_static_value(target)
        share_known = None if a is None or b is None else np.min(b / a)
    else:
        initials = _estimates(target, dataset.map(class_func))
        both = initials.map(lambda p: _acceptance(p, target))
        accepts, shares = both.map(lambda a, _: a), both.map(lambda _, s: s)
    filtered = _filtered(dataset, accepts, initials, class_func, seed).prefetch(3)

    def with_class(*x: Any) -> Any:
        return class_func(*x), x[0] if len(x) == 1 else x
    if share_known == 1:
        return dataset.map(with_class)
    if share_known == 0:
        return filtered
    return Dataset.sample_from_datasets([dataset.map(with_class), filtered], weights=shares.map(lambda p: [(p, 1.0 - p)]),
                                        seed=seed, stop_on_empty_dataset=True)


def _estimates(target: Any, classes: Dataset) -> Dataset:
    """The distribution of classes as it is known before each element."""
    count = target.shape[0]

    def update(seen: Any, batch: Any) -> Any:
        seen += tf.reduce_sum(tf.one_hot(batch, count, dtype=tf.int64), 0)
        dist = tf.cast(seen / tf.reduce_sum(seen), tf.float32)
        return seen, tf.tile(tf.expand_dims(dist, 0), [_BATCH, 1])
    return classes.batch(_BATCH).scan(tf.fill([count], np.int64(_PRIOR)), update).unbatch()


def _filtered(dataset: Dataset, accepts: Dataset, initials: Dataset, class_func: Callable[..., Any], seed: Any) -> Dataset:
    """The elements that pass a test of chance, with their classes."""
    def labelled(accept: Any, data: Any) -> Any:
        label = class_func(*data) if isinstance(data, tuple) else class_func(data)
        return label, tf.gather(accept, label), data
    chances = Dataset.zip((accepts, initials)).map(lambda accept, _: accept)
    drawn = Dataset.zip((chances, dataset)).map(labelled)
    kept = drawn.filter(lambda _, chance, __: tf.random.uniform([], seed=seed, dtype=tf.float32) < chance)
    return kept.map(lambda label, _, data: (label, data))
