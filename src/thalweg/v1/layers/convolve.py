"""Convolution layers as functions: each call makes a new layer with variables under `name`."""
from __future__ import annotations

from typing import Any

from ..initializers import ZEROS
from .base import applied
from .convolution import Conv1D, Conv2D, Conv2DTranspose, Conv3D, Conv3DTranspose, SeparableConv1D, SeparableConv2D


def conv1d(inputs: Any, filters: int, kernel_size: Any, strides: Any = 1, padding: str = "valid", data_format: str =
           "channels_last", dilation_rate: Any = 1, activation: Any = None, use_bias: bool = True, kernel_initializer:
           Any = None, bias_initializer: Any = ZEROS, kernel_regularizer: Any = None, bias_regularizer: Any = None,
           activity_regularizer: Any = None, kernel_constraint: Any = None, bias_constraint: Any = None, trainable:
           bool = True, name: str | None = None, reuse: Any = None) -> Any:
    """The output of a new `Conv1D` layer; `reuse` finds the variables of another one."""
    return applied(Conv1D, inputs, name, reuse, filters=filters, kernel_size=kernel_size, strides=strides,
                   padding=padding, data_format=data_format, dilation_rate=dilation_rate, activation=activation,
                   use_bias=use_bias, kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
                   kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
                   activity_regularizer=activity_regularizer, kernel_constraint=kernel_constraint,
                   bias_constraint=bias_constraint, trainable=trainable)


def conv2d(inputs: Any, filters: int, kernel_size: Any, strides: Any = (1, 1), padding: str = "valid", data_format:
           str = "channels_last", dilation_rate: Any = (1, 1), activation: Any = None, use_bias: bool = True,
           kernel_initializer: Any = None, bias_initializer: Any = ZEROS, kernel_regularizer: Any = None,
           bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
           bias_constraint: Any = None, trainable: bool = True, name: str | None = None, reuse: Any = None) -> Any:
    """The output of a new `Conv2D` layer; `reuse` finds the variables of another one."""
    return applied(Conv2D, inputs, name, reuse, filters=filters, kernel_size=kernel_size, strides=strides,
                   padding=padding, data_format=data_format, dilation_rate=dilation_rate, activation=activation,
                   use_bias=use_bias, kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
                   kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
                   activity_regularizer=activity_regularizer, kernel_constraint=kernel_constraint,
                   bias_constraint=bias_constraint, trainable=trainable)


def conv3d(inputs: Any, filters: int, kernel_size: Any, strides: Any = (1, 1, 1), padding: str = "valid", data_format:
           str = "channels_last", dilation_rate: Any = (1, 1, 1), activation: Any = None, use_bias: bool = True,
           kernel_initializer: Any = None, bias_initializer: Any = ZEROS, kernel_regularizer: Any = None,
           bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
           bias_constraint: Any = None, trainable: bool = True, name: str | None = None, reuse: Any = None) -> Any:
    """The output of a new `Conv3D` layer; `reuse` finds the variables of another one."""
    return applied(Conv3D, inputs, name, reuse, filters=filters, kernel_size=kernel_size, strides=strides,
                   padding=padding, data_format=data_format, dilation_rate=dilation_rate, activation=activation,
                   use_bias=use_bias, kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
                   kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
                   activity_regularizer=activity_regularizer, kernel_constraint=kernel_constraint,
                   bias_constraint=bias_constraint, trainable=trainable)


def separable_conv1d(inputs: Any, filters: int, kernel_size: Any, strides: Any = 1, padding: str = "valid",
                     data_format: str = "channels_last", dilation_rate: Any = 1, depth_multiplier: int = 1,
                     activation: Any = None, use_bias: bool = True, depthwise_initializer: Any = None,
                     pointwise_initializer: Any = None, bias_initializer: Any = ZEROS, depthwise_regularizer: Any =
                     None, pointwise_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any
                     = None, depthwise_constraint: Any = None, pointwise_constraint: Any = None, bias_constraint: Any
                     = None, trainable: bool = True, name: str | None = None, reuse: Any = None) -> Any:
    """The output of a new `SeparableConv1D` layer; `reuse` finds the variables of another one."""
    return applied(SeparableConv1D, inputs, name, reuse, filters=filters, kernel_size=kernel_size, strides=strides,
                   padding=padding, data_format=data_format, dilation_rate=dilation_rate,
                   depth_multiplier=depth_multiplier, activation=activation, use_bias=use_bias,
                   depthwise_initializer=depthwise_initializer, pointwise_initializer=pointwise_initializer,
                   bias_initializer=bias_initializer, depthwise_regularizer=depthwise_regularizer,
                   pointwise_regularizer=pointwise_regularizer, bias_regularizer=bias_regularizer,
                   activity_regularizer=activity_regularizer, depthwise_constraint=depthwise_constraint,
                   pointwise_constraint=pointwise_constraint, bias_constraint=bias_constraint, trainable=trainable)


def separable_conv2d(inputs: Any, filters: int, kernel_size: Any, strides: Any = (1, 1), padding: str = "valid",
                     data_format: str = "channels_last", dilation_rate: Any = (1, 1), depth_multiplier: int = 1,
                     activation: Any = None, use_bias: bool = True, depthwise_initializer: Any = None,
                     pointwise_initializer: Any = None, bias_initializer: Any = ZEROS, depthwise_regularizer: Any =
                     None, pointwise_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any
                     = None, depthwise_constraint: Any = None, pointwise_constraint: Any = None, bias_constraint: Any
                     = None, trainable: bool = True, name: str | None = None, reuse: Any = None) -> Any:
    """The output of a new `SeparableConv2D` layer; `reuse` finds the variables of another one."""
    return applied(SeparableConv2D, inputs, name, reuse, filters=filters, kernel_size=kernel_size, strides=strides,
                   padding=padding, data_format=data_format, dilation_rate=dilation_rate,
                   depth_multiplier=depth_multiplier, activation=activation, use_bias=use_bias,
                   depthwise_initializer=depthwise_initializer, pointwise_initializer=pointwise_initializer,
                   bias_initializer=bias_initializer, depthwise_regularizer=depthwise_regularizer,
                   pointwise_regularizer=pointwise_regularizer, bias_regularizer=bias_regularizer,
                   activity_regularizer=activity_regularizer, depthwise_constraint=depthwise_constraint,
                   pointwise_constraint=pointwise_constraint, bias_constraint=bias_constraint, trainable=trainable)


def conv2d_transpose(inputs: Any, filters: int, kernel_size: Any, strides: Any = (1, 1), padding: str = "valid",
                     data_format: str = "channels_last", activation: Any = None, use_bias: bool = True,
                     kernel_initializer: Any = None, bias_initializer: Any = ZEROS, kernel_regularizer: Any = None,
                     bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
                     bias_constraint: Any = None, trainable: bool = True, name: str | None = None, reuse: Any = None) -> Any:
    """The output of a new `Conv2DTranspose` layer; `reuse` finds the variables of another one."""
    return applied(Conv2DTranspose, inputs, name, reuse, filters=filters, kernel_size=kernel_size, strides=strides,
                   padding=padding, data_format=data_format, activation=activation, use_bias=use_bias,
                   kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
                   kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
                   activity_regularizer=activity_regularizer, kernel_constraint=kernel_constraint,
                   bias_constraint=bias_constraint, trainable=trainable)


def conv3d_transpose(inputs: Any, filters: int, kernel_size: Any, strides: Any = (1, 1, 1), padding: str = "valid",
                     data_format: str = "channels_last", activation: Any = None, use_bias: bool = True,
                     kernel_initializer: Any = None, bias_initializer: Any = ZEROS, kernel_regularizer: Any = None,
                     bias_regularizer: Any = None, activity_regularizer: Any = None, kernel_constraint: Any = None,
                     bias_constraint: Any = None, trainable: bool = True, name: str | None = None, reuse: Any = None) -> Any:
    """The output of a new `Conv3DTranspose` layer; `reuse` finds the variables of another one."""
    return applied(Conv3DTranspose, inputs, name, reuse, filters=filters, kernel_size=kernel_size, strides=strides,
                   padding=padding, data_format=data_format, activation=activation, use_bias=use_bias,
                   kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
                   kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
                   activity_regularizer=activity_regularizer, kernel_constraint=kernel_constraint,
                   bias_constraint=bias_constraint, trainable=trainable)
