"""Threads that keep queues full."""
from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from typing import Any

from ..core import errors
from ..core.context import ctx, executing_eagerly
from ..runtime.session import BaseSession
from . import logging
from .building import in_default_graph
from .collections import GraphKeys, add_to_collection, get_collection

_EAGER = ("QueueRunners are not supported when eager execution is enabled. Instead, please use tf.data to get data into your "
          "model.")


class QueueRunner:
    """Operations that fill a queue, to be run again and again, each in a thread of its own.

    Args:
      queue: the queue.
      enqueue_ops: what the threads run.
      close_op: closes the queue when the last thread has come to the end of its input.
      cancel_op: closes it at once, when the coordinator says stop.
      queue_closed_exception_types: exceptions that say that the input is at its end; `OutOfRangeError` by default.

    Raises:
      ValueError: no queue or no operations.
      TypeError: exceptions that are none.
    """

    def __init__(self, queue: Any = None, enqueue_ops: Sequence[Any] | None = None, close_op: Any = None,
                 cancel_op: Any = None, queue_closed_exception_types: Any = None, queue_runner_def: Any = None,
                 import_scope: str | None = None) -> None:
        if executing_eagerly() and not hasattr(getattr(queue, "queue_ref", None), "graph"):
            raise RuntimeError(_EAGER)
        if not queue or not enqueue_ops:
            raise ValueError("Must provide queue and enqueue_ops.")
        ends: Any = queue_closed_exception_types
        if ends is None:
            ends = (errors.OutOfRangeError,)
        elif not isinstance(ends, tuple) or not ends or not all(
                isinstance(t, type) and issubclass(t, errors.OpError) for t in ends):
            raise TypeError("queue_closed_exception_types, when provided, must be a tuple of tf.error types, but saw: "
                            f"{ends}")
        self._queue = queue
        self._enqueue_ops = list(enqueue_ops)
        self._close_op = queue.close() if close_op is None else close_op
        self._cancel_op = queue.close(cancel_pending_enqueues=True) if cancel_op is None else cancel_op
        self._ends: tuple[type[BaseException], ...] = ends
        self._lock = threading.Lock()
        self._running: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._exceptions: list[BaseException] = []

    @property
    def queue(self) -> Any:
        """The queue."""
        return self._queue

    @property
    def enqueue_ops(self) -> list[Any]:
        """What the threads run."""
        return self._enqueue_ops

    @property
    def close_op(self) -> Any:
        """Closes the queue at the end of the input."""
        return self._close_op

    @property
    def cancel_op(self) -> Any:
        """Closes the queue at once."""
        return self._cancel_op

    @property
    def queue_closed_exception_types(self) -> tuple[type[BaseException], ...]:
        """Exceptions that say that the input is at its end."""
        return self._ends

    @property
    def exceptions_raised(self) -> list[BaseException]:
        """What went wrong in threads that have no coordinator."""
        return self._exceptions

    @property
    def name(self) -> str:
        """The name of the queue."""
        return str(self._queue.name)

    def create_threads(self, sess: Any, coord: Any = None, daemon: bool = False,
                       start: bool = False) -> list[threading.Thread]:
        """A thread for each operation, and with a coordinator one that closes the queue when it says stop.

        Args:
          sess: the session that they run in.
          coord: a `Coordinator`, which learns of the threads and of what goes wrong in them.
          daemon: whether the program may end while they run.
          start: whether to start them.

        Returns:
          The threads; none where the session has threads of this runner already.
        """
        with self._lock:
            if self._running.get(sess):
                return []
            self._running[sess] = len(self._enqueue_ops)
            self._exceptions = []
        threads = [threading.Thread(target=self._run, args=(sess, op, coord), name=f"QueueRunnerThread-{self.name}-{op.name}")
                   for op in self._enqueue_ops]
        if coord is not None:
            threads.append(threading.Thread(target=self._close_on_stop, args=(sess, coord),
                                            name=f"QueueRunnerThread-{self.name}-close_on_stop"))
        for thread in threads:
            if coord is not None:
                coord.register_thread(thread)
            thread.daemon = daemon
            if start:
                thread.start()
        return threads

    def _run(self, sess: Any, enqueue_op: Any, coord: Any) -> None:
        """Runs one operation until the end of its input, or until the coordinator says stop."""
        try:
            enqueue = sess.make_callable(enqueue_op)
            while coord is None or not coord.should_stop():
                enqueue()
        except self._ends:
            if self._leave(sess):
                try:
                    sess.run(self._close_op)
                except Exception as error:
                    logging.debug("Ignored exception: %s", error)  # somebody closed it before
            return
        except Exception as error:
            self._leave(sess)
            if coord is None:
                logging.error("Exception in QueueRunner: %s", error)
                with self._lock:
                    self._exceptions.append(error)
                raise
            coord.request_stop(error)
            return
        self._leave(sess)

    def _leave(self, sess: Any) -> bool:
        """Notes that a thread ends; whether it was the last."""
        with self._lock:
            self._running[sess] -= 1
            return not self._running[sess]

    def _close_on_stop(self, sess: Any, coord: Any) -> None:
        coord.wait_for_stop()
        try:
            sess.run(self._cancel_op)
        except Exception as error:
            logging.debug("Ignored exception: %s", error)


def add_queue_runner(qr: QueueRunner, collection: str = GraphKeys.QUEUE_RUNNERS) -> None:
    """Puts a runner among those that `start_queue_runners` starts."""
    add_to_collection(collection, qr)


def start_queue_runners(sess: Any = None, coord: Any = None, daemon: bool = True, start: bool = True,
                        collection: str = GraphKeys.QUEUE_RUNNERS) -> list[threading.Thread]:
    """Starts the threads of all queue runners of the graph.

    Args:
      sess: the session, the default session where None.
      coord: a `Coordinator` for the threads.
      daemon: whether the program may end while they run.
      start: whether to start them.
      collection: where the runners are.

    Returns:
      The threads.

    Raises:
      ValueError: there is no session.
      TypeError: no session was given.
      RuntimeError: in eager code.
    """
    with in_default_graph():
        if executing_eagerly():
            raise RuntimeError("Queues are not compatible with eager execution.")
    if sess is None:
        sess = ctx.session
        if sess is None:
            raise ValueError("Cannot start queue runners: No default session is registered. Use `with sess.as_default()` or "
                             "pass an explicit session to tf.start_queue_runners(sess=sess)")
    if not isinstance(sess, BaseSession):
        raise TypeError(f"sess must be a `tf.Session` object. Given class: {sess.__class__}")
    with sess.graph.as_default():
        runners = get_collection(collection)
        if not runners:
            logging.warning("`tf.train.start_queue_runners()` was called when no queue runners were defined. You can safely "
                            "remove the call to this deprecated function.")
        return [t for runner in runners for t in runner.create_threads(sess, coord=coord, daemon=daemon, start=start)]
