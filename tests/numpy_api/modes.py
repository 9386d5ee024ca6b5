"""Runs the cases in one mode and keeps what comes out.

    python -m tests.numpy_api.modes MODE FILE

A result is the list of its parts: arrays as `[dtype, shape, bytes in hexadecimal]`, what is no tensor as text. A refused
line has its exception as text instead of a list. Gradients are kept as `d line`. What a `tf.function` makes of a line
whose tensors have unknown ranks is kept as `u line`, and the static shapes of its results where their first dimensions are
unknown as `p line`. In the goldens, which TensorFlow makes, a mode has only the lines that differ from the mode "legacy".
"""
from __future__ import annotations

import ast
import json
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from . import cases

GOLDEN = Path(__file__).resolve().parent.parent / "goldens" / "numpy_api.npz"

Results = dict[str, Any]


def _encode(part: Any) -> Any:
    if isinstance(part, str):
        return part
    if part.dtype.kind in "OS":
        return "bytes " + repr(part.tolist())
    return [part.dtype.name, list(part.shape), part.tobytes().hex()]


def decode(part: Any) -> Any:
    """The array, or the text, that a part was made of."""
    if isinstance(part, str):
        return part
    dtype, shape, data = part
    return np.frombuffer(bytes.fromhex(data), dtype).reshape(shape)


def _kept(tf: Any, store: Results, key: str, call: Any) -> None:
    try:
        found = cases.parts(tf, call())
    except Exception as error:
        store[key] = f"{type(error).__name__}: {error}"[:300]
        return
    store[key] = [_encode(part) for part in found]


def gradient(tf: Any, line: str, values: dict[str, Any]) -> list[Any]:
    """The gradients of the sum of a line's result for the float tensors that it uses; text where there is none."""
    used = [name for name in "fpqmntvxc" if name in _names(line)]
    with tf.GradientTape() as tape:
        tape.watch([values[name] for name in used])
        result = cases.evaluate(tf, line, values)
    found = tape.gradient(result, [values[name] for name in used])
    return ["None" if g is None else g for g in found]


def _names(line: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Name)}


def run(tf: Any, mode: str) -> Results:
    """All cases in one mode."""
    switch = cases.MODES[mode]
    if switch is not None:
        tf.experimental.numpy.experimental_enable_numpy_behavior(**switch)
    values = cases.tensors(tf)
    store: Results = {}
    for line in [*cases.CASES, *cases.REFUSED]:
        _kept(tf, store, line, lambda line=line: cases.evaluate(tf, line, values))
    for line in cases.GRADIENTS:
        _kept(tf, store, f"d {line}", lambda line=line: gradient(tf, line, values))
    if mode == "legacy":
        for line in traceable(values):
            unknown, partly = (traced(tf, line, values, spec) for spec in (
                lambda x: tf.TensorSpec(None, x.dtype), lambda x: tf.TensorSpec([None, *x.shape[1:]][:x.shape.rank], x.dtype)))
            _kept(tf, store, f"u {line}", lambda call=unknown, line=line: call(used(line, values)))
            _kept(tf, store, f"p {line}", lambda call=partly: [
                str(x.shape) for x in tf.nest.flatten(call.get_concrete_function().structured_outputs)])
    return store


def used(line: str, values: dict[str, Any]) -> list[Any]:
    """The tensors that a line names."""
    return [values[name] for name in sorted(_names(line) & set(values))]


def traceable(values: dict[str, Any]) -> list[str]:
    """The lines that name tensors, and whose results a function can return."""
    plain = ("size", "ndim", "shape", "iscomplexobj", "isrealobj", "isscalar", "result_type", "f ==", "f !=", ".foo",
             "Variable")
    return [line for line in cases.CASES if used(line, values) and "random" not in line and not any(p in line for p in plain)]


def traced(tf: Any, line: str, values: dict[str, Any], spec: Any, **options: Any) -> Any:
    """A line as a `tf.function` of the list of the tensors that it names, described by `spec`."""
    names = sorted(_names(line) & set(values))

    def call(args: list[Any]) -> Any:
        return eval(line, cases.namespace(tf, dict(zip(names, args))))
    return tf.function(call, input_signature=[[spec(values[name]) for name in names]], autograph=False, **options)


def save(results: dict[str, Results]) -> None:
    """Writes the goldens of all modes."""
    base = results["legacy"]
    packed = {mode: found if mode == "legacy" else {k: v for k, v in found.items() if v != base[k]}
              for mode, found in results.items()}
    np.savez_compressed(GOLDEN, **{mode: np.frombuffer(zlib.compress(json.dumps(found).encode(), 9), np.uint8)
                                   for mode, found in packed.items()})


def golden(mode: str) -> Results:
    """The golden results of a mode."""
    with np.load(GOLDEN) as stored:
        found = {name: json.loads(zlib.decompress(stored[name].tobytes())) for name in ("legacy", mode)}
    return {**found["legacy"], **found[mode]}


if __name__ == "__main__":
    import thalweg
    Path(sys.argv[2]).write_text(json.dumps(run(thalweg, sys.argv[1])))
