"""Every program of the `*_programs.py` files does what TensorFlow 1 makes of it: names, shapes, values, training."""
from __future__ import annotations

import ast
import importlib
import re
from typing import Any

import numpy as np
import pytest

import thalweg.v1 as tf
from tests import goldens
from tests.tolerances import difference
from tests.v1 import FAMILIES
from tests.v1.programs import run

CASES = [(family, name) for family in FAMILIES for name in importlib.import_module(f"tests.v1.{family}_programs").PROGRAMS]
_goldens: dict[str, Any] = {}


def _named(name: str) -> str:
    """A tensor's name without what tells nodes of one kind apart: `a/Mul_1:0` is `a/mul`, and so is a branch's join."""
    return re.sub(r"(_\d+)?(/merge)?:\d+$", "", str(name).lower())


def _says(have: str, want: str) -> bool:
    """Whether a static shape says all that another one says; it may say more."""
    known, wanted = ast.literal_eval(have), ast.literal_eval(want)
    if wanted is None:
        return True
    return known is not None and len(known) == len(wanted) and all(w in (None, k) for k, w in zip(known, wanted))


@pytest.mark.parametrize(("family", "name"), CASES, ids=[f"{family}-{name}" for family, name in CASES])
def test_equals_tensorflow(family: str, name: str) -> None:
    if family not in _goldens:
        _goldens[family] = dict(np.load(goldens.FOLDER / f"v1_{family}.npz"))
    prefix = f"{name}/"
    expected = {key[len(prefix):]: value for key, value in _goldens[family].items() if key.startswith(prefix)}
    assert expected, "no golden: run tools/make_v1_goldens.py with TensorFlow"
    got = run(tf, importlib.import_module(f"tests.v1.{family}_programs").PROGRAMS[name])
    assert sorted(got) == sorted(expected)
    assert [_named(n) for n in got["names"]] == [_named(n) for n in expected["names"]]
    for key in ("global", "trainable", "local", "collections"):
        assert got[key].tolist() == expected[key].tolist(), key
    for have, want in zip(got["shapes"], expected["shapes"]):
        assert _says(have, want), f"shape {have}, expected {want}"
    for key, value in expected.items():
        if "/" in key:
            assert difference(got[key], value, (2e-5, 2e-6)) == "", key
