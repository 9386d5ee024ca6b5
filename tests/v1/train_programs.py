"""Programs with the optimizers, learning rates and moving averages of `tf.train`."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .programs import Build, Program

_X = np.random.default_rng(3).standard_normal((5, 3)).astype(np.float32)
_OPTIMIZERS: dict[str, Callable[[Any, Any], Any]] = {
    "gradient_descent": lambda t, step: t.GradientDescentOptimizer(0.1),
    "momentum": lambda t, step: t.MomentumOptimizer(0.1, 0.9),
    "nesterov": lambda t, step: t.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "adagrad": lambda t, step: t.AdagradOptimizer(0.1),
    "rmsprop": lambda t, step: t.RMSPropOptimizer(0.01, momentum=0.5),
    "rmsprop_centered": lambda t, step: t.RMSPropOptimizer(0.01, centered=True),
    "adam": lambda t, step: t.AdamOptimizer(0.05),
    "adadelta": lambda t, step: t.AdadeltaOptimizer(0.5),
    "ftrl": lambda t, step: t.FtrlOptimizer(0.1, l1_regularization_strength=0.01, l2_regularization_strength=0.02),
    "ftrl_shrinkage": lambda t, step: t.FtrlOptimizer(0.1, l2_shrinkage_regularization_strength=0.1, beta=0.1, name="Own"),
    "proximal": lambda t, step: t.ProximalGradientDescentOptimizer(0.1, 0.05, 0.1),
    "proximal_plain": lambda t, step: t.ProximalGradientDescentOptimizer(0.1),
    "proximal_adagrad": lambda t, step: t.ProximalAdagradOptimizer(0.1, 0.2, 0.05, 0.1),
    "adagrad_da": lambda t, step: t.AdagradDAOptimizer(0.1, step, l1_regularization_strength=0.001),
}


def _optimizer(name: str) -> Build:
    def build(tf: Any) -> Program:
        w = tf.get_variable("w", [3, 2])
        with tf.variable_scope("inner"):
            b = tf.get_variable("b", [2])
        loss = tf.reduce_mean(tf.square(tf.matmul(tf.constant(_X), w) + b - 1.0))
        step = tf.train.get_or_create_global_step()
        optimizer = _OPTIMIZERS[name](tf.train, step)
        train = optimizer.minimize(loss, global_step=step)
        slots = [optimizer.get_slot(w, n) for n in optimizer.get_slot_names()]
        return Program([tf.identity(loss, name="loss"), *[tf.identity(s, name="slot") for s in slots]], {}, train, 3)
    return build


def two_optimizers(tf: Any) -> Program:
    with tf.variable_scope("net"):
        v = tf.get_variable("v", [2], constraint=lambda x: tf.clip_by_value(x, -0.1, 0.1))
    with tf.variable_scope("train"):
        a = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(v * v))
    tf.train.AdamOptimizer(0.1, name="Second").minimize(tf.reduce_sum(v), var_list=[v])
    tf.train.MomentumOptimizer(0.1, 0.9).minimize(tf.reduce_sum(v))
    return Program([tf.identity(v, name="value")], step=a)


def clipped_gradients(tf: Any) -> Program:
    v = tf.get_variable("v", [3])
    optimizer = tf.train.GradientDescentOptimizer(tf.train.exponential_decay(0.5, tf.train.get_or_create_global_step(), 1, 0.5))
    pairs = optimizer.compute_gradients(tf.reduce_sum(v**3), [v])
    pairs = [(tf.clip_by_value(g, -0.2, 0.2), x) for g, x in pairs]
    return Program([tf.identity(v, name="value")],
                   step=optimizer.apply_gradients(pairs, tf.train.get_global_step(), name="step"))


def learning_rates(tf: Any) -> Program:
    step, t = tf.train.get_or_create_global_step(), tf.train
    rates = [
        t.exponential_decay(0.1, step, 3, 0.5), t.exponential_decay(0.1, step, 2, 0.5, staircase=True),
        t.natural_exp_decay(0.1, step, 3, 0.5), t.natural_exp_decay(0.1, step, 2, 0.5, True),
        t.inverse_time_decay(0.1, step, 3, 0.5), t.inverse_time_decay(0.1, step, 2, 0.5, True),
        t.polynomial_decay(0.1, step, 3), t.polynomial_decay(0.1, step, 3, 0.01, 2.0, cycle=True),
        t.piecewise_constant(step, [1, 3], [1.0, 0.5, 0.1]), t.piecewise_constant_decay(step, [2], [0.5, 0.25]),
        t.cosine_decay(0.1, step, 4), t.cosine_decay(0.1, step, 3, alpha=0.1),
        t.cosine_decay_restarts(0.1, step, 2), t.cosine_decay_restarts(0.1, step, 2, t_mul=1.0, m_mul=0.5, alpha=0.1),
        t.linear_cosine_decay(0.1, step, 6), t.linear_cosine_decay(0.1, step, 3, 2.0, 0.1, 0.01),
    ]
    return Program([tf.identity(r, name="rate") for r in rates], step=tf.assign_add(step, 3), steps=2)


def averages(tf: Any) -> Program:
    v = tf.get_variable("v", [2], initializer=tf.constant_initializer(0.7))
    with tf.variable_scope("scope"):
        w = tf.get_variable("w", [], initializer=tf.constant_initializer(3.0))
    average = tf.train.ExponentialMovingAverage(0.9)
    counted = tf.train.ExponentialMovingAverage(0.99, num_updates=tf.train.get_or_create_global_step(), name="Counted")
    update = tf.train.GradientDescentOptimizer(0.5).minimize(tf.reduce_sum(v * v) + w, tf.train.get_global_step())
    with tf.control_dependencies([update]):
        step = tf.group(average.apply([v, w]), counted.apply([v]))
    names = [average.average_name(v), average.average_name(w), average.average(v).op.name]
    assert sorted(average.variables_to_restore([v])) == sorted({names[0], *(
        x.op.name for x in tf.global_variables() if x.op.name != "v")})
    return Program([tf.identity(average.average(v), name=n.replace("/", "_")) for n in names] + [
        tf.identity(counted.average(v), name="counted")], step=step)


def average_of_tensor(tf: Any) -> Program:
    step = tf.get_variable("step", [], initializer=tf.zeros_initializer(), trainable=False)
    more = tf.assign_add(step, 1.0)
    with tf.control_dependencies([more]):
        x = tf.multiply(tf.ones([2]), tf.identity(step), name="x")
    plain, fair = tf.train.ExponentialMovingAverage(0.9), tf.train.ExponentialMovingAverage(0.9, zero_debias=True, name="Fair")
    both = tf.group(plain.apply([x]), fair.apply([x]))
    return Program([tf.identity(plain.average(x), name="plain"), tf.identity(fair.average(x), name="fair")], step=both, steps=3)


_more: tuple[Callable[[Any], Program], ...] = (two_optimizers, clipped_gradients, learning_rates, averages, average_of_tensor)
PROGRAMS: dict[str, Build] = {**{name: _optimizer(name) for name in _OPTIMIZERS}, **{f.__name__: f for f in _more}}
