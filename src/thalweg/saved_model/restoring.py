"""What a graph's saver would restore: read from its nodes, which are not imported, and done without them."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..core import errors
from ..formats import bundle
from ..formats.bundle import Array
from ..formats.graph_proto import GraphDef
from ..formats.tensor_proto import array_of
from .protos import MetaGraphDef, SavedModel

_SAVERS = ("SaveV2", "RestoreV2", "MergeV2Checkpoints", "ShardedFilename", "SaveSlices", "RestoreSlice", "Save", "Restore")
_ASSIGNMENTS = ("Assign", "AssignVariableOp")


def graph_with(model: SavedModel, tags: list[str]) -> Any:
    """The graph of a model with exactly these tags.

    Raises:
      RuntimeError: there is none.
    """
    for graph in model.meta_graphs:
        if set(graph.meta_info_def.tags) == set(tags):
            return graph
    available = [set(g.meta_info_def.tags) for g in model.meta_graphs]
    raise RuntimeError(f"MetaGraphDef associated with tags {str(list(tags)).strip('[]')} could not be found in SavedModel, "
                       f"with available tags '{available}'. To inspect available tag-sets in the SavedModel, please use the "
                       "SavedModel CLI: `saved_model_cli`.")


class Source(NamedTuple):
    """Where the value of a variable comes from: the name of a tensor, and which part of it."""

    name: str
    part: str


def _base(text: str) -> str:
    return text.lstrip("^").partition(":")[0]


def _saving(graph: GraphDef) -> set[str]:
    """The nodes that save and restore, and all that depends on them."""
    functions = {f.signature.name for f in graph.library.function if any(n.op in _SAVERS for n in f.node_def)}
    users: dict[str, list[str]] = {}
    found = []
    for node in graph.node:
        for text in node.input:
            users.setdefault(_base(text), []).append(node.name)
        if node.op in _SAVERS or ("f" in node.attr and node.attr["f"].func.name in functions):
            found.append(node.name)
    seen = set(found)
    while found:
        for user in users.get(found.pop(), ()):
            if user not in seen:
                seen.add(user)
                found.append(user)
    return seen


def without_savers(graph: GraphDef) -> GraphDef:
    """The graph without the nodes that save and restore."""
    dropped = _saving(graph)
    out = GraphDef()
    list.extend(out.node, [n for n in graph.node if n.name not in dropped])
    out.library.CopyFrom(graph.library)
    out.versions.CopyFrom(graph.versions)
    return out


def sources(meta: MetaGraphDef) -> dict[str, Source]:
    """For the nodes of variables that the saver restores where their values come from."""
    graph = meta.graph_def
    nodes = {n.name: n for n in graph.node}
    start = _base(meta.saver_def.restore_op_name)
    found: dict[str, Source] = {}
    seen: set[str] = set()
    stack = [start] if start in nodes else []
    functions = {f.signature.name: f for f in graph.library.function}
    while stack:
        name = stack.pop()
        if name in seen or name not in nodes:
            continue
        seen.add(name)
        node = nodes[name]
        stack += [_base(text) for text in node.input]
        if node.op in _ASSIGNMENTS:
            found.update(_assigned(nodes, node, lambda text: _base(text)))
        elif "f" in node.attr and node.attr["f"].func.name in functions:
            found.update(_in_function(functions[node.attr["f"].func.name], node))
    return found


def _in_function(function: Any, call: Any) -> Iterator[tuple[str, Source]]:
    arguments = {arg.name: _base(text) for arg, text in zip(function.signature.input_arg, call.input, strict=False)}
    nodes = {n.name: n for n in function.node_def}
    for node in function.node_def:
        if node.op in _ASSIGNMENTS:
            yield from _assigned(nodes, node, lambda text: arguments.get(_base(text), ""))


def _assigned(nodes: dict[str, Any], node: Any, variable: Callable[[str], str]) -> Iterator[tuple[str, Source]]:
    text = node.input[1]
    source = nodes.get(_base(text))
    while source is not None and source.op in ("Identity", "Reshape", "Cast"):
        text = source.input[0]
        source = nodes.get(_base(text))
    if source is None or source.op != "RestoreV2":
        return
    place = int(text.rpartition(":")[2]) if ":" in text else 0
    names, parts = (array_of(nodes[_base(source.input[i])].attr["value"].tensor) for i in (1, 2))
    if place < len(names):
        yield variable(node.input[0]), Source(names[place].decode(), parts[place].decode())


class Values:
    """The values of variables in a model's checkpoint."""

    def __init__(self, meta: MetaGraphDef, prefix: str) -> None:
        self.sources = sources(meta)
        self._files = bundle.Checkpoint(prefix) if bundle.checkpoint_exists(prefix) else None
        if self._files is None and self.sources:
            raise bundle.missing(prefix)

    def of(self, name: str) -> Array | None:
        """The value for the variable behind a node, or None."""
        source = self.sources.get(name)
        if source is None or self._files is None:
            return None
        value = self._files.tensor(source.name)
        if not source.part:
            return value
        extents = source.part.split()[-1].split(":")
        if len(extents) != value.ndim:
            raise errors.InvalidArgumentError(None, None, f"The slice '{source.part}' does not fit tensor {source.name}.")
        places = [slice(None) if e == "-" else slice(int(e.split(",")[0]), sum(map(int, e.split(",")))) for e in extents]
        return value[tuple(places)]
