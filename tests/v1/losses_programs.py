"""Programs with `tf.losses`."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .programs import Build, Program

_X = np.random.default_rng(0).uniform(0.05, 0.95, (4, 3)).astype(np.float32)
_Y = np.eye(3, dtype=np.float32)[[0, 2, 1, 0]]
_W = np.array([[1.0], [0.0], [2.0], [0.5]], np.float32)
_NAMES = ("absolute_difference", "hinge_loss", "huber_loss", "log_loss", "mean_pairwise_squared_error", "mean_squared_error",
          "sigmoid_cross_entropy", "softmax_cross_entropy")


def _everything(name: str) -> Build:
    def build(tf: Any) -> Program:
        labels, x = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 3])
        loss = getattr(tf.losses, name)
        weights = tf.constant(_W[:, 0] if name == "softmax_cross_entropy" else _W)
        found = [loss(labels, x), loss(labels, x, weights=0.5), loss(labels, x, weights), loss(labels, x, weights, scope="own")]
        if name != "mean_pairwise_squared_error":
            keys = tf.losses.Reduction
            found += [loss(labels, x, weights, reduction=key) for key in (keys.NONE, keys.SUM, keys.MEAN,
                                                                         keys.SUM_OVER_BATCH_SIZE)]
        gradient, = tf.gradients(found[2], x)
        total = tf.losses.get_total_loss(name="sum") if len(found) == 4 else found[0]
        return Program([*found, tf.identity(gradient, name="gradient"), total], {labels: _Y, x: _X})
    return build


def zero_weights(tf: Any) -> Program:
    x = tf.constant(_X)
    return Program([tf.losses.mean_squared_error(_Y, x, weights=0.0), tf.losses.log_loss(_Y, x, tf.zeros([4, 1])),
                    tf.losses.compute_weighted_loss(tf.constant([1, 2, 3]), 2.0),
                    tf.losses.huber_loss(_Y, x, delta=0.25), tf.losses.log_loss(_Y, x, epsilon=0.1)])


def cosine(tf: Any) -> Program:
    x, y = tf.nn.l2_normalize(_X, 1), tf.nn.l2_normalize(_Y + 0.5, 1)
    return Program([tf.losses.cosine_distance(y, x, axis=1), tf.losses.cosine_distance(y, x, dim=0),
                    tf.losses.cosine_distance(y, x, 1, weights=_W)])


def sparse(tf: Any) -> Program:
    labels = tf.placeholder(tf.int32, [None, 1])
    x = tf.Variable(_X, name="x")
    loss = tf.losses.sparse_softmax_cross_entropy(labels, x, weights=tf.constant(_W))
    flat = tf.losses.sparse_softmax_cross_entropy(tf.constant([0, 2, 1, 0]), x)
    train = tf.train.GradientDescentOptimizer(0.5).minimize(tf.losses.get_total_loss())
    return Program([loss, flat], {labels: [[0], [2], [1], [0]]}, train)


def smoothing(tf: Any) -> Program:
    x = tf.placeholder(tf.float32, None)
    return Program([tf.losses.softmax_cross_entropy(_Y, x, label_smoothing=0.1),
                    tf.losses.sigmoid_cross_entropy(_Y, x, label_smoothing=0.3)], {x: _X})


def unknown_ranks(tf: Any) -> Program:
    labels, x, w = tf.placeholder(tf.int64, None), tf.placeholder(tf.float32, [None, None]), tf.placeholder(tf.float32, None)
    return Program([tf.losses.mean_squared_error(tf.cast(x > 0.5, tf.float32), x, w)], {x: _X, w: _W, labels: [0]})


def regularized(tf: Any) -> Program:
    with tf.variable_scope("net", regularizer=lambda v: 0.1 * tf.reduce_sum(v * v)):
        w = tf.get_variable("w", [3, 2])
    tf.losses.add_loss(tf.reduce_sum(w, name="plain"))
    with tf.name_scope("inner"):
        tf.losses.absolute_difference(tf.zeros([3, 2]), w)
    found = [tf.losses.get_regularization_loss(), tf.losses.get_total_loss(), tf.losses.get_total_loss(False, "other"),
             *tf.losses.get_losses("inner"), *tf.losses.get_regularization_losses()]
    return Program(found, step=tf.train.GradientDescentOptimizer(0.1).minimize(found[1]))


_more: tuple[Callable[[Any], Program], ...] = (zero_weights, cosine, sparse, smoothing, unknown_ranks, regularized)
PROGRAMS: dict[str, Build] = {**{name: _everything(name) for name in _NAMES}, **{f.__name__: f for f in _more}}
