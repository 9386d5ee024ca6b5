"""Programs with `tf.layers`."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .programs import Build, Program

_RNG = np.random.default_rng(1)
_X = _RNG.standard_normal((4, 6)).astype(np.float32)
_IMAGES = _RNG.standard_normal((2, 7, 6, 3)).astype(np.float32)
_SERIES = _RNG.standard_normal((2, 9, 3)).astype(np.float32)
_VOLUMES = _RNG.standard_normal((2, 5, 4, 6, 2)).astype(np.float32)


def dense(tf: Any) -> Program:
    x = tf.placeholder(tf.float32, [None, 6])
    hidden = tf.layers.dense(x, 5, activation=tf.nn.relu)
    out = tf.layers.dense(hidden, 2, use_bias=False)
    named = tf.layers.dense(hidden, 2, name="head", kernel_initializer=tf.ones_initializer())
    loss = tf.losses.mean_squared_error(tf.zeros_like(out), out + named)
    return Program([hidden, out, named, loss], {x: _X}, tf.train.AdamOptimizer(0.01).minimize(loss), 3)


def dense_in_scopes(tf: Any) -> Program:
    x = tf.constant(_X)
    with tf.variable_scope("net"):
        a = tf.layers.dense(x, 3)
        b = tf.layers.dense(a, 3)
        with tf.variable_scope("inner"):
            c = tf.layers.dense(b, 2)
    with tf.variable_scope("net", reuse=True):
        again = tf.layers.dense(x, 3)
    with tf.variable_scope("other"):
        d = tf.layers.dense(c, 2)
    return Program([a, b, c, again, d])


def dense_reused(tf: Any) -> Program:
    x = tf.constant(_X)
    first = tf.layers.dense(x, 6, name="fc", activation="tanh")
    second = tf.layers.dense(first, 6, name="fc", reuse=True, activation="tanh")
    third = tf.layers.dense(second, 6, name="fc", reuse=tf.AUTO_REUSE)
    layer = tf.layers.Dense(2, name="obj")
    return Program([first, second, third, layer(x), layer(third)])


def dense_of_more_axes(tf: Any) -> Program:
    x = tf.placeholder(tf.float32, [None, 9, 3])
    return Program([tf.layers.dense(x, 4), tf.layers.dense(tf.constant(_X.astype(np.float64)), 2)], {x: _SERIES})


def regularized(tf: Any) -> Program:
    x = tf.constant(_X)
    l2 = lambda v: 0.5 * tf.reduce_sum(v * v)
    a = tf.layers.dense(x, 3, kernel_regularizer=l2, bias_regularizer=l2)
    b = tf.layers.conv2d(tf.constant(_IMAGES), 2, 3, kernel_regularizer=l2)
    total = tf.losses.get_regularization_loss()
    loss = total + tf.reduce_sum(a) + tf.reduce_sum(b)
    return Program([a, total], step=tf.train.GradientDescentOptimizer(0.1).minimize(loss))


def convolutional_network(tf: Any) -> Program:
    x = tf.placeholder(tf.float32, [None, 7, 6, 3])
    a = tf.layers.conv2d(x, 4, 3, padding="same", activation=tf.nn.relu)
    b = tf.layers.max_pooling2d(a, 2, 2)
    c = tf.layers.conv2d(b, 2, (2, 3), strides=(1, 2), name="second")
    d = tf.layers.flatten(c)
    e = tf.layers.dropout(d, 0.5, training=False)
    f = tf.layers.dense(e, 3)
    loss = tf.losses.softmax_cross_entropy(tf.constant(np.eye(3, dtype=np.float32)[[1, 2]]), f)
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss, tf.train.get_or_create_global_step())
    return Program([a, b, c, d, f, loss], {x: _IMAGES}, step)


def convolutions(tf: Any) -> Program:
    x, s, v = tf.placeholder(tf.float32, [None, 7, 6, 3]), tf.constant(_SERIES), tf.constant(_VOLUMES)
    return Program([
        tf.layers.conv1d(s, 4, 3), tf.layers.conv1d(s, 4, 2, 2, "same"), tf.layers.conv1d(s, 2, 3, dilation_rate=2),
        tf.layers.conv2d(x, 4, 3, dilation_rate=2), tf.layers.conv2d(x, 4, (1, 2), use_bias=False),
        tf.layers.conv3d(v, 3, 2), tf.layers.conv3d(v, 3, (1, 2, 3), (1, 1, 2), "same", activation=tf.nn.sigmoid),
        tf.layers.separable_conv2d(x, 4, 3, depth_multiplier=2), tf.layers.separable_conv1d(s, 4, 3, padding="same"),
    ], {x: _IMAGES})


def transposed_convolutions(tf: Any) -> Program:
    x, v = tf.placeholder(tf.float32, [None, None, 6, 3]), tf.constant(_VOLUMES)
    return Program([
        tf.layers.conv2d_transpose(x, 4, 3), tf.layers.conv2d_transpose(x, 2, 3, 2, "same", activation=tf.nn.relu),
        tf.layers.conv2d_transpose(x, 2, 2, (3, 2), use_bias=False), tf.layers.conv3d_transpose(v, 3, 2, 2),
    ], {x: _IMAGES})


def poolings(tf: Any) -> Program:
    x, s, v = tf.placeholder(tf.float32, [None, 7, 6, 3]), tf.constant(_SERIES), tf.constant(_VOLUMES)
    return Program([
        tf.layers.max_pooling1d(s, 2, 2), tf.layers.max_pooling2d(x, 3, 2, "same"), tf.layers.max_pooling3d(v, 2, 2),
        tf.layers.average_pooling1d(s, 3, 2, "same"), tf.layers.average_pooling2d(x, (2, 3), (2, 1)),
        tf.layers.average_pooling3d(v, 2, (1, 2, 2)), tf.layers.AveragePooling2D(2, 2, name="mine")(x),
    ], {x: _IMAGES})


def flattened(tf: Any) -> Program:
    x = tf.placeholder(tf.float32, [None, 7, 6, 3])
    return Program([tf.layers.flatten(x), tf.layers.flatten(tf.constant(_IMAGES)), tf.layers.Flatten()(x)], {x: _IMAGES})


def dropout_by_placeholder(tf: Any) -> Program:
    training = tf.placeholder_with_default(False, [])
    x = tf.constant(_X)
    kept = tf.layers.dropout(x, 0.4, training=training)
    none = tf.layers.dropout(x, 0.0, training=True)
    return Program([kept, none, tf.layers.dropout(x, 0.4)])


_all: tuple[Callable[[Any], Program], ...] = (
    dense, dense_in_scopes, dense_reused, dense_of_more_axes, regularized, convolutional_network, convolutions,
    transposed_convolutions, poolings, flattened, dropout_by_placeholder)
PROGRAMS: dict[str, Build] = {f.__name__: f for f in _all}
