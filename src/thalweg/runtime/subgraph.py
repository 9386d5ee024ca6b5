"""A function's graph as a callable on values, differentiable to any order."""
from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from ..core.backprop import dense
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import record
from ..core.dtypes import DType
from ..core.graph_variable import GraphVariable
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import OpDef, get_op
from ..core.symbol import SymbolicTensor
from ..core.tensor import DeviceTensor, EagerTensor
from ..ops.random_state import Counters, counting
from .engine import Executable, Policy, unwrap
from .func_graph import FuncGraph
from .gradients import node_gradients
from .interrupts import hold, release
from .program import Program
from .state import keep_shared


class Subgraph:
    """From the inputs of a function's graph to its outputs.

    A call that no tape watches runs one program. Under a tape it runs a program that also hands out what the gradient
    needs from the way, and puts one record on the tape.

    Args:
      graph: the graph; the gradient's nodes are added to it.
      inputs: the tensors that a call gives values for.
      outputs: the tensors that a call returns.
      jit_compile: see `Executable`.
      effects: operations to run although no output needs them.
    """

    def __init__(self, graph: FuncGraph, inputs: Sequence[SymbolicTensor], outputs: Sequence[SymbolicTensor],
                 jit_compile: Policy = None, effects: Sequence[Any] = ()) -> None:
        self.graph = graph
        self.inputs = list(inputs)
        self.outputs = list(outputs)
        self.jit_compile = jit_compile
        self.effects = list(effects)
        self.plain = Executable(Program(self.outputs, self.inputs, self.effects), jit_compile, device=graph.asked)
        # Small eager tensors of the program are constants of the graph; a tape may watch them all the same.
        self.fixed = [(t, symbol) for t, symbol in graph._constants.values() if _is_differentiable(symbol)]
        self.trainable = [v for v in self.plain.program.variables if v._trainable and not isinstance(v, GraphVariable)]
        self._backward: _Backward | None = None
        self._counters: Counters | None = None

    def __call__(self, inputs: Sequence[EagerTensor]) -> list[EagerTensor]:
        """Runs on the values of eager tensors; variables are read and assigned."""
        if not ctx.tapes:
            return self.run(self.plain, inputs)
        held = [v._read() for v in self.trainable]
        watched = [*inputs, *held, *[t for t, _ in self.fixed]]
        if not any(id(x) in tape._watched for tape in ctx.tapes for x in watched):
            return self.run(self.plain, inputs)
        if self._backward is None:
            self._backward = _Backward(self)
        backward = self._backward
        state = [v._tensor for v in self.plain.program.variables]
        drawn = self._random_counters().copy() if self.plain.program.random else None
        results = self.run(backward.forward, inputs)
        count = len(self.outputs)
        kept = results[count:]

        def gradient(op: Any, *dys: Any) -> list[Any]:
            wanted = [dense(dy) for dy, m in zip(dys, backward.mask, strict=True) if m]
            if ctx.tapes:
                # Somebody may differentiate this gradient: compute it from the inputs, as a record of its own.
                pure = backward.pure()
                return backward.assemble(pure([*inputs, *wanted], state, drawn))
            return backward.assemble(self.run(backward.program, [*kept, *wanted]))
        record(_call_entry(gradient), watched, {}, tuple(results[:count]))
        return results[:count]

    def _random_counters(self) -> Counters:
        """How far each random node of this graph has drawn; `set_seed` starts them again."""
        if self._counters is None:
            self._counters = Counters(restart=True)
        return self._counters

    def run(self, executable: Executable, inputs: Sequence[EagerTensor]) -> list[EagerTensor]:
        """Runs a program of this graph and gives its variables their new values."""
        program = executable.program
        variables = program.variables
        values = [held_value(x) for x in inputs]

        def keep(slot: int, value: Any) -> None:
            variable = variables[slot]
            tensor = wrap_value(value, variable._tensor._dtype)
            variable._tensor = tensor if variable._home is None else variable._home.place(tensor)

        with executable.turn:
            state = [held_value(v._tensor) for v in variables]
            if program.written:
                keep_shared(state, variables, program.written)
            try:
                if program.random:
                    with counting(self._random_counters()):
                        out, new = executable.run(state, values, keep)
                else:
                    out, new = executable.run(state, values, keep)
                if len(program.written) > 1:
                    hold()
                for slot, value in zip(program.written, new, strict=True):
                    keep(slot, value)
            finally:
                release()
            program.spares.take_back(state, program.written)
        return wrap_all(out, program.fetches)


class _Gradient:
    """Gradient nodes added to a function's graph: of some outputs, for inputs and variables."""

    def __init__(self, graph: FuncGraph, inputs: Sequence[SymbolicTensor], variables: Sequence[Any],
                 outputs: Sequence[SymbolicTensor], fixed: Sequence[SymbolicTensor] = ()) -> None:
        self.graph = graph
        self.first = len(graph._nodes)
        self.mask = [_is_differentiable(t) for t in outputs]
        handles = [graph.handle(v) for v in variables]
        tapes, ctx.tapes = ctx.tapes, ()
        try:
            with graph.as_default():
                targets = [t for t, wanted in zip(outputs, self.mask, strict=True) if wanted]
                self.seeds = [graph.add(get_op("Placeholder"), (), {"dtype": t.dtype, "shape": t.shape}, "grad").outputs[0]
                              for t in targets]
                found = node_gradients(targets, [*inputs, *handles, *fixed], self.seeds)
                self.kinds: list[str] = []
                self.parts: list[SymbolicTensor] = []
                for g in found:
                    self._take(g)
        finally:
            ctx.tapes = tapes

    def _take(self, g: Any) -> None:
        if g is None:
            self.kinds.append("none")
        elif isinstance(g, IndexedSlices):
            self.kinds.append("slices" if g.dense_shape is None else "shaped")
            parts = (g.values, g.indices) if g.dense_shape is None else (g.values, g.indices, g.dense_shape)
            self.parts += [self.graph.capture(convert_to_tensor(p)) for p in parts]
        else:
            self.kinds.append("dense")
            self.parts.append(self.graph.capture(g))

    def assemble(self, values: Sequence[Any]) -> list[Any]:
        """The gradients, one a source, from the values of `parts`."""
        parts = iter(values)
        out: list[Any] = []
        for kind in self.kinds:
            if kind == "none":
                out.append(None)
            elif kind == "dense":
                out.append(next(parts))
            else:
                rows, indices = next(parts), next(parts)
                out.append(IndexedSlices(rows, indices, next(parts) if kind == "shaped" else None))
        return out


class _Backward(_Gradient):
    """The first-order gradient of a call: a program fed with what the forward program kept."""

    def __init__(self, forward: Subgraph) -> None:
        super().__init__(forward.graph, forward.inputs, forward.trainable, forward.outputs,
                         [symbol for _, symbol in forward.fixed])
        graph = forward.graph
        needed: dict[int, SymbolicTensor] = {}
        uses = [x for node in graph._nodes[self.first:] for x in node.inputs] + self.parts
        for x in uses:
            if x.op._id < self.first and x.op.type not in ("Const", "VarHandleOp"):
                needed[id(x)] = x
        kept = list(needed.values())
        self._source = forward
        self.forward = Executable(Program([*forward.outputs, *kept], forward.inputs, forward.effects), forward.jit_compile,
                                  device=graph.asked)
        self.program = Executable(Program(self.parts, [*kept, *self.seeds]), forward.jit_compile, device=graph.asked)
        self._pure: PureCall | None = None

    def pure(self) -> PureCall:
        """The gradient as a function of the inputs, the variables' values before the call, and the seeds."""
        if self._pure is None:
            source = self._source
            self._pure = PureCall(source.graph, [*source.inputs, *self.seeds], source.plain.program.variables, self.parts)
        return self._pure


class PureCall:
    """A function of a graph's tensors and of given values of its variables, without effects; differentiable again."""

    def __init__(self, graph: FuncGraph, inputs: Sequence[SymbolicTensor], variables: Sequence[Any],
                 outputs: Sequence[SymbolicTensor]) -> None:
        self.graph = graph
        self.inputs = list(inputs)
        self.variables = list(variables)
        self.outputs = list(outputs)
        self.executable = Executable(Program(self.outputs, self.inputs), device=graph.asked)
        self._gradient: tuple[_Gradient, PureCall] | None = None

    def __call__(self, inputs: Sequence[EagerTensor], state: Sequence[EagerTensor],
                 drawn: Counters | None = None) -> list[EagerTensor]:
        """Runs on the values of inputs and variables.

        Args:
          drawn: where random nodes were in their streams before the call, if there are any: they draw the same again.
        """
        by_id = {id(v): t for v, t in zip(self.variables, state, strict=True)}
        program = self.executable.program
        values = [held_value(by_id[id(v)]) for v in program.variables]
        with counting(drawn.copy()) if drawn is not None else nullcontext():
            out, _ = self.executable.run(values, [held_value(x) for x in inputs])
        results = wrap_all(out, program.fetches)
        if ctx.tapes:
            def gradient(op: Any, *dys: Any) -> list[Any]:
                found, call = self._differentiate()
                wanted = [dense(dy) for dy, m in zip(dys, found.mask, strict=True) if m]
                return found.assemble(call([*inputs, *wanted], state, drawn))
            record(_call_entry(gradient), [*inputs, *state], {}, tuple(results))
        return results

    def _differentiate(self) -> tuple[_Gradient, PureCall]:
        if self._gradient is None:
            found = _Gradient(self.graph, self.inputs, self.variables, self.outputs)
            call = PureCall(self.graph, [*self.inputs, *found.seeds], self.variables, found.parts)
            self._gradient = (found, call)
        return self._gradient


def _call_entry(gradient: Any) -> OpDef:
    entry = OpDef("PartitionedCall", "args: Tin -> output: Tout", "Tin: type; Tout: type", _no_kernel, None, None,
                  False, False, False)
    entry.joint = gradient
    return entry


def _is_differentiable(t: SymbolicTensor) -> bool:
    return t.dtype.is_floating or t.dtype.is_complex


def wrap_all(values: Sequence[Any], tensors: Sequence[SymbolicTensor]) -> list[EagerTensor]:
    """Eager tensors around what a program returned."""
    return [wrap_value(value, None if t._dtype.is_numpy_compatible and not t._dtype.is_quantized else t._dtype)
            for value, t in zip(values, tensors, strict=True)]


def wrap_value(value: Any, dtype: DType | None) -> EagerTensor:
    """A tensor around a value of a program: on the device where it is, never a NumPy scalar or bare bytes."""
    if type(value) is np.ndarray:
        return EagerTensor(value, dtype)
    if hasattr(value, "devices"):
        return DeviceTensor(value, dtype)
    value = unwrap(value)
    if isinstance(value, np.generic):
        return EagerTensor(np.asarray(value), dtype)
    if isinstance(value, bytes):
        array = np.empty((), object)
        array[()] = value
        return EagerTensor(array, dtype)
    return EagerTensor(value, dtype)


def held_value(tensor: EagerTensor) -> Any:
    """The array behind a tensor, on the device where it is."""
    return tensor._device_value if type(tensor) is DeviceTensor else tensor._value


def _no_kernel(*_: Any) -> Any:
    raise AssertionError("the record of a call is never run forward")
