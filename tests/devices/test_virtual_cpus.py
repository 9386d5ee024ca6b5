"""Programs on a second, virtual CPU device: the code that GPUs go through, where there is no GPU."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .programs import PROGRAMS

pytest.importorskip("jax")


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str | None]:
    script = Path(__file__).with_name("programs.py")
    done = subprocess.run([sys.executable, str(script), "CPU:1"], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, str | None] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(outcomes: dict[str, str | None], name: str) -> None:
    assert outcomes[name] is None, outcomes[name]
