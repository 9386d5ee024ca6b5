"""The `thalweg` command."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from thalweg import demos


def _count(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return value


def _version() -> str:
    try:
        return metadata.version("thalweg")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="thalweg", description="TensorFlow's programming model on NumPy.")
    parser.add_argument("--version", action="version", version=f"thalweg {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    listing = "\n".join(f"  {name:<12} {entry.summary}" for name, entry in demos.DEMOS.items())
    demo = commands.add_parser(
        "demo",
        help="train a small model and write figures of it",
        description=f"Trains a small model and writes figures and a CSV of it to a folder.\n\ndemos:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    demo.add_argument("name", nargs="?", default="mnist", choices=list(demos.DEMOS), help="which one (default: mnist)")
    defaults = ", ".join(f"{name} {entry.epochs}" for name, entry in demos.DEMOS.items())
    demo.add_argument("--epochs", type=_count, metavar="N", help=f"how long to train (default: {defaults})")
    demo.add_argument("--out", type=Path, metavar="DIR", help="where to write (default: demo-output/NAME)")
    demo.add_argument("--seed", type=int, default=0, metavar="S", help="seed of every random choice (default: 0)")
    return parser


def _demo(arguments: argparse.Namespace) -> None:
    entry = demos.DEMOS[arguments.name]
    out: Path = arguments.out or Path("demo-output", arguments.name)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise demos.DemoError(f"cannot write to the folder {out}: {error.strerror}") from error
    run: demos.Run = importlib.import_module(f"thalweg.demos.{entry.module}").run
    for path in run(arguments.epochs or entry.epochs, out, arguments.seed):
        print(f"wrote {path}")


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        _demo(arguments)
    except demos.DemoError as error:
        print(f"thalweg: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("thalweg: stopped", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
