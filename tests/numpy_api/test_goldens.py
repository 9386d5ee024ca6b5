"""Every name of `tf.experimental.numpy` beside TensorFlow, in each mode of the switch, traced and compiled."""
from __future__ import annotations

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

FORGIVING = ("tnp.isinf(", "tnp.isposinf(", "tnp.isneginf(", "tnp.rad2deg(", "tnp.hypot(", "tnp.logaddexp", "tnp.array([1, 2j])",
             "tnp.take_along_axis(m, [0, 5], None)", "d tnp.hypot")
"""Where TensorFlow's function forgets to convert its arguments or to promote them, and fails; ours does not."""

LEFT_OUT: dict[str, str] = {"2.5 + i": "an operator with a number on the left raises the error of the op"}


def check(line: str, got: Any, expected: Any) -> None:
    """Compares the result of a line with its golden."""
    if isinstance(expected, str):
        # The functions work without the switch; in TensorFlow most of them need the methods that it installs.
        if not isinstance(got, str) and (line.startswith(FORGIVING) or "has no attribute 'astype'" in expected):
            return
        assert isinstance(got, str), f"TensorFlow refuses this: {expected}"
        if "astype" not in expected and line not in LEFT_OUT:
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


@pytest.fixture(scope="module", params=list(cases.MODES))
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """What the cases give in one mode, in a process of its own, and what they should."""
    file = tmp_path_factory.mktemp("modes") / "results.json"
    subprocess.run([sys.executable, "-m", "tests.numpy_api.modes", request.param, str(file)], check=True, cwd=ROOT,
                   env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests")))})
    return json.loads(file.read_text()), modes.golden(request.param)


def test_every_line_of_every_mode(results: tuple[Any, Any]) -> None:
    got, expected = results
    assert got.keys() == expected.keys() if "u " in "".join(k[:2] for k in got) else got.keys() <= expected.keys()
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


@pytest.mark.parametrize("options", [{"jit_compile": False}, {"jit_compile": True}], ids=["traced", "compiled"])
def test_in_functions(options: dict[str, bool]) -> None:
    """Lines without random numbers as functions of the tensors that they name: the results are the eager ones."""
    golden, values, wrong = modes.golden("off"), cases.tensors(tf), []
    compiled = options["jit_compile"]
    for line in modes.traceable(values):
        expected = golden[line]
        if isinstance(expected, str) or compiled and _stays_with_numpy(line):
            continue
        call = modes.traced(tf, line, values, lambda x: tf.TensorSpec(x.shape, x.dtype), **options)
        try:
            got = [modes._encode(part) for part in cases.parts(tf, call(*modes.used(line, values)))]
            check(line, got, [e for e in expected if e])
        except Exception as error:
            wrong.append(f"{line}: {type(error).__name__} {error}".split("\n")[0][:200])
    assert not wrong, "\n".join(wrong)


def _stays_with_numpy(line: str) -> bool:
    """Whether shapes depend on values or on masks, or there is text: such programs are not compiled as a whole."""
    return any(word in line for word in ("nonzero", "compress", "where(f > 0)", "ix_(b", "[m > 0]", "[b[", ", b]", "np.bool"))


def test_arrays_are_tensors() -> None:
    assert tf.experimental.numpy.ndarray is tf.Tensor
    assert isinstance(tf.experimental.numpy.ones(2), tf.Tensor)
    assert np.asarray(tf.experimental.numpy.ones(2)).dtype == np.float64
