"""`tf.print`: text from the middle of a program."""
from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from ..core import dtypes
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.nest import CompositeTensor
from ..core.opdef import op
from ..core.symbol import SymbolicTensor
from ..core.tensor import Tensor
from ..core.variable import Variable
from ..ops.random_state import place
from ..ops.string_format import element_text, string_format

_LEVELS = {"debug": 10, "info": 20, "warn": 30, "warning": 30, "error": 40, "critical": 50, "fatal": 50}
_PLACEHOLDER = "\x00"


@op("PrintV2", "input: string -> ", attrs='output_stream: string = "stderr"; end: string = "\\n"', host=True, stateful=True,
    infer=lambda op: [])
def print_v2(xp: Any, text: Any, output_stream: str = "stderr", end: str = "\n") -> Any:
    line = np.asarray(text)[()]
    shown = (line if isinstance(line, bytes) else str(line).encode()).decode("utf-8", "replace") + end
    if output_stream.startswith("log("):
        logging.getLogger("thalweg").log(_LEVELS[output_stream[4:-1]], "%s", shown.rstrip("\n"))
    elif output_stream.startswith("file://"):
        with open(output_stream[7:], "a", encoding="utf-8") as file:
            file.write(shown)
    else:
        stream = sys.stdout if output_stream == "stdout" else sys.stderr
        stream.write(shown)
        stream.flush()
    return ()


print_v2.not_differentiable()


_shown: WeakKeyDictionary[Any, Counter[Hashable]] = WeakKeyDictionary()
_shown_eagerly: Counter[Hashable] = Counter()


@op("Print", "input: T, data: U -> output: T",
    attrs='T: type; U: list(type); message: string = ""; first_n: int = -1; summarize: int = 3', host=True, stateful=True,
    infer=lambda op: op.inputs[0].shape)
def print_v1(xp: Any, x: Any, *data: Any, message: str = "", first_n: int = -1, summarize: int = 3) -> Any:
    """Passes `x` on; in each session or function only the first `first_n` lines with these attributes are shown."""
    table, _ = place()
    counts = _shown_eagerly if table is None else _shown.setdefault(table, Counter())
    key = (message, first_n, summarize)
    if first_n < 0 or counts[key] < first_n:
        counts[key] += 1
        sys.stderr.write(message + "".join(f"[{_summary(np.asarray(d), summarize)}]" for d in data) + "\n")
        sys.stderr.flush()
    return x


print_v1.gradient(lambda op, dy: [dy, *[None] * (len(op.inputs) - 1)])


def _summary(array: Any, limit: int) -> str:
    """The first elements of an array, all for a negative limit, with the brackets of all axes but the first."""
    values = array.reshape(-1)
    count = len(values) if limit < 0 else min(limit, len(values))
    texts = [v.decode("utf-8", "replace") if isinstance(v, bytes) else element_text(v) for v in values[:count]]
    body = _nested_summary(array.shape, texts, count < len(values), 0, [0])
    return body + ("..." if count < len(values) else "")


def _nested_summary(shape: tuple[int, ...], texts: list[str], more: bool, axis: int, at: list[int]) -> str:
    """The elements from `at[0]` on, which it moves on."""
    if len(shape) - axis <= 1:
        row = texts[at[0]:at[0] + (shape[axis] if shape else 1)]
        at[0] += len(row)
        cut = more and axis > 0 and len(row) < shape[axis]
        return " ".join(row) + ("..." if cut else "")
    parts = []
    for _ in range(shape[axis]):
        if at[0] < len(texts):
            parts.append("[" + _nested_summary(shape, texts, more, axis + 1, at) + "]")
    return "".join(parts)


def _stream(given: Any) -> str:
    if given is sys.stdout:
        return "stdout"
    if given is sys.stderr:
        return "stderr"
    if isinstance(given, str) and given.startswith("file://"):
        return given
    name = getattr(given, "__name__", "").lower()
    if callable(given) and name in _LEVELS:
        return f"log({name})"
    if isinstance(given, int) and not isinstance(given, bool):
        for level, number in _LEVELS.items():
            if number == given:
                return f"log({level})"
    raise ValueError(f"Unsupported output stream, logging level, or file.{given}. Supported streams are sys.stdout, "
                     "sys.stderr, tf.logging.info, tf.logging.warning, tf.logging.error. File needs to be in the form of "
                     "'file://<filepath>'.")


def print(*inputs: Any, **kwargs: Any) -> Any:
    """Prints tensors and other values, now or whenever the graph runs.

    Args:
      *inputs: tensors, nests of them, or any other objects.
      output_stream: sys.stderr, sys.stdout, a logging function or level, or "file://path".
      summarize: how many elements to show at either end of each axis, 3 unless told otherwise, -1 for all.
      sep, end: between the inputs, and after the last.
      name: of the operation.

    Returns:
      The operation in a graph, None otherwise.

    Raises:
      ValueError: other keyword arguments, or a stream of another kind.
    """
    stream = _stream(kwargs.pop("output_stream", sys.stderr))
    name = kwargs.pop("name", None)
    summarize = kwargs.pop("summarize", 3)
    sep, end = kwargs.pop("sep", " "), kwargs.pop("end", "\n")
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments for tf.print: {kwargs}")
    tensors: list[Any] = []
    parts = [_top(value, tensors) for value in inputs]
    template = sep.join(parts)
    if len(tensors) == 1 and template == _PLACEHOLDER and _scalar_string(tensors[0]):
        text = tensors[0]
    elif any(isinstance(t, CompositeTensor) for t in tensors):
        from ..ops.ragged.text import format as format_ragged
        text = format_ragged(template, tensors, _PLACEHOLDER, summarize)
    else:
        text = apply(string_format, tensors, {"template": template, "placeholder": _PLACEHOLDER, "summarize": summarize})
    result = apply(print_v2, (text,), {"output_stream": stream, "end": end}, name)
    return result if ctx.graph is not None or isinstance(text, SymbolicTensor) else None


def _scalar_string(t: Any) -> bool:
    return bool(t.dtype is dtypes.string and t.shape.rank == 0)


def _top(value: Any, tensors: list[Any]) -> str:
    """The text of one argument, with a placeholder for each tensor."""
    if isinstance(value, str):
        return value
    return _nested(value, tensors)


def _nested(value: Any, tensors: list[Any]) -> str:
    if isinstance(value, (Tensor, Variable)):
        tensors.append(convert_to_tensor(value))
        return _PLACEHOLDER
    if isinstance(value, CompositeTensor) and hasattr(value, "ragged_rank"):
        tensors.append(value)
        return _PLACEHOLDER
    if isinstance(value, tuple):
        fields = getattr(value, "_fields", None)
        if fields is not None:
            named = ", ".join(f"{f}={_nested(v, tensors)}" for f, v in zip(fields, value, strict=True))
            return f"{type(value).__name__}({named})"
        return "(" + ", ".join(_nested(v, tensors) for v in value) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, list):
        return "[" + ", ".join(_nested(v, tensors) for v in value) + "]"
    if isinstance(value, Mapping):
        items = sorted(value.items(), key=lambda item: str(item[0]))
        return "{" + ", ".join(f"{k!r}: {_nested(v, tensors)}" for k, v in items) + "}"
    if all(hasattr(value, a) for a in ("indices", "values", "dense_shape")):
        parts = [_nested(v, tensors) for v in (value.indices, value.values, value.dense_shape)]
        return "'SparseTensor(indices={}, values={}, shape={})'".format(*parts)
    return repr(value)
