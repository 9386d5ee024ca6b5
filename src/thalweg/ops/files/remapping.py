"""Rows and columns of saved matrices in the order of another vocabulary."""
from __future__ import annotations

from typing import Any

import numpy as np

from ...core import dtypes, errors
from ...core.opdef import op
from ...core.shape import TensorShape
from ...formats import local_files
from ...formats.bundle import Checkpoint
from ..common import shape_text
from ..layout import bad
from ..text.values import one


def _lines(file: Any) -> list[bytes]:
    """The lines of a file, none of which may be empty."""
    path, out, at = local_files.text(one(file)), [], 0
    for line in local_files.read(path).splitlines(keepends=True):
        at += len(line)
        out.append(line.removesuffix(b"\n").removesuffix(b"\r"))
        if not out[-1]:
            raise bad(f"Invalid content in {path}: empty line found at position {at}.")
    return out


def _remapping_shapes(op: Any) -> Any:
    for x in op.inputs:
        if x.shape.rank not in (None, 0):
            raise ValueError(f"Shape must be rank 0 but is rank {x.shape.rank}")
    return [(TensorShape([op.attrs["num_new_vocab"]]), dtypes.int64), (TensorShape([]), dtypes.int32)]


@op("GenerateVocabRemapping", "new_vocab_file: string, old_vocab_file: string -> remapping: int64, num_present: int32",
    attrs="new_vocab_offset: int; num_new_vocab: int; old_vocab_size: int = -1", infer=_remapping_shapes, host=True,
    stateful=True)
def generate_vocab_remapping(xp: Any, new_vocab_file: Any, old_vocab_file: Any, new_vocab_offset: int, num_new_vocab: int,
                             old_vocab_size: int = -1) -> Any:
    """For lines of one file, the number of the same line in another file, or -1; and how many there are."""
    for what, x in (("new_vocab_file", new_vocab_file), ("old_vocab_file", old_vocab_file)):
        if np.ndim(x):
            raise bad(f"{what} should be a single string, but got {shape_text(np.shape(x))}")
    new, old = _lines(new_vocab_file), _lines(old_vocab_file)
    if new_vocab_offset + num_new_vocab > len(new):
        raise bad("lookup table size must be larger than last new vocab entry's line")
    places: dict[bytes, int] = {}
    for i, line in enumerate(old if old_vocab_size < 0 else old[:old_vocab_size]):
        if places.setdefault(line, i) != i:
            raise bad(f"HashTable has different value for same key. Key {line.decode(errors='replace')} has "
                      f"{places[line]} and trying to add value {i}")
    found = np.array([places.get(line, -1) for line in new[new_vocab_offset:new_vocab_offset + num_new_vocab]], np.int64)
    return found, np.asarray((found >= 0).sum(), np.int32)


def _once(remapping: Any) -> None:
    """Raises where two places are given the same old one."""
    seen: dict[int, int] = {}
    for i, old in enumerate(remapping.tolist()):
        if old >= 0 and seen.setdefault(old, i) != i:
            raise errors.UnimplementedError(f"Old ID {old} is mapped to both new ID {seen[old]} and {i}, which is not "
                                            "supported.")


@op("LoadAndRemapMatrix", "ckpt_path: string, old_tensor_name: string, row_remapping: int64, col_remapping: int64, "
    "initializing_values: float -> output_matrix: float",
    attrs="num_rows: int; num_cols: int; max_rows_in_memory: int = -1", host=True, stateful=True,
    infer=lambda op: TensorShape([op.attrs["num_rows"], op.attrs["num_cols"]]))
def load_and_remap_matrix(xp: Any, ckpt_path: Any, old_tensor_name: Any, row_remapping: Any, col_remapping: Any,
                          initializing_values: Any, num_rows: int, num_cols: int, max_rows_in_memory: int = -1) -> Any:
    """A saved matrix with its rows and columns in another order; what has no old place is given values in turn."""
    if row_remapping.shape != (num_rows,):
        raise bad(f"Size of row_remapping is {row_remapping.size} instead of being equal to num_rows={num_rows}")
    if col_remapping.size and col_remapping.shape != (num_cols,):
        raise bad(f"Provided col_remapping, but its size is {col_remapping.size} instead of being equal to "
                  f"num_cols={num_cols}")
    _once(row_remapping)
    _once(col_remapping)
    name = one(old_tensor_name).decode()
    try:
        old = Checkpoint(one(ckpt_path).decode()).tensor(name)
    except KeyError:
        raise errors.NotFoundError(f"Key {name} not found in checkpoint") from None
    if old.ndim != 2:
        raise bad(f"Old tensor name must be a matrix, but has shape {shape_text(old.shape)}")
    columns = col_remapping if col_remapping.size else np.arange(num_cols)
    if not col_remapping.size and old.shape[1] != num_cols:
        raise bad(f"Column remapping not specified, but the number of columns in the old matrix is {old.shape[1]} instead of "
                  f"{num_cols}")
    for axis, places in enumerate((row_remapping, columns)):
        if places.size and places.max() >= old.shape[axis]:
            raise errors.InternalError(f"Extent in dimension {axis} out of bounds: shape = {shape_text(old.shape)}, slice = "
                                       f"{int(places.max())}")
    missing = (row_remapping < 0)[:, None] | (columns < 0)
    count = int(missing.sum())
    if initializing_values.size < count:
        raise bad(f"initializing_values contained {initializing_values.size} elements, but more missing values remain.")
    if initializing_values.size > count:
        raise bad(f"initializing_values contained {initializing_values.size} elements, but only {count} elements were used to "
                  "fill in missing values.")
    out = np.zeros((num_rows, num_cols), np.float32)
    np.copyto(out, old[np.ix_(np.maximum(row_remapping, 0), np.maximum(columns, 0))] if old.size else out)
    out[missing] = initializing_values.reshape(-1)
    return out


generate_vocab_remapping.not_differentiable()
load_and_remap_matrix.not_differentiable()
