"""The differences between thalweg and TensorFlow that `tools/conformance.py` expects, and why they are there.

An entry says as narrowly as it can which draws it is about. Whatever it does not match is reported as a difference.
"""
from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A class of differences."""

    ops: str
    """The op types, separated by spaces."""
    why: str
    when: str = ""
    """A regular expression that the line must contain: `OP NUMBER VERDICT: WHAT  (SAMPLE [VARIATION] INPUTS)`."""


KNOWN: tuple[Known, ...] = ()


def reason(op: str, line: str) -> str:
    """Why a difference is there, or nothing."""
    return next((k.why for k in KNOWN if op in k.ops.split() and re.search(k.when, line)), "")
