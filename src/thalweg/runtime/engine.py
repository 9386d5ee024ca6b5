"""Running programs: interpreted on NumPy the first time, compiled by XLA from the second run of a signature."""
from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from ..core import errors
from ..core.dispatch import _QUIET, Typed, _reset_quiet, _set_quiet
from ..core.opdef import OpDef
from ..core.symbol import Operation
from .codegen import Code, generate
from .program import Program

MAX_SIGNATURES = 8
"""A program that was compiled for this many signatures and still gets new ones stays interpreted for those."""


def numpy_kernel(entry: OpDef) -> Any:
    """The kernel that the interpreter calls."""
    return entry.kernel


class Executable:
    """A program ready to run, again and again, under one policy of compilation.

    Args:
      program: what to run.
      jit_compile: True compiles at the first run and refuses what cannot be compiled, False never compiles, None
        compiles from the second run of a signature on.
    """

    def __init__(self, program: Program, jit_compile: bool | None = None) -> None:
        self.program = program
        self.jit_compile = jit_compile
        self._code: Code | None = None
        self._seen: dict[Any, int] = {}
        self._compiled: Any = None
        self._written = program.written

    @property
    def code(self) -> Code:
        """The interpreter's code, generated at the first run."""
        if self._code is None:
            self._code = generate(self.program.nodes, self.arguments(), self.results(), self.program.constants,
                                  self.program.slot_of, numpy_kernel)
        return self._code

    def arguments(self) -> list[Any]:
        """The keys of the arguments: every variable's value, then every feed."""
        program = self.program
        return [("state", i) for i in range(len(program.variables))] + [id(t) for t in program.feeds]

    def results(self) -> list[Any]:
        """The keys of the results: the fetches, then the new values of written variables."""
        program = self.program
        fetches = [("state", program.slot_of(t)) if t.op.type == "VarHandleOp" else id(t) for t in program.fetches]
        return fetches + [("state", i) for i in program.written]

    def run(self, state: Sequence[Any], feeds: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
        """Runs the program once.

        Args:
          state: the value of each of `program.variables`.
          feeds: the value of each of `program.feeds`.

        Returns:
          The fetched values, and the new values of the variables in `program.written`.
        """
        out = self._interpret(state, feeds)
        count = len(self.program.fetches)
        return out[:count], out[count:]

    def _interpret(self, state: Sequence[Any], feeds: Sequence[Any]) -> tuple[Any, ...]:
        code = self.code
        token = _set_quiet(_QUIET)
        try:
            return code.run(np, *state, *feeds)
        except Exception as error:
            fail(error, code)
        finally:
            _reset_quiet(token)


def fail(error: Exception, code: Code) -> NoReturn:
    """Raises an error of a running program as TensorFlow does: with the node, and where the program made it."""
    node = _node_of(error, code)
    if node is None or isinstance(error, errors.OpError) and error.op is not None:
        raise error
    frame = node.frame
    where = f'Defined at File "{frame.filename}", line {frame.lineno}, in {frame.name}'
    if not isinstance(error, errors.OpError):
        if node.op.explain is not None:
            error = _explained(error, node) or error
        if not isinstance(error, errors.OpError):
            error.add_note(f"in node {node.name} ({node.type}). {where}")
            raise error
    message = error.message
    raise type(error)(None, node, f"Graph execution error:\n\n{message}\n\t [[{{{{node {node.name}}}}}]]") from error


def _explained(error: Exception, node: Operation) -> errors.OpError | None:
    """The entry's own words for what NumPy found wrong, from the arrays in the failed call."""
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        if frame.f_code is getattr(node.op.kernel, "__code__", None):
            names = frame.f_code.co_varnames[1:frame.f_code.co_argcount]
            try:
                assert node.op.explain is not None
                node.op.explain(*[frame.f_locals[n] for n in names if n not in node.attrs], **node.attrs)
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


def xla_available() -> bool:
    """Whether JAX is installed."""
    return importlib.util.find_spec("jax") is not None


def unwrap(value: Any) -> Any:
    """A fetched value without the marks that kernels put on special dtypes."""
    return value.value if isinstance(value, Typed) else value
