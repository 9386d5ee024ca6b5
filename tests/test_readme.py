"""The examples in README.md run and print what the README shows."""
from __future__ import annotations

import contextlib
import io
import re
import textwrap
from pathlib import Path

import pytest

import thalweg as tf

README = Path(__file__).resolve().parent.parent / "README.md"
BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n(?P<shown>(?:^    [^\n]*\n)+))?", re.MULTILINE | re.DOTALL)
"""A block of Python and, right after it, the indented lines that it prints."""


def examples() -> list[tuple[str, str | None]]:
    found = [(m["code"], m["shown"]) for m in BLOCK.finditer(README.read_text(encoding="utf-8"))]
    assert found
    return found


@pytest.mark.parametrize(("code", "shown"), [pytest.param(*e, id=f"block{i}") for i, e in enumerate(examples(), 1)])
def test_an_example(code: str, shown: str | None) -> None:
    tf.compat.v1.reset_default_graph()  # the names of nodes, as in a program of its own
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, str(README), "exec"), {"__name__": "__main__"})
    assert shown is None or printed.getvalue() == textwrap.dedent(shown)


def test_the_files_that_are_linked_to_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8")):
        assert (README.parent / target).exists(), target
