"""The elements of data sets, their order, their cardinality and their printed forms are TensorFlow's."""
from __future__ import annotations

import pytest
from tests import goldens
from tests.data.data_cases import CASES, Case, described

import thalweg as tf

STORE = goldens.load("data")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_elements(case: Case) -> None:
    assert described(tf, case).split("\n") == STORE[case.name].item().decode().split("\n")
