"""`tf.saved_model.save`: objects with their variables and traced functions, written so that TensorFlow runs them."""
from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

from ..checkpoint.checkpoint import Checkpoint
from ..core.context import ctx
from ..formats import local_files
from . import files
from .constants import SAVED_MODEL_FILENAME_PB, VARIABLES_DIRECTORY
from .export import Export
from .options import SaveOptions
from .protos import SavedModel
from .signature_functions import canonical


def save(obj: Any, export_dir: Any, signatures: Any = None, options: SaveOptions | None = None) -> None:
    """Writes an object as a SavedModel: its variables and tables, the functions among its attributes and methods with the
    traces that they have, and the same of the objects below.

    All is written beside the directory first; files that are there already are replaced at the end.

    Args:
      obj: a `tf.Module`, a `tf.train.Checkpoint`, or another object that a checkpoint follows.
      export_dir: the directory.
      signatures: a function with an input signature or a concrete function, or several by name. Without them the only
        function of `obj` is one, if it has an input signature.
      options: a `SaveOptions`.

    Raises:
      ValueError: something that is no object with attributes; signatures that are no functions of tensors.
      AssertionError: a function uses a variable or table that no attribute holds.
      UnimplementedError: a function uses operations that TensorFlow does not have: loops over rows (`tf.map_fn`, `tf.scan`),
        gradients of loops, Python functions.
      OpError: the system does not let it be written.
    """
    if ctx.graph is not None and ctx.graph.building_function:
        raise AssertionError("tf.saved_model.save is not supported inside a traced @tf.function. Move the call to the outer "
                             "eagerly-executed context.")
    from ..checkpoint.trackable import is_trackable
    if not is_trackable(obj) or isinstance(obj, (list, tuple, dict)):
        raise ValueError(f"Expected an object of type `Trackable`, such as `tf.Module` or a subclass of the `Trackable` class, "
                         f"for export. Got {obj} with type {type(obj)}.")
    path = local_files.text(export_dir).rstrip(os.path.sep) or os.path.sep
    found = canonical(signatures, obj)
    export = Export(obj, found, options or SaveOptions())
    meta = export.meta_graph()
    parent = os.path.dirname(path) or "."
    with local_files.translated(path):
        os.makedirs(parent, exist_ok=True)
        temporary = tempfile.mkdtemp(prefix=os.path.basename(path) + ".", suffix=".temporary", dir=parent)
    try:
        with local_files.translated(path):
            for source, name in export.assets:
                os.makedirs(os.path.join(temporary, "assets"), exist_ok=True)
                shutil.copyfile(source, os.path.join(temporary, "assets", name))
        root = obj if isinstance(obj, Checkpoint) else Checkpoint(root=obj)
        root.write(files.variables_path(temporary))
        local_files.write(os.path.join(temporary, SAVED_MODEL_FILENAME_PB),
                          SavedModel(saved_model_schema_version=1, meta_graphs=[meta]).SerializeToString())
        with local_files.translated(path):
            _put_in_place(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put_in_place(temporary: str, path: str) -> None:
    """Gives what was written its name; into a directory that is there, file by file, the model's own last."""
    os.chmod(temporary, 0o777 & ~local_files._umask())
    if not os.path.exists(path):
        os.rename(temporary, path)
        return
    for folder in ("assets", VARIABLES_DIRECTORY):
        source = os.path.join(temporary, folder)
        if os.path.isdir(source):
            os.makedirs(os.path.join(path, folder), exist_ok=True)
            for name in sorted(os.listdir(source)):
                os.replace(os.path.join(source, name), os.path.join(path, folder, name))
    os.replace(os.path.join(temporary, SAVED_MODEL_FILENAME_PB), os.path.join(path, SAVED_MODEL_FILENAME_PB))
