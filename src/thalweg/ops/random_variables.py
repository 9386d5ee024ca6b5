"""Random numbers from a state that is a variable: the operations that draw and move it on at once.

The kernels draw from the state as it is; `OpDef.then` moves it on, with `RngSkip`.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.opdef import OpDef, op
from ..core.shape import TensorShape
from ..core.variable import update
from . import random_draws as draws
from .casting import cast
from .common import static_value
from .creation import known_shape
from .layout import bad
from .philox import Array
from .random_stateless import check_state, rng_skip, with_dtype
from .reductions import reduce_prod


def _moved_on(variable: Any, algorithm: Any, shape: Any, *_: Any) -> Any:
    """Moves the state on by as many outputs as the shape has."""
    known = static_value(shape)
    count = reduce_prod(cast(shape, dtypes.int64)) if known is None else np.array(math.prod(draws.dims(known)), np.int64)
    return update(rng_skip, (variable,), (algorithm, convert_to_tensor(count)))


def _drawn(draw: Callable[..., Any]) -> Callable[..., Any]:
    def kernel(xp: Any, state: Array, algorithm: Any, shape: Any, *inputs: Any, **attrs: Any) -> Any:
        check_state(state, int(algorithm))
        words = state.view(np.uint64)
        return draw(xp, words[2:3], words[:2], shape, *inputs, **attrs)
    return kernel


def _entry(type: str, inputs: str, dtype: str, draw: Callable[..., Any]) -> OpDef:
    entry = op(type, f"resource: resource, algorithm: int64 static, shape: shape_dtype static{inputs} -> output: dtype",
               attrs=f"dtype: type = {dtype}; shape_dtype: type = int64", infer=lambda call: known_shape(call.inputs[2]),
               stateful=True)(_drawn(draw))
    entry.then = _moved_on
    return entry


_entry("StatefulUniform", "", "float", with_dtype(draws.uniform, dtypes.float32))
_entry("StatefulStandardNormalV2", "", "float", with_dtype(draws.normal, dtypes.float32))
_entry("StatefulTruncatedNormal", "", "float", with_dtype(draws.truncated_normal, dtypes.float32))
_entry("StatefulUniformFullInt", "", "uint64", with_dtype(draws.full_int, dtypes.uint64))


def _between(xp: Any, key: Array, counter: Array, shape: Any, minval: Any, maxval: Any) -> Any:
    kind = next((x.dtype for x in (minval, maxval) if isinstance(x, np.ndarray)), np.dtype(np.int64))
    bounds = np.asarray(minval, kind), np.asarray(maxval, kind)
    for word, value in zip(("minval", "maxval"), bounds, strict=True):
        if value.ndim:
            raise bad(f"{word} must be 0-D, got shape [{','.join(map(str, value.shape))}]")
    return draws.uniform_int(xp, key, counter, shape, *bounds)


_entry("StatefulUniformInt", ", minval: dtype static, maxval: dtype static", "int64", _between)


@op("RngReadAndSkip", "resource: resource, alg: int32 static, delta: uint64 -> value: int64", stateful=True,
    infer=lambda call: TensorShape([3]))
def rng_read_and_skip(xp: Any, state: Array, alg: Any, delta: Array) -> Any:
    """The state of a generator, which moves on by `delta` outputs."""
    if state.dtype != np.int64:
        raise bad(f"dtype of RNG state variable must be int64, not {state.dtype.name}")
    check_state(state, int(alg))
    return state[:3]


rng_read_and_skip.then = lambda variable, alg, delta: update(rng_skip, (variable,), (alg, cast(delta, dtypes.int64)))
