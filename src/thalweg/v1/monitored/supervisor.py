"""`Supervisor`: makes sessions that are ready, and runs services beside them in threads."""
from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ...core import errors
from ...formats.event_proto import SessionLog
from ...formats.graph_def import drawn, write_graph
from .. import logging
from ..collections import GraphKeys
from ..collections import graph as default_graph
from ..coordinator import Coordinator, LooperThread
from ..file_writer import FileWriter
from ..global_step import global_step as count_of
from ..saver import Saver
from ..summary import merge_all
from ..variables import global_variables_initializer, report_uninitialized_variables
from .common import building
from .scaffold import Scaffold
from .services import CheckpointService, SpeedService, SummaryService
from .session_manager import SessionManager


class Supervisor:
    """Makes sessions and looks after them; `MonitoredTrainingSession` is its successor.

    What is `USE_DEFAULT` is the first in the graph's collection, or is made and put there. The graph is closed to new nodes.

    Args:
      graph: the graph, the default graph where None.
      ready_op, ready_for_local_init_op: string vectors of what is not initialized.
      is_chief: whether it initializes and saves; otherwise it waits for somebody who does.
      init_op, init_feed_dict, local_init_op, init_fn: how to initialize; `init_fn(session)` is called after `init_op`.
      logdir: where checkpoints and summaries are kept; without it there are no services.
      summary_op: a string scalar, a `Summary` message.
      saver: a `Saver`.
      global_step: what counts steps.
      save_summaries_secs: how often to write summaries, 0 for never.
      save_model_secs: how often to write checkpoints, 0 for never.
      recovery_wait_secs: how long to wait before looking again whether a session is ready.
      stop_grace_secs: how long threads may take to end.
      checkpoint_basename: the name of the files, before the step.
      session_manager: a `SessionManager`.
      summary_writer: a `FileWriter`, or None.
      local_init_run_options: for the run of `local_init_op`.
    """

    USE_DEFAULT = 0

    def __init__(self, graph: Any = None, ready_op: Any = USE_DEFAULT, ready_for_local_init_op: Any = USE_DEFAULT,
                 is_chief: bool = True, init_op: Any = USE_DEFAULT, init_feed_dict: Any = None,
                 local_init_op: Any = USE_DEFAULT, logdir: Any = None, summary_op: Any = USE_DEFAULT,
                 saver: Any = USE_DEFAULT, global_step: Any = USE_DEFAULT, save_summaries_secs: float = 120,
                 save_model_secs: float = 600, recovery_wait_secs: float = 30, stop_grace_secs: float = 120,
                 checkpoint_basename: str = "model.ckpt", session_manager: Any = None, summary_writer: Any = USE_DEFAULT,
                 init_fn: Callable[[Any], Any] | None = None, local_init_run_options: Any = None) -> None:
        self._graph = graph if graph is not None else default_graph()
        with self._graph.as_default(), building():
            self.ready_op = self._piece(ready_op, GraphKeys.READY_OP, report_uninitialized_variables)
            ready_locally = self._piece(ready_for_local_init_op, GraphKeys.READY_FOR_LOCAL_INIT_OP, lambda: None)
            self.init_op = self._piece(init_op, GraphKeys.INIT_OP, global_variables_initializer)
            local_init_op = self._piece(local_init_op, GraphKeys.LOCAL_INIT_OP, Scaffold.default_local_init_op)
            self.saver = self._piece(saver, GraphKeys.SAVERS, self._new_saver)
            self.summary_op = self._piece(summary_op, GraphKeys.SUMMARY_OP, merge_all)
            self.global_step = self._piece(global_step, GraphKeys.GLOBAL_STEP, self._found_step)
            self.is_chief, self.init_feed_dict, self._init_fn = is_chief, init_feed_dict, init_fn
            self.coord = Coordinator()
            self._grace = stop_grace_secs
            self._logdir = logdir if is_chief else None
            self.save_summaries_secs = save_summaries_secs if is_chief else None
            self.save_model_secs = save_model_secs if is_chief else None
            self.save_path = os.path.join(self._logdir, checkpoint_basename) if self._logdir else None
            self.summary_writer = None
            if is_chief and summary_writer is not Supervisor.USE_DEFAULT:
                self.summary_writer = summary_writer
            elif self._logdir:
                self.summary_writer = FileWriter(self._logdir)
        self._graph_written = False
        self.session_manager = session_manager or SessionManager(
            local_init_op, self.ready_op, ready_locally, self._graph, recovery_wait_secs, local_init_run_options)
        self._graph.finalize()

    def _piece(self, given: Any, collection: str, make: Callable[[], Any]) -> Any:
        """What is given, or the first in a collection, or a new one, which is put there."""
        if given is not Supervisor.USE_DEFAULT:
            return given
        held = self._graph.get_collection(collection)
        if len(held) > 1:
            logging.info("Found %d %s operations. Returning the first one.", len(held), collection)
        if held:
            return held[0]
        made = make()
        if made is not None:
            self._graph.add_to_collection(collection, made)
        return made

    def _new_saver(self) -> Any:
        return Saver() if self._graph.get_collection(GraphKeys.GLOBAL_VARIABLES) else None

    def _found_step(self) -> Any:
        """A tensor of the usual name, if it can count."""
        try:
            found = self._graph.get_tensor_by_name("global_step:0")
        except KeyError:
            return None
        if found.dtype.base_dtype.name in ("int32", "int64"):
            return found
        logging.warning("Found 'global_step' is not an int type: %s", found.dtype)
        return None

    def start_standard_services(self, sess: Any) -> list[threading.Thread] | None:
        """Starts the threads that write summaries, speeds and checkpoints.

        Args:
          sess: the session.

        Returns:
          The threads; None without `logdir`.

        Raises:
          RuntimeError: this is not the chief.
        """
        if not self.is_chief:
            raise RuntimeError("Only chief supervisor can start standard services. Because only chief supervisors can write "
                               "events.")
        if not self._logdir:
            logging.warning("Standard services need a 'logdir' passed to the SessionManager")
            return None
        writer = self.summary_writer
        if self.global_step is not None and writer:
            writer.add_session_log(SessionLog(status=SessionLog.START), count_of(sess, self.global_step))
        threads: list[threading.Thread] = []
        if self.save_summaries_secs and writer and self.summary_op is not None:
            threads.append(SummaryService(self, sess, self.save_summaries_secs))
        if self.save_summaries_secs and writer and self.global_step is not None:
            threads.append(SpeedService(self, sess, self.save_summaries_secs))
        if self.saver and self.save_model_secs:
            threads.append(CheckpointService(self, sess, self.save_model_secs))
        for thread in threads:
            thread.start()
        return threads

    def prepare_or_wait_for_session(self, master: str = "", config: Any = None, wait_for_checkpoint: bool = False,
                                    max_wait_secs: float = 7200, start_standard_services: bool = True) -> Any:
        """A session that is ready, with its services and queue runners.

        Args: as of `SessionManager.prepare_session`, and whether to start them.
        """
        self.coord.clear_stop()
        if self.summary_writer:
            self.summary_writer.reopen()
        if self.is_chief:
            session = self.session_manager.prepare_session(
                master, self.init_op, self.saver, self._logdir, None, wait_for_checkpoint, max_wait_secs, config,
                self.init_feed_dict, self._init_fn)
            self._write_graph()
            if start_standard_services:
                logging.info("Starting standard services.")
                self.start_standard_services(session)
        else:
            session = self.session_manager.wait_for_session(master, config, max_wait_secs)
        if start_standard_services:
            logging.info("Starting queue runners.")
            self.start_queue_runners(session)
        return session

    def _write_graph(self) -> None:
        if self._logdir:
            write_graph(drawn(self._graph), self._logdir, "graph.pbtxt")
        if self.summary_writer and not self._graph_written:
            self.summary_writer.add_graph(self._graph)
            self._graph_written = True

    def start_queue_runners(self, sess: Any, queue_runners: Sequence[Any] | None = None) -> list[threading.Thread]:
        """Starts the threads of queue runners, of all in the graph where None; returns the threads."""
        runners = self._graph.get_collection(GraphKeys.QUEUE_RUNNERS) if queue_runners is None else queue_runners
        return [t for runner in runners for t in runner.create_threads(sess, coord=self.coord, daemon=True, start=True)]

    def loop(self, timer_interval_secs: float | None, target: Callable[..., Any], args: Any = None,
             kwargs: Any = None) -> LooperThread:
        """Starts a thread that calls a function every so often; see `LooperThread`."""
        return LooperThread.loop(self.coord, timer_interval_secs, target, args, kwargs)

    def stop(self, threads: Sequence[threading.Thread] | None = None, close_summary_writer: bool = True,
             ignore_live_threads: bool = False) -> None:
        """Asks the threads to stop and waits for them.

        Args:
          threads: further ones to wait for.
          close_summary_writer: whether to close the writer.
          ignore_live_threads: whether threads that have not ended in time are no error.

        Raises:
          BaseException: what went wrong in a thread. RuntimeError: threads have not ended in time.
        """
        self.coord.request_stop()
        try:
            self.coord.join(threads, self._grace, ignore_live_threads)
        finally:
            if close_summary_writer and self.summary_writer:
                self.summary_writer.add_session_log(SessionLog(status=SessionLog.STOP))
                self.summary_writer.close()
                self._graph_written = False

    def request_stop(self, ex: Any = None) -> None:
        """Asks the threads to stop; see `Coordinator.request_stop`."""
        self.coord.request_stop(ex)

    def should_stop(self) -> bool:
        """Whether somebody asked to stop."""
        return self.coord.should_stop()

    def stop_on_exception(self) -> Any:
        """A context manager that asks to stop where its body raises."""
        return self.coord.stop_on_exception()

    def wait_for_stop(self) -> None:
        """Waits until somebody asks to stop."""
        self.coord.wait_for_stop()

    def summary_computed(self, sess: Any, summary: Any, global_step: Any = None) -> None:
        """Writes a summary, under the present count where no step is given.

        Raises:
          RuntimeError: there is no writer.
        """
        if not self.summary_writer:
            raise RuntimeError("Writing a summary requires a summary writer.")
        if global_step is None and self.global_step is not None:
            global_step = count_of(sess, self.global_step)
        self.summary_writer.add_summary(summary, global_step)

    @contextlib.contextmanager
    def managed_session(self, master: str = "", config: Any = None, start_standard_services: bool = True,
                        close_summary_writer: bool = True) -> Iterator[Any]:
        """A context manager around a session of `prepare_or_wait_for_session`; at its end everything stops.

        Raises:
          BaseException: what went wrong in the body or in a thread; the end of the input counts as none.
        """
        session = None
        try:
            session = self.prepare_or_wait_for_session(master, config, start_standard_services=start_standard_services)
            yield session
        except Exception as error:
            self.request_stop(error)
        finally:
            try:
                self.stop(close_summary_writer=close_summary_writer)
            finally:
                with contextlib.suppress(Exception):
                    if session is not None:
                        session.close()

    PrepareSession, StartQueueRunners = prepare_or_wait_for_session, start_queue_runners
    StartStandardServices, Stop, RequestStop = start_standard_services, stop, request_stop
    Loop, ShouldStop, StopOnException = loop, should_stop, stop_on_exception
    WaitForStop, SummaryComputed = wait_for_stop, summary_computed


def basic_train_loop(supervisor: Supervisor, train_step_fn: Callable[..., Any], args: Any = None, kwargs: Any = None,
                     master: str = "") -> None:
    """Calls a function of a session until the supervisor says stop, in a new session where one is lost.

    Args:
      supervisor: a `Supervisor`.
      train_step_fn: `train_step_fn(session, *args, **kwargs)`.
      args, kwargs: further arguments.
      master: accepted, without effect.
    """
    while True:
        try:
            with supervisor.managed_session(master) as session:
                while not supervisor.should_stop():
                    train_step_fn(session, *(args or ()), **(kwargs or {}))
            return
        except errors.AbortedError:
            continue
