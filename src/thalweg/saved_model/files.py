"""The files of a SavedModel."""
from __future__ import annotations

import os
from typing import Any

from ..formats import local_files
from ..formats.message import DecodeError
from ..formats.text import parse
from .constants import (
    ASSETS_DIRECTORY,
    ASSETS_KEY,
    SAVED_MODEL_FILENAME_PB,
    SAVED_MODEL_FILENAME_PBTXT,
    VARIABLES_DIRECTORY,
    VARIABLES_FILENAME,
)
from .protos import AssetFileDef, MetaGraphDef, SavedModel


def contains_saved_model(export_dir: Any) -> bool:
    """Whether a directory holds a SavedModel: a file `saved_model.pb` or `saved_model.pbtxt`."""
    path = local_files.text(export_dir)
    return any(local_files.exists(os.path.join(path, name)) for name in (SAVED_MODEL_FILENAME_PB, SAVED_MODEL_FILENAME_PBTXT))


def read(export_dir: Any) -> SavedModel:
    """The model in a directory.

    Raises:
      OSError: there is none, or its file is damaged.
    """
    path = local_files.text(export_dir)
    binary, text = (os.path.join(path, name) for name in (SAVED_MODEL_FILENAME_PB, SAVED_MODEL_FILENAME_PBTXT))
    if local_files.exists(binary):
        try:
            return SavedModel.FromString(local_files.read(binary))  # type: ignore[no-any-return]
        except DecodeError as error:
            raise OSError(f"Cannot parse file {binary.encode()!r}: {error}.") from None
    if local_files.exists(text):
        made = SavedModel()
        try:
            parse(local_files.read(text), made)
        except (ValueError, UnicodeDecodeError) as error:
            raise OSError(f"Cannot parse file {text.encode()!r}: {error}.") from None
        return made
    raise OSError(f"SavedModel file does not exist at: {path}{os.path.sep}"
                  f"{{{SAVED_MODEL_FILENAME_PBTXT}|{SAVED_MODEL_FILENAME_PB}}}")


def variables_path(export_dir: Any) -> str:
    """The path of the checkpoint in a model's directory."""
    return os.path.join(local_files.text(export_dir), VARIABLES_DIRECTORY, VARIABLES_FILENAME)


def assets(export_dir: Any, graph: MetaGraphDef) -> list[tuple[str, str]]:
    """The assets of a graph: for each the name of the tensor that holds its path, and the path.

    Raises:
      ValueError: a name that leads out of the directory.
    """
    root = os.path.join(local_files.text(export_dir), ASSETS_DIRECTORY)
    listed = list(graph.asset_file_def)
    if not listed and ASSETS_KEY in graph.collection_def:
        listed = [AssetFileDef.FromString(item.value) for item in graph.collection_def[ASSETS_KEY].any_list.value]
    found = []
    for asset in listed:
        if os.path.isabs(asset.filename) or ".." in asset.filename.split("/"):
            raise ValueError(f"The asset '{asset.filename}' lies outside the model's directory.")
        found.append((str(asset.tensor_info.name), os.path.join(root, asset.filename)))
    return found
