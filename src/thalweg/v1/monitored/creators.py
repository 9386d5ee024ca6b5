"""Session creators: how a monitored session gets its session, also after a recovery."""
from __future__ import annotations

import abc
from typing import Any

from ..collections import graph
from .scaffold import Scaffold
from .session_manager import SessionManager


class SessionCreator(abc.ABC):
    """Makes sessions."""

    @abc.abstractmethod
    def create_session(self) -> Any:
        """A new session."""


class _Managed(SessionCreator):
    """Makes sessions by a `SessionManager` with the pieces of a scaffold."""

    def __init__(self, scaffold: Scaffold | None, config: Any) -> None:
        self._scaffold = scaffold or Scaffold()
        self._config = config
        self._held: SessionManager | None = None

    def _manager(self) -> SessionManager:
        """The manager, made once the scaffold is complete."""
        pieces = self._scaffold.finalize()
        if self._held is None:
            self._held = SessionManager(pieces.local_init_op, pieces.ready_op, pieces.ready_for_local_init_op, graph(),
                                        local_init_feed_dict=pieces.local_init_feed_dict)
        return self._held


class ChiefSessionCreator(_Managed):
    """Makes sessions whose variables it restores or initializes.

    Args:
      scaffold: the pieces around the graph, a new `Scaffold` where None.
      master: accepted, without effect.
      config: of the session.
      checkpoint_dir: where checkpoints may be.
      checkpoint_filename_with_path: a checkpoint, instead.
    """

    def __init__(self, scaffold: Scaffold | None = None, master: str = "", config: Any = None, checkpoint_dir: Any = None,
                 checkpoint_filename_with_path: Any = None) -> None:
        super().__init__(scaffold, config)
        self._checkpoint_dir, self._checkpoint = checkpoint_dir, checkpoint_filename_with_path

    def create_session(self) -> Any:
        """A new session, which is ready; see `SessionManager.prepare_session`."""
        manager, pieces = self._manager(), self._scaffold
        return manager.prepare_session("", pieces.init_op, pieces.saver, self._checkpoint_dir, self._checkpoint,
                                       config=self._config, init_feed_dict=pieces.init_feed_dict, init_fn=pieces.init_fn)


class WorkerSessionCreator(_Managed):
    """Makes sessions that wait until somebody else has initialized what they need.

    Args:
      scaffold: the pieces around the graph, a new `Scaffold` where None.
      master: accepted, without effect.
      config: of the session.
      max_wait_secs: how long to wait at most.
    """

    def __init__(self, scaffold: Scaffold | None = None, master: str = "", config: Any = None,
                 max_wait_secs: float = 30 * 60) -> None:
        super().__init__(scaffold, config)
        self._max_wait_secs = max_wait_secs

    def create_session(self) -> Any:
        """A new session, which is ready; see `SessionManager.wait_for_session`."""
        return self._manager().wait_for_session("", self._config, self._max_wait_secs)
