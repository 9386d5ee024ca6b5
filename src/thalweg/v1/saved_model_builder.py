"""`Builder` and `simple_save`: graphs of TensorFlow 1 with the variables of a session, as SavedModels."""
from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import Any

from ..core.context import ctx
from ..core.errors import UnimplementedError
from ..core.graph import Graph, get_default_graph
from ..formats import local_files
from ..formats.bundle import write_bundle
from ..formats.graph_proto import NodeDef
from ..formats.text import written
from ..saved_model import constants, files
from ..saved_model.protos import (
    AnyMessage,
    AssetFileDef,
    CollectionDef,
    MetaGraphDef,
    SavedModel,
    SignatureDef,
    VariableDef,
)
from ..saved_model.saver_nodes import add_saver
from ..version import VERSION
from .building import in_default_graph
from .saver import Saver, _values
from .signatures import build_tensor_info, predict_signature_def


def meta_graph(graph: Graph, chosen: Mapping[str, Any], clear_devices: bool = False) -> MetaGraphDef:
    """A graph with its collections, and the nodes that restore variables.

    Args:
      chosen: the variables by the names of their tensors in a checkpoint.
      clear_devices: whether to leave out the devices that nodes ask for.

    Raises:
      UnimplementedError: a node holds graphs of its own: branches and loops.
    """
    made = MetaGraphDef()
    made.graph_def.CopyFrom(graph.as_graph_def())
    if clear_devices:
        for node in made.graph_def.node:
            node.device = ""
    names = {n.name for n in made.graph_def.node}

    def add(base: str, op_type: str, inputs: list[str], **attrs: Any) -> str:
        name, count = base, 0
        while name in names:
            count += 1
            name = f"{base}_{count}"
        names.add(name)
        node = NodeDef(name=name, op=op_type, input=inputs)
        for key, value in attrs.items():
            node.attr.put(key, value)
        list.append(made.graph_def.node, node)
        return name
    if chosen:
        made.saver_def.CopyFrom(add_saver(add, [(v.handle.op.name, v.dtype, key) for key, v in chosen.items()]))
    for key in graph.get_all_collection_keys():
        found = _collection(graph.get_collection(key))
        if found is not None:
            made.collection_def.put(key, found)
    made.meta_info_def.tensorflow_version, made.meta_info_def.tensorflow_git_version = VERSION, "unknown"
    return made


def _collection(items: list[Any]) -> CollectionDef | None:
    """A collection as a message; None where a message cannot hold what is in it."""
    if items and all(hasattr(x, "_snapshot") for x in items):
        found = [VariableDef(variable_name=v.name, initializer_name=v.initializer.name, snapshot_name=v._snapshot.name,
                             initial_value_name=getattr(v.initial_value, "name", None) or "", is_resource=True,
                             trainable=bool(v.trainable)) for v in items]
        return CollectionDef(bytes_list={"value": [v.SerializeToString() for v in found]})
    if items and all(hasattr(x, "name") and hasattr(x, "graph") for x in items):
        return CollectionDef(node_list={"value": [x.name for x in items]})
    if items and all(type(x) is int for x in items):
        return CollectionDef(int64_list={"value": items})
    return None


class Builder:
    """Writes a model: one graph with variables, and others that use the same variables.

    Args:
      export_dir: the directory, which must be empty where it exists.

    Raises:
      AssertionError: there is something in it.
    """

    def __init__(self, export_dir: Any) -> None:
        self._path = local_files.text(export_dir)
        if local_files.exists(self._path) and local_files.listdir(self._path):
            raise AssertionError(f"Export directory {self._path} already exists, and isn't empty. Please choose a different "
                                 "export directory, or delete all the contents of the specified directory.")
        local_files.makedirs(self._path)
        self._model = SavedModel(saved_model_schema_version=constants.SAVED_MODEL_SCHEMA_VERSION)
        self._saved = False

    def add_meta_graph_and_variables(self, sess: Any, tags: Any, signature_def_map: Mapping[str, SignatureDef] | None = None,
                                     assets_collection: Any = None, legacy_init_op: Any = None, clear_devices: bool = False,
                                     main_op: Any = None, strip_default_attrs: bool = False, saver: Any = None) -> None:
        """Adds the graph of a session, and writes its variables.

        Args:
          sess: the session.
          tags: what tells this graph from others of the model.
          signature_def_map: signatures by name.
          assets_collection: string constants that hold the paths of files; these become part of the model.
          legacy_init_op, main_op: the operation to run after the variables were restored.
          clear_devices: whether to leave out the devices that nodes ask for.
          saver: for the variables; all global ones where None.
          strip_default_attrs: without effect.

        Raises:
          AssertionError: variables were written before.
          UnimplementedError: the graph has branches or loops.
        """
        if self._saved:
            raise AssertionError("Graph state including variables and assets has already been saved. Please invoke "
                                 "`add_meta_graph()` instead.")
        with sess.graph.as_default():
            kept = saver or Saver(allow_empty=True)
            self._add(sess.graph, tags, signature_def_map, assets_collection, main_op or legacy_init_op, clear_devices, kept)
        write_bundle(files.variables_path(self._path), _values(kept._chosen(), sess))
        self._saved = True

    def add_meta_graph(self, tags: Any, signature_def_map: Mapping[str, SignatureDef] | None = None,
                       assets_collection: Any = None, legacy_init_op: Any = None, clear_devices: bool = False,
                       main_op: Any = None, strip_default_attrs: bool = False, saver: Any = None) -> None:
        """Adds the default graph, whose variables were written with another. Arguments as above.

        Raises:
          AssertionError: no variables were written yet.
        """
        if not self._saved:
            raise AssertionError("Graph state including variables and assets has not been saved yet. Please invoke "
                                 "`add_meta_graph_and_variables()` first.")
        graph = ctx.graph if isinstance(ctx.graph, Graph) else get_default_graph()
        with graph.as_default():
            self._add(graph, tags, signature_def_map, assets_collection, main_op or legacy_init_op, clear_devices,
                      saver or Saver(allow_empty=True))

    def _add(self, graph: Graph, tags: Any, signatures: Mapping[str, SignatureDef] | None, assets: Any, main_op: Any,
             clear_devices: bool, saver: Any) -> None:
        made = meta_graph(graph, saver._chosen(), clear_devices)
        list.extend(made.meta_info_def.tags, [tags] if isinstance(tags, str) else list(tags))
        for key, signature in (signatures or {}).items():
            made.signature_def.put(key, signature)
        if main_op is not None:
            made.collection_def.put(constants.MAIN_OP_KEY, CollectionDef(node_list={"value": [main_op.name]}))
        messages = []
        for tensor in {t.name: t for t in assets or ()}.values():
            source = os.fsdecode(tensor.constant_value()[()])
            folder = os.path.join(self._path, constants.ASSETS_DIRECTORY)
            local_files.makedirs(folder)
            with local_files.translated(source):
                shutil.copyfile(source, os.path.join(folder, os.path.basename(source)))
            messages.append(AssetFileDef(tensor_info=build_tensor_info(tensor), filename=os.path.basename(source)))
        if messages:
            packed = [AnyMessage(type_url="type.googleapis.com/tensorflow.AssetFileDef", value=m.SerializeToString())
                      for m in messages]
            made.collection_def.put(constants.ASSETS_KEY, CollectionDef(any_list={"value": packed}))
            list.extend(made.asset_file_def, messages)
        list.append(self._model.meta_graphs, made)

    def save(self, as_text: bool = False) -> bytes:
        """Writes the graphs; the path of their file.

        Args:
          as_text: whether to write text instead of bytes.
        """
        name = constants.SAVED_MODEL_FILENAME_PBTXT if as_text else constants.SAVED_MODEL_FILENAME_PB
        path = os.path.join(self._path, name)
        local_files.write(path, written(self._model).encode() if as_text else self._model.SerializeToString())
        return os.fsencode(path)


def simple_save(session: Any, export_dir: Any, inputs: Mapping[str, Any], outputs: Mapping[str, Any],
                legacy_init_op: Any = None) -> None:
    """Writes the graph of a session with its variables and one signature, to be served.

    Args:
      session: the session.
      export_dir: the directory, empty where it exists.
      inputs, outputs: tensors by name.
      legacy_init_op: the operation to run after the variables were restored.
    """
    with in_default_graph():
        signature = predict_signature_def(inputs, outputs)
    builder = Builder(export_dir)
    builder.add_meta_graph_and_variables(
        session, [constants.SERVING], {constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature},
        session.graph.get_collection("asset_filepaths"), main_op=legacy_init_op, clear_devices=True)
    builder.save()


def export_meta_graph(filename: Any = None, meta_info_def: Any = None, graph_def: Any = None, saver_def: Any = None,
                      collection_list: Any = None, as_text: bool = False, graph: Any = None, export_scope: str | None = None,
                      clear_devices: bool = False, clear_extraneous_savers: bool = False, strip_default_attrs: bool = False,
                      save_debug_info: bool = False) -> MetaGraphDef:
    """A graph with its collections and what restores its variables, as a message.

    Args:
      filename: a file to write it into, if any.
      as_text: whether to write text instead of bytes.
      graph: the graph, the default one where None.
      collection_list: the names of the collections to keep, all where None.
      clear_devices: whether to leave out the devices that nodes ask for.
      meta_info_def, graph_def, saver_def: parts to use instead of the graph's own.
      export_scope, clear_extraneous_savers, strip_default_attrs, save_debug_info: only their defaults have an effect.

    Raises:
      UnimplementedError: the graph has branches or loops; `export_scope`.
    """
    if export_scope is not None:
        raise UnimplementedError(None, None, "A part of a graph cannot be exported.")
    home = graph if graph is not None else ctx.graph if isinstance(ctx.graph, Graph) else get_default_graph()
    with home.as_default():
        made = meta_graph(home, Saver(allow_empty=True)._chosen(), clear_devices)
    for part, given in (("meta_info_def", meta_info_def), ("graph_def", graph_def), ("saver_def", saver_def)):
        if given is not None:
            getattr(made, part).CopyFrom(given)
    if collection_list is not None:
        for key in [k for k in made.collection_def if k not in collection_list]:
            del made.collection_def[key]
    if filename:
        local_files.write(local_files.text(filename), written(made).encode() if as_text else made.SerializeToString())
    return made
