"""`SessionManager`: makes sessions whose variables have values, from a checkpoint or by initialization."""
from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ...checkpoint.paths import get_checkpoint_state
from ...core import errors
from ...runtime.session import Session
from .. import logging
from ..collections import get_collection, graph
from .scaffold import SAVED_MODEL_INITIALIZERS


class SessionManager:
    """Makes sessions that are ready to train.

    Args:
      local_init_op: run in every new session, once `ready_for_local_init_op` says that it may.
      ready_op: a string vector of what is not initialized.
      ready_for_local_init_op: the same, for what `local_init_op` needs.
      graph: the graph of the sessions, the default graph where None.
      recovery_wait_secs: how long to wait before looking again.
      local_init_run_options, local_init_feed_dict: for the run of `local_init_op`.

    Raises:
      ValueError: `ready_for_local_init_op` without `local_init_op`.
    """

    def __init__(self, local_init_op: Any = None, ready_op: Any = None, ready_for_local_init_op: Any = None,
                 graph: Any = None, recovery_wait_secs: float = 30, local_init_run_options: Any = None,
                 local_init_feed_dict: Any = None) -> None:
        if ready_for_local_init_op is not None and local_init_op is None:
            raise ValueError("If you pass a ready_for_local_init_op you must also pass a local_init_op , "
                             f"ready_for_local_init_op [{ready_for_local_init_op}]")
        self._local_init_op, self._ready_op = local_init_op, ready_op
        self._ready_for_local_init_op = ready_for_local_init_op
        self._graph = graph if graph is not None else _graph()
        self._wait = recovery_wait_secs
        self._options, self._feeds = local_init_run_options, local_init_feed_dict

    def prepare_session(self, master: str, init_op: Any = None, saver: Any = None, checkpoint_dir: Any = None,
                        checkpoint_filename_with_path: Any = None, wait_for_checkpoint: bool = False,
                        max_wait_secs: float = 7200, config: Any = None, init_feed_dict: Any = None,
                        init_fn: Callable[[Any], Any] | None = None) -> Session:
        """A session with the values of the last checkpoint, or else initialized ones.

        Args:
          master: accepted, without effect.
          init_op: initializes the variables, with `init_feed_dict`.
          saver: restores them.
          checkpoint_dir: where checkpoints may be.
          checkpoint_filename_with_path: a checkpoint, instead.
          wait_for_checkpoint: whether to wait for one, at most `max_wait_secs`.
          config: of the session.
          init_fn: `init_fn(session)`, called after `init_op`.

        Raises:
          RuntimeError: there is no way to initialize, or something is not initialized afterwards.
          ValueError: both ways to name a checkpoint are used.
        """
        session, restored = self._restored(saver, checkpoint_dir, checkpoint_filename_with_path, wait_for_checkpoint,
                                           max_wait_secs, config)
        if not restored:
            if init_op is None and not init_fn and self._local_init_op is None:
                raise RuntimeError("Model is not initialized and no init_op or init_fn or local_init_op was given")
            if init_op is not None:
                session.run(init_op, init_feed_dict)
            if init_fn:
                init_fn(session)
        lack = self._init_locally(session)
        if lack is not None:
            raise RuntimeError(f"Init operations did not make model ready for local_init.  Init op: {_name(init_op)}, init fn: "
                               f"{init_fn}, error: {lack}")
        lack = _lacking(self._ready_op, session, "Model not ready")
        if lack is not None:
            raise RuntimeError(f"Init operations did not make model ready.  Init op: {_name(init_op)}, init fn: {init_fn}, "
                               f"local_init_op: {self._local_init_op}, error: {lack}")
        return session

    def recover_session(self, master: str, saver: Any = None, checkpoint_dir: Any = None,
                        checkpoint_filename_with_path: Any = None, wait_for_checkpoint: bool = False,
                        max_wait_secs: float = 7200, config: Any = None) -> tuple[Session, bool]:
        """A session with the values of the last checkpoint, if there is one.

        Args: as of `prepare_session`.

        Returns:
          The session, and whether its variables have values.

        Raises:
          ValueError: both ways to name a checkpoint are used.
        """
        session, restored = self._restored(saver, checkpoint_dir, checkpoint_filename_with_path, wait_for_checkpoint,
                                           max_wait_secs, config)
        lack = self._init_locally(session)
        if not restored:
            return session, False
        place, what = checkpoint_dir or checkpoint_filename_with_path, "ready for local init"
        if lack is None:
            lack, what = _lacking(self._ready_op, session, "Model not ready"), "ready"
        if lack is not None:
            logging.info("Restoring model from %s did not make model %s: %s", place, what, lack)
            return session, False
        logging.info("Restored model from %s", place)
        return session, True

    def wait_for_session(self, master: str, config: Any = None, max_wait_secs: float | None = float("inf")) -> Session:
        """A session that somebody else initializes; every try is a new one.

        Args:
          master: accepted, without effect.
          config: of the session.
          max_wait_secs: how long to wait, without end where None.

        Raises:
          DeadlineExceededError: it took longer.
        """
        most = float("inf") if max_wait_secs is None else max_wait_secs
        end = time.time() + most
        while True:
            session = Session(graph=self._graph, config=config)
            lack_local, lack = self._init_locally(session), None
            if lack_local is None:
                lack = _lacking(self._ready_op, session, "Model not ready")
                if lack is None:
                    return session
            with contextlib.suppress(Exception):
                session.close()
            if max(0.0, end - time.time()) < self._wait:
                raise errors.DeadlineExceededError(None, None, f"Session was not ready after waiting {most:.0f} secs.")
            logging.info("Waiting for model to be ready.  Ready_for_local_init_op:  %s, ready: %s", lack_local, lack)
            time.sleep(self._wait)

    def _restored(self, saver: Any, folder: Any, path: Any, wait: bool, most: float, config: Any) -> tuple[Session, bool]:
        """A new session, and whether a checkpoint gave its variables values."""
        session = Session(graph=self._graph, config=config)
        if folder and path:
            raise ValueError("Can not provide both checkpoint_dir and checkpoint_filename_with_path.")
        if not saver or not (folder or path):
            return session, False
        waited = 0.0
        found = None if path else get_checkpoint_state(folder)
        while not path and (found is None or not found.model_checkpoint_path):
            if not wait or waited >= most:
                return session, False
            logging.info("Waiting for checkpoint to be available.")
            time.sleep(self._wait)
            waited += self._wait
            found = get_checkpoint_state(folder)
        initializers = get_collection(SAVED_MODEL_INITIALIZERS)
        if initializers:
            session.run(initializers)
        saver.restore(session, path or found.model_checkpoint_path)  # type: ignore[union-attr]
        if found is not None:
            saver.recover_last_checkpoints(found.all_model_checkpoint_paths)
        return session, True

    def _init_locally(self, session: Session) -> str | None:
        """Runs `local_init_op` if it may run; else what is not initialized."""
        if self._local_init_op is None:
            return None
        lack = _lacking(self._ready_for_local_init_op, session, "Model not ready for local init")
        if lack is None:
            logging.info("Running local_init_op.")
            session.run(self._local_init_op, self._feeds, self._options)
            logging.info("Done running local_init_op.")
        return lack


_graph = graph


def _name(op: Any) -> str:
    return "None" if op is None else op.name if hasattr(op, "name") else f"<no name for {type(op)}>"


def _lacking(op: Any, session: Session, message: str) -> str | None:
    """What an operation says is not initialized, or None.

    Raises:
      FailedPreconditionError: it failed for another reason than a variable that is not initialized.
    """
    if op is None:
        return None
    try:
        names = session.run(op)
    except errors.FailedPreconditionError as error:
        if "uninitialized" not in str(error):
            logging.warning("%s : error [%s]", message, error)
            raise
        return str(error)
    if names is None or names.dtype == np.int32 or not names.size:  # an operation, an old program's flag, or no names
        return None
    return f"Variables not initialized: {', '.join(name.decode() for name in names)}"
