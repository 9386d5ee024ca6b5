"""Feature columns are, make and refuse what TensorFlow's do."""
from __future__ import annotations

import functools

import numpy as np
import pytest

import thalweg as tf
from tests import goldens
from tests.tolerances import difference
from thalweg.feature_columns.cache import FeatureTransformationCache

from . import column_cases, error_cases
from .running import Api, run

CASES = {**column_cases.CASES, **error_cases.CASES}


@functools.cache
def _goldens() -> dict[str, np.ndarray]:
    with np.load(goldens.FOLDER / "feature_columns.npz") as found:
        return dict(found)


@pytest.mark.parametrize("name", CASES)
def test_equals_tensorflow(name: str) -> None:
    got = run(Api(tf, FeatureTransformationCache), CASES[name])
    wanted = {key.partition("/")[2]: value for key, value in _goldens().items() if key.startswith(f"{name}/")}
    assert got["text"].tolist() == wanted["text"].tolist()
    assert sorted(got) == sorted(wanted)
    for key in wanted.keys() - {"text"}:
        assert difference(got[key], wanted[key], (2e-6, 2e-6)) == "", key


@pytest.mark.parametrize("name", error_cases.CASES)
def test_every_error_case_fails_in_tensorflow(name: str) -> None:
    text, = _goldens()[f"{name}/text"].tolist()
    assert "Error: " in text
