"""The chain rule, written once: a walk backwards over records, for tapes and graphs alike."""
from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from . import dtypes, errors
from .convert import match_scalar
from .dispatch import _QUIET, _reset_quiet, _set_quiet, apply
from .indexed_slices import IndexedSlices
from .opdef import OpDef, get_op
from .tensor import EagerTensor

Gradient = Any
"""A tensor, an IndexedSlices, or None where nothing flows."""


def backprop(records: Sequence[Any], targets: Sequence[Any], sources: Iterable[Any],
             seeds: Sequence[Gradient]) -> dict[int, Gradient]:
    """Gradients of `sum(targets * seeds)`.

    Args:
      records: what was computed, in order; each has `op` (its entry), `inputs`, `outputs`, `attrs`.
      targets: the tensors to differentiate.
      sources: the tensors to differentiate with respect to; they may lie between others.
      seeds: the gradient that arrives at each target, or None for ones.

    Returns:
      The gradient by `id(source)`; sources that do not reach a target are missing.
    """
    live = {id(s) for s in sources}
    kept = frozenset(live)
    path = []
    for record in records:
        for x in record.inputs:
            if id(x) in live:
                path.append(record)
                for out in record.outputs:
                    live.add(id(out))
                break
    gradients: dict[int, Gradient] = {}
    for target, seed in zip(targets, seeds, strict=True):
        if id(target) in live:
            _add(gradients, id(target), ones_like(target) if seed is None else seed)
    path.reverse()
    # NumPy's warnings are silenced for the whole walk, so that gradient rules may use arrays directly.
    token = _set_quiet(_QUIET)
    try:
        _walk(path, kept, live, gradients)
    finally:
        _reset_quiet(token)
    return {key: g for key, g in gradients.items() if key in kept}


def _walk(path: Sequence[Any], kept: frozenset[int], live: set[int], gradients: dict[int, Gradient]) -> None:
    """Visits records from the last to the first."""
    for record in path:
        outputs = record.outputs
        if len(outputs) == 1:
            key = id(outputs[0])
            dy = gradients.get(key) if key in kept else gradients.pop(key, None)
            if dy is not None:
                _step(record, (dy,), live, gradients)
            continue
        arriving = [gradients.get(id(o)) if id(o) in kept else gradients.pop(id(o), None) for o in outputs]
        if any(g is not None for g in arriving):
            dys = tuple([zeros_like(o) if g is None else g for g, o in zip(arriving, outputs, strict=True)])
            _step(record, dys, live, gradients)


def _step(record: Any, dys: tuple[Gradient, ...], live: set[int], gradients: dict[int, Gradient]) -> None:
    """Passes the gradients of one record's outputs to those of its inputs that lead to a source."""
    op: OpDef = record.op
    vjps = op.vjps
    if vjps:
        if len(dys) == 1 and type(dys[0]) is IndexedSlices:
            dys = (dense(dys[0]),)
        inputs = record.inputs
        for i, rule in vjps.items():
            if i < len(inputs):
                key = id(inputs[i])
                if key in live:
                    dx = rule(record, *dys)
                    if dx is not None:
                        present = gradients.get(key)
                        gradients[key] = dx if present is None else add(present, dx)
        return
    if op.joint is None:
        if not op.differentiable:
            return
        raise LookupError(f"gradient registry has no entry for: {op.type}")
    record.needs = [id(x) in live for x in record.inputs]
    found = op.joint(record, *dys)
    if not isinstance(found, (list, tuple)):
        found = (found,)
    if len(found) != len(record.inputs):
        raise ValueError(f"Num gradients {len(found)} generated for op {op.type} do not match num inputs "
                         f"{len(record.inputs)}")
    for x, dx, needed in zip(record.inputs, found, record.needs, strict=True):
        if needed and dx is not None:
            _add(gradients, id(x), dx)


def _add(gradients: dict[int, Gradient], key: int, dx: Gradient) -> None:
    present = gradients.get(key)
    gradients[key] = dx if present is None else add(present, dx)


def add(a: Gradient, b: Gradient) -> Gradient:
    """The sum of two gradients, either of which may be sparse."""
    if isinstance(a, IndexedSlices) and isinstance(b, IndexedSlices):
        concat = get_op("ConcatV2")
        return IndexedSlices(apply(concat, (a.values, b.values, 0)), apply(concat, (a.indices, b.indices, 0)),
                             a.dense_shape)
    a, b = dense(a), dense(b)
    return apply(get_op("TensorListAdd" if a.dtype is dtypes.variant else "AddV2"), (a, b))


def dense(gradient: Gradient) -> Any:
    """The gradient as a tensor."""
    return gradient.__tf_tensor__() if isinstance(gradient, IndexedSlices) else gradient


def ones_like(x: Any) -> Any:
    """Ones of the shape and dtype of a tensor."""
    if type(x) is EagerTensor:
        value = x._value
        return EagerTensor(np.ones(value.shape, value.dtype)) if value.shape else match_scalar(1, x.dtype)
    return apply(get_op("OnesLike"), (x,))


def zeros_like(x: Any) -> Any:
    """Zeros of the shape and dtype of a tensor or variable; for a list of tensors, a list of zeros."""
    return apply(get_op("TensorListZeros" if x.dtype is dtypes.variant else "ZerosLike"), (x,))


def register_gradient(op_type: str) -> Any:
    """A decorator that registers `f(op, *grads)` as the gradient of an op type, as `tf.RegisterGradient`.

    Raises:
      TypeError: `op_type` is not a string.
      KeyError: the op type has a gradient already.
    """
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")

    def register(f: Any) -> Any:
        overrides = GRADIENT_NAMES
        try:
            entry = get_op(op_type)
        except errors.NotFoundError:
            if op_type in overrides:
                raise KeyError(f"Registering two gradient with name '{op_type}'!") from None
            overrides[op_type] = f
            return f
        if entry.vjps or entry.joint is not None:
            raise KeyError(f"Registering two gradient with name '{op_type}'!")
        entry.joint = f
        entry.differentiable = True
        return f
    return register


GRADIENT_NAMES: dict[str, Any] = {}
"""Gradients under names that are no op types, for a graph's gradient_override_map."""


def overridden(entry: OpDef, name: str) -> OpDef:
    """An entry with the gradient that is registered under another name.

    Raises:
      LookupError: no gradient has that name.
    """
    rule = GRADIENT_NAMES.get(name)
    if rule is None:
        raise LookupError(f"gradient registry has no entry for: {name}")
    other = copy.copy(entry)
    other.vjps, other.joint, other.differentiable = {}, rule, True
    return other


def no_gradient(op_type: str) -> None:
    """Declares that no gradient flows through an op type.

    Raises:
      TypeError: `op_type` is not a string.
    """
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")
    get_op(op_type).not_differentiable()
