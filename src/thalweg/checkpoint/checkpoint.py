"""`tf.train.Checkpoint`: objects, saved with all that can be reached from them."""
from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core import dtypes, errors
from ..core.context import ctx
from ..core.variable import Variable
from ..formats import bundle
from .object_graph import OBJECT_GRAPH, object_graph
from .paths import as_path, latest_checkpoint, update_state
from .restoration import (
    WAITING,
    CheckpointLoadStatus,
    InitializationOnlyStatus,
    NameBasedSaverStatus,
    Restoration,
    _outside_graphs,
    _session,
)
from .trackable import is_trackable


class CheckpointOptions:
    """How checkpoints are written; accepted where TensorFlow accepts it, without effect but for the callbacks.

    Args:
      experimental_write_callbacks: functions called after a checkpoint was written, with its path or with nothing.
    """

    def __init__(self, experimental_io_device: str | None = None, experimental_enable_async_checkpoint: bool = False,
                 experimental_write_callbacks: Any = None, enable_async: bool = False,
                 experimental_skip_slot_variables: bool = False, experimental_sharding_callback: Any = None) -> None:
        self.experimental_io_device = experimental_io_device
        self.enable_async = self.experimental_enable_async_checkpoint = enable_async or experimental_enable_async_checkpoint
        self.experimental_write_callbacks = experimental_write_callbacks
        self.experimental_skip_slot_variables = experimental_skip_slot_variables
        self.experimental_sharding_callback = experimental_sharding_callback


class Checkpoint:
    """Objects to save and restore: variables, modules, models, optimizers, tables, and lists and dictionaries of these.

    What is saved are the variables and tables that can be reached from the objects, and the names of the attributes on the
    way, by which they are found again. Objects that are made after `restore` get their values then.

    Args:
      root: an object whose children are saved as if they were this object's.
      **kwargs: the objects by name; they become attributes.

    Attributes:
      save_counter: a variable that counts the calls of `save`.

    Raises:
      ValueError: something that cannot be saved, or a name that `root` has already.
    """

    def __init__(self, root: Any = None, **kwargs: Any) -> None:
        self._save_counter: Any = None
        self._root: Any = None
        for name, value in sorted(kwargs.items()):
            _check_trackable(value, name)
        if root is not None:
            _check_trackable(root, "root")
            self._root = root
            for name, value in sorted(kwargs.items()):
                if hasattr(root, name) and getattr(root, name) is not value:
                    raise ValueError(f"Cannot create a Checkpoint with keyword argument {name} if root.{name} already exists.")
        for name, value in sorted(kwargs.items()):
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        for more in self.__dict__.get(WAITING, ()):
            more()

    def _trackable_children(self) -> dict[str, Any]:
        found = {name: value for name, value in vars(self).items() if name not in _OWN}
        if self._root is not None:
            found = {"root": self._root, **found}
        if self._save_counter is not None:
            found["save_counter"] = self._save_counter
        return found

    def _start(self) -> tuple[Any, dict[str, Any]]:
        """The root of the graph of objects, and what is attached to it."""
        if self._root is None:
            return self, {}
        attached = self._trackable_children()
        del attached["root"]
        return self._root, attached

    def _counter(self) -> Any:
        if self._save_counter is None:
            counter = Variable(0, name="save_counter", trainable=False, dtype=dtypes.int64)
            self._save_counter = counter
        return self._save_counter

    @property
    def save_counter(self) -> Any:
        """How many checkpoints `save` has written: a variable, which is saved too."""
        return self._counter()

    def write(self, file_prefix: Any, options: Any = None) -> str:
        """Writes a checkpoint under exactly this path.

        Args:
          file_prefix: the path, without `.index`.
          options: a `CheckpointOptions`.

        Returns:
          The path.

        Raises:
          OpError: the system does not let it be written.
          ValueError: something on the way that cannot be saved.
          RuntimeError: a function is being traced.
        """
        if ctx.graph is not None and ctx.graph.building_function:
            raise RuntimeError("A checkpoint cannot be written while a function is traced: call save() or write() outside "
                               "tf.function.")
        prefix = as_path(file_prefix)
        root, attached = self._start()
        graph, parts = object_graph(root, attached)
        saved = []
        for key, part in parts:
            values = part.values(_session(None) if part.in_session else None)
            saved += [bundle.Saved(key + suffix, array, dtype)
                      for suffix, (array, dtype) in zip(part.suffixes, values, strict=True)]
        text = np.empty((), object)
        text[()] = graph.SerializeToString()
        bundle.write_bundle(prefix, [*saved, bundle.Saved(OBJECT_GRAPH, text, dtypes.string)])
        for call in getattr(options, "experimental_write_callbacks", None) or ():
            call(prefix) if _takes_argument(call) else call()
        return prefix

    def save(self, file_prefix: Any, options: Any = None) -> str:
        """Writes a checkpoint under a path and the number of the save, and notes it in the file `checkpoint`.

        Args:
          file_prefix: the path without the number: `"folder/ckpt"` gives `"folder/ckpt-1"`.
          options: a `CheckpointOptions`.

        Returns:
          The path with the number.
        """
        number = self._count_up()
        path = self.write(f"{as_path(file_prefix)}-{number}", options)
        update_state(os.path.dirname(path), path, relative=True)
        return path

    def _count_up(self) -> int:
        counter = self._counter()
        if ctx.graph is not None and hasattr(counter, "initializer") and counter.initializer is not None:
            session = _session(None)
            if not session.run(counter.is_initialized()):
                session.run(counter.initializer)
            number = int(session.run(counter)) + 1
            counter.load(number, session)
            return number
        with _outside_graphs():
            counter.assign_add(1)
            return int(counter.numpy())

    def read(self, save_path: Any, options: Any = None) -> Any:
        """Gives objects the values of a checkpoint that `write` wrote.

        All that is there is checked before anything is assigned. Objects that do not exist yet get their values when they
        become attributes of those that do.

        Args:
          save_path: the path, without `.index`.
          options: a `CheckpointOptions`.

        Returns:
          A status, whose methods check how much of the checkpoint and of the objects found each other.

        Raises:
          NotFoundError: there is no such checkpoint.
          DataLossError: it is damaged.
          ValueError, InvalidArgumentError: a variable has another shape; another dtype.
        """
        root, attached = self._start()
        if save_path is None:
            return InitializationOnlyStatus(root, attached)
        reader = bundle.Checkpoint(as_path(save_path))
        if OBJECT_GRAPH not in reader.entries:
            return NameBasedSaverStatus(reader, root, attached)
        restoration = Restoration(reader, root, attached)
        restoration.bind(root, 0)
        if self._root is not None:
            restoration.wait(self, 0)
        return CheckpointLoadStatus(restoration)

    def restore(self, save_path: Any, options: Any = None) -> Any:
        """`read` for a checkpoint that `save` wrote: the counter of saves is restored too.

        Args:
          save_path: a path that `save` or `latest_checkpoint` returned; None restores nothing. A directory stands for the
            latest checkpoint in it.
          options: a `CheckpointOptions`.
        """
        self._counter()
        path = save_path if save_path is None else as_path(save_path)
        if path is not None and os.path.isdir(path):
            path = latest_checkpoint(path) or path
        try:
            return self.read(path, options)
        except errors.NotFoundError as error:
            raise errors.NotFoundError(
                None, None, f"Error when restoring from checkpoint or SavedModel at {path}: {error.message}\nPlease "
                            "double-check that the path is correct. You may be missing the checkpoint suffix (e.g. the '-1' "
                            "in 'path/to/ckpt-1').") from None

    def sync(self) -> None:
        """Waits until everything is written, which it is."""


_OWN = frozenset({"_save_counter", "_root", WAITING})


def _takes_argument(call: Callable[..., Any]) -> bool:
    import inspect
    return bool(inspect.signature(call).parameters)


def _check_trackable(value: Any, name: str) -> None:
    if not is_trackable(value):
        raise ValueError(f"`Checkpoint` was expecting {name} to be a trackable object (an object derived from `Trackable`), "
                         f"got {value}. If you believe this object should be trackable (i.e. it is part of the TensorFlow "
                         "Python API and manages state), please open an issue.")
