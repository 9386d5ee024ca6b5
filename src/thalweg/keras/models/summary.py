"""`model.summary()`: layers, output shapes and numbers of weights in a table."""
from __future__ import annotations

import re
import shutil
from math import prod
from typing import Any

import thalweg as tf

from ..layers.layer import Layer
from ..utils.io import print_msg
from .functional import Functional
from .sequential import Sequential
from .table import Table

_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


def print_summary(model: Any, line_length: int | None = None, positions: list[float] | None = None,
                  print_fn: Any = None, expand_nested: bool = False, show_trainable: bool = False,
                  layer_range: tuple[str, str] | None = None) -> None:
    """Prints the table of a model, or hands it as one text to `print_fn`. `Model.summary` has the arguments.

    Raises:
      ValueError: the table does not fit the width, or `layer_range` names no layers.
    """
    functional = isinstance(model, Functional) and not isinstance(model, Sequential)
    layers = model.operations if functional else model.layers
    connected = functional and not _is_a_chain(model)
    header = ["Layer (type)", "Output Shape", "Param #"]
    alignment = ["left", "left", "right"]
    width, default_positions = 88, [0.45, 0.80, 1.0]
    if connected:
        header.append("Connected to")
        alignment.append("left")
        width, default_positions = 108, [0.3, 0.56, 0.74, 1.0]
    positions = positions or default_positions
    if show_trainable:
        width += 12
        positions = [position * 0.90 for position in positions] + [1.0]
        header.append("Trainable")
        alignment.append("center")
    line_length = line_length or min(width, shutil.get_terminal_size().columns - 4)
    table = Table(header, _column_widths(positions, line_length), alignment, line_length)
    first, last = _range(layers, layer_range)

    def add(layer: Any, level: int) -> None:
        prefix = "   " * level + "└ " if level else ""
        cells = [f"{prefix}{layer.name} ({type(layer).__name__})", _shape_text(layer), _count_text(layer)]
        if connected:
            cells.append(_connections(model, layer))
        if show_trainable:
            cells.append(("Y" if layer.trainable else "N") if getattr(layer, "weights", None) else "-")
        table.add_row(*cells)
        if expand_nested:
            for inner in getattr(layer, "layers", ()):
                add(inner, level + 1)

    for layer in layers[first:last]:
        add(layer, 0)
    text = "\n".join([f'Model: "{model.name}"', *table.lines(), *_totals(model)]) + "\n"
    if print_fn is None:
        print_msg(text, line_break=False)
    else:
        print_fn(text)


def _column_widths(positions: list[float], line_length: int) -> list[int]:
    widths: list[int] = []
    for position in positions:
        width = int(position * line_length) - sum(widths)
        if width < 4:
            raise ValueError("Insufficient console width to print summary.")
        widths.append(width)
    return widths


def _is_a_chain(model: Functional) -> bool:
    """Whether each call has one input and stands alone at its depth, and no layer is called twice."""
    calls = model._graph.nodes_by_depth.values()
    if any(len(nodes) > 1 or len(nodes[0].input_tensors) > 1 for nodes in calls):
        return False
    nodes = {id(node) for group in calls for node in group}
    return all(sum(id(node) in nodes for node in layer._inbound_nodes) <= 1 for layer in model.layers)


def _shape_text(layer: Any) -> str:
    build_shapes = getattr(layer, "_build_shapes_dict", None)
    nodes = layer._inbound_nodes
    if nodes:
        texts = [_written(x.shape) for x in nodes[-1].outputs]
    elif not build_shapes:
        return "?"
    elif isinstance(layer, Functional):
        texts = [_written(x.shape) for x in layer.outputs]
    else:
        try:
            shape = layer.output_shape if isinstance(layer, Sequential) else layer.compute_output_shape(**build_shapes)
        except (NotImplementedError, AttributeError):
            return "?"
        texts = [_written(part) for part in _shapes_in(shape)]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def _shapes_in(shape: Any) -> list[Any]:
    if isinstance(shape, dict):
        return [part for key in sorted(shape) for part in _shapes_in(shape[key])]
    if isinstance(shape, (list, tuple)) and any(isinstance(size, (list, tuple, dict)) for size in shape):
        return [part for value in shape for part in _shapes_in(value)]
    return [shape]


def _written(shape: Any) -> str:
    return f"({', '.join(map(str, shape))})"


def _count_text(layer: Any) -> str:
    if not isinstance(layer, Layer):
        return "0"
    return f"{layer.count_params():,}" if layer.built else "0 (unbuilt)"


def _connections(model: Functional, layer: Any) -> str:
    own = {id(node) for group in model._graph.nodes_by_depth.values() for node in group}
    parts = [
        f"{history.operation.name}[{history.node_index}][{history.tensor_index}]"
        for node in layer._inbound_nodes
        if id(node) in own
        for history in (x._keras_history for x in node.input_tensors)
    ]
    return ", ".join(parts) or "-"


def _range(layers: list[Any], names: tuple[str, str] | None) -> tuple[int, int]:
    if names is None:
        return 0, len(layers)
    if len(names) != 2:
        raise ValueError(f"layer_range must be a list or tuple of length 2. Received: layer_range = {names} of length "
                         f"{len(names)}")
    if not all(isinstance(name, str) for name in names):
        raise ValueError(f"layer_range should contain string type only. Received: {names}")
    lower, upper = ([i for i, layer in enumerate(layers) if re.match(name, layer.name)] for name in names)
    if not lower or not upper:
        raise ValueError(f"Passed layer_names do not match the layer names in the model. Received: {names}")
    if min(lower) > max(upper):
        return min(upper), max(lower) + 1
    return min(lower), max(upper) + 1


def _totals(model: Any) -> list[str]:
    trainable, fixed = model.trainable_weights, model.non_trainable_weights
    groups = {"Trainable": trainable, "Non-trainable": fixed}
    optimizer = model.optimizer if model.compiled else None
    if optimizer is not None and optimizer.built:
        groups["Optimizer"] = optimizer.variables
    counts = {name: _count_and_size(variables) for name, variables in groups.items()}
    total = (sum(count for count, _ in counts.values()), sum(size for _, size in counts.values()))
    return [f" {name} params: {count:,} ({_size_text(size)})" for name, (count, size) in
            {"Total": total, **counts}.items()]


def _count_and_size(variables: list[Any]) -> tuple[int, int]:
    unique = {id(v): v for v in variables}.values()
    counts = [prod(tuple(v.shape)) for v in unique]
    return sum(counts), sum(count * tf.as_dtype(v.dtype).size for count, v in zip(counts, unique, strict=True))


def _size_text(size: float) -> str:
    for unit in _UNITS[:-1]:
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} {_UNITS[-1]}"
