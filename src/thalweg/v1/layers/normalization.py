"""Batch normalization, with moving averages that update operations of the graph keep."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import thalweg as tf

from ..control import smart_cond
from ..initializers import ONES, ZEROS
from .base import Layer, get_initializer


class BatchNormalization(Layer):
    """Mean 0 and variance 1 over the batch, then a learned scale and offset (Ioffe and Szegedy 2015).

    In training, two operations join the collection of update operations, which move the averages that are used
    otherwise: run them with the training step.

    Args:
      axis: the axis of the features, or a list of axes.
      momentum: of the moving averages.
      epsilon: added to the variance.
      center, scale: whether there is an offset `beta` and a scale `gamma`.
      beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer: see `get_variable`.
      beta_regularizer, gamma_regularizer: functions whose results join the regularization losses.
      beta_constraint, gamma_constraint: projections after an optimizer's update.
      renorm: whether training is corrected towards the moving averages (Ioffe 2017).
      renorm_clipping: the limits "rmin", "rmax", "dmax" of that correction.
      renorm_momentum: of the averages that it uses.
      fused: whether inputs of four axes take the fused operation; None where that is possible.
      trainable, name: as `Layer`.
      virtual_batch_size: batches are normalized in parts of this size.
      adjustment: a function from the input's shape to a scale and an offset that training applies.

    Raises:
      ValueError: settings that exclude one another.
    """

    def __init__(self, axis: Any = -1, momentum: float = 0.99, epsilon: float = 1e-3, center: bool = True,
                 scale: bool = True, beta_initializer: Any = ZEROS, gamma_initializer: Any = ONES,
                 moving_mean_initializer: Any = ZEROS, moving_variance_initializer: Any = ONES,
                 beta_regularizer: Any = None, gamma_regularizer: Any = None, beta_constraint: Any = None,
                 gamma_constraint: Any = None, renorm: bool = False, renorm_clipping: Any = None,
                 renorm_momentum: float = 0.99, fused: bool | None = None, trainable: bool = True,
                 virtual_batch_size: int | None = None, adjustment: Callable[..., Any] | None = None, name: Any = None,
                 **kwargs: Any) -> None:
        super().__init__(trainable, name, **kwargs)
        self.axis = axis
        self.momentum, self.epsilon = momentum, epsilon
        self.center, self.scale = center, scale
        self._rules = {"beta": (beta_initializer, beta_regularizer, beta_constraint),
                       "gamma": (gamma_initializer, gamma_regularizer, gamma_constraint)}
        self._moving = {"moving_mean": moving_mean_initializer, "moving_variance": moving_variance_initializer}
        self.renorm, self.renorm_momentum = renorm, renorm_momentum
        self.renorm_clipping = dict(renorm_clipping or {})
        self.virtual_batch_size = virtual_batch_size
        self.adjustment = adjustment
        self.fused = fused
        self._check()

    def _check(self) -> None:
        odd = [key for key in self.renorm_clipping if key not in ("rmax", "rmin", "dmax")]
        if self.renorm and odd:
            raise ValueError(f"`renorm_clipping` contains keys not in `['rmax', 'rmin', 'dmax']`. Received keys: {odd}")
        if self.fused:
            for setting in ("renorm", "virtual_batch_size", "adjustment"):
                if getattr(self, setting):
                    raise ValueError(f"Passing both `fused=True` and `{setting}` is not supported")
        if self.virtual_batch_size is not None and self.renorm:
            raise ValueError("When using `virtual_batch_size`, renorm is not supported")

    def build(self, input_shape: Any) -> None:
        """Makes scale, offset and moving averages.

        Raises:
          ValueError: an unknown rank or number of features, or an axis that the inputs do not have.
        """
        shape = tf.TensorShape(input_shape)
        if shape.rank is None:
            raise ValueError("Input has undefined rank.")
        axes = [self.axis] if isinstance(self.axis, int) else list(self.axis)
        for a in axes:
            if not -shape.rank <= a < shape.rank:
                raise ValueError(f"Invalid axis: {a} for an input of rank {shape.rank}")
        self._axes = sorted({a % shape.rank for a in axes})
        if any(shape[a] is None for a in self._axes):
            raise ValueError(f"Input has undefined `axis` dimension. Received input with shape {shape}. Axis value: {axes}")
        plain = not (self.renorm or self.virtual_batch_size or self.adjustment)
        if self.fused is None:
            self.fused = plain and shape.rank == 4 and self._axes in ([1], [3])
        elif self.fused and (shape.rank != 4 or self._axes not in ([1], [3])):
            raise ValueError("Unsupported axis for fused batch norm, only [1] and [3] with inputs of rank 4 are supported. "
                             f"Received axis {axes} and rank {shape.rank}")
        self._rank = shape.rank
        self._sizes = [shape[i] if i in self._axes else 1 for i in range(shape.rank)] if len(self._axes) > 1 \
            else [shape[self._axes[0]]]
        kind = tf.float32 if self._dtype in (tf.float16, tf.bfloat16) else self._dtype
        self.gamma = self._parameter("gamma", kind) if self.scale else None
        self.beta = self._parameter("beta", kind) if self.center else None
        self.moving_mean, self.moving_variance = [self._average(name, kind, make) for name, make in self._moving.items()]
        if self.renorm:
            start = self._moving["moving_variance"]

            def stddev(shape: Any, dtype: Any = None) -> Any:
                return tf.sqrt(get_initializer(start)(shape, dtype=dtype))
            self.moving_stddev = self._average("moving_stddev", kind, stddev)
            self.renorm_mean = self._average("renorm_mean", kind, self._moving["moving_mean"])
            self.renorm_stddev = self._average("renorm_stddev", kind, stddev)
        self.built = True

    def _parameter(self, name: str, kind: Any) -> Any:
        initializer, regularizer, constraint = self._rules[name]
        return self.add_weight(name, self._sizes, kind, initializer, regularizer, True, constraint)

    def _average(self, name: str, kind: Any, initializer: Any) -> Any:
        return self.add_weight(name, self._sizes, kind, initializer, trainable=False)

    def call(self, inputs: Any, training: Any = False) -> Any:
        """The normalized inputs; `training` is a bool or a boolean tensor."""
        if self.virtual_batch_size is not None:
            return self._in_parts(inputs, training)
        if self.fused:
            return self._fused(inputs, training)
        return self._plain(inputs, training)

    def _in_parts(self, x: Any, training: Any) -> Any:
        """Normalizes over the parts of a batch, each with an axis of its own."""
        whole = tf.shape(x)
        parts = tf.reshape(x, tf.concat([[-1, self.virtual_batch_size], whole[1:]], 0))
        parts.set_shape([None, self.virtual_batch_size, *x.shape[1:].as_list()])
        out = tf.reshape(self._plain(parts, training, 1), whole)
        out.set_shape(x.shape)
        return out

    def _fused(self, x: Any, training: Any) -> Any:
        form = "NHWC" if self._axes == [3] else "NCHW"
        scale = self.gamma if self.gamma is not None else tf.ones(self._sizes, self.moving_mean.dtype)
        offset = self.beta if self.beta is not None else tf.zeros(self._sizes, self.moving_mean.dtype)

        def normal(**how: Any) -> Any:
            return tf.compat.v1.nn.fused_batch_norm(x, scale, offset, epsilon=self.epsilon, data_format=form, **how)

        def train() -> Any:
            return normal(is_training=True)

        def infer() -> Any:
            return normal(mean=self.moving_mean, variance=self.moving_variance, is_training=False)
        out, mean, variance = smart_cond(training, train, infer)
        self._follow(training, ((self.moving_mean, mean), (self.moving_variance, variance)), self.momentum)
        return out

    def _plain(self, x: Any, training: Any, extra: int = 0) -> Any:
        """Normalizes by the moments over all other axes; `extra` axes before the batch have moments of their own."""
        kind = self.moving_mean.dtype
        axes = [a + extra for a in self._axes]
        shape = [x.shape[i] if i in axes else 1 for i in range(self._rank + extra)]
        wide = tf.cast(x, kind)
        over = [i for i in range(extra, self._rank + extra) if i not in axes]
        keep = len(self._axes) > 1 or extra > 0

        def moving() -> Any:
            return tuple(tf.reshape(v, shape) if keep else tf.identity(v) for v in (self.moving_mean, self.moving_variance))
        mean, variance = smart_cond(training, lambda: tuple(tf.nn.moments(wide, over, keepdims=keep)), moving)
        scale, offset = (None if v is None else self._spread(v, shape) for v in (self.gamma, self.beta))
        new_mean, new_variance = mean, variance
        if extra:
            new_mean, new_variance = [tf.reshape(tf.reduce_mean(v, 0), self._sizes) for v in (mean, variance)]
        if self.adjustment is not None:
            more = smart_cond(training, lambda: tuple(self.adjustment(tf.shape(x))),  # type: ignore[misc]
                              lambda: (tf.ones_like(wide), tf.zeros_like(wide)))
            scale, offset = _composed(scale, offset, more[0], more[1])
        if self.renorm:
            r, d = self._renormed(mean, variance, training)
            r, d = (None if v is None else self._spread(v, shape) for v in (r, d))
            scale, offset = _composed(r, d, scale, offset)
        self._follow(training, ((self.moving_mean, new_mean), (self.moving_variance, new_variance)), self.momentum)
        with tf.name_scope("batchnorm"):
            normal = tf.nn.batch_normalization(wide, self._spread(mean, shape), self._spread(variance, shape), offset, scale,
                                               self.epsilon)
        return tf.cast(normal, x.dtype)

    def _spread(self, v: Any, shape: Any) -> Any:
        return v if v.shape.rank == len(shape) or len(shape) - 1 in self._axes and len(self._axes) == 1 \
            and len(shape) == self._rank else tf.reshape(v, shape)

    def _renormed(self, mean: Any, variance: Any, training: Any) -> tuple[Any, Any]:
        """The scale and offset that correct a batch towards the averages; training moves these, too."""
        stddev = tf.sqrt(variance + self.epsilon)
        r, d = stddev / self.renorm_stddev, (mean - self.renorm_mean) / self.renorm_stddev
        limits = self.renorm_clipping
        if limits.get("rmin") is not None:
            r = tf.maximum(r, limits["rmin"])
        if limits.get("rmax") is not None:
            r = tf.minimum(r, limits["rmax"])
        if limits.get("dmax") is not None:
            d = tf.minimum(tf.maximum(d, -limits["dmax"]), limits["dmax"])
        r, d = smart_cond(training, lambda: (r, d), lambda: (tf.ones_like(r), tf.zeros_like(d)))
        r, d = tf.stop_gradient(r), tf.stop_gradient(d)
        with tf.control_dependencies([r, d]):
            self._follow(training, ((self.renorm_mean, mean), (self.renorm_stddev, stddev)), self.renorm_momentum)
        return r, d

    def _follow(self, training: Any, pairs: Any, momentum: float) -> None:
        """Update operations that move averages towards the values of this batch."""
        known = training if not hasattr(training, "dtype") else tf.get_static_value(training)
        if known is not None and not known:
            return
        kind = self.moving_mean.dtype
        rate = smart_cond(training, lambda: tf.constant(1.0 - momentum, kind), lambda: tf.constant(0.0, kind))
        for average, value in pairs:
            with tf.name_scope("AssignMovingAvg"):
                value = tf.cast(tf.reshape(value, average.shape), kind)
                if self.renorm and average is self.moving_variance:
                    # The standard deviation is what is averaged; the variance follows from it.
                    stddev = self.moving_stddev - (self.moving_stddev - tf.sqrt(value + self.epsilon)) * rate
                    self.add_update([self.moving_stddev.assign(stddev),
                                     average.assign(tf.nn.relu(stddev * stddev - self.epsilon))])
                else:
                    self.add_update(average.assign_sub((tf.identity(average) - value) * rate))


def _composed(scale: Any, offset: Any, then_scale: Any, then_offset: Any) -> tuple[Any, Any]:
    """`(x * scale + offset) * then_scale + then_offset` as one scale and offset."""
    if then_scale is not None:
        scale = then_scale if scale is None else scale * then_scale
        offset = None if offset is None else offset * then_scale
    if then_offset is not None:
        offset = then_offset if offset is None else offset + then_offset
    return scale, offset


def batch_normalization(inputs: Any, axis: Any = -1, momentum: float = 0.99, epsilon: float = 1e-3, center: bool = True,
                        scale: bool = True, beta_initializer: Any = ZEROS, gamma_initializer: Any = ONES,
                        moving_mean_initializer: Any = ZEROS, moving_variance_initializer: Any = ONES,
                        beta_regularizer: Any = None, gamma_regularizer: Any = None, beta_constraint: Any = None,
                        gamma_constraint: Any = None, training: Any = False, trainable: bool = True,
                        name: str | None = None, reuse: Any = None, renorm: bool = False, renorm_clipping: Any = None,
                        renorm_momentum: float = 0.99, fused: bool | None = None, virtual_batch_size: int | None = None,
                        adjustment: Any = None) -> Any:
    """The output of a new `BatchNormalization` layer; `training` is a bool or a boolean tensor."""
    layer = BatchNormalization(axis, momentum, epsilon, center, scale, beta_initializer, gamma_initializer,
                               moving_mean_initializer, moving_variance_initializer, beta_regularizer, gamma_regularizer,
                               beta_constraint, gamma_constraint, renorm, renorm_clipping, renorm_momentum, fused,
                               trainable, virtual_batch_size, adjustment, name, _scope=name, _reuse=reuse)
    return layer(inputs, training=training)
