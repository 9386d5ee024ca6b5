"""Control flow in eager code, interpreted graphs and compiled programs, against TensorFlow."""
from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import pytest
from tests import goldens
from tests.runtime.control_cases import CASES, Case, run, second

import thalweg as tf

HAS_JAX = importlib.util.find_spec("jax") is not None
needs_jax = pytest.mark.skipif(not HAS_JAX, reason="needs the xla extra")
MODES = ["eager", "function", "inside", pytest.param("xla", marks=needs_jax), pytest.param("xla inside", marks=needs_jax)]
GOLDENS = dict(np.load(goldens.FOLDER / "control_flow.npz"))


def check(case: Case, made: dict[str, Any]) -> None:
    assert made
    for key, value in made.items():
        expected = GOLDENS[f"{case.name}/{key}"]
        assert value.dtype == expected.dtype, key
        assert value.shape == expected.shape, key
        np.testing.assert_allclose(value, expected, rtol=2e-4, atol=2e-5, err_msg=key)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_equals_tensorflow(case: Case, mode: str) -> None:
    if mode.startswith("xla") and not case.compiles:
        with pytest.raises(tf.errors.InvalidArgumentError, match="unsupported operations"):
            run(tf, case, mode)
        return
    check(case, run(tf, case, mode))


@pytest.mark.parametrize("mode", ["eager", "function", pytest.param("xla", marks=needs_jax)])
@pytest.mark.parametrize("case", [c for c in CASES if c.second], ids=lambda c: c.name)
def test_second_derivatives_equal_tensorflow(case: Case, mode: str) -> None:
    if mode == "xla" and not case.compiles:
        pytest.skip("cannot be compiled")
    check(case, second(tf, case, mode))
