"""`tf.flags` and `tf.app`: options of programs."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import thalweg.v1 as tf

flags = tf.flags

PROGRAM = """
import thalweg.v1 as tf
tf.flags.DEFINE_string("name", "x", "a name")
tf.app.flags.DEFINE_integer("steps", 10, "how many")
tf.flags.DEFINE_float("rate", None, "how fast")
tf.flags.DEFINE_boolean("train", True, "whether")
tf.flags.mark_flag_as_required("rate")
FLAGS = tf.flags.FLAGS

def main(argv):
    print(FLAGS.name, FLAGS.steps, FLAGS.rate, FLAGS.train, argv[1:])

if __name__ == "__main__":
    tf.app.run()
"""


def _run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path.write_text(PROGRAM)
    return subprocess.run([sys.executable, str(path), *arguments], capture_output=True, text=True, timeout=120)


def test_a_program(tmp_path: Path) -> None:
    done = _run(tmp_path / "p.py", "--name=a b", "--steps", "3", "file", "-rate=0.5", "--notrain", "--", "--x")
    assert done.returncode == 0 and done.stdout == "a b 3 0.5 False ['file', '--x']\n"


@pytest.mark.parametrize("arguments, message", [
    (["--rate=1", "--no_such=3"], "Unknown command line flag 'no_such'"),
    (["--rate=fast"], "flag --rate=fast: could not convert"),
    ([], "Flag --rate must have a value other than None."), (["--rate"], "Missing value for flag --rate")])
def test_a_program_with_wrong_flags(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = _run(tmp_path / "p.py", *arguments)
    assert done.returncode == 1 and message in done.stderr and not done.stdout


def test_kinds_of_flags() -> None:
    values = flags.FlagValues()
    flags.DEFINE_enum("mode", "a", ["a", "b"], "", flag_values=values)
    flags.DEFINE_list("words", ["x"], "", flag_values=values)
    flags.DEFINE_multi_integer("sizes", [1], "", flag_values=values)
    flags.DEFINE_integer("number", 0x10, "", flag_values=values)
    assert values(["p", "--mode=b", "--words=u, v", "--sizes=2", "--sizes=3", "--number=0x20"]) == ["p"]
    assert values.flag_values_dict() == {"mode": "b", "words": ["u", "v"], "sizes": [2, 3], "number": 32}
    values.number = 5
    assert values.number == 5 and values["mode"].default == "a" and "mode" in values and "other" not in values
    with pytest.raises(flags.IllegalFlagValueError, match=r"flag --mode=c: value should be one of <a\|b>"):
        values(["p", "--mode=c"])
    with pytest.raises(flags.DuplicateFlagError, match="The flag 'mode' is defined twice."):
        flags.DEFINE_string("mode", "", "", flag_values=values)
    with pytest.raises(AttributeError):
        values.other = 1
    with pytest.raises(AttributeError):
        print(values.other)


def test_the_command_line_is_read_at_the_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    values = flags.FlagValues()
    flags.DEFINE_boolean("fast", False, "", flag_values=values)
    monkeypatch.setattr(sys, "argv", ["p", "--fast", "--of_somebody_else=1"])
    assert not values.is_parsed() and values.fast is True and values.is_parsed()
