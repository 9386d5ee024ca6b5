"""Samples of every registered op: one list a family, from which the generated op tests are made.

A sample is a call of the public API, so that the same line runs under TensorFlow, which makes the golden values
(`tools/make_goldens.py`). Inputs are drawn from a generator that is seeded by the sample's place in its list.
"""
from __future__ import annotations

import importlib
import pkgutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Make = Callable[[np.random.Generator], Any]


@dataclass
class Sample:
    """One call: the op types that it is there for, the function, and how to make its inputs."""

    ops: tuple[str, ...]
    call: Callable[..., Any]
    inputs: tuple[Make, ...]
    grad: bool = True
    """Whether gradients are compared."""
    tol: tuple[float, float] | None = None
    """Relative and absolute tolerance, instead of the dtype's own."""
    compare: bool = True
    """Whether values are compared with goldens; False for results that are random by nature."""
    fd: bool = True
    """Whether gradients are compared with finite differences; False where TensorFlow's gradient is not the derivative."""
    note: str = ""
    family: str = ""
    index: int = field(default=0)

    @property
    def id(self) -> str:
        return f"{self.family}-{self.index:03d}-{self.ops[0]}"

    def arrays(self) -> list[np.ndarray[Any, Any]]:
        """The inputs, the same every time."""
        rng = np.random.default_rng(zlib.crc32(f"{self.family}/{self.index}".encode()))
        return [make(rng) for make in self.inputs]


def sample(ops: str, call: Callable[..., Any], *inputs: Make, grad: bool = True, tol: tuple[float, float] | None = None,
           compare: bool = True, fd: bool = True, note: str = "") -> Sample:
    """A sample for the op types named in `ops`; `call(tf, *tensors)` uses the public API only."""
    return Sample(tuple(ops.split()), call, inputs, grad, tol, compare, fd, note)


def F(*shape: int, scale: float = 1.0) -> Make:
    """Normal float32 values."""
    return lambda rng: (rng.standard_normal(shape) * scale).astype(np.float32)


def D(*shape: int) -> Make:
    """Normal float64 values."""
    return lambda rng: np.asarray(rng.standard_normal(shape))


def P(*shape: int) -> Make:
    """Positive float32 values in (0.5, 2)."""
    return lambda rng: rng.uniform(0.5, 2.0, shape).astype(np.float32)


def U(*shape: int) -> Make:
    """Uniform float32 values in (-0.9, 0.9)."""
    return lambda rng: rng.uniform(-0.9, 0.9, shape).astype(np.float32)


def Prob(*shape: int) -> Make:
    """Positive float32 rows that sum to one over the last axis."""
    def make(rng: np.random.Generator) -> Any:
        x = rng.uniform(0.1, 1.0, shape)
        return (x / x.sum(-1, keepdims=True)).astype(np.float32)
    return make


def H(*shape: int) -> Make:
    """Normal float16 values."""
    return lambda rng: rng.standard_normal(shape).astype(np.float16)


def BF(*shape: int) -> Make:
    """Normal bfloat16 values."""
    def make(rng: np.random.Generator) -> Any:
        import ml_dtypes
        return rng.standard_normal(shape).astype(ml_dtypes.bfloat16)
    return make


def I(low: int, high: int, *shape: int, dtype: Any = np.int32) -> Make:  # noqa: E743
    """Integers in [low, high)."""
    return lambda rng: rng.integers(low, high, shape).astype(dtype)


def B(*shape: int) -> Make:
    """Booleans."""
    return lambda rng: rng.integers(0, 2, shape).astype(bool)


def C(*shape: int) -> Make:
    """Normal complex64 values."""
    return lambda rng: (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(np.complex64)


def A(value: Any, dtype: Any = None) -> Make:
    """These very values; Python ints become int32, floats float32."""
    array = np.asarray(value, dtype)
    if dtype is None and array.dtype == np.int64:
        array = array.astype(np.int32)
    if dtype is None and array.dtype == np.float64:
        array = array.astype(np.float32)
    return lambda rng: array


def S(*strings: Any) -> Make:
    """A vector of strings."""
    values = np.empty(len(strings), object)
    values[:] = [s.encode() if isinstance(s, str) else s for s in strings]
    return lambda rng: values


def all_samples() -> list[Sample]:
    """Every sample of every family, numbered."""
    found = []
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for index, s in enumerate(module.SAMPLES):
            s.family, s.index = info.name, index
            found.append(s)
    return found


def flatten(result: Any) -> list[Any]:
    """The tensors of a result in a fixed order; composites as their components."""
    if result is None:
        return []
    if isinstance(result, dict):
        return [t for key in sorted(result) for t in flatten(result[key])]
    if hasattr(result, "nested_row_splits"):
        return [result.flat_values, *result.nested_row_splits]
    if hasattr(result, "dense_shape") and hasattr(result, "values"):
        return [t for t in (result.indices, result.values, result.dense_shape) if t is not None]
    if isinstance(result, (list, tuple)):
        return [t for part in result for t in flatten(part)]
    return [result]


def loss_of(tf: Any, outputs: list[Any]) -> Any:
    """A weighted sum of the floating outputs, with different weights everywhere; None without floating outputs."""
    total = None
    for out in outputs:
        if not hasattr(out, "dtype") or not hasattr(out, "shape") or isinstance(out, np.ndarray):
            continue
        if not (out.dtype.is_floating or out.dtype.is_complex):
            continue
        size = int(np.prod(out.shape.as_list(), dtype=np.int64))
        w = tf.constant(np.cos(1.0 + np.arange(size)).reshape(out.shape.as_list()))
        if out.dtype.is_complex:
            part = tf.reduce_sum(tf.cast(tf.math.real(out), tf.float64) * w)
            part += tf.reduce_sum(tf.cast(tf.math.imag(out), tf.float64) * (w * w))
        else:
            part = tf.reduce_sum(tf.cast(out, tf.float64) * w)
        total = part if total is None else total + part
    return total


def run(tf: Any, s: Sample, arrays: list[Any]) -> tuple[list[Any], list[Any]]:
    """Outputs as arrays, and the gradient of `loss_of` for each floating input (None where there is none)."""
    tensors = [tf.constant(a, tf.string) if a.dtype.kind == "O" else tf.constant(a) for a in arrays]
    sources = [t for t in tensors if t.dtype.is_floating or t.dtype.is_complex]
    if not s.grad or not sources:
        return [to_array(t) for t in flatten(s.call(tf, *tensors))], []
    with tf.GradientTape() as tape:
        tape.watch(sources)
        outputs = flatten(s.call(tf, *tensors))
        loss = loss_of(tf, outputs)
    gradients = [None] * len(sources) if loss is None else tape.gradient(loss, sources)
    gradients = [None if g is None else to_array(tf.convert_to_tensor(g)) for g in gradients]
    return [to_array(t) for t in outputs], gradients


def to_array(x: Any) -> np.ndarray[Any, Any]:
    """The array of a tensor, a number or a string; strings as object arrays of bytes."""
    value = x.numpy() if hasattr(x, "numpy") else x
    if isinstance(value, (bytes, str)):
        out = np.empty((), object)
        out[()] = value if isinstance(value, bytes) else value.encode()
        return out
    return np.asarray(value)
