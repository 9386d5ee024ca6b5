"""Writes docs/coverage.md: which of TensorFlow's public names thalweg has.

    python tools/coverage.py [--results result.json] [--conformance conformance.json]      # where thalweg is installed
    python tools/coverage.py --make-names                 # where TensorFlow is: writes tools/tensorflow_names.txt

What is not given stays as it is on the page. A result file is a dict from the id of a check, `kind/category/number` with
or without `:part`, to the empty string, or to the text of its failure. Its counts are added to the page, and those of
`tools/conformance.py --out conformance.json`. Reasons why names are missing are in `tools/coverage_reasons.py`, names that
programs use in `tools/census.tsv`.
"""
from __future__ import annotations

import argparse
import importlib
import json
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coverage_reasons import NO_SUCH_NAMES, census_reason, reason

ROOT = Path(__file__).resolve().parent.parent
NAMES = ROOT / "tools" / "tensorflow_names.txt"
CENSUS = ROOT / "tools" / "census.tsv"
PAGE = ROOT / "docs" / "coverage.md"

NAMESPACES = """
tf tf.math tf.math.special tf.nn tf.nn.experimental tf.linalg tf.linalg.experimental tf.random tf.random.experimental
tf.bitwise tf.dtypes tf.nest tf.raw_ops tf.errors tf.autodiff tf.autograph tf.autograph.experimental tf.config
tf.config.experimental tf.experimental tf.experimental.numpy tf.debugging tf.data tf.data.experimental tf.distribute
tf.feature_column
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
tf.compat.v1.feature_column
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


AIMED_AT = """
tf tf.math tf.math.special tf.bitwise tf.linalg tf.linalg.experimental tf.signal tf.sets tf.nn tf.nn.experimental tf.random
tf.random.experimental tf.image tf.strings tf.sparse tf.ragged tf.lookup tf.debugging tf.io tf.io.gfile
tf.experimental.numpy tf.raw_ops tf.autodiff tf.quantization tf.dtypes tf.nest
""".split()
"""The namespaces of the headline."""

OUTSIDE = ("keras", "data", "estimator", "contrib", "distribute", "dtensor")
"""Parts of names that the second row of the census passes over."""


@dataclass
class Space:
    """The names of one namespace."""

    total: int
    present: int = 0
    left_out: dict[str, list[str]] = field(default_factory=dict)
    not_yet: dict[str, list[str]] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)

    @property
    def out(self) -> int:
        """How many names are left out."""
        return sum(map(len, self.left_out.values()))

    def row(self, title: str) -> str:
        """The line of the table: present, total, left out, share of what is in scope."""
        return f"| {title} | {self.present} | {self.total} | {self.out or ''} | {share(self.present, self.total - self.out)} |"


def share(part: int, whole: int) -> str:
    """A percentage with one decimal, rounded down, so that 100 means all."""
    return f"{part * 1000 // whole / 10:.1f} %" if whole else ""


def found(root: Any, name: str) -> bool:
    """Whether `tf.a.b` can be looked up, with `root` as `tf`."""
    namespace, _, last = name.rpartition(".")
    return has(resolve(root, namespace), last)


def look(names: dict[str, list[str]]) -> dict[str, Space]:
    """What is there of each namespace, and why the rest is not."""
    thalweg = importlib.import_module("thalweg")
    spaces = {}
    for namespace, wanted in names.items():
        value = resolve(thalweg, namespace)
        space = spaces[namespace] = Space(len(wanted))
        for name in wanted:
            if has(value, name):
                space.present += 1
            elif (why := reason(namespace, name)) is None:
                space.unexplained.append(name)
            else:
                (space.left_out if why[1] else space.not_yet).setdefault(why[0], []).append(name)
    return spaces


def together(spaces: Iterable[Space]) -> Space:
    """The sums, without the names."""
    out = Space(0)
    for space in spaces:
        out.total += space.total
        out.present += space.present
        out.left_out.setdefault("", []).extend(name for names in space.left_out.values() for name in names)
    return out


def headline(spaces: dict[str, Space]) -> list[str]:
    aimed = [spaces[name] for name in AIMED_AT]
    functions = together(space for name, space in spaces.items() if name in AIMED_AT and name != "tf.raw_ops")
    whole, raw = together(aimed), spaces["tf.raw_ops"]
    names = ", ".join(f"`{name}`" for name in AIMED_AT if name.count(".") <= 1 or name == "tf.experimental.numpy")
    return [*wrap(f"The library aims at {names}, and the namespaces below them."), "",
            "| | present | total | left out | present of the rest |", "|---|---:|---:|---:|---:|",
            whole.row("these namespaces"), functions.row("without `tf.raw_ops`"), raw.row("`tf.raw_ops`")]


def names_part(spaces: dict[str, Space]) -> list[str]:
    return ["", "## Names", "",
            "*Left out* are names that the library does not aim at, for the reasons below.", "",
            "| namespace | present | total | left out | present of the rest |", "|---|---:|---:|---:|---:|",
            *(space.row(f"`{name}`") for name, space in spaces.items()), together(spaces.values()).row("together")]


def missing_part(spaces: dict[str, Space]) -> list[str]:
    unexplained = sum(len(space.unexplained) for space in spaces.values())
    lines = ["", "## Names that are missing", "", "The reasons are in `tools/coverage_reasons.py`."]
    for title, attribute in (("Left out", "left_out"), ("Not yet", "not_yet")):
        reasons: dict[str, list[tuple[str, list[str]]]] = {}
        for namespace, space in spaces.items():
            for why, names in getattr(space, attribute).items():
                reasons.setdefault(why, []).append((namespace, names))
        lines += ["", f"### {title}"]
        for why, found in reasons.items():
            count = sum(len(names) for _, names in found)
            lines += ["", *wrap(f"**{why[0].upper()}{why[1:]}** ({count})"), ""]
            for namespace, names in found:
                all_of_them = len(names) == spaces[namespace].total
                said = f"all {len(names)}" if all_of_them else ", ".join(f"`{n}`" for n in names)
                lines += wrap(f"- `{namespace}`: {said}", "  ")
    lines += ["", "### No reason yet", "", f"{unexplained} names.", ""]
    for namespace, space in spaces.items():
        if space.unexplained:
            lines += wrap(f"- `{namespace}`: {', '.join(f'`{name}`' for name in space.unexplained)}", "  ")
    return lines


def wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, 118, break_long_words=False, break_on_hyphens=False, subsequent_indent=indent)


@dataclass(frozen=True)
class Use:
    """A name of the census, in how many programs it is, and how often."""

    name: str
    files: int
    uses: int


def read_census() -> list[Use]:
    rows = (line.split("\t") for line in CENSUS.read_text().splitlines()[1:])
    return [Use(name, int(files), int(uses)) for name, files, uses, _ in rows]


def outside_row(name: str) -> bool:
    """Whether the second row of the census passes over a name. `data` is the module, at the top or under `compat`."""
    parts = name.removeprefix("tf.").removeprefix("compat.v1.").removeprefix("compat.v2.").split(".")
    return parts[0] == "data" or any(part in OUTSIDE for part in parts if part != "data")


def census_part() -> list[str]:
    roots = [importlib.import_module(name) for name in ("thalweg", "thalweg.v1")]
    census = read_census()
    made_up = [use for use in census if use.name in NO_SUCH_NAMES]
    real = [use for use in census if use.name not in NO_SUCH_NAMES]
    there = {use.name for use in real if any(found(root, use.name) for root in roots)}
    rows = []
    inside = [use for use in real if not outside_row(use.name)]
    for title, chosen in (("all", real), ("outside " + ", ".join(f"`{part}`" for part in OUTSIDE), inside)):
        counts = [(sum(weight(use) for use in chosen if use.name in there), sum(weight(use) for use in chosen))
                  for weight in (lambda use: 1, lambda use: use.uses)]
        rows.append(f"| {title} | " + " | ".join(f"{part} of {whole} | {share(part, whole)}" for part, whole in counts) + " |")
    lines = ["", "## Names that programs use", "",
             *wrap(f"`tools/census.tsv` counts the {len(census)} names that 365 public TensorFlow programs use, of both "
                   "generations: in how many files, and how often. A name counts as present when it can be looked up "
                   "under `thalweg` or `thalweg.v1`."), "",
             "| names | present | | uses of them | |", "|---|---:|---:|---:|---:|", *rows, "",
             *wrap(f"Counted apart are {len(made_up)} names, used {sum(use.uses for use in made_up)} times, that no TensorFlow "
                   "has had, among them modules that tests of documentation tools make up: "
                   + ", ".join(f"`{use.name}`" for use in made_up) + "."), "",
             "Missing of the second row, with the number of files:", ""]
    reasons: dict[str, list[str]] = {}
    for use in sorted(inside, key=lambda use: (-use.files, use.name)):
        if use.name not in there:
            reasons.setdefault(census_reason(use.name) or "no reason yet", []).append(f"`{use.name}` {use.files}")
    for why, names in reasons.items():
        lines += wrap(f"- {why}: {', '.join(names)}", "  ")
    return lines


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


def kept(title: str) -> list[str]:
    """A section of the page as it is, which is written anew only from a file of results."""
    _, _, section = PAGE.read_text().partition(f"\n## {title}\n")
    return ["", f"## {title}", *section.partition("\n## ")[0].removesuffix("\n").split("\n")] if section else []


def write_page(results: dict[str, str] | None, ops: dict[str, dict[str, Any]] | None = None) -> None:
    version, names = read_names()
    spaces = look(names)
    lines = ["# Coverage", "",
             f"Which public names of TensorFlow {version} thalweg has, by namespace. A name counts as present when it can be",
             "looked up; whether it gives the right values is for the tests and the golden values to say. TensorFlow's names",
             "are in `tools/tensorflow_names.txt`. This page is written by `tools/coverage.py`.", "",
             *headline(spaces), *census_part(), *names_part(spaces)]
    lines += results_part(results) if results is not None else kept("Values")
    lines += conformance_part(ops) if ops is not None else kept("Conformance")
    PAGE.write_text("\n".join([*lines, *missing_part(spaces)]) + "\n")


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
