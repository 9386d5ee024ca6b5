"""The same programs on a GPU, and what only a GPU has. Skipped where there is none."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import thalweg as tf

from .programs import PROGRAMS

pytestmark = pytest.mark.skipif(not tf.config.list_physical_devices("GPU"), reason="there is no GPU")


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str | None]:
    script = Path(__file__).with_name("programs.py")
    done = subprocess.run([sys.executable, str(script), "GPU:0"], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, str | None] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(outcomes: dict[str, str | None], name: str) -> None:
    assert outcomes[name] is None, outcomes[name]


def test_memory() -> None:
    with tf.device("GPU:0"):
        x = tf.zeros([1024, 1024])
    assert tf.config.experimental.get_memory_info("GPU:0")["current"] >= 4 * 1024 * 1024
    assert x.device.endswith("GPU:0")


def test_operations_on_what_lies_there_stay_there() -> None:
    with tf.device("GPU:0"):
        x = tf.ones([2, 2])
    assert (x @ x).device.endswith("GPU:0")
    assert x.cpu().device.endswith("CPU:0")
    assert tf.function(lambda y: y + 1)(tf.ones([2])).shape == [2]
