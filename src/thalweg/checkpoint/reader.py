"""Reading the tensors of a checkpoint by their names."""
from __future__ import annotations

import os
from typing import Any

from ..core import dtypes
from ..formats.bundle import Checkpoint, missing
from .paths import as_path, latest_checkpoint


class CheckpointReader:
    """The tensors of a checkpoint by their names.

    Args:
      filename: the path, without `.index`.

    Raises:
      NotFoundError: there is no checkpoint.
      DataLossError: it is damaged.
    """

    def __init__(self, filename: Any) -> None:
        self._files = Checkpoint(as_path(filename))

    def has_tensor(self, tensor_str: str) -> bool:
        """Whether there is a tensor of that name."""
        return tensor_str in self._files.entries

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """The shapes by name."""
        return {name: list(entry.shape) for name, entry in self._files.entries.items()}

    def get_variable_to_dtype_map(self) -> dict[str, dtypes.DType]:
        """The dtypes by name."""
        return {name: entry.dtype for name, entry in self._files.entries.items()}

    def get_tensor(self, tensor_str: str) -> Any:
        """The value of a tensor: an array, for a scalar a NumPy scalar, or bytes.

        Raises:
          NotFoundError: there is no tensor of that name.
          DataLossError: the bytes are not those that were written.
        """
        found = self._files.tensor(tensor_str)
        return found if found.ndim else found[()]

    def debug_string(self) -> bytes:
        """A line a tensor: its name, dtype and shape."""
        return "".join(f"{name} (DT_{dtypes.type_name(entry.dtype).upper()}) [{','.join(map(str, entry.shape))}]\n"
                       for name, entry in sorted(self._files.entries.items())).encode()


def _prefix(ckpt_dir_or_file: Any) -> str:
    path = as_path(ckpt_dir_or_file)
    if os.path.isdir(path):
        found = latest_checkpoint(path)
        if found is None:
            raise ValueError(f"Couldn't find 'checkpoint' file or checkpoints in given directory {path}")
        return found
    if not path:
        raise missing(path)
    return path


def load_checkpoint(ckpt_dir_or_file: Any) -> CheckpointReader:
    """A reader of a checkpoint.

    Args:
      ckpt_dir_or_file: the path of a checkpoint, or a directory, whose latest one it is.

    Raises:
      ValueError: a directory without checkpoints.
      NotFoundError: there is no such checkpoint.
    """
    return CheckpointReader(_prefix(ckpt_dir_or_file))


def list_variables(ckpt_dir_or_file: Any) -> list[tuple[str, list[int]]]:
    """The names and shapes of the tensors of a checkpoint, by name; arguments and errors as `load_checkpoint`."""
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())


def load_variable(ckpt_dir_or_file: Any, name: str) -> Any:
    """A tensor of a checkpoint as an array; a name may end in ":0". Arguments and errors as `load_checkpoint`.

    Raises:
      NotFoundError: there is no tensor of that name.
    """
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


