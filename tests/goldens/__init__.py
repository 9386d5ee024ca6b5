"""Reading and writing golden values: one .npz a family, made by TensorFlow (`tools/make_goldens.py`)."""
from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent


def encode(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """An array that an .npz holds without pickling: strings end with a mark, bfloat16 becomes a structured type."""
    if array.dtype.kind == "O":
        return np.array([v + b"\x01" for v in array.ravel().tolist()] or np.empty(0, "S1"), "S").reshape(array.shape)
    if array.dtype.name == "bfloat16":
        return array.view(np.uint16).view([("bfloat16", np.uint16)])
    return array


def decode(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The array that `encode` was given."""
    if array.dtype.kind == "S":
        out = np.empty(array.shape, object)
        out.reshape(-1)[:] = [v[:-1] for v in array.ravel().tolist()]
        return out
    if array.dtype.names == ("bfloat16",):
        import ml_dtypes
        return array["bfloat16"].view(ml_dtypes.bfloat16)
    return array


def fingerprint(arrays: list[np.ndarray[Any, Any]]) -> int:
    """A checksum of inputs, so that goldens made for other inputs are noticed."""
    crc = 0
    for array in arrays:
        crc = zlib.crc32(repr((array.shape, str(array.dtype))).encode(), crc)
        crc = zlib.crc32(np.ascontiguousarray(encode(array)).tobytes(), crc)
    return crc


def load(family: str) -> dict[str, np.ndarray[Any, Any]]:
    """The golden arrays of a family by key: `index/crc`, `index/out/k`, `index/grad/k`, `index/none` (lost gradients)."""
    with np.load(FOLDER / f"{family}.npz", allow_pickle=False) as z:
        return {key: decode(z[key]) for key in z.files}
