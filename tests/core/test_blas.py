"""Which kernels NumPy's BLAS is told to take."""
import os
import subprocess
import sys

import pytest

from thalweg.core.blas import unknown

ZEN_5 = """processor\t: 0
vendor_id\t: AuthenticAMD
cpu family\t: 26
model\t\t: 2
flags\t\t: fpu sse2 avx2 avx512f avx512dq avx512cd avx512bw avx512vl avx512_vnni
"""


def test_a_family_newer_than_the_tables_with_avx512_is_unknown():
    assert unknown(ZEN_5)


@pytest.mark.parametrize(("given", "other"), [
    ("AuthenticAMD", "GenuineIntel"), ("family\t: 26", "family\t: 25"), (" avx512vl", ""), ("cpu family", "family")])
def test_others_are_left_to_blas(given: str, other: str):
    assert given in ZEN_5
    assert not unknown(ZEN_5.replace(given, other))


def test_a_machine_without_that_description_is_left_to_blas():
    assert not unknown("")


LATE = """
import os
import thalweg  # which has loaded NumPy
from thalweg.core import blas
blas._first_processor = lambda: {text!r}
print(blas.choose(), os.environ.get("OPENBLAS_CORETYPE"))
"""


@pytest.mark.parametrize(("environment", "expected"), [({}, "False None"), ({"OPENBLAS_CORETYPE": "Haswell"}, "False Haswell")])
def test_a_choice_comes_too_late_or_is_the_users(environment: dict[str, str], expected: str):
    clean = {key: value for key, value in os.environ.items() if key != "OPENBLAS_CORETYPE"}
    done = subprocess.run([sys.executable, "-c", LATE.format(text=ZEN_5)], capture_output=True, text=True,
                          env=clean | environment, check=True)
    assert done.stdout.strip() == expected


LOADING = """
import importlib.util, os, sys
spec = importlib.util.spec_from_file_location("blas", {path!r})
blas = importlib.util.module_from_spec(spec)
spec.loader.exec_module(blas)
blas._first_processor = lambda: {text!r}
seen = []
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            seen.append(os.environ.get("OPENBLAS_CORETYPE"))
sys.meta_path.insert(0, Watch())
os.environ.pop("OPENBLAS_CORETYPE", None)
print(blas.choose(), seen, "numpy" in sys.modules, os.environ.get("OPENBLAS_CORETYPE"))
"""


def test_numpy_is_loaded_with_the_kernels_named_and_the_environment_is_as_before():
    from thalweg.core import blas
    done = subprocess.run([sys.executable, "-c", LOADING.format(path=blas.__file__, text=ZEN_5)], capture_output=True,
                          text=True, check=True)
    assert done.stdout.strip() == "True ['SkylakeX'] True None"
