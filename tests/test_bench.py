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
    assert cells == ["a + b, two float32 2-vectors", "µs", "2", "16", "-", "0.5", "0.125", "-", "4", "-", "-"]


@pytest.mark.parametrize(
    ("row", "ours", "theirs", "cells"),
    [
        ("session", 20.0, 160.0, ["20", "yes"]),
        ("session", 21.0, 160.0, ["20", "no"]),
        ("session", None, 160.0, ["20", "-"]),
        ("epoch", 5.0, 10.0, ["0.5 tensorflow", "yes"]),
        ("epoch", 5.1, 10.0, ["0.5 tensorflow", "no"]),
        ("epoch", 5.0, None, ["0.5 tensorflow", "-"]),
    ],
)
def test_table_says_whether_a_bound_holds(row, ours, theirs, cells):
    (quantity, *_) = work.ROWS[row].quantities
    measured = {"thalweg": ours, "tensorflow": theirs}
    values = {(row, quantity, peer): value for peer, value in measured.items() if value is not None}
    line = run.table([row], list(measured), values).splitlines()[2]
    assert [cell.strip() for cell in line.strip("|").split("|")][-2:] == cells


def test_every_row_does_its_work_for_every_peer_that_it_names():
    named = {(key, peer) for key, row in work.ROWS.items() if key != "import" for peer in row.peers}
    assert named == set(work.WORK)
    assert {peer for _, peer in named} == set(peers.PEERS)


@pytest.mark.parametrize(("row", "quantities"), [("import", {"seconds", "resident"}), ("add", {"time"})])
def test_a_row_runs_in_a_process(row, quantities):
    result = run.measure(row, "numpy", sys.executable, timeout=60)
    assert set(result) == quantities == set(work.ROWS[row].quantities)
    assert all(value > 0 for value in result.values())


def test_a_peer_that_is_missing_becomes_a_note(tmp_path):
    values, notes = run.collect(["add"], {"numpy": str(tmp_path / "no-python")}, repeats=2, timeout=10)
    assert values == {}
    (note,) = notes
    assert note.startswith("add, numpy: cannot start")
