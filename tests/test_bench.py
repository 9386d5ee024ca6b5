"""The benchmarks' driver: its table, and that every row can be run."""

from __future__ import annotations

import sys

import peers
import pytest
import run
import work


def test_table_shows_values_and_ratios():
    values = {
        ("add", "time", "thalweg"): 2.0,
        ("add", "time", "numpy"): 0.5,
        ("add", "time", "tensorflow"): 16.0,
    }
    head, rule, line = run.table(["add"], ["thalweg", "tensorflow", "torch", "numpy"], values).splitlines()
    assert len(head) == len(rule) == len(line)
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells == ["a + b, two float32 2-vectors", "µs", "2", "16", "-", "0.5", "0.125", "-", "4"]


def test_every_row_has_every_peer():
    missing = {(row, peer) for row in work.ROWS if row != "import" for peer in peers.PEERS} - set(work.WORK)
    assert missing == set()


@pytest.mark.parametrize(("row", "quantities"), [("import", {"seconds", "resident"}), ("add", {"time"})])
def test_a_row_runs_in_a_process(row, quantities):
    result = run.measure(row, "numpy", sys.executable, timeout=60)
    assert set(result) == quantities == set(work.ROWS[row])
    assert all(value > 0 for value in result.values())


def test_a_peer_that_is_missing_becomes_a_note(tmp_path):
    values, notes = run.collect(["add"], {"numpy": str(tmp_path / "no-python")}, repeats=2, timeout=10)
    assert values == {}
    (note,) = notes
    assert note.startswith("add, numpy: cannot start")
