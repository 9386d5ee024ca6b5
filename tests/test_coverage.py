"""The page that counts TensorFlow's names, `tools/coverage.py`."""
from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[1] / "tools"


@pytest.fixture(scope="module")
def coverage() -> Any:
    """The tool, under a name of its own: there is a well-known package that is called like it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(TOOLS))
        spec = importlib.util.spec_from_file_location("coverage_tool", TOOLS / "coverage.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, "coverage_tool", module)
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def reasons(coverage: Any) -> Any:
    return sys.modules["coverage_reasons"]


def test_names_are_present_left_out_awaited_or_unexplained(coverage: Any, reasons: Any,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "NOT_YET", (("tf.summary*", r".*", "summaries"),))
    space = coverage.look({"tf.raw_ops": ["Add", "TPUReplicateMetadata", "NcclReduce", "Zzz"], "tf.summary": ["no_such"]})
    raw, summary = space["tf.raw_ops"], space["tf.summary"]
    assert (raw.total, raw.present, raw.out, raw.unexplained) == (4, 1, 2, ["Zzz"])
    assert summary.present == 0 and not summary.out and summary.not_yet == {"summaries": ["no_such"]}
    assert raw.row("ops") == "| ops | 1 | 4 | 2 | 50.0 % |"
    listed = "\n".join(coverage.missing_part(space))
    assert "- `tf.raw_ops`: `Zzz`" in listed and "1 names." in listed


def test_shares_are_rounded_down(coverage: Any) -> None:
    assert coverage.share(1999, 2000) == "99.9 %" and coverage.share(7, 7) == "100.0 %" and coverage.share(0, 0) == ""


def test_which_names_the_second_row_passes_over(coverage: Any) -> None:
    outside = ["tf.keras.layers.Dense", "tf.compat.v1.keras.backend", "tf.data.Dataset", "tf.compat.v1.data.Dataset",
               "tf.compat.v1.estimator.Estimator", "tf.contrib.data.Dataset", "tf.experimental.dtensor.Layout",
               "tf.distribute.Strategy"]
    inside = ["tf.matmul", "tf.examples.tutorials.mnist.input_data", "tf.compat.v1.layers.dense", "tf.experimental.numpy.data"]
    assert all(map(coverage.outside_row, outside)) and not any(map(coverage.outside_row, inside))


def test_every_reason_is_one_for_some_name(coverage: Any, reasons: Any) -> None:
    _, names = coverage.read_names()
    for space, pattern, why in (*reasons.LEFT_OUT, *reasons.NOT_YET):
        assert any(reasons.fits(space, namespace) and any(re.fullmatch(pattern, name) for name in listed)
                   for namespace, listed in names.items()), (space, pattern, why)
    census = {use.name for use in coverage.read_census()}
    for pattern, why in reasons.CENSUS:
        assert any(re.fullmatch(pattern, name) for name in census), (pattern, why)
    assert census >= reasons.NO_SUCH_NAMES


def test_names_that_are_none_count_as_present(coverage: Any) -> None:
    import thalweg
    assert coverage.found(thalweg, "tf.newaxis") and not coverage.found(thalweg, "tf.no_such")
    assert not coverage.found(thalweg, "tf.no_such.name")
