"""Writes `src/thalweg/ops/text/unicode_scripts.py`, the scripts of all characters, as ICU numbers and names them.

Run it in a Python that has tensorflow: the numbers come from its `tf.strings.unicode_script`, and a name is taken where
its regular expressions know it (`\\p{Greek}`) and it fits every character of that number.
"""
from __future__ import annotations

import os
import unicodedata
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

TARGET = Path(__file__).resolve().parent.parent / "src" / "thalweg" / "ops" / "text" / "unicode_scripts.py"
SPECIAL = {0: "Common", 1: "Inherited"}
OTHERS = """Phags_Pa Old_Persian Linear_A Linear_B Old_Italic Old_Turkic Old_South_Arabian Old_North_Arabian Canadian_Aboriginal
Imperial_Aramaic Inscriptional_Pahlavi Inscriptional_Parthian Psalter_Pahlavi Egyptian_Hieroglyphs Anatolian_Hieroglyphs
Meroitic_Hieroglyphs Meroitic_Cursive Cuneiform SignWriting Nko Sora_Sompeng Meetei_Mayek Ol_Chiki Kayah_Li New_Tai_Lue
Tai_Tham Tai_Viet Tai_Le Pau_Cin_Hau Pahawh_Hmong Nyiakeng_Puachue_Hmong Masaram_Gondi Gunjala_Gondi Zanabazar_Square
Khitan_Small_Script Hanifi_Rohingya Caucasian_Albanian Old_Permic Old_Hungarian Old_Sogdian Old_Uyghur Syloti_Nagri
Cypro_Minoan Mende_Kikakui Bassa_Vah Warang_Citi Han Hangul Yi Nag_Mundari Kawi Medefaidrin""".split()


def known(name: str, text: str) -> bool:
    """Whether every character of a text has the script of that name."""
    try:
        return bool(tf.strings.regex_full_match(text, rf"\p{{{name}}}+"))
    except tf.errors.InvalidArgumentError:
        return False


def name_of(codes: list[int]) -> str:
    """The name of the script of some characters, or nothing."""
    text = "".join(map(chr, codes[:50]))
    words = unicodedata.name(chr(codes[0]), "").title().split()
    for candidate in ["_".join(words[:n]) for n in (1, 2, 3)] + OTHERS:
        if candidate and known(candidate, text):
            return candidate
    return ""


def main() -> None:
    points = list(range(0x110000))
    scripts = tf.strings.unicode_script(np.array(points, np.int32)).numpy()
    starts = [0, *(np.flatnonzero(np.diff(scripts)) + 1).tolist()]
    names = {}
    for number in sorted(set(scripts.tolist()) - {-1}):
        codes = [c for c in np.flatnonzero(scripts == number).tolist() if not 0xD800 <= c < 0xE000]
        assigned = [c for c in codes if unicodedata.category(chr(c)) != "Cn"]
        name = SPECIAL.get(number) or (name_of(assigned) if assigned else "")
        if name:
            names[name] = number
    words, previous = [], 0
    for start in starts:
        words.append(f"{start - previous:x}:{scripts[start]}")
        previous = start
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) > 105:
            lines.append("")
        lines[-1] += word + " "
    table = "\n".join(f'    "{line}"' for line in lines)
    listed = [""]
    for name, number in sorted(names.items()):
        word = f"{name}={number} "
        if len(listed[-1]) + len(word) > 105:
            listed.append("")
        listed[-1] += word
    named = "\n".join(f'    "{line}"' for line in listed)
    TARGET.write_text(f'''"""The script of every character of Unicode. Written by tools/make_unicode_scripts.py."""
from __future__ import annotations

import functools
from typing import Any

import numpy as np

_RUNS = (
{table}
)
"""Runs of characters of one script: how far from the start of the run before (hexadecimal), and the script."""

_NAMES = (
{named}
)


@functools.cache
def _table() -> tuple[Any, Any]:
    """Where runs start, and their scripts."""
    pairs = [word.split(":") for word in _RUNS.split()]
    return np.cumsum([int(step, 16) for step, _ in pairs]), np.array([int(script) for _, script in pairs], np.int32)


def scripts_of(codes: Any) -> Any:
    """The int32 numbers of the scripts of code points; -1 for what is none."""
    starts, scripts = _table()
    found = scripts[np.searchsorted(starts, codes, "right") - 1]
    return np.where((codes < 0) | (codes > 0x10FFFF), np.int32(-1), found)


def ranges_of(name: str) -> list[tuple[int, int]] | None:
    """The code points of the script of that name, as ranges, or None if there is none."""
    numbers = dict(word.split("=") for word in _NAMES.split())
    if name not in numbers:
        return None
    starts, scripts = _table()
    ends = np.append(starts[1:], 0x110000) - 1
    chosen = scripts == int(numbers[name])
    return list(zip(starts[chosen].tolist(), ends[chosen].tolist(), strict=True))
''')
    print(TARGET, TARGET.stat().st_size, "bytes", len(starts), "runs", len(names), "names")


if __name__ == "__main__":
    main()
