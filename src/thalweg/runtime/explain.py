"""What was compiled, what is interpreted, and why."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .concrete import ConcreteFunction
from .engine import Executable, xla_available
from .function import Function
from .session import BaseSession


@dataclass
class Explanation:
    """How the programs behind a function or session run; `print` shows it."""

    lines: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    __repr__ = __str__


def explain(fn: Any) -> Explanation:
    """Tells how a function's or session's programs run so far.

    Args:
      fn: what `tf.function` made, one of its concrete functions, a session, or a function around one of the first, such
        as the `train_function` of a Keras model.

    Raises:
      TypeError: anything else.
    """
    report = Explanation()
    if not isinstance(fn, Function) and isinstance(getattr(fn, "__wrapped__", None), Function):
        fn = fn.__wrapped__
    if isinstance(fn, Function):
        traces = list(dict.fromkeys(fn._traces.values()))
        report.lines.append(f"{fn._name}: {len(traces)} trace{'s' * (len(traces) != 1)}")
        for concrete in traces:
            _concrete(report, concrete, "  ")
    elif isinstance(fn, ConcreteFunction):
        _concrete(report, fn, "")
    elif isinstance(fn, BaseSession):
        report.lines.append(f"session: {len(fn._plans)} program{'s' * (len(fn._plans) != 1)}")
        for plan in fn._plans.values():
            names = ", ".join(getattr(leaf, "name", str(leaf)) for leaf in plan.leaves[:4])
            report.lines.append(f"  for {names}{', ...' if len(plan.leaves) > 4 else ''}")
            _executable(report, plan.executable, "    ")
    else:
        raise TypeError(f"explain takes a tf.function, a concrete function or a session, not {type(fn).__name__}")
    return report


def _concrete(report: Explanation, concrete: ConcreteFunction, indent: str) -> None:
    report.lines.append(f"{indent}{concrete._signature_text()}")
    if concrete._subgraph is None:
        report.lines.append(f"{indent}  not called by itself so far")
        return
    _executable(report, concrete._subgraph.plain, indent + "  ")
    backward = concrete._subgraph._backward
    if backward is not None:
        report.lines.append(f"{indent}  under a tape, keeping what the gradient needs")
        _executable(report, backward.forward, indent + "    ")
        report.lines.append(f"{indent}  its gradient")
        _executable(report, backward.program, indent + "    ")


def _executable(report: Explanation, executable: Executable, indent: str) -> None:
    program = executable.program
    report.lines.append(f"{indent}{len(program.nodes)} operations, {len(program.variables)} variables, "
                        f"{len(program.constants)} constants")
    for reason in _reasons(executable):
        report.lines.append(f"{indent}{reason}")
    for what, seconds in executable.seconds.items():
        report.lines.append(f"{indent}{what}: {seconds * 1e3:.1f} ms")


def _reasons(executable: Executable) -> list[str]:
    if not executable.program.nodes:
        return ["nothing runs: every result is known"]
    if executable.jit_compile is False:
        return ["interpreted: jit_compile=False"]
    if not xla_available():
        return ["interpreted: the xla extra is not installed"]
    if not any(executable._decided.values()):
        if executable.work is not None and not executable.work.compiles:
            return [f"interpreted: too little work to gain by compiling (estimates: {executable.work.interpreted:.0f} us "
                    f"interpreted, {executable.work.compiled:.0f} us compiled)"]
        if any(compiles is False for compiles in executable._decided.values()):
            return ["interpreted: the shapes keep changing"]
        return ["interpreted: no kind of arguments came twice so far"]
    out = [f"compiled for {sum(executable._decided.values())} kinds of arguments"]
    for stretch in executable._stretches or ():
        if not stretch.compiles:
            names = ", ".join(f"{n.name} ({n.type})" for n in stretch.nodes[:3])
            out.append(f"interpreted: {len(stretch.nodes)} operations from {names}: {stretch.reason}")
        else:
            out.append(f"compiled: {len(stretch.nodes)} operations")
    return out
