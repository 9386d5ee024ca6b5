"""`model.summary()`: the texts of Keras, and where they go."""
from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.keras import golden
from tests.keras.model_cases import CASES, small

import thalweg as tf
from thalweg.keras.models.table import Table

GOLDENS = golden.load("models")["summaries"]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    tf.keras.backend.clear_session()
    return CASES["summaries"](tf.keras, tf)


@pytest.mark.parametrize("name", GOLDENS)
def test_as_keras(name: str, texts: dict[str, str]) -> None:
    assert texts[name] == GOLDENS[name]


def test_printed_where_no_function_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    small(tf.keras, "printed").summary(line_length=60)
    shown = capsys.readouterr().out
    assert shown.startswith('Model: "printed"\n┏') and shown.endswith(" Non-trainable params: 0 (0.00 B)\n")


def test_the_function_gets_one_text() -> None:
    calls: list[str] = []
    small(tf.keras).summary(print_fn=calls.append)
    assert len(calls) == 1


@given(st.lists(st.text("ab c([_", min_size=1, max_size=30), min_size=3, max_size=3), st.integers(30, 120))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_line_is_as_wide_as_the_table(cells: list[str], width: int) -> None:
    table = Table(["one", "two", "three"], [width // 3] * 3, ["left", "right", "center"], width)
    table.add_row(*cells)
    table.add_row("a", "b", "c")
    assert {len(line) for line in table.lines()} == {width}
