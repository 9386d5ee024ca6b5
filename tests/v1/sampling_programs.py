"""Programs with sampled classes: candidates in sessions, and the losses that use them."""
from __future__ import annotations

from typing import Any

import numpy as np

from .programs import Build, Program

_LABELS = np.array([[1], [5], [2]], np.int64)


def candidates(tf: Any) -> Program:
    tf.set_random_seed(11)
    labels = tf.constant(_LABELS)
    a = tf.nn.log_uniform_candidate_sampler(labels, 1, 6, True, 50, seed=3)
    b = tf.nn.uniform_candidate_sampler(labels, 1, 6, False, 50, seed=3)
    c = tf.nn.learned_unigram_candidate_sampler(labels, 1, 4, True, 8, seed=5)
    again = tf.nn.uniform_candidate_sampler(labels, 1, 6, False, 50, seed=3)
    return Program([tf.identity(t, name="candidates") for s in (a, b, c, again) for t in s], step=tf.group(a[0], b[0], c[0]))


def word_vectors(tf: Any) -> Program:
    tf.set_random_seed(11)
    words, labels = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None, 1])
    table = tf.Variable(tf.random_uniform([8, 4], -1.0, 1.0), name="table")
    weights, biases = tf.get_variable("weights", [8, 4]), tf.get_variable("biases", [8])
    rows = tf.nn.embedding_lookup(table, words)
    sampled = tf.nn.log_uniform_candidate_sampler(tf.cast(labels, tf.int64), 1, 3, True, 8, seed=2)
    loss = tf.reduce_mean(tf.nn.nce_loss(weights=weights, biases=biases, labels=labels, inputs=rows, num_sampled=3,
                                         num_classes=8, sampled_values=sampled))
    soft = tf.nn.sampled_softmax_loss(weights, biases, labels, rows, 3, 8, sampled_values=sampled)
    step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    return Program([tf.identity(loss, name="loss"), tf.identity(soft, name="soft")],
                   {words: [0, 3, 7], labels: _LABELS}, step, 3)


def parted_tables(tf: Any) -> Program:
    parts = [tf.constant(np.arange(12, dtype=np.float32).reshape(4, 3) + 100 * i) for i in range(2)]
    ids = tf.constant([[0, 3], [7, 4]])
    return Program([tf.identity(tf.nn.embedding_lookup(parts, ids), name="rows"),
                    tf.identity(tf.nn.embedding_lookup(parts, ids, partition_strategy="div"), name="rows")])


PROGRAMS: dict[str, Build] = {f.__name__: f for f in (candidates, word_vectors, parted_tables)}
