"""The `thalweg` command and its demos."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from thalweg import cli, demos
from thalweg.demos import figures


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def is_png(path: Path) -> bool:
    return path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_help_names_every_demo(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["demo", "--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert all(name in text for name in demos.DEMOS)


@pytest.mark.parametrize("arguments", [["demo", "nothing"], ["demo", "--epochs", "0"], ["demo", "--epochs", "x"], []])
def test_bad_arguments_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert "usage: thalweg" in capsys.readouterr().err


def test_out_that_is_a_file_is_refused(tmp_path, capsys):
    taken = tmp_path / "taken"
    taken.write_text("mine")
    assert cli.main(["demo", "study-hours", "--out", str(taken)]) == 1
    assert "cannot write to the folder" in capsys.readouterr().err
    assert taken.read_text() == "mine"


def test_missing_matplotlib_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert cli.main(["demo", "study-hours", "--out", str(tmp_path)]) == 1
    assert "pip install 'thalweg[plot]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_what_was_there(tmp_path):
    path = tmp_path / "table.csv"
    figures.write_csv(path, ["a"], [[1]])

    def failing():
        yield [2]
        raise RuntimeError("on the way")

    with pytest.raises(RuntimeError, match="on the way"):
        figures.write_csv(path, ["a"], failing())
    assert path.read_text() == "a\n1\n"
    assert list(tmp_path.iterdir()) == [path]


def test_study_hours_gives_the_published_numbers(tmp_path, capsys):
    assert cli.main(["demo", "study-hours", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "1.666468" in printed
    assert "0.293969" in printed
    assert is_png(tmp_path / "line.png")
    steps = rows(tmp_path / "steps.csv")
    losses = [float(row["loss"]) for row in steps[::10]]
    published = [39.09423, 30.12893, 29.732178, 29.052313, 28.905817, 28.888535, 28.886223, 28.886658, 28.884825]
    assert losses == pytest.approx([*published, 28.882883], rel=1e-5)
    assert float(steps[-1]["intercept"]) == pytest.approx(2.4898534, rel=1e-4)
    assert float(steps[-1]["slope"]) == pytest.approx(9.774894, rel=1e-5)


def test_square_learns_the_square(tmp_path):
    assert cli.main(["demo", "square", "--out", str(tmp_path)]) == 0
    assert is_png(tmp_path / "region.png")
    assert is_png(tmp_path / "training.png")
    history = rows(tmp_path / "history.csv")
    assert len(history) == demos.DEMOS["square"].epochs
    assert float(history[-1]["accuracy"]) > 0.95


def test_mnist_writes_its_figures_and_repeats_itself(tmp_path, capsys):
    for folder in ("first", "second"):
        assert cli.main(["demo", "--epochs", "1", "--seed", "7", "--out", str(tmp_path / folder)]) == 0
    assert "test accuracy 0.9" in capsys.readouterr().out
    first = tmp_path / "first"
    assert all(is_png(first / name) for name in ("training.png", "predictions.png", "mistakes.png"))
    (only,) = rows(first / "history.csv")
    assert float(only["val_accuracy"]) > 0.94
    assert (first / "history.csv").read_text() == (tmp_path / "second" / "history.csv").read_text()
