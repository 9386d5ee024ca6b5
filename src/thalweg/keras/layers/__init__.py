"""Layers. Names are loaded when they are first used."""
from __future__ import annotations

from ..._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "keras.layers.activations.activation": "Activation",
    "keras.layers.activations.elu": "ELU",
    "keras.layers.activations.leaky_relu": "LeakyReLU",
    "keras.layers.activations.prelu": "PReLU",
    "keras.layers.activations.relu": "ReLU",
    "keras.layers.activations.softmax": "Softmax",
    "keras.layers.core.dense": "Dense",
    "keras.layers.core.identity": "Identity",
    "keras.layers.core.input_layer": "Input InputLayer",
    "keras.layers.core.lambda_layer": "Lambda",
    "keras.layers.core.masking": "Masking",
    "keras.layers.input_spec": "InputSpec",
    "keras.layers.layer": "Layer",
    "keras.layers.merging.concatenate": "Concatenate",
    "keras.layers.merging.elementwise": "Add Average Maximum Minimum Multiply Subtract",
    "keras.layers.merging.functions": "add average concatenate maximum minimum multiply subtract",
    "keras.layers.preprocessing.rescaling": "Rescaling",
    "keras.layers.regularization.activity_regularization": "ActivityRegularization",
    "keras.layers.regularization.dropout": "Dropout",
    "keras.layers.regularization.gaussian_noise": "GaussianDropout GaussianNoise",
    "keras.layers.reshaping.flatten": "Flatten",
    "keras.layers.reshaping.permute": "Permute",
    "keras.layers.reshaping.repeat_vector": "RepeatVector",
    "keras.layers.reshaping.reshape": "Reshape",
    "keras.layers.serialization": "deserialize serialize",
})
