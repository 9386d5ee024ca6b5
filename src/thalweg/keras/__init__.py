"""Keras: layers, models, training. Names are loaded when they are first used."""
from __future__ import annotations

from .._lazy import attach

__version__ = "3.15.0"
"""The version of Keras whose behaviour this follows."""

__getattr__, __dir__ = attach(__name__, {
    "keras.activations": "activations=.",
    "keras.backend": "backend=.",
    "keras.callbacks": "callbacks=.",
    "keras.config": "config=.",
    "keras.constraints": "constraints=.",
    "keras.datasets": "datasets=.",
    "keras.dtype_policies": "DTypePolicy FloatDTypePolicy dtype_policies=.",
    "keras.initializers": "Initializer initializers=.",
    "keras.layers": "layers=.",
    "keras.layers.core.input_layer": "Input",
    "keras.layers.input_spec": "InputSpec",
    "keras.layers.layer": "Layer",
    "keras.losses": "Loss losses=.",
    "keras.metrics": "Metric metrics=.",
    "keras.mixed_precision": "mixed_precision=.",
    "keras.models": "models=.",
    "keras.models.model": "Model",
    "keras.models.sequential": "Sequential",
    "keras.naming": "name_scope",
    "keras.ops": "ops=.",
    "keras.optimizers": "Optimizer optimizers=.",
    "keras.preprocessing": "preprocessing=.",
    "keras.random": "random=.",
    "keras.regularizers": "Regularizer regularizers=.",
    "keras.symbolic.keras_tensor": "KerasTensor",
    "keras.symbolic.operation": "Operation",
    "keras.utils": "utils=.",
    "keras.variable": "Variable",
})
