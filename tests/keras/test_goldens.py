"""All cases of all families give what Keras gave."""
from __future__ import annotations

import pytest
from tests.keras import golden

import thalweg as tf

GOLDENS = {family: golden.load(family) for family in golden.FAMILIES}
ELSEWHERE = {("models", "summaries"), ("models", "errors")}
"""Cases of texts, which `test_summary.py` and `test_models.py` compare one by one."""

TOLERANCES = {"conv": 1e-4, "layers": 2e-5, "models": 2e-5, "recurrent": 2e-5, "training": 5e-5}
"""Where more roundings meet than in a formula: the others keep to 1e-5."""

CASES = [(family, case) for family in golden.FAMILIES for case in golden.cases(family) if (family, case) not in ELSEWHERE]


@pytest.mark.parametrize("family", golden.FAMILIES)
def test_every_case_has_a_golden(family: str) -> None:
    assert set(golden.cases(family)) == set(GOLDENS[family])


@pytest.mark.parametrize(("family", "case"), CASES)
@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed", "ignore:Your input ran out of data")
def test_as_keras(family: str, case: str) -> None:
    expected = GOLDENS[family][case]
    half = "float16" in str(expected.get("config", {}).get("dtype"))
    tolerance = 2e-3 if half else TOLERANCES.get(family, 1e-5)
    golden.check(golden.cases(family)[case](tf.keras, tf), expected, rtol=tolerance, atol=tolerance / 10)
