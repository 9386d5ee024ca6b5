"""Times thalweg beside other libraries and prints one table.

    python bench/run.py [--rows import,add] [--peers thalweg,numpy] [--repeats 3] [--out FILE]

Every measurement is a process of its own. Repeats go round all peers in turn, so that a busy moment of the machine
touches all of them, and the least value counts. BENCH_THALWEG_PYTHON, BENCH_TF_PYTHON, BENCH_KERAS_JAX_PYTHON,
BENCH_TORCH_PYTHON and BENCH_NUMPY_PYTHON name Pythons to use instead of the environments that are otherwise built under
.bench/. Programs that thalweg compiles are not kept from one process to the next: each compiles its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import peers
import work

Values = dict[tuple[str, str, str], float]  # (row, quantity, peer) -> least value


def measure(row: str, peer: str, executable: str, timeout: float) -> dict[str, float]:
    """The quantities of a row, from a process of its own.

    Raises:
      Unavailable: the process cannot be started, fails or takes too long.
    """
    command = [executable, str(Path(work.__file__).parent), row, peer]
    with tempfile.TemporaryDirectory() as cache:
        environment = {
            **os.environ,
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "",
            "THALWEG_CACHE": cache,
            **peers.PEERS[peer].environment,
            work.STARTED: repr(time.time()),
        }
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired:
            raise peers.Unavailable(f"took longer than {timeout:.0f} s") from None
        except OSError as error:
            raise peers.Unavailable(f"cannot start {executable}: {error.strerror}") from None
    lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines() or ["no output"]
    if done.returncode:
        raise peers.Unavailable(lines[-1])
    result: dict[str, float] = json.loads(lines[-1])
    return result


def collect(
    rows: Sequence[str], executables: Mapping[str, str], repeats: int, timeout: float
) -> tuple[Values, list[str]]:
    values: Values = {}
    notes: list[str] = []
    for row in rows:
        able = [peer for peer in executables if peer in work.ROWS[row].peers]
        for repeat in range(repeats):
            for peer in list(able):
                print(f"{row}: {peer}, {repeat + 1} of {repeats}", file=sys.stderr, flush=True)
                try:
                    result = measure(row, peer, executables[peer], timeout)
                except peers.Unavailable as error:
                    notes.append(f"{row}, {peer}: {error}")
                    able.remove(peer)
                    continue
                for quantity, value in result.items():
                    key = row, quantity, peer
                    values[key] = min(value, values.get(key, value))
    return values, notes


def number(value: float) -> str:
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def verdict(bound: work.Bound | None, ours: float | None, found: Mapping[str, float | None]) -> list[str]:
    """A bound, and whether thalweg's value keeps to it in this run."""
    if bound is None:
        return ["-", "-"]
    holds = None if ours is None else bound.holds(ours, found.get(bound.peer))
    return [str(bound), "-" if holds is None else "yes" if holds else "no"]


def table(rows: Sequence[str], names: Sequence[str], values: Values) -> str:
    """Markdown, aligned. A ratio is thalweg's value over the peer's: below 1, thalweg takes less."""
    others = [name for name in names if name != "thalweg"] if "thalweg" in names else []
    bounds = ["bound", "holds"] if "thalweg" in names else []
    lines = [["", "unit", *names, *(f"÷ {other}" for other in others), *bounds]]
    for row in rows:
        for quantity, line in work.ROWS[row].quantities.items():
            found = {name: values.get((row, quantity, name)) for name in names}
            cells = [number(value) if value is not None else "-" for value in found.values()]
            ours = found.get("thalweg")
            for other in others:
                theirs = found[other]
                cells.append(number(ours / theirs) if ours is not None and theirs and theirs > 0 else "-")
            if bounds:
                cells += verdict(line.bound, ours, found)
            lines.append([line.title, line.unit, *cells])
    widths = [max(3, *(len(line[column]) for line in lines)) for column in range(len(lines[0]))]
    rule = ["-" * width if column < 2 else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    lines.insert(1, rule)
    return "\n".join(
        "| "
        + " | ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in lines
    )


def _choice(known: Sequence[str]) -> Callable[[str], list[str]]:
    def parse(text: str) -> list[str]:
        chosen = text.split(",")
        for name in chosen:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(known)}")
        return chosen

    return parse


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=_choice(list(work.ROWS)), default=list(work.ROWS), metavar="A,B")
    parser.add_argument("--peers", type=_choice(list(peers.PEERS)), default=list(peers.PEERS), metavar="A,B")
    parser.add_argument("--repeats", type=int, default=3, metavar="N", help="processes a measurement (default: 3)")
    parser.add_argument("--timeout", type=float, default=300, metavar="S", help="seconds a process (default: 300)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table to this file too")
    arguments = parser.parse_args(argv)

    executables: dict[str, str] = {}
    heads, notes = [], []
    for name in arguments.peers:
        peer = peers.PEERS[name]
        try:
            executables[name] = peers.python(peer)
        except (peers.Unavailable, OSError) as error:
            notes.append(f"{name} left out, it could not be installed: {error}")
            continue
        heads.append(f"{peer.distribution} {peers.version(peer, executables[name])}")
    values, failures = collect(arguments.rows, executables, arguments.repeats, arguments.timeout)

    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    text = "\n".join(
        [
            f"{'; '.join(heads)}. {machine}. Least of {arguments.repeats} processes each.",
            "These are the figures of one run on one machine, busy or not: read them as ratios between the columns.",
            "A bound is what thalweg may take at most, as a number or as a share of what a peer took in this run.",
            "",
            table(arguments.rows, list(executables), values),
            *(f"\nNote: {note}" for note in notes + failures),
        ]
    )
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")
    return 0 if values else 1


if __name__ == "__main__":
    sys.exit(main())
