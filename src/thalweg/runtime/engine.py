"""Running programs: interpreted on NumPy, or compiled by XLA when they run again and are large enough."""
from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import numpy as np

from ..core import errors
from ..core.dispatch import _QUIET, Typed, _reset_quiet, _set_quiet
from ..core.memory import on_host, shortage, translate
from ..core.symbol import Operation
from ..core.variable import ResourceVariable
from ..ops.list_values import DeviceList
from .codegen import Code
from .interrupts import release
from .placement import places_of
from .program import Program
from .state import turn
from .stretch import Stretch, split
from .work import Work, estimate

if TYPE_CHECKING:
    from .xla import Unmet

Policy = bool | Literal["auto"] | None
"""The values of `jit_compile`."""

Keep = Callable[[int, Any], None]
"""Takes the position of a variable and its value."""

MAX_SIGNATURES = 8
"""A program that was compiled for this many signatures and still gets new ones stays interpreted for those."""


@lru_cache(maxsize=1)
def xla_available() -> bool:
    """Whether JAX is installed."""
    return importlib.util.find_spec("jax") is not None


class Executable:
    """A program ready to run, again and again, under one policy of compilation.

    Args:
      program: what to run.
      jit_compile: True compiles at the first run and refuses what cannot be compiled, False never compiles, None
        compiles from the second run of a signature on, where the program is large enough to gain by it. "auto" does
        the same for a caller that knows that the program will run again: the first signature of all needs no second run.
      donate: whether the memory of state that gets new values may be taken over.
      device: the name of the device that the program was asked to run on, or None.

    Raises:
      InvalidArgumentError: a device is not there, and soft placement is off.
    """

    def __init__(self, program: Program, jit_compile: Policy = None, donate: bool = True,
                 device: str | None = None) -> None:
        self.program = program
        self._places = places_of(program.nodes, device)
        self.jit_compile = jit_compile
        self._insists = jit_compile is True
        self._donate = donate
        state = [("state", i) for i in range(len(program.variables))]
        self.arguments: list[Any] = state + [id(t) for t in program.feeds]
        fetches = [("state", program.slot_of(t)) if t.op.type == "VarHandleOp" else id(t) for t in program.fetches]
        self.results: list[Any] = fetches + [("state", i) for i in program.written]
        self._count = len(program.fetches)
        self._whole = Stretch(program.nodes, False)
        self._whole.inputs, self._whole.outputs = self.arguments, self.results
        self._refused: dict[int, str] = {}
        self._stretches: list[Stretch] | None = None
        self._runs: set[Any] = set()
        self._decided: dict[Any, bool] = {}
        self.seconds: dict[str, float] = {}
        self.work: Work | None = None
        self.turn = turn(program)
        """What to enter from the look at the state until its new values are in place."""
        self._steady = all(isinstance(v, ResourceVariable) and v.shape.is_fully_defined() for v in program.variables)
        self._plain = jit_compile is False or not xla_available() or not program.nodes

    def run(self, state: Sequence[Any], feeds: Sequence[Any],
            keep: Keep | None = None) -> tuple[Sequence[Any], Sequence[Any]]:
        """Runs the program once.

        Args:
          state: the value of each of `program.variables`.
          feeds: the value of each of `program.feeds`.
          keep: called with a position in `program.variables` and its value as it was, where a compiled program took over
            the memory of that value and failed.

        Returns:
          The fetched values, and the new values of the variables in `program.written`.

        Raises:
          OpError: an operation failed; no new values came to be.
        """
        values = [*state, *feeds]
        if self._plain:
            out = self._interpret(values)
        else:
            # Variables of one shape for good say nothing about this run.
            seen = feeds if self._steady else values
            signature = tuple([None if v is None else (v.dtype, v.shape) for v in seen])
            compiles = self._decided.get(signature)
            if compiles is None:
                compiles = self._decide(signature, values)
            out = self._run_compiled(values, signature, keep) if compiles else self._interpret(values)
        count = self._count
        if self._places is not None:
            return self._places.settle([t.op for t in self.program.fetches], out[:count]), out[count:]
        return out[:count], out[count:]

    def _decide(self, signature: Any, values: Sequence[Any]) -> bool:
        """Whether this run is compiled; settles the matter for a signature at its second run, or where it need not wait."""
        if self._insists:
            self._decided[signature] = True
            return True
        at_once = self.jit_compile == "auto" and not self._runs
        waits = signature not in self._runs and not at_once
        self._runs.add(signature)
        if waits:
            return False
        if sum(self._decided.values()) >= MAX_SIGNATURES:
            self._decided[signature] = False
            return False
        self.work = estimate(self.program, self.arguments, values)
        self._decided[signature] = self.work.compiles
        return self.work.compiles

    def _interpret(self, values: Sequence[Any]) -> tuple[Any, ...]:
        code = self._whole.code(self.program)
        token = _set_quiet(_QUIET)
        try:
            return code.run(np, *[v if type(v) is np.ndarray else _on_host(v) for v in values])
        except Exception as error:
            fail(error, code)
        finally:
            _reset_quiet(token)

    def _run_compiled(self, values: Sequence[Any], signature: Any, keep: Keep | None) -> tuple[Any, ...]:
        while True:
            stretches = self._stretches
            if stretches is None:
                stretches = self._stretches = split(self.program, self.results, self._refused, self._insists,
                                                          self._places)
                if self._insists and not all(s.compiles for s in stretches):
                    raise _refusal(next(s for s in stretches if not s.compiles))
            try:
                return self._run_stretches(stretches, values, signature, keep)
            except _Refused:
                self._stretches = None

    def _run_stretches(self, stretches: Sequence[Stretch], values: Sequence[Any], signature: Any,
                       keep: Keep | None) -> tuple[Any, ...]:
        if len(stretches) == 1 and stretches[0].compiles:
            stretch = stretches[0]
            if stretch.compiled is None:
                stretch.inputs, stretch.outputs = self.arguments, self.results
            return self._call(0, stretch, values, signature, keep)
        found: dict[Any, Any] = dict(zip(self.arguments, values, strict=True))
        constants = self.program.constants
        for index, stretch in enumerate(stretches):
            inputs = [found[key] if key in found else constants[key] for key in stretch.inputs]
            if stretch.compiles:
                shapes = tuple([None if v is None else (v.dtype, v.shape) for v in inputs])
                try:
                    out = self._call(index, stretch, inputs, shapes, keep)
                except _Refused:  # what ran before may have had effects, so this run goes on; the next one is split anew
                    self._stretches = None
                    out = self._interpret_stretch(stretch, inputs)
            else:
                out = self._interpret_stretch(stretch, inputs)
            found.update(zip(stretch.outputs, out, strict=True))
        return tuple([found[key] if key in found else constants[key] for key in self.results])

    def _call(self, index: int, stretch: Stretch, values: Sequence[Any], signature: Any,
              keep: Keep | None) -> tuple[Any, ...]:
        from . import xla
        compiled = stretch.compiled
        if compiled is None:
            compiled = stretch.compiled = xla.Compiled(self.program, stretch, self._donated(stretch), not self._insists)
        started = time.perf_counter()
        try:
            return compiled(values, signature)  # type: ignore[no-any-return]
        except xla.NotCompilable as error:
            node = _node_of(error, compiled.code)
            if self._insists:
                raise errors.InvalidArgumentError(
                    f"Detected unsupported operations when trying to compile graph: {error}") from error
            # Without a node it was an argument, such as a list of tensors of many shapes: nobody here can take it.
            for refused in (node,) if node is not None else stretch.nodes:
                self._refused[id(refused)] = error.reason
            raise _Refused from error
        except xla.Unmet as error:
            unmet = error
        except Exception as error:
            if self._insists or _node_of(error, compiled.code) is None:
                fail(translate(error), compiled.code)
            # A kernel refused its inputs while it was traced. A check before it may fail, or the program not get there.
            unmet = xla.Unmet({})
        finally:
            self.seconds.setdefault(f"first call of stretch {index}", time.perf_counter() - started)
        return self._again(stretch, values, unmet, keep)

    def _again(self, stretch: Stretch, values: Sequence[Any], unmet: Unmet, keep: Keep | None) -> tuple[Any, ...]:
        """Interprets a stretch whose compiled form found its values wrong, for the error."""
        values = list(values)
        for i, value in unmet.kept.items():
            values[i] = value
            if keep is not None:
                keep(stretch.inputs[i][1], value)
        release()
        try:
            return self._interpret_stretch(stretch, values)
        except errors.OpError:
            if unmet.rewind is not None:
                unmet.rewind()
            raise

    def _donated(self, stretch: Stretch) -> list[int]:
        """The inputs whose memory the results may take over: state that the whole program replaces.

        Where the shape of a variable may change, its old value could not be given back if the program fails.
        """
        if not self._donate or len(self._stretches or ()) != 1:
            return []
        written = {("state", i) for i in self.program.written
                   if self._insists or self.program.variables[i].shape.is_fully_defined()}
        return [i for i, key in enumerate(stretch.inputs) if key in written]

    def _interpret_stretch(self, stretch: Stretch, values: Sequence[Any]) -> tuple[Any, ...]:
        code = stretch.code(self.program)
        token = _set_quiet(_QUIET)
        try:
            return code.run(np, *[v if type(v) is np.ndarray else _on_host(v) for v in values])
        except Exception as error:
            fail(error, code)
        finally:
            _reset_quiet(token)


class _Refused(Exception):
    """A stretch turned out not to compile as it is; the program is split anew."""


def _on_host(value: Any) -> Any:
    """A device array as a NumPy array, a list of one as a list; anything else as it is."""
    if type(value) is DeviceList:
        return value.to_host()
    return on_host(value) if hasattr(value, "devices") else value


def _refusal(stretch: Stretch) -> errors.InvalidArgumentError:
    node = stretch.nodes[0]
    frame = node.frame
    return errors.InvalidArgumentError(
        None, node, f"Detected unsupported operations when trying to compile graph: {node.type} ({stretch.reason})"
        f"{{{{node {node.name}}}}}\nThe op is created at: \nFile \"{frame.filename}\", line {frame.lineno}, in {frame.name}")


def fail(error: Exception, code: Code) -> NoReturn:
    """Raises an error of a running program as TensorFlow does: with the node, and where the program made it."""
    node = _node_of(error, code)
    if node is None or (isinstance(error, errors.OpError) and error.op is not None):
        raise error
    frame = node.frame
    if not isinstance(error, errors.OpError) and node.op.explain is not None:
        error = _explained(error, node) or error
    if isinstance(error, MemoryError):
        error = errors.ResourceExhaustedError(None, None, shortage(error))
    if not isinstance(error, errors.OpError):
        error.add_note(f'in node {node.name} ({node.type}), defined at File "{frame.filename}", line {frame.lineno}, in '
                       f"{frame.name}")
        raise error
    raise type(error)(None, node, f"Graph execution error:\n\n{error.message}\n\t [[{{{{node {node.name}}}}}]]") from error


def _explained(error: Exception, node: Operation) -> errors.OpError | None:
    """The entry's own words for what NumPy found wrong, from the arrays in the failed call."""
    explain = node.op.explain
    trace = error.__traceback__
    while trace is not None and explain is not None:
        frame = trace.tb_frame
        if frame.f_code is getattr(node.op.kernel, "__code__", None):
            names = frame.f_code.co_varnames[1:frame.f_code.co_argcount]
            try:
                explain(*[frame.f_locals[n] for n in names if n not in node.attrs], **node.attrs)
            except errors.OpError as explained:
                return explained
        trace = trace.tb_next
    return None


def _node_of(error: Exception, code: Code) -> Operation | None:
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == code.filename:
            return code.lines.get(trace.tb_lineno)
        trace = trace.tb_next
    return None


def unwrap(value: Any) -> Any:
    """A fetched value without the marks that kernels put on special dtypes."""
    return value.value if isinstance(value, Typed) else value
