"""Forward-mode differentiation: `ForwardAccumulator`.

The rule of an operation is derived from its gradient. The gradient is linear in what arrives at the outputs, so its own
derivative with respect to that, weighted with the tangents of the inputs, is the tangent of the outputs.
"""
from __future__ import annotations

import logging
from typing import Any

from . import nest
from .backprop import dense, zeros_like
from .context import ctx
from .convert import convert_to_tensor
from .opdef import OpDef
from .tape import GradientTape, UnconnectedGradients
from .variable import Variable

_log = logging.getLogger("thalweg")


class ForwardAccumulator:
    """Computes directional derivatives while operations run: of everything that follows from `primals`.

    Args:
      primals: a tensor or variable, or a nest of them.
      tangents: the direction: a nest of tensors of the same structure, shapes and dtypes.

    Raises:
      ValueError: a primal is given twice, or a tangent has another shape or dtype.
    """

    def __init__(self, primals: Any, tangents: Any) -> None:
        self._tape = _ForwardTape()
        nest.assert_same_structure(primals, tangents)
        self._watch(nest.flatten(primals), nest.flatten(tangents))

    def _watch(self, primals: list[Any], tangents: list[Any]) -> None:
        for primal, given in zip(primals, tangents, strict=True):
            if not (primal.dtype.is_floating or primal.dtype.is_complex):
                _log.warning("The dtype of the watched primal must be floating (e.g. tf.float32), got %r", primal.dtype)
                continue
            tangent = convert_to_tensor(given, primal.dtype)
            if not primal.shape.is_compatible_with(tangent.shape):
                raise ValueError(f"The shape of a tangent, {tangent.shape}, differs from that of its primal, {primal.shape}.")
            key = id(primal)
            if key in self._tape.tangents:
                raise ValueError(f"Tensor {primal!r} was specified as a primal multiple times. If that is meant, sum its "
                                 "tangents.")
            self._tape.tangents[key] = tangent
            self._tape.held.append(primal)
            if isinstance(primal, Variable):
                self._tape._reads[key] = (primal, [])
            else:
                self._tape._watched[key] = primal

    def __enter__(self) -> ForwardAccumulator:
        if self._tape._recording:
            raise ValueError("Accumulator is already recording.")
        self._tape._start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._tape._recording:
            self._tape._stop()

    def jvp(self, primals: Any, unconnected_gradients: Any = UnconnectedGradients.NONE) -> Any:
        """The derivative of tensors in the direction of the tangents.

        Args:
          primals: a tensor, or a nest of tensors.
          unconnected_gradients: what stands for tensors that do not depend on the primals: None, or zeros.

        Returns:
          A tensor of the same shape for each, or None.

        Raises:
          ValueError: an unknown value of `unconnected_gradients`.
        """
        unconnected = UnconnectedGradients(unconnected_gradients)

        def tangent(t: Any) -> Any:
            found = self._tape.tangents.get(id(t))
            if found is None and unconnected is UnconnectedGradients.ZERO:
                return zeros_like(t.value() if isinstance(t, Variable) else t)
            return found
        return nest.map_structure(tangent, primals)


class _ForwardTape(GradientTape):
    """Listens as a tape does; every record is differentiated as soon as it arrives, and not kept."""

    def __init__(self) -> None:
        super().__init__(persistent=True, watch_accessed_variables=False)
        self.tangents: dict[int, Any] = {}
        self.held: list[Any] = []
        self._records = _Arriving(self)

    def _watch_variable(self, variable: Variable, tensor: Any) -> None:
        self.tangents[id(tensor)] = self.tangents[id(variable)]
        self._watched[id(tensor)] = tensor

    def push(self, record: Any) -> None:
        """Gives the outputs of a record their tangents."""
        tapes = ctx.tapes
        outer = tapes[:tapes.index(self)] if self in tapes else ()
        ctx.tapes = outer  # tapes around this one see the tangents as results of the primals
        try:
            found = _tangents(record, [self.tangents.get(id(x)) for x in record.inputs])
        finally:
            ctx.tapes = tapes
        for out, tangent in zip(record.outputs, found, strict=True):
            if tangent is not None:
                self.tangents[id(out)] = tangent
                self.held.append(out)


class _Arriving(list[Any]):
    """What a tape appends its records to."""

    def __init__(self, tape: _ForwardTape) -> None:
        super().__init__()
        self._tape = tape

    def append(self, record: Any) -> None:
        self._tape.push(record)


def _tangents(record: Any, tangents: list[Any]) -> list[Any]:
    """The tangents of a record's outputs, from those of its inputs (None where there is none)."""
    outputs = record.outputs
    differentiable = [o.dtype.is_floating or o.dtype.is_complex for o in outputs]
    seeds = [zeros_like(o) for o in outputs]
    with GradientTape(watch_accessed_variables=False) as tape:
        for seed, wanted in zip(seeds, differentiable, strict=True):
            if wanted:
                tape.watch(seed)
        parts = []
        for dx, tangent in zip(_gradients(record, seeds, tangents), tangents, strict=True):
            if dx is not None and tangent is not None:
                parts.append((dense(dx), tangent))
    if not parts:
        return [None] * len(outputs)
    found = tape.gradient([dx for dx, _ in parts], seeds, output_gradients=[t for _, t in parts])
    return [None if g is None else dense(g) for g in found]


def _gradients(record: Any, seeds: list[Any], tangents: list[Any]) -> list[Any]:
    """The gradients for the inputs that have a tangent."""
    op: OpDef = record.op
    if op.vjps:
        return [op.vjps[i](record, *seeds) if i in op.vjps and tangents[i] is not None else None
                for i in range(len(record.inputs))]
    if op.joint is None:
        if not op.differentiable:
            return [None] * len(record.inputs)
        raise LookupError(f"gradient registry has no entry for: {op.type}")
    record.needs = [t is not None for t in tangents]
    found = op.joint(record, *seeds)
    return list(found) if isinstance(found, (list, tuple)) else [found]
