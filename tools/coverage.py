"""Writes docs/coverage.md: which of TensorFlow's public names thalweg has.

    python tools/coverage.py [--results result.json] [--conformance conformance.json]      # where thalweg is installed
    python tools/coverage.py --make-names                 # where TensorFlow is: writes tools/tensorflow_names.txt

A result file is a dict from the id of a check, `kind/category/number` with or without `:part`, to the empty string, or
to the text of its failure. Its counts are added to the page, and those of `tools/conformance.py --out conformance.json`.
"""
from __future__ import annotations

import argparse
import importlib
import json
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NAMES = ROOT / "tools" / "tensorflow_names.txt"
PAGE = ROOT / "docs" / "coverage.md"

NAMESPACES = """
tf tf.math tf.math.special tf.nn tf.nn.experimental tf.linalg tf.linalg.experimental tf.random tf.random.experimental
tf.bitwise tf.dtypes tf.nest tf.raw_ops tf.errors tf.autodiff tf.autograph tf.autograph.experimental tf.config
tf.config.experimental tf.experimental tf.experimental.numpy tf.debugging tf.data tf.data.experimental tf.distribute
tf.image tf.io tf.io.gfile tf.lookup tf.queue tf.ragged tf.sparse tf.strings tf.sets tf.signal tf.summary tf.train
tf.saved_model tf.test tf.types tf.quantization tf.sysconfig tf.version tf.xla tf.compat
tf.keras tf.keras.activations tf.keras.applications tf.keras.backend tf.keras.callbacks tf.keras.config
tf.keras.constraints tf.keras.datasets tf.keras.dtype_policies tf.keras.export tf.keras.initializers tf.keras.layers
tf.keras.losses tf.keras.metrics tf.keras.mixed_precision tf.keras.models tf.keras.ops tf.keras.optimizers
tf.keras.optimizers.schedules tf.keras.preprocessing tf.keras.random tf.keras.regularizers tf.keras.saving
tf.keras.tree tf.keras.utils tf.keras.visualization
tf.compat.v1 tf.compat.v1.math tf.compat.v1.nn tf.compat.v1.nn.rnn_cell tf.compat.v1.train tf.compat.v1.layers
tf.compat.v1.losses tf.compat.v1.metrics tf.compat.v1.initializers tf.compat.v1.linalg tf.compat.v1.random
tf.compat.v1.summary tf.compat.v1.saved_model tf.compat.v1.estimator tf.compat.v1.distribute tf.compat.v1.data
""".split()


def resolve(root: Any, namespace: str) -> Any:
    """The object that `tf.a.b` names, with `root` as `tf`, or None."""
    value = root
    for part in namespace.split(".")[1:]:
        try:
            value = getattr(value, part)
        except (AttributeError, ImportError):
            return None
    return value


def public(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if not name.startswith("_")})


def make_names() -> None:
    tf = importlib.import_module("tensorflow")
    lines = [f"# The public names of TensorFlow {tf.__version__}, by namespace. Written by tools/coverage.py --make-names."]
    for namespace in NAMESPACES:
        try:
            names = public(dir(resolve(tf, namespace)))
        except ImportError:  # names that TensorFlow keeps in a package of its own, which is not installed
            continue
        if names:
            lines.append(f"{namespace}: {' '.join(names)}")
    NAMES.write_text("\n".join(lines) + "\n")


def read_names() -> tuple[str, dict[str, list[str]]]:
    """The version of TensorFlow and its names by namespace."""
    first, *rest = NAMES.read_text().splitlines()
    split = (line.partition(":") for line in rest if line)
    return first.split("TensorFlow ")[1].split(",")[0], {space: names.split() for space, _, names in split}


def has(value: Any, name: str) -> bool:
    if value is None:
        return False
    try:
        getattr(value, name)
    except (AttributeError, ImportError, NotImplementedError):
        return False
    return True


def names_part(names: dict[str, list[str]]) -> list[str]:
    thalweg = importlib.import_module("thalweg")
    rows: list[str] = []
    lists: list[str] = []
    total = present = 0
    for space, wanted in names.items():
        value = resolve(thalweg, space)
        missing = [name for name in wanted if not has(value, name)]
        rows.append(f"| `{space}` | {len(wanted) - len(missing)} | {len(wanted)} |")
        total += len(wanted)
        present += len(wanted) - len(missing)
        if missing and len(missing) == len(wanted):
            lists += ["", f"**{space}**: all of them."]
        elif missing:
            lists += ["", *textwrap.wrap(f"**{space}**: {', '.join(f'`{name}`' for name in missing)}", 118,
                                         break_long_words=False, break_on_hyphens=False)]
    rows.append(f"| together | {present} | {total} |")
    return ["| namespace | present | total |", "|---|---:|---:|", *rows, "", "## Names that are missing", *lists]


def results_part(results: dict[str, str]) -> list[str]:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for check, failure in results.items():
        kind, _, rest = check.partition("/")
        category = rest.partition("/")[0].partition(":")[0] if "/" in rest else rest.partition(":")[0]
        for key in ((kind, category), (kind, "together")):
            counts[key][0] += not failure
            counts[key][1] += 1
    ordered = sorted(counts, key=lambda key: (key[0], key[1] == "together", key[1]))
    return ["", "## Values", "",
            "The checks compare values, dtypes, shapes, printed forms and random draws with golden values made by",
            "TensorFlow 2.21.", "",
            "| kind | category | passed | total |", "|---|---|---:|---:|",
            *(f"| {kind} | {category} | {counts[kind, category][0]} | {counts[kind, category][1]} |"
              for kind, category in ordered)]


def conformance_part(ops: dict[str, dict[str, Any]]) -> list[str]:
    """What `tools/conformance.py` found."""
    verdicts: Counter[str] = Counter()
    for found in ops.values():
        verdicts.update(found["verdicts"])
    explained = sum(len(found["explained"]) for found in ops.values())
    open_ = {op: len(found["differences"]) for op, found in ops.items() if found["differences"]}
    rows = [("drawn", sum(verdicts.values())), ("the same values, dtypes, shapes and gradients", verdicts["agree"]),
            ("refused by both", verdicts["refused"]), ("that TensorFlow has no kernel for", verdicts["skipped"]),
            ("different for a reason that is known", explained), ("different", sum(open_.values()))]
    return ["", "## Conformance", "",
            f"`make conformance` runs {len(ops)} operations beside TensorFlow on random variations of their samples: other",
            "values, sizes and dtypes, with zeros, infinities and NaN among them. The reasons are in",
            "`tools/conformance_known.py`.", "",
            "| draws | |", "|---|---:|", *(f"| {name} | {count} |" for name, count in rows),
            *(["", f"With differences: {', '.join(f'`{op}` ({n})' for op, n in sorted(open_.items()))}."] if open_ else [])]


def write_page(results: dict[str, str] | None, ops: dict[str, dict[str, Any]] | None = None) -> None:
    version, names = read_names()
    lines = ["# Coverage", "",
             f"Which public names of TensorFlow {version} thalweg has, by namespace. A name counts as present when it can be",
             "looked up; whether it gives the right values is for the tests and the golden values to say. TensorFlow's names",
             "are in `tools/tensorflow_names.txt`. This page is written by `tools/coverage.py`.", "",
             "## Names", "", *names_part(names)]
    if results is not None:
        at = lines.index("## Names that are missing")
        lines[at - 1:at - 1] = results_part(results)
    if ops is not None:
        at = lines.index("## Names that are missing")
        lines[at - 1:at - 1] = conformance_part(ops)
    PAGE.write_text("\n".join(lines) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, help="the JSON file of a checker of values")
    parser.add_argument("--conformance", type=Path, help="the JSON file of tools/conformance.py")
    parser.add_argument("--make-names", action="store_true", help="write the list of TensorFlow's names")
    arguments = parser.parse_args()
    if arguments.make_names:
        make_names()
    else:
        write_page(*(json.loads(file.read_text()) if file else None for file in (arguments.results, arguments.conformance)))


if __name__ == "__main__":
    main()
