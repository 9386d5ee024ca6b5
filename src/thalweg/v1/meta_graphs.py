"""Graphs of TensorFlow 1 with their collections and variables, out of messages."""
from __future__ import annotations

from typing import Any

from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.graph import Graph, get_default_graph
from ..core.graph_variable import GraphVariable
from ..core.symbol import Operation
from ..formats import local_files
from ..formats.graph_import import Reader, imported_variable
from ..saved_model import files
from ..saved_model.loading_v1 import init_op
from ..saved_model.protos import MetaGraphDef, VariableDef
from ..saved_model.restoring import Values, graph_with, without_savers
from .building import builds

_VARIABLES = ("variables", "trainable_variables", "local_variables", "model_variables", "moving_average_variables",
              "metric_variables", "global_step")


class Imported:
    """A graph that was added to another.

    Attributes:
      variables: by the names of their nodes in the message.
    """

    def __init__(self, graph: Graph, meta: MetaGraphDef, scope: str, mapped: dict[str, Any]) -> None:
        self.graph = graph
        self.scope = scope
        self.variables: dict[str, GraphVariable] = {}
        previous, ctx.graph = ctx.graph, graph
        control, device = graph._control, graph._device
        try:
            with graph.name_scope(scope or None) as found:
                self.scope = found or ""
                inputs = {name: graph.capture(convert_to_tensor(value)) for name, value in mapped.items()}
                self.reader = Reader(graph, without_savers(meta.graph_def), inputs, self.scope, variable=self._variable)
                self.reader.read()
        finally:
            ctx.graph = previous
            graph._control, graph._device = control, device
        self._collect(meta)

    def _variable(self, graph: Graph, node: Operation) -> GraphVariable:
        made = imported_variable(graph, node)
        self.variables[node.name.removeprefix(self.scope).removesuffix("/handle")] = made
        return made

    def _collect(self, meta: MetaGraphDef) -> None:
        """Fills the graph's collections."""
        known: dict[str, GraphVariable] = {}
        for key, collection in meta.collection_def.items():
            kind = collection.WhichOneof("kind")
            if kind == "node_list":
                for name in collection.node_list.value:
                    found = self._element(name)
                    if found is not None:
                        self.graph.add_to_collection(key, found)
            elif kind == "bytes_list" and key in _VARIABLES:
                for raw in collection.bytes_list.value:
                    message = VariableDef.FromString(raw)
                    if message.variable_name not in known:
                        described = self._described(message)
                        if described is None:
                            continue
                        known[message.variable_name] = described
                    self.graph.add_to_collection(key, known[message.variable_name])
            elif kind in ("int64_list", "float_list"):
                for value in getattr(collection, kind).value:
                    self.graph.add_to_collection(key, value)

    def _element(self, name: str) -> Any:
        base, colon, index = name.partition(":")
        if not colon:
            return self.reader.made.get(base)
        outputs = self.reader.outputs.get(base, ())
        return outputs[int(index)] if int(index) < len(outputs) else None

    def _described(self, message: VariableDef) -> GraphVariable | None:
        """The variable that a message describes, with its nodes."""
        found = self.variables.get(message.variable_name.partition(":")[0])
        if found is None:
            return None
        found._trainable = bool(message.trainable)
        initializer = self.reader.made.get(message.initializer_name)
        if initializer is not None:
            while initializer.type == "ReadVariableOp":  # the value after an assignment by reference
                initializer = initializer.control_inputs[0]
            found._initializer = initializer
        found._initial_value = self._element(message.initial_value_name)
        found._snapshot = self._element(message.snapshot_name)
        return found


@builds
def load(sess: Any, tags: Any, export_dir: Any, import_scope: str | None = None, **saver_kwargs: Any) -> MetaGraphDef:
    """Adds a model's graph to that of a session, and gives its variables their values there.

    Args:
      sess: the session.
      tags: those of the graph to load.
      export_dir: the model's directory.
      import_scope: stands before the names of its nodes.
      **saver_kwargs: accepted, without effect.

    Returns:
      The graph's message, with its signatures.

    Raises:
      OSError: there is no model, or its file is damaged.
      RuntimeError: it has no graph with these tags.
    """
    path = local_files.text(export_dir)
    wanted = [tags] if isinstance(tags, str) else list(tags)
    meta = graph_with(files.read(path), wanted)
    values = Values(meta, files.variables_path(path))
    assets = dict(files.assets(path, meta))
    imported = Imported(sess.graph, meta, import_scope or "", assets)
    for name, variable in imported.variables.items():
        value = values.of(name)
        if value is not None:
            sess._cells[id(variable)] = value
    init = init_op(meta)
    if init is not None and imported.reader.made.get(init) is not None:
        sess.run(imported.reader.made[init])
    return meta  # type: ignore[no-any-return]


@builds
def import_meta_graph(meta_graph_or_file: Any, clear_devices: bool = False, import_scope: str | None = None,
                      **kwargs: Any) -> Any:
    """Adds a graph with its collections to the default graph.

    Args:
      meta_graph_or_file: a `MetaGraphDef`, or the path of a file that holds one, as `Saver.save` of TensorFlow writes it.
      clear_devices: whether to forget the devices that its nodes ask for.
      import_scope: stands before the names of its nodes.
      **kwargs: for the `Saver` to return.

    Returns:
      A `Saver` for its variables; None where it has none.

    Raises:
      OSError: there is no such file, or it holds no graph.
    """
    from .saver import Saver
    meta = meta_graph_or_file if isinstance(meta_graph_or_file, MetaGraphDef) else read_meta_graph(meta_graph_or_file)
    if clear_devices:
        for node in meta.graph_def.node:
            node.device = ""
    graph = ctx.graph if isinstance(ctx.graph, Graph) else get_default_graph()
    imported = Imported(graph, meta, import_scope or "", {})
    from ..saved_model.restoring import sources
    names = {source.name: imported.variables[node] for node, source in sources(meta).items() if node in imported.variables}
    found = names or {name: v for name, v in imported.variables.items() if v in graph.get_collection("variables")}
    return Saver(found, **kwargs) if found else None


def read_meta_graph(path: Any) -> MetaGraphDef:
    """The graph in a file, in bytes or as text.

    Raises:
      OSError: there is no such file, or it holds no graph.
    """
    from ..formats.message import DecodeError
    from ..formats.text import parse
    name = local_files.text(path)
    if not local_files.exists(name):
        raise OSError(f"File does not exist. Received: {name}.")
    raw = local_files.read(name)
    try:
        return MetaGraphDef.FromString(raw)  # type: ignore[no-any-return]
    except DecodeError:
        made = MetaGraphDef()
        try:
            parse(raw, made)
        except (ValueError, UnicodeDecodeError) as error:
            raise OSError(f"Cannot parse file {name}: {error}.") from None
        return made
