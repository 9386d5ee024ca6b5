"""The environments that benchmarks run in: one a library, under .bench/, built where it is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".bench"


@dataclass(frozen=True)
class Peer:
    name: str
    distribution: str
    install: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that its processes get."""

    @property
    def variable(self) -> str:
        """The environment variable that names a Python to use in place of one built here."""
        return f"BENCH_{'TF' if self.name == 'tensorflow' else self.name.upper().replace('-', '_')}_PYTHON"


PEERS = {
    peer.name: peer
    for peer in (
        Peer(
            "thalweg",
            "thalweg",
            ("--constraint", str(ROOT / "requirements/constraints.txt"), "--editable", f"{ROOT}[xla]"),
        ),
        Peer("tensorflow", "tensorflow-cpu", ("tensorflow-cpu",)),
        Peer("keras-jax", "keras", ("keras", "jax"), {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}),
        Peer("torch", "torch", ("torch==2.13.0", "numpy")),
        Peer("numpy", "numpy", ("numpy",)),
    )
}


class Unavailable(Exception):
    """A peer cannot be run, for the reason that the message gives."""


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no output"


def _run(*command: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stdout.splitlines() if line.startswith("ERROR")]
        raise Unavailable(_last_line("\n".join(errors) or done.stdout))


def python(peer: Peer) -> str:
    """The Python that has this peer installed; builds its environment at the first call."""
    given = os.environ.get(peer.variable)
    if given:
        return given
    home = FOLDER / peer.name
    executable, stamp = home / "bin" / "python", home / ".installed"
    wanted = "\n".join(peer.install)
    if not (stamp.exists() and stamp.read_text() == wanted):
        print(f"building {home.relative_to(ROOT)} ...", file=sys.stderr, flush=True)
        _run(sys.executable, "-m", "venv", "--clear", str(home))
        _run(str(executable), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *peer.install)
        stamp.write_text(wanted)
    return str(executable)


def version(peer: Peer, executable: str) -> str:
    code = f"import importlib.metadata as m; print(m.version({peer.distribution!r}))"
    done = subprocess.run([executable, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else "version unknown"
