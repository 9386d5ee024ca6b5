"""Compares thalweg with TensorFlow on random variations of every op's samples, forward and gradient.

    make conformance                                      # in an environment of its own, with tensorflow-cpu
    python tools/conformance.py [--ops MatMul,Conv2D] [--families linalg] [--draws 200] [--jobs 2] [--show 3] [--all]

A draw takes a sample of the op and varies its inputs: other values (with zeros, infinities and NaN among them), other
sizes (one that occurs in the inputs is replaced by another, zero and one among them), another dtype, axes of length
one. Both libraries run the same lines on the same arrays. They agree if both give the same values, dtypes, shapes and
gradients, or both refuse. A draw that TensorFlow has no kernel for, or that ends its process, does not count.

Differences that are known and meant stand in `tools/conformance_known.py`, with the reason; they are counted apart.
"""
from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import pkgutil
import re
import sys
import time
import warnings
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import ml_dtypes
import numpy as np
from conformance_known import reason
from tests.samples import Sample, all_samples, run
from tests.tolerances import TOLERANCES

SIZES = (0, 1, 2, 3, 4, 5, 7)
SPECIAL = (0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan)
DTYPES = {
    "float32": (np.float64, np.float16, ml_dtypes.bfloat16), "float64": (np.float32,), "complex64": (np.complex128,),
    "int32": (np.int64,), "int64": (np.int32,)}
DIFFERENCES = ("forward", "gradient", "error", "class")
SECONDS = 20.0
"""After so long a draw is given up; its process is started anew."""

SUMS = frozenset((
    "batch_norm", "contraction", "conv", "earlier_sums", "fractional_pool", "image_boxes", "image_crop", "image_resize",
    "image_warp", "linalg", "linear_operators", "losses", "matmul", "morphology", "normalization", "pool", "products",
    "recurrent", "removed", "signal"))
"""Families that add up products: where infinity meets zero or its opposite depends on the order, so they get no such values."""
ENDLESS = frozenset(("random", "random_earlier", "random_stateless"))
"""Families in which TensorFlow draws for ever where a rate is NaN."""

def varied(s: Sample, rng: np.random.Generator) -> tuple[list[Any], str]:
    """The inputs of a draw, and what was varied."""
    arrays = [make(rng) for make in s.inputs]
    done = []
    if rng.random() < 0.5:
        arrays, what = resized(arrays, rng)
        done.append(what)
    if rng.random() < 0.25:
        arrays, what = retyped(arrays, rng)
        done.append(what)
    if rng.random() < 0.3 and s.family not in SUMS | ENDLESS:
        pairs = [special(a, rng) for a in arrays]
        arrays = [a for a, _ in pairs]
        done.append("special values " + " ".join(sorted({name for _, names in pairs for name in names})))
    elif rng.random() < 0.3:
        factor = float(rng.choice([0.01, 0.1, 3.0, 10.0]))
        arrays = [a * a.dtype.type(factor) if a.dtype.name in TOLERANCES else a for a in arrays]
        done.append(f"times {factor}")
    return arrays, ", ".join(w for w in done if w)


def resized(arrays: Sequence[Any], rng: np.random.Generator) -> tuple[list[Any], str]:
    """One size that occurs among the inputs, replaced wherever it occurs in inputs of the same rank or in all."""
    sizes = sorted({d for a in arrays for d in a.shape})
    if not sizes:
        return list(arrays), ""
    old, new = int(rng.choice(sizes)), int(rng.choice(SIZES))
    alone = rng.random() < 0.2
    chosen = int(rng.integers(len(arrays))) if alone else -1
    out = []
    for k, a in enumerate(arrays):
        picked = False
        for axis, d in enumerate(a.shape):
            if d == old and (not alone or k == chosen):
                a = np.take(a, rng.integers(0, d, new) if d else np.zeros(0, np.int64), axis) if d or not new else \
                    np.zeros([new if i == axis else n for i, n in enumerate(a.shape)], a.dtype)
                picked = True
        if picked and a.dtype.name in TOLERANCES:  # no two rows alike: ties and singular matrices are accidents
            a = (a * rng.uniform(0.8, 1.25, a.shape)).astype(a.dtype)
        out.append(np.ascontiguousarray(a).reshape(a.shape))
    return out, f"size {old} -> {new}" + (f" of input {chosen}" if alone else "")


def retyped(arrays: Sequence[Any], rng: np.random.Generator) -> tuple[list[Any], str]:
    """All inputs of one dtype in another."""
    names = sorted({a.dtype.name for a in arrays if a.dtype.name in DTYPES})
    if not names:
        return list(arrays), ""
    name = str(rng.choice(names))
    options = DTYPES[name]
    wanted = np.dtype(options[int(rng.integers(len(options)))])
    if wanted.kind == "u" and any(a.size and a.min() < 0 for a in arrays if a.dtype.name == name):
        return list(arrays), ""
    with np.errstate(all="ignore"):
        return [a.astype(wanted) if a.dtype.name == name else a for a in arrays], f"{name} -> {wanted.name}"


def special(a: Any, rng: np.random.Generator) -> tuple[Any, list[str]]:
    """Zeros, ones, infinities and NaN in one or two places, and which of them.

    Complex numbers get no infinities: what their products are, C's and C++'s libraries do not agree upon.
    """
    if a.dtype.name not in TOLERANCES or not a.size:
        return a, []
    a = a.copy()
    values = [SPECIAL[int(rng.integers(4 if a.dtype.kind == "c" else len(SPECIAL)))] for _ in range(int(rng.integers(1, 3)))]
    for value in values:
        a.reshape(-1)[int(rng.integers(a.size))] = value
    return a, [f"{value:g}" for value in values]


def differs(got: Any, expected: Any, tol: tuple[float, float] | None, tame: bool) -> str:
    if got.dtype != expected.dtype:
        return f"dtype {got.dtype}, expected {expected.dtype}"
    if got.shape != expected.shape:
        return f"shape {got.shape}, expected {expected.shape}"
    name = expected.dtype.name
    if name not in TOLERANCES:
        return "" if np.array_equal(got, expected) else f"{got.reshape(-1)[:8]}, expected {expected.reshape(-1)[:8]}"
    rtol, atol = tol or TOLERANCES[name]
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    g, e = got.astype(wide), expected.astype(wide)
    finite = np.isfinite(e)
    scale = float(np.max(np.abs(e[finite]))) if finite.any() else 1.0
    with np.errstate(all="ignore"):
        close = np.isclose(g, e, rtol=10 * rtol, atol=10 * atol * max(1.0, scale), equal_nan=True)
        if not tame:  # in which order sums meet infinities is nobody's promise
            close |= ~np.isfinite(g) & ~np.isfinite(e)
    if close.all():
        return ""
    at = int(np.argmin(close.reshape(-1)))
    return f"{np.size(close) - np.sum(close)} of {np.size(close)} differ, at {at}: {g.reshape(-1)[at]}, expected " \
        f"{e.reshape(-1)[at]}"


def outcome(tf: Any, s: Sample, arrays: Sequence[Any]) -> tuple[list[Any], list[Any]] | Exception:
    try:
        return run(tf, s, list(arrays))
    except Exception as error:
        return error


_NO_KERNEL = ("NotFoundError", "UnimplementedError", "InternalError", "AbortedError")
_NO_KERNEL_TEXT = (
    "on device type CPU", "do not yet support", "does not yet support", "currently only support", "not supported on CPU",
    "only has 0 elem", "No registered", "No OpKernel was registered", "Current implementation only", "only supports NHWC")
"""What TensorFlow says where the CPU kernel, not the operation, has a limit."""


def _cannot(error: Exception) -> bool:
    return type(error).__name__ in _NO_KERNEL or any(text in str(error) for text in _NO_KERNEL_TEXT)


def _class(error: Exception) -> str:
    """The class of an exception as a program would catch it; an unsuitable argument is often either of two."""
    name = type(error).__name__.lstrip("_")
    return "ValueError" if name in ("InvalidArgumentError", "TypeError") else name


def _said(error: Exception) -> str:
    """The beginning of a message, without the names that TensorFlow gives to the nodes that it wraps."""
    return re.sub(r"\{\{(function_)?node \S+ ?\S*\}\} ?", "", str(error))[:160]


def compare(s: Sample, arrays: Sequence[Any]) -> tuple[str, str]:
    """The verdict on one draw, and what differs.

    "agree", "refused", "skipped"; "forward", "gradient"; "error" where one gives a result and the other raises, "class"
    where they raise exceptions of different classes.
    """
    import tensorflow

    import thalweg
    with np.errstate(all="ignore"):
        theirs = outcome(tensorflow, s, arrays)
        if isinstance(theirs, Exception) and _cannot(theirs):
            return "skipped", ""
        ours = outcome(thalweg, s, arrays)
    if isinstance(theirs, Exception) or isinstance(ours, Exception):
        if isinstance(theirs, Exception) and isinstance(ours, Exception):
            if _class(theirs) == _class(ours):
                return "refused", ""
        shown = [f"{type(x).__name__}: {_said(x)}" if isinstance(x, Exception) else "a result" for x in (ours, theirs)]
        return "error" if "a result" in shown else "class", f"{shown[0]} | TensorFlow: {shown[1]}"
    tame = not any((np.isin(np.abs(a), (0, 1)) if a.dtype.kind == "c" else ~np.isfinite(a.astype(np.float64))).any()
                   for a in arrays if a.dtype.name in TOLERANCES)
    for k, (g, e) in enumerate(zip(ours[0], theirs[0], strict=True)):
        what = differs(g, e, s.tol, tame)
        if what:
            return "forward", f"output {k}: {what}"
    for k, (g, e) in enumerate(zip(ours[1], theirs[1], strict=True)):
        if (g is None) != (e is None):
            return "gradient", f"gradient {k}: {'None' if g is None else 'a tensor'}"
        what = "" if g is None else differs(g, e, s.tol, tame)
        if what:
            return "gradient", f"gradient {k}: {what}"
    return "agree", ""


def draws_of(samples: Sequence[Sample], count: int) -> Iterator[tuple[int, Sample]]:
    for number in range(count):
        yield number, samples[number % len(samples)]


def _work(op: str, samples: Sequence[Sample], numbers: Sequence[int], pipe: Any) -> None:
    """In a process of its own: draw after draw, announced before it runs, since TensorFlow may end the process."""
    warnings.simplefilter("ignore")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    for number in numbers:
        s = samples[number % len(samples)]
        rng = np.random.default_rng([zlib.crc32(op.encode()), number])
        pipe.send((number, None, "", s.id))
        try:
            arrays, what = varied(s, rng)
            verdict, text = compare(s, arrays)
        except Exception as error:
            verdict, text, what = "error", f"the comparison itself: {type(error).__name__}: {error}", ""
        shapes = ", ".join(f"{a.dtype.name}{list(a.shape)}" for a in arrays)
        pipe.send((number, verdict, text, f"{s.id} [{what}] {shapes}"))
    pipe.send(None)


def check(op: str, samples: Sequence[Sample], count: int) -> tuple[Counter[str], list[str]]:
    """All draws of one op.

    A process that dies is started again behind the draw that killed it. It may have written into memory that is not its
    own before, so what it found to differ is looked at again, and from then on every draw has a process to itself.
    """
    verdicts: Counter[str] = Counter()
    found: list[str] = []
    numbers = list(range(count))
    context = get_context("fork")
    alone = False
    while numbers:
        here, there = context.Pipe(duplex=False)
        turn = numbers[:1] if alone else list(numbers)
        differing: list[tuple[int, str, str]] = []
        process = context.Process(target=_work, args=(op, samples, turn, there), daemon=True)
        process.start()
        there.close()
        current = None
        while True:
            try:
                message = here.recv() if here.poll(SECONDS) else None
            except EOFError:
                message = None
            if message is None:
                break
            number, verdict, text, where = message
            current = number
            if verdict is None:
                continue
            numbers.remove(number)
            current = None
            if verdict in DIFFERENCES:
                differing.append((number, verdict, f"{op} {number} {verdict}: {text}  ({where})"))
            else:
                verdicts[verdict] += 1
        process.kill()
        process.join()
        here.close()
        left = [number for number in turn if number in numbers]
        if left:  # it died
            if current is not None or alone:
                numbers.remove(left[0])
                verdicts["skipped"] += 1
            if not alone:
                numbers, differing = sorted(numbers + [number for number, _, _ in differing]), []
            alone = True
        found += [line for _, _, line in differing]
        verdicts.update(verdict for _, verdict, _ in differing)
    return verdicts, found


def by_op(samples: Iterable[Sample]) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = defaultdict(list)
    for s in samples:
        if s.compare:
            for op in s.ops:
                found[op].append(s)
    return found


def _one(task: tuple[str, list[int], int]) -> tuple[str, Counter[str], list[str], float]:
    op, indices, count = task
    start = time.perf_counter()
    verdicts, found = check(op, [_ALL[i] for i in indices], count)
    return op, verdicts, found, time.perf_counter() - start


_ALL: list[Sample] = []


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ops", default="", help="op types, separated by commas")
    parser.add_argument("--families", default="", help="families of samples, separated by commas")
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int, default=3, help="differences to show for each op")
    parser.add_argument("--all", action="store_true", help="show the differences with an explanation, too")
    parser.add_argument("--out", type=Path, help="JSON file of counts and differences; ops that run are replaced there")
    arguments = parser.parse_args(argv)
    _ALL.extend(all_samples())
    families = set(filter(None, arguments.families.split(",")))
    wanted = set(filter(None, arguments.ops.split(",")))
    grouped = by_op(s for s in _ALL if not families or s.family in families)
    place = {id(s): i for i, s in enumerate(_ALL)}
    tasks = [(op, [place[id(s)] for s in samples], arguments.draws) for op, samples in sorted(grouped.items())
             if not wanted or op in wanted]
    import tensorflow  # noqa: F401  - imported before the processes are forked, so that each need not

    import thalweg.ops
    for info in pkgutil.walk_packages(thalweg.ops.__path__, "thalweg.ops."):
        importlib.import_module(info.name)
    total: Counter[str] = Counter()
    unexplained = explained = 0
    results: dict[str, Any] = json.loads(arguments.out.read_text()) if arguments.out and arguments.out.exists() else {}
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for op, verdicts, found, seconds in pool.map(_one, tasks):
            total += verdicts
            why = {line: reason(op, line) for line in found}
            new = [line for line in found if not why[line]]
            unexplained += len(new)
            explained += len(found) - len(new)
            results[op] = {"verdicts": dict(verdicts), "differences": new, "seconds": seconds,
                           "explained": {line: text for line, text in why.items() if text}}
            if arguments.out:
                arguments.out.write_text(json.dumps(results, indent=1, sort_keys=True))
            if new or (arguments.all and found):
                print(f"{op}: {dict(verdicts)}")
                for line in new[:arguments.show]:
                    print("   ", line)
            if arguments.all:
                for text, count in Counter(filter(None, why.values())).items():
                    print(f"    {count} explained: {text}")
            sys.stdout.flush()
    print(f"{len(tasks)} ops, {sum(total.values())} draws: {total['agree']} agree, {total['refused']} refused by both, "
          f"{total['skipped']} that TensorFlow cannot run, {explained} differences explained, {unexplained} not")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
