"""What every op entry must do, generated from the samples.

For each sample: the result equals TensorFlow's (value, dtype, shape), the gradients equal TensorFlow's and finite
differences. For each kernel call that a sample causes: the declared shape and dtype fit the result, also when shapes are
known in part, and the compiled kernel gives what the NumPy kernel gives. And every registered entry has a sample.
"""
from __future__ import annotations

import functools
import importlib.util
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from tests import goldens
from tests.samples import Sample, all_samples, flatten, loss_of, run, to_array
from tests.tolerances import difference

import thalweg as tf
from thalweg.core import dtypes
from thalweg.core.dispatch import Typed
from thalweg.core.infer import InputSpec, infer_outputs
from thalweg.core.opdef import OpDef, all_ops
from thalweg.core.shape import TensorShape
from thalweg.ops.random_state import DRAWS

SAMPLES = all_samples()
HAS_JAX = importlib.util.find_spec("jax") is not None
_goldens: dict[str, dict[str, Any]] = {}


def golden(s: Sample) -> dict[str, Any]:
    if s.family not in _goldens:
        _goldens[s.family] = goldens.load(s.family)
    store = _goldens[s.family]
    prefix = f"{s.index}/"
    found = {key[len(prefix):]: value for key, value in store.items() if key.startswith(prefix)}
    assert "crc" in found, "no golden: run tools/make_goldens.py with TensorFlow"
    assert int(found["crc"]) == goldens.fingerprint(s.arrays()), "the golden is for other inputs: make it again"
    return found


@pytest.mark.parametrize("s", [s for s in SAMPLES if s.compare], ids=lambda s: s.id)
def test_equals_tensorflow(s: Sample) -> None:
    expected = golden(s)
    outputs, gradients = run(tf, s, s.arrays())
    wanted = [key for key in expected if key.startswith("out/")]
    assert len(outputs) == len(wanted)
    for k, out in enumerate(outputs):
        assert difference(out, expected[f"out/{k}"], s.tol) == "", f"output {k}"
    assert [g is None for g in gradients] == expected["none"].tolist()
    for k, g in enumerate(gradients):
        if g is not None:
            assert difference(g, expected[f"grad/{k}"], s.tol) == "", f"gradient {k}"


_EAGER_FAMILIES = {"candidates", "random", "generator", "fractional_pool", "random_earlier", "removed", "state",
                   "training_ops"}
"""Families that create variables or graphs, or whose numbers depend on where they are drawn."""


def _traces(s: Sample) -> bool:
    return s.compare and s.family not in _EAGER_FAMILIES and s.ops[0] not in ("ResourceStridedSliceAssign", "NoOp")


@pytest.mark.parametrize("s", [s for s in SAMPLES if _traces(s)], ids=lambda s: s.id)
def test_traced_program_equals_tensorflow(s: Sample) -> None:
    """The same call inside a `tf.function`, interpreted as one program."""
    expected = golden(s)
    tensors = [_tensor(a) for a in s.arrays()]
    f = tf.function(lambda *args: [_as_output(t) for t in flatten(s.call(tf, *args))], jit_compile=False)
    for k, out in enumerate(f(*tensors)):
        assert difference(to_array(out), expected[f"out/{k}"], s.tol) == "", f"output {k}"


def _as_output(x: Any) -> Any:
    return x if tf.is_tensor(x) else tf.constant(x)


def _differentiable(s: Sample) -> bool:
    if not (s.grad and s.fd and s.compare):
        return False
    return any(a.dtype in (np.float32, np.float64) and a.size for a in s.arrays())


@pytest.mark.parametrize("s", [s for s in SAMPLES if _differentiable(s)], ids=lambda s: s.id)
def test_gradient_is_the_derivative(s: Sample) -> None:
    """Along a random direction, in double precision where the sample allows it."""
    arrays = s.arrays()
    wide = [a.astype(np.float64) if a.dtype == np.float32 else a for a in arrays]
    step, tol = 1e-6, 1e-4
    try:
        outputs = flatten(s.call(tf, *[_tensor(a) for a in wide]))
        if any(getattr(t, "dtype", None) in (tf.float32, tf.complex64) for t in outputs):
            wide, step, tol = arrays, 1e-2, 3e-2  # something on the way computes in single precision
    except (tf.errors.OpError, TypeError, ValueError):
        wide, step, tol = arrays, 1e-2, 3e-2
    rng = np.random.default_rng(0)
    directions = [rng.standard_normal(a.shape).astype(a.dtype) if a.dtype.kind == "f" and a.dtype.itemsize >= 4 else None
                  for a in wide]

    def value(t: float) -> float:
        moved = [a if d is None else (a + t * d).astype(a.dtype) for a, d in zip(wide, directions, strict=True)]
        return float(loss_of(tf, flatten(s.call(tf, *[_tensor(a) for a in moved]))))
    tensors = [_tensor(a) for a in wide]
    sources = [t for t, d in zip(tensors, directions, strict=True) if d is not None]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        loss = loss_of(tf, flatten(s.call(tf, *tensors)))
    if loss is None:
        pytest.skip("no floating output")
    gradients = tape.gradient(loss, sources)
    moving = [d for d in directions if d is not None]
    slope = sum(float(np.sum(to_array(tf.convert_to_tensor(g)) * d))
                for g, d in zip(gradients, moving, strict=True) if g is not None)
    if not np.isfinite(slope) or not np.isfinite(value(0.0)):
        pytest.skip("the sample is about infinities")
    numeric = (value(step) - value(-step)) / (2 * step)
    assert slope == pytest.approx(numeric, rel=tol, abs=tol * max(1.0, abs(value(0.0))))


def _tensor(a: Any) -> Any:
    return tf.constant(a, tf.string) if a.dtype.kind == "O" else tf.constant(a)


Call = tuple[OpDef, tuple[Any, ...], dict[str, Any], tuple[Any, ...]]


@contextmanager
def spy(calls: list[Call]) -> Iterator[None]:
    """Notes every call of a kernel."""
    entries = all_ops().values()
    kernels = {entry.type: entry.kernel for entry in entries}

    def watch(entry: OpDef, kernel: Any) -> Any:
        @functools.wraps(kernel)
        def watched(xp: Any, *arrays: Any, **attrs: Any) -> Any:
            # Copies, because in-place forms may write into what they were given.
            inputs = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in arrays)
            out = kernel(xp, *arrays, **attrs)
            count = len(entry.signature.inputs)
            named = dict(attrs)
            lists = [x.name for x in entry.signature.attrs if x.type == "list(type)"]
            if len(inputs) > count and not any(a.number or a.type in lists for a in entry.signature.inputs):
                # Short ways to a kernel pass its attributes by position.
                names = list(inspect.signature(kernel).parameters)[1 + count:]
                named.update(zip(names, inputs[count:], strict=False))
                inputs = inputs[:count]
            calls.append((entry, inputs, named, out if isinstance(out, tuple) else (out,)))
            return out
        return watched
    for entry in entries:
        entry.kernel = watch(entry, entry.kernel)
    in_place = {entry.type: entry.in_place for entry in entries}
    for entry in entries:
        entry.in_place = None
    try:
        yield
    finally:
        for entry in entries:
            entry.kernel = kernels[entry.type]
            entry.in_place = in_place[entry.type]


_noted: dict[str, list[Call]] = {}


def calls_of(s: Sample) -> list[Call]:
    """The kernel calls of a sample, gradient included."""
    if s.id not in _noted:
        calls: list[Call] = []
        with spy(calls):
            run(tf, s, s.arrays())
        _noted.clear()  # the tests of a sample that need its calls follow one another
        _noted[s.id] = calls
    return _noted[s.id]


def own_calls_of(s: Sample) -> list[Call]:
    """The calls of the ops that the sample is there for."""
    return [call for call in calls_of(s) if call[0].type in s.ops]


def _specs(entry: OpDef, arrays: tuple[Any, ...], hide: Any) -> list[InputSpec]:
    specs = []
    for a in arrays:
        if hasattr(a, "tensor_dtype"):  # a list of tensors
            specs.append(InputSpec(TensorShape([]), a.tensor_dtype, None))
            continue
        value = a if isinstance(a, np.ndarray) else np.asarray(a)
        if not isinstance(a, np.ndarray) and value.dtype == np.int64:
            value = value.astype(np.int32)
        dtype = dtypes.string if value.dtype.kind in "OSU" else dtypes.from_numpy(value.dtype)
        specs.append(hide(InputSpec(TensorShape(value.shape), dtype, value)))
    return specs


def _typed(out: Any) -> tuple[tuple[int, ...], dtypes.DType]:
    if isinstance(out, Typed):
        return out.value.shape, out.dtype
    if hasattr(out, "tensor_dtype"):
        return (), out.tensor_dtype
    value = np.asarray(out, object) if isinstance(out, (bytes, str)) else np.asarray(out)
    return value.shape, dtypes.from_numpy(value.dtype)


@pytest.mark.parametrize("s", SAMPLES, ids=lambda s: s.id)
def test_declared_shape_and_dtype_fit_the_result(s: Sample) -> None:
    known = [lambda spec: spec,
             lambda spec: InputSpec(spec.shape, spec.dtype, None),
             lambda spec: InputSpec(TensorShape([None] * spec.shape.rank), spec.dtype, None),
             lambda spec: InputSpec(TensorShape(None), spec.dtype, None)]
    for entry, arrays, attrs, outputs in calls_of(s):
        if entry.writes_state:
            continue
        for exact, hide in enumerate(known):
            if exact == 2 and attrs.get("incompatible_shape_error") is False:
                continue  # TensorFlow's own rule promises shapes that broadcast, where the result is a scalar if they do not
            declared = infer_outputs(entry, _specs(entry, arrays, hide), attrs)
            assert len(declared) == len(outputs), entry
            for (shape, dtype), out in zip(declared, outputs, strict=True):
                real, real_dtype = _typed(out)
                assert dtype == real_dtype, f"{entry}: declared {dtype}, is {real_dtype}"
                assert shape.is_compatible_with(real), f"{entry}: declared {shape}, is {real} (knowledge {exact})"
                if exact == 0 and not entry.dynamic and not any(hasattr(a, "tensor_dtype") for a in arrays):
                    assert shape.is_fully_defined(), f"{entry}: {shape} for wholly known inputs"


@pytest.mark.skipif(not HAS_JAX, reason="needs the xla extra")
@pytest.mark.parametrize("s", SAMPLES, ids=lambda s: s.id)
def test_compiled_kernel_equals_numpy_kernel(s: Sample) -> None:
    import jax
    import jax.numpy as jnp
    for entry, arrays, attrs, outputs in own_calls_of(s):
        if entry.host or entry.dynamic or any(np.asarray(a).dtype.kind in "OSU" for a in arrays):
            continue
        if entry.type in DRAWS:
            continue  # the recorded call has moved the stream on; tests/runtime/test_random_programs.py draws compiled
        if any(hasattr(out, "tensor_dtype") for out in outputs):
            continue  # lists have another form in compiled programs; tests of control flow compare those
        static = entry.static_inputs(len(arrays))
        traced = [i for i, a in enumerate(arrays) if isinstance(a, np.ndarray) and i not in static]
        kernel = entry.xla_kernel or entry.kernel

        def compiled(*values: Any, traced: Any = traced, arrays: Any = arrays, kernel: Any = kernel,
                     attrs: Any = attrs) -> Any:
            full = list(arrays)
            for i, v in zip(traced, values, strict=True):
                full[i] = v
            out = kernel(jnp, *full, **attrs)
            return tuple(o.value if isinstance(o, Typed) else o for o in (out if isinstance(out, tuple) else (out,)))
        with jax.enable_x64(True):
            options = {"xla_backend_optimization_level": 0}  # compiled in a third of the time
            got = jax.jit(compiled, compiler_options=options)(*[arrays[i] for i in traced])
        for g, e in zip(got, outputs, strict=True):
            e = np.asarray(e.value if isinstance(e, Typed) else e)
            assert difference(np.asarray(g), e, s.tol) == "", f"{entry} compiled"


IN_GRAPHS_ONLY = {"Const", "NoOp", "Placeholder", "PlaceholderV2", "PlaceholderWithDefault", "VarHandleOp",
                  "VarIsInitializedOp", "ReadVariableOp", "IteratorV2", "AnonymousIteratorV3", "IteratorMaker",
                  "MakeIterator", "OneShotIterator", "IteratorGetNext", "IteratorToStringHandle", "IteratorFromStringHandleV2"}
"""Entries that eager code never runs; the tests in tests/runtime, tests/v1 and tests/data do."""


def test_every_entry_is_reached_by_a_sample() -> None:
    reached: set[str] = set()
    for s in SAMPLES:
        reached |= {entry.type for entry, *_ in calls_of(s)}
    entries = {t for t, entry in all_ops().items() if entry.kernel.__module__.startswith("thalweg.ops")}
    assert sorted(entries - reached - IN_GRAPHS_ONLY) == []
