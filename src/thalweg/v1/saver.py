"""`Saver`: the variables of a graph in a file, by their names."""
from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from typing import Any

from ..checkpoint.object_graph import OBJECT_GRAPH, TrackableObjectGraph
from ..checkpoint.paths import as_path, get_checkpoint_mtimes, remove_checkpoint, update_state
from ..checkpoint.trackable import VARIABLE_VALUE, as_array
from ..core import dtypes, errors
from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.graph_variable import GraphVariable
from ..core.variable import BaseResourceVariable
from ..core.variable import Variable as BaseVariable
from ..formats.bundle import Array, Checkpoint, Saved, checkpoint_exists, write_bundle
from ..saved_model.protos import SaverDef
from . import logging
from .building import in_default_graph
from .collections import GraphKeys, get_collection, global_variables


class Saver:
    """Saves and restores the variables of a graph, each under its name. Files are written in the present format.

    Args:
      var_list: the variables, or a dictionary of them by the names to use; all global ones of the default graph where None.
      reshape: whether values of another shape with as many elements are taken.
      max_to_keep: how many checkpoints to keep; all where None or 0.
      keep_checkpoint_every_n_hours: of those to remove, one is kept for ever after so many hours each.
      name: kept in `saver_def`.
      defer_build: whether the variables are looked up at the first use.
      allow_empty: whether there may be no variables.
      pad_step_number: whether step numbers have eight digits.
      save_relative_paths: whether the file `checkpoint` names paths relative to itself.
      sharded, restore_sequentially, saver_def, builder, write_version, filename: accepted, without effect.

    Raises:
      ValueError: no variables, or two of one name.
      TypeError: something that is no variable.
      RuntimeError: no `var_list` outside graphs.
    """

    def __init__(self, var_list: Any = None, reshape: bool = False, sharded: bool = False, max_to_keep: int | None = 5,
                 keep_checkpoint_every_n_hours: float = 10000.0, name: str | None = None, restore_sequentially: bool = False,
                 saver_def: Any = None, builder: Any = None, defer_build: bool = False, allow_empty: bool = False,
                 write_version: int = SaverDef.V2, pad_step_number: bool = False, save_relative_paths: bool = False,
                 filename: str | None = None) -> None:
        if defer_build and var_list:
            raise ValueError("If `var_list` is provided then build cannot be deferred. Either set defer_build=False or "
                             "var_list=None.")
        self._var_list = var_list
        self._reshape = reshape
        self._max_to_keep = max_to_keep or 0
        self._every_hours = keep_checkpoint_every_n_hours
        self._name = name or "save"
        self._allow_empty = allow_empty
        self._pad_step_number = pad_step_number
        self._relative = save_relative_paths
        self._held: list[tuple[str, float]] = []
        self._next_kept = time.time() + keep_checkpoint_every_n_hours * 3600
        self._variables: dict[str, Any] | None = None
        if not defer_build:
            self.build()

    def build(self) -> None:
        """Looks the variables up, for `defer_build`."""
        if self._variables is not None:
            return
        chosen = self._var_list
        if chosen is None:
            with in_default_graph() as graph:
                if graph is None:
                    raise RuntimeError("When eager execution is enabled, `var_list` must specify a list or dict of variables "
                                       "to save")
            chosen = [*global_variables(), *get_collection(GraphKeys.SAVEABLE_OBJECTS)]
        self._variables = _named(chosen)
        if not self._variables and not self._allow_empty:
            raise ValueError("No variables to save")

    def _chosen(self) -> dict[str, Any]:
        if self._variables is None:
            raise RuntimeError("`build()` should be called before save if defer_build==True")
        return self._variables

    def save(self, sess: Any, save_path: Any, global_step: Any = None, latest_filename: str | None = None,
             meta_graph_suffix: str = "meta", write_meta_graph: bool = True, write_state: bool = True,
             strip_default_attrs: bool = False, save_debug_info: bool = False) -> str | None:
        """Writes the variables as they are in a session.

        Args:
          sess: the session; None outside graphs.
          save_path: the path, to which the step is added.
          global_step: a number, or a variable or tensor that holds it.
          latest_filename: another name of the file `checkpoint`.
          write_state: whether to write that file and to remove old checkpoints.
          meta_graph_suffix, write_meta_graph, strip_default_attrs, save_debug_info: accepted; no graph is written.

        Returns:
          The path of the checkpoint; None where there are no variables.

        Raises:
          TypeError: no session.
          ValueError: the directory does not exist; a path in `latest_filename`.
          FailedPreconditionError: a variable is not initialized.
        """
        latest_filename = latest_filename or "checkpoint"
        chosen = self._chosen()
        if os.path.split(latest_filename)[0]:
            raise ValueError("'latest_filename' must not contain path components")
        path = as_path(save_path)
        in_graph = any(isinstance(v, GraphVariable) for v in chosen.values())
        if in_graph or ctx.graph is not None:
            _check_session(sess)
        if global_step is not None:
            number = _step(sess, global_step)
            path = f"{path}-{number:08d}" if self._pad_step_number else f"{path}-{number}"
            if os.path.basename(path) == latest_filename and not global_step:
                raise ValueError(f"'latest_filename' collides with 'save_path': '{latest_filename}' and '{path}'")
        folder = os.path.dirname(path)
        if folder and not os.path.isdir(folder):
            raise ValueError(f"Parent directory of {path} doesn't exist, can't save.")
        if not chosen:
            return None
        write_bundle(path, _values(chosen, sess))
        if write_state:
            self._note(path)
            update_state(folder, path, self.last_checkpoints, latest_filename=latest_filename, relative=self._relative)
            self._sweep(meta_graph_suffix)
        return path

    def _note(self, path: str) -> None:
        self._held = [(p, when) for p, when in self._held if p != path]
        self._held.append((path, time.time()))
        self._surplus = self._held[:-self._max_to_keep] if self._max_to_keep else []
        self._held = self._held[len(self._surplus):]

    def _sweep(self, meta_graph_suffix: str) -> None:
        """Removes the checkpoints that are too many, once the file `checkpoint` names them no more."""
        for path, when in self._surplus:
            if when > self._next_kept:
                self._next_kept += self._every_hours * 3600
            else:
                remove_checkpoint(path, meta_graph_suffix)

    def restore(self, sess: Any, save_path: Any) -> None:
        """Gives the variables in a session the values of a checkpoint. All of them are checked before any changes.

        Args:
          sess: the session; None outside graphs.
          save_path: what `save` returned, or the path of any checkpoint of these variables.

        Raises:
          ValueError: there is no checkpoint.
          NotFoundError: it lacks a variable.
          InvalidArgumentError: a variable has another shape or dtype there.
          DataLossError: it is damaged.
        """
        chosen = self._chosen()
        if not chosen:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        path = as_path(save_path)
        if not checkpoint_exists(path):
            raise ValueError(f"The passed save_path is not a valid checkpoint: {path}")
        if any(isinstance(v, GraphVariable) for v in chosen.values()):
            _check_session(sess)
        logging.info("Restoring parameters from %s", path)
        reader = Checkpoint(path)
        keys = _keys(reader, chosen)
        values = {name: self._fitting(reader.tensor(keys[name]), name, variable) for name, variable in chosen.items()}
        for name, variable in chosen.items():
            if isinstance(variable, GraphVariable):
                variable.load(values[name], sess)
            else:
                variable.assign(convert_to_tensor(values[name], variable.dtype))

    def _fitting(self, array: Array, name: str, variable: Any) -> Array:
        """The value for a variable, if it is one."""
        found = dtypes.from_numpy(array.dtype)
        if found is not variable.dtype.base_dtype and not variable.dtype.is_quantized:
            raise errors.InvalidArgumentError(
                None, None, "Restoring from checkpoint failed. This is most likely due to a mismatch between the current graph "
                            "and the graph from the checkpoint. Please ensure that you have not altered the graph expected "
                            f"based on the checkpoint. Original error:\n\ntensor_name = {name}; expected dtype "
                            f"{dtypes.type_name(variable.dtype)} does not equal original dtype {dtypes.type_name(found)}")
        if self._reshape and variable.shape.is_fully_defined() and variable.shape.num_elements() == array.size:
            return array.reshape(variable.shape.as_list())
        if not variable.shape.is_compatible_with(array.shape):
            raise errors.InvalidArgumentError(
                None, None, "Restoring from checkpoint failed. This is most likely due to a mismatch between the current graph "
                            "and the graph from the checkpoint. Please ensure that you have not altered the graph expected "
                            "based on the checkpoint. Original error:\n\nAssign requires shapes of both tensors to match. lhs "
                            f"shape= {_brackets(variable.shape.as_list())} rhs shape= {_brackets(array.shape)}")
        return array

    # What was saved before.

    @property
    def last_checkpoints(self) -> list[str]:
        """The checkpoints that are not removed yet, oldest first."""
        return [path for path, _ in self._held]

    def set_last_checkpoints(self, last_checkpoints: Sequence[str]) -> None:
        """Says which checkpoints there are from before, oldest first.

        Raises:
          ValueError: no list.
        """
        if not isinstance(last_checkpoints, list):
            raise ValueError(f"`last_checkpoints` must be a list, got {type(last_checkpoints)}")
        self._held = [(path, float("inf")) for path in last_checkpoints]

    def set_last_checkpoints_with_time(self, last_checkpoints_with_time: Sequence[tuple[str, float]]) -> None:
        """Says which checkpoints there are from before, oldest first, and when they were written.

        Raises:
          ValueError: no list.
        """
        if not isinstance(last_checkpoints_with_time, list):
            raise ValueError(f"`last_checkpoints_with_time` must be a list, got {type(last_checkpoints_with_time)}")
        self._held = list(last_checkpoints_with_time)

    def recover_last_checkpoints(self, checkpoint_paths: Sequence[str]) -> None:
        """Takes over those of some checkpoints that exist, oldest first."""
        found = [path for path in checkpoint_paths if checkpoint_exists(as_path(path))]
        self.set_last_checkpoints_with_time(list(zip(found, get_checkpoint_mtimes(found), strict=True)))

    @property
    def saver_def(self) -> SaverDef:
        """How this saver was made."""
        return SaverDef(filename_tensor_name=f"{self._name}/Const:0", save_tensor_name=f"{self._name}/control_dependency:0",
                        restore_op_name=f"{self._name}/restore_all", max_to_keep=self._max_to_keep,
                        keep_checkpoint_every_n_hours=self._every_hours, version=SaverDef.V2)

    def as_saver_def(self) -> SaverDef:
        """How this saver was made."""
        return self.saver_def

    def to_proto(self, export_scope: str | None = None) -> SaverDef:
        """How this saver was made."""
        return self.saver_def


def _named(chosen: Any) -> dict[str, Any]:
    """Variables by the names to save them under."""
    found: dict[str, Any] = {}
    if isinstance(chosen, Mapping):
        for name, variable in chosen.items():
            if not isinstance(variable, BaseVariable):
                raise TypeError("names_to_saveables must be a dict mapping string names to Tensors/Variables. Not a variable: "
                                f"{variable}")
            found[name] = variable
        return found
    for variable in chosen:
        if not isinstance(variable, BaseResourceVariable):
            raise TypeError(f"Can only save/restore variables and saveable objects, got {variable}")
        name = getattr(variable, "path", None)
        name = name if isinstance(name, str) else str(variable.name).partition(":")[0]
        if name in found:
            raise ValueError(f"At least two variables have the same name: {name}")
        found[name] = variable
    return dict(sorted(found.items()))


def _values(chosen: Mapping[str, Any], sess: Any) -> list[Saved]:
    held = [v for v in chosen.values() if isinstance(v, GraphVariable)]
    fetched = dict(zip(map(id, held), sess.run(held), strict=True)) if held else {}
    return [Saved(name, as_array(fetched[id(v)], v.dtype) if id(v) in fetched else v._tensor._value, v.dtype)
            for name, v in chosen.items()]


def _keys(reader: Checkpoint, chosen: Mapping[str, Any]) -> dict[str, str]:
    """The name of each variable's tensor: its own, or where objects were saved the key of the variable of that name."""
    if all(name in reader.entries for name in chosen):
        return {name: name for name in chosen}
    found: dict[str, str] = {}
    if OBJECT_GRAPH in reader.entries:
        raw: Any = reader.tensor(OBJECT_GRAPH)[()]
        found = {attribute.full_name: attribute.checkpoint_key for node in TrackableObjectGraph.FromString(raw).nodes
                 for attribute in node.attributes if attribute.name == VARIABLE_VALUE}
    lacking = [name for name in chosen if name not in found and name not in reader.entries]
    if lacking:
        raise errors.NotFoundError(
            None, None, "Restoring from checkpoint failed. This is most likely due to a Variable name or other graph key that "
                        "is missing from the checkpoint. Please ensure that you have not altered the graph expected based on "
                        f"the checkpoint. Original error:\n\nKey {lacking[0]} not found in checkpoint")
    return {name: found.get(name, name) for name in chosen}


def _step(sess: Any, global_step: Any) -> int:
    if isinstance(global_step, BaseVariable) and not isinstance(global_step, GraphVariable):
        return int(global_step.numpy())
    return int(sess.run(global_step)) if hasattr(global_step, "graph") else int(global_step)


def _check_session(sess: Any) -> None:
    if not hasattr(sess, "run") or not hasattr(sess, "graph"):
        raise TypeError(f"'sess' must be a Session; {sess}")


def _brackets(shape: Sequence[Any]) -> str:
    return f"[{','.join(map(str, shape))}]"


