"""Samples of activations and biases."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import BF, A, D, F, H, I, sample
from .elementwise import EDGES, slope

_EVERY = (F(3, 4), F(), F(0, 2), H(4), BF(4), D(4))


def _activation(type: str, f: Any, *more: Any) -> list[Any]:
    call = lambda tf, x: f(tf)(x)
    return [*(sample(f"{type} {type}Grad", call, made) for made in (*_EVERY, F(2, 3, scale=9))),
            sample(f"{type}Grad", slope(call), F(6)), sample(type, call, EDGES, grad=False),
            *(sample(type, call, m) for m in more)]


def _backward(type: str, **attrs: Any) -> list[Any]:
    """The gradient op by itself, and its own gradients."""
    second = "outputs" if type in ("EluGrad", "SeluGrad") else "features"
    call = lambda tf, dy, x: getattr(tf.raw_ops, type)(**{"gradients": dy, second: x}, **attrs)
    return [sample(type, call, F(3, 4), F(3, 4)), sample(type, call, H(3), H(3), grad=False)]


SAMPLES = [
    *_activation("Relu", lambda tf: tf.nn.relu, I(-4, 5, 6), A([0, 200], np.uint8)),
    *_activation("Relu6", lambda tf: tf.nn.relu6, I(-9, 9, 6)),
    sample("Relu6", lambda tf, x: tf.nn.relu6(x), A([0.0, 6.0, 7.0, 3.0]), fd=False),
    *_activation("LeakyRelu", lambda tf: tf.nn.leaky_relu, I(-4, 5, 6)),
    sample("LeakyRelu", lambda tf, x: tf.nn.leaky_relu(x), A([0.0, -1.0]), fd=False),
    sample("LeakyRelu", lambda tf, x: tf.nn.leaky_relu(x, alpha=0.5), F(4)),
    sample("LeakyRelu", lambda tf, x: tf.nn.leaky_relu(x, 2.0), F(4)),
    sample("LeakyReluGrad", slope(lambda tf, x: tf.nn.leaky_relu(x, 0.5) ** 2), F(4)),
    *_activation("Elu", lambda tf: tf.nn.elu),
    *_activation("Selu", lambda tf: tf.nn.selu),
    *_activation("Softplus", lambda tf: tf.nn.softplus),
    *(sample("Softsign SoftsignGrad", lambda tf, x: tf.nn.softsign(x), made) for made in _EVERY),
    sample("Softsign", lambda tf, x: tf.math.softsign(x), EDGES, grad=False),
    *_backward("ReluGrad"), *_backward("Relu6Grad"), *_backward("LeakyReluGrad", alpha=0.3), *_backward("EluGrad"),
    *_backward("SeluGrad"), *_backward("SoftplusGrad"),
    sample("SoftsignGrad", lambda tf, dy, x: tf.raw_ops.SoftsignGrad(gradients=dy, features=x), F(3), F(3), grad=False),
    *(sample("Erf", lambda tf, x: tf.nn.gelu(x), made) for made in (F(3, 4), D(3), H(3), F())),
    *(sample("Tanh", lambda tf, x: tf.nn.gelu(x, approximate=True), made) for made in (F(3, 4), D(3), H(3), F())),
    sample("Sigmoid", lambda tf, x: tf.nn.silu(x), F(3, 4)),
    sample("Sigmoid", lambda tf, x: tf.nn.swish(x, 2.0), F(3, 4)),
    sample("Sigmoid", slope(lambda tf, x: tf.nn.silu(x, 1.5)), F(4)),
    sample("Sigmoid", lambda tf, x, b: tf.nn.silu(x, b), F(3, 4), F()),
    sample("Relu", lambda tf, x: tf.nn.crelu(x), F(3, 4)),
    sample("Relu", lambda tf, x: tf.nn.crelu(x, axis=0), F(3, 4)),
    sample("BiasAdd BiasAddGrad", lambda tf, x, b: tf.nn.bias_add(x, b), F(3, 4), F(4)),
    sample("BiasAdd BiasAddGrad", lambda tf, x, b: tf.nn.bias_add(x, b), F(2, 3, 4, 5), F(5)),
    sample("BiasAdd BiasAddGrad", lambda tf, x, b: tf.nn.bias_add(x, b, data_format="NCHW"), F(2, 3, 4, 5), F(3)),
    sample("BiasAdd BiasAddGrad", lambda tf, x, b: tf.nn.bias_add(x, b, "NCDHW"), F(2, 3, 2, 2, 2), F(3)),
    sample("BiasAdd BiasAddGrad", lambda tf, x, b: tf.nn.bias_add(x, b, "NWC"), H(2, 3, 4), H(4)),
    sample("BiasAdd BiasAddGrad", lambda tf, x, b: tf.nn.bias_add(x, b, "NCHW"), F(2, 4), F(4)),
    sample("BiasAdd BiasAddGrad", lambda tf, x, b: tf.nn.bias_add(x, b), D(0, 4), D(4)),
    sample("BiasAdd BiasAddGrad", lambda tf, x, b: tf.nn.bias_add(x, b), BF(3, 4), BF(4)),
    sample("BiasAdd", lambda tf, x, b: tf.nn.bias_add(x, b), I(0, 9, 2, 3), I(0, 9, 3)),
    sample("BiasAddV1", lambda tf, x, b: tf.raw_ops.BiasAddV1(value=x, bias=b), F(3, 4), F(4)),
    sample("BiasAddGrad", lambda tf, x: tf.raw_ops.BiasAddGrad(out_backprop=x), F(2, 3, 4)),
    sample("BiasAddGrad", lambda tf, x: tf.raw_ops.BiasAddGrad(out_backprop=x, data_format="NCHW"), F(2, 3, 4)),
]
