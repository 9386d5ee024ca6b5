"""What happens to the memory of arrays that are dropped."""
import os
import platform
import subprocess
import sys

import pytest

from thalweg.core.freed_memory import keep

STEPS = """
import resource
import thalweg as tf

def step():
    x = tf.ones([64, 26, 26, 32])
    return x * 2.0 + x * 3.0

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

for _ in range(3):
    step()
before = faults()
for _ in range(20):
    step()
print((faults() - before) / 20)
"""
glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")


def pages(**environment: str) -> float:
    """New pages in a step that makes and drops arrays of 1,352 pages each."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MALLOC_")}
    done = subprocess.run([sys.executable, "-c", STEPS], capture_output=True, text=True, env=clean | environment, check=True)
    return float(done.stdout)


@glibc
def test_arrays_that_were_dropped_make_room_for_the_next():
    assert pages() < 100


@glibc
def test_what_the_environment_says_is_left_alone():
    assert pages(MALLOC_TRIM_THRESHOLD_="0", MALLOC_MMAP_THRESHOLD_="65536") > 1000
    assert not keep({"MALLOC_ARENA_MAX": "2"})
    assert not keep({"GLIBC_TUNABLES": "glibc.malloc.check=3"})
