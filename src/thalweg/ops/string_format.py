"""Tensors as text: `tf.strings.format`, and what `tf.print` shows."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.opdef import op
from ..core.shape import TensorShape

_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r'\"', "'": r"\'"})


def _short(value: Any, digits: int, kind: type) -> str:
    """The shortest of the two usual forms of a float that reads back as the same number."""
    text = f"{value:.{digits}g}"
    if np.isfinite(value) and kind(text) != value:
        text = f"{value:.{digits + (3 if digits == 6 else 2)}g}"
    return text


def element_text(value: Any) -> str:
    """One number, boolean or string of a tensor."""
    if isinstance(value, (bytes, str)):
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        return '"' + text.translate(_ESCAPES).encode("latin-1").decode("utf-8", "surrogateescape") + '"'
    kind = np.dtype(type(value)).kind
    if kind == "b":
        return "1" if value else "0"
    if kind == "c":
        return "?"
    if isinstance(value, np.float64):
        return _short(float(value), 15, float)
    if kind in "fV":
        return _short(float(value), 6, np.float32)
    return str(value)


def array_text(array: Any, summarize: int) -> str:
    """An array with brackets; of each axis at most `summarize` elements at either end, all of them for -1."""
    if not array.ndim:
        return element_text(array[()])
    return _axis_text(array, summarize, 1, array.ndim)


def _axis_text(array: Any, summarize: int, depth: int, rank: int) -> str:
    count = len(array)
    gap = " " if array.ndim == 1 else "\n" * (rank - depth) + " " * depth

    def show(row: Any) -> str:
        return element_text(row) if array.ndim == 1 else _axis_text(row, summarize, depth + 1, rank)
    if summarize < 0 or count <= 2 * summarize:
        return "[" + gap.join(show(row) for row in array) + "]"
    first, last = array[:summarize], array[count - summarize:]
    return "[" + gap.join([*(show(row) for row in first), "...", *(show(row) for row in last)]) + "]"


@op("StringFormat", "inputs: T -> output: string", host=True, infer=lambda op: [(TensorShape([]), dtypes.string)],
    attrs='T: list(type); template: string = "%s"; placeholder: string = "%s"; summarize: int = 3')
def string_format(xp: Any, *inputs: Any, template: str = "%s", placeholder: str = "%s", summarize: int = 3) -> Any:
    parts = template.split(placeholder)
    if len(parts) != len(inputs) + 1:
        raise errors.InvalidArgumentError(f"num placeholders in template and num inputs must match: {len(parts) - 1} vs. "
                                          f"{len(inputs)}")
    text = parts[0]
    for array, part in zip(inputs, parts[1:], strict=True):
        text += array_text(np.asarray(array), summarize) + part
    out = np.empty((), object)
    out[()] = text.encode("utf-8", "surrogateescape")
    return out


string_format.not_differentiable()


def format(template: str, inputs: Any, placeholder: str = "{}", summarize: int = 3, name: str | None = None) -> Any:
    """A string scalar: a template with its placeholders replaced by the text of tensors.

    Args:
      inputs: a tensor or list of tensors, as many as there are placeholders.
      summarize: how many elements to show at either end of each axis, -1 for all.

    Raises:
      ValueError: another number of placeholders than of tensors.
    """
    listed = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    tensors = [convert_to_tensor(x) for x in listed]
    count = template.count(placeholder)
    if count != len(tensors):
        raise ValueError(f"The template expects {count} tensors, but the inputs only has {len(tensors)}. Please ensure the "
                         "number of placeholders in template matches inputs length.")
    return apply(string_format, tensors, {"template": template, "placeholder": placeholder, "summarize": summarize}, name)
