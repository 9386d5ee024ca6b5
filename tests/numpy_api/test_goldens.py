"""Every name of `tf.experimental.numpy` beside TensorFlow, in each mode of the switch, traced and compiled."""
from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tolerances import difference

import thalweg as tf

from . import cases, modes

ROOT = Path(__file__).resolve().parents[2]
TOL = {"float64": (1e-6, 1e-6), "complex128": (1e-6, 1e-6)}
"""Results in 64 bits come from inputs of 32 among others."""

FORGIVING = ("tnp.isinf(", "tnp.isposinf(", "tnp.isneginf(", "tnp.rad2deg(", "tnp.hypot(", "tnp.logaddexp",
             "tnp.array([1, 2j])", "tnp.take_along_axis(m, [0, 5], None)", "d tnp.hypot")
"""Where TensorFlow's function forgets to convert its arguments or to promote them, and fails; ours does not."""

REFUSED_OTHERWISE = ("2.5 + i", "round(", "u tnp.compress(")
"""What both refuse, with another exception."""

LATE = ("u tnp.polyval([5], i)", "p tnp.polyval([5], i)", "u tnp.repeat(m, [1, 2, 0], 0)", "p tnp.kron(m, f)")
"""What TensorFlow refuses only for shapes that it does not know yet."""

MISREAD = ("u m[s[0]]", "u m[o - 2:, o]")
"""An index of unknown rank that turns out to be a number: TensorFlow takes it for a vector and keeps its axis."""


def check(line: str, got: Any, expected: Any) -> None:
    """Compares the result of a line with its golden."""
    if line in MISREAD or line.startswith("p ") and not isinstance(expected, str) and not isinstance(got, str):
        assert line in MISREAD or all(map(_known_as_well, got, expected)), f"{got}, expected {expected}"
        return
    if isinstance(expected, str):
        # The functions work without the switch; in TensorFlow most of them need the methods that it installs.
        if not isinstance(got, str) and (line.removeprefix("u ").removeprefix("p ").startswith(FORGIVING) or line in LATE
                                         or "has no attribute 'astype'" in expected):
            return
        assert isinstance(got, str), f"TensorFlow refuses this: {expected}"
        if not line.startswith(REFUSED_OTHERWISE):
            assert got.split(":")[0] == expected.split(":")[0], f"{got}, expected {expected}"
        return
    assert not isinstance(got, str), got
    assert len(got) == len(expected)
    for g, e in zip(map(modes.decode, got), map(modes.decode, expected)):
        if isinstance(e, str):
            assert g == e
        else:
            assert not isinstance(g, str), g
            assert not difference(g, e, TOL.get(e.dtype.name))


def _known_as_well(got: str, expected: str) -> bool:
    """Whether a static shape knows all that the golden knows, and nothing else that contradicts it."""
    got, expected = got.strip("'"), expected.strip("'")
    if expected == "<unknown>":
        return True
    g, e = (ast.literal_eval(text) if text != "<unknown>" else None for text in (got, expected))
    return g is not None and len(g) == len(e) and all(b is None or a == b for a, b in zip(g, e))


@pytest.fixture(scope="module", params=list(cases.MODES))
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """What the cases give in one mode, in a process of its own, and what they should."""
    file = tmp_path_factory.mktemp("modes") / "results.json"
    subprocess.run([sys.executable, "-m", "tests.numpy_api.modes", request.param, str(file)], check=True, cwd=ROOT,
                   env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests")))})
    return json.loads(file.read_text()), modes.golden(request.param)


def test_every_line_of_every_mode(results: tuple[Any, Any]) -> None:
    got, expected = results
    assert len(got) > 1800 and got.keys() <= expected.keys()
    wrong = []
    for line in got:
        try:
            check(line, got[line], expected[line])
        except AssertionError as error:
            wrong.append(f"{line}: {error}".split("\n")[0])
    assert not wrong, "\n".join(wrong)


def test_every_name_is_called() -> None:
    lines = "\n".join([*cases.CASES, *cases.REFUSED])
    names = set(dir(tf.experimental.numpy)) - {"random", "ndarray"}
    assert len(names) > 225
    assert not [name for name in names if f"tnp.{name}" not in lines]
    assert not [name for name in dir(tf.experimental.numpy.random) if f"tnp.random.{name}(" not in lines]


NOT_TRACED = ("tnp.isinf(i)", "tnp.isposinf(i)", "tnp.isneginf(i)", "tnp.arange(o)", ".numpy()")
"""What returns no tensor, and what only a value can answer."""

NOT_COMPILED = ("nonzero", "compress", "where(f > 0)", "ix_(b", "[m > 0]", "[b[", ", b]", "True, False, True]", "o - 2")
"""What has a shape that depends on values."""


@pytest.mark.parametrize("compiled", [False, True], ids=["traced", "compiled"])
def test_in_functions(compiled: bool) -> None:
    """Lines as functions of the tensors that they name, many in a function: the results are the eager ones."""
    golden, values, wrong = modes.golden("off"), cases.tensors(tf), []
    left_out = NOT_TRACED + (NOT_COMPILED if compiled else ())
    lines = [line for line in modes.traceable(values)
             if not isinstance(golden[line], str) and not any(part in line for part in left_out)]
    assert len(lines) > 800
    for start in range(0, len(lines), 40):
        some = lines[start:start + 40]

        def call(args: dict[str, tf.Tensor], some: list[str] = some) -> list[object]:
            return [eval(line, cases.namespace(tf, args)) for line in some]
        for line, result in zip(some, tf.function(call, jit_compile=compiled)(values), strict=True):
            try:
                check(line, [modes._encode(part) for part in cases.parts(tf, result)], golden[line])
            except AssertionError as error:
                wrong.append(f"{line}: {error}".split("\n")[0])
    assert not wrong, "\n".join(wrong)


def test_arrays_are_tensors() -> None:
    assert tf.experimental.numpy.ndarray is tf.Tensor
    assert isinstance(tf.experimental.numpy.ones(2), tf.Tensor)
    assert np.asarray(tf.experimental.numpy.ones(2)).dtype == np.float64
