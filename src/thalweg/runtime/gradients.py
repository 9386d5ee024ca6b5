"""Symbolic gradients: the chain rule walked over the nodes of a graph."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core import dtypes, nest
from ..core.backprop import backprop, dense, zeros_like
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.dispatch import apply
from ..core.indexed_slices import IndexedSlices
from ..core.opdef import get_op
from ..core.symbol import Operation, SymbolicTensor
from ..core.tape import UnconnectedGradients, gradient_parts, put_together
from ..core.variable import Variable
from .program import prune


def gradients(ys: Any, xs: Any, grad_ys: Any = None, name: str = "gradients", gate_gradients: bool = False,
              aggregation_method: Any = None, stop_gradients: Any = None,
              unconnected_gradients: UnconnectedGradients | str = UnconnectedGradients.NONE) -> list[Any]:
    """The gradient of the sum of `ys` for each of `xs`, as new nodes of their graph.

    Args:
      ys: tensors to differentiate.
      xs: tensors or variables to differentiate with respect to.
      grad_ys: the gradient that arrives at each of `ys`, ones where missing.
      stop_gradients: tensors to treat as constants.

    Returns:
      A tensor, an IndexedSlices or None for each of `xs`.

    Raises:
      RuntimeError: outside a graph; a GradientTape differentiates eager code.
      LookupError: an operation on the way has no gradient.
    """
    targets = [convert_to_tensor(y) for y in nest.flatten(_tensors(ys))]
    flat = nest.flatten(_tensors(xs))
    graph = ctx.graph or next((t.graph for t in targets if isinstance(t, SymbolicTensor)), None)
    if graph is None:
        raise RuntimeError("tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape instead.")
    unconnected = UnconnectedGradients(unconnected_gradients)
    with graph.as_default(), graph.name_scope(name):
        sources = [_source(graph, x) for x in flat]
        seeds = [None] * len(targets) if grad_ys is None else \
            [None if g is None else convert_to_tensor(g, y.dtype) for g, y in
             zip(nest.flatten(grad_ys), targets, strict=True)]
        stops = {id(t) for t in nest.flatten(stop_gradients)} if stop_gradients is not None else set()
        found = node_gradients(targets, sources, seeds, stops)
        if unconnected is UnconnectedGradients.ZERO:
            found = [zeros_like(convert_to_tensor(x)) if g is None else g for x, g in zip(flat, found, strict=True)]
    return list(put_together(nest.flatten(xs), found))


def _tensors(structure: Any) -> Any:
    """A structure with lists of the tensors that have gradients in the places of composites."""
    flat = nest.flatten(structure)
    return [gradient_parts(x) if isinstance(x, nest.CompositeTensor) and not isinstance(x, IndexedSlices) else x
            for x in flat]


def _source(graph: Any, x: Any) -> Any:
    """The tensor on which the gradient of a source arrives: a variable's is its handle."""
    return graph.handle(x) if isinstance(x, Variable) else graph.capture(convert_to_tensor(x))


def node_gradients(targets: Sequence[Any], sources: Sequence[Any], seeds: Sequence[Any],
                   stops: set[int] | None = None) -> list[Any]:
    """The chain rule over the nodes that lead to `targets`."""
    nodes: list[Operation] = [n for n in prune([t.op for t in targets], stops or set()) if n.op.differentiable]
    by_id = backprop(nodes, targets, sources, seeds)
    found = [by_id.get(id(s)) for s in sources]
    for gradient, source in zip(found, sources, strict=True):
        if isinstance(gradient, SymbolicTensor) and source.dtype != dtypes.resource:
            gradient.set_shape(source.shape)
    return found


def hessians(ys: Any, xs: Any, name: str = "hessians", **options: Any) -> list[Any]:
    """The matrix of second derivatives of the sum of `ys` for each of `xs`.

    Returns:
      For each x a tensor of shape `x.shape + x.shape`.
    """
    out = []
    for x, first in zip(nest.flatten(xs), gradients(ys, xs, name=name, **options), strict=True):
        shape = x.shape.as_list()
        size = x.shape.num_elements()
        flat = apply(get_op("Reshape"), (dense(first), [size]))
        rows = [gradients(flat[i], [x])[0] for i in range(size)]
        out.append(apply(get_op("Reshape"), (apply(get_op("Pack"), [dense(r) for r in rows], {"axis": 0}), shape + shape)))
    return out

