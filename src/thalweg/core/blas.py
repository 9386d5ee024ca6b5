"""Which matrix kernels NumPy's BLAS takes on processors that it does not know.

OpenBLAS looks its processor up by family when it is loaded. AMD's families from 26 on (Zen 5) are newer than the tables
of the releases that NumPy carries: they get the kernels of processors without AVX-512, at half the speed. The variable
`OPENBLAS_CORETYPE`, which it reads then, names others.
"""
from __future__ import annotations

import os
import sys
from pathlib import Path

_VARIABLE = "OPENBLAS_CORETYPE"
_KERNELS = "SkylakeX"
_NEEDED = frozenset(("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"))
"""What those kernels are compiled for."""
_FIRST_UNKNOWN = 26


def unknown(processor: str) -> bool:
    """Whether OpenBLAS underrates the processor that the first lines of `/proc/cpuinfo` describe."""
    fields = dict(line.split(":", 1) for line in processor.splitlines() if ":" in line)
    said = {key.strip(): value.strip() for key, value in fields.items()}
    family = said.get("cpu family", "")
    return (said.get("vendor_id") == "AuthenticAMD" and family.isdigit() and int(family) >= _FIRST_UNKNOWN
            and set(said.get("flags", "").split()) >= _NEEDED)


def choose() -> bool:
    """Loads NumPy with the kernels that suit this processor; returns whether they had to be named.

    Not where NumPy is loaded already, nor where the user has named some.
    """
    if "numpy" in sys.modules or _VARIABLE in os.environ or not unknown(_first_processor()):
        return False
    os.environ[_VARIABLE] = _KERNELS
    try:
        import numpy  # noqa: F401  - loads BLAS
    finally:
        del os.environ[_VARIABLE]
    return True


def _first_processor() -> str:
    """The beginning of `/proc/cpuinfo`; empty where there is none."""
    try:
        with Path("/proc/cpuinfo").open() as file:
            return file.read(1 << 12).partition("\n\n")[0]
    except OSError:
        return ""
