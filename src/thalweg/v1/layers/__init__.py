"""`tf.layers` of TensorFlow 1: layers whose variables live in variable scopes."""
from __future__ import annotations

from ..._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "v1.layers.base": "Layer",
    "keras.layers.input_spec": "InputSpec",
    "v1.layers.convolution": "Conv1D Conv2D Conv2DTranspose Conv3D Conv3DTranspose SeparableConv1D SeparableConv2D "
        "Convolution1D=Conv1D Convolution2D=Conv2D Convolution3D=Conv3D Convolution2DTranspose=Conv2DTranspose "
        "Convolution3DTranspose=Conv3DTranspose SeparableConvolution1D=SeparableConv1D "
        "SeparableConvolution2D=SeparableConv2D",
    "v1.layers.convolve": "conv1d conv2d conv2d_transpose conv3d conv3d_transpose separable_conv1d separable_conv2d",
    "v1.layers.core": "Dense Dropout Flatten dense dropout flatten",
    "v1.layers.normalization": "BatchNormalization batch_normalization",
    "v1.layers.pooling": "AveragePooling1D AveragePooling2D AveragePooling3D MaxPooling1D MaxPooling2D MaxPooling3D "
        "average_pooling1d average_pooling2d average_pooling3d max_pooling1d max_pooling2d max_pooling3d",
})
